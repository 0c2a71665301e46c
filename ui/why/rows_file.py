"""Tables as files to take along: CSV that Excel reads, in which no text is run."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pandas as pd

from analysis.explaining.row_words import code_word, heading
from report.printed import in_words
from report.tables import DECIMALS, DEGREES, write_csv

PLACE: Final = ("lon", "lat")


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
        write_csv(table.apply(_whole_as_whole), path)
        return path.read_bytes()


def _whole_as_whole(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return a column of numbers in which 59.0 is 59, as counts are written."""
    if not pd.api.types.is_float_dtype(column):
        return column
    known = column.astype("Float64").round(DEGREES if column.name in PLACE else DECIMALS)
    return known.astype(object).map(
        lambda value: int(value) if float(value).is_integer() else float(value),
        na_action="ignore",
    )


def _told(name: str, cell: object) -> object:
    return code_word(name, cell) if isinstance(cell, str) else cell
