"""The three tiers of care and who has them: counties, streets and communities, by presence.

A rate here is administrative: the part of the communities in which a facility stands or that one
is assigned to. How many people walk to one within the limit is another figure, shown beside.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import words
from analysis.coverage.areas import Flags, Indices
from analysis.districts.assigned import assigned_communities
from analysis.districts.care_kinds import MUTUAL_AID
from analysis.districts.standing import Standing, above, area_ids, area_names, codes
from analysis.indicators.indicator import Indicator, notes, ratio
from analysis.rulebook import Rulebook
from geo.language import Message, say

STATION = ("community_station",)
# A herders' or farmers' village is served by whatever cares for elders in it.
RURAL = ("community_station", "day_care", "embedded", *MUTUAL_AID)
TIERS: Mapping[str, Message] = MappingProxyType(
    {
        "county_platform": say("县级综合平台"),
        "street_centre": say("街道(乡镇)区域养老服务中心"),
        "station": say("社区(嘎查村)养老服务站点"),
    }
)
"""The tiers of a complete chain, by the code that the table gives for one that is missing."""


@dataclass(frozen=True)
class Settings:
    """Which communities are towns and which are villages.

    told
        Whether any community says so; where none does, neither rate can be told.
    """

    urban: Flags
    rural: Flags

    @classmethod
    def of(cls, communities: pd.DataFrame) -> "Settings":
        """Return what the communities' `setting` says."""
        setting = words(communities, "setting")
        urban, rural = (setting.eq(word).to_numpy(dtype=bool) for word in ("urban", "rural"))
        return cls(urban, rural)

    @property
    def told(self) -> bool:
        """Return whether any community has a setting."""
        return bool(self.urban.any() or self.rural.any())


