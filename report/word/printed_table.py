"""Tables of a briefing as Word prints them: columns as wide as what stands in them."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from geo.language import Message, say, spoken
from report.briefing.content import Column, Kind, Table
from report.word.markup import Cell, heading_row, paragraph, row, run, strong, table
from report.word.styles import GRID, STYLES

TWIPS: Final = 1440 / 25.4  # of a millimetre
_POINT: Final = 25.4 / 72  # mm
_SIDES: Final = 2.6  # mm that a cell leaves free at both sides together
_SHADE: Final = "E7E6E6"
_WIDE: Final = "\u2e80"  # from here on letters are as wide as high
_SHORT: Final = 3.0  # letters of a heading that stays in one line
_WORDS: Final = 7.5  # letters of a text that stays in one line
_PHRASE: Final = 5.0  # letters that a line of a text holds at least
_BLANK: Final = 5.0  # letters of a column to be written in
_NARROW: Final = {**dict.fromkeys("0123456789–", 0.5), **dict.fromkeys(",. :;", 0.25), "%": 0.84}
_WORD: Final = re.compile(r"[!-\u024f]+")
_MOST_FOR_A_WORD: Final = 0.2  # of a table
_TOGETHER: Final = 5  # rows of a table that stays on one page
_NONE: Final = say("（无）")


@dataclass(frozen=True)
class Small:
    """Which styles a table is set in."""

    text: str
    figure: str
    heading: str


IN_TEXT: Final = Small("TableText", "TableFigure", "TableHeading")
IN_LIST: Final = Small("ListText", "ListFigure", "ListHeading")


def grid(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], width: float,
    *, totals: int = 0, small: Small = IN_TEXT, high: float = 0,
) -> str:  # fmt: skip
    """Return rows of printed cells as a table.

    width
        Of the whole table, mm.
    totals
        So many rows at the end are sums.
    high
        Least height of a row, mm; more than its text where it is written in by hand.
    """
    em = _em(small)
    widths = [round(TWIPS * each) for each in shares(columns, rows, width, em=em)]
    heads = (
        Cell(paragraph(small.heading, run(column.title)), shade=_SHADE) for column in columns
    )
    printed = [heading_row(heads, widths)]
    styles = [small.text if each.kind is Kind.TEXT else small.figure for each in columns]
    last = len(rows) - totals
    for at, cells in enumerate(rows):
        words = run if at < last else strong
        # The last rows stay with the note under them: no sum alone on a page, no first row either.
        together = len(rows) <= _TOGETHER or at == 0 or at >= len(rows) - 2
        keep = "<w:keepNext/>" if together else ""
        printed.append(row((Cell(paragraph(style, words(cell), properties=keep))
                            for style, cell in zip(styles, cells, strict=True)), widths,
                           properties=height(high)))  # fmt: skip
    if not rows:
        printed.append(row([Cell(paragraph(small.text, run(_NONE)), len(columns))], widths))
    return table(printed, widths, style=GRID)


def shares(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], width: float, *, em: float
) -> list[float]:
    """Return how wide each column is, mm, so that figures stay in one line.

    em
        Width of a Chinese letter, mm.

    What is left of the page is shared among texts by their weights, the longer having more; one
    that needs less than its share leaves the rest to the others.
    """
    needs = [_need(column, [cells[at] for cells in rows], em) for at, column in enumerate(columns)]
    open_ = [at for at, column in enumerate(columns)
             if column.kind is Kind.TEXT and any(cells[at] for cells in rows)
             and needs[at] > em * _WORDS + _SIDES]  # fmt: skip
    found = [0.0 if at in open_ else need for at, need in enumerate(needs)]
    weights = {at: columns[at].weight * _typical([cells[at] for cells in rows]) for at in open_}
    floors = {at: max(_longest_word([cells[at] for cells in rows], width, em),
                      em * _PHRASE + _SIDES) for at in open_}  # fmt: skip
    left = max(width - sum(found), 0.3 * width)
    while open_:
        share = left / sum(weights[at] for at in open_)
        tight = [at for at in open_ if share * weights[at] < floors[at]]
        if tight and len(tight) < len(open_):  # no word is broken while others have room
            found[tight[0]] = floors[tight[0]]
            left -= floors[tight[0]]
            open_.remove(tight[0])
            continue
        full = [at for at in open_ if needs[at] <= share * weights[at]]
        if not full or len(full) == len(open_):
            for at in open_:
                found[at] = share * weights[at]
            break
        for at in full:
            found[at] = needs[at]
        left -= sum(needs[at] for at in full)
        open_ = [at for at in open_ if at not in full]
    scale = width / sum(found)
    return [each * scale for each in found]


def _need(column: Column, cells: Sequence[str], em: float) -> float:
    """Return how wide a column has to be, mm; a heading may stand in two lines."""
    longest = max(map(width_of, cells), default=0.0)
    title = str(column.title)
    # Chinese breaks anywhere, so two lines hold half of it each; other words stay whole.
    half = width_of(title) / 2 + 0.5
    heading = min(width_of(title), max(half, _SHORT, *map(width_of, _WORD.findall(title))))
    if not longest and column.kind is Kind.TEXT:
        longest = _BLANK * column.weight  # it is there to be written in
    return em * (max(longest, heading) + 0.3) + _SIDES


def _longest_word(cells: Sequence[str], width: float, em: float) -> float:
    """Return how wide a column is that breaks no word of its cells, a fifth of all at most, mm."""
    longest = max((width_of(word) for cell in cells for word in _WORD.findall(cell)), default=0.0)
    return min(em * (longest + 0.3) + _SIDES, _MOST_FOR_A_WORD * width)


def _typical(cells: Sequence[str]) -> float:
    """Return how much room the usual text of a column asks for: twice as wide is half as high."""
    letters = [width_of(cell) for cell in cells if cell]
    return math.sqrt(max(1.0, sum(letters) / len(letters)))


def width_of(text: str) -> float:
    """Return how wide a text is, in widths of a Chinese letter."""
    return sum(1.0 if letter >= _WIDE else _NARROW.get(letter, 0.55) for letter in text)


def _em(small: Small) -> float:
    sizes = {style.id: style.size for style in STYLES}
    return sizes[small.text][0 if spoken() == "zh" else 1] * _POINT


def height(millimetres: float) -> str:
    """Return the properties of a row that is at least so high and stays on one page."""
    return f'<w:cantSplit/><w:trHeight w:val="{round(TWIPS * millimetres)}" w:hRule="atLeast"/>'


def notes(shown: Table, *, most: int | None, elsewhere: Message | None) -> Iterator[Message]:
    """Yield what stands under a table: what its figures are of, and where its other rows stand."""
    if shown.note is not None:
        yield shown.note
    if most is None or len(shown) <= most:
        return
    left = len(shown) - most
    if elsewhere is None:
        yield say("共 {all} 行，此处列前 {most} 行，另有 {left} 行未列。",
                  all=len(shown), most=most, left=left)  # fmt: skip
    else:
        yield say("共 {all} 行，此处列前 {most} 行，另有 {left} 行见{where}。",
                  all=len(shown), most=most, left=left, where=elsewhere)  # fmt: skip
