"""The search for the year of each site: money spent year by year, then bettered by HiGHS."""

from dataclasses import dataclass
from time import perf_counter

import numpy as np
from scipy.sparse import block_array, csr_array, eye_array, kron

from analysis.siting.solving.candidates import Scale, Table, grouped
from analysis.siting.solving.exact import Program, solve
from analysis.siting.solving.solution import Status
from geo.streets.network import Flags, Floats, Ints

NEVER = -1
CENT = 1e-7  # what sums of costs may differ by: less than a cent in 万元
HALF = 0.5
SOLVER = 2e-6  # part by which HiGHS may err


@dataclass(frozen=True, eq=False)
class Task:
    """Sites with the groups of people they cover, and what there is to build with.

    near
        A row for each site, a column for each group.
    units, scale
        Of each group, in whole units.
    cost, must
        Of each site: 万元, none of them unknown, and whether it is built in any case.
    budgets, most
        Of each year: 万元, and sites.
    carry_over
        Whether money not spent stays.
    """

    near: csr_array
    units: Ints
    scale: Scale
    cost: Floats
    must: Flags
    budgets: Floats
    most: float
    carry_over: bool

    def left(self, year: Ints) -> Floats:
        """Return what can still be spent in each year; less than nothing where too much was."""
        built = year >= 0
        spent = np.bincount(year[built], self.cost[built], len(self.budgets))
        if not self.carry_over:
            rest: Floats = self.budgets - spent
            return rest
        # What a year saves may be promised to any year after it.
        rest = np.cumsum(self.budgets - spent)
        return np.minimum.accumulate(rest[::-1])[::-1]

    def full(self, year: Ints) -> Flags:
        """Return the years in which no further site may be built."""
        built = np.bincount(year[year >= 0], minlength=len(self.budgets))
        full: Flags = built >= self.most
        return full

    def fits(self, year: Ints) -> bool:
        """Return whether sites keep to the money and the number of every year."""
        built = np.bincount(year[year >= 0], minlength=len(self.budgets))
        kept = (self.left(year) >= -CENT).all() and (built <= self.most).all()
        return bool(kept and (year[self.must] >= 0).all())

    def adds(self, done: Flags) -> Ints:
        """Return the units that each site would newly cover beside those done."""
        taken = (self.near[done].sum(axis=0) > 0) if done.any() else np.zeros(len(self.units), bool)
        adds: Ints = (self.near @ np.where(taken, 0, self.units).astype(float)).astype(np.int64)
        return adds

    def covered(self, year: Ints) -> Ints:
        """Return the units covered at the end of each year."""
        ends = [
            self.units[self.near[(year >= 0) & (year <= t)].sum(axis=0) > 0].sum()
            for t in range(len(self.budgets))
        ]
        return np.array(ends, dtype=np.int64)


def groups_of(table: Table, people: Floats) -> tuple[csr_array, Ints, Scale]:
    """Return which groups each site covers, their units, and the scale of these.

    Places that the same sites cover are one group.
    """
    scale, sites = Scale.of(people), len(table[0]) - 1
    cover, _ = grouped(table, np.arange(sites), scale.units)
    shape = (sites, len(cover.weight))
    ones = np.ones(len(cover.group))
    return csr_array((ones, cover.group, cover.start), shape=shape), cover.weight, scale


def best_years(task: Task, *, seconds: float) -> tuple[Ints | None, int, bool]:
    """Return the year of each site, the unit-years none can exceed, and whether time ran out.

    The first is None where the mandatory sites fit in no way that was found; where the second is
    less than nothing, there is none.
    """
    ends = perf_counter() + seconds
    year = tidied(task, np.full(len(task.cost), NEVER))
    known = year if task.fits(year) else None
    bound = len(task.budgets) * int(task.units.sum())
    if known is not None and int(task.covered(known).sum()) == bound:
        return known, bound, False
    answer = solve(_program(task), seconds=ends - perf_counter())
    if answer.status is Status.INFEASIBLE:
        return None, NEVER, False
    if len(answer.x):
        found = tidied(task, _years(task, answer.x))
        if task.fits(found) and (
            known is None or task.covered(found).sum() > task.covered(known).sum()
        ):
            known = found
    bound = min(bound, _units_at_most(task, -answer.bound, known))
    return known, bound, perf_counter() > ends


def spent(task: Task, year: Ints) -> Ints:
    """Return years with further sites, each year the one that adds most for its price first.

    In each year mandatory sites go before others, dear ones first, so that they find room.
    """
    year = year.copy()
    for t in range(len(task.budgets)):
        while not task.full(year)[t] and (site := _next(task, year, t)) >= 0:
            year[site] = t
    return year


