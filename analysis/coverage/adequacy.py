"""Adequacy: floor area and beds for each elder in reach, and facilities that have too many.

Coverage asks whether somebody can walk to a facility; this asks what is left of it once everybody
else who can walk there has been counted. Of facilities outside the study people outside it take
their part too, who are not known: near its edge the figures are upper bounds.
"""

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import figures, words
from analysis.coverage.area_rows import AreaRows
from analysis.coverage.areas import Whereabouts, place_points, whereabouts
from analysis.coverage.floating_catchment import (
    ENHANCED,
    Catchments,
    Decay,
    floating_catchments,
    per_person,
    walks_by_batch,
)
from analysis.coverage.tally import Floats, numbers
from analysis.people.locating import Located
from analysis.study import Study
from analysis.walking.reach import Reach
from geo.findings import Finding
from geo.language import say
from geo.streets.network import Flags, Ints

AREA_COLUMNS = (
    "area_id", "level", "name", "elderly_60plus", "without_60plus",
    "m2_per_elder", "m2_per_elder_p10", "m2_per_elder_p90", "m2_unknown_60plus",
    "beds_per_1000", "beds_per_1000_p10", "beds_per_1000_p90", "beds_unknown_60plus",
)  # fmt: skip
FACILITY_COLUMNS = (
    "facility_id", "name", "category", "elders_in_reach", "load",
    "floor_area_m2", "m2_per_elder", "beds", "beds_per_1000", "residents_now",
    "crowded", "full", "overloaded",
)  # fmt: skip
SUPPLY: Final = ("floor_area_m2", "beds")
CROWDED_BELOW: Final = 0.5  # of the study's median: no text gives a number
LOWEST, HIGHEST = 0.1, 0.9
SAME = 1e-9  # figures this close are equal despite rounding


@dataclass(frozen=True, eq=False)
class Adequacy:
    """What facilities have for whom they serve, and what that makes for people.

    areas
        A row a row of the coverage table. People are whole and add up; `m2_per_elder` is the mean
        over the people whose supply is known, those without any facility in reach with 0; `_p10`
        and `_p90` are what the tenth person of a hundred from below and from above has.
        `m2_unknown_60plus`: people whose every facility in reach has no known floor area.
    facilities
        A row a facility that counts, by id. `load` are the elders in reach, each weighted by the
        walk. `crowded`: less than half of the study's median square metres for each; `full`: more
        residents than beds; `overloaded`: either. Missing where it cannot be told; `overloaded`
        only where neither can.
    homes
        `home_id`, `m2_per_elder`, `beds_per_1000` of every home: the mean over its cells, of
        those for which it is known.
    """

    areas: pd.DataFrame
    facilities: pd.DataFrame
    homes: pd.DataFrame
    summary: dict[str, Any]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, eq=False)
class _Lived:
    """The points where elders live.

    point, home
        Position among all points placed, and of a home that is there.
    elders
        How many live at the point.
    """

    point: Ints
    home: Ints
    elders: Floats


def adequacy(
    study: Study,
    reach: Reach,
    located: Located,
    coverage: pd.DataFrame,
    *,
    decay: Decay = ENHANCED,
    crowded_below: float = CROWDED_BELOW,
) -> Adequacy:
    """Return floor area and beds for each elder within the study's limit.

    coverage
        The coverage table of the same evaluation: who has no facility in reach.
    crowded_below
        Part of the median square metres for each elder below which a facility is crowded.
    """
    elders = numbers(located.homes, "elderly_60plus")
    demand, home = _people_at_points(reach, located, elders)
    ledger = _counted(study, reach)
    supply = np.column_stack([figures(ledger, name).to_numpy(dtype=float) for name in SUPPLY])
    catchments = _catchments(reach, demand, supply, decay)
    at = np.flatnonzero((home >= 0) & (demand > 0))
    lived = _Lived(at, home[at], demand[at])
    boundaries = study.layer("boundaries")
    where = whereabouts(place_points(located.homes.geometry), boundaries)
    told = not np.isnan(elders).all() if len(elders) else False
    table = _facility_table(ledger, catchments, supply, told=told, crowded_below=crowded_below)
    return Adequacy(
        areas=_area_table(lived, catchments, supply, where, (boundaries, coverage)),
        facilities=table,
        homes=_home_table(reach, located, catchments),
        summary={
            **decay.told(reach.walking.limit_min),
            "crowded_below": crowded_below,
            **_summary(table, supply),
        },
        findings=tuple(_findings(ledger, supply)),
    )


