"""Figures whose decimal point is a comma, as in a file whose columns are parted by semicolons."""

import re
from collections.abc import Iterator, Mapping

from geo.findings import Finding
from geo.language import say
from geo.ledgers.merged import Body
from geo.ledgers.numbers import Cells
from geo.schema import READ_POSITION

_FIGURE = re.compile(r"\s*[-+]?\d[\d.,]*\s*")
_ONE_COMMA = re.compile(r"\s*([-+]?\d+),(\d+)\s*")
# Where a comma parts decimals, points may part thousands: 1.980,5.
_POINTS_TOO = re.compile(r"\s*([-+]?\d{1,3}(?:\.\d{3})+),(\d+)\s*")
# 1,234,567 and 1,234.5 say that the comma parts thousands.
_THOUSANDS = re.compile(r"\s*[-+]?\d{1,3}(,\d{3})+\.\d+\s*|\s*[-+]?\d{1,3}(,\d{3}){2,}\s*")
_GROUP = 3  # figures between thousands marks
_LONGEST = 180  # degrees

# The figures of a column by row.
_Texts = dict[int, str]


def read_decimal_commas(body: Body) -> list[Finding]:
    """Write figures of a file with a point, in place, and tell each.

    One rule holds for a file: a column proves it where every figure with a comma has other than
    three figures behind it or, of degrees, any number of them. No measure then has thousands; what
    is counted has no decimals, and 1,200 beds are twelve hundred.
    """
    kinds = {column.name: column.kind for column in (*body.schema.columns, *READ_POSITION)}
    columns = dict(_figures(body, kinds))
    proving = {at for at, texts in columns.items() if _proves(body, at, texts)}
    if proving and not any(
        _THOUSANDS.fullmatch(text) for texts in columns.values() for text in texts.values()
    ):
        proving |= {at for at in columns if kinds[body.names[at]] == "number"}
    columns = {at: texts for at, texts in columns.items() if at in proving}
    return [finding for at, texts in columns.items() for finding in _rewritten(body, at, texts)]


def _figures(body: Body, kinds: Mapping[str, str]) -> Iterator[tuple[int, _Texts]]:
    """Yield the columns of numbers, and their texts that are figures."""
    for at, name in body.names.items():
        if kinds[name] in {"number", "count"}:
            yield at, {
                row: cell for row, cell in enumerate(body.columns[at])
                if isinstance(cell, str) and _FIGURE.fullmatch(cell)
            }


def _proves(body: Body, at: int, texts: _Texts) -> bool:
    """Tell whether a column can only be read with a comma for the decimal point."""
    with_commas = [text for text in texts.values() if "," in text]
    parts = [part for text in with_commas if (part := _parted(text))]
    if not parts or len(parts) < len(with_commas):
        return False
    is_degree = body.names[at] in {column.name for column in READ_POSITION}
    if is_degree and all("." not in part[1] and abs(int(part[1])) <= _LONGEST
                         for part in parts):
        return True
    return all(len(part[2]) != _GROUP or "." in part[1] for part in parts)


def _parted(text: str) -> re.Match[str] | None:
    """Return the whole figures before a decimal comma, and those behind it."""
    return _ONE_COMMA.fullmatch(text) or _POINTS_TOO.fullmatch(text)


def _rewritten(body: Body, at: int, texts: _Texts) -> Iterator[Finding]:
    cells = Cells(body.columns[at], body.rows, body.headers[at], body.schema.layer, body.file)
    for row, text in texts.items():
        part = _parted(text)
        if part is not None:
            read = f"{part[1].replace('.', '')}.{part[2]}"
            message = say("小数点写作逗号，读作 {figure}。", figure=read)
            yield cells.finding("warning", row, message)
            body.columns[at][row] = read
