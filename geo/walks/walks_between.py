"""Walks between places and one named facility each: not the nearest, the one asked for."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numba import njit

from geo.side_by_side import side_by_side
from geo.streets.network import Ints
from geo.walks.bounded_search import (
    FACILITY_BITS,
    NOWHERE,
    Notes,
    empty_notes,
    empty_queue,
    enter,
    spread,
)
from geo.walks.nearest_walks import FAR, most_code
from geo.walks.on_streets import direct_mm
from geo.walks.places import Exits, Ways
from geo.walks.walk_graph import NO_NODE, Ends, Numbers, Rows, WalkGraph

A_PART = 100  # facilities worth a thread of their own


@dataclass(frozen=True, eq=False)
class WalksBetween:
    """The streets searched from every facility by itself.

    start, node, walk_mm
        The nodes that facility i reaches stand from `start[i]` up to `start[i + 1]`, in no order.
    """

    graph: WalkGraph
    facilities: Exits
    start: Ints
    node: Numbers
    walk_mm: Ints
    limit_mm: int

    @classmethod
    def of(cls, graph: WalkGraph, facilities: Exits, *, limit_mm: int) -> "WalksBetween":
        """Return the streets searched from each facility, as far as `limit_mm`."""
        goals, most = facilities.ways, most_code(limit_mm)

        def part(first: int, stop: int) -> tuple[Ints, Numbers, Ints]:
            return _node_rows(graph.rows, graph.ends, goals, first, stop, most)

        parts = side_by_side(part, facilities.count, worth=A_PART)
        count, node, walk_mm = map(np.concatenate, zip(*parts, strict=True))
        start = np.concatenate([[0], np.cumsum(count)])
        return cls(graph, facilities, start, node, walk_mm, limit_mm)

    def walk(self, places: Exits, facility: Ints) -> tuple[Ints, Ints]:
        """Return each place's walk to its `facility`, and the row of the exit taken.

        `FAR` and -1 beyond the limit.
        """
        reached = self._in_order
        ends, goals = self.graph.ends, self.facilities.ways
        return _walks(ends, reached, goals, places.ways, facility.astype(np.int64), self.limit_mm)

    @cached_property
    def _in_order(self) -> tuple[Ints, Numbers, Ints]:
        # Sorting takes as long as searching: only where single nodes are to be found again.
        return _sorted_rows(self.start, self.node, self.walk_mm)


@njit(cache=True, nogil=True)
def _node_rows(
    rows: Rows, ends: Ends, goals: Ways, first: int, stop: int, most: int
) -> tuple[Ints, Numbers, Ints]:
    """Return how many nodes each facility reaches; then the nodes, and millimetres."""
    code = np.full(len(rows.start) - 1, NOWHERE, dtype=np.int64)
    count = np.zeros(stop - first, dtype=np.int64)
    node, walk_mm = np.empty(1024, dtype=np.int32), np.empty(1024, dtype=np.int64)
    queue, notes = empty_queue(most), empty_notes()
    total = none = int(np.int64(0))  # not a plain 0: see `geo.walks.bounded_search`
    for facility in range(first, stop):
        queue, slot, notes, noted = enter(
            ends, goals, facility, code, most, queue, none, notes, none
        )
        queue, notes, noted = spread(rows, code, most, queue, slot, notes, noted)
        if total + noted > len(node):
            longer = np.empty(2 * (total + noted), dtype=np.int32)
            longer_mm = np.empty(2 * (total + noted), dtype=np.int64)
            for i in range(total):
                longer[i], longer_mm[i] = node[i], walk_mm[i]
            node, walk_mm = longer, longer_mm
        many = _noted_first(notes, noted, node[total:])
        for i in range(total, total + many):
            walk_mm[i] = code[node[i]] >> FACILITY_BITS
            code[node[i]] = NOWHERE
        count[facility - first] = many
        total += many
    return count, node[:total].copy(), walk_mm[:total].copy()


@njit(cache=True, nogil=True)
def _noted_first(notes: Notes, noted: int, into: Numbers) -> int:
    """Write down the nodes that had no code before; return how many."""
    where, was = notes
    many = 0
    for i in range(noted):
        if was[i] == NOWHERE:
            into[many] = where[i]
            many += 1
    return many


@njit(cache=True, nogil=True)
def _sorted_rows(start: Ints, node: Numbers, walk_mm: Ints) -> tuple[Ints, Numbers, Ints]:
    """Return the rows with the nodes of each facility in order."""
    in_order, its_mm = np.empty_like(node), np.empty_like(walk_mm)
    for facility in range(len(start) - 1):
        first, stop = start[facility], start[facility + 1]
        order = np.argsort(node[first:stop])
        in_order[first:stop] = node[first:stop][order]
        its_mm[first:stop] = walk_mm[first:stop][order]
    return start, in_order, its_mm


@njit(cache=True, nogil=True)
def _walks(
    ends: Ends,
    reached: tuple[Ints, Numbers, Ints],
    goals: Ways,
    places: Ways,
    wanted: Ints,
    limit_mm: int,
) -> tuple[Ints, Ints]:
    best = np.full(len(wanted), FAR, dtype=np.int64)
    taken = np.full(len(wanted), -1, dtype=np.int64)
    for place in range(len(wanted)):
        for way in range(places.first[place], places.first[place + 1]):
            there = _walk(ends, reached, goals, places, way, wanted[place])
            if there < best[place] and there <= limit_mm:
                best[place], taken[place] = there, way
    return best, taken


@njit(cache=True, nogil=True)
def _walk(
    ends: Ends, reached: tuple[Ints, Numbers, Ints], goals: Ways, places: Ways, way: int, goal: int
) -> int:
    """Return the walk by one way to one facility, through the ends or along the street."""
    start, node, walk_mm = reached
    street, best = places.street[way], FAR
    offset_mm, off_mm = places.offset_mm[way], places.off_street_mm[way]
    for end in range(2):
        to = ends.read[street, end]
        if to == NO_NODE:
            continue
        at = start[goal] + np.searchsorted(node[start[goal] : start[goal + 1]], to)
        if at < start[goal + 1] and node[at] == to:
            along = offset_mm if end == 0 else ends.length_mm[street] - offset_mm
            best = min(best, walk_mm[at] + along + off_mm)
    for there in range(goals.first[goal], goals.first[goal + 1]):
        if goals.street[there] == street:
            direct = direct_mm(ends, goals, there, places, way)
            if direct >= 0:
                best = min(best, direct)
    return best
