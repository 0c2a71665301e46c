"""Cells that streets have filled in, kept beside the study and put in when its layers are read.

The ledgers stay as they are: what is filled in stands in a file of its own, cell by cell. It counts
where the ledger still holds nothing, or still the very value that was asked back as doubtful.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from analysis.filled_cells import PLACE, FilledCell, Rows
from analysis.filled_columns import read_among
from geo.errors import CoordinateError
from geo.files.several_files import Where, where_rows_stand, where_told
from geo.findings import Finding, Severity
from geo.language import Message, say
from geo.layers import Layer, read_column
from geo.ledgers.numbers import Cells, figure, true_at
from geo.position.coordinates import WGS84
from geo.position.degrees import read_degrees
from geo.position.place_texts import read_degree_column
from geo.position.positions import to_wgs84
from geo.schema import READ_POSITION, SCHEMAS, Column
from geo.shapes.doubtful_cells import DOUBTS, TOO_LARGE, Ledger, doubtful_cells

_DECIMALS: Final = 6  # of a degree, as they are told
_NO_PLACE: Final = "位置按未知处理"
"""Stands in all that is said of a row whose place cannot be told."""

_WRITE_AGAIN: Final = say("请核对后写进台账，或重新生成待补数据表。")

_PUT = say("按 {form} 补为“{value}”。")
_PUT_AS = say("按 {form} 补为“{value}”，读作“{read}”。")
_CHANGED = say("按 {form} 改为“{value}”。")
_CHANGED_AS = say("按 {form} 改为“{value}”，读作“{read}”。")
CONFIRMED = say("按 {form} 核对无误，仍为“{value}”。")

FILLED: Final = tuple(
    each.template for each in (_PUT, _PUT_AS, _CHANGED, _CHANGED_AS, CONFIRMED)
)
"""What is said of cells that were filled in, by its templates."""

Asked = Sequence[tuple[FilledCell, int]]  # cells, and the position of their rows


def with_filled(
    layers: Mapping[str, Layer], cells: Iterable[FilledCell]
) -> dict[str, Layer]:
    """Return layers with the filled cells put in where they still hold nothing.

    A cell that the ledger had a doubtful value in is put in while the ledger still has that value.
    One that cannot be read changes nothing, with an error; so does one whose row is gone or is
    called otherwise now, or whose ledger has another value by now, and is told.

    What was told of the cells that are known now is told no more; the rows are looked at anew.
    """
    by_layer: dict[str, dict[str, list[FilledCell]]] = {}
    for cell in cells:
        column = "geometry" if cell.column in PLACE else cell.column
        by_layer.setdefault(cell.layer, {}).setdefault(column, []).append(cell)
    return {
        name: _filled(layer, name, by_layer[name]) if name in by_layer else layer
        for name, layer in layers.items()
    }


@dataclass(frozen=True)
class _Column:
    """A column of a layer that cells are put into, as its ledgers spell it.

    name
        Of the layer.
    where
        File and number of each row.
    file
        Of a layer out of one file, as its findings name it.
    """

    layer: Layer
    name: str
    column: str
    where: Sequence[Where]
    file: str

    def header(self, row: int, column: str = "") -> str:
        """Return the header of the column, or of one of its two, in the ledger of a row."""
        name = column if column in PLACE else self.column
        headers = self.layer.headers_in(self.where[row][0])
        return headers.get(name, _chinese(self.name, name))

    def headers(self, row: int) -> tuple[str, ...]:
        """Return all headers under which the ledger of a row has what the column says."""
        if self.column != "geometry":
            return (self.header(row),)
        own = self.layer.headers_in(self.where[row][0])
        return ("", *(own.get(each.name, each.chinese) for each in READ_POSITION))

    def by_file(self, asked: Asked) -> list[list[tuple[FilledCell, int]]]:
        """Return cells in the order given, those of each file together."""
        groups: dict[str, list[tuple[FilledCell, int]]] = {}
        for cell, row in asked:
            groups.setdefault(self.where[row][0], []).append((cell, row))
        return [*groups.values()]

    def cells(self, asked: Asked) -> Cells:
        """Return cells of one file as if they stood in it."""
        first = asked[0][1]
        values = np.array([cell.value for cell, _ in asked], dtype=object)
        rows = np.array([self.where[row][1] or 0 for _, row in asked], dtype=np.int64)
        header = self.header(first, asked[0][0].column)
        return Cells(values, rows, header, self.name, self._file(first))

    def about(
        self, cell: FilledCell, row: int, message: Message, severity: Severity
    ) -> Finding:
        """Return what is told of a cell of a row."""
        value = cell.was if severity == "info" else cell.value
        return Finding(severity, cell.layer, message, None, self._file(row), self.where[row][1],
                       self.header(row, cell.column), value)  # fmt: skip

    def _file(self, row: int) -> str:
        return self.where[row][0] or self.file


def _filled(layer: Layer, name: str, columns: Mapping[str, list[FilledCell]]) -> Layer:
    frame, told = layer.frame.copy(), []
    file = next((finding.file for finding in layer.findings if finding.file), "")
    among = Rows(layer.frame)
    answered: set[tuple[Where, str]] = set()
    for column, cells in columns.items():
        into = _Column(layer, name, column, where_rows_stand(layer.frame), file)
        header = layer.headers.get(column, _chinese(name, column))
        found = [(cell, among.of(cell)) for cell in cells]
        told += [stray(cell, why, header) for cell, why in found if not isinstance(why, int)]
        here = [(cell, row) for cell, row in found if isinstance(row, int)]
        here, earlier = _last_told(here, into)
        told += earlier
        known = _known(frame, column)
        asked = [each for each in here if not known[each[1]] or _is_asked_back(*each, frame, into)]
        taken = {row for _, row in asked}
        told += [into.about(cell, row, _spare(cell), "info")
                 for cell, row in here if row not in taken]  # fmt: skip
        put = _put_places if column == "geometry" else _put_values
        more = put(frame, asked, into)
        told += more
        done = {where_told(each, frame) for each in more if each.message.template in FILLED}
        answered |= {
            (into.where[row], header) for _, row in asked if into.where[row] in done
            for header in into.headers(row)
        }  # fmt: skip
    kept = [each for each in layer.findings if not _is_answered(each, layer.frame, answered)]
    rows = {where for where, _ in answered}
    kept = [each for each in kept if not _is_of_rows(each, layer.frame, rows)]
    confirmed = {(where_told(each, frame), each.column) for each in told
                 if each.message.template == CONFIRMED.template}  # fmt: skip
    doubts = [
        each for each in _doubts_of(replace(layer, frame=frame), name, rows, file)
        if each.message.template not in TOO_LARGE
        or (where_told(each, frame), each.column) not in confirmed
    ]  # fmt: skip
    return replace(layer, frame=frame, findings=(*kept, *told, *doubts))


def _last_told(
    here: Asked, into: _Column
) -> tuple[list[tuple[FilledCell, int]], list[Finding]]:
    """Return the last told of the cells of each row, and what is told of others.

    One whose file is gone, which is known by its street, yields to one of the file itself.
    """
    last: dict[tuple[int, str], FilledCell] = {}
    for own in (False, True):
        last |= {(row, cell.column): cell for cell, row in here
                 if (cell.file == into.where[row][0]) is own}  # fmt: skip
    told = []
    for cell, row in here:
        now = last[row, cell.column].value
        if now != cell.value:
            message = say("“{id}”的这一格另有补填的“{now}”，{form} 补填的“{value}”没有采用。",
                          id=cell.id, now=now, form=cell.form, value=cell.value)  # fmt: skip
            told.append(into.about(cell, row, message, "info"))
    return [(cell, row) for (row, _), cell in last.items()], told


def _is_asked_back(
    cell: FilledCell, row: int, frame: gpd.GeoDataFrame, into: _Column
) -> bool:
    """Tell whether a cell answers a doubt about the very value that the ledger has."""
    if into.column == "geometry" or not cell.was:
        return False
    return _as_text(frame[into.column].iloc[row], into) == cell.was


def _is_of_rows(finding: Finding, frame: gpd.GeoDataFrame, rows: Collection[Where]) -> bool:
    """Tell whether a finding is a doubt about a row that is looked at anew."""
    return finding.message.template in DOUBTS and where_told(finding, frame) in rows


def _doubts_of(
    layer: Layer, name: str, rows: Collection[Where], file: str
) -> Iterator[Finding]:
    """Yield the doubts about rows as they are now, file by file."""
    where = where_rows_stand(layer.frame)
    schema = SCHEMAS[name]
    for of in dict.fromkeys(file for file, _ in rows):
        there = np.array([each[0] == of for each in where], dtype=bool)
        frame = layer.frame[there].reset_index(drop=True)
        asked = true_at([each in rows for each in where if each[0] == of])
        headers = {column.name: column.chinese for column in schema.columns
                   if column.name in frame.columns}  # fmt: skip
        ledger = Ledger(frame, schema, of or file, {**headers, **layer.headers_in(of)})
        yield from doubtful_cells(ledger, only=set(asked))


def _chinese(layer: str, column: str) -> str:
    if column == "geometry":
        return ""
    every = (*SCHEMAS[layer].columns, *READ_POSITION)
    return next(each.chinese for each in every if each.name == column)


def _known(frame: gpd.GeoDataFrame, column: str) -> NDArray[np.bool_]:
    if column == "geometry":
        shapes = frame.geometry.to_numpy()
        return np.asarray(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)), dtype=bool)
    if column not in frame.columns:
        return np.zeros(len(frame), dtype=bool)
    return np.asarray(frame[column].notna(), dtype=bool)


def _put_values(frame: gpd.GeoDataFrame, asked: Asked, into: _Column) -> list[Finding]:
    """Put the values of a column into the frame; return what is told of each."""
    told: list[Finding] = []
    for some in into.by_file(asked):
        cells = into.cells(some)
        column = SCHEMAS[into.name].column(into.column)
        there = [at for at, (file, _) in enumerate(into.where) if file == into.where[some[0][1]][0]]
        whole = _whole(frame, column)
        position = {row: at for at, row in enumerate(there)}
        own = [position[row] for _, row in some]
        values, findings = read_among(cells, column, whole.iloc[there], own)
        before = [_as_text(whole.iloc[row], into) for _, row in some]
        known = values.notna().to_numpy(dtype=bool)
        whole.iloc[[row for (_, row), read in zip(some, known, strict=True) if read]] = (
            values.array[known]
        )
        frame[into.column] = whole.set_axis(frame.index)
        confirmed = {
            into.where[row][1] for (_, row), value, was in zip(some, values, before, strict=True)
            if was and was == _as_text(value, into)
        }  # fmt: skip
        told += [finding for finding in findings if finding.row not in confirmed]
        told += [
            into.about(cell, row, _done(cell, _as_text(value, into), was), "info")
            for (cell, row), is_known, value, was in zip(some, known, values, before, strict=True)
            if is_known
        ]
    return told


def _whole(frame: gpd.GeoDataFrame, column: Column) -> "pd.Series[Any]":
    """Return a column of the frame by position; a new one where the frame has none."""
    if column.name in frame.columns:
        there: pd.Series[Any] = frame[column.name].reset_index(drop=True)
        return there
    none = Cells(np.full(len(frame), None, dtype=object), np.zeros(len(frame), dtype=np.int64),
                 column.chinese, "", "")  # fmt: skip
    empty: pd.Series[Any] = read_column(none, column)[0]
    return empty


def _put_places(frame: gpd.GeoDataFrame, asked: Asked, into: _Column) -> list[Finding]:
    """Put points into the frame where both of their figures are told."""
    pairs: dict[int, dict[str, FilledCell]] = {}
    for cell, row in asked:
        pairs.setdefault(row, {})[cell.column] = cell
    told: list[Finding] = []
    geometry = frame.geometry.to_numpy().copy()
    whole = [
        (pair[PLACE[0]], row) for row, pair in pairs.items() if len(pair) == len(PLACE)
    ]
    for system in sorted({cell.coordinates for cell, _ in asked}):
        for east in into.by_file([each for each in whole if each[0].coordinates == system]):
            north = [(pairs[row][PLACE[1]], row) for _, row in east]
            points, findings = _points(east, north, system, into)
            told += findings
            for (cell, row), point in zip(east, points, strict=True):
                geometry[row] = point
                if point is not None:
                    pair = (cell, pairs[row][PLACE[1]])
                    told += [into.about(each, row, _done(each, degrees_read(each)), "info")
                             for each in pair]  # fmt: skip
    frame.geometry = gpd.GeoSeries(geometry, index=frame.index, crs=WGS84)
    half = [(pair, row) for row, pair in pairs.items() if len(pair) < len(PLACE)]
    message = say("经度和纬度要一起填，只填了一个，没有采用。")
    return [*told, *(into.about(next(iter(pair.values())), row, message, "error")
                     for pair, row in half)]  # fmt: skip


def _points(
    east: Asked, north: Asked, system: str, into: _Column
) -> tuple[NDArray[np.object_], list[Finding]]:
    """Return the points of one file's rows, None where they cannot be read, and what is told."""
    points = np.full(len(east), None, dtype=object)
    cells = [into.cells(side) for side in (east, north)]
    (x, about_x), (y, about_y) = (read_degree_column(each) for each in cells)
    told = [finding for finding in (*about_x, *about_y) if finding.severity == "error"]
    known = ~(np.isnan(x) | np.isnan(y))
    points[known] = shapely.points(x[known], y[known])
    try:
        moved, more = to_wgs84(points, cells[0], declared=None, coordinates=system or "wgs84")
    except CoordinateError as error:
        if len(east) > 1:  # one pair that is exchanged takes no other along
            each = [_points([e], [n], system, into) for e, n in zip(east, north, strict=True)]
            return np.concatenate([at for at, _ in each]), [f for _, some in each for f in some]
        wrong = [into.about(cell, row, message, "error")
                 for cell, row in east for message in error.messages]  # fmt: skip
        return np.full(len(east), None, dtype=object), [*told, *wrong]
    return moved, [*told, *more]


