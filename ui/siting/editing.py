"""The scenario at hand as tables and lists: everything it says can be changed or taken out."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from analysis.explaining.parameter_words import CATEGORY_NAMES, LABELS, value_words
from analysis.scenario import Scenario
from geo.language import Message, say, translate
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
from ui.words import NOTHING, number

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
    care, homes = _names(trying, "facilities"), _names(trying, "residential")

    def less(part: Listed, at: int) -> Callable[[], Scenario]:
        return lambda: without(scenario, part, at)

    told: list[tuple[Message, Callable[[], Scenario]]] = []
    told += [
        (say("关闭：{name}", name=_called(care, each)), less("close", at))
        for at, each in enumerate(scenario.close)
    ]
    told += [
        (say("移动：{name} 到 {lon:.6f}, {lat:.6f}", name=_called(care, each.facility_id),
             lon=each.lon, lat=each.lat), less("move", at))
        for at, each in enumerate(scenario.move)
    ]
    told += [
        (say("改规模：{name}，建筑面积 {area} ㎡，床位 {beds}",
             name=_called(care, each.facility_id), area=_size(each.floor_area_m2),
             beds=_size(each.beds)), less("resize", at))
        for at, each in enumerate(scenario.resize)
    ]
    told += [
        (say("新通道 {place}：{a:.5f}, {b:.5f} 到 {c:.5f}, {d:.5f}", place=at + 1, a=each.start[0],
             b=each.start[1], c=each.end[0], d=each.end[1]), less("link", at))
        for at, each in enumerate(scenario.link)
    ]
    told += [
        (say("新出入口：{name}，{lon:.6f}, {lat:.6f}", name=_called(homes, each.residential_id),
             lon=each.lon, lat=each.lat), less("gate", at))
        for at, each in enumerate(scenario.gate)
    ]
    told += [
        (say("阻断 {place}：{count} 个点的线", place=at + 1, count=len(each.line)),
         less("block", at))
        for at, each in enumerate(scenario.block)
    ]
    return [*told, *_walks(scenario)]  # fmt: skip


def _walks(scenario: Scenario) -> list[tuple[Message, Callable[[], Scenario]]]:
    def less(name: str) -> Callable[[], Scenario]:
        return lambda: without_walking(scenario, name)

    return [
        (say("步行设定：{name} = {value}", name=LABELS.get(name, name),
             value=value_words(name, value)), less(name))
        for name, value in scenario.walking.items()
    ]  # fmt: skip


def _size(value: float | None) -> str | Message:
    return say("不变") if value is None else number(value)


def _names(trying: Trying, layer: str) -> dict[str, str]:
    rows = trying.base.evaluation.study.layer(layer)
    if rows is None or "name" not in rows:
        return {}
    known = rows.loc[rows["name"].notna(), ["id", "name"]]
    return dict(known.itertuples(index=False, name=None))


def _called(names: dict[str, str], code: str) -> str:
    return str(say("{name}（{kind}）", name=names.get(code, NOTHING), kind=code))


def _do(trying: Trying, hand: AtHand, make: Callable[[], Scenario]) -> None:
    attempt_change(trying, hand, make)
    after_edit()

