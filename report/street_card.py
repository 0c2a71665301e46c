"""One street in a few lines: who reaches care, which estates have their rooms."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import shapely

from analysis.coverage.by_area import area_table
from analysis.evaluation import Evaluation
from geo.language import Message, say
from report.areas import street_names, street_of_estates
from report.figures import at_least, at_most, measure, number, percent, unknown

Line = tuple[Message, str]


def streets_of(evaluation: Evaluation) -> pd.DataFrame:
    """Return the streets of a study, `id, name`, in the order of their file; empty for none."""
    return pd.DataFrame(street_names(evaluation).items(), columns=["id", "name"], dtype=object)


def street_at(evaluation: Evaluation, lon: float, lat: float) -> str | None:
    """Return the id of the street that a WGS84 position lies in; None outside all."""
    layer = evaluation.study.layer("boundaries")
    if layer is None or "level" not in layer:
        return None
    rows = layer.loc[layer["level"].eq("street")].to_crs("EPSG:4326")
    found = rows.loc[rows.geometry.intersects(shapely.Point(lon, lat)), "id"]
    return None if found.empty else str(found.iloc[0])


def street_lines(evaluation: Evaluation, street: str) -> Sequence[Line]:
    """Return what is told of a street: each figure with what it is of.

    street
        Its id. Estates are those of `street_of_estates`.
    """
    row, all_of_it = (
        _row(table, street) for table in (evaluation.headline_coverage, evaluation.coverage)
    )
    if row is None or all_of_it is None:
        return []
    everyone, covered = row["elderly_60plus"], row["covered_60plus"]
    only = evaluation.summary["coverage"]["lower_bound"]  # somewhere walks may end beyond the map
    return [
        (say("60岁以上"), str(say("{people} 人", people=number(everyone)))),
        (
            say("可达"),
            str(say("{people} 人，占 {share}", people=number(covered),
                    share=at_least(percent(row["share_60plus"]), only))),
        ),
        (
            say("未覆盖"),
            str(say("{people} 人", people=at_most(number(everyone - covered), only))),
        ),
        (
            say("小区"),
            str(_estates(evaluation, row)),
        ),
        *_rural(row, all_of_it),
        *_rooms(evaluation, street),
    ]  # fmt: skip


def _estates(evaluation: Evaluation, row: Any) -> Message:  # noqa: ANN401 - a row
    """Return how many estates are covered, and how many of them are reached only in part."""
    told = {"all": number(row["areas"]), "covered": number(row["covered_areas"]),
            "partly": number(row["partly_areas"])}  # fmt: skip
    if evaluation.walked is not None:  # its rural estates are not told apart by parts
        return say("{all} 个，覆盖 {covered} 个（过半走得到算覆盖）；部分走得到的有 {partly} 个",
                   **told)  # fmt: skip
    parts = area_table(evaluation, "street").set_index("area_id")
    half = row["covered_areas"] - parts["full_areas"].get(row["area_id"], 0)
    return say(
        "{all} 个，覆盖 {covered} 个（过半走得到算覆盖）；部分走得到 {partly} 个，"
        "其中过半的 {half} 个已计入覆盖",
        half=number(half), **told,
    )  # fmt: skip


def _row(table: pd.DataFrame, street: str) -> Any:  # noqa: ANN401 - a row, or None
    rows = table.loc[table["level"].eq("street") & table["area_id"].eq(street)]
    return None if rows.empty else rows.iloc[0]


def _rural(row: Any, all_of_it: Any) -> list[Line]:  # noqa: ANN401
    """Return who is not in the figures above because walking is no measure where they live."""
    people = all_of_it["elderly_60plus"] - row["elderly_60plus"]
    if unknown(people) or people < 1:
        return []
    return [(say("农村"), str(say("{people} 人，不按步行衡量，不计入上面", people=number(people))))]


def _rooms(evaluation: Evaluation, street: str) -> list[Line]:
    provision, streets = evaluation.provision, street_of_estates(evaluation)
    rows = provision.loc[
        provision["residential_id"].isin(streets.index[streets.eq(street)])
        & provision["in_scope"].astype(bool)
    ]
    if rows.empty:
        return []
    verdicts = rows["verdict"].value_counts()
    met = verdicts.get("met", 0) + verdicts.get("met_pooled", 0)
    told = say(
        "应核查 {all} 个：达标 {met}，不达标 {short}，无法判定 {unknown}",
        all=len(rows), met=met, short=verdicts.get("short", 0), unknown=verdicts.get("unknown", 0),
    )  # fmt: skip
    return [(say("配建"), str(told)), (say("养老用房缺口"), str(_lacking(rows)))]


def _lacking(rows: pd.DataFrame) -> Message:
    """Return what the estates lack together, and how many of those that are short it is of."""
    known, short = rows["deficit_m2"].dropna(), int(rows["verdict"].eq("short").sum())
    lacks = int(known.gt(0).sum())
    told = {"area": measure(known.sum() if len(known) else None), "lacks": lacks, "short": short}
    if lacks == short:
        return say("{area} ㎡（不达标的 {short} 个小区之和）", **told) if short else (
            say("{area} ㎡", **told))  # fmt: skip
    return say("{area} ㎡（不达标的 {short} 个小区中能算出缺口的 {lacks} 个之和）", **told)
