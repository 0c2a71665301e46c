"""Finding the best sites: a question in plain words, asked by a press, answered below."""
# ruff: noqa: TID251 - this is the browser face

from dataclasses import replace
from typing import Final

import streamlit as st

from geo.errors import PlanningError
from geo.language import Message, say, speak, translate
from ui.data.showing import show_lines
from ui.scenarios.at_hand import AtHand
from ui.siting.answers import Answer, Question, seek_again, sought
from ui.siting.found import show_found
from ui.siting.questions import SECONDS, ask, ask_years
from ui.siting.redraw import PARTS
from ui.siting.trying import Trying

ASKED: Final = "siting question asked"
PATIENCE_S: Final = 1.0  # within which an answer comes at once
EVERY_S: Final = 1.0


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
        seek_again(question)

    st.button(
        translate("开始找"), type="primary", key="find sites", on_click=remember,
        help=str(say("最多 {seconds:.0f} 秒；到时给出目前最好的，并说明离最优最多差多少。",
                     seconds=SECONDS)),
    )  # fmt: skip
    asked: Question | None = st.session_state.get(key)
    if asked is None:
        st.caption(str(say(
            "选好问题后按“开始找”，最多约 {seconds:.0f} 秒，等的时候可以取消。"
            "现有设施都保留，新点从备选点中选。", seconds=SECONDS)))  # fmt: skip
        return
    if not sought(asked).is_done(within_s=PATIENCE_S):
        _show_waiting(asked, key)
        return
    if asked.key != question.key:
        st.caption(translate("上面的条件已经改了；下面还是上一次的答案，按“开始找”更新。"))
    answer = _answered(asked)
    if answer is not None:
        show_found(trying, answer)


@st.fragment(run_every=EVERY_S)
def _show_waiting(asked: Question, key: str) -> None:
    """Show how far a search is, and a button that asks for it no more; look again in a second."""
    speak(st.session_state["language"])  # a fragment runs in a context of its own
    search = sought(asked)
    if search.is_done(within_s=0):
        st.rerun()  # only a callback may name a part of the page
    what, _ = search.step
    told = say("{what}：已用 {seconds:.0f} 秒，最多约 {most:.0f} 秒", what=what,
               seconds=search.seconds, most=SECONDS)  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center", key="care-waiting"):
        st.progress(min(search.seconds / SECONDS, 1.0), text=str(told))
        st.button(
            translate("取消"), key="find no more", on_click=_ask_no_more, args=(key,),
            help=translate("不再等这个答案，情景不变。已经开始的求解在后台到时自行结束。"),
        )  # fmt: skip


def _ask_no_more(key: str) -> None:
    st.session_state.pop(key, None)
    st.rerun([PARTS])


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


def _answered(asked: Question) -> Answer | None:
    """Return the answer; None where the question is refused, which is then said."""
    try:
        return sought(asked).answer()
    except PlanningError as refusal:
        show_lines(_plain(refusal.messages), key="question", bad=True)
        return None


def _plain(lines: tuple[Message, ...]) -> tuple[Message, ...]:
    return (say("没有找："), *lines)
