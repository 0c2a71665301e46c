"""The few sites that shorten the walks of all people most, with a proof of how good they are."""

from dataclasses import dataclass
from functools import cache
from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike

from analysis.siting.solving.candidates import known_people, mandatory_and_free
from analysis.siting.solving.least_walk_exact import Proven, prove
from analysis.siting.solving.max_cover_kernels import largest
from analysis.siting.solving.solution import Solution, Status
from analysis.siting.solving.walk_kernels import (
    Bound,
    Built,
    Priced,
    Savings,
    build_all,
    by_place,
    descend,
    exchange,
    paid,
    priced_at,
    spared_at,
    spared_by,
    sparing_most,
)
from analysis.siting.solving.walks import (
    LONGEST_MM,
    WalksTo,
    average_m,
    checked_walks,
    people_to_walk,
)
from geo.streets.network import Ints

ROUND = 50  # steps on the bound between two tries to better the sites
STEPS = 5  # between two looks at the clock
SLOWEST = 1e-3  # a pace below which the bound hardly moves
SAME = 1e-9


def least_walk(
    walks: WalksTo,
    people: ArrayLike,
    *,
    count: int,
    penalty_mm: int,
    seconds: float = 10.0,
    within: float = 0.001,
) -> Solution:
    """Return at most `count` candidates with which the walks of all people are least in sum.

    Everybody walks to the nearest of existing facilities and new sites. They stand in order, each
    the one that spares most beside those before it, ties to the first; fewer than asked for where
    further sites would spare nobody anything. Value and bound are the average walk in metres of
    all people once the sites are open, NaN where there is nobody.

    people
        Of each place: known, not negative, whole or not.
    penalty_mm
        Charged to whom nothing is in reach, so that they do not vanish; nobody is charged more.
    seconds, within
        The search ends after this time, or when the gap is this small.

    Errors: SitingError where a mandatory candidate is forbidden, or more are than `count`.
    """
    compiled()
    began = perf_counter()
    known = known_people(people)
    walks = checked_walks(walks, len(known))
    mandatory, free = mandatory_and_free(walks.candidates, count)
    now_mm = _charged(walks, penalty_mm)
    scale = people_to_walk(known, longest_mm=penalty_mm, count=count)
    held_mm = walks.shortened(now_mm, mandatory)
    savings = savings_of(walks, free, held_mm, scale.units)
    task = _Task(int(scale.units @ held_mm), within, began + seconds)
    found = _search(savings, count - len(mandatory), task)
    sites, gain = sparing_order(walks, now_mm, scale.units, np.append(mandatory, free[found.sites]))
    return Solution(
        sites[(gain > 0) | np.isin(sites, mandatory)],
        value=average_m(task.walked - found.units, scale.units),
        bound=average_m(task.walked - found.bound, scale.units),
        status=found.status,
        seconds=perf_counter() - began,
    )


@cache
def compiled() -> None:
    """Have the loops compiled, lest that be taken from the time of the first search."""
    start, place, walk_mm = np.array([0, 2, 4]), np.array([0, 1, 1, 2]), np.array([1, 2, 1, 2])
    walks = checked_walks(WalksTo(start, place, walk_mm, np.full(3, 3)), 3)
    savings = savings_of(walks, np.arange(2), walks.now_mm, np.array([1, 2, 3]))
    _search(savings, 1, _Task(18, 0.0, np.inf))
    priced, top = priced_at(savings, np.zeros(3, dtype=np.int64)), np.zeros(1, dtype=np.int64)
    descend(savings, priced, 0, 1, (18, top, 1.0, 0))


def _charged(walks: WalksTo, penalty_mm: int) -> Ints:
    """Return what each person of each place walks today, or is charged where nothing is in reach.

    Errors: ValueError for a penalty that cannot be.
    """
    if not 0 <= penalty_mm <= LONGEST_MM:
        msg = f"A penalty is between 0 and {LONGEST_MM} mm, not {penalty_mm}."
        raise ValueError(msg)
    return np.minimum(walks.now_mm, penalty_mm)


def savings_of(walks: WalksTo, which: Ints, walk_mm: Ints, units: Ints) -> Savings:
    """Return what some candidates spare people who walk so far; places spared nothing are left out.

    walks
        As `checked_walks` returns them.
    units
        People of each place.
    """
    now_mm = np.where(units > 0, walk_mm, 0)  # nobody is spared nothing
    start, place, saving, speaks = spared_at(walks.start, walks.place, walks.walk_mm, which, now_mm)
    by_start, cells = by_place(start, place, saving, int(speaks.sum()))
    candidate = (cells & (2**32 - 1)).astype(np.int32)
    by_saving = (-(cells >> 32)).astype(np.int32)
    return Savings(start, place, saving, by_start, candidate, by_saving, units[speaks])


