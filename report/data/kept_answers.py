"""Forms that somebody has filled in: they are never written over."""

from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import Final

from analysis.matching.queue import OFFICE, SPARE
from geo.errors import LayerError, PlanningError
from geo.ingest import names_in, read_table
from geo.language import Message, say
from geo.ledgers.ledger import Table
from geo.ledgers.numbers import is_missing
from geo.schema import MATCHES, PLACES, POSITION, SCHEMAS, Schema
from report.data.asked import EXPLANATION, heading_of
from report.data.form import ASKED, ASKED_BETWEEN, FILE, ROW, STANDING, WHY, beside
from report.data.name_form import WORKBOOK
from report.data.place_form import HEADINGS

BY_FILL: Final = say("用 fill 收回")
BY_CONFIRM: Final = say("用 match --confirm 收回")
BY_PLACES: Final = say("在研究文件里写成 places")
# Columns of a form that nobody fills in; those of the queue of names that may be wanting.
_BESIDE: Final = (FILE, ROW, ASKED, STANDING, WHY)
_OFFICE_HEADINGS: Final = frozenset(
    tuple(name for code, name in OFFICE.items() if code not in without)
    for many in range(len(SPARE) + 1)
    for without in combinations(SPARE, many)
)


def refuse_filled(paths: Iterable[Path], *, taken_in: Message) -> None:
    """Refuse to write over a form that holds an answer, or over a file that is none of ours.

    taken_in
        How the answers are taken in.

    Errors: LayerError, one line a file.
    """
    refused = []
    for path in paths:
        if not path.exists():
            continue
        filled = is_filled(path)
        if filled is None:
            told = say(
                "{file}：已有这个文件，认不出是这里写的空表，没有覆盖。请换一个文件名或文件夹。",
                file=path.name,
            )
        elif filled:
            told = say(
                "{file}：已有人填过，没有覆盖。请先{taken_in}，再换一个文件名或文件夹。",
                file=path.name, taken_in=taken_in,
            )  # fmt: skip
        else:
            continue
        refused.append(told)
    if refused:
        raise LayerError(*refused)


def is_filled(path: Path) -> bool | None:
    """Tell whether a form or a table of addresses holds an answer; None for any other file.

    Only a workbook that explains itself and bears our very headings is one: a table of somebody's
    own may well have 经度 and 纬度 that are empty.
    """
    if path.suffix.lower() != WORKBOOK:
        return None
    try:
        sheets = names_in(path)
        told = [
            _has_answers(sheet, read_table(path, _schema(sheet), sheet=sheet))
            for sheet in sheets if sheet != EXPLANATION
        ]  # fmt: skip
    except PlanningError:
        return None
    return None if EXPLANATION not in sheets or not told or None in told else any(told)


def _schema(sheet: str) -> Schema:
    named = (each for each in SCHEMAS.values() if each.chinese == sheet)
    return MATCHES if sheet == MATCHES.chinese else next(named, PLACES)


def _has_answers(sheet: str, table: Table) -> bool | None:
    asked = beside(table, ASKED)
    if asked is not None:
        return _form_has_answers(table, asked)
    headings = tuple(header.strip() for header in table.headers)
    if sheet == MATCHES.chinese and headings in _OFFICE_HEADINGS:
        answers = {OFFICE["answer"]}
    elif sheet == PLACES.chinese and headings == HEADINGS:
        answers = {column.chinese for column in POSITION}
    else:
        return None
    return any(
        not is_missing(cell)
        for header, cells in zip(headings, table.columns, strict=True) if header in answers
        for cell in cells
    )  # fmt: skip


def _form_has_answers(table: Table, asked: Iterable[object]) -> bool:
    """Tell whether a cell is filled that was asked for, or one of a row or column of their own."""
    known = {
        heading_of(column): column.chinese
        for schema in SCHEMAS.values() for column in (*schema.columns, *POSITION)
    }  # fmt: skip
    known |= {spelled: spelled for told in _BESIDE for spelled in (told.template, str(told))}
    names = [known.get(header.strip()) for header in table.headers]
    wanted = [None if is_missing(cell) else str(cell).split(ASKED_BETWEEN) for cell in asked]
    return any(
        # A row that was added at the bottom says nothing of what it is asked.
        not is_missing(cells[row]) and (only is None or name is None or name in only)
        for row, only in enumerate(wanted)
        for name, cells in zip(names, table.columns, strict=True)
    )
