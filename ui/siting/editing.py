"""The scenario at hand as tables and lists: everything it says can be changed or taken out."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Callable
from typing import Any, cast

import pandas as pd
import streamlit as st

from analysis.explaining.parameter_words import CATEGORY_NAMES
from analysis.scenario import Scenario
from geo.language import Message, translate
from report.scenario_lines import further_lines
from ui.scenarios.at_hand import AtHand
from ui.seen import plain
from ui.siting.changing import attempt_change
from ui.siting.edits import (
    Listed,
    opened_table,
    with_opened_table,
    without,
    without_walking,
)
from ui.siting.files import show_files
from ui.siting.redraw import after_edit
from ui.siting.trying import Trying

TRIES = "tries of the table"  # a refused edit shows the table anew as it was


def show_editing(trying: Trying, hand: AtHand) -> None:
    """Show the title and what can be done with the whole, the facilities opened, all else."""
    show_files(trying, hand)
    _show_opened(trying, hand)
    rows = listed(trying, hand.scenario)
    if rows:
        st.caption(translate("其他改动（逐条可去掉）"))
    for place, (line, less) in enumerate(rows):
        with st.container(horizontal=True, vertical_alignment="center", key=f"care-change-{place}"):
            st.text(plain(line), width="stretch")
            st.button(
                translate("去掉"), key=f"less {place} {hash(hand.scenario)}",
                on_click=_do, args=(trying, hand, less),
            )


def _show_opened(trying: Trying, hand: AtHand) -> None:
    st.caption(
        translate("新增的设施：直接改格子里的内容；最下面一行可以添加，选中行首可以删除。")
    )
    key = f"opened {hash(hand.scenario)} {st.session_state.get(TRIES, 0)}"

    def take() -> None:
        edits = st.session_state.get(key) or {}
        if _is_unfinished(edits):
            return
        st.session_state[TRIES] = st.session_state.get(TRIES, 0) + 1
        _do(trying, hand, lambda: with_opened_table(hand.scenario, edits))

    st.data_editor(
        _seen(opened_table(hand.scenario)), key=key, on_change=take, num_rows="dynamic",
        hide_index=True, disabled=hand.is_unread or ["candidate_id"], row_height=34,
        column_config=_columns(), placeholder="",
    )


def _columns() -> dict[str, Any]:
    """Return how each column of the facilities opened is headed and edited."""
    column = st.column_config
    return {
        "name": column.TextColumn(translate("名称"), required=True, width=220, max_chars=100),
        "category": column.SelectboxColumn(
            translate("类别"), required=True, options=list(CATEGORY_NAMES), width=190,
            format_func=lambda code: str(CATEGORY_NAMES[str(code)]),
        ),
        "lon": column.NumberColumn(
            translate("经度（WGS84）"), min_value=-180.0, max_value=180.0, format="%.6f", step=1e-7
        ),
        "lat": column.NumberColumn(
            translate("纬度（WGS84）"), min_value=-90.0, max_value=90.0, format="%.6f", step=1e-7
        ),
        "floor_area_m2": column.NumberColumn(
            translate("建筑面积（㎡）"), min_value=0.0, max_value=1_000_000.0
        ),
        "beds": column.NumberColumn(translate("床位"), min_value=0, max_value=100_000),
        "candidate_id": column.TextColumn(
            translate("备选点"),
            help=translate("在备选点上新增的，位置随备选点；改了经纬度就不再是备选点。"),
        ),
    }


def _seen(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(candidate_id=table["candidate_id"].map(plain, na_action="ignore"))


def _is_unfinished(edits: dict[str, list[dict[str, object]]]) -> bool:
    """Return whether a row was begun and is not yet a facility: more cells are to come."""
    added = edits.get("added_rows", [])
    needed = ("name", "category", "lon", "lat")
    return any(any(row.get(name) is None for name in needed) for row in added)


def listed(trying: Trying, scenario: Scenario) -> list[tuple[Message, Callable[[], Scenario]]]:
    """Return every further change in words, with what the scenario is without it."""
    study = trying.base.evaluation.study
    told = further_lines(scenario, study)
    walks = list(scenario.walking)

    def less(part: str, at: int) -> Callable[[], Scenario]:
        if part == "walking":
            return lambda: without_walking(scenario, walks[at])
        return lambda: without(scenario, cast("Listed", part), at)

    return [
        (line, less(part, at)) for part, lines in told.items() for at, line in enumerate(lines)
    ]


def _do(trying: Trying, hand: AtHand, make: Callable[[], Scenario]) -> None:
    attempt_change(trying, hand, make)
    after_edit()

