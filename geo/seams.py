"""Seams: lines where neighbouring land leaves by different ways, and strips hide between cells.

Off the streets a walk rises towards the seam with the next street's land. Both cells beside a seam
may be within the limit while the seam itself is not, or the other way round. Such strips are found
by halving the step between the two cells until the seam is known to a few centimetres.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from geo.land import CELL_M, Land
from geo.streets.network import Flags, Floats, Ints
from geo.travel import FAR, Walks

# Walk in millimetres (`FAR` where none) and street taken, from any points in metres.
WalkAt = Callable[[Floats, Floats], tuple[Ints, Ints]]

SLOPE = 2**0.5  # beside a straight street: a metre across and a metre along it, at right angles
STEP_MM = int(2 * CELL_M * 1000)  # so much two neighbours may differ without a seam
NEIGHBOURS = ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1))
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
    """

    land: Land
    walk_mm: Ints
    street: Ints

    @classmethod
    def of(cls, land: Land, walks: Walks) -> "Field":
        """Return the field of a land's walks."""
        cells = land.shape[0] * land.shape[1]
        walk_mm, street = np.full(cells, FAR), np.full(cells, -1)
        walk_mm[land.cell] = walks.walk_mm
        reached = walks.exit >= 0
        street[land.cell[reached]] = land.exits.street[walks.exit[reached]]
        return cls(land, walk_mm, street)


def seams(field: Field, *, limit_mm: int, walk_at: WalkAt) -> Seams:
    """Return points on seams whose verdict differs from both cells beside them."""
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
    return Seams(x[kept], y[kept], ~beside[kept], reach_m[kept])


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
    rows, columns = field.land.shape
    near = np.flatnonzero(np.abs(field.walk_mm - limit_mm) <= STEP_MM)
    row, column = np.divmod(near, columns)
    one, other = [], []
    for down, right in NEIGHBOURS:
        on_field = (row + down >= 0) & (row + down < rows)
        on_field &= (column + right >= 0) & (column + right < columns)
        one.append(near[on_field])
        other.append(near[on_field] + down * columns + right)
    here, there = np.concatenate(one), np.concatenate(other)
    # Where both cells are near the limit the step back says nothing new.
    once = (here < there) | (np.abs(field.walk_mm[there] - limit_mm) > STEP_MM)
    here, there = here[once], there[once]
    walk_here, walk_there = field.walk_mm[here], field.walk_mm[there]
    same = (walk_here <= limit_mm) == (walk_there <= limit_mm)
    apart = field.street[here] != field.street[there]
    apart |= np.abs(walk_here - walk_there) > STEP_MM
    here, there = here[same & apart], there[same & apart]
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
