"""JSON that could not be read as places: what it is instead, and how to save it otherwise."""

import json
import math
import mmap
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.language import Message, say
from geo.ledgers.numbers import shown

_GEOMETRIES = frozenset({
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
    "GeometryCollection",
})
# A larger text is not parsed only to say what is wrong with it.
_LOOKED_THROUGH = 64 << 20
_PARSED_AGAIN = 16 << 20
_CUT = re.compile(rb'"exceededTransferLimit"\s*:\s*true')
_SAVE: Final = say("请在 QGIS 或 ArcGIS 中打开，另存为 GeoJSON（WGS84）或 GeoPackage。")
_SAVE_TABLE: Final = say("请另存为带经纬度列的 CSV 或 XLSX，或转为 GeoJSON。")


class _VastError(Exception):
    """A figure is beyond any number."""


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _VastError(text)
    return number


def about_json(path: Path) -> tuple[Message, ...]:
    """Return what is to be told of a JSON file that was read: a server's answer may be cut."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if _CUT.search(data) is None:
            return ()
    return (say("服务器只返回了部分记录（exceededTransferLimit），文件不完整，请分批导出全部。"),)


def wrongly_given(path: Path, empty: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell of which features without a place the file does give one, which cannot be read.

    empty
        One a feature, as read. A large file is not parsed again: none is told.
    """
    wrong = np.zeros(len(empty), dtype=bool)
    if not empty.any() or path.stat().st_size > _PARSED_AGAIN:
        return wrong
    try:
        thing = json.loads(path.read_text(encoding="utf-8-sig", errors="replace"))
        features = thing["features"] if thing["type"] == "FeatureCollection" else [thing]
        given = [_has_figures(feature.get("geometry")) for feature in features]
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return wrong
    return empty & np.array(given, dtype=bool) if len(given) == len(empty) else wrong


def _has_figures(geometry: object) -> bool:
    """Tell whether something stands where a geometry has its coordinates."""
    if not isinstance(geometry, Mapping):
        return geometry is not None
    inside = geometry.get("coordinates", geometry.get("geometries"))
    while isinstance(inside, list) and len(inside) == 1:
        inside = inside[0]
    return inside not in (None, [])


def what_json_is(path: Path, shown_as: str) -> Message:
    """Return one sentence on a JSON file that GDAL could not read: its fault, or what it is."""
    if path.stat().st_size > _LOOKED_THROUGH:
        return _no_geojson(shown_as)
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            thing = json.load(file, parse_float=_finite)
    except _VastError as error:
        return say(
            "{file}：数字“{value}”超出范围，无法读取。请改正后重新导出。",
            file=shown_as, value=shown(error.args[0]),
        )
    except json.JSONDecodeError as error:
        return say(
            "{file}：JSON 有语法错误，在第 {line} 行第 {place} 个字符附近，文件可能已损坏或不完整。"
            "请重新导出。",
            file=shown_as, line=error.lineno, place=error.colno,
        )
    except (ValueError, RecursionError):
        return say("{file}：JSON 嵌套过深或数字过长，不予读取。请重新导出。", file=shown_as)
    return _told(thing, shown_as)


def _told(thing: Any, file: str) -> Message:  # noqa: ANN401 - whatever JSON can hold
    named = thing if isinstance(thing, Mapping) else {}
    kind = str(named.get("type"))  # whatever stands there: a list is no kind
    if kind == "Topology":
        return say("{file}：是 TopoJSON，没有可读的要素。{remedy}", file=file, remedy=_SAVE)
    if "geometryType" in named or "spatialReference" in named:
        return say("{file}：是 ESRI JSON，没有可读的要素。{remedy}", file=file, remedy=_SAVE)
    if kind in _GEOMETRIES or kind in {"Feature", "FeatureCollection"}:
        return say(
            "{file}：GeoJSON（{kind}）的写法有误，没有可读的要素，请重新导出。",
            file=file, kind=kind,
        )
    if isinstance(thing, list) or any(isinstance(each, list) for each in named.values()):
        return say("{file}：是 JSON 数据表，不是 GeoJSON。{remedy}", file=file, remedy=_SAVE_TABLE)
    return _no_geojson(file)


def _no_geojson(file: str) -> Message:
    return say("{file}：是 JSON，但不是 GeoJSON，没有可读的要素。{remedy}", file=file, remedy=_SAVE)
