"""Coordinates of a layer brought to WGS84 degrees, or refused with the reason."""

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geo.errors import CoordinateError
from geo.findings import Finding
from geo.language import say
from geo.ledgers.numbers import Cells, figure, true_at
from geo.position.china import in_china
from geo.position.coordinates import (
    WGS84,
    parse_crs,
    require_trusted,
    spoken,
    unshift,
    without_order,
)
from geo.position.far_rows import astray
from geo.position.projected import by_own_prefix, converted, metres_refused, turned
from geo.position.system_names import called
from geo.position.zones import Bounds, Floats, inside, middles

SHIFTED = ("gcj02", "bd09")

# 0.01 degree is about a kilometre, a whole walking circle.
_COARSE_DECIMALS = 2
# The ends of the earth, and how near to 0,0 a place is nowhere.
_LONGEST, _HIGHEST, _NOWHERE = 180, 90, 1e-9

Geometries = NDArray[Any]


def to_wgs84(
    geometry: Geometries,
    where: Cells,
    *,
    declared: CRS | None,
    coordinates: str | None,
    near: Bounds | None = None,
) -> tuple[Geometries, list[Finding]]:
    """Return geometries in WGS84 degrees; None for rows whose coordinates cannot be believed.

    declared
        What the file says; None where it says nothing.
    coordinates
        What the user says: wgs84, cgcs2000, gcj02, bd09 or EPSG:n; stands above the file. With
        ` yx` behind it y stands before x in the file.
    near
        West, south, east, north of the study in degrees: confirms which zone metres belong to.

    Errors: CoordinateError where no row can be believed, or the CRS cannot be converted safely.
    """
    moved, findings = _moved(geometry, where, declared, coordinates, near)
    return moved, [*findings, *astray(moved, where)]


def _moved(
    geometry: Geometries,
    where: Cells,
    declared: CRS | None,
    coordinates: str | None,
    near: Bounds | None,
) -> tuple[Geometries, list[Finding]]:
    said, y_first = spoken(coordinates)
    findings = _contradiction(where, declared, coordinates)
    if y_first:
        geometry = turned(geometry)
    crs = _trusted(where, declared, coordinates, said)
    if said in SHIFTED:
        return _unshifted(geometry, where, crs, said, near, findings)
    if said == "cgcs2000" and (by_prefix := by_own_prefix(geometry, where)) is not None:
        geometry, more = by_prefix
        return geometry, [*findings, *more]
    if crs is None or crs.is_geographic:
        geometry, more = _believable_degrees(geometry, where, crs, near=near, said=said)
        findings += more
    if crs is None:
        return geometry, [_assumed(where), *findings, *_coarse(geometry, where)]
    if not crs.is_geographic or not _is_wgs84(crs):
        geometry, more = converted(geometry, where, crs, near)
        findings += more
    return geometry, [*findings, *_coarse(geometry, where)]


def _trusted(
    where: Cells, declared: CRS | None, coordinates: str | None, said: str
) -> CRS | None:
    """Return the CRS the figures are in. Errors: CoordinateError, naming the file."""
    try:
        if said in SHIFTED:
            # Tiles of web maps are shifted degrees put into Web Mercator.
            return declared if declared is not None and declared.is_projected else None
        crs = parse_crs(without_order(coordinates)) if coordinates else declared
        return None if crs is None else require_trusted(crs)
    except CoordinateError as error:
        raise CoordinateError(say("{file}：{reason}", file=where.file, reason=error)) from None


def _unshifted(
    geometry: Geometries,
    where: Cells,
    crs: CRS | None,
    said: str,
    near: Bounds | None,
    findings: list[Finding],
) -> tuple[Geometries, list[Finding]]:
    if crs is not None:
        geometry, more = converted(geometry, where, crs)
    else:
        geometry, more = _believable_degrees(geometry, where, crs, near=near, said=said)
    frame = gpd.GeoDataFrame(geometry=gpd.GeoSeries(geometry, crs=WGS84))
    return np.asarray(unshift(frame, said).geometry.array), [*findings, *more]


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
    said, _ = spoken(coordinates)
    if said in SHIFTED and declared.is_geographic:
        return []
    if said not in SHIFTED and parse_crs(without_order(coordinates)) == declared:
        return []
    message = say(
        "文件写的坐标系是 {declared}，研究写的是 {said}，以后者为准。",
        declared=called(declared), said=coordinates,
    )
    return [Finding("warning", where.layer, message, say("请核对。"), where.file)]


