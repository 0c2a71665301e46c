"""Land cells: 10 m squares near the streets, put on them once per study and kept."""

import hashlib
import zipfile
import zlib
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import shapely

from geo.ground.beside_barriers import Beside, beside_barriers, leave_alike
from geo.ground.cells import grid_points
from geo.streets.network import Floats, Ints
from geo.walks.nearest_street import StreetIndex
from geo.walks.places import NOBODY, Exits, Grounds, Points, put_on_streets

CELL_M = 10.0
LAND_FORMAT = 3
ALIKE_MM = 15_000  # a cell and a point next to it that leave alike: about a cell's diagonal apart
MOST_CELLS = 8_000_000  # 800 km², a field of which takes a gigabyte; wider land comes in tiles
TILE_CELLS = 1200  # along the side of a tile
MOST_TILES = 150  # about half a second each: wider than any city with its country
MOST_PIECES = 1_000_000  # that long streets are cut into to find their tiles
MARGIN_CELLS = 4  # that tiles share with their neighbours, so that what is drawn on both agrees
STRIPE_CELLS = 1_000_000  # put on the streets at once

# What opening a file that holds no land, or a damaged one, can raise.
_DAMAGE = (
    OSError, ValueError, TypeError, LookupError, EOFError, MemoryError, RuntimeError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip

Bounds = tuple[float, float, float, float]
Frame = tuple[tuple[int, int], tuple[int, int]]  # first row and column; rows and columns


@dataclass(frozen=True)
class Land:
    """Land cells near the streets and their ways out; cell (row, column) of one fixed grid.

    origin
        Row and column numbers of the first row and column of the field.
    shape
        Rows and columns of the field.
    cell
        Position of each cell in the flattened field.
    beside
        Points beside barriers that leave otherwise than the cells next to them.
    exits
        The ways out: one point a cell, then one point for each of `beside`.
    """

    origin: tuple[int, int]
    shape: tuple[int, int]
    cell: Ints
    beside: Beside
    exits: Exits

    def centres(self) -> tuple[Floats, Floats]:
        """Return x of every column and y of every row of the field, in metres."""
        row, column = self.origin
        x = (column + np.arange(self.shape[1]) + 0.5) * CELL_M
        y = (row + np.arange(self.shape[0]) + 0.5) * CELL_M
        return x.astype(np.float64), y.astype(np.float64)


def put_land_on_streets(
    index: StreetIndex, grounds: Grounds, *, snap_max_m: float, within: Bounds | None = None
) -> Land | None:
    """Return the land cells within `snap_max_m` of usable streets or in estates, and their exits.

    within
        West, south, east and north in metres beyond which no land is wanted.

    A cell inside an estate leaves as the estate does: by its entrances, its own ground free.
    None where the field would have more than `MOST_CELLS`.
    """
    if not land_fits(index, grounds, snap_max_m=snap_max_m, within=within):
        return None
    frame = _frame(index, grounds, snap_max_m, within)
    _, (rows, columns) = frame
    owners = _owners(frame, grounds)
    stripe = max(1, STRIPE_CELLS // max(columns, 1))
    parts = [
        _stripe(index, grounds, frame, owners, range(first, min(first + stripe, rows)), snap_max_m)
        for first in range(0, rows, stripe)
    ]
    return _with_points_beside(_only_cells_with_exits(frame, parts), index, grounds, snap_max_m)


def land_fits(
    index: StreetIndex, grounds: Grounds, *, snap_max_m: float, within: Bounds | None = None
) -> bool:
    """Return whether the field of this land has at most `MOST_CELLS`."""
    _, (rows, columns) = _frame(index, grounds, snap_max_m, within)
    return rows * columns <= MOST_CELLS


def tiles_of_land(
    index: StreetIndex, grounds: Grounds, *, snap_max_m: float, within: Bounds | None = None
) -> list[Bounds] | None:
    """Return the bounds of tiles, in metres, that together hold this land.

    Tiles without streets and estates are left out. None where more than `MOST_TILES` are left.
    """
    frame = _frame(index, grounds, snap_max_m, within)
    (first_row, first_column), (rows, columns) = frame
    boxes = np.concatenate([
        _boxes_of_streets(index, snap_max_m, within),
        shapely.bounds(shapely.get_parts(grounds.polygons[grounds.is_land])).reshape(-1, 4),
    ])  # fmt: skip
    numbers = _tiles_under(boxes, frame)
    if numbers is None:
        return None
    tiles = []
    for row, column in numbers * TILE_CELLS + np.array([first_row, first_column]):
        north = min(row + TILE_CELLS, first_row + rows) * CELL_M
        east = min(column + TILE_CELLS, first_column + columns) * CELL_M
        tiles.append((float(column * CELL_M), float(row * CELL_M), float(east), float(north)))
    return tiles


def _boxes_of_streets(index: StreetIndex, snap_max_m: float, within: Bounds | None) -> Floats:
    """Return bounds of the land along short pieces of usable streets; none for those far off."""
    network = index.network
    inner = np.repeat(index.usable, np.diff(network.vertex_start))[:-1]
    inner[network.vertex_start[1:-1] - 1] = False  # from one street to the next
    begin, end = network.vertex_xy[:-1][inner], network.vertex_xy[1:][inner]
    if within is not None:
        low, high = np.minimum(begin, end) - snap_max_m, np.maximum(begin, end) + snap_max_m
        here = ((high >= within[:2]) & (low <= within[2:])).all(axis=1)
        begin, end = begin[here], end[here]
    length_m = np.hypot(*(end - begin).T)
    piece_m = max(TILE_CELLS * CELL_M / 2, float(length_m.sum()) / MOST_PIECES)
    count = np.maximum(np.ceil(length_m / piece_m), 1).astype(np.int64)
    segment = np.repeat(np.arange(len(count)), count)
    nth = np.arange(len(segment)) - np.repeat(np.cumsum(count) - count, count)
    step = ((end - begin) / count[:, None])[segment]
    one = begin[segment] + nth[:, None] * step
    low, high = np.minimum(one, one + step), np.maximum(one, one + step)
    return np.hstack([low - snap_max_m, high + snap_max_m])


def _tiles_under(boxes: Floats, frame: Frame) -> Ints | None:
    """Return row and column numbers of the tiles of a field under any box; None for too many."""
    (first_row, first_column), (rows, columns) = frame
    across = -(-columns // TILE_CELLS)
    first = np.array([first_column, first_row, first_column, first_row])
    last = np.array([columns, rows, columns, rows]) - 1
    cell = np.floor(boxes / CELL_M).astype(np.int64) - first
    on_field = (cell[:, 2:] >= 0).all(axis=1) & (cell[:, :2] <= last[:2]).all(axis=1)
    west, south, east, north = (np.clip(cell[on_field], 0, last) // TILE_CELLS).T
    wide = east - west + 1
    many = wide * (north - south + 1)
    if many.max(initial=0) > MOST_TILES:
        return None
    box = np.repeat(np.arange(len(many)), many)
    up, along = np.divmod(np.arange(len(box)) - np.repeat(np.cumsum(many) - many, many), wide[box])
    number = np.unique((south[box] + up) * across + west[box] + along)
    if len(number) > MOST_TILES:
        return None
    return np.column_stack(np.divmod(number, max(across, 1)))


def widened(bounds: Bounds) -> Bounds:
    """Return the bounds of a tile with its margin."""
    west, south, east, north = bounds
    margin = MARGIN_CELLS * CELL_M
    return west - margin, south - margin, east + margin, north + margin


def _frame(
    index: StreetIndex, grounds: Grounds, snap_max_m: float, within: Bounds | None
) -> Frame:
    """Return the first row and column of the field, and how many there are of each."""
    network = index.network
    vertices = network.vertex_xy[np.repeat(index.usable, np.diff(network.vertex_start))]
    low, high = vertices.min(axis=0) - snap_max_m, vertices.max(axis=0) + snap_max_m
    estates = grounds.polygons[grounds.is_land]
    if len(estates):
        west, south, east, north = shapely.total_bounds(estates)
        low = np.fmin(low, [west, south])
        high = np.fmax(high, [east, north])
    if within is not None:
        low, high = np.maximum(low, within[:2]), np.minimum(high, within[2:])
    first = np.floor(low / CELL_M).astype(int)
    count = np.maximum(np.ceil(high / CELL_M).astype(int) - first, 0)
    return (int(first[1]), int(first[0])), (int(count[1]), int(count[0]))


def _owners(frame: Frame, grounds: Grounds) -> Ints:
    """Return the estate around each cell of the field, the first of several, else `NOBODY`."""
    (first_row, first_column), (rows, columns) = frame
    owner = np.full(rows * columns, NOBODY, dtype=np.int64)
    west, south, east, north = shapely.bounds(grounds.polygons).reshape(-1, 4).T / CELL_M
    near = (west < first_column + columns) & (east > first_column)
    near &= grounds.is_land
    near = np.flatnonzero(near & (south < first_row + rows) & (north > first_row))
    inside = grid_points(grounds.polygons[near], CELL_M)
    column = np.rint(inside.x / CELL_M - 0.5).astype(np.int64) - first_column
    row = np.rint(inside.y / CELL_M - 0.5).astype(np.int64) - first_row
    on_field = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    flat = (row * columns + column)[on_field][::-1]  # the first estate is written last
    owner[flat] = near[inside.owner[on_field]][::-1]
    return owner


def _stripe(
    index: StreetIndex,
    grounds: Grounds,
    frame: Frame,
    owners: Ints,
    rows: range,
    snap_max_m: float,
) -> Exits:
    """Return the exits of some rows of the field; points are numbered as in the whole field."""
    (first_row, first_column), (_, columns) = frame
    x = (first_column + np.arange(columns) + 0.5) * CELL_M
    y = (first_row + np.array(rows) + 0.5) * CELL_M
    some = slice(rows.start * columns, rows.stop * columns)
    points = Points(np.tile(x, len(rows)), np.repeat(y, columns), owners[some])
    exits = put_on_streets(index, points, snap_max_m=snap_max_m, grounds=grounds)
    return replace(exits, point=exits.point + some.start, reason=np.zeros(0, dtype=object))


def _only_cells_with_exits(frame: Frame, parts: list[Exits]) -> Land:
    origin, shape = frame
    on_field = np.concatenate([np.zeros(0, dtype=np.int64), *(part.point for part in parts)])
    first = np.diff(on_field, prepend=-1) > 0  # exits stand in the order of their points
    cell, point = on_field[first], np.cumsum(first) - 1
    names = ("street", "offset_mm", "off_street_mm", "by_entrance")
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in names if parts
    }
    if not parts:
        none = np.zeros(0, dtype=np.int64)
        columns = dict.fromkeys(names, none) | {"by_entrance": none.astype(bool)}
    reason = np.full(len(cell), "", dtype=object)
    exits = Exits(point=point, reason=reason, **columns)
    return Land(origin, shape, cell, Beside.nothing(), exits)


def _with_points_beside(
    land: Land, index: StreetIndex, grounds: Grounds, snap_max_m: float
) -> Land:
    """Return the land with those points beside barriers that its cells do not stand for."""
    beside = beside_barriers(index.barriers, *land.centres())
    if not len(beside):
        return land
    found = put_on_streets(
        index, grounds.around(beside.x, beside.y), snap_max_m=snap_max_m, grounds=grounds
    )
    cells = len(land.cell)
    exits = _joined(land.exits, found)
    at = np.searchsorted(land.cell, beside.near)
    near = np.where(np.append(land.cell, -1)[at] == beside.near, at, -1)
    alike = leave_alike(exits, cells + np.arange(len(beside)), near, within_mm=ALIKE_MM)
    kept = ~alike | (beside.near < 0)
    number = np.cumsum(kept) - 1
    rows = kept[found.point]
    some = Exits(
        number[found.point[rows]], found.street[rows], found.offset_mm[rows],
        found.off_street_mm[rows], found.by_entrance[rows], np.full(kept.sum(), "", dtype=object),
    )  # fmt: skip
    return replace(land, beside=beside.take(kept), exits=_joined(land.exits, some))


def _joined(one: Exits, other: Exits) -> Exits:
    """Return the exits of the points of both, those of the other behind."""
    other = replace(other, point=other.point + one.count)
    columns = zip(vars(one).values(), vars(other).values(), strict=True)
    return Exits(*(np.concatenate(pair) for pair in columns))


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
            **{f"beside_{name}": column for name, column in vars(land.beside).items()},
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
            names = (part.name for part in fields(Beside))
            beside = Beside(**{name: saved[f"beside_{name}"] for name in names})
            exits = Exits(
                point=saved["point"].astype(np.int64),
                street=saved["street"].astype(np.int64),
                offset_mm=saved["offset_mm"].astype(np.int64),
                off_street_mm=saved["off_street_mm"].astype(np.int64),
                by_entrance=saved["by_entrance"],
                reason=np.full(len(cell) + len(beside), "", dtype=object),
            )
    except _DAMAGE:
        return None
    return Land((row, column), (rows, columns), cell, beside, exits)


def land_key(*parts: object) -> str:
    """Return the sha256 over everything that land cells depend on."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part if isinstance(part, bytes) else repr(part).encode()
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return digest.hexdigest()
