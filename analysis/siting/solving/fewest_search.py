"""A good choice of few sites, and a proof of how few there must be."""

from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from analysis.siting.solving.exact import solve
from analysis.siting.solving.fewest_kernels import (
    fill,
    held_sites,
    prune,
    sums_of_prices,
    times_covered,
)
from analysis.siting.solving.fewest_program import HALF, Wanting, covering
from analysis.siting.solving.fewest_walk import stroll, walk_from
from analysis.siting.solving.max_cover_kernels import open_sites
from analysis.siting.solving.solution import Status
from geo.streets.network import Floats, Ints

PATIENCE = 10  # steps in vain before the pace slows
SLOWER = 0.7
SLOWEST = 1e-3  # a pace below which the bound hardly moves
KEPT = 0.9  # of the last direction: plain steps swing to and fro and climb five times slower
SLIGHT = 1e-3  # of a site: the bound climbed in vain
WHOLE = 1e-6
FEW_STEPS, SOME_STEPS, MANY_STEPS = 100, 500, 5_000
STROLL = 2_000  # steps of the walk between two looks at the clock
IN_VAIN = 40_000  # steps of the walk without a better choice
WALKING = 0.4  # part of the time for the walk at most
PRICING = 0.5  # of what is left after it, where the exact program follows
# Candidates' groups in all up to which the exact program is worth while: without choice of whom
# to leave out it is far easier.
SMALL, SMALL_FOR_ALL = 40_000, 400_000


@dataclass(frozen=True, eq=False)
class Few:
    """Sites that do, the least number of sites that can, and when that is good enough.

    more, within
        Sites that come on top in the gap, and the gap that is small enough.
    late
        Whether time cut short any part of the search.
    """

    sites: Ints
    bound: int
    more: int
    within: float
    late: bool = False

    @property
    def enough(self) -> bool:
        """Return whether fewer sites cannot do, or not by a part worth searching for."""
        gap = len(self.sites) - self.bound
        return gap <= self.within * (len(self.sites) + self.more)


def fewest(wanting: Wanting, *, deadline: float, within: float, more: Ints) -> Few:
    """Return few sites that do: greedy, then a walk, prices for a proof, and the exact program.

    more
        Sites that come on top, in the gap too.
    """
    few = Few(greedy_sites(wanting), int(len(wanting.need) > 0), len(more), within)
    if few.enough:
        return few
    everybody = bool(wanting.everybody.all())
    prices = first_prices(wanting, few.sites)
    few, prices = priced(wanting, prices, few, steps=FEW_STEPS, deadline=deadline)
    if not few.enough:
        walking = _part(WALKING, deadline)
        few = walked(wanting, few, everybody=everybody, deadline=walking)
    exactly = len(wanting.cover.group) <= (SMALL_FOR_ALL if everybody else SMALL)
    if not few.enough:
        steps = SOME_STEPS if exactly else MANY_STEPS
        pricing = _part(PRICING, deadline) if exactly else deadline
        few, _ = priced(wanting, prices, few, steps=steps, deadline=pricing)
    if not few.enough and exactly:
        few = solved(wanting, few, deadline=deadline)
    return few if few.enough else _late_after(few, deadline)


def _late_after(few: Few, deadline: float) -> Few:
    """Return the same, late where time ran out: another run might then get elsewhere."""
    return replace(few, late=few.late or perf_counter() > deadline)


def _part(part: float, deadline: float) -> float:
    """Return the time when a part of what is left will have passed."""
    now = perf_counter()
    return now + part * (deadline - now)


def greedy_sites(wanting: Wanting) -> Ints:
    """Return sites that do, each of which is needed."""
    return completed(wanting, np.zeros(0, dtype=np.int64))


def completed(wanting: Wanting, sites: Ints) -> Ints:
    """Return sites that do: as many of these as are needed, and others where they are too few."""
    cover, area = wanting.cover, wanting.area
    if len(wanting.need):
        opened = open_sites(cover, sites)
        lack = held_sites(cover, area, wanting.need, sites).lack
        fill(cover, area, opened, lack)
        sites = np.flatnonzero(opened.flag)
    held = held_sites(cover, area, wanting.need, sites)
    if len(wanting.need):
        prune(cover, area, held)
    return np.flatnonzero(held.flag)


