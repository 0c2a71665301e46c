"""What no choice of sites with room can exceed, by granting people in advance.

Every group grants a part of its people outright and credits the rest to each open facility, which
takes the best credited people within its reach until its room ends, whether or not another takes
them too. All that is granted and credited is never less than what can be served.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numba import njit

from analysis.siting.solving.max_cover_kernels import Members
from geo.streets.network import Flags, Floats, Ints

PATIENCE = 20  # steps in vain before the pace slows
SLOWER = 0.7
SLOWEST = 1e-3  # a pace below which the bound hardly moves
FREE = 1e-9  # the price of what costs nothing
CENT = 1e-7  # what sums of costs may differ by: less than a cent in 万元


class Reach(NamedTuple):
    """Facilities with people within reach, in people: entries by facility, weights and rooms."""

    start: Ints
    group: Members
    weight: Floats
    room: Floats


@njit(cache=True, nogil=True)
def _worth_of(reach: Reach, credit: Floats, j: int, share: float, took: Floats) -> float:
    """Return what a facility is credited at most; add its share of whom it takes to `took`."""
    row = reach.group[reach.start[j] : reach.start[j + 1]]
    left, worth = reach.room[j], 0.0
    best = np.flatnonzero(credit[row] >= 1.0)
    if reach.weight[row[best]].sum() < left:
        best = np.argsort(-credit[row], kind="mergesort")
    for i in best:
        g = row[i]
        if left <= 0.0 or credit[g] <= 0.0:
            break
        units = min(left, reach.weight[g])
        worth += units * credit[g]
        took[g] += share * units
        left -= units
    return worth


@njit(cache=True, nogil=True)
def worths(reach: Reach, credit: Floats) -> Floats:
    """Return what each facility is credited at most."""
    nowhere = np.zeros(len(credit))
    worth = np.empty(len(reach.room))
    for j in range(len(worth)):
        worth[j] = _worth_of(reach, credit, j, 0.0, nowhere)
    return worth


@njit(cache=True, nogil=True)
def takings(reach: Reach, credit: Floats, share: Floats) -> Floats:
    """Return the people of each group taken, where facilities count by these shares."""
    took = np.zeros(len(credit))
    for j in range(len(share)):
        if share[j] > 0:
            _worth_of(reach, credit, j, share[j], took)
    return took


@dataclass(frozen=True, eq=False)
class Limits:
    """How many sites, and what they may cost together; infinite for no limit. Costs are known."""

    count: float
    cost: Floats
    budget: float

    @property
    def prices(self) -> list[Floats]:
        """Return one over the price of each site, in every way in which sites can be weighed."""
        same = np.ones(len(self.cost))
        return [same] if np.isinf(self.budget) else [same, 1.0 / self._price]

    @property
    def _price(self) -> Floats:
        """Return what each costs: never quite nothing, so that it can divide."""
        return np.maximum(self.cost, FREE)

    def of_count(self, count: float) -> "Limits":
        """Return the limits with another number of sites."""
        return replace(self, count=count)

    def of_sites(self, which: Ints) -> "Limits":
        """Return the limits for some of the sites alone."""
        return replace(self, cost=self.cost[which])

    def barred(self, sites: Ints) -> Flags:
        """Return the sites that cannot be opened beside these."""
        left = self.budget - self.cost[sites].sum()
        barred: Flags = self.cost > left + CENT
        barred[sites] = True
        return barred if len(sites) < self.count else np.ones_like(barred)

    def most(self, worth: Floats) -> tuple[float, Floats]:
        """Return what any sites within the limits are worth at most, and the share of each.

        The less of two: as many of the best as may be, or the best for their price, the last of
        them in part.
        """
        every = np.where(self.cost <= self.budget + CENT, worth, 0.0)
        top = np.argsort(-every, kind="stable")[: int(min(max(self.count, 0), len(every)))]
        by_count = np.zeros(len(every))
        by_count[top] = every[top] > 0
        if not np.isfinite(self.budget):
            return float(every[top].sum()), by_count
        price = self._price
        order = np.argsort(-every / price, kind="stable")
        left = self.budget + CENT - np.append(0.0, np.cumsum(self.cost[order]))[:-1]
        by_price = np.zeros(len(every))
        by_price[order] = np.clip(left / price[order], 0.0, 1.0) * (every[order] > 0)
        values = float(every[top].sum()), float((every * by_price).sum())
        return min(values), (by_count, by_price)[int(np.argmin(values))]


@dataclass(eq=False)
class Relaxation:
    """A bound that is lowered step by step.

    always
        The first so many facilities are open anyway, and full.
    with_it
        What no choice can exceed that each candidate belongs to.
    """

    reach: Reach
    always: int
    limits: Limits
    credit: Floats
    with_it: Floats
    pace: float = 1.0
    in_vain: int = 0
    least: float = np.inf

    @classmethod
    def of(cls, reach: Reach, always: int, limits: Limits) -> "Relaxation":
        """Return the relaxation that grants nobody in advance."""
        sites = len(reach.room) - always
        return cls(reach, always, limits, np.ones(len(reach.weight)), np.full(sites, np.inf))

    @property
    def ended(self) -> bool:
        """Return whether no further step helps."""
        return self.pace < SLOWEST

    def at_first(self) -> float:
        """Return the bound before any step."""
        base, worth = self.worth()
        return base + self.limits.most(worth)[0]

    def sites_at_least(self, people: float) -> int:
        """Return the number of sites below which so many people cannot be served more."""
        base, worth = self.worth()
        served = base + np.append(0.0, np.cumsum(-np.sort(-worth)))
        return int(np.argmax(served >= people)) if (served >= people).any() else len(worth)

    def worth(self) -> tuple[float, Floats]:
        """Return what is there without any site, and what each candidate is worth."""
        worth = worths(self.reach, self.credit)
        granted = ((1.0 - self.credit) * self.reach.weight).sum()
        full = self.reach.room[: self.always].sum()
        return float(granted + worth[: self.always].sum() - full), worth[self.always :]

    def step(self, goal: float) -> Floats:
        """Lower the bound towards a goal; return the share of each candidate in it before."""
        base, worth = self.worth()
        value, share = self.limits.most(worth)
        bound = base + value
        self.in_vain += 1
        with_it = base + worth + self.limits.of_count(self.limits.count - 1).most(worth)[0]
        self.with_it = np.minimum(self.with_it, with_it)
        if bound < self.least:
            self.least, self.in_vain = bound, 0
        elif self.in_vain >= PATIENCE:
            self.pace, self.in_vain = self.pace * SLOWER, 0
        shares = np.append(np.ones(self.always), share)
        slope = takings(self.reach, self.credit, shares) - self.reach.weight
        slope[(slope < 0) & (self.credit >= 1.0)] = 0.0
        slope[(slope > 0) & (self.credit <= 0.0)] = 0.0
        square = float((slope**2).sum())
        if square <= 0 or bound <= goal:
            self.pace = 0.0
        else:
            stride = self.pace * (bound - goal) / square
            self.credit = np.clip(self.credit - stride * slope, 0.0, 1.0)
        return share
