"""Planning conditions: what a new parcel owes, and the sentence that says so."""

import math
from dataclasses import dataclass
from datetime import date
from typing import Final

from analysis.description import ProvisionSettings
from analysis.rule_keys import FLOOR_AREA, PHASE_DUE, ROOM
from analysis.rulebook import Rule, Rulebook
from geo.errors import PlanningError
from geo.language import Message, joined, say
from geo.ledgers.numbers import read_number, shown

# More homes than two 15-minute circles of the planning standard hold are a slip of the keyboard.
MOST_HOUSEHOLDS: Final = 100_000
_NOISE_DIGITS: Final = 6
HALF: Final = 0.5


@dataclass(frozen=True)
class Conditions:
    """What a parcel owes.

    required_m2
        Unrounded; `printed_m2` is never less than it.
    rule
        The row that asks for it.
    room
        The smallest usable room that any pack names: a hint, told with the place it is from.
    phases
        By when the rooms of a phased project must stand; None where no pack says so.
    """

    households: int
    on: date
    kind: str
    required_m2: float
    rule: Rule
    room: Rule | None
    phases: Rule | None
    settings: ProvisionSettings

    @property
    def printed_m2(self) -> str:
        """Return the area in print, m² to two decimals, rounded up: less would be too little."""
        return printed_up(self.required_m2)

    @property
    def sentence(self) -> Message:
        """Return the sentence to copy into planning conditions."""
        if self.required_m2 == 0:
            return say(
                "该地块规划住宅 {households} 户，少于 {least} 户，按研究设定不要求单独配建。",
                households=self.households,
                least=self.settings.exempt_below,
            )
        return say(
            "该地块规划住宅 {households} 户，按照每百户不少于{value}平方米建筑面积的标准"
            "（{source}），应集中配建居家社区养老服务设施建筑面积不少于{area}平方米，"
            "与住宅同步规划、同步建设、同步验收、同步交付，并按规定移交民政部门。",
            households=self.households,
            value=f"{self.rule.value:g}",
            source=source_of(self.rule),
            area=self.printed_m2,
        )

    @property
    def formula(self) -> Message:
        """Return how the area comes about, with the figures put in."""
        return say(
            "{households} 户 ÷ 100 × {value} 平方米/百户 = {area} 平方米",
            households=owing_households(self.households, self.settings),
            value=f"{self.rule.value:g}",
            area=f"{self.required_m2:.15g}",
        )

    @property
    def phased(self) -> Message:
        """Return by when the rooms must stand where the parcel is built in phases."""
        if self.phases is None:
            return say("所依据的规定没有分期建设的规定；建议将养老服务设施安排在首期。")
        share: Message | str = f"{self.phases.value:.0%}"
        if self.phases.value == HALF:
            share = say("一半")
        return say(
            "项目分期建设的，养老服务设施应安排在首期，最迟在住宅建成{share}之前建成（{source}）。",
            share=share,
            source=source_of(self.phases),
        )

    @property
    def hint(self) -> Message | None:
        """Return how the area stands to the smallest usable room; None where no pack names one."""
        if self.room is None:
            return None
        room = {"room": f"{self.room.value:g}", "source": source_of(self.room)}
        if self.room.meets(self.required_m2):
            return say("已达到单处可用规模 {room} 平方米（取自{source}，仅供参考）。", **room)
        return say(
            "不足单处可用规模 {room} 平方米（取自{source}，仅供参考），可考虑与相邻小区统筹。",
            **room,
        )


def planning_conditions(
    households: int,
    rulebook: Rulebook,
    on: date,
    *,
    kind: str = "new",
    settings: ProvisionSettings | None = None,
) -> Conditions:
    """Return what a parcel of so many homes owes on a date.

    settings
        The study's judgements: steps of households, and below how many nothing is owed.

    Errors: PlanningError for a number of homes that no parcel has; RuleError where no rule is in
    force.
    """
    if not 1 <= households <= MOST_HOUSEHOLDS:
        raise PlanningError(_no_households(str(households)))
    settings = settings or ProvisionSettings()
    rule = rulebook.at(FLOOR_AREA, kind, on)
    return Conditions(
        households=households,
        on=on,
        kind=kind,
        required_m2=owing_households(households, settings) / 100 * rule.value,
        rule=rule,
        room=rulebook.find(ROOM, "all", on),
        phases=rulebook.find(PHASE_DUE, "new", on),
        settings=settings,
    )


def owing_households(households: int, settings: ProvisionSettings) -> int:
    """Return the households that count: whole steps of them, none where exempt."""
    if households < settings.exempt_below:
        return 0
    step = settings.household_step
    return households if not step else math.ceil(households / step) * step


def read_households(text: str) -> int:
    """Return a number of homes as it was typed. Errors: PlanningError naming what was typed."""
    parsed = read_number(text, whole=True, unit="households", least=1)
    if parsed.value is None or not 1 <= parsed.value <= MOST_HOUSEHOLDS:
        raise PlanningError(_no_households(shown(text)))
    return int(parsed.value)


def printed_up(area_m2: float) -> str:
    """Return square metres to two decimals, rounded up; float noise is no reason to."""
    return f"{math.ceil(round(area_m2 * 100, _NOISE_DIGITS)) / 100:.2f}"


def source_of(rule: Rule) -> Message:
    """Return document and clause of a rule; what was not read in full says so."""
    named = joined(" ", *(part for part in (rule.document, rule.clause) if part))
    if rule.confidence == "policy text":
        return named
    return say("{named}，见于公开页面", named=named)


def _no_households(text: str) -> Message:
    return say(
        "户数“{text}”不合要求。请给出 1 到 {most} 之间的整数。", text=text, most=MOST_HOUSEHOLDS
    )
