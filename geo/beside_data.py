"""Rows of a ledger that are no data: totals, notes, headings, headers printed again."""

import math
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from geo.header_rows import Header
from geo.language import Message, say
from geo.numbers import is_missing, read_number, shown
from geo.schema import Column, Schema
from geo.workbook import Area

Grid = Sequence[Sequence[Any]]
# What a row is instead of data: its first words as they are shown, and the sentence about it.
Reason = tuple[str, Message]
# The filled cells of a row and their columns.
Filled = Sequence[tuple[int, Any]]

_TOTALS = frozenset({
    "合计", "小计", "总计", "平均", "平均值", "均值", "共计", "累计", "汇总", "总和", "合计数",
    "本页合计", "本页小计", "中位数", "最大值", "最小值", "占比", "比例", "百分比", "total",
    "subtotal", "grandtotal", "sum", "average", "mean",
})
_TOTAL_TAIL = re.compile(r".{0,12}(合计|小计|总计|共计)([:(（]?\d.*|\(.*\))?|其中[:：]?.{0,12}")
# A total names itself in one of its first cells; a note fills no more than these.
_FIRST_CELLS = 2
_LONG = 40  # characters; no total says so much
_SIGNED = re.compile(
    r"(填表|制表|填报|审核|复核|经办|统计负责|单位负责|审批|校核|编制|盖章|签字|联系人及电话)"
    r"(人|单位|日期|时间|部门|负责人)?(\(.{0,6}\))?[:：].*|.{0,8}\(?(盖章|签字)\)?[:：]?"
)
_NOTE = re.compile(
    r"(注|备注|说明|填报说明|填表说明|联系|负责人|数据来源|来源|附|附注|日期|截至|截止).{0,4}[:：].*"
    r"|(注|备注|说明|附注)\d*|第\d+页.*|共\d+页.*|以下空白|此表.*|本表.*|[—-]+完[—-]*|\d+[.、].{8,}[。；;]"
)
_SAMPLES = frozenset({"例", "示例", "样例", "填写示例", "填写样例", "(示例)", "(例)", "例如"})
_HEADING = re.compile(r"([一二三四五六七八九十]+[、.]|\([一二三四五六七八九十]+\)).{1,30}")


class BesideData:
    """Tells rows of one sheet that are no data.

    header
        Where the data begin, and which column holds the name.
    """

    def __init__(self, grid: Grid, header: Header, merged: Sequence[Area]) -> None:
        above = (_plain(filled_cells(row)) for row in grid[: header.last + 1])
        self._above = {texts for texts in above if texts}
        self._first_above = {texts[0] for texts in self._above}
        self._name = header.matching.columns.get("name")
        width = sum(1 for text in header.texts if text)
        self._wide = {
            (top, left) for (top, left), (bottom, right) in merged
            if top == bottom and top > header.last and 2 * (right - left + 1) > width
        }

    def reason(self, filled: Filled, row: int) -> Reason | None:
        """Return why a row is no data; None where it is data.

        filled
            Its filled cells and their columns; at least one.
        """
        texts = [(at, cell) for at, cell in filled if isinstance(cell, str)]
        if not texts:
            return None
        first = _word(texts[0][1])
        return (
            self._total(filled, texts)
            or _note(filled, first)
            or self._heading(filled, first, row)
            or self._again(filled, first)
        )

    def _total(self, filled: Filled, texts: Filled) -> Reason | None:
        for at, word in self._words_of_identity(filled, texts):
            if word.casefold().rstrip(":") in _TOTALS or _TOTAL_TAIL.fullmatch(word):
                return shown(word), say("是“{word}”行，不是数据，已排除。", word=shown(word))
            if word in _SAMPLES and at == texts[0][0]:
                return shown(word), say("是填写示例，不是数据，已排除。")
        return None

    def _words_of_identity(self, filled: Filled, texts: Filled) -> list[tuple[int, str]]:
        """Return the words that say which thing a row is about, where it names a total.

        Up to the name; all of a row without a name; else those of its first cells.
        """
        name = self._name
        if name is None:
            last = filled[:_FIRST_CELLS][-1][0]
        elif any(at == name for at, _ in filled):
            last = name
        else:
            last = filled[-1][0]
        words = [(at, _word(text)) for at, text in texts if at <= last and len(text) < _LONG]
        if len(words) > 1 and words[0][1] + words[1][1] in _TOTALS:  # 合 | 计
            return [(words[0][0], words[0][1] + words[1][1])]
        return words

    def _heading(self, filled: Filled, first: str, row: int) -> Reason | None:
        if len(filled) > 1:
            return None
        if (row, filled[0][0]) in self._wide or _HEADING.fullmatch(first):
            return shown(first), say("是分组的标题行，不是数据，已排除。")
        return None

    def _again(self, filled: Filled, first: str) -> Reason | None:
        if first in self._first_above and _plain(filled) in self._above:
            return shown(first), say("与表头或标题行相同（分页重复），不是数据，已排除。")
        return None


def filled_cells(cells: Sequence[Any]) -> list[tuple[int, Any]]:
    """Return the filled cells of a row with their columns."""
    return [(at, cell) for at, cell in enumerate(cells) if not is_missing(cell)]


def unnamed_totals(
    grid: Grid, kept: Sequence[int], header: Header, schema: Schema
) -> list[int]:
    """Return the rows without a name or any other word whose amounts are the sums of those above.

    kept
        Positions of the rows of data, rising.
    """
    name = header.matching.columns.get("name")
    amounts = [
        (at, column) for column in schema.columns
        if column.kind in {"count", "number"} and column.unit != "year"
        for at in [header.matching.columns.get(column.name)] if at is not None
    ]
    unnamed = set() if name is None else {
        position for position in kept
        if is_missing(_cell(grid[position], name)) and not any(map(_has_letters, grid[position]))
    }
    found: list[int] = []
    sums, rows = [0.0] * len(amounts), 0
    for position in kept if unnamed else ():
        figures = [_figure(_cell(grid[position], at), column) for at, column in amounts]
        known = [(figure, total) for figure, total in zip(figures, sums, strict=True) if figure]
        fits = bool(known) and all(math.isclose(figure, total) for figure, total in known)
        if position in unnamed and rows > 1 and fits:
            found.append(position)
        else:
            sums = [a + b for a, b in zip(sums, figures, strict=True)]
            rows += 1
    return found


def _cell(cells: Sequence[Any], at: int) -> object:
    return cells[at] if at < len(cells) else None


def _has_letters(cell: object) -> bool:
    return isinstance(cell, str) and any(c.isalpha() for c in cell)


def _figure(cell: object, column: Column) -> float:
    return read_number(cell, unit=column.unit).value or 0.0


def _note(filled: Filled, first: str) -> Reason | None:
    few = len(filled) <= _FIRST_CELLS
    signed = _SIGNED.fullmatch(first)
    if signed or (few and _NOTE.fullmatch(first)):
        # What stands behind the colon may be the name of a person.
        label = re.split("[:：]", first)[0] if signed else first
        return shown(label), say("是表下的说明，不是数据，已排除。")
    return None


def _word(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _plain(filled: Filled) -> tuple[str, ...]:
    return tuple(_word(shown(cell)) for _, cell in filled)
