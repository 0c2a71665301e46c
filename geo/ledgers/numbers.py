"""Cells of a ledger turned into numbers: every change and every doubt becomes a finding."""

import math
import re
import unicodedata
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.findings import Finding, Severity
from geo.language import Message, say
from geo.ledgers.han_figures import han_number, of_steps
from geo.ledgers.multiples import far_beyond
from geo.ledgers.no_number import no_single_number
from geo.ledgers.personal import holds_codes, masked, masked_figure, masked_name, names_persons
from geo.unseen import dotted, seen_only
from geo.vocabulary import UNITS

Floats = NDArray[np.float64]

# No single row of a study holds a thousand million people, households or square metres
# (1,000 km²): such a figure is a slip of the unit or of the keyboard.
LIMIT = 1e9

_LOOKED_AT = 2_000
_SHOWN = 60  # characters of a cell in a message

MISSING = frozenset({
    "", "-", "--", "---", "—", "——", "–", "―", "/", "\\", "无", "無", "空", "缺", "暂无", "未知",
    "不详", "nan", "na", "n/a", "#n/a", "null", "none", "nil", "<na>", "nat", "暂缺", "缺失",
    "不清楚", "不清", "不明", "无数据", "暂无数据", "无资料", "暂无资料", "无记录",
    "未提供",
})
_MULTIPLIERS = {"": 1, "百": 100, "千": 1000, "万": 10_000, "萬": 10_000, "亿": 100_000_000}
OTHER_UNITS = (
    "亩", "公顷", "ha", "hm2", "平方公里", "平方千米", "km2", "平方英尺", "万平方米", "万㎡", "元",
    "万元", "千元", "亿元", "公里", "千米", "米", "套", "间", "栋", "幢", "处", "所",
)
_UNITS_SEEN = frozenset(
    {*OTHER_UNITS, *(name for names in UNITS.values() for name in names if name != "万")}
)
_UNITS_BARE = frozenset(name.casefold() for name in _UNITS_SEEN)
_CLEAN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_FIGURE = re.compile(
    r"(?P<figure>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|[+-]?\.\d+)"
    r"(?P<power>e[+-]?\d{1,3})?(?P<times>[百千万萬亿]?)"
)
_ABOUT = re.compile(r"^(大约|约计|大概|约|近|将近|≈|~)|(左右|上下|余|多)(?=\D*$)")
# What says which part of the whole a figure is of, and is no figure itself.
_PART = re.compile(
    r"(不?含|包括|不包括|包含|另有)[^0-9]{1,10}|地[下上面]|[底首]层|[一二三四五六七八九十]+[层期]"
)
_TOGETHER = re.compile(r"^(总共|共计|共有|共|合计|总计)(?=[0-9])")
_IN_BRACKETS = re.compile(r"^(?P<figure>.*?)[(\[【](?P<note>[^()\[\]【】]*)[)\]】]$")
_HAN_FIGURE = re.compile(r"[零〇一二两三四五六七八九十百千万亿点壹贰叁肆伍陆柒捌玖拾佰仟]+")
# Typists group thousands with a fixed space; a plain one may part two figures.
_GROUPING_SPACE = re.compile(
    "(?<=[0-9０-９])[\u00a0\u202f\u2009'’＇](?=[0-9０-９]{3}(?![0-9０-９]))"
)
# After one or two figures a plain space groups: 12 500; “350 200” may be two figures.
_GROUPED = re.compile(
    r"(?P<first>\d{1,2}) (?P<rest>\d{3}(?: \d{3})*)(?P<part>\.\d+)?(?!\d)(?=\D*$)"
)
# A typed apostrophe makes a text of a figure: '500.
_APOSTROPHE = re.compile(r"^\s*['’‘＇`]\s*(?=[0-9０-９])")
# A cell that says its own unit, or how many times, is not of the unit of its header.
_SAYS_UNIT = re.compile("[人户戶口名位元百千万萬亿%]")
_SCALED_TO = 6
_ZERO_WIDTH = re.compile("[\u200b-\u200f\u2060\ufeff]")


