"""Cells that streets have filled in, kept beside the study and put in when its layers are read.

The ledgers stay as they are: what is filled in stands in a file of its own, cell by cell, and only
where the ledger still holds nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from analysis.filled_cells import PLACE, FilledCell, Rows
from geo.errors import CoordinateError
from geo.files.several_files import Where, where_rows_stand, where_told
from geo.findings import Finding, Severity
from geo.language import Message, say
from geo.layers import Layer, read_column
from geo.ledgers.numbers import Cells, figure, read_numbers
from geo.position.coordinates import WGS84
from geo.position.positions import to_wgs84
from geo.schema import SCHEMAS
from geo.shapes.checked import ABOUT_NO_PLACE

_ANY: Final = 1e9  # metres too are told by figures: what cannot be a degree is said later

_WRITE_AGAIN: Final = say("请核对后写进台账，或重新生成待补数据表。")

Asked = Sequence[tuple[FilledCell, int]]  # cells, and the position of their rows


def with_filled(
    layers: Mapping[str, Layer], cells: Iterable[FilledCell]
) -> dict[str, Layer]:
    """Return layers with the filled cells put in where they still hold nothing.

    A cell that cannot be read stays unknown, with an error; one whose row is gone or is called
    otherwise now, or whose ledger has a value by now, changes nothing and is told.
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

    def header(self, row: int) -> str:
        """Return the header of the column in the ledger of a row."""
        headers = self.layer.headers_in(self.where[row][0])
        return headers.get(self.column, _chinese(self.name, self.column))

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
        return Cells(values, rows, self.header(first), self.name, self._file(first))

    def about(
        self, cell: FilledCell, row: int, message: Message, severity: Severity
    ) -> Finding:
        """Return what is told of a cell of a row."""
        value = cell.was if severity == "info" else cell.value
        return Finding(severity, cell.layer, message, None, self._file(row), self.where[row][1],
                       self.header(row), value)  # fmt: skip

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
        there = _known(frame, column)[[row for _, row in here]]
        asked = [each for each, has in zip(here, there, strict=True) if not has]
        spare = [each for each, has in zip(here, there, strict=True) if has]
        told += [into.about(cell, row, _spare(cell), "info") for cell, row in spare]
        put = _put_places if column == "geometry" else _put_values
        told += put(frame, asked, into)
        known = _known(frame, column)
        answered |= {(into.where[row], into.header(row)) for _, row in asked if known[row]}
    kept = tuple(f for f in layer.findings if not _is_answered(f, layer.frame, answered))
    return replace(layer, frame=frame, findings=(*kept, *told))


def _chinese(layer: str, column: str) -> str:
    return "" if column == "geometry" else SCHEMAS[layer].column(column).chinese


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
        values, findings = read_column(cells, SCHEMAS[into.name].column(into.column))
        if into.column in frame.columns:
            whole = frame[into.column].reset_index(drop=True)
        else:
            whole = pd.Series(index=range(len(frame)), dtype=values.dtype)
        whole.iloc[[row for _, row in some]] = values.array
        frame[into.column] = whole.set_axis(frame.index)
        known = values.notna().to_numpy(dtype=bool)
        unread = {int(row) for row in cells.rows[~known]}
        told += [finding for finding in findings if finding.row in unread]
        told += [
            into.about(cell, row, _done(cell, _as_text(value, into)), "info")
            for (cell, row), is_known, value in zip(some, known, values, strict=True) if is_known
        ]
    return told


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
                    told.append(into.about(cell, row, _done(cell), "info"))
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
    (x, about_x), (y, about_y) = (
        read_numbers(each, unit="degrees", least=-_ANY) for each in cells
    )
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
    return bool(finding.column) or finding.message.template in ABOUT_NO_PLACE


def _as_text(value: object, into: _Column) -> str:
    """Return a value that was read as people write it."""
    if isinstance(value, bool | np.bool_):
        return "是" if value else "否"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, int | float):
        return figure(float(value))
    spelled = SCHEMAS[into.name].column(into.column).words.get(str(value))
    return str(value) if spelled is None else spelled[0]


def _done(cell: FilledCell, read: str = "") -> Message:
    if read not in {"", cell.value}:
        return say("按 {form} 补为“{value}”，读作“{read}”。",
                   form=cell.form, value=cell.value, read=read)  # fmt: skip
    return say("按 {form} 补为“{value}”。", form=cell.form, value=cell.value)


def _spare(cell: FilledCell) -> Message:
    return say("台账里已有内容，{form} 补填的“{value}”没有采用。",
               form=cell.form, value=cell.value)  # fmt: skip


def stray(cell: FilledCell, why: Message, header: str) -> Finding:
    """Return what is told of a cell whose row cannot be told, as the form has it."""
    return Finding("warning", cell.layer, why, _WRITE_AGAIN, cell.form, cell.form_row or None,
                   header, cell.value)  # fmt: skip
