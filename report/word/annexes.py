"""The annexes of the report: parameters, sources, whole lists, the words of the rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from geo.language import Message, say
from report.briefing.content import Briefing, Shown, Table
from report.briefing.demand import FORECAST
from report.briefing.estates import SHORT, UNKNOWN
from report.briefing.guidance import GUIDANCE
from report.briefing.method import FIELDS, INDICATORS, PARAMETERS, SOURCES
from report.briefing.periods import SINCE_STREETS
from report.briefing.places import COMMUNITIES
from report.briefing.pools import POOLS
from report.briefing.rule_texts import RULES
from report.briefing.sites import PROJECTS
from report.briefing.streets import STREETS
from report.briefing.targets import TARGETS
from report.word.captions import add_table, numeral
from report.word.markup import paragraph, run
from report.word.paper import Paper
from report.word.printed_table import IN_LIST

# What a page has room for; the workbook has the community and the verdict too.
_SHORT: Final = (
    "number", "county", "street", "name", "households", "required_m2", "provided_m2",
    "deficit_m2", "reasons", "remedy", "bureau", "until",
)
_UNKNOWN: Final = (
    "number", "county", "street", "name", "households", "required_m2", "provided_m2", "reasons",
    "needed", "whose", "until",
)
_COMMUNITIES: Final = (
    "number", "street", "name", "elderly_60plus", "uncovered_60plus", "share_60plus", "degree",
    "measure", "bureau", "until",
)
_PROJECTS: Final = (
    "rank", "name", "place", "category", "area_m2", "cost_wan", "yuan_per_person", "funds",
    "street", "gain_60plus", "to_check", "bureau", "until",
)
_RULE: Final = (
    "rule", "value", "document", "clause", "quote", "confidence", "in_force_from", "standing",
)  # fmt: skip
_POOLS: Final = (
    "number", "street", "estates", "shared", "remedy", "minutes", "metres", "deficit_cured_m2",
    "needed", "confirmed_by", "standing",
)  # fmt: skip
_EXPLAINED: Final = (STREETS, SHORT, COMMUNITIES, POOLS, "projects", "options")


@dataclass(frozen=True)
class Part:
    """One table of an annex, and which of its columns fit a page."""

    table: Table
    columns: tuple[str, ...] | None = None
    heading: Message | None = None


@dataclass(frozen=True)
class Annex:
    """One annex: its number, its title and its tables."""

    number: int
    title: Message
    parts: tuple[Part, ...]

    @property
    def label(self) -> Message:
        """Return what the report calls it."""
        return say("附件{number}", number=self.number)

    @property
    def keys(self) -> frozenset[str]:
        """Return the tables that stand in it whole."""
        return frozenset(part.table.key for part in self.parts)


def annexes_of(briefing: Briefing) -> tuple[Annex, ...]:
    """Return the annexes of a briefing, in their order."""
    tables = briefing.tables
    method = (
        Part(tables[PARAMETERS], None, say("测算参数")),
        Part(tables[INDICATORS], ("name", "value", "target", "met", "numerator",
                                  "denominator", "note"), say("指标与口径")),
        Part(_explained(tables[FIELDS], briefing), ("table", "title", "meaning"),
             say("表中各列的含义")),
    )  # fmt: skip
    sources = ("layer", "file", "source", "licence", "date", "coordinates")
    listed = (
        (say("口径与参数"), method),
        (say("数据来源"), (Part(tables[SOURCES], sources),)),
        (say("不达标小区清单"), (Part(tables[SHORT], _SHORT),)),
        (say("无法判定小区清单"), (Part(tables[UNKNOWN], _UNKNOWN),)),
        (say("规则原文"), (Part(tables[RULES], _RULE),)),
        (say("尚有老年人未覆盖的社区"), (Part(tables[COMMUNITIES], _COMMUNITIES),)),
        (say("分街道汇总与指引"), tuple(_streets(tables))),
        _tasks(tables),
        *(((say("统筹建议"), (Part(tables[POOLS], _POOLS),)),) if POOLS in tables else ()),
        *(((say("近期项目"), (Part(tables[PROJECTS], _PROJECTS),)),) if PROJECTS in tables else ()),
    )
    return tuple(
        Annex(number, title, parts) for number, (title, parts) in enumerate(listed, start=1)
    )


def _streets(tables: Mapping[str, Table]) -> Iterator[Part]:
    """Yield the tables of streets; each under its title where there are those of two periods."""
    for key in (STREETS, GUIDANCE, SINCE_STREETS):
        if key in tables:
            yield Part(tables[key], None, tables[key].title if SINCE_STREETS in tables else None)


def _tasks(tables: Mapping[str, Table]) -> tuple[Message, tuple[Part, ...]]:
    """Return the annex of the tasks, and of the people that they are for."""
    if FORECAST not in tables:
        return say("任务指标完成情况"), (Part(tables[TARGETS]),)
    parts = (TARGETS, FORECAST)
    return say("任务指标完成情况和老年人口预测"), tuple(
        Part(tables[key], None, tables[key].title) for key in parts
    )


def add_annexes(annexes: Sequence[Annex], paper: Paper) -> None:
    """Add annexes to a paper, each on a page of its own, on pages that lie on their side."""
    for annex in annexes:
        turned = not paper.across
        if turned:
            paper.turn(across=True)
        break_ = "" if turned else "<w:pageBreakBefore/>"
        paper.add(
            paragraph("AnnexNumber", run(annex.label), properties=break_),
            paragraph("AnnexTitle", run(annex.title)),
        )
        for at, part in enumerate(annex.parts, start=1):
            if part.heading is not None:
                told = say("（{numeral}）{title}", numeral=numeral(at), title=part.heading)
                paper.add(paragraph("Heading2", run(told)))
            shown = Shown(part.table.key, part.columns)
            add_table(paper, part.table, shown, small=IN_LIST)


def _explained(fields: Table, briefing: Briefing) -> Table:
    """Return the columns that need a word, of the tables that the report prints."""
    titles = [str(briefing.tables[key].title) for key in _EXPLAINED if key in briefing.tables]
    rows = fields.rows
    kept = rows.loc[rows["table"].isin(titles) & rows["meaning"].ne("")]
    note = say("只列需要说明的列。")
    return replace(fields, rows=kept.reset_index(drop=True), note=note)
