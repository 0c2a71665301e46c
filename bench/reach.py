"""Who is in reach of which candidate, and how far: what all rows on siting are given."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from scipy.sparse import csr_array

from bench.contest import Task
from bench.given import on_streets
from bench.settled import residents
from geo.streets.network import Floats, Ints, WalkNetwork
from geo.walks.nearest_walks import FAR

DENSE_GB: Final = 4.0  # no table larger than this is made full for a library that needs it so


@dataclass(frozen=True, eq=False)
class Reach:
    """People, and the walks from each candidate to them.

    start, place, walk_mm
        Candidate c is reached from `place[start[c]:start[c + 1]]` in so many millimetres.
    people
        Of each place.
    """

    start: Ints
    place: Ints
    walk_mm: Ints
    people: Floats

    @classmethod
    def of(cls, task: Task, *, limit_mm: int) -> Self:
        """Return what `made_ready` has written."""
        with np.load(task.folder / _file(limit_mm)) as saved:
            place, walk_mm = (saved[name].astype(np.int64) for name in ("place", "walk_mm"))
            return cls(saved["start"], place, walk_mm, saved["people"])

    @property
    def sites(self) -> int:
        """Return the number of candidates."""
        return len(self.start) - 1

    @property
    def site(self) -> Ints:
        """Return the candidate of every walk."""
        return np.repeat(np.arange(self.sites), np.diff(self.start))

    def walks(self, chosen: Ints, *, else_mm: int) -> Ints:
        """Return the walk of each place to the nearest chosen site, `else_mm` where none is."""
        walk_mm = np.full(len(self.people), else_mm)
        for site in chosen:
            row = slice(self.start[site], self.start[site + 1])
            near = self.place[row]
            walk_mm[near] = np.minimum(walk_mm[near], self.walk_mm[row])
        return walk_mm

    def covered(self, chosen: Ints) -> Floats:
        """Return how many people are in reach of the chosen sites; one number."""
        return np.array([self.people[self.walks(chosen, else_mm=FAR) < FAR].sum()])

    def merged(self) -> tuple[csr_array, Floats]:
        """Return who covers whom, places covered from the same sites taken as one; their people."""
        shape = (self.sites, len(self.people))
        ones = np.ones(len(self.place))
        by_place = csr_array((ones, self.place, self.start), shape=shape).T.tocsr()
        by_place.sort_indices()
        ends = zip(by_place.indptr[:-1], by_place.indptr[1:], strict=True)
        sets = np.array([by_place.indices[a:b].tobytes() for a, b in ends], dtype=object)
        _, first, group = np.unique(sets, return_index=True, return_inverse=True)
        people: Floats = np.bincount(group, weights=self.people).astype(float)
        return by_place[first], people

    def full(self, walks: Floats | float, *, beyond: float) -> Floats:
        """Return a full table, a row a place. Errors: MemoryError where it would be too large."""
        gigabytes = len(self.people) * self.sites * 8 / 1e9
        if gigabytes > DENSE_GB:
            message = f"a full table of {gigabytes:.0f} GB"
            raise MemoryError(message)
        table = np.full((len(self.people), self.sites), beyond)
        table[self.place, self.site] = walks
        return table


def made_ready(*, limit_mm: int) -> Callable[[Task], None]:
    """Return what writes the walks of at most `limit_mm`, unless another row has done so."""

    def make_ready(task: Task) -> None:
        from geo.walks.walk_graph import WalkGraph
        from geo.walks.walk_table import walk_table

        if (task.folder / _file(limit_mm)).is_file():
            return
        network = WalkNetwork.load(task.folder / "loaded.npz")
        candidates = on_streets(network, task.spots("candidates"))
        demand = on_streets(network, task.spots("demand"))
        table = walk_table(WalkGraph.of(network), candidates, demand, limit_mm=limit_mm)
        np.savez(
            task.folder / _file(limit_mm), start=table.start, place=table.place,
            walk_mm=table.walk_mm.astype(np.int32),
            people=residents(task.size.demand),
        )  # fmt: skip

    return make_ready


def _file(limit_mm: int) -> str:
    return f"reach_{limit_mm}.npz"
