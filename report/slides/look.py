"""How a slide is laid out: places and sizes in points, colours that survive grey print."""

from dataclasses import dataclass
from typing import Final

from report import palette

WIDE: Final = 960.0  # 13.333 inches
HIGH: Final = 540.0  # 7.5 inches
EDGE: Final = 36.0
EMU: Final = 12_700  # to a point
MM: Final = 25.4 / 72  # to a point

FACE: Final = "微软雅黑"
TITLES: Final = (28, 26, 24, 22, 20)
SMALLEST: Final = 14  # what is to be read from the last row of chairs
SOURCE: Final = 12  # lines that say where a picture or figure comes from

INK: Final = "1B2430"
QUIET: Final = "4A5560"
DEEP: Final = "0B3D63"
LINE: Final = "B8C4CE"
PALE: Final = "EEF3F7"
WARNING: Final = "7C3710"
BAR: Final = "5B9BCA"
WHOLE: Final = "14213D"  # the bar of all streets together, told apart by lightness
# Those of the maps, as slides spell colours; each bar has its number besides.
VERDICTS: Final = {
    code: (style.fill[1:].upper(), style.line[1:].upper())
    for code, style in palette.VERDICTS.items()
}


@dataclass(frozen=True)
class Box:
    """A place on a slide, in points from its upper left corner."""

    left: float
    top: float
    wide: float
    high: float

    def columns(self, *shares: float, gap: float = 18.0) -> "list[Box]":
        """Return the box parted from left to right, by shares of its width."""
        room = self.wide - gap * (len(shares) - 1)
        made, left = [], self.left
        for share in shares:
            wide = room * share / sum(shares)
            made.append(Box(left, self.top, wide, self.high))
            left += wide + gap
        return made

    def above(self, high: float, *, gap: float = 6.0) -> "tuple[Box, Box]":
        """Return the box without a strip at its foot, and the strip."""
        kept = Box(self.left, self.top, self.wide, self.high - high - gap)
        return kept, Box(self.left, self.top + self.high - high, self.wide, high)


TITLE: Final = Box(EDGE, 18.0, WIDE - 2 * EDGE, 72.0)
BODY: Final = Box(EDGE, 104.0, WIDE - 2 * EDGE, 390.0)
NOTICE: Final = Box(EDGE, 502.0, 480.0, 26.0)
WHEN: Final = Box(528.0, 502.0, 316.0, 26.0)
NUMBER: Final = Box(856.0, 502.0, 68.0, 26.0)
COVER_TITLE: Final = Box(72.0, 130.0, 816.0, 130.0)
COVER_WORDS: Final = Box(72.0, 284.0, 816.0, 130.0)
