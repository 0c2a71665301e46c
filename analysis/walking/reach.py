"""How far every place walks to the facilities that count: minutes, shares and reasons."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from analysis.columns import Words, words_at
from analysis.description import Walking
from analysis.study import Study
from analysis.walking.placing import Placed
from geo.streets.network import Flags, Floats, Ints
from geo.walks.nearest_street import NO_STREET
from geo.walks.places import BY_ENTRANCE, BY_STREET, NO_POSITION
from geo.walks.travel import FAR, Search, Walks, budget_mm, in_minutes, search

COLUMNS: Final = [
    "place_id", "layer", "minutes", "share", "nearest_facility_id", "off_street_m",
    "reachable", "exit", "reason",
]  # fmt: skip
NORM_MM: Final = 1_000_000  # the 1,000 m that planning standards call a quarter of an hour
SLOW, FAST = 0.8, 1.0  # m/s: the band shown beside every headline

NO_GEOMETRY: Final = NO_POSITION
NO_FACILITY: Final = "no_facility"
NOT_CONNECTED: Final = "not_connected"
BEYOND_HORIZON: Final = "beyond_horizon"


@dataclass(frozen=True)
class Reach:
    """The walk of every point of a study, and the budgets it is held against.

    budgets
        Millimetres by reading: `headline`, `0.8`, `1.0`, `norm_1000m`.
    """

    placed: Placed
    search: Search
    walks: Walks
    budgets: dict[str, int]
    walking: Walking

    def walk_at(self, x: Floats, y: Floats) -> tuple[Ints, Ints]:
        """Return the walk in millimetres from any points, and the street taken (-1 for none).

        A point in an estate leaves as the estate does.
        """
        exits = self.placed.ways_out(self.placed.grounds.around(x, y))
        walks = self.search.walks(exits)
        street = np.full(exits.count, NO_STREET, dtype=np.int64)
        reached = walks.exit >= 0
        street[reached] = exits.street[walks.exit[reached]]
        return walks.walk_mm, street

    def share(self, kind: slice, count: int, reading: str = "headline") -> Floats:
        """Return the part of each place's points within a budget; NaN for a place without any."""
        place = self.placed.place[kind]
        within = self.walks.walk_mm[kind] <= self.budgets[reading]
        points = np.bincount(place, minlength=count).astype(float)
        points[points == 0] = np.nan
        shares: Floats = np.bincount(place, weights=within, minlength=count) / points
        return shares

    def places(self, kind: slice, ids: "pd.Series[str]", layer: str) -> pd.DataFrame:
        """Return the rows of the places table for one kind, one a place, in order."""
        count = len(ids)
        middle = _middle_points(self.placed.place[kind], self.walks.walk_mm[kind], count)
        point = np.where(middle >= 0, middle + kind.start, 0)
        known = middle >= 0
        walk_mm = _of(self.walks.walk_mm, point, known, otherwise=FAR)
        walking = self.walking
        horizon_mm = budget_mm(walking.horizon_min, speed_m_per_s=walking.speed_m_per_s)
        told = max(horizon_mm, self.budgets["headline"])
        reached = walk_mm <= told
        walk_mm = np.where(reached, walk_mm, FAR)
        exit_row = _of(self.walks.exit, point, reached, otherwise=0)
        exits = self.placed.exits
        facility = _of(self.walks.facility, point, reached, otherwise=0)
        off_m = exits.off_street_mm[exit_row] / 1000 if len(exits.point) else np.zeros(count)
        by_gate = exits.by_entrance[exit_row] if len(exits.point) else np.zeros(count, dtype=bool)
        return pd.DataFrame(
            {
                "place_id": ids.array,
                "layer": words_at([layer], np.zeros(count, dtype=np.int64)),
                "minutes": in_minutes(walk_mm, speed_m_per_s=walking.speed_m_per_s),
                "share": self.share(kind, count),
                "nearest_facility_id": words_at(["", *self.placed.counted], facility + reached),
                "off_street_m": np.where(reached, off_m, np.nan),
                "reachable": reached,
                "exit": words_at(["", BY_STREET, BY_ENTRANCE], np.where(reached, 1 + by_gate, 0)),
                "reason": self._reasons(point, known, reached),
            }
        )[COLUMNS]

    def _reasons(self, point: Ints, known: Flags, reached: Flags) -> Words:
        """Return why each place is not reached, empty where it is."""
        unreached = np.flatnonzero(~reached)
        point, known = point[unreached], known[unreached]
        why = np.full(len(unreached), NO_GEOMETRY, dtype=object)
        why[known] = self.placed.exits.reason[point[known]]
        on_street = why == ""
        why[on_street] = self._street_reasons(point[on_street])
        number = np.zeros(len(reached), dtype=np.int64)
        number[unreached] = 1 + np.arange(len(unreached))
        return words_at(["", *why], number)

    def _street_reasons(self, point: Ints) -> np.ndarray:
        """Return why points on streets have no walk: how far it would be, or that there is none."""
        facilities = self.placed.facilities
        if not len(facilities.point):
            return np.full(len(point), NO_FACILITY, dtype=object)
        if not len(point):
            return np.zeros(0, dtype=object)
        connected = self.search.connected(self.placed.exits, point)
        return np.where(connected, BEYOND_HORIZON, NOT_CONNECTED).astype(object)


def walk_everywhere(study: Study, placed: Placed) -> Reach:
    """Return the walk of every point to its nearest facility that counts."""
    walking = study.description.walking
    budgets = {
        "headline": budget_mm(walking.limit_min, speed_m_per_s=walking.speed_m_per_s),
        str(SLOW): budget_mm(walking.limit_min, speed_m_per_s=SLOW),
        str(FAST): budget_mm(walking.limit_min, speed_m_per_s=FAST),
        "norm_1000m": NORM_MM,
    }
    horizon = max(
        budget_mm(walking.horizon_min, speed_m_per_s=walking.speed_m_per_s), *budgets.values()
    )
    searched = search(placed.graph, placed.facilities, horizon_mm=horizon)
    return Reach(placed, searched, searched.walks(placed.exits), budgets, walking)


def _of(values: Ints, point: Ints, told: Flags, *, otherwise: int) -> Ints:
    """Return the values at points, and another where nothing is told; there may be no points."""
    found: Ints = np.full(len(point), otherwise, dtype=np.int64)
    found[told] = values[point[told]]
    return found


def _middle_points(place: Ints, walk_mm: Ints, count: int) -> Ints:
    """Return for each place its point of lower median walk, -1 for a place without points."""
    points = np.bincount(place, minlength=count)
    if len(place) == count and (points == 1).all():
        return np.argsort(place)
    order = np.lexsort((walk_mm, place))
    first = np.cumsum(points) - points
    middle = np.full(count, -1, dtype=np.int64)
    some = points > 0
    middle[some] = order[first[some] + (points[some] - 1) // 2]
    return middle
