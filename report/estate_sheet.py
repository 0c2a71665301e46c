"""The check sheet of one estate: every step of its verdict on one page of plain text."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import pandas as pd

from analysis.evaluation import Evaluation
from analysis.explaining.explained_place import ToldRooms, estate_rule, explain_estate
from analysis.explaining.row_words import code_word
from analysis.explaining.rule_words import rule_words
from analysis.provision.rates import REVIEW_SINCE
from analysis.provision.reasons import SCOPE_REASONS, SEPARATOR
from analysis.provision.synchrony import STEPS
from geo.language import Message, joined, say
from report.areas import area_of
from report.briefing.pools import pool_words
from report.duty_words import DutyWords
from report.estate_list import OUT_OF_SCOPE, VERDICTS
from report.estate_missing import needed
from report.estate_phases import Project, projects_by_estate
from report.estate_reasons import AS_BUILT, codes_of, one_after_another, problems, remarks
from report.estate_remedies import NO_SITES, Remedies
from report.estate_rooms import SAME_M2, WhereTheyStand, room_words, taken
from report.printed import DATES
from report.provision_figures import calculation

BOM: Final = "\ufeff"  # Notepad and WPS read Chinese by it
Fact = tuple[Message, Message | str]
Row = dict[str, Any]


@dataclass(frozen=True)
class EstateSheet:
    """What the sheet of an estate says: its title, then facts in their order."""

    name: str
    facts: tuple[Fact, ...]

    def text(self) -> str:
        """Return the sheet as text that prints well, in the language now spoken."""
        head = str(say("小区配建核查单：{name}", name=self.name))
        told = (say("{title}：{value}", title=label, value=value) for label, value in self.facts)
        lines = [str(line) for line in told]
        return BOM + "\r\n".join([head, "", *lines, ""])


def estate_sheet(evaluation: Evaluation, estate: str) -> EstateSheet | None:
    """Return the sheet of an estate by its id; None where there is none."""
    return next(iter(estate_sheets(evaluation, [estate]).values()), None)


def estate_sheets(
    evaluation: Evaluation, estates: Iterable[str], *, sites: Mapping[str, int] = NO_SITES
) -> Mapping[str, EstateSheet]:
    """Return the sheets of estates by their ids, in the order asked for; none of an unknown id.

    sites
        The ranks of proposed sites by candidate.
    """
    checks, reviews = _by_id(evaluation.provision), _by_id(evaluation.detail.estates)
    known = _Known.of(evaluation, sites)
    return {
        estate: _sheet(known, checks[estate], reviews.get(estate, {}))
        for estate in estates
        if estate in checks
    }


@dataclass(frozen=True, eq=False)
class _Known:
    """What all sheets of an evaluation are told from, looked up once.

    counties
        The county in which each estate lies, by its id; empty where none holds it.
    """

    evaluation: Evaluation
    rooms: ToldRooms
    where: WhereTheyStand
    duties: DutyWords
    projects: Mapping[str, Project]
    counties: Mapping[str, str]
    remedies: Remedies
    pools: Mapping[str, Message]

    @classmethod
    def of(cls, evaluation: Evaluation, sites: Mapping[str, int]) -> Self:
        layer = evaluation.study.layer("residential")
        lies = [] if layer is None else area_of(evaluation, layer.geometry, "county")
        ids = [] if layer is None else layer["id"].astype(str)
        return cls(
            evaluation, ToldRooms.of(evaluation), WhereTheyStand(evaluation),
            DutyWords(evaluation), projects_by_estate(evaluation),
            dict(zip(ids, lies, strict=True)), Remedies(evaluation, sites), pool_words(evaluation),
        )  # fmt: skip


def _sheet(known: _Known, check: Row, review: Row) -> EstateSheet:
    evaluation, estate = known.evaluation, str(check["residential_id"])
    rooms, project = known.rooms.at(estate), known.projects.get(estate)
    duty = known.duties.of(estate)
    name: str = str(check["name"]) if pd.notna(check["name"]) else estate
    merged = project is not None and project.stands != estate  # its rooms are told with the others
    if project is not None and not merged:
        name = project.name
    facts = (
        *_who(known, estate, check, review),
        *_verdict(evaluation, check, known.rooms, project),
        *_missing(check, rooms),
        *_dates(evaluation, duty, review),
        *(() if merged else _rooms(known.where, rooms, check)),
        *_doubts(check, dated=duty is not None),
        *_steps(review),
        *_remedy(known, review),
    )
    return EstateSheet(name, facts)


def _who(known: _Known, estate: str, check: Row, review: Row) -> Iterator[Fact]:
    evaluation = known.evaluation
    yield say("评估范围"), evaluation.study.title
    if evaluation.study.notice:
        yield say("声明"), evaluation.study.notice
    yield say("核查日期"), evaluation.study.on.isoformat()
    yield say("编号"), estate
    where = known.where.of("residential", estate)
    if where:
        yield say("台账位置"), where
    for label, value in (
        (say("旗县区"), known.counties.get(estate)),
        (say("街道"), check["street"]),
        (say("社区"), review.get("community")),
    ):
        yield label, say("未填写") if _untold(value) else str(value)
    kind = check["kind"]
    yield say("建设类型"), say("不明") if _untold(kind) else code_word("kind", str(kind))


def _verdict(
    evaluation: Evaluation, check: Row, rooms: ToldRooms, project: Project | None
) -> Iterator[Fact]:
    estate = str(check["residential_id"])
    if project is not None and project.stands != estate:
        yield say("核查范围"), project.merged
        return
    if not check["in_scope"]:
        reason = SCOPE_REASONS.get(str(check["scope_reason"]), VERDICTS[OUT_OF_SCOPE])
        yield say("核查范围"), say("不在核查范围：{why}", why=reason)
        return
    yield say("核查范围"), say("在核查范围内")
    yield say("配建结论"), VERDICTS[str(check["verdict"])]
    worked_out = _calculation(evaluation, estate, check, rooms)
    if project is not None:
        worked_out = joined("；", project.terms, worked_out)
    yield say("计算"), worked_out
    rule = estate_rule(evaluation, str(check["rule"]))
    yield say("依据"), say("当日没有已生效的规则") if rule is None else rule_words(rule)


def _calculation(
    evaluation: Evaluation, estate: str, check: Row, rooms: ToldRooms
) -> Message:
    """Return the check in figures; where steps or pools bear on it, as it is explained."""
    lacking = max(check["required_m2"] - check["provided_m2"], 0.0)
    plain = not evaluation.study.description.provision.household_step
    told = check["verdict"] == "unknown" or abs(lacking - check["deficit_m2"]) <= SAME_M2
    if plain and told:
        return calculation(check)
    return explain_estate(evaluation, "deficit_m2", estate, told=rooms).formula


def _missing(check: Row, rooms: pd.DataFrame) -> Iterator[Fact]:
    """Yield what has to be told before the estate can be judged, and who usually has it."""
    if not check["in_scope"]:
        return
    for what, who in needed(check, rooms):
        yield say("待补"), say("{what}（一般由{who}提供，以当地分工为准）", what=what, who=who)


def _dates(evaluation: Evaluation, duty: Message | None, review: Row) -> Iterator[Fact]:
    if duty is not None:
        yield say("配建义务日期"), duty
    yield from _review_date(evaluation, review)


def _review_date(evaluation: Evaluation, review: Row) -> Iterator[Fact]:
    if _untold(review.get("review_date")):
        yield say("日期依据"), say("没有竣工、交付、规划条件、出让或许可日期")
        return
    rule = evaluation.rulebook.find(REVIEW_SINCE, "all", evaluation.study.on)
    since: Message = say("能否列入清查不明")
    if rule is not None and not _untold(review["in_review_by_completion"]):
        year = int(rule.value)
        since = (
            say("列入{year}年以来的清查", year=year)
            if review["in_review_by_completion"]
            else say("早于{year}年，不列入清查", year=year)
        )
    yield say("日期依据"), say(
        "{what} {day}，{since}",
        what=DATES[str(review["review_date_is"])],
        day=pd.Timestamp(review["review_date"]).date().isoformat(), since=since,
    )  # fmt: skip


def _rooms(where: WhereTheyStand, rooms: pd.DataFrame, check: Row) -> Iterator[Fact]:
    """Yield where the floor area is told: each ledger's rooms, and what of it was taken."""
    for told in room_words(where, rooms, check):
        yield say("面积来源"), told
    chosen = taken(rooms, check)
    if chosen is not None:
        yield say("面积取舍"), chosen


