"""Of all choices of so few sites, the one that covers most people."""

from time import perf_counter

import numpy as np

from analysis.siting.solving.exact import solve
from analysis.siting.solving.fewest_kernels import exchange, held_sites
from analysis.siting.solving.fewest_program import HALF, Wanting, covering
from analysis.siting.solving.max_cover_kernels import open_sites
from analysis.siting.solving.solution import Status
from geo.streets.network import Ints

AT_ONCE = 50  # sites exchanged between two looks at the clock
SMALL = 50_000  # candidates' groups in all up to which the exact program is worth while


def most_of_few(wanting: Wanting, sites: Ints, *, deadline: float) -> Ints:
    """Return as many sites as these, that do too and cover most people.

    Exchanges of one site find a good choice. The exact program's is taken where it is the best
    by proof, so that the answer hangs on the time as little as can be.
    """
    cover = wanting.cover
    if not len(sites) or not len(cover.group):
        return sites
    opened = open_sites(cover, sites)
    held = held_sites(cover, wanting.area, wanting.need, sites)
    gained = 1
    while gained > 0 and perf_counter() < deadline:
        gained = 0
        for some in np.array_split(np.flatnonzero(opened.flag), -(-len(sites) // AT_ONCE)):
            if perf_counter() < deadline:
                gained += exchange(cover, wanting.area, opened, held.lack, some)
    found = np.flatnonzero(opened.flag)
    if len(cover.group) > SMALL or perf_counter() > deadline:
        return found
    size = len(cover.start) - 1
    cost = np.append(np.zeros(size), -cover.weight / cover.weight.sum())
    cost[size:][wanting.everybody[wanting.area]] = 0.0
    program = covering(wanting, cost, count=float(len(sites)))
    answer = solve(program, seconds=deadline - perf_counter())
    if answer.status is not Status.OPTIMAL:
        return found
    return _better(wanting, found, np.flatnonzero(answer.x[:size] > HALF))


def _better(wanting: Wanting, found: Ints, other: Ints) -> Ints:
    """Return the other sites if, counted again, they do and cover more people."""
    cover = wanting.cover
    if len(other) > len(found):
        return found
    held, before = (
        held_sites(cover, wanting.area, wanting.need, sites) for sites in (other, found)
    )
    more = cover.weight[held.times > 0].sum() > cover.weight[before.times > 0].sum()
    return other if more and (held.lack <= 0).all() else found
