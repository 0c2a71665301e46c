"""Cells that streets have filled in, kept beside the study and put in when its layers are read.

The ledgers stay as they are: what is filled in stands in a file of its own, cell by cell, and only
where the ledger still holds nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from analysis.filled_cells import PLACE, FilledCell, Rows
from geo.errors import CoordinateError
from geo.findings import Finding, Severity
from geo.language import Message, say
from geo.layers import Layer, read_column
from geo.ledgers.numbers import Cells, read_numbers
from geo.position.coordinates import WGS84
from geo.position.positions import to_wgs84
from geo.schema import SCHEMAS
from geo.shapes.checked import ABOUT_NO_PLACE

_ANY: Final = 1e9  # metres too are told by figures: what cannot be a degree is said later

_WRITE_AGAIN: Final = say("请核对后写进台账，或重新生成待补数据表。")

Asked = Sequence[tuple[FilledCell, int]]  # cells, and the position of their rows
Where = tuple[str, str, str]  # layer, header, file of the ledger


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


def _filled(layer: Layer, name: str, columns: Mapping[str, list[FilledCell]]) -> Layer:
    frame, told = layer.frame.copy(), []
    file = next((finding.file for finding in layer.findings if finding.file), "")
    among = Rows(layer.frame)
    answered: set[tuple[int, str]] = set()
    for column, cells in columns.items():
        header = layer.headers.get(column, _chinese(name, column))
        found = [(cell, among.of(cell)) for cell in cells]
        told += [stray(cell, why, header) for cell, why in found if not isinstance(why, int)]
        here = [(cell, row) for cell, row in found if isinstance(row, int)]
        rows = [row for _, row in here]
        there = _known(frame, column)[rows]
        asked = [each for each, has in zip(here, there, strict=True) if not has]
        spare = [each for each, has in zip(here, there, strict=True) if has]
        told += [_spare(cell, frame, row, (header, file)) for cell, row in spare]
        put = _put_places if column == "geometry" else _put_values
        findings = put(frame, asked, column, (name, header, file))
        told += findings
        known = _known(frame, column)
        answered |= {(int(frame["row"].iloc[row]), header) for _, row in asked if known[row]}
    kept = tuple(f for f in layer.findings if not _is_answered(f, answered))
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


def _put_values(
    frame: gpd.GeoDataFrame, asked: Asked, column: str, where: Where
) -> list[Finding]:
    """Put the values of a column into the frame; return what is told of each."""
    name, header, file = where
    cells = _cells(frame, asked, where)
    values, findings = read_column(cells, SCHEMAS[name].column(column))
    at = [row for _, row in asked]
    if column in frame.columns:
        whole = frame[column].reset_index(drop=True)
    else:
        whole = pd.Series(index=range(len(frame)), dtype=values.dtype)
    whole.iloc[at] = values.array
    frame[column] = whole.set_axis(frame.index)
    known = values.notna().to_numpy(dtype=bool)
    unread = {int(row) for row in cells.rows[~known]}
    told = [finding for finding in findings if finding.row in unread]
    for (cell, row), is_known in zip(asked, known, strict=True):
        if is_known:
            told.append(_done(cell, frame, row, (header, file)))
    return told


def _put_places(
    frame: gpd.GeoDataFrame, asked: Asked, _column: str, where: Where
) -> list[Finding]:
    """Put points into the frame where both of their figures are told."""
    pairs: dict[int, dict[str, FilledCell]] = {}
    for cell, row in asked:
        pairs.setdefault(row, {})[cell.column] = cell
    told: list[Finding] = []
    geometry = frame.geometry.to_numpy().copy()
    for system in sorted({cell.coordinates for cell, _ in asked}):
        both = [(pair[PLACE[0]], pair[PLACE[1]], row) for row, pair in pairs.items()
                if len(pair) == len(PLACE) and pair[PLACE[0]].coordinates == system]  # fmt: skip
        points, findings = _points(frame, both, system, where)
        told += findings
        for (cell, _, row), point in zip(both, points, strict=True):
            geometry[row] = point
            if point is not None:
                told.append(_done(cell, frame, row, (where[1], where[2])))
    frame.geometry = gpd.GeoSeries(geometry, index=frame.index, crs=WGS84)
    half = [(pair, row) for row, pair in pairs.items() if len(pair) < len(PLACE)]
    message = say("经度和纬度要一起填，只填了一个，没有采用。")
    return [*told, *(_about(next(iter(pair.values())), frame, row, where[1:], message, "error")
                     for pair, row in half)]  # fmt: skip


def _points(
    frame: gpd.GeoDataFrame,
    both: list[tuple[FilledCell, FilledCell, int]],
    system: str,
    where: Where,
) -> tuple[NDArray[np.object_], list[Finding]]:
    points = np.full(len(both), None, dtype=object)
    east = [(lon, row) for lon, _, row in both]
    north = [(lat, row) for _, lat, row in both]
    cells = [_cells(frame, side, where) for side in (east, north)]
    (x, about_x), (y, about_y) = (
        read_numbers(each, unit="degrees", least=-_ANY) for each in cells
    )
    told = [finding for finding in (*about_x, *about_y) if finding.severity == "error"]
    known = ~(np.isnan(x) | np.isnan(y))
    points[known] = shapely.points(x[known], y[known])
    try:
        moved, more = to_wgs84(points, cells[0], declared=None, coordinates=system or "wgs84")
    except CoordinateError as error:
        wrong = [_about(cell, frame, row, where[1:], message, "error")
                 for cell, row in east for message in error.messages]  # fmt: skip
        return np.full(len(both), None, dtype=object), [*told, *wrong]
    return moved, [*told, *more]


def _cells(frame: gpd.GeoDataFrame, asked: Asked, where: Where) -> Cells:
    name, header, file = where
    values = np.array([cell.value for cell, _ in asked], dtype=object)
    rows = frame["row"].to_numpy(dtype=np.int64)[[row for _, row in asked]]
    return Cells(values, rows, header, name, file)


def _is_answered(finding: Finding, answered: set[tuple[int, str]]) -> bool:
    """Tell whether a finding says only that a cell is empty or unread which is filled by now."""
    if finding.row is None or (finding.row, finding.column) not in answered:
        return False
    return bool(finding.column) or finding.message.template in ABOUT_NO_PLACE


def _done(
    cell: FilledCell, frame: gpd.GeoDataFrame, row: int, where: tuple[str, str]
) -> Finding:
    message = say("按 {form} 补为“{value}”。", form=cell.form, value=cell.value)
    return _about(cell, frame, row, where, message, "info")


def _spare(
    cell: FilledCell, frame: gpd.GeoDataFrame, row: int, where: tuple[str, str]
) -> Finding:
    message = say("台账里已有内容，{form} 补填的“{value}”没有采用。",
                  form=cell.form, value=cell.value)  # fmt: skip
    return _about(cell, frame, row, where, message, "info")


def _about(
    cell: FilledCell,
    frame: gpd.GeoDataFrame,
    row: int,
    where: tuple[str, str],
    message: Message,
    severity: Severity,
) -> Finding:
    header, file = where
    number = int(frame["row"].iloc[row])
    value = cell.was if severity == "info" else cell.value
    return Finding(severity, cell.layer, message, None, file, number, header, value)


def stray(cell: FilledCell, why: Message, header: str) -> Finding:
    """Return what is told of a cell whose row cannot be told, as the form has it."""
    return Finding("warning", cell.layer, why, _WRITE_AGAIN, cell.form, cell.form_row or None,
                   header, cell.value)  # fmt: skip
