"""Which number formats of a workbook show a percentage, and what such a cell shows."""

import re
from collections.abc import Mapping
from xml.sax.saxutils import unescape

from geo.ledgers.numbers import figure

# The two built-in formats with a percent sign: 0% and 0.00%.
_BUILT_IN = frozenset({9, 10})
# Of the format of positive figures; a sign in quotes or behind a stroke only stands beside them.
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')

_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b([^>]*)>")
_USED = re.compile(rb"<(?:\w+:)?cellXfs\b[^>]*>(.*?)</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(rb"<(?:\w+:)?xf\b([^>]*)>")
_NUMBER = re.compile(rb"\bnumFmtId\s*=\s*[\"'](\d{1,9})[\"']")
_CODE = re.compile(rb"\bformatCode\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def shows_percent(code: str) -> bool:
    """Tell whether a number format shows a hundredfold with a percent sign: 0.0%."""
    return "%" in _LITERAL.sub("", code).split(";")[0]


def percent_numbers(codes: Mapping[int, str]) -> frozenset[int]:
    """Return the numbers of the formats that show a percentage, the built-in ones among them."""
    return _BUILT_IN - set(codes) | {
        number for number, code in codes.items() if shows_percent(code)
    }


def percent_styles(styles: bytes) -> frozenset[int]:
    """Return the styles of cells, counted from 0, whose number format shows a percentage.

    styles
        The part of the workbook that lists them, searched and not parsed: no entity is expanded.
    """
    codes: dict[int, str] = {}
    for match in _FORMAT.finditer(styles):
        number, code = _NUMBER.search(match[1]), _CODE.search(match[1])
        if number and code:
            text = (code[1] or code[2] or b"").decode("utf-8", errors="replace")
            codes[int(number[1])] = unescape(text, {"&quot;": '"', "&apos;": "'"})
    percents = percent_numbers(codes)
    used = _USED.search(styles)
    numbers = [_NUMBER.search(match[1]) for match in _STYLE.finditer(used[1] if used else b"")]
    return frozenset(
        at for at, number in enumerate(numbers) if number and int(number[1]) in percents
    )


def as_shown(value: float) -> str:
    """Return what a cell with such a format shows: 0.235 is 23.5%."""
    return f"{figure(round(value * 100, 10))}%"
