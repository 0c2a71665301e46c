"""Good sites for the money, and a proof of how many people the money can reach at most."""

from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
from scipy.sparse import csr_array, diags_array, hstack, vstack

from analysis.siting.solving.budget_kernels import Purse, parts_covered, respend, spend
from analysis.siting.solving.exact import Program, solve
from analysis.siting.solving.fewest_kernels import sums_of_prices
from analysis.siting.solving.max_cover_kernels import Cover, covered_units, none_open, open_sites
from analysis.siting.solving.solution import Status
from geo.streets.network import Floats, Ints

KEPT = 0.9  # of the last direction: plain steps swing to and fro
PATIENCE = 10  # steps in vain before the pace slows
SLOWER = 0.7
SLOWEST = 1e-4  # a pace below which the bound hardly moves
SLIGHT = 1e-6  # part of the bound: it fell in vain
FEW_STEPS, SOME_STEPS, MANY_STEPS = 100, 300, 3_000
SMALL = 40_000  # candidates' groups in all up to which the exact program is worth while
HALF = 0.5
BETTERING, PRICING = 0.3, 0.5  # parts of the time left
# By how much rounding may lower a bound: of a person where only whole ones count, or of itself.
SAFE_PERSON, SAFE = 1e-3, 1e-10


@dataclass(frozen=True, eq=False)
class Market:
    """What candidates cover and cost, and the money there is, in whole units.

    person
        Units in which all sums of people are whole.
    secured, within
        Units covered anyway, which count in the gap, and the gap that is small enough.
    """

    cover: Cover
    cost: Ints
    budget: int
    person: int
    secured: int
    within: float


@dataclass(frozen=True, eq=False)
class Bought:
    """Sites that can be paid, the units they cover, and the units none can exceed.

    late
        Whether time cut short any part of the search.
    """

    sites: Ints
    units: int
    bound: int
    late: bool = False


def best_buys(market: Market, deadline: float) -> Bought:
    """Return sites that cover much for the money: greedy, exchanges, a bound, the exact program."""
    total = int(market.cover.weight.sum())
    bought = Bought(np.zeros(0, dtype=np.int64), 0, total)
    if not len(market.cost) or total == 0:
        return bought
    bought = _better(bought, _greedily(market, _part(BETTERING, deadline)))
    credit = _fair_credit(market.cover, bought.sites)
    bought, credit = bounded(market, bought, credit, steps=FEW_STEPS, deadline=deadline)
    exactly = len(market.cover.group) <= SMALL
    if not enough(market, bought):
        steps = SOME_STEPS if exactly else MANY_STEPS
        pricing = _part(PRICING, deadline) if exactly else deadline
        bought, _ = bounded(market, bought, credit, steps=steps, deadline=pricing)
    if exactly and not enough(market, bought):
        bought = solved(market, bought, deadline)
    return replace(bought, bound=max(bought.bound, bought.units))


def enough(market: Market, bought: Bought) -> bool:
    """Return whether no sites can cover more, or none by a part worth searching for."""
    return bought.bound - bought.units <= market.within * (market.secured + bought.bound)


def completed(market: Market, sites: Ints, deadline: float) -> Bought:
    """Return sites after every exchange for the same money that gains, and what they cover."""
    cover, cost = market.cover, market.cost
    opened = open_sites(cover, sites)
    left = market.budget - int(cost[sites].sum())
    by_cost, as_it_is = Purse(cost, True), Purse(cost, False)  # noqa: FBT003 - compiled
    _, left = spend(cover, opened, by_cost, left, -1)
    gained, late = 1, False
    while gained > 0 and not late:
        one, left = respend(cover, opened, by_cost, left)
        other, left = respend(cover, opened, as_it_is, left)
        gained, late = one + other, perf_counter() > deadline
    return Bought(np.flatnonzero(opened.flag), int(covered_units(cover, opened)), 0, late)


def bounded(
    market: Market, bought: Bought, credit: Floats, *, steps: int, deadline: float
) -> tuple[Bought, Floats]:
    """Lower the bound by subgradient steps on what each group credits to a site that covers it.

    Nobody covers more than the credits of the sites the money buys, the last one in part, and
    what the groups keep back: whatever the credits between nothing and all. The sites so bought
    are tried, too.
    """
    weight = market.cover.weight.astype(float)
    pace, in_vain, best, least = 1.0, 0, credit, np.inf
    heading = np.zeros(len(weight))
    for step in range(steps):
        if enough(market, bought) or pace < SLOWEST or perf_counter() > deadline:
            break
        reached, part = _relaxed(market, credit)
        in_vain += 1
        if reached < least:
            in_vain = 0 if reached < least * (1 - SLIGHT) else in_vain
            least, best = reached, credit
            bought = replace(bought, bound=min(bought.bound, _whole(market, reached)))
        if step % FEW_STEPS == FEW_STEPS - 1:
            sites = np.flatnonzero(part >= 1)
            bought = _better(bought, completed(market, sites, _part(BETTERING, deadline)))
        if in_vain > PATIENCE:
            pace, in_vain = pace * SLOWER, 0
        slope = parts_covered(market.cover, part) - 1
        slope[((credit <= 0) & (slope > 0)) | ((credit >= weight) & (slope < 0))] = 0
        heading = slope + KEPT * heading
        square = float(heading @ heading)
        if square == 0:
            break
        stride = pace * (reached - bought.units) / square
        credit = np.clip(credit - stride * heading, 0.0, weight)
    return replace(bought, late=bought.late or perf_counter() > deadline), best


