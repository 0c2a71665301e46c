"""Beds told by their totals alone: what an office can say before it has a ledger of facilities."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Protocol, Self

from analysis.rulebook import Rulebook
from geo.language import Message, say


class Figure(Protocol):
    """A figure entered by hand."""

    @property
    def value(self) -> float:
        """Return the figure, in its unit."""

    @property
    def unit(self) -> str:
        """Return the unit; empty where not stated."""


TOTALS: Mapping[str, str] = MappingProxyType(
    {
        "beds_total": "told_beds",
        "beds_total_rounded": "rounded_beds",
        "beds_institutions": "institution_beds",
        "beds_community": "community_beds",
        "beds_mutual_aid": "mutual_aid_beds",
        "nursing_beds_total": "nursing_beds",
        "nursing_beds_institutions": "institution_nursing_beds",
        "affordable_beds": "affordable_beds",
    }
)
"""Keys of `[indicators]` that are such totals, and the field each fills.

`elderly_60plus_2025` and the like give the people aged 60+ of a year.
"""
_ELDERLY = re.compile(r"elderly_60plus_(\d{4})")


def is_total(key: str) -> bool:
    """Return whether a key of `[indicators]` is such a total."""
    return key in TOTALS or _ELDERLY.fullmatch(key) is not None


_TIMES = {"万张": 10_000.0, "万人": 10_000.0, "万": 10_000.0}


@dataclass(frozen=True)
class BedTotals:
    """Beds and people of one place; NaN where unknown.

    told_beds
        The sum of all beds where only that is told; else the classes are added up.
    rounded_beds
        The sum as a document prints it, 28,000 for 2.8万: a gap to it is another figure.
    nursing_beds
        Of all classes together; `institution_nursing_beds` those of institutions, where known.
    elderly_60plus
        People aged 60+ by year; the first is the count, the last the one to provide for.
    """

    told_beds: float = math.nan
    rounded_beds: float = math.nan
    institution_beds: float = math.nan
    community_beds: float = math.nan
    mutual_aid_beds: float = math.nan
    nursing_beds: float = math.nan
    institution_nursing_beds: float = math.nan
    affordable_beds: float = math.nan
    elderly_60plus: Mapping[int, float] = field(default_factory=dict)

    @classmethod
    def entered(cls, figures: Mapping[str, Figure]) -> Self:
        """Return the totals among figures entered by hand; 万 in a unit is multiplied out."""
        values = {key: each.value * _TIMES.get(each.unit, 1.0) for key, each in figures.items()}
        years = {
            int(year[1]): value
            for key, value in values.items()
            if (year := _ELDERLY.fullmatch(key)) is not None
        }
        told = {TOTALS[key]: value for key, value in values.items() if key in TOTALS}
        return cls(**told, elderly_60plus=years)

    @property
    def beds(self) -> float:
        """Return all beds: as told, else the sum of the classes; NaN where one is unknown."""
        if not math.isnan(self.told_beds):
            return self.told_beds
        return self.institution_beds + self.community_beds + self.mutual_aid_beds

    def per_1000(self, year: int) -> float:
        """Return beds per thousand people aged 60+ of a year."""
        return self.beds / self.elderly_60plus[year] * 1000

    @property
    def nursing_share_at_most(self) -> float:
        """Return the part of institution beds that nursing beds are if all stand in them."""
        return min(self.nursing_beds / self.institution_beds, 1.0)

    def needed(self, year: int, *, per_1000: float) -> float:
        """Return the beds that so many per thousand of a year's people make."""
        return per_1000 * self.elderly_60plus[year] / 1000

    def affordable_gap(self, year: int, *, share: float) -> float:
        """Return the affordable beds missing if that part of a year's people moves into homes."""
        return max(share * self.elderly_60plus[year] - self.affordable_beds, 0.0)


def bed_sentences(totals: BedTotals, rulebook: Rulebook, *, on: date) -> tuple[Message, ...]:
    """Return what the totals say, each figure with what it is divided by; unknowns say nothing."""
    return (
        *_sum_sentence(totals),
        *_nursing_sentence(totals),
        *_per_1000_sentence(totals),
        *_gap_sentences(totals, rulebook, on=on),
        *_affordable_sentence(totals, rulebook, on=on),
    )