def _catchments(reach: Reach, demand: Floats, supply: Floats, decay: Decay) -> Catchments:
    walking = reach.walking
    return floating_catchments(
        walks_by_batch(reach, limit_mm=reach.budgets["headline"]),
        demand,
        supply,
        edges_mm=decay.edges_mm(walking.limit_min, speed_m_per_s=walking.speed_m_per_s),
        decay=decay,
    )


def _people_at_points(reach: Reach, located: Located, elders: Floats) -> tuple[Floats, Ints]:
    """Return the elders at every point placed, and a home there (-1: none).

    The people of an estate are at its cells by equal parts; those of other homes at their point.
    """
    placed, inside = reach.placed, located.estate >= 0
    demand = np.zeros(placed.exits.count)
    home = np.full(placed.exits.count, -1, dtype=np.int64)
    cell, estates = placed.place[placed.residential], len(placed.estates)
    known = np.nan_to_num(elders)
    of_estate = np.bincount(located.estate[inside], known[inside], estates)
    demand[placed.residential] = (of_estate / _cells(reach))[cell]
    demand[placed.homes] = known[~inside]
    in_estate = np.full(estates, -1, dtype=np.int64)
    in_estate[located.estate[inside]] = np.flatnonzero(inside)
    home[placed.residential] = in_estate[cell]
    home[placed.homes] = np.flatnonzero(~inside)
    return demand, home


def _cells(reach: Reach) -> Floats:
    """Return how many points each estate has, at least 1."""
    cell = reach.placed.place[reach.placed.residential]
    cells: Floats = np.maximum(np.bincount(cell, minlength=len(reach.placed.estates)), 1.0)
    return cells


def _counted(study: Study, reach: Reach) -> gpd.GeoDataFrame:
    """Return the facilities that count, in the order in which they were placed."""
    facilities = study.layer("facilities")
    if facilities is None:
        return gpd.GeoDataFrame({"id": []}, geometry=[], crs=study.crs)
    return facilities.set_index("id", drop=False).loc[list(reach.placed.counted)]


# --- people --------------------------------------------------------------------------------------


def _area_table(
    lived: _Lived,
    catchments: Catchments,
    supply: Floats,
    where: Whereabouts,
    study: tuple[gpd.GeoDataFrame | None, pd.DataFrame],
) -> pd.DataFrame:
    """Return the areas; `study` are its boundaries and its coverage table."""
    boundaries, coverage = study
    rows = AreaRows.of(where.only(lived.home), boundaries)
    people = coverage["elderly_60plus"].reset_index(drop=True)
    without = people - coverage["covered_60plus"].reset_index(drop=True)
    table = rows.table.assign(elderly_60plus=people, without_60plus=without)
    somebody = people.fillna(0).gt(0).to_numpy(dtype=bool)
    for kind, (name, unknown, per) in enumerate(
        (("m2_per_elder", "m2_unknown_60plus", 1), ("beds_per_1000", "beds_unknown_60plus", 1000))
    ):
        access = catchments.access[lived.point, kind] * per
        # Where no facility states its supply at all, nobody is known to have none of it.
        if len(supply) and np.isnan(supply[:, kind]).all():
            access[:] = np.nan
        table[name] = np.where(somebody, _mean(rows, access, lived.elders), np.nan)
        for part, tail in ((LOWEST, "_p10"), (HIGHEST, "_p90")):
            found = rows.quantile(access, lived.elders, part)
            table[name + tail] = np.where(somebody, found, np.nan)
        silent = rows.sums(np.where(np.isnan(access), lived.elders, 0.0))
        most = people.fillna(0).to_numpy(dtype=np.float64)
        table[unknown] = pd.Series(rows.whole(silent, at_most=most)).where(people.notna())
    whole = dict.fromkeys(("m2_unknown_60plus", "beds_unknown_60plus"), "Int64")
    return table[list(AREA_COLUMNS)].astype(whole)


def _mean(rows: AreaRows, access: Floats, elders: Floats) -> Floats:
    """Return what each elder of a row has on average, of those for whom it is known."""
    known = np.where(np.isnan(access), 0.0, elders)
    return per_person(rows.sums(np.nan_to_num(access) * elders), rows.sums(known))


