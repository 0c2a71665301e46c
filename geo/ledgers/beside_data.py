"""Rows of a ledger that are no data: totals, notes, headings, headers printed again."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.language import Message, say
from geo.ledgers.amounts import amounts_of, cell_of, figures_of
from geo.ledgers.header_rows import Header
from geo.ledgers.numbers import Formula, is_missing, shown
from geo.ledgers.workbook import Area
from geo.schema import POSITION, Schema

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
_TOTAL_TAIL = re.compile(r".{0,12}(合计|小计|总计|共计)([:(（]?\d.*|\(.*\))?|其中([:：].{0,12})?")
_COUNTED = re.compile(
    "总?共计?[0-9一二两三四五六七八九十百]+(个|处|家|户|所|栋|幢|座|项|条).{0,12}"
)
# Names that are a total only where the amounts say so too: 全区, 合计小区.
_OF_ALL = re.compile(
    "(全|本|整个?)(区|市|县|旗|盟|镇|乡|街道|社区|村|嘎查|苏木|旗县区|县区|市区|辖区|域|体|部).{0,6}"
    "|(全部|所有|合计(?!划)|汇总).{0,12}|.{0,8}(总数|总和|总量|汇总)"
)
# A total names itself in one of its first cells; a note fills no more than these.
_FIRST_CELLS = 2
# Columns beside the name that say which thing a row is about.
GROUPS = ("street", "community", "parent")
_LONG = 40  # characters; no total says so much
_SIGNED = re.compile(
    r"(填表|制表|填报|审核|复核|经办|统计负责|单位负责|审批|校核|编制|盖章|签字|联系人及电话)"
    r"(人|单位|日期|时间|部门|负责人)?(\(.{0,6}\))?[:：].*|.{0,8}\(?(盖章|签字)\)?[:：]?"
)
_NOTE = re.compile(
    r"(注|备注|说明|填报说明|填表说明|联系|负责人|数据来源|来源|附|附注|日期|截至|截止).{0,4}[:：].*"
    r"|(注|备注|说明|附注)\d*|第\d+页.*|共\d+页.*|以下空白|此表.*|本表.*|[—-]+完[—-]*|\d+[.、].{5,}[。；;]"
    r"|(以上|上述|表中|表内).{0,8}(数据|统计|资料|信息|面积|户数|人口|床位|情况).*"
    r"|(数据|资料)(由|来自|来源于|截至|截止|均?为).{2,}"
    r"|\d{4}年\d{1,2}月(\d{1,2}日)?|\d{4}[-./]\d{1,2}[-./]\d{1,2}"
)
# Dots, strokes and the like under a table: nothing follows.
_NO_WORD = re.compile(r"[\W_]+")
_SUM_OF = re.compile(r"=\s*(SUM|SUBTOTAL)\s*\(", re.IGNORECASE)
_NUMBERED = re.compile(r"\(?[0-9一二三四五六七八九十]{1,2}[、.)．]")
_SAMPLES = frozenset({"例", "示例", "样例", "填写示例", "填写样例", "(示例)", "(例)", "例如"})
_HEADING = re.compile(r"([一二三四五六七八九十]+[、.]|\([一二三四五六七八九十]+\)).{1,30}")


class BesideData:
    """Tells rows of one sheet that are no data.

    header
        Where the data begin, and which column holds the name.
    """

    def __init__(
        self, grid: Grid, header: Header, merged: Sequence[Area], schema: Schema
    ) -> None:
        # Under “填表说明：” come its points, one a row.
        self._in_notes = False
        above = (_plain(filled_cells(row)) for row in grid[: header.last + 1])
        self._above = {texts for texts in above if texts}
        self._first_above = {texts[0] for texts in self._above}
        found = header.matching.columns
        self._name, self._id = found.get("name"), found.get("id")
        self._groups = frozenset(found[name] for name in GROUPS if name in found)
        # Also what was left aside with a finding of its own holds data.
        self._read = {
            *found.values(), *(at for *_, at in header.matching.clashes),
            *(at for at, _ in header.matching.other_units),
        }
        measured = {
            *(column.name for column in POSITION),
            *(amount.column.name for amount in amounts_of(header, schema)),
        }
        self._first_figure = min((at for name, at in found.items() if name in measured), default=0)
        self._filled_from_above = {
            row for (top, left), (bottom, _) in merged if left in self._read
            for row in range(top + 1, min(bottom, len(grid)) + 1)
        }
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
            return self._nothing_read(filled, row)
        if self._only_formulas(filled):
            word = shown(filled[0][1])
            if any(_adds_up(cell) for _, cell in filled):
                return word, say("没有名称，是求和公式，像合计行，已排除。")
            return word, say("只有没有算好值的公式，没有名称，不是数据，已排除。")
        first = _word(texts[0][1])
        return (
            self._total(filled, texts)
            or self._note(filled, first)
            or self._heading(filled, first, row)
            or self._again(filled, first)
            or self._nothing_read(filled, row)
        )

    def _only_formulas(self, filled: Filled) -> bool:
        """Tell whether a row has formulas without values and nothing else, not even a name."""
        return self._name is not None and all(
            isinstance(cell, Formula) and at != self._name for at, cell in filled
        )

    def _nothing_read(self, filled: Filled, row: int) -> Reason | None:
        """Return what is said of a row that fills no column of the layer, or words for an id."""
        read = {at for at, _ in filled} & self._read
        if not self._read or row in self._filled_from_above:
            return None
        word = shown(filled[0][1])
        if not read:
            return word, say("本图层的各列全空，像标题或说明，不是数据，已排除。")
        cell = next(cell for at, cell in filled if at in read)
        if read == {self._id} and isinstance(cell, str) and _says_no_number(cell):
            return word, say("除编号外各列全空，像标题或说明，不是数据，已排除。")
        if read == {self._name} and len(filled) == 1 and isinstance(cell, date):
            return word, say("是表下的说明，不是数据，已排除。")
        return None

    def _total(self, filled: Filled, texts: Filled) -> Reason | None:
        for at, word in self._words_of_identity(filled, texts):
            plain = word.casefold().rstrip(":")
            if plain in _TOTALS or _TOTAL_TAIL.fullmatch(word) or _COUNTED.fullmatch(word):
                return shown(word), say("是“{word}”行，不是数据，已排除。", word=shown(word))
            if word in _SAMPLES and at == texts[0][0]:
                return shown(word), say("是填写示例，不是数据，已排除。")
        return None

    def _words_of_identity(self, filled: Filled, texts: Filled) -> list[tuple[int, str]]:
        """Return the words that say which thing a row is about, where it names a total.

        Up to the name; without a name those left of the first figure, and its street; else of its
        first cells.
        """
        name, also = self._name, self._groups
        if name is None:
            last = filled[:_FIRST_CELLS][-1][0]
        elif any(at == name for at, _ in filled):
            last, also = name, frozenset()
        else:
            last = max(filled[0][0], self._first_figure - 1)
        words = [(at, _word(text)) for at, text in texts
                 if (at <= last or at in also) and len(text) < _LONG]
        if len(words) > 1 and words[0][1] + words[1][1] in _TOTALS:  # 合 | 计
            return [(words[0][0], words[0][1] + words[1][1])]
        return words

    def _note(self, filled: Filled, first: str) -> Reason | None:
        reason = _note(filled, first)
        if reason is None and self._in_notes and len(filled) == 1 and _NUMBERED.match(first):
            return shown(first), say("是表下的说明，不是数据，已排除。")
        self._in_notes = self._in_notes or (reason is not None and "说明" in first)
        return reason

    def _heading(self, filled: Filled, first: str, row: int) -> Reason | None:
        if len(filled) > 1:
            return None
        if (row, filled[0][0]) in self._wide or _HEADING.fullmatch(first):
            return shown(first), say("是分组的标题行，不是数据，已排除。")
        return None

    def _again(self, filled: Filled, first: str) -> Reason | None:
        if first in self._first_above and _plain(filled) in self._above:
            return shown(first), printed_again()
        return None


def printed_again() -> Message:
    """Return the sentence about a header that stands again on the next page."""
    return say("与表头或标题行相同（分页重复），不是数据，已排除。")


def filled_cells(cells: Sequence[Any]) -> list[tuple[int, Any]]:
    """Return the filled cells of a row with their columns."""
    return [(at, cell) for at, cell in enumerate(cells) if not is_missing(cell)]


def totals(grid: Grid, kept: Sequence[int], header: Header, schema: Schema) -> dict[int, Reason]:
    """Return the rows whose amounts give them away as totals, and what is said of each.

    A row without a name or any other word is one where it is the sum of those above; a row named
    after the whole (全区) where it is the sum of all others.

    kept
        Positions of the rows of data, rising.
    """
    name = header.matching.columns.get("name")
    amounts = amounts_of(header, schema)
    if name is None or not amounts:
        return {}
    unnamed = {
        position for position in kept
        if is_missing(cell_of(grid[position], name)) and not any(map(_has_letters, grid[position]))
    }
    whole = {
        position: word for position in kept
        for word in [_word(shown(cell_of(grid[position], name)))] if _OF_ALL.fullmatch(word)
    }
    found: dict[int, Reason] = {}
    sums, rows = np.zeros(len(amounts)), 0
    if not unnamed and not whole:
        return found
    read = dict(zip(kept, np.nan_to_num(figures_of(grid, kept, amounts)), strict=True))
    for position, figures in read.items():
        if position in unnamed and rows > 1 and _are_sums(figures, sums):
            found[position] = "", say("没有名称，数值等于其上各行之和，像合计行，已排除。")
        elif position not in whole:
            sums += figures
            rows += 1
    for position, word in whole.items():
        if rows > 1 and _are_sums(read[position], sums):
            message = say(
                "“{word}”行的数值等于其余各行之和，是合计行，不是数据，已排除。", word=word
            )
            found[position] = word, message
    return found


def _are_sums(figures: NDArray[np.float64], sums: NDArray[np.float64]) -> bool:
    told = figures != 0
    return bool(told.any()) and bool(np.isclose(figures[told], sums[told], rtol=1e-9).all())


def _has_letters(cell: object) -> bool:
    return isinstance(cell, str) and any(c.isalpha() for c in cell)


def _adds_up(cell: object) -> bool:
    return isinstance(cell, Formula) and _SUM_OF.match(cell) is not None


def _says_no_number(text: str) -> bool:
    """Tell whether a text is a word and no code: 东城街道, not A01 or 甲."""
    word = _word(text)
    return len(word) > 1 and not word.isascii() and not any(c.isdigit() for c in word)


def _note(filled: Filled, first: str) -> Reason | None:
    if all(isinstance(cell, str) and _NO_WORD.fullmatch(cell) for _, cell in filled):
        return first, say("只有标点，不是数据，已排除。")
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
