"""Coordinates of a layer brought to WGS84 degrees, or refused with the reason."""

from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from geo.coordinates import WGS84, likely_zone, parse_crs, require_trusted, unshift
from geo.errors import CoordinateError
from geo.findings import Finding
from geo.language import Message, say
from geo.numbers import Cells, figure, true_at

SHIFTED = ("gcj02", "bd09")

# Degrees around the area a CRS is made for in which its coordinates are still believed.
_MARGIN_DEGREES = 5.0
# 0.01 degree is about a kilometre, a whole walking circle.
_COARSE_DECIMALS = 2
# The ends of the earth, and how near to 0,0 a place is nowhere.
_LONGEST, _HIGHEST, _NOWHERE = 180, 90, 1e-9

Geometries = NDArray[Any]


def to_wgs84(
    geometry: Geometries, where: Cells, *, declared: CRS | None, coordinates: str | None
) -> tuple[Geometries, list[Finding]]:
    """Return geometries in WGS84 degrees; None for rows whose coordinates cannot be believed.

    declared
        What the file says; None where it says nothing.
    coordinates
        What the user says: wgs84, cgcs2000, gcj02, bd09 or EPSG:n; stands above the file.

    Errors: CoordinateError where no row can be believed, or the CRS cannot be converted safely.
    """
    said = (coordinates or "").strip().lower()
    try:
        crs = parse_crs(coordinates) if coordinates and said not in SHIFTED else declared
        crs = None if crs is None or said in SHIFTED else require_trusted(crs)
    except CoordinateError as error:
        raise CoordinateError(say("{file}：{reason}", file=where.file, reason=error)) from None
    findings = _contradiction(where, declared, coordinates)
    if crs is None or crs.is_geographic:
        geometry, more = _believable_degrees(geometry, where, crs)
        findings += more
    if said in SHIFTED:
        frame = gpd.GeoDataFrame(geometry=gpd.GeoSeries(geometry, crs=WGS84))
        return np.asarray(unshift(frame, said).geometry.array), findings
    if crs is None:
        return geometry, [_assumed(where), *findings, *_coarse(geometry, where)]
    if not crs.is_geographic or not _is_wgs84(crs):
        geometry, more = _converted(geometry, where, crs)
        findings += more
    return geometry, [*findings, *_coarse(geometry, where)]


def _is_wgs84(crs: CRS) -> bool:
    return crs.name.replace(" ", "").upper() in {"WGS84", "WGS84(CRS84)", "GCS_WGS_1984"} or (
        "2000" in crs.name and "China" in crs.name
    )


def _assumed(where: Cells) -> Finding:
    return Finding(
        "warning", where.layer,
        say(
            "没有说明坐标系，按 WGS84 处理。若取自高德、腾讯（GCJ-02）或百度（BD-09），"
            "位置会偏 260 至 720 米，15 分钟步行圈的半径也不过 810 米。"
        ),
        say('请写明 coordinates = "wgs84"、"cgcs2000"、"gcj02" 或 "bd09"。'),
        where.file,
    )


def _contradiction(where: Cells, declared: CRS | None, coordinates: str | None) -> list[Finding]:
    if declared is None or not coordinates:
        return []
    said = coordinates.strip().lower()
    if said in SHIFTED and declared.is_geographic:
        return []
    if said not in SHIFTED and parse_crs(coordinates) == declared:
        return []
    message = say(
        "文件写的坐标系是 {declared}，研究写的是 {said}，以后者为准。",
        declared=declared.name, said=coordinates,
    )
    return [Finding("warning", where.layer, message, say("请核对。"), where.file)]


def _believable_degrees(
    geometry: Geometries, where: Cells, crs: CRS | None
) -> tuple[Geometries, list[Finding]]:
    west, south, east, north = shapely.bounds(geometry).T
    present = ~np.isnan(west)
    x, y = np.fmax(np.abs(west), np.abs(east)), np.fmax(np.abs(south), np.abs(north))
    beyond = present & ((x > _LONGEST) | (y > _HIGHEST))
    swapped = beyond & (x <= _HIGHEST) & (y <= _LONGEST)
    if present.any() and swapped.sum() == present.sum():
        raise CoordinateError(
            say(
                "{file}：经度与纬度颠倒（例如 {x}, {y}），请交换两列后再导入。",
                file=where.file, x=figure(west[present][0]), y=figure(south[present][0]),
            )
        )
    if (beyond & ~swapped).sum() * 2 > present.sum():
        at = true_at(beyond & ~swapped)[0]
        raise CoordinateError(_not_degrees(where, crs, float(west[at]), float(south[at])))
    if (east - west > _LONGEST).any():
        at = true_at(east - west > _LONGEST)[0]
        raise CoordinateError(
            say(
                "{file} 第 {row} 行：坐标范围横跨 180 度经线，无法判断位置，请拆分或改正。",
                file=where.file, row=int(where.rows[at]),
            )
        )
    nowhere = present & (x < _NOWHERE) & (y < _NOWHERE)
    return _set_aside(geometry, where, swapped=swapped, beyond=beyond & ~swapped, nowhere=nowhere)


