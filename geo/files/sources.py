"""A file taken apart: its table, which header is which column, its geometry, its CRS."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geo.databases.address import is_database, shown_url
from geo.door.names import enumerated
from geo.errors import LayerError
from geo.files.archives import ARCHIVES, DataSet, one_data_set
from geo.files.other_formats import what_to_do
from geo.files.vector import VECTOR_SUFFIXES, VectorFile, column_names, read_vector
from geo.findings import Finding
from geo.language import say
from geo.ledgers.column_check import about_headers, require_columns
from geo.ledgers.headers import Matching, match_headers
from geo.ledgers.ledger import CSV_SUFFIXES, WORKBOOK_SUFFIXES, Table, read_ledger
from geo.ledgers.personal_columns import personal_columns
from geo.position.coordinates import spoken
from geo.position.table_geometry import geometry_of_table
from geo.position.zones import Bounds
from geo.reasons import why
from geo.schema import Schema

RASTER_SUFFIXES = (".tif", ".tiff")
_NAMED = 5
# What can be read as a layer, by the ending of its name.
SUFFIXES = (*CSV_SUFFIXES, *WORKBOOK_SUFFIXES, *VECTOR_SUFFIXES, *ARCHIVES, *RASTER_SUFFIXES)


@dataclass(frozen=True)
class Said:
    """What the user says of a file.

    sheet
        Sheet of a workbook, layer of a geographic file, table of a database, or band of a grid.
    columns
        Header -> canonical column.
    coordinates
        System of the coordinates; stands above what the file says.
    near
        West, south, east, north in WGS84 of where the rows should lie.
    """

    sheet: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    coordinates: str | None = None
    near: Bounds | None = None


@dataclass(frozen=True)
class Source:
    """A file taken apart: its table, its geometry, and what it says about coordinates.

    name
        Of the file in messages: a ledger inside an archive has both names.
    fingerprint
        sha256 of the rows of a database's table; empty for a file, which has its own.
    absent
        Rows of a table whose coordinates are empty, which has been told; None for other files.
    system
        Of the coordinates, as the headers of a table name it; empty where none does.
    closed
        Rows whose outline was closed by a straight side; None for tables.
    """

    name: str
    table: Table
    matching: Matching
    geometry: NDArray[Any]
    broken: NDArray[np.bool_]
    crs: CRS | None
    findings: tuple[Finding, ...]
    fingerprint: str = ""
    absent: NDArray[np.bool_] | None = None
    system: str = ""
    closed: NDArray[np.bool_] | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Canonical column -> header as the file spells it."""
        return {name: self.table.headers[at] for name, at in self.matching.columns.items()}


@dataclass(frozen=True)
class _Opened:
    """What was read, before headers are matched; `shape` None for a table without geometry."""

    table: Table
    shape: VectorFile | None
    name: str
    fingerprint: str = ""


def open_source(path: Path | str, schema: Schema, said: Said) -> Source:
    """Return a file, the one data set of a folder or an archive, or a database's table, apart.

    Errors: LayerError for a file that is missing, empty, unreadable, of an unknown format, or
    without a needed column.
    """
    if is_database(path):
        return _matched(_from_database(str(path), schema, said.sheet), schema, said)
    path = Path(path)
    _require_file(path)

    def fits(inside: Path) -> bool:
        return _has_columns(*column_names(inside), schema, said.columns)

    try:
        with one_data_set(path, said.sheet, fits=fits) as found:
            opened = _from_file(found, schema, said)
    except OSError as error:
        raise LayerError(
            say("{file}：无法打开（{error}）。", file=path.name, error=why(error))
        ) from None
    source = _matched(opened, schema, said)
    return replace(source, findings=(*_about_choice(found, schema), *source.findings))


def _about_choice(found: DataSet, schema: Schema) -> list[Finding]:
    """Return how a data set was chosen among others, and what was left aside."""
    findings = []
    if found.chosen is not None:
        findings.append(Finding("warning", schema.layer, found.chosen, file=found.shown_as))
    if found.aside:
        names = enumerated(found.aside[:_NAMED])
        message = say(
            "读入的是其中的 {name}；里面还有 {count} 个可读的文件没有读：{names}。",
            name=found.inside, count=len(found.aside), names=names,
        )
        findings.append(Finding("info", schema.layer, message, file=found.shown_as))
    return findings


def _require_file(path: Path) -> None:
    if not path.exists():
        raise LayerError(say("{file}：文件不存在，请核对路径 {path}。", file=path.name, path=path))
    if path.suffix.lower() not in (*SUFFIXES, ".xlsm") and not path.is_dir():
        raise LayerError(
            what_to_do(path.name) or say(
                "{file}：不支持的格式，请用 {known}。",
                file=path.name, known="、".join(SUFFIXES),
            )
        )
    if path.is_file() and path.suffix.lower() == ".gdb":
        raise LayerError(say("{file}：应是文件夹（FileGDB），却是文件。", file=path.name))
    if path.is_file() and path.stat().st_size == 0:
        raise LayerError(say("{file}：是空文件（0 字节）。", file=path.name))


