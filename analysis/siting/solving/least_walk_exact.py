"""The sites that shorten walks most as a program in whole numbers, small where orders are shared.

Every place has its candidates in order, the most sparing first; what is lost grows with every one
of them that is not built. Places that begin with the same candidates share the beginning: a branch
of a tree says that none of the candidates up to there is built.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array

from analysis.siting.solving.exact import Program, solve
from analysis.siting.solving.solution import Status
from analysis.siting.solving.walk_kernels import Savings
from geo.streets.network import Flags, Floats, Ints

MOST_CELLS = 4_000_000  # more are not even put in order
MOST_BRANCHES = 60_000  # more are beyond the solver in any time a planner waits
TRUSTED = 1e-9  # of what is lost: the solver reckons in floating numbers


@dataclass(frozen=True, eq=False)
class Proven:
    """Sites, and what no choice among the candidates asked about spares more than."""

    sites: Ints
    bound: int


@dataclass(frozen=True, eq=False)
class _Tree:
    """Branches: the one before (-1 for none), its candidate, what is lost where it holds."""

    before: Ints
    candidate: Ints
    lost: Ints


def prove(
    savings: Savings, asked: Flags, built: Flags, *, seconds: float, within: float
) -> Proven | None:
    """Return the best sites among some candidates, as many as are built; None if it is too large.

    built
        Sites that are known: some of those asked about.
    within
        So much may be missing.
    """
    tree = _tree(savings, asked)
    if tree is None:
        return None
    which = np.flatnonzero(asked)
    lost = tree.lost.astype(np.float64)
    unit = max(float(lost.max(initial=0.0)), 1.0)
    program = _program(tree, which, lost / unit, int(built.sum()))
    known = float(program.cost @ np.append(built[which], _unbuilt(tree, built))) * unit
    answer = solve(program, seconds=seconds, within=within / max(known, 1.0))
    if not len(answer.x):
        return None
    sites = which[answer.x[: len(which)] > 0.5]  # noqa: PLR2004 - nought or one
    least = answer.value if answer.status is Status.OPTIMAL else answer.bound
    sure = np.ceil(max(least, 0.0) * unit * (1 - TRUSTED))  # whole units are lost
    return Proven(sites, int(tree.lost.sum()) - int(sure))


def _tree(savings: Savings, asked: Flags) -> _Tree | None:
    """Return the branches, those of one length after another; None where there are too many."""
    kept = asked[savings.candidate]
    if kept.sum() > MOST_CELLS:
        return None
    start = np.append(0, np.cumsum(kept))[savings.by_start]
    candidate = savings.candidate[kept].astype(np.int64)
    saving = savings.by_saving[kept].astype(np.int64)
    last = np.zeros(len(saving), dtype=bool)
    last[start[1:][np.diff(start) > 0] - 1] = True
    step = saving - np.where(last, 0, np.append(saving[1:], 0))
    length, branch = np.diff(start), np.full(len(start) - 1, -1)
    parts, size = [], 0
    for depth in range(int(length.max(initial=0))):
        here = np.flatnonzero(length > depth)
        cell = start[here] + depth
        key = (branch[here] + 1) * len(asked) + candidate[cell]
        found, first, inverse = np.unique(key, return_index=True, return_inverse=True)
        lost = np.zeros(len(found), dtype=np.int64)
        np.add.at(lost, inverse, savings.weight[here] * step[cell])
        parts.append((branch[here][first], candidate[cell][first], lost))
        branch[here] = size + inverse
        size += len(found)
        if size > MOST_BRANCHES:
            return None
    before, chosen, lost = (np.concatenate(part) for part in zip(*parts, strict=True))
    return _Tree(before, chosen, lost)


def _program(tree: _Tree, which: Ints, lost: Floats, count: int) -> Program:
    """Return the program: first the candidates, then the branches."""
    sites, branches = len(which), len(lost)
    row, rooted = np.arange(branches), tree.before >= 0
    # A branch holds where the one before it does and its own candidate is not built.
    parts = [
        (row, np.searchsorted(which, tree.candidate), np.ones(branches)),
        (row, sites + row, np.ones(branches)),
        (row[rooted], sites + tree.before[rooted], np.full(int(rooted.sum()), -1.0)),
        (np.full(sites, branches), np.arange(sites), np.ones(sites)),
    ]
    rows, columns, values = (np.concatenate(part) for part in zip(*parts, strict=True))
    shape = (branches + 1, sites + branches)
    return Program(
        cost=np.append(np.zeros(sites), lost),
        rows=coo_array((values, (rows, columns)), shape=shape).tocsr(),
        least=np.append(np.where(rooted, 0.0, 1.0), 0.0),
        most=np.append(np.full(branches, np.inf), count),
        upper=np.ones(sites + branches),
        whole=np.arange(sites + branches) < sites,
    )


def _unbuilt(tree: _Tree, built: Flags) -> Floats:
    """Return which branches hold with some sites built."""
    closed = ~built[tree.candidate]
    holds = np.ones(len(closed))
    for branch, before in enumerate(tree.before.tolist()):
        holds[branch] = closed[branch] and (before < 0 or holds[before])
    return holds
