"""Cells of a ledger turned into dates: a year stands for its last day, a month for its last."""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.findings import Finding, Severity
from geo.language import Message, say
from geo.ledgers.han_figures import han_number
from geo.ledgers.no_number import no_value
from geo.ledgers.numbers import (
    MISSING,
    Cells,
    Formula,
    each_cell,
    figure,
    is_missing,
)

# Housing older than this, or planned beyond, is a slip of the keyboard.
FIRST_YEAR, LAST_YEAR = 1900, 2100
_DECEMBER = 12

# Excel counts days from here; 18,264 is 1950-01-01, 73,050 is 2099-12-31.
_EXCEL_START = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 18_264, 73_050

_HAN_DIGITS = str.maketrans(
    "〇零○一二三四五六七八九壹贰叁肆伍陆柒捌玖", "000123456789123456789"
)
_HAN_RUN = re.compile("[〇零○一二三四五六七八九十壹贰叁肆伍陆柒捌玖]+")
_WHOLE_DATE = re.compile(
    r"(?P<year>\d{4})(?:[-./年](?P<month>\d{1,2})(?:[-./月](?P<day>\d{1,2})[日号]?)?(?:月份?)?|年)?"
    r"(?:[t ]*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?)?"
    r"(?:年?底|竣工|建成|交付)?"
)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})?")
_COARSE = re.compile(
    r".*年代.*|.*世纪.*|约.*|.*(左右|前后|以前|以后|之前|之后|年前|年后|上半年|下半年|季度|年初|年中|前|后)"
    r"|(预计|计划|拟|暂定).*|.*\(?(预计|计划|暂定)\)?|['’]?\d{2}年?|['’]?\d{2}年\d{1,2}月(份|\d{1,2}[日号])?"
    r"|\d{2,4}s"
)
# 08年 under 建成年份 is 2008, 98年 is 1998; the years between are of neither century for sure.
_SHORT = re.compile(r"['’]?(?P<year>\d{2})(?P<rest>年?|年\d{1,2}月(份|\d{1,2}[日号])?)")
_LAST_OF_2000S, _FIRST_OF_1900S = 30, 50
# The day or the month first, as other countries write it.
_YEAR_LAST = re.compile(r"(?:(?P<a>\d{1,2})[-./])?(?P<b>\d{1,2})[-./](?P<year>\d{4})")
# Two years in one cell: of two phases, or from and to.
_SEVERAL = re.compile(r"(?<!\d)(19|20)\d{2}(?!\d).*?(?<!\d)(19|20)\d{2}(?!\d)")
_NOT_YET = re.compile(
    "(未|尚未|暂未|还未|没有|没)(建成?|竣工|完工|交付|移交|验收|投用|投入使用|开业|运营|启用|办理)"
    "|在建|建设中|施工中|未建成|待(建|交付|移交|验收|竣工)"
)
_YEAR = re.compile(r"(19|20)\d{2}(\.0)?年?")
_PLAIN = re.compile(r"\d{4}(-\d{2}-\d{2})?")


@dataclass(frozen=True)
class ParsedDate:
    """A cell read as a date.

    value
        None where the cell is empty, too coarse, or cannot be read.
    changed
        The cell did not hold this value plainly.
    coarse
        The cell says something true that is too coarse for a date (“90年代”, “在建”).
    problem
        Why the cell cannot be read.
    of_year
        The cell says the year alone.
    short
        What the cell says where its column says years: its year has two figures.
    serial
        The value is counted from a bare day number, as a cell shows whose date format is lost.
    """

    value: date | None
    changed: bool = False
    coarse: bool = False
    problem: Message | None = None
    of_year: bool = False
    serial: bool = False
    short: date | None = None


def read_date(value: object) -> ParsedDate:
    """Return a cell as a date: a date, a year, a month, Chinese figures, or an Excel serial."""
    if is_missing(value):
        return ParsedDate(None)
    if isinstance(value, np.datetime64):
        value = value.astype("datetime64[s]").item()
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return _from_day(value)
    if isinstance(value, Formula | bool | np.bool_):
        formula = isinstance(value, Formula)
        problem = no_value() if formula else say("是逻辑值（是/否），不是日期。")
        return ParsedDate(None, problem=problem)
    if isinstance(value, int | float | np.number):
        return _from_figure(float(value))
    return _from_text(str(value))


