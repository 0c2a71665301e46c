"""A file taken apart: its table, which header is which column, its geometry, its CRS."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geo.database_address import is_database, shown_url
from geo.errors import LayerError
from geo.exact_integers import with_exact_integers
from geo.findings import Finding
from geo.headers import Matching, fold, match_headers
from geo.language import Message, say
from geo.ledger import CSV_SUFFIXES, WORKBOOK_SUFFIXES, Table, read_ledger
from geo.no_coordinates import may_lack_coordinates, tell_without_coordinates
from geo.numbers import Cells, is_missing, read_numbers, says_missing, true_at
from geo.personal_columns import personal_columns
from geo.schema import POSITION, Schema
from geo.vector import VECTOR_SUFFIXES, VectorFile, read_vector

RASTER_SUFFIXES = (".tif", ".tiff")
# Columns by which a row without coordinates can still be told from others.
_LABELS = ("id", "name", "address", "street")


@dataclass(frozen=True)
class Source:
    """A file taken apart: its table, its geometry, and what it says about coordinates.

    fingerprint
        sha256 of the rows of a database's table; empty for a file, which has its own.
    absent
        Rows of a table whose coordinates are empty, which has been told; None for other files.
    """

    table: Table
    matching: Matching
    geometry: NDArray[Any]
    broken: NDArray[np.bool_]
    crs: CRS | None
    findings: tuple[Finding, ...]
    fingerprint: str = ""
    absent: NDArray[np.bool_] | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Canonical column -> header as the file spells it."""
        return {name: self.table.headers[at] for name, at in self.matching.columns.items()}


def open_source(
    path: Path | str,
    schema: Schema,
    *,
    sheet: str | None,
    columns: Mapping[str, str],
    coordinates: str | None = None,
) -> Source:
    """Return a file, or a table of a database, taken apart.

    Errors: LayerError for a file that is missing, empty, unreadable, of an unknown format, or
    without a needed column.
    """
    if is_database(path):
        return _open(path, schema, sheet=sheet, columns=columns, coordinates=coordinates)
    path = Path(path)
    _require_file(path)
    try:
        return _open(path, schema, sheet=sheet, columns=columns, coordinates=coordinates)
    except OSError as error:
        raise LayerError(
            say("{file}：无法打开（{error}）。", file=path.name, error=error.strerror or error)
        ) from None


def _require_file(path: Path) -> None:
    suffixes = (*CSV_SUFFIXES, *WORKBOOK_SUFFIXES, ".xlsm", *VECTOR_SUFFIXES, *RASTER_SUFFIXES)
    if not path.exists():
        raise LayerError(say("{file}：文件不存在，请核对路径 {path}。", file=path.name, path=path))
    if path.suffix.lower() not in suffixes:
        raise LayerError(
            say(
                "{file}：不支持的格式，请用 {known}。",
                file=path.name, known="、".join(s for s in suffixes if s != ".xlsm"),
            )
        )
    if path.is_dir() != (path.suffix.lower() == ".gdb"):
        raise LayerError(say("{file}：应是文件，却是文件夹（或相反）。", file=path.name))
    if path.is_file() and path.stat().st_size == 0:
        raise LayerError(say("{file}：是空文件（0 字节）。", file=path.name))


def _open(
    path: Path | str,
    schema: Schema,
    *,
    sheet: str | None,
    columns: Mapping[str, str],
    coordinates: str | None,
) -> Source:
    name = shown_url(path) if isinstance(path, str) else path.name
    file: VectorFile | None
    fingerprint = ""
    if isinstance(path, str):
        file, table, fingerprint = _read_table(path, schema, sheet)
        cut_at = None
    elif path.suffix.lower() in RASTER_SUFFIXES:
        file = _read_grid(path, schema, sheet, columns, coordinates)
        table, cut_at = file.table, None
    elif path.suffix.lower() in VECTOR_SUFFIXES:
        file = read_vector(path, layer=sheet)
        table, cut_at = with_exact_integers(file.table, path, layer=sheet), file.cut_at
    else:
        file, cut_at = None, None
        table = read_ledger(path, schema, sheet=sheet, columns=columns)
    read = table if file is None else file.table
    figures = [p for p, cells in enumerate(read.columns) if cells.dtype.kind in "iuf"]
    matching = match_headers(
        table.headers, schema, columns=columns, cut_at=cut_at, numeric=figures,
        levels=table.levels[:len(table.headers)],
    )
    _require_columns(table, matching, schema, name, columns)
    findings = [
        *table.findings, *_about_headers(table, matching, schema, name),
        *personal_columns(table, matching, schema, name),
    ]
    if file is None:
        geometry, absent, more = _geometry_of_table(table, matching, schema, name)
        return Source(table, matching, geometry, np.zeros(len(geometry), dtype=bool), None,
                       (*findings, *more), fingerprint, absent)
    _require_geometry(file, name)
    notes = [Finding("warning", schema.layer, note, file=name) for note in file.notices]
    return Source(
        table, matching, file.geometry, file.broken, file.crs, (*notes, *findings), fingerprint
    )


