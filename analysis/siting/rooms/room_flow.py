"""Who finds room where: people sent to facilities within reach, as many as can be, by flows.

All in whole units, so that nothing drifts. A facility that opens draws in the people without room
within its reach, then makes full facilities pass people on to it, which frees room for others.
Nobody who has room ever loses it thereby, and the number served is the largest possible.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from analysis.siting.solving.max_cover_kernels import Members
from geo.streets.network import Flags, Floats, Ints


class Held(NamedTuple):
    """Open facilities, and whom each of them serves.

    start, group
        Facility f has `group[start[f]:start[f + 1]]` within reach; these entries are numbered on.
    owner
        The facility of each entry.
    by_start, entry
        The entries of group g are `entry[by_start[g]:by_start[g + 1]]`.
    flow
        Units of the group that the facility serves, by entry.
    free
        Units of each group that nobody serves.
    """

    start: Ints
    group: Members
    owner: Ints
    by_start: Ints
    entry: Ints
    flow: Ints
    free: Ints

    @property
    def load(self) -> Ints:
        """Return the units each facility serves."""
        load: Ints = np.bincount(self.owner, self.flow, len(self.start) - 1).astype(np.int64)
        return load


class Rows(NamedTuple):
    """Candidates: the groups within reach of each, and its room in units."""

    start: Ints
    group: Members
    room: Ints

    def row(self, which: int) -> Members:
        """Return the groups within reach of one candidate."""
        return self.group[self.start[which] : self.start[which + 1]]


def empty(start: Ints, group: Members, weight: Ints) -> Held:
    """Return facilities that serve nobody yet."""
    return _indexed(start, group, np.zeros(len(group), dtype=np.int64), weight.copy())


def filled(start: Ints, group: Members, weight: Ints, room: Ints) -> Held:
    """Return facilities that serve as many as can be, the first of them first."""
    held = empty(start, group, weight)
    fill(held, room)
    return held


def opened(held: Held, row: Members, room: int) -> tuple[Held, int]:
    """Return facilities with one more at their end, and the units it adds."""
    flow, free = held.flow.copy(), held.free.copy()
    own = np.zeros(len(row), dtype=np.int64)
    taken = pull(held._replace(flow=flow, free=free), row, own, room)
    start = np.append(held.start, held.start[-1] + len(row))
    return _indexed(start, np.append(held.group, row), np.append(flow, own), free), taken


def _indexed(start: Ints, group: Members, flow: Ints, free: Ints) -> Held:
    owner = np.repeat(np.arange(len(start) - 1), np.diff(start))
    entry = np.argsort(group, kind="stable")
    by_start = np.append(0, np.cumsum(np.bincount(group, minlength=len(free))))
    return Held(start, group, owner, by_start, entry, flow, free)


@njit(cache=True, nogil=True)
def fill(held: Held, room: Ints) -> None:
    """Let every facility in turn serve as many as it can, in place."""
    for f in range(len(held.start) - 1):
        here = slice(held.start[f], held.start[f + 1])
        pull(held, held.group[here], held.flow[here], room[f])


@njit(cache=True, nogil=True)
def pull(held: Held, row: Members, own: Ints, room: int) -> int:
    """Draw people to one facility until its room or the people end, in place; return how many.

    row, own
        The groups within its reach, and the units of each that it serves.
    """
    taken = 0
    for i in range(len(row)):
        units = min(held.free[row[i]], room - taken)
        held.free[row[i]] -= units
        own[i] += units
        taken += units
    if len(held.group) == 0:
        return taken
    via = np.empty(len(held.free), dtype=np.int64)
    link = np.empty(len(held.start) - 1, dtype=np.int64)
    queue = np.empty(len(held.free), dtype=np.int64)
    while taken < room:
        last = _way_to_free(held, row, via, link, queue)
        if last < 0:
            break
        taken += _push(held, own, (via, link), last, room - taken)
    return taken


@njit(cache=True, nogil=True)
def _way_to_free(held: Held, row: Members, via: Ints, link: Ints, queue: Ints) -> int:
    """Return a group with people without room that others can make room for, -1 for none.

    via
        The entry by which each group can move, unset below: -2 - i for entry i of the row.
    link
        The entry by which each facility passes people on; -1 where it does not.
    """
    via[:], link[:] = -1, -1
    size = len(row)
    for i in range(size):
        via[row[i]] = -2 - i
        queue[i] = row[i]
    head = 0
    while head < size:
        g = queue[head]
        head += 1
        for e in held.entry[held.by_start[g] : held.by_start[g + 1]]:
            f = held.owner[e]
            if held.flow[e] == 0 or link[f] >= 0:
                continue
            link[f] = e
            for k in range(held.start[f], held.start[f + 1]):
                h = held.group[k]
                if via[h] != -1:
                    continue
                via[h] = k
                if held.free[h] > 0:
                    return int(h)
                queue[size] = h
                size += 1
    return -1


@njit(cache=True, nogil=True)
def _push(held: Held, own: Ints, way: tuple[Ints, Ints], last: int, room: int) -> int:
    """Move as many as the way holds, in place; return how many."""
    via, link = way
    units, k = min(room, held.free[last]), via[last]
    while k >= 0:
        e = link[held.owner[k]]
        units = min(units, held.flow[e])
        k = via[held.group[e]]
    held.free[last] -= units
    k = via[last]
    while k >= 0:
        e = link[held.owner[k]]
        held.flow[k] += units
        held.flow[e] -= units
        k = via[held.group[e]]
    own[-2 - k] += units
    return int(units)


@njit(cache=True, nogil=True)
def gain_of(held: Held, row: Members, room: int) -> int:
    """Return how many more would be served if one more facility opened."""
    direct = 0
    for g in row:
        direct += held.free[g]
    if direct >= room or len(held.group) == 0:
        return int(min(direct, room))
    own = np.zeros(len(row), dtype=np.int64)
    trial = Held(
        held.start, held.group, held.owner, held.by_start, held.entry,
        held.flow.copy(), held.free.copy(),
    )  # fmt: skip
    return int(pull(trial, row, own, room))


@njit(cache=True, nogil=True)
def pick(held: Held, rows: Rows, most: Ints, each: Floats, barred: Flags) -> int:
    """Return the candidate that adds most for its price, ties to the first; -1 where none adds.

    most
        What each candidate adds at most; lowered in place to what it does add where looked at.
        What a site adds never grows when others open, so that old figures still hold.
    each
        One over the price of each candidate.
    """
    looked = np.zeros(len(most), dtype=np.bool_)
    while True:
        best = -1
        for c in range(len(most)):
            if barred[c] or most[c] == 0:
                continue
            if best < 0 or most[c] * each[c] > most[best] * each[best]:
                best = c
        if best < 0 or looked[best]:
            return best
        row = rows.group[rows.start[best] : rows.start[best + 1]]
        most[best] = gain_of(held, row, rows.room[best])
        looked[best] = True


@njit(cache=True, nogil=True)
def short_of_room(held: Held) -> Flags:
    """Return the groups that lack room, or share facilities with such, however far along.

    Facilities within their reach are full and serve nobody else; all others have room enough.
    """
    short = held.free > 0
    seen = np.zeros(len(held.start) - 1, dtype=np.bool_)
    queue = np.empty(len(held.free), dtype=np.int64)
    size = 0
    for g in np.flatnonzero(short):
        queue[size] = g
        size += 1
    head = 0
    while head < size:
        g = queue[head]
        head += 1
        for e in held.entry[held.by_start[g] : held.by_start[g + 1]]:
            f = held.owner[e]
            if seen[f]:
                continue
            seen[f] = True
            for k in range(held.start[f], held.start[f + 1]):
                h = held.group[k]
                if held.flow[k] > 0 and not short[h]:
                    short[h] = True
                    queue[size] = h
                    size += 1
    return short
