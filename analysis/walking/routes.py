"""The walk of an estate to its nearest facility as it would be drawn: streets, and legs off them.

It is the walk behind the estate's minutes: that of its cell of lower median, by the same ways out,
private streets and alterations.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

from analysis.walking.placing import Placed
from analysis.walking.reach import Reach
from geo.streets.network import Floats, Ints
from geo.walks.places import NOBODY, Exits, Grounds
from geo.walks.routes import Route, Stretch, route_of
from geo.walks.travel import FAR, budget_mm

NO_POINT = -1


@dataclass(frozen=True, eq=False)
class DrawnRoute:
    """A walk in metres of the study.

    facility_id
        Where it leads.
    walk_mm, minutes
        As the places table has them, off-street legs included.
    streets
        Corners of the part on streets, shape (corners, 2); empty where both ends leave at one spot.
    legs
        Corners of the legs off the streets: from the estate, perhaps through an entrance, and to
        the facility. A leg of no length is not told.
    """

    facility_id: str
    walk_mm: int
    minutes: float
    streets: Floats
    legs: tuple[Floats, ...]


def estate_route(reach: Reach, estate_id: str) -> DrawnRoute | None:
    """Return the walk behind the minutes of an estate; None where it has none."""
    position = int(reach.placed.estates.get_indexer(pd.Index([estate_id]))[0])
    point = NO_POINT if position < 0 else _middle_point(reach, position)
    if point == NO_POINT:
        return None
    walking = reach.walking
    horizon_mm = budget_mm(walking.horizon_min, speed_m_per_s=walking.speed_m_per_s)
    if reach.walks.walk_mm[point] > max(horizon_mm, reach.budgets["headline"]):
        return None
    route = route_of(reach.search, reach.placed.exits, point)
    return None if route is None else _drawn(reach, route, point)


def _middle_point(reach: Reach, estate: int) -> int:
    """Return the point of lower median walk of an estate, as the places table takes it."""
    kind, placed = reach.placed.residential, reach.placed
    cells: Ints = np.flatnonzero(placed.place[kind] == estate) + kind.start
    if not len(cells):
        return NO_POINT
    order = np.argsort(reach.walks.walk_mm[cells], kind="stable")
    middle = int(cells[order[(len(cells) - 1) // 2]])
    return NO_POINT if reach.walks.walk_mm[middle] == FAR else middle


def _drawn(reach: Reach, route: Route, point: int) -> DrawnRoute:
    placed = reach.placed
    streets = _joined([_corners(placed, stretch) for stretch in route.stretches])
    start, end = (
        _spot(placed, exits, way)
        for exits, way in ((placed.exits, route.way), (placed.facilities, route.facility_way))
    )
    here = np.array([placed.points.x[point], placed.points.y[point]])
    there = placed.facility_xy[route.facility]
    leaving = _leg(placed, placed.exits, route.way, (here, int(placed.points.owner[point]), start))
    owner = int(placed.sites_at(there[None]).owner[0])
    arriving = _leg(placed, placed.facilities, route.facility_way, (there, owner, end))[::-1]
    legs = tuple(leg for leg in (leaving, arriving) if _length_m(leg) > 0)
    minutes = route.walk_mm / (reach.walking.speed_m_per_s * 60_000)
    return DrawnRoute(placed.counted[route.facility], route.walk_mm, minutes, streets, legs)


def _leg(
    placed: Placed, exits: Exits, way: int, ends: tuple[Floats, int, Floats]
) -> Floats:
    """Return the corners of a leg off the streets, through the entrance that it was charged for.

    ends
        The place, the estate it lies in, and the spot on the street.
    """
    place, owner, spot = ends
    if not exits.by_entrance[way]:
        return np.array([place, spot])
    doors = _entrances(placed, owner)
    through_m = np.hypot(*(doors - place).T) + np.hypot(*(doors - spot).T)
    door = doors[np.abs(through_m - exits.off_street_mm[way] / 1000).argmin()]
    return np.array([place, door, spot])


def _entrances(placed: Placed, owner: int) -> Floats:
    """Return the entrances of an estate, with those a scenario opens."""
    grounds: list[Grounds] = [placed.grounds]
    if placed.altered is not None:
        grounds.append(placed.altered.attachments.gates)
    doors = [
        np.column_stack([each.entrance_x, each.entrance_y])[each.entrance_owner == owner]
        for each in grounds
    ]
    found: Floats = np.concatenate(doors) if owner != NOBODY else np.zeros((0, 2))
    return found


def _spot(placed: Placed, exits: Exits, way: int) -> Floats:
    """Return where a way out meets its street."""
    street, offset_mm = int(exits.street[way]), int(exits.offset_mm[way])
    line, offset_mm = _line(placed, street, offset_mm)
    at: Floats = shapely.get_coordinates(shapely.line_interpolate_point(line, offset_mm / 1000))[0]
    return at


def _corners(placed: Placed, stretch: Stretch) -> Floats:
    """Return the corners of a stretch, in the order walked."""
    line, start_mm = _line(placed, stretch.street, stretch.start_mm)
    end_mm = start_mm + stretch.end_mm - stretch.start_mm
    corners: Floats = shapely.get_coordinates(substring(line, start_mm / 1000, end_mm / 1000))
    return corners


def _line(placed: Placed, street: int, offset_mm: int) -> tuple[shapely.LineString, int]:
    """Return the line of a street of the graph, and the offset along that line."""
    network = placed.index.network
    if placed.altered is not None:
        whole = placed.altered.streets.on_network(street, offset_mm)
        if whole is None:
            added = placed.altered.attachments
            network, street = added.index.network, int((added.number == street).argmax())
        else:
            street, offset_mm = whole
    first, stop = network.vertex_start[street : street + 2]
    return shapely.LineString(network.vertex_xy[first:stop]), offset_mm


def _joined(parts: list[Floats]) -> Floats:
    """Return parts end to end, each corner once."""
    if not parts:
        return np.zeros((0, 2))
    corners = np.concatenate(parts)
    moved = np.ones(len(corners), dtype=bool)
    moved[1:] = (np.diff(corners, axis=0) != 0).any(axis=1)
    joined: Floats = corners[moved]
    return joined


def _length_m(corners: Floats) -> float:
    return sum(float(np.hypot(*(b - a))) for a, b in pairwise(corners))
