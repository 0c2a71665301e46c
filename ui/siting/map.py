"""The map of a scenario: things as they stand, what differs, and gestures that change it."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Mapping
from typing import Any, Final, get_args

import streamlit as st
from streamlit_folium import st_folium

from analysis.explaining.parameter_words import CATEGORY_NAMES
from analysis.scenario import Scenario
from analysis.what_if.changes import with_closed
from analysis.what_if.live import Changed
from geo.errors import PlanningError
from geo.language import say, speak, translate
from ui.card import show_card
from ui.chosen import remembered, worded
from ui.map import offline
from ui.map.layers import MapState, Mode, care_map, varying
from ui.map.legend import legend
from ui.saving import Said, show_said
from ui.scenarios.at_hand import PART, AtHand, at_hand, change, undo
from ui.siting.gestures import NewCare, after, is_gesture
from ui.siting.outcome import show_outcome, show_streets
from ui.siting.trying import Trying

MAP_HEIGHT_PX: Final = 620
MODES: Final = tuple(mode for mode in get_args(Mode) if mode != "ask")


@st.fragment
def show_map(trying: Trying, drawn_with: int | None) -> None:
    """Show the map, what the scenario gives and its streets; a gesture runs only this part again.

    drawn_with
        The scenario that the sidebar shows: once another is at hand, the whole page is drawn anew.
    """
    speak(st.session_state["language"])  # a fragment runs in a context of its own
    hand = at_hand(trying.study)
    if hand.number != drawn_with:
        st.rerun()
    changed = trying.changed(hand.scenario)
    left, right = st.columns([7, 3], gap="small")
    with left:
        new = _show_tools(trying, hand)
        # Always there: the map below would else be mounted anew.
        with st.container(key="care-said"):
            show_said(PART)
        _show_map(trying, hand, changed, new)
    with right:
        show_outcome(changed)
        _show_chosen(trying, hand)
        with st.container(key="care-streets"):
            show_streets(changed)


def attempt_change(trying: Trying, hand: AtHand, to: Scenario | PlanningError) -> None:
    """Make the scenario another one where the study can bear it; else say why not."""
    try:
        if isinstance(to, PlanningError):
            raise to
        trying.changed(to)
    except PlanningError as refusal:
        st.session_state[f"said of {PART}"] = Said(refusal.messages, bad=True)
        return
    change(hand, to)


def _show_tools(trying: Trying, hand: AtHand) -> NewCare:
    """Show what the next gesture does, and what is opened by a click."""
    words = _mode_words()
    with st.container(horizontal=True, vertical_alignment="bottom", key="care-tools"):
        mode = st.segmented_control(
            translate("在地图上"), MODES, default=MODES[remembered("mode", MODES)],
            format_func=lambda code: words[code], key=worded("mode"), required=True,
        )
        st.session_state["mode"] = mode
        new = _show_new_care(trying) if mode == "open" else NewCare(trying.categories[0], None)
        st.button(
            translate("撤销"), icon="↩️", on_click=undo, args=(hand,), disabled=not hand.steps,
            help=translate("撤销本次打开页面以来的上一步改动"),
        )
    return new


def _mode_words() -> dict[str, str]:
    return {
        "choose": translate("查看"), "open": translate("新增设施"), "move": translate("移动设施"),
        "gate": translate("开出入口"), "link": translate("修通道"), "block": translate("设阻断"),
    }  # fmt: skip


def _show_new_care(trying: Trying) -> NewCare:
    category = st.selectbox(
        translate("类别"), trying.categories, key=worded("new care"), width=190,
        format_func=lambda code: str(CATEGORY_NAMES[code]), placeholder=translate("请选择"),
    )
    area = st.number_input(
        translate("建筑面积（㎡）"), min_value=0.0, max_value=100_000.0, value=None, step=50.0,
        key=worded("new area"), width=150, placeholder=translate("可不填"),
    )
    return NewCare(category, area)


def _show_map(trying: Trying, hand: AtHand, changed: Changed, new: NewCare) -> None:
    offline.install()
    chosen_key, map_key = f"chosen for siting {trying.key}", f"siting map {trying.key}"

    def take() -> None:
        told = (st.session_state.get(map_key) or {}).get("last_active_drawing")
        if is_gesture(told):
            take_gesture(trying, hand, told, new)
        else:
            st.session_state[chosen_key] = told

    with st.container(key="care-map"):
        state = MapState(
            trying.tokens(changed), colouring="reach", selected=st.session_state.get(chosen_key),
            mode=st.session_state["mode"],
        )
        st_folium(
            care_map(legend(editing=True), trying.base.bounds, gesture="edit"),
            key=map_key, height=MAP_HEIGHT_PX, use_container_width=True,
            returned_objects=["last_active_drawing"],
            feature_group_to_add=varying(state), on_change=take,
        )


def take_gesture(trying: Trying, hand: AtHand, told: Mapping[str, Any], new: NewCare) -> None:
    """Change the scenario as a gesture says, or say why not."""
    try:
        attempt_change(trying, hand, after(told, hand.scenario, trying.live, new=new))
    except PlanningError as refusal:
        attempt_change(trying, hand, refusal)


def _show_chosen(trying: Trying, hand: AtHand) -> None:
    """Show the card of what is chosen, and what can be done with a facility."""
    chosen: Mapping[str, Any] | None = st.session_state.get(f"chosen for siting {trying.key}")
    if chosen is None:
        return
    show_card(trying.base.evaluation, chosen)
    if chosen.get("layer") != "facilities":
        return
    facility = str(chosen.get("id"))
    opened = trying.live.opened_in(hand.scenario)
    closed = facility in hand.scenario.close
    label = translate("去掉这处新增") if facility in opened else translate("关闭这处设施")
    st.button(
        translate("恢复这处设施") if closed else label, key="close care",
        on_click=_close, args=(trying, hand, facility, opened, closed),
    )


def _close(
    trying: Trying, hand: AtHand, facility: str, opened: tuple[str, ...], closed: bool  # noqa: FBT001
) -> None:
    scenario = hand.scenario
    if closed:
        rest = tuple(each for each in scenario.close if each != facility)
        attempt_change(trying, hand, scenario.model_copy(update={"close": rest}))
        return
    try:
        attempt_change(trying, hand, with_closed(scenario, facility, opened=opened))
    except PlanningError as refusal:
        attempt_change(trying, hand, refusal)


def hint() -> str:
    """Return what the page is for, in one sentence."""
    return str(say("选一种手势，在地图上改；右侧立刻给出覆盖变化。改动自动保存为情景，可撤销。"))
