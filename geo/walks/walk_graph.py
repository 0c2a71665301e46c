"""The streets as a search walks them: backwards, from the facilities to the places.

Private ways may begin or end a walk but never carry one between two public streets: a walk is a
stretch of private ways, then one of public streets, then one of private ways, each possibly empty.
So a node stands up to three times: **leaving** on private ways, on **public** streets, and
**arriving** on private ways. Steps of no length join the three, and the search itself stays plain.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol, Self

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.streets.network import Flags, Ints

Numbers = NDArray[np.int32]

NO_NODE = -1
NO_STREET = -1  # a step from one standing of a node to another
MOST_MM = np.iinfo(np.int32).max  # of one step: a street over 2,147 km is a slip of a corner


class Walkable(Protocol):
    """What streets have to tell to be walked on, in the terms of `WalkNetwork`."""

    @property
    def nodes(self) -> int:
        """Return the number of nodes."""

    @property
    def tail(self) -> Numbers:
        """Return the node at the beginning of each street."""

    @property
    def head(self) -> Numbers:
        """Return the node at the end of each street."""

    @property
    def length_mm(self) -> Ints:
        """Return the whole millimetres of each street."""

    @property
    def oneway(self) -> NDArray[np.int8]:
        """Return 0 for both ways, 1 for tail to head only, -1 for head to tail only."""

    @property
    def private(self) -> Flags:
        """Return which streets are closed to strangers."""


class Rows(NamedTuple):
    """The steps from each node: those of node i stand from `start[i]` up to `start[i + 1]`.

    step
        The next node and the millimetres to it, at most `MOST_MM`; shape (steps, 2).
    street
        The street walked along; `NO_STREET` for a step of no length.
    most
        The most steps that any node has.
    """

    start: Numbers
    step: Numbers
    street: Numbers
    most: int


class Ends(NamedTuple):
    """What a point on a street has to do with the nodes at its ends, one row a street.

    seed
        Node at the tail and at the head from which a facility on the street is walked to;
        `NO_NODE` where the street is not walked that way. Shape (streets, 2).
    read
        Node at the tail and at the head to which a place on the street walks. Shape (streets, 2).
    length_mm, oneway
        As in `WalkNetwork`.
    """

    seed: Numbers
    read: Numbers
    length_mm: Ints
    oneway: NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class WalkGraph:
    """Streets ready to be searched.

    rows
        Steps from each node away from the facilities.
    ends
        How points on streets are joined to the nodes.
    """

    rows: Rows
    ends: Ends

    @classmethod
    def of(cls, network: Walkable, *, private: Flags | None = None) -> Self:
        """Return the streets ready to be searched.

        private
            One flag a street: carries no walk between two public streets. The network's own
            private ways by default; without any, every street carries everybody.
        """
        closed = network.private if private is None else private
        tail, head = network.tail, network.head
        standing, count = _standings(network.nodes, tail, head, closed)
        length_mm = np.minimum(network.length_mm, MOST_MM).astype(np.int32)
        streets = (tail, head, length_mm, network.oneway, closed)
        ends = Ends(*_ends(standing, streets), network.length_mm, network.oneway)
        most = 2 * (len(closed) + int(closed.sum()) + int((standing[1] != NO_NODE).sum()))
        return cls(_by_node(*_steps(standing, streets, most), count), ends)

    @property
    def nodes(self) -> int:
        """Return the number of nodes, each standing counted."""
        return len(self.rows.start) - 1

    @property
    def streets(self) -> int:
        """Return the number of streets."""
        return len(self.ends.length_mm)

    @cached_property
    def towards(self) -> Rows:
        """Return the same steps by the node they lead to; `step` holds where they come from.

        Where every street is walked both ways and closed to nobody, these are the rows themselves.
        """
        start, step, street, _ = self.rows
        if not (self.ends.oneway.any() or (street == NO_STREET).any()):
            return self.rows
        here = np.repeat(np.arange(self.nodes, dtype=np.int32), np.diff(start))
        back = np.column_stack([here, step[:, 1]])
        return _by_node(np.ascontiguousarray(step[:, 0]), back, street, self.nodes)


Standings = tuple[Numbers, Numbers, Numbers]  # public, arriving, leaving: one node number each
Streets = tuple[Numbers, Numbers, Numbers, NDArray[np.int8], Flags]


def _standings(
    nodes: int, tail: Numbers, head: Numbers, private: Flags
) -> tuple[Standings, int]:
    """Return the numbers under which each node stands, neighbours in memory, and how many."""
    open_, closed = np.zeros(nodes, dtype=bool), np.zeros(nodes, dtype=bool)
    for end in (tail, head):
        open_[end[~private]] = True
        closed[end[private]] = True
    open_ |= ~closed
    count = open_ + 2 * closed.astype(np.int64)
    first = np.cumsum(count) - count

    def numbered(number: Ints, stands: Flags) -> Numbers:
        return np.where(stands, number, NO_NODE).astype(np.int32)

    public, arriving = numbered(first, open_), numbered(first + open_, closed)
    leaving = numbered(first + open_ + 1, closed)
    return (public, arriving, leaving), int(count.sum())


@njit(cache=True, nogil=True)
def _ends(standing: Standings, streets: Streets) -> tuple[Numbers, Numbers]:
    """Return the nodes that facilities and that places on each street are joined to."""
    public, arriving, leaving = standing
    tail, head, _, oneway, private = streets
    seed = np.full((len(tail), 2), NO_NODE, dtype=np.int32)
    read = np.full((len(tail), 2), NO_NODE, dtype=np.int32)
    for s in range(len(tail)):
        a, b, closed = tail[s], head[s], private[s]
        # A facility is come upon from the tail unless the street runs back; a place walks to the
        # tail unless it runs on.
        if oneway[s] >= 0:
            seed[s, 0] = arriving[a] if closed else public[a]
            read[s, 1] = leaving[b] if closed else public[b]
        if oneway[s] <= 0:
            seed[s, 1] = arriving[b] if closed else public[b]
            read[s, 0] = leaving[a] if closed else public[a]
    return seed, read


@njit(cache=True, nogil=True)
def _steps(
    standing: Standings, streets: Streets, most: int
) -> tuple[Numbers, Numbers, Numbers]:
    """Return every step: streets against the way they are walked, then changes of standing.

    The node each step leaves, where it leads and how far, and the street.

    most
        No fewer than the steps there will be.
    """
    here = np.empty(most, dtype=np.int32)
    step = np.empty((most, 2), dtype=np.int32)
    street = np.empty(most, dtype=np.int32)
    many = _along_streets(standing, streets, here, step, street)
    many = _from_standing_to_standing(standing, here, step, street, many)
    return here[:many], step[:many], street[:many]


@njit(cache=True, nogil=True)
def _along_streets(
    standing: Standings, streets: Streets, here: Numbers, step: Numbers, street: Numbers
) -> int:
    public, arriving, leaving = standing
    tail, head, length_mm, oneway, private = streets
    many = 0
    for s in range(len(tail)):
        for layer in range(2 if private[s] else 1):
            if not private[s]:
                a, b = public[tail[s]], public[head[s]]
            elif layer == 0:
                a, b = arriving[tail[s]], arriving[head[s]]
            else:
                a, b = leaving[tail[s]], leaving[head[s]]
            if oneway[s] >= 0:
                here[many], street[many] = b, s
                step[many, 0], step[many, 1] = a, length_mm[s]
                many += 1
            if oneway[s] <= 0:
                here[many], street[many] = a, s
                step[many, 0], step[many, 1] = b, length_mm[s]
                many += 1
    return many


@njit(cache=True, nogil=True)
def _from_standing_to_standing(
    standing: Standings, here: Numbers, step: Numbers, street: Numbers, many: int
) -> int:
    public, arriving, leaving = standing
    for v in range(len(public)):
        if arriving[v] == NO_NODE:
            continue
        stands = arriving[v]
        for then in (public[v], leaving[v]):
            if then != NO_NODE:
                here[many], street[many] = stands, NO_STREET
                step[many, 0], step[many, 1] = then, 0
                stands = then
                many += 1
    return many


def _by_node(here: Numbers, step: Numbers, street: Numbers, nodes: int) -> Rows:
    """Return single steps as the rows of the nodes they leave, in the order given."""
    count = np.bincount(here, minlength=nodes)
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int32)
    return Rows(start, *_filled(here, step, street, start), int(count.max(initial=0)))


@njit(cache=True, nogil=True)
def _filled(
    here: Numbers, step: Numbers, street: Numbers, start: Numbers
) -> tuple[Numbers, Numbers]:
    free = start.copy()
    sorted_step, sorted_street = np.empty_like(step), np.empty_like(street)
    for i in range(len(here)):
        at = free[here[i]]
        sorted_step[at, 0], sorted_step[at, 1] = step[i, 0], step[i, 1]
        sorted_street[at] = street[i]
        free[here[i]] += 1
    return sorted_step, sorted_street
