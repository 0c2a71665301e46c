"""Invalid polygons repaired by one method, within limits of time that hold.

The method is shapely's `structure`: rings are made good one by one, then holes are cut out. Its
time goes with the pairs of sides that meet, so these are counted before; a drawing with too many
is no outline of anything and is refused.
"""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Geometries = NDArray[Any]
Places = NDArray[np.int64]

# Each meeting of two sides becomes a corner of the repaired polygon.
MOST_CROSSINGS = 2_000
# Pairs of sides that meet in any way: those of a ring drawn twice lie upon one another.
_MOST_MEETINGS = 200_000
# Of one polygon that is to be repaired; a province's outline has some ten thousand corners.
MOST_VERTICES, _MOST_RINGS = 200_000, 10_000
# Pairs of sides near one another that are looked at; more is a hatching.
_MOST_NEAR = 1_000_000
# A drawing of so few corners cannot have too many crossings.
_FEW_VERTICES = 64
# Seconds for all repairs of a layer.
SECONDS = 20.0
# Pairs of one query to the tree, which answers in memory.
_AT_ONCE = 2_000_000


@dataclass(frozen=True)
class Repairs:
    """What became of invalid polygons.

    geometry
        The repaired ones; None where there was no time or no sense in it.
    tangled, late
        Not repaired: too many sides meet, or the time of the layer was over.
    """

    geometry: Geometries
    tangled: NDArray[np.bool_]
    late: NDArray[np.bool_]


def repair(polygons: Geometries, *, seconds: float = SECONDS) -> Repairs:
    """Return polygons repaired one after the other until the time is over."""
    fixed = np.full(len(polygons), None, dtype=object)
    tangled, late = np.zeros(len(polygons), dtype=bool), np.zeros(len(polygons), dtype=bool)
    end = time.monotonic() + seconds
    for at, polygon in enumerate(polygons):
        late[at] = time.monotonic() > end
        if late[at]:
            continue
        tangled[at] = is_tangled(polygon)
        if not tangled[at]:
            fixed[at] = shapely.make_valid(polygon, method="structure", keep_collapsed=False)
    return Repairs(fixed, tangled, late)


def is_tangled(polygon: Any) -> bool:  # noqa: ANN401 - shapely geometries are untyped
    """Tell whether too many sides meet, away from their common corners, for repair to be quick."""
    count = shapely.get_num_coordinates(polygon)
    if count <= _FEW_VERTICES:
        return False
    if count > MOST_VERTICES:
        return True
    rings = shapely.get_rings(shapely.get_parts(polygon))
    if len(rings) > _MOST_RINGS:
        return True
    sides, ring, place, closed = _sides(rings)
    tree = shapely.STRtree(sides)
    step = max(1, min(200, _AT_ONCE // len(sides)))
    near = met = crossed = 0
    for start in range(0, len(sides), step):  # by parts: a scribble has millions of pairs
        first, second = tree.query(sides[start : start + step])
        first += start
        near += len(first)
        if near > _MOST_NEAR:
            return True
        gap = second - first
        # The next side and, over the seam of a closed ring, the last and the first share a corner.
        seam = (place[first] == 0) & (place[second] == closed[second])
        apart = (gap > 0) & ~((ring[first] == ring[second]) & ((gap == 1) | seam))
        first, second = sides[first[apart]], sides[second[apart]]
        meeting = shapely.intersects(first, second)
        met += int(meeting.sum())
        crossed += int(shapely.crosses(first[meeting], second[meeting]).sum())
        if met > _MOST_MEETINGS or crossed > MOST_CROSSINGS:
            return True
    return False


def _sides(rings: Geometries) -> tuple[Geometries, Places, Places, Places]:
    """Return the sides, the ring each is of, its place in it, and the place of the ring's last."""
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    inner = ring[:-1] == ring[1:]
    sides = shapely.linestrings(np.stack([xy[:-1][inner], xy[1:][inner]], axis=1))
    of = ring[:-1][inner]
    counts = np.bincount(of, minlength=len(rings))
    starts = np.cumsum(counts) - counts
    return sides, of, np.arange(len(of)) - starts[of], counts[of] - 1
