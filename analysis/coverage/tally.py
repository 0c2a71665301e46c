"""Tallies: what each place counts for, added up by area and printed whole.

A place counts by its `share`, the part of it within the limit. A place whose share is unknown is
neither covered nor uncovered, and is left out of every figure. An estate counts as covered from a
share of one half; it is a part (部分) while its share is between 0 and 1, so an estate of share 0.7
is both covered and a part.

People and households are printed whole, square metres to the hundredth, by largest remainder, so
that the areas of every level add up to the study.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.coverage.areas import Flags, Indices, Whereabouts, place_points, whereabouts
from analysis.rounding import largest_remainder, nearest_whole

Floats = npt.NDArray[np.float64]
# Figures by name, one value per row of a table; NaN = unknown.
Figures = Mapping[str, Floats]

PEOPLE = {
    "population": "covered_population",
    "elderly_60plus": "covered_60plus",
    "elderly_65plus": "covered_65plus",
    "elderly_80plus": "covered_80plus",
}
PRINTED = ("elderly_60plus", "population", "residential_m2", "households")
COVERED = {
    **PEOPLE,
    "residential_m2": "covered_residential_m2",
    "households": "covered_households",
}
# How many there are is always known: none is 0.
NUMBERS = ("areas", "covered_areas", "partly_areas")
# The smallest unit a figure is printed in.
UNITS = {"residential_m2": 0.01}
ESTATE_COVERED_FROM = 0.5


@dataclass(frozen=True)
class Counted:
    """Places of one layer: the areas each lies in, and its figures."""

    where: Whereabouts
    figures: Figures

    def only(self, which: Flags) -> Self:
        """Return some of the places."""
        if which.all():
            return self
        figures = {name: values[which] for name, values in self.figures.items()}
        return type(self)(self.where.only(which), figures)


@dataclass(frozen=True)
class Tally:
    """What the places of a study count for.

    people
        Every home: how many live there and, where it is known who reaches a facility at all,
        `unreachable_60plus`.
    share
        The part of each home within the limit; NaN = unknown.
    estates, land
        Those whose share is known.
    """

    people: Counted
    share: Floats
    estates: Counted
    land: Counted

    @property
    def homes(self) -> Counted:
        """Return the homes whose share is known, with their people within the limit."""
        known = ~np.isnan(self.share)
        return within_limit(self.people.only(known), self.share[known])

    @property
    def adrift(self) -> Counted:
        """Return the homes whose share is unknown."""
        return self.people.only(np.isnan(self.share))

    @property
    def counted(self) -> tuple[Counted, ...]:
        """Return everything that is added up."""
        return self.homes, self.estates, self.land

    def without_rural(self) -> Self:
        """Return the places that are not known to be rural."""
        urban = ~self.people.where.rural
        estates, land = (layer.only(~layer.where.rural) for layer in (self.estates, self.land))
        return type(self)(self.people.only(urban), self.share[urban], estates, land)


def tally(
    homes: gpd.GeoDataFrame,
    estates: gpd.GeoDataFrame,
    land: gpd.GeoDataFrame,
    boundaries: gpd.GeoDataFrame | None,
    *,
    estate: Indices,
) -> Tally:
    """Return what places count for, each in the first area of a level that holds its point.

    homes, estates, land
        Places with a `share` (0 to 1, NaN = unknown), homes also with `reachable`; `land` are
        polygons in metres.
    boundaries
        Areas with `level` and, where it is known, `setting`.
    estate
        Of each home the position of the estate it is; -1: it is none.
    """
    free = estate < 0
    spots = [place_points(layer.geometry) for layer in (estates, homes[["geometry"]][free])]
    # Without a layer of land the estates are the land.
    spots += [] if land is estates else [place_points(land.geometry)]
    where = whereabouts(np.concatenate(spots), boundaries)
    at_home = np.where(free, len(estates) + np.cumsum(free) - 1, estate)
    at_land = np.arange(len(land)) + (0 if land is estates else len(estates) + free.sum())
    estates_known, land_known = (~np.isnan(numbers(layer, "share")) for layer in (estates, land))
    of_estates = Counted(where.only(np.arange(len(estates))), _estate_figures(estates))
    of_land = Counted(where.only(at_land), _land_figures(land))
    return Tally(
        people=Counted(where.only(at_home), _people(homes)),
        share=numbers(homes, "share"),
        estates=of_estates.only(estates_known),
        land=of_land.only(land_known),
    )


def numbers(places: pd.DataFrame, name: str) -> Floats:
    """Return a column as floats; all unknown where the layer has no such column."""
    if name not in places:
        return np.full(len(places), np.nan)
    return places[name].to_numpy(dtype=np.float64, na_value=np.nan)


def within_limit(people: Counted, share: Floats) -> Counted:
    """Return homes with the people that a share of each makes."""
    covered = {PEOPLE[name]: people.figures[name] * share for name in PEOPLE}
    return replace(people, figures={**people.figures, **covered})


def _people(homes: pd.DataFrame) -> Figures:
    """Return the people of each home, and those of 60+ who reach no facility."""
    people = {name: numbers(homes, name) for name in PEOPLE}
    if "reachable" not in homes:
        return people
    elderly, reachable = people["elderly_60plus"], homes["reachable"].to_numpy(dtype=bool)
    return {**people, "unreachable_60plus": np.where(reachable, elderly * 0, elderly)}


def _estate_figures(estates: pd.DataFrame) -> Figures:
    """Return each estate as one, whether it is covered or a part, and its households."""
    share, households = numbers(estates, "share"), numbers(estates, "households")
    return {
        "areas": np.ones(len(estates)),
        "covered_areas": (share >= ESTATE_COVERED_FROM).astype(np.float64),
        "partly_areas": ((share > 0) & (share < 1)).astype(np.float64),
        "households": households,
        "covered_households": households * share,
    }


def _land_figures(land: gpd.GeoDataFrame) -> Figures:
    """Return the square metres of residential land, and those within the limit."""
    area_m2 = land.geometry.area.to_numpy(dtype=np.float64)
    # A point has no area of its own: unknown, not nought.
    area_m2 = np.where(area_m2 > 0, area_m2, np.nan)
    return {
        "residential_m2": area_m2,
        "covered_residential_m2": area_m2 * numbers(land, "share"),
    }


def add_up(counted: tuple[Counted, ...]) -> Figures:
    """Return the sums over all places, as one row; what no place knows is NaN."""
    rows = (np.zeros(len(layer.where.rural), dtype=np.int64) for layer in counted)
    return _sums_by_row(counted, rows=tuple(rows), length=1)


def add_up_by_area(counted: tuple[Counted, ...], level: str, *, count: int) -> Figures:
    """Return the sums of each of the `count` areas of a level, and of what lies outside, last.

    An area without places has 0 of what is known elsewhere; one whose places do not know: NaN.
    """
    areas = (layer.where.area[level] for layer in counted)
    rows = tuple(np.where(area < 0, count, area) for area in areas)
    return _sums_by_row(counted, rows=rows, length=count + 1)


def _sums_by_row(
    counted: tuple[Counted, ...], *, rows: tuple[npt.NDArray[np.int64], ...], length: int
) -> Figures:
    sums: dict[str, Floats] = {}
    for layer, row in zip(counted, rows, strict=True):
        places = np.bincount(row, minlength=length)
        for name, values in layer.figures.items():
            known = ~np.isnan(values)
            if not known.any() and name not in NUMBERS:
                sums[name] = np.full(length, np.nan)
                continue
            total = np.bincount(row, weights=np.where(known, values, 0.0), minlength=length)
            silent = (places > 0) & (np.bincount(row, weights=known, minlength=length) == 0)
            sums[name] = np.where(silent, np.nan, total)
    return sums


def whole_study(sums: Figures) -> Figures:
    """Return the study's figures as printed: to the nearest unit, covered at most the whole."""
    printed: dict[str, Floats] = {}
    for name in PRINTED:
        unit, total, covered = UNITS.get(name, 1.0), sums[name][0], sums[COVERED[name]][0]
        printed[name] = printed[COVERED[name]] = np.array([np.nan])
        if not np.isnan(total):
            most = nearest_whole(total / unit)
            printed[name] = np.array([most * unit])
            printed[COVERED[name]] = np.array([min(nearest_whole(covered / unit), most) * unit])
    return printed | {name: sums[name] for name in NUMBERS}