def _set_aside(
    geometry: Geometries, where: Cells, **doubts: NDArray[np.bool_]
) -> tuple[Geometries, list[Finding]]:
    kept, findings = geometry.copy(), []
    for at in true_at(np.logical_or.reduce(list(doubts.values()))):
        x, y = shapely.bounds(geometry[at])[:2]
        pair = {"x": figure(x), "y": figure(y)}
        if doubts["swapped"][at]:
            message = say("经度与纬度疑似颠倒（{x}, {y}），位置按未知处理。", **pair)
            finding = where.finding("warning", at, message, say("请核对并交换两列。"))
        elif doubts["nowhere"][at]:
            message = say("坐标为 0,0，位置按未知处理。")
            finding = where.finding("warning", at, message, say("请补上坐标。"))
        else:
            message = say("坐标（{x}, {y}）超出度的范围，位置按未知处理。", **pair)
            finding = where.finding("error", at, message, say("请改正坐标。"))
        findings.append(finding)
        kept[at] = None
    return kept, findings


def _not_degrees(where: Cells, crs: CRS | None, x: float, y: float) -> Message:
    values = {"file": where.file, "row": int(where.rows[0]), "x": figure(x), "y": figure(y)}
    if crs is not None:
        return say(
            "{file}：坐标系写的是 {crs}（度），但坐标（{x}, {y}）超出度的范围，像是米。"
            '请改正 .prj，或写明 coordinates = "EPSG:编号"（可能是 {zone}）。',
            crs=crs.name, zone=likely_zone(x), **values,
        )
    return say(
        "{file}：没有说明坐标系，而坐标（{x}, {y}）是米，不是度。"
        '请写明 coordinates = "EPSG:编号"（可能是 CGCS2000 3 度带 {zone}，'
        "赤峰市区为 4549 或 4528）。",
        zone=likely_zone(x), **values,
    )


def _converted(
    geometry: Geometries, where: Cells, crs: CRS
) -> tuple[Geometries, list[Finding]]:
    """Return geometries converted from a CRS, each checked against the area it is made for."""
    moved = _transformed(geometry, crs, where)
    inside = _within_area(moved, crs)
    present = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    if present.any() and not inside[present].any():
        turned = shapely.transform(geometry, lambda xy: xy[:, ::-1])
        if _within_area(_transformed(turned, crs, where), crs)[present].any():
            reason = say("横坐标与纵坐标颠倒")
        else:
            reason = say("坐标不在该坐标系的适用范围内")
        raise CoordinateError(
            say(
                "{file}：{reason}（坐标系 {crs}），请核对坐标系或坐标列。",
                file=where.file, reason=reason, crs=crs.name,
            )
        )
    kept, findings = moved.copy(), []
    for at in true_at(present & ~inside):
        kept[at] = None
        message = say("坐标不在坐标系 {crs} 的适用范围内，位置按未知处理。", crs=crs.name)
        findings.append(where.finding("error", at, message, say("请改正坐标。")))
    return kept, findings


def _transformed(geometry: Geometries, crs: CRS, where: Cells) -> Geometries:
    try:
        moved = moved_between(geometry, crs, CRS(WGS84))
    except ProjError:
        raise CoordinateError(
            say("{file}：坐标系 {crs} 无法转换为 WGS84。", file=where.file, crs=crs.name)
        ) from None
    return moved


def moved_between(geometry: Geometries, source: CRS, target: CRS) -> Geometries:
    """Return geometries in another CRS; x is always the east or the longitude."""
    transformer = _transformer(source, target)
    return np.asarray(
        shapely.transform(
            geometry, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
        )
    )


@cache
def _transformer(source: CRS, target: CRS) -> Transformer:
    # Preparing one takes longer than moving a layer.
    return Transformer.from_crs(source, target, always_xy=True)


def _within_area(geometry: Geometries, crs: CRS) -> NDArray[np.bool_]:
    west, south, east, north = shapely.bounds(geometry).T
    finite = np.isfinite(west) & np.isfinite(south) & np.isfinite(east) & np.isfinite(north)
    area = crs.area_of_use
    if area is None:
        return np.asarray(finite & (np.abs(west) <= _LONGEST) & (np.abs(south) <= _HIGHEST))
    margin = _MARGIN_DEGREES
    return np.asarray(
        finite & (west >= area.west - margin) & (east <= area.east + margin)
        & (south >= area.south - margin) & (north <= area.north + margin)
    )


def _coarse(geometry: Geometries, where: Cells) -> list[Finding]:
    """Return a finding where all points are given to a kilometre only."""
    points = geometry[shapely.get_type_id(geometry) == shapely.GeometryType.POINT]
    if len(points) <= 1:
        return []
    xy = shapely.get_coordinates(points)
    if not np.array_equal(np.round(xy, _COARSE_DECIMALS), xy):
        return []
    _, counts = np.unique(xy, axis=0, return_counts=True)
    message = say(
        "坐标精度不足：所有点至多 {decimals} 位小数（约 1 公里以上），{count} 个点重合在一处。",
        decimals=_COARSE_DECIMALS, count=int(counts.max()),
    )
    remedy = say("请用至少 5 位小数重新导出坐标。")
    return [Finding("warning", where.layer, message, remedy, where.file)]
