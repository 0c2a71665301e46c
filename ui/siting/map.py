"""The map of a scenario: things as they stand, what differs, and gestures that change it."""
# ruff: noqa: TID251 - this is the browser face

import math
from collections.abc import Mapping
from typing import Any, Final, get_args

import streamlit as st
from streamlit_folium import st_folium

from analysis.explaining.parameter_words import CATEGORY_NAMES
from analysis.what_if.live import Changed
from geo.language import say, speak, translate
from ui.chosen import remembered, worded
from ui.map import offline
from ui.map.layers import MapState, Mode, care_map, varying, view_name
from ui.map.legend import legend
from ui.saving import is_said, show_said
from ui.scenarios.at_hand import PART, AtHand, at_hand, redo, undo
from ui.scenarios.choosing import show_unread
from ui.siting.changing import attempt_change
from ui.siting.facility import show_chosen
from ui.siting.gains import GAINS_SHOWN, choose_gains, show_spots, waited_for
from ui.siting.gestures import NewCare, after, is_gesture
from ui.siting.outcome import show_outcome, show_streets
from ui.siting.redraw import MAP, Drawn, after_gesture, drawn
from ui.siting.trying import Trying

MAP_HEIGHT_PX: Final = 620
IN_VAIN: Final = "gesture in vain"
MODES: Final = tuple(mode for mode in get_args(Mode) if mode != "ask")


@st.fragment(key=MAP)
def show_map(trying: Trying, drawn_with: Drawn) -> None:
    """Show the map, what the scenario gives and its streets; a gesture runs only this part again.

    drawn_with
        The scenario that the sidebar shows: once another is at hand, the whole page is drawn anew.
    """
    speak(st.session_state["language"])  # a fragment runs in a context of its own
    hand = at_hand(trying.study)
    if drawn(hand) != drawn_with:
        st.rerun()
    changed = trying.changed(hand.scenario)
    left, right = st.columns([7, 3], gap="small")
    with left:
        new = _show_tools(trying, hand)
        gains = trying.gain_token(hand.scenario) if _gains_wanted() else ""
        # As high whatever it says: the map below stays where it is, under the hand that clicks.
        with st.container(key="care-told"):
            if hand.is_unread:
                show_unread(hand)
            elif is_said(PART):
                show_said(PART)
            else:
                st.caption(hint())
        _show_map(trying, hand, changed, new, gains)
    with right, st.container(key="care-side"):
        lower_bound = trying.base.evaluation.summary["coverage"]["lower_bound"]
        show_outcome(changed, lower_bound=lower_bound)
        best = st.container()
        show_chosen(trying, hand)
        with st.container(key="care-streets"):
            show_streets(changed, lower_bound=lower_bound)
    if gains:  # last: a gesture's own figures do not wait for what takes seconds
        with best:
            _show_spots(trying, hand, new)


def _gains_wanted() -> bool:
    return bool(st.session_state.get(GAINS_SHOWN))


def _show_tools(trying: Trying, hand: AtHand) -> NewCare:
    """Show what the next gesture does, and what is opened by a click."""
    words = _mode_words()
    with st.container(horizontal=True, vertical_alignment="bottom", key="care-tools"):
        mode = st.segmented_control(
            translate("在地图上"), MODES, default=MODES[remembered("mode", MODES)],
            format_func=lambda code: words[code], key=worded("mode"), required=True,
            label_visibility="collapsed", disabled=hand.is_unread,
        )
        st.session_state["mode"] = mode
        st.button(
            translate("撤销"), icon="↩️", on_click=_step, args=(hand, undo),
            disabled=hand.is_unread or not hand.steps,
            help=translate("撤销本次打开页面以来的上一步改动"),
        )
        st.button(
            translate("重做"), icon="↪️", on_click=_step, args=(hand, redo),
            disabled=hand.is_unread or not hand.undone, help=translate("恢复刚才撤销的一步"),
        )
    with st.container(horizontal=True, vertical_alignment="center", key="care-new"):
        new = _show_new_care(trying)
        choose_gains()
    return new


