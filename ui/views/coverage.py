"""The page 服务圈: the map, other paces and limits, coverage area by area and who is left out."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import streamlit as st

from analysis.evaluation import Evaluation
from geo.language import Message, say, translate
from ui.chosen import remembered, worded
from ui.circle.area_part import show_areas, show_uncovered
from ui.circle.on_demand import show_adequacy, show_equity, show_lost, show_tiers
from ui.lists import show_unreachable
from ui.map.with_card import show_map
from ui.page import opened
from ui.sensitivity import show_readings
from ui.why.dialog import show_answer

PARTS: Final[Mapping[str, tuple[Message, Callable[[Evaluation], None]]]] = MappingProxyType(
    {
        "areas": (say("分区域"), show_areas),
        "uncovered": (say("未覆盖清单"), show_uncovered),
        "adequacy": (say("够不够用"), show_adequacy),
        "equity": (say("高龄公平"), show_equity),
        "tiers": (say("三级网络"), show_tiers),
        "lost": (say("走不到的地点"), lambda one: show_lost(one, show_unreachable)),
    }
)


def show() -> None:
    """Show the page for the study chosen in the sidebar."""
    page = opened()
    if page is None:
        return
    evaluation = page.shown.evaluation
    show_readings(evaluation)
    show_map(page.shown)
    _show_part(evaluation)
    show_answer(evaluation)


def _show_part(evaluation: Evaluation) -> None:
    names = list(PARTS)
    chosen = st.segmented_control(
        translate("看什么"), names, format_func=lambda name: str(PARTS[name][0]),
        default=names[remembered("coverage part", names)], key=worded("coverage part"),
        required=True, label_visibility="collapsed",
    )
    st.session_state["coverage part"] = chosen
    with st.container(key="care-coverage-part"):
        PARTS[chosen or names[0]][1](evaluation)
