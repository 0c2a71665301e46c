"""The edges of a study: where people near its border may be served by what the files leave out."""

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from analysis.coverage.areas import Flags, Geometries, Whereabouts, by_level
from analysis.study import Study
from analysis.walking.placing import counted_facilities, facility_points
from geo.findings import Finding
from geo.language import Message, joined, say
from geo.streets.network import Floats

FASTEST_M_PER_S: Final = 1.0  # the fast end of the band printed beside the headline
NEARLY_ALL: Final = 0.95  # part of the homes that an outline of the study must hold
NEGLIGIBLE: Final = 0.01  # part of the wanted surroundings that may lack streets unremarked

# The hull of the streets: how it is narrowed down to the points that may be its corners.
FEW: Final = 100
HULL_COLUMNS: Final = 256
SURELY_M: Final = 0.001
WIDER: Final = 1.01  # more than what the corners of a buffer cut off


@dataclass(frozen=True)
class EdgeOfStudy:
    """People so near to land without data that their coverage is a lower bound.

    elderly_60plus
        Rounded; None where people aged 60+ are unknown.
    """

    lower_bound: bool
    elderly_60plus: int | None
    findings: tuple[Finding, ...]

    def summary(self) -> dict[str, Any]:
        """Return the entries for the `coverage` object of the summary."""
        return {"lower_bound": self.lower_bound, "edge_60plus": self.elderly_60plus}


def edge_of_study(study: Study, homes: gpd.GeoDataFrame, where: Whereabouts) -> EdgeOfStudy:
    """Return who lives within a walk of surroundings that streets or facilities do not reach.

    homes, where
        Points where people live, in metres, and the areas of the study they lie in.
    """
    boundary = _boundary(study, homes, where)
    if boundary is None:
        return EdgeOfStudy(lower_bound=False, elderly_60plus=0, findings=())
    reach_m = _reach_m(study)
    wanted = shapely.difference(shapely.buffer(boundary, reach_m), boundary)
    unknown = _without_streets(study, wanted)
    reasons: list[Message] = []
    if shapely.area(unknown) > NEGLIGIBLE * shapely.area(wanted):
        reasons.append(say("道路没有延伸到研究范围外 {reach:.0f} 米", reach=reach_m))
    else:
        unknown = shapely.Polygon()
    if not _facility_in(study, wanted):
        reasons.append(say("研究范围外 {reach:.0f} 米内没有计入的设施", reach=reach_m))
        unknown = wanted
    near = within_reach(homes.geometry.to_numpy(), unknown, reach_m) if reasons else _nobody(homes)
    near &= ~where.rural  # the headline does not count them
    if not near.any():
        return EdgeOfStudy(lower_bound=False, elderly_60plus=0, findings=())
    elderly = homes.loc[near, "elderly_60plus"]
    people = None if elderly.isna().all() else int(np.rint(elderly.sum()))
    message = say(
        "{why}；边界附近 {people} 名60岁以上老年人的可达情况只是下限。",
        why=joined(" / ", *reasons),
        people="?" if people is None else people,
    )
    remedy = say("请补充范围外 {reach:.0f} 米内的道路和设施。", reach=reach_m)
    return EdgeOfStudy(
        lower_bound=True,
        elderly_60plus=people,
        findings=(Finding("warning", "streets", message, remedy),),
    )


def _reach_m(study: Study) -> float:
    walking = study.description.walking
    return walking.limit_min * 60 * FASTEST_M_PER_S + 2 * walking.snap_max_m


def _nobody(homes: gpd.GeoDataFrame) -> Flags:
    return np.zeros(len(homes), dtype=bool)


def _boundary(
    study: Study, homes: gpd.GeoDataFrame, where: Whereabouts
) -> shapely.Geometry | None:
    """Return the outline of the study: its finest areas that hold the homes, else their hull."""
    if homes.empty:
        return None
    boundaries = study.layer("boundaries")
    if boundaries is not None:
        for level, areas in reversed(list(by_level(boundaries))):
            if (where.area[level] >= 0).mean() >= NEARLY_ALL:
                return shapely.union_all(areas.geometry.dropna().array)
    return shapely.convex_hull(shapely.union_all(homes.geometry.array))


def _without_streets(study: Study, wanted: shapely.Geometry) -> shapely.Geometry:
    network = study.network
    # Beyond the last houses there are fields: the hull of the streets is what the file reaches.
    hull = shapely.convex_hull(shapely.multipoints(outermost(network.vertex_xy)))
    reached = shapely.buffer(hull, study.description.walking.snap_max_m)
    return shapely.difference(wanted, reached)


def outermost(xy: Floats) -> Floats:
    """Return the points that may be corners of the convex hull: not those well inside it.

    What is inside is read from the hull of a few of the points, column by column.
    """
    x, y = np.ascontiguousarray(xy.T)
    few = shapely.convex_hull(shapely.multipoints(xy[::FEW]))
    borders = np.linspace(x.min(), x.max(), HULL_COLUMNS + 1)
    south, north = y.min(), y.max()
    cuts = shapely.linestrings([[(at, south), (at, north)] for at in borders])
    _, low, _, high = shapely.bounds(shapely.intersection(few, cuts)).T
    low, high = np.maximum(low[:-1], low[1:]) + SURELY_M, np.minimum(high[:-1], high[1:]) - SURELY_M
    columns_per_m = HULL_COLUMNS / max(x.max() - x.min(), SURELY_M)
    column = np.minimum(((x - x.min()) * columns_per_m).astype(np.int32), HULL_COLUMNS - 1)
    inner = (low[column] < y) & (y < high[column])
    return np.asarray(xy[~inner])


def within_reach(points: Geometries, land: shapely.Geometry, reach_m: float) -> Flags:
    """Return which points are within reach of land.

    A buffer has corners and lies a little inside the line it stands for: only between it and a
    wider one are distances measured.
    """
    surely, perhaps = (shapely.buffer(land, reach) for reach in (reach_m, WIDER * reach_m))
    within = _inside(points, perhaps)
    near = np.flatnonzero(within)
    open_ = near[~_inside(points[near], surely)]
    within[open_] = shapely.dwithin(points[open_], land, reach_m)
    return within


def _inside(points: Geometries, outline: shapely.Geometry) -> Flags:
    shapely.prepare(outline)
    return np.asarray(shapely.contains_xy(outline, shapely.get_x(points), shapely.get_y(points)))


def _facility_in(study: Study, wanted: shapely.Geometry) -> bool:
    """Return whether any facility that counts stands in the surroundings."""
    points = facility_points(counted_facilities(study, []))
    shapely.prepare(wanted)
    return bool(shapely.covers(wanted, points).any())
