"""Metres of a layer brought to degrees: the right zone for each row, or refused with the remedy."""

from functools import cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from geo.errors import CoordinateError
from geo.findings import Finding
from geo.language import Message, joined, say
from geo.ledgers.numbers import Cells, figure, true_at
from geo.position.coordinates import WGS84
from geo.position.system_names import called
from geo.position.zones import (
    Bounds,
    Floats,
    Metres,
    inside,
    likely_zones,
    middles,
    prefix_of,
    prefixes_of,
    read_metres,
    twin,
    zone_of_prefix,
)

Geometries = NDArray[Any]
Flags = NDArray[np.bool_]

# Degrees around the area a CRS is made for in which its coordinates are still believed.
_MARGIN_DEGREES = 5.0
_LONGEST, _HIGHEST = 180, 90
_CGCS2000 = "EPSG:4490"


def converted(
    geometry: Geometries, where: Cells, crs: CRS, near: Bounds | None = None
) -> tuple[Geometries, list[Finding]]:
    """Return geometries converted from a CRS, each checked against the area it is made for.

    Rows whose easting carries the prefix of another zone are converted by that zone.

    near
        Extent of the study in degrees.

    Errors: CoordinateError where no row fits the CRS.
    """
    present = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    zones, findings = _zone_of_each(geometry, where, crs, present)
    moved = np.full(len(geometry), None, dtype=object)
    fits = np.zeros(len(geometry), dtype=bool)
    for code in set(zones.tolist()):
        rows = zones == code
        by = CRS.from_epsg(code) if code else crs
        moved[rows] = _transformed(geometry[rows], by, where)
        fits[rows] = _within_area(moved[rows], by)
    if present.any() and not fits[present].any():
        raise CoordinateError(_nothing_fits(geometry[present], where, crs))
    told = {finding.row for finding in findings}
    for at in true_at(present & ~fits):
        moved[at] = None
        if int(where.rows[at]) not in told:
            findings.append(_outside_area(geometry[at], at, where, crs))
    return moved, findings + _elsewhere(geometry, moved, where, crs, near)


def by_own_prefix(geometry: Geometries, where: Cells) -> tuple[Geometries, list[Finding]] | None:
    """Return metres of CGCS2000 converted by each row's own zone prefix; None where rows have none.

    Errors: CoordinateError where only some rows have one.
    """
    present = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    metres = read_metres(*middles(geometry[present]))
    if not metres.zones or metres.zones == (0,) or metres.turned:
        return None
    if 0 in metres.zones:
        raise CoordinateError(_some_without_prefix(where, metres))
    code = zone_of_prefix(metres.zones[0])
    return converted(geometry, where, CRS.from_epsg(code))


def metres_refused(
    geometry: Geometries, where: Cells, crs: CRS | None, near: Bounds | None
) -> Message:
    """Return why figures that are no degrees are refused, and what exactly to write instead."""
    x, y = middles(geometry)
    corners = shapely.bounds(geometry)[0]
    values = {"file": where.file, "x": figure(float(corners[0])), "y": figure(float(corners[1]))}
    metres = read_metres(x, y)
    if len(metres.zones) > 1 and 0 in metres.zones:
        return _some_without_prefix(where, metres)
    remedy = _remedy(metres, x, y, near)
    if crs is not None:
        return say(
            "{file}：坐标系写的是 {crs}（度），但坐标（{x}, {y}）超出度的范围，像是米。"
            "请改正 .prj，或{remedy}",
            crs=called(crs), remedy=remedy, **values,
        )
    if metres.local and not likely_zones(x, y, near=near):
        return say(
            "{file}：没有说明坐标系，坐标（{x}, {y}）不是度，也不像 CGCS2000 的米，"
            "可能是城市地方（独立）坐标系，或已去掉大数。请先由测绘部门转换为 CGCS2000，"
            '再写明 coordinates = "EPSG:编号"。',
            **values,
        )
    return say(
        "{file}：没有说明坐标系，而坐标（{x}, {y}）是米，不是度。请{remedy}",
        remedy=remedy, **values,
    )


