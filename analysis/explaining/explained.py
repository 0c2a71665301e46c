"""An explained number: its formula with the figures put in, its rule, its rows."""

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import pandas as pd

from analysis.rulebook import Rule
from geo.errors import PlanningError
from geo.language import Message, say, translate

Kind = Literal["coverage", "band", "provision", "indicator", "area", "estate", "facility"]
LIST: Final = "list"
SHARE: Final = "比例"  # the unit of the indicators that are shares
NEAREST: Final = 3
# Where a figure is looked for when its key alone is given.
GROUPS: Final = ("coverage", "band", "provision", "indicator")


@dataclass(frozen=True, eq=False)
class Explanation:
    """Why one number is what it is; `parameters` are those that bear on it, by name.

    value
        As printed: in summary.json, coverage.csv, provision.csv or places.csv; None where unknown.
    numerator, denominator
        Unrounded, with their names; None where the figure is no ratio or no sum.
    rule
        The row of a pack that sets the measure; None where no text does.
    rows
        What stands behind it, one a row; empty where the figure has no rows of its own.
    """

    key: str
    title: Message
    value: float | int | str | None
    unit: str
    formula: Message
    area: str | None = None
    numerator: float | None = None
    numerator_name: Message | None = None
    denominator: float | None = None
    denominator_name: Message | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)
    rule: Rule | None = None
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    notes: tuple[Message, ...] = ()


def parts_told(explanation: Explanation) -> list[tuple[Message, Message]]:
    """Return what numerator and denominator are, with their figures; nothing where it has none."""
    if explanation.denominator_name is None:
        return []
    parts = (
        (say("分子"), explanation.numerator_name, explanation.numerator),
        (say("分母"), explanation.denominator_name, explanation.denominator),
    )
    return [
        (label, say("{name}：{figure}", name=name, figure=number(figure)))
        for label, name, figure in parts if name is not None
    ]  # fmt: skip


def number(value: float | str | None, decimals: int | None = None) -> str:
    """Return a figure as formulas show it: no trailing noughts; — where unknown.

    decimals
        By default as many as give three digits that mean something, and one at the least.
    """
    if value is None or isinstance(value, str):
        return value or "—"
    if pd.isna(value):
        return "—"
    if decimals is None:
        decimals = max(1, 2 - math.floor(math.log10(abs(value)))) if value else 0
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(value: float | str | None, unit: str) -> Message:
    """Return a figure with its unit, in as many digits as mean something there.

    unit
        `share`, `m2`, `min`, `people`, `estates`, or the unit of an indicator as it is written.
    """
    if value is None or isinstance(value, str) or pd.isna(value):
        return say("{text}", text=number(value))
    if unit in ("share", SHARE):
        return say("{text}", text=f"{value:.1%}")
    worded = {
        "m2": say("{amount}平方米", amount=number(value, 1)),
        "people": say("{amount}人", amount=number(value, 0)),
        "estates": say("{amount}个小区", amount=number(value, 0)),
        "min": say("{amount}分钟", amount=number(value, 1)),
    }
    return worded.get(unit) or with_unit(number(value), unit)


def with_unit(figure: str, unit: str) -> Message:
    """Return a printed figure with a unit of the rules; one that nobody foresaw as it stands."""
    told = {
        "m2": say("{amount} ㎡", amount=figure),
        "人": say("{amount} 人", amount=figure),
        "万人": say("{amount} 万人", amount=figure),
        "万张": say("{amount} 万张", amount=figure),
        "m2/人": say("{amount} ㎡/人", amount=figure),
        "m2/千人": say("{amount} ㎡/千人", amount=figure),
        "m2/百户": say("{amount} ㎡/百户", amount=figure),
        "张": say("{amount} 张", amount=figure),
        "张/千人": say("{amount} 张/千人", amount=figure),
        "人/千人": say("{amount} 人/千人", amount=figure),
        "个": say("{amount} 个", amount=figure),
        "家": say("{amount} 家", amount=figure),
        "岁": say("{amount} 岁", amount=figure),
        "分钟": say("{amount} 分钟", amount=figure),
        "层": say("{amount} 层", amount=figure),
        "月": say("{amount} 个月", amount=figure),
        "年": say("{amount} 年", amount=figure),
        "人/户": say("{amount} 人/户", amount=figure),
    }
    return told.get(unit) or say("{text}", text=f"{figure} {unit.replace('m2', '㎡')}".strip())


def unit_words(unit: str) -> str:
    """Return a unit of the rules as it stands by itself."""
    return translate("比例") if unit == SHARE else str(with_unit("", unit)).strip()


def unknown_key(key: str, known: list[str]) -> PlanningError:
    """Return the refusal of a key: the nearest known ones, and how to list all."""
    near = difflib.get_close_matches(key, known, n=NEAREST, cutoff=0.0)
    return PlanningError(
        say(
            "没有名为“{key}”的数字；相近的有 {near}。全部列出：carecircle explain STUDY list。",
            key=key,
            near="、".join(near) or "—",
        )
    )


def area_called(area: str, known: Mapping[str, str]) -> str:
    """Return the id of the one area of a name.

    known
        Names by id.

    Errors: PlanningError with ids and names: of all that are called so, else of the nearest.
    """
    called = [one for one, name in known.items() if name == area]
    if len(called) == 1:
        return called[0]
    if called:
        told = "、".join(_with_name(one, area) for one in called)
        raise PlanningError(
            say("名称“{area}”不止一个：{known}。请写编号。", area=area, known=told)
        )
    by_word = {word: one for one, name in known.items() for word in (name, one) if word}
    words = difflib.get_close_matches(area, [*by_word], n=NEAREST, cutoff=0.0)
    ids = dict.fromkeys(by_word[word] for word in words)
    near = "、".join(_with_name(one, known[one]) for one in ids)
    raise PlanningError(
        say(
            "没有编号或名称为“{area}”的区域、小区或设施；相近的有 {near}。",
            area=area,
            near=near or "—",
        )
    )


def _with_name(one: str, name: str) -> str:
    return f"{one}（{name}）" if name else one


def unknown_key_of(key: str, area: str, known: list[str]) -> PlanningError:
    """Return the refusal of a key that this kind of area does not have."""
    near = difflib.get_close_matches(key, known, n=len(known), cutoff=0.0)
    return PlanningError(
        say(
            "“{area}”没有名为“{key}”的数字；可用：{known}。",
            area=area,
            key=key,
            known="、".join(near),
        )
    )
