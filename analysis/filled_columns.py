"""Filled cells read among the other cells of their column, as the ledger would be."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from geo.findings import Finding
from geo.layers import read_column
from geo.ledgers.numbers import Cells
from geo.schema import Column

# Of these the other cells tell how one is to be understood: 3.5万 beside 300, 15 beside 2015.
_BESIDE: Final = ("count", "number", "date")
_DECEMBER, _LAST = 12, 31
_READ: Final = frozenset({"读作 {figure}。", "读作“{word}”。"})

READ_WITH_DOUBT: Final = frozenset({
    "读作 {figure}，请核对。",
    "年份只写了两位，读作 {figure}，请核对。",
    "像是丢了日期格式的 Excel 日序号，读作 {figure}，请核对。",
    "是说没有，读作 0；若是不知道，请留空。",
    "不完全等于“{word}”，读作“{word}”，请核对。",
    "写有两类，只能取一类：读作“{word}”，没有计入“{other}”。",
})
"""What is said of a cell that was read as something it may not mean, by its templates."""


def read_among(
    cells: Cells, column: Column, others: "pd.Series[Any]", rows: Sequence[int]
) -> tuple["pd.Series[Any]", list[Finding]]:
    """Return filled cells as what their column holds, and what is told of each of them.

    cells
        Those that were filled in, in one file.
    others
        The column of the rows of that file, as it was read.
    rows
        Position in it of each filled cell.

    What a cell was read as is told elsewhere, with its form.
    """
    given = np.full(len(others), None, dtype=object)
    if column.kind in _BESIDE:
        given[:] = [_as_cell(value) for value in others]
    numbers = np.zeros(len(others), dtype=np.int64)
    given[rows] = cells.values  # noqa: PD011 - cells of a form, not of a pandas series
    numbers[rows] = cells.rows
    values, findings = read_column(replace(cells, values=given, rows=numbers), column)
    mine = values.iloc[[*rows]].reset_index(drop=True)
    known: Mapping[int, bool] = dict(
        zip(cells.rows.tolist(), mine.notna().tolist(), strict=True)
    )
    told = [
        each for each in findings
        if each.row in known and each.row is not None
        and not (known[each.row]
                 and (each.severity == "info" or each.message.template in _READ))
    ]  # fmt: skip
    return mine, told


def _as_cell(value: Any) -> object:  # noqa: ANN401 - whatever a layer holds
    """Return a value as a ledger has it; a day that stands for its year is that year."""
    if value is None or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        of_year = (value.month, value.day) == (_DECEMBER, _LAST)
        return str(value.year) if of_year else value.to_pydatetime()
    return float(value)
