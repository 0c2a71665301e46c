"""Where the floor area of an estate is told, row by row, and which of two ledgers was taken."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.evaluation import Evaluation
from analysis.explaining.row_words import code_word
from geo.columns import FILE
from geo.databases.address import is_database
from geo.files.several_files import in_words, where_rows_stand
from geo.language import Message, say
from report.estate_reasons import codes_of
from report.provision_figures import figure

SAME_M2: Final = 0.005


def room_words(
    evaluation: Evaluation, rooms: pd.DataFrame, check: Mapping[str, Any]
) -> Iterator[Message]:
    """Yield where each figure of the floor area stands, and how much of it counts.

    rooms
        As `care_rooms` returns them.
    """
    for room in rooms.to_dict("records"):
        area, counts = room["area_m2"], room["counts_m2"]
        yield say(
            "{ledger} {where}（编号 {id}）{name}：建筑面积 {area}，可计 {counts}{shared}",
            ledger=code_word("ledger", str(room["ledger"])),
            where=where_it_stands(evaluation, str(room["ledger"]), str(room["id"])),
            id=room["id"], name="" if pd.isna(room["name"]) else room["name"],
            area=_m2(area), counts=_m2(counts), shared=_shared(room, check["households"]),
        )  # fmt: skip


def in_both_ledgers(rooms: pd.DataFrame) -> tuple[float, float] | None:
    """Return what the estate's ledger and that of facilities count; None where one tells nothing.

    rooms
        As `care_rooms` returns them.
    """
    if rooms.empty:
        return None
    told = rooms["counts_m2"].groupby(rooms["ledger"]).sum(min_count=1)
    own, linked = (told.get(name) for name in ("residential", "facilities"))
    if own is None or linked is None or pd.isna(own) or pd.isna(linked):
        return None
    return float(own), float(linked)


def taken(rooms: pd.DataFrame, check: Mapping[str, Any]) -> Message | None:
    """Return which figure of two ledgers was taken, and why; None where one alone tells."""
    ledgers = in_both_ledgers(rooms)
    if ledgers is None:
        return None
    own, linked = ledgers
    both = {"own": figure(own), "linked": figure(linked), "least": figure(min(own, linked)),
            "most": figure(max(own, linked))}  # fmt: skip
    if "area_conflict" not in codes_of(check["reasons"]):
        if abs(check["provided_m2"] - own) > SAME_M2:
            return None
        return say(
            "两本台账说的是同一批房间，不相加；相差在容许范围内，按小区台账 {own} ㎡", **both
        )
    if check["verdict"] == "unknown":
        return say(
            "两本台账矛盾：小区台账 {own} ㎡，设施台账 {linked} ㎡（同一批房间，不相加）。"
            "按 {least} ㎡ 与按 {most} ㎡ 结论不同，核对一致前不判定", **both,
        )  # fmt: skip
    return say(
        "两本台账矛盾：小区台账 {own} ㎡，设施台账 {linked} ㎡（同一批房间，不相加）。"
        "取较低者 {least} ㎡；按哪一个结论都一样", **both,
    )  # fmt: skip


def where_it_stands(evaluation: Evaluation, layer: str, id_: str) -> Message | str:
    """Return the file and row of an estate or facility; empty where nobody read it."""
    frame = evaluation.study.layer(layer)
    if frame is None:
        return ""
    one = frame.iloc[np.flatnonzero(frame["id"].to_numpy() == id_)]
    if one.empty:
        return ""
    file, row = where_rows_stand(one)[0]
    if row is None:
        return ""
    source = evaluation.study.description.layers.get(layer)
    if not file and FILE not in frame.columns and source is not None:
        file = "" if is_database(source.path) else source.path.replace("\\", "/").split("/")[-1]
    return in_words((file, row))


def _m2(area: float) -> Message:
    return say("不明") if pd.isna(area) else say("{area} ㎡", area=figure(area))


def _shared(room: Mapping[Hashable, Any], households: float) -> Message | str:
    """Return how a facility is shared among estates by their households; empty where it is not."""
    part, area, counts = room["part"], room["area_m2"], room["counts_m2"]
    known = not (pd.isna(part) or pd.isna(area) or pd.isna(counts) or pd.isna(households))
    if not known or not 0 < part < 1 or abs(area * part - counts) > SAME_M2:
        return ""
    return say(
        "（按户数分摊：{area} ㎡ × 本小区 {own} 户 ÷ 所服务小区共 {all} 户 = {counts} ㎡）",
        area=figure(area), own=figure(households), all=figure(households / part),
        counts=figure(counts),
    )  # fmt: skip
