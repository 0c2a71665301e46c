"""When the duty to build care rooms arose, and which rule it is therefore judged by, in words."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from analysis.columns import dates
from analysis.evaluation import Evaluation
from analysis.provision.projects import DUTY_DATES
from analysis.rule_keys import FLOOR_AREA
from geo.language import Message, say
from report.printed import DATES

_SOURCES = dict(zip(DUTY_DATES, ("conditions", "land_grant", "permit"), strict=True))


class DutyWords:
    """When each new estate owes its rooms: tables are looked through once for all estates.

    It is told of the row that stands for its project: others are judged there.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        self._evaluation = evaluation
        check, layer = evaluation.detail.check, evaluation.study.layer("residential")
        rows = check.projects.to_dict("records")
        projects = dict(zip(check.projects.index, rows, strict=True))
        ids = zip(check.table["residential_id"], check.table.index, strict=True)
        self._projects = {id_: projects[at] for id_, at in ids if at in projects}
        self._told = {} if layer is None else {
            column: {*zip(layer["id"], dates(layer, column), strict=True)} for column in _SOURCES
        }  # fmt: skip

    def of(self, estate: str) -> Message | None:
        """Return the duty date of a new estate and why its rule applies; None of any other."""
        project = self._projects.get(estate)
        if project is None or project["kind"] != "new":
            return None
        day = self._day(estate, project)
        if day is None:
            return say("没有规划条件、出让或许可日期，义务日期不明")
        return say("{day}；{why}", day=day, why=_why(self._evaluation, project))

    def _day(self, estate: str, project: Mapping[Hashable, Any]) -> Message | None:
        """Return the date with what it is the date of; a range where phases or papers differ."""
        first, last = project["duty_first"], project["duty_last"]
        if pd.isna(last):
            return None
        if project["year_only"]:
            return say("{year} 年（只有年份，当年哪一天不明）{source}", year=last.year,
                       source=self._source(estate, last))  # fmt: skip
        if first != last:
            return say("{first} 至 {last}（各期或各份文件的日期不一）",
                       first=first.date().isoformat(), last=last.date().isoformat())  # fmt: skip
        return say("{day}{source}", day=last.date().isoformat(),
                   source=self._source(estate, last))  # fmt: skip

    def _source(self, estate: str, day: pd.Timestamp) -> Message | str:
        """Return which date of the estate's own row a duty date is; empty where another's."""
        for column, told in self._told.items():
            if (estate, day) in told:
                return say("（{what}）", what=DATES[_SOURCES[column]])
        return ""


def as_built_words(evaluation: Evaluation) -> Message | None:
    """Return why a new estate is judged as a built one; None without any rule for new ones."""
    known = evaluation.rulebook.history(FLOOR_AREA, "new", until=evaluation.study.on)
    if not known:
        return None
    return say(
        "规划条件等早于新建小区规则施行（{since}），按已建成小区标准核查",
        since=min(rule.in_force_from for rule in known).isoformat(),
    )  # fmt: skip


def _why(evaluation: Evaluation, project: Mapping[Hashable, Any]) -> Message:
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
