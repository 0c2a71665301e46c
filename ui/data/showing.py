"""Texts and tables that came from files, shown as they are: never as markdown, HTML or a script."""
# ruff: noqa: TID251 - this is the browser face

import re
from collections.abc import Iterable
from typing import Any, Final

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from geo.language import Message, spoken

ROW_PX, TABLE_PX_MAX = 34, 460
LONGEST: Final = 2000  # characters of one text on the page
# Signs that show nothing, or turn the direction in which the rest of a line is read.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
)
_WIDE = frozenset({"message", "remedy", "note"})


def plain(value: Any) -> str:  # noqa: ANN401 - a table's cell
    """Return a value as a text of which every sign is seen; nothing where it is unknown."""
    if value is None or pd.isna(value) is True:
        return ""
    text = _UNSEEN.sub("·", str(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def seen_only(text: str) -> str:
    """Return a text without the signs that show nothing."""
    return _UNSEEN.sub("", text)


def show_lines(lines: Iterable[Message | str], *, key: str, bad: bool) -> None:
    """Show sentences in a box of their own, marked as a refusal or as good news."""
    kind = "care-refusal" if bad else "care-good"
    with st.container(key=f"{kind}-{key}", border=True):
        for line in lines:
            st.text(plain(line))


def show_table(
    table: pd.DataFrame, *, wide: Iterable[str] = (), widest: str = "", key: str | None = None
) -> None:
    """Show a table whose texts are shown as they are.

    wide
        Columns of long texts.
    widest
        The column that takes the room that the others leave.
    """
    shown = table.apply(_seen)
    config: dict[str, Any] = {
        str(name): st.column_config.Column(width=_width(shown[name], name in {*wide}, widest))
        for name in shown.columns
    }
    st.dataframe(
        shown, hide_index=True, row_height=ROW_PX, column_config=config, key=key,
        height=min(TABLE_PX_MAX, (len(shown) + 1) * ROW_PX + 3), placeholder="",
    )


def _width(column: "pd.Series[Any]", is_wide: bool, widest: str) -> Any:  # noqa: ANN401, FBT001
    if column.name == widest:
        return 420
    if is_wide:
        return "large"
    if not widest:
        return None
    return 66 if pd.api.types.is_numeric_dtype(column) else 112


def _seen(column: "pd.Series[Any]") -> "pd.Series[Any]":
    return column if pd.api.types.is_numeric_dtype(column) else column.map(plain)


def upload_box(name: str) -> DeltaGenerator:
    """Return a place for an uploader, whose own English words the style sheet puts right."""
    return st.container(key=f"care-upload-{spoken()}-{name}")


def nothing(words: Message) -> None:
    """Say in a quiet line that there is nothing here."""
    st.caption(str(words))
