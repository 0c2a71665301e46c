"""Geometry out of a table: points from longitude and latitude, shapes from WKT, or none at all."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import LayerError
from geo.findings import Finding
from geo.headers import Matching
from geo.language import Message, say
from geo.ledger import Table
from geo.no_coordinates import may_lack_coordinates, tell_without_coordinates
from geo.numbers import Cells, is_missing, read_numbers, says_missing, true_at
from geo.schema import Schema

# Columns by which a row without coordinates can still be told from others.
_LABELS = ("id", "name", "address", "street")


def geometry_of_table(
    table: Table, matching: Matching, schema: Schema, file: str
) -> tuple[NDArray[Any], NDArray[np.bool_], list[Finding]]:
    """Return points from longitude and latitude, or shapes from WKT; which rows give none; notes.

    Errors: LayerError for a table without coordinate columns whose rows need a place.
    """
    found = matching.columns
    if "longitude" in found and "latitude" in found:
        geometry, absent, findings = _points(table, matching, schema, file)
    elif "wkt" in found:
        geometry, absent, findings = _shapes(table, matching, schema, file)
    else:
        geometry = np.full(len(table.rows), None, dtype=object)
        absent, findings = np.ones(len(table.rows), dtype=bool), []
        labels = [table.columns[found[name]] for name in _LABELS if name in found]
        if absent.any() and not may_lack_coordinates(schema.layer, labels):
            raise LayerError(without_coordinate_column(table.headers, file))
    names, addresses = (
        table.columns[found[name]] if name in found else np.full(len(table.rows), None)
        for name in ("name", "address")
    )
    rows = Cells(names, table.rows, "", schema.layer, file)
    return geometry, absent, [*findings, *tell_without_coordinates(absent, rows, addresses)]


def _points(
    table: Table, matching: Matching, schema: Schema, file: str
) -> tuple[NDArray[Any], NDArray[np.bool_], list[Finding]]:
    cells = [table.cells(matching.columns[name], schema.layer, file)
             for name in ("longitude", "latitude")]
    (x, about_x), (y, about_y) = (
        read_numbers(each, unit="degrees", least=-1e9) for each in cells
    )
    geometry = np.full(len(x), None, dtype=object)
    known = ~(np.isnan(x) | np.isnan(y))
    geometry[known] = shapely.points(x[known], y[known])
    return geometry, _empty(geometry, *cells), [*about_x, *about_y]


def _shapes(
    table: Table, matching: Matching, schema: Schema, file: str
) -> tuple[NDArray[Any], NDArray[np.bool_], list[Finding]]:
    cells = table.cells(matching.columns["wkt"], schema.layer, file)
    texts = [None if is_missing(cell) else str(cell) for cell in cells.values]
    with np.errstate(invalid="ignore"):  # NaN among the coordinates, which is told below
        geometry = shapely.from_wkt(np.array(texts, dtype=object), on_invalid="ignore")
    remedy = say("请重新导出 WKT。")
    return geometry, _empty(geometry, cells), [
        cells.finding("error", at, say("无法读成几何（WKT）。"), remedy)
        for at, text in enumerate(texts) if text is not None and geometry[at] is None
    ]


def _empty(geometry: NDArray[Any], *columns: Cells) -> NDArray[np.bool_]:
    """Return which rows have no geometry because their cells are empty, or say that they are."""
    empty = shapely.is_missing(geometry)
    for at in true_at(empty):
        cells = [column.values[at] for column in columns]
        empty[at] = all(is_missing(cell) or says_missing(str(cell)) for cell in cells)
    return np.asarray(empty)


def without_coordinate_column(headers: Sequence[str], file: str) -> Message:
    """Return the refusal of a table whose rows need coordinates and have no column of them."""
    return say(
        "{file}：没有坐标列（经度、纬度，或 WKT），现有列：{headers}。"
        "请补上坐标，或改用空间数据文件。",
        file=file, headers="、".join(header for header in headers if header),
    )
