"""Tables as files to take along: CSV that Excel reads, in which no text is run."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from analysis.explaining.row_words import code_word, heading
from report.printed import in_words
from report.tables import write_csv


def rows_csv(rows: pd.DataFrame) -> bytes:
    """Return the rows behind a figure: headings and codes in words, figures unrounded to three."""
    told = in_words(rows)
    for name in told.columns:
        if not pd.api.types.is_numeric_dtype(told[name]):
            told[name] = told[name].map(lambda cell, name=name: _told(name, cell))
    return csv_bytes(told.rename(columns={name: heading(str(name)) for name in told.columns}))


def csv_bytes(table: pd.DataFrame) -> bytes:
    """Return a table as CSV, UTF-8 with a byte order mark; texts like formulas are made inert."""
    with TemporaryDirectory(prefix="carecircle-") as folder:
        path = Path(folder) / "rows.csv"
        write_csv(table.apply(_plain), path, written=_whole_as_whole)
        return path.read_bytes()


def _plain(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return numbers with gaps as plain floats, which are the ones that are written our way."""
    return column.astype("float64") if pd.api.types.is_float_dtype(column) else column


def _whole_as_whole(value: float) -> str:
    """Return a number as people write it: 59.0 is 59."""
    return f"{value:.0f}" if value.is_integer() else repr(float(value))


def _told(name: str, cell: object) -> object:
    return code_word(name, cell) if isinstance(cell, str) else cell
