"""待补数据表: the cells that a street is asked to fill in, as a workbook that can be read again.

Only rows with something to fill in, only the columns that lack something in one of them. What is to
be filled in is coloured; what is there already stands grey, so that the row can be found.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from xlsxwriter.worksheet import Worksheet

from geo.language import Message, joined, say
from geo.schema import POSITION as PLACE
from geo.schema import SCHEMAS, Column, Schema
from report.data.asked import EXPLANATION, column_named, heading_of, meaning_of, validation_of
from report.data.data_report import DataReport
from report.data.effects import GAPS
from report.data.layer_report import POSITION, LayerReport
from report.data.noticed import as_written
from report.data.sheets import HEADING, Workbook, file_name, workbook

NO_STREET: Final = say("未写街道")
# What a sheet holds besides the cells asked for; headers that our own reader passes over.
ROW, ASKED, _WHY = say("原表行号"), say("待补的列（不用填）"), say("原文（不用填）")
ASKED_BETWEEN: Final = "、"
_FILL: Final = {"bg_color": "#FFF2CC", "border": 1, "text_wrap": True}
_THERE: Final = {"font_color": "#7F7F7F", "text_wrap": True}


@dataclass(frozen=True, eq=False)
class FormSheet:
    """What one sheet asks for.

    rows
        Positions in the layer's frame.
    columns
        Those shown, in order.
    asked
        Which cells are asked for, shape (rows, columns).
    was
        What each row said that could not be read; empty where nothing.
    """

    report: LayerReport
    rows: Sequence[int]
    columns: Sequence[Column]
    asked: np.ndarray
    was: Sequence[str]


def write_form(report: DataReport, path: Path) -> int:
    """Write one workbook with a sheet a layer, and return how many cells are asked for."""
    return _write(report, path, None)


def write_forms_by_street(report: DataReport, folder: Path) -> Mapping[str, int]:
    """Write one workbook a street into a folder; return how many cells each asks for, by name.

    Rows that name no street stand together in a workbook of their own.
    """
    written: dict[str, int] = {}
    taken: set[str] = set()
    for street in streets_asked(report):
        name, number = file_name(street or str(NO_STREET)), 1
        while name.casefold() in taken:
            number += 1
            name = f"{file_name(street)}-{number}"
        taken.add(name.casefold())
        written[f"{name}.xlsx"] = _write(report, folder / f"{name}.xlsx", street)
    return written


def streets_asked(report: DataReport) -> list[str]:
    """Return the streets from which something is asked, empty for rows that name none."""
    named = {str(street) for layer in report.layers for street in layer.missing["street"]}
    return sorted(named, key=lambda name: (not name, name))


def _write(report: DataReport, path: Path, street: str | None) -> int:
    sheets = [sheet for layer in report.layers for sheet in _sheets(layer, street)]
    with workbook(path) as book:
        _explain(book, sheets, street)
        for sheet in sheets:
            _write_sheet(book, sheet)
    return sum(int(sheet.asked.sum()) for sheet in sheets)


def _sheets(layer: LayerReport, street: str | None) -> Iterator[FormSheet]:
    """Yield the sheet of a layer; nothing where nothing is asked."""
    cells = layer.missing
    if street is not None:
        cells = cells[cells["street"].eq(street)]
    if layer.frame is None or cells.empty:
        return
    schema, frame = SCHEMAS[layer.layer], layer.frame
    names = dict.fromkeys(str(name) for name in cells["column"])
    columns = _shown(schema, [column for name in names for column in _filled(schema, name)])
    position = pd.Series(np.arange(len(frame)), index=frame["row"].to_numpy())
    rows = [int(at) for at in position[cells["row"].drop_duplicates()]]
    at = {(int(row), name) for row, name in zip(cells["row"], cells["column"], strict=True)}
    numbers = frame["row"].to_numpy()[rows]
    asked = np.array(
        [
            [(int(row), _asked_as(column)) in at for column in columns]
            for row in numbers
        ],
        dtype=bool,
    )
    said = cells[cells["was"].ne("")].groupby("row")
    was = {row: _said(schema, some) for row, some in said}
    yield FormSheet(layer, rows, columns, asked, [was.get(int(row), "") for row in numbers])


def _filled(schema: Schema, name: str) -> list[Column]:
    """Return the columns in which the answer to one that lacks is given."""
    fill = next((gap.fill for gap in GAPS.get(schema.layer, ()) if gap.column == name), ())
    if name == POSITION and not fill:
        fill = ("longitude", "latitude")
    return [column_named(schema, each) for each in fill or (name,)]


def _asked_as(column: Column) -> str:
    return POSITION if column in PLACE else column.name


def _shown(schema: Schema, lacking: Sequence[Column]) -> list[Column]:
    """Return the columns of a sheet: who the row is, what is needed, what lacks."""
    who = ("id", "name", "street", "residential_id")
    wanted = {column.name for column in lacking}
    own = [
        column
        for column in schema.columns
        if column.name in who or column.needed or column.name in wanted
    ]
    return [*own, *(column for column in PLACE if column.name in wanted)]


def _said(schema: Schema, cells: pd.DataFrame) -> str:
    pairs = zip(cells["column"], cells["was"], strict=True)
    return "；".join(f"{column_named(schema, name).chinese}：{was}" for name, was in pairs)


def _write_sheet(book: Workbook, sheet: FormSheet) -> None:
    schema = SCHEMAS[sheet.report.layer]
    page = book.sheet(schema.chinese)
    frame = sheet.report.frame
    if frame is None:
        return
    headings = [heading_of(column) for column in sheet.columns]
    for at, heading in enumerate([str(ROW), *headings, str(ASKED), str(_WHY)]):
        book.write(page, 0, at, heading, **HEADING)
        page.set_column(at, at, max(12, 2 * len(heading)))
    page.set_column(1 + len(headings), 2 + len(headings), 40)
    for down, row in enumerate(sheet.rows, start=1):
        book.write(page, down, 0, int(frame["row"].iloc[row]), **_THERE)
        for across, column in enumerate(sheet.columns, start=1):
            if sheet.asked[down - 1, across - 1]:
                book.write(page, down, across, None, **_FILL)
            else:
                book.write(page, down, across, _value(frame, row, column, schema), **_THERE)
        book.write(page, down, 2 + len(headings), sheet.was[down - 1] or None, **_THERE)
        # Colours do not last: pasted over, sorted, or saved by another program.
        asked = np.flatnonzero(sheet.asked[down - 1]).tolist()
        told = ASKED_BETWEEN.join(sheet.columns[at].chinese for at in asked)
        book.write(page, down, 1 + len(headings), told, **_THERE)
    _validate(page, sheet)
    book.keep_heading(page)


def _value(frame: pd.DataFrame, row: int, column: Column, schema: Schema) -> object:
    """Return what the row holds, as people write it; a number as a number."""
    if column.name not in frame.columns:
        return None
    value = frame[column.name].iloc[row]
    if value is None or pd.isna(value) is True:
        return None
    if column.kind in {"count", "number"}:
        return float(value)
    return as_written(value, column.name, schema)


def _validate(page: Worksheet, sheet: FormSheet) -> None:
    for across, column in enumerate(sheet.columns, start=1):
        rule = validation_of(column)
        if rule is not None and sheet.asked[:, across - 1].any():
            page.data_validation(1, across, len(sheet.rows), across, rule)


def _explain(book: Workbook, sheets: Sequence[FormSheet], street: str | None) -> None:
    """Write the first sheet: what to do, and for each column why it is asked."""
    page = book.sheet(EXPLANATION)
    where = "" if street is None else (street or str(NO_STREET))
    cells = sum(int(sheet.asked.sum()) for sheet in sheets)
    lines: list[Message | str] = [
        joined(" ", say("待补数据表"), where),
        say("共 {cells} 个单元格待补。请只填黄色的单元格；不知道的留空，不要写 0。", cells=cells),
        say("灰色的内容用来找到这一行，不用改；不要改表头和编号。"),
        say("经度、纬度用 WGS84；若取自高德、腾讯或百度地图，请在交回时说明。"),
    ]
    for at, line in enumerate(lines):
        book.write(page, at, 0, str(line), bold=at == 0)
    headings = (say("图层"), say("列"), say("待补"), say("填什么"), say("为什么要填"))
    top = len(lines) + 1
    for across, heading in enumerate(headings):
        book.write(page, top, across, str(heading), **HEADING)
    for down, cells_of in enumerate(_reasons(sheets), start=top + 1):
        for across, cell in enumerate(cells_of):
            book.write(page, down, across, cell, text_wrap=True, valign="top")
    for across, width in enumerate((12, 18, 8, 36, 70)):
        page.set_column(across, across, width)


def _reasons(sheets: Sequence[FormSheet]) -> Iterator[tuple[Any, ...]]:
    for sheet in sheets:
        schema = SCHEMAS[sheet.report.layer]
        effects = {effect.column: effect.sentence for effect in sheet.report.effects}
        for across, column in enumerate(sheet.columns):
            count = int(sheet.asked[:, across].sum())
            if not count:
                continue
            why = effects.get(_asked_as(column))
            told = say("原文无法读取，按未知处理。") if why is None else why(count)
            yield schema.chinese, column.chinese, count, str(meaning_of(column)), str(told)
