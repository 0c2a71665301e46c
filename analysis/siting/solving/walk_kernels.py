"""Compiled loops of the search for short walks, all in whole numbers so that nothing drifts."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analysis.siting.solving.max_cover_kernels import largest
from geo.streets.network import Flags, Ints

Numbers = NDArray[np.int32]

# The least bound so far, the sites it counts, the pace, and steps in vain since.
Bound = tuple[int, Ints, float, int]

PATIENCE = 15  # steps in vain before the pace slows
SLOWER = 0.7
NOBODY = -1


class Savings(NamedTuple):
    """What each candidate spares a person of each place, by candidate and by place.

    start, place, saving
        Candidate c spares a person of `place[start[c]:start[c + 1]]` so many millimetres.
    by_start, candidate, by_saving
        The same by place, the most sparing candidate first, ties to the first candidate.
    weight
        People of each place, in whole units.
    """

    start: Ints
    place: Numbers
    saving: Numbers
    by_start: Ints
    candidate: Numbers
    by_saving: Numbers
    weight: Ints


class Built(NamedTuple):
    """A set of open sites.

    flag
        Whether each candidate is open.
    first, second
        The open sites that spare each place most and second most, `NOBODY` for none.
    most, more
        What those two spare a person, in millimetres.
    """

    flag: Flags
    first: Numbers
    second: Numbers
    most: Ints
    more: Ints


class Priced(NamedTuple):
    """A choice of sites in which a person may be spared more than once, at a price.

    Every person pays a price, between nothing and what may be spared at most; each open site is
    credited with what it spares a person beyond the price, however many sites there are. All that
    is paid and the largest credits, as many as there are sites, are together never less than what
    any sites spare: a person whom one of them serves counts in full, and nobody below nothing.

    price
        Of a person of each place, in millimetres.
    total
        What each candidate is credited, over all people.
    times
        All zero between two steps; how many of the sites looked at serve each place.
    best
        The prices of the least bound so far.
    """

    price: Ints
    total: Ints
    times: Ints
    best: Ints


@njit(cache=True, nogil=True)
def spared_at(
    start: Ints, place: Ints, walk_mm: Ints, which: Ints, now_mm: Ints
) -> tuple[Ints, Numbers, Numbers, Flags]:
    """Return the cells of some candidates that spare people a walk, and which places they speak of.

    Places are numbered anew: those spoken of, in their order.
    """
    speaks, cells = np.zeros(len(now_mm), dtype=np.bool_), 0
    for c in which:
        for k in range(start[c], start[c + 1]):
            if walk_mm[k] < now_mm[place[k]]:
                speaks[place[k]] = True
                cells += 1
    number = np.cumsum(speaks) - 1
    starts = np.zeros(len(which) + 1, dtype=np.int64)
    places, savings = np.empty(cells, dtype=np.int32), np.empty(cells, dtype=np.int32)
    cells = 0
    for i in range(len(which)):
        for k in range(start[which[i]], start[which[i] + 1]):
            p = place[k]
            if walk_mm[k] < now_mm[p]:
                places[cells], savings[cells] = number[p], now_mm[p] - walk_mm[k]
                cells += 1
        starts[i + 1] = cells
    return starts, places, savings, speaks


@njit(cache=True, nogil=True)
def by_place(start: Ints, place: Numbers, saving: Numbers, places: int) -> tuple[Ints, Ints]:
    """Return where each place's cells start and the cells: the most sparing candidate first.

    A cell is the saving below zero in the upper 32 bits, and the candidate in the lower ones.
    """
    by_start = np.zeros(places + 1, dtype=np.int64)
    for p in place:
        by_start[p + 1] += 1
    by_start = np.cumsum(by_start)
    here = by_start[:-1].copy()
    cells = np.empty(len(place), dtype=np.int64)
    for c in range(len(start) - 1):
        for k in range(start[c], start[c + 1]):
            cells[here[place[k]]] = (-np.int64(saving[k]) << 32) + c
            here[place[k]] += 1
    for p in range(places):
        cells[by_start[p] : by_start[p + 1]].sort()
    return by_start, cells


@njit(cache=True, nogil=True)
def none_built(savings: Savings) -> Built:
    """Return the set without any site."""
    places = len(savings.weight)
    return Built(
        np.zeros(len(savings.start) - 1, dtype=np.bool_),
        np.full(places, NOBODY, dtype=np.int32),
        np.full(places, NOBODY, dtype=np.int32),
        np.zeros(places, dtype=np.int64),
        np.zeros(places, dtype=np.int64),
    )


@njit(cache=True, nogil=True)
def build(savings: Savings, built: Built, site: int) -> None:
    """Open a closed candidate, in place."""
    for k in range(savings.start[site], savings.start[site + 1]):
        p, spared = savings.place[k], savings.saving[k]
        if spared > built.most[p]:
            built.second[p], built.more[p] = built.first[p], built.most[p]
            built.first[p], built.most[p] = site, spared
        elif spared > built.more[p]:
            built.second[p], built.more[p] = site, spared
    built.flag[site] = True


@njit(cache=True, nogil=True)
def unbuild(savings: Savings, built: Built, site: int) -> None:
    """Close an open candidate, in place."""
    built.flag[site] = False
    for k in range(savings.start[site], savings.start[site + 1]):
        p = savings.place[k]
        if built.first[p] == site:
            built.first[p], built.most[p] = built.second[p], built.more[p]
            _find_second(savings, built, p)
        elif built.second[p] == site:
            _find_second(savings, built, p)


@njit(cache=True, nogil=True)
def _find_second(savings: Savings, built: Built, p: int) -> None:
    built.second[p], built.more[p] = NOBODY, 0
    if built.first[p] == NOBODY:
        return
    for k in range(savings.by_start[p], savings.by_start[p + 1]):
        c = savings.candidate[k]
        if built.flag[c] and c != built.first[p]:
            built.second[p], built.more[p] = c, savings.by_saving[k]
            return


@njit(cache=True, nogil=True)
def build_all(savings: Savings, sites: Ints) -> Built:
    """Return the set of these sites."""
    built = none_built(savings)
    for site in sites:
        build(savings, built, site)
    return built


@njit(cache=True, nogil=True)
def spared_by(savings: Savings, built: Built) -> int:
    """Return what the open sites spare all people."""
    units = 0
    for p in range(len(savings.weight)):
        units += savings.weight[p] * built.most[p]
    return units


@njit(cache=True, nogil=True)
def gain_of(savings: Savings, built: Built, site: int) -> int:
    """Return what a closed candidate would spare all people beyond the open sites."""
    units = 0
    for k in range(savings.start[site], savings.start[site + 1]):
        p = savings.place[k]
        units += savings.weight[p] * max(savings.saving[k] - built.most[p], 0)
    return units


@njit(cache=True, nogil=True)
def sparing_most(savings: Savings, count: int) -> tuple[Built, Ints, Ints]:
    """Open the candidate that spares most, again and again; return the set, its order, the gains.

    Stops early when nobody is left to gain. Ties go to the first candidate.
    """
    built = none_built(savings)
    candidates = len(savings.start) - 1
    # What a candidate gained before is never less than what it gains now.
    gain, fresh = np.empty(candidates, dtype=np.int64), np.zeros(candidates, dtype=np.int64)
    for c in range(candidates):
        gain[c] = gain_of(savings, built, c)
    order, gained = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    for i in range(count):
        c = int(np.argmax(gain))
        while fresh[c] != i and gain[c] > 0:
            gain[c], fresh[c] = gain_of(savings, built, c), i
            c = int(np.argmax(gain))
        if gain[c] <= 0:
            return built, order[:i], gained[:i]
        order[i], gained[i] = c, gain[c]
        build(savings, built, c)
        gain[c] = 0
    return built, order, gained


@njit(cache=True, nogil=True)
def exchange(savings: Savings, built: Built, at: int) -> tuple[int, int]:
    """Exchange the first open site whose exchange gains, in place, beginning with candidate `at`.

    Each candidate takes the place of the site whose exchange for it gains most. Returns what is
    gained, 0 if nothing, and the candidate after the one that came in.
    """
    candidates = len(built.flag)
    loss, shared = _losses(savings, built), np.zeros(candidates, dtype=np.int64)
    sites = np.flatnonzero(built.flag)
    for i in range(candidates):
        c = (at + i) % candidates
        if built.flag[c]:
            continue
        gain = _gain_and_shared(savings, built, c, shared)
        leaving, best = -1, 0
        for s in sites:
            if gain + shared[s] - loss[s] > best:
                leaving, best = int(s), gain + shared[s] - loss[s]
            shared[s] = 0
        if best > 0:
            unbuild(savings, built, leaving)
            build(savings, built, c)
            return best, c + 1
    return 0, at


@njit(cache=True, nogil=True)
def _losses(savings: Savings, built: Built) -> Ints:
    """Return what would be lost by closing each open site."""
    loss = np.zeros(len(built.flag), dtype=np.int64)
    for p in range(len(savings.weight)):
        if built.first[p] != NOBODY:
            loss[built.first[p]] += savings.weight[p] * (built.most[p] - built.more[p])
    return loss


@njit(cache=True, nogil=True)
def _gain_and_shared(savings: Savings, built: Built, c: int, shared: Ints) -> int:
    """Return what c would spare; add to each site what is then no loss when that site closes."""
    gain = 0
    for k in range(savings.start[c], savings.start[c + 1]):
        p, spared = savings.place[k], savings.saving[k]
        if spared > built.more[p]:
            weight, most = savings.weight[p], built.most[p]
            if spared > most:
                gain += weight * (spared - most)
            if built.first[p] != NOBODY:
                shared[built.first[p]] += weight * (min(spared, most) - built.more[p])
    return gain


@njit(cache=True, nogil=True)
def priced_at(savings: Savings, price: Ints) -> Priced:
    """Return the relaxation at these prices."""
    total = np.zeros(len(savings.start) - 1, dtype=np.int64)
    for p in range(len(savings.weight)):
        for k in range(savings.by_start[p], savings.by_start[p + 1]):
            if savings.by_saving[k] <= price[p]:
                break
            total[savings.candidate[k]] += savings.weight[p] * (savings.by_saving[k] - price[p])
    return Priced(price.copy(), total, np.zeros(len(price), dtype=np.int64), price.copy())


@njit(cache=True, nogil=True)
def paid(savings: Savings, priced: Priced) -> int:
    """Return what all people pay."""
    units = 0
    for p in range(len(savings.weight)):
        units += savings.weight[p] * priced.price[p]
    return units


@njit(cache=True, nogil=True)
def descend(savings: Savings, priced: Priced, goal: int, steps: int, best: Bound) -> Bound:
    """Lower the bound by subgradient steps, in place; return the best of it.

    goal
        A bound this low is low enough.
    best
        The pace is the share of the way to the goal at which a step aims, smaller after every few
        steps in vain, 0 when no step is left.
    """
    least, sites, pace, in_vain = best
    for _ in range(steps):
        top = largest(priced.total, len(sites))
        bound = paid(savings, priced) + priced.total[top].sum()
        in_vain += 1
        if bound < least:
            least, sites, in_vain = bound, top, 0
            priced.best[:] = priced.price
        elif in_vain >= PATIENCE:
            pace, in_vain = pace * SLOWER, 0
        if least <= goal:
            break
        square = _slope_square(savings, priced, top)
        if square == 0:
            return least, sites, 0.0, in_vain
        _step(savings, priced, pace * (bound - goal) / square)
    return least, sites, pace, in_vain


@njit(cache=True, nogil=True)
def _slope_square(savings: Savings, priced: Priced, sites: Ints) -> float:
    """Count how many sites serve each place; return the square of the slope, weighed by people."""
    for c in sites:
        for k in range(savings.start[c], savings.start[c + 1]):
            if savings.saving[k] > priced.price[savings.place[k]]:
                priced.times[savings.place[k]] += 1
    square = 0.0
    for p in range(len(savings.weight)):
        surplus = priced.times[p] - 1
        if surplus > 0 or (surplus < 0 and priced.price[p] > 0):
            square += savings.weight[p] * surplus * surplus
    return square


@njit(cache=True, nogil=True)
def _step(savings: Savings, priced: Priced, stride: float) -> None:
    """Raise the price of those served twice, lower that of those not served."""
    for p in range(len(savings.weight)):
        surplus = priced.times[p] - 1
        priced.times[p] = 0
        old = priced.price[p]
        new = max(old + np.int64(np.rint(stride * surplus)), 0)
        if surplus == 0 or new == old:
            continue
        new = min(new, savings.by_saving[savings.by_start[p]])
        weight = savings.weight[p]
        priced.price[p] = new
        for k in range(savings.by_start[p], savings.by_start[p + 1]):
            spared = savings.by_saving[k]
            if spared <= old and spared <= new:
                break
            change = max(spared - new, 0) - max(spared - old, 0)
            priced.total[savings.candidate[k]] += weight * change