class Formula(str):
    """A formula of a workbook whose value nobody worked out; not a text that looks like one."""

    __slots__ = ()


@dataclass(frozen=True)
class ParsedNumber:
    """A cell read as a number.

    value
        None where the cell is empty, says that it is empty, or cannot be read.
    changed
        The cell did not hold this value plainly.
    problem
        Why the cell cannot be read.
    """

    value: float | None
    changed: bool = False
    problem: Message | None = None


@dataclass(frozen=True)
class Cells:
    """One column of a file and where it stands.

    values
        One cell a row, of any type a reader of files gives.
    rows
        Row numbers as the file shows them.
    header
        As the file spells it.
    scale
        What a plain figure is multiplied by, where the header names a multiple of the unit.
    """

    values: NDArray[Any]
    rows: NDArray[np.int64]
    header: str
    layer: str
    file: str
    scale: float = 1.0

    def finding(
        self, severity: Severity, at: int, message: Message, remedy: Message | None = None
    ) -> Finding:
        """Return a finding about the cell at a position."""
        return Finding(
            severity, self.layer, message, remedy, self.file, int(self.rows[at]), self.header,
            self.shown(at),
        )

    def shown(self, at: int) -> str:
        """Return the cell at a position as the user sees it; the name of a person is masked."""
        text = shown(self.values[at], code=holds_codes(self.header))
        return masked_name(text) if text and names_persons(self.header) else text


def shown(value: object, *, code: bool = False) -> str:
    """Return a cell as the user sees it: short, on one line, numbers of persons masked.

    code
        It is a code of a thing, which may look like a mobile number.
    """
    if value is None:
        return ""
    if isinstance(value, float) and math.isfinite(value):
        personal = None if code else masked_figure(value)
        return figure(value) if personal is None else personal
    whole = str(value)[:_LOOKED_AT]  # a cell of megabytes is not shown anyway
    text = masked(dotted(whole), code=code)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN - 1]}…"


def figure(value: float) -> str:
    """Return a number as people write it: 1200, 350.5."""
    return f"{value:.15g}"


def true_at(mask: ArrayLike) -> list[int]:
    """Return where a mask is true."""
    return [int(at) for at in np.flatnonzero(mask)]


def is_missing(value: object) -> bool:
    """Tell whether a cell is empty; a word for emptiness (“—”) is not."""
    if isinstance(value, str):
        # Most cells begin with what is seen; the others are looked at closely.
        return not value or not (value[0].isalnum() or seen_only(value).strip())
    if isinstance(value, float):
        return math.isnan(value)
    if value is None:
        return True
    if isinstance(value, int):
        return False
    if isinstance(value, np.datetime64):
        return bool(np.isnat(value))
    return type(value).__name__ in {"NaTType", "NAType"}


def says_missing(text: str) -> bool:
    """Tell whether a text says that nothing is known (“—”, “无”, “NaN”)."""
    return _plain(text) in MISSING


def read_number(
    value: object, *, whole: bool = False, unit: str = "", least: float = 0.0, scale: float = 1.0
) -> ParsedNumber:
    """Return a cell as a number.

    whole
        A fraction is a problem.
    unit
        Key of `vocabulary.UNITS`: what may stand behind the figure; another unit is a problem.
    least
        Smallest value allowed; at least `LIMIT` is a problem.
    scale
        What a figure is multiplied by that says no unit of its own.
    """
    if is_missing(value):
        return ParsedNumber(None)
    if isinstance(value, bool | np.bool_):
        return ParsedNumber(None, problem=say("是逻辑值（是/否），不是数。"))
    if isinstance(value, date | time | timedelta | np.datetime64):
        return ParsedNumber(None, problem=say("是日期，不是数。"))
    if isinstance(value, int | float | np.number):
        return _bounded(_times(float(value), scale), changed=False, whole=whole, least=least)
    parsed = _parse_text(str(value), unit)
    if parsed.value is None:
        return parsed
    own = scale if _SAYS_UNIT.search(str(value)) is None else 1.0
    return _bounded(_times(parsed.value, own), changed=parsed.changed, whole=whole, least=least)


