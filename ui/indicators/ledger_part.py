"""The indicators beside their targets: which are met, which not, and what to enter for the rest."""
# ruff: noqa: TID251 - this is the browser face

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pandas as pd
import streamlit as st

from analysis.evaluation import Evaluation
from analysis.explaining.explained import Explanation, amount
from analysis.explaining.indicator_parts import is_divided, too_much_unknown, why_no_ratio
from analysis.indicators.indicator import Indicator
from geo.language import Message, joined, say, translate
from ui.chosen import remembered, worded
from ui.circle.area_part import download
from ui.why.cells import Column, drawn, show_cells
from ui.why.printed import printed
from ui.why.question import Question
from ui.words import NOTHING, headed

# A shape and a word: the light is read in grey print and by whoever sees no red.
STANDINGS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "met": say("● 达标"), "short": say("▲ 未达"), "unknown": say("？ 无法判定"),
        "no_target": say("○ 无目标"),
    }
)  # fmt: skip
INKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "met": "background-color:#d9eedf;color:#14532d",
        "short": "background-color:#f6d9c8;color:#6b1d00",
        "unknown": "background-color:#eceff2;color:#36424e", "no_target": "color:#55616d",
    }
)  # fmt: skip
ALL: Final = "all"
COLUMNS: Final[Mapping[str, Column]] = MappingProxyType(
    {
        "name": Column(say("指标"), "name", 330),
        "standing": Column(
            say("达成"), "text", 105,
            say("数值与目标相比；有一部分未知、两头都可能时不作结论。"),
        ),
        "value": Column(say("数值"), "text", 138),
        "target": Column(say("目标"), "text", 142),
        "numerator": Column(say("分子"), "amount", 90),
        "denominator": Column(say("分母"), "amount", 102),
        "year": Column(say("年份"), "text", 60),
        "document": Column(say("文件"), "text", 170),
        "clause": Column(say("条款"), "text", 110),
        "why": Column(say("说明与要补的"), "text", 420),
    }
)  # fmt: skip


def standing(figure: Indicator) -> str:
    """Return how an indicator stands: `met`, `short`, `unknown`, `no_target`."""
    if figure.target is None:
        return "no_target"
    if figure.met is None:
        return "unknown"
    return "met" if figure.met else "short"


def ledger(evaluation: Evaluation) -> pd.DataFrame:
    """Return the indicators as the page tells them, one a row, with `key` and `stands`."""
    rows = [_row(evaluation, figure) for figure in evaluation.figures]
    return pd.DataFrame(rows, columns=["key", "stands", *COLUMNS])


def _row(evaluation: Evaluation, figure: Indicator) -> tuple[object, ...]:
    title = figure.name if isinstance(figure.name, Message) else say("{text}", text=figure.name)
    told = Explanation(figure.key, title, figure.value, figure.unit, title)
    text, stands = figure.text, standing(figure)
    compare = "" if figure.rule is None else {"at_least": "≥", "at_most": "≤"}.get(
        figure.rule.compare, ""
    )
    target = NOTHING if figure.target is None else (
        f"{compare}{amount(figure.target, figure.unit)}"
    )
    return (
        figure.key, stands, str(title), str(STANDINGS[stands]), printed(evaluation, told), target,
        # What is known of it is told in words: alone it would read as if it were all there is.
        math.nan if too_much_unknown(figure) else figure.numerator, figure.denominator,
        NOTHING if figure.told_year is None else str(figure.told_year),
        figure.source if text is None else text.document, "" if text is None else text.clause,
        " ".join(str(each) for each in _reasons(figure) if str(each)),
    )  # fmt: skip


def _reasons(figure: Indicator) -> tuple[Message | str, ...]:
    """Return what is to be known beside a figure: why it is not told, and where to enter it."""
    if figure.value is None and is_divided(figure):
        return joined("", why_no_ratio(figure), say("。")), figure.note
    if figure.value is None:
        enter = say(
            "请在研究描述文件的 [indicators.{key}] 里填 value、unit、source、date。", key=figure.key
        )
        return figure.note, enter
    if figure.bound == "at_least":
        return say("真实值不低于此数：有一部分未知。"), figure.note
    if figure.bound == "at_most":
        return say("真实值不高于此数：有一部分未知。"), figure.note
    return (figure.note,)


def show_ledger(evaluation: Evaluation) -> None:
    """Show the indicators of the standing chosen, each to be asked about."""
    table = ledger(evaluation)
    chosen = _choose(table)
    rows = table if chosen == ALL else table[table["stands"].eq(chosen)]
    show_cells(
        rows, COLUMNS, key=f"ledger-{chosen}", height_max=640,
        asks=lambda row, _name: Question(str(row["key"])), inks=_inks(rows),
    )
    download(evaluation, drawn(rows, COLUMNS), say("指标"))


def _inks(rows: pd.DataFrame) -> list[str]:
    return [INKS[str(stands)] for stands in rows["stands"]]


def _choose(table: pd.DataFrame) -> str:
    counts = {ALL: len(table), **{one: int(table["stands"].eq(one).sum()) for one in STANDINGS}}
    words = {ALL: say("全部"), **STANDINGS}
    names = list(words)
    chosen = st.segmented_control(
        translate("达成情况"), names,
        format_func=lambda one: headed(say("{word} {count}", word=words[one], count=counts[one])),
        default=names[remembered("standing", names)], key=worded("standing"), required=True,
        label_visibility="collapsed",
    )
    st.session_state["standing"] = chosen
    return str(chosen or ALL)
