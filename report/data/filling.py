"""Forms that came back from streets: which of the cells asked for they answer, and how."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd

from analysis.filled_cells import PLACE, FilledCell, Rows
from analysis.filling import stray, with_filled
from analysis.placing.area_names import street_stem
from geo.errors import LayerError
from geo.findings import Finding
from geo.ingest import names_in, read_table
from geo.language import Message, joined, say
from geo.layers import Layer
from geo.ledgers.ledger import Table
from geo.schema import PLACES, SCHEMAS, Schema
from report.data.asked import EXPLANATION, column_named
from report.data.data_report import DataReport
from report.data.form import ASKED, ROW, beside
from report.data.form_headers import headers_not_taken, headers_respelled, strange_sheets
from report.data.form_lines import Line, is_asked, lines_of
from report.data.layer_report import LayerReport
from report.data.ledger_cells import LedgerCells, split_by_known
from report.data.noticed import as_written
from report.data.told_of_forms import read_otherwise, still_doubtful, told_of, why_refused

_NO_ID = say("没有编号，按编号和名称在台账里都找不到这一行，没有采用（{form}）。")
_OTHER_CELLS = say("编号“{id}”的行没有名称，或与别的行同名，而灰色的“{column}”写的是“{value}”，"
                          "台账是“{now}”，认不出是哪一行，没有采用（{form}）。")  # fmt: skip
_OTHER_ROW = say("编号“{id}”的行没有名称，或与别的行同名，而原表文件或原表行号与台账不同，"
                          "认不出是哪一行，没有采用（{form}）。")  # fmt: skip


@dataclass(frozen=True)
class Answers:
    """What a form answers.

    cells
        Those that could be read, one a cell asked for.
    findings
        What was not taken, and why, by the rows of the form.
    told
        How what was taken is understood, where it was written otherwise.
    left
        How many cells the form asks for that are still without an answer.
    """

    cells: tuple[FilledCell, ...]
    findings: tuple[Finding, ...]
    told: tuple[Finding, ...] = ()
    left: int = 0


def answers_in(path: Path, report: DataReport, *, coordinates: str = "") -> Answers:
    """Return which cells that the report asks for a form answers.

    coordinates
        Of positions in the form; empty: WGS84.

    Errors: LayerError for a file that is no form of ours.
    """
    sheets = _sheets(path)
    found: list[Answers] = []
    is_form, strange, known = False, 0, 0
    for layer in report.layers:
        schema = SCHEMAS.get(layer.layer)
        if schema is None or schema.chinese not in sheets:
            continue
        if layer.frame is None or layer.ledger is None:
            continue
        table = read_table(path, schema, sheet=schema.chinese)
        is_form |= any(beside(table, heading) is not None for heading in (ASKED, ROW))
        rows = Rows(layer.ledger)  # as they will be when the cells are put in
        lines = [*lines_of(table, schema, path.name, coordinates)]
        at_home = sum(_is_of(line, rows) for line in lines if line.cells)
        strange, known = strange + sum(bool(line.cells) for line in lines), known + at_home
        found.append(_of_headers(table, schema, path.name))
        found.append(_answers_of(lines, rows, layer, schema))
    if not is_form:
        raise _no_form(path.name, sheets)
    if strange and not known:
        raise LayerError(
            say("{file}：表里的行都不在这个研究的台账里，没有采用。请核对是不是别的街道或研究的表。",
                file=path.name)
        )  # fmt: skip
    unread = (*strange_sheets(path, sheets, path.name), *_unread_sheets(sheets, report, path.name))
    return Answers(
        tuple(cell for each in found for cell in each.cells),
        (*unread, *(finding for each in found for finding in each.findings)),
        tuple(finding for each in found for finding in each.told),
        sum(each.left for each in found),
    )


def _of_headers(table: Table, schema: Schema, form: str) -> Answers:
    """Return what is told of the headers of a sheet, which answer nothing themselves."""
    return Answers(
        (), tuple(headers_not_taken(table, schema, form)),
        tuple(headers_respelled(table, schema, form)),
    )


def _no_form(file: str, sheets: Sequence[str]) -> LayerError:
    if PLACES.chinese in sheets:
        return LayerError(say("{file}：是地址表，不是待补数据表。请在研究文件里写成 places。",
                              file=file))  # fmt: skip
    return LayerError(say("{file}：不是待补数据表（.xlsx）。", file=file))


def _unread_sheets(sheets: Sequence[str], report: DataReport, form: str) -> Iterator[Finding]:
    """Yield a warning for each sheet of a layer that the study does not have."""
    read = {layer.layer for layer in report.layers if layer.frame is not None}
    for schema in SCHEMAS.values():
        if schema.chinese in sheets and schema.layer not in read:
            message = say("研究里没有这个图层，这一张表没有采用。")
            yield Finding("warning", schema.layer, message, file=form, value=schema.chinese)


def _is_of(line: Line, rows: Rows) -> bool:
    """Tell whether a line of a form is about a row of this ledger, whatever it is numbered."""
    first = line.cells[0]
    return len(rows.named(first.name)) > 0 if first.name else rows.at(first.id) is not None


def _answers_of(
    lines: Sequence[Line], rows: Rows, layer: LayerReport, schema: Schema
) -> Answers:
    """Return what the lines of one sheet answer."""
    if layer.frame is None or layer.ledger is None:
        return Answers((), ())
    asked: list[FilledCell] = []
    findings: list[Finding] = []
    told: list[Finding] = []
    ledger = LedgerCells(layer, layer.frame, schema)
    for line in lines:
        found = _settled(line, rows, ledger, schema)
        findings += found.findings
        mine, spare = _split(found.cells, line.asked, ledger, schema)
        asked += mine
        findings += _changed_others(spare, line.asked, ledger, schema)
        if mine and not line.cells[0].id:
            told.append(told_of(mine[0], "info", say("没有编号，按名称认作“{id}”，已采用。",
                                                     id=mine[0].id), "", mine[0].name))  # fmt: skip
        told += _elsewhere(mine, ledger, schema)
    alone = Layer(_without_doubted(layer), (), files=layer.files)
    filled = with_filled({layer.layer: alone}, asked)[layer.layer]
    taken, refused = split_by_known(filled, asked)
    findings += why_refused(refused, filled, schema)
    told += read_otherwise(taken, filled.frame, schema)
    told += still_doubtful(taken, filled, schema)
    wanted = sum(len(line.asked or ()) for line in lines)
    counted = sum(cell.column != "name" for cell in taken)
    return Answers(tuple(taken), tuple(findings), tuple(told), max(wanted - counted, 0))


def _without_doubted(layer: LayerReport) -> gpd.GeoDataFrame:
    """Return the rows of a ledger without what is asked back: an answer stands in its stead."""
    ledger, missing = layer.ledger, layer.missing
    if ledger is None:
        raise LayerError
    ids = missing.loc[missing["doubt"].astype(bool)].groupby("column")["id"]
    changed = {
        str(name): ledger[name].mask(ledger["id"].isin(some)) for name, some in ids
        if name in ledger.columns
    }  # fmt: skip
    return ledger.assign(**changed)


def _sheets(path: Path) -> tuple[str, ...]:
    """Return the sheets of a form. Errors: LayerError for a file that is no form."""
    if not path.exists():
        raise LayerError(
            say("{file}：文件不存在，请核对路径 {path}。", file=path.name, path=path)
        )
    if path.suffix.lower() != ".xlsx" or not path.is_file():
        raise LayerError(say("{file}：不是待补数据表（.xlsx）。", file=path.name))
    sheets = names_in(path)
    if EXPLANATION not in sheets:
        raise LayerError(say("{file}：不是待补数据表（.xlsx）。", file=path.name))
    return sheets


def _settled(line: Line, rows: Rows, ledger: LedgerCells, schema: Schema) -> Answers:
    """Return the cells of a row under the id and name that its row has now; else why not."""
    if not line.cells:
        return Answers((), ())
    first = line.cells[0]
    own = rows.at(first.id)
    at: int | Message
    if not first.id:
        at = _without_id(first, rows)
    elif own is not None and rows.names[own] == first.name and rows.is_doubtful(own):
        of = str(rows.ids[own])
        grey = [cell for cell in line.cells if cell.column not in PLACE]
        known = [cell for cell in grey if pd.notna(ledger.value(of, cell.column))]
        changed = [cell for cell in known if not ledger.says(cell, of=of)
                   and not _is_asked_by_name(cell, line.asked, schema)]  # fmt: skip
        at = own
        file, row = rows.where[own]
        values = {"id": first.id, "form": first.form}
        if changed:
            at = _other_cells(changed[0], ledger.value(of, changed[0].column), schema)
        elif first.row not in {0, row} or first.file not in {"", file}:
            at = replace(_OTHER_ROW, values=values)
    else:
        at = rows.of(first)
    if isinstance(at, int):
        return Answers(tuple(rows.told(cell, at) for cell in line.cells), ())
    asked = [
        cell for cell in line.cells
        if cell.column == "name"
        or (cell.column != "street" and is_asked(cell, line.asked, schema))
    ]  # fmt: skip
    told = [stray(cell, at, column_named(schema, cell.column).chinese) for cell in asked]
    return Answers((), tuple(told))


def _other_cells(cell: FilledCell, value: object, schema: Schema) -> Message:
    """Return that a row cannot be told, with the first grey cell that is not as in the ledger."""
    now = as_written(value, cell.column, schema)
    values = {"id": cell.id, "form": cell.form, "value": cell.value, "now": now,
              "column": column_named(schema, cell.column).chinese}  # fmt: skip
    return replace(_OTHER_CELLS, values=values)


def _elsewhere(
    cells: Sequence[FilledCell], ledger: LedgerCells, schema: Schema
) -> Iterator[Finding]:
    """Yield a doubt for each street that is taken and that is not the one its row lies in."""
    for cell in cells:
        lies = ledger.value(cell.id, "street") if cell.column == "street" else None
        if not pd.isna(lies) and street_stem(str(lies)) != street_stem(cell.value):
            message = say("写的是“{written}”，按位置在“{lies}”，按所写的计，请核对。",
                          written=cell.value, lies=lies)  # fmt: skip
            chinese = column_named(schema, "street").chinese
            yield told_of(cell, "warning", message, chinese, cell.value)


def _without_id(first: FilledCell, rows: Rows) -> int | Message:
    """Return the row of a line whose id is gone, by its name alone or with its place."""
    called = [*rows.named(first.name)] if first.name else []
    if len(called) != 1:
        called = [at for at in called if rows.where[at] == (first.file, first.row)]
    if len(called) == 1:
        return int(called[0])
    return Message(_NO_ID.template, {"form": first.form})


def _is_asked_by_name(
    cell: FilledCell, asked: frozenset[str] | None, schema: Schema
) -> bool:
    """Tell whether a form itself says that it asks for a cell: then it need not be as before."""
    return asked is not None and is_asked(cell, asked, schema)


def _split(
    typed: Sequence[FilledCell],
    in_form: frozenset[str] | None,
    ledger: LedgerCells,
    schema: Schema,
) -> tuple[list[FilledCell], list[FilledCell]]:
    """Return the cells that form and ledger lack, with what the ledger said there; the others.

    What the form asked for is taken though it is known by now from where the row lies: what is
    written stands above that.
    """
    was = ledger.was
    asked, others = [], []
    for cell in typed:
        key = ledger.key(cell)
        by_name = in_form is not None and cell.column not in PLACE
        # Though an older form did not ask.
        mended = key in ledger.doubted and cell.value != was[key]
        if mended or (
            is_asked(cell, in_form, schema) and (key in was or (by_name and ledger.lacks(cell)))
        ):
            asked.append(cell.model_copy(update={"was": was.get(key, "")}))
        else:
            others.append(cell)
    return asked, others


def _changed_others(
    cells: list[FilledCell],
    in_form: frozenset[str] | None,
    ledger: LedgerCells,
    schema: Schema,
) -> Iterator[Finding]:
    """Yield a warning for each cell that is not taken and that differs from the ledger."""
    for cell in cells:
        chinese = column_named(schema, cell.column).chinese
        if cell.id not in ledger.rows:
            message = say("补填的编号“{id}”不在图层里，没有采用（{form}）。",
                          id=cell.id, form=cell.form)  # fmt: skip
        elif ledger.says(cell):
            continue
        elif cell.column in PLACE:
            message = say("“{id}”已有位置，填写的没有采用。要改请用 place --at。", id=cell.id)
        elif in_form is not None and chinese in in_form:
            message = say("“{id}”的这一格台账里现在已有内容，填写的没有采用。", id=cell.id)
        else:
            message = _not_asked(cell)
        yield told_of(cell, "warning", message, chinese, cell.value)


def _not_asked(cell: FilledCell) -> Message:
    """Return that a cell was not asked for, and where it can be changed."""
    if not cell.row:
        return say("编号“{id}”的这一格没有要求补填，改动没有采用。要改请改台账。", id=cell.id)
    ledger = joined(" ", cell.file, say("第 {row} 行", row=cell.row)) if cell.file else say(
        "台账第 {row} 行", row=cell.row
    )
    return say("编号“{id}”的这一格没有要求补填，改动没有采用。要改请改在{ledger}。",
               id=cell.id, ledger=ledger)  # fmt: skip
