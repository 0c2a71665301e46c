"""The panel beside a map: what its colours and signs mean, and what is told with it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

import shapely

from geo.language import Message, headed
from report.maps.hatching import Hatch, draw_hatch
from report.maps.letters import LINE, POINT_MM, width_mm, wrapped
from report.maps.page import INK, Letters, Page, Pen
from report.maps.paper import Box
from report.maps.window import Window
from report.palette import GROUND

TITLE: Final = 1.12  # letters of a block's title, in plain letters
SMALLEST: Final = 0.66  # letters shrink to this where a panel is full
_SHRINKING: Final = 8  # sizes that are tried
_SWATCH: Final = 2.5  # how wide a swatch is, in letters
_GAP: Final = 0.42  # between rows, in letters
_BETWEEN: Final = 1.0  # between blocks, in letters
_FAINT: Final = "#4b5563"
_SEEN_MM: Final = 0.28  # thinner lines of a sample are drawn so


Painter = Callable[[Page, float, float], None]  # draws about a spot in millimetres


class Row(Protocol):
    """One row of a legend: a small drawing and what it means."""

    @property
    def label(self) -> Message | str:
        """Return what it means."""

    @property
    def high_mm(self) -> float:
        """Return how much room the drawing takes up, where that is more than a letter."""

    def draw(self, page: Page, box: Box) -> None:
        """Draw the sample into a box."""


@dataclass(frozen=True)
class AreaRow:
    """A class of areas."""

    label: Message | str
    pen: Pen
    hatch: Hatch | None = None
    high_mm: float = 0.0

    def draw(self, page: Page, box: Box) -> None:
        """Draw a small area."""
        page.box(box, self.pen, z=6)
        if self.hatch is not None:
            shape = shapely.box(box.left, box.bottom, box.right, box.top)
            here = Window(box, box.left, box.bottom, 1.0)
            draw_hatch(page, shape, here, self.hatch, z=6.1)


@dataclass(frozen=True)
class LineRow:
    """A kind of line, drawn with several pens one upon another; `upon` is the ground below."""

    label: Message | str
    pens: tuple[Pen, ...]
    upon: str = "none"
    high_mm: float = 0.0

    def draw(self, page: Page, box: Box) -> None:
        """Draw a short line."""
        middle = box.bottom + box.height / 2
        page.box(box, Pen(fill=self.upon), z=5.9)
        for pen in self.pens:
            seen = replace(pen, width=max(pen.width, _SEEN_MM))
            page.stroke([(box.left, middle), (box.right, middle)], seen, z=6)


@dataclass(frozen=True)
class NoteRow:
    """A word about what has no sign."""

    label: Message | str
    high_mm: float = 0.0

    def draw(self, page: Page, box: Box) -> None:
        """Draw an empty place."""
        page.box(box, Pen("#b9b6ae", 0.1, GROUND), z=6)


@dataclass(frozen=True)
class SignRow:
    """A sign; `painter` draws it about a spot."""

    label: Message | str
    painter: Painter
    high_mm: float = 0.0

    def draw(self, page: Page, box: Box) -> None:
        """Draw the sign in the middle."""
        self.painter(page, box.left + box.width / 2, box.bottom + box.height / 2)


@dataclass(frozen=True)
class Block:
    """A part of the panel: rows of a legend, sentences, or a small table; `part` of another."""

    title: Message | None
    rows: tuple[Row, ...] = ()
    told: tuple[Message | str, ...] = ()
    table: tuple[tuple[str, str, str], ...] = ()
    part: bool = False


@dataclass(frozen=True)
class _Line:
    """One line of a panel, ready to be drawn: how high it is, and how."""

    high: float
    draw: Callable[[Page, float, float], None]


def draw_panel(
    page: Page, blocks: Sequence[Block], columns: Sequence[Box], *, letter_pt: float,
    least: float = SMALLEST,
) -> int:  # fmt: skip
    """Draw blocks into columns from the top and return how many lines found no room.

    least
        Letters shrink until everything fits, to so much of their size at most.
    """
    size, left = panel_letters(blocks, columns, letter_pt=letter_pt, least=least)
    for line, x, top in _flow(blocks, columns, size)[0]:
        line.draw(page, x, top)
    return left


def panel_letters(
    blocks: Sequence[Block], columns: Sequence[Box], *, letter_pt: float, least: float = SMALLEST
) -> tuple[float, int]:
    """Return the size at which blocks fit into columns, and how many lines do not even at last."""
    size, left = letter_pt, 0
    for step in range(_SHRINKING):
        size = letter_pt * (1 - (1 - least) * step / (_SHRINKING - 1))
        _, left = _flow(blocks, columns, size)
        if not left:
            break
    return size, left


def _flow(blocks: Sequence[Block], columns: Sequence[Box], size_pt: float
          ) -> tuple[list[tuple[_Line, float, float]], int]:  # fmt: skip
    """Return the lines with their place, and how many found none."""
    placed: list[tuple[_Line, float, float]] = []
    left, at, top = 0, 0, columns[0].top
    for block in blocks:
        lines = list(_lines(block, columns[at].width, size_pt))
        whole, letter = sum(line.high for line in lines), size_pt * POINT_MM
        room = top - columns[at].bottom
        torn = whole > columns[0].height or at + 1 == len(columns)
        if whole > room and not torn:
            at, top = at + 1, columns[at + 1].top
        for line in lines:
            if line.high > top - columns[at].bottom:
                if at + 1 == len(columns):
                    left += 1
                    continue
                at, top = at + 1, columns[at + 1].top
            placed.append((line, columns[at].left, top))
            top -= line.high
        top -= (_BETWEEN if lines and block.rows + block.told + block.table else 0) * letter
    return placed, left


def _lines(block: Block, width: float, size_pt: float) -> Iterator[_Line]:
    if block.title is not None:
        yield _heading(block.title, width, size_pt) if block.part else _title(
            block.title, width, size_pt
        )
    half = (width - size_pt * POINT_MM) / 2
    for rows in _in_pairs(block.rows, half, size_pt):
        if len(rows) > 1:
            yield _pair([_row(row, half, size_pt) for row in rows], half + size_pt * POINT_MM)
        else:
            yield _row(rows[0], width, size_pt)
    for told in block.told:
        yield _paragraph(headed(told), width, size_pt)
    for cells in block.table:
        yield _table_row(cells, width, size_pt)


def _title(title: Message, width: float, size_pt: float) -> _Line:
    size = TITLE * size_pt
    high = 1.75 * size * POINT_MM
    letters = Letters(size)

    def draw(page: Page, x: float, top: float) -> None:
        page.write(headed(title), x, top - 0.6 * size * POINT_MM, letters)
        rule = top - 1.3 * size * POINT_MM
        page.stroke([(x, rule), (x + width, rule)], Pen(INK, 0.2), z=6)

    return _Line(high, draw)


def _heading(title: Message, width: float, size_pt: float) -> _Line:
    """Return the heading of a part of the legend, in lines, without a rule."""
    letter = size_pt * POINT_MM
    lines = wrapped(headed(title), size_pt=size_pt, within_mm=width)

    def draw(page: Page, x: float, top: float) -> None:
        for number, line in enumerate(lines):
            middle = top - (number + 0.5) * LINE * letter
            page.write(line, x, middle, Letters(size_pt, _FAINT))

    return _Line(LINE * letter * len(lines) + _GAP * letter, draw)


def _in_pairs(rows: Sequence[Row], half: float, size_pt: float) -> Iterator[Sequence[Row]]:
    """Yield rows that stand side by side two by two, and those that need a line alone."""
    at = 0
    while at < len(rows):
        pair = rows[at : at + 2]
        step = 2 if len(pair) > 1 and all(_fits(row, half, size_pt) for row in pair) else 1
        yield pair[:step]
        at += step


def _fits(row: Row, width: float, size_pt: float) -> bool:
    """Return whether a row needs but one line in so much room."""
    beside = max(_SWATCH * size_pt * POINT_MM, row.high_mm) + 0.7 * size_pt * POINT_MM
    return beside + width_mm(headed(row.label), size_pt) <= width


def _pair(lines: list[_Line], step: float) -> _Line:
    """Return one or two rows side by side."""

    def draw(page: Page, x: float, top: float) -> None:
        for at, line in enumerate(lines):
            line.draw(page, x + at * step, top - (high - line.high) / 2)

    high = max(line.high for line in lines)
    return _Line(high, draw)


def _row(row: Row, width: float, size_pt: float) -> _Line:
    letter = size_pt * POINT_MM
    lead = max(_SWATCH * letter, row.high_mm)  # a large circle needs more
    beside = lead + 0.7 * letter
    lines = wrapped(headed(row.label), size_pt=size_pt, within_mm=width - beside)
    text = LINE * letter * len(lines)
    high = max(text, row.high_mm, letter) + _GAP * letter

    def draw(page: Page, x: float, top: float) -> None:
        middle = top - (high - _GAP * letter) / 2
        row.draw(page, Box(x, middle - 0.55 * letter, lead, 1.1 * letter))
        first = middle + LINE * letter * (len(lines) - 1) / 2
        for number, line in enumerate(lines):
            page.write(line, x + beside, first - number * LINE * letter, Letters(size_pt))

    return _Line(high, draw)


def _paragraph(text: str, width: float, size_pt: float) -> _Line:
    letter = size_pt * POINT_MM
    lines = wrapped(text, size_pt=size_pt, within_mm=width)
    step = 1.42 * letter

    def draw(page: Page, x: float, top: float) -> None:
        for number, line in enumerate(lines):
            page.write(line, x, top - step * (number + 0.5), Letters(size_pt))

    return _Line(step * len(lines) + _GAP * letter, draw)


def _table_row(cells: tuple[str, str, str], width: float, size_pt: float) -> _Line:
    """Return a row of a number, a name in lines, and a figure that ends at the right."""
    letter = size_pt * POINT_MM
    number, name, figure = cells
    start = max(2.2 * letter, width_mm(number, size_pt) + letter)
    end = max(5.2 * letter, width_mm(figure, size_pt) + letter)
    lines = wrapped(name, size_pt=size_pt, within_mm=width - start - end)
    step = LINE * letter
    high = step * len(lines) + 0.55 * letter

    def draw(page: Page, x: float, top: float) -> None:
        first = top - 0.25 * letter - step / 2
        page.write(number, x + 0.3 * letter, first, Letters(size_pt))
        for place, line in enumerate(lines):
            page.write(line, x + start, first - place * step, Letters(size_pt))
        page.write(figure, x + width, first, Letters(size_pt, anchor="right"))
        foot = top - high + 0.1 * letter
        page.stroke([(x, foot), (x + width, foot)], Pen(_FAINT, 0.06), z=6)

    return _Line(high, draw)
