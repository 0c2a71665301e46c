"""People and the walks from where they live: the places table, and homes with their share."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.people.locating import Located
from analysis.study import Study
from analysis.walking.reach import COLUMNS, NO_GEOMETRY, Reach
from geo.streets.network import Floats, Ints

UNLOCATED: Final = "unlocated"
NOBODY_THERE: Final = "nobody"
HALVES_MEET: Final = 1 - 1e-12  # two halves that meet in the middle are halves despite rounding


def places_and_homes(
    study: Study, reach: Reach, located: Located
) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """Return the places table, and the homes with the share and reach of where they are."""
    placed, residential = reach.placed, study.layer("residential")
    estate_ids = pd.Series(dtype="str") if residential is None else residential["id"]
    estates = reach.places(placed.residential, estate_ids, "residential")
    free = located.homes[located.estate < 0]
    at_points = reach.places(placed.homes, free["place_id"], "population")
    homes = _homes_reached(located, estates, at_points)
    tables = [] if residential is None else [estates]
    population = study.layer("population")
    if population is not None and located.source == "population":
        own = at_points[(free["place_layer"] == "population").to_numpy()]
        tables.append(_population_places(population, homes, own))
    candidates = study.layer("candidates")
    if candidates is not None:
        tables.append(reach.places(placed.candidates, candidates["id"], "candidates"))
    return pd.concat(tables, ignore_index=True) if tables else estates, homes


def home_shares(reach: Reach, located: Located, reading: str) -> Floats:
    """Return the share of every home within the limit under another reading."""
    placed, in_estate = reach.placed, located.estate >= 0
    share = np.zeros(len(in_estate))
    share[~in_estate] = reach.share(placed.homes, int((~in_estate).sum()), reading)
    estates = reach.share(placed.residential, len(placed.estates), reading)
    share[in_estate] = estates[located.estate[in_estate]]
    return np.nan_to_num(share)


def _homes_reached(
    located: Located, estates: pd.DataFrame, at_points: pd.DataFrame
) -> gpd.GeoDataFrame:
    free = located.estate < 0
    row = np.where(free, len(estates) + np.cumsum(free) - 1, located.estate)
    columns = ["minutes", "share", "reachable", "reason"]
    both = pd.concat([estates[columns], at_points[columns]], ignore_index=True).take(row)
    return located.homes.assign(
        minutes=both["minutes"].to_numpy(),
        # Whoever can be put on no street reaches nothing.
        share=np.nan_to_num(both["share"].to_numpy()),
        reachable=both["reachable"].to_numpy(),
        reason=both["reason"].array,
    )


def _population_places(
    population: gpd.GeoDataFrame, homes: gpd.GeoDataFrame, own: pd.DataFrame
) -> pd.DataFrame:
    """Return a row a population unit: a point's own walk, a polygon's over where its people are.

    own
        Rows of the units that are points.
    """
    spread = homes[homes["place_layer"] != "population"]
    units = pd.Index(population["id"])
    at_points = units.get_indexer(own["place_id"])
    if len(at_points) == len(units):
        return own.iloc[np.argsort(at_points, kind="stable")]
    polygons = _typical_walks(spread, population)
    nowhere = (population.geometry.isna() | population.geometry.is_empty).to_numpy()
    polygons.loc[nowhere, "reason"] = NO_GEOMETRY
    others = np.setdiff1d(np.arange(len(units)), at_points)
    rows = pd.concat([own, polygons.iloc[others]], ignore_index=True)
    in_order: pd.DataFrame = rows.iloc[np.argsort(np.concatenate([at_points, others]))]
    return in_order


def _typical_walks(homes: gpd.GeoDataFrame, population: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return for each unit the lower median walk and the covered share of its people."""
    units = population["id"]
    unit = pd.Index(units).get_indexer(homes["unit_id"])
    homes, unit = homes[unit >= 0], unit[unit >= 0]
    persons = homes["population"].fillna(homes["elderly_60plus"]).fillna(1.0).to_numpy(dtype=float)
    total = np.bincount(unit, weights=persons, minlength=len(units))
    covered = np.bincount(unit, weights=persons * homes["share"].to_numpy(), minlength=len(units))
    minutes = weighted_lower_median(homes["minutes"].to_numpy(), persons, unit, len(units))
    reached = np.isfinite(minutes)
    living = total > 0
    return pd.DataFrame(
        {
            "place_id": units.to_numpy(),
            "layer": "population",
            "minutes": minutes,
            "share": np.divide(covered, total, out=np.full(len(units), np.nan), where=living),
            "nearest_facility_id": "",
            "off_street_m": np.nan,
            "reachable": reached,
            "exit": "",
            "reason": np.where(
                reached,
                "",
                np.where(
                    living,
                    _commonest_reasons(homes, persons, unit, len(units)),
                    np.where(_people_told(population), UNLOCATED, NOBODY_THERE),
                ),
            ).astype(object),
        }
    )[COLUMNS]


def _commonest_reasons(
    homes: gpd.GeoDataFrame, persons: Floats, unit: Ints, count: int
) -> np.ndarray:
    """Return for each unit why the home of most of its people has no walk; empty if it has one."""
    reason = np.full(count, "", dtype=object)
    lost = np.flatnonzero(~homes["reachable"].to_numpy())
    lost = lost[np.argsort(persons[lost], kind="stable")]
    reason[unit[lost]] = homes["reason"].to_numpy()[lost]  # the last written has most people
    return reason


def _people_told(population: gpd.GeoDataFrame) -> np.ndarray:
    """Return which units state any people."""
    columns = [c for c in ("population", "elderly_60plus") if c in population.columns]
    told: np.ndarray = (population[columns].fillna(0) > 0).any(axis=1).to_numpy()
    return told


def weighted_lower_median(values: Floats, weights: Floats, group: Ints, count: int) -> Floats:
    """Return each group's lower median by weight; NaN counts as infinite, no weight gives NaN."""
    high = np.nan_to_num(values, nan=np.inf)
    order = np.lexsort((high, group))
    high, weights, group = high[order], weights[order], group[order]
    total = np.bincount(group, weights=weights, minlength=count)
    before = np.concatenate([[0.0], np.cumsum(total)])[group]
    behind = np.cumsum(weights) - before
    enough = (behind >= total[group] / 2 * HALVES_MEET) & (weights > 0)
    found, first = np.unique(group[enough], return_index=True)
    median = np.full(count, np.nan)
    median[found] = high[enough][first]
    return np.where(np.isfinite(median), median, np.nan)
