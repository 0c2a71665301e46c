"""The nearest street of many points: a grid over the streets' segments, searched ring by ring.

Ties go to the street that comes first in the network. Distances equal shapely's to a micrometre.
A street whose straight leg, from the point to the nearest point of that street, crosses a barrier
is passed over: streets are tried in the order of their distance.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from geo.side_by_side import side_by_side
from geo.streets.network import Flags, Floats, Ints, WalkNetwork
from geo.walks.barriers import ON_IT_M, Barriers, Walls, columns_under, leg_crosses, rows_under
from geo.walks.nearest_first import nearest_on_top, sink

LEAST_SQUARE_M = 60.0  # about one street segment: few squares a segment, few segments a square
MOST_SQUARES = 4_000_000  # 14,400 km²; wider networks, or one with a stray corner, have wider ones
NO_STREET = -1
HAIR_M = 1e-6  # more than a segment may stick out of its squares by rounding
A_PART = 25_000  # points worth a thread of their own
FIRST_LOOK_M = 30.0  # so much further than twice the barred leg the next streets are looked for

# ax, ay, bx, by of each, side by side in memory as they are asked for together; its street
Segments = tuple[Floats, NDArray[np.int32]]
# origin, shape and side of the squares; first member of each square, members
Squares = tuple[Floats, Ints, float, Ints, NDArray[np.int32]]


@dataclass(frozen=True)
class Nearest:
    """For each point: its nearest street (`NO_STREET` if none), where along it, how far off.

    offset_mm
        Millimetres from the street's tail to the nearest point on it.
    off_street_m
        Straight metres from the point to that place; infinite where there is no street.
    x, y
        That place in metres; NaN where there is no street.
    blocked
        Whether a nearer street, or the only one, lies behind a barrier.
    """

    street: Ints
    offset_mm: Ints
    off_street_m: Floats
    x: Floats
    y: Floats
    blocked: Flags

    def take(self, which: Ints) -> "Nearest":
        """Return the rows asked for, in that order."""
        return Nearest(*(column[which] for column in vars(self).values()))


@dataclass(frozen=True, eq=False)
class StreetIndex:
    """The streets that may be stepped onto, ready to be searched.

    usable
        One flag a street; the others are passed over.
    barriers
        What no leg may cross; None where there is nothing of the kind.
    """

    network: WalkNetwork
    usable: Flags
    barriers: Barriers | None = None

    def nearest(
        self,
        x: ArrayLike,
        y: ArrayLike,
        *,
        within_m: float | ArrayLike,
        open_m: float = ON_IT_M,
    ) -> Nearest:
        """Return the nearest street of each point that no barrier bars, at most `within_m` away.

        open_m
            A leg passes barriers freely so near to its point: entrances are openings.
        """
        # Copies are writable and in a row: one compiled version of the search serves them all.
        px, py = np.array(x, dtype=np.float64), np.array(y, dtype=np.float64)
        within = np.array(np.broadcast_to(within_m, px.shape), dtype=np.float64)
        segments, squares = self._segments, self._squares

        def part(begin: int, stop: int) -> tuple[Ints, Floats, Floats]:
            some = slice(begin, stop)
            return _nearest_segments(segments, squares, px[some], py[some], within[some])

        parts = side_by_side(part, len(px), worth=A_PART)
        segment, share, gap_m = map(np.concatenate, zip(*parts, strict=True))
        found = segment, share, gap_m
        first = self._nearest(*found, np.zeros(len(px), dtype=bool))
        if self.barriers is None or not len(self.barriers):
            return first
        blocked = self.barriers.crossed(px, py, first.x, first.y, open_at_start_m=open_m)
        # Few legs are blocked: only their points look at one street after the other.
        _try_in_order(
            self._segments, self._squares, self.barriers.walls, np.column_stack([px, py]),
            within, open_m, np.flatnonzero(blocked), found,
        )  # fmt: skip
        return self._nearest(*found, blocked)

    def _nearest(self, segment: Ints, share: Floats, gap_m: Floats, blocked: Flags) -> Nearest:
        """Return where nearest segments lie; -1 is none."""
        found = segment >= 0
        street = np.full(len(segment), NO_STREET, dtype=np.int64)
        offset_mm = np.zeros(len(segment), dtype=np.int64)
        on_x, on_y = np.full(len(segment), np.nan), np.full(len(segment), np.nan)
        segment, share = segment[found], share[found]
        corners, street_of = self._segments
        ax, ay, bx, by = corners[segment].T
        street[found] = street_of[segment]
        step_m = np.hypot(bx - ax, by - ay) * share
        offset = np.rint((self._pieces[1][segment] + step_m) * 1000).astype(np.int64)
        offset_mm[found] = np.clip(offset, 0, self.network.length_mm[street[found]])
        on_x[found] = np.where(share < 1.0, ax + share * (bx - ax), bx)
        on_y[found] = np.where(share < 1.0, ay + share * (by - ay), by)
        return Nearest(street, offset_mm, gap_m, on_x, on_y, blocked)

    @cached_property
    def without_barriers(self) -> "StreetIndex":
        """Return the same streets as if there were no barriers."""
        freely = StreetIndex(self.network, self.usable)
        # What has been made ready is the same; cached properties live in the object's dictionary.
        ready = ("_pieces", "_squares")
        vars(freely).update({name: getattr(self, name) for name in ready})
        return freely

    @cached_property
    def _pieces(self) -> tuple[Segments, Floats]:
        """Return every segment, and the metres from its street's tail to its own beginning."""
        network = self.network
        return _segments_of(network.vertex_xy, network.vertex_start, self.usable)

    @property
    def _segments(self) -> Segments:
        """Return both ends of every segment of a usable street, and the street."""
        return self._pieces[0]

    @cached_property
    def _squares(self) -> Squares:
        """Return origin, shape, side, and per square the segments that may pass through it."""
        corners, _ = self._segments
        if not len(corners):
            none = np.zeros(0, dtype=np.int32)
            start = np.zeros(2, dtype=np.int64)
            return np.zeros(2), np.ones(2, dtype=np.int64), LEAST_SQUARE_M, start, none
        ends = corners.reshape(-1, 2)
        origin, far = ends.min(axis=0), ends.max(axis=0)
        width, height = far - origin
        square_m = max(LEAST_SQUARE_M, float(np.sqrt(width * height / MOST_SQUARES)))
        square_m = max(square_m, float(max(width, height)) / MOST_SQUARES)
        shape = ((far - origin) // square_m).astype(np.int64) + 1
        start, segment = _segments_by_square(self._segments, origin, shape, square_m)
        return origin, shape, square_m, start, segment


@njit(cache=True, nogil=True)
def _segments_of(xy: Floats, start: Ints, usable: Flags) -> tuple[Segments, Floats]:
    count = 0
    for street in range(len(usable)):
        if usable[street]:
            count += start[street + 1] - start[street] - 1
    corners = np.empty((count, 4))
    of, along_m = np.empty(count, dtype=np.int32), np.empty(count)
    i = 0
    for street in range(len(usable)):
        if not usable[street]:
            continue
        behind_m = 0.0
        for vertex in range(start[street], start[street + 1] - 1):
            (ax, ay), (bx, by) = xy[vertex], xy[vertex + 1]
            corners[i] = ax, ay, bx, by
            of[i], along_m[i] = street, behind_m
            behind_m += np.hypot(bx - ax, by - ay)
            i += 1
    return (corners, of), along_m


@njit(cache=True, nogil=True)
def _segments_by_square(
    segments: Segments, origin: Floats, shape: Ints, square_m: float
) -> tuple[Ints, NDArray[np.int32]]:
    # Only the squares under a segment: one with a stray corner is far from most of its bounds.
    corners, _ = segments
    start = np.zeros(shape[0] * shape[1] + 1, dtype=np.int64)
    for s in range(len(corners)):
        leg = corners[s]
        first, stop = columns_under(origin, shape, square_m, leg)
        for i in range(first, stop):
            low, high = rows_under(origin, shape, square_m, leg, i)
            for j in range(low, high):
                start[i * shape[1] + j + 1] += 1
    for square in range(shape[0] * shape[1]):
        start[square + 1] += start[square]
    filled = start[:-1].copy()
    segment = np.empty(start[-1], dtype=np.int32)
    for s in range(len(corners)):
        leg = corners[s]
        first, stop = columns_under(origin, shape, square_m, leg)
        for i in range(first, stop):
            low, high = rows_under(origin, shape, square_m, leg, i)
            for j in range(low, high):
                square = i * shape[1] + j
                segment[filled[square]] = s
                filled[square] += 1
    return start, segment


@njit(cache=True, nogil=True)
def _nearest_segments(
    segments: Segments, squares: Squares, px: Floats, py: Floats, within_m: Floats
) -> tuple[Ints, Floats, Floats]:
    """Return for each point its nearest segment (-1 none), the share along it, and the gap."""
    count = len(px)
    segment = np.full(count, -1, dtype=np.int64)
    share = np.zeros(count)
    gap_m = np.full(count, np.inf)
    for p in range(count):
        if np.isfinite(px[p]) and np.isfinite(py[p]):
            found = _around(segments, squares, px[p], py[p], within_m[p])
            segment[p], share[p] = found[0], found[1]
            if found[0] >= 0:
                gap_m[p] = np.sqrt(found[2])
    return segment, share, gap_m


@njit(cache=True, nogil=True)
def _around(
    segments: Segments, squares: Squares, x: float, y: float, within_m: float
) -> tuple[int, float, float]:
    """Return the best (segment, share, squared gap), searching rings of squares outwards."""
    origin, shape, square_m, _, _ = squares
    i = int(np.floor((x - origin[0]) / square_m))
    j = int(np.floor((y - origin[1]) / square_m))
    east, north = x - origin[0] - i * square_m, y - origin[1] - j * square_m
    inset = min(east, square_m - east, north, square_m - north)
    # Rings that lie wholly off the grid hold nothing: begin at the first that touches it.
    ring = max(0, -i, i - shape[0] + 1, -j, j - shape[1] + 1)
    # A plain -1 would be compiled for, and then a number that changes once more.
    best = (int(np.int64(-1)), 0.0, within_m * within_m)
    while True:
        # All within this distance has been seen.
        seen_m = (ring - 1) * square_m + inset if ring > 0 else 0.0
        if seen_m * seen_m > best[2]:
            return best
        for a in range(max(0, i - ring), min(shape[0] - 1, i + ring) + 1):
            apart_x = _apart_m(x - origin[0], a, square_m)
            # Whole columns at both ends of the ring, its top and bottom square between them.
            step = 1 if abs(a - i) == ring or ring == 0 else 2 * ring
            for b in range(j - ring, j + ring + 1, step):
                apart_y = _apart_m(y - origin[1], b, square_m)
                if 0 <= b < shape[1] and apart_x * apart_x + apart_y * apart_y <= best[2]:
                    best = _in_square(segments, squares, a * shape[1] + b, x, y, best)
        reach = max(i, j, shape[0] - 1 - i, shape[1] - 1 - j)
        if ring >= reach:
            return best
        ring += 1


@njit(cache=True, nogil=True)
def _apart_m(from_origin_m: float, number: int, square_m: float) -> float:
    """Return how far a row or column of squares is at least; 0 within it."""
    low = number * square_m - from_origin_m
    return max(0.0, max(low, -low - square_m) - HAIR_M)


@njit(cache=True, nogil=True)
def _in_square(
    segments: Segments,
    squares: Squares,
    square: int,
    x: float,
    y: float,
    best: tuple[int, float, float],
) -> tuple[int, float, float]:
    """Return the best so far or a better segment of one square; ties to the first street."""
    _, _, _, start, member = squares
    for k in range(start[square], start[square + 1]):
        s = int(member[k])
        share, foot_x, foot_y = _foot(segments, s, x, y)
        gap_x, gap_y = foot_x - x, foot_y - y
        gap2 = gap_x * gap_x + gap_y * gap_y
        # Segments stand in the order of their streets: the first segment is of the first street.
        if gap2 < best[2] or (gap2 == best[2] and (best[0] < 0 or s < best[0])):
            best = (s, share, gap2)
    return best


@njit(cache=True, nogil=True)
def _foot(segments: Segments, s: int, x: float, y: float) -> tuple[float, float, float]:
    """Return the point of a segment nearest to (x, y): the share along it, its x and its y."""
    corners, _ = segments
    ax, ay, bx, by = corners[s, 0], corners[s, 1], corners[s, 2], corners[s, 3]
    dx, dy = bx - ax, by - ay
    length2 = dx * dx + dy * dy
    share = 0.0
    if length2 > 0.0:
        share = min(1.0, max(0.0, ((x - ax) * dx + (y - ay) * dy) / length2))
    if share == 1.0:  # the very end, so that all streets of a crossing are equally near
        return share, bx, by
    return share, ax + share * dx, ay + share * dy


@njit(cache=True, nogil=True)
def _try_in_order(  # noqa: PLR0913, PLR0917 - compiled code takes plain arguments
    segments: Segments,
    squares: Squares,
    walls: Walls,
    xy: Floats,
    within_m: Floats,
    open_m: float,
    which: Ints,
    found: tuple[Ints, Floats, Floats],
) -> None:
    """Write for some points the nearest segment whose leg crosses no barrier, -1 for none."""
    segment, share, gap_m = found
    leg = np.empty(4)
    _, street = segments
    listed = np.empty(street[-1] + 1, dtype=np.int64) if len(street) else np.empty(0, np.int64)
    for p in which:
        leg[0], leg[1] = xy[p, 0], xy[p, 1]
        tried_m, reach_m = -1.0, min(within_m[p], 2.0 * gap_m[p] + FIRST_LOOK_M)
        segment[p], share[p], gap_m[p] = -1, 0.0, np.inf
        while segment[p] < 0 and tried_m < within_m[p]:
            near, gap2 = _streets_within(segments, squares, xy[p], reach_m, listed)
            heap = nearest_on_top(near, gap2)
            for left in range(len(heap) - 1, -1, -1):
                k = heap[0]
                heap[0] = heap[left]
                sink(heap, left, int(np.int64(0)), near, gap2)
                if tried_m >= 0.0 and gap2[k] <= tried_m * tried_m:
                    continue
                along, leg[2], leg[3] = _foot(segments, near[k], leg[0], leg[1])
                if not leg_crosses(walls, leg, open_m, ON_IT_M):
                    segment[p], share[p], gap_m[p] = near[k], along, np.sqrt(gap2[k])
                    break
            tried_m, reach_m = reach_m, min(2.0 * reach_m, within_m[p])


@njit(cache=True, nogil=True)
def _streets_within(
    segments: Segments, squares: Squares, xy: Floats, reach_m: float, listed: Ints
) -> tuple[Ints, Floats]:
    """Return the nearest segment of every street so near, and the squared gaps.

    listed
        Scratch space, one number a street: where a street stands in the list, if it does.
    """
    origin, shape, square_m, start, member = squares
    _, street = segments
    x, y = xy[0], xy[1]
    west = max(0, int(np.floor((x - reach_m - origin[0]) / square_m)))
    east = min(shape[0] - 1, int(np.floor((x + reach_m - origin[0]) / square_m)))
    south = min(shape[1], max(0, int(np.floor((y - reach_m - origin[1]) / square_m))))
    north = min(shape[1], int(np.floor((y + reach_m - origin[1]) / square_m)) + 1)
    north = max(south, north)
    most = 0
    for a in range(west, east + 1):
        most += start[a * shape[1] + north] - start[a * shape[1] + south]
    near, gap2 = np.empty(most, dtype=np.int64), np.empty(most)
    many = 0
    for a in range(west, east + 1):
        for k in range(start[a * shape[1] + south], start[a * shape[1] + north]):
            s = int(member[k])
            _, foot_x, foot_y = _foot(segments, s, x, y)
            gap_x, gap_y = foot_x - x, foot_y - y
            this2 = gap_x * gap_x + gap_y * gap_y
            if this2 > reach_m * reach_m:
                continue
            at = listed[street[s]]
            if at < 0 or at >= many or street[near[at]] != street[s]:
                at, many = many, many + 1
                listed[street[s]], near[at], gap2[at] = at, s, this2
            elif this2 < gap2[at] or (this2 == gap2[at] and s < near[at]):
                near[at], gap2[at] = s, this2
    return near[:many], gap2[:many]
