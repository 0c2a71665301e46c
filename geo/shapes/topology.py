"""How polygons of a layer lie: drawn twice, overlapping, needles, spikes, parts far apart."""

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.findings import Finding
from geo.language import Message, say
from geo.ledgers.numbers import figure, true_at
from geo.schema import Schema
from geo.shapes.checked import in_metres
from geo.shapes.overlaps import overlaps, too_many_overlaps

Geometries = NDArray[Any]
Floats = NDArray[np.float64]

_SURFACE = 2  # dimensions of a polygon
# Rows or pairs of one kind are named one by one up to here, the rest are counted.
_NAMED = 200
# Less ground than this, or ground narrower than this, is a slip of the pen.
_SLIVER_M2, _NEEDLE_M = 1.0, 0.5
# A corner so sharp between sides so long is a spike.
_SHARP_DEGREES, _LONG_SIDE_M = 2.0, 10.0
# One estate, one site does not lie in parts so far from each other.
_APART_M = 5_000.0
_IN_ONE_PLACE = ("residential", "facilities", "candidates", "care_land")
# Neighbours drawn by hand overlap a little: counted, not named, below both.
_OVERLAP_M2, _OVERLAP_SHARE = 10_000.0, 0.01


def polygon_findings(frame: gpd.GeoDataFrame, schema: Schema, file: str) -> list[Finding]:
    """Return findings about the polygons of a layer in WGS84; other rows are passed over."""
    geometry = frame.geometry.to_numpy()
    rows = np.flatnonzero(shapely.get_dimensions(geometry) == _SURFACE)
    if len(rows) == 0:
        return []
    metric = in_metres(geometry[rows])
    names = frame["name"].astype(object).to_numpy()[rows] if "name" in frame else None
    about = _About(schema.layer, file, frame["row"].to_numpy()[rows], names)
    findings = [*_slivers(metric, about), *_spikes(metric, about)]
    if schema.layer in _IN_ONE_PLACE:
        findings += _scattered(metric, about)
    if schema.layer == "boundaries":
        level = frame["level"].astype(object).to_numpy()[rows] if "level" in frame else None
        findings += _overlapping(metric, about, level)
    elif schema.layer != "residential":  # whose overlaps are told with the estates
        findings += _drawn_twice(metric, about)
    return findings


class _About:
    """Where findings of a layer point to, and what the rows there are called."""

    def __init__(
        self, layer: str, file: str, rows: NDArray[Any], names: NDArray[Any] | None
    ) -> None:
        self.layer, self.file, self.rows, self.names = layer, file, rows, names

    def row(self, at: int) -> int:
        return int(self.rows[at])

    def name(self, at: int) -> str | None:
        name = None if self.names is None else self.names[at]
        return name if isinstance(name, str) else None

    def called(self, at: int) -> Message:
        """Return the row by its number, and by its name where it has one."""
        row, name = self.row(at), self.name(at)
        if name is None:
            return say("第 {row} 行", row=row)
        return say("第 {row} 行“{name}”", row=row, name=name)

    def finding(self, at: int, message: Any, remedy: Any = None) -> Finding:  # noqa: ANN401 - a message
        return Finding("warning", self.layer, message, remedy, self.file, self.row(at),
                       value=self.name(at) or "")  # fmt: skip

    def counted(self, named: Sequence[Finding], total: int) -> list[Finding]:
        """Return findings named one by one, and one that counts those beyond."""
        if total <= len(named):
            return list(named)
        message = say("另有 {count} 处与上面同类的问题，不再逐一列出。", count=total - len(named))
        return [*named, Finding("warning", self.layer, message, file=self.file)]


def _slivers(metric: Geometries, about: _About) -> list[Finding]:
    area, around = shapely.area(metric), shapely.length(metric)
    with np.errstate(invalid="ignore", divide="ignore"):
        width = 2 * area / around  # of a long strip
    found = true_at((area > 0) & ((area < _SLIVER_M2) | (width < _NEEDLE_M)))
    named = [
        about.finding(
            at,
            say(
                "面积只有 {area} 平方米、平均宽 {width} 米，像是绘图残片。",
                area=figure(round(float(area[at]), 2)), width=figure(round(float(width[at]), 2)),
            ),
            say("请核对是否应删去。"),
        )
        for at in found[:_NAMED]
    ]
    return about.counted(named, len(found))


