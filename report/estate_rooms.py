"""Where the floor area of an estate is told, row by row, and which of two ledgers was taken."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any, Final

import pandas as pd

from analysis.evaluation import Evaluation
from analysis.explaining.row_words import code_word
from geo.columns import FILE
from geo.databases.address import is_database
from geo.files.several_files import Where, in_words, where_rows_stand
from geo.language import Message, say
from report.estate_reasons import codes_of
from report.provision_figures import figure

SAME_M2: Final = 0.005


class WhereTheyStand:
    """Where the rows of the ledgers of an evaluation stand: each is looked through once for all."""

    def __init__(self, evaluation: Evaluation) -> None:
        self._study = evaluation.study
        self._read: dict[str, Mapping[str, Where]] = {}

    def of(self, layer: str, id_: str) -> Message | str:
        """Return the file and row of an estate or facility; empty where nobody read it."""
        if layer not in self._read:
            self._read[layer] = self._rows(layer)
        file, row = self._read[layer].get(id_, ("", None))
        return "" if row is None else in_words((file, row))

    def _rows(self, layer: str) -> Mapping[str, Where]:
        """Return where each row of a layer stands, by its id; of several with one id the first."""
        frame = self._study.layer(layer)
        if frame is None:
            return {}
        source = self._study.description.layers.get(layer)
        alone = ""  # the file of all rows, where they are of one
        if FILE not in frame.columns and source is not None and not is_database(source.path):
            alone = source.path.replace("\\", "/").split("/")[-1]
        stand = zip(frame["id"], where_rows_stand(frame), strict=True)
        return {id_: (file or alone, row) for id_, (file, row) in reversed([*stand])}


def room_words(
    where: WhereTheyStand, rooms: pd.DataFrame, check: Mapping[str, Any]
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
            where=where.of(str(room["ledger"]), str(room["id"])),
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
    told: dict[str, float] = {}
    for ledger, counts in zip(rooms["ledger"], rooms["counts_m2"], strict=True):
        if not pd.isna(counts):
            told[ledger] = told.get(ledger, 0.0) + float(counts)
    if "residential" not in told or "facilities" not in told:
        return None
    return told["residential"], told["facilities"]


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
