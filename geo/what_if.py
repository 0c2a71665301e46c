"""What if a facility came, went or moved: exact walks of all places after every change, with undo.

A change touches only what it changes, so it costs microseconds in a city of any size.
"""

from dataclasses import dataclass

import numpy as np

from geo.bounded_search import empty_notes, empty_queue
from geo.nearest_walks import Walks, most_code, search, walks_of
from geo.on_streets import Goals, leave, place_codes, stand, standing_of
from geo.places import Exits
from geo.streets.network import Flags, Ints
from geo.walk_graph import Numbers, WalkGraph
from geo.what_if_search import Homes, Seen, come, go, read_anew, restore


@dataclass(frozen=True)
class _Change:
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
        seen = Seen(
            np.zeros(graph.streets, dtype=np.int32),
            np.zeros(places.count, dtype=np.int32),
            np.empty(places.count, dtype=np.int32),
        )
        code, taken = place_codes(graph.ends, self._goals, places.ways, 0, places.count)
        self._homes = Homes(places.ways, places.by_street, code, taken, seen)
        self._queue, self._notes = empty_queue(self._goals.most), empty_notes()
        self._stamp = 0
        self._past: list[list[_Change]] = []

    def walks(self) -> Walks:
        """Return the shortest walk from every place to an open facility, as they now are."""
        return walks_of(self._homes.code.copy(), self._homes.taken.copy())

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
            read_anew(self._graph.ends, self._goals, self._homes, change.places)

    def _stands(self, facility: int) -> bool:
        if not 0 <= facility < len(self.is_open):  # no counting from the end
            raise IndexError(facility)
        return bool(self.is_open[facility])

    def _opened(self, facility: int) -> _Change:
        graph = self._graph
        self._stamp += 1
        self._queue, self._notes, noted, many = come(
            graph.rows, graph.ends, self._goals, self._homes,
            facility, self._stamp, self._queue, self._notes,
        )  # fmt: skip
        self.is_open[facility] = True
        return self._way_back(facility, noted, many)

    def _closed(self, facility: int) -> _Change:
        graph = self._graph
        self._stamp += 1
        self._queue, self._notes, noted, many = go(
            graph.rows, graph.towards, graph.ends, self._goals, self._homes,
            facility, self._stamp, self._queue, self._notes,
        )  # fmt: skip
        self.is_open[facility] = False
        return self._way_back(facility, noted, many)

    def _way_back(self, facility: int, noted: int, many: int) -> _Change:
        where, was = self._notes
        return _Change(
            facility=facility,
            stood=not self.is_open[facility],
            nodes=where[:noted].copy(),
            codes=was[:noted].copy(),
            places=self._homes.seen.listed[:many].copy(),
        )
