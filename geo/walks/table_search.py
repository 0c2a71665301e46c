"""The table's search: from every facility by itself, to every place within the limit."""

from typing import NamedTuple

import numpy as np
from numba import njit

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
from geo.walks.places import ByStreet, Ways
from geo.walks.walk_graph import NO_NODE, NO_STREET, Ends, Numbers, Rows


class Reached(NamedTuple):
    """What one search has reached, and room for it.

    seen
        The last facility that came upon each street.
    streets, slots
        The streets, and the slots of the places, reached, in the order found.
    code, taken
        Of the place in each slot, and its way; `NOWHERE` for those not reached.
    """

    seen: Numbers
    streets: Numbers
    slots: Numbers
    code: Ints
    taken: Numbers


class Found(NamedTuple):
    """Rows of the table: the place, its way and the millimetres."""

    place: Numbers
    way: Numbers
    walk_mm: Ints


@njit(cache=True, nogil=True)
def _room_to_find(found: Found, total: int, wanted: int) -> Found:
    if wanted <= len(found.place):
        return found
    more = max(wanted, 2 * len(found.place))
    place, way = np.empty(more, dtype=np.int32), np.empty(more, dtype=np.int32)
    walk_mm = np.empty(more, dtype=np.int64)
    for row in range(total):
        place[row], way[row], walk_mm[row] = found.place[row], found.way[row], found.walk_mm[row]
    return Found(place, way, walk_mm)


@njit(cache=True, nogil=True)
def table_rows(
    rows: Rows, ends: Ends, goals: Ways, places: ByStreet,
    first: int, stop: int, most: int, in_order: bool,  # noqa: FBT001 - a kernel's argument
) -> tuple[Ints, Numbers, Numbers, Ints]:  # fmt: skip
    """Return how many places each facility from `first` up to `stop` reaches, then the rows.

    Rows are places, their ways and millimetres, within a facility by place where `in_order`.
    """
    code = np.full(len(rows.start) - 1, NOWHERE, dtype=np.int64)
    reached = _nothing_reached(len(ends.length_mm), len(places.place))
    queue, notes = empty_queue(most), empty_notes()
    found = Found(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int64))
    count = np.zeros(stop - first, dtype=np.int64)
    total = none = int(np.int64(0))  # not a plain 0: see `geo.walks.bounded_search`
    for facility in range(first, stop):
        queue, slot, notes, noted = enter(
            ends, goals, facility, code, most, queue, none, notes, none
        )
        queue, notes, noted = spread(rows, code, most, queue, slot, notes, noted)
        streets = _reach_streets(rows, goals, facility, notes, noted, reached)
        many = _reach_places(ends, code, goals, places, facility, most, streets, reached)
        for i in range(noted):
            code[notes.where[i]] = NOWHERE
        if in_order:
            wanted = places.place[reached.slots[:many]]
            reached.slots[:many] = reached.slots[:many][np.argsort(wanted)]
        found = _room_to_find(found, total, total + many)
        for i in range(many):
            slot = reached.slots[i]
            found.place[total + i], found.way[total + i] = places.place[slot], reached.taken[slot]
            found.walk_mm[total + i] = reached.code[slot] >> FACILITY_BITS
            reached.code[slot] = NOWHERE
        count[facility - first] = many
        total += many
    return count, found.place[:total].copy(), found.way[:total].copy(), found.walk_mm[:total].copy()


@njit(cache=True, nogil=True)
def _nothing_reached(streets: int, places: int) -> Reached:
    return Reached(
        np.full(streets, -1, dtype=np.int32),
        np.empty(streets, dtype=np.int32),
        np.empty(places, dtype=np.int32),
        np.full(places, NOWHERE, dtype=np.int64),
        np.empty(places, dtype=np.int32),
    )


@njit(cache=True, nogil=True)
def _reach_streets(
    rows: Rows, goals: Ways, facility: int, notes: Notes, noted: int, reached: Reached
) -> int:
    """List the facility's own streets and all that noted nodes lead to; return their number."""
    # Fields are taken out once: within the loops that would cost more than the work itself.
    start, _, street_of, _ = rows
    where, was = notes
    seen, streets, _, _, _ = reached
    many = 0
    for way in range(goals.first[facility], goals.first[facility + 1]):
        street = goals.street[way]
        if seen[street] != facility:
            seen[street] = facility
            streets[many] = street
            many += 1
    for i in range(noted):
        if was[i] != NOWHERE:
            continue  # noted before
        for e in range(start[where[i]], start[where[i] + 1]):
            street = street_of[e]
            if street != NO_STREET and seen[street] != facility:
                seen[street] = facility
                streets[many] = street
                many += 1
    return many


@njit(cache=True, nogil=True)
def _reach_places(
    ends: Ends, code: Ints, goals: Ways, places: ByStreet,
    facility: int, most: int, streets: int, reached: Reached,
) -> int:  # fmt: skip
    """Read the places off the streets reached; return how many are within `most`."""
    _, read, length_mm, oneway = ends
    start, way_on, slot_of, offset_mm, off_street_mm, _ = places
    first_goal, goal_street, goal_mm, goal_off_mm, _ = goals
    _, listed, slots, slot_code, taken = reached
    many = 0
    for street in listed[:streets]:
        tail, head = read[street, 0], read[street, 1]
        at_tail = code[tail] if tail != NO_NODE else NOWHERE
        at_head = code[head] if head != NO_NODE else NOWHERE
        if street >= len(start) - 1:
            continue
        for k in range(start[street], start[street + 1]):
            along, off = np.int64(offset_mm[k]), np.int64(off_street_mm[k])
            there = np.int64(NOWHERE)
            if at_tail != NOWHERE:
                there = at_tail + (along << FACILITY_BITS)
            if at_head != NOWHERE:
                there = min(there, at_head + ((length_mm[street] - along) << FACILITY_BITS))
            for goal in range(first_goal[facility], first_goal[facility + 1]):
                step = goal_mm[goal] - along
                if goal_street[goal] == street and step * oneway[street] >= 0:
                    direct = (abs(step) + goal_off_mm[goal]) << FACILITY_BITS
                    there = min(there, direct | facility)  # as the codes of nodes: ties are equal
            if there == NOWHERE:
                continue
            there += off << FACILITY_BITS
            slot, way = slot_of[k], way_on[k]
            before = slot_code[slot]
            if there > most or there > before or (there == before and way > taken[slot]):
                continue
            if before == NOWHERE:
                slots[many] = slot
                many += 1
            slot_code[slot], taken[slot] = there, way
    return many
