"""Cells of a ledger turned into texts, yes or no, and the words of a layer."""

import re
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.findings import Finding
from geo.language import Message, say
from geo.ledgers.garbled import about_garbled, is_garbled
from geo.ledgers.headers import fold
from geo.ledgers.no_number import no_value
from geo.ledgers.numbers import (
    Cells,
    Formula,
    each_cell,
    figure,
    is_missing,
    says_missing,
    shown,
)
from geo.ledgers.personal_columns import without_personal_data
from geo.schema import Column
from geo.vocabulary import DOUBTFUL_WORDS, SAY_TOO_LITTLE, Words

_YES = frozenset({
    "是", "有", "1", "y", "yes", "true", "t", "√", "✓", "封闭", "封闭式", "已装", "必选",
})
_NO = frozenset({
    "否", "无", "0", "n", "no", "false", "f", "×", "✗", "x", "没有", "不", "开放", "开放式", "未装",
    "非封闭", "不封闭",
})
# The first half ends lines or rings bells; the second turns the reading direction around or hides.
_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029]+|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"
)
# What ends lines or hides, but not the signs that Latin has where Chinese was read wrongly.
_CONTROL_BUT_LATIN = re.compile(
    "[\x00-\x1f\x7f\u2028\u2029]+|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"
)
# No name is so long; a list of all that a place offers may be.
_LONGEST = 500
_EXCEL_ERROR = re.compile(r"#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)")


def read_texts(cells: Cells) -> tuple[NDArray[Any], list[Finding]]:
    """Return a column as text, None where empty; control characters go, with a finding.

    Garbled text stays as it is, with an error: what it meant may be worked out of it.
    """
    cells, findings = without_personal_data(cells)
    texts: list[str | None] = []
    garbled = cache(is_garbled)
    for at, value in enumerate(cells.values):
        text = None if is_missing(value) else _text(value)
        if text is not None and _EXCEL_ERROR.fullmatch(text):
            problem = say("是 Excel 的出错值。")
            findings.append(cells.finding("error", at, problem, say("请在原表中改正公式。")))
            text = None
        elif isinstance(value, Formula):
            findings.append(cells.finding("error", at, no_value(), say("请用 Excel 打开并保存。")))
            text = None
        elif text is not None and garbled(text):
            findings.append(cells.finding("error", at, *about_garbled(text)))
            text = _CONTROL_BUT_LATIN.sub(_without_control, text)
        elif text is not None and (cleaned := _CONTROL.sub(_without_control, text)) != text:
            message = say("含控制字符，已去除，读作“{text}”。", text=shown(cleaned.strip()))
            findings.append(cells.finding("warning", at, message))
            text = cleaned
        if text is not None and len(text) > _LONGEST:
            message = say("有 {count} 个字符，不像是一格的内容，照原样保留，请核对。",
                          count=len(text))
            findings.append(cells.finding("warning", at, message))
        texts.append(None if text is None else text.strip() or None)
    return np.array(texts, dtype=object), findings


def read_flags(cells: Cells) -> tuple[NDArray[Any], list[Finding]]:
    """Return a column as True, False or None (unknown)."""
    findings: list[Finding] = []
    flags: list[bool | None] = each_cell(cells, _flag)
    for at, flag in enumerate(flags):
        value = cells.values[at]
        if flag is not None or is_missing(value):
            continue
        if says_missing(str(value)):
            findings.append(cells.finding("warning", at, say("按缺失处理。")))
        else:
            findings.append(
                cells.finding("error", at, say("既不是“是”也不是“否”。"), say("请写“是”或“否”。"))
            )
    return np.array(flags, dtype=object), findings


