"""待补数据表: the cells that a street is asked to fill in, as a workbook that can be read again.

Only rows with something to fill in, only the columns that lack something in one of them. What is to
be filled in is coloured; what is there already stands grey, so that the row can be found.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from xlsxwriter.worksheet import Worksheet

from geo.files.several_files import where_rows_stand
from geo.language import Message, headed, joined, say
from geo.ledgers.ledger import Table
from geo.schema import POSITION as PLACE
from geo.schema import SCHEMAS, Column, Schema
from report.data.asked import EXPLANATION, column_named, heading_of, meaning_of, validation_of
from report.data.data_report import DataReport
from report.data.effects import Count, answered_in
from report.data.layer_report import LayerReport
from report.data.missing_cells import POSITION
from report.data.noticed import as_written
from report.data.sheets import HEADING, Workbook, file_name, workbook

NO_STREET: Final = say("未写街道")
_FORM_OF: Final = say("待补")
# What a sheet holds besides the cells asked for; headers that our own reader passes over.
FILE, ROW = say("原表文件"), say("原表行号")
ASKED, WHY = say("待补的列（不用填）"), say("原文（不用填）")
STANDING = say("为什么问（不用填）")
_UNREAD = say("原文无法读取，按未知处理。")
_DOUBTED: Final = say("有 {count} 格存疑：原数写在表的最右一列。有误请改正，没有错就照原数填一遍。")
_IN_DOUBT: Final = say("存疑，请改正或照填")
# Asked for where the area is: see `Gap.ask_also`.
_WITH_AREA: Final = frozenset({"care_area_basis", "care_status"})
_ALONE = say("填了养老用房面积的，这一项也要填：只有面积，结论仍为“无法判定”。")
ASKED_BETWEEN: Final = "、"
_FILL: Final = {"bg_color": "#FFF2CC", "border": 1, "text_wrap": True}
_THERE: Final = {"font_color": "#7F7F7F", "text_wrap": True}


def beside(table: Table, heading: Message) -> Any:  # noqa: ANN401 - an array of cells, or None
    """Return a column of a form that is none of the layer; a form may be in either language."""
    for at, header in enumerate(table.headers):
        if header.strip() in {heading.template, str(heading)}:
            return table.columns[at]
    return None


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
        What each row said that could not be read, or is doubted; empty where nothing.
    why
        Why each row is asked about: what its verdict waits for, or that it is decided; empty where
        nothing is judged.
    original
        The same by cell: position in the layer's frame, column as `asked_as` names it.
    doubted
        How many cells of each column are asked for though they hold something.
    """

    report: LayerReport
    rows: Sequence[int]
    columns: Sequence[Column]
    asked: np.ndarray
    was: Sequence[str]
    why: Sequence[str]
    original: Mapping[tuple[int, str], str]
    doubted: Mapping[str, int]


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
        # Told from the ledger of the street, which is often called by the street alone.
        called = f"{_FORM_OF}_{file_name(street or str(NO_STREET))}"
        name, number = called, 1
        while name.casefold() in taken:
            number += 1
            name = f"{called}-{number}"
        taken.add(name.casefold())
        written[f"{name}.xlsx"] = _write(report, folder / f"{name}.xlsx", street)
    return written


def streets_asked(report: DataReport) -> list[str]:
    """Return the streets from which something is asked, empty for rows that name none."""
    named = {str(street) for layer in report.layers for street in layer.missing["street"]}
    return sorted(named, key=lambda name: (not name, name))


def _write(report: DataReport, path: Path, street: str | None) -> int:
    sheets = form_sheets(report, street)
    with workbook(path) as book:
        _explain(book, sheets, street)
        for sheet in sheets:
            _write_sheet(book, sheet)
    return sum(int(sheet.asked.sum()) for sheet in sheets)


def form_sheets(report: DataReport, street: str | None) -> list[FormSheet]:
    """Return what a street is asked for, a sheet a layer; what all are asked for where None."""
    return [sheet for layer in report.layers for sheet in _sheets(layer, street)]


def _sheets(layer: LayerReport, street: str | None) -> Iterator[FormSheet]:
    """Yield the sheet of a layer; nothing where nothing is asked."""
    cells = layer.missing
    if street is not None:
        cells = cells[cells["street"].eq(street)]
    if layer.frame is None or cells.empty:
        return
    schema = SCHEMAS[layer.layer]
    names = dict.fromkeys(str(name) for name in cells["column"])
    columns = _shown(
        schema,
        [column_named(schema, each) for name in names for each in answered_in(layer.layer, name)],
    )
    rows = [int(at) for at in cells["at"].drop_duplicates()]
    lacking = {(int(at), name) for at, name in zip(cells["at"], cells["column"], strict=True)}
    asked = np.array(
        [[(at, asked_as(column)) in lacking for column in columns] for at in rows], dtype=bool
    )
    said = cells[cells["was"].ne("")]
    original = {
        (int(at), str(name)): f"{was}（{_IN_DOUBT}）" if doubt else str(was)
        for at, name, was, doubt in said[["at", "column", "was", "doubt"]].itertuples(index=False)
    }
    was: dict[int, str] = {}
    for (at, name), told in original.items():
        told_of = f"{column_named(schema, name).chinese}：{told}"
        was[at] = f"{was[at]}；{told_of}" if at in was else told_of
    doubts = cells.loc[cells["doubt"].astype(bool), "column"]
    doubted = {name: int(doubts.eq(name).sum()) for name in names}
    told_of_rows = [was.get(at, "") for at in rows]
    whys = cells.drop_duplicates("at")["why"].tolist()  # as the rows stand
    yield FormSheet(
        layer, rows, columns, asked, told_of_rows, [str(why) for why in whys], original, doubted
    )


