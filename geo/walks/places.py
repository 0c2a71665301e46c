"""Places put on the streets: the ways out of every point, and what each costs off the street."""

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.ground.cells import MOST_CELLS
from geo.shapes.polygons_around import NO_POLYGON, first_around
from geo.streets.network import Flags, Floats, Ints, WalkNetwork
from geo.walks.counted_out import counted_out, slots
from geo.walks.nearest_street import NO_STREET, Nearest, StreetIndex

NOBODY: Final = NO_POLYGON
# A larger estate is a slip of the coordinates: as in `geo.ground.cells` it stands at one point.
MOST_GROUND_M2: Final = MOST_CELLS * 25.0**2
AT_THE_WALL_M: Final = 0.01  # an entrance this near to its estate stands on its outline
AT_ONCE: Final = 200_000  # points put on streets together: more would hold much memory
OPENING_M: Final = 1.0  # a barrier crossed this near to an entrance is passed through it
BY_STREET: Final = "street"
BY_ENTRANCE: Final = "entrance"
OFF_STREET_TOO_FAR: Final = "off_street_too_far"
BEHIND_BARRIER: Final = "behind_barrier"
NO_USABLE_STREET: Final = "no_usable_street"
NO_POSITION: Final = "no_geometry"


@dataclass(frozen=True, eq=False)
class Grounds:
    """Estates as ground that is crossed freely: their polygons and their entrances.

    polygons
        shapely geometries in metres; points and None have no ground.
    entrance_x, entrance_y, entrance_owner
        Entrances in metres and the position of their estate in `polygons`.
    """

    polygons: NDArray[np.object_]
    entrance_x: Floats
    entrance_y: Floats
    entrance_owner: Ints

    @classmethod
    def none(cls) -> "Grounds":
        """Return no estates at all."""
        nowhere = np.zeros(0)
        return cls(np.zeros(0, dtype=object), nowhere, nowhere, nowhere.astype(np.int64))

    def around(self, x: ArrayLike, y: ArrayLike) -> "Points":
        """Return points, each with the first estate that holds it; an outline holds nothing."""
        x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        return Points(x, y, first_around(self._land, x, y))

    @cached_property
    def is_land(self) -> Flags:
        """Return which estates are land: not those of one point, nor those too large to be true."""
        area_m2 = shapely.area(self.polygons)
        land: Flags = (area_m2 > 0) & (area_m2 <= MOST_GROUND_M2)
        return land

    @property
    def _land(self) -> NDArray[np.object_]:
        polygons = self.polygons.copy()
        polygons[~self.is_land] = None
        return polygons


@dataclass(frozen=True)
class Points:
    """Points in metres; `owner` is the estate in `Grounds` that each lies in, or `NOBODY`."""

    x: Floats
    y: Floats
    owner: Ints

    @classmethod
    def free(cls, x: ArrayLike, y: ArrayLike) -> "Points":
        """Return points that lie in no estate."""
        x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        return cls(x, y, np.full(len(x), NOBODY, dtype=np.int64))

    def take(self, which: Ints) -> "Points":
        """Return the points asked for, in that order."""
        return Points(self.x[which], self.y[which], self.owner[which])

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.x)


class Ways(NamedTuple):
    """Ways of points onto streets; those of each point stand in a row.

    first
        The ways of point i stand from `first[i]` up to `first[i + 1]`.
    street, offset_mm, off_street_mm
        The street stepped onto, millimetres along it, millimetres walked before it.
    owner
        Whose way it is.
    """

    first: Ints
    street: Ints
    offset_mm: Ints
    off_street_mm: Ints
    owner: Ints


class ByStreet(NamedTuple):
    """Ways by the street stepped onto: those of street s from `start[s]` up to `start[s + 1]`.

    No way steps onto the streets behind the last one told.

    way, slot, offset_mm, off_street_mm
        Row of the way, whose it is, millimetres along the street and before it.
    place
        The points have slots in the order in which they are come upon, so that neighbours stay at
        hand; this is the point in each.
    """

    start: NDArray[np.signedinteger[Any]]
    way: NDArray[np.signedinteger[Any]]
    slot: NDArray[np.signedinteger[Any]]
    offset_mm: NDArray[np.signedinteger[Any]]
    off_street_mm: NDArray[np.signedinteger[Any]]
    place: NDArray[np.signedinteger[Any]]


