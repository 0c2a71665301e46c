"""What is asked of a search for sites: how many, how much, of which kind, checked."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from analysis.coverage.areas import LEVELS
from geo.errors import SitingError
from geo.language import say

Capacity = Literal["beds", "m2"]
Weighting = Literal["80plus", "behind"]


class Objective(StrEnum):
    """What the sites are to do."""

    MAX_COVER = "max-cover"
    SET_COVER = "set-cover"
    P_MEDIAN = "p-median"
    P_CENTER = "p-center"


@dataclass(frozen=True)
class Asked:
    """One question: exactly one of count, cover, cover_each and budget_wan.

    count
        So many sites at most.
    cover, cover_each
        The share of the people of 60+ to be covered, of the whole or of every area of a level.
    budget_wan
        What the sites may cost together.
    objective
        None: most people for a count or a budget, fewest sites for a share.
    capacity
        Which figure limits how many people a facility serves; None: nothing does.
    weighting
        Whether people of 80+ are counted instead, or people of the streets that are furthest
        behind count more.
    may_close, may_upgrade
        Ids of facilities: that count today and may be given up for a better site, and that do not
        count today and may be rebuilt so that they do; `all` names them all.
    generate
        Whether candidates are made up along the streets, in the place of the layer.
    stock_only
        Whether new land is left out.
    seconds
        The search ends after this time, with what it has.
    """

    count: int | None = None
    cover: float | None = None
    cover_each: tuple[str, float] | None = None
    budget_wan: float | None = None
    objective: Objective | None = None
    capacity: Capacity | None = None
    weighting: Weighting | None = None
    may_close: tuple[str, ...] = ()
    may_upgrade: tuple[str, ...] = ()
    generate: bool = False
    stock_only: bool = False
    seconds: float = 30.0

    def __post_init__(self) -> None:
        """Refuse what cannot be asked together. Errors: SitingError."""
        given = (self.count, self.cover, self.cover_each, self.budget_wan)
        if sum(each is not None for each in given) != 1:
            raise SitingError(
                say(
                    "请在 --count、--cover、--cover-each、--budget 中给出一个，且只给一个。"
                    "要给处数又限资金：用 --count 或 --budget 选址，加 --years 年:万元 分年排；"
                    "--cover、--cover-each 处数相同时自动取费用低的。"
                )
            )
        self._require_sane()
        self._require_fitting()

    @property
    def aim(self) -> Objective:
        """Return what the sites are to do."""
        if self.objective is not None:
            return self.objective
        by_share = self.cover is not None or self.cover_each is not None
        return Objective.SET_COVER if by_share else Objective.MAX_COVER

    def _require_sane(self) -> None:
        if self.count is not None and self.count < 0:
            raise SitingError(say("--count “{value}”不能小于 0。", value=self.count))
        if self.budget_wan is not None and not 0 <= self.budget_wan < float("inf"):
            raise SitingError(
                say("--budget “{value}”应是不小于 0 的万元数。", value=self.budget_wan)
            )
        if not 0 <= self.seconds < float("inf"):
            raise SitingError(
                say("--seconds “{value}”应是不小于 0 的秒数。", value=self.seconds)
            )
        shares = [self.cover, None if self.cover_each is None else self.cover_each[1]]
        for share in shares:
            if share is not None and not 0 <= share <= 1:
                raise SitingError(
                    say("覆盖率“{value:g}”应在 0 到 1 之间：90% 请写 0.9 或 90%。", value=share)
                )
        if self.cover_each is not None and self.cover_each[0] not in LEVELS:
            raise SitingError(
                say(
                    "--cover-each 的级别“{level}”不认识。可用：{known}。",
                    level=self.cover_each[0],
                    known="、".join(LEVELS),
                )
            )

    def _require_fitting(self) -> None:
        """Refuse an objective that the given measure does not serve."""
        by_share = self.cover is not None or self.cover_each is not None
        if by_share is not (self.aim is Objective.SET_COVER):
            raise SitingError(
                say(
                    "目标 {objective} 与所给条件不配：按覆盖率（--cover、--cover-each）只能求"
                    "最少处数（set-cover）；其余目标请给 --count 或 --budget。",
                    objective=self.aim.value,
                )
            )
        walks = self.aim in (Objective.P_MEDIAN, Objective.P_CENTER)
        if walks and (self.count is None or self.capacity is not None):
            raise SitingError(
                say("目标 {objective} 只按 --count 求解，不计容量。", objective=self.aim.value)
            )
        if self.capacity is not None and self.cover_each is not None:
            raise SitingError(say("--capacity 不能与 --cover-each 同用：请改用 --cover。"))
        if self.weighting is not None and (by_share or walks or self.capacity is not None):
            raise SitingError(say("--weight 只用于不计容量的 max-cover。"))
        if self.may_close and (self.aim is not Objective.MAX_COVER or self.capacity is not None):
            raise SitingError(say("--may-close 只用于不计容量的 max-cover。"))
