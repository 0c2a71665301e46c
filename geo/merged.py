"""Merged cells below the header: a text or date fills its rows, an amount stands once."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.findings import Finding
from geo.language import say
from geo.numbers import is_missing
from geo.schema import POSITION, Column, Schema
from geo.workbook import Area

# Amounts of several rows together; a year or a degree is the same for each of them.
_AMOUNTS = {"count", "number"}
_NO_AMOUNTS = {"year", "degrees"}
# Columns that group rows, whose blanks often mean “as above”.
_GROUPS = ("street", "community", "parent")
_ROWS_NAMED = 20


def fill_merged(
    columns: Sequence[NDArray[Any]],
    rows: NDArray[np.int64],
    merged: Sequence[Area],
    names: Mapping[int, str],
    schema: Schema,
    file: str,
) -> list[Finding]:
    """Give each row of a vertically merged cell its value, in place, and tell it.

    names
        Position -> column of the layer. A merged amount is not repeated: one figure for three
        rows would then count three times. An id is not repeated either.
    """
    kinds = {column.name: column for column in (*schema.columns, *POSITION)}
    findings: list[Finding] = []
    filled = 0
    for (top, left), (bottom, _) in merged:
        inside = np.flatnonzero((rows > top + 1) & (rows <= bottom + 1)) if bottom > top else ()
        if left not in names or not len(inside):
            continue
        column = kinds[names[left]]
        first = np.searchsorted(rows, top + 1)
        if first == len(rows) or rows[first] != top + 1 or is_missing(columns[left][first]):
            continue
        if _is_amount(column) or column.name == "id":
            message = say(
                "合并单元格中的数只归首行，第 {last} 行为止的其余各行为空。", last=bottom + 1
            )
            remedy = say("请取消合并，逐行填写。")
            findings.append(Finding("warning", schema.layer, message, remedy, file, top + 1,
                                    column.chinese))
            continue
        columns[left][inside] = columns[left][first]
        filled += 1
        if column.needed and column.name == "name":
            message = say("名称合并了多行，读作 {count} 条同名记录。", count=len(inside) + 1)
            remedy = say("若是同一处，请合为一行。")
            findings.append(Finding("warning", schema.layer, message, remedy, file, top + 1,
                                    column.chinese))
    if filled:
        message = say("{count} 处合并单元格，按首格的值填满各行。", count=filled)
        findings.append(Finding("info", schema.layer, message, file=file))
    return findings


def blanks_as_above(
    columns: Sequence[NDArray[Any]],
    rows: NDArray[np.int64],
    headers: Sequence[str],
    names: Mapping[int, str],
    schema: Schema,
    file: str,
) -> list[Finding]:
    """Return findings about columns that group rows and are blank below a value."""
    findings = []
    for position, name in names.items():
        if name not in _GROUPS:
            continue
        blank = np.array([is_missing(cell) for cell in columns[position]], dtype=bool)
        # A column that is empty from the top groups nothing.
        if not blank.any() or blank.all() or blank[0]:
            continue
        at = rows[blank]
        message = say(
            "{count} 行空白（第 {rows} 行），没有合并单元格，不按上一行填写，按未知处理。",
            count=len(at), rows="、".join(map(str, at[:_ROWS_NAMED])),
        )
        remedy = say("若与上一行相同，请逐行填上。")
        findings.append(Finding("warning", schema.layer, message, remedy, file,
                                column=headers[position]))
    return findings


def _is_amount(column: Column) -> bool:
    return column.kind in _AMOUNTS and column.unit not in _NO_AMOUNTS
