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
from itertools import accumulate, pairwise

import geopandas as gpd
import numpy as np
import shapely
from contourpy import FillType, contour_generator
from numpy.typing import NDArray
from pyproj import CRS
from scipy.spatial import cKDTree

from geo.coordinates import WGS84
from geo.land import CELL_M, Land
from geo.seams import Field, WalkAt, seams
from geo.streets.network import Flags, Floats, Ints
from geo.travel import Walks, budget_mm, in_minutes

CLIP_MIN = 0.5  # minutes either side of the limit that shape the contour
SAME_SIDE = 0.49  # a disc reaches not quite half way to the nearest witness of the other verdict
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


def bands(  # noqa: PLR0913 - what all its catchments share
    land: Land,
    walks: Walks,
    witnesses: Witnesses,
    *,
    minutes: Sequence[float],
    speed_m_per_s: float,
    walk_at: WalkAt,
    crs: CRS,
) -> gpd.GeoDataFrame:
    """Return one polygon a limit, in WGS84 with a `minutes` column; larger ones hold smaller.

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
    polygons = list(accumulate(drawn, shapely.union))
    frame = gpd.GeoDataFrame({"minutes": limits}, geometry=polygons, crs=crs)
    return frame.to_crs(WGS84)


def catchment(
    field: Field,
    witnesses: Witnesses,
    *,
    limit_min: float,
    speed_m_per_s: float,
    walk_at: WalkAt,
) -> shapely.Geometry:
    """Return the polygon of land within `limit_min`, in metres; empty where there is none."""
    walk_min = in_minutes(field.walk_mm, speed_m_per_s=speed_m_per_s)
    beyond = limit_min + CLIP_MIN
    clipped = np.clip(np.nan_to_num(walk_min, nan=beyond), limit_min - CLIP_MIN, beyond)
    polygon = _contour(field.land, clipped.reshape(field.land.shape), limit_min, beyond)
    limit_mm = budget_mm(limit_min, speed_m_per_s=speed_m_per_s)
    found = seams(field, limit_mm=limit_mm, walk_at=walk_at)
    x = np.concatenate([witnesses.x, found.x])
    y = np.concatenate([witnesses.y, found.y])
    reach_m = np.concatenate([np.full(len(witnesses.x), CELL_M / 2), found.reach_m])
    covered = np.concatenate([witnesses.walk_mm <= limit_mm, found.covered])
    return _put_right(polygon, x, y, covered, reach_m)


def _contour(land: Land, field: Floats, limit_min: float, beyond: float) -> shapely.Geometry:
    x, y = land.centres()
    rim = np.pad(field, 1, constant_values=beyond)  # so that every outline closes
    x = np.concatenate([[x[0] - CELL_M], x, [x[-1] + CELL_M]])
    y = np.concatenate([[y[0] - CELL_M], y, [y[-1] + CELL_M]])
    contours = contour_generator(x, y, rim, fill_type=FillType.OuterOffset)
    filled = contours.filled(limit_min - 2 * CLIP_MIN, limit_min)
    parts = [
        shapely.Polygon(
            xy[ring[0] : ring[1]],
            [xy[a:b] for a, b in pairwise(ring[1:])],
        )
        for xy, ring in zip(filled[0], filled[1], strict=True)
        if xy is not None and ring is not None
    ]
    polygon = shapely.multipolygons(parts) if parts else shapely.MultiPolygon()
    return polygon if shapely.is_valid(polygon) else shapely.make_valid(polygon)


def _put_right(
    polygon: shapely.Geometry, x: Floats, y: Floats, covered: Flags, reach_m: Floats
) -> shapely.Geometry:
    """Return the polygon with discs added and taken away where witnesses lie on the wrong side."""
    shapely.prepare(polygon)
    inside = shapely.intersects_xy(polygon, x, y)
    outline = shapely.boundary(polygon)
    shapely.prepare(outline)
    on_the_line = shapely.dwithin(outline, shapely.points(x, y), ON_THE_LINE_M)
    missing, wrong = covered & (~inside | on_the_line), ~covered & (inside | on_the_line)
    if missing.any():
        discs = _discs(x, y, reach_m, missing, ~covered)
        polygon = shapely.union(polygon, shapely.disjoint_subset_union_all(discs))
    if wrong.any():
        discs = _discs(x, y, reach_m, wrong, covered)
        polygon = shapely.difference(polygon, shapely.disjoint_subset_union_all(discs))
    return polygon


def _discs(
    x: Floats, y: Floats, reach_m: Floats, centre: Flags, others: Flags
) -> NDArray[np.object_]:
    radius = reach_m[centre]
    if others.any():
        tree = cKDTree(np.column_stack([x[others], y[others]]))
        gap, _ = tree.query(np.column_stack([x[centre], y[centre]]))
        radius = np.minimum(radius, SAME_SIDE * gap)
    discs: NDArray[np.object_] = shapely.buffer(
        shapely.points(x[centre], y[centre]), radius, quad_segs=2
    )
    return discs
