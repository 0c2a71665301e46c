"""Catchments: the land from which a facility is within a walk, drawn so that it agrees with places.

Land cells of 10 m walk by the same rule as places; the outline is the contour of their minutes.
Where a place of the study still lies on the wrong side, a small disc puts it right, so that every
place agrees exactly and any other point does if it is farther than a cell's diagonal from the
outline.
"""

import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from contourpy import FillType, contour_generator
from pyproj import CRS
from scipy.spatial import cKDTree

from geo.cells import grid_points
from geo.coordinates import WGS84
from geo.nearest_street import StreetIndex
from geo.places import NOBODY, Exits, Grounds, Points, put_on_streets
from geo.streets.network import Flags, Floats, Ints
from geo.travel import budget_mm, in_minutes

CELL_M = 10.0
CLIP_MIN = 0.5  # minutes either side of the limit that shape the contour
SAME_SIDE = 0.49  # a disc reaches not quite half way to the nearest place of the other verdict
LAND_FORMAT = 1


@dataclass(frozen=True)
class Land:
    """Land cells near the streets and their ways out; cell (row, column) of one fixed grid.

    origin
        Row and column numbers of the first row and column of the field.
    shape
        Rows and columns of the field.
    cell
        Position of each cell in the flattened field.
    exits
        The ways out, one point a cell.
    """

    origin: tuple[int, int]
    shape: tuple[int, int]
    cell: Ints
    exits: Exits

    def centres(self) -> tuple[Floats, Floats]:
        """Return x of every column and y of every row of the field, in metres."""
        row, column = self.origin
        x = (column + np.arange(self.shape[1]) + 0.5) * CELL_M
        y = (row + np.arange(self.shape[0]) + 0.5) * CELL_M
        return x, y


@dataclass(frozen=True)
class Witnesses:
    """Places of the study that a catchment must agree with: metres, and millimetres walked."""

    x: Floats
    y: Floats
    walk_mm: Ints

    def standing(self) -> "Witnesses":
        """Return those that stand somewhere."""
        known = np.isfinite(self.x) & np.isfinite(self.y)
        return Witnesses(self.x[known], self.y[known], self.walk_mm[known])


def put_land_on_streets(index: StreetIndex, grounds: Grounds, *, snap_max_m: float) -> Land:
    """Return the land cells within `snap_max_m` of usable streets, and their ways out.

    A cell inside an estate leaves as the estate does: by its entrances, its own ground free.
    """
    network = index.network
    vertices = network.vertex_xy[np.repeat(index.usable, np.diff(network.vertex_start))]
    low = np.floor((vertices.min(axis=0) - snap_max_m) / CELL_M).astype(int)
    high = np.ceil((vertices.max(axis=0) + snap_max_m) / CELL_M).astype(int)
    columns, rows = (int(n) for n in high - low)
    x = (low[0] + np.arange(columns) + 0.5) * CELL_M
    y = (low[1] + np.arange(rows) + 0.5) * CELL_M
    owner = np.full(rows * columns, NOBODY, dtype=np.int64)
    inside = grid_points(grounds.polygons, CELL_M)
    column = np.rint(inside.x / CELL_M - 0.5).astype(np.int64) - low[0]
    row = np.rint(inside.y / CELL_M - 0.5).astype(np.int64) - low[1]
    on_field = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    # Where estates overlap the first one counts: written last.
    flat = (row * columns + column)[on_field][::-1]
    owner[flat] = inside.owner[on_field][::-1]
    points = Points(np.tile(x, rows), np.repeat(y, columns), owner)
    exits = put_on_streets(index, points, snap_max_m=snap_max_m, grounds=grounds)
    return _only_cells_with_exits((int(low[1]), int(low[0])), (rows, columns), exits)


def _only_cells_with_exits(
    origin: tuple[int, int], shape: tuple[int, int], exits: Exits
) -> Land:
    cell, point = np.unique(exits.point, return_inverse=True)
    kept = Exits(
        point=point.astype(np.int64),
        street=exits.street,
        offset_mm=exits.offset_mm,
        off_street_mm=exits.off_street_mm,
        by_entrance=exits.by_entrance,
        reason=np.full(len(cell), "", dtype=object),
    )
    return Land(origin, shape, cell, kept)


