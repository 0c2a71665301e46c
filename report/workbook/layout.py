"""How wide columns are and how high rows: programs other than Excel do not see to it themselves."""

from collections.abc import Sequence
from typing import Final

from report.briefing.content import Column, Kind, Table
from report.data.sheets import A3, A4

HIGH: Final = 15.0  # points of a line of text of size 10
_WIDE: Final = "\u2e80"  # from here on letters take two places
_ROOM: Final = {A4: 130, A3: 200}  # places across at which a page is still easily read
_LEAST: Final = 6.0
_WHOLE_HEADING: Final = 15  # a longer heading may take two lines
_BY_WEIGHT: Final = 12  # places of a text column
_UNBROKEN: Final = 19.0  # codes and short names stay in one line
_MORE: Final = (3.0, 2.0, 1.5, 1.25, 1.0)  # times that, where the page has room
_LOOKED_AT: Final = 1000  # rows that settle how wide a column is
_HIGHEST: Final = 400.0  # points; Excel has 409


def places(text: str) -> int:
    """Return how many places a text takes in one line: a Chinese character takes two."""
    return sum(2 if letter >= _WIDE else 1 for letter in text)


def lines(text: str, across: float) -> int:
    """Return how many lines a text takes in a column so many places wide."""
    count, used, room = 1, 0, max(int(across) - 1, 2)
    for letter in text:
        wide = 2 if letter >= _WIDE else 1
        if letter == "\n" or used + wide > room:
            count, used = count + 1, 0
        if letter != "\n":
            used += wide
    return count


def height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """Return how high a row has to be, in points."""
    most = max((lines(text, width) for text, width in zip(texts, widths, strict=True)), default=1)
    return min(most * HIGH + 3, _HIGHEST)


def widths_of(table: Table) -> tuple[list[float], int]:
    """Return how many places each column takes, and the smallest paper on which that is readable.

    Texts get what they need as far as the paper has room, the heavier columns more.
    """
    natural = [_natural(column, table) for column in table.columns]
    for paper in (A4, A3):
        for more in _MORE:
            widths = [
                min(wanted, max(_BY_WEIGHT * column.weight * more, _UNBROKEN))
                if column.kind is Kind.TEXT else wanted
                for column, wanted in zip(table.columns, natural, strict=True)
            ]  # fmt: skip
            if sum(widths) <= _ROOM[paper]:
                return widths, paper
    return widths, A3


def _natural(column: Column, table: Table) -> float:
    """Return how many places a column would take without wrapping."""
    values = table.rows[column.key].tolist()[:_LOOKED_AT]
    total = table.total or {}
    texts = [column.text(value) for value in [*values, total.get(column.key)]]
    heading = places(str(column.title))
    if heading > _WHOLE_HEADING:
        heading = heading // 2 + 3
    return max(max(map(places, texts)) + 3.0, heading + 2.0, _LEAST)
