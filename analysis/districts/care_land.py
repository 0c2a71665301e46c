"""Land for care per resident, by planning unit or street.

Two numerators, never added: land of community care facilities, and social welfare land. Land is
never mixed with floor area: a room inside a housing block has no land of its own.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analysis.columns import figures, words
from analysis.coverage.areas import Geometries, Indices, members, place_points
from analysis.districts.care_kinds import COMMUNITY, INSTITUTIONS, MUTUAL_AID
from analysis.districts.standing import area_ids, area_names, says
from analysis.indicators.indicator import Indicator, notes, ratio
from analysis.rulebook import Rulebook
from geo.language import Message, say

LEVELS = ("planning_unit", "street")
# Codes of the national land classification as they are remembered, not verified: an assumption,
# printed with every figure. Children's, disabled people's and other welfare land is not counted.
COMMUNITY_CODE = r"^0702|社区服务设施|社区养老"
WELFARE_CODE = r"^080701|^0807$|^0807\D|老年人社会福利|^社会福利用地"
OTHER_WELFARE = r"^08070[2-9]|儿童社会福利|残疾人社会福利|其他社会福利"
RESERVED = ("operating", "building", "planned")
COMMUNITY_FACILITIES = (*COMMUNITY, "canteen", *MUTUAL_AID)
NUMERATORS = ("community", "welfare")

Floats = npt.NDArray[np.float64]


class Parcels(NamedTuple):
    """Land, a row each: where it is counted, its m², which numerators it is and may be.

    table
        land_m2 (NaN unknown); for each of `NUMERATORS` whether it is, and whether it may be.
    """

    points: Geometries
    table: pd.DataFrame


@dataclass(frozen=True)
class CareLand:
    """Land for care by area.

    table
        One row an area, in file order: `area_id, level, name, residents, residents_are` (planned
        or resident), m² of each numerator and per resident, whether the packs' figure is met (empty
        where unknown), `unclear_land_m2` of unknown code or status, `facilities_without_land`.
    source
        `care_land` for a layer of land, `facilities` for the ledger's land areas; empty for none.
    at_most
        m² of each numerator at most, a row each; infinite where a parcel's size is unknown.
    outside_m2
        Land in none of the areas.
    unsized
        By numerator: parcels in the areas that count, or may, and do not tell their size.
    """

    table: pd.DataFrame
    source: str
    at_most: pd.DataFrame
    outside_m2: float = 0.0
    unsized: Mapping[str, int] = field(default_factory=dict)
    by_outline: int = 0
    other: int = 0


def care_land(
    boundaries: gpd.GeoDataFrame | None,
    land: gpd.GeoDataFrame | None,
    facilities: gpd.GeoDataFrame | None,
    rulebook: Rulebook,
    *,
    on: date,
) -> CareLand:
    """Return the land for care of each planning unit, else of each street.

    Residents are planned ones where the boundary states them, else those who live there; of
    neither nothing is told, which is not 0.
    """
    areas = _areas(boundaries)
    if areas is None:
        return CareLand(pd.DataFrame(columns=_COLUMNS), "", pd.DataFrame(columns=[*NUMERATORS]))
    source = _source(land, facilities)
    parcels = _parcels(source, land, facilities)
    host = members(parcels.points, areas.geometry.to_numpy()).first
    sums = _by_area(parcels.table, host, len(areas))
    return CareLand(
        _table(areas, sums, facilities, rulebook, on=on, told=bool(source)), source,
        at_most=pd.DataFrame({name: sums[f"{name}_at_most"] for name in NUMERATORS}),
        outside_m2=float(parcels.table.loc[_counted(parcels.table) & (host < 0), "land_m2"].sum()),
        unsized=_unsized(parcels.table, host),
        by_outline=int(parcels.table["by_outline"].sum()),
        other=int(parcels.table["other"].sum()),
    )  # fmt: skip


def _table(
    areas: gpd.GeoDataFrame,
    sums: dict[str, Floats],
    facilities: gpd.GeoDataFrame | None,
    rulebook: Rulebook,
    *,
    on: date,
    told: bool,
) -> pd.DataFrame:
    residents, residents_are = _residents(areas)
    table = pd.DataFrame(
        {
            "area_id": area_ids(areas),
            "level": areas["level"].to_numpy(),
            "name": area_names(areas),
            "residents": residents,
            "residents_are": residents_are,
            "facilities_without_land": _without_land(facilities, areas),
        }
    )
    # Where nobody is planned to live nothing is asked, and nothing is met.
    people = np.where(residents > 0, residents, np.nan)
    for numerator in NUMERATORS:
        rule = rulebook.find("care_land_per_resident", numerator, on)
        least = sums[numerator] if told else np.full(len(areas), np.nan)
        most = sums[f"{numerator}_at_most"]
        table[f"{numerator}_land_m2"] = least
        table[f"{numerator}_m2_per_resident"] = least / people
        needed = people * (math.nan if rule is None else rule.value)
        table[f"met_{numerator}"] = _met(least, most, needed)
    table["unclear_land_m2"] = sums["unclear"]
    return table[_COLUMNS]


_COLUMNS = [
    "area_id", "level", "name", "residents", "residents_are", "community_land_m2",
    "welfare_land_m2", "community_m2_per_resident", "welfare_m2_per_resident", "met_community",
    "met_welfare", "unclear_land_m2", "facilities_without_land",
]  # fmt: skip


def _areas(boundaries: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Return the areas of the finest level that plans speak of; None where there are none."""
    if boundaries is None or "level" not in boundaries:
        return None
    for level in LEVELS:
        areas = boundaries[boundaries["level"] == level]
        if len(areas):
            return areas
    return None


