"""Texts and tables that came from files, shown as they are: never as markdown, HTML or a script."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Iterable
from typing import Any, Final

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from geo.language import Message, spoken
from ui.seen import LONGEST, plain

ROW_PX, WRAPPED_PX, TABLE_PX_MAX = 34, 66, 466  # texts wrap in rows of more than 64 pixels
# The table breaks a line at a space even where Chinese goes on: `3 个小区` would be two lines.
_BEFORE_CHINESE: Final = r"(?<=\d) (?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff]) (?=\d)"
CHINESE_PX, LATIN_PX, MARGIN_PX = 14, 7.5, 18
TEXT_PX_MAX, WIDEST_PX, WIDE_PX = 210, 330, 420  # the widest grows where there is room
MEASURED: Final = 200  # rows that are looked at for the longest text


def show_lines(lines: Iterable[Message | str], *, key: str, bad: bool) -> None:
    """Show sentences in a box of their own, marked as a refusal or as good news."""
    kind = "care-refusal" if bad else "care-good"
    with st.container(key=f"{kind}-{key}", border=True):
        for line in lines:
            st.text(plain(line))


def show_table(
    table: pd.DataFrame,
    *,
    wide: Iterable[str] = (),
    widest: str = "",
    key: str | None = None,
    counted: Iterable[str] = (),
) -> None:
    """Show a table whose texts are shown as they are; long ones on several lines.

    wide
        Columns of long texts.
    widest
        The column that takes the room that the others leave.
    counted
        Columns of counts, shown with thousands separators.
    """
    long, counts = {*wide, widest}, {*counted}
    shown = table.apply(lambda column: _seen(column, unbroken=column.name in long))
    widths = {str(name): _width(shown[name], name in long, widest) for name in shown.columns}
    config: dict[str, Any] = {
        # Where one column is to grow, it alone has no width.
        name: (
            st.column_config.NumberColumn(width=width, format="localized") if name in counts
            else st.column_config.Column(width=None if name == widest else width)
        )
        for name, width in widths.items()
    }
    wrapped = any(
        width is not None and width < _text_px(shown[name]) for name, width in widths.items()
    )
    row_px = WRAPPED_PX if wrapped else ROW_PX
    st.dataframe(
        shown, hide_index=True, row_height=row_px, column_config=config, key=key,
        height=min(TABLE_PX_MAX, len(shown) * row_px + ROW_PX + 3), placeholder="",
    )


def _width(column: "pd.Series[Any]", is_wide: bool, widest: str) -> int | None:  # noqa: FBT001
    """Return the pixels of a column; None where the browser may choose."""
    if column.name == widest:
        return WIDEST_PX
    if is_wide:
        return WIDE_PX
    if not widest:
        return None
    least = _px(str(column.name)) + MARGIN_PX
    return max(least, min(_text_px(column), TEXT_PX_MAX))


def _text_px(column: "pd.Series[Any]") -> int:
    """Return the pixels that the longest text of a column takes."""
    return max(map(_px, column.head(MEASURED)), default=0) + MARGIN_PX


def _px(text: object) -> int:
    """Return about how many pixels a text takes on one line."""
    signs = str(text)[:LONGEST]
    return round(sum(CHINESE_PX if sign > "\u2e7f" else LATIN_PX for sign in signs))


def _seen(column: "pd.Series[Any]", *, unbroken: bool) -> "pd.Series[Any]":
    """Return a column as it is shown; `unbroken`: figures stay on one line with what they count."""
    if pd.api.types.is_numeric_dtype(column):
        return column
    texts = column.map(plain)
    return texts.str.replace(_BEFORE_CHINESE, "\u00a0", regex=True) if unbroken else texts


def upload_box(name: str) -> DeltaGenerator:
    """Return a place for an uploader, whose own English words the style sheet puts right."""
    return st.container(key=f"care-upload-{spoken()}-{name}")


def nothing(words: Message) -> None:
    """Say in a quiet line that there is nothing here."""
    st.caption(str(words))
