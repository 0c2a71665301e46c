"""One figure beside its target: what it is divided by, which clause asks for it, who answers."""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from analysis.provision.rates import UNKNOWN_MAX
from analysis.rulebook import Rule
from geo.language import Message, joined, say

Bound = Literal["", "at_least", "at_most"]
Worked = Literal["ratio", "shortfall"]
Whole = Literal["", "city", "nation"]


@dataclass(frozen=True)
class Indicator:
    """One figure beside its target.

    value
        In `unit`; None where the denominator is 0 or too much is unknown.
    numerator, denominator
        What was divided by what; NaN where the figure is no ratio or was entered by hand. Of a
        shortfall what there is, and what there should be.
    worked, per
        How the two make the value: one divided by the other, times `per`; or one lacking to the
        other, never below nothing.
    rule
        The row that sets the target; None where no text known to the packs does.
    basis
        The row whose words or method the figure follows where they set no target.
    bound
        Whether the true figure is the value (empty), or at least or at most it, because part of
        what it is made of is unknown: then only what is certain is judged.
    entered
        Whether it was entered by hand; then `year`, `date` and `source` are those it came with.
    note
        What a reader must know beside the figure: its basis, an upper bound, what is left out.
    wider
        The whole that the target is asked of, where the figure is of a part of it: then it stands
        beside its target and is not held against it.
    """

    key: str
    name: Message | str
    value: float | None
    unit: str
    rule: Rule | None = None
    numerator: float = math.nan
    denominator: float = math.nan
    worked: Worked = "ratio"
    per: float = 1.0
    year: int | None = None
    source: str = ""
    note: Message | str = ""
    basis: Rule | None = None
    bound: Bound = ""
    entered: bool = False
    date: dt.date | None = None
    wider: Whole = ""

    @property
    def target(self) -> float | None:
        """Return what the rule asks for; None where nothing binding does, or no number is given."""
        rule = self.rule
        return rule.value if rule is not None and rule.binding and rule.compare != "told" else None

    @property
    def met(self) -> bool | None:
        """Return whether the figure meets its target; None where it cannot be told."""
        if self.value is None or self.rule is None or self.target is None or self.wider:
            return None
        meets = bool(self.rule.meets(self.value))
        # A bound on the side the target asks for proves that it is met; on the other, that not.
        provable = {"": meets, self.rule.compare: True}.get(self.bound, False)
        return meets if meets == provable else None

    @property
    def gap(self) -> float | None:
        """Return how much is missing to the target, in the unit; 0 where it is met."""
        if self.met is None or self.value is None or self.target is None:
            return None
        return 0.0 if self.met else abs(self.target - self.value)

    @property
    def text(self) -> Rule | None:
        """Return the row whose clause stands beside the figure; never one that is recalled."""
        row = self.rule if self.rule is not None else self.basis
        return row if row is not None and row.binding else None

    @property
    def told_year(self) -> int | None:
        """Return the year of the figure; where there is none yet, that of its target."""
        if self.value is None and self.rule is not None and self.rule.target_year is not None:
            return self.rule.target_year
        return self.year


def ratio(  # noqa: PLR0913 - one figure has many sides
    rule: Rule | None,
    *,
    key: str,
    name: Message,
    parts: tuple[float, float],
    on: dt.date,
    unit: str = "比例",
    unknown: float = 0.0,
    per: float = 1.0,
    note: Message | str = "",
    bound: Bound = "",
) -> Indicator:
    """Return a ratio beside its target.

    parts
        Numerator and denominator, both unrounded; NaN where one is unknown.
    unknown
        The part of the whole that is unknown, 0-1; above a fifth no value is told.
    per
        What the denominator is counted in, 1000 for a figure per thousand.
    """
    numerator, denominator = (float(part) for part in parts)
    told = denominator > 0 and unknown <= UNKNOWN_MAX and not math.isnan(numerator)
    return Indicator(
        key=key,
        name=name,
        value=numerator / denominator * per if told else None,
        unit=unit,
        rule=rule,
        numerator=numerator,
        denominator=denominator,
        per=per,
        year=on.year,
        note=note,
        bound=bound,
    )


def of_a_part(one: Indicator, *, whole_city: bool) -> Indicator:
    """Return a figure of the study; not held against what is asked of more than the study."""
    told = one.rule is not None and one.target is not None and one.value is not None
    of = one.rule.of if told and one.rule is not None else ""
    if not of or (of == "city" and whole_city):
        return one
    return replace(one, wider=of, note=notes(one.note, _WIDER[of]))


_WIDER: Mapping[str, Message] = MappingProxyType(
    {
        "city": say("目标是对全市的，研究没有写明覆盖全市，现状数仅供对照，不作结论。"),
        "nation": say("目标是对全国的，现状数仅供对照，不作结论。"),
    }
)


def notes(*parts: Message | str | None) -> Message | str:
    """Return the sentences that there are, one after the other; empty where there are none."""
    said = [part for part in parts if part]
    return joined(" ", *said) if said else ""
