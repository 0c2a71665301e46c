"""Forms that came back from streets: which of the cells asked for they answer, and how."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from analysis.filling import PLACE, FilledCell, with_filled
from geo.errors import LayerError
from geo.findings import Finding
from geo.headers import match_headers
from geo.ingest import names_in, read_table
from geo.language import say
from geo.layers import Layer, read_column
from geo.ledger import Table
from geo.numbers import figure, is_missing
from geo.schema import SCHEMAS, Schema
from report.data.asked import EXPLANATION, column_named
from report.data.data_report import DataReport
from report.data.layer_report import POSITION, LayerReport
from report.data.noticed import as_written

_WHO: Final = ("id",)


@dataclass(frozen=True)
class Answers:
    """What a form answers.

    cells
        Those that could be read, one a cell asked for.
    findings
        What was not taken, and why; rows as the form counts them or as the ledger does.
    """

    cells: tuple[FilledCell, ...]
    findings: tuple[Finding, ...]


def answers_in(path: Path, report: DataReport, *, coordinates: str = "") -> Answers:
    """Return which cells that the report asks for a form answers.

    coordinates
        Of positions in the form; empty: WGS84.

    Errors: LayerError for a file that is no form of ours.
    """
    cells: list[FilledCell] = []
    findings: list[Finding] = []
    sheets = _sheets(path)
    for layer in report.layers:
        schema = SCHEMAS.get(layer.layer)
        if schema is None or schema.chinese not in sheets or layer.frame is None:
            continue
        table = read_table(path, schema, sheet=schema.chinese)
        typed = [*_typed(table, schema, path.name, coordinates)]
        asked, spare = _split(typed, layer)
        findings += _changed_others(spare, layer, schema)
        filled = with_filled({layer.layer: Layer(layer.frame, ())}, asked)[layer.layer]
        taken = [cell for cell in asked if _is_known(filled, cell)]
        cells += taken
        findings += [f for f in filled.findings if f.severity != "info"]
    return Answers(tuple(cells), tuple(findings))


def _sheets(path: Path) -> tuple[str, ...]:
    """Return the sheets of a form. Errors: LayerError for a file that is no form."""
    if path.suffix.lower() != ".xlsx" or not path.is_file():
        raise LayerError(say("{file}：不是待补数据表（.xlsx）。", file=path.name))
    sheets = names_in(path)
    if EXPLANATION not in sheets:
        raise LayerError(say("{file}：不是待补数据表（.xlsx）。", file=path.name))
    return sheets


def _typed(table: Table, schema: Schema, form: str, coordinates: str) -> Iterator[FilledCell]:
    """Yield every cell of a sheet that holds something, as it was typed."""
    matching = match_headers(table.headers, schema)
    if "id" not in matching.columns:
        raise LayerError(say("{file}：没有“编号”列，不是待补数据表。", file=form))
    ids, _ = read_column(
        table.cells(matching.columns["id"], schema.layer, form), schema.column("id")
    )
    for name, at in matching.columns.items():
        if name in _WHO:
            continue
        system = coordinates if name in PLACE else ""
        for id_, value in zip(ids, table.columns[at], strict=True):
            if not is_missing(value) and not pd.isna(id_):
                yield FilledCell(layer=schema.layer, id=str(id_), column=name, form=form,
                                 value=text_of(value), coordinates=system)  # fmt: skip


def text_of(value: Any) -> str:  # noqa: ANN401 - a cell is whatever the reader gives
    """Return a cell as a text: figures without needless decimals, dates as 2025-12-31."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return figure(float(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, dt.date) else str(value).strip()


def _split(
    typed: list[FilledCell], layer: LayerReport
) -> tuple[list[FilledCell], list[FilledCell]]:
    """Return the cells that were asked for, with what the ledger said there, and the others."""
    missing = layer.missing
    keys = zip(missing["id"], missing["column"], strict=True)
    was = dict(zip(keys, missing["was"], strict=True))
    asked, others = [], []
    for cell in typed:
        key = (cell.id, POSITION if cell.column in PLACE else cell.column)
        if key in was:
            asked.append(cell.model_copy(update={"was": was[key]}))
        else:
            others.append(cell)
    return asked, others


def _changed_others(
    cells: list[FilledCell], layer: LayerReport, schema: Schema
) -> Iterator[Finding]:
    """Yield a warning for each cell that nobody asked for and that differs from the ledger."""
    frame = layer.frame
    if frame is None:
        return
    rows = {str(id_): at for at, id_ in enumerate(frame["id"])}
    for cell in cells:
        column = column_named(schema, cell.column)
        if cell.id not in rows:
            message = say("补填的编号“{id}”不在图层里，没有采用（{form}）。",
                          id=cell.id, form=cell.form)  # fmt: skip
        elif cell.column not in frame.columns or _same(frame, rows[cell.id], cell, schema):
            continue
        else:
            message = say("编号“{id}”的这一格没有要求补填，改动没有采用。", id=cell.id)
        yield Finding("warning", schema.layer, message, None, cell.form, None, column.chinese,
                      cell.value)  # fmt: skip


def _same(frame: pd.DataFrame, row: int, cell: FilledCell, schema: Schema) -> bool:
    value = frame[cell.column].iloc[row]
    return not pd.isna(value) and as_written(value, cell.column, schema) == cell.value


def _is_known(layer: Layer, cell: FilledCell) -> bool:
    row = layer.frame["id"].eq(cell.id)
    if cell.column in PLACE:
        return bool(layer.frame.loc[row].geometry.notna().all())
    return bool(layer.frame.loc[row, cell.column].notna().all())