@dataclass(frozen=True)
class Exits:
    """Ways from points onto streets: one row a way, sorted by point; a point may have none.

    point
        Position of the point.
    street, offset_mm
        The street stepped onto, and where along it.
    off_street_mm
        Millimetres walked before the street.
    by_entrance
        Whether the way leads through an entrance of the estate.
    reason
        One word a point: empty, or why it has no way out.
    """

    point: Ints
    street: Ints
    offset_mm: Ints
    off_street_mm: Ints
    by_entrance: Flags
    reason: NDArray[np.object_]

    @classmethod
    def none(cls) -> "Exits":
        """Return no points at all."""
        no = np.zeros(0, dtype=np.int64)
        return cls(no, no, no, no, no.astype(bool), no.astype(object))

    @property
    def count(self) -> int:
        """Return the number of points, with or without a way out."""
        return len(self.reason)

    def only(self, wanted: Flags) -> "Exits":
        """Return some of the points with their ways, numbered anew."""
        number, kept = np.cumsum(wanted) - 1, wanted[self.point]
        return Exits(
            number[self.point[kept]], self.street[kept], self.offset_mm[kept],
            self.off_street_mm[kept], self.by_entrance[kept], self.reason[wanted],
        )  # fmt: skip

    @cached_property
    def ways(self) -> Ways:
        """Return the same ways as the search takes them."""
        first = np.searchsorted(self.point, np.arange(self.count + 1))
        columns = (first, self.street, self.offset_mm, self.off_street_mm, self.point)
        # Copies are writable and in a row: one compiled version serves them all.
        return Ways(*(np.array(column, dtype=np.int64) for column in columns))

    @cached_property
    def by_street(self) -> ByStreet:
        """Return the same ways in the order of the streets stepped onto."""
        start = np.concatenate([[0], np.cumsum(np.bincount(self.street))])
        order = counted_out(np.array(self.street, dtype=np.int64), start)
        owner = self.point[order]
        slot, place = slots(owner, self.count)
        columns = (order, slot, self.offset_mm[order], self.off_street_mm[order], place)
        # Four bytes keep neighbours near; a street with a corner at 0° 0' is longer than they tell.
        wide = self.offset_mm.max(initial=0) > np.iinfo(np.int32).max
        kind: type[np.signedinteger[Any]] = np.int64 if wide else np.int32
        return ByStreet(*(column.astype(kind) for column in (start, *columns)))


@dataclass(frozen=True)
class _Legs:
    """Off-street legs: from a point to a middle (an entrance, or the point itself), to a street.

    entrance
        The entrance that the middle is; -1 where it is the point itself.
    barred
        Whether a barrier stands between the point and the middle.
    """

    point: Ints
    middle_x: Floats
    middle_y: Floats
    nearest: Nearest
    entrance: Ints
    barred: Flags


def usable_streets(
    network: WalkNetwork, *, component_min_m: float, standing: Nearest | None = None
) -> Flags:
    """Return which streets may be stepped onto: those of pieces that lead somewhere.

    component_min_m
        Pieces of street shorter than this in all are left out, except the longest one and
        those on which a facility stands.
    standing
        Nearest street of every operating facility, among all streets.
    """
    long_enough = network.component_m >= component_min_m
    long_enough[network.component_m.argmax()] = True
    if standing is not None:
        stood_on = standing.street[standing.street != NO_STREET]
        long_enough[network.component[stood_on]] = True
    usable: Flags = long_enough[network.component]
    return usable


