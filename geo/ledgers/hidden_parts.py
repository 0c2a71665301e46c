"""Rows and columns that a sheet hides and that are read all the same, told by their numbers."""

from collections.abc import Sequence
from typing import Any

from geo.findings import Severity
from geo.language import Message, say
from geo.ledgers.column_letters import column_letters
from geo.ledgers.numbers import is_missing
from geo.ledgers.sheet_xml import SheetXml

_NAMED = 20


def hidden_parts(
    said: SheetXml, grid: Sequence[Sequence[Any]]
) -> list[tuple[Severity, Message, int | None]]:
    """Return what is said of hidden rows and columns that have cells in them."""
    rows = sorted({
        row for row in said.hidden_rows
        if row < len(grid) and not all(map(is_missing, grid[row]))
    })
    width = max(map(len, grid), default=0)
    columns = sorted({
        column for column in said.hidden_columns if column < width
        and any(column < len(row) and not is_missing(row[column]) for row in grid)
    })
    notes: list[tuple[Severity, Message, int | None]] = []
    if rows:
        message = say("表中有隐藏的行（第 {rows} 行，共 {count} 行），已照常读入，请核对。",
                      rows=_listed([row + 1 for row in rows]), count=len(rows))
        notes.append(("warning", message, rows[0] + 1))
    if columns:
        message = say("表中有隐藏的列（{columns}，共 {count} 列），已照常读入，请核对。",
                      columns=_listed([column_letters(at) for at in columns]), count=len(columns))
        notes.append(("warning", message, None))
    if said.hidden and not said.hidden_rows and not said.hidden_columns:
        notes.append(("warning", say("表中有隐藏的行或列，已照常读入，请核对。"), None))
    return notes


def _listed(names: Sequence[object]) -> str:
    return "、".join(map(str, names[:_NAMED])) + ("…" if len(names) > _NAMED else "")
