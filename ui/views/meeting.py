"""The page for a meeting: what is agreed, large; a street answers when it is pointed at."""
# ruff: noqa: TID251 - this is the browser face

import streamlit as st

from analysis.evaluation import Evaluation
from geo.language import translate
from report.conclusions import conclusions
from ui.chosen import chosen_before
from ui.kept import Shown, evaluated
from ui.meeting.card import show_street
from ui.meeting.documents import show_documents
from ui.meeting.figures import show_large
from ui.meeting.map import choose_divided, show_map
from ui.meeting.scenarios import show_scenarios
from ui.page import Opened, opened
from ui.progress import silent
from ui.seen import plain
from ui.why.dialog import show_answer


def show() -> None:
    """Show the page for the study and the scenario at hand."""
    with st.container(key="care-meeting"):
        page = opened()
        if page is None:
            return
        with st.container(horizontal=True, vertical_alignment="center"):
            show_scenarios(page.choice.study)
            _show_switch()
            before = _before(page)
            if before is not None:
                choose_divided()
        evaluation = page.shown.evaluation
        baseline = None if before is None else before.evaluation
        show_large(evaluation, baseline)
        chosen = f"street for {page.shown.key}"
        left, right = st.columns([6, 4], gap="medium")
        with left:
            show_map(page.shown, before, chosen)
        with right, st.container(key="care-meeting-side"):
            show_street(evaluation, baseline, chosen)
            _show_sentences(evaluation, baseline)
        if not st.session_state["projected"]:
            show_documents(page.choice)
        show_answer(evaluation)


def _show_switch() -> None:
    """Show the switch that leaves nothing on the screen but what is shown to the meeting."""
    on = st.toggle(
        translate("放映"), value=chosen_before("projected", default=False), key="projected switch",
        help=translate("收起侧栏、放大字号并铺满屏幕；浏览器不允许时请按 F11。"),
    )
    st.session_state["projected"] = on
    if on:  # the style sheet asks for it
        st.container(key="care-projected").empty()


def _before(page: Opened) -> Shown | None:
    """Return things as they stand where a scenario is looked at."""
    if page.choice.scenario == page.choice.baseline.scenario:
        return None
    return evaluated(page.choice.baseline, progress=silent)


def _show_sentences(evaluation: Evaluation, baseline: Evaluation | None) -> None:
    with st.container(key="care-conclusions"):
        for sentence in conclusions(evaluation, baseline):
            st.text(plain(sentence))