def read_words(cells: Cells, column: Column) -> tuple[NDArray[Any], list[Finding]]:
    """Return a column as the codes of its words, None where the cell is empty or unknown."""
    table = {fold(word): code for code, words in column.words.items() for word in (code, *words)}
    codes: list[str | None] = each_cell(
        cells, lambda value: _code(value, table, lenient=column.lenient)
    )
    findings: list[Finding] = []
    plain = {code: {fold(code), fold(words[0])} for code, words in column.words.items()}
    alike: dict[str, list[int]] = {}
    for at, code in enumerate(codes):
        value = cells.values[at]
        if code is None and not is_missing(value):
            message, remedy = _unknown_word(value, column.words)
            findings.append(cells.finding("warning", at, message, remedy))
        elif code is not None and _decided_by(value, table, code) in DOUBTFUL_WORDS:
            message = say("不完全等于“{word}”，读作“{word}”，请核对。",
                          word=column.words[code][0])
            findings.append(cells.finding("warning", at, message))
        elif code is not None and (other := _second_code(value, table, code)):
            message = say(
                "写有两类，只能取一类：读作“{word}”，没有计入“{other}”。",
                word=column.words[code][0], other=column.words[other][0],
            )
            remedy = say("若两类都有，请分两行填写。")
            findings.append(cells.finding("warning", at, message, remedy))
        elif code is not None and fold(_text(value)) not in table:
            message = say("读作“{word}”。", word=column.words[code][0])
            findings.append(cells.finding("info", at, message))
        elif code is not None and fold(_text(value)) not in plain[code]:
            alike.setdefault(_text(value), []).append(at)
    for at_all in alike.values():
        code = str(codes[at_all[0]])
        findings.append(_synonym(cells, at_all, column.words[code][0]))
    return np.array(codes, dtype=object), findings


def _synonym(cells: Cells, at: list[int], word: str) -> Finding:
    """Return what a synonym was read as, all cells with it together."""
    if len(at) == 1:
        return cells.finding("info", at[0], say("读作“{word}”。", word=word))
    message = say("{count} 格读作“{word}”，首格在第 {row} 行。",
                  count=len(at), word=word, row=int(cells.rows[at[0]]))  # fmt: skip
    return replace(cells.finding("info", at[0], message), row=None)


def _text(value: object) -> str:
    if isinstance(value, float | np.floating):
        return figure(float(value))
    return str(value)


def _without_control(match: re.Match[str]) -> str:
    # A line break inside a cell parts two words; hidden characters part nothing.
    return " " if set(match.group()) & set("\t\r\n\u2028\u2029") else ""


def _flag(value: object) -> bool | None:
    if is_missing(value):
        return None
    word = fold(_text(value))
    if word in _YES:
        return True
    return False if word in _NO else None


def _code(value: object, table: dict[str, str], *, lenient: bool) -> str | None:
    """Return the code of a word; in a longer text the longest word decides."""
    if is_missing(value):
        return None
    word = fold(_text(value))
    if word in table or not lenient:
        return table.get(word)
    parts = [known for known in table if known in word and not known.isascii()]
    return table[max(parts, key=len)] if parts else None


def _decided_by(value: object, table: dict[str, str], code: str) -> str:
    """Return the word, or the part of a longer text, by which a cell has its code."""
    word = fold(_text(value))
    if word in table:
        return word
    return max((known for known in table if known in word and not known.isascii()
                and table[known] == code), key=len)


def _second_code(value: object, table: dict[str, str], code: str) -> str:
    """Return another code whose word stands beside the one that decided; empty where none does."""
    word = fold(_text(value))
    if word in table:
        return ""
    decided = _decided_by(value, table, code)
    rest = word.replace(decided, "/")
    others = [known for known in table if known in rest and table[known] != code
              and not known.isascii()]
    return table[max(others, key=len)] if others else ""


def _unknown_word(value: object, words: Words) -> tuple[Message, Message | None]:
    if is_garbled(_text(value)):
        return about_garbled(_text(value))
    if says_missing(_text(value)):
        return say("按缺失处理。"), None
    if fold(_text(value)) in SAY_TOO_LITTLE:
        return (
            say("没有说明租给谁用，按未知处理，不计入结果。"),
            say("租给养老服务机构的请写“运营”，改作他用的请写“挪用”。"),
        )
    known = "、".join(f"{names[0]} ({code})" for code, names in words.items())
    return (
        say("不认识这个词，按未知处理，不计入结果。"),
        say("请改为其中之一：{known}。", known=known),
    )
