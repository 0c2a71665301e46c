"""Areas: which boundary a place belongs to, level by level."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from analysis.columns import words

Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Geometries = npt.NDArray[np.object_]

LEVELS = ("city", "county", "street", "community", "planning_unit")
# A planning unit is drawn for a plan, usually smaller than a street and larger than a community.
FINEST_FIRST = ("community", "planning_unit", "street", "county", "city")


class Inside(NamedTuple):
    """Every pair, by position, of a point and a polygon that holds it; its edge holds it too.

    points, polygons
        How many of them there are.
    """

    point: Indices
    polygon: Indices
    points: int
    polygons: int

    def first(self, among: Indices) -> Indices:
        """Return which of some polygons holds each point, as a position in `among`; -1: none.

        Where several do, the first.
        """
        position = np.full(self.polygons, len(among), dtype=np.int64)
        position[among] = np.arange(len(among))
        first = np.full(self.points, len(among), dtype=np.int64)
        np.minimum.at(first, self.point, position[self.polygon])
        first[first == len(among)] = -1
        return first


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


def whereabouts(points: Geometries, boundaries: gpd.GeoDataFrame | None) -> Whereabouts:
    """Return the areas in which points lie."""
    rural, settled = np.zeros(len(points), dtype=bool), np.zeros(len(points), dtype=bool)
    if boundaries is None or "level" not in boundaries:
        return Whereabouts({}, rural)
    inside = points_inside(points, boundaries.geometry)
    level, setting = boundaries["level"], words(boundaries, "setting")
    rows = {name: np.flatnonzero(level == name) for name in LEVELS}
    area = {name: inside.first(areas) for name, areas in rows.items() if len(areas)}
    for name in FINEST_FIRST:
        stated = np.flatnonzero((level == name) & setting.notna())
        if len(stated):
            first = inside.first(stated)
            found = (first >= 0) & ~settled
            rural[found] = setting.eq("rural").to_numpy(dtype=bool)[stated][first[found]]
            settled |= found
    return Whereabouts(area, rural)


def place_points(geometry: gpd.GeoSeries) -> Geometries:
    """Return the point each place is counted at: itself, or its representative point."""
    places = np.array(geometry, dtype=object)
    spread_out = shapely.get_type_id(places) != shapely.GeometryType.POINT
    places[spread_out] = shapely.point_on_surface(places[spread_out])
    return places


def members(points: Geometries, polygons: npt.ArrayLike) -> Membership:
    """Return the polygon each point lies in; on a shared edge, the first in the order given."""
    inside = points_inside(points, polygons)
    hits = np.bincount(inside.point, minlength=inside.points)
    return Membership(inside.first(np.arange(inside.polygons)), hits.astype(np.int64))


def points_inside(points: Geometries, polygons: npt.ArrayLike) -> Inside:
    """Return every pair of a point and a polygon that holds it."""
    points = np.asarray(points, dtype=object)
    # Copies of their own: preparing a polygon is felt by everybody who shares it.
    areas = shapely.force_2d(np.asarray(polygons, dtype=object))
    shapely.prepare(areas)
    point, area = shapely.STRtree(areas).query(points)
    near = points[point]
    holds = shapely.intersects_xy(areas[area], shapely.get_x(near), shapely.get_y(near))
    return Inside(point[holds], area[holds], len(points), len(areas))


def by_level(
    boundaries: gpd.GeoDataFrame | None, order: tuple[str, ...] = LEVELS
) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Yield each level that has areas, with its areas in file order; levels as `order` has them."""
    if boundaries is None or "level" not in boundaries:
        return
    there = {*boundaries["level"]}
    for level in order:
        if level in there:
            yield level, boundaries[boundaries["level"] == level]
