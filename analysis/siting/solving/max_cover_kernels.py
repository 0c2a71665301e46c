"""Compiled loops of the maximal covering solver, all in whole numbers so that nothing drifts."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.streets.network import Flags, Ints

Members = NDArray[np.int32]

PATIENCE = 20  # steps in vain before the pace slows
SLOWER = 0.7


class Cover(NamedTuple):
    """Which groups of people each candidate covers, by candidate and by group.

    start, group
        Candidate c covers `group[start[c]:start[c + 1]]`.
    by_start, candidate
        Group g is covered by `candidate[by_start[g]:by_start[g + 1]]`.
    weight
        People of each group, in whole units.
    """

    start: Ints
    group: Members
    by_start: Ints
    candidate: Members
    weight: Ints


class Opened(NamedTuple):
    """A set of open sites.

    flag
        Whether each candidate is open.
    times
        How many open sites cover each group.
    worth
        What each candidate adds to the other open sites: for a closed one the gain of opening it,
        for an open one the loss of closing it.
    """

    flag: Flags
    times: Ints
    worth: Ints


class Relaxed(NamedTuple):
    """A choice of sites in which people may be counted more than once, or granted in advance.

    Every group grants a part of its people in advance, and credits the rest to each open site that
    covers it, however many there are. All that is granted and the largest totals of credit, as
    many as there are sites, are together never less than what any sites cover: a group covered by
    one of them counts in full, and none counts for less than nothing.

    credit
        What each group credits to a site, between nothing and its weight.
    total
        What each candidate is credited by all the groups it covers.
    lowered, size
        The groups that credit less than their weight are `lowered[:size[0]]`.
    listed
        Whether each group stands in that list.
    times
        All zero between two steps; how many of the sites looked at cover each group.
    """

    credit: Ints
    total: Ints
    lowered: Ints
    size: Ints
    listed: Flags
    times: Ints


@njit(cache=True, nogil=True)
def well_formed(start: Ints, place: Ints, places: int) -> bool:
    """Return whether every place named exists and no candidate names one twice."""
    named_by = np.full(places, -1, dtype=np.int64)
    for c in range(len(start) - 1):
        for k in range(start[c], start[c + 1]):
            if not 0 <= place[k] < places or named_by[place[k]] == c:
                return False
            named_by[place[k]] = c
    return True


@njit(cache=True, nogil=True)
def alike(start: Ints, place: Ints, places: int) -> Ints:
    """Return a class for each place, shared by the places that the same candidates cover.

    All places begin in class 0, and each candidate parts every class into the places it
    covers and the others. What stays in class 0 is covered by nobody.
    """
    kind = np.zeros(places, dtype=np.int64)
    size = np.zeros(places + 1, dtype=np.int64)
    size[0] = places + 1  # one more than there are: class 0 is never covered as a whole
    met = np.zeros(places + 1, dtype=np.int64)
    heir = np.zeros(places + 1, dtype=np.int64)
    parted = np.empty(places + 1, dtype=np.int64)
    classes = 1
    for c in range(len(start) - 1):
        parts = 0
        for k in range(start[c], start[c + 1]):
            old = kind[place[k]]
            if met[old] == 0:
                parted[parts] = old
                parts += 1
            met[old] += 1
        for i in range(parts):
            old = parted[i]
            heir[old] = old
            if met[old] < size[old]:
                heir[old] = classes
                size[classes] = met[old]
                size[old] -= met[old]
                classes += 1
            met[old] = 0
        for k in range(start[c], start[c + 1]):
            kind[place[k]] = heir[kind[place[k]]]
    return kind


@njit(cache=True, nogil=True)
def none_open(cover: Cover) -> Opened:
    """Return the set without any site."""
    candidates = len(cover.start) - 1
    worth = np.zeros(candidates, dtype=np.int64)
    for c in range(candidates):
        for k in range(cover.start[c], cover.start[c + 1]):
            worth[c] += cover.weight[cover.group[k]]
    times = np.zeros(len(cover.weight), dtype=np.int64)
    return Opened(np.zeros(candidates, dtype=np.bool_), times, worth)


@njit(cache=True, nogil=True)
def _others_gain(cover: Cover, opened: Opened, site: int, g: int, people: int) -> None:
    """Add to the worth of every candidate but `site` that covers group g."""
    for k in range(cover.by_start[g], cover.by_start[g + 1]):
        if cover.candidate[k] != site:
            opened.worth[cover.candidate[k]] += people


@njit(cache=True, nogil=True)
def _other_site_gains(cover: Cover, opened: Opened, site: int, g: int, people: int) -> None:
    """Add to the worth of the one open candidate but `site` that covers group g."""
    for k in range(cover.by_start[g], cover.by_start[g + 1]):
        c = cover.candidate[k]
        if c != site and opened.flag[c]:
            opened.worth[c] += people
            return


@njit(cache=True, nogil=True)
def open_site(cover: Cover, opened: Opened, site: int) -> None:
    """Open a closed candidate, in place."""
    for k in range(cover.start[site], cover.start[site + 1]):
        g = cover.group[k]
        if opened.times[g] == 0:
            _others_gain(cover, opened, site, g, -cover.weight[g])
        elif opened.times[g] == 1:
            _other_site_gains(cover, opened, site, g, -cover.weight[g])
        opened.times[g] += 1
    opened.flag[site] = True


@njit(cache=True, nogil=True)
def close_site(cover: Cover, opened: Opened, site: int) -> None:
    """Close an open candidate, in place."""
    opened.flag[site] = False
    for k in range(cover.start[site], cover.start[site + 1]):
        g = cover.group[k]
        opened.times[g] -= 1
        if opened.times[g] == 0:
            _others_gain(cover, opened, site, g, cover.weight[g])
        elif opened.times[g] == 1:
            _other_site_gains(cover, opened, site, g, cover.weight[g])


@njit(cache=True, nogil=True)
def covered_units(cover: Cover, opened: Opened) -> int:
    """Return the units of people whom the open sites cover."""
    units = 0
    for g in range(len(cover.weight)):
        if opened.times[g] > 0:
            units += cover.weight[g]
    return units


@njit(cache=True, nogil=True)
def open_sites(cover: Cover, sites: Ints) -> Opened:
    """Return the set of these sites."""
    opened = none_open(cover)
    for site in sites:
        open_site(cover, opened, site)
    return opened


@njit(cache=True, nogil=True)
def greedy(cover: Cover, count: int) -> tuple[Opened, Ints, Ints]:
    """Open the candidate that gains most, again and again; return the set, its order, the gains.

    Stops early when nobody is left to gain. Ties go to the first candidate.
    """
    opened = none_open(cover)
    order, gain = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    for i in range(count):
        best, people = -1, 0
        for c in range(len(opened.worth)):
            if not opened.flag[c] and opened.worth[c] > people:
                best, people = c, opened.worth[c]
        if best < 0:
            return opened, order[:i], gain[:i]
        open_site(cover, opened, best)
        order[i], gain[i] = best, people
    return opened, order, gain


@njit(cache=True, nogil=True)
def swap(cover: Cover, opened: Opened, most: Ints) -> int:
    """Make the exchange of one open site that gains most, in place; return its gain, 0 if none.

    most
        What each candidate covers when it alone is open.
    """
    sites = np.flatnonzero(opened.flag)
    least = opened.worth[sites].min() if len(sites) else 0
    shared = np.zeros(len(opened.flag), dtype=np.int64)
    leaving, entering, best = -1, -1, 0
    for c in range(len(opened.flag)):
        if opened.flag[c] or most[c] - least <= best:
            continue
        # People whom only one open site covers are not lost when c replaces that very site.
        for k in range(cover.start[c], cover.start[c + 1]):
            g = cover.group[k]
            if opened.times[g] == 1:
                _add_to_site(cover, opened, g, shared)
        for s in sites:
            people = opened.worth[c] + shared[s] - opened.worth[s]
            shared[s] = 0
            if people > best:
                leaving, entering, best = int(s), c, people
    if best > 0:
        close_site(cover, opened, leaving)
        open_site(cover, opened, entering)
    return best


@njit(cache=True, nogil=True)
def _add_to_site(cover: Cover, opened: Opened, g: int, shared: Ints) -> None:
    for k in range(cover.by_start[g], cover.by_start[g + 1]):
        c = cover.candidate[k]
        if opened.flag[c]:
            shared[c] += cover.weight[g]
            return


@njit(cache=True, nogil=True)
def full_credit(cover: Cover, most: Ints) -> Relaxed:
    """Return the relaxation in which every group credits its whole weight to every site."""
    groups = len(cover.weight)
    lowered, size = np.empty(groups, dtype=np.int64), np.zeros(1, dtype=np.int64)
    listed, times = np.zeros(groups, dtype=np.bool_), np.zeros(groups, dtype=np.int64)
    return Relaxed(cover.weight.copy(), most.copy(), lowered, size, listed, times)


@njit(cache=True, nogil=True)
def largest(total: Ints, count: int) -> Ints:
    """Return the candidates with the `count` largest totals, ties to the first, largest first."""
    top = np.empty(count, dtype=np.int64)
    found = 0
    for c in range(len(total)):
        if found == count and total[c] <= total[top[count - 1]]:
            continue
        i = min(found, count - 1)
        while i > 0 and total[top[i - 1]] < total[c]:
            top[i] = top[i - 1]
            i -= 1
        top[i] = c
        found = min(found + 1, count)
    return top


@njit(cache=True, nogil=True)
def descend(
    cover: Cover, relaxed: Relaxed, goal: int, steps: int, best: tuple[int, Ints, float]
) -> tuple[int, Ints, float]:
    """Lower the bound by subgradient steps, in place; return the best of it.

    goal
        A bound this low is low enough.
    best
        The least bound so far, the sites it counts, and the pace: the share of the way to the goal
        at which a step aims, smaller after every few steps in vain, 0 when no step is left.
    """
    least, sites, pace = best
    in_vain = 0
    for _ in range(steps):
        top = largest(relaxed.total, len(sites))
        bound = _granted(cover, relaxed) + relaxed.total[top].sum()
        in_vain += 1
        if bound < least:
            least, sites, in_vain = bound, top, 0
        elif in_vain == PATIENCE:
            pace, in_vain = pace * SLOWER, 0
        if least <= goal:
            break
        _count_times(cover, relaxed, top)
        square = _slope_square(cover, relaxed)
        if square > 0:
            _step(cover, relaxed, pace * (bound - goal) / square)
        _forget_times(cover, relaxed, top)
        if square == 0:
            return least, sites, 0.0
    return least, sites, pace


@njit(cache=True, nogil=True)
def _granted(cover: Cover, relaxed: Relaxed) -> int:
    units = 0
    for g in relaxed.lowered[: relaxed.size[0]]:
        units += cover.weight[g] - relaxed.credit[g]
    return units


@njit(cache=True, nogil=True)
def _count_times(cover: Cover, relaxed: Relaxed, sites: Ints) -> None:
    """Count how many of the sites cover each group, and list those that count twice."""
    for c in sites:
        for k in range(cover.start[c], cover.start[c + 1]):
            g = cover.group[k]
            relaxed.times[g] += 1
            if relaxed.times[g] > 1 and not relaxed.listed[g]:
                relaxed.listed[g] = True
                relaxed.lowered[relaxed.size[0]] = g
                relaxed.size[0] += 1


@njit(cache=True, nogil=True)
def _forget_times(cover: Cover, relaxed: Relaxed, sites: Ints) -> None:
    for c in sites:
        for k in range(cover.start[c], cover.start[c + 1]):
            relaxed.times[cover.group[k]] = 0


@njit(cache=True, nogil=True)
def _slope_square(cover: Cover, relaxed: Relaxed) -> int:
    """Return the square of the bound's slope: groups counted twice, or granted but not counted."""
    square = 0
    for g in relaxed.lowered[: relaxed.size[0]]:
        surplus = relaxed.times[g] - 1
        credit = relaxed.credit[g]
        if (surplus > 0 and credit > 0) or (surplus < 0 and credit < cover.weight[g]):
            square += surplus * surplus
    return square


@njit(cache=True, nogil=True)
def _step(cover: Cover, relaxed: Relaxed, stride: float) -> None:
    """Lower the credit of groups counted twice, raise that of those not counted, relist them."""
    kept = 0
    for g in relaxed.lowered[: relaxed.size[0]]:
        old, weight = relaxed.credit[g], cover.weight[g]
        new = min(max(old - np.int64(stride * (relaxed.times[g] - 1)), 0), weight)
        if new != old:
            relaxed.credit[g] = new
            for k in range(cover.by_start[g], cover.by_start[g + 1]):
                relaxed.total[cover.candidate[k]] += new - old
        relaxed.listed[g] = new < weight
        if new < weight:
            relaxed.lowered[kept] = g
            kept += 1
    relaxed.size[0] = kept
