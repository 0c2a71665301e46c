"""One table of a briefing as one sheet: header in the first row, then the rows, then the sum.

Nothing stands above the header and nothing below the sum, so that the sheet can be filtered, summed
and read in again; what the table is of is told on the printed page and on the first sheet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from geo.language import say
from report.briefing.content import Briefing, Column, Kind, Table
from report.data.sheets import MOST_ROWS, Workbook, page_words, seen
from report.figures import NOTHING
from report.workbook.colours import colours_of
from report.workbook.layout import height, widths_of

FONT: Final = {"font_name": "宋体", "font_size": 10}
LINE: Final = {"border": 1, "border_color": "#A6A6A6", "valign": "vcenter"}
HEADING: Final = {
    **FONT, **LINE, "bold": True, "bg_color": "#E4E9EE", "text_wrap": True, "align": "center",
}  # fmt: skip
SUM: Final = {"bold": True, "bg_color": "#F2F2F2", "top": 2}
UNKNOWN: Final = {"align": "right", "indent": 1, "font_color": "#7F7F7F"}
_TITLE: Final = '&C&14&"-,Bold"'
_NOTE: Final = '\n&9&"-,Regular"'
_COUNTERS: Final = frozenset({"number", "rank"})
_FIXED: Final = 6  # columns at most that stay in sight up to the name
_OFFICES: Final = (
    say("民政局"), say("自然资源局"), say("住房和城乡建设局"), say("街道办事处（乡镇政府）"),
    say("旗县区政府"), say("建设单位"),
)  # fmt: skip


@dataclass(frozen=True)
class Printed:
    """A sheet as it was written: its name, how many rows it has, and what it is of."""

    name: str
    rows: int
    note: str


def add_table(book: Workbook, table: Table, briefing: Briefing, *, name: str) -> Printed:
    """Write a table of a briefing as a sheet.

    Numbers stand as numbers with the digits that every document prints; an unknown one is a dash,
    which sums pass over; the reader of `carecircle` takes it for missing.
    """
    widths, paper = widths_of(table)
    sheet = book.sheet(name, paper=paper)
    for at, (column, width) in enumerate(zip(table.columns, widths, strict=True)):
        sheet.set_column(at, at, width)
        book.write(sheet, 0, at, seen(str(column.title)), **HEADING)
        _cells(book, sheet, at, column, table.rows.head(MOST_ROWS))
    for row, texts in enumerate(_lines(table)):
        sheet.set_row(row, height(texts, widths))
    written = min(len(table), MOST_ROWS)
    if table.total is not None:
        _sums(book, sheet, written + 1, table.columns, table.total)
    sheet.freeze_panes(1, _kept_in_sight(table.columns))
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, max(written, 1), len(table.columns) - 1)
    note = str(table.told() or "")
    _fill_in(sheet, table, briefing.on)
    dress(sheet, briefing, title=str(table.title), note=note)
    return Printed(sheet.get_name(), len(table), note)


def _lines(table: Table) -> list[list[str]]:
    """Return the heading and the rows as texts, the sum last."""
    return [[str(column.title) for column in table.columns], *table.texts(most=MOST_ROWS)]


def _cells(
    book: Workbook, sheet: Worksheet, at: int, column: Column, rows: pd.DataFrame
) -> None:
    """Write the cells of one column, the first of them below the header."""
    colours = colours_of(column.key)
    day = {"num_format": "yyyy-mm-dd"} if column.key == "until" else {}
    values = rows[column.key].tolist()
    columns = column.within(rows[column.unit].tolist()) if column.unit else [column] * len(values)
    for row, (how, value) in enumerate(zip(columns, values, strict=True), start=1):
        text = column.text(value)
        more = colours.get(text, {}) if column.kind is Kind.TEXT else {}
        put(book, sheet, (row, at), how, value, **day, **more)


def put(
    book: Workbook, sheet: Worksheet, at: tuple[int, int], column: Column, value: object,
    **how: Any,  # noqa: ANN401 - words of a format
) -> None:  # fmt: skip
    """Write one cell as its column is printed."""
    text = column.text(value)
    if column.kind is Kind.TEXT:
        alike = {"align": "center"} if "bg_color" in how and text else {"indent": 1}
        book.write(sheet, *at, seen(text), **{**FONT, **LINE, "text_wrap": True, **alike, **how})
    elif text == NOTHING:
        book.write(sheet, *at, text, **{**FONT, **LINE, **UNKNOWN, **how})
    else:
        looks: dict[str, Any] = {"num_format": number_format(column.kind, text)}
        looks |= {"align": "center"} if column.key in _COUNTERS else {"align": "right", "indent": 1}
        book.write(sheet, *at, value, **{**FONT, **LINE, **looks, **how})


def number_format(kind: Kind, text: str) -> str:
    """Return the format by which a workbook shows a number as it is printed.

    A format with optional digits leaves a lonely point behind whole numbers: hence by the cell.
    """
    decimals = len(text.rstrip("%").partition(".")[2])
    if kind in (Kind.SHARE, Kind.AIM):
        return f"0.{'0' * decimals}%" if decimals else "0%"
    whole = "0" if kind is Kind.DEGREES else "#,##0"
    return f"{whole}.{'0' * decimals}" if decimals else whole


def _sums(
    book: Workbook, sheet: Worksheet, row: int, columns: Sequence[Column], total: Mapping[str, Any]
) -> None:
    for at, column in enumerate(columns):
        if column.key in total:
            put(book, sheet, (row, at), column, total[column.key], **SUM)
        else:
            book.write(sheet, row, at, None, **{**FONT, **LINE, **SUM})


def _kept_in_sight(columns: Sequence[Column]) -> int:
    """Return how many columns stay when a wide sheet is moved: up to the name."""
    keys = [column.key for column in columns]
    at = keys.index("name") + 1 if "name" in keys else 0
    return at if at <= _FIXED else 0


def _fill_in(sheet: Worksheet, table: Table, on: date) -> None:
    """Offer offices to choose from and ask for days where a list waits to be filled in."""
    keys = [column.key for column in table.columns]
    if not len(table):
        return
    if "bureau" in keys:
        at = keys.index("bureau")
        sheet.data_validation(1, at, len(table), at, {
            "validate": "list", "source": [str(each) for each in _OFFICES],
            "ignore_blank": True, "error_type": "information",
            "input_title": str(say("责任单位")), "input_message": str(say("可选，也可另写。")),
            "error_message": str(say("不在所列单位中，可以照写。")),
        })  # fmt: skip
    if "until" in keys:
        at = keys.index("until")
        sheet.data_validation(1, at, len(table), at, {
            "validate": "date", "criteria": ">=", "value": on,
            "ignore_blank": True, "error_type": "warning",
            "input_title": str(say("完成时限")),
            "input_message": str(say("请填日期，例如 {day}。", day=f"{on.year + 1}-06-30")),
            "error_message": str(say("不是日期，或早于本期的 {day}。", day=on.isoformat())),
        })  # fmt: skip


def dress(sheet: Worksheet, briefing: Briefing, *, title: str = "", note: str = "") -> None:
    """Print the title above every page and what it is of; notice, page and day at its foot."""
    head = f"{_TITLE}{page_words(title, 80)}" if title else ""
    if note:
        head += f"{_NOTE}{page_words(note, 140)}"
    sheet.set_header(head, {"margin": 0.3})
    left, right = page_words(briefing.notice, 90), page_words(briefing.on.isoformat(), 30)
    place = page_words(briefing.place, 60)
    sheet.set_footer(f"&L&9{left}&C&9&P / &N&R&9 {place} {right}", {"margin": 0.25})
    sheet.set_margins(left=0.4, right=0.4, top=0.85 if note else 0.65, bottom=0.55)