def _step(hand: AtHand, go: Any) -> None:  # noqa: ANN401 - undo or redo
    go(hand)
    after_gesture()


def _mode_words() -> dict[str, str]:
    return {
        "choose": translate("查看"), "open": translate("新增设施"), "move": translate("移动设施"),
        "gate": translate("开出入口"), "link": translate("修通道"), "block": translate("设阻断"),
    }  # fmt: skip


def _show_new_care(trying: Trying) -> NewCare:
    """Show what is opened where the map or a best spot is clicked."""
    may_be_empty = translate("可不填")
    st.text(translate("新增的是"))
    category = st.selectbox(
        translate("类别"), trying.categories, key=worded("new care"), width=190,
        index=remembered("new category", trying.categories), label_visibility="collapsed",
        format_func=lambda code: str(CATEGORY_NAMES[code]), placeholder=translate("请选择"),
    )
    area = st.number_input(
        translate("建筑面积（㎡）"), min_value=0.0, max_value=100_000.0, step=50.0,
        value=st.session_state.get("new floor area"), key=worded("new area"), width=185,
        placeholder=f"㎡ {may_be_empty}", label_visibility="collapsed",
        help=translate("新增设施的建筑面积；不填为未知，配建核查时不算面积"),
    )
    st.session_state["new category"], st.session_state["new floor area"] = category, area
    return NewCare(category, area)


def _show_map(
    trying: Trying, hand: AtHand, changed: Changed, new: NewCare, gains: str
) -> None:
    offline.install()
    chosen_key, map_key = f"chosen for siting {trying.key}", f"siting map {trying.key}"

    def take() -> None:
        told = (st.session_state.get(map_key) or {}).get("last_active_drawing")
        if is_gesture(told):
            take_gesture(trying, hand, told, new)
            if at_hand(trying.study).scenario == hand.scenario:  # what it drew means nothing
                st.session_state[IN_VAIN] = _moment(told)
            after_gesture()
        else:
            st.session_state[chosen_key] = told

    tokens = {**trying.tokens(changed), **({"gains": gains} if gains else {})}
    with st.container(key="care-map"):
        state = MapState(
            tokens, colouring="reach", selected=st.session_state.get(chosen_key),
            mode="choose" if hand.is_unread else st.session_state["mode"],
            in_vain=st.session_state.get(IN_VAIN),
        )
        st_folium(
            care_map(
                legend(editing=True), trying.base.bounds, gesture="edit",
                keep=view_name(trying.base.evaluation.study),
            ),
            key=map_key, height=MAP_HEIGHT_PX, use_container_width=True,
            returned_objects=["last_active_drawing"],
            feature_group_to_add=varying(state), on_change=take,
        )


def _moment(told: Mapping[str, Any]) -> float | None:
    """Return when the browser says that a gesture was made, which tells it from others."""
    at = told.get("at")
    return float(at) if isinstance(at, (int, float)) and math.isfinite(at) else None


def take_gesture(trying: Trying, hand: AtHand, told: Mapping[str, Any], new: NewCare) -> None:
    """Change the scenario as a gesture says, or say why not."""
    attempt_change(trying, hand, lambda: after(told, hand.scenario, trying.live, new=new))


def _show_spots(trying: Trying, hand: AtHand, new: NewCare) -> None:
    def open_at(lon: float, lat: float) -> None:
        told = {"gesture": "open", "spots": [[lon, lat]]}
        take_gesture(trying, hand, told, new)
        after_gesture()

    _, spots = waited_for(trying.gains(hand.scenario))
    show_spots(spots, open_at, off=hand.is_unread)


def hint() -> str:
    """Return what the page is for, in one sentence."""
    return str(say("选一种手势，在地图上改；右侧立刻给出覆盖变化。改动自动保存为情景，可撤销。"))