def _from_day(value: date) -> ParsedDate:
    # 2016 in a cell with a date format is the day 2016 of Excel's calendar: 8 July 1905.
    serial = (value - _EXCEL_START).days
    if FIRST_YEAR <= serial <= LAST_YEAR:
        return _checked(serial, None, None, changed=True)
    return _checked(value.year, value.month, value.day, changed=False)


def read_dates(cells: Cells) -> tuple[NDArray[np.datetime64], list[Finding]]:
    """Return a column as datetime64[s], NaT where unknown, with a finding for each change."""
    days = np.full(len(cells.values), np.datetime64("NaT", "s"), dtype="datetime64[s]")
    findings: list[Finding] = []
    parsed: list[Any] = each_cell(cells, read_date)
    years: list[int] = []
    of_years = any(cell.serial or cell.short for cell in parsed) and _holds_years(cells)
    for at, cell in enumerate(parsed):
        if of_years and cell.short:
            days[at] = np.datetime64(cell.short, "s")
            message = say("年份只写了两位，读作 {figure}，请核对。", figure=cell.short.isoformat())
            findings.append(cells.finding("warning", at, message))
            continue
        if cell.serial:
            findings.append(_about_serial(cells, at, cell.value, of_years=of_years))
            if not of_years:
                days[at] = np.datetime64(cell.value, "s")
            continue
        if cell.value is not None:
            days[at] = np.datetime64(cell.value, "s")
        told = _about_cell(cells, at, cell)
        if told is not None:
            findings.append(told)
        elif cell.of_year:
            years.append(at)
    return days, [*findings, *_about_years(cells, years, days)]


def _about_cell(cells: Cells, at: int, cell: ParsedDate) -> Finding | None:
    """Return what is said of a cell that is no plain date; None where nothing is."""
    remedy = say("请写成 2016、2016-05 或 2016-05-01；不知道就留空。")
    if cell.coarse:
        message = cell.problem or say("太笼统，不能定为某一天，按未知处理。")
        return cells.finding("warning", at, message, remedy)
    if cell.problem is not None:
        return cells.finding("error", at, cell.problem, remedy)
    if not cell.changed:
        return None
    if cell.value is None:
        return cells.finding("warning", at, say("按缺失处理。"))
    # A year that a date format has hidden is more than another way of writing.
    severity: Severity = "warning" if isinstance(cells.values[at], date) else "info"
    return cells.finding(severity, at, say("读作 {figure}。", figure=cell.value.isoformat()))


def _about_years(
    cells: Cells, at: list[int], days: NDArray[np.datetime64]
) -> list[Finding]:
    """Return what plain years were read as, all of a column together."""
    if not at:
        return []
    day = str(days[at[0]].astype("datetime64[D]"))
    if len(at) == 1:
        return [cells.finding("info", at[0], say("读作 {figure}。", figure=day))]
    message = say("{count} 格只写了年份，读作当年最后一天（如第 {row} 行“{value}”读作 {figure}）。",
                  count=len(at), row=int(cells.rows[at[0]]), value=cells.shown(at[0]),
                  figure=day)  # fmt: skip
    return [Finding("info", cells.layer, message, file=cells.file, column=cells.header)]


def _holds_years(cells: Cells) -> bool:
    """Tell whether a column says years: by its header, or by most of its cells."""
    header = cells.header.casefold()
    if re.search("年份|年代|year|(?<![周近历每])年$|[(（]年[)）]$", header):
        return True
    filled = [cell for cell in cells.values if not is_missing(cell)]
    years = [cell for cell in filled if _YEAR.fullmatch(str(cell).strip())]
    return 2 * len(years) > len(filled)


def _about_serial(cells: Cells, at: int, day: date, *, of_years: bool) -> Finding:
    """Return the finding on a day number: no year, and of a day that only Excel's calendar tells.

    In a column of years 20116 is a slip of the keyboard.
    """
    if of_years:
        message = say("这一列写的是年份，五位数不是年份。")
        return cells.finding("error", at, message, say("请写成四位数的年份；不知道就留空。"))
    message = say("像是丢了日期格式的 Excel 日序号，读作 {figure}，请核对。",
                  figure=day.isoformat())
    return cells.finding("warning", at, message)


