"""The ledger of indicators: every figure that is computed or entered, beside what asks for it."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import Protocol

import pandas as pd

from analysis.districts.bed_totals import total_name, total_notes
from analysis.indicators.indicator import Indicator, notes
from analysis.rulebook import EVERYTHING, Rule, Rulebook
from geo.findings import Finding, Severity
from geo.language import Message, say

SHARE = "比例"
PERCENT = ("%", "％", "百分比", "百分数")
ENTERED = "_entered"
COLUMNS = (
    "key", "name", "clause", "document", "quote", "confidence", "value", "target", "compare",
    "unit", "met", "gap", "numerator", "denominator", "target_year", "bureau", "source", "date",
    "note",
)  # fmt: skip

COMPUTED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "provision_rate_new": ("provision_rate_target", "new"),
        "care_floor_area_per_100_households": ("care_floor_area_per_100_households", "built"),
        "urban_community_served": ("urban_community_coverage_target", EVERYTHING),
        "rural_community_coverage": ("rural_community_coverage_target", EVERYTHING),
        "community_station_coverage": ("community_station_coverage_target", EVERYTHING),
        "street_centre_rate": ("street_centre_rate_target", EVERYTHING),
        "street_centre_rate_subdistricts": ("street_centre_rate_target", "subdistrict"),
        "care_land_per_resident_community": ("care_land_per_resident", "community"),
        "care_land_per_resident_welfare": ("care_land_per_resident", "welfare"),
        "beds_per_1000_elderly": ("beds_per_1000_elderly", EVERYTHING),
        "nursing_share_of_institution_beds": ("nursing_share_of_institution_beds", EVERYTHING),
        "basic_and_affordable_beds_share": ("basic_and_affordable_beds_share", EVERYTHING),
        "new_public_beds": ("new_public_beds", EVERYTHING),
        "health_agreement_share": ("health_agreement_target", EVERYTHING),
        **{
            f"county_presence_{kind}": ("county_presence_target", kind)
            for kind in (
                "welfare_home", "elder_university", "rehab", "combined_care", "activity_centre",
            )
        },
    }
)  # fmt: skip
"""Which rule each computed indicator is held against: its key, and what it binds."""


TOLD_WITHOUT_TARGET = ("urban_community_coverage",)
"""Computed figures that are held against nothing; one entered beside them is no stranger."""


class EnteredValue(Protocol):
    """A figure entered by hand, with where it comes from."""

    @property
    def value(self) -> float:
        """Return the figure, in its unit."""

    @property
    def unit(self) -> str:
        """Return the unit; empty where not stated."""

    @property
    def source(self) -> str:
        """Return where the figure comes from; empty where not stated."""

    @property
    def date(self) -> dt.date | None:
        """Return the date of the figure; None where not stated."""


@dataclass(frozen=True)
class Line:
    """One line of the ledger that a figure entered by hand fills: what it is held against."""

    key: str
    name: Message | str
    unit: str
    rule: Rule | None


def ledger_lines(
    computed: Iterable[Indicator],
    rulebook: Rulebook,
    *,
    on: dt.date,
    entered: Mapping[str, EnteredValue],
) -> tuple[Indicator, ...]:
    """Return what stands below the computed figures: entered ones, and lines waiting for one.

    First figures entered beside computed ones, as `KEY_entered`; then every line of the packs for
    which nothing is computed, filled where its key is entered; then what no pack knows.
    """
    computed = tuple(computed)
    beside = [
        _filled(_beside(one), entered[one.key]) for one in computed if one.key in entered
    ]
    lines = _lines(rulebook, on=on)
    waiting = [
        _filled(line, entered[key]) if key in entered else _waiting(line)
        for key, line in lines.items()
    ]
    told = {one.key for one in computed} | set(lines)
    follows = total_notes(entered, rulebook, on=on)
    others = [
        _with_note(_filled(_of_packs(key, rulebook, on=on), figure), follows.get(key, ()))
        for key, figure in entered.items()
        if key not in told
    ]
    return (*beside, *waiting, *others)


def _beside(one: Indicator) -> Line:
    name = say("{name}（填报值）", name=one.name)
    return Line(f"{one.key}{ENTERED}", name, one.unit, one.rule)


def _lines(rulebook: Rulebook, *, on: dt.date) -> dict[str, Line]:
    """Return the lines of the packs by key; one that binds a part is named with it."""
    lines = {}
    for rule in rulebook.ledger(on):
        part = "" if rule.applies_to == EVERYTHING else f"_{rule.applies_to}"
        lines[f"{rule.key}{part}"] = Line(f"{rule.key}{part}", _called(rule), rule.unit, rule)
    return lines


def _called(rule: Rule) -> Message:
    """Return the name of a line; bundled ones have their English, a place's own stay as written."""
    return Message(rule.name.replace("{", "{{").replace("}", "}}"))


def _of_packs(key: str, rulebook: Rulebook, *, on: dt.date) -> Line:
    """Return the line of a key that could be computed, had the study what it takes; else bare."""
    rule = rulebook.find(*COMPUTED[key], on) if key in COMPUTED else None
    return Line(key, total_name(key) or key, "" if rule is None else rule.unit, rule)


def _with_note(one: Indicator, sentences: tuple[Message, ...]) -> Indicator:
    """Return a figure with what follows from it, told apart from what the study counts itself."""
    if not sentences:
        return one
    apart = say("以下按填报的合计推算，不是本研究设施表的合计。")
    return replace(one, note=notes(one.note, apart, *sentences))


def _waiting(line: Line) -> Indicator:
    return Indicator(
        line.key, line.name, None, line.unit, rule=line.rule,
        note=notes(say("尚未填报。"), _unverified(line.rule)),
    )  # fmt: skip


