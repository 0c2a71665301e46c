"""A compiled walk from choice to choice of sites, each one site fewer than the best that does."""

from typing import NamedTuple

import numpy as np
from numba import njit

from analysis.siting.solving.max_cover_kernels import (
    Cover,
    Opened,
    close_site,
    open_site,
    open_sites,
)
from geo.streets.network import Flags, Ints

AIMS = 20  # uncovered groups looked at for the next site, where not all need be covered


class Walk(NamedTuple):
    """Where the walk stands.

    cover, opened
        The sites open now; the weight of a group says how urgent it is, not who lives there.
    area, units, lack
        Of each group its area and people, and what each area still lacks.
    bare, size, position
        The uncovered groups are `bare[:size[0]]`, and where each stands in that list.
    since
        The step at which each candidate was opened or closed last.
    ready
        Whether something changed beside a candidate since it was closed: else it waits.
    """

    cover: Cover
    opened: Opened
    area: Ints
    units: Ints
    lack: Ints
    bare: Ints
    size: Ints
    position: Ints
    since: Ints
    ready: Flags


def walk_from(cover: Cover, area: Ints, need: Ints, sites: Ints, weight: Ints) -> Walk:
    """Return a walk that begins at sites which do."""
    groups, size = len(cover.weight), len(cover.start) - 1
    urgent = cover._replace(weight=weight.copy())
    opened = open_sites(urgent, sites)
    reached = opened.times > 0
    covered = np.zeros_like(need)
    np.add.at(covered, area[reached], cover.weight[reached])
    bare, position = np.full(groups, -1), np.full(groups, -1)
    left = np.flatnonzero(~reached)
    bare[: len(left)], position[left] = left, np.arange(len(left))
    return Walk(
        urgent, opened, area, cover.weight, need - covered, bare, np.array([len(left)]), position,
        np.zeros(size, dtype=np.int64), np.ones(size, dtype=bool),
    )  # fmt: skip


@njit(cache=True, nogil=True)
def stroll(walk: Walk, first: int, steps: int, everybody: bool) -> tuple[int, Ints]:  # noqa: FBT001 - compiled
    """Walk on, in place; return where it ended, and sites that do if it came upon fewer.

    everybody
        Whether all groups must be covered: then those left out grow more urgent with every step.
    """
    np.random.seed(first % 2**31)  # noqa: NPY002 - the compiled kind
    fewer = np.zeros(0, dtype=np.int64)
    latest = -1
    for step in range(first, first + steps):
        while walk.lack.max() <= 0:
            fewer = np.flatnonzero(walk.opened.flag)
            if len(fewer) == 0:
                return step, fewer
            _close(walk, _least(walk, -1), step)
        if walk.opened.flag.any():
            _close(walk, _least(walk, latest), step)
        latest = _aim(walk, 1 if everybody else AIMS)
        if latest < 0:
            return step, fewer
        _open(walk, latest, step)
        if everybody:
            _urge(walk)
    return first + steps, fewer


@njit(cache=True, nogil=True)
def _least(walk: Walk, kept: int) -> int:
    """Return the open site whose closing costs least, ties to the one open longest."""
    best = -1
    for c in range(len(walk.since)):
        if walk.opened.flag[c] and c != kept and (best < 0 or _before(walk, c, best, -1)):
            best = c
    return best if best >= 0 else kept


@njit(cache=True, nogil=True)
def _before(walk: Walk, one: int, other: int, sign: int) -> bool:
    """Return whether one candidate is worth more (sign 1) or less (-1), or as much for longer."""
    more = sign * (walk.opened.worth[one] - walk.opened.worth[other])
    return bool(more > 0 or (more == 0 and walk.since[one] < walk.since[other]))


@njit(cache=True, nogil=True)
def _aim(walk: Walk, aims: int) -> int:
    """Return the ready candidate worth most that covers one of some uncovered groups."""
    best = -1
    for _ in range(aims):
        g = walk.bare[np.random.randint(walk.size[0])]  # noqa: NPY002 - the compiled kind
        while walk.lack[walk.area[g]] <= 0:
            g = walk.bare[np.random.randint(walk.size[0])]  # noqa: NPY002 - the compiled kind
        for k in range(walk.cover.by_start[g], walk.cover.by_start[g + 1]):
            c = int(walk.cover.candidate[k])
            if walk.ready[c] and (best < 0 or _before(walk, c, best, 1)):
                best = c
    return best if best >= 0 else _any_use(walk)


@njit(cache=True, nogil=True)
def _any_use(walk: Walk) -> int:
    """Return the first candidate of the first uncovered group that is wanted."""
    for i in range(walk.size[0]):
        g = walk.bare[i]
        if walk.lack[walk.area[g]] > 0:
            return int(walk.cover.candidate[walk.cover.by_start[g]])
    return -1


@njit(cache=True, nogil=True)
def _open(walk: Walk, site: int, step: int) -> None:
    open_site(walk.cover, walk.opened, site)
    walk.since[site] = step
    for k in range(walk.cover.start[site], walk.cover.start[site + 1]):
        g = walk.cover.group[k]
        if walk.opened.times[g] == 1:
            walk.lack[walk.area[g]] -= walk.units[g]
            walk.size[0] -= 1
            last = walk.bare[walk.size[0]]
            walk.bare[walk.position[g]] = last
            walk.position[last] = walk.position[g]
            walk.position[g] = -1
            _wake(walk, g)


@njit(cache=True, nogil=True)
def _close(walk: Walk, site: int, step: int) -> None:
    close_site(walk.cover, walk.opened, site)
    walk.since[site] = step
    for k in range(walk.cover.start[site], walk.cover.start[site + 1]):
        g = walk.cover.group[k]
        if walk.opened.times[g] == 0:
            walk.lack[walk.area[g]] += walk.units[g]
            walk.bare[walk.size[0]] = g
            walk.position[g] = walk.size[0]
            walk.size[0] += 1
            _wake(walk, g)
    walk.ready[site] = False


@njit(cache=True, nogil=True)
def _wake(walk: Walk, g: int) -> None:
    for k in range(walk.cover.by_start[g], walk.cover.by_start[g + 1]):
        walk.ready[walk.cover.candidate[k]] = True


@njit(cache=True, nogil=True)
def _urge(walk: Walk) -> None:
    """Make every uncovered group more urgent."""
    for i in range(walk.size[0]):
        g = walk.bare[i]
        walk.cover.weight[g] += 1
        for k in range(walk.cover.by_start[g], walk.cover.by_start[g + 1]):
            walk.opened.worth[walk.cover.candidate[k]] += 1
