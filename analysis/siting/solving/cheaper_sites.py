"""Of equally many sites that do what is wanted, those that cost least together."""

from time import perf_counter

import numpy as np

from analysis.siting.solving.exact import solve
from analysis.siting.solving.fewest_program import Wanting, covering
from geo.streets.network import Floats, Ints

HALF = 0.5
CENT = 1e-6  # 万元: what sums of costs may differ by for nothing


def cheaper_sites(wanting: Wanting, sites: Ints, cost: Floats, *, deadline: float) -> Ints:
    """Return no more sites than given, which cover what is wanted and cost less; else the given.

    sites
        Numbers of candidates of `wanting` that cover what is wanted.
    cost
        万元 of every candidate. Where one is unknown (NaN) nothing is weighed: it might be the
        cheapest.
    """
    if not len(sites) or np.isnan(cost).any():
        return sites
    groups = len(wanting.cover.weight)
    program = covering(wanting, np.append(cost, np.zeros(groups)), count=len(sites))
    answer = solve(program, seconds=deadline - perf_counter())
    chosen = np.flatnonzero(answer.x[: len(cost)] > HALF)
    dearer = not len(answer.x) or cost[chosen].sum() >= cost[sites].sum() - CENT
    return sites if dearer or not _enough(wanting, chosen) else chosen


def _enough(wanting: Wanting, sites: Ints) -> bool:
    """Return whether some sites cover what every area wants, in whole units."""
    cover = wanting.cover
    group = np.repeat(np.arange(len(cover.weight)), np.diff(cover.by_start))
    reached = np.zeros(len(cover.weight), dtype=bool)
    reached[group[np.isin(cover.candidate, sites)]] = True
    had = np.zeros(len(wanting.need), dtype=np.int64)
    np.add.at(had, wanting.area[reached], cover.weight[reached])
    return bool((had >= np.minimum(wanting.need, wanting.most())).all())
