"""Tables of the documents read again: cells as printed, and where in a briefing they stand."""

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import docx
import pptx
from python_calamine import CalamineWorkbook

from report.briefing.content import Briefing, Kind, Table

Rows = list[list[str]]


def plain(text: object) -> str:
    """Return a cell without blanks and the breaks that a writer puts in."""
    return re.sub(r"\s", "", str(text))


def of_word(path: Path) -> Iterator[Rows]:
    """Yield every table of a document, the headings first."""
    for table in docx.Document(str(path)).tables:
        yield [[plain(cell.text) for cell in row.cells] for row in table.rows]


def of_slides(path: Path) -> Iterator[tuple[str, Rows]]:
    """Yield every table of a deck with its name."""
    for slide in pptx.Presentation(str(path)).slides:
        for shape in slide.shapes:
            if shape.has_table:
                rows = shape.table.rows
                yield shape.name, [[plain(cell.text) for cell in row.cells] for row in rows]


def of_web_page(path: Path) -> dict[str, Any]:
    page = path.read_text(encoding="utf-8")
    (block,) = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    content: dict[str, Any] = json.loads(html.unescape(block))
    return content


def of_sheet(path: Path, name: str) -> list[dict[str, Any]]:
    """Return the rows of a sheet by heading, cells as they are."""
    heads, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python()
    return [dict(zip(map(str, heads), row, strict=True)) for row in rows]


def found_in(briefing: Briefing, heads: Sequence[str]) -> list[tuple[Table, list[str]]]:
    """Return the tables of a briefing that have these headings, with the keys of the columns."""
    found = []
    for table in briefing.tables.values():
        keys = {plain(column.title): column.key for column in table.columns}
        if set(heads) <= set(keys):
            found.append((table, [keys[head] for head in heads]))
    return found


def wrong_rows(table: Table, keys: Sequence[str], rows: Rows) -> Rows:
    """Return the rows that do not stand in a table just so; a text may be cut, a number never."""
    known = [[plain(cell) for cell in row] for row in table.texts(keys)]
    texts = [column.kind is Kind.TEXT for column in table.only(keys)]
    return [row for row in rows if not any(_alike(row, other, texts) for other in known)]


def _alike(row: Sequence[str], known: Sequence[str], texts: Sequence[bool]) -> bool:
    return all(
        cell == whole or (text and cell.endswith("…") and whole.startswith(cell[:-1]))
        # Where the column that names the sum is not shown, another text is.
        or (text and cell == "合计" and whole == "")
        for cell, whole, text in zip(row, known, texts, strict=True)
    )


def by_title(card: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    return dict(card)
