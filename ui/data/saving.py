"""What is kept beside a study: said once it is done, and taken back with one press."""
# ruff: noqa: TID251 - this is the browser face

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from geo.errors import PlanningError
from geo.language import Message, say, translate
from ui.data.showing import show_lines


@dataclass(frozen=True)
class Said:
    """What became of the last try to keep something.

    undo
        Takes it back; None where there is nothing to take back.
    """

    lines: tuple[Message, ...]
    bad: bool = False
    undo: Callable[[], None] | None = None


def attempt(part: str, keep: Callable[[], Said]) -> None:
    """Try to keep something, and remember what there is to say of it until the next try."""
    try:
        said = keep()
    except PlanningError as refusal:
        said = Said(refusal.messages, bad=True)
    st.session_state[f"said of {part}"] = said


def show_said(part: str) -> None:
    """Show what became of the last try, with a button that takes it back."""
    said: Said | None = st.session_state.get(f"said of {part}")
    if said is None:
        return
    show_lines(said.lines, key=part, bad=said.bad)
    if said.undo is not None:
        st.button(
            translate("撤销刚才的保存"), key=f"undo {part}", on_click=_undo, args=(part, said.undo)
        )


def _undo(part: str, undo: Callable[[], None]) -> None:
    def keep() -> Said:
        undo()
        return Said((say("已撤销，恢复到保存之前。"),))

    attempt(part, keep)


def forget(part: str) -> None:
    """Say no more of the last try."""
    st.session_state.pop(f"said of {part}", None)


def can_keep(study: Path) -> bool:
    """Return whether anything can be kept beside a study."""
    return os.access(study.resolve().parent, os.W_OK)


def show_cannot_keep(study: Path) -> bool:
    """Say in one sentence that nothing can be kept beside a study; return whether it is so."""
    if can_keep(study):
        return False
    line = say(
        "研究所在的文件夹不能写入，这里只能看，不能保存。请把研究连同数据复制到自己的文件夹，再从那里打开。"
    )
    show_lines([line], key="read-only", bad=True)
    return True
