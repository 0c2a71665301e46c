"""Parts of papers that are filled in and signed by hand."""

from collections.abc import Sequence
from typing import Final

from geo.language import Message, say
from report.word.markup import Cell, paragraph, row, run, table
from report.word.printed_table import TWIPS, height
from report.word.styles import GRID

LABEL: Final = "F2F2F2"
_SIGNED: Final = 11.0  # mm of a row to sign in
CHECKED, APPROVED = say("核查人"), say("复核人")
SEAL, DAY = say("街道盖章"), say("日期")
DAY_LEFT_OPEN: Final = say("　　年　　月　　日")


def label(told: Message | str) -> Cell:
    """Return a cell that says what stands beside it."""
    return Cell(paragraph("TableHeading", run(told)), shade=LABEL)  # a style kept with the next


def text_cell(*lines: object, style: str = "TableText") -> Cell:
    """Return a cell of texts, each in a line of its own."""
    return Cell("".join(paragraph(style, run(line)) for line in lines or ("",)))


def signatures(
    pairs: Sequence[tuple[Message, Message | str]], width: float, *, high: float = _SIGNED
) -> str:
    """Return a table of places to sign in, two in a row.

    pairs
        Who signs, and what stands in the place already; an even number.
    width
        Of the table, mm.
    high
        Of a row, mm, at the least.
    """
    widths = [round(TWIPS * width * part) for part in (0.15, 0.35, 0.15, 0.35)]
    cells = [(label(who), text_cell(there)) for who, there in pairs]
    rows = (
        row((*left, *right), widths, properties=height(high))
        for left, right in zip(cells[::2], cells[1::2], strict=True)
    )
    return table(rows, widths, style=GRID)
