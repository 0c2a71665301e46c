"""The rows of the coverage table, and what places add up to in each of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.coverage.areas import Indices, Whereabouts, by_level
from analysis.coverage.table import OUTSIDE, STUDY
from analysis.coverage.tally import Floats
from analysis.rounding import largest_remainder, nearest_whole

ALMOST = 1 - 1e-12  # tenths that add up to a part reach it despite rounding


@dataclass(frozen=True, eq=False)
class AreaRows:
    """The study, then each level's areas in file order and its outside; and who lies where.

    table
        `area_id`, `level`, `name`, as the coverage table has them.
    blocks
        For each level its rows, and of each place the position of its row among them.
    """

    table: pd.DataFrame
    blocks: tuple[tuple[slice, Indices], ...]

    @classmethod
    def of(cls, where: Whereabouts, boundaries: gpd.GeoDataFrame | None) -> Self:
        """Return the rows for places of known whereabouts."""
        tables = [pd.DataFrame({"area_id": [STUDY], "level": ["study"], "name": [""]})]
        blocks, first = [(slice(0, 1), np.zeros(len(where.rural), dtype=np.int64))], 1
        for level, areas in by_level(boundaries):
            own = areas["id"].astype(str)
            ids, names = [*own, OUTSIDE], [*areas["name"], ""]
            tables.append(pd.DataFrame({"area_id": ids, "level": level, "name": names}))
            area = where.area[level]
            stop = first + len(ids)
            blocks.append((slice(first, stop), np.where(area < 0, len(areas), area)))
            first = stop
        return cls(pd.concat(tables, ignore_index=True), tuple(blocks))

    def __iter__(self) -> Iterator[tuple[slice, Indices]]:
        """Yield each level's rows and where the places lie among them."""
        return iter(self.blocks)

    def sums(self, values: Floats) -> Floats:
        """Return the sum of a figure over the places of each row; unknown ones add nothing."""
        known = np.nan_to_num(values)
        return np.concatenate(
            [np.bincount(row, known, rows.stop - rows.start) for rows, row in self]
        )

    def known_sums(self, values: Floats) -> Floats:
        """Return the same sums, NaN for a row none of whose places knows the figure.

        A row without places has 0, unless no place at all knows.
        """
        known = ~np.isnan(values)
        if not known.any():
            return np.full(len(self.table), np.nan)
        silent = self.sums((~known).astype(np.float64)) > 0
        silent &= self.sums(known.astype(np.float64)) == 0
        return np.where(silent, np.nan, self.sums(values))

    def whole(self, sums: Floats, *, at_most: Floats | None = None) -> Floats:
        """Return sums as whole numbers that add up to the study on every level.

        sums
            One a row, NaN = unknown: it stays so, and the others add up to the study. Equal
            remainders go by id and the outside comes last, so the order of rows changes nothing.
        at_most
            The most each row may have, for example the people of whom these are a part.
        """
        result = np.full(len(sums), np.nan)
        if np.isnan(sums[0]):
            return result
        most = np.full(len(sums), np.inf) if at_most is None else at_most
        total = int(min(nearest_whole(float(sums[0])), most[0]))
        for rows, _ in self:
            ids = self.table["area_id"].to_numpy(dtype=str)[rows]
            order = rows.start + np.lexsort((ids, ids == OUTSIDE))
            order = order[~np.isnan(sums[order])]
            cap = np.minimum(most[order], total).astype(np.int64)
            result[order] = largest_remainder(sums[order], total, at_most=cap)
        return result

    def quantile(self, values: Floats, weights: Floats, part: float) -> Floats:
        """Return of each row the smallest value that `part` of its weight does not exceed.

        values
            One a place; unknown ones are left out.

        NaN where a row has no place of weight.
        """
        known = np.flatnonzero(~np.isnan(values) & (weights > 0))
        known = known[np.argsort(values[known], kind="stable")]
        result = np.full(len(self.table), np.nan)
        for rows, row in self:
            at = known[np.argsort(row[known], kind="stable")]
            group, weight = row[at], weights[at]
            total = np.bincount(group, weight, rows.stop - rows.start)
            before = np.concatenate([[0.0], np.cumsum(total)])[group]
            enough = np.cumsum(weight) - before >= total[group] * part * ALMOST
            found, first = np.unique(group[enough], return_index=True)
            result[rows.start + found] = values[at][enough][first]
        return result