def solved(market: Market, bought: Bought, deadline: float) -> Bought:
    """Return what the exact program finds and proves in the time left."""
    program, unit = _program(market)
    within = market.within * (1 + market.secured / max(bought.units, 1))
    answer = solve(program, seconds=deadline - perf_counter(), within=within)
    if np.isfinite(answer.bound):
        bought = replace(bought, bound=min(bought.bound, _whole(market, -answer.bound * unit)))
    size = len(market.cost)
    sites = np.flatnonzero(answer.x[:size] > HALF)
    # Its sums are floats: what is a trifle over the budget is not taken.
    if int(market.cost[sites].sum()) <= market.budget:
        bought = _better(bought, completed(market, sites, deadline))
    return replace(bought, late=bought.late or answer.status is Status.TIME_LIMIT)


def _greedily(market: Market, deadline: float) -> Bought:
    """Return the better of buying by people per cost and by people, after exchanges."""
    none = none_open(market.cover)
    by_people = Purse(market.cost, False)  # noqa: FBT003 - compiled
    spend(market.cover, none, by_people, market.budget, -1)
    nothing = np.zeros(0, dtype=np.int64)
    bought = completed(market, np.flatnonzero(none.flag), deadline)
    return _better(completed(market, nothing, deadline), bought)


def _better(one: Bought, other: Bought) -> Bought:
    """Return the sites that cover more, with the bound of the first."""
    best = other if other.units > one.units else one
    return replace(best, bound=one.bound or other.bound, late=one.late or other.late)


def _relaxed(market: Market, credit: Floats) -> tuple[float, Floats]:
    """Return the bound at some credits, and which part of each candidate the money buys."""
    total = sums_of_prices(market.cover, credit)
    cost = market.cost.astype(float)
    order = np.argsort(-np.where(cost > 0, total / np.maximum(cost, 1.0), np.inf), kind="stable")
    before = np.cumsum(cost[order]) - cost[order]
    part = np.zeros(len(cost))
    room = np.clip(market.budget - before, 0.0, cost[order])
    free = cost[order] <= 0
    part[order] = np.where(free, 1.0, room / np.where(free, 1.0, cost[order]))
    part[total <= 0] = 0.0
    kept = market.cover.weight - credit
    return float(kept.sum() + total @ part), part


def _whole(market: Market, reached: float) -> int:
    """Return a bound in whole units, and whole persons where only these can be covered."""
    slack = SAFE_PERSON * market.person if market.person > 1 else SAFE * reached
    return int(reached + slack) // market.person * market.person


def _fair_credit(cover: Cover, sites: Ints) -> Floats:
    """Return credits by which the groups that several of the sites cover count once."""
    part = np.isin(np.arange(len(cover.start) - 1), sites).astype(float)
    fair: Floats = cover.weight / np.maximum(parts_covered(cover, part), 1.0)
    return fair


def _program(market: Market) -> tuple[Program, float]:
    """Return the program, and the units in which it counts people."""
    cover = market.cover
    groups, size = len(cover.weight), len(market.cost)
    shape = (groups, size)
    near = csr_array((np.ones(len(cover.candidate)), cover.candidate, cover.by_start), shape=shape)
    price = market.cost / max(float(market.cost.max()), 1.0)
    money = csr_array(price.reshape(1, -1))
    rows = vstack(
        [hstack([near, -diags_array(np.ones(groups))]), hstack([money, csr_array((1, groups))])]
    )
    unit = float(market.person) if market.person > 1 else float(cover.weight.max()) / 2**20
    return Program(
        np.append(np.zeros(size), -cover.weight / unit),
        csr_array(rows),
        np.append(np.zeros(groups), 0.0),
        np.append(np.full(groups, np.inf), market.budget / max(float(market.cost.max()), 1.0)),
        np.ones(size + groups),
        np.repeat([True, False], [size, groups]),
    ), unit


def _part(part: float, deadline: float) -> float:
    """Return the time when a part of what is left will have passed."""
    now = perf_counter()
    return now + part * (deadline - now)
