"""The dialog 为什么是这个数: value, formula, denominator, clause, rows."""
# ruff: noqa: TID251 - this is the browser face

from typing import Final

import streamlit as st

from analysis.evaluation import Evaluation
from analysis.explaining.explained import parts_told
from analysis.explaining.explanation import Explanation
from analysis.explaining.parameter_words import parameter_words
from analysis.explaining.row_words import worded
from analysis.explaining.rule_words import CONFIDENCE
from analysis.rulebook import Rule
from geo.errors import PlanningError
from geo.language import Message, joined, say, speak, translate
from report.data.sheets import file_name
from report.printed import in_words
from ui.data.showing import show_table
from ui.seen import plain
from ui.why.printed import printed
from ui.why.question import ASKED, Question, answer
from ui.why.rows_file import rows_csv

ROWS_SHOWN: Final = 200


def show_answer(evaluation: Evaluation) -> None:
    """Open the dialog where a number was asked about; call it when the page has been drawn."""
    question = st.session_state.pop(ASKED, None)
    if question is None:
        return
    st.dialog(translate("为什么是这个数"), width="large")(_show)(evaluation, question)


def _show(evaluation: Evaluation, question: Question) -> None:
    speak(st.session_state.get("language", "zh"))  # a dialog runs in a context of its own
    try:
        with st.spinner(translate("正在查找依据…")):
            explanation = answer(evaluation, question)
    except PlanningError as refusal:
        for message in refusal.messages:
            st.text(plain(message))
        return
    _show_value(evaluation, explanation, question)
    _show_facts(explanation)
    _show_rule(explanation.rule)
    _show_rows(evaluation, explanation)


def _show_value(evaluation: Evaluation, explanation: Explanation, question: Question) -> None:
    with st.container(key="care-why-title"):
        st.text(plain(_title(evaluation, explanation, question)))
    with st.container(key="care-why-value"):
        st.text(printed(evaluation, explanation))


def _title(evaluation: Evaluation, explanation: Explanation, question: Question) -> Message:
    if question.area is None:
        return explanation.title
    name = area_name(evaluation, question.area)
    return say("{title}（{area}）", title=explanation.title, area=name)


def area_name(evaluation: Evaluation, area: str) -> str:
    """Return what a boundary, estate or facility is called; its id where it has no name."""
    known = {"ALL": translate("合计"), "OUTSIDE": translate("界外")}
    if area in known:
        return known[area]
    for layer in ("boundaries", "residential", "facilities"):
        frame = evaluation.study.layer(layer)
        if frame is None or "name" not in frame:
            continue
        named = frame.loc[frame["id"].astype("str").eq(area), "name"].dropna()
        if len(named):
            return str(named.iloc[0])
    return area


def _show_facts(explanation: Explanation) -> None:
    facts: list[tuple[Message, object]] = [(say("算式"), explanation.formula)]
    facts += parts_told(explanation)
    facts += [(say("说明"), note) for note in explanation.notes]
    if explanation.parameters:
        told = (joined(" ", *pair) for pair in parameter_words(explanation.parameters))
        facts.append((say("参数"), joined("；", *told)))
    with st.container(key="care-facts-why"):
        for label, text in facts:
            st.text(str(label))
            st.text(plain(text))


def _show_rule(rule: Rule | None) -> None:
    with st.container(key="care-clause-why"):
        if rule is None:
            st.text(translate("没有条文为这个数定标准。"))
            return
        st.text(plain(f"{rule.document} {rule.clause}".strip()))
        if rule.quote:
            st.text(plain(f"「{rule.quote}」"))
        since = say(
            "{confidence}；自 {since} 起", confidence=CONFIDENCE[rule.confidence],
            since=rule.in_force_from.isoformat(),
        )  # fmt: skip
        st.text(plain(since))


def _show_rows(evaluation: Evaluation, explanation: Explanation) -> None:
    rows = explanation.rows
    if rows.empty:
        st.caption(translate("这个数没有逐行明细。"))
        return
    shown = min(len(rows), ROWS_SHOWN)
    told = (
        say("明细 {count} 行，列出前 {shown} 行。", count=f"{len(rows):,}", shown=shown)
        if shown < len(rows) else say("明细 {count} 行。", count=len(rows))
    )  # fmt: skip
    language = st.session_state.get("language", "zh")

    def data() -> bytes:
        speak(language)  # the file is written in a context of its own
        return rows_csv(rows)

    with st.container(horizontal=True, vertical_alignment="center", key="care-why-rows"):
        st.caption(str(told))
        st.download_button(
            translate("下载全部明细（CSV）"), data, _file(evaluation, explanation), "text/csv",
            on_click="ignore", key="why rows",
        )
    show_table(worded(in_words(rows.head(ROWS_SHOWN))), key="why table")


def _file(evaluation: Evaluation, explanation: Explanation) -> str:
    parts = [evaluation.study.title, str(explanation.title)]
    parts += [] if explanation.area is None else [area_name(evaluation, explanation.area)]
    return f"{file_name('-'.join(parts))}.csv"
