"""What is kept beside a study: said once it is done, and taken back with one press."""
# ruff: noqa: TID251 - this is the browser face

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import streamlit as st

from analysis.kept_beside import first_asking
from geo.errors import PlanningError, StudyError
from geo.language import Message, say, translate
from ui.data.showing import show_lines


@dataclass(frozen=True)
class Seen:
    """A file beside a study as it was when the page was drawn: what has passed decides nothing."""

    file: Path
    digest: str

    @classmethod
    def now(cls, file: Path) -> Self:
        """Return a file as it is now; one that is not there has no digest."""
        try:
            return cls(file, hashlib.sha256(file.read_bytes()).hexdigest())
        except OSError:
            return cls(file, "")

    @classmethod
    def as_written(cls, file: Path, text: str) -> Self:
        """Return a file as it is right after a text was written into it."""
        return cls(file, hashlib.sha256(text.encode()).hexdigest())

    def require_unchanged(self) -> None:
        """Refuse what was decided before another window wrote. Errors: StudyError."""
        if Seen.now(self.file) != self:
            raise StudyError(
                say("另一个窗口刚才改过 {file}，这一步没有做。本页已换成最新的内容，请看过再做。",
                    file=self.file.name)
            )  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What became of the last try to keep something.

    undo
        Takes it back; None where there is nothing to take back.
    left
        The file as it was left.
    """

    lines: tuple[Message, ...]
    bad: bool = False
    undo: Callable[[], None] | None = None
    left: Seen | None = None


def attempt(part: str, keep: Callable[[], Said], seen: Seen | None) -> None:
    """Try to keep something, and remember what there is to say of it until the next try.

    It is kept only where the file is as it was seen: asked at once, and again under the lock.

    seen
        None for what is begun anew: nothing of it was there to be seen.
    """
    try:
        if seen is None:
            said = keep()
        else:
            seen.require_unchanged()
            with first_asking(seen.file, seen.require_unchanged):
                said = keep()
            said = replace(said, left=Seen.now(seen.file))
    except PlanningError as refusal:
        said = Said(refusal.messages, bad=True)
    st.session_state[f"said of {part}"] = said


def is_said(part: str) -> bool:
    """Return whether there is anything to say of the last try."""
    said: Said | None = st.session_state.get(f"said of {part}")
    return said is not None and bool(said.lines)


def show_said(part: str) -> None:
    """Show what became of the last try, with a button that takes it back, if anything is told."""
    if not is_said(part):
        return
    said: Said = st.session_state[f"said of {part}"]
    show_lines(said.lines, key=part, bad=said.bad)
    if said.undo is not None and said.left is not None:
        st.button(
            translate("撤销刚才的保存"), key=f"undo {part}", on_click=_undo,
            args=(part, said.undo, said.left),
        )


def _undo(part: str, undo: Callable[[], None], left: Seen) -> None:
    def keep() -> Said:
        undo()
        return Said((say("已撤销，恢复到保存之前。"),))

    attempt(part, keep, left)


def show_taking_back(
    part: str, kept: Sequence[str], dropping: Callable[[int], Callable[[], Said]], file: Path,
    *, which: str, off: bool = False,
) -> None:
    """Show what was kept before, to choose one of it and take it back.

    kept
        What each is called.
    dropping
        Gives what takes back the one at a position.
    which
        The question, in the language now spoken.
    """  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom"):
        at = st.selectbox(
            which, range(len(kept)), index=None, width=460, placeholder=translate("请选择"),
            format_func=lambda number: kept[number], key=f"{part} to take back {len(kept)}",
        )  # fmt: skip
        chosen = () if at is None else (part, dropping(at), Seen.now(file))
        st.button(
            translate("撤销选中的"), disabled=off or at is None, key=f"take back {part}",
            on_click=attempt, args=chosen,
        )  # fmt: skip


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
