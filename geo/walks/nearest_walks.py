"""Walking metres from places to facilities, along the streets, mid-street on both ends.

Everything is carried as whole millimetres. The shortest walk counts; among equals the first
facility, then the first way out. What one pass has found serves every limit and every speed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from geo.side_by_side import side_by_side
from geo.streets.network import Flags, Floats, Ints
from geo.walks.bounded_search import BIN_BITS, FACILITY_BITS, FACILITY_MASK, NOWHERE, nearest_codes
from geo.walks.joined import joined_nodes
from geo.walks.on_streets import Goals, read_places, standing_of
from geo.walks.places import Exits
from geo.walks.walk_graph import WalkGraph

FAR: Final = np.iinfo(np.int64).max
NO_FACILITY: Final = -1
ANY_LENGTH_MM: Final = 1 << 36  # 68,719 km: as a horizon, whatever is connected is within it
AT_ONCE: Final = 32  # facilities searched together: few enough to stay near, enough to prune
A_PART: Final = 100_000  # places worth a thread of their own


@dataclass(frozen=True)
class Walks:
    """The shortest walk of each place to a facility.

    walk_mm
        Whole millimetres, off-street metres of both ends included; `FAR` where no facility is
        within the horizon.
    facility
        Position of the nearest facility, the first of equals; `NO_FACILITY` where `FAR`.
    exit
        Row of the place's `Exits` taken; -1 where `FAR`.
    """

    walk_mm: Ints
    facility: Ints
    exit: Ints

    def within(self, limit_mm: int) -> Flags:
        """Return which places walk at most `limit_mm`."""
        near: Flags = self.walk_mm <= limit_mm
        return near


@dataclass(frozen=True, eq=False)
class Search:
    """The streets searched once from all facilities; then any place is a look-up.

    node_code
        The best walk from each node of the graph, as `geo.walks.bounded_search` codes it.
    only
        Which facilities were searched from.
    """

    graph: WalkGraph
    facilities: Exits
    node_code: Ints
    horizon_mm: int
    only: Flags

    def walks(self, places: Exits) -> Walks:
        """Return the shortest walk from every place to any facility, within the horizon."""
        ways, goals = places.ways, self._goals

        code, taken = (np.empty(places.count, dtype=np.int64) for _ in range(2))

        def part(first: int, stop: int) -> None:
            read_places(self.graph.ends, goals, ways, np.arange(first, stop), code, taken)

        side_by_side(part, places.count, worth=A_PART)
        return walks_of(code, taken)

    def connected(self, places: Exits, which: Ints) -> Flags:
        """Return from which of some places a walk of any length leads to a facility."""
        code, taken = (np.empty(places.count, dtype=np.int64) for _ in range(2))
        read_places(self.graph.ends, self._anywhere, places.ways, which, code, taken)
        connected: Flags = code[which] != NOWHERE
        return connected

    @cached_property
    def _goals(self) -> Goals:
        ways = self.facilities.ways
        standing = standing_of(ways, np.flatnonzero(self.only), self.graph.streets)
        return Goals(self.node_code, ways, standing, most_code(self.horizon_mm))

    @cached_property
    def _anywhere(self) -> Goals:
        """Return the same goals as if every node joined to one were next to it."""
        ways, graph = self.facilities.ways, self.graph
        joined = joined_nodes(graph.rows, graph.ends, ways, np.flatnonzero(self.only))
        code = np.where(joined, 0, NOWHERE)
        return self._goals._replace(code=code, most=most_code(ANY_LENGTH_MM))


def search(
    graph: WalkGraph, facilities: Exits, *, horizon_mm: int, only: Flags | None = None
) -> Search:
    """Return the streets searched from the facilities, as far as `horizon_mm`.

    only
        Facilities to search from; all by default. Their numbers stay as they are.
    """
    only = np.ones(facilities.count, dtype=bool) if only is None else only
    ways = facilities.ways
    order = np.flatnonzero(only & (np.diff(ways.first) > 0))
    # Streets are numbered along a space-filling curve, so facilities of near streets are near.
    order = order[np.argsort(ways.street[ways.first[order]], kind="stable")]
    most = most_code(horizon_mm)
    # Together they walk everywhere once; in small groups where the horizon keeps groups apart.
    bins = most >> BIN_BITS
    apart = bins * (len(order) // AT_ONCE) < graph.nodes
    at_once = AT_ONCE if apart else max(len(order), 1)
    codes = nearest_codes(graph.rows, graph.ends, ways, order, most, at_once)
    return Search(graph, facilities, codes, horizon_mm, only)


def nearest_facility(
    graph: WalkGraph, facilities: Exits, places: Exits, *, horizon_mm: int
) -> Walks:
    """Return the shortest walk from every place to any facility, at most `horizon_mm` long."""
    return search(graph, facilities, horizon_mm=horizon_mm).walks(places)


def nearest_by_group(
    graph: WalkGraph,
    facilities: Exits,
    group: Ints,
    places: Exits,
    *,
    horizon_mm: int,
    groups: Sequence[int] | None = None,
) -> tuple[Walks, ...]:
    """Return the shortest walks to the facilities of each group, in the order of the groups.

    group
        One number a facility, a category for example.
    groups
        The groups wanted; by default all there are, in order.
    """
    wanted = np.unique(group).tolist() if groups is None else groups
    return tuple(
        search(graph, facilities, horizon_mm=horizon_mm, only=group == number).walks(places)
        for number in wanted
    )


def budget_mm(minutes: float, *, speed_m_per_s: float) -> int:
    """Return the whole millimetres that can be walked in `minutes`."""
    # The tiny addend undoes binary fractions: 15 min at 0.9 m/s is 810,000 mm, not 809,999.
    return int(np.floor(minutes * 60 * speed_m_per_s * 1000 + 1e-6))


def in_minutes(walk_mm: Ints, *, speed_m_per_s: float) -> Floats:
    """Return minutes for walks in millimetres; NaN for `FAR`."""
    minutes = walk_mm / (speed_m_per_s * 60_000)
    return np.where(walk_mm == FAR, np.nan, minutes)


def most_code(limit_mm: int) -> int:
    """Return the largest code of a walk of `limit_mm`, or of any length where that is shorter."""
    return (int(min(limit_mm, ANY_LENGTH_MM)) << FACILITY_BITS) | FACILITY_MASK


def walks_of(code: Ints, way: Ints) -> Walks:
    """Return codes and ways of places as walks."""
    far = code == NOWHERE
    return Walks(
        walk_mm=np.where(far, FAR, code >> FACILITY_BITS),
        facility=np.where(far, NO_FACILITY, code & FACILITY_MASK),
        exit=way,
    )
