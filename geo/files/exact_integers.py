"""Long whole numbers read to the last digit: with an empty cell GDAL's columns come as floats.

A float64 holds 15 digits for certain; the ids of land parcels have 18 and more. The columns in
doubt, and only these, are read once more without their empty rows, which keeps them integers.
"""

import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError, FieldError

from geo.ledgers.ledger import Table

_EXACT_BELOW = 2.0**53  # every smaller whole number is a float64 too


def with_exact_integers(table: Table, path: Path, *, layer: str | None) -> Table:
    """Return a table read from a geographic file with its long integers exact, None where empty.

    A column that cannot be read again stays as it is.
    """
    lossy = [at for at, cells in enumerate(table.columns) if _is_lossy(cells)]
    if not lossy:
        return table
    columns = list(table.columns)
    for at in lossy:
        columns[at] = _read_again(columns[at], at, path, layer)
    return replace(table, columns=tuple(columns))


def _is_lossy(cells: NDArray[Any]) -> bool:
    if cells.dtype != np.float64:
        return False
    known = cells[np.isfinite(cells)]
    return bool(
        np.isnan(cells).any()
        and (np.abs(known) >= _EXACT_BELOW).any()
        and (np.floor(known) == known).all()
    )


def _read_again(cells: NDArray[Any], at: int, path: Path, layer: str | None) -> NDArray[Any]:
    known = ~np.isnan(cells)
    # The names of a .dbf are in any encoding: columns are told by their position.
    options = {"encoding": "ISO-8859-1"} if path.suffix.lower() == ".shp" else {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            _, rows, _, _ = pyogrio.raw.read(
                path, layer, columns=[], read_geometry=False, return_fids=True, **options
            )
            _, _, _, fields = pyogrio.raw.read(
                path, layer, fids=rows[known], read_geometry=False, **options
            )
    except (DataSourceError, DataLayerError, FieldError, OSError, ValueError, IndexError):
        return cells
    if fields[at].dtype.kind not in "iu":
        return cells
    exact = np.full(len(cells), None, dtype=object)
    exact[known] = fields[at].tolist()
    return exact
