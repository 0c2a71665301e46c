"""What stands behind the indicators: beds, streets, counties, land, with the figures they make."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import pandas as pd
import streamlit as st

from analysis.coverage.table import OUTSIDE, STUDY
from analysis.evaluation import Evaluation
from analysis.explaining.row_words import code_word, heading, yes_or_no
from geo.language import Message, say, translate
from report.printed import in_words
from ui.circle.area_part import download
from ui.data.showing import nothing
from ui.why.cells import Column, drawn, show_cells
from ui.why.question import Question, why_button

WHOLE: Final = (STUDY, "INSIDE")
_TEXTS: Final = frozenset({"area_id", "centre_id"})


class Behind(NamedTuple):
    """A table behind indicators: what it says, its rows, its columns, the indicators it makes."""

    about: Message
    rows: Callable[[Evaluation], pd.DataFrame]
    columns: tuple[str, ...]
    makes: tuple[str, ...]


BEHIND: Final[Mapping[str, tuple[Message, Behind]]] = MappingProxyType(
    {
        "beds": (say("床位"), Behind(
            say("未填床位的设施不按 0 计，合计是下限；比率的分母只是区内的老年人。"),
            lambda one: one.detail.beds,
            ("level", "name", "facilities", "facilities_without_beds", "beds", "institution_beds",
             "community_beds", "mutual_aid_beds", "nursing_beds", "elderly_60plus",
             "beds_per_1000_elderly", "nursing_share_of_institution_beds", "affordable_bed_gap"),
            ("beds_per_1000_elderly", "nursing_share_of_institution_beds", "affordable_bed_gap",
             "basic_and_affordable_beds_share"),
        )),
        "streets": (say("街道中心"), Behind(
            say("每个街道（乡镇）有没有区域养老服务中心，五项功能齐不齐。"),
            lambda one: one.detail.streets,
            ("name", "unit_type", "centres", "has_centre", "functions", "functions_missing",
             "floor_area_m2", "large_enough"),
            ("street_centre_rate", "street_centre_rate_subdistricts"),
        )),
        "counties": (say("旗县区设施"), Behind(
            say("每个旗县区该有的设施；空着的是无法判定，不是没有。"),
            lambda one: one.detail.counties,
            ("name", "facilities", "has_welfare_home", "has_elder_university", "has_rehab",
             "has_combined_care", "has_activity_centre"),
            ("county_presence_welfare_home", "county_presence_elder_university",
             "county_presence_rehab", "county_presence_combined_care"),
        )),
        "land": (say("养老用地"), Behind(
            say("人均用地的分母是全部人口，不是老年人；未填面积的用地不按 0 计。"),
            lambda one: one.detail.land,
            ("level", "name", "residents", "residents_are", "community_land_m2", "welfare_land_m2",
             "community_m2_per_resident", "welfare_m2_per_resident", "met_community",
             "met_welfare", "facilities_without_land"),
            ("care_land_per_resident_community", "care_land_per_resident_welfare"),
        )),
    }
)  # fmt: skip
"""The parts of the page by their key: what each is called, and what it shows."""


def show_behind(evaluation: Evaluation, part: str) -> None:
    """Show one table, what it means, and the indicators that are made of it."""
    title, behind = BEHIND[part]
    st.caption(str(behind.about))
    rows = behind.rows(evaluation)
    if rows.empty:
        nothing(say("本研究没有这一项的数据。"))
        return
    _show_makes(evaluation, behind.makes)
    columns = {name: _column(name, rows[name]) for name in behind.columns}
    table = _told(rows)
    known = {figure.key for figure in evaluation.figures}

    def asks(row: "pd.Series[Any]", name: str) -> Question | None:
        # The indicator is that of the whole study: a street's own figure is another.
        return Question(name) if name in known and row.get("area_id") in WHOLE else None

    show_cells(table, columns, key=part, asks=asks, height_max=620)
    download(evaluation, drawn(table, columns), title)


def _show_makes(evaluation: Evaluation, keys: tuple[str, ...]) -> None:
    names = {figure.key: str(figure.name) for figure in evaluation.figures}
    with st.container(key="care-asked-of-makes", horizontal=True, vertical_alignment="center"):
        st.caption(translate("归入指标："), width="content")
        for key in keys:
            if key in names:
                why_button(Question(key), key=f"makes {key}", label=names[key])


def _told(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with codes as words; figures stay figures, so that they sort as such."""
    told = in_words(rows)
    for name in told.columns:
        column = rows[name]
        if pd.api.types.is_bool_dtype(column):
            told[name] = column.map(yes_or_no, na_action="ignore")
        elif not pd.api.types.is_numeric_dtype(column):
            cells = [_word(str(name), cell) for cell in told[name]]
            told[name] = pd.Series(cells, index=told.index, dtype=object)
    if "area_id" in rows:
        whole = {STUDY: translate("合计"), OUTSIDE: translate("界外"), "INSIDE": translate("区内")}
        told["name"] = rows["area_id"].map(whole).fillna(told["name"])
    return told


def _word(name: str, cell: object) -> object:
    if isinstance(cell, bool):
        return yes_or_no(cell)
    return code_word(name, cell) if isinstance(cell, str) else cell


def _column(name: str, cells: pd.Series) -> Column:
    """Return how a column of a table of districts is drawn."""
    title = say("{text}", text=heading(name))
    if name == "name":
        return Column(title, "name", 150)
    if name in _TEXTS or not pd.api.types.is_numeric_dtype(cells) or (
        pd.api.types.is_bool_dtype(cells)
    ):
        return Column(title, "text")
    if "share" in name:
        return Column(title, "share")
    fine = "per_resident" in name
    return Column(title, "fine" if fine else "amount" if "per_" in name else "people")