def _residents(areas: pd.DataFrame) -> tuple[Floats, npt.NDArray[np.str_]]:
    planned, living = (
        figures(areas, name).to_numpy(dtype=np.float64)
        for name in ("planned_population", "population")
    )
    residents = np.where(np.isnan(planned), living, planned)
    said = np.where(np.isnan(planned), np.where(np.isnan(living), "", "resident"), "planned")
    return residents, said


def _met(least: Floats, most: Floats, needed: Floats) -> pd.api.extensions.ExtensionArray:
    """Return whether land suffices: what is certain does, or not even what may be does."""
    met = pd.array(least >= needed, dtype="boolean")
    unknown = np.isnan(needed) | np.isnan(least) | ((least < needed) & (most >= needed))
    met[unknown] = pd.NA
    return met


def _source(land: gpd.GeoDataFrame | None, facilities: gpd.GeoDataFrame | None) -> str:
    """Return what tells of land: a ledger that has no area of land at all tells nothing."""
    if land is not None:
        return "care_land"
    told = facilities is not None and bool(figures(facilities, "land_area_m2").notna().any())
    return "facilities" if told else ""


def _parcels(
    source: str, land: gpd.GeoDataFrame | None, facilities: gpd.GeoDataFrame | None
) -> Parcels:
    if source == "care_land" and land is not None:
        return Parcels(place_points(land.geometry), _of_layer(land))
    if source == "facilities" and facilities is not None:
        return Parcels(place_points(facilities.geometry), _of_facilities(facilities))
    flags = [*NUMERATORS, *(f"{name}_maybe" for name in NUMERATORS), "by_outline", "other"]
    nothing = {"land_m2": np.empty(0)} | {name: np.empty(0, dtype=bool) for name in flags}
    return Parcels(np.empty(0, dtype=object), pd.DataFrame(nothing))


def _counted(parcels: pd.DataFrame) -> "pd.Series[bool]":
    return parcels[[*NUMERATORS]].astype(bool).any(axis=1)


def _unsized(parcels: pd.DataFrame, host: Indices) -> Mapping[str, int]:
    silent = parcels["land_m2"].isna() & (host >= 0)
    return {name: int((silent & parcels[f"{name}_maybe"]).sum()) for name in NUMERATORS}