def sparing_order(walks: WalksTo, walk_mm: Ints, units: Ints, chosen: Ints) -> tuple[Ints, Ints]:
    """Return sites, each the one that spares most beside those before it, and what each spares.

    Ties go to the first candidate; sites that spare nobody anything come last, in their order.
    """
    sites = np.sort(chosen)
    _, order, gain = sparing_most(savings_of(walks, sites, walk_mm, units), len(sites))
    ranked = sites[order]
    idle = np.setdiff1d(sites, ranked)
    return np.append(ranked, idle), np.append(gain, np.zeros_like(idle))


@dataclass(frozen=True)
class _Task:
    """When to stop: what all people walk without free sites, gap, and time."""

    walked: int
    within: float
    deadline: float

    def enough(self, units: int, bound: int) -> bool:
        return bound - units <= self.within * (self.walked - units)

    @property
    def left(self) -> float:
        return self.deadline - perf_counter()

    @property
    def late(self) -> bool:
        return self.left < 0


@dataclass(frozen=True, eq=False)
class _Found:
    """Sites, what they spare all people, and what none can exceed."""

    sites: Ints
    units: int
    bound: int
    status: Status


def _search(savings: Savings, count: int, task: _Task) -> _Found:
    """Better the sites from below and the bound from above until they are close enough."""
    count = min(count, len(savings.start) - 1)
    built, _, _ = sparing_most(savings, count)
    units = _bettered(savings, built, task)
    priced = priced_at(savings, built.most)
    top = largest(priced.total, count) if count else np.zeros(0, dtype=np.int64)
    bound = paid(savings, priced) + int(priced.total[top].sum())
    best = (bound, top, 1.0, 0)
    while not task.enough(units, bound) and best[2] >= SLOWEST and not task.late:
        best = _lowered(savings, priced, units, best, task)
        bound = max(int(best[0]), units)
        other = build_all(savings, best[1])
        other_units = _bettered(savings, other, task)
        if other_units > units:
            built, units = other, other_units
    sites = np.flatnonzero(built.flag)
    if not task.enough(units, bound) and not task.late:
        proven = _proven(savings, priced, built, bound, task)
        if proven is not None:
            sites, units, bound = _with_proof(savings, sites, units, bound, proven)
    status = _status(units, bound, task)
    bound = units if status is Status.OPTIMAL else max(bound, units)
    return _Found(sites, units, bound, status)


def _lowered(savings: Savings, priced: Priced, units: int, best: Bound, task: _Task) -> Bound:
    """Lower the bound for a round, or until time is out."""
    for _ in range(ROUND // STEPS):
        best = descend(savings, priced, units, STEPS, best)
        if best[0] <= units or best[2] < SLOWEST or task.late:
            break
    return best


def _bettered(savings: Savings, built: Built, task: _Task) -> int:
    """Exchange open sites, in place, until no exchange of one gains; return what they spare."""
    gain, at = exchange(savings, built, 0)
    while gain and not task.late:
        gain, at = exchange(savings, built, at)
    return int(spared_by(savings, built))


def _proven(
    savings: Savings, priced: Priced, built: Built, bound: int, task: _Task
) -> Proven | None:
    """Ask the exact solver about the candidates that might still better the sites."""
    units = int(spared_by(savings, built))
    total = priced_at(savings, priced.best).total
    count = int(built.flag.sum())
    top = largest(total, count)
    # With any other candidate among the sites the bound falls by what it is credited less.
    hopeful = bound - total[top[-1]] + total > units
    hopeful[top] = True
    within = task.within * (task.walked - units)
    return prove(savings, hopeful | built.flag, built.flag, seconds=task.left, within=within)


def _with_proof(
    savings: Savings, sites: Ints, units: int, bound: int, proven: Proven
) -> tuple[Ints, int, int]:
    """Return sites, what they spare and the bound, with what the exact solver knows."""
    spared = int(spared_by(savings, build_all(savings, proven.sites)))
    if spared > units:
        sites, units = proven.sites, spared
    return sites, units, min(bound, max(proven.bound, units))


def _status(units: int, bound: int, task: _Task) -> Status:
    if bound - units <= SAME * (task.walked - units):
        return Status.OPTIMAL
    return Status.TIME_LIMIT if task.late else Status.FEASIBLE
