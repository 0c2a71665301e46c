"""Merged cells below the header: a text or date fills its rows, an amount stands once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.findings import Finding
from geo.language import Message, say
from geo.ledgers.numbers import is_missing
from geo.ledgers.workbook import Area
from geo.schema import READ_POSITION, Column, Schema

# Amounts of several rows together; a year or a degree is the same for each of them.
_AMOUNTS = {"count", "number"}
_NO_AMOUNTS = {"year", "degrees"}
# Columns that group rows, whose blanks often mean “as above”.
_GROUPS = ("street", "community", "parent")
_ROWS_NAMED = 20


@dataclass(frozen=True)
class Body:
    """The data of a ledger before it becomes a table.

    rows
        Row numbers as the file shows them.
    names
        Position -> column of the layer.
    """

    columns: Sequence[NDArray[Any]]
    rows: NDArray[np.int64]
    headers: Sequence[str]
    names: Mapping[int, str]
    schema: Schema
    file: str


def fill_merged(body: Body, merged: Sequence[Area]) -> list[Finding]:
    """Give each row of a vertically merged cell its value, in place, and tell it.

    A merged amount is not repeated: one figure for three rows would then count three times. An id
    is not repeated either.
    """
    columns, rows, schema = body.columns, body.rows, body.schema
    kinds = {column.name: column for column in (*schema.columns, *READ_POSITION)}
    findings: list[Finding] = []
    filled = 0
    for (top, left), (bottom, _) in merged:
        first, inside = _rows_within(rows, top, bottom)
        if left not in body.names or not len(inside) or is_missing(columns[left][first]):
            continue
        column = kinds[body.names[left]]
        told: tuple[Message, Message] | None = None
        if is_amount(column) or column.name == "id":
            told = (
                say("合并单元格中的数只归首行，第 {last} 行为止的其余各行为空。", last=bottom + 1),
                say("请取消合并，逐行填写。"),
            )
        else:
            columns[left][inside] = columns[left][first]
            filled += 1
        if column.name == "name":
            told = (
                say("名称合并了多行，读作 {count} 条同名记录。", count=len(inside) + 1),
                say("若是同一处，请合为一行。"),
            )
        if told is not None:
            findings.append(
                Finding("warning", schema.layer, *told, body.file, top + 1, body.headers[left])
            )
    if filled:
        message = say("{count} 处合并单元格，按首格的值填满各行。", count=filled)
        findings.append(Finding("info", schema.layer, message, file=body.file))
    return findings


def _rows_within(
    rows: NDArray[np.int64], top: int, bottom: int
) -> tuple[int, NDArray[np.intp]]:
    """Return the position of the first row of a merged area and of those below it; none: empty."""
    first = int(np.searchsorted(rows, top + 1))
    if bottom <= top or first == len(rows) or rows[first] != top + 1:
        return 0, np.array([], dtype=np.intp)
    return first, np.arange(first + 1, np.searchsorted(rows, bottom + 1, side="right"))


def blanks_as_above(body: Body) -> list[Finding]:
    """Return findings about columns that group rows and are blank below a value."""
    findings = []
    for position, name in body.names.items():
        if name not in _GROUPS:
            continue
        blank = np.array([is_missing(cell) for cell in body.columns[position]], dtype=bool)
        # A column that is empty from the top groups nothing.
        if not blank.any() or blank.all() or blank[0]:
            continue
        at = body.rows[blank]
        rows = "、".join(map(str, at[:_ROWS_NAMED]))
        message = say(
            "{count} 行空白（第 {rows} 行），没有合并单元格，不按上一行填写，按未知处理。",
            count=len(at), rows=rows,
        ) if len(at) <= _ROWS_NAMED else say(
            "{count} 行空白（第 {rows} 行等），没有合并单元格，不按上一行填写，按未知处理。",
            count=len(at), rows=rows,
        )  # fmt: skip
        remedy = say("若与上一行相同，请逐行填上。")
        findings.append(Finding("warning", body.schema.layer, message, remedy, body.file,
                                column=body.headers[position]))
    return findings


def is_amount(column: Column) -> bool:
    """Tell whether a column holds what adds up, so that a figure counts once; no year or degree."""
    return column.kind in _AMOUNTS and column.unit not in _NO_AMOUNTS