def _is_answered(
    finding: Finding, frame: gpd.GeoDataFrame, answered: set[tuple[Where, str]]
) -> bool:
    """Tell whether a finding says only that a cell is empty or unread which is filled by now."""
    if finding.row is None or (where_told(finding, frame), finding.column) not in answered:
        return False
    return bool(finding.column) or _NO_PLACE in finding.message.template


def degrees_read(cell: FilledCell) -> str:
    """Return a longitude or latitude that is written in degrees and minutes as decimal degrees.

    Empty where it is decimal already, or is none.
    """
    read = read_degrees(cell.value)
    plain = cell.value.lstrip("-").replace(".", "", 1).isdecimal()
    return "" if read is None or plain else figure(round(read.value, _DECIMALS))


def _as_text(value: Any, into: _Column) -> str:  # noqa: ANN401 - whatever a layer holds
    """Return a value that was read as people write it; empty where there is none."""
    if value is None or pd.isna(value) is True:
        return ""
    if isinstance(value, bool | np.bool_):
        return "是" if value else "否"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, int | float):
        return figure(float(value))
    spelled = SCHEMAS[into.name].column(into.column).words.get(str(value))
    return str(value) if spelled is None else spelled[0]


def _done(cell: FilledCell, read: str = "", was: str = "") -> Message:
    """Return what is told of a cell that was put in.

    read
        As what, where that may differ from what was written.
    was
        What the ledger said that was asked back; empty where it said nothing.
    """
    values = {"form": cell.form, "value": cell.value, "read": read}
    if was and was == read:
        return replace(CONFIRMED, values=values)
    if read not in {"", cell.value}:
        return replace(_CHANGED_AS if was else _PUT_AS, values=values)
    return replace(_CHANGED if was else _PUT, values=values)


def _spare(cell: FilledCell) -> Message:
    return say("台账里已有内容，{form} 补填的“{value}”没有采用。",
               form=cell.form, value=cell.value)  # fmt: skip


def stray(cell: FilledCell, why: Message, header: str) -> Finding:
    """Return what is told of a cell whose row cannot be told, as the form has it."""
    return Finding("warning", cell.layer, why, _WRITE_AGAIN, cell.form, cell.form_row or None,
                   header, cell.value)  # fmt: skip
