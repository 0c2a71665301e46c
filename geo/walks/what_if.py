"""What if a facility came, went or moved: exact walks of all places after every change, with undo.

A change touches only what it changes, so it costs microseconds in a city of any size.
"""

from typing import NamedTuple

import numpy as np

from geo.streets.network import Flags, Ints
from geo.walks.bounded_search import FACILITY_BITS, NOWHERE
from geo.walks.nearest_walks import FAR, Walks, most_code, search, walks_of
from geo.walks.on_streets import NO_WAY, Goals, leave, read_places, stand, standing_of
from geo.walks.places import Exits, Ways
from geo.walks.walk_graph import Numbers, WalkGraph
from geo.walks.what_if_search import City, Homes, Seen, come, go, restore


class _Change(NamedTuple):
    """One step back: the facility, whether it stood before, and the nodes and places changed."""

    facility: int
    stood: bool
    nodes: Numbers
    codes: Ints
    places: Numbers


class WhatIf:
    """The walks of all places to the facilities that are open, kept true while these change.

    facilities
        All that may ever be open; equal walks go to the first of them.
    is_open
        One flag a facility.
    """

    def __init__(
        self,
        graph: WalkGraph,
        facilities: Exits,
        places: Exits,
        *,
        horizon_mm: int,
        open_: Flags | None = None,
    ) -> None:
        self.is_open = np.ones(facilities.count, dtype=bool) if open_ is None else open_.copy()
        self._graph = graph
        found = search(graph, facilities, horizon_mm=horizon_mm, only=self.is_open)
        standing = standing_of(facilities.ways, np.flatnonzero(self.is_open), graph.streets)
        self._goals = Goals(found.node_code, facilities.ways, standing, most_code(horizon_mm))
        self._places = places
        ways, self._row = _in_slots(places)
        slots = len(places.by_street.place)
        seen = Seen(
            np.zeros(graph.streets, dtype=np.int32),
            np.zeros(slots, dtype=np.int32),
            np.empty(slots, dtype=np.int32),
        )
        code, taken = (np.empty(slots, dtype=np.int64) for _ in range(2))
        self._homes = Homes(ways, places.by_street, code, taken, seen)
        self._read(np.arange(slots, dtype=np.int32))
        self._city = City(graph.rows, graph.towards, graph.ends, self._goals, self._homes).bare()
        self._stamp = 0
        self._past: list[list[_Change]] = []

    def walks(self) -> Walks:
        """Return the shortest walk from every place to an open facility, as they now are."""
        code = np.full(self._places.count, NOWHERE)
        way = np.full(self._places.count, NO_WAY, dtype=np.int64)
        in_slot, taken = self._places.by_street.place, self._homes.taken
        code[in_slot] = self._homes.code
        way[in_slot] = np.where(taken == NO_WAY, NO_WAY, self._row[taken])
        return walks_of(code, way)

    def node_walk_mm(self) -> Ints:
        """Return the shortest walk from every node of the graph; `FAR` beyond the horizon."""
        code = self._goals.code
        return np.where(code == NOWHERE, FAR, code >> FACILITY_BITS)

    def add(self, facility: int) -> None:
        """Open a facility. Errors: ValueError where it is open, IndexError where there is none."""
        if self._stands(facility):
            raise ValueError(facility)
        self._past.append([self._opened(facility)])

    def remove(self, facility: int) -> None:
        """Close a facility. Errors: ValueError where it is not, IndexError where there is none."""
        if not self._stands(facility):
            raise ValueError(facility)
        self._past.append([self._closed(facility)])

    def move(self, facility: int, to: int) -> None:
        """Close a facility and open another one. Errors: as for both."""
        if not self._stands(facility) or self._stands(to):
            raise ValueError(facility, to)
        self._past.append([self._closed(facility), self._opened(to)])

    def undo(self) -> None:
        """Take the last change back. Errors: IndexError where there is none."""
        for change in reversed(self._past.pop()):
            put = stand if change.stood else leave
            put(self._goals.standing, self._goals.ways, change.facility)
            self.is_open[change.facility] = change.stood
            restore(self._goals.code, change.nodes, change.codes)
            self._read(change.places)

    def _stands(self, facility: int) -> bool:
        if not 0 <= facility < len(self.is_open):  # no counting from the end
            raise IndexError(facility)
        return bool(self.is_open[facility])

    def _read(self, places: Numbers) -> None:
        """Read places off the searched nodes."""
        homes = self._homes
        read_places(
            self._graph.ends, self._goals, homes.ways, places, homes.code, homes.taken
        )

    def _opened(self, facility: int) -> _Change:
        self._stamp += 1
        changed = come(self._city, facility, self._stamp)
        self.is_open[facility] = True
        return _Change(facility, False, *changed)  # noqa: FBT003 - whether it stood

    def _closed(self, facility: int) -> _Change:
        self._stamp += 1
        changed = go(self._city, facility, self._stamp)
        self.is_open[facility] = False
        return _Change(facility, True, *changed)  # noqa: FBT003 - whether it stood


def _in_slots(places: Exits) -> tuple[Ways, Ints]:
    """Return the ways of places in the order of their slots, and the row of each.

    Places on one street then stand side by side in memory, and are read anew together.
    """
    first, street, offset_mm, off_street_mm, _ = places.ways
    in_slot = places.by_street.place
    count = first[in_slot + 1] - first[in_slot]
    start = np.concatenate([[0], np.cumsum(count)])
    row = np.repeat(first[in_slot] - start[:-1], count) + np.arange(start[-1])
    owner = np.repeat(np.arange(len(in_slot)), count)
    return Ways(start, street[row], offset_mm[row], off_street_mm[row], owner), row
