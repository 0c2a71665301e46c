"""Names on a map, placed so that none lies on another: the most important first, always alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from geo.streets.network import Flags, Floats, Ints
from report.maps.letters import LINE, POINT_MM, width_mm, wrapped
from report.maps.paper import Box

_AWAY_MM: Final = (2.5, 5.0, 8.0, 11.5)  # how far a name may be led away from its spot
_TURNS: Final = np.deg2rad(np.arange(0, 360, 30))
_NEAR_MM: Final = 0.35  # between a sign and its name
_STEPS: Final = 6  # boxes that stand for a leader
_AIR_MM: Final = 0.9  # between names, whose halo takes half of it
_ROAMED: Final = 31  # spots across an area that a name may stand on


@dataclass(frozen=True)
class Name:
    """A name that wants a place.

    x, y
        Its spot in millimetres.
    clear_mm
        Half the size of the sign at the spot.
    area
        In millimetres, where the name lies upon an area: its middle never leaves it.
    roams
        Whether it may lie anywhere upon its area, not only about its spot.
    within
        In millimetres: the name rather lies wholly inside of it.
    most_mm
        How wide a line may be before the name goes into a second.
    """

    text: str
    x: float
    y: float
    size_pt: float
    colour: str
    clear_mm: float = 0.0
    area: shapely.Geometry | None = None
    led: bool = True
    most_mm: float = 24.0
    roams: bool = False
    within: shapely.Geometry | None = None


@dataclass(frozen=True)
class PlacedName:
    """A name in its place.

    lines
        Each with its middle, in millimetres.
    leader
        From the sign to the name, where it had to be led away.
    """

    name: Name
    lines: tuple[tuple[str, float, float], ...]
    leader: tuple[tuple[float, float], tuple[float, float]] | None


def place_names(names: Sequence[Name], box: Box, taken: Floats) -> list[PlacedName]:
    """Return the names that find a place; those that come first are served first.

    taken
        Boxes `left, bottom, right, top` that no name may lie on, shape (boxes, 4).
    """
    occupied = _Occupied(taken)
    found = []
    for name in names:
        place = _place(name, box, occupied)
        if place is not None:
            found.append(place)
    return found


class _Occupied:
    """The boxes that are taken; more are added as names are placed."""

    def __init__(self, taken: Floats) -> None:
        self._boxes = np.array(taken, dtype=np.float64).reshape(-1, 4)
        self._count = len(self._boxes)

    def add(self, boxes: Floats) -> None:
        """Take boxes."""
        if self._count + len(boxes) > len(self._boxes):
            more = np.empty((len(self._boxes) + len(boxes) + 256, 4))
            self._boxes = np.vstack([self._boxes[: self._count], more])
        self._boxes[self._count : self._count + len(boxes)] = boxes
        self._count += len(boxes)

    def free(self, boxes: Floats) -> Flags:
        """Return which boxes meet nothing that is taken."""
        there = self._boxes[: self._count]
        meets = (
            (boxes[:, None, 0] < there[:, 2]) & (boxes[:, None, 2] > there[:, 0])
            & (boxes[:, None, 1] < there[:, 3]) & (boxes[:, None, 3] > there[:, 1])
        )  # fmt: skip
        alone: Flags = np.logical_not(meets.any(axis=1))
        return alone


def _place(name: Name, box: Box, occupied: _Occupied) -> PlacedName | None:
    lines = _lines(name)
    letter = name.size_pt * POINT_MM
    wide = max(width_mm(line, name.size_pt) for line in lines)
    high = LINE * letter * (len(lines) - 1) + letter
    middles, away = _candidates(name, wide, high)
    half = np.array([wide / 2, high / 2])
    boxes = np.hstack([middles - half, middles + half])
    within = (
        (boxes[:, 0] > box.left) & (boxes[:, 1] > box.bottom)
        & (boxes[:, 2] < box.right) & (boxes[:, 3] < box.top)
    )  # fmt: skip
    for at in _in_order(name, boxes, np.flatnonzero(within & occupied.free(boxes))):
        leader = _leader(name, boxes[at]) if away[at] else None
        if leader is None:
            occupied.add(boxes[at][None] + _AIR_MM * np.array([-1, -1, 1, 1]))
            return PlacedName(name, _set(lines, middles[at], letter), None)
        steps = _steps(leader)
        if occupied.free(steps).all():
            occupied.add(np.vstack([boxes[at][None], steps]))
            return PlacedName(name, _set(lines, middles[at], letter), leader)
    return None


def _in_order(name: Name, boxes: Floats, free: Ints) -> Ints:
    """Return the free boxes, those first that do not cross what the name rather lies within."""
    if name.within is None or not len(free):
        return free
    inside = shapely.covers(name.within, shapely.box(*boxes[free].T))
    return np.concatenate([free[inside], free[~inside]])


def _lines(name: Name) -> list[str]:
    """Return a name in lines of about the same length."""
    whole = width_mm(name.text, name.size_pt)
    lines = max(int(np.ceil(whole / name.most_mm)), 1)
    within = whole / lines + (name.size_pt * POINT_MM if lines > 1 else 0.1)
    return wrapped(name.text, size_pt=name.size_pt, within_mm=min(within, name.most_mm), most=3)


def _candidates(name: Name, wide: float, high: float) -> tuple[Floats, Flags]:
    """Return the middles a name may have, the best first, and which need a leader."""
    spot = np.array([name.x, name.y])
    if name.area is not None:
        steps = np.array([(0, 0), (0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, -1), (1, -1),
                          (-1, 1), (0, 2), (0, -2), (0, 3), (0, -3)])  # fmt: skip
        middles = spot + steps * [wide / 3, high * 0.8]
        if name.roams:
            middles = np.vstack([middles, _about(name.area, spot)])
        middles = middles[shapely.intersects(name.area, shapely.points(middles))]
        return middles, np.zeros(len(middles), dtype=bool)
    gap = name.clear_mm + _NEAR_MM
    aside, above = gap + wide / 2, gap + high / 2
    near = [(aside, 0), (-aside, 0), (0, above), (0, -above), (aside, above * 0.7),
            (-aside, above * 0.7), (aside, -above * 0.7), (-aside, -above * 0.7)]  # fmt: skip
    far: list[tuple[float, float]] = []
    for distance in _AWAY_MM if name.led else ():
        for turn in _TURNS:
            across, up = np.cos(turn), np.sin(turn)
            far.append(((gap + distance) * across + np.sign(np.round(across, 6)) * wide / 2,
                        (gap + distance) * up + np.sign(np.round(up, 6)) * high / 2))  # fmt: skip
    return spot + np.array(near + far), np.arange(len(near) + len(far)) >= len(near)


def _about(area: shapely.Geometry, spot: Floats) -> Floats:
    """Return spots all over an area's extent, the nearest to a spot first."""
    west, south, east, north = area.bounds
    x, y = np.meshgrid(np.linspace(west, east, _ROAMED), np.linspace(south, north, _ROAMED))
    spots = np.column_stack([x.ravel(), y.ravel()])
    found: Floats = spots[np.argsort(np.hypot(*(spots - spot).T), kind="stable")]
    return found


def _set(lines: list[str], middle: Floats, letter: float) -> tuple[tuple[str, float, float], ...]:
    top = float(middle[1]) + LINE * letter * (len(lines) - 1) / 2
    return tuple((line, float(middle[0]), top - number * LINE * letter)
                 for number, line in enumerate(lines))  # fmt: skip


def _leader(name: Name, box: Floats) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return a line from the edge of the sign to the nearest side of the name."""
    end = np.clip([name.x, name.y], box[:2], box[2:])
    way = end - (name.x, name.y)
    start = (name.x, name.y) + way / max(float(np.hypot(*way)), 1e-9) * name.clear_mm
    return (float(start[0]), float(start[1])), (float(end[0]), float(end[1]))


def _steps(leader: tuple[tuple[float, float], tuple[float, float]]) -> Floats:
    """Return small boxes along a leader, for names that come later."""
    part = np.linspace(0.15, 0.95, _STEPS)[:, None]
    spots = (1 - part) * leader[0] + part * leader[1]
    return np.hstack([spots - 0.15, spots + 0.15])
