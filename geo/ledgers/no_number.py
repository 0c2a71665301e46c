"""Why the text of a cell cannot be one number: a range, a share, a sum, a date, the word “same”."""

import re

from geo.language import Message, say

# “As above”, spelled out or by the marks that typists take for it.
_DITTO = re.compile("^(同上行?|同前|[〃″＂“”\"]|''|′′)$")
_RANGE = re.compile(r"\d[^\d.,e]?\s*[-~至到—–]\s*\d")
# More or fewer than a figure is no figure.
_BOUND = re.compile(
    r"[<>≤≥≦≧]|以上|以下|以内|不少于|不低于|不超过|不大于|不足|超过|至少|至多|最多|^超|\d\s*\+$"
)
_SUM = re.compile(r"\d[^\de]{0,3}[+*×=]\s*\d")
_TWO = re.compile(r"\d\D{0,3}[/、;]\s*\d")
_DATE = re.compile(
    r"\d{4}([-/.])\d{1,2}\1\d{1,2}([t ]+\d{1,2}:\d{2}.*)?|\d{4}年\d{1,2}月(\d{1,2}[日号])?"
)


def says_as_above(text: str) -> bool:
    """Tell whether the text of a cell says only that it is the same as above."""
    return _DITTO.match(text.strip()) is not None


def no_value() -> Message:
    """Return the sentence about a formula whose value nobody worked out."""
    return say("是公式，文件里没有算好的值。")


def no_single_number(text: str) -> Message | None:
    """Return why a text cannot be one number; None where it may be."""
    if text.startswith("="):
        return no_value()
    for sign, problem in (
        ("%", say("是百分比，不是数。")),
        ("百分之", say("是百分比，不是数。")),
        ("‰", say("是千分比，不是数。")),
        ("#", say("是 Excel 的出错值。")),
    ):
        if sign in text:
            return problem
    if _DATE.fullmatch(text):
        return say("是日期，不是数。")
    for pattern, problem in (
        (_DITTO, say("写的是“同上”，数不照抄：同一个数会算两次。")),
        (_RANGE, say("是一个范围，不是一个数。")),
        (_BOUND, say("只说多于或少于，不是一个数。")),
        (_SUM, say("是算式，不是一个数。")),
        (_TWO, say("有不止一个数。")),
    ):
        if pattern.search(text):
            return problem
    return None
