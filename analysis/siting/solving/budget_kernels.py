"""Compiled loops of the search within a budget; people and money are counted in whole units."""

from typing import NamedTuple

import numpy as np
from numba import njit

from analysis.siting.solving.max_cover_kernels import Cover, Opened, close_site, open_site
from geo.streets.network import Floats, Ints


class Purse(NamedTuple):
    """What each candidate costs, and whether gains count by it, what is free coming first."""

    cost: Ints
    per_cost: bool


@njit(cache=True, nogil=True)
def spend(cover: Cover, opened: Opened, purse: Purse, left: int, shut: int) -> tuple[int, int]:
    """Open what gains most and can be paid, in place, again and again; return gain and rest.

    left, shut
        The money, and a candidate that stays closed, -1 for none.

    Ties go to the first candidate.
    """
    cost, gained = purse.cost, 0
    while True:
        best = -1
        for c in range(len(cost)):
            if opened.flag[c] or cost[c] > left or opened.worth[c] <= 0 or c == shut:
                continue
            if best < 0 or _gains_more(opened, purse, c, best):
                best = c
        if best < 0:
            return gained, left
        gained += int(opened.worth[best])
        left -= int(cost[best])
        open_site(cover, opened, best)


@njit(cache=True, nogil=True)
def _gains_more(opened: Opened, purse: Purse, one: int, other: int) -> bool:
    cost, worth = purse.cost, opened.worth
    if not purse.per_cost or (cost[one] == 0 and cost[other] == 0):
        return bool(worth[one] > worth[other])
    # Crosswise, so that nothing is divided by what is free.
    return bool(float(worth[one]) * cost[other] > float(worth[other]) * cost[one])


@njit(cache=True, nogil=True)
def respend(cover: Cover, opened: Opened, purse: Purse, left: int) -> tuple[int, int]:
    """Close each open site and spend its money better, in place; return gain and rest."""
    gained = 0
    for s in np.flatnonzero(opened.flag):
        site, loss = int(s), int(opened.worth[s])
        before = opened.flag.copy()
        close_site(cover, opened, site)
        gain, rest = spend(cover, opened, purse, left + int(purse.cost[site]), site)
        if gain > loss:
            gained, left = gained + gain - loss, rest
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
