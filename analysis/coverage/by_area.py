"""The coverage table of one level as people read it: the sum, the areas, what lies outside."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from analysis.coverage.area_rows import AreaRows
from analysis.coverage.areas import place_points, whereabouts
from analysis.coverage.table import OUTSIDE, STUDY
from analysis.coverage.tally import numbers
from analysis.evaluation import Evaluation

SHARES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "share_60plus": "elderly_60plus", "share_population": "population",
        "share_residential_land": "residential_m2", "share_areas": "areas",
    }
)  # fmt: skip
"""Of each share the column that it is a part of."""
CELLS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "elderly_60plus": "elderly_60plus", "covered_60plus": "elderly_60plus",
        "uncovered_60plus": "elderly_60plus", "share_60plus": "elderly_60plus",
        "population": "population", "share_population": "population",
        "residential_m2": "residential_m2", "share_residential_land": "residential_m2",
        "areas": "areas", "covered_areas": "areas", "share_areas": "areas",
        "full_areas": "areas", "partly_areas": "areas", "untouched_areas": "areas",
        "households": "households", "covered_households": "households",
    }
)  # fmt: skip
"""The figures of the table, and of each the column of places that it is counted from."""


def area_table(evaluation: Evaluation, level: str) -> pd.DataFrame:
    """Return `area_id`, `level`, `name` and the figures of `CELLS`: the study, then one level.

    The areas with most people aged 60+ uncovered come first, what lies outside last; without a row
    of it where nothing does. Estates are covered throughout, partly or nowhere: these three add up
    to all of them. Missing where unknown.
    """
    coverage = evaluation.coverage.reset_index(drop=True)
    table = coverage.assign(**_estates(evaluation), uncovered_60plus=_uncovered(coverage))
    shares = {
        "share_residential_land": ("covered_residential_m2", "residential_m2"),
        "share_areas": ("covered_areas", "areas"),
    }
    table = table.assign(**{share: _part(table, *of) for share, of in shares.items()})
    areas = table[table["level"].eq(level)]
    outside = areas["area_id"].eq(OUTSIDE)
    lived = areas[["elderly_60plus", "population", "areas", "residential_m2"]].fillna(0).gt(0)
    areas = areas.assign(outside=outside)[~outside | lived.any(axis=1)]
    areas = areas.sort_values(
        ["outside", "uncovered_60plus", "area_id"], ascending=[True, False, True]
    )
    whole = table[table["area_id"].eq(STUDY)].head(1)
    rows = pd.concat([whole, areas.drop(columns="outside")], ignore_index=True)
    return rows[["area_id", "level", "name", *CELLS]]


def estates_in_parts(evaluation: Evaluation) -> tuple[int, int, int] | None:
    """Return how many estates of the headline are covered throughout, partly and nowhere.

    None where the headline leaves rural estates out: their parts are not told apart here.
    """
    if evaluation.walked is not None:
        return None
    whole = {name: int(count.iloc[0]) for name, count in _estates(evaluation).items()}
    partly = int(evaluation.coverage["partly_areas"].iloc[0])
    return whole["full_areas"], partly, whole["untouched_areas"]


def _uncovered(coverage: pd.DataFrame) -> pd.Series:
    left: pd.Series = coverage["elderly_60plus"] - coverage["covered_60plus"]
    return left


def _part(table: pd.DataFrame, part: str, whole: str) -> pd.Series:
    share: pd.Series = table[part] / table[whole].where(table[whole] > 0)
    return share


def _estates(evaluation: Evaluation) -> dict[str, pd.Series]:
    """Return how many estates are covered throughout, and how many nowhere, by coverage row."""
    residential = evaluation.study.layer("residential")
    boundaries = evaluation.study.layer("boundaries")
    names = ("full_areas", "untouched_areas")
    if residential is None:
        nothing = np.zeros(len(evaluation.coverage), dtype=np.int64)
        return {name: pd.Series(nothing) for name in names}
    places = evaluation.places
    share = numbers(places[places["layer"].eq("residential")], "share")
    rows = AreaRows.of(whereabouts(place_points(residential.geometry), boundaries), boundaries)
    counts = (rows.sums((share >= 1).astype(float)), rows.sums((share <= 0).astype(float)))
    return {
        name: pd.Series(count.astype(np.int64)) for name, count in zip(names, counts, strict=True)
    }
