"""Coverage: how many people, estates, households and square metres are within the limit.

What a place counts for stands in `analysis.coverage.tally`. Shares come from the unrounded figures
and are over located people; they are empty where nothing is known to divide by.
"""

from collections.abc import Mapping
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.coverage.areas import by_level
from analysis.coverage.tally import (
    COVERED,
    NUMBERS,
    PEOPLE,
    PRINTED,
    Counted,
    Figures,
    Floats,
    Tally,
    add_up,
    add_up_by_area,
    whole_level,
    whole_study,
)
from analysis.rounding import nearest_whole

COLUMNS = (
    "area_id", "level", "name",
    "elderly_60plus", "covered_60plus", "share_60plus",
    "population", "covered_population", "share_population",
    "residential_m2", "covered_residential_m2",
    "areas", "covered_areas", "partly_areas",
    "households", "covered_households",
)  # fmt: skip
# Up to this part of the people unlocated, their coverage cannot move the headline share far.
UNLOCATED_WITHOUT_BOUNDS = 0.05
STUDY, OUTSIDE = "ALL", "OUTSIDE"


def coverage_table(tally: Tally, boundaries: gpd.GeoDataFrame | None) -> pd.DataFrame:
    """Return coverage.csv: the study, then every level's areas in file order and its outside.

    boundaries
        Areas with `id`, `name`, `level`: those by which the places were tallied.

    People and households are nullable whole numbers, square metres have two decimals; a figure
    that no place of an area knows is empty, not 0.
    """
    counted = tally.counted
    sums = [add_up(counted)]
    printed = [whole_study(sums[0])]
    ids, levels, names = [STUDY], ["study"], [""]
    for level, areas in by_level(boundaries):
        own = [*areas["id"].astype(str)]
        sums.append(add_up_by_area(counted, level, count=len(areas)))
        printed.append(whole_level(sums[-1], printed[0], names=own))
        ids += [*own, OUTSIDE]
        levels += [level] * (len(areas) + 1)
        names += [*areas["name"], ""]
    figures = _columns(_stacked(sums), _stacked(printed))
    words = {"area_id": ids, "level": levels, "name": names}
    return pd.DataFrame({**words, **figures}, columns=list(COLUMNS))