def tidied(task: Task, year: Ints) -> Ints:
    """Return years without idle sites, and with further ones for the money these cost."""
    while True:
        better = without_idle(task, spent(task, year))
        if np.array_equal(better, year):
            return year
        year = better


def without_idle(task: Task, year: Ints) -> Ints:
    """Return years without the sites that newly cover nobody and need not be built."""
    idle = np.setdiff1d(np.flatnonzero(year >= 0), built_in_order(task, year)[0])
    year = year.copy()
    year[idle[~task.must[idle]]] = NEVER
    return year


def built_in_order(task: Task, year: Ints) -> tuple[Ints, Ints]:
    """Return the sites that newly cover somebody, in the order built, and the units each adds.

    Year by year, in each the one first that adds most to those before it; ties to the first.
    """
    order: list[int] = []
    gain: list[int] = []
    done = np.zeros(len(year), dtype=bool)
    for t in range(len(task.budgets)):
        while True:
            adds = np.where((year == t) & ~done, task.adds(done), 0)
            if not adds.any():
                break
            best = int(np.argmax(adds))
            done[best] = True
            order.append(best)
            gain.append(int(adds[best]))
    return np.array(order, dtype=np.int64), np.array(gain, dtype=np.int64)


def _next(task: Task, year: Ints, t: int) -> int:
    """Return the site to build in a year beside the others, ties to the first; -1 for none."""
    payable = (year == NEVER) & (task.cost <= task.left(year)[t] + CENT)
    adds = task.adds((year >= 0) & (year <= t))
    worth = np.where(payable & (adds > 0), adds / np.maximum(task.cost, CENT), -1.0)
    if (payable & task.must).any():
        worth = np.where(payable & task.must, task.cost, -1.0)
    best = int(np.argmax(worth))
    return best if worth[best] >= 0 else NEVER


def _years(task: Task, x: Floats) -> Ints:
    """Return the year of each site: x says by which year it is built, year after year."""
    done = x[: len(task.cost) * len(task.budgets)].reshape(len(task.budgets), -1) > HALF
    return np.where(done.any(axis=0), done.argmax(axis=0), NEVER)


def _units_at_most(task: Task, people: float, known: Ints | None) -> int:
    """Return a bound in units; one that cannot be told from what is known is that."""
    if not np.isfinite(people):
        return len(task.budgets) * int(task.units.sum())
    slack = SOLVER * len(task.budgets) * float(task.scale.people(task.units.sum()))
    if known is not None:
        achieved = int(task.covered(known).sum())
        if people <= float(task.scale.people(achieved)) + slack:
            return achieved
    units = int(np.ldexp(people + slack, task.scale.bits))
    return units // task.scale.person * task.scale.person


def _program(task: Task) -> Program:
    """Return: as many unit-years as can be.

    Columns, year after year: whether each site is built by then, and each group covered.
    """
    sites, years, groups = len(task.cost), len(task.budgets), len(task.units)
    here, before = eye_array(years), eye_array(years, k=-1)
    built = kron(here - before, eye_array(sites))  # in the very year
    number = kron(here - before, np.ones((1, sites)))
    sums = csr_array(np.tri(years)) if task.carry_over else here
    money = kron(sums @ (here - before), task.cost[None, :])
    last = np.zeros((1, years))
    last[0, -1:] = 1.0
    must = kron(last, csr_array(eye_array(sites))[task.must])
    blocks = [
        [-kron(here, task.near.T), eye_array(years * groups)],
        [built, None], [number, None], [money, None], [must, None],
    ]  # fmt: skip
    musts = np.ones(int(task.must.sum()))
    most = np.concatenate([
        np.zeros(years * groups), np.ones(years * sites), np.full(years, task.most),
        sums @ task.budgets + CENT, musts,
    ])  # fmt: skip
    least = np.full(len(most), -np.inf)
    least[years * groups : years * (groups + sites)] = 0.0
    least[len(most) - len(musts) :] = 1.0
    people = np.tile(task.scale.people(task.units), years)
    return Program(
        cost=np.append(np.zeros(years * sites), -people),
        rows=csr_array(block_array([row for row in blocks if row[0].shape[0]])),
        least=least,
        most=most,
        upper=np.ones(years * (sites + groups)),
        whole=np.arange(years * (sites + groups)) < years * sites,
    )