def _sum_sentence(totals: BedTotals) -> Iterator[Message]:
    if not _known(totals.beds):
        return
    classes = (totals.institution_beds, totals.community_beds, totals.mutual_aid_beds)
    if _known(*classes):
        yield say(
            "养老床位合计 {beds} 张：养老机构 {institution} 张、社区 {community} 张、"
            "互助养老 {mutual} 张。",
            beds=_whole(totals.beds),
            institution=_whole(classes[0]),
            community=_whole(classes[1]),
            mutual=_whole(classes[2]),
        )
    else:
        yield say("养老床位合计 {beds} 张。", beds=_whole(totals.beds))


def _nursing_sentence(totals: BedTotals) -> Iterator[Message]:
    if _known(totals.institution_nursing_beds, totals.institution_beds):
        yield say(
            "养老机构护理型床位 {nursing} 张，占养老机构床位 {beds} 张的 {share}。",
            nursing=_whole(totals.institution_nursing_beds),
            beds=_whole(totals.institution_beds),
            share=f"{totals.institution_nursing_beds / totals.institution_beds:.1%}",
        )
    elif _known(totals.nursing_beds, totals.institution_beds):
        yield say(
            "护理型床位 {nursing} 张，只有总数：占养老机构床位最高为 {share}（若全部在养老机构内，"
            "{nursing}/{beds}）。",
            nursing=_whole(totals.nursing_beds),
            share=f"{totals.nursing_share_at_most:.1%}",
            beds=_whole(totals.institution_beds),
        )
    if _known(totals.nursing_beds, totals.beds):
        yield say(
            "护理型床位占全部床位 {share}（{nursing}/{beds}）；政策目标的分母只计养老机构床位。",
            share=f"{totals.nursing_beds / totals.beds:.1%}",
            nursing=_whole(totals.nursing_beds),
            beds=_whole(totals.beds),
        )


def _per_1000_sentence(totals: BedTotals) -> Iterator[Message]:
    if not _known(totals.beds) or not totals.elderly_60plus:
        return
    year = min(totals.elderly_60plus)
    yield say(
        "按 {year} 年 60 岁及以上老年人 {elderly} 人计，每千名老年人有床位 {per:.1f} 张"
        "（含社区和互助养老床位）。",
        year=year,
        elderly=_whole(totals.elderly_60plus[year]),
        per=totals.per_1000(year),
    )


def _gap_sentences(totals: BedTotals, rulebook: Rulebook, *, on: date) -> Iterator[Message]:
    rule = rulebook.find("beds_per_1000_elderly", "all", on)
    if rule is None or not totals.elderly_60plus:
        return
    year = max(totals.elderly_60plus)
    elderly = totals.elderly_60plus[year]
    needed = totals.needed(year, per_1000=rule.value)
    # The documents count against a rounded sum; both gaps are told, and which is which.
    against = ((totals.beds, say("逐项合计")), (totals.rounded_beds, say("文件取整")))
    for beds, which in against:
        if _known(beds):
            yield say(
                "按每千名老年人 {target:g} 张，{year} 年老年人 {elderly} 人需床位 {needed} 张，"
                "对照{which}的 {beds} 张，缺 {gap} 张。",
                target=rule.value,
                year=year,
                elderly=_whole(elderly),
                needed=_whole(needed),
                which=which,
                beds=_whole(beds),
                gap=_whole(max(needed - beds, 0.0)),
            )


def _affordable_sentence(totals: BedTotals, rulebook: Rulebook, *, on: date) -> Iterator[Message]:
    rule = rulebook.find("institution_beds_per_elderly", "all", on)
    if rule is None or not totals.elderly_60plus or not _known(totals.affordable_beds):
        return
    year = max(totals.elderly_60plus)
    yield say(
        "另按 {share:.1%} 的老年人口入住机构测算，{year} 年需普惠型床位 {needed} 张，"
        "现有 {beds} 张，缺 {gap} 张；这是另一种口径，与每千名老年人床位数不相加、不混用。",
        share=rule.value,
        year=year,
        needed=_whole(rule.value * totals.elderly_60plus[year]),
        beds=_whole(totals.affordable_beds),
        gap=_whole(totals.affordable_gap(year, share=rule.value)),
    )


def _known(*figures: float) -> bool:
    return not any(math.isnan(figure) for figure in figures)


def _whole(figure: float) -> str:
    """Return a whole figure with thousands parted, as the documents print it."""
    return f"{figure:,.0f}"
