"""How much room a text needs, told without the font: rather too much than too little.

A Chinese character is as wide as it is high; what else there is takes a generous share of that.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LEADING: Final = 1.25  # lines stand so far apart, in sizes of the type
BOLD: Final = 1.09
_SHRUNK: Final = 0.85  # of the largest type: a last line of one character is worse
_NARROW: Final = frozenset(" .,:;'|!ijlI()[]/\\-`")
_BROAD: Final = frozenset("mwMW%@&–—…≥≤÷×−<>=+~^#")
_BESIDE: Final = 0.2  # some programs part Chinese from Latin and figures by so much
_HAN: Final = "[\u3300-\u9fff\U00020000-\U0003ffff]"
_MEETING: Final = re.compile(f"(?<={_HAN})(?=[0-9A-Za-z /])|(?<=[0-9A-Za-z%/ ])(?={_HAN})")
# Marks that begin no line stay with what stands before them, opening ones with what follows.
_OPENING, _CLOSING = "“‘（《〈【「『([{", "，。、；：！？”’）》〉】」』…％%)]},.;:!?"
_PIECES: Final = re.compile(
    rf"\s+|[{re.escape(_OPENING)}]*(?:[!-~\u00a1-\u2010\u2012-\u2017\u2026-\u2e7f]+|.)"
    rf"[{re.escape(_CLOSING)}]*",
    re.DOTALL,
)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a text is in one line, in points."""
    ems = sum(map(_em, text)) + _BESIDE * len(_MEETING.findall(text))
    return ems * size * (BOLD if bold else 1.0)


def _em(letter: str) -> float:
    """Return the part of the type's size that a character takes."""
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(letter) in ("W", "F", "A"):
        return 1.0
    if letter in _NARROW:
        return 0.38
    if letter in _BROAD:
        return 1.0
    return 0.76 if letter.isupper() else 0.64 if letter.isdigit() else 0.6


def lines(text: str, size: float, wide: float, *, bold: bool = False) -> int:
    """Return in how many lines a text stands where it may be `wide` points wide."""
    count, used, before = 1, 0.0, ""
    for piece in _PIECES.findall(text):
        need = width(before + piece, size, bold=bold) - width(before, size, bold=bold)
        before = piece[-1]
        if piece.isspace():
            used += need if used else 0.0
        elif used + need <= wide:
            used += need
        else:
            more = max(1, -int(-need // wide)) if wide > 0 else 1  # a word wider than the line
            count += more if used else more - 1
            used = need - (more - 1) * wide
    return count


def elided(text: str, size: float, wide: float, *, bold: bool = False, most: int = 1) -> str:
    """Return a text cut so that it stands in `most` lines, with a mark where it was cut."""
    if lines(text, size, wide, bold=bold) <= most:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if lines(f"{text[:middle]}…", size, wide, bold=bold) <= most:
            low = middle
        else:
            high = middle - 1
    return f"{text[:low].rstrip()}…"


@dataclass(frozen=True)
class Fitted:
    """Paragraphs as they fit into a box; `left` of them do not, and `cut` says whether one was."""

    size: float
    paragraphs: tuple[str, ...]
    left: int = 0
    cut: bool = False


def fitted(
    paragraphs: Sequence[str], wide: float, high: float, sizes: Sequence[float],
    *, bold: bool = False,
) -> Fitted:  # fmt: skip
    """Return paragraphs in the largest size that fits; in the smallest as many as do.

    sizes
        From the largest down.
    """
    for size in sizes:
        if _height(paragraphs, size, wide, bold=bold) <= high:
            return Fitted(size, tuple(paragraphs))
    size = sizes[-1]
    kept: list[str] = []
    for text in paragraphs:
        room = high - _height(kept, size, wide, bold=bold) - (gap(size) if kept else 0.0)
        most = int(room // (size * LEADING))
        if most < 1:
            break
        kept.append(elided(text, size, wide, bold=bold, most=most))
        if kept[-1] != text:
            return Fitted(size, tuple(kept), len(paragraphs) - len(kept), cut=True)
    return Fitted(size, tuple(kept), len(paragraphs) - len(kept))


def heading(text: str, wide: float, high: float, sizes: Sequence[float]) -> Fitted:
    """Return a heading in one line where a slightly smaller type allows it, else in more."""
    for size in sizes:
        if size >= sizes[0] * _SHRUNK and lines(text, size, wide, bold=True) == 1:
            return Fitted(size, (text,))
    return fitted([text], wide, high, sizes, bold=True)


def gap(size: float) -> float:
    """Return the room between two paragraphs."""
    return size * 0.5


def _height(paragraphs: Sequence[str], size: float, wide: float, *, bold: bool) -> float:
    stand = sum(lines(text, size, wide, bold=bold) for text in paragraphs)
    return stand * size * LEADING + gap(size) * max(0, len(paragraphs) - 1)
