"""Geometry of a layer checked row by row: type, emptiness, validity, size, overlap."""

from collections.abc import Collection
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from shapely import GeometryType

from geo.errors import LayerError
from geo.findings import Finding
from geo.language import Message, say
from geo.ledgers.numbers import Cells, figure, true_at
from geo.position.coordinates import WGS84, metric_crs
from geo.position.projected import moved_between
from geo.schema import Schema, Shape
from geo.shapes.overlaps import overlaps, too_many_overlaps
from geo.shapes.repair import MOST_CROSSINGS, SECONDS, repair

Geometries = NDArray[Any]

# An estate larger than 10 km² is a town, or a slip of the coordinates.
_LARGEST_ESTATE_M2 = 10_000_000.0
# Neighbours drawn by hand overlap a little along their common side.
_OVERLAP_SHARE = 0.1
# Pairs are named one by one up to here, the rest are counted.
_NAMED = 200
# Read and checked in 1 GB and ten seconds; a city's parcels have fewer. Checking one outline takes
# the square of its corners at worst: three seconds for the most.
MOST_VERTICES_OF_ROW = 500_000
MOST_VERTICES_OF_LAYER = 3_000_000
# Rings that lie upon one another are checked in the square of their number: three seconds.
_MOST_RINGS_OF_ROW = 30_000
_SURFACE = 2  # dimensions of a polygon

_NO_GEOMETRY: Final = say("几何为空，位置按未知处理。")
_UNREADABLE: Final = say("坐标无法读出，位置按未知处理。")
_NOT_READ: Final = say(
    "几何无法读取（坐标含 NaN 或不是数、括号层数不对，或面的顶点不足三个），位置按未知处理。"
)
ABOUT_NO_PLACE: Final = frozenset(
    {_NO_GEOMETRY.template, _UNREADABLE.template, _NOT_READ.template}
)
"""What is said of rows that have no place, by its templates."""

# The words of the library that finds them.
_FAULTS: Final = {
    "ring self-intersection": say("边界自相接触"),
    "self-intersection": say("自相交"),
    "hole lies outside shell": say("洞在外框之外"),
    "holes are nested": say("洞中有洞"),
    "interior is disconnected": say("内部被洞隔断"),
    "nested shells": say("一部分套在另一部分之内"),
    "duplicate rings": say("同一条边界画了两次"),
    "too few points": say("顶点太少"),
    "invalid coordinate": say("坐标不是有限的数"),
    "not closed": say("边界没有闭合"),
}
_SOME_FAULT: Final = say("不合规")

_SHAPES: dict[int, Shape] = {
    GeometryType.POINT: "point", GeometryType.MULTIPOINT: "point",
    GeometryType.LINESTRING: "line", GeometryType.LINEARRING: "line",
    GeometryType.MULTILINESTRING: "line",
    GeometryType.POLYGON: "polygon", GeometryType.MULTIPOLYGON: "polygon",
}


def without_unreadable(
    geometry: Geometries,
    where: Cells,
    *,
    broken: NDArray[np.bool_],
    given: NDArray[np.bool_] | None = None,
) -> tuple[Geometries, list[Finding]]:
    """Return geometries without those that are empty or hold NaN or infinite coordinates.

    Heights and measures are dropped, and told.

    broken
        Rows whose geometry the reader could not take at all.
    given
        Rows that say where they are, readable or not; None where only the geometry tells.

    Errors: LayerError for more vertices than can be handled.
    """
    _require_few_vertices(geometry, where)
    geometry, findings = _flat(geometry, where)
    vast = shapely.get_num_coordinates(geometry) > MOST_VERTICES_OF_ROW
    empty = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    finite = np.isfinite(shapely.bounds(geometry)).all(axis=1)
    ringed = _with_many_rings(geometry)
    kept = geometry.copy()
    for at in true_at(empty | broken | ~finite | vast | ringed):
        kept[at] = None
        if ringed[at] and not vast[at]:
            message = say("有 {count} 条边界（部分和洞），超过一行的上限 {limit}，位置按未知处理。",
                          count=len(shapely.get_rings(geometry[at])), limit=_MOST_RINGS_OF_ROW)
            findings.append(where.finding("error", at, message, say("请简化轮廓后再导入。")))
        elif vast[at]:
            message = say("有 {count} 个顶点，超过一行的上限 {limit}，位置按未知处理。",
                          count=int(shapely.get_num_coordinates(geometry[at])),
                          limit=MOST_VERTICES_OF_ROW)
            findings.append(where.finding("error", at, message, say("请简化轮廓后再导入。")))
        elif broken[at]:
            findings.append(where.finding("error", at, _NOT_READ, say("请改正坐标。")))
        elif not empty[at]:
            message = say("坐标含 NaN 或无穷大，位置按未知处理。")
            findings.append(where.finding("error", at, message, say("请改正坐标。")))
        elif given is not None and given[at] and geometry[at] is None:
            findings.append(where.finding("warning", at, _UNREADABLE, say("请补全或改正坐标。")))
        else:
            findings.append(where.finding("warning", at, _NO_GEOMETRY, say("请补上位置。")))
    return kept, findings


