"""Whether a few sites can cover everybody: sites that do, or the proof that none can."""

from functools import cache
from time import perf_counter

import numpy as np
from scipy.sparse import csr_array

from analysis.siting.solving.candidates import Candidates
from analysis.siting.solving.exact import Program, solve
from analysis.siting.solving.max_cover import max_cover
from analysis.siting.solving.solution import Status
from geo.streets.network import Flags, Ints

NONE = np.zeros(0, dtype=np.int64)


def cover_all(near: Flags, count: int, *, seconds: float) -> tuple[Status, Ints]:
    """Return at most `count` sites that cover all places, if there are any.

    near
        A row a place, a column a candidate: whether it covers the place. Some candidate does.

    The status is `optimal` with such sites, `infeasible` where there are none, and `time_limit`
    where time ran out before either was known.
    """
    ends = perf_counter() + seconds
    status, sites = cover_quickly(near, count, seconds=seconds)
    if status is not Status.TIME_LIMIT:
        return status, sites
    rows, columns = undominated(near)
    status, sites = _exact(near[np.ix_(rows, columns)], count, ends - perf_counter())
    return status, columns[sites]


def cover_quickly(near: Flags, count: int, *, seconds: float) -> tuple[Status, Ints]:
    """Return the same without the exact solver: `time_limit` where that would have to be asked."""
    if not len(near):
        return Status.OPTIMAL, NONE
    if _apart(near) > count:
        return Status.INFEASIBLE, NONE
    return _searched(near, count, seconds)


@cache
def compiled() -> None:
    """Have the loops compiled, lest that be taken from the time of the first search."""
    table = Candidates(np.array([0, 2, 4, 5]), np.array([0, 1, 1, 2, 3]))
    max_cover(table, np.ones(4), count=2, within=0.0, seconds=1e9)


def _apart(near: Flags) -> int:
    """Return a number of places no two of which one site covers: each needs a site of its own."""
    taken, apart = np.zeros(near.shape[1], dtype=bool), 0
    for row in near[np.argsort(near.sum(axis=1), kind="stable")]:
        if not taken[row].any():
            taken |= row
            apart += 1
    return apart


def _searched(near: Flags, count: int, seconds: float) -> tuple[Status, Ints]:
    """Return what the search for most people knows, each place one person."""
    places = len(near)
    start = np.append(0, np.cumsum(near.sum(axis=0)))
    table = Candidates(start, np.nonzero(near.T)[1])
    found = max_cover(table, np.ones(places), count=count, within=0.0, seconds=seconds)
    if found.value == places:
        return Status.OPTIMAL, found.chosen
    return (Status.INFEASIBLE if found.bound < places else Status.TIME_LIMIT), NONE


def undominated(near: Flags) -> tuple[Ints, Ints]:
    """Return the places that are hardest to cover, and of their candidates those that cover most.

    A place goes where every site that covers some other covers it too; a candidate where another
    covers all that it covers. The first of equals stays.
    """
    contains, equal = _compared(near)
    rows = np.flatnonzero(~(contains & ~equal | np.tril(equal, -1)).any(axis=1))
    contains, equal = _compared(near[rows].T)
    columns = np.flatnonzero(~(contains.T & ~equal | np.tril(equal, -1)).any(axis=1))
    return rows, columns


def _compared(sets: Flags) -> tuple[Flags, Flags]:
    """Return for every pair of rows whether the first contains the second, and whether both do."""
    number = sets.astype(np.float32)  # products of whole numbers, exact up to 16 million
    contains: Flags = number @ number.T == sets.sum(axis=1)[None, :]
    return contains, contains & contains.T


def _exact(near: Flags, count: int, seconds: float) -> tuple[Status, Ints]:
    places, sites = near.shape
    # Fewest sites are asked for to lead the way; the first few enough will do.
    program = Program(
        cost=np.ones(sites),
        rows=csr_array(np.vstack([near, np.ones(sites)]).astype(np.float64)),
        least=np.append(np.ones(places), 0.0),
        most=np.append(np.full(places, np.inf), count),
        upper=np.ones(sites),
        whole=np.ones(sites, dtype=bool),
    )
    answer = solve(program, seconds=seconds, within=np.inf)
    if len(answer.x):
        return Status.OPTIMAL, np.flatnonzero(answer.x)
    return answer.status, NONE