def moved_between(geometry: Geometries, source: CRS, target: CRS) -> Geometries:
    """Return geometries in another CRS; x is always the east or the longitude."""
    between = transformer(source, target)
    return np.asarray(
        shapely.transform(
            geometry, lambda xy: np.column_stack(between.transform(xy[:, 0], xy[:, 1]))
        )
    )


def turned(geometry: Geometries) -> Geometries:
    """Return geometries with x and y exchanged."""
    return np.asarray(shapely.transform(geometry, lambda xy: xy[:, ::-1]))


def _remedy(metres: Metres, x: Floats, y: Floats, near: Bounds | None) -> Message:
    if len(metres.zones) > 1:
        return say(
            '写明 coordinates = "cgcs2000"，各行按自己的带号换算（{counts}）。',
            counts=_counts(metres),
        )
    east, north = (y, x) if metres.turned else (x, y)
    zones = likely_zones(east, north, near=near) or likely_zones(east, north)
    order = " yx" if metres.turned else ""
    if len(zones) == 1:
        what = say(
            '写明 coordinates = "EPSG:{zone}{order}"（按带号或研究范围推断，可能是它，请核对）。',
            zone=zones[0], order=order,
        )
    elif zones:
        what = say(
            '写明 coordinates = "EPSG:编号{order}"（可能是 {zones}）。',
            zones="、".join(f"EPSG:{zone}" for zone in zones), order=order,
        )
    else:
        what = say(
            '写明 coordinates = "EPSG:编号{order}"（可能是 CGCS2000 3 度带 EPSG:4534-4554，'
            "按中央经线选；赤峰市区为 4549 或 4528）。",
            order=order,
        )
    if not metres.turned:
        return what
    return say("交换横、纵坐标（北坐标写在了前面），或{what}", what=what)


def _some_without_prefix(where: Cells, metres: Metres) -> Message:
    bare = int(where.rows[true_at(metres.prefixes == 0)[0]])
    return say(
        "{file}：同一文件里有的横坐标带有带号、有的没有（{counts}；第 {row} 行没有），"
        "无法判断属于哪一带。请统一后再导入。",
        file=where.file, counts=_counts(metres), row=bare,
    )


def _counts(metres: Metres) -> Message:
    parts = []
    for prefix in metres.zones:
        count = int((metres.prefixes == prefix).sum())
        parts.append(
            say("{zone} 带（EPSG:{code}）{count} 行", zone=prefix, code=zone_of_prefix(prefix),
                count=count)
            if prefix else say("没有带号 {count} 行", count=count)
        )
    return joined("、", *parts)


def _zone_of_each(
    geometry: Geometries, where: Cells, crs: CRS, present: Flags
) -> tuple[NDArray[np.int64], list[Finding]]:
    """Return the EPSG code by which each row is converted, 0 for the CRS itself.

    Errors: CoordinateError where the whole file has another prefix than the CRS.
    """
    codes = np.zeros(len(geometry), dtype=np.int64)
    mine = twin(crs, prefix=0)
    if mine is None or not present.any():
        return codes, []
    prefixes = prefixes_of(*middles(geometry))
    theirs = present & (prefixes > 0) & (prefixes != prefix_of(crs))
    for prefix in set(prefixes[theirs].tolist()):
        codes[prefixes == prefix] = zone_of_prefix(prefix)
    others = set(codes[theirs].tolist())
    if theirs[present].all() and len(others) == 1:
        (code,) = others
        if twin(CRS.from_epsg(code), prefix=0) != mine:
            raise CoordinateError(_other_prefix(where, crs, code, geometry[present]))
    bare = present & (prefixes == 0) & bool(prefix_of(crs))
    if bare.any() and bare[present].all():
        raise CoordinateError(_other_prefix(where, crs, mine, geometry[present]))
    findings = [_without_prefix(where, at, crs) for at in true_at(bare)]
    if not theirs.any():
        return codes, findings
    metres = Metres(np.where(present & ~bare, prefixes, -1), turned=False)
    message = say(
        "横坐标带有与坐标系 {crs} 不同的带号，各行已按自己的带号换算（{counts}）。",
        crs=called(crs), counts=_counts(metres),
    )
    return codes, [*findings, Finding("warning", where.layer, message, say("请核对。"), where.file)]