def put_on_streets(
    index: StreetIndex, points: Points, *, snap_max_m: float, grounds: Grounds | None = None
) -> Exits:
    """Return the ways out of each point onto usable streets.

    A point of an estate with entrances leaves by any of them, every other by the nearest street;
    no leg crosses a barrier, save through an entrance: then the next street is tried.
    Off-street metres are all charged; those beyond one's own estate are at most `snap_max_m`.
    """
    if len(points) <= AT_ONCE:
        return _put_on_streets(index, points, grounds, snap_max_m)

    def part(first: int) -> Exits:
        some = points.take(np.arange(first, min(first + AT_ONCE, len(points))))
        exits = _put_on_streets(index, some, grounds, snap_max_m)
        return replace(exits, point=exits.point + first)

    parts = [part(first) for first in range(0, len(points), AT_ONCE)]
    names = [field.name for field in fields(Exits)]
    columns = zip(*([getattr(each, name) for name in names] for each in parts), strict=True)
    return Exits(*map(np.concatenate, columns))


def _put_on_streets(
    index: StreetIndex, points: Points, grounds: Grounds | None, snap_max_m: float
) -> Exits:
    at_entrances = _entrance_legs(index, points, grounds, snap_max_m)
    direct = _direct_legs(index, points, at_entrances.point, grounds, snap_max_m)
    legs = _both(direct, at_entrances) if len(at_entrances.point) else direct
    near = legs.nearest
    first_m = np.hypot(legs.middle_x - points.x[legs.point], legs.middle_y - points.y[legs.point])
    total_m = first_m + near.off_street_m
    within = _within_cap(legs, total_m, points, grounds, snap_max_m) & ~legs.barred
    kept = np.flatnonzero(within)
    if len(at_entrances.point):  # they stand behind those that leave directly
        kept = kept[np.argsort(legs.point[kept], kind="stable")]
    reason = _reasons(points, legs.point[kept], anything=bool(index.usable.any()))
    stopped = np.unique(legs.point[legs.barred | near.blocked])
    stopped = stopped[reason[stopped] == OFF_STREET_TOO_FAR]
    if len(stopped):  # was it a barrier, or the cap all the same?
        freely = put_on_streets(
            index.without_barriers, points.take(stopped), snap_max_m=snap_max_m, grounds=grounds
        )
        reason[stopped[freely.reason == ""]] = BEHIND_BARRIER
    return Exits(
        point=legs.point[kept],
        street=near.street[kept],
        offset_mm=near.offset_mm[kept],
        off_street_mm=np.rint(total_m[kept] * 1000).astype(np.int64),
        by_entrance=legs.entrance[kept] >= 0,
        reason=reason,
    )


def _direct_legs(
    index: StreetIndex, points: Points, gated: Ints, grounds: Grounds | None, snap_max_m: float
) -> _Legs:
    """Return the leg to the nearest street, for points of no estate with entrances."""
    free = np.ones(len(points), dtype=bool)
    free[gated] = False
    point = np.flatnonzero(free)
    x, y = points.x[point], points.y[point]
    within = snap_max_m + _widths(grounds, points.owner[point])
    nearest, entrance = index.nearest(x, y, within_m=within), np.full(len(point), -1)
    return _Legs(point, x, y, nearest, entrance, np.zeros(len(point), dtype=bool))


def _entrance_legs(
    index: StreetIndex, points: Points, grounds: Grounds | None, snap_max_m: float
) -> _Legs:
    """Return a leg through every entrance, for points of estates that have any."""
    if grounds is None:
        grounds = Grounds.none()
    order = np.argsort(grounds.entrance_owner, kind="stable")
    owners = grounds.entrance_owner[order]
    first = np.searchsorted(owners, points.owner, side="left")
    count = np.searchsorted(owners, points.owner, side="right") - first
    point = np.repeat(np.arange(len(points)), count)
    nth = np.arange(len(point)) - np.repeat(np.cumsum(count) - count, count)
    entrance = order[np.repeat(first, count) + nth]
    x, y = grounds.entrance_x, grounds.entrance_y
    within = snap_max_m + _widths(grounds, grounds.entrance_owner)
    nearest = index.nearest(x, y, within_m=within, open_m=OPENING_M).take(entrance)
    x, y = x[entrance], y[entrance]
    barred = np.zeros(len(point), dtype=bool)
    if index.barriers is not None:
        barred = index.barriers.crossed(
            points.x[point], points.y[point], x, y, open_at_end_m=OPENING_M
        )
    return _Legs(point, x, y, nearest, entrance, barred)


