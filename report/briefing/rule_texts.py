"""The rules in their own words: what each row of the packs asks for, since when, how sure it is."""

from datetime import date
from typing import Final

import pandas as pd

from analysis.evaluation import Evaluation
from analysis.explaining.explained import SHARE, with_unit
from analysis.explaining.rule_names import rule_name
from analysis.rulebook import Rule
from geo.language import Message, headed, say
from report.briefing.content import Column, Table
from report.figures import NOTHING

RULES: Final = "rules"
_SWITCH: Final = "是否"  # the unit of a rule that lets or forbids
_LONGEST_YEARS: Final = 1000  # a rule's number of years is one of the calendar from here on
_SURE: Final = {"policy text": say("政策原文"), "public page": say("公开网页")}
_RULE: Final = (
    Column("rule", say("事项"), words=headed, weight=2),
    Column("value", say("取值")),
    Column("document", say("政策文件"), weight=1.6),
    Column("clause", say("条款")),
    Column("quote", say("原文"), weight=3),
    Column("confidence", say("可信度"), words=headed),
    Column("in_force_from", say("施行日期")),
    Column("standing", say("施行情况"), words=headed),
    Column("id", say("代码")),
)  # fmt: skip


def rules_table(evaluation: Evaluation) -> Table:
    """Return every rule of the packs with its words, and from when it is in force.

    Estates are held against the rules of their own time, so those that others replaced stand here
    too; what comes into force after the study's date is marked.
    """
    on = evaluation.study.on
    rows = [
        {
            "rule": str(rule_name(rule)),
            "id": rule.id,
            "value": _asked(rule.value, rule.unit),
            "document": rule.document,
            "clause": rule.clause or NOTHING,
            "quote": rule.quote or NOTHING,
            "confidence": str(_SURE.get(rule.confidence, say("未核实"))),
            "in_force_from": rule.in_force_from.isoformat(),
            "standing": str(_standing(rule, on)),
        }
        for pack in evaluation.rulebook.packs
        for rule in pack.rules
    ]
    return Table(
        RULES, say("所依据规定的全部条文"), _RULE,
        pd.DataFrame(rows, columns=[column.key for column in _RULE]), None,
        say("施行情况按研究日期 {on} 计；同一事项先后有几条的，小区按其适用的时间采用。",
            on=on.isoformat()),
    )  # fmt: skip


def _standing(rule: Rule, on: date) -> Message:
    """Return whether a row is in force; what was borrowed elsewhere is nowhere law."""
    if rule.borrowed:
        return say("借用外地做法，只作提示，不是本地依据")
    return say("已施行") if rule.in_force_from <= on else say("尚未施行")


def _asked(value: float, unit: str) -> str:
    """Return what a rule asks for as a text would say it; one that lets or forbids: yes or no."""
    if unit == _SWITCH:
        return str(say("是") if value else say("否"))
    if unit == SHARE:
        return f"{value * 100:.10g}%"
    if unit == "年" and value > _LONGEST_YEARS:
        return str(say("{year} 年", year=f"{value:.0f}"))
    return str(with_unit(f"{value:.12g}", unit))
