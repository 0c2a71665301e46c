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
NAMES: Mapping[str, Message] = MappingProxyType(
    {
        "beds_total": say("养老床位总数（填报合计）"),
        "beds_total_rounded": say("养老床位总数（文件取整）"),
        "beds_institutions": say("养老机构床位（填报合计）"),
        "beds_community": say("社区养老床位（填报合计）"),
        "beds_mutual_aid": say("互助养老床位（填报合计）"),
        "nursing_beds_total": say("护理型床位（填报合计）"),
        "nursing_beds_institutions": say("养老机构护理型床位（填报合计）"),
        "affordable_beds": say("普惠型养老床位（填报合计）"),
    }
)
"""What the ledger calls a total."""
_ELDERLY = re.compile(r"elderly_60plus_(\d{4})")
_TIMES = {"": 1.0, "张": 1.0, "人": 1.0, "万张": 10_000.0, "万人": 10_000.0, "万": 10_000.0}


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
        """Return the totals among figures entered by hand; 万 in a unit is multiplied out.

        A figure in another unit, or below 0, is unknown; nobody is no number to divide by.
        """
        values = {
            key: each.value * _TIMES[each.unit]
            for key, each in figures.items()
            if each.unit in _TIMES and each.value >= 0
        }
        years = {
            int(year[1]): value
            for key, value in values.items()
            if (year := _ELDERLY.fullmatch(key)) is not None and value > 0
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


def total_name(key: str) -> Message | None:
    """Return what the ledger calls a total; None for a key that is none."""
    year = _ELDERLY.fullmatch(key)
    if year is not None:
        return say("{year} 年 60 岁及以上老年人（填报合计）", year=year[1])
    return NAMES.get(key)


def total_notes(
    figures: Mapping[str, Figure], rulebook: Rulebook, *, on: date
) -> dict[str, tuple[Message, ...]]:
    """Return by the key of each total what follows from it; each sentence stands once."""
    totals = BedTotals.entered(figures)
    years = sorted(totals.elderly_60plus)
    first, last = (f"elderly_60plus_{years[at]}" if years else "" for at in (0, -1))
    summed = "beds_total" if "beds_total" in figures else "beds_institutions"
    nursing = "nursing_beds_total" if "nursing_beds_total" in figures else (
        "nursing_beds_institutions"
    )  # fmt: skip
    exact, rounded = _gap_sentences(totals, rulebook, on=on)
    said = (
        (summed, _sum_sentence(totals)), (nursing, _nursing_sentence(totals)),
        (first, _per_1000_sentence(totals)), (last, exact), ("beds_total_rounded", rounded),
        ("affordable_beds", _affordable_sentence(totals, rulebook, on=on)),
    )  # fmt: skip
    notes: dict[str, tuple[Message, ...]] = {}
    for key, sentences in said:
        notes[key] = (*notes.get(key, ()), *sentences)
    return {key: sentences for key, sentences in notes.items() if sentences}


def bed_sentences(totals: BedTotals, rulebook: Rulebook, *, on: date) -> tuple[Message, ...]:
    """Return what the totals say, each figure with what it is divided by; unknowns say nothing."""
    exact, rounded = _gap_sentences(totals, rulebook, on=on)
    return (
        *_sum_sentence(totals),
        *_nursing_sentence(totals),
        *_per_1000_sentence(totals),
        *exact,
        *rounded,
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
    has_beds = totals.institution_beds > 0
    if has_beds and _known(totals.institution_nursing_beds):
        yield say(
            "养老机构护理型床位 {nursing} 张，占养老机构床位 {beds} 张的 {share}。",
            nursing=_whole(totals.institution_nursing_beds),
            beds=_whole(totals.institution_beds),
            share=f"{totals.institution_nursing_beds / totals.institution_beds:.1%}",
        )
    elif has_beds and _known(totals.nursing_beds):
        yield say(
            "护理型床位 {nursing} 张，只有总数：占养老机构床位最高为 {share}（若全部在养老机构内，"
            "{nursing}/{beds}）。",
            nursing=_whole(totals.nursing_beds),
            share=f"{totals.nursing_share_at_most:.1%}",
            beds=_whole(totals.institution_beds),
        )
    if totals.beds > 0 and _known(totals.nursing_beds):
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


def _gap_sentences(
    totals: BedTotals, rulebook: Rulebook, *, on: date
) -> tuple[tuple[Message, ...], tuple[Message, ...]]:
    """Return the gap to the sum of the classes, and that to the sum as a document rounds it.

    The documents count against the rounded sum; both gaps are told, and which is which.
    """
    rule = rulebook.find("beds_per_1000_elderly", "all", on)
    if rule is None or not totals.elderly_60plus:
        return (), ()
    exact = _gap(totals, totals.beds, say("逐项合计"), target=rule.value)
    return exact, _gap(totals, totals.rounded_beds, say("文件取整"), target=rule.value)


def _gap(totals: BedTotals, beds: float, which: Message, *, target: float) -> tuple[Message, ...]:
    if not _known(beds):
        return ()
    year = max(totals.elderly_60plus)
    needed = totals.needed(year, per_1000=target)
    sentence = say(
        "按每千名老年人 {target:g} 张，{year} 年老年人 {elderly} 人需床位 {needed} 张，"
        "对照{which}的 {beds} 张，缺 {gap} 张。",
        target=target,
        year=year,
        elderly=_whole(totals.elderly_60plus[year]),
        needed=_whole(needed),
        which=which,
        beds=_whole(beds),
        gap=_whole(max(needed - beds, 0.0)),
    )
    return (sentence,)


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
