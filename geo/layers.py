"""The one way a layer is read: any supported file becomes a frame in WGS84 and its findings."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geo.coordinates import WGS84
from geo.dates import read_dates
from geo.errors import LayerError
from geo.findings import Finding
from geo.language import say
from geo.ledger import CSV_SUFFIXES, WORKBOOK_SUFFIXES, Table, read_ledger
from geo.numbers import Cells, figure, is_missing, read_numbers
from geo.positions import to_wgs84
from geo.schema import SCHEMAS, Column, Matching, Schema, match_headers
from geo.shapes import doubtful_estates, of_allowed_types, repaired, without_unreadable
from geo.vector import VECTOR_SUFFIXES, VectorFile, read_vector
from geo.words import read_flags, read_texts, read_words

# The first cannot exceed the second.
_PARTS = (
    ("nursing_beds", "beds"),
    ("delivered_households", "households"),
    ("elderly_60plus", "population"),
    ("elderly_65plus", "elderly_60plus"),
    ("elderly_80plus", "elderly_65plus"),
)
# Rows with an empty needed cell are named one by one up to here, then counted.
_NAMED_ONE_BY_ONE = 50


@dataclass(frozen=True)
class Layer:
    """One layer as it was read.

    frame
        In EPSG:4326, with canonical columns, `id` and `row`; geometry None where unknown.
    findings
        Everything noticed, in the order of the reading.
    """

    frame: gpd.GeoDataFrame
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Source:
    """A file taken apart: its table, its geometry, and what it says about coordinates."""

    table: Table
    matching: Matching
    geometry: NDArray[Any]
    broken: NDArray[np.bool_]
    crs: CRS | None
    findings: tuple[Finding, ...]


def read_layer(
    path: Path | str,
    layer_name: str,
    *,
    sheet: str | None = None,
    coordinates: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> Layer:
    """Return a layer of a file as a frame with canonical columns in WGS84, and the findings.

    layer_name
        Key of `schema.SCHEMAS`.
    sheet
        Sheet of a workbook or layer of a geographic file; needed where there are several.
    coordinates
        wgs84, cgcs2000, gcj02, bd09 or EPSG:n; stands above what the file says.
    columns
        Header -> canonical column, where the header is not one we know.

    Errors: LayerError for a file that cannot be used, CoordinateError for coordinates that cannot
    be placed with confidence. An unreadable cell is unknown, with a finding of severity error.
    """
    path, schema = Path(path), SCHEMAS[layer_name]
    _require_file(path)
    try:
        source = _open(path, schema, sheet=sheet, columns=columns or {})
    except OSError as error:
        raise LayerError(
            say("{file}：无法打开（{error}）。", file=path.name, error=error.strerror or error)
        ) from None
    values, findings = _read_columns(source, schema, path.name)
    where = _names(source, values, schema, path.name)
    geometry, about = _placed(source, where, schema, coordinates)
    findings = [*source.findings, *findings, *about]
    values["id"], more = _identities(values.get("id"), source.table, schema, path.name)
    findings += more
    frame = gpd.GeoDataFrame(
        {"id": values.pop("id"), "row": source.table.rows, **values},
        geometry=gpd.GeoSeries(geometry, crs=WGS84),
    )
    findings += _whole_layer(frame, source, schema, path.name)
    return Layer(frame, tuple(findings))


def _require_file(path: Path) -> None:
    suffixes = (*CSV_SUFFIXES, *WORKBOOK_SUFFIXES, ".xlsm", *VECTOR_SUFFIXES)
    if not path.exists():
        raise LayerError(say("{file}：文件不存在，请核对路径 {path}。", file=path.name, path=path))
    if path.suffix.lower() not in suffixes:
        raise LayerError(
            say(
                "{file}：不支持这种格式，请用 {known}。",
                file=path.name, known="、".join(s for s in suffixes if s != ".xlsm"),
            )
        )
    if path.is_dir() != (path.suffix.lower() == ".gdb"):
        raise LayerError(say("{file}：应是文件，却是文件夹（或相反）。", file=path.name))
    if path.is_file() and path.stat().st_size == 0:
        raise LayerError(say("{file}：是空文件（0 字节）。", file=path.name))


def _open(
    path: Path, schema: Schema, *, sheet: str | None, columns: Mapping[str, str]
) -> _Source:
    if path.suffix.lower() in VECTOR_SUFFIXES:
        file = read_vector(path, layer=sheet)
        table, cut_at = file.table, file.cut_at
    else:
        file, cut_at = None, None
        table = read_ledger(path, schema, sheet=sheet)
    figures = [p for p, cells in enumerate(table.columns) if cells.dtype.kind in "iuf"]
    matching = match_headers(
        table.headers, schema, columns=columns, cut_at=cut_at, numeric=figures
    )
    _require_columns(table, matching, schema, path.name, columns)
    findings = [*table.findings, *_about_headers(table, matching, schema, path.name)]
    if file is None:
        geometry, more = _geometry_of_table(table, matching, schema, path.name)
        return _Source(table, matching, geometry, np.zeros(len(geometry), dtype=bool), None,
                       (*findings, *more))
    _require_geometry(file, path.name)
    notes = [Finding("warning", schema.layer, note, file=path.name) for note in file.notes]
    return _Source(table, matching, file.geometry, file.broken, file.crs, (*notes, *findings))


def _require_columns(
    table: Table, matching: Matching, schema: Schema, file: str, columns: Mapping[str, str]
) -> None:
    headers = "、".join(header for header in table.headers if header) or "—"
    known = {column.name for column in schema.columns} | {"longitude", "latitude", "wkt"}
    problems = [
        say("{file}：columns 里的“{name}”不是本图层的列，可用：{known}。",
            file=file, name=name, known="、".join(sorted(known)))
        for name in columns.values() if name not in known
    ]
    problems += [
        say("{file}：columns 里的“{header}”不在文件中，现有列：{headers}。",
            file=file, header=header, headers=headers)
        for header, name in columns.items() if name in known and name not in matching.columns
    ]
    problems += [
        say(
            "{file}：缺少“{chinese}”（{name}）列，现有列：{headers}。"
            "请改列名，或写明 columns = {{ \"文件中的列名\" = \"{name}\" }}。",
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
    if matching.unused:
        unused = "、".join(table.headers[position] for position in matching.unused)
        message = say("没有用到的列：{unused}。", unused=unused)
        findings.append(Finding("info", schema.layer, message, file=file))
    return findings


def _geometry_of_table(
    table: Table, matching: Matching, schema: Schema, file: str
) -> tuple[NDArray[Any], list[Finding]]:
    """Return points from longitude and latitude, or shapes from WKT."""
    found = matching.columns
    if "longitude" in found and "latitude" in found:
        x, about_x = read_numbers(_cells(table, found["longitude"], schema, file),
                                  unit="degrees", least=-1e9)
        y, about_y = read_numbers(_cells(table, found["latitude"], schema, file),
                                  unit="degrees", least=-1e9)
        geometry = np.full(len(x), None, dtype=object)
        known = ~(np.isnan(x) | np.isnan(y))
        geometry[known] = shapely.points(x[known], y[known])
        return geometry, [*about_x, *about_y]
    if "wkt" in found:
        cells = _cells(table, found["wkt"], schema, file)
        texts = [None if is_missing(cell) else str(cell) for cell in cells.values]
        geometry = shapely.from_wkt(np.array(texts, dtype=object), on_invalid="ignore")
        remedy = say("请重新导出 WKT。")
        return geometry, [
            cells.finding("error", at, say("无法读成几何（WKT）。"), remedy)
            for at, text in enumerate(texts) if text is not None and geometry[at] is None
        ]
    if len(table.rows) == 0:
        return np.array([], dtype=object), []
    raise LayerError(
        say(
            "{file}：没有坐标列（经度、纬度，或 WKT），现有列：{headers}。请补上坐标，或改用空间数据文件。",
            file=file, headers="、".join(header for header in table.headers if header),
        )
    )


def _require_geometry(file: VectorFile, name: str) -> None:
    if len(file.geometry) and shapely.is_missing(file.geometry).all() and not file.broken.any():
        raise LayerError(say("{file}：没有一行有可读的几何，请重新导出。", file=name))


def _cells(table: Table, position: int, schema: Schema, file: str) -> Cells:
    return Cells(table.columns[position], table.rows, table.headers[position], schema.layer, file)


def _read_columns(
    source: _Source, schema: Schema, file: str
) -> tuple[dict[str, Any], list[Finding]]:
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    for column in schema.columns:
        position = source.matching.columns.get(column.name)
        if position is None:
            continue
        cells = _cells(source.table, position, schema, file)
        values[column.name], about = _read_column(cells, column)
        findings += about
        if column.needed:
            findings += _empty_cells(cells, column)
    for name, code in source.matching.settled.items():
        said = values.get(name, pd.Series(None, index=range(len(source.table.rows)), dtype="str"))
        values[name] = said.fillna(code)
    return values, findings


def _read_column(cells: Cells, column: Column) -> tuple["pd.Series[Any]", list[Finding]]:
    if column.kind in {"count", "number"}:
        numbers, findings = read_numbers(cells, whole=column.kind == "count", unit=column.unit)
        return pd.Series(numbers), findings
    if column.kind == "date":
        days, findings = read_dates(cells)
        return pd.Series(days), findings
    if column.kind == "flag":
        flags, findings = read_flags(cells)
        return pd.Series(flags, dtype="boolean"), findings
    reader = read_texts(cells) if column.kind == "text" else read_words(cells, column)
    return pd.Series(reader[0], dtype="str"), reader[1]


def _empty_cells(cells: Cells, column: Column) -> list[Finding]:
    """Return findings about empty cells of a needed column; words for emptiness have theirs."""
    empty = [at for at, cell in enumerate(cells.values) if is_missing(cell)]
    message = say("“{chinese}”缺失，按未知处理。", chinese=column.chinese)
    if len(empty) <= _NAMED_ONE_BY_ONE:
        return [cells.finding("warning", at, message, say("请补上。")) for at in empty]
    rows = "、".join(str(cells.rows[at]) for at in empty[:_NAMED_ONE_BY_ONE])
    message = say(
        "“{chinese}”有 {count} 行缺失，按未知处理（第 {rows} 行等）。",
        chinese=column.chinese, count=len(empty), rows=rows,
    )
    return [Finding("warning", cells.layer, message, say("请补上。"), cells.file,
                    column=cells.header)]


def _names(source: _Source, values: Mapping[str, Any], schema: Schema, file: str) -> Cells:
    """Return the rows under their names, for findings about their geometry."""
    count = len(source.table.rows)
    labels = values.get("name", values.get("id"))
    texts = np.full(count, "", dtype=object)
    if labels is not None:
        texts = labels.fillna("").to_numpy(dtype=object)
    return Cells(texts, source.table.rows, "", schema.layer, file)


def _placed(
    source: _Source, where: Cells, schema: Schema, coordinates: str | None
) -> tuple[NDArray[Any], list[Finding]]:
    """Return geometries in WGS84, each check in turn."""
    if len(source.geometry) == 0:
        return source.geometry, []
    geometry, findings = without_unreadable(source.geometry, where, broken=source.broken)
    for check in (
        lambda shapes: of_allowed_types(shapes, where, schema),
        lambda shapes: to_wgs84(shapes, where, declared=source.crs, coordinates=coordinates),
        lambda shapes: repaired(shapes, where),
    ):
        geometry, more = check(geometry)
        findings += more
    if schema.layer == "residential":
        findings += doubtful_estates(geometry, where)
    return geometry, findings


def _identities(
    given: "pd.Series[Any] | None", table: Table, schema: Schema, file: str
) -> tuple["pd.Series[Any]", list[Finding]]:
    """Return ids; absent ones are the layer's letter and the number of the row under the header.

    Errors: LayerError where two rows have the same id.
    """
    made = pd.Series([f"{schema.prefix}{row - table.header_row}" for row in table.rows],
                     dtype="str")
    if given is None:
        return made, []
    ids = given.where(given.notna(), made)
    repeated = ids[ids.duplicated()]
    if len(repeated):
        first = int(ids[ids == repeated.iloc[0]].index[0])
        raise LayerError(
            say(
                "{file}：编号“{id}”重复，第 {first} 行和第 {row} 行都是它，请改正。",
                file=file, id=repeated.iloc[0], first=int(table.rows[first]),
                row=int(table.rows[repeated.index[0]]),
            )
        )
    findings = [
        Finding("warning", schema.layer, say("编号为空，记作“{id}”。", id=ids[at]), file=file,
                row=int(table.rows[at]))
        for at in np.flatnonzero(given.isna())
    ]
    return ids, findings


def _whole_layer(
    frame: gpd.GeoDataFrame, source: _Source, schema: Schema, file: str
) -> list[Finding]:
    """Return findings that look at several cells: no rows, repeated rows, parts above wholes."""
    if len(frame) == 0:
        message = say("图层没有数据行（没有数据）。")
        return [Finding("error", schema.layer, message, say("请补上数据。"), file)]
    # Rows with ids of their own are different on purpose.
    own_ids = "id" in source.matching.columns
    findings = [] if own_ids else _repeated_rows(frame, schema, file)
    headers = {name: source.table.headers[at] for name, at in source.matching.columns.items()}
    for part, whole in _PARTS:
        if part in frame and whole in frame:
            for at in np.flatnonzero(frame[part] > frame[whole]):
                message = say(
                    "“{part}” {a} 大于“{whole}” {b}。", part=headers[part], whole=headers[whole],
                    a=figure(frame[part][at]), b=figure(frame[whole][at]),
                )
                findings.append(Finding("warning", schema.layer, message, say("请核对两列。"),
                                        file, int(frame["row"][at]), headers[part]))
    if schema.layer == "population" and (frame["population"] == 0).all():
        message = say("人口全部为 0，无法计算覆盖率。")
        findings.append(Finding("error", schema.layer, message, say("请核对这一列。"), file,
                                column=headers["population"], value="0"))
    return findings


def _repeated_rows(frame: gpd.GeoDataFrame, schema: Schema, file: str) -> list[Finding]:
    cells = pd.DataFrame(frame.drop(columns=["id", "geometry"]))
    cells["place"] = shapely.to_wkb(frame.geometry.to_numpy(), hex=True)
    cells = cells[cells["place"].notna()]
    alike = [name for name in cells.columns if name != "row"]
    again = cells[cells.duplicated(alike)]
    if again.empty:
        return []
    first = cells.groupby(alike, dropna=False)["row"].transform("first")
    return [
        Finding(
            "warning", schema.layer,
            say("与第 {first} 行完全相同，疑似重复。", first=int(first[at])),
            say("请删去其中一行。"), file, int(cells["row"][at]),
        )
        for at in again.index
    ]
