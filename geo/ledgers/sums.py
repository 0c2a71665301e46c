"""Sums of parts of a ledger, from running sums, and how far the figures of a total are from them.

So a total is tried against many sets of rows without adding them up each time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# Positions among the rows of data.
Some = NDArray[np.intp]

MOST_DECIMALS = 6
_EXACT = 1e-9
# What running sums lose of a sum by the binary, as a share of the greatest of them.
_LOST = 1e-14


@dataclass(frozen=True)
class Apart:
    """How the figures of a total are apart from the sums of some rows, by column.

    known
        How many of the rows have a figure.
    distance
        Share of the sums by which the figures miss them, all columns together.
    """

    rows: Some
    sums: Floats
    known: Floats
    wrong: NDArray[np.bool_]
    distance: float

    @property
    def worth(self) -> tuple[int, float]:
        """The smaller, the nearer."""
        return int(self.wrong.sum()), self.distance


@dataclass(frozen=True)
class Parts:
    """Sets of rows, the likeliest first, and of each its sums, one set a line and column a column.

    decimals
        Those of the figure written with most of them.
    scales
        What a written figure was multiplied by, by column.
    slack
        What the sums may be wrong by themselves.
    """

    rows: Sequence[tuple[int, int] | Some]
    sums: Floats
    known: Floats
    decimals: NDArray[np.int64]
    scales: Floats
    slack: Floats

    def nearest(self, told: Floats) -> Apart | None:
        """Return the first set whose sums are the figures of a total, or else the nearest one.

        told
            NaN where the total says nothing. None: there are no sets.
        """
        if not len(self.rows):
            return None
        stated = ~np.isnan(told)
        total = np.where(stated, told, 0.0)
        gaps = np.where(stated, np.abs(total - self.sums), 0.0)
        wrong = gaps > self._allowed(total)
        distances = (gaps / np.maximum(np.maximum(np.abs(self.sums), np.abs(total)), 1)).sum(axis=1)
        at = int(np.lexsort((distances, wrong.sum(axis=1)))[0])
        fitting = np.flatnonzero(~wrong.any(axis=1))
        at = int(fitting[0]) if len(fitting) else at
        rows = self.rows[at]
        return Apart(
            np.arange(*rows) if isinstance(rows, tuple) else rows, self.sums[at], self.known[at],
            wrong[at], float(distances[at]),
        )

    def _allowed(self, total: Floats) -> Floats:
        """Return how far a total may be from a sum by rounding alone; whole figures sum exactly.

        Errors of rounding are as often up as down: of n of them the sum is beyond the root of n
        last places once in two thousand times.
        """
        of_total = decimals_of(total / self.scales)
        last = np.power(10.0, -np.minimum(of_total, self.decimals)) * self.scales
        cut = of_total < self.decimals
        rounded = np.where(of_total > 0, np.sqrt(self.known) * last, 0.0)
        allowed: Floats = (
            _EXACT * np.maximum(1.0, np.abs(total)) + self.slack
            + np.where(cut, 0.5 * last, rounded)
        )
        return allowed


@dataclass(frozen=True)
class Sums:
    """The figures of the rows of data, one row a line, NaN where unknown, and their running sums.

    scales
        What a written figure was multiplied by, by column.
    """

    figures: Floats
    scales: Floats

    @cached_property
    def _decimals(self) -> NDArray[np.int64]:
        return decimals_of(np.nan_to_num(self.figures) / self.scales)

    @cached_property
    def _to(self) -> Floats:
        return _running(np.nan_to_num(self.figures))

    @cached_property
    def _known_to(self) -> Floats:
        return _running(~np.isnan(self.figures))

    @cached_property
    def _finer_to(self) -> list[Floats]:
        """How many figures above a row have at least one decimal, two, and so on."""
        return [_running(self._decimals >= count) for count in range(1, MOST_DECIMALS + 1)]

    @cached_property
    def _slack(self) -> Floats:
        slack: Floats = _LOST * np.abs(self._to).max(axis=0)
        return slack

    def between(self, spans: Sequence[tuple[int, int]]) -> Parts:
        """Return the parts from a row up to another one, by position among the rows of data."""
        starts = np.array([start for start, _ in spans], dtype=np.intp)
        ends = np.array([end for _, end in spans], dtype=np.intp)
        decimals = np.zeros((len(spans), self.figures.shape[1]), dtype=np.int64)
        for finer in self._finer_to:
            decimals += finer[ends] > finer[starts]
        return Parts(
            spans, self._to[ends] - self._to[starts],
            self._known_to[ends] - self._known_to[starts],
            decimals, self.scales, self._slack,
        )

    def among(self, sets: Sequence[Some]) -> Parts:
        """Return the parts that hold some rows, wherever they stand; no set is empty."""
        width = (len(sets), self.figures.shape[1])
        sums, known = np.zeros(width), np.zeros(width)
        decimals = np.zeros(width, dtype=np.int64)
        for line, rows in enumerate(sets):
            sums[line] = np.nansum(self.figures[rows], axis=0)
            known[line] = (~np.isnan(self.figures[rows])).sum(axis=0)
            decimals[line] = self._decimals[rows].max(axis=0)
        return Parts(sets, sums, known, decimals, self.scales, np.zeros(width[1]))


def decimals_of(values: Floats) -> NDArray[np.int64]:
    """Return how many decimals each figure is written with."""
    found = np.full(values.shape, MOST_DECIMALS, dtype=np.int64)
    for decimals in reversed(range(MOST_DECIMALS)):
        plain = np.round(values, decimals)
        found[np.abs(values - plain) <= _EXACT + 1e-12 * np.abs(plain)] = decimals
    return found


def _running(values: NDArray[Any]) -> Floats:
    """Return the sums of all lines above each one, and of all."""
    return np.concatenate([np.zeros((1, values.shape[1])), values.cumsum(axis=0, dtype=float)])
