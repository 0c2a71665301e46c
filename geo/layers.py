"""The one way a layer is read: any supported file becomes a frame in WGS84 and its findings."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.databases.address import is_database
from geo.door.contents import require_content
from geo.door.many import counted_beyond
from geo.errors import LayerError
from geo.files.sources import Said, Source, open_source
from geo.findings import Finding
from geo.language import say
from geo.ledgers.dates import read_dates
from geo.ledgers.ledger import Table
from geo.ledgers.numbers import Cells, is_missing, read_numbers, true_at
from geo.ledgers.words import read_flags, read_texts, read_words
from geo.position.coordinates import WGS84
from geo.position.far_rows import all_abroad
from geo.position.positions import to_wgs84
from geo.position.system_names import in_any_language
from geo.position.zones import Bounds
from geo.schema import SCHEMAS, Column, Schema
from geo.shapes.checked import (
    doubtful_estates,
    of_allowed_types,
    outlines_closed,
    repaired,
    without_unreadable,
)
from geo.shapes.consistency import shares_made_unknown, whole_layer

# What a row without an id of its own is called; `id` as the file alone has it.
MADE_ID: Final = say("编号为空，记作“{id}”。")
# Rows with an empty needed cell are named one by one up to here, then counted.
_NAMED_ONE_BY_ONE = 50
# A figure of more than 20 digits is not an id that a computer kept as a number.
_LONGEST_ID = 1e20


@dataclass(frozen=True)
class FileRead:
    """One of the files of a layer, with its headers and coordinates as a layer has them.

    streets
        Those that its rows name.
    """

    name: str
    headers: Mapping[str, str]
    coordinates: str
    streets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layer:
    """One layer as it was read.

    frame
        In EPSG:4326, with canonical columns, `id` and `row`; geometry None where unknown.
    findings
        Everything noticed, in the order of the reading; of one kind by the thousands, the first
        ones and how many more.
    fingerprint
        sha256 of the rows of a database's table; empty for a file.
    headers
        Canonical column -> header as the file spells it.
    coordinates
        The system the positions were read in, as said by the user or the file; empty: none said.
    files
        Every file of a layer out of several, those without rows too; none of another layer.
    made_ids
        Rows, as `row` has them, whose id was made since the file gives none; None: all.
    """

    frame: gpd.GeoDataFrame
    findings: tuple[Finding, ...]
    fingerprint: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    coordinates: str = ""
    files: tuple[FileRead, ...] = ()
    made_ids: tuple[int, ...] | None = None

    def headers_in(self, file: str) -> Mapping[str, str]:
        """Return the headers of one of its files; those of the layer where it is of one only."""
        return next((each.headers for each in self.files if each.name == file), self.headers)


def read_layer(
    path: Path | str,
    layer_name: str,
    *,
    sheet: str | None = None,
    coordinates: str | None = None,
    columns: Mapping[str, str] | None = None,
    near: Bounds | None = None,
) -> Layer:
    """Return a layer of a file as a frame with canonical columns in WGS84, and the findings.

    layer_name
        Key of `schema.SCHEMAS`.
    sheet
        Sheet of a workbook, layer of a geographic file, table of a database, or band of a grid;
        needed where there are several.
    coordinates
        wgs84, cgcs2000, gcj02, bd09 or EPSG:n; stands above what the file says.
    columns
        Header -> canonical column, where the header is not one we know.
    near
        West, south, east, north in WGS84 of where the rows should lie: it tells zones and swapped
        columns apart, and cuts a grid of the whole country.

    Errors: LayerError for a file that cannot be used, CoordinateError for coordinates that cannot
    be placed with confidence. An unreadable cell is unknown, with a finding of severity error.
    """
    schema = SCHEMAS[layer_name]
    if not is_database(path):
        require_content(Path(path), Path(path).name)
    said = Said(sheet, columns or {}, coordinates, near)
    source = open_source(path, schema, said)
    file = source.name
    values, findings = _read_columns(source, schema, file)
    findings += shares_made_unknown(values, schema, file, headers=source.headers)
    where = _names(source, values, schema, file)
    geometry, about = _placed(source, where, schema, said)
    findings = [*source.findings, *findings, *about]
    given, more = _own_ids(values.get("id"), schema, file)
    findings += more
    values["id"], more = _identities(given, source.table, schema, file)
    findings += more
    frame = gpd.GeoDataFrame(
        {"id": values.pop("id"), "row": source.table.rows, **values},
        geometry=gpd.GeoSeries(geometry, crs=WGS84),
    )
    findings += whole_layer(frame, schema, file, headers=source.headers)
    told = coordinates or source.system
    if not told and source.crs is not None:
        told = in_any_language(source.crs)
    return Layer(
        frame, counted_beyond(findings), source.fingerprint, headers=source.headers,
        coordinates=told,
        made_ids=None if given is None else tuple(source.table.rows[given.isna()].tolist()),
    )


def _read_columns(
    source: Source, schema: Schema, file: str
) -> tuple[dict[str, Any], list[Finding]]:
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    for column in schema.columns:
        position = source.matching.columns.get(column.name)
        if position is None:
            continue
        cells = source.table.cells(position, schema.layer, file)
        cells = replace(cells, scale=source.matching.times(column.name))
        values[column.name], about = read_column(cells, column)
        findings += about
        if column.needed:
            findings += _empty_cells(cells)
    for name, code in source.matching.settled.items():
        said = values.get(name, pd.Series(None, index=range(len(source.table.rows)), dtype="str"))
        values[name] = said.fillna(code)
    return values, findings


def read_column(cells: Cells, column: Column) -> tuple["pd.Series[Any]", list[Finding]]:
    """Return the cells as what the column holds, unknown where they cannot be read."""
    if column.kind in {"count", "number"}:
        numbers, findings = read_numbers(
            cells, whole=column.kind == "count", unit=column.unit, none=column.none
        )
        return pd.Series(numbers), findings
    if column.kind == "date":
        days, findings = read_dates(cells)
        return pd.Series(days), findings
    if column.kind == "flag":
        flags, findings = read_flags(cells)
        return pd.Series(flags, dtype="boolean"), findings
    reader = (
        read_texts(_whole_numbers(cells)) if column.kind == "text" else read_words(cells, column)
    )
    return pd.Series(reader[0], dtype="str"), reader[1]


def _whole_numbers(cells: Cells) -> Cells:
    """Return a column of text whose figures have no decimals or powers: an id is no measure."""
    given = cells.values  # noqa: PD011 - cells of a file, not of a pandas series
    if given.dtype.kind not in "fO":
        return cells
    values = np.empty(len(given), dtype=object)
    for at, value in enumerate(given):
        values[at] = _whole(value)
    return replace(cells, values=values)


def _whole(value: object) -> object:
    if not isinstance(value, float) or not value.is_integer() or abs(value) >= _LONGEST_ID:
        return value
    # As the file shows it: 1.50404e17 is 150404000000000000, whatever its binary says.
    return int(Decimal(repr(float(value))))


def _empty_cells(cells: Cells) -> list[Finding]:
    """Return findings about empty cells of a needed column; words for emptiness have theirs."""
    given = cells.values  # noqa: PD011 - cells of a file, not of a pandas series
    figures = given.dtype.kind == "f"
    empty = (true_at(np.isnan(given)) if figures
             else [at for at, cell in enumerate(given) if is_missing(cell)])
    message = say("缺失，按未知处理。")
    if len(empty) <= _NAMED_ONE_BY_ONE:
        return [replace(cells.finding("warning", at, message, say("请补上。")), value="")
                for at in empty]
    rows = "、".join(str(cells.rows[at]) for at in empty[:_NAMED_ONE_BY_ONE])
    message = say("有 {count} 行缺失，按未知处理（第 {rows} 行等）。", count=len(empty), rows=rows)
    return [Finding("warning", cells.layer, message, say("请补上。"), cells.file,
                    column=cells.header)]


def _names(source: Source, values: Mapping[str, Any], schema: Schema, file: str) -> Cells:
    """Return the rows under their names, for findings about their geometry."""
    count = len(source.table.rows)
    labels = values.get("name", values.get("id"))
    texts = np.full(count, "", dtype=object)
    if labels is not None:
        texts = labels.fillna("").to_numpy(dtype=object)
    return Cells(texts, source.table.rows, "", schema.layer, file)


def _placed(
    source: Source, where: Cells, schema: Schema, said: Said
) -> tuple[NDArray[Any], list[Finding]]:
    """Return geometries in WGS84, each check in turn."""
    told = source.absent is None or bool(source.absent.all())
    if told and shapely.is_missing(source.geometry).all() and not source.broken.any():
        return source.geometry, []  # nothing to check: the source has told of rows without a place
    given = None if source.absent is None else ~source.absent
    geometry, findings = without_unreadable(
        source.geometry, where, broken=source.broken, given=given
    )
    if source.absent is not None:
        absent = set(source.table.rows[source.absent].tolist())
        findings = [finding for finding in findings if finding.row not in absent]
    findings += outlines_closed(source.closed, where)
    geometry, more = of_allowed_types(geometry, where, schema)
    findings += more
    geometry, more = to_wgs84(
        geometry, where, declared=source.crs, coordinates=said.coordinates or source.system or None,
        near=said.near,
    )
    findings += more
    findings += all_abroad(
        geometry, where, source.table.headers, said.coordinates or "", said.near
    )
    geometry, more = repaired(geometry, where)
    findings += more
    if schema.layer == "residential":
        geometry, more = doubtful_estates(geometry, where)
        findings += more
    return geometry, findings


def _own_ids(
    given: "pd.Series[Any] | None", schema: Schema, file: str
) -> tuple["pd.Series[Any] | None", list[Finding]]:
    """Return the ids of a file; None where they are only numbers that begin again and again."""
    if given is None or not _restarts(given):
        return given, []
    message = say("“编号”是每段从 1 数起的序号，有重复，不作编号：按行另编。")
    return None, [Finding("warning", schema.layer, message, file=file)]


def _identities(
    given: "pd.Series[Any] | None", table: Table, schema: Schema, file: str
) -> tuple["pd.Series[Any]", list[Finding]]:
    """Return ids; absent ones are the layer's letter and the number of the row under the header.

    Where another row has that id already, `-2`, `-3` … is put behind it.

    Errors: LayerError where two rows have the same id.
    """
    made = pd.Series([f"{schema.prefix}{row - table.header_row}" for row in table.rows],
                     dtype="str")
    if given is None:
        return made, []
    taken = set(given.dropna())
    made = made.map(lambda name: _not_among(taken, name))
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
        Finding("warning", schema.layer, replace(MADE_ID, values={"id": ids[at]}), file=file,
                row=int(table.rows[at]))
        for at in true_at(given.isna())
    ]
    return ids, findings


def _restarts(given: "pd.Series[Any]") -> bool:
    """Tell whether ids are row numbers that begin again at 1, street by street."""
    numbers = pd.to_numeric(given, errors="coerce")
    if numbers.isna().any() or not given.duplicated().any():
        return False
    steps = numbers.diff().iloc[1:]
    return bool(numbers.iloc[0] == 1 and ((steps == 1) | (numbers.iloc[1:] == 1)).all())


def _not_among(taken: Collection[str], name: str) -> str:
    """Return the name, with the first free number behind it where it is taken."""
    numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in chain([name], numbered) if each not in taken)
