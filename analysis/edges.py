"""The edges of a study: where people near its border may be served by what the files leave out."""

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from analysis.study import Study
from geo.findings import Finding
from geo.language import say

FASTEST_M_PER_S: Final = 1.0  # the fast end of the band printed beside the headline
NEGLIGIBLE: Final = 0.01  # part of the wanted surroundings that may lack streets unremarked


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


def edge_of_study(study: Study, homes: gpd.GeoDataFrame) -> EdgeOfStudy:
    """Return who lives within a walk of surroundings that streets or facilities do not reach.

    homes
        Points where people live, in metres.
    """
    boundary = _boundary(study, homes)
    if boundary is None:
        return EdgeOfStudy(lower_bound=False, elderly_60plus=0, findings=())
    reach_m = _reach_m(study)
    wanted = shapely.difference(shapely.buffer(boundary, reach_m), boundary)
    unknown = _without_streets(study, wanted)
    reasons = []
    if shapely.area(unknown) > NEGLIGIBLE * shapely.area(wanted):
        reasons.append(say("道路没有延伸到研究范围外 {reach:.0f} 米", reach=reach_m))
    else:
        unknown = shapely.Polygon()
    if _no_facility_in(study, boundary):
        reasons.append(say("设施数据没有研究范围以外的设施"))
        unknown = wanted
    near = shapely.dwithin(homes.geometry.array, unknown, reach_m) if reasons else _nobody(homes)
    if not near.any():
        return EdgeOfStudy(lower_bound=False, elderly_60plus=0, findings=())
    elderly = homes.loc[near, "elderly_60plus"]
    people = None if elderly.isna().all() else int(np.rint(elderly.sum()))
    message = say(
        "{why}；边界附近 {people} 名60岁以上老年人的可达情况只是下限。",
        why="；".join(str(reason) for reason in reasons),
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


def _nobody(homes: gpd.GeoDataFrame) -> np.ndarray:
    return np.zeros(len(homes), dtype=bool)


def _boundary(study: Study, homes: gpd.GeoDataFrame) -> shapely.Geometry | None:
    """Return the outline of the study: its boundaries, else the hull of where people live."""
    boundaries = study.layer("boundaries")
    if boundaries is not None:
        return shapely.union_all(boundaries.geometry.dropna().array)
    if homes.empty:
        return None
    return shapely.convex_hull(shapely.union_all(homes.geometry.array))


def _without_streets(study: Study, wanted: shapely.Geometry) -> shapely.Geometry:
    network = study.network
    ends = shapely.multipoints(np.column_stack([network.x, network.y]))
    # Beyond the last houses there are fields: the hull of the streets is what the file reaches.
    reached = shapely.buffer(shapely.convex_hull(ends), study.description.walking.snap_max_m)
    return shapely.difference(wanted, reached)


def _no_facility_in(study: Study, boundary: shapely.Geometry) -> bool:
    facilities = study.layer("facilities")
    if facilities is None:
        return True
    located = facilities.geometry[~(facilities.geometry.isna() | facilities.geometry.is_empty)]
    shapely.prepare(boundary)
    return bool(shapely.covers(boundary, located.array).all())
