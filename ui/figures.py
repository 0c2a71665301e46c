"""The row of key figures: each with its denominator under it.

Only numbers and this project's own words stand in this HTML, never a text of the study.
"""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import streamlit as st

from analysis.evaluation import Evaluation
from geo.language import Message, joined, say
from report.briefing.figures import key_figures
from ui.why.question import Question, why_button

LINES_MAX: Final = 2  # under the value of a card


@dataclass(frozen=True)
class Figure:
    """One key figure: what it is, its value, and the lines that make it checkable.

    key
        By which it is asked why.
    """

    label: Message
    value: str
    lines: tuple[Message, ...]
    key: str


def show_figures(evaluation: Evaluation) -> None:
    """Show the key figures in one row, each with the button that asks why it is what it is."""
    show_row(figures(evaluation))


def show_row(row: Sequence[Figure]) -> None:
    """Show figures side by side; what is asked of them is answered where `show_answer` stands.

    Of many lines the first stand in the card, which would else push the map down; the rest are told
    to whoever rests on the button that asks why.
    """
    with st.container(key="care-figure-row"):
        for figure in row:
            with st.container(key=f"care-figure-{figure.key}"):
                shown = card(figure.label, figure.value, *figure.lines[:LINES_MAX])
                st.html(f'<div class="care-figures">{shown}</div>')
                about = say("{label}为什么是 {value}", label=figure.label, value=figure.value)
                told = joined("\n\n", about, *figure.lines[LINES_MAX:])
                why_button(Question(figure.key), key=f"card {figure.key}", about=str(told))


def figures(evaluation: Evaluation) -> list[Figure]:
    """Return the key figures of an evaluation, as the papers print them."""
    return [Figure(each.label, each.text, each.of, each.key) for each in key_figures(evaluation)]


def card(label: Message, value: str, *lines: Message) -> str:
    """Return one figure as HTML: what it is, its value, and the lines under it."""
    # The browser would break a line behind the sign that says how a figure is bounded.
    told = [escape(str(line)).replace("≥", "≥\u2060").replace("≤", "≤\u2060") for line in lines]
    small = "".join(f"<small>{line}</small>" for line in told)
    return f"<div><span>{escape(str(label))}</span><strong>{escape(value)}</strong>{small}</div>"
