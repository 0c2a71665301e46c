"""Texts of longitude and latitude as people write them: 118°57'24"E, 东经118.95, 118.951,42.261."""

import re
import unicodedata
from typing import Literal, NamedTuple

Axis = Literal["x", "y", ""]

_MINUTES = 60.0
_HIGHEST = {"x": 180.0, "y": 90.0, "": 180.0}
_SPELLED = str.maketrans({
    "º": "°", "˚": "°", "度": "°", "′": "'", "‵": "'", "’": "'", "‘": "'", "´": "'", "分": "'",
    "″": '"', "”": '"', "“": '"', "秒": '"', "＂": '"', "＇": "'",
})
_SIDES: dict[str, tuple[Axis, float]] = {
    "东经": ("x", 1), "西经": ("x", -1), "北纬": ("y", 1), "南纬": ("y", -1),
    "东": ("x", 1), "西": ("x", -1), "北": ("y", 1), "南": ("y", -1),
    "经度": ("x", 1), "纬度": ("y", 1),
    "e": ("x", 1), "w": ("x", -1), "n": ("y", 1), "s": ("y", -1),
}
_SIDE = "|".join(_SIDES)
_DEGREES = re.compile(
    rf"(?P<before>{_SIDE})?[:=]?(?P<degrees>[-+]?\d{{1,3}}(?:\.\d+)?)"
    r"(?:°(?:(?P<minutes>\d{1,2}(?:\.\d+)?)'(?:(?P<seconds>\d{1,2}(?:\.\d+)?)(?:\"|''))?)?)?"
    rf"(?P<behind>{_SIDE})?"
)
_PLAIN = re.compile(r"[-+]?\d+(\.\d+)?")
_BRACKETS = "()[]{}<>【】"
_PARTED = re.compile(r"[,;、/|]")


class Degrees(NamedTuple):
    """A longitude, a latitude, or one of them; `axis` as far as the text tells."""

    value: float
    axis: Axis


def read_degrees(text: str) -> Degrees | None:
    """Return a text as degrees; None where it is none, or its minutes or seconds reach 60."""
    plain = unicodedata.normalize("NFKC", text.translate(_SPELLED)).translate(_SPELLED)
    match = _DEGREES.fullmatch("".join(plain.split()).casefold())
    if match is None:
        return None
    before, behind = match["before"], match["behind"]
    degrees, minutes, seconds = (float(match[part] or 0) for part in (
        "degrees", "minutes", "seconds"))
    broken = match["minutes"] is not None and not degrees.is_integer()
    broken |= match["seconds"] is not None and not minutes.is_integer()
    if (before and behind) or broken or minutes >= _MINUTES or seconds >= _MINUTES:
        return None
    axis, sign = _SIDES[before or behind] if before or behind else ("", 1.0)
    if match["degrees"].startswith("-"):
        if sign < 0:
            return None
        sign = -1.0
    value = abs(degrees) + minutes / _MINUTES + seconds / _MINUTES**2
    return None if value > _HIGHEST[axis] else Degrees(sign * value, axis)


def read_pair(text: str) -> tuple[float, float] | None:
    """Return the two figures of a cell in their order; sides named in it put longitude first."""
    plain = unicodedata.normalize("NFKC", text.translate(_SPELLED)).strip().strip(_BRACKETS).strip()
    parts = [part.strip() for part in _PARTED.split(plain) if part.strip()]
    if len(parts) == 1:
        parts = plain.split()
    if len(parts) != 2:  # noqa: PLR2004 - a longitude and a latitude
        return None
    found = [_one(part) for part in parts]
    if found[0] is None or found[1] is None:
        return None
    (first, axis), (second, other) = found[0], found[1]
    if axis and axis == other:
        return None
    return (second, first) if "y" in axis or "x" in other else (first, second)


def _one(text: str) -> Degrees | None:
    """Return one figure of a pair, which may also be of metres."""
    return Degrees(float(text), "") if _PLAIN.fullmatch(text) else read_degrees(text)
