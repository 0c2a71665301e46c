"""Where things stand on a sheet: the map as large as it can be, the panel beside or below it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from report.maps.letters import POINT_MM
from report.maps.paper import Box, Paper
from report.maps.window import Bounds, Window, denominator, rounded_up, window_on

_TITLE: Final = 5.6  # all in letters of the paper
_FOOT: Final = 5.2
_BESIDE: Final = 23.5
_BELOW: Final = (16.0, 21.0, 26.0)  # as high as it need be
_COLUMN: Final = 23.0
_BESIDE_PICTURE: Final = 14.0
_BELOW_PICTURE: Final = (11.0, 14.0)
_FURNITURE: Final = 7.5
_NOTICE: Final = 2.6
_LOCATOR: Final = 11.0
_LOCATOR_MORE: Final = 5.0  # a panel below that holds a locator is so much higher
_HEAD: Final = 2.4
_BETWEEN: Final = 1.0
_RATHER: Final = 1.08  # a panel beside is easier to read: one below has to gain so much
_ACROSS: Final = 1.03  # a sheet laid across is handier than one upright


@dataclass(frozen=True)
class Layout:
    """A sheet's boxes: `title` and `foot` but on a sheet, `notice` but on a picture."""

    paper: Paper
    windows: tuple[Window, ...]
    columns: tuple[Box, ...]
    furniture: Box
    panel: Box
    title: Box | None = None
    foot: Box | None = None
    locator: Box | None = None
    notice: Box | None = None
    heads: tuple[Box, ...] = ()

    @property
    def scale(self) -> float:
        """Return the denominator of the map's scale."""
        return self.windows[0].metres_per_mm * 1000

    @property
    def cost(self) -> float:
        """Return the scale, and a little more for what is less handy."""
        upright = self.paper.height_mm > self.paper.width_mm
        below = len(self.columns) > 1 and len(self.windows) == 1
        return self.scale * (_RATHER if below else 1) * (_ACROSS if upright else 1)


@dataclass(frozen=True)
class Wanted:
    """What a sheet has to hold: ground, how many windows upon it, whether a locator."""

    bounds: Bounds
    windows: int = 1
    locator: bool = False
    notice: bool = False


def layouts(wanted: Wanted, papers: Sequence[Paper]) -> list[Layout]:
    """Return the layouts that there may be, the one in which the map is largest first."""
    found = [
        layout for paper in papers
        for below in (None, *(_BELOW_PICTURE if paper.picture else _BELOW))
        for layout in _layouts(wanted, paper, below=below)
    ]  # fmt: skip
    return sorted(found, key=lambda layout: layout.cost)


def _layouts(wanted: Wanted, paper: Paper, *, below: float | None) -> Iterator[Layout]:
    """Yield the layouts with a panel so many letters high below the map, or beside it."""
    letter = paper.letter_pt * POINT_MM
    page, title, foot = paper.page, None, None
    if not paper.picture:
        title = Box(page.left, page.top - _TITLE * letter, page.width, _TITLE * letter)
        foot = Box(page.left, page.bottom, page.width, _FOOT * letter)
        page = Box(page.left, foot.top, page.width, title.bottom - foot.top)
    wide = _BESIDE_PICTURE if paper.picture else _BESIDE
    if below is None:
        panel = Box(page.right - wide * letter, page.bottom, wide * letter, page.height)
        ground = Box(page.left, page.bottom, page.width - panel.width, page.height)
    else:
        high = below + (_LOCATOR_MORE if wanted.locator else 0)
        panel = Box(page.left, page.bottom, page.width, high * letter)
        ground = Box(page.left, panel.top, page.width, page.height - panel.height)
    if min(ground.width, ground.height) <= 10 * letter:
        return
    notice = None
    if paper.picture and wanted.notice:
        notice = Box(panel.left, panel.bottom, panel.width, _NOTICE * letter)
    inner = panel if notice is None else Box(panel.left, notice.top, panel.width,
                                             panel.top - notice.top)  # fmt: skip
    columns, furniture, locator = _inside(
        inner, letter, count=1 if below is None else _columns(paper, panel), locator=wanted.locator
    )
    for boxes in _parts(ground, wanted.windows, letter):
        heads = tuple(
            Box(box.left, box.top - _HEAD * letter, box.width, _HEAD * letter) for box in boxes
        )
        if wanted.windows > 1:
            boxes = [Box(box.left, box.bottom, box.width, box.height - _HEAD * letter)  # noqa: PLW2901
                     for box in boxes]  # fmt: skip
        scale = denominator(wanted.bounds, boxes[0].inside(0.5 * letter))
        scale = scale if paper.picture else rounded_up(scale)
        windows = tuple(window_on(wanted.bounds, box, scale=scale) for box in boxes)
        yield Layout(paper, windows, columns, furniture, panel, title, foot, locator, notice,
                     heads if wanted.windows > 1 else ())  # fmt: skip


def _columns(paper: Paper, panel: Box) -> int:
    """Return how many columns a panel below the map has."""
    wide = (_BESIDE_PICTURE if paper.picture else _COLUMN) * paper.letter_pt * POINT_MM
    return max(int(panel.width / wide), 2)


def _inside(panel: Box, letter: float, *, count: int, locator: bool
            ) -> tuple[tuple[Box, ...], Box, Box | None]:  # fmt: skip
    """Return the columns of a panel, the place of north and scale, and the locator's."""
    room = panel.inside(letter)
    wide = (room.width - (count - 1) * 1.5 * letter) / count
    columns = [
        Box(room.left + at * (wide + 1.5 * letter), room.bottom, wide, room.height)
        for at in range(count)
    ]
    last = columns[-1]
    furniture = Box(last.left, last.bottom, last.width, _FURNITURE * letter)
    above = furniture.top + _BETWEEN * letter
    inset = None
    if locator:
        high = min(_LOCATOR * letter, last.height - furniture.height - 4 * letter)
        inset = Box(last.left, above, last.width, high)
        above = inset.top + _BETWEEN * letter
    columns[-1] = Box(last.left, above, last.width, max(last.top - above, letter))
    if count > 1 and last.top - above < letter:  # no row finds room over them
        columns.pop()
    return tuple(columns), furniture, inset


def _parts(ground: Box, count: int, letter: float) -> Iterator[list[Box]]:
    """Return the boxes of the windows: one, or two side by side or one above the other."""
    if count == 1:
        yield [ground]
        return
    gap = 0.6 * letter
    wide, high = (ground.width - gap) / 2, (ground.height - gap) / 2
    yield [Box(ground.left, ground.bottom, wide, ground.height),
           Box(ground.right - wide, ground.bottom, wide, ground.height)]  # fmt: skip
    yield [Box(ground.left, ground.top - high, ground.width, high),
           Box(ground.left, ground.bottom, ground.width, high)]  # fmt: skip
