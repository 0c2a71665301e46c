"""What must be known beside the figures that the provision check adds up to."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from analysis.indicators.indicator import Indicator
from analysis.provision.rates import DECIDED, PASSED
from analysis.provision.reasons import SEPARATOR
from analysis.rule_keys import FLOOR_AREA
from analysis.rulebook import Rulebook
from geo.language import Message, joined, say


@dataclass(frozen=True)
class NewEstates:
    """New estates with a verdict by the rule that they are checked by, and how many pass.

    by_new, by_built, undated
        All, then those that pass: by a rule for new estates; by that for what stands, because
        their duty is older than every rule for new ones; of no known date, so that either may bind.
    since
        From when the first rule for new estates is in force.
    """

    by_new: tuple[int, int]
    by_built: tuple[int, int]
    undated: tuple[int, int]
    since: date

    @property
    def count(self) -> int:
        """Return how many they are."""
        return self.by_new[0] + self.by_built[0] + self.undated[0]

    def sentence(self) -> Message:
        """Return which of them are checked by which rule."""
        told = say(
            "其中按新建标准（{since}起）核查 {new} 个，达标 {new_met} 个；"
            "规划条件更早、按已建成标准核查 {built} 个，达标 {built_met} 个",
            since=self.since.isoformat(), new=self.by_new[0], new_met=self.by_new[1],
            built=self.by_built[0], built_met=self.by_built[1],
        )  # fmt: skip
        count, met = self.undated
        more = say("；日期不明的 {count} 个，达标 {met} 个", count=count, met=met) if count else ""
        return joined("", told, more, say("。"))


def new_estates(provision: pd.DataFrame, rulebook: Rulebook, *, on: date) -> NewEstates | None:
    """Return by which rule the new estates are checked; None where all are by that for new ones.

    provision
        The table of the provision check.
    """
    rules = rulebook.history(FLOOR_AREA, "new", until=on)
    decided = provision["in_scope"].astype(bool) & provision["verdict"].isin(DECIDED)
    new = provision[decided & provision["kind"].eq("new").fillna(value=False).astype(bool)]
    codes = new["reasons"].astype("str").str.split(SEPARATOR)
    by_built = codes.map(lambda each: "judged_as_built" in each).astype(bool)
    by_new = new["rule"].astype("str").isin([rule.id for rule in rules]) & ~by_built
    passed = new["verdict"].isin(PASSED)
    if not rules or by_new.all():
        return None

    def counted(which: "pd.Series[bool]") -> tuple[int, int]:
        return int(which.sum()), int((which & passed).sum())

    return NewEstates(
        counted(by_new), counted(by_built), counted(~by_new & ~by_built), rules[0].in_force_from
    )


def apart_from_the_sum(together: Indicator, provision: pd.DataFrame) -> Message | None:
    """Return why what all estates lack together is not what they lack one by one.

    None where it is the same, to the square metre.

    together
        The floor area per 100 households of all estates with a verdict.
    """
    if together.value is None or together.target is None:
        return None
    lacking = float(provision.loc[provision["in_scope"].astype(bool), "deficit_m2"].sum())
    owed = together.target * together.denominator - together.numerator
    whole, each = round(max(owed, 0.0)), round(lacking)
    if whole == each:
        return None
    return say(
        "每百户面积是合计，含达标小区的富余：照它缺 {whole:,.0f} ㎡，"
        "逐个小区相加缺 {each:,.0f} ㎡。", whole=whole, each=each,
    )  # fmt: skip
