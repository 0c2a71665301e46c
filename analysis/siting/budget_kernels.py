"""Compiled loops of the search within a budget; people and money are counted in whole units."""

import numpy as np
from numba import njit

from analysis.siting.max_cover_kernels import Cover, Opened, close_site, open_site
from geo.streets.network import Floats, Ints


@njit(cache=True, nogil=True)
def spend(cover: Cover, opened: Opened, cost: Ints, left: int, per_cost: bool) -> int:  # noqa: FBT001 - compiled
    """Open what gains most and can be paid, in place, again and again; return what is left.

    per_cost
        Whether the gain counts by its cost, what is free coming first, or as it is.

    Ties go to the first candidate.
    """
    while True:
        best = -1
        for c in range(len(cost)):
            if opened.flag[c] or cost[c] > left or opened.worth[c] <= 0:
                continue
            if best < 0 or _gains_more(opened, cost, c, best, per_cost):
                best = c
        if best < 0:
            return left
        open_site(cover, opened, best)
        left -= cost[best]


@njit(cache=True, nogil=True)
def _gains_more(opened: Opened, cost: Ints, one: int, other: int, per_cost: bool) -> bool:  # noqa: FBT001 - compiled
    if not per_cost or (cost[one] == 0 and cost[other] == 0):
        return bool(opened.worth[one] > opened.worth[other])
    # Crosswise, so that nothing is divided by what is free.
    return float(opened.worth[one]) * cost[other] > float(opened.worth[other]) * cost[one]


@njit(cache=True, nogil=True)
def respend(cover: Cover, opened: Opened, cost: Ints, left: int, per_cost: bool) -> tuple[int, int]:  # noqa: FBT001 - compiled
    """Close each open site and spend its money better, in place; return the gain and the rest."""
    gained = 0
    for s in np.flatnonzero(opened.flag):
        site = int(s)
        loss = opened.worth[site]
        before = opened.flag.copy()
        close_site(cover, opened, site)
        rest = left + cost[site]
        gain = np.int64(0)
        while True:
            best = -1
            for c in range(len(cost)):
                if opened.flag[c] or cost[c] > rest or opened.worth[c] <= 0 or c == site:
                    continue
                if best < 0 or _gains_more(opened, cost, c, best, per_cost):
                    best = c
            if best < 0:
                break
            gain += opened.worth[best]
            open_site(cover, opened, best)
            rest -= cost[best]
        if gain > loss:
            gained += gain - loss
            left = rest
            continue
        for c in np.flatnonzero(opened.flag & ~before):
            close_site(cover, opened, int(c))
        open_site(cover, opened, site)
    return gained, left


@njit(cache=True, nogil=True)
def parts_covered(cover: Cover, part: Floats) -> Floats:
    """Return how many times each group is covered where each candidate is built in part."""
    times = np.zeros(len(cover.weight))
    for c in np.flatnonzero(part):
        for k in range(cover.start[c], cover.start[c + 1]):
            times[cover.group[k]] += part[c]
    return times
