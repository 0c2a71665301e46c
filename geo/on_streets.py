"""Walks of places read off the searched nodes, and along the one street shared with a facility."""

from typing import NamedTuple

import numpy as np
from numba import njit

from geo.bounded_search import FACILITY_BITS, NOWHERE
from geo.places import Ways
from geo.streets.network import Ints
from geo.walk_graph import NO_NODE, Ends, Numbers

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
def through_ends(ends: Ends, code: Ints, places: Ways, way: int) -> int:
    """Return the code of the best walk by way of an end of the street."""
    street, best = places.street[way], NOWHERE
    for end in range(2):
        node = ends.read[street, end]
        if node == NO_NODE or code[node] == NOWHERE:
            continue
        offset_mm = places.offset_mm[way]
        along = offset_mm if end == 0 else ends.length_mm[street] - offset_mm
        best = min(best, code[node] + ((along + places.off_street_mm[way]) << FACILITY_BITS))
    return best


@njit(cache=True, nogil=True)
def place_code(ends: Ends, goals: Goals, places: Ways, place: int) -> tuple[int, int]:
    """Return the code of a place's best walk and the way it takes, the first of equal ways."""
    best, taken = NOWHERE, NO_WAY
    for way in range(places.first[place], places.first[place + 1]):
        there = through_ends(ends, goals.code, places, way)
        on = goals.standing.first_on[places.street[way]]
        while on != NO_WAY:
            direct = direct_mm(ends, goals.ways, on, places, way)
            if direct >= 0:
                there = min(there, (direct << FACILITY_BITS) | goals.ways.owner[on])
            on = goals.standing.next_on[on]
        if there < best and there <= goals.most:
            best, taken = there, way
    return best, taken


@njit(cache=True, nogil=True)
def place_codes(
    ends: Ends, goals: Goals, places: Ways, begin: int, stop: int
) -> tuple[Ints, Ints]:
    """Return code and way of the places from `begin` up to `stop`."""
    best = np.empty(stop - begin, dtype=np.int64)
    taken = np.empty(stop - begin, dtype=np.int64)
    for place in range(begin, stop):
        best[place - begin], taken[place - begin] = place_code(ends, goals, places, place)
    return best, taken
