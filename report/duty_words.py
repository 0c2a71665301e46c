"""When the duty to build care rooms arose, and which rule it is therefore judged by, in words."""

from typing import Any

import pandas as pd

from analysis.columns import dates
from analysis.evaluation import Evaluation
from analysis.provision.projects import DUTY_DATES
from analysis.rule_keys import FLOOR_AREA
from geo.language import Message, say
from report.printed import DATES

_SOURCES = dict(zip(DUTY_DATES, ("conditions", "land_grant", "permit"), strict=True))


def duty_words(evaluation: Evaluation, estate: str) -> Message | None:
    """Return the duty date of a new estate and why its rule applies; None of any other.

    estate
        Id of the row that stands for its project: others are judged there.
    """
    check = evaluation.detail.check
    at = check.table.index[check.table["residential_id"].eq(estate)]
    if not len(at) or at[0] not in check.projects.index:
        return None
    project = check.projects.loc[at[0]]
    if project["kind"] != "new":
        return None
    day = _day(evaluation, estate, project)
    if day is None:
        return say("没有规划条件、出让或许可日期，义务日期不明")
    return say("{day}；{why}", day=day, why=_why(evaluation, project))


def as_built_words(evaluation: Evaluation) -> Message | None:
    """Return why a new estate is judged as a built one; None without any rule for new ones."""
    known = evaluation.rulebook.history(FLOOR_AREA, "new", until=evaluation.study.on)
    if not known:
        return None
    return say(
        "规划条件等早于新建小区规则施行（{since}），按已建成小区标准核查",
        since=min(rule.in_force_from for rule in known).isoformat(),
    )  # fmt: skip


def _day(evaluation: Evaluation, estate: str, project: "pd.Series[Any]") -> Message | None:
    """Return the date with what it is the date of; a range where phases or papers differ."""
    first, last = project["duty_first"], project["duty_last"]
    if pd.isna(last):
        return None
    if project["year_only"]:
        return say("{year} 年（只有年份，当年哪一天不明）{source}", year=last.year,
                   source=_source(evaluation, estate, last))  # fmt: skip
    if first != last:
        return say("{first} 至 {last}（各期或各份文件的日期不一）", first=first.date().isoformat(),
                   last=last.date().isoformat())  # fmt: skip
    return say("{day}{source}", day=last.date().isoformat(),
               source=_source(evaluation, estate, last))  # fmt: skip


def _source(evaluation: Evaluation, estate: str, day: pd.Timestamp) -> Message | str:
    """Return which date of the estate's own row a duty date is; empty where it is another's."""
    layer = evaluation.study.layer("residential")
    if layer is None:
        return ""
    own = layer[layer["id"].eq(estate)]
    for column, word in _SOURCES.items():
        if dates(own, column).eq(day).any():
            return say("（{what}）", what=DATES[word])
    return ""


def _why(evaluation: Evaluation, project: "pd.Series[Any]") -> Message:
    """Return why the rule for new estates, or that for built ones, applies."""
    book, on = evaluation.rulebook, evaluation.study.on
    if project["judged_as_built"]:
        known = book.history(FLOOR_AREA, "new", until=on)
        if not known:
            return say("所依据的规定中没有新建小区的配建规则，所以按已建成小区的标准核查")
        return say(
            "早于所依据的规定中最早的新建小区配建规则（{since} 起施行），当时适用哪条规则不掌握，"
            "所以按已建成小区的标准核查",
            since=min(rule.in_force_from for rule in known).isoformat(),
        )  # fmt: skip
    if project["duty_date_unknown"] or project["straddles"] or project["duty_doubtful"]:
        return say("前后适用的规则不同，各种可能都核查；结论一致才给结论")
    return say("按义务日期当日已生效的新建小区规则核查")
