"""How many people of 60+ a facility has room for, by its beds or by its square metres."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.columns import figures
from analysis.coverage.tally import numbers
from analysis.evaluation import Evaluation, household_size
from analysis.rule_keys import FLOOR_AREA
from analysis.rulebook import Rule
from analysis.siting.asked import Capacity
from analysis.siting.demand import ELDERLY
from analysis.siting.site_table import SiteTable
from geo.errors import SitingError
from geo.findings import Finding
from geo.language import Message, joined, say
from geo.streets.network import Floats

BEDS = "beds_per_1000_elderly"


@dataclass(frozen=True, eq=False)
class People:
    """The people each candidate and each facility that counts has room for; NaN where unknown.

    per_person
        Beds, or square metres of floor, that one person of 60+ is counted with.
    formula, rule
        How it is worked out, with its figures, and the text that its first figure stands in.
    """

    room: Floats
    existing_room: Floats
    per_person: float
    formula: Message
    rule: Message
    findings: tuple[Finding, ...]


def people_served(evaluation: Evaluation, capacity: Capacity, table: SiteTable) -> People:
    """Return how many people facilities have room for.

    A bed serves as many people of 60+ as there are to a bed where the pack's beds per thousand are
    met; floor area as many as share the 20 m² of a hundred households. Neither is law for a single
    facility, and both are told. Land has no floor area yet.

    Errors: SitingError where no rule gives the figure, or no candidate tells its own.
    """
    per_person, formula, rule = (
        _beds_each(evaluation) if capacity == "beds" else _floor_each(evaluation)
    )
    column = "beds" if capacity == "beds" else "area_m2"
    offered = table.eligible.figure(column)
    if capacity == "m2":
        offered = np.where(table.eligible.table["new_land"], np.nan, offered)
    if np.isnan(offered).all():
        word = say("床位数") if capacity == "beds" else say("面积")
        raise SitingError(say("备选点没有“{word}”，不能按容量选址。请补充该列。", word=word))
    standing = _of_facilities(evaluation, "beds" if capacity == "beds" else "floor_area_m2")
    return People(
        offered / per_person,
        standing / per_person,
        per_person,
        formula,
        rule,
        tuple(_told(joined("；", formula, rule), offered, standing)),
    )


def _beds_each(evaluation: Evaluation) -> tuple[float, Message, Message]:
    rule = evaluation.rulebook.find(BEDS, "all", evaluation.study.on)
    if rule is None:
        raise SitingError(say("规则包没有每千名老年人床位数，不能按床位计容量：请用 m2。"))
    each = rule.value / 1000
    formula = say(
        "每名 60 岁以上老年人 {each:.3f} 张床位 = 每千名 {value:g} 张 ÷ 1000",
        each=each, value=rule.value,
    )  # fmt: skip
    return each, formula, _source(rule)


def _floor_each(evaluation: Evaluation) -> tuple[float, Message, Message]:
    """Return m² a person of 60+: those of a household, by its people and how many are of 60+."""
    rule = evaluation.rulebook.find(FLOOR_AREA, "built", evaluation.study.on)
    size = household_size(evaluation.study, evaluation.rulebook)
    population, old = (numbers(evaluation.homes, name) for name in ("population", ELDERLY))
    both = ~np.isnan(population) & ~np.isnan(old)  # one without the other tells no ratio
    everybody, elderly = float(population[both].sum()), float(old[both].sum())
    if rule is None or not everybody > 0 or not elderly > 0:
        raise SitingError(
            say("没有每百户配建面积的规则或总人口，不能按面积计容量：请用 beds。")
        )
    share = elderly / everybody
    each = rule.value / 100 / size / share
    formula = say(
        "每名 60 岁以上老年人 {each:.3f} 平方米建筑面积 = 每百户 {value:g} 平方米 ÷ 100 ÷ "
        "户均 {size:g} 人 ÷ 60 岁以上占 {share:.1%}（{elderly:,.0f} / {everybody:,.0f} 人）",
        each=each, value=rule.value, size=size, share=share, elderly=elderly, everybody=everybody,
    )  # fmt: skip
    return float(each), formula, _source(rule)


def _source(rule: Rule) -> Message:
    """Return where a figure stands."""
    where = f"{rule.document} {rule.clause}".strip()
    return say("依据：{where}", where=where)


def _of_facilities(evaluation: Evaluation, column: str) -> Floats:
    """Return a figure of the facilities that count, in their order; NaN where unknown."""
    facilities = evaluation.study.layer("facilities")
    if facilities is None or not evaluation.counted:
        return np.zeros(0)
    known = pd.Series(figures(facilities, column).to_numpy(), index=facilities["id"])
    return known.reindex([*evaluation.counted]).to_numpy(dtype=np.float64)


def _told(
    formula: Message, offered: Floats, standing: Floats
) -> list[Finding]:
    told = [
        Finding(
            "info",
            "candidates",
            say("容量折算：{formula}。是测算口径，不是对单处设施的规定。", formula=formula),
        )
    ]
    silent = int(np.isnan(offered).sum())
    if silent:
        message = say("{count} 个备选点容量未知，不选。", count=silent)
        told.append(Finding("warning", "candidates", message, say("请补充床位数或面积。")))
    unknown = int(np.isnan(standing).sum())
    if unknown:
        message = say("{count} 处现有设施容量未知，按不限计，新增因此不会多算。", count=unknown)
        told.append(Finding("warning", "facilities", message, say("请补充床位数或面积。")))
    return told
