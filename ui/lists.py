"""Tables of the page: per street, what was noticed, who cannot be reached."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd
import streamlit as st

from analysis.coverage.by_area import CELLS, area_table
from analysis.coverage.table import OUTSIDE, STUDY
from analysis.evaluation import Evaluation
from geo.language import say, translate
from ui.why.cells import Column, show_cells
from ui.why.question import Question
from ui.words import layer, reason_word, severity

ROW_PX = 34
LEVELS = ("street", "community", "county", "planning_unit", "city")
STREETS: Mapping[str, Column] = MappingProxyType(
    {
        "name": Column(say("街道"), "name", 84),
        "share_60plus": Column(say("可达率"), "bar", 92),
        "uncovered_60plus": Column(say("未覆盖"), "people", 62),
        "elderly_60plus": Column(say("60岁以上"), "people", 78),
        "share_areas": Column(say("小区覆盖"), "share", 76),
        "areas": Column(say("小区数"), "people", 60),
    }
)


def show_streets(evaluation: Evaluation) -> None:
    """Show coverage per street, or at the finest level there is, with the sum."""
    present = set(evaluation.coverage["level"])
    level = next((name for name in LEVELS if name in present), "")
    show_cells(
        named_areas(evaluation, area_table(evaluation, level)), STREETS, key=f"streets-{level}",
        asks=lambda row, name: of_area(row, name, level=level), height_max=620,
    )


def named_areas(evaluation: Evaluation, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table by area in which the sum and what lies outside have their names.

    The sum says so where it holds rural people, whom the figures of the headline leave out.
    """
    whole = translate("合计") if evaluation.walked is None else translate("合计（含农村）")
    words = {STUDY: whole, OUTSIDE: translate("界外")}
    return table.assign(name=table["area_id"].map(words).fillna(table["name"]))


def of_area(row: pd.Series, name: str, *, level: str) -> Question | None:
    """Return what is asked at a cell of a table by area; None at a name."""
    return Question(name, str(row["area_id"]), level) if name in CELLS else None


def show_findings(evaluation: Evaluation) -> None:
    """Show what was noticed in the data, the gravest first."""
    rows = [
        {
            translate("程度"): str(severity(finding.severity)),
            translate("图层"): str(layer(finding.layer)),
            translate("文件"): finding.file,
            translate("行"): finding.row,
            translate("列"): finding.column,
            translate("原值"): finding.value,
            translate("问题"): str(finding.message),
            translate("处理建议"): "" if finding.remedy is None else str(finding.remedy),
        }
        for finding in sorted(evaluation.findings, key=lambda f: _GRAVITY[f.severity])
    ]
    if not rows:
        st.caption(translate("没有发现问题。"))
        return
    narrow = st.column_config.Column(width="small")
    wide = st.column_config.Column(width="large")
    widths = dict.fromkeys(list(rows[0])[:6], narrow)
    st.dataframe(
        pd.DataFrame(rows).astype({translate("行"): "Int64"}), hide_index=True, row_height=ROW_PX,
        column_config=widths | {translate("问题"): wide, translate("处理建议"): wide},
    )


_GRAVITY = {"error": 0, "warning": 1, "info": 2}


def show_unreachable(evaluation: Evaluation) -> None:
    """Show the places that no walk reaches, with the reason in words."""
    places = evaluation.places
    lost = places.loc[~places["reachable"].astype(bool)]
    if lost.empty:
        st.caption(translate("没有不可达的地点。"))
        return
    table = pd.DataFrame(
        {
            translate("图层"): [str(layer(code)) for code in lost["layer"]],
            translate("编号"): lost["place_id"].to_numpy(),
            translate("名称"): _names(evaluation, lost),
            translate("离街距离（米）"): lost["off_street_m"].round().to_numpy(),
            translate("原因"): [str(reason_word(code)) for code in lost["reason"]],
        }
    )
    st.dataframe(table, hide_index=True, row_height=ROW_PX)


def unreachable_count(evaluation: Evaluation) -> int:
    """Return how many places no walk reaches."""
    return int((~evaluation.places["reachable"].astype(bool)).sum())


def _names(evaluation: Evaluation, places: pd.DataFrame) -> list[str]:
    """Return the names of places, empty where the layer has none."""
    known: dict[tuple[str, str], str] = {}
    for name in places["layer"].unique():
        frame = evaluation.study.layers.get(str(name))
        if frame is not None and "name" in frame:
            named = frame.loc[frame["name"].notna(), ["id", "name"]]
            known.update({(str(name), i): n for i, n in named.itertuples(index=False)})
    return [
        known.get((kind, place), "")
        for kind, place in zip(places["layer"], places["place_id"], strict=True)
    ]
