"""A data report as an Excel workbook: what came in, the effects, changes, gaps, findings."""

from pathlib import Path
from typing import Any, Final

import pandas as pd

from geo.language import Message, say
from geo.position.system_names import as_people_say
from geo.schema import layer_word
from report.data.data_report import DataReport
from report.data.sheets import workbook
from report.data.tables import (
    HEADINGS,
    changes_table,
    column_word,
    effects_table,
    files_table,
    findings_table,
    missing_table,
    overview_table,
    uses_table,
)
from report.terminal import SEVERITIES

ROWS_TOLD: Final = 200  # row numbers named in one cell


def write_report(report: DataReport, path: Path) -> None:
    """Write the report as one workbook, one sheet a question; texts are never formulas."""
    sheets: list[tuple[Message, pd.DataFrame]] = [
        (say("总览"), overview_table(report)),
        (say("对结果的影响"), effects_table(report)),
        (say("待补单元格"), missing_table(report)),
        (say("改动"), changes_table(report)),
        (say("全部问题"), findings_table(report)),
        (say("各列"), uses_table(report)),
    ]
    files = files_table(report)
    if len(files):  # apart from the layers, whose figures hold theirs
        sheets.insert(1, (say("各文件"), files))
    with workbook(path) as book:
        for title, table in sheets:
            shown = in_words(table)
            headings = [str(HEADINGS[str(name)]) for name in shown.columns]
            rows = shown.astype(object).where(shown.notna(), None).itertuples(index=False)
            book.table(book.sheet(str(title)), headings, rows)


def in_words(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with layers, columns and severities as people call them."""
    words: dict[str, Any] = {}
    if "column" in table and "layer" in table and "value" not in table and "old" not in table:
        pairs = zip(table["layer"], table["column"], strict=True)
        words["column"] = [column_word(layer, column) for layer, column in pairs]
    if "layer" in table:
        words["layer"] = [layer_word(name) for name in table["layer"]]
    if "coordinates" in table:
        words["coordinates"] = [as_people_say(said) for said in table["coordinates"]]
    if "severity" in table:
        words["severity"] = [str(SEVERITIES[name]) for name in table["severity"]]
    if "needed" in table:
        words["needed"] = [str(say("是")) if needed else "" for needed in table["needed"]]
    if "count" in table:
        words["rows"] = [_numbers(rows) for rows in table["rows"]]
    return table.assign(**words)


def _numbers(rows: tuple[int, ...]) -> str:
    text = "、".join(str(row) for row in rows[:ROWS_TOLD])
    return text if len(rows) <= ROWS_TOLD else f"{text}…"
