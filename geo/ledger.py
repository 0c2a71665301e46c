"""CSV and Excel tables as offices keep them, turned into plain columns with their row numbers.

Title rows above the header, total rows, notes and empty rows are told apart from the data; each
row left out is a finding.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.errors import LayerError
from geo.findings import Finding, Severity
from geo.headers import match_headers
from geo.language import Message, say
from geo.numbers import Cells, is_missing, shown
from geo.schema import Schema
from geo.workbook import read_workbook

CSV_SUFFIXES = (".csv", ".tsv", ".txt")
WORKBOOK_SUFFIXES = (".xlsx", ".xls")

# A header stands within the first rows; further down, a row that looks like one is data.
_HEADER_WITHIN = 20

# The outline of a county in a WKT column is longer than the 128 KB that csv allows by itself.
_LONGEST_CELL = 10_000_000

_TOTALS = frozenset({
    "合计", "小计", "总计", "平均", "平均值", "均值", "共计", "累计", "汇总", "总和", "合计数",
    "本页合计", "本页小计", "total", "subtotal", "grandtotal", "sum", "average", "mean",
})
# A total names itself in one of its first cells; a note fills no more than these.
_NOTE_CELLS = 2
_TOTAL_TAIL = re.compile(r".{1,12}(合计|小计|总计|共计)(\(.*\))?")
_NOTE = re.compile(
    r"(注|备注|说明|填表|制表|填报|审核|复核|联系|负责人|经办|单位负责|数据来源|来源|附|日期)"
    r".{0,4}[:：].*"
    r"|(注|备注|说明)\d*"
)


@dataclass(frozen=True)
class Table:
    """A plain table: headers, and one array of cells a column.

    rows
        Row numbers as the file shows them.
    header_row
        Row number of the header; 0 where the format has none.
    """

    headers: tuple[str, ...]
    columns: tuple[NDArray[Any], ...]
    rows: NDArray[np.int64]
    header_row: int
    findings: tuple[Finding, ...] = ()

    def cells(self, position: int, layer: str, file: str) -> Cells:
        """Return one column and where it stands."""
        return Cells(self.columns[position], self.rows, self.headers[position], layer, file)


Grid = Sequence[Sequence[Any]]


def read_ledger(path: Path, schema: Schema, *, sheet: str | None = None) -> Table:
    """Return a CSV or Excel file as a table, its header found by the columns of the layer.

    Errors: LayerError for a file that is empty, not what its name says, or has a row with more
    cells than the header.
    """
    if path.suffix.lower() in CSV_SUFFIXES:
        grid, notes = read_csv(path)
    else:
        grid, notes = read_workbook(path, sheet=sheet)
    findings = [Finding(severity, schema.layer, message, file=path.name, row=row)
                for severity, message, row in notes]
    return _plain_table(grid, schema, path.name, findings)


def read_csv(path: Path) -> tuple[Grid, list[tuple[Severity, Message, int | None]]]:
    """Return the records of a CSV file, and what was noticed: its encoding.

    Records are counted as a spreadsheet counts rows: a line break inside quotes starts none.
    """
    data = path.read_bytes()
    _refuse_disguise(data, path)
    text, encoding = decode(data, path)
    csv.field_size_limit(_LONGEST_CELL)
    try:
        separator = _separator(text)
        grid = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise LayerError(
            say("{file}：CSV 有误（{error}），请检查引号是否成对。", file=path.name, error=error)
        ) from None
    return grid, [("info", say("按 {encoding} 编码读取。", encoding=encoding), None)]


def decode(data: bytes, path: Path) -> tuple[str, str]:
    """Return the text of a file and its encoding: by mark, else strict UTF-8, else GB18030.

    Errors: LayerError where none fits, or where the text was encoded twice.
    """
    for mark, name in (
        (codecs.BOM_UTF8, "UTF-8"),
        (codecs.BOM_UTF16_LE, "UTF-16"),
        (codecs.BOM_UTF16_BE, "UTF-16"),
    ):
        if data.startswith(mark):
            encoding = "utf-8-sig" if name == "UTF-8" else "utf-16"
            return _strict(data, encoding, path), name
    if 0 < data[1:2000:2].count(0) > len(data[1:2000:2]) // 3:
        return _strict(data, "utf-16-le", path), "UTF-16"
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _strict(data, "gb18030", path), "GB18030"
    _refuse_double_encoding(text, path)
    return text, "UTF-8"


def _strict(data: bytes, encoding: str, path: Path) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise LayerError(
            say(
                "{file}：文字编码无法识别（不是 UTF-8、UTF-16 或 GB18030），请另存为 UTF-8。",
                file=path.name,
            )
        ) from None


def _refuse_double_encoding(text: str, path: Path) -> None:
    """Refuse UTF-8 that was read as Latin and saved again (“åç§°” for “名称”)."""
    first = text.splitlines()[0] if text.strip() else ""
    for wrong in ("latin-1", "cp1252"):
        try:
            meant = first.encode(wrong).decode("utf-8")
        except UnicodeError:
            continue
        if any("\u4e00" <= c <= "\u9fff" for c in meant):
            raise LayerError(
                say(
                    "{file}：文字是乱码（重复编码，表头应为“{meant}”），请从原表重新导出为 UTF-8。",
                    file=path.name, meant=shown(meant),
                )
            )


def _refuse_disguise(data: bytes, path: Path) -> None:
    for magic, name in (
        (b"PK\x03\x04", "Excel/ZIP"), (b"\xd0\xcf\x11\xe0", "Excel (.xls)"),
        (b"SQLite format 3", "GeoPackage"),
    ):
        if data.startswith(magic):
            raise LayerError(
                say(
                    "{file}：内容与扩展名不符，内容是 {name}，请改回正确的扩展名。",
                    file=path.name, name=name,
                )
            )


def _separator(text: str) -> str:
    """Return the separator under which most of the first records have the same number of cells."""
    sample = text[:20_000].splitlines(keepends=True)[:_HEADER_WITHIN]

    def regularity(separator: str) -> int:
        widths = [len(record) for record in csv.reader(sample, delimiter=separator)]
        usual = max((w for w in widths if w > 1), key=widths.count, default=0)
        return usual * widths.count(usual)

    return max((",", "\t", ";"), key=regularity)


def _plain_table(grid: Grid, schema: Schema, file: str, findings: list[Finding]) -> Table:
    if not any(_filled(row) for row in grid):
        raise LayerError(say("{file}：是空文件，没有表头也没有数据。", file=file))
    at = _header_position(grid, schema)
    headers = tuple(_header_text(cell) for cell in grid[at])
    while headers and not headers[-1]:
        headers = headers[:-1]
    if skipped := sum(1 for row in grid[:at] if _filled(row)):
        message = say("表头在第 {row} 行，其上 {count} 行不作数据。", row=at + 1, count=skipped)
        findings.append(Finding("info", schema.layer, message, file=file, row=at + 1))
    kept = []
    for position in range(at + 1, len(grid)):
        cells = grid[position]
        if not _filled(cells):
            continue
        _refuse_ragged(cells, headers, position + 1, file)
        if reason := _not_data(cells):
            word, message = reason
            findings.append(
                Finding("warning", schema.layer, message, file=file, row=position + 1, value=word)
            )
            continue
        kept.append(position)
    columns = tuple(_column(grid, kept, c) for c in range(len(headers)))
    rows = np.array(kept, dtype=np.int64) + 1
    return Table(headers, columns, rows, at + 1, tuple(findings))


def _column(grid: Grid, kept: Sequence[int], position: int) -> NDArray[Any]:
    cells = np.empty(len(kept), dtype=object)
    for index, row in enumerate(kept):
        cells[index] = grid[row][position] if position < len(grid[row]) else None
    return cells


def _header_position(grid: Grid, schema: Schema) -> int:
    """Return the row that names most columns of the layer; where none does, the fullest row."""
    first = range(min(len(grid), _HEADER_WITHIN))

    def worth(position: int) -> tuple[int, int, int]:
        texts = [_header_text(cell) for cell in grid[position]]
        matching = match_headers(texts, schema)
        named = len(matching.columns) + len(matching.other_units)
        return named, len(_filled(grid[position])), -position

    return max(first, key=worth)


def _header_text(cell: object) -> str:
    return "" if is_missing(cell) else shown(cell).replace("·", "").strip()


def _filled(cells: Sequence[object]) -> list[object]:
    return [cell for cell in cells if not is_missing(cell)]


def _not_data(cells: Sequence[object]) -> tuple[str, Message] | None:
    """Return (word, why) where a row is a total or a note rather than data."""
    filled = _filled(cells)
    texts = [cell for cell in filled[:_NOTE_CELLS] if isinstance(cell, str)]
    for text in texts:
        word = "".join(unicodedata.normalize("NFKC", text).split())
        if word.casefold().rstrip(":") in _TOTALS or _TOTAL_TAIL.fullmatch(word):
            return word, say("是“{word}”行，不是数据，已排除。", word=word)
    if len(filled) <= _NOTE_CELLS and texts and _NOTE.fullmatch(texts[0].strip()):
        return shown(texts[0]), say("是表下的说明，不是数据，已排除。")
    return None


def _refuse_ragged(cells: Sequence[object], headers: Sequence[str], row: int, file: str) -> None:
    if any(not is_missing(cell) for cell in cells[len(headers):]):
        raise LayerError(
            say(
                "{file} 第 {row} 行：有 {found} 个单元格，表头只有 {width} 列，"
                "数值可能错位。请检查多余的分隔符。",
                file=file, row=row, found=len(cells), width=len(headers),
            )
        )