def _believable_degrees(
    geometry: Geometries, where: Cells, crs: CRS | None, *, near: Bounds | None, said: str
) -> tuple[Geometries, list[Finding]]:
    west, south, east, north = shapely.bounds(geometry).T
    present = ~np.isnan(west)
    x, y = np.fmax(np.abs(west), np.abs(east)), np.fmax(np.abs(south), np.abs(north))
    nowhere = present & (x < _NOWHERE) & (y < _NOWHERE)
    beyond = present & ((x > _LONGEST) | (y > _HIGHEST))
    swapped = beyond & (x <= _HIGHEST) & (y <= _LONGEST)
    swapped |= present & ~nowhere & ~beyond & _better_turned(*middles(geometry), near)
    if swapped.any() and swapped.sum() == (present & ~nowhere).sum():
        raise CoordinateError(
            say(
                "{file}：经度与纬度颠倒（例如 {x}, {y}），请交换两列后再导入，"
                '或写明 coordinates = "{said} yx"。',
                file=where.file, x=figure(west[swapped][0]), y=figure(south[swapped][0]),
                said=said or "wgs84",
            )
        )
    if (beyond & ~swapped).sum() * 2 > present.sum():
        raise CoordinateError(metres_refused(geometry[beyond & ~swapped], where, crs, near))
    if (east - west > _LONGEST).any():
        at = true_at(east - west > _LONGEST)[0]
        raise CoordinateError(
            say(
                "{file} 第 {row} 行：坐标范围横跨 180 度经线，无法判断位置，请拆分或改正。",
                file=where.file, row=int(where.rows[at]),
            )
        )
    return _set_aside(geometry, where, swapped=swapped, beyond=beyond & ~swapped, nowhere=nowhere)


def _better_turned(lon: Floats, lat: Floats, near: Bounds | None) -> NDArray[np.bool_]:
    """Tell which degrees lie far from the study, or from China, and in it with x and y turned.

    West of 90 degrees a swapped longitude is still a latitude: 43.8, 87.6 is Urumqi turned.
    """
    if near is not None:
        return inside(lat, lon, near) & ~inside(lon, lat, near)
    return np.asarray(in_china(lat, lon) & ~in_china(lon, lat))


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
            message = say("坐标（经度 {x}、纬度 {y}）超出度的范围，位置按未知处理。", **pair)
            finding = where.finding("error", at, message, say("请改正坐标。"))
        findings.append(finding)
        kept[at] = None
    return kept, findings


def _coarse(geometry: Geometries, where: Cells) -> list[Finding]:
    """Return a finding where all points are given to a kilometre only."""
    points = geometry[shapely.get_type_id(geometry) == shapely.GeometryType.POINT]
    if len(points) <= 1:
        return []
    xy = shapely.get_coordinates(points)
    if not np.array_equal(np.round(xy, _COARSE_DECIMALS), xy):
        return []
    _, counts = np.unique(xy, axis=0, return_counts=True)
    together = int(counts.max())
    message = say("坐标精度不足：所有点至多 {decimals} 位小数（约 1 公里以上）。",
                  decimals=_COARSE_DECIMALS)  # fmt: skip
    if together > 1:
        message = say(
            "坐标精度不足：所有点至多 {decimals} 位小数（约 1 公里以上），{count} 个点重合在一处。",
            decimals=_COARSE_DECIMALS, count=together,
        )
    remedy = say("请用至少 5 位小数重新导出坐标。")
    return [Finding("warning", where.layer, message, remedy, where.file)]
