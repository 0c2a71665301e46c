"""Land cells: 10 m squares near the streets, put on them once per study and kept."""

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from geo.cells import grid_points
from geo.nearest_street import StreetIndex
from geo.places import NOBODY, Exits, Grounds, Points, put_on_streets
from geo.streets.network import Floats, Ints

CELL_M = 10.0
LAND_FORMAT = 1


@dataclass(frozen=True)
class Land:
    """Land cells near the streets and their ways out; cell (row, column) of one fixed grid.

    origin
        Row and column numbers of the first row and column of the field.
    shape
        Rows and columns of the field.
    cell
        Position of each cell in the flattened field.
    exits
        The ways out, one point a cell.
    """

    origin: tuple[int, int]
    shape: tuple[int, int]
    cell: Ints
    exits: Exits

    def centres(self) -> tuple[Floats, Floats]:
        """Return x of every column and y of every row of the field, in metres."""
        row, column = self.origin
        x = (column + np.arange(self.shape[1]) + 0.5) * CELL_M
        y = (row + np.arange(self.shape[0]) + 0.5) * CELL_M
        return x.astype(np.float64), y.astype(np.float64)


def put_land_on_streets(index: StreetIndex, grounds: Grounds, *, snap_max_m: float) -> Land:
    """Return the land cells within `snap_max_m` of usable streets, and their ways out.

    A cell inside an estate leaves as the estate does: by its entrances, its own ground free.
    """
    network = index.network
    vertices = network.vertex_xy[np.repeat(index.usable, np.diff(network.vertex_start))]
    low = np.floor((vertices.min(axis=0) - snap_max_m) / CELL_M).astype(int)
    high = np.ceil((vertices.max(axis=0) + snap_max_m) / CELL_M).astype(int)
    columns, rows = (int(n) for n in high - low)
    x = (low[0] + np.arange(columns) + 0.5) * CELL_M
    y = (low[1] + np.arange(rows) + 0.5) * CELL_M
    owner = np.full(rows * columns, NOBODY, dtype=np.int64)
    inside = grid_points(grounds.polygons, CELL_M)
    column = np.rint(inside.x / CELL_M - 0.5).astype(np.int64) - low[0]
    row = np.rint(inside.y / CELL_M - 0.5).astype(np.int64) - low[1]
    on_field = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    # Where estates overlap the first one counts: written last.
    flat = (row * columns + column)[on_field][::-1]
    owner[flat] = inside.owner[on_field][::-1]
    points = Points(np.tile(x, rows), np.repeat(y, columns), owner)
    exits = put_on_streets(index, points, snap_max_m=snap_max_m, grounds=grounds)
    return _only_cells_with_exits((int(low[1]), int(low[0])), (rows, columns), exits)


def _only_cells_with_exits(
    origin: tuple[int, int], shape: tuple[int, int], exits: Exits
) -> Land:
    cell, point = np.unique(exits.point, return_inverse=True)
    kept = Exits(
        point=point.astype(np.int64),
        street=exits.street,
        offset_mm=exits.offset_mm,
        off_street_mm=exits.off_street_mm,
        by_entrance=exits.by_entrance,
        reason=np.full(len(cell), "", dtype=object),
    )
    return Land(origin, shape, cell, kept)


def save_land(land: Land, path: Path, *, key: str) -> None:
    """Write the land cells beside a study (NumPy .npz, no pickle), whole or not at all.

    key
        sha256 of all that the cells depend on; `load_land` asks for the same.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    exits = land.exits
    with draft.open("wb") as file:
        np.savez(
            file,
            format=np.array(LAND_FORMAT),
            key=np.array(key),
            frame=np.array([*land.origin, *land.shape], dtype=np.int64),
            cell=land.cell.astype(np.int32),
            point=exits.point.astype(np.int32),
            street=exits.street.astype(np.int32),
            offset_mm=exits.offset_mm.astype(np.int32),
            off_street_mm=exits.off_street_mm.astype(np.int32),
            by_entrance=exits.by_entrance,
        )
    draft.replace(path)


def load_land(path: Path, *, key: str) -> Land | None:
    """Return land cells saved under the same key; None where there are none, or stale ones."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as saved:
            if int(saved["format"]) != LAND_FORMAT or str(saved["key"]) != key:
                return None
            row, column, rows, columns = (int(n) for n in saved["frame"])
            cell = saved["cell"].astype(np.int64)
            exits = Exits(
                point=saved["point"].astype(np.int64),
                street=saved["street"].astype(np.int64),
                offset_mm=saved["offset_mm"].astype(np.int64),
                off_street_mm=saved["off_street_mm"].astype(np.int64),
                by_entrance=saved["by_entrance"],
                reason=np.full(len(cell), "", dtype=object),
            )
    except (OSError, ValueError, TypeError, LookupError, EOFError, zipfile.BadZipFile):
        return None
    return Land((row, column), (rows, columns), cell, exits)


def land_key(*parts: object) -> str:
    """Return the sha256 over everything that land cells depend on."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part if isinstance(part, bytes) else repr(part).encode()
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return digest.hexdigest()
