"""Every place of a study put on its streets, once: estates as cells, people, candidates."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.columns import words
from analysis.study import Study
from analysis.walking.altered import Altered, alter
from analysis.walking.gated import no_through_walk
from geo.errors import StreetsError
from geo.files.several_files import in_words, where_rows_stand
from geo.findings import Finding
from geo.ground.cells import estate_cells
from geo.language import Message, say
from geo.streets.network import Flags, Floats, Ints
from geo.walks.barriers import Barriers
from geo.walks.nearest_street import StreetIndex
from geo.walks.places import (
    NO_POSITION,
    OFF_STREET_TOO_FAR,
    Exits,
    Grounds,
    Points,
    put_on_streets,
    usable_streets,
)
from geo.walks.walk_graph import WalkGraph

MOSTLY: Final = 0.5  # streets do not cover a study when over half its places are beyond the cap


Streets = tuple[StreetIndex, list[Finding]]
Kinds = tuple[slice, slice, slice]  # the points of estates, of homes, of candidates


@dataclass(frozen=True)
class Placed:
    """The places of a study on its streets.

    index, grounds
        The streets that may be stepped onto; the estates with their entrances.
    points, exits
        Residential cells, then homes, then candidates; and their ways out.
    place
        For each point the position of its place within its kind.
    residential, homes, candidates
        Which points belong to which kind.
    estates
        Ids of the residential layer, in order.
    facilities
        Ways out of every facility that counts, in the order of `counted`.
    facility_xy
        Where they stand, in metres, shape (facilities, 2).
    counted
        Ids of the facilities that count, sorted, so that ties go to the smallest.
    private
        Which streets may begin or end a walk but never carry one between two public streets.
    altered
        The streets as a scenario would alter them, if it does.
    """

    index: StreetIndex
    grounds: Grounds
    points: Points
    exits: Exits
    place: Ints
    residential: slice
    homes: slice
    candidates: slice
    estates: pd.Index
    facilities: Exits
    facility_xy: Floats
    counted: tuple[str, ...]
    private: Flags
    snap_max_m: float
    altered: Altered | None
    findings: tuple[Finding, ...]

    @cached_property
    def graph(self) -> WalkGraph:
        """Return the streets ready to be searched, altered where a scenario alters them."""
        if self.altered is not None:
            return WalkGraph.of(self.altered.streets)
        return WalkGraph.of(self.index.network, private=self.private)

    def sites_at(self, xy: Floats) -> Points:
        """Return where facilities at these positions stand."""
        return sites_at(self.index, self.grounds, xy, snap_max_m=self.snap_max_m)

    def ways_out(self, points: Points) -> Exits:
        """Return the ways of any points onto the streets of `graph`, as those of `exits`."""
        return _ways_out(self.index, self.grounds, self.altered, points, self.snap_max_m)


def place_study(study: Study, homes: gpd.GeoDataFrame, *, streets: Streets | None = None) -> Placed:
    """Return the study's places on its streets.

    homes
        Points where people live outside estates, in metres.
    streets
        What `streets_to_step_onto` gives for the study, where it has been asked already.

    Errors: StreetsError where over half of the places are beyond the cap; ScenarioError where a
    link or gate of the scenario reaches no street.
    """
    snap_max_m = study.description.walking.snap_max_m
    findings: list[Finding] = []
    counted = counted_facilities(study, findings)
    index, left_out = streets or streets_to_step_onto(study)
    findings += left_out
    grounds = _grounds(study, findings)
    points, place, kinds = _points(study, homes, index, grounds)
    private, found = no_through_walk(study)
    altered = alter(study, index, grounds, private)
    exits = _ways_out(index, grounds, altered, points, snap_max_m)
    _require_streets(study, exits, place, kinds)
    spots = shapely.get_coordinates(facility_points(counted))
    sites = sites_at(index, grounds, spots, snap_max_m=snap_max_m)
    on_streets = _ways_out(index, grounds, altered, sites, snap_max_m)
    findings += _facilities_off_street(counted, on_streets)
    if altered is not None:
        findings += altered.findings
    return Placed(
        index=index,
        grounds=grounds,
        points=points,
        exits=exits,
        place=place,
        residential=kinds[0],
        homes=kinds[1],
        candidates=kinds[2],
        estates=_estate_ids(study),
        facilities=on_streets,
        facility_xy=spots,
        counted=tuple(counted["id"]),
        private=private,
        snap_max_m=snap_max_m,
        altered=altered,
        findings=(*findings, *found),
    )


def _ways_out(
    index: StreetIndex,
    grounds: Grounds,
    altered: Altered | None,
    points: Points,
    snap_max_m: float,
) -> Exits:
    exits = put_on_streets(index, points, snap_max_m=snap_max_m, grounds=grounds)
    return exits if altered is None else altered.exits(exits, points)


def operating(facilities: gpd.GeoDataFrame) -> "pd.Series[bool]":
    """Return which facilities operate; without a `status` column all do, an empty cell does not."""
    if "status" not in facilities.columns:
        return pd.Series(True, index=facilities.index)  # noqa: FBT003 - a column of one value
    works: pd.Series[bool] = facilities["status"].eq("operating").astype(bool)
    return works


def counted_facilities(study: Study, findings: list[Finding]) -> gpd.GeoDataFrame:
    """Return the facilities that count for the circle, by id; adds to `findings`."""
    facilities = study.layer("facilities")
    if facilities is None:
        return gpd.GeoDataFrame({"id": []}, geometry=[], crs=study.crs)
    if "status" not in facilities.columns:
        findings.append(
            Finding(
                "warning",
                "facilities",
                say("设施没有运营状态列，{count} 处全部按运营计。", count=len(facilities)),
                say("请补充“运营状态”列。"),
            )
        )
    wanted = operating(facilities) & facilities["category"].isin(
        study.description.walking.categories
    )
    located = ~(facilities.geometry.isna() | facilities.geometry.is_empty)
    if (wanted & ~located).any():
        findings.append(
            Finding(
                "warning",
                "facilities",
                say(
                    "{count} 处运营设施没有坐标，未计入服务圈（首个：{first}）。",
                    count=int((wanted & ~located).sum()),
                    first=_first(facilities[wanted & ~located]),
                ),
                say("请补充坐标。"),
            )
        )
    if not wanted.any():
        findings.append(
            Finding("warning", "facilities", say("没有计入服务圈的运营设施，覆盖率为 0。"))
        )
    return facilities[wanted & located].sort_values("id")


def _first(rows: gpd.GeoDataFrame) -> Message:
    """Return which row of its ledger the first of some rows is."""
    return in_words(where_rows_stand(rows.iloc[:1])[0])


def facility_points(facilities: gpd.GeoDataFrame) -> np.ndarray:
    """Return a point a facility: itself, or the representative point of its polygon."""
    points: np.ndarray = facilities.geometry.to_numpy().copy()
    spread_out = shapely.get_type_id(points) != shapely.GeometryType.POINT
    points[spread_out] = shapely.point_on_surface(points[spread_out])
    return points


def streets_to_step_onto(study: Study) -> Streets:
    """Return the streets of the study ready to be searched, and what is left out of them."""
    network, walking = study.network, study.description.walking
    barriers = _barriers(study)
    everything = StreetIndex(network, np.ones(len(network), dtype=bool), barriers)
    facilities = study.layer("facilities")
    standing = None
    if facilities is not None:
        spots = facility_points(facilities[operating(facilities)])
        somewhere = ~(shapely.is_empty(spots) | shapely.is_missing(spots))
        spots = shapely.get_coordinates(spots[somewhere])
        standing = everything.nearest(spots[:, 0], spots[:, 1], within_m=walking.snap_max_m)
    usable = usable_streets(network, component_min_m=walking.component_min_m, standing=standing)
    if not usable.all():
        left_out = np.unique(network.component[~usable])
        message = say(
            "{count} 片孤立道路（每片不足 {least:.0f} 米，共 {metres:.0f} 米）不作为出行起点。",
            count=len(left_out),
            least=walking.component_min_m,
            metres=float(network.component_m[left_out].sum()),
        )
        index = StreetIndex(network, usable, barriers)
        return index, [Finding("info", "streets", message)]
    return everything, []


def _barriers(study: Study) -> Barriers | None:
    layer = study.layer("barriers")
    return None if layer is None else Barriers.of(layer.geometry.to_numpy())


def _grounds(study: Study, findings: list[Finding]) -> Grounds:
    residential, entrances = study.layer("residential"), study.layer("entrances")
    if residential is None:
        return Grounds.none()
    grounds = replace(Grounds.none(), polygons=residential.geometry.to_numpy())
    if entrances is None:
        return grounds
    owner = pd.Index(residential["id"]).get_indexer(entrances["residential_id"])
    xy = _spots(entrances)
    known, somewhere = owner >= 0, np.isfinite(xy).all(axis=1)
    if not somewhere.all():
        findings.append(
            Finding(
                "warning",
                "entrances",
                say(
                    "{count} 个出入口没有坐标，未使用（首个：{first}）。",
                    count=int((~somewhere).sum()),
                    first=_first(entrances[~somewhere]),
                ),
                say("请补充坐标。"),
            )
        )
    if not known.all():
        findings.append(
            Finding(
                "warning",
                "entrances",
                say(
                    "{count} 个出入口所属小区不在小区图层中（首个：{first}“{value}”）。",
                    count=int((~known).sum()),
                    first=_first(entrances[~known]),
                    value=str(entrances.loc[~known, "residential_id"].iloc[0]),
                ),
                say("请核对 residential_id。"),
            )
        )
    known &= somewhere
    return replace(
        grounds,
        entrance_x=xy[known, 0],
        entrance_y=xy[known, 1],
        entrance_owner=owner[known].astype(np.int64),
    )


def sites_at(index: StreetIndex, grounds: Grounds, xy: Floats, *, snap_max_m: float) -> Points:
    """Return where facilities stand, or may stand: each at the nearest street.

    Only one that walls or distance keep from every street leaves as the estate around it does.

    xy
        Metres, shape (sites, 2).
    """
    free = Points.free(xy[:, 0], xy[:, 1])
    shut_in = np.flatnonzero(put_on_streets(index, free, snap_max_m=snap_max_m).reason != "")
    around = grounds.around(free.x[shut_in], free.y[shut_in])
    owner = free.owner.copy()
    owner[shut_in] = around.owner
    return replace(free, owner=owner)


def _points(
    study: Study, homes: gpd.GeoDataFrame, index: StreetIndex, grounds: Grounds
) -> tuple[Points, Ints, Kinds]:
    """Return all points; people inside an estate leave as the estate does."""
    residential, candidates = study.layer("residential"), study.layer("candidates")
    nothing = np.zeros(0)
    if residential is None:
        owner, x, y = nothing.astype(np.int64), nothing, nothing
    else:
        owner, x, y = estate_cells(residential.geometry.array)
    home_xy = _spots(homes)
    candidate_xy = _spots(candidates) if candidates is not None else np.zeros((0, 2))
    snap_max_m = study.description.walking.snap_max_m
    inside = grounds.around(home_xy[:, 0], home_xy[:, 1])
    sites = sites_at(index, grounds, candidate_xy, snap_max_m=snap_max_m)
    points = Points(
        x=np.concatenate([x, inside.x, sites.x]),
        y=np.concatenate([y, inside.y, sites.y]),
        owner=np.concatenate([owner, inside.owner, sites.owner]),
    )
    place = np.concatenate([owner, np.arange(len(home_xy)), np.arange(len(candidate_xy))])
    first, second = len(x), len(x) + len(home_xy)
    kinds = (slice(0, first), slice(first, second), slice(second, second + len(candidate_xy)))
    return points, place.astype(np.int64), kinds


def _estate_ids(study: Study) -> pd.Index:
    residential = study.layer("residential")
    ids: list[str] = [] if residential is None else [*residential["id"]]
    return pd.Index(ids, dtype=object)


def _spots(frame: gpd.GeoDataFrame) -> Floats:
    """Return one coordinate pair a row, NaN where a row has no geometry."""
    points = facility_points(frame)
    return np.column_stack([shapely.get_x(points), shapely.get_y(points)])


def _require_streets(study: Study, exits: Exits, place: Ints, kinds: Kinds) -> None:
    """Refuse streets that leave over half of the places beyond the cap."""
    too_far, standing = exits.reason == OFF_STREET_TOO_FAR, exits.reason != NO_POSITION
    total = beyond = 0
    for kind in kinds:
        points = np.bincount(place[kind], weights=standing[kind])
        off = np.bincount(place[kind], weights=too_far[kind], minlength=len(points))
        total += int((points > 0).sum())
        beyond += int(((off > MOSTLY * points) & (points > 0)).sum())
    if beyond > MOSTLY * total:
        raise StreetsError(
            say(
                "{file}：路网没有覆盖研究范围：{beyond}/{total} 处地点 {cap:.0f} 米内没有道路。"
                "请检查道路文件的范围和坐标系。",
                file=study.description.streets.path,
                beyond=beyond,
                total=total,
                cap=study.description.walking.snap_max_m,
            )
        )


def _facilities_off_street(counted: gpd.GeoDataFrame, exits: Exits) -> list[Finding]:
    off: Flags = exits.reason != ""
    if not off.any():
        return []
    if off.all():
        message = say(
            "计入的 {count} 处运营设施附近都没有道路，覆盖率为 0 只说明这一点。", count=len(counted)
        )
        remedy = say("请检查设施的坐标系，或道路文件的范围。")
        return [Finding("error", "facilities", message, remedy)]
    first = counted.iloc[[int(off.argmax())]]
    return [
        Finding(
            "warning",
            "facilities",
            say(
                "{count} 处运营设施离道路过远或被阻隔，无法步行到达（首个：{first}“{name}”）。",
                count=int(off.sum()),
                first=_first(first),
                name=words(first, "name").fillna("").iloc[0],
            ),
            say("请核对坐标，或加大 snap_max_m。"),
        )
    ]