def outlines_closed(closed: NDArray[np.bool_] | None, where: Cells) -> list[Finding]:
    """Return findings on outlines whose last corner was not their first.

    closed
        Rows whose outline was closed; None for none.
    """
    rows = [] if closed is None else true_at(closed)
    message = say("面没有闭合（首尾两点不同），已用直线闭合。")
    findings = [where.finding("warning", at, message, say("请核对边界。")) for at in rows[:_NAMED]]
    if len(rows) > len(findings):
        message = say("另有 {count} 行的面没有闭合，已用直线闭合。",
                      count=len(rows) - len(findings))
        findings.append(Finding("warning", where.layer, message, file=where.file))
    return findings


def _with_many_rings(geometry: Geometries) -> NDArray[np.bool_]:
    ringed = np.zeros(len(geometry), dtype=bool)
    # A ring has four corners at least.
    for at in true_at(shapely.get_num_coordinates(geometry) > 4 * _MOST_RINGS_OF_ROW):
        if shapely.get_dimensions(geometry[at]) == _SURFACE:
            ringed[at] = len(shapely.get_rings(geometry[at])) > _MOST_RINGS_OF_ROW
    return ringed


def _require_few_vertices(geometry: Geometries, where: Cells) -> None:
    counts = shapely.get_num_coordinates(geometry)
    if counts.sum() <= MOST_VERTICES_OF_LAYER:
        return
    most = int(np.argmax(counts))
    raise LayerError(
        say(
            "{file}：共有 {count} 个顶点，超过上限 {limit}（第 {row} 行最多，{most} 个）。"
            "请先简化或分块再导入。",
            file=where.file, count=int(counts.sum()), limit=MOST_VERTICES_OF_LAYER,
            row=int(where.rows[most]), most=int(counts[most]),
        )
    )


def _flat(geometry: Geometries, where: Cells) -> tuple[Geometries, list[Finding]]:
    """Return geometries in the plane, with one finding where some had heights or measures."""
    high = shapely.has_z(geometry) | shapely.has_m(geometry)
    if not high.any():
        return geometry, []
    message = say("{count} 行带有高程（Z）或测量值（M），计算不用，已略去。", count=int(high.sum()))
    return shapely.force_2d(geometry), [Finding("info", where.layer, message, file=where.file)]


