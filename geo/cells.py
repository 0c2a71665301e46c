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


class Cells(NamedTuple):
    """Cell centres in metres; `owner` is the position of the geometry each one belongs to."""

    owner: Indices
    x: Floats
    y: Floats


class _Windows(NamedTuple):
    """The first grid column and row of each polygon's bounding box, and how many there are."""

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
    windows = _windows(shapely.bounds(parts), size_m)
    found = [_centres_inside(parts, windows, some, size_m) for some in _batches(windows)]
    part = np.concatenate([np.empty(0, np.int64), *(cells.owner for cells in found)])
    return Cells(
        owner[part],
        np.concatenate([np.empty(0), *(cells.x for cells in found)]),
        np.concatenate([np.empty(0), *(cells.y for cells in found)]),
    )


def estate_cells(places: npt.ArrayLike, *, size_m: float = 25.0, at_least: int = 4) -> Cells:
    """Return the cells of each estate, in the order of the estates.

    A polygon with fewer than `at_least` grid centres is its representative point; a point is
    itself. An empty geometry or None has no cell.
    """
    geometries = _as_geometries(places)
    cells = grid_points(geometries, size_m)
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


def _windows(bounds: npt.NDArray[Any], size_m: float) -> _Windows:
    first = np.ceil(bounds[:, :2] / size_m - 0.5).astype(np.int64)
    last = np.floor(bounds[:, 2:] / size_m - 0.5).astype(np.int64)
    count = np.maximum(last - first + 1, 0)
    return _Windows(first[:, 0], first[:, 1], count[:, 0], count[:, 1])


def _batches(windows: _Windows) -> Iterator[Indices]:
    """Yield runs of neighbouring parts whose windows together hold about one batch of centres."""
    batch = np.cumsum(windows.columns * windows.rows) // BATCH
    starts = np.flatnonzero(np.diff(batch)) + 1
    return (run for run in np.split(np.arange(len(batch)), starts) if len(run))


def _centres_inside(parts: Geometries, windows: _Windows, some: Indices, size_m: float) -> Cells:
    columns, tried = windows.columns[some], (windows.columns * windows.rows)[some]
    part = np.repeat(some, tried)
    place = np.arange(len(part)) - np.repeat(np.cumsum(tried) - tried, tried)
    up, along = np.divmod(place, np.repeat(columns, tried))
    x = (windows.column[part] + along + 0.5) * size_m
    y = (windows.row[part] + up + 0.5) * size_m
    inside = shapely.contains_xy(parts[part], x, y)
    return Cells(part[inside], x[inside], y[inside])
