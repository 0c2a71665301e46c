"""Compiled loops of the search for the fewest sites; people are counted in whole units."""

from typing import NamedTuple

import numpy as np
from numba import njit

from analysis.siting.solving.max_cover_kernels import Cover, Opened, close_site, open_site
from geo.streets.network import Flags, Floats, Ints


class Held(NamedTuple):
    """A set of open sites, and what it leaves wanting.

    flag
        Whether each candidate is open.
    times
        How many open sites cover each group.
    lack
        Units still wanted in each area; negative where more than wanted are covered.
    """

    flag: Flags
    times: Ints
    lack: Ints


@njit(cache=True, nogil=True)
def none_held(cover: Cover, need: Ints) -> Held:
    """Return the set without any site."""
    flag = np.zeros(len(cover.start) - 1, dtype=np.bool_)
    return Held(flag, np.zeros(len(cover.weight), dtype=np.int64), need.copy())


@njit(cache=True, nogil=True)
def hold(cover: Cover, area: Ints, held: Held, site: int) -> None:
    """Open a closed candidate, in place."""
    held.flag[site] = True
    for k in range(cover.start[site], cover.start[site + 1]):
        g = cover.group[k]
        if held.times[g] == 0:
            held.lack[area[g]] -= cover.weight[g]
        held.times[g] += 1


@njit(cache=True, nogil=True)
def release(cover: Cover, area: Ints, held: Held, site: int) -> None:
    """Close an open candidate, in place."""
    held.flag[site] = False
    for k in range(cover.start[site], cover.start[site + 1]):
        g = cover.group[k]
        held.times[g] -= 1
        if held.times[g] == 0:
            held.lack[area[g]] += cover.weight[g]


@njit(cache=True, nogil=True)
def held_sites(cover: Cover, area: Ints, need: Ints, sites: Ints) -> Held:
    """Return the set of these sites."""
    held = none_held(cover, need)
    for site in sites:
        hold(cover, area, held, site)
    return held


@njit(cache=True, nogil=True)
def fill(cover: Cover, area: Ints, opened: Opened, lack: Ints) -> None:
    """Open the candidate that gives most of what is wanted, in place, until none is wanting.

    lack
        Of each area, kept up to date. Where a candidate adds more than its area lacks, the rest
        does not count.

    Ties go to the first candidate.
    """
    units = np.zeros(len(lack), dtype=np.int64)
    while lack.max() > 0:
        best, most = -1, 0
        for c in range(len(opened.flag)):
            if not opened.flag[c] and opened.worth[c] > most:
                wanted = _wanted(cover, area, opened, lack, c, units)
                if wanted > most:
                    best, most = c, wanted
        if best < 0:
            return
        _enter(cover, area, opened, lack, best)


@njit(cache=True, nogil=True)
def _wanted(cover: Cover, area: Ints, opened: Opened, lack: Ints, c: int, units: Ints) -> int:
    """Return what a closed candidate adds to what is lacking; `units` is zero before and after."""
    for k in range(cover.start[c], cover.start[c + 1]):
        g = cover.group[k]
        if opened.times[g] == 0 and lack[area[g]] > 0:
            units[area[g]] += cover.weight[g]
    wanted = 0
    for k in range(cover.start[c], cover.start[c + 1]):
        a = area[cover.group[k]]
        if units[a] > 0:
            wanted += min(int(units[a]), int(lack[a]))
            units[a] = 0
    return wanted


@njit(cache=True, nogil=True)
def prune(cover: Cover, area: Ints, held: Held) -> None:
    """Close what is not needed, in place, first what alone covers the fewest people."""
    sites = np.flatnonzero(held.flag)
    alone = np.zeros(len(sites), dtype=np.int64)
    for i in range(len(sites)):
        for k in range(cover.start[sites[i]], cover.start[sites[i] + 1]):
            if held.times[cover.group[k]] == 1:
                alone[i] += cover.weight[cover.group[k]]
    for i in np.argsort(alone, kind="mergesort"):
        release(cover, area, held, sites[i])
        if held.lack.max() > 0:
            hold(cover, area, held, sites[i])


@njit(cache=True, nogil=True)
def sums_of_prices(cover: Cover, price: Floats) -> Floats:
    """Return the sum of the prices of what each candidate covers."""
    total = np.zeros(len(cover.start) - 1)
    for c in range(len(total)):
        for k in range(cover.start[c], cover.start[c + 1]):
            total[c] += price[cover.group[k]]
    return total


@njit(cache=True, nogil=True)
def times_covered(cover: Cover, sites: Flags) -> Ints:
    """Return how many of the sites cover each group."""
    times = np.zeros(len(cover.weight), dtype=np.int64)
    for c in np.flatnonzero(sites):
        for k in range(cover.start[c], cover.start[c + 1]):
            times[cover.group[k]] += 1
    return times


@njit(cache=True, nogil=True)
def exchange(cover: Cover, area: Ints, opened: Opened, lack: Ints, sites: Ints) -> int:
    """Exchange each of some open sites for what covers more, in place; return the units gained.

    lack
        Of each area, kept up to date: nothing is exchanged that would leave any above 0.
    """
    gained = 0
    units = np.zeros(len(lack), dtype=np.int64)
    for open_one in sites:
        site, loss = int(open_one), opened.worth[open_one]
        _leave(cover, area, opened, lack, site)
        best, people = site, loss
        for c in range(len(opened.flag)):
            if opened.flag[c] or opened.worth[c] <= people:
                continue
            if _does(cover, area, opened, lack, c, units):
                best, people = c, opened.worth[c]
        gained += people - loss
        _enter(cover, area, opened, lack, best)
    return gained


@njit(cache=True, nogil=True)
def _leave(cover: Cover, area: Ints, opened: Opened, lack: Ints, site: int) -> None:
    close_site(cover, opened, site)
    for k in range(cover.start[site], cover.start[site + 1]):
        g = cover.group[k]
        if opened.times[g] == 0:
            lack[area[g]] += cover.weight[g]


@njit(cache=True, nogil=True)
def _enter(cover: Cover, area: Ints, opened: Opened, lack: Ints, site: int) -> None:
    open_site(cover, opened, site)
    for k in range(cover.start[site], cover.start[site + 1]):
        g = cover.group[k]
        if opened.times[g] == 1:
            lack[area[g]] -= cover.weight[g]


@njit(cache=True, nogil=True)
def _does(cover: Cover, area: Ints, opened: Opened, lack: Ints, c: int, units: Ints) -> bool:
    """Return whether a closed candidate leaves no area wanting; `units` is for its own use."""
    units[:] = 0
    for k in range(cover.start[c], cover.start[c + 1]):
        g = cover.group[k]
        if opened.times[g] == 0:
            units[area[g]] += cover.weight[g]
    return bool((units >= lack).all())
