"""Excel workbooks as grids of cells, with what a plain reading hides: errors, merged, hidden."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import unescape

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from geo.errors import LayerError
from geo.findings import Severity
from geo.language import Message, say

Note = tuple[Severity, Message, int | None]

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
EXPLANATIONS = ("说明", "填表说明", "填写说明")  # sheets that tell how to fill in the others
_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_ERROR_CELL = re.compile(
    r'<c\b(?=[^>]*\bt="e")[^>]*\br="(?P<column>[A-Z]{1,3})(?P<row>\d+)"[^>]*>'
    r"(?:<f\b[^>]*/>|<f\b.*?</f>)?<v>(?P<text>[^<]*)</v>", re.DOTALL
)
_HIDDEN = re.compile(r'<(?P<what>row|col)\b(?=[^>]*\bhidden="(?:1|true)")[^>]*>')


def read_workbook(path: Path, *, sheet: str | None = None) -> tuple[list[list[Any]], list[Note]]:
    """Return the cells of one sheet from A1 on, and what was noticed.

    sheet
        Its name; None takes the only sheet that holds cells.

    Errors: LayerError for a file that is no workbook, is locked, or whose sheet is not clear.
    """
    data = path.read_bytes()
    _refuse_others(data, path)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        name, notes = _choose(book, sheet, path)
        chosen = book.get_sheet_by_name(name)
        grid = [list(row) for row in chosen.to_python(skip_empty_area=False)]
    except CalamineError as error:
        if "assword" in str(error):
            raise LayerError(_locked(path)) from None
        raise LayerError(_damaged(path)) from None
    notes += _fill_merged(grid, chosen)
    if data.startswith(_ZIP):
        notes += _tell_hidden_things(grid, data, name)
    return grid, notes


def _choose(book: CalamineWorkbook, sheet: str | None, path: Path) -> tuple[str, list[Note]]:
    names = list(book.sheet_names)
    if sheet is not None:
        if sheet not in names:
            raise LayerError(
                say(
                    "{file}：没有工作表“{sheet}”，现有：{names}。",
                    file=path.name, sheet=sheet, names="、".join(names),
                )
            )
        return sheet, []
    filled = [name for name in names if book.get_sheet_by_name(name).height > 0]
    filled = [name for name in filled if name not in EXPLANATIONS] or filled
    if not filled:
        raise LayerError(say("{file}：是空文件，所有工作表都没有内容。", file=path.name))
    if len(filled) > 1:
        raise LayerError(
            say(
                '{file}：有多个工作表（{names}），请说明用哪一个（layer = "…"）。',
                file=path.name, names="、".join(filled),
            )
        )
    if len(names) == 1:
        return filled[0], []
    return filled[0], [("info", say("采用唯一有内容的工作表“{name}”。", name=filled[0]), None)]


def _fill_merged(grid: list[list[Any]], sheet: CalamineSheet) -> list[Note]:
    """Give each row of a vertically merged text the text of its first row.

    A merged figure is not repeated: one figure for three rows would then count three times.
    """
    notes: list[Note] = []
    filled = 0
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left != right or bottom == top or bottom >= len(grid):
            continue
        value = grid[top][left]
        if isinstance(value, str):
            for row in range(top + 1, bottom + 1):
                grid[row][left] = value
            filled += 1
        else:
            message = say(
                "合并单元格中的数只归首行，第 {last} 行为止的其余各行为空。", last=bottom + 1
            )
            notes.append(("warning", message, top + 1))
    if filled:
        message = say("{count} 处合并单元格，按首格的值填满各行。", count=filled)
        notes.append(("info", message, None))
    return notes


def _tell_hidden_things(grid: list[list[Any]], data: bytes, name: str) -> list[Note]:
    """Put error cells (#REF!) back, which a plain reading gives as empty; tell hidden rows."""
    text = _sheet_xml(data, name)
    for match in _ERROR_CELL.finditer(text):
        row, column = int(match["row"]) - 1, _column_number(match["column"])
        if row < len(grid) and column < len(grid[row]):
            grid[row][column] = unescape(match["text"])
    hidden = {match["what"] for match in _HIDDEN.finditer(text)}
    if not hidden:
        return []
    return [("warning", say("表中有隐藏的行或列，已照常读入，请核对。"), None)]


def _sheet_xml(data: bytes, name: str) -> str:
    """Return the XML of a sheet; empty where the workbook is laid out in an unusual way."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        try:
            book = archive.read("xl/workbook.xml").decode("utf-8")
            relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8")
            targets = {
                tag["Id"]: tag["Target"] for tag in map(_attributes, _RELATION.findall(relations))
            }
            for tag in map(_attributes, _SHEET.findall(book)):
                if tag.get("name") == name:
                    target = targets[tag["r:id"]]
                    inside = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                    return archive.read(inside).decode("utf-8")
        except (KeyError, UnicodeDecodeError):
            return ""
    return ""


def _attributes(tag: str) -> dict[str, str]:
    pairs: Iterator[tuple[str, str]] = (
        (m[1], unescape(m[2], {"&quot;": '"'})) for m in re.finditer(r'([\w:]+)="([^"]*)"', tag)
    )
    return dict(pairs)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _refuse_others(data: bytes, path: Path) -> None:
    if data.startswith(_ZIP):
        with_macros = _has_macros(data, path)
        if with_macros:
            raise LayerError(say("{file}：工作簿含宏，请另存为不含宏的 .xlsx。", file=path.name))
        return
    if data.startswith(_OLE):
        if path.suffix.lower() == ".xlsx":
            raise LayerError(_locked(path))
        return
    kind = "HTML" if data.lstrip()[:1] == b"<" else "CSV"
    raise LayerError(
        say(
            "{file}：内容与扩展名不符，内容像 {kind} 文本，不是 Excel 工作簿。"
            "请用 Excel 另存为 .xlsx，或改回正确的扩展名。",
            file=path.name, kind=kind,
        )
    )


def _has_macros(data: bytes, path: Path) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(name.endswith("vbaProject.bin") for name in archive.namelist())
    except zipfile.BadZipFile:
        raise LayerError(_damaged(path)) from None


def _damaged(path: Path) -> Message:
    return say("{file}：无法读取，工作簿可能已损坏，请用 Excel 打开后另存。", file=path.name)


def _locked(path: Path) -> Message:
    return say("{file}：工作簿有密码，或是旧格式，请去掉密码并另存为 .xlsx。", file=path.name)


