"""What a scenario would change about streets: links, gates and blocks, in metres. Values only."""

from dataclasses import dataclass
from typing import Final, Self

JOIN_M: Final = 0.01  # spots so near to one another are one, as where streets are joined
Spot = tuple[float, float]  # x and y in metres


@dataclass(frozen=True)
class Link:
    """A way to be built, straight from one spot to another.

    file, key
        Where it was written, for messages.
    """

    file: str
    key: str
    start: Spot
    end: Spot


@dataclass(frozen=True)
class Gate:
    """An entrance that an estate would have besides those it has."""

    file: str
    key: str
    residential_id: str
    at: Spot


@dataclass(frozen=True)
class Block:
    """A line across which no street would be walked."""

    file: str
    key: str
    line: tuple[Spot, ...]


@dataclass(frozen=True)
class Alterations:
    """All that would change about the streets of a study."""

    links: tuple[Link, ...] = ()
    gates: tuple[Gate, ...] = ()
    blocks: tuple[Block, ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything would change."""
        return bool(self.links or self.gates or self.blocks)

    def and_(self, more: Self) -> "Alterations":
        """Return these and some more."""
        return Alterations(
            (*self.links, *more.links), (*self.gates, *more.gates), (*self.blocks, *more.blocks)
        )
