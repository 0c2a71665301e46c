"""The way a walk takes: read back, street by street, from what the search has found.

Nothing is searched anew. A node's walk is that of one of its neighbours and the street between, so
the way back to the facility is followed along such streets; one-way streets, private ways and
alterations are those of the graph that was searched.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from geo.walks.bounded_search import FACILITY_BITS, code_at_end
from geo.walks.nearest_walks import FAR, Search
from geo.walks.on_streets import direct_mm
from geo.walks.places import Exits, Ways
from geo.walks.walk_graph import NO_NODE, NO_STREET


class Stretch(NamedTuple):
    """Part of a street as it is walked: from one offset to another, millimetres from its tail."""

    street: int
    start_mm: int
    end_mm: int

    @property
    def length_mm(self) -> int:
        """Return the millimetres walked."""
        return abs(self.end_mm - self.start_mm)


@dataclass(frozen=True)
class Route:
    """The walk of one place to its nearest facility.

    stretches
        In the order walked, numbered as in the graph; none has no length.
    way
        Row of the place's `Exits` by which it leaves.
    facility, facility_way
        Which facility, and the row of its `Exits` by which it is come upon.
    """

    walk_mm: int
    stretches: tuple[Stretch, ...]
    way: int
    facility: int
    facility_way: int


def route_of(search: Search, places: Exits, place: int) -> Route | None:
    """Return the walk of a place street by street; None where no facility is within the horizon.

    Its stretches and the off-street metres of both ends are exactly the walk that `Search.walks`
    tells; of several ways of one length, one is told, always the same.
    """
    own = places.only(np.arange(places.count) == place)
    walks = search.walks(own)
    if walks.walk_mm[0] == FAR:
        return None
    way = int(places.ways.first[place] + walks.exit[0])
    facility = int(walks.facility[0])
    left_mm = int(walks.walk_mm[0] - places.off_street_mm[way])
    found = _along_one_street(search, places.ways, way, facility, left_mm)
    if found is None:
        found = _through_nodes(search, places.ways, way, facility, left_mm)
    stretches, facility_way = found
    walked = tuple(each for each in stretches if each.length_mm)
    return Route(int(walks.walk_mm[0]), walked, way, facility, facility_way)


Found = tuple[list[Stretch], int]  # the stretches, and the facility's way


def _along_one_street(
    search: Search, ways: Ways, way: int, facility: int, left_mm: int
) -> Found | None:
    """Return the walk along the street that place and facility share; None where it is another."""
    goals, street = search.facilities.ways, int(ways.street[way])
    off_mm = int(ways.off_street_mm[way])
    for there in range(goals.first[facility], goals.first[facility + 1]):
        if goals.street[there] != street:
            continue
        if direct_mm(search.graph.ends, goals, there, ways, way) - off_mm == left_mm:
            return [Stretch(street, int(ways.offset_mm[way]), int(goals.offset_mm[there]))], there
    return None


def _through_nodes(search: Search, ways: Ways, way: int, facility: int, left_mm: int) -> Found:
    """Return the walk that leaves the first street by one of its ends."""
    ends, street = search.graph.ends, int(ways.street[way])
    offset_mm, length_mm = int(ways.offset_mm[way]), int(ends.length_mm[street])
    for end_mm, node in zip((0, length_mm), ends.read[street].tolist(), strict=True):
        rest_mm = left_mm - abs(offset_mm - end_mm)
        if node != NO_NODE and search.node_code[node] == (rest_mm << FACILITY_BITS) | facility:
            onward, facility_way = _followed(search, node, facility)
            return [Stretch(street, offset_mm, end_mm), *onward], facility_way
    msg = "the walk leaves its first street by neither end"
    raise AssertionError(msg)


def _followed(search: Search, node: int, facility: int) -> Found:
    """Return the walk from a node, always to a neighbour whose walk and the street are its own."""
    came: dict[int, tuple[int, Stretch | None]] = {node: (NO_NODE, None)}
    waiting = [node]
    while waiting:
        here = waiting.pop()
        arrived = _arrival(search, here, facility)
        if arrived is not None:
            last, facility_way = arrived
            return [*_way_to(here, came), last], facility_way
        for there, stretch in _onward(search, here):
            if there not in came:  # streets of no length may lead round in a circle
                came[there] = here, stretch
                waiting.append(there)
    msg = "a walk that the search found leads to no facility"
    raise AssertionError(msg)


def _arrival(search: Search, node: int, facility: int) -> tuple[Stretch, int] | None:
    """Return the last stretch where the facility's own street begins at a node."""
    ends, goals = search.graph.ends, search.facilities.ways
    for there in range(goals.first[facility], goals.first[facility + 1]):
        street = int(goals.street[there])
        for end, end_mm in enumerate((0, int(ends.length_mm[street]))):
            if ends.seed[street, end] != node:
                continue
            if code_at_end(ends, goals, there, end) == search.node_code[node]:
                return Stretch(street, end_mm, int(goals.offset_mm[there])), there
    return None


def _onward(search: Search, node: int) -> Iterator[tuple[int, Stretch | None]]:
    """Yield the neighbours on the way, the first street's last; a change of standing is no way."""
    ends, towards, code = search.graph.ends, search.graph.towards, search.node_code
    for e in range(towards.start[node], towards.start[node + 1]):
        there, step_mm = towards.step[e].tolist()
        if code[there] + (step_mm << FACILITY_BITS) != code[node]:
            continue
        street = int(towards.street[e])
        if street == NO_STREET:
            yield there, None
            continue
        length_mm, oneway = int(ends.length_mm[street]), ends.oneway[street]
        at_tail = node in (ends.seed[street, 0], ends.read[street, 0])
        forward = oneway > 0 or (oneway == 0 and at_tail)
        yield there, Stretch(street, *((0, length_mm) if forward else (length_mm, 0)))


def _way_to(node: int, came: dict[int, tuple[int, Stretch | None]]) -> list[Stretch]:
    """Return the stretches up to a node, the first one first."""
    walked: list[Stretch] = []
    before, stretch = came[node]
    while before != NO_NODE:
        if stretch is not None:
            walked.append(stretch)
        before, stretch = came[before]
    return walked[::-1]
