"""GeoJSON looked through before GDAL parses it: orders instead of data, and where its CRS points.

GDAL takes the name of a CRS for a file or an address where it is neither a code nor a definition,
and opens it.
"""

import json
import mmap
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.errors import LayerError
from geo.language import say

# A letter may be written as its code, which a parser reads all the same.
_KEY = re.compile(rb'"(?:c|\\u0063)(?:r|\\u0072)(?:s|\\u0073)"\s*:\s*')
# ESRI's own; GDAL takes a number or a definition from it, and opens nothing.
_ESRI = re.compile(rb'"spatialReference"\s*:\s*\{\s*"(wkid|latestWkid|wkt)"')
_LONGEST = 4_096
# What tells how deep a place is: quotes, braces, and what a quote behind it does not end.
_MARK = re.compile(rb'["{}]|\\.', re.DOTALL)
# A name before a colon, with the text it names, or any other text: each is taken whole, so that
# none is gone through twice. GDAL makes a column of each name, in the square of their number.
_TEXT = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_ANY_KEY = re.compile(
    rb"(" + _TEXT + rb")\s*+:(?:\s*+" + _TEXT + rb"(?!\s*+:))?|" + _TEXT + rb"?", re.DOTALL
)
_MOST_KEYS = 5_000
_EPSG = re.compile(r":(\d{1,9})$")
_CODE = re.compile(
    r"(urn:(x-)?ogc:def:crs:(OGC|EPSG):[\w.]*:\w+|(EPSG|OGC):\w+|CRS84)", re.IGNORECASE
)


def geojson_says_crs(path: Path, shown_as: str) -> bool:
    """Tell whether a GeoJSON, or ESRI's JSON, says its CRS where GDAL looks for it.

    That is in the outermost object: GDAL passes over one that a feature or a property says.

    Errors: LayerError where it says it by anything but a code, holds GDAL orders, or has more names
    of properties than any layer.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data.find(b"gdal_streamed_alg") >= 0:
            raise LayerError(
                say("{file}：内容与扩展名不符，请改回正确的扩展名或重新导出。", file=shown_as)
            )
        _require_few_keys(data, shown_as)
        esri = _ESRI.search(data) is not None
        said = list(_said(data))
        at_the_top = _any_outermost(data, [at for at, value in said if isinstance(value, dict)])
    if not all(_is_code(value) for _, value in said):
        raise LayerError(
            say(
                "{file}：坐标系（crs）没有用编号写明，而是指向文件或网址，出于安全不予读取。"
                "请删去 crs 一项，或改为 EPSG 编号。",
                file=shown_as,
            )
        )
    return esri or at_the_top


def unknown_code(path: Path) -> str | None:
    """Return the code of the CRS a GeoJSON says, where nobody has such a code; else None."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        said = [value for _, value in _said(data)]
    for value in said:
        properties = value.get("properties") if isinstance(value, dict) else None
        if isinstance(properties, dict):
            code = str(properties.get("name", properties.get("code")))
            number = _EPSG.search(f":{code}")
            if number is not None and not _known(int(number[1])):
                return code
    return None


def _known(code: int) -> bool:
    for authority in ("EPSG", "ESRI"):  # whose codes are written as EPSG's by some programs
        try:
            CRS.from_authority(authority, code)
        except CRSError:
            continue
        return True
    return False


def _said(data: mmap.mmap) -> Iterator[tuple[int, Any]]:
    """Yield where each key `crs` stands, and its value."""
    for match in _KEY.finditer(data):
        yield match.start(), _value(data[match.end():match.end() + _LONGEST])


def _any_outermost(data: mmap.mmap, places: Sequence[int]) -> bool:
    """Tell whether any of these places, in their order, is in the outermost object itself."""
    depth, quoted, waiting = 0, False, iter(places)
    place = next(waiting, None)
    for match in _MARK.finditer(data):
        while place is not None and place <= match.start():
            if depth == 1 and not quoted:
                return True
            place = next(waiting, None)
        if place is None:
            return False
        mark = match[0]
        if mark == b'"':
            quoted = not quoted
        elif not quoted and mark in {b"{", b"}"}:
            depth += 1 if mark == b"{" else -1
    return False


def _require_few_keys(data: mmap.mmap, shown_as: str) -> None:
    keys: set[bytes] = set()
    for match in _ANY_KEY.finditer(data):
        keys.add(match[1] or b"")
        if len(keys) > _MOST_KEYS:
            raise LayerError(
                say(
                    "{file}：属性名超过 {limit} 个，不是图层。请只保留需要的属性后重新导出。",
                    file=shown_as, limit=_MOST_KEYS,
                )
            )


def _value(text: bytes) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """Return the value that stands at the beginning of a text; None where it does not end there."""
    try:
        return json.JSONDecoder().raw_decode(text.decode("utf-8", errors="replace"))[0]
    except (ValueError, RecursionError):
        return {"type": "unreadable"}


def _is_code(value: Any) -> bool:  # noqa: ANN401 - whatever JSON can hold
    """Tell whether a value names a CRS by its code, or is no CRS at all (a text in a property)."""
    if not isinstance(value, dict):
        return True
    properties = value.get("properties")
    if not isinstance(properties, dict):
        return False
    if value.get("type") == "EPSG":
        return isinstance(properties.get("code"), int)
    name = properties.get("name")
    return value.get("type") == "name" and isinstance(name, str) and (
        _CODE.fullmatch(name.strip()) is not None
    )
