"""A change of the scenario at hand: made where the study can bear it, else refused in a line."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Callable

import streamlit as st

from analysis.scenario import Scenario
from geo.errors import PlanningError
from geo.language import Message, say
from ui.saving import Said
from ui.scenarios.at_hand import PART, AtHand, change
from ui.siting.trying import Trying


def attempt_change(trying: Trying, hand: AtHand, make: Callable[[], Scenario]) -> bool:
    """Make the scenario another one; where it is refused, say why and change nothing.

    Return whether the study can bear it.
    """
    try:
        to = make()
        trying.changed(to)
    except PlanningError as refusal:
        refuse(refusal.messages)
        return False
    # What was said of the step before no longer stands; `change` says what becomes of this one.
    st.session_state.pop(f"said of {PART}", None)
    change(hand, to)
    _say_without_effect(trying, hand.scenario, to)
    return True


def _say_without_effect(trying: Trying, before: Scenario, after: Scenario) -> None:
    """Say that a change was made though no figure tells it; what is said already stays."""
    said: Said | None = st.session_state.get(f"said of {PART}")
    if said is not None and said.lines:
        return
    line = trying.without_effect(before, after)
    if line is not None:
        st.session_state[f"said of {PART}"] = Said((line,))


def refuse(lines: tuple[Message, ...]) -> None:
    """Say why something was not done: the first reason, and how many more there are."""
    first, rest = lines[0], len(lines) - 1
    told = say("{first}（另有 {rest} 处同样被拒）", first=first, rest=rest) if rest else first
    st.session_state[f"said of {PART}"] = Said((told,), bad=True)
