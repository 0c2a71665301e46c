"""A data report as tables, one a question, for the browser, for Excel and for machines."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from geo.language import Message, say, spoken
from geo.schema import READ_POSITION, SCHEMAS
from geo.schema import layer_word as layer_word  # noqa: PLC0414 - the page asks for it here
from report.data.data_report import DataReport
from report.data.effects import Effect, answered_in
from report.data.layer_report import LayerReport
from report.data.missing_cells import POSITION
from report.data.noticed import KINDS, Noticed

OVERVIEW: Final = (
    "layer", "file", "rows", "coordinates", "errors", "warnings", "notes", "left_out", "changed",
    "filled", "missing", "unread", "doubtful", "refused",
)  # fmt: skip
USES: Final = ("layer", "column", "chinese", "header", "needed", "blank")
EFFECTS: Final = ("layer", "column", "count", "message", "rows")
"""`rows` are numbers, or texts of file and numbers for a layer out of several files."""
CHANGES: Final = ("layer", "file", "row", "column", "old", "new", "message")
MISSING: Final = ("layer", "file", "row", "id", "name", "street", "column", "was")
FINDINGS: Final = (
    "kind", "severity", "layer", "file", "row", "column", "value", "message", "remedy",
)  # fmt: skip

HEADINGS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "layer": say("图层"), "file": say("文件"), "rows": say("行数"),
        "coordinates": say("坐标系"), "errors": say("错误"), "warnings": say("警告"),
        "notes": say("提示"), "left_out": say("未计入的行"), "changed": say("改动"),
        "filled": say("已补填"), "missing": say("缺失的单元格"),
        "unread": say("无法读取"), "doubtful": say("存疑"),
        "refused": say("不能读取的原因"),
        "column": say("列"), "chinese": say("列名"), "header": say("文件中的列名"),
        "needed": say("必填"), "blank": say("空单元格"), "count": say("涉及行数"),
        "message": say("说明"), "row": say("行"), "old": say("原来"), "new": say("读作"),
        "id": say("编号"), "name": say("名称"), "street": say("街道"), "was": say("原文"),
        "kind": say("类型"), "severity": say("程度"), "value": say("原文"),
        "remedy": say("怎样改"),
    }
)  # fmt: skip
"""What the columns of these tables are called."""


def overview_table(report: DataReport) -> pd.DataFrame:
    """Return one row a layer: how much came in, and how much of it is touched.

    The last row is of the study as a whole, if anything was noticed of it.
    """
    rows = [_overview(layer) for layer in report.lines]
    return pd.DataFrame(rows, columns=list(OVERVIEW))


def files_table(report: DataReport) -> pd.DataFrame:
    """Return the same of each file of the layers out of several."""
    rows = [_overview(part) for layer in report.layers for part in layer.by_file()]
    return pd.DataFrame(rows, columns=list(OVERVIEW))


def uses_table(report: DataReport) -> pd.DataFrame:
    """Return one row a column of a layer: which header it is, and how many cells are blank."""
    rows = [
        (layer.layer, use.name, use.chinese, use.header, use.needed, use.blank)
        for layer in report.layers
        for use in layer.columns
    ]
    return pd.DataFrame(rows, columns=list(USES))


def effects_table(report: DataReport) -> pd.DataFrame:
    """Return what is missing does to the results, one row an effect."""
    rows = [
        (layer.layer, effect.column, len(effect.rows), str(effect.message), _told_rows(effect))
        for layer in report.layers
        for effect in layer.effects
    ]
    return pd.DataFrame(rows, columns=list(EFFECTS))


def _told_rows(effect: Effect) -> tuple[int, ...] | tuple[str, ...]:
    if not effect.files:
        return effect.rows
    told = effect.by_file().items()
    return tuple(f"{file}（{'、'.join(map(str, rows))}）" for file, rows in told)


def changes_table(report: DataReport) -> pd.DataFrame:
    """Return every cell that was read as something else; `new` is empty where only told of."""
    rows = [
        (
            layer.layer, each.finding.file, each.finding.row, each.finding.column,
            each.finding.value, each.read_as or "", str(each.finding.message),
        )
        for layer in report.layers
        for each in layer.of_kind("changed")
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(CHANGES)).astype({"row": "Int64"})


def missing_table(report: DataReport) -> pd.DataFrame:
    """Return every cell that is asked for, a position as two; `was` is what could not be read."""
    tables = [_cells(layer)[list(MISSING)] for layer in report.layers if len(layer.missing)]
    return pd.concat([pd.DataFrame(columns=list(MISSING)), *tables], ignore_index=True)


def _cells(layer: LayerReport) -> pd.DataFrame:
    answered = [answered_in(layer.layer, str(name)) for name in layer.missing["column"]]
    columns = pd.Series(answered, index=layer.missing.index, dtype=object)
    cells = layer.missing.assign(column=columns, layer=layer.layer).explode("column")
    return cells.assign(file=cells["file"].where(cells["file"].ne(""), layer.file))


def findings_table(report: DataReport) -> pd.DataFrame:
    """Return every finding with its kind, layer by layer, in the language now spoken."""
    noticed = [each for layer in report.layers for each in layer.noticed] + [*report.others]
    rows = [_finding(each) for each in noticed]
    return pd.DataFrame(rows, columns=list(FINDINGS)).astype({"row": "Int64"})


def column_word(layer: str, column: str) -> str:
    """Return a column as a ledger heads it, in the language now spoken."""
    if column == POSITION or layer not in SCHEMAS:
        return str(say("位置"))
    places = {each.name: each.chinese for each in READ_POSITION}
    schema = SCHEMAS[layer]
    if not schema.has(column):
        return _word(places[column], column) if column in places else column
    return _word(schema.column(column).chinese, column)


def _word(chinese: str, code: str) -> str:
    # The codes of layers and columns are their English names.
    return code if spoken() == "en" else chinese


def report_content(report: DataReport) -> dict[str, Any]:
    """Return the report for machines, layer by layer."""
    return {
        "title": report.title,
        "rows": report.rows,
        "errors": report.errors,
        "layers": [_layer_content(layer) for layer in report.layers],
    }


def _overview(layer: LayerReport) -> tuple[Any, ...]:
    counts = layer.counts()
    refused = "\n".join(str(message) for message in layer.refusals)
    return (
        layer.layer, layer.file, layer.rows, layer.coordinates, layer.errors, layer.warnings,
        layer.others - layer.warnings, counts["left_out"], counts["changed"],
        counts["filled"], layer.cells, counts["unread"], counts["doubtful"], refused,
    )  # fmt: skip


def _finding(each: Noticed) -> tuple[Any, ...]:
    finding = each.finding
    remedy = "" if finding.remedy is None else str(finding.remedy)
    return (
        str(KINDS[each.kind]), finding.severity, finding.layer, finding.file, finding.row,
        finding.column, finding.value, str(finding.message), remedy,
    )  # fmt: skip


def _layer_content(layer: LayerReport) -> dict[str, Any]:
    return {
        "layer": layer.layer,
        "file": layer.file,
        "rows": layer.rows,
        "coordinates": layer.coordinates,
        "refused": [str(message) for message in layer.refusals],
        "columns": [
            {"name": use.name, "header": use.header, "needed": use.needed, "blank": use.blank}
            for use in layer.columns
        ],
        "counts": _counts(layer),
        "files": [
            {"file": part.file, "rows": part.rows, "coordinates": part.coordinates,
             "counts": _counts(part), "refused": [str(message) for message in part.refused]}
            for part in layer.by_file()
        ],
        "changed": [*_changed(layer)],
        "missing": [
            {str(name): value for name, value in cell.items()}
            for cell in layer.missing.drop(columns="at").to_dict("records")
        ],
        "effects": [
            {"column": effect.column, "rows": list(effect.rows), "files": list(effect.files),
             "message": str(effect.message)}
            for effect in layer.effects
        ],
    }  # fmt: skip


def _counts(layer: LayerReport) -> dict[str, int]:
    return {**{str(kind): count for kind, count in layer.counts().items()},
            "missing_cells": layer.cells}  # fmt: skip


def _changed(layer: LayerReport) -> Iterator[dict[str, Any]]:
    for each in layer.of_kind("changed"):
        finding = each.finding
        yield {
            "file": finding.file, "row": finding.row, "column": finding.column,
            "old": finding.value, "new": each.read_as, "message": str(finding.message),
        }  # fmt: skip