def asked_as(column: Column) -> str:
    """Return what a column is asked for as: both coordinates are one position."""
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


def _write_sheet(book: Workbook, sheet: FormSheet) -> None:
    schema = SCHEMAS[sheet.report.layer]
    page = book.sheet(schema.chinese)
    frame = sheet.report.frame
    if frame is None:
        return
    headings = [heading_of(column) for column in sheet.columns]
    before = [str(FILE), str(ROW)] if sheet.report.files else [str(ROW)]
    behind = len(before) + len(headings)
    own = [str(ASKED), *([str(STANDING)] if any(sheet.why) else []), str(WHY)]
    last = behind + len(own) - 1
    for at, heading in enumerate([*before, *headings, *own]):
        book.write(page, 0, at, heading, **HEADING)
        page.set_column(at, at, max(12, 2 * len(heading)))
    page.set_column(behind, last, 40)
    where = where_rows_stand(frame.iloc[[*sheet.rows]])
    for down, row in enumerate(sheet.rows, start=1):
        for at, told in enumerate(where[down - 1][-len(before):]):
            book.write(page, down, at, told, **_THERE)
        for across, column in enumerate(sheet.columns):
            asked = sheet.asked[down - 1, across]
            cell = None if asked else _value(frame, row, column, schema)
            book.write(page, down, len(before) + across, cell, **(_FILL if asked else _THERE))
        # Colours do not last: pasted over, sorted, or saved by another program.
        asked_in = np.flatnonzero(sheet.asked[down - 1]).tolist()
        names = ASKED_BETWEEN.join(sheet.columns[at].chinese for at in asked_in)
        book.write(page, down, behind, names, **_THERE)
        if any(sheet.why):
            book.write(page, down, behind + 1, sheet.why[down - 1] or None, **_THERE)
        book.write(page, down, last, sheet.was[down - 1] or None, **_THERE)
    _validate(page, sheet, first=len(before))
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


def _validate(page: Worksheet, sheet: FormSheet, *, first: int) -> None:
    for at, column in enumerate(sheet.columns):
        rule = validation_of(column)
        if rule is not None and sheet.asked[:, at].any():
            page.data_validation(1, first + at, len(sheet.rows), first + at, rule)


def _explain(book: Workbook, sheets: Sequence[FormSheet], street: str | None) -> None:
    """Write the first sheet: what to do, and for each column why it is asked."""
    page = book.sheet(EXPLANATION)
    where = "" if street is None else (street or str(NO_STREET))
    cells = sum(int(sheet.asked.sum()) for sheet in sheets)
    lines: list[Message | str] = [
        joined(" ", say("待补数据表"), where),
        say("共 {cells} 项待补。请只填黄色的单元格；不知道的留空，不要写 0。", cells=cells),
        say("灰色的内容用来找到这一行，不用改；不要改表头和编号。"),
        say("经度、纬度用 WGS84；若取自高德、腾讯或百度地图，请在交回时说明。"),
    ]
    for at, line in enumerate(lines):
        book.write(page, at, 0, str(line), bold=at == 0)
    headings = (say("图层"), say("列"), say("待补"), say("填什么"), say("为什么要填"))
    top = len(lines) + 1
    for across, heading in enumerate(headings):
        book.write(page, top, across, headed(heading), **HEADING)
    for down, cells_of in enumerate(reasons_asked(sheets), start=top + 1):
        for across, cell in enumerate(cells_of):
            book.write(page, down, across, cell, text_wrap=True, valign="top")
    for across, width in enumerate((12, 18, 8, 36, 70)):
        page.set_column(across, across, width)


def reasons_asked(sheets: Sequence[FormSheet]) -> Iterator[tuple[Any, ...]]:
    """Yield for each column asked for: layer, column, cells, what to write, why it is asked."""
    for sheet in sheets:
        schema = SCHEMAS[sheet.report.layer]
        effects = {effect.column: effect.sentence for effect in sheet.report.effects}
        for across, column in enumerate(sheet.columns):
            count = int(sheet.asked[:, across].sum())
            if count:
                why = _why(column, count, sheet.doubted.get(column.name, 0), effects)
                yield schema.chinese, column.chinese, count, str(meaning_of(column)), str(why)


def _why(column: Column, count: int, doubted: int, effects: Mapping[str, Count]) -> Message:
    """Return why cells of a column are asked for: what lacks there does, what is doubted there."""
    doubt = replace(_DOUBTED, values={"count": doubted})
    if count == doubted:
        return doubt
    effect = effects.get(asked_as(column))
    told = _UNREAD if effect is None else effect(count - doubted)
    if effect is None and column.name in _WITH_AREA:
        told = _ALONE
    return joined(" ", told, doubt) if doubted else told
