"""Papers and boxes on them, in millimetres from the lower left corner."""

from dataclasses import dataclass, replace
from typing import Final, Self


@dataclass(frozen=True)
class Box:
    """A rectangle on the paper."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Return where it ends."""
        return self.left + self.width

    @property
    def top(self) -> float:
        """Return how high it reaches."""
        return self.bottom + self.height

    def inside(self, margin: float) -> Self:
        """Return the box without a margin all around."""
        return type(self)(self.left + margin, self.bottom + margin,
                          self.width - 2 * margin, self.height - 2 * margin)  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """A paper, and the size of the plain letters on it.

    letter_pt
        Everything else is larger or smaller than this.
    margin_mm
        From the edge to the frame; next to none for a picture.
    fine
        How thick lines are beside those of an A3 sheet.
    picture
        Whether it is embedded in a document, which has the title and says the rest.
    """

    width_mm: float
    height_mm: float
    letter_pt: float
    margin_mm: float
    fine: float = 1.0
    picture: bool = False

    @property
    def page(self) -> Box:
        """Return what is within the margin."""
        return Box(0, 0, self.width_mm, self.height_mm).inside(self.margin_mm)

    @property
    def turned(self) -> "Paper":
        """Return the paper the other way round."""
        return replace(self, width_mm=self.height_mm, height_mm=self.width_mm)


A3: Final = Paper(420.0, 297.0, 9.5, 10.0)
A4: Final = Paper(297.0, 210.0, 7.5, 7.0, 0.85)


def for_picture(width_mm: float, height_mm: float) -> Paper:
    """Return a picture's own paper; what is embedded small keeps letters that can be read."""
    letter = 7.2 + 1.6 * min(max((width_mm - 120) / 160, 0), 1)
    return Paper(width_mm, height_mm, letter, 0.3, 0.62, picture=True)
