"""Seams: lines where neighbouring land leaves by different ways, and strips hide between cells.

Off the streets a walk rises towards the seam with the next street's land. Both cells beside a seam
may be within the limit while the seam itself is not, or the other way round. Such strips are found
by halving the step between the two cells until the seam is known to a few centimetres.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numba import njit

from geo.ground.beside_barriers import NEIGHBOURS
from geo.ground.land import CELL_M, Land
from geo.streets.network import Flags, Floats, Ints
from geo.walks.travel import FAR, Walks

# Walk in millimetres (`FAR` where none) and street taken, from any points in metres.
WalkAt = Callable[[Floats, Floats], tuple[Ints, Ints]]

SLOPE = 2**0.5  # beside a straight street: a metre across and a metre along it, at right angles
STEP_MM = int(2 * CELL_M * 1000)  # more than two neighbours may differ without a seam
HALVINGS = 8  # 14 m come down to 6 cm
HAIRLINE_M = 0.05  # walks so little beyond the limit make strips that no map can show
LEAST_REACH_M, MOST_REACH_M = 0.25, CELL_M / 2


@dataclass(frozen=True)
class Seams:
    """Points in strips that the cells beside them do not show.

    reach_m
        Metres to either side for which the strip holds, about.
    """

    x: Floats
    y: Floats
    covered: Flags
    reach_m: Floats


@dataclass(frozen=True)
class _Steps:
    """Parts of steps from one cell to the next, and what is known at both ends.

    near, far
        Shares of the step between which the seam lies.
    """

    x: Floats
    y: Floats
    dx: Floats
    dy: Floats
    near: Floats
    far: Floats
    near_mm: Ints
    far_mm: Ints
    first_mm: Ints  # at the cell where the step begins
    street: Ints

    def take(self, which: Flags) -> "_Steps":
        return _Steps(*(column[which] for column in vars(self).values()))


@dataclass(frozen=True)
class Field:
    """The walk of every cell of a land's field, one after the other, and the street it takes.

    walk_mm
        `FAR` where there is no cell or no walk.
    street
        -1 there.
    beside_mm
        The walk of each point beside a barrier.
    hidden
        Which of these points no outline may pass by, because some limit would hide it.
    """

    land: Land
    walk_mm: Ints
    street: Ints
    beside_mm: Ints
    hidden: Flags

    @classmethod
    def of(cls, land: Land, walks: Walks, *, limits_mm: Sequence[int] = ()) -> "Field":
        """Return the field of a land's walks.

        limits_mm
            All limits to be drawn together: as larger outlines take in smaller ones, each has to
            heed the strips of all.
        """
        field, cells = land.shape[0] * land.shape[1], len(land.cell)
        walk_mm, street = np.full(field, FAR), np.full(field, -1)
        walk_mm[land.cell] = walks.walk_mm[:cells]
        reached = walks.exit[:cells] >= 0
        street[land.cell[reached]] = land.exits.street[walks.exit[:cells][reached]]
        return cls.of_walks(land, walk_mm, street, walks.walk_mm[cells:], limits_mm=limits_mm)

    @classmethod
    def of_walks(
        cls, land: Land, walk_mm: Ints, street: Ints, beside_mm: Ints, *, limits_mm: Sequence[int]
    ) -> "Field":
        """Return the field of walks that are known cell by cell."""
        hidden = np.zeros(len(beside_mm), dtype=bool)
        for limit_mm in limits_mm:
            hidden |= _hidden(land, walk_mm, beside_mm, limit_mm)
        return cls(land, walk_mm, street, beside_mm, hidden)


def _hidden(land: Land, walk_mm: Ints, beside_mm: Ints, limit_mm: int) -> Flags:
    """Return which points beside barriers have another verdict than both cells of their step."""
    covered = beside_mm <= limit_mm
    hidden = np.abs(beside_mm - limit_mm) > HAIRLINE_M * 1000
    for cell in (land.beside.one, land.beside.other):
        hidden &= (walk_mm[cell] <= limit_mm) != covered
    return hidden


def seams(field: Field, *, limit_mm: int, walk_at: WalkAt) -> Seams:
    """Return points on seams and beside barriers whose verdict differs from both cells there."""
    steps = _doubtful_steps(field, limit_mm)
    for _ in range(HALVINGS):
        steps = _halved(steps, walk_at)
        steps = steps.take(_may_hide(steps, limit_mm) | _hides(steps, limit_mm, by_mm=0))
    found = steps.take(_hides(steps, limit_mm, by_mm=HAIRLINE_M * 1000))
    beside = found.first_mm <= limit_mm
    # Both ends of the last halving stand a few centimetres apart: the further off is the witness.
    side = np.where(beside, 1, -1)
    at_near = side * found.near_mm >= side * found.far_mm
    share = np.where(at_near, found.near, found.far)
    walk_mm = np.where(at_near, found.near_mm, found.far_mm)
    beyond_m = np.abs(np.minimum(walk_mm, 2 * limit_mm) - limit_mm) / 1000
    x, y = found.x + share * found.dx, found.y + share * found.dy
    kept = _one_a_square(x, y, beyond_m)
    reach_m = np.clip(beyond_m / SLOPE, LEAST_REACH_M, MOST_REACH_M)
    walled = _beside_barriers(field, limit_mm)
    return Seams(
        np.concatenate([x[kept], walled.x]),
        np.concatenate([y[kept], walled.y]),
        np.concatenate([~beside[kept], walled.covered]),
        np.concatenate([reach_m[kept], walled.reach_m]),
    )


def _beside_barriers(field: Field, limit_mm: int) -> Seams:
    """Return points beside barriers that the cells of their step do not show."""
    points = field.land.beside
    hidden = field.hidden | _hidden(field.land, field.walk_mm, field.beside_mm, limit_mm)
    covered = field.beside_mm <= limit_mm
    beyond_m = np.abs(np.minimum(field.beside_mm, 2 * limit_mm) - limit_mm) / 1000
    reach_m = np.clip(np.minimum(points.room_m, beyond_m / SLOPE), LEAST_REACH_M, MOST_REACH_M)
    sides = np.flatnonzero(hidden & covered), np.flatnonzero(hidden & ~covered)
    kept = np.concatenate(
        [side[_one_a_square(points.x[side], points.y[side], reach_m[side])] for side in sides]
    )
    return Seams(points.x[kept], points.y[kept], covered[kept], reach_m[kept])


def _one_a_square(x: Floats, y: Floats, beyond_m: Floats) -> Ints:
    """Return the point furthest beyond the limit in every square of half a cell."""
    order = np.argsort(-beyond_m, kind="stable")
    square = np.floor(np.column_stack([x, y])[order] / (CELL_M / 2))
    _, first = np.unique(square, axis=0, return_index=True)
    return order[first]


def _halved(steps: _Steps, walk_at: WalkAt) -> _Steps:
    """Return the steps with the half that holds the seam; the near half leaves as the cell does."""
    middle = (steps.near + steps.far) / 2
    walk_mm, street = walk_at(steps.x + middle * steps.dx, steps.y + middle * steps.dy)
    most_mm = SLOPE * (middle - steps.near) * np.hypot(steps.dx, steps.dy) * 1000 + 2
    still = (street == steps.street) & (np.abs(walk_mm - steps.near_mm) <= most_mm)
    return replace(
        steps,
        near=np.where(still, middle, steps.near),
        far=np.where(still, steps.far, middle),
        near_mm=np.where(still, walk_mm, steps.near_mm),
        far_mm=np.where(still, steps.far_mm, walk_mm),
    )


def _hides(steps: _Steps, limit_mm: int, *, by_mm: float) -> Flags:
    """Return where an end of the seam has, by more than `by_mm`, another verdict than the cells."""
    side = np.where(steps.first_mm <= limit_mm, 1, -1)
    furthest = np.maximum(side * (steps.near_mm - limit_mm), side * (steps.far_mm - limit_mm))
    found: Flags = furthest > by_mm
    return found


def _may_hide(steps: _Steps, limit_mm: int) -> Flags:
    """Return where the walk may still rise or fall to the limit between the ends of the seam."""
    slack_mm = SLOPE * (steps.far - steps.near) * np.hypot(steps.dx, steps.dy) * 1000
    at_near, at_far = np.abs(steps.near_mm - limit_mm), np.abs(steps.far_mm - limit_mm)
    close: Flags = np.minimum(at_near, at_far) <= slack_mm
    return close


def _doubtful_steps(field: Field, limit_mm: int) -> _Steps:
    """Return steps between cells of one verdict and different ways, one of them near the limit."""
    columns = field.land.shape[1]
    here, there = _doubtful_pairs(field.walk_mm, field.street, field.land.shape, limit_mm)
    x, y = field.land.centres()
    return _Steps(
        x=x[here % columns],
        y=y[here // columns],
        dx=x[there % columns] - x[here % columns],
        dy=y[there // columns] - y[here // columns],
        near=np.zeros(len(here)),
        far=np.ones(len(here)),
        near_mm=field.walk_mm[here],
        far_mm=field.walk_mm[there],
        first_mm=field.walk_mm[here],
        street=field.street[here],
    )


@njit(cache=True, nogil=True)
def _doubtful_pairs(
    walk_mm: Ints, street: Ints, shape: tuple[int, int], limit_mm: int
) -> tuple[Ints, Ints]:
    """Return the cells at both ends of doubtful steps."""
    rows, columns = shape
    near = np.flatnonzero(np.abs(walk_mm - limit_mm) <= STEP_MM)
    here, there = np.empty((2, len(NEIGHBOURS) * len(near)), dtype=np.int64)
    many = 0
    for down, right in NEIGHBOURS:
        # Along a shorter step the walk rises or falls less on its way to the limit.
        most_mm = SLOPE * CELL_M * 1000 * (1.0 if down == 0 or right == 0 else 2**0.5)
        for one in near:
            row, column = one // columns + down, one % columns + right
            if not (0 <= row < rows and 0 <= column < columns):
                continue
            other = row * columns + column
            if one > other and abs(walk_mm[other] - limit_mm) <= STEP_MM:
                continue  # the step back says nothing new
            same = (walk_mm[one] <= limit_mm) == (walk_mm[other] <= limit_mm)
            apart = street[one] != street[other] or abs(walk_mm[one] - walk_mm[other]) > STEP_MM
            nearest_mm = min(abs(walk_mm[one] - limit_mm), abs(walk_mm[other] - limit_mm))
            if same and apart and nearest_mm <= most_mm:
                here[many], there[many] = one, other
                many += 1
    return here[:many].copy(), there[:many].copy()