def whole_level(sums: Figures, study: Figures, *, names: list[str]) -> Figures:
    """Return a level's figures as printed, which add up to the printed figures of the study.

    names
        Of the areas, so all rows but the last. Equal remainders go by name and the outside comes
        last, so the order of rows changes nothing.
    """
    order = np.append(np.argsort(np.array(names, dtype=str), kind="stable"), len(names))
    printed: dict[str, Floats] = {}
    for name in PRINTED:
        unit = UNITS.get(name, 1.0)
        parts = (sums[name] / unit, sums[COVERED[name]] / unit)
        targets = (study[name][0] / unit, study[COVERED[name]][0] / unit)
        whole, covered = _apportioned(parts, targets, order=order[~np.isnan(parts[0][order])])
        printed[name], printed[COVERED[name]] = whole * unit, covered * unit
    return printed | {name: sums[name] for name in NUMBERS}


def _apportioned(
    parts: tuple[Floats, Floats], targets: tuple[float, float], *, order: npt.NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Return whole and covered in whole units for the rows in `order`; the others stay NaN."""
    whole, covered = np.full(len(parts[0]), np.nan), np.full(len(parts[0]), np.nan)
    if not len(order):
        return whole, covered
    exact, reached = (part[order] for part in parts)
    whole[order] = total = largest_remainder(exact, round(targets[0]))
    share = np.divide(reached, exact, out=np.zeros(len(order)), where=exact > 0)
    # The share of the printed whole: an area covered altogether is printed as such.
    covered[order] = largest_remainder(whole[order] * share, round(targets[1]), at_most=total)
    return whole, covered
