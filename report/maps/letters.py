"""The letters of the maps: one bundled font, its widths, and what to do where it has no glyph."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Final

from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.ft2font import FT2Font, LoadFlags

from geo import unseen

FONT: Final = Path(__file__).parent / "fonts" / "CareCircleSans-Regular.otf"
FAMILY: Final = "CareCircle Sans"
# Asked after the bundled one, where a computer has them; the last comes with matplotlib.
OTHERS: Final = (
    "Noto Sans CJK SC", "Microsoft YaHei", "SimHei", "WenQuanYi Zen Hei", "DejaVu Sans",
)  # fmt: skip
BOX: Final = "□"
POINT_MM: Final = 25.4 / 72
LINE: Final = 1.32  # from line to line, in letters' heights
_MEASURED_PT: Final = 1000
_NOT_FIRST: Final = frozenset("，。、；：？！）》」』”’％%…·—)]}")
_NOT_LAST: Final = frozenset("（《「『“‘([{")
_lock = Lock()


@cache
def families() -> tuple[str, ...]:
    """Return the families that letters are taken from, in order; those this computer has."""
    with _lock:
        if all(entry.name != FAMILY for entry in fontManager.ttflist):
            fontManager.addfont(str(FONT))
        there = {entry.name for entry in fontManager.ttflist}
    return (FAMILY, *(name for name in OTHERS if name in there))


def font(text: str, size_pt: float) -> FontProperties:
    """Return the font for a text: the bundled one, and others only where it lacks a letter."""
    if all(ord(letter) in _known(FAMILY) for letter in text):
        return FontProperties(fname=str(FONT), size=size_pt)
    return FontProperties(family=list(families()), size=size_pt)


def drawable(text: object) -> str:
    """Return a text that can be drawn: a dot for what nobody sees, a box for what has no glyph."""
    seen = unseen.dotted(str(text))
    return "".join(letter if _has_glyph(letter) else BOX for letter in seen)


def without_glyph(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the letters of texts that are drawn as boxes, each once, in order."""
    letters = {letter for text in texts for letter in unseen.dotted(text)}
    return tuple(sorted(letter for letter in letters if not _has_glyph(letter)))


def width_mm(text: str, size_pt: float) -> float:
    """Return how wide a text is drawn."""
    return sum(map(_advance, text)) * size_pt * POINT_MM


def wrapped(text: str, *, size_pt: float, within_mm: float, most: int | None = None) -> list[str]:
    """Return a text in lines that fit: broken between Han characters, words and figures whole.

    most
        So many lines at most; the last then ends in an ellipsis.
    """
    lines, line, wide = [], "", 0.0
    for piece in _pieces(text):
        extent = width_mm(piece, size_pt)
        if line and wide + extent > within_mm:
            lines.append(line)
            line, wide = "", 0.0
        for part in _split(piece, size_pt, within_mm) if extent > within_mm else [piece]:
            if line and part is not piece:
                lines.append(line)
                line, wide = "", 0.0
            line, wide = line + part, wide + width_mm(part, size_pt)
    lines.append(line)
    if most is not None and len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1][:-1]}…"]
    return [each.strip() for each in lines]


def _pieces(text: str) -> list[str]:
    """Return what stays together: a Han character with its marks, a word, a figure and its unit."""
    pieces: list[str] = []
    for letter in text:
        last = pieces[-1][-1] if pieces else " "
        inside = last.isascii() and last.isdigit() if not _in_word(letter) else _in_word(last)
        if pieces and (inside or letter in _NOT_FIRST or last in _NOT_LAST):
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces


def _in_word(letter: str) -> bool:
    return letter < "\u2e80" and not letter.isspace()


def _split(piece: str, size_pt: float, within_mm: float) -> list[str]:
    """Return a piece that is wider than a line, in parts that are not."""
    parts = [""]
    for letter in piece:
        if parts[-1] and width_mm(parts[-1] + letter, size_pt) > within_mm:
            parts.append("")
        parts[-1] += letter
    return parts


@cache
def _has_glyph(letter: str) -> bool:
    return ord(letter) in _known(FAMILY) or any(
        ord(letter) in _known(family) for family in families()[1:]
    )


@cache
def _known(family: str) -> frozenset[int]:
    """Return the characters that a family has."""
    if family == FAMILY:
        return frozenset(FT2Font(str(FONT)).get_charmap())
    entry = fontManager.findfont(FontProperties(family=[family]), fallback_to_default=False)
    return frozenset(FT2Font(entry).get_charmap())


@cache
def _advance(letter: str) -> float:
    """Return how far a letter leads on, in its height; one of another font as if it were Han."""
    if ord(letter) not in _known(FAMILY):
        return 1.0
    with _lock:
        measured = _measured()
        glyph = measured.load_char(ord(letter), flags=LoadFlags.NO_HINTING)
        return float(glyph.linearHoriAdvance) / 65536 / _MEASURED_PT


@cache
def _measured() -> FT2Font:
    face = FT2Font(str(FONT))
    face.set_size(_MEASURED_PT, 72)
    return face
