"""Two-step floating catchments: what every facility has for whom it serves, passed on to them.

Step 1: a facility's supply is divided by the people in its reach, each weighted by the walk.
Step 2: a person adds up what all facilities in reach have for each they serve, weighted again.

    R(j) = S(j) / sum over k of w(k, j) x P(k)        A(i) = sum over j of w(i, j) x R(j)

What is passed on is what there is: the sum of P(i) x A(i) is that of the supply of all facilities
with somebody in reach. One facility's part in both steps needs its own walks alone, so facilities
are taken in batches and the walks of a batch are forgotten: memory stays bounded.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from analysis.walking.reach import Reach
from geo.streets.network import Floats, Ints
from geo.walks.places import Exits
from geo.walks.travel import WalkTable, budget_mm, walk_table

A_BATCH: Final = 200  # facilities whose walks are held at once


@dataclass(frozen=True)
class Decay:
    """How much a walk counts, by equal parts of the limit: 5, 10 and 15 minutes of 15.

    weights
        One for each part of the limit, the nearest first; above 0.
    source
        Who proposed it.
    """

    name: str
    weights: tuple[float, ...]
    source: str

    def __post_init__(self) -> None:
        """Refuse weights that would leave people in reach of nothing; raises ValueError."""
        if not self.weights or min(self.weights) <= 0:
            msg = f"weights must be above 0: {self.weights}"
            raise ValueError(msg)

    def edges_mm(self, limit_min: float, *, speed_m_per_s: float) -> Ints:
        """Return the millimetres up to which each weight counts."""
        parts = np.arange(1, len(self.weights) + 1) / len(self.weights)
        edges = [budget_mm(limit_min * part, speed_m_per_s=speed_m_per_s) for part in parts]
        return np.array(edges, dtype=np.int64)

    def told(self, limit_min: float) -> dict[str, Any]:
        """Return the method, its weights and the minutes up to which each counts."""
        parts = range(1, len(self.weights) + 1)
        return {
            "method": self.name,
            "source": self.source,
            "weights": list(self.weights),
            "bands_min": [limit_min * part / len(self.weights) for part in parts],
        }


ENHANCED: Final = Decay(
    "E2SFCA",
    (1.0, 0.68, 0.22),
    "Luo & Qi (2009), Health & Place 15(4): 1100-1107",
)
PLAIN: Final = Decay(
    "2SFCA",
    (1.0,),
    "Luo & Wang (2003), Environment and Planning B 30(6): 865-884",
)


@dataclass(frozen=True, eq=False)
class Catchments:
    """What the two steps give.

    in_reach, load
        Of each facility: the people within the limit, and the same weighted by their walk.
    access
        What each point has for each of its people, shape (points, kinds of supply): 0 without any
        facility within the limit, NaN where none of those within it has a known supply.
    within
        How many facilities each point has within the limit.
    """

    in_reach: Floats
    load: Floats
    access: Floats
    within: Ints


def floating_catchments(
    tables: Iterable[WalkTable], demand: Floats, supply: Floats, *, edges_mm: Ints, decay: Decay
) -> Catchments:
    """Return the two steps over walks that come in batches of facilities.

    tables
        Walks of at most the last of `edges_mm`, batch after batch in the order of `supply`.
    demand
        People at each point, 0 or more.
    supply
        What each facility has, shape (facilities, kinds); NaN = unknown: it is left out, and what
        others have for their people is what it would be without it.
    """
    facilities, kinds = supply.shape
    in_reach, load = np.zeros(facilities), np.zeros(facilities)
    access, known = (np.zeros((len(demand), kinds)) for _ in range(2))
    within = np.zeros(len(demand), dtype=np.int64)
    weights, first = np.array(decay.weights), 0
    for table in tables:
        here = slice(first, first + table.facilities)
        facility, place, first = table.facility, table.place, here.stop
        weight = weights[np.searchsorted(edges_mm, table.walk_mm)]
        in_reach[here] = np.bincount(facility, demand[place], table.facilities)
        load[here] = np.bincount(facility, weight * demand[place], table.facilities)
        within += np.bincount(place, minlength=len(demand))
        for kind in range(kinds):
            share = per_person(supply[here, kind], load[here])
            told = ~np.isnan(supply[here, kind])
            passed_on = weight * np.nan_to_num(share)[facility]
            access[:, kind] += np.bincount(place, passed_on, len(demand))
            known[:, kind] += np.bincount(place, told[facility], len(demand))
    access[(within[:, None] > 0) & (known == 0)] = np.nan
    return Catchments(in_reach, load, access, within)


def per_person(supply: Floats, load: Floats) -> Floats:
    """Return the supply for each person served; NaN where it is unknown or nobody is served."""
    share: Floats = np.divide(supply, load, out=np.full(len(load), np.nan), where=load > 0)
    return share


def walks_by_batch(reach: Reach, *, limit_mm: int, batch: int = A_BATCH) -> Iterator[WalkTable]:
    """Yield the walks between the facilities that count and all points, batch after batch."""
    placed = reach.placed
    for first in range(0, placed.facilities.count, batch):
        facilities = _some(placed.facilities, first, first + batch)
        yield walk_table(placed.graph, facilities, placed.exits, limit_mm=limit_mm)


def _some(exits: Exits, first: int, stop: int) -> Exits:
    """Return the ways out of the points from `first` up to `stop`."""
    rows = slice(*np.searchsorted(exits.point, [first, stop]))
    return replace(
        exits,
        point=exits.point[rows] - first,
        street=exits.street[rows],
        offset_mm=exits.offset_mm[rows],
        off_street_mm=exits.off_street_mm[rows],
        by_entrance=exits.by_entrance[rows],
        reason=exits.reason[first:stop],
    )
