"""The map of a study with the card of what is chosen on it and a table beside it."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit_folium import st_folium

from analysis.evaluation import Evaluation
from geo.language import speak, translate
from ui.card import show_card
from ui.chosen import remembered, worded
from ui.kept import Shown
from ui.lists import show_streets
from ui.map import offline
from ui.map.layers import Goal, MapState, care_map, varying
from ui.map.legend import legend, small_legend
from ui.why.dialog import show_answer

MAP_HEIGHT_PX, SMALL_MAP_PX = 620, 440


@st.fragment
def show_map(shown: Shown) -> None:
    """Show the map, the card and the street table; a click runs only this part again."""
    speak(st.session_state["language"])  # a fragment runs in a context of its own

    left, right = st.columns([7, 3], gap="small")
    with left:
        show_controls_and_map(shown)
    with right:
        show_card(shown.evaluation, st.session_state.get(f"chosen {shown.key}"))
        with st.container(key="care-streets"):
            show_streets(shown.evaluation)
    show_answer(shown.evaluation)


def show_controls_and_map(
    shown: Shown,
    *,
    page: str = "",
    colouring: str = "",
    marked: Mapping[str, Sequence[str]] | None = None,
    goal: Goal | None = None,
    off: Sequence[str] | None = None,
) -> None:
    """Show the map with what is chosen on it; a click becomes the choice of every page.

    page
        Tells the map of one page from another's.
    colouring
        Of the estates; empty: it is chosen above the map.
    marked, goal
        As `MapState` takes them.
    off
        Of a small map: what it begins without, its panel folded.
    """
    offline.install()
    chosen_key, map_key = f"chosen {shown.key}", f"map {shown.key}{page}"

    def take_click() -> None:
        answer = st.session_state.get(map_key) or {}
        st.session_state[chosen_key] = answer.get("last_active_drawing")

    with st.container(horizontal=True, vertical_alignment="center"):
        colouring = colouring or _choose_colouring()
        _find_estate(shown, chosen_key)
    with st.container(key=f"care-map{page}"):
        state = MapState(
            shown.tokens(), colouring=colouring, selected=st.session_state.get(chosen_key),
            marked=marked, goal=goal,
        )
        st_folium(
            care_map(legend() if off is None else small_legend(*off), shown.bounds),
            key=map_key, height=MAP_HEIGHT_PX if off is None else SMALL_MAP_PX,
            use_container_width=True, returned_objects=["last_active_drawing"],
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
