"""Sheets that hold something else than one table under one header, told before rows are read."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from geo.columns import Schema
from geo.errors import LayerError
from geo.findings import Finding
from geo.language import say
from geo.ledgers.folded import fold
from geo.ledgers.header_rows import Header, header_text
from geo.ledgers.headers import column_meant, match_headers
from geo.ledgers.numbers import is_missing, shown
from geo.schema import SCHEMAS

Grid = Sequence[Sequence[Any]]

# Where the labels of an upright form stand, and how many of them make one.
_FIRST_COLUMNS, _FIRST_ROWS, _LEAST_LABELS = 3, 60, 3
_LEAST_HEADERS = 3
_NAMED = 6
_FIGURE = re.compile(r"\d")
# Headers of no column, by which a header is known all the same.
_BESIDE = ("序号", "备注", "联系人", "联系电话", "合计", "小计")


def labels_down(grid: Grid, header: Header, schema: Schema) -> tuple[int, tuple[str, ...]] | None:
    """Return the column that holds the headers, one under the other, and these; None: it is none.

    A form of one thing, or a table turned on its side: more columns of the layer are named down
    one column than along any row.
    """
    along = len(header.matching.columns)
    for column in range(_FIRST_COLUMNS):
        named: dict[str, str] = {}
        for row in grid[:_FIRST_ROWS]:
            cell = row[column] if column < len(row) else None
            if isinstance(cell, str) and not is_missing(cell):
                text = header_text(cell)
                if meant := column_meant(text, schema):
                    named.setdefault(meant, text)
        if len(named) >= _LEAST_LABELS and len(named) > along:
            return column, tuple(named.values())
    return None


def refuse_upright(grid: Grid, header: Header, schema: Schema, file: str) -> None:
    """Refuse a sheet whose headers stand under one another. Errors: LayerError, saying so."""
    found = labels_down(grid, header, schema)
    if found is None:
        return
    column, labels = found
    raise LayerError(
        say(
            "{file}：列名竖着写在第 {column} 列（{labels}），不是一行列名、每处一行的表。"
            "请在 Excel 中复制、“转置”粘贴成横表；一处一张的登记表请合成一张横表，每处一行。",
            file=file, column=column + 1, labels="、".join(labels[:_NAMED]),
        )
    )


@dataclass(frozen=True)
class HeaderAgain:
    """A row further down or up that is a header too: where it stands, from 0, and what it says.

    same_places
        Every column of the layer that it names stands where the sheet's own header has it: a
        header printed again.
    same_layer
        It has every column that the layer needs.
    """

    position: int
    headers: tuple[str, ...]
    same_places: bool
    same_layer: bool

    def named(self) -> str:
        """Return its first headers as they are shown."""
        return "、".join(self.headers[:_NAMED])


def headers_again(
    grid: Grid, positions: Iterable[int], header: Header, schema: Schema
) -> Iterator[HeaderAgain]:
    """Yield the rows among some that are headers; the one right under the header may be its part.

    positions
        From 0, rising.
    """
    own = header.matching.columns
    needed = {column.name for column in schema.columns if column.needed}
    printed = {_folded(row) for row in grid[header.top:header.last + 1]}
    for position in positions:
        row = grid[position]
        if position == header.last + 1 or not _is_header(row):
            continue
        texts = [header_text(cell) for cell in row]
        found = match_headers(texts, schema).with_scaled().columns
        same_places = bool(found) and all(own.get(name) == at for name, at in found.items())
        again, same_layer = _folded(row) in printed, needed <= set(found)
        # Under the header a row of words is data until more than its words speaks against it.
        if position > header.last and not again and not _names_a_layer(texts) and (
            (same_places and not same_layer)
            or not _stands_apart(grid, position, header.last)
            or _reads_as_data(row, own, schema)
        ):
            continue
        yield HeaderAgain(
            position, tuple(text for text in texts if text), again or same_places, same_layer
        )


@dataclass(frozen=True)
class FirstTable:
    """A sheet as far as its table reaches.

    again
        Position of a header printed again -> its first text.
    """

    grid: Grid
    again: Mapping[int, str]
    findings: tuple[Finding, ...] = ()


def first_table(grid: Grid, header: Header, schema: Schema, file: str) -> FirstTable:
    """Return the sheet as far as its table reaches, and what is said of a table beside it.

    Errors: LayerError for a second table of the same layer, above or below, whose rows would be
    lost.
    """
    findings = []
    for other in headers_again(grid, range(header.top), header, schema):
        if not any(map(_has_figure, grid[other.position + 1:header.top])):
            continue
        if other.same_layer:
            _refuse_second(file, other, header)
        message = say("从这一行起还有一个表（{headers}），没有读。", headers=other.named())
        findings.append(
            Finding("warning", schema.layer, message, file=file, row=other.position + 1)
        )
    again: dict[int, str] = {}
    for other in headers_again(grid, range(header.last + 1, len(grid)), header, schema):
        if other.same_places:
            again[other.position] = other.headers[0]
            continue
        if other.same_layer:
            _refuse_second(file, other, header)
        rows = sum(1 for row in grid[other.position + 1:] if not all(map(is_missing, row)))
        message = say("从这一行起是另一个表（{headers}），连同其下 {count} 行没有读。",
                      headers=other.named(), count=rows)
        findings.append(
            Finding("warning", schema.layer, message, file=file, row=other.position + 1)
        )
        return FirstTable(grid[:other.position], again, tuple(findings))
    return FirstTable(grid, again, tuple(findings))


def titles_over(grid: Grid, again: Iterable[int], start: int) -> set[int]:
    """Return the rows right above a header printed again that hold one text: its title.

    start
        Position of the first row under the first header.
    """
    titles = set()
    for position in again:
        above = position - 1
        while above >= start and all(map(is_missing, grid[above])):
            above -= 1
        filled = [cell for cell in grid[above] if not is_missing(cell)] if above >= start else []
        if len(filled) == 1 and isinstance(filled[0], str):
            titles.add(above)
    return titles


def _refuse_second(file: str, other: HeaderAgain, header: Header) -> None:
    first, second = sorted((header.last, other.position))
    raise LayerError(
        say(
            "{file}：同一张工作表里上下有两个表，表头在第 {first} 行和第 {second} 行，列名不同。"
            "请分到两张工作表，或接成一个表。",
            file=file, first=first + 1, second=second + 1,
        )
    )


def _has_figure(row: Sequence[object]) -> bool:
    return any(
        isinstance(cell, int | float) or (isinstance(cell, str) and cell.strip().isdecimal())
        for cell in row if not is_missing(cell)
    )


def _folded(row: Sequence[object]) -> tuple[str, ...]:
    return tuple(fold(shown(cell)) for cell in row if not is_missing(cell))


def _reads_as_data(row: Sequence[object], own: Mapping[str, int], schema: Schema) -> bool:
    """Tell whether the cells of a row are what its columns hold, though headers too.

    A word of its own column (社区养老服务站 as 类别) is one; a header among figures is none; in
    doubt the name decides.
    """
    texts = {at: fold(shown(cell)) for at, cell in enumerate(row) if not is_missing(cell)}
    for column in schema.columns:
        said = texts.get(own.get(column.name, -1))
        if said in {fold(word) for words in column.words.items() for word in (words[0], *words[1])}:
            return True
    if any(column.kind in {"count", "number"} and own.get(column.name) in texts
           for column in schema.columns):
        return False
    name = texts.get(own.get("name", -1), "")
    return bool(name) and not _is_known(name)


def _stands_apart(grid: Grid, position: int, last: int) -> bool:
    """Tell whether an empty row parts a row from those above, a title between them or not."""
    above = position - 1
    if above > last and sum(1 for cell in grid[above] if not is_missing(cell)) == 1:
        above -= 1
    return above > last and all(map(is_missing, grid[above]))


def _names_a_layer(texts: Sequence[str]) -> bool:
    """Tell whether headers name all that some layer needs, as no row of data does."""
    meant = _columns_meant(texts)
    return any(
        needed and needed <= set(meant[name])
        for name, schema in SCHEMAS.items() if schema.shapes
        for needed in [{column.name for column in schema.columns if column.needed}]
    )


def _columns_meant(texts: Sequence[str]) -> dict[str, list[str]]:
    """Return, by layer, the column that each text names, where it names one."""
    folded = [fold(text) for text in texts if text]
    return {
        name: [meant for text in folded if (meant := column_meant(text, schema))]
        for name, schema in SCHEMAS.items() if schema.shapes
    }


def _is_header(row: Sequence[object]) -> bool:
    """Tell whether a row is made of headers of some layer, each of another column."""
    cells: list[str] = []
    for cell in row:
        if is_missing(cell):
            continue
        # Most rows are given up at their first figure.
        if not isinstance(cell, str) or (_FIGURE.search(cell, 0, 40) and "岁" not in cell):
            return False
        cells.append(cell)
    if len(cells) < _LEAST_HEADERS:
        return False
    known = {text for text in (fold(shown(cell)) for cell in cells) if _is_known(text)}
    return len(known) >= _LEAST_HEADERS and 2 * len(known) > len(cells) and (
        _different(known) >= _LEAST_HEADERS
    )


def _different(texts: Iterable[str]) -> int:
    """Return how many different columns texts name; in each layer two may name one."""
    known = set(texts)
    beside = len(known & _known_beside())
    return beside + max(
        len(set(names)) for names in _columns_meant(sorted(known - _known_beside())).values()
    )


def _is_known(text: str) -> bool:
    return text in _known_beside() or any(
        column_meant(text, schema) for schema in SCHEMAS.values() if schema.shapes
    )


@cache
def _known_beside() -> frozenset[str]:
    return frozenset(fold(text) for text in _BESIDE)
