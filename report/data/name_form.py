"""The form of names to be confirmed: written for an office, and read when it comes back."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import pandas as pd

from analysis.matching.queue import ASKER, OFFICE, TWICE, office_table
from geo.errors import LayerError
from geo.ingest import read_table
from geo.language import say
from geo.ledgers.headers import match_headers
from geo.ledgers.numbers import is_missing
from geo.schema import MATCHES
from report.data.asked import EXPLANATION
from report.data.form_lines import text_of
from report.data.sheets import Workbook, workbook
from report.tables import write_csv

WORKBOOK: Final = ".xlsx"
_ANSWERS: Final = ("是", "否", "都不是")
# What `report` puts before a text that a spreadsheet would run.
_GUARD: Final = r"^'(?=\s*[=+\-@＝＋－＠])"


def write_name_form(waiting: pd.DataFrame, path: Path) -> int:
    """Write the queue of names as a form, by the ending of its name; return how many names wait.

    waiting
        As `analysis.matching.queue.queue` gives it.

    Errors: LayerError for another ending than .xlsx or .csv.
    """
    table = office_table(waiting)
    if path.suffix.lower() == WORKBOOK:
        with workbook(path) as book:
            _names_sheet(book, table)
            _explanation(book)
    elif path.suffix.lower() == ".csv":
        write_csv(table, path)
    else:
        raise LayerError(say("{file}：请写成 .xlsx 或 .csv。", file=path.name))
    return len(waiting[[*ASKER]].drop_duplicates())


def _names_sheet(book: Workbook, table: pd.DataFrame) -> None:
    page = book.sheet(MATCHES.chinese)
    plain = table.astype(object).where(table.notna(), None)
    count = book.table(page, [*plain.columns], plain.itertuples(index=False, name=None))
    at = [*table.columns].index(OFFICE["answer"])
    choices = {"validate": "list", "source": [*_ANSWERS], "error_type": "information"}
    page.data_validation(1, at, max(count, 1), at, choices)


def _explanation(book: Workbook) -> None:
    page = book.sheet(EXPLANATION)
    lines = (
        say("一行是一个名称可能指的一处；同一名称有几行的，是几个可能。"),
        say("“确认”列：是这一处填“是”，不是填“否”，哪一处都不是填“都不是”；也可以填另一处的编号。"),
        say("不知道就留空，这个名称继续待确认。其余各列请不要改。"),
    )
    for at, line in enumerate(lines):
        book.write(page, at, 0, str(line))
    page.set_column(0, 0, 100)


def read_name_form(path: Path) -> pd.DataFrame:
    """Return a form that came back: columns of `OFFICE` by code, all texts; line and form, where.

    Errors: LayerError for a file that cannot be read.
    """
    table = read_table(path, MATCHES)
    matching = match_headers(table.headers, MATCHES)
    twice = [OFFICE[name] for name, *_ in matching.clashes if name in OFFICE]
    if twice:
        raise LayerError(replace(TWICE, values={"columns": "、".join(dict.fromkeys(twice))}))
    found = matching.columns
    texts = {
        name: [None if is_missing(cell) else text_of(cell) for cell in table.columns[at]]
        for name, at in found.items()
    }
    read = pd.DataFrame(texts, dtype="str").assign(line=table.rows, form=path.name)
    if path.suffix.lower() == WORKBOOK:
        return read
    bare = {name: read[name].str.replace(_GUARD, "", regex=True) for name in found}
    return read.assign(**bare)
