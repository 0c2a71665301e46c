"""The streets a what-if walks on, and the points within the limit of any spot on them.

All that a change leaves as it is stays: points are put on streets once. Only where a change makes
other streets usable, or asks for other rules of placing, is a study placed anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from analysis.study import Study
from analysis.walking.altered import Altered, alter
from analysis.walking.placing import (
    Placed,
    counted_facilities,
    facility_points,
    operating,
    place_study,
    sites_at,
)
from geo.streets.network import Flags, Floats, Ints
from geo.walks.nearest_street import Nearest, StreetIndex
from geo.walks.places import Exits, put_on_streets, usable_streets
from geo.walks.travel import WalkGraph, budget_mm, walk_table

# What the rules of placing do not ask about walking.
HOW_FAR: Final = ("speed_m_per_s", "limit_min", "horizon_min", "categories")
MOST_KEPT: Final = 2_000  # spots whose points are kept: some tens of megabytes in a city
GROUNDS_KEPT: Final = 8

Spot = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Standing:
    """Points put on the streets of one state of a study.

    placed
        The points on streets nobody altered.
    altered
        What a scenario alters about the streets, if it does.
    exits, graph
        Ways out of the points, and the streets, with that.
    """

    placed: Placed
    altered: Altered | None
    exits: Exits
    graph: WalkGraph
    _kept: dict[tuple[int, Spot], Ints] = field(default_factory=dict)

    def sites(self, xy: Floats) -> Exits:
        """Return the ways out of facilities that would stand at some positions."""
        placed = self.placed
        sites = sites_at(placed.index, placed.grounds, xy, snap_max_m=placed.snap_max_m)
        exits = put_on_streets(
            placed.index, sites, snap_max_m=placed.snap_max_m, grounds=placed.grounds
        )
        return exits if self.altered is None else self.altered.exits(exits, sites)

    def within(self, spots: Sequence[Spot], *, limit_mm: int) -> list[Ints]:
        """Return the points within the limit of a facility at each spot.

        Threads may ask at once: what one forgets or adds meanwhile is not looked for again.
        """
        known = {spot: self._kept.get((limit_mm, spot)) for spot in spots}
        found = {spot: points for spot, points in known.items() if points is not None}
        new = [spot for spot in known if spot not in found]
        if new:
            sites = self.sites(np.array(new, dtype=np.float64).reshape(-1, 2))
            table = walk_table(self.graph, sites, self.exits, limit_mm=limit_mm, in_order=False)
            rows = np.split(table.place.astype(np.int64), table.start[1:-1])
            found.update(zip(new, rows, strict=True))
            if len(self._kept) + len(new) > MOST_KEPT:
                self._kept.clear()
            self._kept.update({(limit_mm, spot): found[spot] for spot in new})
        return [found[spot] for spot in spots]


@dataclass(frozen=True, eq=False)
class Reached:
    """Which points are within the limit of which facility that counts, in one state of a study.

    facilities
        Those that count, in the order of their ids: `id`, `name` where they have one, `geometry`.
    spots
        Where each of them stands, in metres.
    limit_mm, horizon_mm
        The limit of the circle, and how far walks are told at all.
    points
        Of each facility the points within the limit.
    """

    standing: Standing
    facilities: gpd.GeoDataFrame
    spots: list[Spot]
    limit_mm: int
    horizon_mm: int
    points: list[Ints]

    @property
    def within(self) -> Flags:
        """Return which points are within the limit of any facility."""
        within = np.zeros(len(self.standing.placed.points), dtype=bool)
        for points in self.points:
            within[points] = True
        return within


class Standings:
    """The states that a study has been tried in, each placed once.

    base
        The study as it was evaluated, and as it was placed then.
    homes
        Points where people live outside estates.
    """

    def __init__(self, study: Study, placed: Placed, homes: gpd.GeoDataFrame) -> None:
        self._homes = homes
        self._lock = Lock()
        index = placed.index
        every = np.ones(len(study.network), dtype=bool)
        self._everything = (
            index if index.usable.all() else StreetIndex(study.network, every, index.barriers)
        )
        self._known: dict[Any, Standing] = {}
        key = (_rules(study), placed.index.usable.tobytes())
        self._placed: dict[Any, tuple[Placed, Exits]] = {key: (placed, _unaltered(placed))}
        base = Standing(placed, placed.altered, placed.exits, placed.graph)
        self._known[*key, study.alterations] = base

    def reached(self, study: Study) -> Reached:
        """Return who reaches what in a state of the study. Errors: as for `of`."""
        standing = self.of(study)
        counted = counted_facilities(study, [])
        xy = shapely.get_coordinates(facility_points(counted))
        spots = [(x, y) for x, y in xy.tolist()]
        walking = study.description.walking
        limit_mm, horizon_mm = (
            budget_mm(minutes, speed_m_per_s=walking.speed_m_per_s)
            for minutes in (walking.limit_min, walking.horizon_min)
        )
        points = standing.within(spots, limit_mm=limit_mm)
        told_mm = max(limit_mm, horizon_mm)
        return Reached(standing, counted, spots, limit_mm, told_mm, points)

    def of(self, study: Study) -> Standing:
        """Return a state of the study placed on its streets.

        Errors: StreetsError, ScenarioError as for `place_study`.
        """
        usable = self._usable(study)
        key = (_rules(study), usable.tobytes())
        with self._lock:  # two threads that ask for the same place it once
            if (*key, study.alterations) not in self._known:
                if key not in self._placed:
                    self._placed[key] = _placed_anew(study, self._homes)
                    _forget_first(self._placed)
                self._known[*key, study.alterations] = _altered(study, *self._placed[key])
                _forget_first(self._known)
            return self._known[*key, study.alterations]

    def as_they_are(self, xy: Floats, standing: Standing) -> Flags:
        """Return at which positions a facility would make no other streets usable."""
        within_m = standing.placed.snap_max_m
        nearest = self._everything.nearest(xy[:, 0], xy[:, 1], within_m=within_m)
        usable: Flags = np.append(standing.placed.index.usable, True)[nearest.street]
        return usable

    def keepers(self, study: Study) -> list[str]:
        """Return the facilities without which fewer streets could be stepped onto."""
        facilities = study.layer("facilities")
        if facilities is None:
            return []
        operated = facilities[operating(facilities)]
        street = self._stood_on(study).street
        network, least_m = study.network, study.description.walking.component_min_m
        usable = usable_streets(network, component_min_m=least_m)
        piece = network.component[street]
        alone = np.bincount(piece[street >= 0], minlength=len(network.component_m))[piece] == 1
        keeps = (street >= 0) & ~usable[street] & alone
        standing = operated[~(operated.geometry.isna() | operated.geometry.is_empty)]
        ids: list[str] = standing["id"][keeps].tolist()
        return ids

    def _usable(self, study: Study) -> Flags:
        """Return the streets that may be stepped onto, as `streets_to_step_onto` has it."""
        standing = None if study.layer("facilities") is None else self._stood_on(study)
        least_m = study.description.walking.component_min_m
        return usable_streets(study.network, component_min_m=least_m, standing=standing)

    def _stood_on(self, study: Study) -> Nearest:
        """Return the nearest of all streets for every operating facility that stands somewhere."""
        facilities, within_m = study.layers["facilities"], study.description.walking.snap_max_m
        spots = facility_points(facilities[operating(facilities)])
        somewhere = ~(shapely.is_empty(spots) | shapely.is_missing(spots))
        x, y = shapely.get_coordinates(spots[somewhere]).T
        return self._everything.nearest(x, y, within_m=within_m)


def _rules(study: Study) -> str:
    """Return what placing asks about walking."""
    return study.description.walking.model_dump_json(exclude=set(HOW_FAR))


def _unaltered(placed: Placed) -> Exits:
    """Return the ways out of all points onto streets that nobody has altered."""
    if placed.altered is None:
        return placed.exits
    return put_on_streets(
        placed.index, placed.points, snap_max_m=placed.snap_max_m, grounds=placed.grounds
    )


def _placed_anew(study: Study, homes: gpd.GeoDataFrame) -> tuple[Placed, Exits]:
    placed = place_study(study, homes)
    return placed, _unaltered(placed)


def _altered(study: Study, placed: Placed, exits: Exits) -> Standing:
    altered = alter(study, placed.index, placed.grounds, placed.private)
    if altered is None:
        graph = WalkGraph.of(placed.index.network, private=placed.private)
        return Standing(placed, None, exits, graph)
    graph = WalkGraph.of(altered.streets)
    return Standing(placed, altered, altered.exits(exits, placed.points), graph)


def _forget_first(known: dict[Any, Any]) -> None:
    """Forget what has been known for longest, but for the base."""
    if len(known) > GROUNDS_KEPT:
        del known[list(known)[1]]
