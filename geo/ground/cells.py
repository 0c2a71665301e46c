"""Cells: land cut into the squares of one fixed grid, each standing at its centre.

The grid belongs to the coordinate system, not to the polygon: squares are bounded by whole
multiples of their size, so the centres are `(k + 0.5) * size_m`, and the same land gives the same
cells whoever asks and in whatever order. A centre is counted where `shapely.contains_xy` holds: a
centre exactly on an outline is outside, hence never in two neighbouring polygons at once.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]

# Centres tried at once: bounds the memory of a wide study to some tens of megabytes.
BATCH = 1_000_000
# An estate of more cells (625 km² at 25 m) is a slip of the coordinates: it stands at one point.
MOST_CELLS = 1_000_000


class Cells(NamedTuple):
    """Cell centres in metres; `owner` is the position of the geometry each one belongs to."""

    owner: Indices
    x: Floats
    y: Floats


class _Windows(NamedTuple):
    """Windows of the grid: the part looked for, first column and row, how many there are."""

    part: Indices
    column: Indices
    row: Indices
    columns: Indices
    rows: Indices


def grid_points(polygons: npt.ArrayLike, size_m: float) -> Cells:
    """Return the grid centres inside each polygon, in the order of the polygons.

    polygons
        Valid geometries in a metric CRS; anything without area, empty or None has no centres.
    size_m
        Side of a square, metres.

    A centre inside two overlapping polygons is given once for each of them. Nothing stands in for
    a polygon that holds no centre: see `estate_cells`.
    """
    # Parts are separate objects, so preparing them leaves the caller's geometries as they were;
    # scattered parts also have small windows where the whole would have a wide, mostly empty one.
    parts, owner = shapely.get_parts(_as_geometries(polygons), return_index=True)
    # A collection within a collection stays unopened: it is asked as one geometry.
    with_area = shapely.area(parts) > 0
    parts, owner = parts[with_area], owner[with_area].astype(np.int64)
    shapely.prepare(parts)
    windows = _windows(np.arange(len(parts)), shapely.bounds(parts), size_m)
    windows = _in_bands(windows, parts, size_m)
    found = [_centres_inside(parts, windows, some, size_m) for some in _batches(windows)]
    part = np.concatenate([np.empty(0, np.int64), *(cells.owner for cells in found)])
    return Cells(
        owner[part],
        np.concatenate([np.empty(0), *(cells.x for cells in found)]),
        np.concatenate([np.empty(0), *(cells.y for cells in found)]),
    )


def estate_cells(places: npt.ArrayLike, *, size_m: float = 25.0, at_least: int = 4) -> Cells:
    """Return the cells of each estate, in the order of the estates.

    A polygon with fewer than `at_least` grid centres, or too large for `MOST_CELLS`, is its
    representative point; a point is itself. An empty geometry or None has no cell.
    """
    geometries = _as_geometries(places)
    cut = geometries.copy()
    cut[shapely.area(geometries) > MOST_CELLS * size_m**2] = None
    cells = grid_points(cut, size_m)
    few = np.bincount(cells.owner, minlength=len(geometries)) < at_least
    kept = ~few[cells.owner]
    alone = np.flatnonzero(few & ~shapely.is_missing(geometries) & ~shapely.is_empty(geometries))
    points = shapely.point_on_surface(geometries[alone])
    owner = np.concatenate([cells.owner[kept], alone.astype(np.int64)])
    order = np.argsort(owner, kind="stable")
    return Cells(
        owner[order],
        np.concatenate([cells.x[kept], shapely.get_x(points)])[order],
        np.concatenate([cells.y[kept], shapely.get_y(points)])[order],
    )


def _as_geometries(values: npt.ArrayLike) -> Geometries:
    return np.asarray(values, dtype=object).reshape(-1)


def _windows(part: Indices, bounds: npt.NDArray[Any], size_m: float) -> _Windows:
    first = np.ceil(bounds[:, :2] / size_m - 0.5).astype(np.int64)
    last = np.floor(bounds[:, 2:] / size_m - 0.5).astype(np.int64)
    count = np.maximum(last - first + 1, 0)
    return _Windows(part, first[:, 0], first[:, 1], count[:, 0], count[:, 1])


def _in_bands(windows: _Windows, parts: Geometries, size_m: float) -> _Windows:
    """Return windows of at most one batch: wide ones cut in bands, each as wide as its land."""
    wide = windows.columns * windows.rows > BATCH
    if not wide.any():
        return windows
    pieces = [_Windows(*(column[~wide] for column in windows))]
    for at in np.flatnonzero(wide):
        part, column, row, columns, rows = (int(numbers[at]) for numbers in windows)
        west, east = column * size_m, (column + columns) * size_m
        height = max(BATCH // columns, 1)
        for first in range(row, row + rows, height):
            last = min(first + height, row + rows)
            strip = shapely.clip_by_rect(parts[part], west, first * size_m, east, last * size_m)
            if strip.is_empty:
                continue
            low, _, high, _ = shapely.bounds(strip)
            # A cell more on either side: clipping rounds, the test of each centre does not.
            begin = max(int(low // size_m) - 1, column)
            end = min(int(high // size_m) + 2, column + columns)
            pieces.append(_Windows(*np.array([[part], [begin], [first], [end - begin],
                                              [last - first]], dtype=np.int64)))
    cut = _Windows(*(np.concatenate(column) for column in zip(*pieces, strict=True)))
    order = np.argsort(cut.part, kind="stable")
    return _Windows(*(column[order] for column in cut))


def _batches(windows: _Windows) -> Iterator[Indices]:
    """Yield runs of neighbouring windows that together hold about one batch of centres."""
    batch = np.cumsum(windows.columns * windows.rows) // BATCH
    starts = np.flatnonzero(np.diff(batch)) + 1
    return (run for run in np.split(np.arange(len(batch)), starts) if len(run))


def _centres_inside(parts: Geometries, windows: _Windows, some: Indices, size_m: float) -> Cells:
    columns, tried = windows.columns[some], (windows.columns * windows.rows)[some]
    window = np.repeat(some, tried)
    place = np.arange(len(window)) - np.repeat(np.cumsum(tried) - tried, tried)
    up, along = np.divmod(place, np.repeat(columns, tried))
    x = (windows.column[window] + along + 0.5) * size_m
    y = (windows.row[window] + up + 0.5) * size_m
    part = windows.part[window]
    inside = shapely.contains_xy(parts[part], x, y)
    return Cells(part[inside], x[inside], y[inside])
