"""Tables of a briefing as native tables of a slide, each in the largest type that fits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Pt

from report.briefing.content import Column, Kind
from report.slides.look import DEEP, EMU, INK, LINE, PALE, SMALLEST, Box
from report.slides.measure import LEADING, elided, lines, width
from report.slides.sheet import Sheet, told_of
from report.slides.words import add_run, printable, rgb

SIZES: Final = (18, 16, SMALLEST)
_SIDE, _TOP = 5.0, 3.5  # margins of a cell
_BROADER: Final = 1.15
_CRAMPED: Final = 0.5  # of the room that texts ask for: below it, headings of numbers make way
_LEAST: Final = 4.0  # characters of a text column, at least
_NO_STYLE: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


@dataclass(frozen=True)
class Printed:
    """A table as printed: headings, rows of texts, whether the last row is the sum.

    wrap
        So many lines a text may take; a longer one is cut, and stands whole in the notes.
    airy
        Rows are no higher than this, in sizes of the type.
    shares
        Widths of the columns, beside each other; as they need where None.
    """

    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str]]
    total: bool = False
    wrap: int = 1
    airy: float = 1.9
    shares: tuple[float, ...] | None = None

    @property
    def headings(self) -> list[list[str]]:
        """Return the heading of each column; its unit stands in a line of its own."""
        return [_unit_below(printable(column.title)) for column in self.columns]


def add_table(sheet: Sheet, box: Box, printed: Printed, *, name: str, alt: str) -> None:
    """Put a table into a box; texts that had to be cut stand whole in the notes."""
    clean = replace(printed, rows=[[printable(cell) for cell in row] for row in printed.rows])
    clean, size, wide = _fit(clean, box)
    cells, cut = _cells(clean, wide, size)
    if cut:
        sheet.note("；".join(dict.fromkeys(cut)))
    heights = _heights(clean, cells, wide, size, box.high)
    made = sheet.slide.shapes.add_table(
        len(cells) + 1, len(wide), *(Emu(round(each * EMU)) for each in
                                     (box.left, box.top, sum(wide), sum(heights)))
    )  # fmt: skip
    told_of(made, name, alt)
    table = made.table
    table._tbl.find(f".//{qn('a:tableStyleId')}").text = _NO_STYLE  # noqa: SLF001
    table.horz_banding = False
    table.last_row = clean.total
    for grid, each in ((table.columns, wide), (table.rows, heights)):
        for part, measure in zip(grid, each, strict=True):
            setattr(part, "width" if grid is table.columns else "height",
                    Emu(round(measure * EMU)))  # fmt: skip
    _write(table, clean, cells, size)


def _fit(printed: Printed, box: Box) -> tuple[Printed, float, list[float]]:
    """Return the largest size in which nothing is cut, and how wide the columns are.

    In the smallest, texts are cut to as many lines each as keep the rows low enough.
    """
    for size in SIZES:
        wide = _widths(printed, _natural(printed, size), box.wide, size)
        if _is_low(printed, wide, size, box.high) and not _cells(printed, wide, size)[1]:
            return printed, size, wide
    wraps = (replace(printed, wrap=wrap) for wrap in range(printed.wrap, 0, -1))
    shown = next((each for each in wraps if _is_low(each, wide, size, box.high)), None)
    return shown or replace(printed, wrap=1), size, wide


def _is_low(printed: Printed, wide: Sequence[float], size: float, high: float) -> bool:
    cells, _ = _cells(printed, wide, size)
    return sum(_lowest(printed, cells, wide, size)) <= high


def _natural(printed: Printed, size: float) -> list[float]:
    """Return how wide each column would like to be."""
    wanted = []
    for at, parts in enumerate(printed.headings):
        head = max(_heading(part, size) for part in parts)
        body = [width(row[at], size, bold=_is_sum(printed, number))
                for number, row in enumerate(printed.rows)]  # fmt: skip
        wanted.append(max([head, *body]) + 2 * _SIDE + 1)
    return wanted


def _heading(words: str, size: float) -> float:
    """Return how wide a heading is; Latin typefaces that stand in for ours are broader in bold."""
    return width(words, size, bold=True) * (_BROADER if words.isascii() else 1.0)


def _least(printed: Printed, size: float) -> list[float]:
    """Return how wide each column must be: a number is never cut, nor a word of a heading."""
    least = []
    for at, column in enumerate(printed.columns):
        words = [word for part in printed.headings[at] for word in part.split()]
        head = max((_heading(word, size) for word in words if word.isascii()), default=0.0)
        body = [width(row[at], size, bold=_is_sum(printed, number))
                for number, row in enumerate(printed.rows)]  # fmt: skip
        need = _LEAST * size if column.kind is Kind.TEXT else max([2 * size, *body])
        least.append(1.06 * max(head, need) + 2 * _SIDE + 1)  # typefaces differ a little
    return least


def _widths(printed: Printed, natural: list[float], room: float, size: float) -> list[float]:
    """Return how wide columns are: numbers as they need, texts share what is left.

    Where headings ask for more than there is, they stand in several lines.
    """
    if printed.shares is not None:
        return [room * each / sum(printed.shares) for each in printed.shares]
    if sum(natural) <= room:
        return [each * room / sum(natural) for each in natural]
    texts = [at for at, column in enumerate(printed.columns) if column.kind is Kind.TEXT]
    rest = room - sum(each for at, each in enumerate(natural) if at not in texts)
    least = _least(printed, size)
    wanted = max(sum(least[at] for at in texts), _CRAMPED * sum(natural[at] for at in texts))
    if not texts or rest < wanted:
        natural = least
        rest = room - sum(each for at, each in enumerate(natural) if at not in texts)
    if not texts or rest < sum(least[at] for at in texts):
        return [each * room / sum(natural) for each in natural]
    if natural is least:
        natural = [
            _natural(printed, size)[at] if at in texts else each for at, each in enumerate(least)
        ]
    made = list(natural)
    open_, left = set(texts), rest
    while open_:  # a column that needs less than its share leaves the rest to the others
        each = left / sum(printed.columns[at].weight for at in open_)
        content = {at for at in open_ if natural[at] <= each * printed.columns[at].weight}
        for at in content or open_:
            made[at] = natural[at] if content else each * printed.columns[at].weight
        left -= sum(made[at] for at in content)
        open_ = open_ - content if content else set()
    return made


def _cells(
    printed: Printed, wide: Sequence[float], size: float
) -> tuple[list[list[str]], list[str]]:
    """Return the cells as they fit, and what was cut."""
    cut: list[str] = []
    shown = []
    for number, row in enumerate(printed.rows):
        line = []
        for column, text, room in zip(printed.columns, row, wide, strict=True):
            if column.kind is not Kind.TEXT:  # a number that was cut would be another number
                line.append(text)
                continue
            short = elided(text, size, room - 2 * _SIDE, bold=_is_sum(printed, number),
                           most=printed.wrap)  # fmt: skip
            if short != text:
                cut.append(text)
            line.append(short)
        shown.append(line)
    return shown, cut


def _heights(
    printed: Printed, cells: Sequence[Sequence[str]], wide: Sequence[float], size: float,
    room: float,
) -> list[float]:  # fmt: skip
    """Return how high each row is: airy where there is room."""
    low = _lowest(printed, cells, wide, size)
    spare = max(0.0, (room - sum(low)) / len(low))
    return [each + min(spare, (printed.airy - LEADING) * size) for each in low]


def _lowest(
    printed: Printed, cells: Sequence[Sequence[str]], wide: Sequence[float], size: float
) -> list[float]:
    """Return how high each row is at least, the heading first."""
    high = [max(
        (sum(lines(part, size, each - 2 * _SIDE, bold=True) for part in parts)
         for parts, each in zip(printed.headings, wide, strict=True)), default=1,
    )]  # fmt: skip
    for number, row in enumerate(cells):
        bold = _is_sum(printed, number)
        high.append(max((lines(text, size, each - 2 * _SIDE, bold=bold)
                         for text, each in zip(row, wide, strict=True)), default=1))  # fmt: skip
    return [most * size * LEADING + 2 * _TOP for most in high]


def _is_sum(printed: Printed, row: int) -> bool:
    return printed.total and row == len(printed.rows) - 1


def _write(table: Any, printed: Printed, cells: Sequence[Sequence[str]], size: float) -> None:  # noqa: ANN401
    for at, (column, parts) in enumerate(zip(printed.columns, printed.headings, strict=True)):
        _cell(table.cell(0, at), parts, size, bold=True, colour="FFFFFF", fill=DEEP,
              align=_align(column))  # fmt: skip
    for number, row in enumerate(cells):
        whole = _is_sum(printed, number)
        for at, (column, text) in enumerate(zip(printed.columns, row, strict=True)):
            _cell(table.cell(number + 1, at), [text], size, bold=whole, colour=INK,
                  fill=PALE if whole or number % 2 else "FFFFFF", align=_align(column))  # fmt: skip


def _align(column: Column) -> PP_ALIGN:
    return PP_ALIGN.LEFT if column.kind is Kind.TEXT else PP_ALIGN.RIGHT


def _cell(
    cell: Any,  # noqa: ANN401
    parts: Sequence[str],
    size: float,
    *,
    align: PP_ALIGN,
    fill: str,
    **how: Any,  # noqa: ANN401 - bold, colour
) -> None:
    cell.margin_left = cell.margin_right = Pt(_SIDE)
    cell.margin_top = cell.margin_bottom = Pt(_TOP)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.solid()
    cell.fill.fore_color.rgb = rgb(fill)
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = align
    paragraph.line_spacing = Pt(size * LEADING)
    for number, part in enumerate(parts):
        if number:
            paragraph.add_line_break()
        add_run(paragraph, part, size, **how)
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - no other way to a border
    properties.insert(0, parse_xml(
        f'<a:lnB {nsdecls("a")} w="9525"><a:solidFill><a:srgbClr val="{LINE}"/></a:solidFill>'
        "</a:lnB>"
    ))  # fmt: skip


def _unit_below(title: str) -> list[str]:
    for bracket in ("（", " ("):
        before, found, unit = title.partition(bracket)
        if before and found:
            return [before, f"{bracket.strip()}{unit}"]
    return [title]