def of_allowed_types(
    geometry: Geometries, where: Cells, schema: Schema
) -> tuple[Geometries, list[Finding]]:
    """Return geometries of the layer's types; others become None, with a finding each.

    Errors: LayerError where no row has a type the layer can use.
    """
    kept, findings = _without_collections(geometry, where, schema)
    kinds = shapely.get_type_id(kept)
    few, which = np.unique(kinds, return_inverse=True)  # a grid has a million rows of one kind
    shapes = np.array([_SHAPES.get(kind, "") for kind in few], dtype=object)[which]
    present = shapes != ""
    allowed = np.isin(shapes, list(schema.shapes))
    if present.any() and not allowed.any():
        raise LayerError(
            say(
                "{file}：“{layer}”图层应为{wanted}，文件里是{found}，请换用正确的图层。",
                file=where.file, layer=schema.layer, wanted=_in_words(schema.shapes),
                found=_in_words(set(shapes[present])),
            )
        )
    for at in true_at(present & ~allowed):
        kept[at] = None
        found = _in_words({shapes[at]})
        message = say("几何是{found}，本图层不能用，位置按未知处理。", found=found)
        findings.append(where.finding("warning", at, message))
    for at in true_at(kinds == GeometryType.MULTIPOINT):
        if shapely.get_num_geometries(kept[at]) > 1:
            message = say("是多个点，取其中心。")
            findings.append(where.finding("warning", at, message, say("请拆成单点。")))
        kept[at] = shapely.centroid(kept[at])
    if schema.layer == "residential":
        findings += _point_estates(shapes, where)
    return kept, findings


def _without_collections(
    geometry: Geometries, where: Cells, schema: Schema
) -> tuple[Geometries, list[Finding]]:
    kept, findings = geometry.copy(), []
    for at in true_at(shapely.get_type_id(geometry) == GeometryType.GEOMETRYCOLLECTION):
        parts = shapely.get_parts(geometry[at])
        for shape in ("polygon", "point", "line"):
            fitting = [part for part in parts if _SHAPES.get(shapely.get_type_id(part)) == shape]
            if fitting and shape in schema.shapes:
                kept[at] = shapely.union_all(fitting)
                message = say("几何是混合集合，只取其中的{shape}。", shape=_in_words({shape}))
                findings.append(where.finding("warning", at, message))
                break
        else:
            kept[at] = None
            message = say("几何是混合集合，本图层不能用，位置按未知处理。")
            findings.append(where.finding("warning", at, message))
    return kept, findings


def _point_estates(shapes: NDArray[Any], where: Cells) -> list[Finding]:
    points = true_at(shapes == "point")
    if len(points) == 0:
        return []
    if len(points) == (shapes != "").sum():
        message = say("小区都是点，不是面：用地面积未知，每个小区只有覆盖或未覆盖。")
        return [Finding("warning", where.layer, message, file=where.file)]
    message = say("小区是点，不是面，用地面积未知。")
    return [where.finding("warning", at, message) for at in points]


def repaired(geometry: Geometries, where: Cells) -> tuple[Geometries, list[Finding]]:
    """Return valid geometries (shapely's `structure` method), each repair with its area change."""
    kept = geometry.copy()
    findings: list[Finding] = []
    polygons = shapely.get_dimensions(geometry) == _SURFACE
    valid = shapely.is_valid(geometry)
    broken = np.flatnonzero(polygons & ~valid)
    if len(broken):
        kept[broken], findings = _repaired(geometry[broken], broken, where)
    flat = polygons & valid & (shapely.area(geometry) == 0)
    for at in true_at(flat):
        kept[at] = None
        findings.append(_no_area(at, where))
    return kept, findings


def _repaired(
    polygons: Geometries, rows: NDArray[np.intp], where: Cells
) -> tuple[Geometries, list[Finding]]:
    reasons = shapely.is_valid_reason(polygons)
    repairs = repair(polygons)
    fixed = repairs.geometry.copy()
    fixed[shapely.area(fixed) == 0] = None
    both = areas_m2(np.concatenate([polygons, fixed])).reshape(2, -1)
    findings = []
    for at, row in enumerate(rows.tolist()):
        fault = _fault(reasons[at])
        if repairs.tangled[at]:
            message = say("多边形{fault}超过 {most} 处（或顶点过多），无法修复，位置按未知处理。",
                          fault=fault, most=MOST_CROSSINGS)
            finding = where.finding("error", row, message, say("请重新绘制。"))
        elif repairs.late[at]:
            message = say("多边形不合规（{fault}），修复全层的时限 {seconds} 秒已到，"
                          "位置按未知处理。", fault=fault, seconds=round(SECONDS))
            finding = where.finding("error", row, message, say("请在原图中修复后再导入。"))
        elif fixed[at] is None:
            finding = _no_area(row, where)
        else:
            message = say(
                "多边形不合规（{fault}），已修复：面积由 {before} 变为 {after} 平方米。",
                fault=fault, before=figure(round(both[0, at])), after=figure(round(both[1, at])),
            )
            finding = where.finding("warning", row, message, say("请在原图中核对边界。"))
        findings.append(finding)
    return fixed, findings


