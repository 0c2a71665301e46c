"""The first page: who reaches care on foot, which estates have their care rooms, and where not."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit_folium import st_folium

from analysis.evaluation import Evaluation
from geo.errors import PlanningError
from geo.language import say, speak, translate
from ui.card import show_card
from ui.figures import show_figures
from ui.headline import headline
from ui.kept import Shown, evaluated, is_kept
from ui.map import offline
from ui.map.layers import MapState, care_map, varying
from ui.map.legend import legend
from ui.parameters import show_parameters
from ui.progress import silent, with_progress
from ui.sidebar import Choice, choose, remembered, worded
from ui.tables import (
    show_findings,
    show_streets,
    show_unreachable,
    unreachable_count,
)

MAP_HEIGHT_PX = 620


def show() -> None:
    """Show the page for the study chosen in the sidebar."""
    with st.sidebar:
        choice = choose()
    if choice is None:
        st.error(translate("没有找到研究区描述文件（data/*.study.toml）。"))
        return
    shown = _evaluate(choice)
    if shown is not None:
        _show_heading(shown.evaluation)
        _show_map(shown)
        _show_details(shown.evaluation)


def _evaluate(choice: Choice) -> Shown | None:
    """Return the evaluation; None when it is refused, which is then said line by line."""
    # Always one element, shown or not: whatever is below it would else be mounted anew.
    place = st.empty()
    try:
        if is_kept(choice):
            return evaluated(choice, progress=silent)
        return with_progress(place, lambda tell: evaluated(choice, progress=tell))
    except PlanningError as refusal:
        with place.container(key="care-refusal", border=True):
            for message in refusal.messages:
                st.text(str(message))
        return None


def _show_heading(evaluation: Evaluation) -> None:

    with st.container(key="care-title", horizontal=True):
        with st.container(key="care-study", width="content"):
            st.text(evaluation.study.title)
        if evaluation.study.notice:
            with st.container(key="care-notice", width="content"):
                st.text(evaluation.study.notice)
    show_figures(evaluation)
    with st.container(key="care-headline"):
        st.text(str(headline(evaluation)))


@st.fragment
def _show_map(shown: Shown) -> None:
    """Show the map, the card and the street table; a click runs only this part again."""
    speak(st.session_state["language"])  # a fragment runs in a context of its own

    left, right = st.columns([7, 3], gap="small")
    with left:
        _show_controls_and_map(shown)
    with right:
        show_card(shown.evaluation, st.session_state.get(f"chosen {shown.key}"))
        with st.container(key="care-streets"):
            show_streets(shown.evaluation)


def _show_controls_and_map(shown: Shown) -> None:


    offline.install()
    chosen_key, map_key = f"chosen {shown.key}", f"map {shown.key}"

    def take_click() -> None:
        answer = st.session_state.get(map_key) or {}
        st.session_state[chosen_key] = answer.get("last_active_drawing")

    with st.container(horizontal=True, vertical_alignment="center"):
        colouring = _choose_colouring()
        _find_estate(shown, chosen_key)
    with st.container(key="care-map"):
        state = MapState(
            shown.tokens(), colouring=colouring, selected=st.session_state.get(chosen_key)
        )
        st_folium(
            care_map(legend(), shown.bounds),
            key=map_key, height=MAP_HEIGHT_PX, use_container_width=True,
            returned_objects=["last_active_drawing"],
            feature_group_to_add=varying(state), on_change=take_click,
        )


def _choose_colouring() -> str:
    words = {"minutes": translate("步行分钟"), "verdict": translate("配建结论")}
    chosen = st.radio(
        translate("小区着色"), list(words), format_func=lambda code: words[code],
        index=remembered("colouring", list(words)), horizontal=True, key=worded("colouring"),
        label_visibility="collapsed",
    )
    st.session_state["colouring"] = chosen
    return chosen


def _find_estate(shown: Shown, chosen_key: str) -> None:
    """Offer the estates by name; choosing one is the same as clicking it."""
    names = _estate_names(shown.evaluation)
    key = f"find {shown.key}"

    def take_name() -> None:
        found = st.session_state.get(key)
        if found is not None:
            st.session_state[chosen_key] = {"layer": "estates", "id": found}

    st.selectbox(
        translate("查找小区"), list(names), index=None, format_func=lambda code: names[code],
        placeholder=translate("输入小区名称查找"), key=key, on_change=take_name,
        label_visibility="collapsed", width=260,
    )


def _estate_names(evaluation: Evaluation) -> Mapping[Any, str]:
    layer = evaluation.study.layer("residential")
    if layer is None:
        return {}
    names = layer.get("name", layer["id"])
    return dict(zip(layer["id"], names.where(names.notna(), layer["id"]), strict=True))


def _show_details(evaluation: Evaluation) -> None:
    found = str(say("数据问题（{count} 条）", count=len(evaluation.findings)))
    with st.expander(found):
        show_findings(evaluation)
    lost = str(say("步行不可达的地点（{count} 处）", count=unreachable_count(evaluation)))
    with st.expander(lost):
        show_unreachable(evaluation)
    with st.expander(translate("参数与口径")):
        show_parameters(evaluation)