def _times(value: float, scale: float) -> float:
    # 1.15 thousand are 1150, whatever the binary of 1.15 says.
    return value if scale == 1.0 else round(value * scale, _SCALED_TO)


def read_numbers(
    cells: Cells, *, whole: bool = False, unit: str = "", least: float = 0.0,
    none: Collection[str] = (),
) -> tuple[Floats, list[Finding]]:
    """Return a column as float64, NaN where unknown, with a finding for each change and doubt.

    none
        Words that state that there is none: 0.
    """
    numbers = np.full(len(cells.values), np.nan)
    doubtful = list(range(len(numbers)))
    if cells.values.dtype.kind in "iuf":
        numbers = cells.values.astype(float)
        if cells.scale != 1.0:
            numbers = np.round(numbers * cells.scale, _SCALED_TO)
        fine = np.isnan(numbers) | ((numbers >= least) & (numbers < LIMIT))
        if whole:
            fine &= np.isnan(numbers) | (np.floor(numbers) == numbers)
        doubtful = true_at(~fine)
    read = lru_cache(maxsize=None, typed=True)(
        lambda value: read_number(
            value, whole=whole, unit=unit, least=least, scale=cells.scale
        )
    )
    findings: list[Finding] = []
    # Where a changed cell stands -> its finding.
    changed: dict[int, int] = {}
    for at in doubtful:
        if none and isinstance(cells.values[at], str) and _plain(cells.values[at]) in none:
            numbers[at] = 0.0
            message = say("是说没有，读作 0；若是不知道，请留空。")
            findings.append(cells.finding("warning", at, message))
            continue
        parsed = read(hashable(cells.values[at]))
        numbers[at] = np.nan if parsed.value is None else parsed.value
        if parsed.problem is not None:
            remedy = _number_remedy(cells.values[at], unit)
            findings.append(cells.finding("error", at, parsed.problem, remedy))
        elif parsed.changed:
            changed[at] = len(findings)
            findings.append(cells.finding("warning", at, _change(parsed.value)))
    if unit == "households":
        for at in far_beyond(cells.values, numbers, changed):
            message = say("读作 {figure}，请核对。", figure=figure(numbers[at]))
            findings[changed[at]] = cells.finding("warning", at, message)
    return numbers, [*findings, *_shares_beside_percentages(cells, numbers, unit)]


def _shares_beside_percentages(cells: Cells, numbers: Floats, unit: str) -> list[Finding]:
    """Make figures between 0 and 1 unknown, in place, where a column of persons has percentages.

    Beside 23.5% a figure of 0.235 is a share; elsewhere it may be a part of a person in a grid.
    """
    shares = true_at((numbers > 0) & (numbers < 1)) if unit == "people" else []
    if not shares or cells.values.dtype != object or not any(
        isinstance(cell, str) and "%" in _plain(cell) for cell in cells.values
    ):
        return []
    message = say("同列有百分比，像是比例，不是人数，按未知处理。")
    numbers[shares] = np.nan
    return [cells.finding("error", at, message, _number_remedy(None, unit)) for at in shares]


def hashable(value: Any) -> Hashable:  # noqa: ANN401 - a cell is whatever the file reader gives
    """Return a cell as something that can be looked up; a list becomes its text."""
    return value if isinstance(value, Hashable) else str(value)


def each_cell(cells: Cells, read: Callable[[object], Any]) -> list[Any]:
    """Return `read` of every cell, asking only once for equal cells."""
    remembered = lru_cache(maxsize=None, typed=True)(read)
    return [remembered(hashable(value)) for value in cells.values]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", _ZERO_WIDTH.sub("", text)).strip().casefold()


def _change(value: float | None) -> Message:
    if value is None:
        return say("按缺失处理。")
    return say("读作 {figure}。", figure=figure(value))


