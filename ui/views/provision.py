"""The page of the provision check: every estate, what it lacks, and what may be done about it."""
# ruff: noqa: TID251 - this is the browser face

import streamlit as st

from geo.language import say, translate
from ui.chosen import remembered, worded
from ui.data.showing import nothing
from ui.page import Opened, opened
from ui.provision.estates import show_estates
from ui.provision.head import show_head
from ui.provision.parcel import show_parcel
from ui.provision.pools import show_pools
from ui.why.dialog import show_answer
from ui.words import headed

LIST, POOLS, PARCEL = "estates", "pools", "parcel"


def show() -> None:
    """Show the page for the study chosen in the sidebar."""
    page = opened()
    if page is None:
        return
    if page.shown.evaluation.study.layer("residential") is None:
        nothing(say("这项研究没有小区图层，不能核查配建。请在研究文件的 [layers] 中加上。"))
        return
    show_head(page.shown.evaluation)
    _show_part(page, _choose_part())
    show_answer(page.shown.evaluation)


def _show_part(page: Opened, part: str) -> None:
    if part == POOLS:
        show_pools(page)
    elif part == PARCEL:
        show_parcel(page.shown)
    else:
        show_estates(page.shown)


def _choose_part() -> str:
    words = {
        LIST: translate("小区清单"), POOLS: translate("统筹建议"), PARCEL: translate("规划条件"),
    }  # fmt: skip
    part = st.segmented_control(
        translate("看什么"), list(words), default=[*words][remembered("provision part", [*words])],
        format_func=lambda part: headed(words[part]), key=worded("provision part strip"),
        required=True, label_visibility="collapsed",
    )  # fmt: skip
    st.session_state["provision part"] = part or LIST
    return str(part or LIST)
