"""Walking metres from places to facilities, along the streets, mid-street on both ends.

Everything is carried as whole millimetres. To let ties go to the first facility, a walk is coded
as `millimetres * facilities + number of the facility`: the smallest code is the shortest walk and,
among equals, the first facility; sums of whole numbers below 2**53 are exact in floating point.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.places import Exits
from geo.streets.network import Floats, Ints, WalkNetwork

FAR: Final = np.iinfo(np.int64).max
NO_FACILITY: Final = -1


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


@dataclass(frozen=True, eq=False)
class Search:
    """The streets searched once from all facilities; then any place is a look-up.

    node_code
        Code of the best walk from each node; infinite beyond the horizon.
    """

    network: WalkNetwork
    facilities: Exits
    node_code: Floats
    horizon_mm: int

    def walks(self, places: Exits) -> Walks:
        """Return the shortest walk from every place to any facility, within the horizon."""
        many = self.facilities.count
        if not len(self.facilities.point) or not len(places.point):
            return _nobody(places.count)
        code = _through_nodes(self.network, self.node_code, places, many)
        code = np.minimum(code, _along_one_street(self.network, self.facilities, places))
        code[code > self.horizon_mm * many + many - 1] = np.inf
        return _best_exit(code, places, many)


def search(network: WalkNetwork, facilities: Exits, *, horizon_mm: int) -> Search:
    """Return the streets searched from the facilities, as far as `horizon_mm`."""
    if not len(facilities.point):
        node_code = np.full(len(network.x), np.inf)
    else:
        node_code = _search(network, facilities, horizon_mm)
    return Search(network, facilities, node_code, horizon_mm)


def nearest_facility(
    network: WalkNetwork, facilities: Exits, places: Exits, *, horizon_mm: int
) -> Walks:
    """Return the shortest walk from every place to any facility, at most `horizon_mm` long."""
    return search(network, facilities, horizon_mm=horizon_mm).walks(places)


def budget_mm(minutes: float, *, speed_m_per_s: float) -> int:
    """Return the whole millimetres that can be walked in `minutes`."""
    # The tiny addend undoes binary fractions: 15 min at 0.9 m/s is 810,000 mm, not 809,999.
    return int(np.floor(minutes * 60 * speed_m_per_s * 1000 + 1e-6))


def in_minutes(walk_mm: Ints, *, speed_m_per_s: float) -> Floats:
    """Return minutes for walks in millimetres; NaN for `FAR`."""
    minutes = walk_mm / (speed_m_per_s * 60_000)
    return np.where(walk_mm == FAR, np.nan, minutes)


def _nobody(count: int) -> Walks:
    return Walks(
        walk_mm=np.full(count, FAR, dtype=np.int64),
        facility=np.full(count, NO_FACILITY, dtype=np.int64),
        exit=np.full(count, -1, dtype=np.int64),
    )


def _search(network: WalkNetwork, facilities: Exits, horizon_mm: int) -> Floats:
    """Return the code of the best walk from each node to a facility; infinite beyond."""
    nodes, many = len(network.x), facilities.count
    street, oneway = facilities.street, network.oneway[facilities.street]
    number = facilities.point
    # Walking towards the facility: it is come upon from the tail unless the street runs back.
    ends = [
        (network.tail[street], facilities.offset_mm, oneway >= 0),
        (network.head[street], network.length_mm[street] - facilities.offset_mm, oneway <= 0),
    ]
    node = np.concatenate([end[open_] for end, _, open_ in ends])
    code = np.concatenate(
        [((mm + facilities.off_street_mm) * many + number)[open_] for _, mm, open_ in ends]
    )
    steps = [(network.head, network.tail, network.oneway >= 0)]
    steps += [(network.tail, network.head, network.oneway <= 0)]
    source = np.concatenate([a[open_] for a, _, open_ in steps] + [np.full(len(node), nodes)])
    target = np.concatenate([b[open_] for _, b, open_ in steps] + [node])
    cost = np.concatenate([network.length_mm[open_] * many for _, _, open_ in steps] + [code])
    graph = _shortest_edges(source, target, cost, nodes + 1)
    limit = horizon_mm * many + many - 1
    reached = dijkstra(graph, directed=True, indices=nodes, limit=limit)
    return np.asarray(reached[:nodes], dtype=np.float64)


def _shortest_edges(source: Ints, target: Ints, cost: Ints, nodes: int) -> csr_array:
    """Return the graph with the cheapest of parallel edges; explicit zeros stay edges."""
    order = np.lexsort((cost, target, source))
    source, target, cost = source[order], target[order], cost[order]
    first = np.ones(len(source), dtype=bool)
    first[1:] = (source[1:] != source[:-1]) | (target[1:] != target[:-1])
    source, target, cost = source[first], target[first], cost[first]
    start = np.searchsorted(source, np.arange(nodes + 1))
    return csr_array((cost.astype(np.float64), target, start), shape=(nodes, nodes))


def _through_nodes(
    network: WalkNetwork, node_code: Floats, places: Exits, many: int
) -> Floats:
    """Return the code of the best walk by way of an end of the street, for each exit."""
    street, oneway = places.street, network.oneway[places.street]
    to_tail = (places.offset_mm + places.off_street_mm) * many
    to_head = (network.length_mm[street] - places.offset_mm + places.off_street_mm) * many
    by_tail = np.where(oneway <= 0, node_code[network.tail[street]] + to_tail, np.inf)
    by_head = np.where(oneway >= 0, node_code[network.head[street]] + to_head, np.inf)
    return np.minimum(by_tail, by_head)


def _along_one_street(network: WalkNetwork, facilities: Exits, places: Exits) -> Floats:
    """Return the code of the best direct walk to a facility on the same street."""
    code = np.full(len(places.point), np.inf)
    order = np.argsort(facilities.street, kind="stable")
    streets = facilities.street[order]
    first = np.searchsorted(streets, places.street, side="left")
    count = np.searchsorted(streets, places.street, side="right") - first
    exit_ = np.repeat(np.arange(len(places.point)), count)
    nth = np.arange(len(exit_)) - np.repeat(np.cumsum(count) - count, count)
    goal = order[np.repeat(first, count) + nth]
    step_mm = facilities.offset_mm[goal] - places.offset_mm[exit_]
    oneway = network.oneway[places.street[exit_]]
    allowed = (step_mm == 0) | (oneway == 0) | (np.sign(step_mm) == oneway)
    walk_mm = np.abs(step_mm) + facilities.off_street_mm[goal] + places.off_street_mm[exit_]
    pair_code = np.where(
        allowed, walk_mm * facilities.count + facilities.point[goal], np.inf
    )
    np.minimum.at(code, exit_, pair_code)
    return code


def _best_exit(code: Floats, places: Exits, many: int) -> Walks:
    """Return for each place the walk by its best exit; the first of equal exits."""
    walks = _nobody(places.count)
    begins = np.flatnonzero(np.diff(places.point, prepend=-1))  # exits are sorted by point
    best = np.minimum.reduceat(code, begins)
    exits_each = np.diff(np.append(begins, len(code)))
    is_best = np.flatnonzero(code == np.repeat(best, exits_each))
    group = np.searchsorted(begins, is_best, side="right") - 1
    first = is_best[np.unique(group, return_index=True)[1]]
    found = np.isfinite(best)
    place, whole = places.point[begins][found], best[found].astype(np.int64)
    walks.walk_mm[place] = whole // many
    walks.facility[place] = whole % many
    walks.exit[place] = first[found]
    return walks
