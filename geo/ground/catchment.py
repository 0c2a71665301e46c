"""Catchments: the land from which a facility is within a walk, drawn so that it agrees with places.

Land cells of 10 m walk by the same rule as places; the outline is the contour of their minutes.
Where a witness still lies on the wrong side a small disc puts it right: every place of the study
is one, and so are points on seams, where a strip narrower than a cell has the other verdict. So
every place agrees exactly, and any other point if it is farther than a cell's diagonal from the
outline. Where two estates claim one ground and leave it by different ways, no outline can.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
import shapely
from contourpy import FillType, contour_generator
from numba import njit
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.ground.land import CELL_M, Bounds, Land
from geo.ground.seams import Field, Seams, WalkAt, seams
from geo.streets.network import Flags, Floats, Ints
from geo.walks.travel import Walks, budget_mm

CLIP_MIN = 0.5  # minutes either side of the limit that shape the contour
SAME_SIDE = 0.49  # a disc reaches not quite half way to the nearest witness of the other verdict
# Strips are found a point in every five metres: where the outline is this near to one of them it is
# within a cell's diagonal of the whole strip.
NEAR_OUTLINE_M = 7.0
AROUND = 4  # cells across: those beside a point, and one more for what is on the line
ON_THE_LINE_M = 0.05  # a witness this near to the outline is not safely on its side


@dataclass(frozen=True)
class Witnesses:
    """Points that a catchment must agree with.

    x, y
        Metres.
    walk_mm
        Millimetres walked, `FAR` where there is no walk.
    """

    x: Floats
    y: Floats
    walk_mm: Ints

    def standing(self) -> "Witnesses":
        """Return those that stand somewhere."""
        known = np.isfinite(self.x) & np.isfinite(self.y)
        return Witnesses(self.x[known], self.y[known], self.walk_mm[known])

    def within(self, bounds: Bounds) -> "Witnesses":
        """Return those that stand within bounds."""
        west, south, east, north = bounds
        here = (self.x >= west) & (self.x <= east) & (self.y >= south) & (self.y <= north)
        return Witnesses(self.x[here], self.y[here], self.walk_mm[here])


@dataclass(frozen=True)
class _Marks:
    """Witnesses and points on seams: the land of each, its verdict, and how far that holds."""

    land: Ints
    x: Floats
    y: Floats
    covered: Flags
    reach_m: Floats


def bands(
    land: Land,
    walks: Walks,
    witnesses: Witnesses,
    *,
    minutes: Sequence[float],
    speed_m_per_s: float,
    walk_at: WalkAt,
) -> NDArray[np.object_]:
    """Return one polygon a limit, in metres, from the shortest up; larger ones hold smaller.

    walks
        From every land cell.
    walk_at
        The same rule for any other point.
    """
    limits = sorted(minutes)
    limits_mm = [budget_mm(limit, speed_m_per_s=speed_m_per_s) for limit in limits]
    field = Field.of(land, walks, limits_mm=limits_mm)

    def one(limit: float) -> shapely.Geometry:
        return catchment(
            field, witnesses, limit_min=limit, speed_m_per_s=speed_m_per_s, walk_at=walk_at
        )

    # The work is in libraries that let go of the interpreter: the limits are drawn side by side.
    with ThreadPoolExecutor() as pool:
        drawn = list(pool.map(one, limits))
    # Whoever walks 5 minutes also walks 10: the union moves no place to the wrong side.
    polygons: NDArray[np.object_] = np.array([*accumulate(drawn, shapely.union)], dtype=object)
    return polygons


def catchment(
    field: Field,
    witnesses: Witnesses,
    *,
    limit_min: float,
    speed_m_per_s: float,
    walk_at: WalkAt,
) -> shapely.Geometry:
    """Return the polygon of land within `limit_min`, in metres; empty where there is none."""
    alone = np.zeros(1, dtype=np.int64)
    drawn = catchments(
        field, witnesses, first_row=alone, limit_min=limit_min, speed_m_per_s=speed_m_per_s,
        walk_at=walk_at,
    )  # fmt: skip
    polygon: shapely.Geometry = drawn[0]
    return polygon


def catchments(
    field: Field,
    witnesses: Witnesses,
    *,
    first_row: Ints,
    limit_min: float,
    speed_m_per_s: float,
    walk_at: WalkAt,
) -> NDArray[np.object_]:
    """Return a polygon for each of several lands that stand one above the other in a field.

    first_row
        Where each begins; they are at least a cell apart.
    """
    limit_mm = limit_min * 60_000 * speed_m_per_s
    either_side_mm = CLIP_MIN * 60_000 * speed_m_per_s
    begins = field.land.centres()[1][first_row] - CELL_M / 2
    polygons = _contours(field, limit_mm, either_side_mm, begins)
    whole_mm = budget_mm(limit_min, speed_m_per_s=speed_m_per_s)
    found = seams(field, limit_mm=whole_mm, walk_at=walk_at)
    far = ~_beside_outline(polygons, _land_of(found.y, begins), found.x, found.y)
    found = Seams(*(column[far] for column in vars(found).values()))
    x = np.concatenate([witnesses.x, found.x])
    y = np.concatenate([witnesses.y, found.y])
    reach_m = np.concatenate([np.full(len(witnesses.x), CELL_M / 2), found.reach_m])
    covered = np.concatenate([witnesses.walk_mm <= whole_mm, found.covered])
    marks = _Marks(_land_of(y, begins), x, y, covered, reach_m)
    return _put_right(polygons, marks, *_sides(field, polygons, marks, limit_mm))


def _beside_outline(
    polygons: NDArray[np.object_], land: Ints, x: Floats, y: Floats
) -> Flags:
    """Return which points need no disc: the outline passes them so closely that it may be off."""
    outlines = shapely.boundary(polygons)
    shapely.prepare(outlines)
    beside: Flags = shapely.dwithin(outlines[land], shapely.points(x, y), NEAR_OUTLINE_M)
    return beside


def _land_of(y: Floats, begins: Floats) -> Ints:
    return np.searchsorted(begins, y, side="right").clip(min=1) - 1


def _contours(
    field: Field, limit_mm: float, either_side_mm: float, begins: Floats
) -> NDArray[np.object_]:
    """Return a multipolygon for each land; empty where nothing is within the limit."""
    beyond = limit_mm + either_side_mm
    clipped = np.clip(field.walk_mm.reshape(field.land.shape), limit_mm - either_side_mm, beyond)
    x, y = field.land.centres()
    rim = np.pad(clipped, 1, constant_values=beyond)  # so that every outline closes
    x = np.concatenate([[x[0] - CELL_M], x, [x[-1] + CELL_M]])
    y = np.concatenate([[y[0] - CELL_M], y, [y[-1] + CELL_M]])
    contours = contour_generator(x, y, rim, fill_type=FillType.ChunkCombinedOffsetOffset)
    filled: Any = contours.filled(limit_mm - 2 * either_side_mm, limit_mm)
    (xy,), (rings,), (outer,) = filled  # of the one chunk; the kind of filling decides the form
    parts = np.zeros(0, dtype=object)
    if xy is not None:
        offsets = (rings.astype(np.int64), outer.astype(np.int64))
        parts = shapely.from_ragged_array(shapely.GeometryType.POLYGON, xy, offsets)
    owner = _land_of(shapely.bounds(parts)[:, 1], begins) if len(parts) else np.zeros(0, np.int64)
    order = np.argsort(owner, kind="stable")
    polygons = np.full(len(begins), shapely.MultiPolygon(), dtype=object)
    some = np.unique(owner)
    if len(some):
        nth = np.searchsorted(some, owner[order])
        polygons[some] = shapely.multipolygons(parts[order], indices=nth)
    touching = ~shapely.is_valid(polygons)
    # Cells whose walk is the very limit may leave a part without area: it would be a line or a
    # spot, and polygons mixed with those have no boundary and cannot be joined.
    polygons[touching] = shapely.make_valid(
        polygons[touching], method="structure", keep_collapsed=False
    )
    return polygons


def _sides(
    field: Field, polygons: NDArray[np.object_], marks: _Marks, limit_mm: float
) -> tuple[Flags, Flags]:
    """Return which marks their polygons hold, and which lie on the outlines."""
    land, x, y = marks.land, marks.x, marks.y
    row, column = field.land.origin
    around = _covered_around(
        field.walk_mm, field.land.shape, x / CELL_M - column, y / CELL_M - row, limit_mm
    )
    inside, on_the_line = around == AROUND**2, np.zeros(len(x), dtype=bool)
    # An outline passes only where cells of both verdicts are near: the others need not ask it.
    near = np.flatnonzero((around > 0) & ~inside)
    land, x, y = land[near], x[near], y[near]
    outlines = shapely.boundary(polygons)
    shapely.prepare(polygons)
    shapely.prepare(outlines)
    inside[near] = shapely.intersects_xy(polygons[land], x, y)
    on_the_line[near] = shapely.dwithin(outlines[land], shapely.points(x, y), ON_THE_LINE_M)
    return inside, on_the_line


@njit(cache=True, nogil=True)
def _covered_around(
    walk_mm: Ints, shape: tuple[int, int], across: Floats, up: Floats, limit_mm: float
) -> Ints:
    """Return how many of the `AROUND`² cells around each point are within the limit.

    across, up
        Cells from the field's corner to the points.
    """
    rows, columns = shape
    covered = np.zeros(len(up), dtype=np.int64)
    for point in range(len(up)):
        south = int(np.floor(up[point] + 0.5)) - AROUND // 2
        west = int(np.floor(across[point] + 0.5)) - AROUND // 2
        for row in range(max(south, 0), min(south + AROUND, rows)):
            for column in range(max(west, 0), min(west + AROUND, columns)):
                if walk_mm[row * columns + column] <= limit_mm:
                    covered[point] += 1
    return covered


def _put_right(
    polygons: NDArray[np.object_], marks: _Marks, inside: Flags, on_the_line: Flags
) -> NDArray[np.object_]:
    """Return the polygons with discs added and taken away where marks are on the wrong side."""
    covered = marks.covered
    missing, wrong = covered & (~inside | on_the_line), ~covered & (inside | on_the_line)
    for centre, others, put in (
        (missing, ~covered, shapely.union), (wrong, covered, shapely.difference)
    ):  # fmt: skip
        if not centre.any():
            continue
        discs = _discs(marks, centre, others)
        owner = marks.land[centre]
        order = np.argsort(owner, kind="stable")
        some, first = np.unique(owner[order], return_index=True)
        for polygon, its_discs in zip(some, np.split(discs[order], first[1:]), strict=True):
            polygons[polygon] = put(polygons[polygon], shapely.disjoint_subset_union_all(its_discs))
    return polygons


def _discs(marks: _Marks, centre: Flags, others: Flags) -> NDArray[np.object_]:
    x, y, radius = marks.x, marks.y, marks.reach_m[centre]
    if others.any():
        tree = cKDTree(np.column_stack([x[others], y[others]]))
        gap, _ = tree.query(np.column_stack([x[centre], y[centre]]))
        radius = np.minimum(radius, SAME_SIDE * gap)
    discs: NDArray[np.object_] = shapely.buffer(
        shapely.points(x[centre], y[centre]), radius, quad_segs=2
    )
    return discs
