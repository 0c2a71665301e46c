"""How layers are drawn elsewhere: classes with their looks, in the colours of our own maps."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from analysis.explaining.parameter_words import CATEGORY_NAMES
from geo.language import say
from report import palette
from report.estate_list import VERDICTS

UNKNOWN: Final = say("不明")
_NEAR, _HOME, _CARE, _OTHER = "#0b3d63", "#5b2a6e", "#1d5b3a", "#4a4f57"
_SIGNS: Final = {
    "community_station": ("circle", _NEAR), "day_care": ("circle", "#2d6690"),
    "embedded": ("circle", "#5b9bca"), "street_centre": ("star", _NEAR),
    "canteen": ("triangle", _OTHER), "care_home": ("square", _HOME),
    "welfare_home": ("square", "#8a5aa0"), "mutual_aid": ("square", "#b99ac7"),
    "county_platform": ("star", _HOME), "elder_university": ("diamond", _OTHER),
    "health": ("cross_fill", _CARE), "rehab": ("cross_fill", "#5a9a76"),
    "childcare": ("diamond", "#9aa0a8"),
}  # fmt: skip
_SHARES: Final = (
    (0.0, 0.4, "#b5561f"), (0.4, 0.6, "#e0a878"), (0.6, 0.8, "#d5e4ee"), (0.8, 1.0, "#5b9bca"),
)  # fmt: skip
_REACH: Final = ("#5b9bca", "#9cc3de", "#dbe9f3")  # from the widest to the nearest


@dataclass(frozen=True)
class Look:
    """How a place is drawn.

    sign
        A marker by the name that QGIS has for it; empty for an outline that is filled.
    size, line_mm
        Millimetres.
    """

    fill: str
    line: str
    sign: str = ""
    size: float = 2.6
    line_mm: float = 0.2
    opacity: float = 1.0


@dataclass(frozen=True)
class Class:
    """Places that are drawn alike.

    value
        What the field says; None where it says nothing.
    above, up_to
        Instead of a value: more than the one (the lowest class: and the one itself), not more than
        the other.
    """

    label: str
    look: Look
    value: str | float | None = None
    above: float | None = None
    up_to: float | None = None
    lowest: bool = False


@dataclass(frozen=True)
class Style:
    """How a layer is drawn: by a field, its classes, and the field written beside the places."""

    field: str
    classes: tuple[Class, ...]
    label: str = ""

    def on(self, shape: str) -> "Style":
        """Return the style for places of this kind: dots for points, fills for outlines."""
        sign = "circle" if shape == "Point" else ""
        if all(bool(each.look.sign) == bool(sign) for each in self.classes):
            return self
        changed = (replace(each, look=replace(each.look, sign=sign)) for each in self.classes)
        return replace(self, classes=tuple(changed))


def of_verdicts() -> Style:
    """Return how estates are drawn: by verdict."""
    return Style("verdict", tuple(
        Class(str(word), Look(palette.VERDICTS[code].fill, palette.VERDICTS[code].line), str(word))
        for code, word in VERDICTS.items()
    ))  # fmt: skip


def of_facilities(words: Sequence[str]) -> Style:
    """Return how facilities are drawn: by category; only those there are, each once."""
    known = {str(CATEGORY_NAMES[code]): sign for code, sign in _SIGNS.items()}
    return Style("category", tuple(
        Class(word or str(UNKNOWN), Look(colour, "#ffffff", sign), word)
        for word in dict.fromkeys(words)
        for sign, colour in [known.get(word, ("diamond", _OTHER))]
    ))  # fmt: skip


def of_shares(*, named: bool) -> Style:
    """Return how areas are drawn: by the share of the elderly within reach."""
    width = 0.5 if named else 0.15
    classes = tuple(
        Class(f"{above:.0%}–{up_to:.0%}", Look(fill, "#55616d", line_mm=width, opacity=0.75),
              above=above, up_to=up_to, lowest=above == 0)
        for above, up_to, fill in _SHARES
    )  # fmt: skip
    unknown = Class(str(UNKNOWN), Look("#ffffff", "#5b6570", line_mm=width, opacity=0.75))
    return Style("share_60plus", (*classes, unknown), label="name" if named else "")


def of_reach(minutes: Sequence[float]) -> Style:
    """Return how the land within each limit is drawn."""
    return Style("minutes", tuple(
        Class(str(say("{minutes} 分钟以内", minutes=f"{limit:g}")),
              Look(_REACH[min(at, len(_REACH) - 1)], "#2d6690", opacity=0.6), float(limit))
        for at, limit in enumerate(sorted(minutes, reverse=True))
    ))  # fmt: skip


def of_sites() -> Style:
    """Return how proposed sites are drawn: all alike, with their names."""
    look = Look("#f2b701", "#3a2c00", "star", size=5.0)
    return Style("", (Class(str(say("建议选址")), look),), label="name")