def _both(one: _Legs, other: _Legs) -> _Legs:
    columns = zip(vars(one.nearest).values(), vars(other.nearest).values(), strict=True)
    return _Legs(
        np.concatenate([one.point, other.point]),
        np.concatenate([one.middle_x, other.middle_x]),
        np.concatenate([one.middle_y, other.middle_y]),
        Nearest(*(np.concatenate(pair) for pair in columns)),
        np.concatenate([one.entrance, other.entrance]),
        np.concatenate([one.barred, other.barred]),
    )


def _widths(grounds: Grounds | None, owner: Ints) -> Floats:
    """Return how far one can walk straight inside the estate: the diagonal of its bounds."""
    widths = np.zeros(len(owner))
    owned = owner != NOBODY
    if grounds is not None and owned.any():
        west, south, east, north = shapely.bounds(grounds.polygons).T
        widths[owned] = np.nan_to_num(np.hypot(east - west, north - south))[owner[owned]]
    return widths


def _within_cap(
    legs: _Legs, total_m: Floats, points: Points, grounds: Grounds | None, snap_max_m: float
) -> Flags:
    """Return which legs walk at most `snap_max_m` beyond the point's own estate."""
    owner = points.owner[legs.point]
    inside = _surely_inside(legs, grounds)
    beyond_most_m = np.where(inside, legs.nearest.off_street_m, total_m)
    within: Flags = beyond_most_m <= snap_max_m
    doubtful = np.flatnonzero(~within & np.isfinite(total_m) & (owner != NOBODY))
    if grounds is None or not len(doubtful):
        return within
    point, near = legs.point[doubtful], legs.nearest.take(doubtful)
    corners = np.column_stack(
        [
            points.x[point], points.y[point],
            legs.middle_x[doubtful], legs.middle_y[doubtful],
            near.x, near.y,
        ]
    ).reshape(-1, 3, 2)  # fmt: skip
    # Both straight parts are cut apart from the ground; a way out and in again counts outside.
    ground = grounds.polygons[owner[doubtful]]
    beyond_m = np.zeros(len(doubtful))
    for part in (corners[:, :2], corners[:, 1:]):
        beyond_m += shapely.length(shapely.difference(shapely.linestrings(part), ground))
    within[doubtful] = beyond_m <= snap_max_m
    return within


def _surely_inside(legs: _Legs, grounds: Grounds | None) -> Flags:
    """Return legs that reach an entrance over their own ground: it is convex and touches both."""
    inside = np.zeros(len(legs.point), dtype=bool)
    if grounds is None or not len(grounds.entrance_owner):
        return inside
    polygons = grounds.polygons
    bulge = shapely.area(shapely.convex_hull(polygons)) - shapely.area(polygons)
    convex = bulge <= AT_THE_WALL_M * shapely.length(polygons)
    owner = grounds.entrance_owner
    at_entrance = shapely.points(grounds.entrance_x, grounds.entrance_y)
    at_wall = shapely.distance(polygons[owner], at_entrance) <= AT_THE_WALL_M
    gates = np.flatnonzero(legs.entrance >= 0)
    inside[gates] = (at_wall & convex[owner])[legs.entrance[gates]]
    return inside


def _reasons(points: Points, with_exit: Ints, *, anything: bool) -> NDArray[np.object_]:
    why = OFF_STREET_TOO_FAR if anything else NO_USABLE_STREET
    reason = np.full(len(points), why, dtype=object)
    reason[~(np.isfinite(points.x) & np.isfinite(points.y))] = NO_POSITION
    reason[with_exit] = ""
    return reason
