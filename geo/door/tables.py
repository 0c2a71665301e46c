"""A ledger as plain JSON: every cell with its kind, so that it comes back as it was read."""

import datetime as dt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.door.notes import noted, told
from geo.ledgers.ledger import Table

_TIMES = {"date": dt.date, "datetime": dt.datetime, "time": dt.time}


def noted_table(table: Table) -> dict[str, Any]:
    """Return a table as plain JSON values."""
    return {
        "headers": list(table.headers),
        "columns": [[_plain(cell) for cell in column.tolist()] for column in table.columns],
        "rows": table.rows.tolist(),
        "header_row": int(table.header_row),
        "findings": [noted(finding) for finding in table.findings],
        "levels": [list(level) for level in table.levels],
    }


def told_table(note: dict[str, Any]) -> Table:
    """Return the table that was noted. Errors: KeyError, TypeError or ValueError for another."""
    rows = np.array([int(row) for row in note["rows"]], dtype=np.int64)
    columns = tuple(_column(cells, len(rows)) for cells in note["columns"])
    return Table(
        tuple(str(header) for header in note["headers"]), columns, rows, int(note["header_row"]),
        tuple(told(finding) for finding in note["findings"]),
        levels=tuple(tuple(str(text) for text in level) for level in note["levels"]),
    )


def _plain(cell: object) -> Any:  # noqa: ANN401 - whatever JSON can hold
    if cell is None or isinstance(cell, str | bool | int):
        return cell
    if isinstance(cell, float):
        return cell if np.isfinite(cell) else {"number": str(cell)}
    if isinstance(cell, dt.timedelta):
        return {"seconds": cell.total_seconds()}
    if isinstance(cell, dt.datetime):  # a date too, so it is asked first
        return {"datetime": cell.isoformat()}
    if isinstance(cell, dt.date | dt.time):
        return {type(cell).__name__: cell.isoformat()}
    return str(cell)


def _cell(note: Any) -> Any:  # noqa: ANN401 - a cell of any kind
    if not isinstance(note, dict):
        return note if note is None or isinstance(note, str | bool | int | float) else str(note)
    (kind, value), = note.items()
    if kind == "number":
        return float(value)
    if kind == "seconds":
        return dt.timedelta(seconds=float(value))
    return _TIMES[kind].fromisoformat(value)  # type: ignore[attr-defined]


def _column(notes: list[Any], count: int) -> NDArray[Any]:
    if len(notes) != count:
        raise ValueError
    column = np.empty(count, dtype=object)
    for at, note in enumerate(notes):
        column[at] = _cell(note)
    return column
