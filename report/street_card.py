"""One street in a few lines: who reaches care, which estates have their rooms."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import shapely

from analysis.evaluation import Evaluation
from geo.language import Message, say
from report.figures import number, percent

Line = tuple[Message, str]


def streets_of(evaluation: Evaluation) -> pd.DataFrame:
    """Return the streets of a study, `id, name`, in the order of their file; empty for none."""
    layer = evaluation.study.layer("boundaries")
    if layer is None or "level" not in layer:
        return pd.DataFrame({"id": [], "name": []}, dtype=object)
    rows = layer.loc[layer["level"].eq("street")]
    return pd.DataFrame(rows[["id", "name"]]).reset_index(drop=True)


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
        Its id. Estates are those whose street bears its name.
    """
    table = evaluation.coverage
    rows = table.loc[table["level"].eq("street") & table["area_id"].eq(street)]
    if rows.empty:
        return []
    row: Any = rows.iloc[0]
    everyone, covered = row["elderly_60plus"], row["covered_60plus"]
    return [
        (say("60岁以上"), str(say("{people} 人", people=number(everyone)))),
        (
            say("可达"),
            str(say("{people} 人，占 {share}", people=number(covered),
                    share=percent(row["share_60plus"]))),
        ),
        (say("不可达"), str(say("{people} 人", people=number(everyone - covered)))),
        (
            say("小区"),
            str(say("{all} 个，其中 {covered} 个可达、{partly} 个部分可达",
                    all=number(row["areas"]), covered=number(row["covered_areas"]),
                    partly=number(row["partly_areas"]))),
        ),
        *_rooms(evaluation.provision, str(row["name"])),
    ]  # fmt: skip


def _rooms(provision: pd.DataFrame, name: str) -> list[Line]:
    rows = provision.loc[provision["street"].eq(name) & provision["in_scope"].astype(bool)]
    if rows.empty:
        return []
    verdicts = rows["verdict"].value_counts()
    met = verdicts.get("met", 0) + verdicts.get("met_pooled", 0)
    told = say(
        "应核查 {all} 个：达标 {met}，不达标 {short}，无法判定 {unknown}",
        all=len(rows), met=met, short=verdicts.get("short", 0), unknown=verdicts.get("unknown", 0),
    )  # fmt: skip
    known = rows["deficit_m2"].dropna()
    lacking = say(
        "{area} ㎡（能算出缺口的 {known} 个小区）", area=number(known.sum()), known=len(known)
    )
    return [(say("配建"), str(told)), (say("养老用房缺口"), str(lacking))]
