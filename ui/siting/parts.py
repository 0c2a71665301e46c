"""The parts below the map of siting: only the one chosen is computed and drawn."""
# ruff: noqa: TID251 - this is the browser face

import streamlit as st

from geo.language import speak, translate
from ui.chosen import worded
from ui.scenarios.at_hand import at_hand
from ui.siting.comparing import show_comparing
from ui.siting.editing import show_editing
from ui.siting.finding import show_finding
from ui.siting.redraw import (
    CODES,
    COMPARE,
    EDIT,
    FIND,
    PARTS,
    RELY,
    Drawn,
    drawn,
    part_shown,
)
from ui.siting.relying import show_relying
from ui.siting.trying import Trying


@st.fragment(key=PARTS)
def show_parts(trying: Trying, drawn_with: Drawn) -> None:
    """Show the choice of parts, and the chosen one.

    drawn_with
        As for the map: once another scenario is at hand, the whole page is drawn anew.
    """
    speak(st.session_state["language"])  # a fragment runs in a context of its own
    hand = at_hand(trying.study)
    if drawn(hand) != drawn_with:
        st.rerun()
    words = {
        EDIT: translate("编辑情景"), FIND: translate("找最优选址"),
        COMPARE: translate("多方案对比"), RELY: translate("单点依赖"),
    }  # fmt: skip
    part = st.segmented_control(
        translate("下面看什么"), CODES, default=part_shown(), format_func=words.__getitem__,
        key=worded("siting part chosen"), required=True, label_visibility="collapsed",
    )
    st.session_state["siting part"] = part
    shows = {
        EDIT: show_editing, FIND: show_finding, COMPARE: show_comparing, RELY: show_relying,
    }  # fmt: skip
    with st.container(key=f"care-part-{part}"):
        shows[str(part)](trying, hand)