def _fault(reason: str) -> Message:
    """Return what is wrong with a polygon, out of the library's English words."""
    kind = reason.split("[", maxsplit=1)[0].strip().casefold()
    return next((word for said, word in _FAULTS.items() if said in kind), _SOME_FAULT)


def _no_area(at: int, where: Cells) -> Finding:
    message = say("多边形面积为零（所有顶点在一条线上），位置按未知处理。")
    return where.finding("error", at, message, say("请重新绘制。"))


def doubtful_estates(geometry: Geometries, where: Cells) -> tuple[Geometries, list[Finding]]:
    """Return estates, those too large for one as a point, and findings on these and on overlaps."""
    polygons = true_at(shapely.get_dimensions(geometry) == _SURFACE)
    if len(polygons) == 0:
        return geometry, []
    metric = in_metres(geometry[polygons])
    areas = shapely.area(metric)
    kept, findings = geometry.copy(), []
    # Ground of this size would be crossed for free, and swallow the facilities in it.
    large = areas > _LARGEST_ESTATE_M2
    for at, area in zip(np.array(polygons)[large], areas[large], strict=True):
        kept[at] = shapely.point_on_surface(geometry[at])
        message = say(
            "面积 {km2} 平方公里，大于一个小区的可能（10 平方公里）："
            "按其内部一点处理，用地面积未知。",
            km2=figure(round(area / 1e6, 1)),
        )
        findings.append(where.finding("warning", at, message, say("请核对边界。")))
    small = [at for at, too_large in zip(polygons, large, strict=True) if not too_large]
    return kept, findings + _overlaps(metric[~large], areas[~large], small, where)


def _overlaps(
    metric: Geometries, areas: NDArray[np.float64], polygons: list[int], where: Cells
) -> list[Finding]:
    if not polygons:
        return []
    found = overlaps(metric, least_share=_OVERLAP_SHARE)
    share = found.m2 / np.minimum(areas[found.first], areas[found.second])
    findings = []
    for a, b, part in zip(found.first[:_NAMED], found.second[:_NAMED], share, strict=False):
        message = say(
            "与第 {other} 行的小区重叠 {percent}%（占较小者），人口可能重复计算。",
            other=int(where.rows[polygons[b]]), percent=figure(round(part * 100)),
        )
        remedy = say("请核对两个小区的边界。")
        findings.append(where.finding("warning", polygons[a], message, remedy))
    more = len(found.first) - len(findings)
    if more:
        message = say("另有 {count} 对小区互相重叠，不再逐一列出。", count=more)
        findings.append(Finding("warning", where.layer, message, file=where.file))
    if not found.complete:
        findings.append(too_many_overlaps(where.layer, where.file))
    return findings


def areas_m2(geometry: Geometries) -> NDArray[np.float64]:
    """Return areas in square metres of geometries in WGS84 degrees."""
    return np.asarray(np.abs(shapely.area(in_metres(geometry))))


def in_metres(geometry: Geometries) -> Geometries:
    """Return geometries in WGS84 degrees moved to the metric CRS of their middle."""
    west, south, east, north = shapely.total_bounds(geometry)
    crs = metric_crs((west + east) / 2, (south + north) / 2)
    return moved_between(geometry, CRS(WGS84), crs)


def _in_words(shapes: Collection[str]) -> Message:
    words = {"point": say("点"), "line": say("线"), "polygon": say("面")}
    first, *others = [words[shape] for shape in words if shape in shapes]
    for other in others:
        first = say("{first}或{other}", first=first, other=other)
    return first
