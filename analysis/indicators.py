"""Indicators against the targets of the rule packs, each with its denominator and its clause."""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import date

import geopandas as gpd
import pandas as pd

from analysis.areas import members, place_points
from analysis.columns import words
from analysis.provision_rates import DECIDED, PASSED, UNKNOWN_MAX, unknown_share
from analysis.rulebook import Rule, Rulebook
from geo.language import Message, say

COLUMNS = (
    "key", "name", "value", "target", "unit", "met", "numerator", "denominator", "year",
    "document", "clause",
)  # fmt: skip


@dataclass(frozen=True)
class Indicator:
    """One figure beside its target.

    value
        None where the denominator is 0 or too much is unknown.
    met
        None where it cannot be told.
    year
        The target's year; where there is no target, the year of the figure.
    """

    key: str
    name: str
    value: float | None
    target: float | None
    unit: str
    met: bool | None
    numerator: float
    denominator: float
    year: int
    document: str
    clause: str


def indicator_table(
    provision: pd.DataFrame,
    boundaries: gpd.GeoDataFrame | None,
    facilities: gpd.GeoDataFrame | None,
    rulebook: Rulebook,
    *,
    on: date,
    counted: Collection[str],
) -> pd.DataFrame:
    """Return the indicators that can be computed, with the columns `COLUMNS`.

    provision
        The table of the provision check.
    counted
        Ids of the facilities that count for the circle.
    """
    scope = provision[provision["in_scope"].astype("bool")]
    rows = [
        _provision_rate(scope[scope["kind"].eq("new")], rulebook, on=on),
        _floor_area(scope, rulebook, on=on),
        *_urban_coverage(boundaries, facilities, rulebook, on=on, counted=counted),
    ]
    table = pd.DataFrame([asdict(row) for row in rows], columns=list(COLUMNS))
    return table.astype({"value": "float64", "target": "float64", "met": "boolean"})


def _provision_rate(new: pd.DataFrame, rulebook: Rulebook, *, on: date) -> Indicator:
    """Return the part of the new estates that pass."""
    decided = new[new["verdict"].isin(DECIDED)]
    return _against(
        rulebook.find("provision_rate_target", "new", on),
        key="provision_rate_new",
        name=say("新建居住区配建达标率"),
        parts=(float(decided["verdict"].isin(PASSED).sum()), float(len(decided))),
        unknown=unknown_share(new),
        on=on,
    )


def _floor_area(scope: pd.DataFrame, rulebook: Rulebook, *, on: date) -> Indicator:
    """Return the floor area per 100 households of all estates with a verdict, taken together.

    The rule binds each estate for itself: an average above it is no proof that each passes.
    """
    decided = scope[scope["verdict"].isin(DECIDED)]
    return _against(
        rulebook.find("care_floor_area_per_100_households", "built", on),
        key="care_floor_area_per_100_households",
        name=say("每百户养老服务设施建筑面积（合计，不代表逐个小区达标）"),
        parts=(float(decided["provided_m2"].sum()), float(decided["households"].sum()) / 100),
        unknown=unknown_share(scope),
        on=on,
        unit="m2/百户",
    )


def _urban_coverage(
    boundaries: gpd.GeoDataFrame | None,
    facilities: gpd.GeoDataFrame | None,
    rulebook: Rulebook,
    *,
    on: date,
    counted: Collection[str],
) -> Iterator[Indicator]:
    """Yield the part of the urban communities in which a facility that counts stands.

    Whether a community is urban is asked of its `setting`; without it nothing is said.
    """
    if boundaries is None or words(boundaries, "setting").isna().all():
        return
    urban = words(boundaries, "level").eq("community") & words(boundaries, "setting").eq("urban")
    communities = boundaries[urban]
    if communities.empty:
        return
    has_one = _with_facility(communities, facilities, counted)
    yield _against(
        rulebook.find("urban_community_coverage_target", "all", on),
        key="urban_community_coverage",
        name=say("城市社区居家社区养老服务覆盖率（按辖区内有设施计）"),
        parts=(float(has_one), float(len(communities))),
        unknown=0.0,
        on=on,
    )


def _with_facility(
    communities: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame | None, counted: Collection[str]
) -> int:
    """Return in how many communities a facility that counts stands."""
    if facilities is None:
        return 0
    standing = facilities[words(facilities, "id").isin(list(counted))]
    if standing.empty:
        return 0
    host = members(place_points(standing.geometry), communities.geometry.to_numpy()).first
    return len(set(host[host >= 0].tolist()))


def _against(  # noqa: PLR0913 - one figure has many sides
    rule: Rule | None,
    *,
    key: str,
    name: Message,
    parts: tuple[float, float],
    unknown: float,
    on: date,
    unit: str = "比例",
) -> Indicator:
    """Return a figure beside its target; nothing is said where too much is unknown."""
    numerator, denominator = parts
    told = denominator > 0 and unknown <= UNKNOWN_MAX
    value = numerator / denominator if told else None
    return Indicator(
        key=key,
        name=str(name),
        value=value,
        target=None if rule is None else rule.value,
        unit=unit,
        met=None if value is None or rule is None else value >= rule.value,
        numerator=numerator,
        denominator=denominator,
        year=on.year if rule is None or rule.target_year is None else rule.target_year,
        document="" if rule is None else rule.document,
        clause="" if rule is None else rule.clause,
    )