def _number_remedy(value: object, unit: str) -> Message:
    if isinstance(value, Formula):
        return say("请用 Excel 打开并保存。")
    if unit in UNITS:
        shown_unit = "㎡" if unit == "m2" else UNITS[unit][0]
        return say("请改为一个数（单位：{unit}）；不知道就留空。", unit=shown_unit)
    return say("请改为一个数；不知道就留空。")


def _bounded(value: float, *, changed: bool, whole: bool, least: float) -> ParsedNumber:
    problem = None
    if not math.isfinite(value):
        problem = say("不是有限的数。")
    elif value < least:
        problem = say("小于 {least}，不可能。", least=figure(least))
    elif value >= LIMIT:
        problem = say("过大（上限 10 亿），不可信。")
    elif whole and not value.is_integer():
        problem = say("应为整数。")
    if problem is not None:
        return ParsedNumber(None, problem=problem)
    return ParsedNumber(value + 0.0, changed=changed)  # -0.0 + 0.0 is 0.0


def _parse_text(text: str, unit: str) -> ParsedNumber:
    if _CLEAN.fullmatch(text) and (float(text) != 0 or not text.strip("-0.")):
        return ParsedNumber(float(text))
    plain = _plain(_GROUPING_SPACE.sub(",", _APOSTROPHE.sub("", text)))
    if plain in MISSING:
        return ParsedNumber(None, changed=True)
    if (problem := no_single_number(plain)) is not None:
        return ParsedNumber(None, problem=problem)
    about = _TOGETHER.sub("", _ABOUT.sub("", _out_of_brackets(plain)).strip())
    bare = _without_unit(about, unit)
    if isinstance(bare, Message):
        return ParsedNumber(None, problem=bare)
    value = None if _has_odd_figures(text) else _figure_of(bare)
    if value is None:
        return ParsedNumber(None, problem=say("无法读成数。"))
    return ParsedNumber(value, changed=True)


def _has_odd_figures(text: str) -> bool:
    """Tell whether a text has figures that may be a footnote or a power: 500①, 5²; not m²."""
    plain = text.replace("m²", "").replace("〇", "")
    return any(unicodedata.category(c) in {"No", "Nl"} for c in plain)


def _out_of_brackets(text: str) -> str:
    """Return a text without brackets around what says nothing of its own: 350(㎡), 500(约)."""
    match = _IN_BRACKETS.match(text)
    if match is None:
        return text
    note = match["note"].strip()
    if note in _UNITS_BARE or note in _MULTIPLIERS:
        return match["figure"].strip() + note
    says_nothing = note in {"约", "左右", "估算", "约数"} or _PART.fullmatch(note)
    return match["figure"].strip() if says_nothing else text


def _without_unit(text: str, unit: str) -> str | Message:
    """Return the text without its unit, or why the unit does not fit."""
    own = {_plain(name) for name in UNITS.get(unit, ())}
    # 0.2万平方米 says itself that it is 2000.
    if text.endswith(tuple(f"万{name}" for name in own)):
        return text[:text.rindex("万") + 1]
    for name in sorted(own | _UNITS_SEEN, key=len, reverse=True):
        if text.endswith(name):
            if name in own:
                return text.removesuffix(name).strip()
            return say("单位“{unit}”与本列不符。", unit=name)
    return text


def _figure_of(text: str) -> float | None:
    if _HAN_FIGURE.fullmatch(text):
        return han_number(text)
    if grouped := _GROUPED.match(text):
        digits = grouped["first"] + grouped["rest"].replace(" ", "") + (grouped["part"] or "")
        text = digits + text[grouped.end():]
    match = _FIGURE.fullmatch(text)
    if match is None:
        return of_steps(text)
    try:
        # Decimal keeps 0.12万 at exactly 1200.
        number = Decimal(match["figure"].replace(",", "") + (match["power"] or ""))
    except InvalidOperation:
        return None
    value = float(number * _MULTIPLIERS[match["times"]])
    # 1e-400 is no zero, 0百 no hundreds; neither is a figure of a ledger.
    return None if value == 0 and (number != 0 or match["times"]) else value
