"""Walks of places read off the searched nodes, and along the one street shared with a facility."""

from typing import NamedTuple

import numpy as np
from numba import njit

from geo.streets.network import Ints
from geo.walks.bounded_search import FACILITY_BITS, NOWHERE
from geo.walks.places import Ways
from geo.walks.walk_graph import NO_NODE, Ends, Numbers

NO_WAY = -1


class Standing(NamedTuple):
    """Facilities by the street they step onto: the first way on each, and the next after each."""

    first_on: Numbers
    next_on: Numbers


class Goals(NamedTuple):
    """What places walk to: the searched nodes, and the facilities on the streets.

    code
        The best walk from each node.
    ways, standing
        Of the facilities.
    most
        The largest code that counts.
    """

    code: Ints
    ways: Ways
    standing: Standing
    most: int


@njit(cache=True, nogil=True)
def stand(standing: Standing, ways: Ways, facility: int) -> None:
    """Put a facility on its streets."""
    for way in range(ways.first[facility], ways.first[facility + 1]):
        street = ways.street[way]
        standing.next_on[way] = standing.first_on[street]
        standing.first_on[street] = way


@njit(cache=True, nogil=True)
def leave(standing: Standing, ways: Ways, facility: int) -> None:
    """Take a facility off its streets."""
    first_on, next_on = standing
    for way in range(ways.first[facility], ways.first[facility + 1]):
        before = first_on[ways.street[way]]
        if before == way:
            first_on[ways.street[way]] = next_on[way]
            continue
        while next_on[before] != way:
            before = next_on[before]
        next_on[before] = next_on[way]


@njit(cache=True, nogil=True)
def standing_of(ways: Ways, facilities: Ints, streets: int) -> Standing:
    """Return facilities put on their streets."""
    standing = Standing(
        np.full(streets, NO_WAY, dtype=np.int32), np.full(len(ways.street), NO_WAY, dtype=np.int32)
    )
    for facility in facilities:
        stand(standing, ways, facility)
    return standing


@njit(cache=True, nogil=True)
def direct_mm(ends: Ends, goals: Ways, there: int, places: Ways, here: int) -> int:
    """Return the millimetres between two ways on one street; -1 against its one direction."""
    step = goals.offset_mm[there] - places.offset_mm[here]
    if step * ends.oneway[goals.street[there]] < 0:
        return -1
    return int(abs(step) + goals.off_street_mm[there] + places.off_street_mm[here])


@njit(cache=True, nogil=True)
def read_places(
    ends: Ends, goals: Goals, places: Ways, which: Ints | Numbers, code: Ints, taken: Ints
) -> None:
    """Write the code of some places' best walks, and the way each takes, the first of equals."""
    # Fields are taken out once: within the loops that would cost more than the work itself.
    _, read, length_mm, oneway = ends
    node_code, facilities, (first_on, next_on), most = goals
    _, _, goal_mm, goal_off_mm, goal_owner = facilities
    first, street_of, offset_mm, off_street_mm, _ = places
    for place in which:
        best, best_way = NOWHERE, NO_WAY
        for way in range(first[place], first[place + 1]):
            street, along = street_of[way], offset_mm[way]
            tail, head, there = read[street, 0], read[street, 1], NOWHERE
            if tail != NO_NODE and node_code[tail] != NOWHERE:
                there = node_code[tail] + (along << FACILITY_BITS)
            if head != NO_NODE and node_code[head] != NOWHERE:
                rest = (length_mm[street] - along) << FACILITY_BITS
                there = min(there, node_code[head] + rest)
            on = first_on[street]
            while on != NO_WAY:
                step = goal_mm[on] - along
                if step * oneway[street] >= 0:
                    direct = (abs(step) + goal_off_mm[on]) << FACILITY_BITS
                    there = min(there, direct | goal_owner[on])
                on = next_on[on]
            if there != NOWHERE:
                there += off_street_mm[way] << FACILITY_BITS
            if there < best and there <= most:
                best, best_way = there, way
        code[place], taken[place] = best, best_way