def _spikes(metric: Geometries, about: _About) -> list[Finding]:
    rings, of = shapely.get_rings(_parts(metric)[0], return_index=True)
    polygon = _parts(metric)[1][of]
    # Once round and one corner more, so that the first corner is looked at too.
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    before, after = xy[:-1], xy[1:]
    same = ring[:-1] == ring[1:]
    side = (after - before)[same]
    of_side = ring[1:][same]
    following = np.arange(len(side)) + 1
    counts = np.bincount(of_side, minlength=len(rings))
    ends = np.cumsum(counts) - 1
    following[ends] = np.cumsum(counts) - counts  # the last side is followed by the first
    onwards = side[following]
    length, next_length = np.hypot(*side.T), np.hypot(*onwards.T)
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine = -(side * onwards).sum(axis=1) / (length * next_length)
    sharp = cosine > np.cos(np.radians(_SHARP_DEGREES))
    sharp &= (length > _LONG_SIDE_M) & (next_length > _LONG_SIDE_M)
    found = np.unique(polygon[of_side[sharp]]).tolist()
    named = [
        about.finding(
            at, say("轮廓上有尖刺（夹角小于 {degrees} 度）。", degrees=figure(_SHARP_DEGREES)),
            say("请核对轮廓。"),
        )
        for at in found[:_NAMED]
    ]
    return about.counted(named, len(found))


def _parts(metric: Geometries) -> tuple[Geometries, NDArray[np.int64]]:
    parts, of = shapely.get_parts(metric, return_index=True)
    return parts, of


def _scattered(metric: Geometries, about: _About) -> list[Finding]:
    """Return findings on sites whose parts lie kilometres apart."""
    several = true_at(shapely.get_num_geometries(metric) > 1)
    found = []
    for at in several:
        parts = shapely.get_parts(metric[at])
        largest = parts[int(np.argmax(shapely.area(parts)))]
        away = float(shapely.distance(parts, largest).max())
        if away > _APART_M:
            message = say(
                "由 {count} 部分组成，最远的一部分相距 {km} 公里，不像一处用地。",
                count=len(parts), km=figure(round(away / 1000, 1)),
            )
            found.append(about.finding(at, message, say("请核对是否误合并。")))
    return about.counted(found[:_NAMED], len(found))


def _drawn_twice(metric: Geometries, about: _About) -> list[Finding]:
    first, again = _repeated(metric)
    named = [
        about.finding(
            int(b), say("几何与{row}完全相同，面积重复计算。", row=about.called(int(a))),
            say("请核对是否同一对象。"),
        )
        for a, b in zip(first[:_NAMED], again[:_NAMED], strict=True)
    ]
    return about.counted(named, len(again))


def _repeated(metric: Geometries) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return pairs (first, later) of the same outline, wherever it begins."""
    outlines = shapely.to_wkb(shapely.normalize(metric))
    seen: dict[bytes, int] = {}
    first = np.array([seen.setdefault(outline, at) for at, outline in enumerate(outlines)])
    again = np.flatnonzero(first != np.arange(len(metric)))
    return first[again], again


def _overlapping(
    metric: Geometries, about: _About, level: NDArray[Any] | None
) -> list[Finding]:
    """Return findings on boundaries of one level that share ground."""
    found = overlaps(metric, alike=level)
    first, second, common = found.first, found.second, found.m2
    smaller = np.minimum(shapely.area(metric)[first], shapely.area(metric)[second])
    large = (common > _OVERLAP_M2) | (common > _OVERLAP_SHARE * smaller)
    named = [
        about.finding(
            int(a),
            say(
                "与{other}的同级边界重叠 {area} 平方米（占较小者 {percent}%），"
                "这部分面积和其中的人会算两次。",
                other=about.called(int(b)), area=round(part), percent=figure(round(share * 100, 1)),
            ),
            say("请核对两条边界。"),
        )
        for a, b, part, share in zip(
            first[large][:_NAMED], second[large][:_NAMED], common[large][:_NAMED],
            (common / smaller)[large][:_NAMED], strict=True,
        )
    ]
    small = common[~large & (common > _SLIVER_M2)]
    if len(small):
        message = say(
            "同级边界之间另有 {count} 处细小重叠，共 {area} 平方米。",
            count=len(small), area=round(float(small.sum())),
        )
        named.append(Finding("info", about.layer, message, file=about.file))
    if not found.complete:
        named.append(too_many_overlaps(about.layer, about.file))
    others = bool(len(small)) + (not found.complete)
    return about.counted(named, int(large.sum()) + others)
