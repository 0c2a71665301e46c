"""A briefing as an Excel workbook: the lists that go to superiors, and ledgers to read in again."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import pandas as pd

from geo.language import Message, joined, say
from report.briefing.content import Briefing, Table
from report.briefing.demand import FORECAST
from report.briefing.estates import SHORT, UNKNOWN
from report.briefing.guidance import GUIDANCE
from report.briefing.method import FIELDS, FINDINGS, INDICATORS, PARAMETERS, SOURCES
from report.briefing.periods import SINCE, SINCE_FACILITIES, SINCE_STREETS
from report.briefing.places import COMMUNITIES, FACILITIES
from report.briefing.pools import POOLS
from report.briefing.rule_texts import RULES
from report.briefing.sites import OPTIONS, PROJECTS
from report.briefing.streets import STREETS
from report.briefing.targets import TARGETS
from report.data.sheets import Workbook, workbook
from report.workbook.front_sheet import fill_front, front_sheet
from report.workbook.ledger_sheet import LedgerColumn, add_ledger, ledger_columns
from report.workbook.printed_sheet import Printed, add_table
from report.workbook.told_columns import told_of_estates, told_of_facilities

_SHEETS: Final[tuple[tuple[str, Message], ...]] = (
    (TARGETS, say("任务指标完成情况")), (SINCE, say("与上期相比")),
    (SINCE_STREETS, say("分街道与上期相比")), (SINCE_FACILITIES, say("本期变化的设施")),
    (STREETS, say("分街道汇总")), (GUIDANCE, say("分街道指引")), (SHORT, say("不达标小区清单")),
    (UNKNOWN, say("无法判定小区清单")), (FACILITIES, say("设施清单")),
    (COMMUNITIES, say("尚有老年人未覆盖的社区")), (PROJECTS, say("近期项目")),
    (OPTIONS, say("方案比较")), (POOLS, say("统筹建议")), (FORECAST, say("老年人口预测")),
    (INDICATORS, say("指标台账")), (FINDINGS, say("数据问题")),
    (PARAMETERS, say("测算参数与口径")), (RULES, say("规则原文")), (SOURCES, say("数据来源")),
    (FIELDS, say("字段说明")),
)  # fmt: skip
ESTATES: Final = say("小区台账")
PLACES: Final = say("设施台账")
_KINDS: Final = {
    "text": say("文字"), "count": say("整数"), "number": say("数"), "date": say("日期"),
    "flag": say("是或否"), "word": say("所列之一"), "share": say("比例 0–1"),
}  # fmt: skip
_REMARKS: Final = (
    say("表中“–”为不明，不等于 0，不参与求和。"),
    say("“{estates}”“{facilities}”可原样再导入，结论不变（边界过长的除外，见该表“几何说明”列）；"
        "其余各表供打印和上报。", estates=ESTATES, facilities=PLACES),
)  # fmt: skip


def write_workbook(briefing: Briefing, path: Path) -> None:
    """Write everything a briefing lists as one workbook; a text stays a text.

    The same briefing gives the same bytes.
    """
    with workbook(path, on=briefing.on, title=str(briefing.title)) as book:
        front = front_sheet(book)
        sheets = [*_printed(book, briefing), *_ledgers(book, briefing)]
        fill_front(book, front, briefing, sheets, _REMARKS)


def _printed(book: Workbook, briefing: Briefing) -> Iterator[Printed]:
    for key, name in _SHEETS:
        table = briefing.tables.get(key)
        if key == FIELDS and table is not None:
            table = _with_ledgers(table, briefing)
        if key == PARAMETERS and table is not None:
            table = _with_denominators(table, briefing)
        if table is not None:
            yield add_table(book, table, briefing, name=str(name))


def _ledgers(book: Workbook, briefing: Briefing) -> Iterator[Printed]:
    for layer, name, told in _told(briefing):
        sheet = add_ledger(book, briefing, layer, name=str(name), told=told)
        if sheet is not None:
            yield sheet


def _told(briefing: Briefing) -> Iterator[tuple[str, Message, Sequence[LedgerColumn]]]:
    evaluation = briefing.evaluation
    yield "residential", ESTATES, tuple(told_of_estates(evaluation))
    yield "facilities", PLACES, tuple(told_of_facilities(evaluation))


def _with_denominators(table: Table, briefing: Briefing) -> Table:
    """Return the parameters, then what each figure and each list is of."""
    of = [(str(each.label), str(joined("；", *each.of))) for each in briefing.figures]
    noted = [(str(each.title), str(each.told())) for each in briefing.tables.values()
             if each.told() is not None]  # fmt: skip
    more = pd.DataFrame([*of, *noted], columns=["name", "value"])
    return replace(table, rows=pd.concat([table.rows, more], ignore_index=True))


def _with_ledgers(table: Table, briefing: Briefing) -> Table:
    """Return the dictionary of the printed tables, then that of the ledgers."""
    rows = [
        {
            "table": str(name), "title": each.header, "key": each.key,
            "kind": str(_KINDS[each.kind]), "meaning": each.meaning,
        }
        for layer, name, told in _told(briefing)
        if (frame := briefing.evaluation.study.layer(layer)) is not None
        for each in (*ledger_columns(layer, frame), *told)
    ]  # fmt: skip
    more = pd.DataFrame(rows, columns=[column.key for column in table.columns])
    return replace(table, rows=pd.concat([table.rows, more], ignore_index=True))
