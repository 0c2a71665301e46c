"""Tallies: what each place counts for, added up by area and printed whole.

A place counts by its `share`, the part of it within the limit. A place whose share is unknown is
neither covered nor uncovered, and is left out of every figure. An estate counts as covered from a
share of one half; it is a part (部分) while its share is between 0 and 1, so an estate of share 0.7
is both covered and a part.

People and households are printed whole, square metres to the hundredth, by largest remainder, so
that the areas of every level add up to the study.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.areas import Geometries, members, place_points
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
    """Places of one layer: the point each is counted at, and its figures."""

    points: Geometries
    figures: dict[str, Floats]


def numbers(places: pd.DataFrame, name: str) -> Floats:
    """Return a column as floats; all unknown where the layer has no such column."""
    if name not in places:
        return np.full(len(places), np.nan)
    return places[name].to_numpy(dtype=np.float64, na_value=np.nan)


def with_share(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the places whose share is known."""
    return places[places["share"].notna()]


def count_homes(homes: gpd.GeoDataFrame) -> Counted:
    """Return the people of each home, and those within the limit."""
    homes = with_share(homes)
    people = {name: numbers(homes, name) for name in PEOPLE}
    share = numbers(homes, "share")
    covered = {PEOPLE[name]: value * share for name, value in people.items()}
    return Counted(place_points(homes.geometry), people | covered)


def count_estates(estates: gpd.GeoDataFrame) -> Counted:
    """Return each estate as one, whether it is covered or a part, and its households."""
    estates = with_share(estates)
    share, households = numbers(estates, "share"), numbers(estates, "households")
    figures = {
        "areas": np.ones(len(estates)),
        "covered_areas": (share >= ESTATE_COVERED_FROM).astype(np.float64),
        "partly_areas": ((share > 0) & (share < 1)).astype(np.float64),
        "households": households,
        "covered_households": households * share,
    }
    return Counted(place_points(estates.geometry), figures)


def count_land(land: gpd.GeoDataFrame) -> Counted:
    """Return the square metres of residential land, and those within the limit."""
    land = with_share(land)
    area_m2 = land.geometry.area.to_numpy(dtype=np.float64)
    # A point has no area of its own: unknown, not nought.
    area_m2 = np.where(area_m2 > 0, area_m2, np.nan)
    figures = {
        "residential_m2": area_m2,
        "covered_residential_m2": area_m2 * numbers(land, "share"),
    }
    return Counted(place_points(land.geometry), figures)


def add_up(counted: tuple[Counted, ...]) -> Figures:
    """Return the sums over all places, as one row; what no place knows is NaN."""
    rows = (np.zeros(len(layer.points), dtype=np.int64) for layer in counted)
    return _sums_by_row(counted, rows=tuple(rows), length=1)


def add_up_by_area(counted: tuple[Counted, ...], areas: gpd.GeoDataFrame) -> Figures:
    """Return the sums of each area in the order of `areas`, and of what lies outside, last.

    An area without places has 0 of what is known elsewhere; one whose places do not know: NaN.
    """
    first = (members(layer.points, areas.geometry).first for layer in counted)
    rows = tuple(np.where(area < 0, len(areas), area) for area in first)
    return _sums_by_row(counted, rows=rows, length=len(areas) + 1)


def _sums_by_row(
    counted: tuple[Counted, ...], *, rows: tuple[npt.NDArray[np.int64], ...], length: int
) -> Figures:
    sums: dict[str, Floats] = {}
    for layer, row in zip(counted, rows, strict=True):
        places = np.bincount(row, minlength=length)
        for name, values in layer.figures.items():
            known = ~np.isnan(values)
            total = np.bincount(row[known], weights=values[known], minlength=length)
            silent = (places > 0) & (np.bincount(row[known], minlength=length) == 0)
            unknown = silent if known.any() or name in NUMBERS else np.ones(length, dtype=bool)
            sums[name] = np.where(unknown, np.nan, total)
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
