"""Sheets of a workbook written safely: a text stays a text, whatever it begins with."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from numbers import Real
from pathlib import Path
from typing import Any, Final

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from geo.language import say
from geo.unseen import dotted, holdable, seen_only
from report.same_bytes import repack

LONGEST: Final = 32_000  # characters; Excel keeps 32,767 in a cell
WIDEST: Final = 60
MOST_ROWS: Final = 1_000_000  # a sheet holds 1,048,576
_MEASURED: Final = 200  # rows that settle how wide a column is shown
FORMULA: Final = frozenset("=+-@＝＋－＠'")
_LINES: Final = "\t\n\r"  # what parts a text of a cell
_NOT_IN_A_NAME: Final = re.compile(r"[\[\]:*?/\\<>|\"\s]+")
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
A4: Final = 9  # as Excel counts papers
A3: Final = 8
_HEADER: Final = 255  # characters that the head or foot of a page may have
_FIRST_DAY: Final = date(1900, 3, 1)  # before it Excel counts a day that never was
_WIDE: Final = "\u2e80"  # from here on letters take two places
_SHEET_NAME: Final = 31
_FILE_NAME: Final = 60
_FILE_BYTES: Final = 150  # systems take 255 for the whole name; a rare character has four


@dataclass
class Workbook:
    """A workbook being written, with the formats that its sheets share."""

    book: Any
    formats: dict[tuple[tuple[str, Any], ...], Format] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def sheet(self, name: str, *, paper: int = A4) -> Worksheet:
        """Return a new sheet, printed across; a name that is taken gets a number."""
        sheet: Worksheet = self.book.add_worksheet(self._free(_plain(name, _SHEET_NAME) or "表"))
        sheet.set_landscape()
        sheet.set_paper(paper)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
        return sheet

    def format(self, **how: object) -> Format:
        """Return a format, made once for all who ask for it."""
        key = tuple(sorted(how.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(dict(key))
        return self.formats[key]

    def write(self, sheet: Worksheet, row: int, column: int, value: object, **how: object) -> None:
        """Write a value: numbers as numbers, nothing as a blank, all else as text."""
        nothing = value is None or value is pd.NA or value == ""
        if nothing or (isinstance(value, float) and pd.isna(value)):
            sheet.write_blank(row, column, None, self.format(**how))
        elif isinstance(value, bool) or not isinstance(value, Real):
            text = clean(str(value))
            # A text that begins like a formula is one again once somebody edits the cell.
            quoted = {"quote_prefix": True} if text.lstrip()[:1] in FORMULA else {}
            sheet.write_string(row, column, text, self.format(**how, **quoted))
        else:
            sheet.write_number(row, column, float(value), self.format(**how))

    def write_day(
        self, sheet: Worksheet, row: int, column: int, day: date | None, **how: object
    ) -> None:
        """Write a day as a day, nothing as a blank; one that Excel cannot count as a text."""
        if day is None or pd.isna(day):
            self.write(sheet, row, column, None, **how)
        elif date(day.year, day.month, day.day) < _FIRST_DAY:
            self.write(sheet, row, column, f"{day:%Y-%m-%d}", **how)
        else:
            moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a sheet has no zones
            sheet.write_datetime(row, column, moment, self.format(num_format="yyyy-mm-dd", **how))

    def table(
        self, sheet: Worksheet, headings: Sequence[str], rows: Iterable[Sequence[Any]]
    ) -> int:
        """Write a table with a heading that stays in sight, and return how many rows it has.

        What a sheet cannot hold is counted in its last row.
        """
        widths = [_width(heading) for heading in headings]
        for column, heading in enumerate(headings):
            self.write(sheet, 0, column, heading, **HEADING)
        count = left = 0
        for number, cells in enumerate(rows, start=1):
            if number > MOST_ROWS:
                left += 1
                continue
            count = number
            for column, cell in enumerate(cells):
                self.write(sheet, count, column, cell, **CELL)
                if count <= _MEASURED:
                    widths[column] = max(widths[column], _width(cell))
        if left:
            told = say("还有 {count} 行，超出工作表的容量，没有列出。", count=left)
            self.write(sheet, count + 1, 0, str(told), bold=True)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(width + 2, WIDEST))
        self.keep_heading(sheet)
        if count:
            sheet.autofilter(0, 0, count, len(headings) - 1)
        return count

    def keep_heading(self, sheet: Worksheet) -> None:
        """Keep the first row in sight on the screen, and on every printed page."""
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)

    def _free(self, name: str) -> str:
        number, free = 1, name
        while free.casefold() in self.names:
            number += 1
            free = f"{name[: _SHEET_NAME - len(str(number)) - 1]}-{number}"
        self.names.add(free.casefold())
        return free


HEADING: Final = {"bold": True, "bg_color": "#E7E6E6", "border": 1, "text_wrap": True}
CELL: Final = {"text_wrap": True, "valign": "top"}


@contextmanager
def workbook(path: Path, *, on: date | None = None, title: str = "") -> Iterator[Workbook]:
    """Give a workbook that is written to `path` when the block ends well.

    on
        The day it is said to be made on, so that the same content gives the same bytes; the moment
        of writing where None.
    """
    options = {
        "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False,
        "in_memory": True,
    }  # fmt: skip
    book = xlsxwriter.Workbook(str(path), options)
    if on is not None:
        made = datetime(on.year, on.month, on.day)  # noqa: DTZ001 - of the study, in no zone
        book.set_properties({"title": seen(title), "created": made})
    yield Workbook(book)
    book.close()
    if on is not None:
        repack(path)


def page_words(text: str, most: int = _HEADER) -> str:
    """Return a text for the head or foot of a page: none of it is a command, nor too much."""
    told: list[str] = []
    length = 0
    for letter in dotted(text):
        shown = "&&" if letter == "&" else letter
        if length + _units(shown) > most - 1:
            return "".join([*told, "…"])
        told.append(shown)
        length += _units(shown)
    return "".join(told)


def _units(text: str) -> int:
    """Return how long Excel thinks a text is: a rare character counts twice."""
    return len(text.encode("utf-16-le")) // 2


def clean(text: str) -> str:
    """Return a text without characters that a workbook cannot hold, and not too long for a cell.

    All else stays: what somebody sends back is to be what it was.
    """
    text = holdable(text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def seen(text: str) -> str:
    """Return a text for people, as `clean`, with a dot for every sign that nobody sees."""
    return clean(dotted(text, kept=_LINES))


def file_name(name: str) -> str:
    """Return a name that every system takes for a file, without folders in it."""
    short = _plain(name, _FILE_NAME).encode()[:_FILE_BYTES].decode(errors="ignore")
    plain = short.strip("._ ")
    return f"_{plain}" if not plain or _RESERVED.fullmatch(plain) else plain


def _plain(name: str, longest: int) -> str:
    return _NOT_IN_A_NAME.sub("_", seen_only(name, kept=_LINES)).strip("'_ ")[:longest]


def _width(value: object) -> int:
    """Return how wide a value is shown: a Chinese character takes two places."""
    longest = max(str("" if value is None else value).split("\n"), key=len, default="")
    return sum(2 if letter >= _WIDE else 1 for letter in longest[:WIDEST])