def community_tiers(
    standing: Standing,
    residential: gpd.GeoDataFrame | None,
    *,
    counted: tuple[str, ...],
    coverage: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the tiers of every community, in file order; no rows where there are none.

    facilities, assigned
        How many that count for the circle stand in it, and how many others are assigned to it.
    facilities, assigned, has_facility, served, stations, rural_facilities
        Empty where the study has no layer of facilities, or no word of which operate.
    share_60plus
        Part of its people aged 60+ who walk to one within the limit: no part of any rate here.
    county_platform, street_centre, station
        Whether its county, its street and itself have theirs; empty where it is of no county or
        street that the boundaries know, or the ledger never holds a facility of that tier.
    complete, missing
        Whether the chain is complete, and which tiers are known to be missing, joined by `;`.
    """
    communities = standing.areas("community")
    if communities is None:
        return pd.DataFrame(columns=_COLUMNS)
    position = _position_above(standing, communities)
    chain = _chain(standing, position)
    table = pd.DataFrame(
        {
            "area_id": area_ids(communities),
            "level": "community",
            "name": area_names(communities),
            **_uppers(standing, position),
            "setting": words(communities, "setting").to_numpy(),
            **_presence(standing, residential, communities, standing.with_ids(counted)),
            "share_60plus": _walked(communities, coverage),
        }
    )
    return table.assign(
        **chain,
        complete=chain["county_platform"] & chain["street_centre"] & chain["station"],
        missing=codes(~chain.fillna(value=True)),
    )[_COLUMNS]


_COLUMNS = [
    "area_id", "level", "name", "county", "street", "setting", "facilities", "assigned",
    "has_facility", "served", "stations", "rural_facilities", "share_60plus",
    "county_platform", "street_centre", "station", "complete", "missing",
]  # fmt: skip


def _presence(
    standing: Standing,
    residential: gpd.GeoDataFrame | None,
    communities: gpd.GeoDataFrame,
    counts: Flags,
) -> dict[str, pd.Series]:
    """Return what stands in each community and what serves it from elsewhere."""
    here = _told(standing, standing.count_in("community", counts))
    assigned = _told(standing, _assigned(standing, residential, communities, counts))
    return {
        "facilities": here,
        "assigned": assigned,
        "has_facility": here > 0,
        "served": (here > 0) | (assigned > 0),
        "stations": _told(standing, _in_communities(standing, STATION)),
        "rural_facilities": _told(standing, _in_communities(standing, RURAL)),
    }


def _in_communities(standing: Standing, categories: tuple[str, ...]) -> Indices:
    return standing.count_in("community", standing.of_category(categories))


def _told(standing: Standing, counts: Indices) -> "pd.Series[int]":
    """Return counts of facilities; missing where nothing is known of any facility."""
    column = pd.Series(counts, dtype="Int64")
    return column if standing.known else column.mask(column.notna())


def _assigned(
    standing: Standing,
    residential: gpd.GeoDataFrame | None,
    communities: gpd.GeoDataFrame,
    counts: Flags,
) -> "np.ndarray":
    """Return how many facilities that count stand elsewhere and are assigned to each community."""
    pairs = assigned_communities(standing.facilities[counts], residential, communities)
    at = standing.area_of("community")[pairs["facility"].to_numpy(dtype=np.int64)]
    elsewhere = pairs["community"].to_numpy(dtype=np.int64)
    return np.bincount(elsewhere[elsewhere != at], minlength=len(communities)).astype(np.int64)


def _uppers(standing: Standing, uppers: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the names of the county and the street of each community; empty where unknown."""
    names: dict[str, np.ndarray] = {}
    for level, position in uppers.items():
        areas = standing.areas(level)
        called = np.append(area_names(areas) if areas is not None else [], "").astype(object)
        names[level] = called[position]  # position -1 is the empty name at the end
    return names


def _position_above(standing: Standing, communities: gpd.GeoDataFrame) -> dict[str, np.ndarray]:
    """Return the county and the street of each community; its street's county is its own."""
    streets, counties = standing.areas("street"), standing.areas("county")
    street, county = above(communities, streets), above(communities, counties)
    if streets is not None:
        through = np.append(above(streets, counties), -1)[street]
        county = np.where(through >= 0, through, county)
    return {"county": county, "street": street}


def _chain(standing: Standing, position: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return whether each tier of each community's chain is there; NA where it cannot be told."""
    columns = {}
    for level, category in (("county", "county_platform"), ("street", "street_centre")):
        has = standing.count_in(level, standing.of_category([category])) > 0
        of_area = np.append(has, False)[position[level]]  # nowhere has none
        columns[category] = pd.array(of_area, dtype="boolean")
        columns[category][(position[level] < 0) | (not standing.tells_of(category))] = pd.NA
    station = _told(standing, _in_communities(standing, RURAL)).gt(0)
    return pd.DataFrame({**columns, "station": station})


def _walked(communities: pd.DataFrame, coverage: pd.DataFrame | None) -> "np.ndarray":
    """Return the walking share of each community; NaN where the coverage table has none."""
    if coverage is None:
        return np.full(len(communities), np.nan)
    rows = coverage[coverage["level"] == "community"].drop_duplicates("area_id")
    share = rows.set_index("area_id")["share_60plus"].astype("float64")
    return share.reindex(area_ids(communities)).to_numpy()


def tier_indicators(
    table: pd.DataFrame, rulebook: Rulebook, *, on: date
) -> Iterator[Indicator]:
    """Yield the rates of communities with a facility; none where there are no communities.

    table
        As `community_tiers` gives it.
    """
    if table.empty:
        return
    settings = Settings.of(table)
    if settings.told:
        urban, rural = table[settings.urban], table[settings.rural]
        silent = Silent(len(table) - len(urban) - len(rural), len(table))
        if len(urban):
            yield _covered(urban, rulebook, on=on, silent=silent)
        yield _served(urban, rulebook, on=on, silent=silent)
        yield _rural(rural, rulebook, on=on, silent=silent)
        yield _stations(urban, rulebook, on=on, silent=silent)
    else:
        yield _stations(table, rulebook, on=on, silent=Silent(0, len(table)))
    yield _complete(table, on=on)


@dataclass(frozen=True)
class Silent:
    """Communities that do not say whether they are town or village, among how many."""

    count: int
    among: int

    @property
    def part(self) -> float:
        """Return the part of all communities that they are."""
        return self.count / self.among


def _holding(flags: "pd.Series[bool]") -> float:
    """Return how many hold; NaN where any is unknown."""
    return float(flags.sum()) if flags.notna().all() else math.nan


def _covered(urban: pd.DataFrame, rulebook: Rulebook, *, on: date, silent: Silent) -> Indicator:
    """Return the rate of those with a facility of their own.

    The text's rate is also of those assigned to one: this stands beside it without a target.
    """
    one = ratio(
        None,
        key="urban_community_coverage",
        name=say("城市社区居家社区养老服务覆盖率（按辖区内有设施计）"),
        parts=(_holding(urban["has_facility"]), float(len(urban))),
        unknown=silent.part,
        on=on,
        note=notes(
            say("分母为城市社区 {total} 个。", total=len(urban)),
            say("只作对照：目标按“辖区内有设施，或有设施登记服务”的覆盖率核对。"),
            _unsettled(silent),
            _no_ledger(urban["has_facility"]),
        ),
    )
    return replace(one, basis=rulebook.find("urban_community_coverage_target", "all", on))


def _no_ledger(flags: "pd.Series[bool]") -> Message | None:
    """Return that nothing is known of facilities, where it is not."""
    if flags.notna().all():
        return None
    return say("没有设施资料，或运营状态全部没有填写，无法判定。")


def _served(urban: pd.DataFrame, rulebook: Rulebook, *, on: date, silent: Silent) -> Indicator:
    return ratio(
        rulebook.find("urban_community_coverage_target", "all", on),
        key="urban_community_served",
        name=say("城市社区居家社区养老服务覆盖率（辖区内有设施，或有设施登记服务本社区小区）"),
        parts=(_holding(urban["served"]), float(len(urban))),
        unknown=silent.part,
        on=on,
        note=notes(
            _no_ledger(urban["served"])
            or say(
                "分母为城市社区 {total} 个；其中 {here} 个辖区内有设施，{only} 个仅由其他社区的设施"
                "登记服务。属行政口径，不是步行可达。",
                total=len(urban),
                here=int(urban["has_facility"].sum()),
                only=int((urban["served"] & ~urban["has_facility"]).sum()),
            ),
            _unsettled(silent),
        ),
    )


def _rural(rural: pd.DataFrame, rulebook: Rulebook, *, on: date, silent: Silent) -> Indicator:
    has = rural["rural_facilities"].gt(0)
    return ratio(
        rulebook.find("rural_community_coverage_target", "all", on),
        key="rural_community_coverage",
        name=say("农村牧区居家养老服务设施覆盖率（按嘎查村有无设施计）"),
        parts=(_holding(has), float(len(rural))),
        unknown=silent.part,
        on=on,
        note=notes(
            say(
                "分母为农村牧区的嘎查村 {total} 个；有养老服务站、日间照料中心、嵌入式机构或幸福院"
                "即计入，不按步行计。",
                total=len(rural),
            ),
            _unsettled(silent),
            _no_ledger(has),
        ),
    )


def _unsettled(silent: Silent) -> Message | None:
    """Return how many communities do not say whether they are town or village."""
    if not silent.count:
        return None
    return say("另有 {count} 个没有填写城乡属性，未计入。", count=silent.count)


def _stations(
    communities: pd.DataFrame, rulebook: Rulebook, *, on: date, silent: Silent
) -> Indicator:
    has = communities["stations"].gt(0)
    return ratio(
        rulebook.find("community_station_coverage_target", "all", on),
        key="community_station_coverage",
        name=say("社区级养老服务站服务覆盖率（按辖区内有站计）"),
        parts=(_holding(has), float(len(communities))),
        unknown=silent.part,
        on=on,
        note=notes(
            say("分母为城市社区 {total} 个。", total=len(communities))
            if communities["setting"].eq("urban").all()
            else say("没有城乡属性，分母为全部社区(嘎查村) {total} 个。", total=len(communities)),
            say("只计社区养老服务站，不计日间照料中心等其他设施。"),
            _unsettled(silent),
            _no_ledger(has),
        ),
    )


def _complete(table: pd.DataFrame, *, on: date) -> Indicator:
    complete = table["complete"]
    unknown = int(complete.isna().sum())
    return ratio(
        None,
        key="three_tier_completeness",
        name=say("三级养老服务网络完整率（县级平台、街道中心、社区站点俱全的社区）"),
        parts=(float(complete.fillna(value=False).sum()), float(len(table))),
        unknown=unknown / len(table),
        bound="at_least" if unknown else "",
        on=on,
        note=notes(
            say(
                "分母为全部社区(嘎查村) {total} 个；缺县级平台的 {county} 个，"
                "缺街道中心的 {street} 个，缺站点的 {station} 个。文件没有给出数值目标。",
                total=len(table),
                county=int(table["county_platform"].eq(False).sum()),  # noqa: FBT003
                street=int(table["street_centre"].eq(False).sum()),  # noqa: FBT003
                station=int(table["station"].eq(False).sum()),  # noqa: FBT003
            ),
            say(
                "{count} 个社区无法判定：不知属于哪个街道或旗县，或设施表没有登记该级设施。",
                count=unknown,
            )
            if unknown
            else None,
        ),
    )
