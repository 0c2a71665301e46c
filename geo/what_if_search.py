"""What the search does when one facility comes or goes: only what it changes, and noted."""

from typing import NamedTuple

import numpy as np
from numba import njit

from geo.bounded_search import (
    FACILITY_BITS,
    FACILITY_MASK,
    NOWHERE,
    Notes,
    Queue,
    code_at_end,
    enter,
    room_to_note,
    room_to_wait,
    spread,
    wait,
)
from geo.on_streets import NO_WAY, Goals, leave, read_places, stand
from geo.places import ByStreet, Ways
from geo.streets.network import Ints
from geo.walk_graph import NO_NODE, NO_STREET, Ends, Numbers, Rows


class Seen(NamedTuple):
    """The last stamp under which each street and each place was come upon, and a list to fill."""

    streets: Numbers
    places: Numbers
    listed: Numbers


class Homes(NamedTuple):
    """The places by their slots, which way and code each has now, and how to find them.

    seen
        For listing them.
    """

    ways: Ways
    by_street: ByStreet
    code: Ints
    taken: Ints
    seen: Seen


@njit(cache=True, nogil=True)
def come(
    rows: Rows, ends: Ends, goals: Goals, homes: Homes,
    facility: int, stamp: int, queue: Queue, notes: Notes,
) -> tuple[Queue, Notes, int, int]:  # fmt: skip
    """Open a facility; return how many notes were taken, and how many places were read anew."""
    stand(goals.standing, goals.ways, facility)
    queue, slot, notes, noted = enter(
        ends, goals.ways, facility, goals.code, goals.most, queue, 0, notes, 0
    )
    queue, notes, noted = spread(rows, goals.code, goals.most, queue, slot, notes, noted)
    many = _read_beside(rows, ends, goals, homes, facility, stamp, notes, noted)
    return queue, notes, noted, many


@njit(cache=True, nogil=True)
def go(
    rows: Rows, towards: Rows, ends: Ends, goals: Goals, homes: Homes,
    facility: int, stamp: int, queue: Queue, notes: Notes,
) -> tuple[Queue, Notes, int, int]:  # fmt: skip
    """Close a facility; return as `come` does.

    The nodes that walked to it are forgotten, entered again from those around them and from the
    facilities among them, and the search goes on from there.
    """
    leave(goals.standing, goals.ways, facility)
    notes, noted = _forget(rows, ends, goals.ways, goals.code, facility, notes)
    queue = room_to_wait(queue, noted)
    slot = _enter_again(towards, ends, goals, queue, notes, noted)
    queue, notes, noted = spread(rows, goals.code, goals.most, queue, slot, notes, noted)
    many = _read_beside(rows, ends, goals, homes, facility, stamp, notes, noted)
    return queue, notes, noted, many


@njit(cache=True, nogil=True)
def _forget(
    rows: Rows, ends: Ends, ways: Ways, code: Ints, facility: int, notes: Notes
) -> tuple[Notes, int]:
    """Forget the walks of all nodes that walk to a facility; their codes are noted."""
    noted = 0
    notes = room_to_note(notes, 2 * (ways.first[facility + 1] - ways.first[facility]))
    for way in range(ways.first[facility], ways.first[facility + 1]):
        for end in range(2):
            node = ends.seed[ways.street[way], end]
            if node != NO_NODE and code[node] != NOWHERE and code[node] & FACILITY_MASK == facility:
                notes.where[noted], notes.was[noted] = node, code[node]
                code[node] = NOWHERE
                noted += 1
    i = 0
    while i < noted:
        node = notes.where[i]
        i += 1
        notes = room_to_note(notes, noted + rows.most)
        for e in range(rows.start[node], rows.start[node + 1]):
            to = rows.step[e, 0]
            if code[to] != NOWHERE and code[to] & FACILITY_MASK == facility:
                notes.where[noted], notes.was[noted] = to, code[to]
                code[to] = NOWHERE
                noted += 1
    return notes, noted


@njit(cache=True, nogil=True)
def _enter_again(
    towards: Rows, ends: Ends, goals: Goals, queue: Queue, notes: Notes, noted: int
) -> int:
    """Let forgotten nodes wait with the best that neighbours and facilities beside them give.

    Returns how many wait.
    """
    # Fields are taken out once: within the loops that would cost more than the work itself.
    start, step, street_of, _ = towards
    code, first_on, next_on = goals.code, goals.standing.first_on, goals.standing.next_on
    ways, seed, where, waiting = goals.ways, ends.seed, notes.where, 0
    for i in range(noted):
        node = where[i]
        best = NOWHERE
        for e in range(start[node], start[node + 1]):
            there = code[step[e, 0]]
            if there != NOWHERE:
                best = min(best, there + (np.int64(step[e, 1]) << FACILITY_BITS))
            street = street_of[e]
            way = NO_WAY if street == NO_STREET else first_on[street]
            while way != NO_WAY:
                for end in range(2):
                    if seed[street, end] == node:
                        best = min(best, code_at_end(ends, ways, way, end))
                way = next_on[way]
        if best <= goals.most:
            code[node] = best
            waiting = wait(queue, waiting, node, best)
    return waiting


@njit(cache=True, nogil=True)
def _read_beside(
    rows: Rows, ends: Ends, goals: Goals, homes: Homes,
    facility: int, stamp: int, notes: Notes, noted: int,
) -> int:  # fmt: skip
    """Read the places on a facility's streets and beside noted nodes anew; return how many."""
    start, _, street_of, _ = rows
    first_on, _, slot, _, _, _ = homes.by_street
    streets, places, listed = homes.seen
    where, ways = notes.where, goals.ways
    many = 0
    for i in range(ways.first[facility] - ways.first[facility + 1], noted):
        # The facility's own streets first: a long one may have both its ends out of reach.
        own = i < 0
        node = 0 if own else where[i]
        begin = start[node]
        for e in range(begin, begin + 1 if own else start[node + 1]):
            street = ways.street[ways.first[facility + 1] + i] if own else street_of[e]
            if street == NO_STREET or streets[street] == stamp:
                continue
            streets[street] = stamp
            if street >= len(first_on) - 1:
                continue
            for k in range(first_on[street], first_on[street + 1]):
                place = slot[k]
                if places[place] != stamp:
                    places[place] = stamp
                    listed[many] = place
                    many += 1
    read_places(ends, goals, homes.ways, listed[:many], homes.code, homes.taken)
    return many


@njit(cache=True, nogil=True)
def restore(code: Ints, where: Numbers, was: Ints) -> None:
    """Give nodes back the codes they had; of several notes on one node the first is true."""
    for i in range(len(where) - 1, -1, -1):
        code[where[i]] = was[i]
