"""Which polygon each of many points lies in, without making a geometry of every point."""

from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.streets.network import Floats, Ints

NO_POLYGON: Final = -1
HAIR_M: Final = 0.001  # bounds are widened so far; whether a point lies inside is asked exactly


def first_around(polygons: NDArray[np.object_], x: Floats, y: Floats) -> Ints:
    """Return for each point the first polygon that holds it; an outline holds nothing.

    polygons
        shapely geometries; None and empty ones hold nothing.
    x, y
        Metres; a point that is not finite lies in no polygon.
    """
    first = np.full(len(x), len(polygons), dtype=np.int64)
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    if len(known) and len(polygons):
        point, polygon = _in_bounds(shapely.bounds(polygons), x[known], y[known])
        point = known[point]
        holds = shapely.contains_xy(polygons[polygon], x[point], y[point])
        np.minimum.at(first, point[holds], polygon[holds])
    return np.where(first == len(polygons), NO_POLYGON, first)


def _in_bounds(bounds: NDArray[Any], x: Floats, y: Floats) -> tuple[Ints, Ints]:
    """Return all pairs of a point and bounds it lies in, and perhaps some hardly outside.

    Points stand in strips from south to north, and from west to east in each: of every strip that
    bounds touch, those within are a row.
    """
    west, south, east, north = bounds.T
    strips, least = int(np.sqrt(len(x))), y.min()
    height = max((y.max() - least) / strips, HAIR_M)
    length = x.max() - x.min() + 4 * HAIR_M  # of a strip; all stand behind one another

    def strip_of(at: Floats) -> Ints:
        number: Ints = np.clip((at - least) // height, 0, strips).astype(np.int64)
        return number

    def along(strip: Ints, at: Floats) -> Floats:
        within = np.clip(at - x.min(), -2 * HAIR_M, length - 2 * HAIR_M)
        return np.asarray(strip * length + within)

    position = along(strip_of(y), x)
    order = np.argsort(position, kind="stable")
    position = position[order]
    solid = np.flatnonzero(np.isfinite(west))
    low, high = strip_of(south[solid]), strip_of(north[solid])
    which, nth = _counted(high - low + 1)
    strip, which = low[which] + nth, solid[which]
    begin = np.searchsorted(position, along(strip, west[which] - HAIR_M))
    stop = np.searchsorted(position, along(strip, east[which] + HAIR_M), side="right")
    row, nth = _counted(stop - begin)
    point, polygon = order[begin[row] + nth], which[row]
    near = (y[point] >= south[polygon]) & (y[point] <= north[polygon])
    return point[near], polygon[near]


def _counted(count: Ints) -> tuple[Ints, Ints]:
    """Return each position as often as `count` says, and how often before."""
    which = np.repeat(np.arange(len(count)), count)
    return which, np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
