"""Why an indicator is what it is: what was divided by what, and the areas or facilities behind it.

Where an indicator is a part of areas, estates or facilities, `passed` is 1 for those that count:
the rows add up to the numerator, and there are as many as the denominator says.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from analysis.columns import words
from analysis.coverage.areas import members, place_points
from analysis.districts.care_kinds import INSTITUTIONS
from analysis.districts.neighbours import NEXT_DOOR
from analysis.districts.presence import KINDS
from analysis.districts.tiers import Settings
from analysis.evaluation import Evaluation
from analysis.explaining.explained import SHARE, Explanation, amount, number
from analysis.explaining.explained_provision import provision_parameters, shown
from analysis.explaining.indicator_parts import is_divided, parts_of, why_no_ratio
from analysis.indicators.indicator import Indicator
from analysis.provision.rates import DECIDED, PASSED
from analysis.rule_keys import FLOOR_AREA
from geo.language import Message, say

PASSED_COLUMN: Final = "passed"
Rows = Callable[[Evaluation], pd.DataFrame]


def explain_indicator(evaluation: Evaluation, figure: Indicator) -> Explanation:
    """Return why an indicator is what it is; one without rows of its own has its line as a row."""
    told = [figure.note if isinstance(figure.note, Message) else say("{text}", text=figure.note)]
    told += [say("来源：{source}", source=figure.source)] if figure.source else []
    if figure.target is not None:
        told.append(say("目标：{target}", target=amount(figure.target, figure.unit)))
    if figure.bound:
        told.append(
            say("真实值不低于此数：有一部分未知。") if figure.bound == "at_least"
            else say("真实值不高于此数：有一部分未知。")
        )  # fmt: skip
    title = figure.name if isinstance(figure.name, Message) else say("{text}", text=figure.name)
    divided, named = is_divided(figure), parts_of(figure)
    told += _beside_the_list(evaluation, figure)
    return Explanation(
        key=figure.key,
        title=title,
        value=figure.value,
        unit=figure.unit,
        formula=_formula(figure),
        numerator=figure.numerator if divided else None,
        numerator_name=None if named is None else named[0],
        denominator=figure.denominator if divided else None,
        denominator_name=None if named is None else named[1],
        parameters=provision_parameters(evaluation),
        rule=figure.rule or figure.basis,
        rows=_rows(evaluation, figure),
        notes=tuple(note for note in told if str(note)),
    )


def _formula(figure: Indicator) -> Message:
    """Return how the figure comes about: entered, a ratio, or what is lacking to a need."""
    value = figure.value
    divided = is_divided(figure)
    if value is None and divided:
        return why_no_ratio(figure)
    if value is None:
        return say("没有数值：未录入，或数据不足")
    if not divided and not figure.entered:
        return say("{value}，见说明", value=amount(value, figure.unit))
    if not divided:
        return say("人工录入：{value}", value=amount(value, figure.unit))
    return _computed(figure, value)


def _computed(figure: Indicator, value: float) -> Message:
    """Return a ratio, counted in 1, 100 or 1,000, or what is lacking to a need, in figures."""
    part, whole = figure.numerator, figure.denominator
    told = {"part": number(part), "whole": number(whole), "unit": figure.unit.replace("m2", "㎡"),
            "value": number(value)}  # fmt: skip
    if figure.unit == SHARE and figure.worked == "ratio" and figure.per == 1:
        return say("{part} ÷ {whole} = {value}", **told | {"value": f"{value:.1%}"})
    if figure.worked == "ratio" and figure.per == 1:
        return say("{part} ÷ {whole} = {value}（{unit}）", **told)
    if figure.worked == "ratio":
        per = number(figure.per)
        return say("{part} ÷ {whole} × {per} = {value}（{unit}）", **told, per=per)
    if part >= whole:
        return say("已有 {part} ≥ 需要 {whole}，缺 {value}（{unit}）", **told)
    return say("需要 {whole} − 已有 {part} = {value}（{unit}）", **told)


def _beside_the_list(evaluation: Evaluation, figure: Indicator) -> list[Message]:
    """Return why the floor area per 100 households is not of the sum that the list prints."""
    if figure.key != FLOOR_AREA or figure.entered:
        return []
    scope = evaluation.provision[evaluation.provision["in_scope"].astype(bool)]
    unknown, pooled = scope["verdict"].eq("unknown"), evaluation.detail.check.pooled_m2
    of_unknown = float(scope.loc[unknown, "provided_m2"].sum())
    told = []
    if of_unknown:
        told.append(
            say("小区清单的已配合计 {all} ㎡ 还含无法判定小区中已知的 {unknown} ㎡，"
                "它们的户数不在分母里，面积也不在分子里。",
                all=number(float(scope["provided_m2"].sum()), 1), unknown=number(of_unknown, 1))
        )  # fmt: skip
    if pooled:
        told.append(say("分子另含统筹组共用的设施面积 {pooled} ㎡，不在任何一个小区的已配面积里。",
                        pooled=number(pooled, 1)))  # fmt: skip
    return told


def _rows(evaluation: Evaluation, figure: Indicator) -> pd.DataFrame:
    rows_of = ROWS.get(figure.key)
    if rows_of is not None and not figure.entered:
        return rows_of(evaluation).reset_index(drop=True)
    line = evaluation.indicators[evaluation.indicators["key"].eq(figure.key)]
    return line.reset_index(drop=True)


def _new_estates(evaluation: Evaluation) -> pd.DataFrame:
    new = _decided(evaluation)
    new = new[new["kind"].eq("new")]
    return shown(_with(new, new["verdict"].isin(PASSED)), PASSED_COLUMN)


def _decided(evaluation: Evaluation) -> pd.DataFrame:
    table = evaluation.provision
    return table[table["in_scope"] & table["verdict"].isin(DECIDED)]


def _with(rows: pd.DataFrame, passed: "pd.Series[bool]") -> pd.DataFrame:
    """Return rows with whether each counts; what is unknown does not."""
    counts = passed.astype("boolean").fillna(value=False).astype("int64")
    return rows.assign(**{PASSED_COLUMN: counts})


def _urban_communities(evaluation: Evaluation) -> pd.DataFrame:
    """Return the urban communities, and whether a facility that counts stands in each."""
    boundaries = evaluation.study.layer("boundaries")
    facilities = evaluation.study.layer("facilities")
    if boundaries is None:
        return pd.DataFrame()
    urban = words(boundaries, "level").eq("community") & words(boundaries, "setting").eq("urban")
    communities = boundaries[urban].reset_index(drop=True)
    standing = np.zeros(0, dtype=np.int64)
    if facilities is not None:
        counted = facilities[words(facilities, "id").isin(list(evaluation.counted))]
        spots = place_points(counted.geometry)
        standing = members(spots, communities.geometry.to_numpy()).first
    rows = pd.DataFrame({"area_id": words(communities, "id"), "name": words(communities, "name")})
    return _with(rows, pd.Series(communities.index.isin(standing)))


def _urban(evaluation: Evaluation) -> pd.DataFrame:
    tiers = evaluation.detail.tiers
    return tiers[Settings.of(tiers).urban]


def _rural(evaluation: Evaluation) -> pd.DataFrame:
    tiers = evaluation.detail.tiers
    return tiers[Settings.of(tiers).rural]


def _with_station(evaluation: Evaluation) -> pd.DataFrame:
    tiers = evaluation.detail.tiers
    rows = _urban(evaluation) if Settings.of(tiers).told else tiers
    return _with(rows, rows["stations"].gt(0))


def _subdistricts(evaluation: Evaluation) -> pd.DataFrame:
    streets = evaluation.detail.streets
    return streets[streets["subdistrict"].eq(other=True).to_numpy(dtype=bool)]


def _near_health(evaluation: Evaluation) -> pd.DataFrame:
    rows = _neighbours(evaluation)
    rows = rows[rows["health_m"].notna()]
    return _with(rows, rows["health_class"].eq(NEXT_DOOR))


def _neighbours(evaluation: Evaluation) -> pd.DataFrame:
    """Return the care facilities that stand in the study: others count in no share."""
    rows = evaluation.detail.neighbours
    return rows[rows["inside"].fillna(value=True).astype(bool)]


def _institutions(evaluation: Evaluation) -> pd.DataFrame:
    rows = _neighbours(evaluation)
    rows = rows[rows["category"].isin(INSTITUTIONS)]
    return _with(rows, rows["health_agreement"])


def _near_children(evaluation: Evaluation) -> pd.DataFrame:
    rows = _neighbours(evaluation)
    rows = rows[rows["childcare_m"].notna()]
    return _with(rows, rows["old_and_young"])


def _beds(evaluation: Evaluation) -> pd.DataFrame:
    return evaluation.detail.beds


def _land(evaluation: Evaluation) -> pd.DataFrame:
    rows = evaluation.detail.land
    return rows[rows["residents"].notna()]


def _marked(rows_of: Rows, column: str, *, more_than: float | None = None) -> Rows:
    """Return rows of which a column says whether they count."""

    def rows(evaluation: Evaluation) -> pd.DataFrame:
        table = rows_of(evaluation)
        passed = table[column] if more_than is None else table[column].gt(more_than)
        return _with(table, passed)

    return rows


ROWS: Final[Mapping[str, Rows]] = MappingProxyType(
    {
        "provision_rate_new": _new_estates,
        FLOOR_AREA: lambda evaluation: shown(_decided(evaluation)),
        "urban_community_coverage": _urban_communities,
        "urban_community_served": _marked(_urban, "served"),
        "rural_community_coverage": _marked(_rural, "rural_facilities", more_than=0),
        "community_station_coverage": _with_station,
        "three_tier_completeness": _marked(lambda one: one.detail.tiers, "complete"),
        "street_centre_rate": _marked(lambda one: one.detail.streets, "has_centre"),
        "street_centre_rate_subdistricts": _marked(_subdistricts, "has_centre"),
        **{
            f"county_presence_{kind}": _marked(lambda one: one.detail.counties, f"has_{kind}")
            for kind in KINDS
        },
        "health_next_door_share": _near_health,
        "health_agreement_share": _institutions,
        "old_and_young_share": _near_children,
        "beds_per_1000_elderly": _beds,
        "nursing_share_of_institution_beds": _beds,
        "affordable_bed_gap": _beds,
        "basic_and_affordable_beds_share": _beds,
        "care_land_per_resident_community": _land,
        "care_land_per_resident_welfare": _land,
    }
)
"""What gives the rows of an indicator, by its key; one that is entered by hand has none."""
