"""Figures whose decimal point is a comma, as in a file whose columns are parted by semicolons."""

import re

from geo.findings import Finding
from geo.language import say
from geo.ledgers.merged import Body
from geo.ledgers.numbers import Cells
from geo.schema import READ_POSITION

_FIGURE = re.compile(r"\s*[-+]?\d[\d.,]*\s*")
_ONE_COMMA = re.compile(r"\s*([-+]?\d+),(\d+)\s*")
_GROUP = 3  # figures between thousands marks
_LONGEST = 180  # degrees


def read_decimal_commas(body: Body) -> list[Finding]:
    """Write the figures of such columns with a point, in place, and tell each.

    A column is one where every figure has one comma with other than three figures behind it, or,
    of degrees, any number of them.
    """
    kinds = {column.name: column for column in (*body.schema.columns, *READ_POSITION)}
    findings = []
    for at, name in body.names.items():
        if kinds[name].kind not in {"number", "count"}:
            continue
        texts = {row: cell for row, cell in enumerate(body.columns[at])
                 if isinstance(cell, str) and _FIGURE.fullmatch(cell)}
        parts = {row: _ONE_COMMA.fullmatch(text) for row, text in texts.items()}
        found = {row: part for row, part in parts.items() if part is not None}
        if not found or len(found) < len(parts):
            continue
        is_degree = name in {column.name for column in READ_POSITION} and all(
            abs(int(part[1])) <= _LONGEST for part in found.values()
        )
        if not is_degree and any(len(part[2]) == _GROUP for part in found.values()):
            continue
        cells = Cells(body.columns[at], body.rows, body.headers[at], body.schema.layer, body.file)
        for row, part in found.items():
            read = f"{part[1]}.{part[2]}"
            message = say("小数点写作逗号，读作 {figure}。", figure=read)
            findings.append(cells.finding("warning", row, message))
            body.columns[at][row] = read
    return findings
