"""A number that somebody asks about, and the answer that analysis gives."""
# ruff: noqa: TID251 - this is the browser face

from dataclasses import dataclass
from typing import Final

import streamlit as st

from analysis.coverage.by_area import CELLS
from analysis.evaluation import Evaluation
from analysis.explaining.explained_table import UNCOVERED, explain_cell, explain_uncovered
from analysis.explaining.explanation import Explanation, explain
from geo.language import translate

ASKED: Final = "why is asked"


@dataclass(frozen=True)
class Question:
    """Which number is asked about.

    area
        Id of a boundary, estate or facility; None is the whole study as summary.json has it.
    level
        Where the number is a cell of the table by area: the level of that table.
    """

    key: str
    area: str | None = None
    level: str = ""


def ask(question: Question) -> None:
    """Remember what is asked; the page answers when it has been drawn."""
    st.session_state[ASKED] = question


def answer(evaluation: Evaluation, question: Question) -> Explanation:
    """Return why the number is what it is. Errors: PlanningError where nobody knows it."""
    if question.level and question.area is not None and question.key in CELLS:
        return explain_cell(
            evaluation, question.key, area=question.area, level=question.level
        )
    if question.key == UNCOVERED and question.area is None:
        return explain_uncovered(evaluation)
    return explain(evaluation, question.key, question.area)


def why_button(question: Question, *, key: str, label: str = "", about: str = "") -> None:
    """Show a small button that asks why a number is what it is.

    about
        What the number is, for those who hear the page.
    """
    st.button(
        label or translate("为什么"), key=f"why {key}", type="tertiary", on_click=ask,
        args=(question,), help=about or None,
    )
