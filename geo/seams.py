"""Seams: lines where neighbouring land leaves by different ways, and strips hide between cells.

Off the streets a walk rises towards the seam with the next street's land. Both cells beside a seam
may be within the limit while the seam itself is not, or the other way round. Such strips are found
by halving the step between the two cells until the seam is known to a few centimetres.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from geo.land import CELL_M, Land
from geo.streets.network import Flags, Floats, Ints
from geo.travel import FAR, Walks

# Walk in millimetres (`FAR` where none) and street taken, from any points in metres.
WalkAt = Callable[[Floats, Floats], tuple[Ints, Ints]]

SLOPE = 2  # one step off the street and one along it: a walk grows by two metres a metre at most
HALVINGS = 8  # 10 m come down to 4 cm
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
    """Steps from one cell to the next, and what is known at their beginning."""

    x: Floats
    y: Floats
    dx: Floats
    dy: Floats
    walk_mm: Ints
    street: Ints


def seams(land: Land, walks: Walks, *, limit_mm: int, walk_at: WalkAt) -> Seams:
    """Return points on seams whose verdict differs from both cells beside them."""
    steps = _doubtful_steps(land, walks, limit_mm)
    near, far = np.zeros(len(steps.x)), np.ones(len(steps.x))
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        still = _on_the_near_side(steps, middle, walk_at)
        near, far = np.where(still, middle, near), np.where(still, far, middle)
    share = np.concatenate([near, far])
    x = np.tile(steps.x, 2) + share * np.tile(steps.dx, 2)
    y = np.tile(steps.y, 2) + share * np.tile(steps.dy, 2)
    walk_mm, _ = walk_at(x, y)
    covered = walk_mm <= limit_mm
    hidden = covered != np.tile(steps.walk_mm <= limit_mm, 2)
    beyond_m = np.abs(np.minimum(walk_mm, 2 * limit_mm) - limit_mm)[hidden] / 1000
    reach_m = np.clip(beyond_m / SLOPE, LEAST_REACH_M, MOST_REACH_M)
    return Seams(x[hidden], y[hidden], covered[hidden], reach_m)


def _doubtful_steps(land: Land, walks: Walks, limit_mm: int) -> _Steps:
    """Return steps between cells of one verdict and different ways, one of them near the limit."""
    rows, columns = land.shape
    walk_mm = np.full(rows * columns, FAR)
    walk_mm[land.cell] = walks.walk_mm
    street = np.full(rows * columns, -1)
    reached = walks.exit >= 0
    street[land.cell[reached]] = land.exits.street[walks.exit[reached]]
    cell = np.arange(rows * columns).reshape(rows, columns)
    pairs = [(cell[:, :-1].ravel(), cell[:, 1:].ravel()), (cell[:-1].ravel(), cell[1:].ravel())]
    one, other = (np.concatenate(side) for side in zip(*pairs, strict=True))
    step_mm = int(SLOPE * CELL_M * 1000)
    close = (np.abs(walk_mm - limit_mm) <= step_mm)[one] | (np.abs(walk_mm - limit_mm) <= step_mm)[
        other
    ]
    same = (walk_mm[one] <= limit_mm) == (walk_mm[other] <= limit_mm)
    apart = (street[one] != street[other]) | (np.abs(walk_mm[one] - walk_mm[other]) > step_mm)
    doubtful = close & same & apart
    one, other = one[doubtful], other[doubtful]
    x, y = land.centres()
    return _Steps(
        x=x[one % columns],
        y=y[one // columns],
        dx=x[other % columns] - x[one % columns],
        dy=y[other // columns] - y[one // columns],
        walk_mm=walk_mm[one],
        street=street[one],
    )


def _on_the_near_side(steps: _Steps, share: Floats, walk_at: WalkAt) -> Flags:
    """Return where a part of the step still leaves as its beginning does."""
    walk_mm, street = walk_at(steps.x + share * steps.dx, steps.y + share * steps.dy)
    most_mm = SLOPE * share * CELL_M * 1000 + 2
    unbroken = np.abs(walk_mm - steps.walk_mm) <= most_mm
    same: Flags = (street == steps.street) & unbroken
    return same
