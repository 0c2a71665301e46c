"""Empty tables to fill in, one a layer: a sheet for the data, a sheet that tells each column.

The example stands on the sheet that explains, never among the data: what is not there need not be
left out when the table is read.
"""

from pathlib import Path
from typing import Final

from geo.language import Message, say
from geo.schema import POSITION, SCHEMAS, Column, Schema
from report.data.asked import EXPLANATION, example_of, heading_of, meaning_of, validation_of
from report.data.sheets import HEADING, Workbook, workbook

# So many rows of the empty table are checked while they are typed.
ROWS: Final = 2000
_LON_LAT, _WKT = POSITION[:2], POSITION[2:]


def write_template(layer: str, path: Path) -> None:
    """Write the empty table of a layer; KeyError for a layer that is none."""
    schema = SCHEMAS[layer]
    columns = template_columns(schema)
    with workbook(path) as book:
        _data_sheet(book, schema, columns)
        _explanation(book, schema, columns)


def template_columns(schema: Schema) -> tuple[Column, ...]:
    """Return the columns of an empty table: the needed first, then the wanted, then the place.

    Points are told by longitude and latitude; what is never a point by its outline.
    """
    needed = [column for column in schema.columns if column.needed]
    wanted = [column for column in schema.columns if not column.needed]
    ids = [column for column in wanted if column.name == "id"]
    rest = [column for column in wanted if column.name != "id"]
    place = _LON_LAT if "point" in schema.shapes else _WKT
    return (*ids, *needed, *rest, *place)


def _data_sheet(book: Workbook, schema: Schema, columns: tuple[Column, ...]) -> None:
    page = book.sheet(schema.chinese)
    for at, column in enumerate(columns):
        heading = heading_of(column)
        marked = {**HEADING, "bg_color": "#F8CBAD"} if column.needed else HEADING
        book.write(page, 0, at, heading, **marked)
        page.set_column(at, at, max(10, 2 * len(heading) + 2))
        rule = validation_of(column)
        if rule is not None:
            page.data_validation(1, at, ROWS, at, rule)
    book.keep_heading(page)


def _explanation(book: Workbook, schema: Schema, columns: tuple[Column, ...]) -> None:
    page = book.sheet(EXPLANATION)
    lines = (
        say("“{layer}”的数据填在前一张工作表，从第 2 行起，一行一条。", layer=schema.chinese),
        say("标“（必填）”的列不能没有；其余的列可以空着或删去。不知道就留空，不要写 0。"),
        say("下面的“示例”只是样子，不会被读入。"),
    )
    for at, line in enumerate(lines):
        book.write(page, at, 0, str(line))
    headings: tuple[Message, ...] = (
        say("列名"), say("必填"), say("填什么"), say("示例（不读入）"), say("英文列名"),
    )  # fmt: skip
    top = len(lines) + 1
    for across, heading in enumerate(headings):
        book.write(page, top, across, str(heading), **HEADING)
    for down, column in enumerate(columns, start=top + 1):
        needed = str(say("是")) if column.needed else ""
        cells = (column.chinese, needed, str(meaning_of(column)), example_of(column), column.name)
        for across, cell in enumerate(cells):
            book.write(page, down, across, cell, text_wrap=True, valign="top")
    for across, width in enumerate((20, 8, 60, 30, 22)):
        page.set_column(across, across, width)
