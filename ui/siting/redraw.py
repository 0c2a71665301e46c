"""Which part of the page is drawn anew after a change, so that the rest costs nothing."""
# ruff: noqa: TID251 - this is the browser face

from typing import Final

import streamlit as st

from ui.scenarios.at_hand import AtHand

MAP, PARTS = "care-trying", "care-parts"  # keys of the fragments
EDIT, FIND, COMPARE, RELY = "edit", "find", "compare", "rely"
CODES: Final = (EDIT, FIND, COMPARE, RELY)
SHOWS_SCENARIO: Final = (EDIT, RELY)

Drawn = tuple[int | None, str]


def drawn(hand: AtHand) -> Drawn:
    """Return what the sidebar and the heading show of a scenario: its number and title."""
    return hand.number, hand.scenario.title


def part_shown() -> str:
    """Return which of the parts below the map is shown."""
    shown = st.session_state.get("siting part")
    return shown if shown in CODES else EDIT


def after_gesture() -> None:
    """Draw the map anew, and the part below where it shows the scenario; for callbacks only."""
    if part_shown() in SHOWS_SCENARIO:
        st.rerun([MAP, PARTS])


def after_edit() -> None:
    """Draw the map and the part below it anew; for callbacks only."""
    st.rerun([MAP, PARTS])
