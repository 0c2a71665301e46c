"""Finding the best sites: a question in plain words, asked by a press, answered below."""
# ruff: noqa: TID251 - this is the browser face

from dataclasses import replace
from typing import Final

import streamlit as st

from geo.errors import PlanningError
from geo.language import Message, say, translate
from ui.data.showing import show_lines
from ui.progress import silent, with_progress
from ui.scenarios.at_hand import AtHand
from ui.siting.answers import Answer, Question, answer_to, is_answered
from ui.siting.found import show_found
from ui.siting.questions import SECONDS, ask, ask_years
from ui.siting.trying import Trying

ASKED: Final = "siting question asked"


def show_finding(trying: Trying, hand: AtHand) -> None:
    """Show the question, and the answer to the one last asked."""
    try:
        question = _question(trying, hand)
    except PlanningError as refusal:
        show_lines(refusal.messages, key="question", bad=True)
        return
    # Whoever walks otherwise has not asked yet.
    key = f"{ASKED} {trying.key} {tuple(trying.choice.walking.items())}"

    def remember() -> None:
        st.session_state[key] = question

    st.button(
        translate("开始找"), type="primary", key="find sites", on_click=remember,
        help=str(say("最多 {seconds:.0f} 秒；到时给出目前最好的，并说明离最优最多差多少。",
                     seconds=SECONDS)),
    )  # fmt: skip
    asked: Question | None = st.session_state.get(key)
    place = st.empty()
    if asked is None:
        st.caption(translate("选好问题后按“开始找”。现有设施都保留，新点从备选点中选。"))
        return
    if asked.key != question.key:
        st.caption(translate("上面的条件已经改了；下面还是上一次的答案，按“开始找”更新。"))
    answer = _answered(asked, place)
    if answer is not None:
        show_found(trying, answer)


def _question(trying: Trying, hand: AtHand) -> Question:
    evaluation = trying.base.evaluation
    asked = ask(evaluation)
    means = ask_years(evaluation.study.on.year + 1)
    choice = trying.choice
    if not hand.is_baseline and not hand.is_unread and _upon_scenario():
        choice = replace(choice, scenario=hand.scenario)
    return Question(choice, asked, means)


def _upon_scenario() -> bool:
    return st.checkbox(
        translate("在当前情景的基础上找"), key="siting upon scenario",
        help=translate("不勾选：从现状出发。勾选：当前情景里新增、关闭的都算已经做了。"),
    )


def _answered(asked: Question, place: st.delta_generator.DeltaGenerator) -> Answer | None:
    """Return the answer; None where the question is refused, which is then said."""
    try:
        if is_answered(asked):
            return answer_to(asked, progress=silent)
        return with_progress(place, lambda tell: answer_to(asked, progress=tell))
    except PlanningError as refusal:
        show_lines(_plain(refusal.messages), key="question", bad=True)
        return None


def _plain(lines: tuple[Message, ...]) -> tuple[Message, ...]:
    return (say("没有找："), *lines)
