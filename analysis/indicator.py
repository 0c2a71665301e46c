"""One figure beside its target: what it is divided by, which clause asks for it, who answers."""

import math
from dataclasses import dataclass
from datetime import date

from analysis.provision_rates import UNKNOWN_MAX
from analysis.rulebook import Rule
from geo.language import Message


@dataclass(frozen=True)
class Indicator:
    """One figure beside its target.

    value
        In `unit`; None where the denominator is 0 or too much is unknown.
    numerator, denominator
        What was divided by what; NaN where the figure is no ratio or was entered by hand.
    rule
        The row that sets the target; None where no text known to the packs does.
    year
        Of the figure, where it was entered by hand with a date.
    source
        Where a figure entered by hand comes from; empty for one computed here.
    note
        What a reader must know beside the figure: its basis, an upper bound, what is left out.
    """

    key: str
    name: Message | str
    value: float | None
    unit: str
    rule: Rule | None = None
    numerator: float = math.nan
    denominator: float = math.nan
    year: int | None = None
    source: str = ""
    note: Message | str = ""

    @property
    def target(self) -> float | None:
        """Return what the rule asks for; None where nothing binding does."""
        return self.rule.value if self.rule is not None and self.rule.binding else None

    @property
    def met(self) -> bool | None:
        """Return whether the figure meets its target; None where it cannot be told."""
        if self.value is None or self.rule is None or self.target is None:
            return None
        return self.rule.meets(self.value)

    @property
    def gap(self) -> float | None:
        """Return how much is missing to the target, in the unit; 0 where it is met."""
        if self.value is None or self.rule is None or self.target is None:
            return None
        if self.rule.meets(self.value):
            return 0.0
        return abs(self.target - self.value)

    @property
    def told_year(self) -> int | None:
        """Return the year of the target, else that of the figure."""
        if self.rule is not None and self.rule.target_year is not None:
            return self.rule.target_year
        return self.year


def ratio(  # noqa: PLR0913 - one figure has many sides
    rule: Rule | None,
    *,
    key: str,
    name: Message,
    parts: tuple[float, float],
    on: date,
    unit: str = "比例",
    unknown: float = 0.0,
    per: float = 1.0,
    note: Message | str = "",
) -> Indicator:
    """Return a ratio beside its target.

    parts
        Numerator and denominator, both unrounded; NaN where one is unknown.
    unknown
        The part of the whole that is unknown, 0-1; above a fifth no value is told.
    per
        What the denominator is counted in, 1000 for a figure per thousand.
    """
    numerator, denominator = parts
    told = denominator > 0 and unknown <= UNKNOWN_MAX and not math.isnan(numerator)
    return Indicator(
        key=key,
        name=name,
        value=numerator / denominator * per if told else None,
        unit=unit,
        rule=rule,
        numerator=numerator,
        denominator=denominator,
        year=on.year,
        note=note,
    )
