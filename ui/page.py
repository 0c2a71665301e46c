"""What every page of a study begins with: the sidebar, the evaluation, title and notice."""
# ruff: noqa: TID251 - this is the browser face

from dataclasses import dataclass

import streamlit as st

from geo.errors import PlanningError
from geo.language import say, translate
from ui.kept import Shown, evaluated, is_kept
from ui.progress import silent, with_progress
from ui.saving import forget
from ui.scenarios.at_hand import PART, at_hand
from ui.scenarios.choosing import show_unread
from ui.seen import plain
from ui.sidebar import Choice, choose


@dataclass(frozen=True)
class Opened:
    """What a page shows: what is asked for, and its evaluation."""

    choice: Choice
    shown: Shown


def opened(*, as_it_stands: bool = False) -> Opened | None:
    """Show the sidebar and the heading; None where there is nothing to show, which is then said.

    as_it_stands
        Whether the evaluation is that without the scenario at hand.
    """
    with st.sidebar:
        choice = choose()
    if choice is None:
        st.error(translate("没有找到研究区描述文件（data/*.study.toml）。"))
        return None
    shown = _evaluate(choice.baseline if as_it_stands else choice)
    if shown is None:
        return None
    _show_heading(choice, shown)
    if not as_it_stands:  # what became of a change is said where it was made, and nowhere else
        # Always there: the map below would else be mounted anew.
        with st.container(key="care-said"):
            show_unread(at_hand(choice.study))
            forget(PART)
    return Opened(choice, shown)


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
                st.text(plain(message))
        return None


def _show_heading(choice: Choice, shown: Shown) -> None:
    study = shown.evaluation.study
    with st.container(key="care-title", horizontal=True):
        with st.container(key="care-study", width="content"):
            st.text(plain(study.title))
        if choice.scenario != choice.baseline.scenario:
            with st.container(key="care-scenario", width="content"):
                st.text(plain(say("情景：{title}", title=choice.scenario.title)))
        if study.notice:
            with st.container(key="care-notice", width="content"):
                st.text(plain(study.notice))
