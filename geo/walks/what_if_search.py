"""What the search does when one facility comes or goes: only what it changes, and noted."""

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from geo.streets.network import Ints
from geo.walks.bounded_search import (
    FACILITY_BITS,
    FACILITY_MASK,
    NOWHERE,
    Notes,
    Queue,
    code_at_end,
    empty_notes,
    empty_queue,
    enter,
    room_to_note,
    room_to_wait,
    spread,
    wait,
)
from geo.walks.on_streets import NO_WAY, Goals, Standing, leave, read_places, stand
from geo.walks.places import ByStreet, Ways
from geo.walks.walk_graph import NO_NODE, NO_STREET, Ends, Numbers, Rows


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


Changed = tuple[Numbers, Ints, Numbers]  # nodes, the codes they had, and places read anew
Bare = tuple[Any, ...]


class City(NamedTuple):
    """All that a change may touch."""

    rows: Rows
    towards: Rows
    ends: Ends
    goals: Goals
    homes: Homes

    def bare(self) -> Bare:
        """Return the same as tuples without names.

        Compiled code is called with these 10 µs sooner: the compiler knows plain tuples at sight,
        and looks up named ones by a slow way.
        """
        return _without_names(self)


def _without_names(parts: tuple[Any, ...]) -> Bare:
    return tuple(_without_names(part) if isinstance(part, tuple) else part for part in parts)


@njit(cache=True, nogil=True)
def _named(bare: Bare) -> City:
    rows, towards, ends, (code, ways, standing, most), homes = bare
    home_ways, by_street, home_code, taken, seen = homes
    return City(
        Rows(*rows),
        Rows(*towards),
        Ends(*ends),
        Goals(code, Ways(*ways), Standing(*standing), most),
        Homes(Ways(*home_ways), ByStreet(*by_street), home_code, taken, Seen(*seen)),
    )


@njit(cache=True, nogil=True)
def come(bare: Bare, facility: int, stamp: int) -> Changed:
    """Open a facility; return what changed.

    bare
        A `City` without names.
    stamp
        A number that was never given before.
    """
    rows, _, ends, goals, homes = _named(bare)
    stand(goals.standing, goals.ways, facility)
    none = int(np.int64(0))  # not a plain 0: see `geo.walks.bounded_search`
    queue, slot, notes, noted = enter(
        ends, goals.ways, facility, goals.code, goals.most,
        empty_queue(goals.most), none, empty_notes(), none,
    )  # fmt: skip
    _, notes, noted = spread(rows, goals.code, goals.most, queue, slot, notes, noted)
    places = _read_beside(rows, ends, goals, homes, facility, stamp, notes, noted)
    return notes.where[:noted].copy(), notes.was[:noted].copy(), places


@njit(cache=True, nogil=True)
def go(bare: Bare, facility: int, stamp: int) -> Changed:
    """Close a facility; arguments and result as of `come`.

    The nodes that walked to it are forgotten, entered again from those around them and from the
    facilities among them, and the search goes on from there.
    """
    rows, towards, ends, goals, homes = _named(bare)
    leave(goals.standing, goals.ways, facility)
    notes, noted = _forget(rows, ends, goals.ways, goals.code, facility, empty_notes())
    queue = room_to_wait(empty_queue(goals.most), noted)
    slot = _enter_again(towards, ends, goals, queue, notes, noted)
    _, notes, noted = spread(rows, goals.code, goals.most, queue, slot, notes, noted)
    places = _read_beside(rows, ends, goals, homes, facility, stamp, notes, noted)
    return notes.where[:noted].copy(), notes.was[:noted].copy(), places


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
    ways, seed, where = goals.ways, ends.seed, notes.where
    waiting = int(np.int64(0))  # not a plain 0: see `geo.walks.bounded_search`
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
) -> Numbers:  # fmt: skip
    """Read the places on a facility's streets and beside noted nodes anew; return them."""
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
    return listed[:many].copy()


@njit(cache=True, nogil=True)
def restore(code: Ints, where: Numbers, was: Ints) -> None:
    """Give nodes back the codes they had; of several notes on one node the first is true."""
    for i in range(len(where) - 1, -1, -1):
        code[where[i]] = was[i]
