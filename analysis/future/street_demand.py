"""What the forecast asks of each street: old people to come, and beds by two methods.

A street keeps its share of its county's old people: nothing is known of who will move within it.
Beds per 1,000 old people and the part of them who live in institutions are two methods; they are
never added or mixed. No text says how much day-care floor area an old person needs: none is told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.columns import words
from analysis.coverage.areas import members, place_points
from analysis.coverage.table import OUTSIDE
from analysis.coverage.tally import Floats
from analysis.future.forecast import VARIANTS, Projection
from analysis.people.locating import Located
from analysis.people.told import people_told
from analysis.rounding import largest_remainder, nearest_whole
from analysis.rulebook import Rule, Rulebook
from analysis.study import Study
from geo.findings import Finding
from geo.language import Message, joined, say

COLUMNS = (
    "area_id", "name", "county_id", "year", "variant", "elderly_60plus",
    "beds_at_50_per_1000", "institution_beds_at_3_percent", "beds_rule", "institution_beds_rule",
    "note",
)  # fmt: skip
BEDS: Final = "beds_per_1000_elderly"
INSTITUTION_BEDS: Final = "institution_beds_per_elderly"


@dataclass(frozen=True, eq=False)
class StreetDemand:
    """The demand of each street.

    table
        `COLUMNS`, a row a street, year and variant. People are whole and add up over the streets;
        so do beds. Both columns of beds are by the rows of the packs whose ids stand beside them;
        missing where no pack in use has such a row.
    since
        The year whose people the streets have now, from which they grow.
    """

    table: pd.DataFrame
    since: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Streets:
    """Streets in file order: ids, names, people of 60+ now, and row of the ages of their county."""

    ids: npt.NDArray[np.object_]
    names: npt.NDArray[np.object_]
    elderly: Floats
    county: npt.NDArray[np.int64]


def street_demand(
    study: Study,
    located: Located,
    coverage: pd.DataFrame,
    projection: Projection,
    rulebook: Rulebook,
) -> StreetDemand:
    """Return the old people of each street in the years to come, and the beds they make.

    coverage
        The coverage table of the same evaluation: people of 60+ by street now.
    """
    since, assumed = _year_of_people(study, located, projection)
    streets, findings = _streets(study.layer("boundaries"), coverage, projection)
    rules = [rulebook.find(key, "all", study.on) for key in (BEDS, INSTITUTION_BEDS)]
    note = _note(since, rules, assumed=assumed)
    years = sorted({int(year) for year in projection.table["year"]})
    parts = [
        _part(streets, projection, variant, (since, year)) for variant in VARIANTS for year in years
    ]
    table = pd.concat(parts) if parts else pd.DataFrame(columns=list(COLUMNS))
    table = table.sort_index(kind="stable").reset_index(drop=True)
    for column, rule, per in zip(
        ("beds_at_50_per_1000", "institution_beds_at_3_percent"), rules, (1000, 1), strict=True
    ):
        table[column] = _beds(table, rule, per=per)
    named = ("beds_rule", "institution_beds_rule")
    told = {name: "" if rule is None else rule.id for name, rule in zip(named, rules, strict=True)}
    table = table.assign(**told, note=str(note))[list(COLUMNS)]
    whole = ("elderly_60plus", "beds_at_50_per_1000", "institution_beds_at_3_percent")
    findings += _other_basis(study, located, projection)
    return StreetDemand(table.astype(dict.fromkeys(whole, "Int64")), since, tuple(findings))


def _part(
    streets: _Streets, projection: Projection, variant: str, years: tuple[int, int]
) -> pd.DataFrame:
    """Return the streets in one year; `years` are that of the people now, and the one asked."""
    since, until = years
    factor = {
        county: projection.growth(county, variant, since=since, until=until)
        for county in sorted(set(streets.county.tolist()))
    }
    exact = streets.elderly * np.array([factor[county] for county in streets.county.tolist()])
    return pd.DataFrame(
        {
            "area_id": streets.ids,
            "name": streets.names,
            "county_id": [projection.ages.county_ids[county] for county in streets.county],
            "year": until,
            "variant": variant,
            "elderly_60plus": _whole(exact, streets.ids),
        }
    )


def _whole(exact: Floats, ids: npt.NDArray[np.object_]) -> Floats:
    """Return whole numbers that add up to the whole of all; unknown ones stay so, ties by id."""
    order = np.argsort(ids.astype(str), kind="stable")
    order = order[~np.isnan(exact[order])]
    whole = np.full(len(exact), np.nan)
    whole[order] = largest_remainder(exact[order], nearest_whole(float(exact[order].sum())))
    return whole


def _beds(table: pd.DataFrame, rule: Rule | None, *, per: int) -> pd.Series:
    """Return the beds that the printed people make, whole and adding up in each year."""
    if rule is None:
        return pd.Series(pd.NA, index=table.index, dtype="Int64")
    exact = table["elderly_60plus"] * (rule.value / per)
    beds = pd.Series(np.nan, index=table.index)
    for rows in table.groupby(["variant", "year"]).groups.values():
        ids = table.loc[rows, "area_id"].to_numpy(dtype=object)
        beds[rows] = _whole(exact[rows].to_numpy(dtype=np.float64), ids)
    return beds


# --- where the streets stand ---------------------------------------------------------------------


def _year_of_people(study: Study, located: Located, projection: Projection) -> tuple[int, bool]:
    """Return the year whose people the study has, and whether it had to be assumed.

    It is what the source states of itself, else the date of its layer. Where neither tells one
    year, or it is none of the forecast, the year of the ages is taken.
    """
    year = people_told(study, located).year
    known = year is not None and projection.first <= year <= projection.last
    return (year, False) if known and year is not None else (projection.first, True)


def _other_basis(study: Study, located: Located, projection: Projection) -> Iterator[Finding]:
    """Yield a finding where streets count people on another basis than the ages do."""
    basis, ages = people_told(study, located).basis, projection.ages.basis
    if basis and ages and basis != ages:
        message = say("街道人口与分年龄人口的口径（常住、户籍）不同，街道需求只作参考。")
        yield Finding("warning", located.source, message, say("请改用同一口径的人口。"))


def _streets(
    boundaries: gpd.GeoDataFrame | None, coverage: pd.DataFrame, projection: Projection
) -> tuple[_Streets, list[Finding]]:
    """Return the streets whose county is forecast, and what is said about the others."""
    level = coverage[coverage["level"].eq("street")].reset_index(drop=True)
    own = level["area_id"].ne(OUTSIDE)
    if boundaries is None or not own.any():
        message = say("没有街道边界，未按街道测算需求。")
        nowhere = np.zeros(0, dtype=object)
        none = _Streets(nowhere, nowhere, np.zeros(0), np.zeros(0, dtype=np.int64))
        return none, [Finding("warning", "boundaries", message)]
    outside = level.loc[~own, "elderly_60plus"].fillna(0).sum()
    streets = level[own]
    county = _counties(boundaries, projection)
    forecast = np.isin(county, projection.counties)
    findings = [*_without_county(streets[~forecast], int(outside))]
    kept = streets[forecast]
    return (
        _Streets(
            kept["area_id"].to_numpy(dtype=object),
            kept["name"].to_numpy(dtype=object),
            kept["elderly_60plus"].to_numpy(dtype=np.float64, na_value=np.nan),
            county[forecast],
        ),
        findings,
    )


def _counties(boundaries: gpd.GeoDataFrame, projection: Projection) -> npt.NDArray[np.int64]:
    """Return for each street, in file order, its county's row of the ages; -1: none.

    The county is the `parent`, by id or name, of the ages or of the boundaries; else the one whose
    outline holds the street's middle.
    """
    level = words(boundaries, "level")
    streets, counties = (boundaries[level.eq(name)] for name in ("street", "county"))
    of_county = [
        projection.ages.position(id_, name)
        for id_, name in zip(words(counties, "id"), words(counties, "name"), strict=True)
    ]
    known = {
        key: at
        for column in ("name", "id")
        for key, at in zip(words(counties, column), of_county, strict=True)
        if isinstance(key, str)  # one missing value is not another
    }
    parents = [
        max(projection.ages.position(parent), known.get(parent, -1))
        for parent in words(streets, "parent")
    ]
    around = members(place_points(streets.geometry), counties.geometry.to_numpy()).first
    held = np.array([*of_county, -1], dtype=np.int64)[around]
    parent = np.array(parents, dtype=np.int64)
    return np.where(parent >= 0, parent, held)


def _without_county(streets: pd.DataFrame, outside: int) -> Iterator[Finding]:
    if len(streets):
        message = say(
            "{count} 个街道所在旗县区没有测算，未列入街道需求：{names}。",
            count=len(streets),
            names="、".join(streets["name"].astype(str)),
        )
        remedy = say("请核对边界的“上级”与分年龄人口文件的代码、名称。")
        yield Finding("warning", "boundaries", message, remedy)
    if outside:
        message = say("街道边界以外的 {count} 位 60 岁以上老年人未列入街道需求。", count=outside)
        yield Finding("warning", "boundaries", message)


def _note(since: int, rules: list[Rule | None], *, assumed: bool) -> Message:
    """Return what must be known beside the figures."""
    start = (
        say("街道人口年份不明或不在测算年份内，按 {year} 年计", year=since)
        if assumed
        else say("以 {year} 年街道人口为起点", year=since)
    )
    beds, institutions = rules
    parts: list[Message | str] = [start, say("街道占旗县区的份额保持不变")]
    if beds is not None:
        parts.append(say("床位按每千名老年人 {beds:g} 张", beds=beds.value))
    if institutions is not None:
        percent = institutions.value * 100
        parts.append(say("机构床位按 {percent:g}% 的老年人入住测算", percent=percent))
    if beds is not None and institutions is not None:
        parts.append(say("两种方法不相加、不混用"))
    return joined("; ", *parts)
