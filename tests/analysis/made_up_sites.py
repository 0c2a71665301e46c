"""Candidates and what they cover, made up for the tests of the searches."""

import itertools

import numpy as np

from analysis.siting.solving.candidates import Candidates
from analysis.siting.solving.solution import Solution, Status
from geo.streets.network import Flags


def flags(size: int, *which: int) -> Flags:
    return np.isin(np.arange(size), which)


def from_near(
    near: Flags, mandatory: Flags | None = None, forbidden: Flags | None = None
) -> Candidates:
    """Return candidates from a full table: candidate by place."""
    start = np.append(0, np.cumsum(near.sum(axis=1)))
    return Candidates(start, np.nonzero(near)[1], mandatory, forbidden)


def candidates(
    *rows: list[int], mandatory: tuple[int, ...] = (), forbidden: tuple[int, ...] = ()
) -> Candidates:
    start = np.cumsum([0, *(len(row) for row in rows)])
    place = np.array(list(itertools.chain(*rows)), dtype=np.int64)
    return Candidates(start, place, flags(len(rows), *mandatory), flags(len(rows), *forbidden))


def told(found: Solution) -> tuple[list[int], float, float, Status]:
    return found.chosen.tolist(), found.value, found.bound, found.status