def coverage_summary(
    tally: Tally,
    *,
    boundaries: gpd.GeoDataFrame | None = None,
    unlocated: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """Return the `coverage` object of summary.json; what is unknown is None.

    boundaries
        Where they state a `setting`, the headline leaves out rural places (`scope` urban): there
        the measure is the presence of a facility, not the walk. A place without one stays in.
    unlocated
        People by column who could not be placed. Which of them are rural is unknown: all of them
        count here and widen the bounds.
    """
    scoped = tally.without_rural()
    sums = add_up(scoped.counted)
    printed = whole_study(sums)
    return {
        "scope": _scope(boundaries),
        **_people_shares(sums),
        "share_residential_land": _share(sums, "covered_residential_m2", "residential_m2"),
        "share_areas": _share(sums, "covered_areas", "areas"),
        "share_households": _share(sums, "covered_households", "households"),
        "areas": _whole_or_none(printed["areas"][0]),
        "covered_areas": _whole_or_none(printed["covered_areas"][0]),
        "areas_without_households": int(np.isnan(scoped.estates.figures["households"]).sum()),
        "elderly_60plus": _whole_or_none(printed["elderly_60plus"][0]),
        "covered_60plus": _whole_or_none(printed["covered_60plus"][0]),
        "unreachable_60plus": _unreachable(sums),
        **_bounds(sums, scoped.adrift.figures["elderly_60plus"], unlocated or {}),
    }


def band(tally: Tally, shares_by_label: Mapping[str, npt.ArrayLike]) -> dict[str, float | None]:
    """Return the headline share of people aged 60+ under other readings of the limit, by label.

    shares_by_label
        For each label the `share` of every home, in the order of the homes.

    The same places are in scope as for the headline.
    """
    kept = ~tally.people.where.rural
    where = tally.people.where.only(kept)
    elderly = tally.people.figures["elderly_60plus"][kept]
    result = {}
    for label, values in shares_by_label.items():
        share = np.asarray(values, dtype=np.float64)[kept]
        known = np.where(np.isnan(share), np.nan, elderly)
        figures = {"elderly_60plus": known, "covered_60plus": known * share}
        sums = add_up((Counted(where, figures),))
        result[label] = _share(sums, "covered_60plus", "elderly_60plus")
    return result


def _stacked(figures: list[Figures]) -> Figures:
    """Return the figures of several tables as those of one."""
    return {name: np.concatenate([each[name] for each in figures]) for name in figures[0]}


def _columns(
    sums: Figures, printed: Figures
) -> dict[str, pd.api.extensions.ExtensionArray | np.ndarray]:
    """Return the figures as the columns of coverage.csv: printed ones, with exact shares."""
    rounded = {name: np.round(values, 2) for name, values in printed.items()}
    people = {key for name in PRINTED if name != "residential_m2" for key in (name, COVERED[name])}
    columns = {
        name: pd.Series(values).astype("Int64").array if name in people
        else values.astype(np.int64) if name in NUMBERS
        else values
        for name, values in rounded.items()
    }  # fmt: skip
    for share, name in {"share_60plus": "elderly_60plus", "share_population": "population"}.items():
        # Fewer than half a person is printed as nobody, and nobody has no share.
        somebody = np.nan_to_num(printed[name]) > 0
        exact = np.full(len(somebody), np.nan)
        np.divide(sums[COVERED[name]], sums[name], out=exact, where=somebody)
        columns[share] = exact
    return columns


def _scope(boundaries: gpd.GeoDataFrame | None) -> Literal["urban", "all"]:
    if boundaries is None or "setting" not in boundaries:
        return "all"
    return "urban" if boundaries["setting"].notna().any() else "all"


def _people_shares(sums: Figures) -> dict[str, float | None]:
    """Return the covered share of everybody and of those 60+; of 65+ and 80+ only where known."""
    shares = {
        "share_60plus": _share(sums, "covered_60plus", "elderly_60plus"),
        "share_population": _share(sums, "covered_population", "population"),
    }
    for name in ("elderly_65plus", "elderly_80plus"):
        share = _share(sums, PEOPLE[name], name)
        if share is not None:
            shares[name.replace("elderly", "share")] = share
    return shares


def _share(sums: Figures, part: str, whole: str) -> float | None:
    return float(sums[part][0] / sums[whole][0]) if sums[whole][0] > 0 else None


def _whole_or_none(value: float) -> int | None:
    return None if np.isnan(value) else round(value)


def _unreachable(sums: Figures) -> int | None:
    """Return the people aged 60+ who have no walk to a facility that counts; None if unknown.

    Their home is too far off the streets, no street joins it to a facility, or the walk is longer
    than walks are told.
    """
    cut_off = sums.get("unreachable_60plus", np.array([np.nan]))[0]
    return None if np.isnan(cut_off) else nearest_whole(float(cut_off))


def _bounds(
    sums: Figures, adrift: Floats, unlocated: Mapping[str, float]
) -> dict[str, float | int | None]:
    """Return the people aged 60+ without a place, and the share if they were un- or covered.

    adrift
        Of homes whose share is unknown: they are in the same position as people without a home.

    Both bounds are the share itself while they are few.
    """
    located = float(np.nan_to_num(sums["elderly_60plus"][0]))
    covered = float(np.nan_to_num(sums["covered_60plus"][0]))
    nowhere = float(np.nansum(np.append(unlocated.get("elderly_60plus", np.nan), adrift)))
    if np.isnan(sums["elderly_60plus"][0]) and not nowhere:
        return dict.fromkeys(("unlocated_60plus", "share_60plus_low", "share_60plus_high"))
    everybody = located + nowhere
    low = high = _share(sums, "covered_60plus", "elderly_60plus")
    if nowhere > UNLOCATED_WITHOUT_BOUNDS * everybody:
        low, high = covered / everybody, (covered + nowhere) / everybody
    return {
        # Printed so that those with and without a place add up to everybody.
        "unlocated_60plus": nearest_whole(everybody) - nearest_whole(located),
        "share_60plus_low": low,
        "share_60plus_high": high,
    }
