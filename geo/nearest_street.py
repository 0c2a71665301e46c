"""The nearest street of many points: a grid over the streets' segments, searched ring by ring.

Ties go to the street that comes first in the network. Distances equal shapely's to a micrometre.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from geo.streets.network import Flags, Floats, Ints, WalkNetwork

SQUARE_M = 60.0  # about one street segment: few squares a segment, few segments a square
NO_STREET = -1


@dataclass(frozen=True)
class Nearest:
    """For each point: its nearest street (`NO_STREET` if none), where along it, how far off.

    offset_mm
        Millimetres from the street's tail to the nearest point on it.
    off_street_m
        Straight metres from the point to that place; infinite where there is no street.
    x, y
        That place in metres; NaN where there is no street.
    """

    street: Ints
    offset_mm: Ints
    off_street_m: Floats
    x: Floats
    y: Floats

    def take(self, which: Ints) -> "Nearest":
        """Return the rows asked for, in that order."""
        return Nearest(*(column[which] for column in vars(self).values()))


@dataclass(frozen=True, eq=False)
class StreetIndex:
    """The streets that may be stepped onto, ready to be searched.

    usable
        One flag a street; the others are passed over.
    """

    network: WalkNetwork
    usable: Flags

    def nearest(self, x: ArrayLike, y: ArrayLike, *, within_m: float | ArrayLike) -> Nearest:
        """Return the nearest usable street of each point, at most `within_m` metres away."""
        # Copies are writable and in a row: one compiled version of the search serves them all.
        px, py = np.array(x, dtype=np.float64), np.array(y, dtype=np.float64)
        within = np.array(np.broadcast_to(within_m, px.shape), dtype=np.float64)
        segment, share, gap_m = _nearest_segments(
            *self._segments, *self._squares, px, py, within
        )
        found = segment >= 0
        street = np.full(len(px), NO_STREET, dtype=np.int64)
        offset_mm = np.zeros(len(px), dtype=np.int64)
        on_x, on_y = np.full(len(px), np.nan), np.full(len(px), np.nan)
        segment, share = segment[found], share[found]
        ax, ay, bx, by, _ = (column[segment] for column in self._segments)
        street[found] = self._street[segment]
        step_m = np.hypot(bx - ax, by - ay) * share
        offset = np.rint((self._along_m[segment] + step_m) * 1000).astype(np.int64)
        offset_mm[found] = np.clip(offset, 0, self.network.length_mm[street[found]])
        on_x[found], on_y[found] = ax + share * (bx - ax), ay + share * (by - ay)
        return Nearest(street, offset_mm, gap_m, on_x, on_y)

    @cached_property
    def _vertices(self) -> Ints:
        """Return the vertices at which a segment of a usable street begins."""
        start = self.network.vertex_start
        begins = np.ones(len(self.network.vertex_xy), dtype=bool)
        begins[start[1:] - 1] = False
        begins &= np.repeat(self.usable, np.diff(start))
        return np.flatnonzero(begins)

    @cached_property
    def _street(self) -> Ints:
        street = np.repeat(np.arange(len(self.network)), np.diff(self.network.vertex_start))
        return street[self._vertices]

    @cached_property
    def _segments(self) -> tuple[Floats, Floats, Floats, Floats, Ints]:
        xy = self.network.vertex_xy
        (ax, ay), (bx, by) = xy[self._vertices].T, xy[self._vertices + 1].T
        columns = [np.ascontiguousarray(c) for c in (ax, ay, bx, by)]
        return columns[0], columns[1], columns[2], columns[3], self._street

    @cached_property
    def _along_m(self) -> Floats:
        """Return the metres from each segment's street tail to its own beginning."""
        ax, ay, bx, by, street = self._segments
        length = np.hypot(bx - ax, by - ay)
        before = np.cumsum(length) - length
        first = np.searchsorted(street, street)
        along: Floats = before - before[first]
        return along

    @cached_property
    def _squares(self) -> tuple[Floats, NDArray[np.int64], Ints, Ints]:
        """Return origin, shape, and per square the segments that may pass through it."""
        ax, ay, bx, by, _ = self._segments
        if not len(ax):
            none = np.zeros(0, dtype=np.int64)
            return np.zeros(2), np.zeros(2, dtype=np.int64), np.zeros(1, dtype=np.int64), none
        low = np.column_stack([np.minimum(ax, bx), np.minimum(ay, by)])
        high = np.column_stack([np.maximum(ax, bx), np.maximum(ay, by)])
        origin = low.min(axis=0)
        first = ((low - origin) // SQUARE_M).astype(np.int64)
        last = ((high - origin) // SQUARE_M).astype(np.int64)
        shape = last.max(axis=0) + 1
        start, segment = _segments_by_square(first, last, shape)
        return origin, shape, start, segment


@njit(cache=True, nogil=True)
def _segments_by_square(  # pragma: no cover - compiled
    first: Ints, last: Ints, shape: Ints
) -> tuple[Ints, Ints]:
    start = np.zeros(shape[0] * shape[1] + 1, dtype=np.int64)
    for s in range(len(first)):
        for i in range(first[s, 0], last[s, 0] + 1):
            for j in range(first[s, 1], last[s, 1] + 1):
                start[i * shape[1] + j + 1] += 1
    start = np.cumsum(start)
    filled = start[:-1].copy()
    segment = np.empty(start[-1], dtype=np.int64)
    for s in range(len(first)):
        for i in range(first[s, 0], last[s, 0] + 1):
            for j in range(first[s, 1], last[s, 1] + 1):
                square = i * shape[1] + j
                segment[filled[square]] = s
                filled[square] += 1
    return start, segment


@njit(cache=True, nogil=True)
def _nearest_segments(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917- one compiled search  # pragma: no cover
    ax: Floats,
    ay: Floats,
    bx: Floats,
    by: Floats,
    street: Ints,
    origin: Floats,
    shape: Ints,
    start: Ints,
    segment: Ints,
    px: Floats,
    py: Floats,
    within_m: Floats,
) -> tuple[Ints, Floats, Floats]:
    count = len(px)
    best_segment = np.full(count, -1, dtype=np.int64)
    best_share = np.zeros(count)
    best_gap = np.full(count, np.inf)
    for p in range(count):
        x, y = px[p], py[p]
        if not (np.isfinite(x) and np.isfinite(y)):
            continue
        ci = int(np.floor((x - origin[0]) / SQUARE_M))
        cj = int(np.floor((y - origin[1]) / SQUARE_M))
        # Rings that lie wholly off the grid hold nothing: begin at the first that touches it.
        ring = max(0, -ci, ci - shape[0] + 1, -cj, cj - shape[1] + 1)
        inset = min(
            x - origin[0] - ci * SQUARE_M,
            origin[0] + (ci + 1) * SQUARE_M - x,
            y - origin[1] - cj * SQUARE_M,
            origin[1] + (cj + 1) * SQUARE_M - y,
        )
        best2 = within_m[p] * within_m[p]
        chosen = -1
        share = 0.0
        while True:
            seen_m = max(0.0, (ring - 1) * SQUARE_M + inset) if ring > 0 else 0.0
            if seen_m * seen_m > best2:
                break
            for i in range(max(0, ci - ring), min(shape[0] - 1, ci + ring) + 1):
                edge_column = abs(i - ci) == ring
                step = 1 if edge_column or ring == 0 else 2 * ring
                j = cj - ring
                while j <= cj + ring:
                    if 0 <= j < shape[1]:
                        square = i * shape[1] + j
                        for k in range(start[square], start[square + 1]):
                            s = segment[k]
                            dx, dy = bx[s] - ax[s], by[s] - ay[s]
                            length2 = dx * dx + dy * dy
                            t = 0.0
                            if length2 > 0.0:
                                t = ((x - ax[s]) * dx + (y - ay[s]) * dy) / length2
                                t = min(1.0, max(0.0, t))
                            gx, gy = ax[s] + t * dx - x, ay[s] + t * dy - y
                            gap2 = gx * gx + gy * gy
                            first_of_equals = gap2 == best2 and (
                                chosen < 0
                                or street[s] < street[chosen]
                                or (street[s] == street[chosen] and s < chosen)
                            )
                            if gap2 < best2 or first_of_equals:
                                best2, chosen, share = gap2, s, t
                    j += step
            covers_grid = (
                ci - ring <= 0 and cj - ring <= 0
                and ci + ring >= shape[0] - 1 and cj + ring >= shape[1] - 1
            )  # fmt: skip
            if covers_grid:
                break
            ring += 1
        if chosen >= 0:
            best_segment[p], best_share[p], best_gap[p] = chosen, share, np.sqrt(best2)
    return best_segment, best_share, best_gap
