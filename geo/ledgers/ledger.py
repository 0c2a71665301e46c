"""CSV and Excel tables as offices keep them, turned into plain columns with their row numbers.

Title rows above the header, total rows, notes and empty rows are told apart from the data; each
row left out is a finding.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.errors import LayerError
from geo.findings import Finding, Severity
from geo.language import Message, say
from geo.ledgers.as_above import fill_as_above
from geo.ledgers.beside_data import BesideData, filled_cells, printed_again, totals
from geo.ledgers.decimal_commas import read_decimal_commas
from geo.ledgers.delimited import read_csv
from geo.ledgers.header_rows import Header, find_header
from geo.ledgers.headers import match_headers
from geo.ledgers.merged import Body, blanks_as_above, fill_merged
from geo.ledgers.numbers import Cells, is_missing, shown
from geo.ledgers.sheet_shapes import (
    FirstTable,
    first_table,
    labels_down,
    refuse_upright,
    titles_over,
)
from geo.ledgers.total_rows import Summed, about_totals, is_total
from geo.ledgers.workbook import Area, read_workbook
from geo.schema import Schema

CSV_SUFFIXES = (".csv", ".tsv", ".txt")
WORKBOOK_SUFFIXES = (".xlsx", ".xls")

_NAMED = 20

Grid = Sequence[Sequence[Any]]
Note = tuple[Severity, Message, int | None]


@dataclass(frozen=True)
class Table:
    """A plain table: headers, and one array of cells a column.

    rows
        Row numbers as the file shows them.
    header_row
        Row number of the header, its last where it has several; 0 where the format has none.
    levels
        Where the header has several rows: its texts from the top down, by position.
    """

    headers: tuple[str, ...]
    columns: tuple[NDArray[Any], ...]
    rows: NDArray[np.int64]
    header_row: int
    findings: tuple[Finding, ...] = ()
    levels: tuple[tuple[str, ...], ...] = ()

    def cells(self, position: int, layer: str, file: str) -> Cells:
        """Return one column and where it stands."""
        return Cells(self.columns[position], self.rows, self.headers[position], layer, file)


def read_ledger(
    path: Path,
    schema: Schema,
    *,
    sheet: str | None = None,
    columns: Mapping[str, str] = MappingProxyType({}),
) -> Table:
    """Return a CSV or Excel file as a table, its header found by the columns of the layer.

    columns
        Header -> column of the layer, said by the user.

    Errors: LayerError for a file that is empty, not what its name says, or has a row with more
    cells than the header.
    """
    merged: Sequence[Area] = ()
    grid: Grid
    separator = name = ""
    if path.suffix.lower() in CSV_SUFFIXES:
        grid, notes, separator = read_csv(path, headers_in=lambda text: _named_in(text, schema))
    else:
        found = read_workbook(
            path, sheet=sheet,
            holds_layer=lambda head, areas: _holds(head, areas, schema, columns),
        )
        grid, merged, notes, name = found.grid, found.merged, found.notes, found.name
    findings = [Finding(severity, schema.layer, message, file=path.name, row=row)
                for severity, message, row in notes]
    return _plain_table(
        grid, merged, find_header(grid, merged, schema, columns),
        _Place(schema, path.name, separator, name),
        findings, shifts=path.suffix.lower() in CSV_SUFFIXES,
    )


@dataclass(frozen=True)
class _Place:
    schema: Schema
    file: str
    separator: str
    sheet: str = ""

    def finding(
        self, severity: Severity, message: Message, row: int | None = None, value: str = ""
    ) -> Finding:
        return Finding(severity, self.schema.layer, message, file=self.file, row=row, value=value)


def _named_in(text: str, schema: Schema) -> int:
    """Return the most columns of the layer that one of the first lines names."""
    lines = text[:20_000].splitlines()[:30]
    cells = [[cell.strip('" ') for mark in ",\t;|，" for cell in line.split(mark)]
             for line in lines]
    return max((len(match_headers(line, schema).columns) for line in cells), default=0)


def _holds(
    head: Grid, merged: Sequence[Area], schema: Schema, columns: Mapping[str, str]
) -> bool:
    """Tell whether a sheet has the columns that the layer needs."""
    header = find_header(head, merged, schema, columns)
    found = header.matching.columns
    if labels_down(head, header, schema):
        return False
    return all(column.name in found for column in schema.columns if column.needed)


def _plain_table(
    grid: Grid,
    merged: Sequence[Area],
    header: Header,
    place: _Place,
    findings: list[Finding],
    *,
    shifts: bool,
) -> Table:
    """Return the rows of data under the header; `shifts`: a cell too many shifts the others."""
    if not any(any(not is_missing(cell) for cell in row) for row in grid):
        raise LayerError(say("{file}：是空文件，没有表头也没有数据。", file=place.file))
    refuse_upright(grid, header, place.schema, place.file)
    first = first_table(grid, header, place.schema, place.file)
    grid = first.grid
    findings += first.findings
    headers = header.texts
    while headers and not headers[-1]:
        headers = headers[:-1]
    findings += _about_rows_above(grid, header, place)
    kept, about = _rows_of_data(first, merged, header, place)
    findings += about
    if shifts:
        _refuse_ragged(grid, kept, headers, place.file)
        findings += _about_short_rows(grid, kept, len(headers), place)
    else:
        findings += _beside_the_table(grid, kept, len(headers), place)
    columns = _columns(grid, kept, len(headers))
    rows = np.array(kept, dtype=np.int64) + 1
    findings += _without_header(columns, headers, place)
    names = {at: name for name, at in header.matching.columns.items() if at < len(headers)}
    body = Body(columns, rows, headers, names, place.schema, place.file)
    # A cell that says “as above” is no blank, even where nothing stands above.
    findings += [*fill_merged(body, merged), *blanks_as_above(body), *fill_as_above(body)]
    if place.separator == ";":
        findings += read_decimal_commas(body)
    return Table(headers, columns, rows, header.last + 1, tuple(findings), header.levels)


def _about_rows_above(grid: Grid, header: Header, place: _Place) -> list[Finding]:
    above = sum(1 for row in grid[:header.top] if any(not is_missing(cell) for cell in row))
    row = header.last + 1
    if header.top < header.last and above:
        message = say("表头在第 {row} 行（自第 {first} 行起），其上 {count} 行不作数据。",
                      first=header.top + 1, row=row, count=above)
    elif header.top < header.last:
        message = say("表头在第 {row} 行（自第 {first} 行起）。", first=header.top + 1, row=row)
    elif above:
        message = say("表头在第 {row} 行，其上 {count} 行不作数据。", row=row, count=above)
    else:
        return []
    return [place.finding("info", message, row)]


def _rows_of_data(
    first: FirstTable, merged: Sequence[Area], header: Header, place: _Place
) -> tuple[list[int], list[Finding]]:
    """Return the positions of the rows that are data, and a finding about each other filled one."""
    grid, again = first.grid, first.again
    beside = BesideData(grid, header, merged, place.schema)
    kept: list[int] = []
    findings = []
    titles = titles_over(grid, again, header.last + 1)
    summed: dict[int, str] = {}
    for position in range(header.last + 1, len(grid)):
        filled = filled_cells(grid[position])
        if not filled:
            continue
        if position in again:
            findings.append(
                place.finding("warning", printed_again(), position + 1, again[position])
            )
        elif position in titles:
            message = say("是分组的标题行，不是数据，已排除。")
            findings.append(
                place.finding("warning", message, position + 1, shown(filled[0][1]))
            )
        elif reason := beside.reason(filled, position):
            word, message = reason
            findings.append(place.finding("warning", message, position + 1, word))
            if is_total(word):
                summed[position] = word
        else:
            kept.append(position)
    sums = totals(grid, kept, header, place.schema)
    findings += [
        place.finding("warning", message, position + 1, word)
        for position, (word, message) in sorted(sums.items())
    ]
    kept = [position for position in kept if position not in sums]
    findings += about_totals(
        Summed(grid, kept, summed, header, place.schema, place.file, place.sheet)
    )
    return kept, findings


def _columns(grid: Grid, kept: Sequence[int], width: int) -> tuple[NDArray[Any], ...]:
    rows = [grid[position] for position in kept]
    if any(len(row) < width for row in rows):
        rows = [[*row, *[None] * (width - len(row))] for row in rows]
    columns = []
    for position in range(width):
        cells = np.empty(len(rows), dtype=object)
        cells[:] = [row[position] for row in rows]
        columns.append(cells)
    return tuple(columns)


def _refuse_ragged(grid: Grid, kept: Sequence[int], headers: Sequence[str], file: str) -> None:
    for position in kept:
        cells = grid[position]
        if any(not is_missing(cell) for cell in cells[len(headers):]):
            raise LayerError(
                say(
                    "{file} 第 {row} 行：有 {found} 个单元格，表头只有 {width} 列，"
                    "数值可能错位。请检查多余的分隔符。",
                    file=file, row=position + 1, found=len(cells), width=len(headers),
                )
            )


def _about_short_rows(
    grid: Grid, kept: Sequence[int], width: int, place: _Place
) -> list[Finding]:
    """Return what is said of records with fewer cells than the header."""
    short = [position for position in kept if len(grid[position]) < width]
    if not short:
        return []
    first = short[0]
    message = say(
        "单元格比表头少：第 {rows} 行（共 {count} 行，第一处只有 {found} 个，表头有 {width} 列），"
        "缺的按空白处理。",
        count=len(short), found=len(grid[first]), width=width,
        rows="、".join(str(position + 1) for position in short[:_NAMED])
        + ("…" if len(short) > _NAMED else ""),
    )
    remedy = say("请核对是否缺了分隔符，数值可能错位。")
    return [Finding("warning", place.schema.layer, message, remedy, place.file, first + 1)]


def _beside_the_table(
    grid: Grid, kept: Sequence[int], width: int, place: _Place
) -> list[Finding]:
    rows = [p + 1 for p in kept if any(not is_missing(cell) for cell in grid[p][width:])]
    if not rows:
        return []
    message = say(
        "表格右侧没有表头的单元格有内容，没有读：{count} 行，第一处在第 {row} 行。",
        count=len(rows), row=rows[0],
    )
    return [place.finding("warning", message)]


def _without_header(
    columns: Sequence[NDArray[Any]], headers: Sequence[str], place: _Place
) -> list[Finding]:
    findings = []
    for position, cells in enumerate(columns):
        filled = 0 if headers[position] else sum(1 for cell in cells if not is_missing(cell))
        if filled:
            message = say(
                "第 {column} 列没有表头，{count} 个单元格没有读。",
                column=position + 1, count=filled,
            )
            findings.append(place.finding("warning", message))
    return findings
