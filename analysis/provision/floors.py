"""The free text of a floor column read: from which floor to which, and whether it is a cellar.

Ground floors are 1, 2, …, cellars -1, -2, …. What cannot be read for certain stays unknown.
"""

import re
import unicodedata
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.columns import words

_HAN = "零一二三四五六七八九"
_BETWEEN_FLOORS = re.compile(r"[、,;/及和与\n]")
_RANGE_MARK = re.compile(r"(?<=[\d一二三四五六七八九十层楼F])(?:-|~|至|到)(?=.)")
_NOISE = re.compile(r"[\s第()\[\]【】]|地上|所在|楼层|\.0$")
_DASHES = re.compile(r"[—–−]+")
_DENIED = re.compile(r"非|不|无|没|未")
_IN_PART = re.compile(r"局部|部分")
# Storeys that no care room belongs in, whatever their number: cellars, mezzanines, attics, garages.
_UNFIT = re.compile(r"半?地下室?|负|夹层|架空层?|顶[楼层]|阁楼|车库|(?<![A-Z])B(?=\d)")
_BELOW = re.compile(r"^(?:半?地下室?|负|B(?=\d)|-)")
_FIGURE = r"(\d{1,2}|[一二三四五六七八九十]{1,3})"
_FLOOR = re.compile(rf"(?:F|L)?{_FIGURE}(?:层|楼|F)?")
_GROUND = re.compile(r"[首底][层楼]")


class _Part(NamedTuple):
    """One stretch of a text: floors (None where none is named), unfit as a whole or in part."""

    low: int | None
    high: int | None
    unfit: bool
    fit: bool


def floors(frame: pd.DataFrame) -> pd.DataFrame:
    """Return what the `floor` column of facilities or candidates says, row by row.

    lowest, highest
        Floors; NaN where unknown.
    unfit
        Some of the room lies in a cellar, mezzanine, open ground storey, attic, top floor or
        garage; False where nothing says so.
    wholly
        All of it does.
    """
    text = words(frame, "floor")
    code, texts = pd.factorize(text)
    # Thousands of rows share a few dozen texts; the last stands for an empty cell.
    read = np.array([*(_read(each) for each in texts), _UNKNOWN], dtype=np.float64)[code]
    return pd.DataFrame(
        {
            "lowest": read[:, 0],
            "highest": read[:, 1],
            "unfit": read[:, 2] > 0,
            "wholly": (read[:, 2] > 0) & (read[:, 3] == 0),
        },
        index=frame.index,
    )


_UNKNOWN = (np.nan, np.nan, 0.0, 0.0)


def _read(text: str) -> tuple[float, float, float, float]:
    """Return lowest and highest floor, and whether parts are unfit and fit."""
    text = _NOISE.sub("", unicodedata.normalize("NFKC", text).upper())
    text = re.sub("^共", "1-", _DASHES.sub("-", text))
    if _DENIED.search(text):
        return _UNKNOWN
    parts = [_part(token) for token in _BETWEEN_FLOORS.split(text) if token]
    if not parts or any(part is None for part in parts):
        return _UNKNOWN
    known = [part for part in parts if part is not None]
    numbers = [n for part in known for n in (part.low, part.high) if n is not None]
    return (
        min(numbers, default=np.nan),
        max(numbers, default=np.nan),
        float(any(part.unfit for part in known)),
        float(any(part.fit for part in known)),
    )


def _part(token: str) -> _Part | None:
    """Return one floor or one range of floors; None where it cannot be read."""
    in_part = bool(_IN_PART.search(token))
    token = _IN_PART.sub("", token)
    ends = _RANGE_MARK.split(token, maxsplit=1)
    read = [_one(end) for end in ends]
    if any(end is None for end in read):
        return None
    sides = [end for end in read if end is not None]
    numbers = [n for side in sides for n in (side.low, side.high) if n is not None]
    # A range names both its ends, each one floor, the lower first.
    if len(sides) > 1 and (len(numbers) != 4 or numbers[0] >= numbers[2]):  # noqa: PLR2004
        return None
    unfit = any(side.unfit for side in sides)
    fit = in_part or any(side.fit for side in sides)
    low, high = min(numbers, default=None), max(numbers, default=None)
    return _Part(low, high, unfit, fit)


def _one(end: str) -> _Part | None:
    """Return one floor: a number, above or below ground, or a word that needs none."""
    end = _GROUND.sub("1层", end)
    unfit = bool(_UNFIT.search(end)) or end.startswith("-")
    below = bool(_BELOW.search(end))
    rest = _BELOW.sub("", end)
    rest = _UNFIT.sub("", rest) if unfit else rest
    if not rest.strip("层楼"):
        return _Part(None, None, unfit, fit=False) if unfit else None
    found = _FLOOR.fullmatch(rest)
    if found is None:
        return None
    low, high = _figures(found.group(1))
    if low == 0:
        return None
    return _Part(*((-high, -low) if below else (low, high)), unfit, not unfit)


def _figures(figure: str) -> tuple[int, int]:
    """Return the floor a figure names, or the two of 一二; (0, 0) where it names none."""
    if figure.isdigit():
        return int(figure), int(figure)
    if "十" not in figure:
        digits = [_HAN.index(each) for each in figure]
        if len(digits) == 1:
            return digits[0], digits[0]
        follow = len(digits) == 2 and digits[1] == digits[0] + 1  # noqa: PLR2004 - 一二 names two
        return (digits[0], digits[1]) if follow else (0, 0)
    tens, _, ones = figure.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return 0, 0
    value = (_HAN.index(tens) if tens else 1) * 10 + (_HAN.index(ones) if ones else 0)
    return value, value
