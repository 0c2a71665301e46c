"""What every county is to have at least one of, and the four classes of rural facilities."""

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType

import numpy as np
import pandas as pd

from analysis.columns import words
from analysis.coverage.areas import Flags
from analysis.districts.standing import Standing, area_ids, area_names, says
from analysis.indicators.indicator import Indicator, notes, ratio
from analysis.rulebook import Rulebook
from geo.language import Message, say

KINDS: Mapping[str, Message] = MappingProxyType(
    {
        "welfare_home": say("县级特困人员供养服务设施(敬老院)旗县区建有率"),
        "elder_university": say("老年大学旗县区覆盖率"),
        "rehab": say("康复医院或护理院旗县区建有率"),
        "combined_care": say("基层医疗卫生机构医养结合服务设施旗县区建有率"),
        "activity_centre": say("老年人活动中心旗县区建有率"),
    }
)
_COMBINED = r"医养|养老"
_ACTIVITY = r"老年(?:人)?活动中心|老干部活动中心"
# A care ledger holds every welfare home; of the others it may hold none because they are not its
# own, so that none in the whole layer says nothing.
_ALWAYS_REGISTERED = ("welfare_home",)
_COUNTY_HOME = r"特困|供养|福利院|福利中心|县级|旗级|区级|中心敬老院"
_TOWN_HOME = r"敬老院"


def kinds_of(standing: Standing) -> dict[str, Flags]:
    """Return which operating facilities are of each of `KINDS`."""
    facilities = standing.facilities
    told = words(facilities, "name").fillna("") + "、" + words(facilities, "functions").fillna("")
    health = standing.of_category(["health"])
    return {
        "welfare_home": standing.of_category(["welfare_home"]),
        "elder_university": standing.of_category(["elder_university"]),
        "rehab": standing.of_category(["rehab"]),
        "combined_care": health & says(told, _COMBINED).to_numpy(dtype=bool),
        "activity_centre": says(told, _ACTIVITY).to_numpy(dtype=bool),
    }


def county_table(standing: Standing, *, whole: bool = True) -> pd.DataFrame:
    """Return the counties in file order: how many of each kind operate, and whether any does.

    whole
        Whether the study takes in all of its counties; where it does not, what is not in it may
        stand in the rest of the county.

    facilities
        Operating ones of any category; where there are none the study does not tell of the county
        and nothing is said of it.
    has_KIND
        Empty where unknown: no facility of the county is in the study; or none of the kind in the
        whole layer, so that it may simply not be kept in this ledger; or one of the kind stands in
        no county of the boundaries, which may be drawn in part; or, of combined care, a health
        facility of the county does not tell its functions; or the study is not of whole counties.
    """
    counties = standing.areas("county")
    if counties is None:
        return pd.DataFrame(columns=["area_id", "level", "name", "facilities"])
    everything = standing.count_in("county", np.ones(len(standing), dtype=bool))
    columns: dict[str, object] = {
        "area_id": area_ids(counties),
        "level": "county",
        "name": area_names(counties),
        "facilities": everything,
    }
    for kind, flags in kinds_of(standing).items():
        count = standing.count_in("county", flags)
        kept = kind in _ALWAYS_REGISTERED or bool(flags.any())
        has = pd.array(count > 0, dtype="boolean")
        # One that stands in none of the areas may be any county's: the outlines may be partial.
        adrift = bool((flags & (standing.area_of("county") < 0)).any())
        may_have = (everything == 0) | adrift | (not kept) | (not whole)
        if kind == "combined_care":
            may_have |= standing.count_in("county", _silent_health(standing) & ~flags) > 0
        has[(count == 0) & may_have] = pd.NA
        columns[kind], columns[f"has_{kind}"] = count, has
    return pd.DataFrame(columns)


def _silent_health(standing: Standing) -> Flags:
    """Return which health facilities do not tell their functions."""
    silent: Flags = words(standing.facilities, "functions").isna().to_numpy(dtype=bool)
    return silent & standing.of_category(["health"])


def presence_indicators(
    table: pd.DataFrame, rulebook: Rulebook, *, on: date
) -> Iterator[Indicator]:
    """Yield for each kind the part of the counties that have one; nothing without counties."""
    if table.empty:
        return
    for kind, name in KINDS.items():
        has = table[f"has_{kind}"]
        unknown = int(has.isna().sum())
        yield ratio(
            rulebook.find("county_presence_target", kind, on),
            key=f"county_presence_{kind}",
            name=name,
            parts=(float(has.fillna(value=False).sum()), float(len(table))),
            unknown=unknown / len(table),
            bound="at_least" if unknown else "",
            on=on,
            note=notes(
                say("分母为边界资料中的旗县区 {total} 个。", total=len(table)),
                say(
                    "{count} 个无法判定：研究没有写明覆盖整个旗县区、范围内没有不等于旗县区没有，"
                    "或没有该旗县区的设施，设施表没有登记此类设施，"
                    "或此类设施在边界以外、不知属于哪个旗县区，或医疗卫生机构没有填写服务内容。",
                    count=unknown,
                )
                if unknown
                else None,
                say("文件没有数字，按每个旗县区至少 1 处核对。")
                if kind == "activity_centre"
                else None,
            ),
        )


def rural_network(standing: Standing) -> pd.DataFrame:
    """Return how many rural facilities of the four classes each county has.

    county_welfare_homes, town_welfare_homes
        By their names; those whose names tell neither are `other_welfare_homes`.
    village_stations
        Community stations in areas said to be rural; empty where no area has a setting.
    """
    counties = standing.areas("county")
    if counties is None or standing.boundaries is None:
        return pd.DataFrame(columns=["area_id", "level", "name", *_RURAL])
    name = words(standing.facilities, "name").fillna("")
    homes = standing.of_category(["welfare_home"])
    of_county = homes & says(name, _COUNTY_HOME).to_numpy(dtype=bool)
    of_town = homes & ~of_county & says(name, _TOWN_HOME).to_numpy(dtype=bool)
    stations = standing.of_category(["community_station"]) & standing.where.rural
    classes = (of_county, of_town, homes & ~of_county & ~of_town, stations,
               standing.of_category(["mutual_aid"]))  # fmt: skip
    counts = {
        column: standing.count_in("county", flags)
        for column, flags in zip(_RURAL, classes, strict=True)
    }
    table = pd.DataFrame(
        {"area_id": area_ids(counties), "level": "county", "name": area_names(counties), **counts}
    ).astype(dict.fromkeys(_RURAL, "Int64"))
    if words(standing.boundaries, "setting").isna().all():
        table["village_stations"] = pd.array([pd.NA] * len(table), dtype="Int64")
    return table


_RURAL = [
    "county_welfare_homes", "town_welfare_homes", "other_welfare_homes", "village_stations",
    "mutual_aid_homes",
]  # fmt: skip
