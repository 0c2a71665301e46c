"""How the tasks that documents set stand: figure, what it is of, target, what is wanting."""

import math
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from analysis.evaluation import Evaluation
from analysis.explaining.explained import SHARE, with_unit
from analysis.indicators.estates_told import apart_from_the_sum, new_estates
from analysis.indicators.indicator import Indicator, Whole
from analysis.rule_keys import FLOOR_AREA
from geo.language import Message, headed, joined, say
from report.briefing.content import Column, Table, short
from report.figures import NOTHING, measure, number, percent

TARGETS: Final = "targets"
MET: Final = say("达到")
NOT_MET: Final = say("未达到")
_COLUMNS: Final = (
    Column("name", say("任务指标"), words=headed, weight=2.4),
    Column("value", say("现状"), weight=1.1),
    Column("of", say("分子 ÷ 分母"), meaning=say("与“现状”对应；总数类指标没有分母"), weight=1.4),
    Column("target", say("目标"), weight=1.1),
    Column("gap", say("与目标差距"), meaning=say("目标减现状"), weight=1.3),
    Column("met", say("是否达到"), words=headed, weight=1.1),
    Column("document", say("依据"), weight=2),
)  # fmt: skip
_OF_MORE: Final[Mapping[Whole, Message]] = {
    "city": say("全市目标，不作结论"), "nation": say("全国目标，不作结论"),
}  # fmt: skip


def targets_table(evaluation: Evaluation) -> Table:
    """Return the indicators that have a target and a value here, in the order of the ledger.

    Those without a value stand in the ledger: no value is no failure.
    """
    ledger = evaluation.detail.ledger
    told = ledger.loc[ledger["value"].notna() & ledger["target"].notna()]
    wider = {figure.key: figure.wider for figure in evaluation.figures}
    rows = [_row(each, wider[str(each["key"])]) for each in told.to_dict("records")]
    silent = int((ledger["value"].isna() & ledger["target"].notna()).sum())
    note = _notes(evaluation, {str(key) for key in told["key"]})
    if silent:
        note.insert(
            0, say("另有{count}项有目标而没有数据，列在指标台账，不等于没有达到。", count=silent)
        )
    return Table(
        TARGETS, say("任务指标完成情况"), _COLUMNS,
        pd.DataFrame(rows, columns=[column.key for column in _COLUMNS]), None,
        joined(" ", *note) if note else None,
    )  # fmt: skip


def _notes(evaluation: Evaluation, shown: set[str]) -> list[Message]:
    """Return what must be said of figures of the estates that stand in the table."""
    check, noted = evaluation.provision, []
    bound = new_estates(check, evaluation.rulebook, on=evaluation.study.on)
    if bound is not None and "provision_rate_new" in shown:
        counted = say("新建居住区 {all} 个，", all=bound.count)
        noted.append(joined("", counted, bound.sentence()))
    together = next((each for each in evaluation.figures if each.key == FLOOR_AREA), None)
    apart = None if together is None else apart_from_the_sum(together, check)
    if apart is not None and FLOOR_AREA in shown:
        noted.append(apart)
    return noted


def _row(told: dict[Any, Any], wider: Whole) -> dict[str, object]:
    unit, share = str(told["unit"]), told["unit"] == SHARE
    lower = say("下限，不作结论") if told["numerator"] > 0 else say("不作结论")
    met = {True: MET, False: NOT_MET}.get(told["met"], _OF_MORE.get(wider, lower))
    return {
        "name": str(told["name"]),
        "value": _said(told["value"], unit),
        "of": _of(told["numerator"], told["denominator"]),
        "target": f"{short(told['target'] * 100, 1)}%" if share else _said(told["target"], unit),
        "gap": _gap(told["gap"], unit, share=share),
        "met": str(met),
        "document": f"{told['document']} {told['clause']}".strip(),
    }


def _said(value: float, unit: str) -> str:
    return percent(value) if unit == SHARE else str(with_unit(measure(value), unit))


def _gap(gap: float, unit: str, *, share: bool) -> str:
    if math.isnan(gap):
        return NOTHING
    if share:
        return str(say("{points} 个百分点", points=f"{abs(gap) * 100:.1f}"))
    return str(with_unit(measure(abs(gap)), unit))


def _of(numerator: float, denominator: float) -> str:
    if math.isnan(numerator) or math.isnan(denominator):
        return NOTHING
    return f"{measure(numerator)} ÷ {measure(denominator)}"


def targets_sentence(evaluation: Evaluation) -> Message | None:
    """Return how many tasks are met, and why some are not judged; None where all are."""
    rows = targets_table(evaluation).rows["met"]
    counts = {str(word): int(rows.eq(str(word)).sum()) for word in (MET, NOT_MET)}
    wider = int(rows.isin([str(word) for word in _OF_MORE.values()]).sum())
    open_ = len(rows) - sum(counts.values())
    if not open_:
        return None
    why = [say("目标是对全市、全国的{count}项，现状数仅供对照", count=wider)] if wider else []
    if open_ > wider:
        why.append(say("只知上限或下限的{count}项", count=open_ - wider))
    return say(
        "有数据的任务指标{all}项：达到{met}项，未达到{failed}项，不作结论{open}项（{why}）。",
        all=len(rows), met=counts[str(MET)], failed=counts[str(NOT_MET)], open=open_,
        why=joined("；", *why),
    )  # fmt: skip


def beds(evaluation: Evaluation) -> Message | None:
    """Return the beds for every thousand old people, with what they are of; None where unknown."""
    figure = next((one for one in evaluation.figures if one.key == "beds_per_1000_elderly"), None)
    if figure is None or figure.value is None:
        return None
    told = say(
        "区内养老床位{beds}张 ÷ 60岁以上老年人{people}人 = 每千名老年人{each}张",
        beds=number(figure.numerator), people=number(figure.denominator),
        each=measure(figure.value),
    )  # fmt: skip
    lower = say("；有的设施没有填写床位，合计为下限") if figure.bound else ""
    return joined("", told, _aim(figure), lower, say("；区外设施的床位不计入。"))


def _aim(figure: Indicator) -> Message | str:
    """Return the target in brackets, and that it is of the city where the figure is not."""
    if figure.target is None:
        return ""
    target = short(figure.target, 1)
    if figure.wider:
        return say("（全市目标{target}张，仅供对照）", target=target)
    return say("（目标{target}张）", target=target)
