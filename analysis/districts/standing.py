"""Operating facilities and the areas in which they stand: what all district tables count from.

Presence is administrative: a facility counts for the area in which its point lies, whoever walks
there. The circle of fifteen minutes is told elsewhere.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analysis.columns import words
from analysis.coverage.areas import (
    Flags,
    Geometries,
    Indices,
    Whereabouts,
    by_level,
    members,
    place_points,
    whereabouts,
)
from analysis.walking.placing import operating

Floats = npt.NDArray[np.float64]
# What the study's own figures are counted in, where it has any; the finer levels may be partial.
COUNTED_IN = ("county", "street")


@dataclass(frozen=True, eq=False)
class Standing:
    """The operating facilities of a study, by id, and where they stand.

    facilities, points
        One a row, numbered from 0, and where each is counted at; none where the study has none.
    known
        Whether the study has a layer of facilities at all, and it says which of them operate.
    where
        Position of the area of each level that holds each facility, -1: none does.
    kept
        Categories that the layer holds at all, operating or not.
    """

    facilities: pd.DataFrame
    points: Geometries
    boundaries: gpd.GeoDataFrame | None
    known: bool
    where: Whereabouts
    kept: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, facilities: gpd.GeoDataFrame | None, boundaries: gpd.GeoDataFrame | None
    ) -> Self:
        """Return the operating facilities of a layer in their areas."""
        if facilities is None:
            nobody = pd.DataFrame({"id": pd.array([], dtype="str")})
            nowhere = np.empty(0, dtype=object)
            return cls(nobody, nowhere, boundaries, known=False, where=whereabouts(nowhere, None))
        # By id, so that equals are settled alike however the file is ordered.
        order = np.argsort(words(facilities, "id").fillna("").to_numpy(dtype=str), kind="stable")
        order = order[operating(facilities).to_numpy(dtype=bool)[order]]
        points = place_points(facilities.geometry)[order]
        plain = pd.DataFrame(facilities.drop(columns=facilities.geometry.name))
        works = plain.iloc[order].reset_index(drop=True)
        where = whereabouts(points, boundaries)
        told = "status" not in facilities.columns or bool(facilities["status"].notna().any())
        kept = frozenset(words(facilities, "category").dropna())
        return cls(works, points, boundaries, known=told, where=where, kept=kept)

    def __len__(self) -> int:
        """Return how many facilities operate."""
        return len(self.facilities)

    @cached_property
    def _by_level(self) -> dict[str, gpd.GeoDataFrame]:
        return dict(by_level(self.boundaries))

    def areas(self, level: str) -> gpd.GeoDataFrame | None:
        """Return the areas of a level in file order; None where there are none."""
        return self._by_level.get(level)

    @property
    def bounded(self) -> bool:
        """Return whether the study has counties or streets, so that some may stand outside."""
        return any(level in self.where.area for level in COUNTED_IN)

    @property
    def inside(self) -> Flags:
        """Return which facilities stand in a county or street; all where there is neither."""
        inside = [self.where.area[level] >= 0 for level in COUNTED_IN if level in self.where.area]
        if not inside:
            return np.ones(len(self), dtype=bool)
        here: Flags = np.any(inside, axis=0)
        return here

    @property
    def placed(self) -> Flags:
        """Return which facilities have a place at all."""
        there: Flags = ~(shapely.is_missing(self.points) | shapely.is_empty(self.points))
        return there

    def tells_of(self, category: str) -> bool:
        """Return whether none of a category in an area means that the area has none.

        Of one that the whole ledger never holds nothing is known: it may not be kept in it.
        """
        return self.known and category in self.kept

    def of_category(self, names: Collection[str]) -> Flags:
        """Return which facilities are of one of some categories."""
        flags: Flags = words(self.facilities, "category").isin([*names]).to_numpy(dtype=bool)
        return flags

    def with_ids(self, ids: Collection[str]) -> Flags:
        """Return which facilities bear one of some ids."""
        flags: Flags = words(self.facilities, "id").isin([*ids]).to_numpy(dtype=bool)
        return flags

    def area_of(self, level: str) -> Indices:
        """Return the area of a level each facility stands in, by position; -1: none."""
        nowhere = np.full(len(self), -1, dtype=np.int64)
        return self.where.area.get(level, nowhere)

    def count_in(self, level: str, which: Flags) -> Indices:
        """Return how many of some facilities stand in each area of a level, in file order."""
        areas, area = self.areas(level), self.area_of(level)
        here = area[which & (area >= 0)]
        return np.bincount(here, minlength=0 if areas is None else len(areas)).astype(np.int64)


def area_ids(areas: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Return the ids of areas as texts; empty where they bear none."""
    return words(areas, "id").fillna("").to_numpy(dtype=object)


def area_names(areas: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Return the names of areas; empty where they bear none."""
    return words(areas, "name").fillna("").to_numpy(dtype=object)


def above(areas: gpd.GeoDataFrame, uppers: gpd.GeoDataFrame | None) -> Indices:
    """Return to which area of a higher level each area belongs, by position; -1: to none.

    What `parent` says, by code or by a name that only one of them bears; else where it lies.
    """
    if uppers is None:
        return np.full(len(areas), -1, dtype=np.int64)
    lies = members(place_points(areas.geometry), uppers.geometry.to_numpy()).first
    said = words(areas, "parent")
    by_code, by_name = (named(said, words(uppers, column)) for column in ("id", "name"))
    told: Indices = np.where(by_code >= 0, by_code, np.where(by_name >= 0, by_name, lies))
    return told


def named(said: "pd.Series[str]", names: "pd.Series[str]") -> Indices:
    """Return the position of the one name that each text is; -1 where none or several are."""
    once = names.notna() & ~names.duplicated(keep=False)
    position = pd.Series(np.flatnonzero(once), index=names[once].to_numpy(dtype=object))
    found = pd.Index(position.index).get_indexer(said.to_numpy(dtype=object))
    known = said.notna().to_numpy(dtype=bool) & (found >= 0)
    result = np.full(len(said), -1, dtype=np.int64)
    result[known] = position.to_numpy(dtype=np.int64)[found[known]]
    return result


def says(texts: "pd.Series[str]", pattern: str) -> "pd.Series[bool]":
    """Return which texts hold a pattern; one that is missing does not."""
    found: pd.Series[bool] = texts.str.contains(pattern).fillna(value=False).astype(bool)
    return found


def codes(flags: pd.DataFrame, separator: str = ";") -> "pd.Series[str]":
    """Return the names of the columns that hold in each row, joined."""
    texts = pd.Series("", index=flags.index, dtype="str")
    for name, holds in flags.items():
        texts += np.where(holds.to_numpy(dtype=bool, na_value=False), f"{name}{separator}", "")
    return texts.str.removesuffix(separator)
