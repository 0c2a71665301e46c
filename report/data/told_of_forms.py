"""What is told of the cells of a form, by the form and its row: refused, or read otherwise."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

import geopandas as gpd
import pandas as pd

from analysis.filled_cells import PLACE, FilledCell
from analysis.filled_columns import READ_WITH_DOUBT
from analysis.filling import degrees_read
from geo.findings import Finding, Severity
from geo.language import Message, say
from geo.layers import Layer
from geo.schema import Schema
from geo.shapes.doubtful_cells import DOUBTS, TOO_LARGE, headers_in_doubt
from report.data.asked import column_named
from report.data.noticed import as_written

_EXCHANGED: Final = ("经度与纬度颠倒", "经度与纬度疑似颠倒")


def told_of(
    cell: FilledCell, severity: Severity, message: Message, column: str, value: str
) -> Finding:
    """Return a finding about a cell of a form."""
    return Finding(severity, cell.layer, message, None, cell.form, cell.form_row or None, column,
                   value)  # fmt: skip


def why_refused(
    cells: Sequence[FilledCell], filled: Layer, schema: Schema
) -> Iterator[Finding]:
    """Yield why cells of a form were not taken, one line a cell and one for a position.

    filled
        The layer with the cells put in, and what was noticed then, by its rows.
    """
    told: set[tuple[int, str]] = set()
    noticed = _by_row(each for each in filled.findings if each.severity != "info")
    last = {cell.form_row: cell for cell in cells if cell.column in PLACE}
    for cell in cells:
        place = cell.column in PLACE
        key = (cell.form_row, "" if place else cell.column)
        chinese = column_named(schema, cell.column).chinese
        header = filled.headers_in(cell.file).get(cell.column, chinese)
        exact = [f for f in noticed.get(cell.row, ()) if f.value == cell.value
                 and f.column in {"", header}
                 and (not f.file or not cell.file or f.file == cell.file)]  # fmt: skip
        if exact:
            told.add(key)
            yield _moved(exact[0], cell, chinese)
        elif place and key in told:
            continue
        elif not place or cell is last[cell.form_row]:
            told.add(key)
            message = say("没有读出内容，没有采用。请核对；不知道就留空。")
            yield told_of(cell, "warning", message, chinese, cell.value)


def _by_row(findings: Iterable[Finding]) -> dict[int | None, list[Finding]]:
    rows: dict[int | None, list[Finding]] = {}
    for each in findings:
        rows.setdefault(each.row, []).append(each)
    return rows


def _moved(finding: Finding, cell: FilledCell, column: str) -> Finding:
    message, remedy = finding.message, finding.remedy
    if any(said in message.template for said in _EXCHANGED):
        remedy = None  # a ledger's columns could be exchanged, a form's cannot
        message = say("经度、纬度写反了，没有采用。请把经度、纬度对调。")
    else:
        values = dict(message.values)
        named = {"file": cell.form} if "file" in values else {}
        message = Message(message.template, values | named)
    return replace(finding, message=message, remedy=remedy, file=cell.form,
                   row=cell.form_row or None, column=column)  # fmt: skip


def read_otherwise(
    cells: Sequence[FilledCell], frame: gpd.GeoDataFrame, schema: Schema
) -> Iterator[Finding]:
    """Yield what cells were read as, where that is not what was written.

    frame
        The layer with the cells put in.
    """
    rows = {str(id_): at for at, id_ in enumerate(frame["id"])}
    for cell in cells:
        chinese = column_named(schema, cell.column).chinese
        if cell.column in PLACE:
            degrees = degrees_read(cell)
            if degrees:
                yield told_of(cell, "info", say("读作“{value}”。", value=degrees), chinese,
                              cell.value)  # fmt: skip
            continue
        value = frame[cell.column].iloc[rows[cell.id]]
        written = None if pd.isna(value) else as_written(value, cell.column, schema)
        if written is not None and written != cell.value:
            yield told_of(cell, "info", say("读作“{value}”。", value=written), chinese, cell.value)


def still_doubtful(
    cells: Sequence[FilledCell], filled: Layer, schema: Schema
) -> Iterator[Finding]:
    """Yield what is doubted of cells and of their reading, by the form and its row.

    filled
        The layer with the cells put in. A number that was asked back and is confirmed is doubted
        no more for its size.
    """
    doubts = _by_row(each for each in filled.findings
                     if each.message.template in DOUBTS | READ_WITH_DOUBT)  # fmt: skip
    rows = {str(id_): at for at, id_ in enumerate(filled.frame["id"])}
    for cell in cells:
        if cell.column in PLACE:
            continue
        chinese = column_named(schema, cell.column).chinese
        header = filled.headers_in(cell.file).get(cell.column, chinese)
        value = as_written(filled.frame[cell.column].iloc[rows[cell.id]], cell.column, schema)
        for each in doubts.get(cell.row, ()):
            here = each.file in {"", cell.file}
            of_reading = each.message.template in READ_WITH_DOUBT
            if of_reading and each.value != cell.value:
                continue
            sized = of_reading or each.message.template in TOO_LARGE
            confirmed = sized and value == cell.was
            if here and not confirmed and header in (headers_in_doubt(each) or (each.column,)):
                yield told_of(cell, "warning", each.message, chinese, cell.value)
