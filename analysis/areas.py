"""Areas: which boundary a place belongs to, level by level."""

from collections.abc import Iterator
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

Indices = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]

LEVELS = ("city", "county", "street", "community", "planning_unit")
# A planning unit is drawn for a plan, usually smaller than a street and larger than a community.
FINEST_FIRST = ("community", "planning_unit", "street", "county", "city")


class Membership(NamedTuple):
    """Of each point: the position of the first polygon it lies in (-1: none), and how many hit."""

    first: Indices
    hits: Indices


def place_points(geometry: gpd.GeoSeries) -> Geometries:
    """Return the point each place is counted at: itself, or its representative point."""
    return np.asarray(shapely.point_on_surface(np.asarray(geometry, dtype=object)), dtype=object)


def members(points: Geometries, polygons: npt.ArrayLike) -> Membership:
    """Return the polygon each point lies in; on a shared edge, the first in the order given."""
    areas = np.asarray(polygons, dtype=object)
    # The tree holds the points, so that each polygon, not each point, is prepared.
    area, point = shapely.STRtree(points).query(areas, predicate="intersects")
    first = np.full(len(points), len(areas), dtype=np.int64)
    np.minimum.at(first, point, area)
    first[first == len(areas)] = -1
    return Membership(first, np.bincount(point, minlength=len(points)).astype(np.int64))


def by_level(
    boundaries: gpd.GeoDataFrame | None, order: tuple[str, ...] = LEVELS
) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Yield each level that has areas, with its areas in file order; levels as `order` has them."""
    if boundaries is None or "level" not in boundaries:
        return
    for level in order:
        areas = boundaries[boundaries["level"] == level]
        if len(areas):
            yield level, areas


def settings_of(points: Geometries, boundaries: gpd.GeoDataFrame | None) -> pd.Series:
    """Return `urban` or `rural` of each point, by the finest area with a setting; else missing."""
    setting = pd.Series(pd.NA, index=range(len(points)), dtype="string")
    if boundaries is None or "setting" not in boundaries:
        return setting
    stated = boundaries[boundaries["setting"].notna()]
    for _, areas in by_level(stated, FINEST_FIRST):
        first = members(points, areas.geometry).first
        found = (first >= 0) & setting.isna().to_numpy()
        setting[found] = areas["setting"].to_numpy()[first[found]]
    return setting
