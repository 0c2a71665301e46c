"""Barriers: lines that no straight leg off the streets may cross, in a grid of squares.

A leg crosses a barrier where a point of the leg between its two ends lies on the barrier, be it
cut or only touched. An end that merely stands on the barrier does not cross it: a street drawn on
a wall, a gate in it, a point on the outline of an estate. Neither does a leg that runs along it.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numba import njit
from numpy.typing import ArrayLike

from geo.streets.network import Flags, Floats, Ints

# Walks are whole millimetres: an end of a leg this near to a barrier stands on it.
ON_IT_M = 0.001
LEAST_SQUARE_M = 60.0
MOST_SQUARES = 1_000_000  # a layer as wide as a province has wider squares
_SLACK_M = 0.01  # squares are visited a little beyond their edges, so that rounding misses none

# origin, shape and side of the squares; first member of each square, members; both ends of each.
Walls = tuple[Floats, Ints, float, Ints, Ints, Floats]


@dataclass(frozen=True, eq=False)
class Barriers:
    """Straight pieces of barrier.

    ends
        x and y of both ends of every piece in metres, shape (pieces, 4).
    """

    ends: Floats

    @classmethod
    def of(cls, geometries: ArrayLike) -> "Barriers":
        """Return the pieces of lines, and of the outlines of polygons; points bar nothing."""
        parts = np.asarray(geometries, dtype=object).reshape(-1)
        while (shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():
            parts = shapely.get_parts(parts)
        dimension = shapely.get_dimensions(parts)
        rings = shapely.get_rings(parts[dimension == 2])  # noqa: PLR2004 - polygons
        lines = np.concatenate([parts[dimension == 1], rings])
        xy, line = shapely.get_coordinates(lines, return_index=True)
        ends = np.hstack([xy[:-1], xy[1:]])[line[:-1] == line[1:]]
        somewhere = np.isfinite(ends).all(axis=1)
        long = (ends[:, :2] != ends[:, 2:]).any(axis=1)
        return cls(np.ascontiguousarray(ends[somewhere & long]))

    def __len__(self) -> int:
        """Return the number of straight pieces."""
        return len(self.ends)

    def crossed(
        self,
        x: Floats,
        y: Floats,
        to_x: Floats,
        to_y: Floats,
        *,
        open_at_start_m: float = ON_IT_M,
        open_at_end_m: float = ON_IT_M,
    ) -> Flags:
        """Return which straight legs cross a barrier; a leg from or to nowhere crosses none.

        open_at_start_m, open_at_end_m
            A leg passes freely so near to its ends: an entrance is an opening in its wall.
        """
        legs = np.column_stack([x, y, to_x, to_y]).astype(np.float64)
        return _crossed(self.walls, legs, open_at_start_m, open_at_end_m)

    def crossings(self, x: Floats, y: Floats, to_x: Floats, to_y: Floats) -> tuple[Ints, Floats]:
        """Return every meeting, in order along each leg: which leg, and the share of it walked."""
        legs = np.column_stack([x, y, to_x, to_y]).astype(np.float64)
        count = _crossings(self.walls, legs, np.zeros(0))
        share = np.zeros(count.sum())
        _crossings(self.walls, legs, share)
        leg = np.repeat(np.arange(len(legs)), count)
        # A piece in several squares, and the corner of two pieces, are met once.
        once = np.unique(np.column_stack([leg, np.round(share, 9)]), axis=0)
        return once[:, 0].astype(np.int64), once[:, 1]

    @cached_property
    def walls(self) -> Walls:
        """Return the pieces in their squares, as compiled code asks for them."""
        ends = self.ends
        if not len(ends):
            none = np.zeros(0, dtype=np.int64)
            start = np.zeros(2, dtype=np.int64)
            return np.zeros(2), np.ones(2, dtype=np.int64), LEAST_SQUARE_M, start, none, ends
        corners = ends.reshape(-1, 2)
        origin = corners.min(axis=0)
        width, height = corners.max(axis=0) - origin
        square_m = max(LEAST_SQUARE_M, float(np.sqrt(width * height / MOST_SQUARES)))
        square_m = max(square_m, float(max(width, height)) / MOST_SQUARES)
        shape = ((corners.max(axis=0) - origin) // square_m).astype(np.int64) + 1
        start, member = _by_square(origin, shape, square_m, ends)
        return origin, shape, square_m, start, member, ends


@njit(cache=True, nogil=True)
def columns_under(origin: Floats, shape: Ints, square_m: float, leg: Floats) -> tuple[int, int]:
    """Return the first column of squares under a straight leg, and the one after the last."""
    low, high = min(leg[0], leg[2]) - _SLACK_M, max(leg[0], leg[2]) + _SLACK_M
    first = int(np.floor((low - origin[0]) / square_m))
    last = int(np.floor((high - origin[0]) / square_m))
    return max(first, 0), min(last + 1, shape[0])


@njit(cache=True, nogil=True)
def rows_under(
    origin: Floats, shape: Ints, square_m: float, leg: Floats, column: int
) -> tuple[int, int]:
    """Return the first row of squares under a leg within one column, and that after the last."""
    west = origin[0] + column * square_m - _SLACK_M
    east = west + square_m + 2 * _SLACK_M
    one, other = leg[1], leg[3]
    if abs(leg[2] - leg[0]) > _SLACK_M:
        enter = min(1.0, max(0.0, (west - leg[0]) / (leg[2] - leg[0])))
        leave = min(1.0, max(0.0, (east - leg[0]) / (leg[2] - leg[0])))
        one = leg[1] + enter * (leg[3] - leg[1])
        other = leg[1] + leave * (leg[3] - leg[1])
    first = int(np.floor((min(one, other) - _SLACK_M - origin[1]) / square_m))
    last = int(np.floor((max(one, other) + _SLACK_M - origin[1]) / square_m))
    first = min(max(first, 0), shape[1])
    return first, max(min(last + 1, shape[1]), first)


@njit(cache=True, nogil=True)
def _by_square(origin: Floats, shape: Ints, square_m: float, ends: Floats) -> tuple[Ints, Ints]:
    """Return the first member of every square, and the pieces that pass through each."""
    start = np.zeros(shape[0] * shape[1] + 1, dtype=np.int64)
    for piece in range(len(ends)):
        first, stop = columns_under(origin, shape, square_m, ends[piece])
        for column in range(first, stop):
            low, high = rows_under(origin, shape, square_m, ends[piece], column)
            for row in range(low, high):
                start[column * shape[1] + row + 1] += 1
    for square in range(shape[0] * shape[1]):
        start[square + 1] += start[square]
    filled = start[:-1].copy()
    member = np.empty(start[-1], dtype=np.int64)
    for piece in range(len(ends)):
        first, stop = columns_under(origin, shape, square_m, ends[piece])
        for column in range(first, stop):
            low, high = rows_under(origin, shape, square_m, ends[piece], column)
            for row in range(low, high):
                square = column * shape[1] + row
                member[filled[square]] = piece
                filled[square] += 1
    return start, member


@njit(cache=True, nogil=True)
def _crossing(leg: Floats, wall: Floats) -> float:
    """Return the share of the leg at which it meets a straight piece of barrier; NaN for never."""
    along_x, along_y = leg[2] - leg[0], leg[3] - leg[1]
    one = along_x * (wall[1] - leg[1]) - along_y * (wall[0] - leg[0])
    other = along_x * (wall[3] - leg[1]) - along_y * (wall[2] - leg[0])
    if (one > 0.0 and other > 0.0) or (one < 0.0 and other < 0.0):
        return np.nan
    wall_x, wall_y = wall[2] - wall[0], wall[3] - wall[1]
    here = wall_x * (leg[1] - wall[1]) - wall_y * (leg[0] - wall[0])
    there = wall_x * (leg[3] - wall[1]) - wall_y * (leg[2] - wall[0])
    if (here > 0.0 and there > 0.0) or (here < 0.0 and there < 0.0):
        return np.nan
    on_it = ON_IT_M * np.hypot(wall_x, wall_y)
    if (abs(here) <= on_it and abs(there) <= on_it) or here == there:
        return np.nan  # it runs along
    return float(here / (here - there))


@njit(cache=True, nogil=True)
def leg_crosses(walls: Walls, leg: Floats, open_at_start_m: float, open_at_end_m: float) -> bool:
    """Return whether one leg (x and y of both ends) crosses a barrier between its open ends."""
    origin, shape, square_m, start, member, ends = walls
    length_m = np.hypot(leg[2] - leg[0], leg[3] - leg[1])
    # Written so that a leg from or to nowhere is none.
    if not length_m > open_at_start_m + open_at_end_m or not len(ends):
        return False
    first, stop = columns_under(origin, shape, square_m, leg)
    for column in range(first, stop):
        low, high = rows_under(origin, shape, square_m, leg, column)
        for k in range(start[column * shape[1] + low], start[column * shape[1] + high]):
            share = _crossing(leg, ends[member[k]])
            if share * length_m > open_at_start_m and (1.0 - share) * length_m > open_at_end_m:
                return True
    return False


@njit(cache=True, nogil=True)
def _crossed(walls: Walls, legs: Floats, open_at_start_m: float, open_at_end_m: float) -> Flags:
    crossed = np.zeros(len(legs), dtype=np.bool_)
    for n in range(len(legs)):
        crossed[n] = leg_crosses(walls, legs[n], open_at_start_m, open_at_end_m)
    return crossed


@njit(cache=True, nogil=True)
def _crossings(walls: Walls, legs: Floats, shares: Floats) -> Ints:
    """Return how often each leg meets a barrier; as many of the shares as fit are written."""
    origin, shape, square_m, start, member, ends = walls
    count = np.zeros(len(legs), dtype=np.int64)
    met = 0
    for n in range(len(legs)):
        first, stop = columns_under(origin, shape, square_m, legs[n])
        for column in range(first, stop):
            low, high = rows_under(origin, shape, square_m, legs[n], column)
            for k in range(start[column * shape[1] + low], start[column * shape[1] + high]):
                share = _crossing(legs[n], ends[member[k]])
                if not np.isnan(share):
                    if met < len(shares):
                        shares[met] = share
                    met += 1
                    count[n] += 1
    return count
