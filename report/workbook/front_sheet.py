"""The first sheet: agreed figures with what they are of, the sentences, and what stands where."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from xlsxwriter.worksheet import Worksheet

from geo.language import Message, joined, say
from report.briefing.content import Briefing
from report.data.sheets import A4, Workbook, seen
from report.workbook.layout import height
from report.workbook.printed_sheet import FONT, HEADING, LINE, Printed, dress

Look = dict[str, Any]
_WIDTHS: Final = (24, 18, 84)
_ACROSS: Final = sum(_WIDTHS) - 2
_USUAL: Final = 10.0  # size of the type
_TITLE: Final = {"font_name": "黑体", "font_size": 18}
_SECTION: Final = {"font_name": "黑体", "font_size": 12, "bottom": 1, "bottom_color": "#123F5C"}
_WARNING: Final = {**FONT, "bold": True, "font_color": "#8F3410"}
_SAID: Final = {**FONT, "text_wrap": True, "valign": "top"}
_CELL: Final = {**FONT, **LINE, "text_wrap": True}
_FIGURE: Final = {**_CELL, "bold": True, "align": "center", "font_size": 12}
_COUNT: Final = {**_CELL, "align": "center"}


class Page:
    """A sheet filled from the top down."""

    def __init__(self, book: Workbook, sheet: Worksheet) -> None:
        self.book, self.sheet, self.row = book, sheet, 0

    def section(self, title: Message) -> None:
        """Begin a section, a line apart from what stands above."""
        self.row += 1
        for at in range(len(_WIDTHS)):
            self.book.write(self.sheet, self.row, at, str(title) if at == 0 else None, **_SECTION)
        self.sheet.set_row(self.row, 20)
        self.row += 1

    def line(self, text: str, **how: object) -> None:
        """Write a text across the page, as high as it needs: Excel does not see to that itself."""
        text = seen(text)
        last = len(_WIDTHS) - 1
        look = self.book.format(**{**_SAID, **how})
        quoted = self.book.format(**{**_SAID, **how, "quote_prefix": True})
        self.sheet.merge_range(self.row, 0, self.row, last, "", look)
        self.sheet.write_string(self.row, 0, text, quoted if text[:1] in "=+-@'" else look)
        larger = float(str(how.get("font_size", _USUAL))) / _USUAL
        self.sheet.set_row(self.row, height([text], [_ACROSS / larger]) * larger)
        self.row += 1

    def lines(self, texts: Iterable[Message | str]) -> None:
        """Write texts below each other, each with its number."""
        for number, text in enumerate(texts, start=1):
            self.line(f"{number}. {text}")

    def cells(self, *texts: str, looks: Sequence[Look] = (_CELL, _CELL, _CELL)) -> None:
        """Write one row of a table of three columns."""
        for at, (text, look) in enumerate(zip(texts, looks, strict=True)):
            self.book.write(self.sheet, self.row, at, seen(text), **look)
        self.sheet.set_row(self.row, height(texts, _WIDTHS) + 3)
        self.row += 1


def front_sheet(book: Workbook) -> Worksheet:
    """Return the first sheet, still empty: it tells of those that are written after it."""
    sheet = book.sheet(str(say("汇总")), paper=A4)
    sheet.set_portrait()
    for at, width in enumerate(_WIDTHS):
        sheet.set_column(at, at, width)
    return sheet


def fill_front(
    book: Workbook, sheet: Worksheet, briefing: Briefing, sheets: Sequence[Printed],
    remarks: Sequence[Message],
) -> None:  # fmt: skip
    """Write the figures, the sentences and the list of sheets."""
    page = Page(book, sheet)
    page.line(str(briefing.title), **_TITLE)
    page.line(str(say("{place}，截至 {day}", place=briefing.place, day=briefing.on.isoformat())))
    if briefing.notice:
        page.line(str(briefing.notice), **_WARNING)
    page.section(say("主要指标"))
    page.cells(str(say("指标")), str(say("数值")), str(say("口径")), looks=(HEADING,) * 3)
    for figure in briefing.figures:
        of = str(joined("；", *figure.of))
        page.cells(str(figure.label), figure.text, of, looks=(_CELL, _FIGURE, _CELL))
    page.section(say("主要结论"))
    page.lines(briefing.headline)
    page.section(say("下一步"))
    page.lines(briefing.steps)
    page.section(say("说明"))
    page.lines([*briefing.caveats, *remarks, *briefing.sources])
    page.section(say("各表"))
    _contents(page, sheets)
    dress(sheet, briefing)


def _contents(page: Page, sheets: Sequence[Printed]) -> None:
    """Write a row a sheet, its name a way to it."""
    page.cells(str(say("工作表")), str(say("行数")), str(say("内容")), looks=(HEADING,) * 3)
    way = page.book.format(**_CELL, font_color="#1F4E79", underline=1)
    for each in sheets:
        row = page.row
        page.cells(each.name, f"{each.rows:,}", each.note, looks=(_CELL, _COUNT, _CELL))
        target = each.name.replace("'", "''")
        page.sheet.write_url(row, 0, f"internal:'{target}'!A1", way, each.name)
