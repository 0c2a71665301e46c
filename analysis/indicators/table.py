"""Indicators against the targets of the rule packs, each with its denominator and its clause."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Literal

import geopandas as gpd
import pandas as pd

from analysis.description import Nearby
from analysis.districts.bed_indicators import NOTHING_TOLD, bed_indicators
from analysis.districts.beds import bed_table, everybody_60plus
from analysis.districts.care_land import care_land, care_land_indicators
from analysis.districts.neighbours import Nearness, neighbour_indicators, neighbour_table
from analysis.districts.presence import county_table, presence_indicators
from analysis.districts.standing import Standing
from analysis.districts.street_centres import centre_indicators, street_table
from analysis.districts.tiers import community_tiers, tier_indicators
from analysis.indicators.estates_told import apart_from_the_sum, new_estates
from analysis.indicators.indicator import Indicator, notes, of_a_part, ratio
from analysis.indicators.ledger import EnteredValue, ledger_lines
from analysis.people.locating import Located
from analysis.people.told import PeopleTold
from analysis.provision.rates import PASSED, unknown_share, verdicts_in_scope
from analysis.rule_keys import FLOOR_AREA
from analysis.rulebook import Rulebook
from geo.language import Message, say

Covers = Literal["part", "counties", "city"]
COLUMNS = (
    "key", "name", "value", "target", "unit", "met", "numerator", "denominator", "year",
    "document", "clause",
)  # fmt: skip


NOTHING_ENTERED: Mapping[str, EnteredValue] = MappingProxyType({})
NEARBY = Nearby()


def indicator_table(indicators: Iterable[Indicator]) -> pd.DataFrame:
    """Return indicators as the table of the terminal contract, one a row."""
    rows = [
        (
            one.key, str(one.name), one.value, one.target, one.unit, one.met, one.numerator,
            one.denominator, one.told_year,
            one.source if one.text is None else one.text.document,
            "" if one.text is None else one.text.clause,
        )
        for one in indicators
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(
        {"value": "float64", "target": "float64", "met": "boolean", "year": "Int64"}
    )


def indicators(  # noqa: PLR0913 - everything indicators are made of
    provision: pd.DataFrame,
    boundaries: gpd.GeoDataFrame | None,
    facilities: gpd.GeoDataFrame | None,
    rulebook: Rulebook,
    *,
    on: date,
    counted: Collection[str],
    pooled_m2: float = 0.0,
    entered: Mapping[str, EnteredValue] = NOTHING_ENTERED,
    residential: gpd.GeoDataFrame | None = None,
    land: gpd.GeoDataFrame | None = None,
    located: Located | None = None,
    nearby: Nearness = NEARBY,
    people: PeopleTold = NOTHING_TOLD,
    covers: Covers = "part",
) -> tuple[Indicator, ...]:
    """Return the indicators that can be computed, then the lines of the ledger.

    provision, pooled_m2
        The table of the provision check, and the pooled area that none of its rows holds.
    counted
        Ids of the facilities that count for the circle.
    entered
        Figures of the study file by key; see `analysis.indicators.ledger`.
    land
        The layer of land for care, where the study has one.
    located
        Who lives in the study, with a home or without.
    people
        What their source tells of them.
    covers
        How much of its counties and its city the study takes in.
    """
    standing = Standing.of(facilities, boundaries)
    computed = (
        *_of_estates(provision, rulebook, on=on, pooled_m2=pooled_m2),
        *_of_districts(
            standing,
            rulebook,
            on=on,
            tiers=community_tiers(standing, residential, counted=tuple(counted)),
            elderly_60plus=everybody_60plus(located, boundaries),
            people=people,
            whole_counties=covers != "part",
        ),
        *care_land_indicators(
            care_land(boundaries, land, facilities, rulebook, on=on), rulebook, on=on
        ),
        *neighbour_indicators(neighbour_table(standing, nearby), rulebook, nearby, on=on),
    )
    computed = tuple(of_a_part(one, whole_city=covers == "city") for one in computed)
    return (*computed, *ledger_lines(computed, rulebook, on=on, entered=entered))


def _of_estates(
    provision: pd.DataFrame, rulebook: Rulebook, *, on: date, pooled_m2: float
) -> Iterator[Indicator]:
    """Yield what the provision check adds up to."""
    scope = verdicts_in_scope(provision)
    told = new_estates(provision, rulebook, on=on)
    bound = None if told is None else told.sentence()
    yield _provision_rate(scope[scope["new"]], rulebook, on=on, bound=bound)
    provided = scope.assign(provided_m2=provision["provided_m2"].loc[scope.index])
    area = _floor_area(provided, rulebook, on=on, pooled_m2=pooled_m2)
    yield replace(area, note=notes(area.note, apart_from_the_sum(area, provision)))


def _of_districts(  # noqa: PLR0913 - all that is counted by district
    standing: Standing,
    rulebook: Rulebook,
    *,
    on: date,
    tiers: pd.DataFrame,
    elderly_60plus: float,
    people: PeopleTold,
    whole_counties: bool,
) -> Iterator[Indicator]:
    """Yield what is counted by community, street and county."""
    yield from tier_indicators(tiers, rulebook, on=on)
    yield from centre_indicators(street_table(standing, rulebook, on=on), rulebook, on=on)
    counties = county_table(standing, whole=whole_counties)
    yield from presence_indicators(counties, rulebook, on=on)
    beds = bed_table(standing, rulebook, on=on, elderly_60plus=elderly_60plus, levels=())
    yield from bed_indicators(beds, standing, rulebook, on=on, people=people)


def _provision_rate(
    new: pd.DataFrame, rulebook: Rulebook, *, on: date, bound: Message | None
) -> Indicator:
    """Return the part of the new estates that pass, and by which rules they are checked."""
    decided = new[~new["unknown"]]
    return ratio(
        rulebook.find("provision_rate_target", "new", on),
        key="provision_rate_new",
        name=say("新建居住区配建达标率"),
        parts=(float(decided[list(PASSED)].to_numpy().sum()), float(len(decided))),
        unknown=unknown_share(new),
        on=on,
        note=notes(_about(len(decided), len(new) - len(decided)), bound),
    )


def _about(decided: int, unknown: int) -> Message:
    """Return what the denominator is, and how many estates are not in it."""
    return say(
        "分母为有结论的小区 {decided} 个；无法判定的 {unknown} 个未计入。",
        decided=decided,
        unknown=unknown,
    )


def _floor_area(
    scope: pd.DataFrame, rulebook: Rulebook, *, on: date, pooled_m2: float
) -> Indicator:
    """Return the floor area per 100 households of all estates with a verdict, taken together.

    Area that pools share counts beside the estates' own. The rule binds each estate for itself:
    an average above it is no proof that each passes.
    """
    decided = scope[~scope["unknown"]]
    area_m2 = float(decided["provided_m2"].sum()) + pooled_m2
    return ratio(
        rulebook.find(FLOOR_AREA, "built", on),
        key=FLOOR_AREA,
        name=say("每百户养老服务设施建筑面积（合计，不代表逐个小区达标）"),
        parts=(area_m2, float(decided["households"].sum()) / 100),
        unknown=unknown_share(scope),
        on=on,
        unit="m2/百户",
        note=_about(len(decided), len(scope) - len(decided)),
    )
