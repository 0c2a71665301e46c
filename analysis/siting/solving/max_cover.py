"""The few sites that newly cover the most people, with a proof of how good the answer is."""

from dataclasses import dataclass
from functools import cache
from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike

from analysis.siting.solving.candidates import (
    Candidates,
    Scale,
    as_flags,
    checked_table,
    covered_by,
    in_order,
    known_people,
    mandatory_and_free,
    merged,
)
from analysis.siting.solving.max_cover_kernels import (
    Cover,
    Opened,
    covered_units,
    descend,
    full_credit,
    greedy,
    largest,
    none_open,
    open_sites,
    swap,
)
from analysis.siting.solving.solution import Solution, Status
from geo.streets.network import Flags, Ints

ROUND = 100  # steps on the bound between two tries to better the sites
SLOWEST = 1e-3  # a pace below which the bound hardly moves
SAME = 1e-9

def max_cover(
    candidates: Candidates,
    people: ArrayLike,
    *,
    count: int,
    covered: Flags | None = None,
    seconds: float = 10.0,
    within: float = 0.001,
) -> Solution:
    """Return at most `count` candidates that newly cover as many people as can be.

    They stand in order, each the one that adds most to those before it, ties to the first; fewer
    than asked for where further sites would add nobody. Value and bound are people newly covered.

    people
        Of each place: known, not negative, whole or not.
    covered
        Places that existing facilities cover; none where absent.
    seconds, within
        The search ends after this time, or when the gap is this small.

    Errors: SitingError where a mandatory candidate is forbidden, or more are than `count`.
    """
    _compile()
    began = perf_counter()
    scale = Scale.of(known_people(people))
    units = np.where(as_flags(covered, len(scale.units)), 0, scale.units)
    table = checked_table(candidates, len(units))
    mandatory, free = mandatory_and_free(candidates, count)
    secured = covered_by(table, mandatory, len(units))
    cover = merged(table, free, np.where(secured, 0, units))
    task = _Task(int(units[secured].sum()), scale.person, within, began + seconds)
    found = _search(cover, count - len(mandatory), task)
    sites, gain = in_order(
        candidates, people, np.append(mandatory, free[found.sites]), covered=covered
    )
    return Solution(
        sites[(gain > 0) | np.isin(sites, mandatory)],
        value=float(scale.people(found.units)),
        bound=float(scale.people(found.bound)),
        status=found.status,
        seconds=perf_counter() - began,
    )


@cache
def _compile() -> None:
    """Compile the search before its clock runs: a fresh installation would else be out of time.

    In this case greedy errs, so that swaps and steps on the bound are compiled too.
    """
    start, place = np.array([0, 4, 7, 10]), np.array([1, 2, 4, 5, 0, 1, 4, 2, 3, 5])
    weight = np.array([10, 10, 10, 10, 11, 11])
    candidates = Candidates(start, place)
    in_order(candidates, weight, np.arange(3))
    table = checked_table(candidates, len(weight))
    task = _Task(0, 1, 0.0, perf_counter() + 60.0)
    _search(merged(table, np.arange(3), weight), 2, task)


@dataclass(frozen=True)
class _Task:
    """When to stop: units the mandatory sites cover, units of a person, gap, and time."""

    secured: int
    person: int
    within: float
    deadline: float

    def rounded(self, bound: int) -> int:
        """Return the bound in whole persons, where only whole persons can be covered."""
        return bound // self.person * self.person

    def enough(self, units: int, bound: int) -> bool:
        return bound - units <= self.within * (self.secured + bound)

    @property
    def late(self) -> bool:
        return perf_counter() > self.deadline


@dataclass(frozen=True, eq=False)
class _Found:
    """Sites, the units they cover, and those none can exceed, mandatory ones included."""

    sites: Ints
    units: int
    bound: int
    status: Status


def _search(cover: Cover, count: int, task: _Task) -> _Found:
    """Better the sites from below and the bound from above until they are close enough."""
    count = min(count, len(cover.start) - 1)
    most = none_open(cover).worth
    opened, _, _ = greedy(cover, count)
    units = _bettered(cover, opened, most, task)
    top = largest(most, count) if count else np.zeros(0, dtype=np.int64)
    bound = min(int(cover.weight.sum()), int(most[top].sum()))
    relaxed, best = full_credit(cover, most), (bound, top, 1.0)
    while units < bound and best[2] >= SLOWEST and not task.late:
        best = descend(cover, relaxed, units, ROUND, best)
        bound = task.rounded(best[0])
        other = open_sites(cover, best[1])
        other_units = _bettered(cover, other, most, task)
        if other_units > units:
            opened, units = other, other_units
        if task.enough(units, bound):
            break
    return _Found(
        np.flatnonzero(opened.flag),
        task.secured + units,
        task.secured + bound,
        _status(units, bound, task),
    )


def _bettered(cover: Cover, opened: Opened, most: Ints, task: _Task) -> int:
    """Exchange open sites, in place, until no exchange of one gains; return what they cover."""
    while swap(cover, opened, most) and not task.late:
        pass
    return covered_units(cover, opened)


def _status(units: int, bound: int, task: _Task) -> Status:
    if bound - units <= SAME * (task.secured + bound):
        return Status.OPTIMAL
    return Status.TIME_LIMIT if task.late else Status.FEASIBLE


