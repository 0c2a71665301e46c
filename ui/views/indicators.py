"""The page 指标: every indicator beside its target, what it is made of, and the years to come."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

import streamlit as st

from analysis.evaluation import Evaluation
from geo.language import Message, say, translate
from ui.chosen import remembered, worded
from ui.indicators.districts_part import BEHIND, show_behind
from ui.indicators.future_part import show_demand, show_forecast
from ui.indicators.ledger_part import show_ledger
from ui.page import opened
from ui.why.dialog import show_answer
from ui.words import headed

PARTS: Final[Mapping[str, tuple[Message, Callable[[Evaluation], None]]]] = MappingProxyType(
    {
        "ledger": (say("指标一览"), show_ledger),
        **{part: (title, partial(show_behind, part=part)) for part, (title, _) in BEHIND.items()},
        "forecast": (say("人口预测"), show_forecast),
        "demand": (say("分街道需求"), show_demand),
    }
)


def show() -> None:
    """Show the page for the study chosen in the sidebar."""
    page = opened()
    if page is None:
        return
    evaluation = page.shown.evaluation
    names = list(PARTS)
    chosen = st.segmented_control(
        translate("看什么"), names, format_func=lambda name: headed(PARTS[name][0]),
        default=names[remembered("indicator part", names)], key=worded("indicator part"),
        required=True, label_visibility="collapsed",
    )
    st.session_state["indicator part"] = chosen
    PARTS[chosen or names[0]][1](evaluation)
    show_answer(evaluation)