def save_land(land: Land, path: Path, *, key: str) -> None:
    """Write the land cells beside a study (NumPy .npz, no pickle), whole or not at all.

    key
        sha256 of all that the cells depend on; `load_land` asks for the same.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    exits = land.exits
    with draft.open("wb") as file:
        np.savez(
            file,
            format=np.array(LAND_FORMAT),
            key=np.array(key),
            frame=np.array([*land.origin, *land.shape], dtype=np.int64),
            cell=land.cell.astype(np.int32),
            point=exits.point.astype(np.int32),
            street=exits.street.astype(np.int32),
            offset_mm=exits.offset_mm.astype(np.int32),
            off_street_mm=exits.off_street_mm.astype(np.int32),
            by_entrance=exits.by_entrance,
        )
    draft.replace(path)


def load_land(path: Path, *, key: str) -> Land | None:
    """Return land cells saved under the same key; None where there are none, or stale ones."""
    try:
        with np.load(path, allow_pickle=False) as saved:
            if int(saved["format"]) != LAND_FORMAT or str(saved["key"]) != key:
                return None
            row, column, rows, columns = (int(n) for n in saved["frame"])
            cell = saved["cell"].astype(np.int64)
            exits = Exits(
                point=saved["point"].astype(np.int64),
                street=saved["street"].astype(np.int64),
                offset_mm=saved["offset_mm"].astype(np.int64),
                off_street_mm=saved["off_street_mm"].astype(np.int64),
                by_entrance=saved["by_entrance"],
                reason=np.full(len(cell), "", dtype=object),
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return Land((row, column), (rows, columns), cell, exits)


def land_key(*parts: object) -> str:
    """Return the sha256 over everything that land cells depend on."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part if isinstance(part, bytes) else repr(part).encode()
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return digest.hexdigest()


def bands(
    land: Land,
    land_mm: Ints,
    witnesses: Witnesses,
    *,
    minutes: Sequence[float],
    speed_m_per_s: float,
    crs: CRS,
) -> gpd.GeoDataFrame:
    """Return one polygon a limit, in WGS84 with a `minutes` column; larger ones hold smaller.

    land_mm
        Millimetres walked from every land cell, `FAR` where there is no walk.
    """
    polygons: list[shapely.Geometry] = []
    for limit in sorted(minutes):
        polygon = catchment(land, land_mm, witnesses, limit_min=limit, speed_m_per_s=speed_m_per_s)
        # Whoever walks 5 minutes also walks 10: the union moves no place to the wrong side.
        polygons.append(shapely.union(polygon, polygons[-1]) if polygons else polygon)
    frame = gpd.GeoDataFrame({"minutes": sorted(minutes)}, geometry=polygons, crs=crs)
    return frame.to_crs(WGS84)


def catchment(
    land: Land, land_mm: Ints, witnesses: Witnesses, *, limit_min: float, speed_m_per_s: float
) -> shapely.Geometry:
    """Return the polygon of land within `limit_min`, in metres; empty where there is none."""
    walk_min = in_minutes(land_mm, speed_m_per_s=speed_m_per_s)
    beyond = limit_min + CLIP_MIN
    field = np.full(land.shape[0] * land.shape[1], beyond)
    field[land.cell] = np.clip(np.nan_to_num(walk_min, nan=beyond), limit_min - CLIP_MIN, beyond)
    polygon = _contour(land, field.reshape(land.shape), limit_min, beyond)
    covered = witnesses.walk_mm <= budget_mm(limit_min, speed_m_per_s=speed_m_per_s)
    return _put_right(polygon, witnesses.x, witnesses.y, covered)


def _contour(land: Land, field: Floats, limit_min: float, beyond: float) -> shapely.Geometry:
    x, y = land.centres()
    rim = np.pad(field, 1, constant_values=beyond)  # so that every outline closes
    x = np.concatenate([[x[0] - CELL_M], x, [x[-1] + CELL_M]])
    y = np.concatenate([[y[0] - CELL_M], y, [y[-1] + CELL_M]])
    contours = contour_generator(x, y, rim, fill_type=FillType.OuterOffset)
    points, offsets = contours.filled(limit_min - 2 * CLIP_MIN, limit_min)
    parts = [
        shapely.Polygon(
            xy[ring[0] : ring[1]],
            [xy[a:b] for a, b in zip(ring[1:-1], ring[2:], strict=True)],
        )
        for xy, ring in zip(points, offsets, strict=True)
    ]
    polygon = shapely.multipolygons(parts) if parts else shapely.MultiPolygon()
    return polygon if shapely.is_valid(polygon) else shapely.make_valid(polygon)


def _put_right(
    polygon: shapely.Geometry, x: Floats, y: Floats, covered: Flags
) -> shapely.Geometry:
    """Return the polygon with discs added and taken away where places lie on the wrong side."""
    shapely.prepare(polygon)
    inside = shapely.intersects_xy(polygon, x, y)
    missing, wrong = covered & ~inside, ~covered & inside
    if missing.any():
        discs = _discs(x, y, missing, ~covered)
        polygon = shapely.union(polygon, shapely.union_all(discs))
    if wrong.any():
        discs = _discs(x, y, wrong, covered)
        polygon = shapely.difference(polygon, shapely.union_all(discs))
    return polygon


def _discs(x: Floats, y: Floats, centre: Flags, others: Flags) -> np.ndarray:
    radius = np.full(int(centre.sum()), CELL_M / 2)
    if others.any():
        tree = cKDTree(np.column_stack([x[others], y[others]]))
        gap, _ = tree.query(np.column_stack([x[centre], y[centre]]))
        radius = np.minimum(radius, SAME_SIDE * gap)
    return shapely.buffer(shapely.points(x[centre], y[centre]), radius, quad_segs=4)