def _from_figure(number: float) -> ParsedDate:
    if number.is_integer() and number >= 0:
        return _from_text(figure(number))
    # 2016.5 is May 2016; 2016.1 is January or, its last zero lost, October.
    text = figure(number)
    if re.fullmatch(r"\d{4}\.(0[1-9]|[2-9]|1[12])", text) and number < LAST_YEAR + 1:
        return _from_text(text)
    if re.fullmatch(r"\d{4}\.1", text):
        return ParsedDate(None, coarse=True)
    if _FIRST_SERIAL <= number < _LAST_SERIAL + 1:
        return _from_serial(int(number))  # a day with its time
    return ParsedDate(None, problem=say("无法读成日期。"))


def _from_serial(days: int) -> ParsedDate:
    """Return the date of an Excel day number, which a cell shows when its date format is lost."""
    if not _FIRST_SERIAL <= days <= _LAST_SERIAL:
        return ParsedDate(None, problem=say("无法读成日期。"))
    return ParsedDate(_EXCEL_START + timedelta(days=days), changed=True, serial=True)


def _from_text(text: str) -> ParsedDate:
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    plain = re.sub(r"^['’`](?=\d{4})", "", plain)
    if plain in MISSING:
        return ParsedDate(None, changed=True)
    spelled = _HAN_RUN.sub(_han_figure, plain)
    compact = re.sub(r"(?<=[年月])\s+|\s+(?=[年月日])", "", spelled)
    match = _WHOLE_DATE.fullmatch(compact) or _COMPACT.fullmatch(compact)
    if match is None and _COARSE.fullmatch(spelled):
        return ParsedDate(None, coarse=True, short=_of_short(compact))
    if match is None and (other := _said_otherwise(compact)) is not None:
        return other
    if match is None and re.fullmatch(r"\d{5}(\.\d+)?", compact):
        return _from_serial(int(float(compact)))
    if match is None:
        short = re.fullmatch(r"\d{1,3}", compact)
        problem = say("无法读成日期。")
        return _outside(compact) if short else ParsedDate(None, problem=problem)
    year, month, day = (int(part) if part else None for part in match.group("year", "month", "day"))
    return _checked(year or 0, month, day, changed=not _PLAIN.fullmatch(text.strip()))


def _of_short(text: str) -> date | None:
    """Return what a date with a year of two figures says; None where the century is in doubt."""
    match = _SHORT.fullmatch(text)
    if match is None or _LAST_OF_2000S < int(match["year"]) < _FIRST_OF_1900S:
        return None
    century = "20" if int(match["year"]) <= _LAST_OF_2000S else "19"
    return _from_text(f"{century}{match['year']}{match['rest']}").value


def _said_otherwise(text: str) -> ParsedDate | None:
    """Return what is read of a text with its year last, of two years, or of “not yet”."""
    if _NOT_YET.fullmatch(text):
        problem = say("是说还没有，没有日期可读，按未知处理。")
        return ParsedDate(None, coarse=True, problem=problem)
    if _SEVERAL.search(text):
        return ParsedDate(None, problem=say("写了不止一个年份，不能定为哪一个。"))
    match = _YEAR_LAST.fullmatch(text)
    if match is None:
        return None
    year, b = int(match["year"]), int(match["b"])
    if match["a"] is None:
        return _checked(year, b, None, changed=True)
    a = int(match["a"])
    if a != b and max(a, b) <= _DECEMBER:
        return ParsedDate(None, problem=say("分不清哪个是月、哪个是日。"))
    return _checked(year, min(a, b), max(a, b), changed=True)


def _han_figure(match: re.Match[str]) -> str:
    digits = match.group()
    if "十" not in digits:
        return digits.translate(_HAN_DIGITS)
    number = han_number(digits)
    return digits if number is None else figure(number)


def _checked(year: int, month: int | None, day: int | None, *, changed: bool) -> ParsedDate:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return _outside(str(year))
    of_year = month is None
    month = _DECEMBER if month is None else month
    if not 1 <= month <= _DECEMBER:
        return ParsedDate(None, problem=say("没有这个月份。"))
    last = calendar.monthrange(year, month)[1]
    day = last if day is None else day
    if not 1 <= day <= last:
        return ParsedDate(None, problem=say("没有这一天。"))
    return ParsedDate(date(year, month, day), changed=changed, of_year=of_year)


def _outside(year: str) -> ParsedDate:
    problem = say(
        "年份 {year} 不在 {first} 至 {last} 之间。", year=year, first=FIRST_YEAR, last=LAST_YEAR
    )
    return ParsedDate(None, problem=problem)
