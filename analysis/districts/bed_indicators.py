"""The bed figures of the study: what stands in its counties or streets, beside who lives there."""

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pandas as pd

from analysis.columns import dates, figures, words
from analysis.coverage.areas import Flags
from analysis.districts.beds import CLASSES, study_row
from analysis.districts.standing import Standing, says
from analysis.indicators.indicator import Indicator, notes, ratio
from analysis.people.told import PeopleTold
from analysis.rulebook import Rulebook
from geo.language import Message, say

NOTHING_TOLD = PeopleTold()
_PUBLIC = r"(?<!非)(?:公办|公建|公益|国有)"


def bed_indicators(
    table: pd.DataFrame,
    standing: Standing,
    rulebook: Rulebook,
    *,
    on: date,
    people: PeopleTold = NOTHING_TOLD,
) -> Iterator[Indicator]:
    """Yield the bed figures of the study.

    table
        As `bed_table` gives it.
    people
        What their source tells of those whom the beds are for.
    """
    study = study_row(table)
    yield _of_people(_per_1000(study, standing, rulebook, on=on), people)
    yield _nursing(study, standing, rulebook, on=on)
    yield _of_people(_affordable_gap(study, standing, rulebook, on=on), people)
    yield _basic_and_affordable(study, standing, rulebook, on=on)
    yield _new_public(standing, rulebook, on=on)


def _of_people(one: Indicator, people: PeopleTold) -> Indicator:
    """Return a figure whose note says of which people it is; one without people stays."""
    known = one.value is not None
    return replace(one, note=notes(one.note, people.sentence())) if known else one


def _per_1000(study: pd.Series, standing: Standing, rulebook: Rulebook, *, on: date) -> Indicator:
    unknown = int(study["facilities_without_beds"])
    return ratio(
        rulebook.find("beds_per_1000_elderly", "all", on),
        key="beds_per_1000_elderly",
        name=say("每千名老年人养老床位数"),
        parts=(_if_known(study["beds"], standing), study["elderly_60plus"]),
        per=1000,
        unit="张/千人",
        bound="at_least" if unknown else "",
        on=on,
        note=notes(
            say(
                "分子为养老机构 {institution} 张、社区 {community} 张、"
                "互助养老 {mutual} 张合计，分母为 60 岁及以上老年人 {elderly} 人。",
                institution=_whole(study["institution_beds"]),
                community=_whole(study["community_beds"]),
                mutual=_whole(study["mutual_aid_beds"]),
                elderly=_whole(study["elderly_60plus"]),
            ),
            _without_beds(unknown),
            _outside(standing),
        ),
    )


def _without_beds(unknown: int) -> Message | None:
    if not unknown:
        return None
    return say(
        "{count} 处设施没有填写床位或没有坐标，合计为下限，未达到目标时不作结论。", count=unknown
    )


def _outside(standing: Standing) -> Message | None:
    """Return what of the beds stands in no county and no street of the study."""
    kinds = [kind for kinds in CLASSES.values() for kind in kinds]
    lost = standing.placed & ~standing.inside & standing.of_category(kinds)
    if not lost.any():
        return None
    return say(
        "区外另有 {count} 处设施、{beds:.0f} 张床位，未计入。",
        count=int(lost.sum()),
        beds=float(figures(standing.facilities, "beds")[lost].sum()),
    )


def _if_known(value: float, standing: Standing) -> float:
    """Return a sum over facilities; NaN where the study has no layer of them."""
    return float(value) if standing.known else math.nan


def _nursing(study: pd.Series, standing: Standing, rulebook: Rulebook, *, on: date) -> Indicator:
    silent = int(study["institutions_without_nursing"] - study["institutions_without_beds"])
    homes = max(int(study["institutions"]), 1)
    return ratio(
        rulebook.find("nursing_share_of_institution_beds", "all", on),
        key="nursing_share_of_institution_beds",
        name=say("养老机构护理型床位占比（分母只计养老机构床位）"),
        parts=(
            _if_known(study["institution_nursing_beds"], standing),
            float(study["institution_beds"]),
        ),
        unknown=float(study["institutions_without_beds"]) / homes,
        bound="at_least" if silent > 0 else "",
        on=on,
        note=notes(
            say(
                "分母为养老机构床位 {beds} 张；全部设施护理型床位占全部床位 {share}，口径不同。",
                beds=_whole(study["institution_beds"]),
                share=_percent(study["nursing_share_of_all_beds"]),
            ),
            say("{count} 家机构没有填写护理型床位，占比为下限。", count=silent)
            if silent > 0
            else None,
        ),
    )


