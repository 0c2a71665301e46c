"""A book of streets in which every junction is a shared vertex.

Streets are entered one by one; where a new one meets an older one, both get the same vertex,
rounded to a centimetre, so that the finished network is connected exactly where it was meant to be.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from making.arterials import Tags, lines_of
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

GRID_M = 0.01
SAME_M = 1.5  # nearer than this to an old vertex means that vertex

Coordinate = tuple[float, float]


def rounded(point: Point | Coordinate) -> Coordinate:
    """Return a coordinate on the centimetre grid."""
    x, y = (point.x, point.y) if isinstance(point, Point) else point
    return round(x, 2), round(y, 2)


@dataclass
class StreetBook:
    """Streets by number: lines as entered, their tags, and the vertices others added."""

    lines: list[LineString] = field(default_factory=list)
    tags: list[Tags] = field(default_factory=list)
    joints: list[dict[Coordinate, float]] = field(default_factory=list)
    gates: dict[Coordinate, Tags] = field(default_factory=dict)

    def enter(self, line: LineString, tags: Tags) -> int:
        """Enter a street as it is and return its number."""
        coords = [rounded((x, y)) for x, y in line.coords]
        distinct = [a for a, b in zip(coords, [None, *coords[:-1]], strict=True) if a != b]
        self.lines.append(LineString(distinct))
        self.tags.append(tags)
        self.joints.append({})
        return len(self.lines) - 1

    def join(self, point: Point | Coordinate, number: int) -> Coordinate:
        """Return the vertex of a street nearest to a point, made if there is none yet."""
        line = self.lines[number]
        at = line.project(Point(*rounded(point)))
        known = [(abs(where - at), spot) for spot, where in self.joints[number].items()]
        ends = [rounded((x, y)) for x, y in (line.coords[0], line.coords[-1])]
        known += [(abs(line.project(Point(end)) - at), end) for end in ends]
        near, spot = min(known)
        if near <= SAME_M:
            return spot
        made = rounded(line.interpolate(at))
        self.joints[number][made] = at
        return made

    def nearest(self, point: Point, among: Sequence[int]) -> int:
        """Return which of the streets is nearest to a point."""
        away = shapely.distance(np.array([self.lines[n] for n in among], dtype=object), point)
        return among[int(np.argmin(away))]

    def lay(
        self, line: LineString, tags: Tags, among: Sequence[int], *, within_m: float = 3
    ) -> int:
        """Enter a street that meets the given ones: its ends within reach, and all crossings."""
        coords = [rounded((x, y)) for x, y in line.coords]
        for end in (0, -1):
            spot = Point(coords[end])
            if among and self.lines[self.nearest(spot, among)].distance(spot) <= within_m:
                coords[end] = self.join(spot, self.nearest(spot, among))
        number = self.enter(LineString(coords), tags)
        others = np.array([self.lines[n] for n in among], dtype=object)
        for other, meeting in zip(
            among, shapely.intersection(others, self.lines[number]), strict=True
        ):
            for spot in _points(meeting):
                self._cross(number, other, spot)
        return number

    def _cross(self, number: int, other: int, spot: Point) -> None:
        shared = self.join(spot, other)
        line = self.lines[number]
        at = line.project(Point(shared))
        ends = {rounded((x, y)) for x, y in (line.coords[0], line.coords[-1])}
        if shared not in ends:
            self.joints[number][shared] = at

    def ways(self) -> Iterable[tuple[list[Coordinate], Tags]]:
        """Yield every street as its vertices in order, with its tags."""
        for line, tags, joints in zip(self.lines, self.tags, self.joints, strict=True):
            placed = {rounded((x, y)): line.project(Point(x, y)) for x, y in line.coords}
            spots = [*placed.items(), *joints.items()]
            if line.is_ring:
                spots = [*spots, (rounded((line.coords[0][0], line.coords[0][1])), line.length)]
                spots[0] = (spots[0][0], 0.0)
            spots.sort(key=lambda item: item[1])
            vertices = [spot for spot, _ in spots]
            yield [a for a, b in zip(vertices, [None, *vertices[:-1]], strict=True) if a != b], tags


def _points(meeting: BaseGeometry) -> list[Point]:
    if isinstance(meeting, Point):
        return [] if meeting.is_empty else [meeting]
    if lines_of(meeting):
        return []  # a shared stretch joins through its vertices
    return [part for part in getattr(meeting, "geoms", []) if isinstance(part, Point)]
