"""Rows far outside the study's boundary or far from their layer, and layers of another city."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geo.columns import FILE
from geo.findings import Finding
from geo.language import say
from geo.ledgers.numbers import Cells, figure, shown, true_at
from geo.position.china import in_china
from geo.position.projected import moved_between
from geo.position.zones import Bounds

# What lies beyond: streets and facilities are wanted to 1.3 km beyond the boundary.
_FAR_M = 5_000.0
# Without a boundary: farther than this from the middle of the layer, and many times farther than
# half of its rows, is no part of it. A province is 2,400 km wide, and its rows lie all over it.
_ASTRAY_M, _TIMES = 300_000.0, 10.0
# Rows are told one by one up to here, then counted.
_ONE_BY_ONE = 50
_EARTH_M = 6_371_000.0
_ROUGHLY_M = 100.0  # how exactly the boundary is followed for distances beyond it
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_CHINESE_SYSTEMS = (["cgcs2000"], ["gcj02"], ["bd09"])
_SURFACE = 2  # dimensions of a polygon

_OUTSIDE = say("坐标（{x}, {y}）不在中国境内，而同一文件有的行在。")
_APART = say("坐标（{x}, {y}）远离同一文件的其他行，相距约 {km} 公里。")


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


def astray(geometry: NDArray[Any], where: Cells) -> list[Finding]:
    """Return findings on rows that lie outside China, or far off, where their layer does not.

    geometry
        WGS84 degrees; None where unknown.

    A layer without any row in China has none that is outside it.
    """
    lon, lat = _first_corners(geometry)
    known = np.isfinite(lon)
    home = known & in_china(lon, lat)
    abroad = known & ~home & home.any()
    if 2 * home.sum() < known.sum():
        abroad &= _slipped(lon, lat)
    rest = known & ~abroad
    if not rest.any():
        return []
    away_m = _metres_from(lon, lat, float(np.median(lon[rest])), float(np.median(lat[rest])))
    far = rest & (away_m > max(_ASTRAY_M, _TIMES * float(np.median(away_m[rest]))))
    findings = []
    for at in true_at(abroad | far)[:_ONE_BY_ONE]:
        values = {"x": figure(round(float(lon[at]), 5)), "y": figure(round(float(lat[at]), 5))}
        if far[at]:
            values["km"] = figure(round(float(away_m[at]) / 1000))
        message = replace(_OUTSIDE if abroad[at] else _APART, values=values)
        findings.append(where.finding("warning", at, message, say("请核对坐标。")))
    more = int((abroad | far).sum()) - len(findings)
    if more:
        message = say("另有 {count} 行的坐标不在中国境内，或远离其他行。", count=more)
        findings.append(Finding("warning", where.layer, message, file=where.file))
    return findings


def all_abroad(
    geometry: NDArray[Any], where: Cells, headers: Sequence[str], said: str, near: Bounds | None
) -> list[Finding]:
    """Return one finding where no row lies in China and the file does not look foreign.

    geometry
        WGS84 degrees; None where unknown.
    headers, said
        Of the file, and the system its coordinates are said to be in: Chinese ones are at home.
    near
        Of the study; one that lies abroad itself has nothing to be told.
    """
    chinese = any(map(_CHINESE.search, headers)) or said.split()[:1] in _CHINESE_SYSTEMS
    if not chinese or (near is not None and not _touches_china(near)):
        return []
    lon, lat = _first_corners(geometry)
    known = np.isfinite(lon)
    if not known.any() or in_china(lon[known], lat[known]).any():
        return []
    first = true_at(known)[0]
    message = say(
        "全部 {count} 行的坐标都不在中国境内（例如第 {row} 行：经度 {x}、纬度 {y}）。",
        count=int(known.sum()), row=int(where.rows[first]),
        x=figure(round(float(lon[first]), 5)), y=figure(round(float(lat[first]), 5)),
    )
    remedy = say("请核对经度、纬度的正负号和坐标系。")
    return [Finding("warning", where.layer, message, remedy, where.file)]


def _touches_china(near: Bounds) -> bool:
    west, south, east, north = near
    lon, lat = [west, east, (west + east) / 2], [south, north, (south + north) / 2]
    return bool(in_china(lon, lat).any())


def _first_corners(geometry: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return one corner of each row; NaN where there is none. The middle may lie in a bay."""
    xy, row = shapely.get_coordinates(geometry, return_index=True)
    corners = np.full((len(geometry), 2), np.nan)
    rows, first = np.unique(row, return_index=True)
    corners[rows] = xy[first]
    return corners[:, 0], corners[:, 1]


def _slipped(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which degrees are nothing, or would lie in China but for a sign or a decimal point."""
    found = (lon == 0) | (lat == 0) | in_china(np.abs(lon), np.abs(lat))
    for east, north in ((10.0, 1.0), (1.0, 10.0), (0.1, 1.0), (1.0, 0.1), (10.0, 10.0)):
        found |= in_china(np.abs(lon) * east, np.abs(lat) * north)
    return np.asarray(found)


def _metres_from(
    lon: NDArray[np.float64], lat: NDArray[np.float64], middle_lon: float, middle_lat: float
) -> NDArray[np.float64]:
    """Return great-circle distances, by the haversine on a sphere: one per cent is enough."""
    east, north = np.radians(lon - middle_lon), np.radians(lat - middle_lat)
    turn = np.cos(np.radians(lat)) * np.cos(np.radians(middle_lat)) * np.sin(east / 2) ** 2
    return np.asarray(2 * _EARTH_M * np.arcsin(np.sqrt(np.sin(north / 2) ** 2 + turn)))


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
    file = str(frame[FILE].iloc[farthest]) if FILE in frame else ""
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
    return [Finding("warning", layer, message, remedy, file, row, value=name)]
