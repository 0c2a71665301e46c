"""Rows far outside the study's boundary, and whole layers of another city."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geo.findings import Finding
from geo.language import say
from geo.numbers import figure, shown
from geo.projected import moved_between

# What lies beyond: streets and facilities are wanted to 1.3 km beyond the boundary.
_FAR_M = 5_000.0
_ROUGHLY_M = 100.0  # how exactly the boundary is followed for distances beyond it
_SURFACE = 2  # dimensions of a polygon


def far_findings(layers: Mapping[str, gpd.GeoDataFrame], crs: CRS) -> list[Finding]:
    """Return findings on rows more than 5 km outside the boundaries, with the farthest.

    layers
        By name, in any CRS; without boundaries nothing is far.
    crs
        In metres.
    """
    if "boundaries" not in layers:
        return []
    ground = _metric(layers["boundaries"], crs)
    ground = ground[shapely.get_dimensions(ground) == _SURFACE]
    if len(ground) == 0:
        return []
    findings: list[Finding] = []
    for name, frame in layers.items():
        if name not in {"boundaries", "background", "barriers"}:
            findings += _far(name, frame, metres_outside(_metric(frame, crs), ground))
    return findings


def metres_outside(geometry: NDArray[Any], ground: NDArray[Any]) -> NDArray[np.float64]:
    """Return how far the middle of each geometry lies outside the ground: 0 in it, NaN nowhere."""
    middles = shapely.centroid(geometry)
    there = ~(shapely.is_missing(middles) | shapely.is_empty(middles))
    away = np.where(there, 0.0, np.nan)
    outside = there.copy()
    _, within = shapely.STRtree(middles).query(ground, predicate="contains")
    outside[within] = False
    rows = np.flatnonzero(outside)
    if len(rows):
        edges = shapely.STRtree(shapely.simplify(ground, _ROUGHLY_M, preserve_topology=False))
        (at, _), metres = edges.query_nearest(
            middles[rows], return_distance=True, all_matches=False
        )
        away[rows[at]] = metres
    return away


def _metric(frame: gpd.GeoDataFrame, crs: CRS) -> NDArray[Any]:
    geometry = frame.geometry.to_numpy()
    if frame.crs is None or frame.crs == crs:
        return np.asarray(geometry)
    return moved_between(geometry, frame.crs, crs)


def _far(layer: str, frame: gpd.GeoDataFrame, away_m: NDArray[np.float64]) -> list[Finding]:
    far = away_m > _FAR_M
    if not far.any():
        return []
    placed = int(np.isfinite(away_m).sum())
    farthest = int(np.nanargmax(away_m))
    values = {
        "count": int(far.sum()), "placed": placed,
        "km": figure(round(float(away_m[farthest]) / 1000, 1)),
        "nearest": figure(round(float(np.nanmin(away_m)) / 1000, 1)),
    }
    row = int(frame["row"].iloc[farthest]) if "row" in frame else None
    name = shown(frame["name"].iloc[farthest]) if "name" in frame else ""
    if far.sum() == placed:
        message = say(
            "整层 {count} 行都在研究范围之外（最近的也有 {nearest} 公里），"
            "像是另一座城市，或坐标系写错。", **values,
        )
        return [Finding("warning", layer, message, say("请核对文件与坐标系。"))]
    message = say(
        "{count} 行在研究范围 5 公里以外（共 {placed} 行），最远的是这一行，相距 {km} 公里。",
        **values,
    )
    remedy = say("请核对这些行的坐标。")
    return [Finding("warning", layer, message, remedy, row=row, value=name)]
