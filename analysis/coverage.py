"""Coverage: how many people, estates, households and square metres are within the limit.

What a place counts for stands in `analysis.tally`. Shares come from the unrounded figures and are
over located people; they are empty where nothing is known to divide by.
"""

from collections.abc import Mapping
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.areas import by_level, place_points, settings_of
from analysis.rounding import nearest_whole
from analysis.tally import (
    COVERED,
    NUMBERS,
    PEOPLE,
    PRINTED,
    Counted,
    Figures,
    add_up,
    add_up_by_area,
    count_estates,
    count_homes,
    count_land,
    numbers,
    whole_level,
    whole_study,
    with_share,
)

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


def coverage_table(
    homes: gpd.GeoDataFrame,
    estates: gpd.GeoDataFrame,
    land: gpd.GeoDataFrame,
    boundaries: gpd.GeoDataFrame | None,
) -> pd.DataFrame:
    """Return coverage.csv: the study, then every level's areas in file order and its outside.

    homes, estates, land
        Places with a `share` (0 to 1, NaN = unknown); `land` are polygons in metres.
    boundaries
        Areas with `id`, `name`, `level`; a place belongs to the first that holds its point.

    People and households are nullable whole numbers, square metres have two decimals; a figure
    that no place of an area knows is empty, not 0.
    """
    counted = _count(homes, estates, land)
    sums = add_up(counted)
    study = whole_study(sums)
    tables = [_table(sums, study).assign(area_id=STUDY, level="study", name="")]
    for level, areas in by_level(boundaries):
        ids = [*areas["id"].astype(str)]
        sums = add_up_by_area(counted, areas)
        table = _table(sums, whole_level(sums, study, names=ids))
        names = [*areas["name"], ""]
        tables.append(table.assign(area_id=[*ids, OUTSIDE], level=level, name=names))
    return pd.concat(tables, ignore_index=True)[list(COLUMNS)]


def coverage_summary(
    homes: gpd.GeoDataFrame,
    estates: gpd.GeoDataFrame,
    land: gpd.GeoDataFrame,
    *,
    boundaries: gpd.GeoDataFrame | None = None,
    unlocated: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """Return the `coverage` object of summary.json; what is unknown is None.

    homes
        With `share` and `reachable`.
    boundaries
        Where they state a `setting`, the headline leaves out rural places (`scope` urban): there
        the measure is the presence of a facility, not the walk. A place without one stays in.
    unlocated
        People by column who could not be placed. Which of them are rural is unknown: all of them
        count here and widen the bounds.
    """
    scope = _scope(boundaries)
    homes, estates, land = (_in_scope(layer, boundaries) for layer in (homes, estates, land))
    counted = _count(homes, estates, land)
    sums = add_up(counted)
    printed = whole_study(sums)
    return {
        "scope": scope,
        **_people_shares(sums),
        "share_residential_land": _share(sums, "covered_residential_m2", "residential_m2"),
        "share_areas": _share(sums, "covered_areas", "areas"),
        "share_households": _share(sums, "covered_households", "households"),
        "areas": _whole_or_none(printed["areas"][0]),
        "covered_areas": _whole_or_none(printed["covered_areas"][0]),
        "areas_without_households": int(np.isnan(counted[1].figures["households"]).sum()),
        "elderly_60plus": _whole_or_none(printed["elderly_60plus"][0]),
        "covered_60plus": _whole_or_none(printed["covered_60plus"][0]),
        "unreachable_60plus": _unreachable(homes),
        **_bounds(sums, homes, unlocated or {}),
    }


def band(
    homes: gpd.GeoDataFrame,
    shares_by_label: Mapping[str, npt.ArrayLike],
    *,
    boundaries: gpd.GeoDataFrame | None = None,
) -> dict[str, float | None]:
    """Return the headline share of people aged 60+ under other readings of the limit, by label.

    shares_by_label
        For each label the `share` of every home, in the order of `homes`.
    boundaries
        As for the headline: the same places are in scope.
    """
    kept = _not_rural(homes, boundaries)
    result = {}
    for label, values in shares_by_label.items():
        read = homes.assign(share=np.asarray(values, dtype=np.float64))[kept]
        result[label] = _people_shares(add_up((count_homes(read),)))["share_60plus"]
    return result


def _count(
    homes: gpd.GeoDataFrame, estates: gpd.GeoDataFrame, land: gpd.GeoDataFrame
) -> tuple[Counted, Counted, Counted]:
    return count_homes(homes), count_estates(estates), count_land(land)


def _table(sums: Figures, printed: Figures) -> pd.DataFrame:
    """Return the figures as the columns of coverage.csv: printed ones, with exact shares."""
    table = pd.DataFrame({name: np.round(values, 2) for name, values in printed.items()})
    for share, name in {"share_60plus": "elderly_60plus", "share_population": "population"}.items():
        # Fewer than half a person is printed as nobody, and nobody has no share.
        somebody = np.nan_to_num(printed[name]) > 0
        exact = np.full(len(table), np.nan)
        np.divide(sums[COVERED[name]], sums[name], out=exact, where=somebody)
        table[share] = exact
    people = [key for name in PRINTED if name != "residential_m2" for key in (name, COVERED[name])]
    return table.astype(dict.fromkeys(people, "Int64") | dict.fromkeys(NUMBERS, "int64"))


def _scope(boundaries: gpd.GeoDataFrame | None) -> Literal["urban", "all"]:
    if boundaries is None or "setting" not in boundaries:
        return "all"
    return "urban" if boundaries["setting"].notna().any() else "all"


def _not_rural(
    places: gpd.GeoDataFrame, boundaries: gpd.GeoDataFrame | None
) -> npt.NDArray[np.bool_]:
    setting = settings_of(place_points(places.geometry), boundaries)
    return ~setting.eq("rural").to_numpy(dtype=bool, na_value=False)


def _in_scope(places: gpd.GeoDataFrame, boundaries: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame:
    return places[_not_rural(places, boundaries)]


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


def _unreachable(homes: gpd.GeoDataFrame) -> int | None:
    """Return the people aged 60+ who have no walk to a facility that counts; None if unknown.

    Their home is too far off the streets, no street joins it to a facility, or the walk is longer
    than walks are told.
    """
    known = with_share(homes)
    elderly = numbers(known, "elderly_60plus")
    if "reachable" not in known or np.isnan(elderly).all():
        return None
    cut_off = ~known["reachable"].to_numpy(dtype=bool)
    return nearest_whole(float(np.nansum(elderly[cut_off])))


def _bounds(
    sums: Figures, homes: gpd.GeoDataFrame, unlocated: Mapping[str, float]
) -> dict[str, float | int | None]:
    """Return the people aged 60+ without a place, and the share if they were un- or covered.

    Both bounds are the share itself while they are few.
    """
    # Homes whose share is unknown are in the same position as people without a home.
    adrift = numbers(homes[homes["share"].isna()], "elderly_60plus")
    located = float(np.nan_to_num(sums["elderly_60plus"][0]))
    covered = float(np.nan_to_num(sums["covered_60plus"][0]))
    nowhere = float(np.nansum([unlocated.get("elderly_60plus", np.nan), *adrift]))
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
