"""The few sites with which nobody walks far: the longest walk of all is as short as can be."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike

from analysis.siting.solving import covering, least_walk
from analysis.siting.solving.candidates import known_people, mandatory_and_free
from analysis.siting.solving.covering import cover_all, cover_quickly
from analysis.siting.solving.least_walk import savings_of, sparing_order
from analysis.siting.solving.solution import Solution, Status
from analysis.siting.solving.walk_kernels import Savings, sparing_most
from analysis.siting.solving.walks import LONGEST_MM, M, WalksTo, checked_walks, people_to_walk
from geo.streets.network import Flags, Floats, Ints
from geo.walks.travel import FAR

AT_A_TIME = 200  # places looked at to add some to those that must be covered
NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class WorstWalk(Solution):
    """Sites, and the longest walk of anybody whom a site can reach.

    value, bound
        Metres; NaN where nobody can be reached. The value is the longest walk with the sites handed
        back: infinite where time ran out and they do not reach everybody whom some site can reach.
    out_of_reach
        People whom neither an existing facility nor any allowed candidate reaches: no choice helps
        them, and their walks are not among those compared.
    """

    out_of_reach: float


def worst_walk(
    walks: WalksTo, people: ArrayLike, *, count: int, seconds: float = 10.0
) -> WorstWalk:
    """Return at most `count` candidates with which the longest walk of anybody is shortest.

    Everybody walks to the nearest of existing facilities and new sites. Where fewer sites do, those
    that are left are put where they shorten the walks of all people most: a planner who may build
    so many helps the many too once the farthest are helped. They stand in order, each the one that
    spares most beside those before it, people out of reach of all charged as
    much as the longest walk told.

    people
        Of each place: known, not negative. Places without people are nobody's walk.
    seconds
        The search ends after this time.

    `infeasible` where so few sites cannot reach everybody whom some site can reach.

    Errors: SitingError where a mandatory candidate is forbidden, or more are than `count`.
    """
    least_walk.compiled()
    covering.compiled()
    began = perf_counter()
    known = known_people(people)
    walks = checked_walks(walks, len(known))
    mandatory, free = mandatory_and_free(walks.candidates, count)
    helped, out_of_reach = _reached(walks, known, np.append(mandatory, free))
    held_mm = walks.shortened(walks.now_mm, mandatory)
    found = _Found(NONE, float("nan"), float("nan"), Status.OPTIMAL)
    if helped.any():
        task = _task(walks, free, held_mm, helped)
        found = _search(task, count - len(mandatory), began + seconds)
    sites = NONE
    if found.status is not Status.INFEASIBLE:
        sites = _filled_up(walks, known, np.append(mandatory, free[found.sites]), free, count)
        found = _as_handed_back(found, walks, helped, sites)
    return WorstWalk(
        sites,
        value=found.value_mm / M,
        bound=found.bound_mm / M,
        status=found.status,
        seconds=perf_counter() - began,
        out_of_reach=out_of_reach,
    )


@dataclass(frozen=True, eq=False)
class _Task:
    """Places whose walks may be the longest, and their walks to the candidates that shorten them.

    held_mm
        What these places walk without any free site; `LONGEST_MM` where nothing is in reach.
    walk_mm
        In the order of `savings.by_start`, the shortest of a place first.
    least_mm
        What somebody walks even when all candidates are built.
    """

    savings: Savings
    held_mm: Ints
    walk_mm: Ints
    least_mm: int

    def near(self, places: Ints, radius_mm: int) -> Flags:
        """Return which candidates (columns) some places (rows) reach within a radius."""
        near = np.zeros((len(places), len(self.savings.start) - 1), dtype=bool)
        for row, p in enumerate(places):
            here = slice(self.savings.by_start[p], self.savings.by_start[p + 1])
            inside = np.searchsorted(self.walk_mm[here], radius_mm, side="right")
            near[row, self.savings.candidate[here][:inside]] = True
        return near

    def walks_with(self, sites: Ints) -> Ints:
        """Return what these places walk once some sites are open."""
        spared = np.zeros(len(self.held_mm), dtype=np.int64)
        for site in sites:
            row = slice(self.savings.start[site], self.savings.start[site + 1])
            near = self.savings.place[row]
            spared[near] = np.maximum(spared[near], self.savings.saving[row])
        return self.held_mm - spared

    def worst_mm(self, sites: Ints) -> int:
        """Return the longest walk of anybody once some sites are open."""
        return max(int(self.walks_with(sites).max(initial=0)), self.least_mm)

    def next_mm(self, radius_mm: int) -> int:
        """Return the shortest walk told that is longer than a radius."""
        longer = [each[each > radius_mm] for each in (self.walk_mm, self.held_mm)]
        return min(int(each.min(initial=LONGEST_MM)) for each in longer)


def _reached(walks: WalksTo, known: Floats, allowed: Ints) -> tuple[Flags, float]:
    """Return which places with people something reaches, and how many people nothing does."""
    reached = walks.shortened(walks.now_mm, allowed) < FAR
    return (known > 0) & reached, float(known[~reached].sum())


def _task(walks: WalksTo, free: Ints, held_mm: Ints, helped: Flags) -> _Task:
    least_mm = int(walks.shortened(held_mm, free)[helped].max())
    # Who walks no farther than somebody must in any case is nobody's worst.
    binding = helped & (held_mm > least_mm)
    held_mm = np.minimum(held_mm, LONGEST_MM)
    savings = savings_of(walks, free, held_mm, binding.astype(np.int64))
    # Every binding place is spared something, as it walks farther than it would at best.
    held_mm = held_mm[binding]
    walk_mm = np.repeat(held_mm, np.diff(savings.by_start)) - savings.by_saving
    return _Task(savings, held_mm, walk_mm, least_mm)


@dataclass(frozen=True, eq=False)
class _Found:
    """Sites, the longest walk with them, and what it is at best, in millimetres."""

    sites: Ints
    value_mm: float
    bound_mm: float
    status: Status


@dataclass(frozen=True, eq=False)
class _Answer:
    """Whether so few sites can reach all within a radius, sites that do, and places hard to reach.

    Only hard places are asked about; sites that reach them all are tried on the others, and of
    those out of their reach some are taken in.
    """

    status: Status
    sites: Ints
    hard: Ints


@dataclass(frozen=True, eq=False)
class _Known:
    """Sites and the longest walk with them, what it is at best, and the places hard to reach."""

    sites: Ints
    value: int
    bound: int
    hard: Ints


def _search(task: _Task, count: int, deadline: float) -> _Found:
    """Bring the longest walk known to do and the longest known to be impossible together."""
    answer = _within(_Question(task, count, cover_all, deadline), NONE, LONGEST_MM - 1)
    if answer.status is Status.INFEASIBLE:
        return _Found(NONE, float("nan"), float("nan"), answer.status)
    if answer.status is Status.TIME_LIMIT:
        return _Found(NONE, float("inf"), float(task.least_mm), answer.status)
    sites = answer.sites
    known = _Known(sites, task.worst_mm(sites), task.least_mm, answer.hard)
    quick = _Question(task, count, cover_quickly, deadline)
    known = _surer(quick, _shorter(quick, known))
    known = _shorter(_Question(task, count, cover_all, deadline), known)
    return _Found(
        _needed(task, known.sites, known.value),
        float(known.value),
        float(known.bound),
        Status.OPTIMAL if known.value == known.bound else Status.TIME_LIMIT,
    )


@dataclass(frozen=True, eq=False)
class _Question:
    """How many sites may be built, who is asked whether they can cover all, and until when."""

    task: _Task
    count: int
    ask: Callable[..., tuple[Status, Ints]]
    deadline: float

    @property
    def left(self) -> float:
        return self.deadline - perf_counter()


def _shorter(question: _Question, known: _Known) -> _Known:
    """Shorten the longest walk by halving; a radius of which nothing is learnt is passed over."""
    low = known.bound
    while low < known.value and question.left > 0:
        radius = (low + known.value - 1) // 2
        status, known = _learnt(question, known, radius)
        if status is not Status.OPTIMAL:
            low = min(question.task.next_mm(radius), known.value)
    return known


def _surer(question: _Question, known: _Known) -> _Known:
    """Raise the bound by halving; above a radius of which nothing is learnt none is asked about."""
    high = known.value
    while known.bound < high and question.left > 0:
        radius = (known.bound + high - 1) // 2
        status, known = _learnt(question, known, radius)
        if status is not Status.INFEASIBLE:
            high = radius
    return known


def _learnt(question: _Question, known: _Known, radius_mm: int) -> tuple[Status, _Known]:
    """Ask about a radius, for half of the time left; return the answer, and what is known then."""
    halfway = perf_counter() + question.left / 2
    answer = _within(replace(question, deadline=halfway), known.hard, radius_mm)
    known = replace(known, hard=answer.hard)
    if answer.status is Status.OPTIMAL:
        value = question.task.worst_mm(answer.sites)
        known = replace(known, sites=answer.sites, value=value)
    elif answer.status is Status.INFEASIBLE:
        bound = min(question.task.next_mm(radius_mm), known.value)
        known = replace(known, bound=max(bound, known.bound))
    return answer.status, known


def _within(question: _Question, hard: Ints, radius_mm: int) -> _Answer:
    """Return whether so few sites can reach all within a radius."""
    task, status, sites = question.task, Status.OPTIMAL, NONE
    far = task.held_mm > radius_mm
    asked = hard[far[hard]]
    while far.any():
        if len(sites) or not len(asked):
            more = _hardest(task, np.flatnonzero(far), sites, radius_mm)
            hard, asked = np.append(hard, more), np.append(asked, more)
        left = question.left
        status, sites = question.ask(task.near(asked, radius_mm), question.count, seconds=left)
        if status is Status.OPTIMAL and left < 0:
            status = Status.TIME_LIMIT
        if status is not Status.OPTIMAL:
            return _Answer(status, NONE, hard)
        far = task.walks_with(sites) > radius_mm
    return _Answer(status, sites, hard)


def _hardest(task: _Task, far: Ints, sites: Ints, radius_mm: int) -> Ints:
    """Return some places too far from the sites, the farthest first, no two near one candidate."""
    walks = task.walks_with(sites)[far]
    first = far[np.argsort(-walks, kind="stable")[:AT_A_TIME]]
    near = task.near(first, radius_mm)
    taken, chosen = np.zeros(near.shape[1], dtype=bool), []
    for place, row in zip(first.tolist(), near, strict=True):
        if not taken[row].any():
            taken |= row
            chosen.append(place)
    return np.array(chosen, dtype=np.int64)


def _as_handed_back(found: _Found, walks: WalksTo, helped: Flags, sites: Ints) -> _Found:
    """Return what was found with the longest walk of the sites handed back, more than were found.

    Time may run out before any were; those that spare most may reach everybody all the same.
    """
    if not helped.any():
        return found
    worst_mm = int(walks.shortened(walks.now_mm, sites)[helped].max())
    value_mm = float(worst_mm) if worst_mm < FAR else float("inf")
    status = Status.OPTIMAL if value_mm == found.bound_mm else found.status
    return replace(found, value_mm=value_mm, status=status)


def _needed(task: _Task, sites: Ints, value_mm: int) -> Ints:
    """Return the sites without which somebody walks farther; the last go first."""
    kept = np.sort(sites)
    for site in kept[::-1]:
        others = kept[kept != site]
        if task.worst_mm(others) <= value_mm:
            kept = others
    return kept


def _filled_up(walks: WalksTo, known: Floats, sites: Ints, free: Ints, count: int) -> Ints:
    """Return sites in their order, with those added that spare most, as many as are left."""
    now_mm = walks.now_mm
    told = [walks.walk_mm, now_mm[now_mm < FAR]]
    longest_mm = max(int(each.max(initial=0)) for each in told) + 1
    now_mm = np.minimum(now_mm, longest_mm)
    units = people_to_walk(known, longest_mm=longest_mm, count=count).units
    rest = np.setdiff1d(free, sites)
    savings = savings_of(walks, rest, walks.shortened(now_mm, sites), units)
    _, order, _ = sparing_most(savings, min(count - len(sites), len(rest)))
    return sparing_order(walks, now_mm, units, np.append(sites, rest[order]))[0]