def _other_prefix(where: Cells, crs: CRS, code: int, geometry: Geometries) -> Message:
    x, y = (figure(float(value)) for value in shapely.bounds(geometry)[0][:2])
    return say(
        "{file}：坐标（{x}, {y}）的带号与坐标系 {crs} 不符。"
        '若坐标无误，请写明 coordinates = "EPSG:{code}"。',
        file=where.file, x=x, y=y, crs=called(crs), code=code,
    )


def _without_prefix(where: Cells, at: int, crs: CRS) -> Finding:
    message = say("横坐标没有带号 {zone}，其他行有，位置按未知处理。", zone=prefix_of(crs))
    return where.finding("error", at, message, say("请补上带号，或统一去掉。"))


def _nothing_fits(geometry: Geometries, where: Cells, crs: CRS) -> Message:
    x, y = middles(geometry)
    said = f"EPSG:{crs.to_epsg()}" if crs.to_epsg() else "EPSG:…"
    west, south, east, north = shapely.total_bounds(geometry)
    if max(abs(west), abs(east)) <= _LONGEST and max(abs(south), abs(north)) <= _HIGHEST:
        reason = say(
            '坐标（{x}, {y}）像是度，不是米，请写明 coordinates = "wgs84" 或改正 .prj',
            x=figure(float(x[0])), y=figure(float(y[0])),
        )
    elif _within_area(_transformed(turned(geometry), crs, where), crs).any():
        reason = say(
            '横坐标与纵坐标颠倒，请交换两列，或写明 coordinates = "{said} yx"', said=said
        )
    else:
        zones = likely_zones(x, y)
        reason = say("坐标不在该坐标系的适用范围内")
        if len(zones) == 1:
            reason = say(
                '坐标不在该坐标系的适用范围内，按带号应为 coordinates = "EPSG:{zone}"',
                zone=zones[0],
            )
    return say(
        "{file}：{reason}（坐标系 {crs}），请核对坐标系或坐标列。",
        file=where.file, reason=reason, crs=called(crs),
    )


def _outside_area(geometry: Any, at: int, where: Cells, crs: CRS) -> Finding:  # noqa: ANN401 - shapely geometries are untyped
    x, y = middles(np.array([geometry], dtype=object))
    if prefixes_of(y, x)[0] >= 0:
        message = say(
            "横坐标与纵坐标疑似颠倒（{x}, {y}），位置按未知处理。",
            x=figure(float(x[0])), y=figure(float(y[0])),
        )
        return where.finding("warning", at, message, say("请核对并交换两列。"))
    message = say("坐标不在坐标系 {crs} 的适用范围内，位置按未知处理。", crs=called(crs))
    return where.finding("error", at, message, say("请改正坐标。"))


def _elsewhere(
    geometry: Geometries, moved: Geometries, where: Cells, crs: CRS, near: Bounds | None
) -> list[Finding]:
    """Return a finding where no row lies in the study, but would in another zone."""
    if near is None:
        return []
    lon, lat = middles(moved)
    if not np.isfinite(lon).any() or inside(lon, lat, near).any():
        return []
    zones = likely_zones(*middles(geometry), near=near)
    if not zones:
        return []
    message = say(
        "按坐标系 {crs} 换算，没有一行在研究范围内；若按 EPSG:{zone} 则在。",
        crs=called(crs), zone=zones[0],
    )
    remedy = say('请核对；若是，请写明 coordinates = "EPSG:{zone}"。', zone=zones[0])
    return [Finding("warning", where.layer, message, remedy, where.file)]


def _transformed(geometry: Geometries, crs: CRS, where: Cells) -> Geometries:
    try:
        moved = moved_between(geometry, crs, CRS(WGS84))
    except ProjError:
        raise CoordinateError(
            say("{file}：坐标系 {crs} 无法转换为 WGS84。", file=where.file, crs=called(crs))
        ) from None
    return moved


@cache
def transformer(source: CRS, target: CRS) -> Transformer:
    """Return what moves x and y, east first; preparing one takes longer than moving a layer."""
    return Transformer.from_crs(source, target, always_xy=True)


def _within_area(geometry: Geometries, crs: CRS) -> Flags:
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