def _filled(line: Line, figure: EnteredValue) -> Indicator:
    """Return a figure entered by hand; held against the line's rule only in the line's unit."""
    one = Indicator(
        key=line.key,
        name=line.name,
        value=figure.value,
        unit=figure.unit or line.unit,
        entered=True,
        year=None if figure.date is None else figure.date.year,
        source=figure.source,
        date=figure.date,
        note=_unverified(line.rule) or "",
    )
    value = in_unit(figure, line.unit)
    if line.rule is None:
        return one
    if value is not None and line.unit == SHARE and not 0 <= value <= 1:
        doubt = say("比例不在 0 与 100% 之间，不作结论。")
        return replace(one, basis=line.rule, note=notes(doubt, one.note))
    if value is None:
        doubt = say("单位与目标的“{unit}”不一致，照填报值列示，不作结论。", unit=line.unit)
        return replace(one, basis=line.rule, note=notes(doubt, one.note))
    return replace(one, value=value, unit=line.unit, rule=line.rule)


def in_unit(figure: EnteredValue, unit: str) -> float | None:
    """Return a figure in the unit of its line, 98 % as 0.98; None where it is in another.

    A figure without a unit is taken to be in that of its line, unless it is a share above 1.
    """
    if unit == SHARE and figure.unit in PERCENT:
        return figure.value / 100
    if figure.unit and figure.unit != unit:
        return None
    return None if unit == SHARE and figure.value > 1 else figure.value


def _unverified(rule: Rule | None) -> Message | None:
    """Return what is only recalled of a target, told as such."""
    if rule is None or rule.binding:
        return None
    return say(
        "未核实：据记忆为 {value:g}（{unit}，{document}），不作为目标。",
        value=rule.value,
        unit=rule.unit,
        document=rule.document,
    )


def ledger_table(indicators: Iterable[Indicator], *, on: dt.date) -> pd.DataFrame:
    """Return the ledger, one figure a row; what is unknown is empty.

    on
        The date of what is computed; figures entered by hand have their own.

    `bureau` is a proposal: who answers is for the place to say.
    """
    rows = [_row(one, on) for one in indicators]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(
        {
            **dict.fromkeys(("value", "target", "gap", "numerator", "denominator"), "float64"),
            "met": "boolean",
            "target_year": "Int64",
        }
    )


def _row(one: Indicator, on: dt.date) -> tuple[object, ...]:
    text, target = one.text, one.target
    date = one.date if one.entered or one.value is None else on
    return (
        one.key, str(one.name),
        "" if text is None else text.clause,
        "" if text is None else text.document,
        "" if text is None else text.quote,
        "" if text is None else text.confidence,
        one.value, target,
        "" if target is None or text is None else text.compare,
        one.unit, one.met, one.gap, one.numerator, one.denominator,
        None if text is None else text.target_year,
        "" if text is None else text.bureau,
        one.source, "" if date is None else date.isoformat(), str(one.note),
    )  # fmt: skip


def ledger_findings(
    entered: Mapping[str, EnteredValue], rulebook: Rulebook, *, on: dt.date
) -> tuple[Finding, ...]:
    """Return what is to be asked about figures entered by hand: their unit, source and date."""
    units: dict[str, str | None] = {key: line.unit for key, line in _lines(rulebook, on=on).items()}
    for key, named in COMPUTED.items():
        rule = rulebook.find(*named, on)
        units[key] = None if rule is None else rule.unit
    known = {*units, *TOLD_WITHOUT_TARGET}
    strangers = [key for key in entered if key not in known and total_name(key) is None]
    return (
        *(_stranger(key, [*units]) for key in strangers),
        *(
            finding
            for key, figure in entered.items()
            for finding in _about(key, figure, units.get(key))
        ),
    )


def _stranger(key: str, known: list[str]) -> Finding:
    """Return what is asked about a key that no pack knows: most often a slip of the keyboard."""
    near = get_close_matches(key, known, n=3)
    message = say("所依据的规定中没有这一指标，照填报值列示，不与任何目标对照。")
    remedy = say("请核对指标名，或在自己的规定汇编中写明。")
    if near:
        remedy = say("请核对指标名；相近的有 {near}。", near="、".join(near))
    return _finding("warning", key, "", message, remedy)


def _about(key: str, figure: EnteredValue, unit: str | None) -> Iterator[Finding]:
    if unit is not None and in_unit(figure, unit) is None:
        yield _finding(
            "warning", key, f"{figure.value:g}{figure.unit}",
            say("单位与目标的“{unit}”不一致，照填报值列示，不作结论。", unit=unit),
            say("请把单位写为“{unit}”；比例可写百分数，单位写 %。", unit=unit),
        )  # fmt: skip
    share = None if unit != SHARE else in_unit(figure, SHARE)
    if share is not None and not 0 <= share <= 1:
        yield _finding(
            "warning", key, f"{figure.value:g}{figure.unit}",
            say("比例不在 0 与 100% 之间，不作结论。"), say("请核对填报值和单位。"),
        )  # fmt: skip
    missing = _missing(figure)
    if missing is not None:
        yield _finding("info", key, "", missing, say("请在 [indicators] 中补上。"))


def _missing(figure: EnteredValue) -> Message | None:
    if not figure.source and figure.date is None:
        return say("填报值没有写明来源和日期。")
    if not figure.source:
        return say("填报值没有写明来源。")
    return say("填报值没有写明日期。") if figure.date is None else None


def _finding(
    severity: Severity, key: str, value: str, message: Message, remedy: Message
) -> Finding:
    return Finding(severity, "indicators", message, remedy, column=key, value=value)