def _whole(figure: float) -> Message | str:
    return say("未知") if math.isnan(figure) else f"{figure:.0f}"


def _percent(share: float) -> Message | str:
    return say("未知") if math.isnan(share) else f"{share:.1%}"


def _affordable_gap(
    study: pd.Series, standing: Standing, rulebook: Rulebook, *, on: date
) -> Indicator:
    method = rulebook.find("institution_beds_per_elderly", "all", on)
    unknown = int(study["institutions_without_price"])
    gap = _if_known(study["affordable_bed_gap"], standing)
    return Indicator(
        key="affordable_bed_gap",
        name=say("普惠型养老床位缺口（按老年人口入住比例测算，是方法，不是目标）"),
        value=None if math.isnan(gap) else gap,
        unit="张",
        basis=method,
        numerator=float(study["affordable_beds"]),
        denominator=float(study["affordable_beds_needed"]),
        worked="shortfall",
        year=on.year,
        bound="at_most" if unknown else "",
        note=notes(
            say(
                "按 {share:.1%} 的 60 岁及以上老年人入住机构测算，减去养老机构普惠床位；"
                "与每千名老年人床位数是两种口径，不相加、不混用。",
                share=method.value,
            )
            if method is not None
            else say("所依据的规定没有给出入住比例。"),
            say("{count} 家机构的收费类型或位置不明，缺口为上限。", count=unknown)
            if unknown
            else None,
        ),
    )


def _basic_and_affordable(
    study: pd.Series, standing: Standing, rulebook: Rulebook, *, on: date
) -> Indicator:
    unknown = int(study["institutions_without_price"])
    return ratio(
        rulebook.find("basic_and_affordable_beds_share", "all", on),
        key="basic_and_affordable_beds_share",
        name=say("兜底线和普惠性养老床位合计占比"),
        parts=(
            _if_known(study["basic_beds"] + study["affordable_beds"], standing),
            float(study["beds_of_known_price"]),
        ),
        unknown=unknown / max(int(study["institutions"]), 1),
        on=on,
        note=notes(
            say(
                "分母为收费类型已知的养老机构床位 {beds} 张。",
                beds=_whole(study["beds_of_known_price"]),
            ),
            say("{count} 家机构的收费类型或位置不明，未计入。", count=unknown) if unknown else None,
        ),
    )


def _new_public(standing: Standing, rulebook: Rulebook, *, on: date) -> Indicator:
    """Return the beds of public institutions that opened since the rule came into force."""
    rule = rulebook.find("new_public_beds", "all", on)
    may_count = standing.of_category(CLASSES["institution"]) & (standing.inside | ~standing.placed)
    homes, placed = standing.facilities[may_count], standing.placed[may_count]
    certainly_here: Flags = placed | (not standing.bounded)
    opened, beds = dates(homes, "opened_on"), figures(homes, "beds")
    owner = words(homes, "ownership")
    since = pd.Timestamp(on if rule is None else rule.in_force_from)
    new = opened.gt(since) & opened.le(pd.Timestamp(on))
    public = says(owner, _PUBLIC)
    doubtful = (new | opened.isna()) & (public | owner.isna())
    certain: Flags = (new & public & beds.notna()).to_numpy(dtype=bool) & certainly_here
    unknown = int((doubtful & ~certain).sum())
    told = rule is not None and standing.known and (bool(certain.any()) or not unknown)
    return Indicator(
        key="new_public_beds",
        name=say("新增公益性养老机构床位"),
        value=float(beds[certain].sum()) if told else None,
        unit="张",
        rule=rule,
        year=on.year,
        bound="at_least" if unknown else "",
        note=notes(
            say("计文件施行（{since}）以后投用的公办养老机构床位。", since=f"{since:%Y-%m-%d}"),
            say("{count} 家机构的投用日期、权属、床位或位置不明，合计为下限。", count=unknown)
            if unknown
            else None,
        ),
    )
