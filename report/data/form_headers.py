"""Headers of a form that came back changed: taken by another spelling, or not known any more.

Nothing that somebody wrote under a header may disappear without a word.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from geo.errors import PlanningError
from geo.findings import Finding, Severity
from geo.ingest import read_table
from geo.language import Message, say
from geo.ledgers.headers import match_headers
from geo.ledgers.ledger import Table
from geo.ledgers.numbers import is_missing
from geo.schema import POSITION, RESIDENTIAL, SCHEMAS, Column, Schema
from report.data.asked import EXPLANATION, column_named, heading_of
from report.data.form import ASKED, ASKED_BETWEEN, FILE, ROW, STANDING, WHY, beside

_NAMED: Final = 10  # rows named in one sentence
_PUT_BACK: Final = say("请改回表头后再交。")
_OWN: Final = (FILE, ROW, ASKED, WHY, STANDING)


class _Strange(NamedTuple):
    """A header that is no column, by its position, and the rows in which something stands."""

    at: int
    header: str
    rows: Sequence[int]


def headers_not_taken(table: Table, schema: Schema, form: str) -> Iterator[Finding]:
    """Yield an error for each header that is not known and under which something is written.

    A warning, where the form asks for nothing under it: a street may add a column of its own.
    """
    found = match_headers(table.headers, schema).columns
    asked = beside(table, ASKED)
    for strange in _strange(table, found):
        meant = _meant(strange.at, found, table, schema)
        if meant and asked is not None:  # the rest is grey: nobody wrote it
            names = {column.chinese for column in meant}
            wanted = {int(row) for row, cell in zip(table.rows, asked, strict=True)
                      if is_missing(cell) or names & {*str(cell).split(ASKED_BETWEEN)}}  # fmt: skip
            strange = strange._replace(rows=[row for row in strange.rows if row in wanted])  # noqa: PLW2901
        if not strange.rows:
            continue
        told = "、".join(str(row) for row in strange.rows[:_NAMED])
        values = {"at": strange.at + 1, "header": strange.header, "count": len(strange.rows),
                  "rows": told}  # fmt: skip
        message: Message
        if len(meant) == 1:
            message = say("表头第 {at} 列“{header}”不认识（原为“{meant}”），"
                          "其下 {count} 格（第 {rows} 行）没有采用。",
                          meant=meant[0].chinese, **values)  # fmt: skip
        else:
            message = say("表头第 {at} 列“{header}”不认识，其下 {count} 格（第 {rows} 行）"
                          "没有采用。", **values)  # fmt: skip
        severity: Severity = "error" if meant else "warning"
        remedy = _PUT_BACK if meant else None
        yield Finding(severity, schema.layer, message, remedy, form, column=strange.header)


def headers_respelled(table: Table, schema: Schema, form: str) -> Iterator[Finding]:
    """Yield how each header is understood that is another spelling of a column asked for."""
    asked = _asked(table)
    for name, at in match_headers(table.headers, schema).columns.items():
        header = table.headers[at].strip()
        column = _column(schema, name)
        if column is None or column.chinese not in asked:
            continue
        if header not in {heading_of(column), column.chinese, column.name}:
            message = say("表头“{header}”按“{column}”采用。", header=header,
                          column=column.chinese)  # fmt: skip
            yield Finding("info", schema.layer, message, None, form, column=header)


def strange_sheets(path: Path, sheets: Sequence[str], form: str) -> Iterator[Finding]:
    """Yield a warning for each sheet that is none of a form and in which something is written."""
    known = {EXPLANATION, *(schema.chinese for schema in SCHEMAS.values())}
    for sheet in sheets:
        if sheet in known:
            continue
        try:
            table = read_table(path, RESIDENTIAL, sheet=sheet)
        except PlanningError:
            continue  # no table at all, such as an empty sheet
        if len(table.rows):
            message = say("工作表“{sheet}”不认识，其中 {count} 行没有采用。",
                          sheet=sheet, count=len(table.rows))  # fmt: skip
            remedy = say("请改回工作表原来的名称后再交。")
            yield Finding("error", "study", message, remedy, form, value=sheet)


def _strange(table: Table, found: Mapping[str, int]) -> Iterator[_Strange]:
    own = {each.template for each in _OWN} | {str(each) for each in _OWN}
    for at, header in enumerate(table.headers):
        if at in found.values() or header.strip() in own:
            continue
        cells = zip(table.rows, table.columns[at], strict=True)
        rows = [int(row) for row, cell in cells if not is_missing(cell)]
        if rows:
            yield _Strange(at, header.strip(), rows)


def _meant(
    at: int, found: Mapping[str, int], table: Table, schema: Schema
) -> list[Column]:
    """Return the columns asked for that no header is, and that stood where this one does."""
    every = [*schema.columns, *POSITION]
    order = {column.name: number for number, column in enumerate(every)}
    before = max((order[name] for name, there in found.items()
                  if there < at and name in order), default=-1)  # fmt: skip
    behind = min((order[name] for name, there in found.items()
                  if there > at and name in order), default=len(every))  # fmt: skip
    asked = _asked(table)
    return [
        column for column in every[before + 1 : behind]
        if column.chinese in asked and column.name not in found
    ]  # fmt: skip


def _asked(table: Table) -> set[str]:
    """Return the columns that a form asks for in some row, as it calls them."""
    cells = beside(table, ASKED)
    told = () if cells is None else (str(cell) for cell in cells if not is_missing(cell))
    return {name for cell in told for name in cell.split(ASKED_BETWEEN)}


def _column(schema: Schema, name: str) -> Column | None:
    try:
        return column_named(schema, name)
    except KeyError:  # both figures in one cell, which no form asks for
        return None
