"""What adds up in a ledger: the columns that hold amounts, and the amounts of its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.ledgers.header_rows import Header
from geo.ledgers.numbers import Cells, read_numbers
from geo.schema import Column, Schema

Grid = Sequence[Sequence[Any]]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Amount:
    """A column that holds what can be added up.

    at
        Where it stands.
    scale
        What its plain figures are multiplied by: 100 under 户数（百户）.
    """

    at: int
    column: Column
    scale: float = 1.0


def amounts_of(header: Header, schema: Schema) -> list[Amount]:
    """Return the columns that hold what can be added up."""
    return [
        Amount(at, column, header.matching.times(column.name)) for column in schema.columns
        if column.kind in {"count", "number"} and column.unit != "year"
        for at in [header.matching.columns.get(column.name)] if at is not None
    ]


def figures_of(grid: Grid, positions: Sequence[int], amounts: Sequence[Amount]) -> Floats:
    """Return the amounts of rows as the layer has them, one row a line; NaN where unknown."""
    return _read(grid, positions, amounts, fractions=False)


def sums_of(grid: Grid, positions: Sequence[int], amounts: Sequence[Amount]) -> Floats:
    """Return the amounts of rows of sums, also where no row of data could hold them: 30.5 户."""
    return _read(grid, positions, amounts, fractions=True)


def _read(
    grid: Grid, positions: Sequence[int], amounts: Sequence[Amount], *, fractions: bool
) -> Floats:
    found = np.full((len(positions), len(amounts)), np.nan)
    for line, amount in enumerate(amounts):
        values = np.empty(len(positions), dtype=object)
        values[:] = [cell_of(grid[position], amount.at) for position in positions]
        # The layer itself tells what is changed or doubted in them.
        cells = Cells(values, np.asarray(positions, dtype=np.int64), "", "", "", amount.scale)
        found[:, line], _ = read_numbers(
            cells, whole=amount.column.kind == "count" and not fractions,
            unit=amount.column.unit, none=amount.column.none,
        )
    return found


def cell_of(cells: Sequence[Any], at: int) -> object:
    """Return a cell of a row; None beyond its end."""
    return cells[at] if at < len(cells) else None
