"""Where the header of a sheet stands, and what its rows say over each column."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from geo.ledgers.headers import Matching, column_meant, fold, match_headers
from geo.ledgers.numbers import OTHER_UNITS, is_missing, shown
from geo.ledgers.workbook import Area
from geo.schema import Schema
from geo.vocabulary import UNITS

Grid = Sequence[Sequence[Any]]

# A header stands within the first rows; further down, a row that looks like one is data.
HEADER_WITHIN = 30
_MOST_ROWS = 3
# Figures under which an area of a statistical table is known: 甲 乙 1 2 3.
_COLUMN_LETTERS = frozenset("甲乙丙丁") | {"栏次", "代码", "序号", "指标"}
_LEAST_NUMBERED = 3
_UNIT_WORDS = frozenset(
    fold(word)
    for word in (
        *OTHER_UNITS, *(unit for units in UNITS.values() for unit in units if unit != "口"),
        "必填", "选填", "文本", "数字", "日期", "单位", "岁", "%", "个", "周岁",
    )
)
# A line above the header that says who filled the table in, and when.
_ABOUT_THE_TABLE = re.compile(
    r"\s*(填报|填表|制表|编制|统计|上报|报送|日期|时间|单位|截至|截止)[^:：]{0,8}[:：]"
)
_SAID_UNIT = re.compile(r"单位[:：]\s*(?P<units>[^()（）]{1,30})")


@dataclass(frozen=True)
class Header:
    """The rows of a header, from 0, and the texts over each column from the top down.

    texts
        The header of each column as it is shown: 床位/护理型; the lowest alone where that says all.
    """

    top: int
    last: int
    levels: tuple[tuple[str, ...], ...]
    texts: tuple[str, ...]
    matching: Matching


def find_header(
    grid: Grid, merged: Sequence[Area], schema: Schema, columns: Mapping[str, str]
) -> Header:
    """Return the header that names most columns of the layer; where none does, the fullest row."""
    covered = _covered(merged, width=max(map(len, grid[:HEADER_WITHIN]), default=0))
    rows = min(len(grid), HEADER_WITHIN)
    best: tuple[tuple[int, int, int, int], Header] | None = None
    for last in range(rows):
        for top in range(last, max(last - _MOST_ROWS, -1), -1):
            if top < last and not _stands_over(grid, covered, top):
                break
            header = _header(grid, covered, (top, last), schema, columns)
            if last - top + 1 < _MOST_ROWS and _goes_on(grid, covered, header, schema):
                continue
            named = len(header.matching.columns) + len(header.matching.other_units)
            # Of two that name as many, the one of more rows: its lower row is no data.
            worth = (named, last - top if named else 0, len(_filled(grid[last])), -last)
            if best is None or worth > best[0]:
                best = worth, header
    if best is None:
        return Header(0, 0, (), (), Matching({}))
    return _with_rows_below(grid, covered, best[1], schema, columns)


def _covered(merged: Sequence[Area], *, width: int) -> dict[tuple[int, int], tuple[int, int]]:
    """Return cell -> the first cell of its merged area, for the rows a header may have."""
    first: dict[tuple[int, int], tuple[int, int]] = {}
    for (top, left), (bottom, right) in merged:
        for row in range(top, min(bottom, HEADER_WITHIN) + 1):
            for column in range(left, min(right, width - 1) + 1):
                first[row, column] = (top, left)
    return first


def _stands_over(
    grid: Grid, covered: Mapping[tuple[int, int], tuple[int, int]], row: int
) -> bool:
    """Tell whether a row is the upper part of a header whose lower part is the next row."""
    upper, lower = grid[row], grid[row + 1]
    texts = {cell for cell in upper if isinstance(cell, str) and not is_missing(cell)}
    if len(texts) < 2 or any(_is_figure(cell) for cell in (*upper, *lower)):  # noqa: PLR2004
        return False
    if any(_ABOUT_THE_TABLE.match(text) for text in texts):
        return False
    for column, cell in enumerate(lower):
        above = upper[column] if column < len(upper) else None
        first = covered.get((row, column))
        if first is not None and covered.get((row + 1, column)) == first:
            return True
        if not is_missing(cell) and is_missing(above):
            return True
    return False


def _goes_on(
    grid: Grid, covered: Mapping[tuple[int, int], tuple[int, int]], header: Header, schema: Schema
) -> bool:
    """Tell whether the row under a header is a part of it, and so no data.

    A cell of the header is merged into it; or it has words only, none of them under a column that
    every row of the layer fills, and one under no header of its own: 应配 | 实配 under 养老用房.
    """
    last = header.last
    if last + 1 >= len(grid):
        return False
    if any(
        covered.get((last, column)) is not None
        and covered.get((last, column)) == covered.get((last + 1, column))
        for column in range(len(grid[last]))
    ):
        return True
    filled = {at: cell for at, cell in enumerate(grid[last + 1]) if not is_missing(cell)}
    needed = {header.matching.columns.get(c.name) for c in schema.columns if c.needed} - {None}
    return (
        len(filled) >= 2 and bool(needed) and not needed & set(filled)  # noqa: PLR2004
        and any(at >= len(grid[last]) or is_missing(grid[last][at]) for at in filled)
        and all(isinstance(cell, str) and not any(map(str.isdecimal, cell))
                for cell in filled.values())
        and not _are_units(list(filled.values()))
    )


def _header(
    grid: Grid,
    covered: Mapping[tuple[int, int], tuple[int, int]],
    rows: tuple[int, int],
    schema: Schema,
    columns: Mapping[str, str],
) -> Header:
    top, last = rows
    width = max(len(grid[row]) for row in range(top, last + 1))
    lines = [_line(grid, covered, row, width, below=row < last) for row in range(top, last + 1)]
    levels = tuple(_stack(line[column] for line in lines) for column in range(width))
    return _named(top, last, levels, schema, columns)


def _named(
    top: int,
    last: int,
    levels: tuple[tuple[str, ...], ...],
    schema: Schema,
    columns: Mapping[str, str],
) -> Header:
    matching = match_headers(
        ["/".join(stack) for stack in levels], schema, columns=columns, levels=levels
    ).with_scaled()
    names = {at: name for name, at in matching.columns.items()}
    names |= {left: name for name, _, left in matching.clashes}
    leaves = Counter(stack[-1] for stack in levels if stack)
    texts = tuple(
        "" if not stack
        else stack[-1]
        if leaves[stack[-1]] == 1 and column_meant(stack[-1], schema) == names.get(at, "")
        else "/".join(stack)
        for at, stack in enumerate(levels)
    )
    return Header(top, last, levels, texts, matching)


def _line(
    grid: Grid,
    covered: Mapping[tuple[int, int], tuple[int, int]],
    row: int,
    width: int,
    *,
    below: bool,
) -> list[str]:
    """Return the texts of one row of a header; an upper one reaches over what stands below it."""
    texts: list[str] = []
    carried = ""
    for column in range(width):
        at = covered.get((row, column), (row, column))
        text = _text_at(grid, *at)
        if (row, column) in covered:
            carried = ""
        elif text:
            carried = text if below and _text_at(grid, row + 1, column) else ""
        elif below and carried and _text_at(grid, row + 1, column):
            text = carried
        texts.append(text)
    return texts


def _text_at(grid: Grid, row: int, column: int) -> str:
    if row >= len(grid) or column >= len(grid[row]):
        return ""
    return header_text(grid[row][column])


def header_text(cell: object) -> str:
    """Return the cell of a header as it is shown, on one line."""
    return "" if is_missing(cell) else shown(cell).replace("·", "").strip()


def _stack(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the texts over a column, without blanks and without what a merged cell repeats."""
    stack: list[str] = []
    for text in texts:
        if text and (not stack or stack[-1] != text):
            stack.append(text)
    return tuple(stack)