def _read_table(
    url: str, schema: Schema, name: str | None
) -> tuple[VectorFile | None, Table, str]:
    """Return a database's table, which is a ledger where it has no geometry; its fingerprint."""
    from geo.postgis import read_postgis  # noqa: PLC0415 - a database's library, for who has one

    rows = read_postgis(url, layer=name)
    if rows.shaped:
        return rows, rows.table, rows.fingerprint
    notes = [Finding("warning", schema.layer, note, file=shown_url(url)) for note in rows.notices]
    return None, replace(rows.table, findings=tuple(notes)), rows.fingerprint


def _read_grid(
    path: Path,
    schema: Schema,
    band: str | None,
    columns: Mapping[str, str],
    coordinates: str | None,
) -> VectorFile:
    from geo.raster import read_raster  # noqa: PLC0415 - a slow start for the rare grid

    if schema.layer != "population":
        raise LayerError(
            say("{file}：格网（GeoTIFF）只能作人口图层（population）。", file=path.name)
        )
    return read_raster(path, layer=band, columns=columns, coordinates=coordinates)


def _require_geometry(file: VectorFile, name: str) -> None:
    if len(file.geometry) and shapely.is_missing(file.geometry).all() and not file.broken.any():
        raise LayerError(say("{file}：没有一行有可读的几何，请重新导出。", file=name))


def _require_columns(
    table: Table, matching: Matching, schema: Schema, file: str, columns: Mapping[str, str]
) -> None:
    headers = "、".join(header for header in table.headers if header) or "—"
    present = {fold(text) for stack in (table.headers, *table.levels) for text in stack}
    known = {column.name for column in schema.columns} | {column.name for column in POSITION}
    problems = [
        say("{file}：columns 里的“{name}”不是本图层的列，可用：{known}。",
            file=file, name=name, known="、".join(sorted(known)))
        for name in columns.values() if name not in known
    ]
    problems += [
        say("{file}：columns 里的“{header}”不在文件中，现有列：{headers}。",
            file=file, header=header, headers=headers)
        for header, name in columns.items() if name in known and fold(header) not in present
    ]
    other_units = {name: table.headers[at] for at, name in matching.other_units}
    problems += [
        say(
            "{file}：“{header}”的单位与“{chinese}”（{name}）列不符，请换算后改列名。",
            file=file, header=other_units[column.name], chinese=column.chinese, name=column.name,
        )
        if column.name in other_units else
        say(
            "{file}：缺少“{chinese}”（{name}）列，现有列：{headers}。"
            '请改列名，或写明 columns = {{ "文件中的列名" = "{name}" }}。',
            file=file, chinese=column.chinese, name=column.name, headers=headers,
        )
        for column in schema.columns if column.needed and column.name not in matching.columns
    ]
    if problems:
        raise LayerError(*problems)


def _about_headers(
    table: Table, matching: Matching, schema: Schema, file: str
) -> list[Finding]:
    findings = []
    for name, taken, left in matching.clashes:
        message = say(
            "“{taken}”与“{left}”都是 {name}，采用“{taken}”。",
            taken=table.headers[taken], left=table.headers[left], name=name,
        )
        remedy = say("请删去其中一列。")
        findings.append(Finding("warning", schema.layer, message, remedy, file,
                                column=table.headers[left]))
    for position, name in matching.other_units:
        message = say("列的单位与 {name} 不符，未采用这一列。", name=name)
        remedy = say("请换算后改列名。")
        findings.append(Finding("warning", schema.layer, message, remedy, file,
                                column=table.headers[position]))
    names = {position: name for name, position in matching.columns.items()}
    for position in matching.cut:
        message = say("列名被截断（.dbf 只存 10 个字节），当作 {name}。", name=names[position])
        remedy = say("若不对，请写明 columns。")
        findings.append(Finding("warning", schema.layer, message, remedy, file,
                                column=table.headers[position]))
    if matching.guessed:
        labels = {column.name: column.chinese for column in (*schema.columns, *POSITION)}
        pairs = "、".join(
            f"{table.headers[position]}→{labels[name]}" for position, name in matching.guessed
        )
        message = say("按近义列名采用：{pairs}。若不对，请写明 columns。", pairs=pairs)
        findings.append(Finding("info", schema.layer, message, file=file,
                                row=table.header_row or None))
    if matching.unused:
        unused = "、".join(table.headers[position] for position in matching.unused)
        message = say("没有用到的列：{unused}。", unused=unused)
        findings.append(Finding("info", schema.layer, message, file=file))
    return findings


def _geometry_of_table(
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