def _home_table(reach: Reach, located: Located, catchments: Catchments) -> pd.DataFrame:
    placed, inside = reach.placed, located.estate >= 0
    cell, estates = placed.place[placed.residential], len(placed.estates)
    table = pd.DataFrame({"home_id": located.homes["home_id"].to_numpy()})
    for kind, (name, per) in enumerate((("m2_per_elder", 1), ("beds_per_1000", 1000))):
        access = catchments.access[:, kind] * per
        known = ~np.isnan(access[placed.residential])
        has = np.bincount(cell, np.nan_to_num(access[placed.residential]), estates)
        cells = np.bincount(cell, known, estates)
        mean = per_person(has.astype(np.float64), cells.astype(np.float64))
        values = np.empty(len(table))
        values[inside] = mean[located.estate[inside]]
        values[~inside] = access[placed.homes]
        table[name] = values
    return table


# --- facilities ----------------------------------------------------------------------------------


def _facility_table(
    ledger: gpd.GeoDataFrame,
    catchments: Catchments,
    supply: Floats,
    *,
    told: bool,
    crowded_below: float,
) -> pd.DataFrame:
    """Return the facilities that count; `told`: whether it is known where elders live."""
    load = catchments.load if told else np.full(len(ledger), np.nan)
    m2, beds = (per_person(supply[:, kind], load) for kind in range(2))
    residents = figures(ledger, "residents_now").to_numpy(dtype=float)
    crowded = _crowded(m2, crowded_below)
    full = pd.Series(residents > supply[:, 1], dtype="boolean")
    full = full.mask(np.isnan(residents) | np.isnan(supply[:, 1]))
    return pd.DataFrame(
        {
            "facility_id": words(ledger, "id").to_numpy(),
            "name": words(ledger, "name").to_numpy(),
            "category": words(ledger, "category").to_numpy(),
            "elders_in_reach": catchments.in_reach if told else load,
            "load": load,
            "floor_area_m2": supply[:, 0],
            "m2_per_elder": m2,
            "beds": supply[:, 1],
            "beds_per_1000": beds * 1000,
            "residents_now": residents,
            "crowded": crowded,
            "full": full,
            # One test that can be made is enough: a station without beds is never full.
            "overloaded": crowded.fillna(full) | full.fillna(crowded),
        }
    )[list(FACILITY_COLUMNS)]


def _crowded(m2_per_elder: Floats, below: float) -> pd.Series:
    """Return which facilities have less than a part of the median; missing where unknown."""
    known: Flags = ~np.isnan(m2_per_elder)
    middle = float(np.median(m2_per_elder[known])) if known.any() else np.nan
    return pd.Series(m2_per_elder < below * middle - SAME, dtype="boolean").where(known)


# --- what was noticed ----------------------------------------------------------------------------


def _summary(table: pd.DataFrame, supply: Floats) -> dict[str, Any]:
    known = table["m2_per_elder"].dropna()
    return {
        "median_m2_per_elder": float(known.median()) if len(known) else None,
        "facilities": len(table),
        "facilities_without_floor_area": int(np.isnan(supply[:, 0]).sum()),
        "facilities_without_beds": int(np.isnan(supply[:, 1]).sum()),
        "facilities_serving_nobody": int((table["load"] == 0).sum()),
        "crowded": int(table["crowded"].sum()),
        "full": int(table["full"].sum()),
        "overloaded": int(table["overloaded"].sum()),
    }


def _findings(ledger: gpd.GeoDataFrame, supply: Floats) -> list[Finding]:
    unknown = np.isnan(supply).sum(axis=0)
    messages = (
        say(
            "{count} 处计入服务圈的设施没有建筑面积，不计入人均面积，所得为下限。",
            count=int(unknown[0]),
        ),
        say(
            "{count} 处计入服务圈的设施没有床位数，不计入人均床位，所得为下限。",
            count=int(unknown[1]),
        ),
    )
    remedies = (say("请补充建筑面积。"), say("请补充床位数；没有床位请填 0。"))
    columns = [str(SUPPLY[kind]) for kind in range(2)]
    return [
        Finding("warning", "facilities", messages[kind], remedies[kind], column=columns[kind])
        for kind in range(2)
        if len(ledger) and unknown[kind]
    ]
