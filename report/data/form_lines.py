"""Rows of a form that came back: what is typed in them, and what the form asked for there."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from analysis.filled_cells import PLACE, FilledCell
from geo.errors import LayerError
from geo.language import say
from geo.layers import read_column
from geo.ledgers.headers import match_headers
from geo.ledgers.ledger import Table
from geo.ledgers.numbers import figure, is_missing
from geo.schema import Schema
from report.data.asked import column_named
from report.data.form import ASKED, ASKED_BETWEEN, FILE, ROW, beside

_WHO: Final = ("id",)


@dataclass(frozen=True)
class Line:
    """One row of a form.

    cells
        All that hold something, by column, as they were typed.
    asked
        Columns that the form asked for in this row, as it calls them; None: it does not say.
    """

    cells: tuple[FilledCell, ...]
    asked: frozenset[str] | None


def lines_of(table: Table, schema: Schema, form: str, coordinates: str) -> Iterator[Line]:
    """Yield every row of a sheet, its cells as they were typed."""
    found = match_headers(table.headers, schema).columns
    if "id" not in found:
        raise LayerError(say("{file}：没有“编号”列，不是待补数据表。", file=form))
    texts = {
        name: read_column(table.cells(found[name], schema.layer, form), schema.column(name))[0]
        for name in ("id", "name", "street") if name in found
    }  # fmt: skip
    texts = {name: column.fillna("") for name, column in texts.items()}
    of_form, asked = beside(table, ROW), beside(table, ASKED)
    files = beside(table, FILE)
    for at, number in enumerate(table.rows):
        who: dict[str, Any] = {name: str(column.iloc[at]) for name, column in texts.items()}
        who["file"] = "" if files is None or is_missing(files[at]) else text_of(files[at])
        who["row"] = _row_number(None if of_form is None else of_form[at])
        cells = [
            FilledCell(layer=schema.layer, column=name, form=form, form_row=int(number),
                       value=text_of(table.columns[column][at]),
                       coordinates=coordinates if name in PLACE else "", **who)
            for name, column in found.items()
            if name not in _WHO and not is_missing(table.columns[column][at])
        ]  # fmt: skip
        words = None if asked is None or is_missing(asked[at]) else frozenset(
            str(asked[at]).split(ASKED_BETWEEN)
        )
        yield Line(tuple(cells), words)


def _row_number(cell: Any) -> int:  # noqa: ANN401 - a cell is whatever the reader gives
    text = "" if cell is None or is_missing(cell) else text_of(cell)
    return int(text) if text.isdecimal() else 0


def text_of(value: Any) -> str:  # noqa: ANN401 - a cell is whatever the reader gives
    """Return a cell as a text: figures without needless decimals, dates as 2025-12-31."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return figure(float(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, dt.date) else str(value).strip()


def is_asked(cell: FilledCell, asked: frozenset[str] | None, schema: Schema) -> bool:
    """Tell whether a form asks for a cell, or does not say what it asks for."""
    return asked is None or column_named(schema, cell.column).chinese in asked