def _has_columns(
    headers: Sequence[str], cut_at: int | None, schema: Schema, columns: Mapping[str, str]
) -> bool:
    """Tell whether headers name every needed column of a layer."""
    found = match_headers(headers, schema, columns=columns, cut_at=cut_at).with_scaled().columns
    return all(column.name in found for column in schema.columns if column.needed)


def _from_file(found: DataSet, schema: Schema, said: Said) -> _Opened:
    suffix = found.path.suffix.lower()
    if suffix in RASTER_SUFFIXES:
        shape = _read_grid(found, schema, said)
        return _Opened(shape.table, shape, found.shown_as)
    if suffix in VECTOR_SUFFIXES:
        shape = read_vector(
            found.path, shown_as=found.shown_as, layer=found.layer,
            fits=lambda headers, cut_at: _has_columns(headers, cut_at, schema, said.columns),
        )
        return _Opened(shape.table, shape, found.shown_as)
    table = read_ledger(found.path, schema, sheet=found.layer, columns=said.columns)
    return _Opened(table, None, found.shown_as)


def _from_database(url: str, schema: Schema, name: str | None) -> _Opened:
    """Return a database's table, which is a ledger where it has no geometry."""
    from geo.databases.postgis import read_postgis  # noqa: PLC0415 - a database's library, for who has one

    rows, shown = read_postgis(url, layer=name), shown_url(url)
    if rows.shaped:
        return _Opened(rows.table, rows, shown, rows.fingerprint)
    notes = [Finding("warning", schema.layer, note, file=shown) for note in rows.notices]
    return _Opened(replace(rows.table, findings=tuple(notes)), None, shown, rows.fingerprint)


def _read_grid(found: DataSet, schema: Schema, said: Said) -> VectorFile:
    from geo.grids.people import read_raster  # noqa: PLC0415 - a slow start for the rare grid

    if schema.layer != "population":
        raise LayerError(
            say("{file}：格网（GeoTIFF）只能作人口图层（population）。", file=found.shown_as)
        )
    return read_raster(
        found.path, layer=found.layer, columns=said.columns, coordinates=said.coordinates,
        near=said.near,
    )


def _matched(opened: _Opened, schema: Schema, said: Said) -> Source:
    """Return a source with its headers matched and its geometry beside its rows."""
    columns = said.columns
    table, shape, name = opened.table, opened.shape, opened.name
    matching = match_headers(
        table.headers, schema, columns=columns,
        cut_at=None if shape is None else shape.cut_at,
        numeric=() if shape is None else shape.figures,
        levels=table.levels[:len(table.headers)],
    ).with_scaled()
    _require_any_column(table, schema, name)
    require_columns(table, matching, schema, name, columns)
    findings = [
        *table.findings, *about_headers(table, matching, schema, name),
        *personal_columns(table, matching, schema, name),
    ]
    if shape is None or shape.shapeless:
        system, y_said = spoken(said.coordinates)
        of = geometry_of_table(
            table, matching, schema, name, y_said=y_said, system_said=system
        )
        return Source(
            name, table, matching, of.geometry, np.zeros(len(of.geometry), dtype=bool), of.crs,
            (*findings, *of.findings), opened.fingerprint, of.absent, of.system,
        )
    _require_geometry(shape, name)
    notes = [Finding("warning", schema.layer, note, file=name) for note in shape.notices]
    return Source(
        name, table, matching, shape.geometry, shape.broken, shape.crs, (*notes, *findings),
        opened.fingerprint, closed=shape.closed,
    )


def _require_any_column(table: Table, schema: Schema, name: str) -> None:
    """Refuse shapes alone, in one line rather than one for each column that is needed."""
    needed = [column.chinese for column in schema.columns if column.needed]
    if not any(table.headers) and not len(table.rows):
        raise LayerError(
            say("{file}：没有数据，一条记录也没有。请核对后重新导出。", file=name)
        )
    if needed and not any(table.headers):
        raise LayerError(
            say(
                "{file}：只有几何，没有一列属性，本图层需要：{columns}。"
                "请连同属性一起导出（GeoJSON 用 FeatureCollection）。",
                file=name, columns="、".join(needed),
            )
        )


def _require_geometry(file: VectorFile, name: str) -> None:
    if len(file.geometry) and shapely.is_missing(file.geometry).all() and not file.broken.any():
        raise LayerError(say("{file}：没有一行有可读的几何，请重新导出。", file=name))
