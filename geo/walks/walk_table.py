"""The one table: metres from every facility to every place within a limit, and nothing else."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.sparse import csr_array

from geo.side_by_side import side_by_side
from geo.streets.network import Flags, Ints
from geo.walks.nearest_walks import FAR, NO_FACILITY, most_code
from geo.walks.places import Exits
from geo.walks.table_search import table_rows
from geo.walks.walk_graph import Numbers, WalkGraph

A_PART = 100  # facilities worth a thread of their own


@dataclass(frozen=True, eq=False)
class WalkTable:
    """Walks from facilities to places, those of facility i from `start[i]` up to `start[i + 1]`.

    place
        Position of the place; in order within a facility.
    exit
        Row of the place's `Exits` taken, the first of equals.
    walk_mm
        Whole millimetres, off-street metres of both ends included.
    places
        How many places there are, reached or not.
    """

    start: Ints
    place: Numbers
    exit: Numbers
    walk_mm: Ints
    places: int

    @property
    def facilities(self) -> int:
        """Return the number of facilities, with or without places in reach."""
        return len(self.start) - 1

    @property
    def facility(self) -> Ints:
        """Return the facility of every row."""
        return np.repeat(np.arange(self.facilities), np.diff(self.start))

    def within(self, limit_mm: int) -> Self:
        """Return the rows of at most `limit_mm`: another limit, or another speed."""
        return self._rows(self.walk_mm <= limit_mm)

    def only(self, facilities: Flags) -> Self:
        """Return the rows of some facilities; the others stay, and reach nobody."""
        return self._rows(facilities[self.facility])

    def _rows(self, kept: Flags) -> Self:
        before = np.concatenate([[0], np.cumsum(kept)])
        return type(self)(
            before[self.start], self.place[kept], self.exit[kept], self.walk_mm[kept], self.places
        )

    def nearest(self) -> tuple[Ints, Ints]:
        """Return each place's shortest walk and its facility, the first of equals.

        `FAR` and `NO_FACILITY` for a place that no facility reaches.
        """
        walk_mm = np.full(self.places, FAR)
        np.minimum.at(walk_mm, self.place, self.walk_mm)
        facility = np.full(self.places, NO_FACILITY)
        shortest = np.flatnonzero(self.walk_mm == walk_mm[self.place])[::-1]
        facility[self.place[shortest]] = self.facility[shortest]  # the first is written last
        return walk_mm, facility

    def by_place(self) -> "FacilitiesByPlace":
        """Return the same walks by place."""
        rows = np.arange(1, len(self.place) + 1)  # a stored zero would be no entry
        table = csr_array(
            (rows, self.place, self.start), shape=(self.facilities, self.places)
        ).tocsc()
        return FacilitiesByPlace(
            table.indptr.astype(np.int64), table.indices, self.walk_mm[table.data - 1]
        )


@dataclass(frozen=True, eq=False)
class FacilitiesByPlace:
    """Walks from places to facilities, those of place i from `start[i]` up to `start[i + 1]`."""

    start: Ints
    facility: Numbers
    walk_mm: Ints


def walk_table(
    graph: WalkGraph, facilities: Exits, places: Exits, *, limit_mm: int, in_order: bool = True
) -> WalkTable:
    """Return all walks of at most `limit_mm` between facilities and places.

    in_order
        Whether the places of a facility stand in order; for very many it saves a third of the time
        not to ask for it.
    """
    goals, ways = facilities.ways, places.by_street

    def part(first: int, stop: int) -> tuple[Ints, Numbers, Numbers, Ints]:
        return table_rows(
            graph.rows, graph.ends, goals, ways, first, stop,
            most_code(limit_mm), in_order,
        )  # fmt: skip

    parts = side_by_side(part, facilities.count, worth=A_PART)
    count, place, exit_, walk_mm = map(np.concatenate, zip(*parts, strict=True))
    start = np.concatenate([[0], np.cumsum(count)])
    return WalkTable(start, place, exit_, walk_mm, places.count)