def _of_layer(land: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the land of a layer: closed and misused land is none; land reserved is."""
    code = words(land, "code")
    status = words(land, "status")
    if "status" not in land.columns:
        status = status.fillna("operating")
    stands, open_question = status.isin(RESERVED), status.isna()
    told = figures(land, "land_area_m2")
    outline = pd.Series(shapely.area(land.geometry.to_numpy()), index=land.index)
    by_outline = told.isna() & outline.gt(0)
    other = says(code, OTHER_WELFARE)
    is_a = {
        "community": says(code, COMMUNITY_CODE),
        "welfare": says(code, WELFARE_CODE) & ~other,
    }
    no_code = code.isna()
    maybe = {
        f"{name}_maybe": (is_it | no_code) & (stands | open_question)
        for name, is_it in is_a.items()
    }
    known = is_a["community"] | is_a["welfare"]
    return pd.DataFrame(
        {
            "land_m2": told.where(~by_outline, outline),
            **{name: is_it & stands for name, is_it in is_a.items()},
            **maybe,
            "by_outline": by_outline,
            "other": ~known & ~no_code & (stands | open_question),
        }
    )


def _of_facilities(facilities: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the land that the facilities' ledger tells, as the two numerators.

    A blank cell is land of unknown size; only a stated 0 is none.
    """
    category = words(facilities, "category")
    status = words(facilities, "status")
    if "status" not in facilities.columns:
        status = status.fillna("operating")
    stands, open_question = status.isin(RESERVED), status.isna()
    is_a = {
        "community": category.isin(COMMUNITY_FACILITIES),
        "welfare": category.isin(INSTITUTIONS),
    }
    return pd.DataFrame(
        {
            "land_m2": figures(facilities, "land_area_m2"),
            **{name: is_it & stands for name, is_it in is_a.items()},
            **{f"{name}_maybe": is_it & (stands | open_question) for name, is_it in is_a.items()},
            "by_outline": False,
            "other": False,
        }
    )


def _by_area(table: pd.DataFrame, host: Indices, count: int) -> dict[str, Floats]:
    """Return sums by area: what each numerator certainly and possibly is, and what is unclear."""
    row = np.where(host < 0, count, host)
    area_m2 = table["land_m2"].to_numpy(dtype=np.float64)

    def total(which: pd.Series, unknown: float) -> Floats:
        here = which.to_numpy(dtype=bool)
        weights = np.where(here, np.where(np.isnan(area_m2), unknown, area_m2), 0.0)
        return np.bincount(row, weights=weights, minlength=count + 1)[:count].astype(np.float64)

    sums = {name: total(table[name], 0.0) for name in NUMERATORS}
    # A parcel whose area is unknown may be of any size.
    at_most = {f"{name}_at_most": total(table[f"{name}_maybe"], math.inf) for name in NUMERATORS}
    some = [table[f"{name}_maybe"].astype(bool) & ~table[name].astype(bool) for name in NUMERATORS]
    return {**sums, **at_most, "unclear": total(some[0] | some[1], 0.0)}


def _without_land(facilities: gpd.GeoDataFrame | None, areas: gpd.GeoDataFrame) -> Indices:
    """Return how many care facilities of each area say they have no land of their own: 0 m²."""
    if facilities is None:
        return np.zeros(len(areas), dtype=np.int64)
    care = words(facilities, "category").isin([*COMMUNITY_FACILITIES, *INSTITUTIONS])
    if "status" in facilities.columns:
        care &= words(facilities, "status").isin(RESERVED)
    roomy = care & figures(facilities, "floor_area_m2").gt(0)
    roomy &= figures(facilities, "land_area_m2").eq(0)
    at = members(place_points(facilities[roomy].geometry), areas.geometry.to_numpy()).first
    return np.bincount(at[at >= 0], minlength=len(areas)).astype(np.int64)


def care_land_indicators(
    land: CareLand, rulebook: Rulebook, *, on: date
) -> Iterator[Indicator]:
    """Yield both figures of the study: land per resident of the areas whose residents are known."""
    if land.table.empty:
        return
    table = land.table
    known = table[table["residents"].notna()]
    names = {
        "community": say("人均社区养老服务设施用地"),
        "welfare": say("人均社会福利用地"),
    }
    for numerator, name in names.items():
        area_m2 = known[f"{numerator}_land_m2"].sum(min_count=1)
        at_most = land.at_most.loc[known.index, numerator].sum()
        yield ratio(
            rulebook.find("care_land_per_resident", numerator, on),
            key=f"care_land_per_resident_{numerator}",
            name=name,
            parts=(float(area_m2), float(known["residents"].sum())),
            unit="m2/人",
            bound="at_least" if at_most > area_m2 else "",
            on=on,
            note=notes(*_about(land, known), _of_no_size(land.unsized.get(numerator, 0))),
        )


def _of_no_size(count: int) -> Message | None:
    return say("{count} 处用地没有填写面积，合计为下限。", count=count) if count else None


def _about(land: CareLand, known: pd.DataFrame) -> Iterator[Message]:
    planned = known["residents_are"].eq("planned")
    yield say(
        "分母为全部人口（不是老年人）：{planned} 个单元用规划人口，{living} 个用现状人口，"
        "{silent} 个人口未知、未计入。",
        planned=int(planned.sum()),
        living=int((~planned).sum()),
        silent=len(land.table) - len(known),
    )
    if land.source == "care_land":
        yield say(
            "用地代码按 0702（社区服务设施）与 080701、0807（社会福利）归类，代码未经核实，是假定；"
            "其他代码 {other} 块未计入，{outline} 块未填面积、按图形面积计。",
            other=land.other,
            outline=land.by_outline,
        )
    elif land.source == "facilities":
        yield say("没有养老用地资料，用设施台账的用地面积：社区设施与养老机构分开计。")
    else:
        yield say("没有养老用地资料，设施台账也没有用地面积。")
    if land.outside_m2 > 0:
        yield say("另有 {area:.0f} 平方米在这些单元之外。", area=land.outside_m2)
    rooms = int(land.table["facilities_without_land"].sum())
    if rooms:
        yield say("{count} 处设施填明没有独立用地，只计数，不折算。", count=rooms)
    unclear = float(land.table["unclear_land_m2"].sum())
    if unclear:
        yield say("{area:.0f} 平方米用地的代码或状态未知，合计为下限。", area=unclear)
