"""Cells that streets have filled in, kept beside the study and put in when its layers are read.

The ledgers stay as they are: what is filled in stands in a file of its own, cell by cell, and only
where the ledger still holds nothing.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from analysis.description import Described, checked
from geo.coordinates import WGS84
from geo.errors import CoordinateError, StudyError
from geo.findings import Finding, Severity
from geo.language import Message, say
from geo.layers import Layer, read_column
from geo.numbers import Cells, read_numbers
from geo.positions import to_wgs84
from geo.schema import SCHEMAS

PLACE: Final = ("longitude", "latitude")
_ANY: Final = 1e9  # metres too are told by figures: what cannot be a degree is said later
_NO_GEOMETRY: Final = "几何为空，位置按未知处理。"
_KEYS: Final = ("layer", "id", "column", "value", "was", "form", "coordinates")


class FilledCell(Described):
    """One cell that was filled in.

    column
        Canonical name, or longitude and latitude, which go together.
    value
        As it was typed.
    was
        What the ledger said that could not be read.
    form
        The workbook it came in.
    coordinates
        Of a longitude or latitude; empty: WGS84.
    """

    layer: str
    id: str
    column: str
    value: str
    was: str = ""
    form: str = ""
    coordinates: str = ""

    @model_validator(mode="after")
    def _known(self) -> "FilledCell":
        schema = SCHEMAS.get(self.layer)
        if schema is None or not (schema.has(self.column) or self.column in PLACE):
            raise PydanticCustomError("column", "{name}", {"name": f"{self.layer}.{self.column}"})  # noqa: EM101
        return self

    @property
    def key(self) -> tuple[str, str, str]:
        """Return which cell it is."""
        return self.layer, self.id, self.column


Asked = Sequence[tuple[FilledCell, int]]  # cells, and the position of their rows
Where = tuple[str, str, str]  # layer, header, file of the ledger


class _Filled(Described):
    cell: tuple[FilledCell, ...] = ()


def filled_file(study: Path) -> Path:
    """Return where the filled cells stand: NAME.filled.toml beside NAME.study.toml."""
    name = study.name.removesuffix(".toml").removesuffix(".study")
    return study.resolve().parent / f"{name}.filled.toml"


def read_filled(study: Path) -> tuple[FilledCell, ...]:
    """Return the cells filled in for a study; none where nobody has. Errors: StudyError."""
    path = filled_file(study)
    if not path.is_file():
        return ()
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = str(error).splitlines()[0]
        raise StudyError(
            say("{file}：补填的数据无法读取（{reason}）。", file=path.name, reason=reason)
        ) from None
    with checked(path):
        return _Filled.model_validate(raw).cell


def filled_text(cells: Iterable[FilledCell]) -> str:
    """Return cells as the text of the file; of one cell told twice, the last."""
    last = {cell.key: cell for cell in cells}
    blocks = []
    for key in sorted(last):
        told = last[key].model_dump()
        lines = [f"{name} = {_quoted(told[name])}" for name in _KEYS if told[name]]
        blocks.append("\n".join(["[[cell]]", *lines]))
    return "\n\n".join(blocks) + "\n"


def keep_filled(study: Path, cells: Iterable[FilledCell]) -> None:
    """Keep cells beside a study instead of those kept before; without any, take the file away.

    Errors: StudyError where the file cannot be written; it is then as it was.
    """
    path, cells = filled_file(study), tuple(cells)
    draft = path.with_name(path.name + ".part")
    try:
        if not cells:
            path.unlink(missing_ok=True)
            return
        draft.write_text(filled_text(cells), encoding="utf-8", newline="\n")
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        reason = error.strerror or type(error).__name__
        raise StudyError(
            say("{file}：无法写入（{reason}）。", file=path.name, reason=reason)
        ) from None


def _quoted(text: str) -> str:
    """Return a text as TOML writes it: as JSON does, and a deletion sign by its number too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def with_filled(
    layers: Mapping[str, Layer], cells: Iterable[FilledCell]
) -> dict[str, Layer]:
    """Return layers with the filled cells put in where they still hold nothing.

    A cell that cannot be read stays unknown, with an error; one whose row is gone, or whose ledger
    has a value by now, changes nothing and is told.
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
    position = {str(id_): at for at, id_ in enumerate(frame["id"])}
    answered: set[tuple[int, str]] = set()
    for column, cells in columns.items():
        header = layer.headers.get(column, _chinese(name, column))
        gone = [cell for cell in cells if cell.id not in position]
        told += [_stray(cell, header, file) for cell in gone]
        here = [cell for cell in cells if cell.id in position]
        rows = [position[cell.id] for cell in here]
        there = _known(frame, column)[rows]
        asked = [(cell, row) for cell, row, has in zip(here, rows, there, strict=True) if not has]
        spare = [(cell, row) for cell, row, has in zip(here, rows, there, strict=True) if has]
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
    return bool(finding.column) or finding.message.template == _NO_GEOMETRY


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


def _stray(cell: FilledCell, header: str, file: str) -> Finding:
    message = say("补填的编号“{id}”不在图层里，没有采用（{form}）。", id=cell.id, form=cell.form)
    return Finding("warning", cell.layer, message, None, file, None, header, cell.value)