def _with_rows_below(
    grid: Grid,
    covered: Mapping[tuple[int, int], tuple[int, int]],
    header: Header,
    schema: Schema,
    columns: Mapping[str, str],
) -> Header:
    """Return the header with the rows of units and of column numbers that follow it."""
    last, levels = header.last, header.levels
    for row in range(header.last + 1, min(header.last + 3, len(grid))):
        cells = _filled(grid[row])
        if _is_numbering(grid[row], sum(map(bool, levels))):
            last = row
        elif _are_units(cells):
            last, units = row, _line(grid, covered, row, len(levels), below=False)
            levels = tuple(
                (*stack[:-1], f"{stack[-1]}({unit.strip('()（）')})")
                if stack and unit and unit not in stack else stack
                for stack, unit in zip(levels, units, strict=True)
            )
    levels = _with_units_said_above(grid, header, levels)
    if levels == header.levels:
        return replace(header, last=last)
    return _named(header.top, last, levels, schema, columns)


def _with_units_said_above(
    grid: Grid, header: Header, levels: tuple[tuple[str, ...], ...]
) -> tuple[tuple[str, ...], ...]:
    """Return the header with what “单位：万人” above it says, in columns that name no unit."""
    said = [
        fold(unit)
        for row in grid[:header.top] for cell in row if isinstance(cell, str)
        for match in [_SAID_UNIT.search(cell)] if match
        for unit in re.split(r"[,，、;；/\s]+", match["units"])
    ]
    meant = {_MEASURE[unit]: unit for unit in said if unit in _MEASURE}
    if not meant:
        return levels
    taken = {at: name for name, at in header.matching.columns.items()}
    return tuple(
        (*stack[:-1], f"{stack[-1]}({meant[_measured(taken[at])]})")
        if at in taken and _measured(taken[at]) in meant and "(" not in fold(stack[-1]) else stack
        for at, stack in enumerate(levels)
    )