def _doubts(check: Row, *, dated: bool) -> Iterator[Fact]:
    """Yield what is wrong and what is to be known beside it.

    dated
        Whether the duty date says by itself that a new estate is judged as a built one.
    """
    if not check["in_scope"]:
        return
    codes = [code for code in codes_of(check["reasons"]) if not dated or code != AS_BUILT]
    noted = remarks({**check, "reasons": SEPARATOR.join(codes)})
    for label, told in ((say("问题原因"), problems(check)), (say("提示"), noted)):
        if told:
            yield label, one_after_another(told)


def _steps(review: Row) -> Iterator[Fact]:
    if _untold(review.get("steps_known")):
        return
    said = {True: say("是"), False: say("否")}
    steps = (
        joined(" ", word, say("不明") if _untold(review[code]) else said[bool(review[code])])
        for code, word in STEPS.items()
    )
    yield say("四同步与移交"), joined("；", *steps)


def _remedy(known: _Known, review: Row) -> Iterator[Fact]:
    told = known.remedies.of(review)
    if told is not None:
        yield say("整改措施"), told
    if not _untold(review.get("proposal_id")):
        yield say("统筹建议"), known.pools[str(review["proposal_id"])]


def _by_id(table: pd.DataFrame) -> dict[str, Row]:
    rows = table.to_dict("records")
    return {
        str(row["residential_id"]): {str(name): cell for name, cell in row.items()} for row in rows
    }


def _untold(value: Any) -> bool:  # noqa: ANN401 - a table's cell
    return value is None or value == "" if isinstance(value, str) else bool(pd.isna(value))
