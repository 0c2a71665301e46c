"""Prepared scenarios as buttons: one press, and every figure and the map are those of it."""
# ruff: noqa: TID251 - this is the browser face

from pathlib import Path

import streamlit as st

from analysis.kept_scenarios import kept_scenarios
from geo.language import translate
from ui.scenarios.at_hand import at_hand, look_at
from ui.seen import plain, unmarked
from ui.words import headed

TITLE_MAX = 14  # characters on a button; the whole title is its tooltip


def show_scenarios(study: Path) -> None:
    """Show things as they stand and each kept scenario as a button, the one looked at pressed."""
    kept, _ = kept_scenarios(study)
    if not kept:
        st.caption(translate("还没有情景。在“选址”页改动地图或求解后，这里会出现按钮。"))
        return
    number = at_hand(study).number
    with st.container(horizontal=True, width="content", key="care-scenarios"):
        _button(study, None, headed(translate("现状")), pressed=number is None)
        for each in kept:
            _button(study, each.number, plain(each.title), pressed=each.number == number)


def _button(study: Path, number: int | None, title: str, *, pressed: bool) -> None:
    short = title if len(title) <= TITLE_MAX else f"{title[:TITLE_MAX]}…"
    st.button(
        unmarked(short), key=f"meeting scenario {number}",
        type="primary" if pressed else "secondary",
        on_click=look_at, args=(study, number), help=unmarked(title) if short != title else None,
    )
