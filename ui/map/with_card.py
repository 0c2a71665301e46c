"""The map of a study with the card of what is chosen on it and a table beside it."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit_folium import st_folium

from analysis.evaluation import Evaluation
from geo.errors import StudyError
from geo.language import speak, translate
from ui.card import show_card
from ui.chosen import chosen_before, remembered, worded
from ui.kept import Shown, evaluated
from ui.lists import show_streets
from ui.map import offline
from ui.map.chosen_layer import about_chosen
from ui.map.layers import Goal, MapState, care_map, swiped, varying, view_name
from ui.map.legend import legend, small_legend
from ui.map.marked import marks_token
from ui.map.tiles import Tiles, tiles_of_server
from ui.progress import silent
from ui.seen import plain
from ui.sidebar import Choice
from ui.why.dialog import show_answer

MAP_HEIGHT_PX, SMALL_MAP_PX = 620, 440


@st.fragment
def show_map(shown: Shown, *, choice: Choice | None = None) -> None:
    """Show the map, the card and the street table; a click runs only this part again.

    choice
        What the page shows. With a scenario in it the map can be divided: left as things stand,
        right with the scenario.
    """
    speak(st.session_state["language"])  # a fragment runs in a context of its own

    left, right = st.columns([7, 3], gap="small")
    with left:
        show_care_map(shown, choice=choice)
    with right, st.container(key="care-beside"):
        show_card(shown.evaluation, st.session_state.get(f"chosen {shown.key}"))
        with st.container(key="care-streets"):
            show_streets(shown.evaluation)
    show_answer(shown.evaluation)


def show_care_map(  # noqa: PLR0913 - a map is asked for in so many ways
    shown: Shown,
    *,
    choice: Choice | None = None,
    page: str = "",
    colouring: str = "",
    marked: Mapping[str, Sequence[str]] | None = None,
    goal: Goal | None = None,
    off: Sequence[str] | None = None,
) -> None:
    """Show the controls and the map alone; a click becomes the choice of every page.

    What is chosen stands under `chosen {shown.key}`.

    choice
        What is shown: where a scenario is among it, what it changes is marked, and before and
        after can be compared.
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

    with st.container(horizontal=True, vertical_alignment="center"):
        colouring = colouring or _choose_colouring()
        before = _before(choice)
    chosen = st.session_state.get(chosen_key)
    tokens = _tokens(shown, choice)
    state = MapState(
        swiped(before.tokens(), tokens) if before else tokens,
        colouring=colouring, selected=chosen, drawn=about_chosen(shown.evaluation, chosen),
        marked=marked, goal=goal,
    )
    with st.container(key=f"care-map{page}"):
        _mount(shown, state, off=off, key=map_key, chosen_key=chosen_key)


def _mount(
    shown: Shown, state: MapState, *, off: Sequence[str] | None, key: str, chosen_key: str
) -> None:
    """Show the map itself: small, its panel folded, where something of it is to begin off."""

    def take_click() -> None:
        answer = st.session_state.get(key) or {}
        st.session_state[chosen_key] = answer.get("last_active_drawing")

    st_folium(
        care_map(
            legend() if off is None else small_legend(*off), shown.bounds,
            keep=view_name(shown.evaluation.study), tiles=_tiles(),
        ),
        key=key, height=MAP_HEIGHT_PX if off is None else SMALL_MAP_PX,
        use_container_width=True, returned_objects=["last_active_drawing"],
        feature_group_to_add=varying(state), on_change=take_click,
    )


def _tokens(shown: Shown, choice: Choice | None) -> dict[str, str]:
    """Return the tokens of the map; of a scenario also what it changes, to be marked."""
    if choice is None or not _has_scenario(choice):
        return shown.tokens()
    base = choice.baseline

    def before() -> Evaluation:
        return evaluated(base, progress=silent).evaluation

    return {**shown.tokens(), "marks": marks_token(shown, before, of=base)}


def _has_scenario(choice: Choice) -> bool:
    return choice.scenario != choice.baseline.scenario


def _before(choice: Choice | None) -> Shown | None:
    """Offer to divide the map where a scenario is at hand; return things as they stand if so."""
    if choice is None or not _has_scenario(choice):
        return None
    on = st.toggle(
        translate("前后对比"), value=chosen_before("divided", default=False), key="divide map",
        help=translate("地图分成两半：左为现状，右为情景；拖动分界线，或选中后按左右方向键。"),
    )
    st.session_state["divided"] = on
    return evaluated(choice.baseline, progress=silent) if on else None


def _tiles() -> Tiles | None:
    """Return the tiles of this server; None without any. Refused ones are said to be."""
    try:
        return tiles_of_server()
    except StudyError as refusal:
        for message in refusal.messages:
            st.text(plain(message))
        return None


def _choose_colouring() -> str:
    words = {"minutes": translate("步行分钟"), "verdict": translate("配建结论")}
    chosen = st.radio(
        translate("小区着色"), list(words), format_func=lambda code: words[code],
        index=remembered("colouring", list(words)), horizontal=True, key=worded("colouring"),
        label_visibility="collapsed",
    )
    st.session_state["colouring"] = chosen
    return chosen
