"""Geometry out of a table: points from longitude and latitude, shapes from WKT, or none at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geo.errors import CoordinateError, LayerError
from geo.findings import Finding, Severity
from geo.language import Message, say
from geo.ledgers.header_systems import SHIFTED_RANK, system_named
from geo.ledgers.headers import Matching
from geo.ledgers.ledger import Table
from geo.ledgers.numbers import Cells, figure, is_missing, says_missing, true_at
from geo.position.no_coordinates import may_lack_coordinates, tell_without_coordinates
from geo.position.place_texts import (
    Floats,
    holds_pairs,
    looks_like_shapes,
    read_degree_column,
    read_pair_column,
    read_shape_column,
)
from geo.schema import Schema

# Columns by which a row without coordinates can still be told from others.
_LABELS = ("id", "name", "address", "street")
# Degrees within which all of China lies, and how programs keep them as whole numbers.
_CHINA, _MILLION = (73, 15, 136, 54), 1e6
_CALLED = {"wgs84": "WGS84", "cgcs2000": "CGCS2000", "gcj02": "GCJ-02", "bd09": "BD-09"}


@dataclass(frozen=True)
class TableGeometry:
    """What the rows of a table say of where they are.

    absent
        Rows whose cells are empty, or say that they are.
    crs
        Coordinate system that the cells name; None where none does.
    system
        What the headers name: wgs84, cgcs2000, gcj02, bd09; empty where none does.
    """

    geometry: NDArray[Any]
    absent: NDArray[np.bool_]
    crs: CRS | None
    findings: tuple[Finding, ...]
    system: str = ""


def geometry_of_table(
    table: Table, matching: Matching, schema: Schema, file: str, *, y_said: bool = False,
    system_said: str = "",
) -> TableGeometry:
    """Return points from longitude and latitude, or shapes from WKT.

    y_said
        The user says that y stands before x.
    system_said
        The system that the user says; stands above what headers name.

    Errors: LayerError for a table without coordinate columns whose rows need a place;
    CoordinateError for millionths of a degree, or more than one system.
    """
    found, crs = matching.columns, None
    has_both = "longitude" in found and "latitude" in found
    cells = _cells_of_place(table, matching, schema, file)
    aside = [] if "lonlat" not in found else _about_pairs(
        table.cells(found["lonlat"], schema.layer, file), beside=has_both or "wkt" in found
    )
    if has_both:
        geometry, absent, findings = _points(table, matching, schema, file)
    elif cells is not None and ("wkt" in found or looks_like_shapes(cells)):
        geometry, crs, findings = read_shape_column(cells)
        absent = _empty(geometry, cells)
    elif cells is not None and not aside:
        x, y, findings = read_pair_column(cells, y_said=y_said)
        geometry = _points_of(x, y, file)
        absent = _empty(geometry, cells)
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
    told = tell_without_coordinates(absent, rows, addresses)
    system, named = _system(table, matching, schema, file, said=system_said)
    if shapely.is_missing(geometry).all():
        system, named = "", []
    return TableGeometry(geometry, absent, crs, (*aside, *named, *findings, *told), system)


def _system(
    table: Table, matching: Matching, schema: Schema, file: str, *, said: str
) -> tuple[str, list[Finding]]:
    """Return the system that the headers of the position name, and what is said of it."""
    used: tuple[str, ...] = ("longitude", "latitude")
    if not {*used} <= matching.columns.keys():
        used = ("wkt",) if "wkt" in matching.columns else ("lonlat",)
    headers = [table.headers[matching.columns[name]] for name in used if name in matching.columns]
    named = {header: system for header in headers if (system := system_named(header))}
    systems = sorted(set(named.values()))
    if not systems or systems == [said]:
        return "", []
    shown = "”“".join(named)
    called = "、".join(_CALLED[system] for system in systems)
    remedy = say("请核对。")
    if said:
        message = say("列名“{header}”写的坐标系是 {named}，研究写的是 {said}，以后者为准。",
                      header=shown, named=called, said=said)
        # To metres the two common ones are one.
        severity: Severity = "info" if {*systems, said} <= {"wgs84", "cgcs2000"} else "warning"
        return "", [Finding(severity, schema.layer, message, remedy, file)]
    if len(systems) > 1:
        message = say("列名“{header}”写的坐标系不一致（{named}），都没有采用。",
                      header=shown, named=called)
        return "", [Finding("warning", schema.layer, message, remedy, file)]
    message = (
        say("按列名“{header}”，坐标是 {named}，已换算为 WGS84。", header=shown, named=called)
        if systems[0] in SHIFTED_RANK
        else say("按列名“{header}”，坐标是 {named}。", header=shown, named=called)
    )
    return systems[0], [Finding("info", schema.layer, message, None, file)]


def _cells_of_place(
    table: Table, matching: Matching, schema: Schema, file: str
) -> Cells | None:
    """Return the one column that says where the rows are; None where there is none."""
    at = matching.columns.get("wkt", matching.columns.get("lonlat"))
    return None if at is None else table.cells(at, schema.layer, file)


def _about_pairs(cells: Cells, *, beside: bool) -> list[Finding]:
    """Return why a column under a header of pairs is not read; empty where it is."""
    if beside:
        message = say("已有另外的坐标列，这一列没有读。")
        return [Finding("info", cells.layer, message, file=cells.file, column=cells.header)]
    if holds_pairs(cells) or looks_like_shapes(cells):
        return []
    message = say("没有一格能读成经纬度，这一列没有作坐标读。")
    remedy = say("请写成“经度,纬度”，例如 118.951,42.261；不知道就留空。")
    return [Finding("warning", cells.layer, message, remedy, cells.file, column=cells.header)]


def _points(
    table: Table, matching: Matching, schema: Schema, file: str
) -> tuple[NDArray[Any], NDArray[np.bool_], list[Finding]]:
    cells = [table.cells(matching.columns[name], schema.layer, file)
             for name in ("longitude", "latitude")]
    (x, about_x), (y, about_y) = (read_degree_column(each) for each in cells)
    geometry = _points_of(x, y, file)
    return geometry, _empty(geometry, *cells), [*about_x, *about_y]


def _points_of(x: Floats, y: Floats, file: str) -> NDArray[Any]:
    geometry = np.full(len(x), None, dtype=object)
    known = ~(np.isnan(x) | np.isnan(y))
    _refuse_millionths(x[known], y[known], file)
    geometry[known] = shapely.points(x[known], y[known])
    return geometry


def _refuse_millionths(x: Floats, y: Floats, file: str) -> None:
    """Refuse degrees times a million, which no metres of China are: their y is below 6 million."""
    west, south, east, north = (side * _MILLION for side in _CHINA)
    if len(x) and ((west <= x) & (x <= east) & (south <= y) & (y <= north)).all():
        raise CoordinateError(
            say(
                "{file}：坐标是百万分之一度（例如 {x}, {y}），请除以 1000000 后再导入。",
                file=file, x=figure(x[0]), y=figure(y[0]),
            )
        )


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
