"""Few figures in large type: share, people left out, rooms, and what a scenario changes."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import streamlit as st

from analysis.evaluation import Evaluation
from analysis.explaining.explained_table import UNCOVERED
from geo.language import Message, say
from report.briefing.figures import LACKING
from report.figures import NOTHING, number
from ui.figures import Figure, card, figures
from ui.why.question import Question, why_button

# Of each figure the lines under it, by place; what more there is to say stands behind the button.
SHOWN: Final[Mapping[str, tuple[int, ...]]] = MappingProxyType(
    {"share_60plus": (0,), UNCOVERED: (1,), "rate": (0, 1), "share_areas": (0,), LACKING: (0, 1)}
)
LONG: Final = 8  # signs of a value that take smaller letters


def show_large(evaluation: Evaluation, baseline: Evaluation | None) -> None:
    """Show the figures that a meeting agrees on: what each is of, and why it is what it is."""
    shown = [_short(each, evaluation) for each in figures(evaluation) if each.key in SHOWN]
    if baseline is not None:
        shown.insert(1, _change(evaluation, baseline))
    with st.container(key=f"care-large-row-{len(shown)}"):
        for figure in shown:
            with st.container(key=f"care-large-{figure.key}"):
                made = card(figure.label, figure.value, *figure.lines)
                size = "care-long" if len(figure.value) > LONG else "care-short"
                st.html(f'<div class="care-large {size}">{made}</div>')
                about = say("{label}为什么是 {value}", label=figure.label, value=figure.value)
                why_button(Question(figure.key), key=f"card {figure.key}", about=str(about))


def _short(figure: Figure, evaluation: Evaluation) -> Figure:
    """Return a figure with the lines that say what it is of, on one line as a value."""
    lines = tuple(figure.lines[at] for at in SHOWN[figure.key] if at < len(figure.lines))
    if figure.key == UNCOVERED:
        everyone = evaluation.summary["coverage"]["elderly_60plus"]
        lines = (say("{people} 人中", people=number(everyone)), *lines)
    return replace(figure, lines=lines, value=figure.value.replace(" ", "\u00a0"))


def _change(evaluation: Evaluation, baseline: Evaluation) -> Figure:
    covered, was = (
        each.summary["coverage"]["covered_60plus"] for each in (evaluation, baseline)
    )
    known = None not in (covered, was)
    before: Message = say(
        "现状 {was} 人，情景 {now} 人", was=number(was), now=number(covered)
    )
    return Figure(
        say("可达人数增减"), f"{covered - was:+,.0f}" if known else NOTHING, (before,),
        key="covered_60plus",
    )
