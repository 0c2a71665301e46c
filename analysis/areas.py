"""Areas: which boundary a place belongs to, level by level."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Geometries = npt.NDArray[np.object_]

LEVELS = ("city", "county", "street", "community", "planning_unit")
# A planning unit is drawn for a plan, usually smaller than a street and larger than a community.
FINEST_FIRST = ("community", "planning_unit", "street", "county", "city")


class Membership(NamedTuple):
    """Of each point: the position of the first polygon it lies in (-1: none), and how many hit."""

    first: Indices
    hits: Indices


@dataclass(frozen=True)
class Whereabouts:
    """The areas in which the places of a layer lie.

    area
        By level the position, in file order, of the area that holds each place; -1: none does.
    rural
        Places whose finest area with a setting is rural.
    """

    area: Mapping[str, Indices]
    rural: Flags

    def only(self, which: Flags | Indices) -> Self:
        """Return the whereabouts of some of the places, by flags or positions."""
        area = {level: position[which] for level, position in self.area.items()}
        return type(self)(area, self.rural[which])


def whereabouts(geometry: gpd.GeoSeries, boundaries: gpd.GeoDataFrame | None) -> Whereabouts:
    """Return the areas in which places lie, each at the point it is counted at."""
    points = place_points(geometry)
    area = {
        level: members(points, areas.geometry).first for level, areas in by_level(boundaries)
    }
    return Whereabouts(area, _rural(points, boundaries, area))


def whereabouts_of_homes(
    homes: gpd.GeoSeries,
    estate: Indices,
    estates: Whereabouts,
    boundaries: gpd.GeoDataFrame | None,
) -> Whereabouts:
    """Return the areas in which homes lie: an estate's are those of the estate.

    estate
        Of each home the position of its estate; -1: it is in none.
    """
    free = estate < 0
    alone = whereabouts(homes[free], boundaries)
    housed = estates.only(estate[~free])

    def together(of_estates: np.ndarray, of_others: np.ndarray) -> np.ndarray:
        values = np.empty(len(estate), dtype=of_others.dtype)
        values[~free], values[free] = of_estates, of_others
        return values

    area = {level: together(housed.area[level], own) for level, own in alone.area.items()}
    return Whereabouts(area, together(housed.rural, alone.rural))


def place_points(geometry: gpd.GeoSeries) -> Geometries:
    """Return the point each place is counted at: itself, or its representative point."""
    places = np.array(geometry, dtype=object)
    spread_out = shapely.get_type_id(places) != shapely.GeometryType.POINT
    places[spread_out] = shapely.point_on_surface(places[spread_out])
    return places


def members(points: Geometries, polygons: npt.ArrayLike) -> Membership:
    """Return the polygon each point lies in; on a shared edge, the first in the order given."""
    points = np.asarray(points, dtype=object)
    # Copies of their own: preparing a polygon is felt by everybody who shares it.
    areas = shapely.force_2d(np.asarray(polygons, dtype=object))
    shapely.prepare(areas)
    point, area = shapely.STRtree(areas).query(points)
    near = points[point]
    inside = shapely.intersects_xy(areas[area], shapely.get_x(near), shapely.get_y(near))
    point, area = point[inside], area[inside]
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


def _rural(
    points: Geometries, boundaries: gpd.GeoDataFrame | None, area: Mapping[str, Indices]
) -> Flags:
    """Return which points the finest area with a setting calls rural.

    area
        Of each level the position of the area that holds each point.
    """
    rural, settled = np.zeros(len(points), dtype=bool), np.zeros(len(points), dtype=bool)
    if boundaries is None or "setting" not in boundaries:
        return rural
    for level, areas in by_level(boundaries, FINEST_FIRST):
        stated = areas["setting"].notna().to_numpy()
        first = area[level] if stated.all() else members(points, areas.geometry[stated]).first
        found = (first >= 0) & ~settled
        rural[found] = areas["setting"].isin(["rural"]).to_numpy()[stated][first[found]]
        settled |= found
    return rural
