"""Shapes in few characters: whole millionths of a degree, each corner told from the one before."""

from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.position.coordinates import WGS84

PER_DEGREE: Final = 1_000_000  # 11 cm: finer than any screen shows
POINT, LINES, AREAS = 0, 1, 2
_DIMENSION: Final = {POINT: 0, LINES: 1, AREAS: 2}

Shape = list[Any]


def compact(
    shapes: gpd.GeoSeries, origin: tuple[float, float], *, within_m: float
) -> list[Shape | None]:
    """Return each shape as the page reads it; None where there is none.

    shapes
        In metres.
    origin
        Longitude and latitude that corners are counted from.
    within_m
        So far at most a line is moved by leaving corners out.

    A point is `[0, x, y]`, lines are `[1, line, …]`, areas `[2, [ring, …], …]`; a line or ring is
    `[x, y, dx, dy, …]`, a ring without its last corner, which is the first.
    """
    # A part narrower than that may vanish: nobody would see it. Keeping it takes ten times as long.
    whole_shapes = shapes.to_numpy()
    simple = shapely.simplify(whole_shapes, within_m, preserve_topology=False)
    simple = np.where(shapely.is_empty(simple), whole_shapes, simple)
    degrees = gpd.GeoSeries(simple, crs=shapes.crs).to_crs(WGS84).to_numpy()
    west, south = origin

    def whole(xy: NDArray[np.float64]) -> NDArray[np.int64]:
        return np.rint((xy - (west, south)) * PER_DEGREE).astype(np.int64)

    return [_shape(each, whole) for each in degrees]


def _shape(shape: Any, whole: Any) -> Shape | None:  # noqa: ANN401 - shapely has no types
    if shape is None or shape.is_empty:
        return None
    parts = shapely.get_parts(shapely.get_parts(shape))
    kind = int(shapely.get_dimensions(parts).max())
    parts = parts[shapely.get_dimensions(parts) == _DIMENSION[kind]]
    if kind == AREAS:
        rings = ([part.exterior, *part.interiors] for part in parts)
        return [AREAS, *([_steps(whole(_corners(ring)), closed=True) for ring in each]
                         for each in rings)]  # fmt: skip
    if kind == LINES:
        return [LINES, *(_steps(whole(_corners(part)), closed=False) for part in parts)]
    x, y = whole(_corners(parts[0]))[0].tolist()
    return [POINT, x, y]


def _corners(shape: Any) -> NDArray[np.float64]:  # noqa: ANN401
    return np.asarray(shapely.get_coordinates(shape), dtype=np.float64)


def _steps(xy: NDArray[np.int64], *, closed: bool) -> list[int]:
    """Return the first corner and the steps from each to the next; none of no length."""
    corners = xy[:-1] if closed else xy
    steps = np.diff(corners, axis=0)
    moved = steps[steps.any(axis=1)]
    return np.vstack([corners[:1], moved]).ravel().tolist()
