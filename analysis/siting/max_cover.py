"""The few sites that newly cover the most people, with a proof of how good the answer is."""

from dataclasses import dataclass
from enum import StrEnum
from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from analysis.siting.max_cover_kernels import (
    Cover,
    Opened,
    alike,
    covered_units,
    descend,
    full_credit,
    greedy,
    largest,
    none_open,
    open_sites,
    swap,
    well_formed,
)
from geo.errors import ScenarioError
from geo.language import say
from geo.streets.network import Flags, Floats, Ints

ROUND = 100  # steps on the bound between two tries to better the sites
SLOWEST = 1e-3  # a pace below which the bound hardly moves
ALL_UNITS = 48  # bits: even the sum over thousands of sites stays within 63
SAME = 1e-9

Table = tuple[Ints, Ints]  # start, place


class Status(StrEnum):
    """How far the search came."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    TIME_LIMIT = "time_limit"


@dataclass(frozen=True, eq=False)
class Candidates:
    """Where a site may be opened, and the places each would cover.

    start, place
        Candidate c covers `place[start[c]:start[c + 1]]`, each place once.
    mandatory, forbidden
        One flag a candidate; none where absent. Mandatory ones count among the sites.
    """

    start: Ints
    place: Ints
    mandatory: Flags | None = None
    forbidden: Flags | None = None

    def __len__(self) -> int:
        """Return how many candidates there are."""
        return len(self.start) - 1


@dataclass(frozen=True, eq=False)
class ChosenSites:
    """Sites, and the people they newly cover.

    chosen
        Candidate numbers, each the one that adds most to those before it; ties to the first.
        Fewer than asked for where further sites would add nobody.
    gain
        People each adds to those before it; together they are `covered`.
    covered, bound
        People newly covered by these sites; no choice of sites covers more than `bound`.
    status
        `optimal` where both are equal, `feasible` otherwise, `time_limit` where time ran out: the
        next run may then end elsewhere.
    seconds
        What the search took.
    """

    chosen: Ints
    gain: Floats
    covered: float
    bound: float
    status: Status
    seconds: float

    @property
    def gap(self) -> float:
        """Return the share of the bound that may be missing."""
        return (self.bound - self.covered) / self.bound if self.bound > 0 else 0.0


def max_cover(
    candidates: Candidates,
    people: ArrayLike,
    *,
    count: int,
    covered: Flags | None = None,
    seconds: float = 10.0,
    within: float = 0.001,
) -> ChosenSites:
    """Return at most `count` candidates that newly cover as many people as can be.

    people
        Of each place: known, not negative, whole or not.
    covered
        Places that existing facilities cover; none where absent.
    seconds, within
        The search ends after this time, or when the gap is this small.

    Raises ScenarioError where a mandatory candidate is forbidden, or more are than `count`.
    """
    began = perf_counter()
    scale = _Scale.of(_known(people))
    units = np.where(_flags(covered, len(scale.units)), 0, scale.units)
    table = _table(candidates, len(units))
    mandatory, free = _mandatory_and_free(candidates, count)
    secured = _covered_by(table, mandatory, len(units))
    cover = _merged(table, free, np.where(secured, 0, units))
    task = _Task(int(units[secured].sum()), scale.person, within, began + seconds)
    found = _search(cover, count - len(mandatory), task)
    chosen, gain = _in_order(table, mandatory, free[found.sites], units)
    return ChosenSites(
        chosen,
        gain=scale.people(gain),
        covered=float(scale.people(gain.sum())),
        bound=float(scale.people(found.bound)),
        status=found.status,
        seconds=perf_counter() - began,
    )


@dataclass(frozen=True, eq=False)
class _Scale:
    """People in whole units, so small that nobody is lost and sums are exact.

    bits
        A person is 2 ** bits units.
    person
        Units in which all sums are whole: a person where people are whole, else a single unit.
    """

    units: Ints
    bits: int
    person: int

    @classmethod
    def of(cls, people: Floats) -> "_Scale":
        bits = ALL_UNITS - int(np.frexp(people.sum())[1])
        whole = bits >= 0 and bool((people == np.floor(people)).all())
        units = np.rint(np.ldexp(people, bits)).astype(np.int64)
        return cls(units, bits, 1 << bits if whole else 1)

    def people(self, units: ArrayLike) -> Floats:
        people: Floats = np.ldexp(np.asarray(units, dtype=np.float64), -self.bits)
        return people


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
    """Sites, and the units that no sites can exceed, mandatory ones included."""

    sites: Ints
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
    return _Found(np.flatnonzero(opened.flag), task.secured + bound, _status(units, bound, task))


def _bettered(cover: Cover, opened: Opened, most: Ints, task: _Task) -> int:
    """Exchange open sites, in place, until no exchange of one gains; return what they cover."""
    while swap(cover, opened, most) and not task.late:
        pass
    return covered_units(cover, opened)


def _status(units: int, bound: int, task: _Task) -> Status:
    if bound - units <= SAME * (task.secured + bound):
        return Status.OPTIMAL
    return Status.TIME_LIMIT if task.late else Status.FEASIBLE


def _in_order(table: Table, mandatory: Ints, opened: Ints, units: Ints) -> tuple[Ints, Ints]:
    """Return the sites, each adding most to those before it, and what each adds.

    Mandatory sites that add nobody come last; others that add nobody do not come at all.
    """
    sites = np.sort(np.concatenate([mandatory, opened]))
    _, order, gain = greedy(_merged(table, sites, units), len(sites))
    chosen = sites[order]
    idle = np.setdiff1d(mandatory, chosen)
    return np.append(chosen, idle), np.append(gain, np.zeros_like(idle))


def _merged(table: Table, which: Ints, units: Ints) -> Cover:
    """Return what some candidates cover; places that the same ones cover become one group."""
    start, place = _rows(table, which, units > 0)
    kind = alike(start, place, len(units))
    _, first = np.unique(kind, return_index=True)
    speaks = np.zeros(len(units), dtype=bool)
    speaks[first] = kind[first] > 0
    number = np.cumsum(speaks) - 1
    weight = np.bincount(kind, units)[kind[speaks]].astype(np.int64)
    start, place = _rows((start, place), np.arange(len(which)), speaks)
    group = number[place].astype(np.int32)
    shape = (len(which), len(weight))
    by_group = csr_array((np.ones(len(group), dtype=np.int8), group, start), shape=shape).tocsc()
    by_start, candidate = by_group.indptr.astype(np.int64), by_group.indices.astype(np.int32)
    return Cover(start, group, by_start, candidate, weight)


def _rows(table: Table, which: Ints, wanted: Flags) -> Table:
    """Return the rows of some candidates, without the places that are not wanted."""
    start, place = table
    taken = np.zeros(len(start) - 1, dtype=bool)
    taken[which] = True
    kept = np.repeat(taken, np.diff(start)) & wanted[place]
    before = np.append(0, np.cumsum(kept))
    return np.append(0, before[start[1:]][taken]), place[kept]


def _covered_by(table: Table, sites: Ints, places: int) -> Flags:
    reached = np.zeros(places, dtype=bool)
    reached[_rows(table, sites, np.ones(places, dtype=bool))[1]] = True
    return reached


def _table(candidates: Candidates, places: int) -> Table:
    # Copies are writable and in a row: one compiled version of the search serves them all.
    start = np.array(candidates.start, dtype=np.int64)
    place = np.array(candidates.place, dtype=np.int64)
    if not well_formed(start, place, places):
        msg = "A candidate names a place that is not there, or one place twice."
        raise ValueError(msg)
    return start, place


def _mandatory_and_free(candidates: Candidates, count: int) -> tuple[Ints, Ints]:
    """Return the numbers of candidates that must be sites, and of those that may."""
    mandatory = _flags(candidates.mandatory, len(candidates))
    forbidden = _flags(candidates.forbidden, len(candidates))
    if (mandatory & forbidden).any():
        raise ScenarioError(
            say(
                "{count} 个候选点既必选又禁选：请只留其一。",
                count=int((mandatory & forbidden).sum()),
            )
        )
    if mandatory.sum() > count:
        raise ScenarioError(
            say(
                "必选候选点有 {mandatory} 个，多于要建的 {count} 处：请增加处数或减少必选点。",
                mandatory=int(mandatory.sum()),
                count=count,
            )
        )
    return np.flatnonzero(mandatory), np.flatnonzero(~mandatory & ~forbidden)


def _flags(flags: Flags | None, size: int) -> Flags:
    if flags is None:
        return np.zeros(size, dtype=bool)
    if len(flags) != size:
        msg = f"{size} flags are needed, not {len(flags)}."
        raise ValueError(msg)
    return np.array(flags, dtype=bool)


def _known(people: ArrayLike) -> Floats:
    known = np.array(people, dtype=np.float64)
    if not (np.isfinite(known) & (known >= 0)).all():
        msg = "The people of every place must be known and not negative."
        raise ValueError(msg)
    return known
