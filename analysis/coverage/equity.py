"""Equity: whom the circle leaves out, and whether the oldest are left out more than others."""

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.coverage.area_rows import AreaRows
from analysis.coverage.areas import place_points, whereabouts
from analysis.coverage.floating_catchment import per_person
from analysis.coverage.table import OUTSIDE
from analysis.coverage.tally import Floats, numbers

COLUMNS = (
    "area_id", "level", "name",
    "elderly_80plus", "uncovered_80plus", "share_uncovered_80plus",
    "elderly_60plus", "uncovered_60plus", "share_uncovered_60plus",
)  # fmt: skip
LEVELS: Final = ("study", "street", "community")
AGES: Final = ("80plus", "60plus")


@dataclass(frozen=True, eq=False)
class Equity:
    """Who is left out, and how unevenly.

    table
        The study, its streets, then its communities; on each level those with most people of 80+
        uncovered first, of 60+ where 80+ are unknown. An outside row where somebody lives there.
    summary
        Covered shares of 80+ and 60+ and their difference; by age the streets of the largest and
        the smallest covered share, and how many times the one is the other (None where the
        smallest is 0, or there are not two).
    """

    table: pd.DataFrame
    summary: dict[str, Any]


def equity(
    homes: gpd.GeoDataFrame, coverage: pd.DataFrame, boundaries: gpd.GeoDataFrame | None
) -> Equity:
    """Return the share of the people of 80+ and of 60+ who have no facility within the limit.

    homes
        Points where people live, with their `share` within the limit. People of 80+ are those the
        source states; they are never borrowed from another age.
    coverage
        The coverage table of the same evaluation, whose figures of 60+ are repeated here.
    """
    rows = AreaRows.of(whereabouts(place_points(homes.geometry), boundaries), boundaries)
    table = rows.table.assign(**_oldest(rows, homes), **_sixties(coverage))
    whole = dict.fromkeys(f"{what}_{age}" for what in ("elderly", "uncovered") for age in AGES)
    table = table.astype(dict.fromkeys(whole, "Int64"))
    return Equity(_ranked(table[list(COLUMNS)]), _summary(table))


def _oldest(rows: AreaRows, homes: gpd.GeoDataFrame) -> dict[str, Floats]:
    """Return the figures of 80+ by row, whole people as the coverage table counts those of 60+."""
    people, share = numbers(homes, "elderly_80plus"), numbers(homes, "share")
    everybody, covered = rows.known_sums(people), rows.known_sums(people * share)
    whole = rows.whole(everybody)
    part = per_person(covered, everybody)
    # The share of the printed whole: an area covered altogether is printed as such.
    wanted = np.where(np.isnan(whole), np.nan, whole * np.nan_to_num(part))
    wanted[0] = covered[0]
    reached = rows.whole(wanted, at_most=whole)
    return {
        "elderly_80plus": whole,
        "uncovered_80plus": whole - reached,
        "share_uncovered_80plus": np.where(np.nan_to_num(whole) > 0, 1 - part, np.nan),
    }


def _sixties(coverage: pd.DataFrame) -> dict[str, np.ndarray]:
    elderly, covered = coverage["elderly_60plus"], coverage["covered_60plus"]
    return {
        "elderly_60plus": elderly.array,
        "uncovered_60plus": (elderly - covered).array,
        "share_uncovered_60plus": (1 - coverage["share_60plus"]).to_numpy(),
    }


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the levels told, each level by uncovered people; ties by id."""
    somebody = table["elderly_60plus"].fillna(0).gt(0) | table["elderly_80plus"].fillna(0).gt(0)
    told = table[table["level"].isin(LEVELS) & (table["area_id"].ne(OUTSIDE) | somebody)]
    keys = told.assign(
        level_rank=told["level"].map({level: rank for rank, level in enumerate(LEVELS)}),
        first=-told["uncovered_80plus"].fillna(-1),
        second=-told["uncovered_60plus"].fillna(-1),
    )
    order = keys.sort_values(["level_rank", "first", "second", "area_id"]).index
    return told.loc[order].reset_index(drop=True)


def _summary(table: pd.DataFrame) -> dict[str, Any]:
    covered = {age: 1 - table[f"share_uncovered_{age}"] for age in AGES}
    summary: dict[str, Any] = {f"share_covered_{age}": _known(covered[age][0]) for age in AGES}
    both = summary["share_covered_80plus"], summary["share_covered_60plus"]
    summary["oldest_less_sixties"] = None if None in both else both[0] - both[1]
    for age in AGES:
        summary[f"streets_{age}"] = _best_and_worst(table.assign(share=covered[age]))
    return summary


def _best_and_worst(table: pd.DataFrame) -> dict[str, Any] | None:
    """Return the streets of the largest and the smallest covered share, and their ratio."""
    streets = table[table["level"].eq("street") & table["area_id"].ne(OUTSIDE)]
    streets = streets[streets["share"].notna()].sort_values(["share", "area_id"])
    if len(streets) < 2:  # noqa: PLR2004 - two to compare
        return None
    worst, best = streets.iloc[0], streets[streets["share"].eq(streets["share"].max())].iloc[0]
    ratio = float(best["share"] / worst["share"]) if worst["share"] > 0 else None
    return {
        name: {"area_id": row["area_id"], "name": row["name"], "share": float(row["share"])}
        for name, row in (("best", best), ("worst", worst))
    } | {"ratio": ratio}


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
