"""Which estates one room can do for, the best choice of all rooms first."""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

from analysis.pooling.confirmed import ENOUGH


class Option(NamedTuple):
    """What one facility or candidate could do for one street now."""

    cured: float
    longest: float
    name: str
    at: int
    street: str
    members: tuple[int, ...]

    @property
    def rank(self) -> tuple[float, float, str, str]:
        """Return what sorts the better option first."""
        return -self.cured, self.longest, self.name, self.street


class Options:
    """What each facility or candidate could do for the estates of each street near it.

    pairs
        at (facility or candidate), street, project, minutes, deficit, weight (what the estate takes
        of the room), id.
    """

    def __init__(
        self,
        pairs: pd.DataFrame,
        room_m2: "pd.Series[float]",
        names: "pd.Series[str]",
        *,
        least_members: int,
    ) -> None:
        ordered = pairs.sort_values(["deficit", "id"], ascending=[False, True])
        self.groups: Mapping[Any, list[tuple[int, float, float, float]]] = {
            key: [*zip(g["project"], g["deficit"], g["weight"], g["minutes"], strict=True)]
            for key, g in ordered.groupby(["at", "street"])
        }
        self.rivals: dict[int, set[tuple[int, str]]] = {}
        for key, group in self.groups.items():
            for project, *_ in group:
                self.rivals.setdefault(project, set()).add(key)
        self.room_m2, self.names, self.least_members = room_m2, names, least_members

    def best_first(self, taken: set[int]) -> Iterator[Option]:
        """Yield the best option of those left, again and again; the caller adds to `taken`.

        An option whose estates have gone meanwhile is looked at again before it is given.
        """
        heap = [(option.rank, option) for option in self._all(self.groups, taken)]
        heapq.heapify(heap)
        while heap:
            _, option = heapq.heappop(heap)
            now = self._option((option.at, option.street), taken)
            if now is None:
                continue
            if now.rank != option.rank:
                heapq.heappush(heap, (now.rank, now))
                continue
            before = len(taken)
            yield option
            if len(taken) > before:  # what others could do with fewer rivals may even be more
                touched = {key for member in option.members for key in self.rivals[member]}
                again = self._all(touched - {(option.at, option.street)}, taken)
                for each in again:
                    heapq.heappush(heap, (each.rank, each))

    def reaching(self, members: tuple[int, ...]) -> dict[int, float]:
        """Return the rooms near all of some estates, with the longest walk to each."""
        keys = set.intersection(*(self.rivals[member] for member in members))
        return {
            key[0]: max(
                minutes for project, _, _, minutes in self.groups[key] if project in members
            )
            for key in keys
        }

    def _all(self, keys: Iterable[tuple[int, str]], taken: set[int]) -> Iterator[Option]:
        options = (self._option(key, taken) for key in keys)
        return (option for option in options if option is not None)

    def _option(self, key: tuple[int, str], taken: set[int]) -> Option | None:
        """Return what a room can do for a street: the largest lacks that fit, one by one."""
        left = float(self.room_m2[key[0]])
        members: list[int] = []
        cured = longest = 0.0
        for project, deficit, weight, minutes in self.groups[key]:
            if project not in taken and weight * ENOUGH <= left:
                left -= weight
                members.append(project)
                cured, longest = cured + deficit, max(longest, minutes)
        if len(members) < self.least_members:
            return None
        return Option(cured, longest, str(self.names[key[0]]), *key, tuple(members))
