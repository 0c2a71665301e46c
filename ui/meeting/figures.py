"""Few figures in large type: share, people left out, rooms, and what a scenario changes."""
# ruff: noqa: TID251 - this is the browser face

import streamlit as st

from analysis.evaluation import Evaluation
from geo.language import Message, say
from report.figures import NOTHING, number
from ui.figures import Figure, card, figures

SHOWN = (0, 1, 2, 4)  # of the page's figures: reach, left out, rate of estates, lacking rooms


def show_large(evaluation: Evaluation, baseline: Evaluation | None) -> None:
    """Show the figures that a meeting agrees on, each with its denominator under it."""
    every = figures(evaluation)
    shown = [every[place] for place in SHOWN]
    if baseline is not None:
        shown.insert(1, _change(evaluation, baseline))
    cards = "".join(card(each.label, each.value, each.lines[0]) for each in shown)
    st.html(f'<div class="care-large">{cards}</div>')


def _change(evaluation: Evaluation, baseline: Evaluation) -> Figure:
    covered, was = (
        each.summary["coverage"]["covered_60plus"] for each in (evaluation, baseline)
    )
    known = None not in (covered, was)
    before: Message = say("现状可达 {people} 人", people=number(was))
    return Figure(
        say("可达人数增减"), f"{covered - was:+,.0f}" if known else NOTHING, (before,),
        key="covered_60plus",
    )