def walked(wanting: Wanting, few: Few, *, everybody: bool, deadline: float) -> Few:
    """Return fewer sites if a walk of a fixed length comes upon them."""
    cover = wanting.cover
    weight = np.ones_like(cover.weight)
    if not everybody:
        # People as they are, but so small that their sums over thousands of steps stay whole.
        weight = np.maximum(cover.weight >> max(int(cover.weight.max()).bit_length() - 20, 0), 1)
    walk = walk_from(cover, wanting.area, wanting.need, few.sites, weight)
    step, last = 0, 0
    while step - last < IN_VAIN and not few.enough and perf_counter() < deadline:
        ended, fewer = stroll(walk, step, STROLL, everybody)
        if len(fewer):
            few, last = replace(few, sites=fewer), step
        if ended < step + STROLL:
            break
        step = ended
    return _late_after(few, deadline)


def priced(
    wanting: Wanting, price: Floats, few: Few, *, steps: int, deadline: float
) -> tuple[Few, Floats]:
    """Prove how few sites there must be by pricing people; return the prices too.

    Every group has a price. Whatever the prices, the fewest sites are at least: what the people
    wanted cost where they are cheapest, less what each candidate covers beyond the price of 1.
    The prices climb by subgradient steps towards the highest such bound.
    """
    highest, pace, in_vain, best = 0.0, 1.0, 0, price
    heading = np.zeros(len(price))
    for _ in range(steps):
        if few.enough or pace < SLOWEST or perf_counter() > deadline:
            break
        reached, slope = _relaxed(wanting, price)
        in_vain += 1
        if reached > highest:
            in_vain = 0 if reached > highest + SLIGHT else in_vain
            highest, best = reached, price
            few = replace(few, bound=max(few.bound, int(np.ceil(reached - WHOLE))))
        if in_vain > PATIENCE:
            pace, in_vain = pace * SLOWER, 0
        heading = slope + KEPT * heading
        square = float(heading @ heading)
        if square == 0:
            break
        stride = pace * (len(few.sites) - reached) / square
        price = np.maximum(price + stride * heading, 0.0)
    return _late_after(few, deadline), best


def solved(wanting: Wanting, few: Few, *, deadline: float) -> Few:
    """Return what the exact program finds, and proves, in the time left.

    It is asked for fewer sites than are known, and proves by finding none that they are fewest.
    """
    size, known = len(wanting.cover.start) - 1, len(few.sites)
    cost = np.append(np.ones(size), np.zeros(len(wanting.cover.weight)))
    answer = solve(
        covering(wanting, cost, count=known - 1),
        seconds=deadline - perf_counter(),
        within=few.within * (1 + few.more / known),
    )
    if answer.status is Status.INFEASIBLE:
        return replace(few, bound=known)
    bound = int(np.ceil(answer.bound - WHOLE)) if np.isfinite(answer.bound) else 0
    if len(answer.x):
        # Its sums are floats, and each may be short by a trifle: counted again, and completed.
        other = completed(wanting, np.flatnonzero(answer.x[:size] > HALF))
        few = replace(few, sites=other if len(other) < known else few.sites)
    return replace(few, bound=min(max(few.bound, bound), len(few.sites)))


def first_prices(wanting: Wanting, sites: Ints) -> Floats:
    """Return prices at which no candidate costs more than 1, less where sites overlap."""
    cover = wanting.cover
    most = sums_of_prices(cover, cover.weight.astype(float))
    times = times_covered(cover, np.isin(np.arange(len(most)), sites))
    share = np.full(len(cover.weight), np.inf)
    group = np.repeat(np.arange(len(cover.weight)), np.diff(cover.by_start))
    np.minimum.at(share, group, 1 / most[cover.candidate])
    price: Floats = share * cover.weight / np.maximum(times, 1)
    return price


def _relaxed(wanting: Wanting, price: Floats) -> tuple[float, Floats]:
    """Return the bound at some prices, and its slope."""
    left = 1 - sums_of_prices(wanting.cover, price)
    taken = _cheapest(wanting, price)
    bound = float(np.minimum(left, 0).sum() + price @ taken)
    slope = taken - times_covered(wanting.cover, left < 0)
    slope[(price <= 0) & (slope < 0)] = 0
    return bound, slope


def _cheapest(wanting: Wanting, price: Floats) -> Floats:
    """Return the part of each group taken where each area has what it wants, and cheapest."""
    weight, area = wanting.cover.weight, wanting.area
    if wanting.everybody.all():
        return np.ones(len(weight))
    order = np.lexsort((price / weight, area))
    sorted_weight, sorted_area = weight[order], area[order]
    until = np.cumsum(sorted_weight)
    first = np.searchsorted(sorted_area, np.arange(len(wanting.need)))
    before = until - sorted_weight
    before -= before[first][sorted_area]
    taken = np.empty(len(weight))
    taken[order] = np.clip((wanting.need[sorted_area] - before) / sorted_weight, 0, 1)
    return taken
