"""Points beside barriers: strips between two walls, or in the lee of one, that no cell shows.

Land changes its way out at a barrier, not half way between two cells. Where the step from one
cell to the next crosses barriers, the ground between two crossings is tried in its middle, and
the ground before the first and behind the last one close to the wall.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import binary_dilation

from geo.streets.network import Flags, Floats, Ints
from geo.walks.barriers import Barriers
from geo.walks.places import Exits

CLOSE_M = 0.01
NEIGHBOURS = ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1))


@dataclass(frozen=True)
class Beside:
    """Points on steps across barriers.

    x, y
        Metres.
    one, other
        Cells of the flattened field at both ends of the step.
    near
        The cell on the same side of all barriers; -1 between two of them.
    room_m
        Metres to the nearest barrier along the step.
    """

    x: Floats
    y: Floats
    one: Ints
    other: Ints
    near: Ints
    room_m: Floats

    @classmethod
    def nothing(cls) -> "Beside":
        """Return no points."""
        none, whole = np.zeros(0), np.zeros(0, dtype=np.int64)
        return cls(none, none, whole, whole, whole, none)

    def take(self, which: Flags | Ints) -> "Beside":
        """Return some of the points."""
        return Beside(*(column[which] for column in vars(self).values()))

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.x)


def beside_barriers(barriers: Barriers | None, x: Floats, y: Floats) -> Beside:
    """Return the points beside barriers on steps between neighbouring cells of a field.

    x, y
        Metres of the columns and of the rows of the field.
    """
    if barriers is None or not len(barriers) or len(x) < 2 or len(y) < 2:  # noqa: PLR2004 - no step
        return Beside.nothing()
    one, other = _steps_near(barriers, x, y)
    from_x, from_y = x[one % len(x)], y[one // len(x)]
    step_x, step_y = x[other % len(x)] - from_x, y[other // len(x)] - from_y
    leg, begin, end = _parted(*barriers.crossings(from_x, from_y, from_x + step_x, from_y + step_y))
    length_m = np.hypot(step_x, step_y)[leg]
    first, last, middle = begin == 0.0, end == 1.0, (begin + end) / 2
    room = np.where(first | last, np.minimum(CLOSE_M / length_m, (end - begin) / 2), end - middle)
    share = np.where(first, end - room, np.where(last, begin + room, middle))
    return Beside(
        x=from_x[leg] + share * step_x[leg],
        y=from_y[leg] + share * step_y[leg],
        one=one[leg],
        other=other[leg],
        near=np.where(first, one[leg], np.where(last, other[leg], -1)),
        room_m=room * length_m,
    ).take(room > 0)


def _parted(leg: Ints, share: Floats) -> tuple[Ints, Floats, Floats]:
    """Return the parts of crossed steps: the step, and the shares where each begins and ends."""
    steps = np.unique(leg)
    leg = np.concatenate([leg, steps, steps])
    share = np.concatenate([share, np.zeros(len(steps)), np.ones(len(steps))])
    order = np.lexsort((share, leg))
    leg, share = leg[order], share[order]
    same = leg[1:] == leg[:-1]
    return leg[1:][same], share[:-1][same], share[1:][same]


def _steps_near(barriers: Barriers, x: Floats, y: Floats) -> tuple[Ints, Ints]:
    """Return pairs of neighbouring cells, one of them at most a cell away from a barrier."""
    rows, columns = len(y), len(x)
    near = np.zeros((rows, columns), dtype=bool)
    row, column = _cells_under(barriers, x, y)
    on_field = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    near[row[on_field], column[on_field]] = True
    near = binary_dilation(near, np.ones((3, 3), dtype=bool))
    row, column = np.nonzero(near)
    one, other = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for down, right in NEIGHBOURS:
        to_row, to_column = row + down, column + right
        inside = (to_row >= 0) & (to_row < rows) & (to_column >= 0) & (to_column < columns)
        here = (row * columns + column)[inside]
        there = (to_row * columns + to_column)[inside]
        once = (here < there) | ~near.ravel()[there]
        one.append(here[once])
        other.append(there[once])
    return np.concatenate(one), np.concatenate(other)


def _cells_under(barriers: Barriers, x: Floats, y: Floats) -> tuple[Ints, Ints]:
    """Return row and column of points along the barriers, two a cell; some lie off the field."""
    size_m = x[1] - x[0]
    from_x, from_y, to_x, to_y = barriers.ends.T
    many = np.ceil(2 * np.hypot(to_x - from_x, to_y - from_y) / size_m).astype(np.int64) + 1
    piece = np.repeat(np.arange(len(many)), many)
    nth = np.arange(len(piece)) - np.repeat(np.cumsum(many) - many, many)
    share = nth / (many[piece] - 1)
    column = np.rint((from_x[piece] + share * (to_x - from_x)[piece] - x[0]) / size_m)
    row = np.rint((from_y[piece] + share * (to_y - from_y)[piece] - y[0]) / size_m)
    return row.astype(np.int64), column.astype(np.int64)


def leave_alike(exits: Exits, one: Ints, other: Ints, *, within_mm: int) -> Flags:
    """Return where two points leave by the same streets, nearly at the same places.

    other
        -1 for a point without a way out.
    """
    count = np.bincount(exits.point, minlength=exits.count + 1)  # the last one is nobody's
    first = np.cumsum(count) - count
    alike: Flags = count[one] == count[other]
    pair = np.repeat(np.flatnonzero(alike), count[one[alike]])
    begins = np.cumsum(count[one[alike]]) - count[one[alike]]
    nth = np.arange(len(pair)) - np.repeat(begins, count[one[alike]])
    a, b = first[one[pair]] + nth, first[other[pair]] + nth
    apart = exits.street[a] != exits.street[b]
    apart |= np.abs(exits.offset_mm[a] - exits.offset_mm[b]) > within_mm
    apart |= np.abs(exits.off_street_mm[a] - exits.off_street_mm[b]) > within_mm
    alike[pair[apart]] = False
    return alike
