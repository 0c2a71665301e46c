"""Columns of texts that say where a row is: pairs of figures, WKT, EWKT and WKB."""

import re
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.errors import CoordinateError
from geo.findings import Finding
from geo.language import say
from geo.ledgers.headers import fold
from geo.ledgers.numbers import Cells, figure, is_missing, read_numbers, says_missing, true_at
from geo.position.degrees import read_degrees, read_pair

Floats = NDArray[np.float64]

_EWKT = re.compile(r"\s*SRID\s*=\s*(\d{1,9})\s*;\s*", re.IGNORECASE)
_HEX = re.compile(r"\s*(?:\\x|0x)?((?:[0-9A-Fa-f]{2}){9,})\s*")
# No point of the earth lies so far north; a longitude of China always does.
_HIGHEST_LATITUDE = 90
_LONGEST = 180
_DEGREE_MARKS = re.compile("[°º˚度'′’\"″”分秒经纬东西南北EWNSewns]")


class Shapes(NamedTuple):
    """Geometries of a column, None where unreadable; what they all say of coordinates; notes."""

    geometry: NDArray[Any]
    crs: CRS | None
    findings: list[Finding]


def read_degree_column(cells: Cells) -> tuple[Floats, list[Finding]]:
    """Return longitudes or latitudes as float64, NaN where unknown, with each change told."""
    values, findings = np.array(cells.values, dtype=object), []
    spelled: dict[int, float] = {}
    for at, cell in enumerate(cells.values if cells.values.dtype == object else ()):
        if isinstance(cell, str) and _DEGREE_MARKS.search(cell) and (read := read_degrees(cell)):
            spelled[at], values[at] = read.value, None
            findings.append(_change(cells, at, figure(round(read.value, 8))))
    if not spelled:
        return read_numbers(cells, unit="degrees", least=-1e9)
    others = Cells(values, cells.rows, cells.header, cells.layer, cells.file)
    numbers, more = read_numbers(others, unit="degrees", least=-1e9)
    numbers[list(spelled)] = list(spelled.values())
    return numbers, [*findings, *more]


def read_pair_column(cells: Cells, *, y_said: bool) -> tuple[Floats, Floats, list[Finding]]:
    """Return x and y of cells such as 118.951,42.261, and how they were parted.

    y_said
        The user says that y stands first, which is heeded later, where coordinates are placed.
    """
    pairs = np.full((len(cells.values), 2), np.nan)
    findings = []
    remedy = say("请写成“经度,纬度”，例如 118.951,42.261；不知道就留空。")
    for at, cell in enumerate(cells.values):
        if is_missing(cell) or says_missing(str(cell)):
            continue
        pair = read_pair(str(cell))
        if pair is None:
            findings.append(cells.finding("error", at, say("无法读成经纬度。"), remedy))
        else:
            pairs[at] = pair
    known = ~np.isnan(pairs).any(axis=1)
    first, second = np.abs(pairs[known]).T if known.any() else np.empty((2, 0))
    y_first = _says_y_first(cells.header) or bool(
        known.any() and (first <= _HIGHEST_LATITUDE).all()
        and ((second > _HIGHEST_LATITUDE) & (second <= _LONGEST)).all()
    )
    x, y = pairs.T[::-1] if y_first and not y_said else pairs.T
    if known.any():
        message = (
            say("一格中有两个数，按“纬度,经度”拆开：{count} 行。", count=int(known.sum()))
            if y_first else
            say("一格中有两个数，按“经度,纬度”拆开：{count} 行。", count=int(known.sum()))
        )
        findings.append(Finding("info", cells.layer, message, file=cells.file,
                                column=cells.header))
    return np.array(x), np.array(y), findings


def holds_pairs(cells: Cells) -> bool:
    """Tell whether a column holds pairs or nothing; a header such as “location” may be of text."""
    filled = [str(cell) for cell in cells.values if not is_missing(cell)]
    filled = [text for text in filled if not says_missing(text)]
    return not filled or any(read_pair(text) is not None for text in filled)


def looks_like_shapes(cells: Cells) -> bool:
    """Tell whether the first filled cell of a column is WKT, EWKT or WKB."""
    first = next((str(cell) for cell in cells.values if not is_missing(cell)), "")
    return bool(_EWKT.match(first) or _HEX.fullmatch(first)) or (
        re.match(r"\s*(multi)?(point|linestring|polygon)\b", first, re.IGNORECASE) is not None
    )


def read_shape_column(cells: Cells) -> Shapes:
    """Return geometries out of WKT, EWKT and WKB in hexadecimal figures.

    Errors: CoordinateError where rows name different coordinate systems, or one that is unknown.
    """
    texts = [None if is_missing(cell) else str(cell) for cell in cells.values]
    geometry = np.full(len(texts), None, dtype=object)
    srid = np.zeros(len(texts), dtype=np.int64)
    plain: list[str | None] = [None] * len(texts)
    changed = []
    for at, text in enumerate(texts):
        if text is None:
            continue
        if match := _HEX.fullmatch(text):
            changed.append(at)
            geometry[at] = shapely.from_wkb(match[1], on_invalid="ignore")
            srid[at] = 0 if geometry[at] is None else max(shapely.get_srid(geometry[at]), 0)
            geometry[at] = shapely.set_srid(geometry[at], 0)
        elif match := _EWKT.match(text):
            changed.append(at)
            srid[at], plain[at] = int(match[1]), text[match.end():]
        else:
            plain[at] = text
    with np.errstate(invalid="ignore"):  # NaN among the coordinates, which is told below
        read = shapely.from_wkt(np.array(plain, dtype=object), on_invalid="ignore")
    spelled = np.array([text is not None for text in plain], dtype=bool)
    geometry[spelled] = read[spelled]
    remedy = say("请重新导出 WKT。")
    findings = [
        cells.finding("error", at, say("无法读成几何（WKT）。"), remedy)
        for at, text in enumerate(texts) if text is not None and geometry[at] is None
    ]
    read_rows = [at for at in changed if geometry[at] is not None]
    if read_rows:
        message = say("{count} 行是 EWKT 或 WKB，已按其几何读入。", count=len(read_rows))
        findings.append(Finding("info", cells.layer, message, file=cells.file,
                                column=cells.header))
    return Shapes(geometry, _one_system(srid, cells), findings)


def _one_system(srid: NDArray[np.int64], cells: Cells) -> CRS | None:
    said = sorted({int(number) for number in srid[srid > 0]})
    if not said:
        return None
    if len(said) > 1:
        at = true_at((srid > 0) & (srid != srid[srid > 0][0]))[0]
        raise CoordinateError(
            say(
                "{file}：几何写有不同的坐标系（SRID {srids}，第 {row} 行起不同），请统一后再导入。",
                file=cells.file, srids="、".join(map(str, said)), row=int(cells.rows[at]),
            )
        )
    try:
        return CRS.from_epsg(said[0])
    except CRSError:
        raise CoordinateError(
            say("{file}：几何所写的坐标系 SRID={srid} 无法识别，请改正。",
                file=cells.file, srid=said[0])
        ) from None


def _says_y_first(header: str) -> bool:
    """Tell whether a header names latitude before longitude: 纬度,经度; lat/lon."""
    text = fold(header)
    for y, x in (("纬", "经"), ("lat", "lon"), ("lat", "lng")):
        if y in text and x in text:
            return text.index(y) < text.index(x)
    return False


def _change(cells: Cells, at: int, read: str) -> Finding:
    return cells.finding("warning", at, say("读作 {figure}。", figure=read))
