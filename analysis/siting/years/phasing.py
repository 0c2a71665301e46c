"""In which year to build each of some chosen sites, so that people wait as little as can be."""

from dataclasses import dataclass
from enum import StrEnum
from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike

from analysis.siting.solving.candidates import Candidates, as_flags, checked_table, known_people
from analysis.siting.solving.solution import Status
from analysis.siting.years.phasing_search import (
    CENT,
    NEVER,
    Task,
    best_years,
    built_in_order,
    groups_of,
)
from geo.errors import SitingError
from geo.language import Message, say
from geo.streets.network import Flags, Floats, Ints

SAME = 1e-9

class LeftOver(StrEnum):
    """Why a site is built in no year."""

    BUILT = ""
    COST_UNKNOWN = "cost_unknown"
    NOBODY_MORE = "nobody_more"
    TOO_DEAR = "too_dear"
    NO_PLACE = "no_place"
    NO_MONEY = "no_money"


LEFT_OVER = {
    LeftOver.COST_UNKNOWN: say("造价未知，未排入"),
    LeftOver.NOBODY_MORE: say("建成的各处已覆盖其全部人口，未排入"),
    LeftOver.TOO_DEAR: say("造价高于任何一年可用的资金，未排入"),
    LeftOver.NO_PLACE: say("资金尚够，但各年处数已满，未排入"),
    LeftOver.NO_MONEY: say("与排入的各处相比，余下的资金不足，未排入"),
}


@dataclass(frozen=True, eq=False)
class Means:
    """The years, and what there is to build with in each.

    years, budgets
        In rising order; 万元 a year.
    sites_per_year
        How many sites at most; no limit where absent.
    carry_over
        Whether money not spent stays for the years after.
    """

    years: Ints
    budgets: Floats
    sites_per_year: int | None = None
    carry_over: bool = False


@dataclass(frozen=True, eq=False)
class Phases:
    """Sites by year, and what is achieved after each.

    year
        Of each site: the position in `Means.years`; -1 where it is built in none.
    left_over
        Why, by `LeftOver`; empty where it is built.
    gain
        People each site newly covers beside those before it, in the order built: by year, then
        by what each adds; ties to the first.
    cost, count, newly, covered
        Of each year: 万元 spent, sites, people newly covered, and those newly covered so far.
    value, bound
        Person-years: people newly covered at the end of each year, summed over the years; what
        no order can exceed.
    """

    year: Ints
    left_over: list[LeftOver]
    gain: Floats
    cost: Floats
    count: Ints
    newly: Floats
    covered: Floats
    value: float
    bound: float
    status: Status
    seconds: float


def phases(
    sites: Candidates,
    people: ArrayLike,
    cost: ArrayLike,
    means: Means,
    *,
    covered: Flags | None = None,
    seconds: float = 10.0,
) -> Phases:
    """Return the year of each site, so that the person-years covered are as many as can be.

    A site is built in one year and paid in that year, or in none. Mandatory sites are built in any
    case, in whichever year is best; the others if the money suffices and somebody gains.

    sites
        Those chosen, with the places each covers; forbidden ones are not asked about.
    people
        Of each place: known, not negative.
    cost
        万元 of each; a site whose cost is unknown (NaN) is built in no year, and told.
    covered
        Places that existing facilities cover; none where absent.

    Errors: SitingError where the mandatory sites do not fit. ValueError for years or costs that
    cannot be.
    """
    began = perf_counter()
    task, known = _task(sites, people, cost, means, covered)
    if len(means.years) and len(known):
        year, most, late = best_years(task, seconds=seconds)
    else:
        year, most, late = np.full(len(known), NEVER), NEVER if task.must.any() else 0, False
    if year is None or not task.fits(year):
        raise SitingError(_not_fitting(task, proved=most < 0))
    return _told(task, known, year, most, _Ending(late, perf_counter() - began))


@dataclass(frozen=True)
class _Ending:
    """Whether time ran out, and the seconds taken."""

    late: bool
    seconds: float

    def status(self, value: float, bound: float) -> Status:
        if bound - value <= SAME * bound:
            return Status.OPTIMAL
        return Status.TIME_LIMIT if self.late else Status.FEASIBLE


def _task(
    sites: Candidates, people: ArrayLike, cost: ArrayLike, means: Means, covered: Flags | None
) -> tuple[Task, Flags]:
    """Return the task, and the sites whose cost is known; the others cost more than there is."""
    weight = known_people(people)
    table = checked_table(sites, len(weight))
    weight = np.where(as_flags(covered, len(weight)), 0.0, weight)
    price = np.array(cost, dtype=np.float64)
    if price.shape != (len(sites),) or (price < 0).any():
        msg = f"{len(sites)} costs are needed, none of them negative."
        raise ValueError(msg)
    years, budgets = np.asarray(means.years), np.array(means.budgets, dtype=np.float64)
    if budgets.shape != years.shape or (np.diff(years) <= 0).any() or not (budgets >= 0).all():
        msg = "Years must rise, each with a budget that is known and not negative."
        raise ValueError(msg)
    most = np.inf if means.sites_per_year is None else float(means.sites_per_year)
    known = np.isfinite(price)
    price = np.where(known, price, 2.0 * budgets.sum() + 1.0)
    must = as_flags(sites.mandatory, len(sites))
    near, units, scale = groups_of(table, weight)
    return Task(near, units, scale, price, must, budgets, most, means.carry_over), known


def _not_fitting(task: Task, *, proved: bool) -> Message:
    if not proved:
        return say("限时内没有找到排下全部必建点的办法：请延长限时或减少必建点。")
    return say(
        "必建的 {count} 处在 {years} 年内排不下（预算合计 {budget} 万元）："
        "请增加预算、年份或每年处数，或补填造价。",
        count=int(task.must.sum()),
        years=len(task.budgets),
        budget=f"{task.budgets.sum():.10g}",
    )


def _told(task: Task, known: Flags, year: Ints, most: int, ending: _Ending) -> Phases:
    order, units = built_in_order(task, year)
    gain = np.zeros(len(year))
    gain[order] = task.scale.people(units)
    ends = task.covered(year)
    value, bound = (float(task.scale.people(sum_)) for sum_ in (int(ends.sum()), most))
    built = year >= 0
    return Phases(
        year=year,
        left_over=_reasons(task, known, year),
        gain=gain,
        cost=np.bincount(year[built], task.cost[built], len(ends)).astype(np.float64),
        count=np.bincount(year[built], minlength=len(ends)),
        newly=task.scale.people(np.diff(ends, prepend=0)),
        covered=task.scale.people(ends),
        value=value,
        bound=max(bound, value),
        status=ending.status(value, bound),
        seconds=ending.seconds,
    )


def _reasons(task: Task, known: Flags, year: Ints) -> list[LeftOver]:
    """Return why each site is built in no year; the first reason that holds."""
    left, full = task.left(year), task.full(year)
    top = task.budgets.sum() if task.carry_over else task.budgets.max(initial=0.0)
    reasons = [
        (year >= 0, LeftOver.BUILT),
        (~known, LeftOver.COST_UNKNOWN),
        (task.adds(year >= 0) == 0, LeftOver.NOBODY_MORE),
        (task.cost > top + CENT, LeftOver.TOO_DEAR),
        (task.cost <= left[full].max(initial=-1.0) + CENT, LeftOver.NO_PLACE),
    ]
    chosen = np.select([which for which, _ in reasons], np.arange(len(reasons)), len(reasons))
    names = [name for _, name in reasons] + [LeftOver.NO_MONEY]
    return [names[i] for i in chosen]
