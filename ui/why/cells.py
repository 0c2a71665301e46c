"""Tables whose figures can be asked about: choose a cell, and buttons say why beside it."""
# ruff: noqa: TID251 - this is the browser face

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import pandas as pd
import streamlit as st

from geo.language import Message, say, translate
from ui.seen import plain
from ui.why.question import Question, why_button
from ui.words import headed

ROW_PX, TABLE_PX_MAX = 34, 466
MOST: Final = 8  # buttons beside one row
HINT: Final = say("点表中的数，这里可以看它为什么是这个数。")
DIGITS: Final[Mapping[str, int]] = MappingProxyType(
    {"people": 0, "m2": 0, "amount": 1, "fine": 3}
)
# From a row and the name of a column to what is asked there; None where nothing can be.
Asks = Callable[["pd.Series[Any]", str], Question | None]


@dataclass(frozen=True)
class Column:
    """How a column is headed and drawn.

    kind
        `name`, `text`, `people` (whole numbers), `share` (0-1), `bar` (a share drawn as one), `m2`,
        `amount` (one decimal), `fine` (three).
    help
        What the heading means, for whoever rests on it.
    """

    title: Message
    kind: str = "text"
    width: int | None = None
    help: Message | None = None


def show_cells(  # noqa: PLR0913 - a table, how it is drawn and what is asked of it
    table: pd.DataFrame,
    columns: Mapping[str, Column],
    *,
    key: str,
    asks: Asks,
    height_max: int = TABLE_PX_MAX,
    inks: Sequence[str] = (),
    hint: Message = HINT,
) -> None:  # fmt: skip
    """Show a table; above it the figure now chosen, with the button that asks why.

    inks
        The style of each row's `standing`; empty for none.

    table
        May hold more columns than are shown; its index is not looked at.
    """
    table = table.reset_index(drop=True)
    place = st.container(
        key=f"care-asked-of-{key}", horizontal=True, vertical_alignment="center"
    )
    chosen = st.dataframe(
        _inked(drawn(table, columns), columns, inks),
        hide_index=True, row_height=ROW_PX, key=f"cells {key}", placeholder="–",
        column_config={headed(column.title): _config(column) for column in columns.values()},
        height=min(height_max, (len(table) + 1) * ROW_PX + 3),
        on_select="rerun", selection_mode="single-cell",
    )
    cells = chosen["selection"]["cells"] if chosen else []
    named = {headed(column.title): name for name, column in columns.items()}
    with place:
        at = [(row, named[title]) for row, title in cells if row < len(table) and title in named]
        if not at:
            st.caption(str(hint))
            return
        row, name = at[0]
        _show_chosen(table.iloc[row], name, columns, key=key, asks=asks)


def drawn(table: pd.DataFrame, columns: Mapping[str, Column]) -> pd.DataFrame:
    """Return the columns under their headings: shares in percent, every sign of a text is seen."""
    shown = {}
    for name, column in columns.items():
        cells = table[name]
        if column.kind in ("share", "bar"):
            shown[headed(column.title)] = cells.astype("float64") * 100
        elif column.kind in DIGITS:
            digits = DIGITS[column.kind]
            shown[headed(column.title)] = cells.astype("Float64").round(digits)
        else:
            shown[headed(column.title)] = cells.map(plain)
    return pd.DataFrame(shown)


def _inked(shown: pd.DataFrame, columns: Mapping[str, Column], inks: Sequence[str]) -> Any:  # noqa: ANN401
    """Return the table with the standing of every row in its own ink."""
    if not inks:
        return shown
    name = headed(columns["standing"].title)
    return shown.style.apply(lambda _column: list(inks), subset=[name])


def _config(column: Column) -> Any:  # noqa: ANN401 - what Streamlit takes
    told: dict[str, Any] = {
        "width": column.width,
        "help": None if column.help is None else str(column.help),
    }
    if column.kind == "bar":
        return st.column_config.ProgressColumn(
            format="%.1f%%", min_value=0, max_value=100, **told
        )
    if column.kind == "share":
        return st.column_config.NumberColumn(format="%.1f%%", **told)
    if column.kind in DIGITS:
        return st.column_config.NumberColumn(format="localized", **told)
    return st.column_config.TextColumn(pinned=column.kind == "name" or None, **told)


def _show_chosen(
    row: "pd.Series[Any]",
    name: str,
    columns: Mapping[str, Column],
    *,
    key: str,
    asks: Asks,
) -> None:
    """Show buttons for the figure chosen; where a name is, for every figure of its row."""
    titled = next((row[one] for one, column in columns.items() if column.kind == "name"), "")
    st.text(plain(titled))
    own = asks(row, name)
    asked = {name: own} if own is not None else {one: asks(row, one) for one in columns}
    known = {one: question for one, question in asked.items() if question is not None}
    if len({*known.values()}) == 1:  # a row that tells one figure
        known = dict([*known.items()][:1])
    if not known:
        st.caption(translate("这一格没有可以追问的数。"))
    for one, question in [*known.items()][:MOST]:
        label = say("为什么：{title}", title=columns[one].title) if own is not None else (
            headed(columns[one].title)
        )
        why_button(question, key=f"{key} {one}", label=str(label))
