"""Walks to candidates, made up for the tests of the searches."""

import numpy as np

from analysis.siting.solving.walks import WalksTo
from geo.streets.network import Ints
from geo.walks.travel import FAR

Full = Ints  # candidate by place, FAR where out of reach


def full(walks: WalksTo) -> Full:
    """Return the walks with a cell for every candidate and place."""
    table = np.full((len(walks), len(walks.now_mm)), FAR)
    for c in range(len(walks)):
        row = slice(walks.start[c], walks.start[c + 1])
        table[c, walks.place[row]] = walks.walk_mm[row]
    return table


def sparse(
    table: Full, now: Ints, mandatory: set[int] | None = None, forbidden: set[int] | None = None
) -> WalksTo:
    near, every = table < FAR, np.arange(len(table))
    start = np.append(0, np.cumsum(near.sum(axis=1)))
    return WalksTo(
        start,
        np.nonzero(near)[1],
        table[near],
        now,
        np.isin(every, sorted(mandatory or set())),
        np.isin(every, sorted(forbidden or set())),
    )


def by_hand(metres: list[list[int | None]], now: list[int | None]) -> WalksTo:
    """Return walks of whole metres; None is out of reach."""
    table = [[FAR if m is None else m * 1000 for m in row] for row in metres]
    walks = np.array(table, dtype=np.int64).reshape(len(metres), len(now))
    return sparse(walks, np.array([FAR if m is None else m * 1000 for m in now], dtype=np.int64))