# Units that another than the column's own would be, by what they measure.
_MEASURE: Mapping[str, str] = {
    **dict.fromkeys(("万人", "千人", "百人"), "people"),
    **dict.fromkeys(("万户", "千户", "百户"), "households"),
    **dict.fromkeys(("亩", "公顷", "平方公里", "万平方米", "万m2"), "area"),
    **dict.fromkeys(("元", "千元", "亿元"), "cost"),
}
_NAMED_MEASURES = (
    ("people", ("population", "elderly", "persons")), ("households", ("households",)),
    ("area", ("_m2",)), ("cost", ("cost",)),
)


def _measured(column: str) -> str:
    """Return what a column measures: people, households, area, cost; empty where none of them."""
    for measure, parts in _NAMED_MEASURES:
        if any(part in column for part in parts):
            return measure
    return ""


def _are_units(cells: Sequence[object]) -> bool:
    """Tell whether a row holds units and marks of need and nothing else."""
    texts = [fold(cell) if isinstance(cell, str) else "" for cell in cells]
    words = [text.strip("()[]").removeprefix("单位:") for text in texts]
    blanks = {"-", "/", "—", "单位"}
    return any(word in _UNIT_WORDS for word in words) and all(
        word in _UNIT_WORDS or word in blanks for word in words
    )


def _is_numbering(cells: Sequence[object], columns: int) -> bool:
    """Tell whether a row numbers the columns: 甲 乙 1 2 3."""
    letters, numbers = 0, []
    for cell in _filled(cells):
        text = fold(shown(cell)).strip("()")
        if text.isdecimal() and text.isascii():
            numbers.append(int(text))
        elif numbers or text not in _COLUMN_LETTERS:
            return False
        else:
            letters += 1
    in_order = numbers == list(range(1, len(numbers) + 1))
    return in_order and len(numbers) >= _LEAST_NUMBERED and letters + len(numbers) >= columns


def _is_figure(cell: object) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool) and not is_missing(cell)


def _filled(cells: Sequence[object]) -> list[object]:
    return [cell for cell in cells if not is_missing(cell)]
