"""The list of estates as a workbook to send on: a clean sheet, and one that says what it is."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.evaluation import Evaluation
from analysis.explaining.rule_words import rule_words
from geo.language import Message, say, translate
from report.data.sheets import CELL, HEADING, Workbook, seen, workbook
from report.estate_filter import asked_words
from report.estate_list import Asked, doubts, estate_words, totals

Line = tuple[Message, Message | str]
_LABEL, _TEXT = 16, 90  # widths of the columns of the second sheet


def write_estate_list(
    evaluation: Evaluation, rows: pd.DataFrame, path: Path, *, asked: Asked | None = None
) -> None:
    """Write exactly these rows as a workbook, with what they are; a text stays a text.

    asked
        What they were narrowed to; None: nothing is said of it.
    """
    table = estate_words(evaluation, rows)
    numbered = [translate("序号"), *table.columns]
    with workbook(path) as book:
        sheet = book.sheet(translate("小区配建清单"))
        shown = table.astype(object).map(lambda cell: seen(cell) if isinstance(cell, str) else cell)
        cells = shown.itertuples(index=False)
        book.table(
            sheet, numbered, ((at, *row) for at, row in enumerate(cells, start=1))
        )
        _write_about(book, about(evaluation, rows, asked))


def about(evaluation: Evaluation, rows: pd.DataFrame, asked: Asked | None) -> list[Line]:
    """Return what a list is: study, date, notice, what it was narrowed to, sums, clauses."""
    return [*_study(evaluation), *_what(evaluation, rows, asked), *_clauses(evaluation, rows)]


def _study(evaluation: Evaluation) -> Iterator[Line]:
    study = evaluation.study
    yield say("评估范围"), study.title
    if study.notice:
        yield say("声明"), study.notice
    yield say("核查日期"), study.on.isoformat()


def _what(evaluation: Evaluation, rows: pd.DataFrame, asked: Asked | None) -> Iterator[Line]:
    if asked is not None:
        yield say("筛选条件"), asked_words(evaluation, asked)
    yield say("小区个数"), f"{len(rows):,}"
    for told in (*totals(rows), *doubts(rows)):
        yield say("合计"), told
    yield say("读法"), say(
        "应配 = 户数 × 每户应配面积；缺口 = 应配 − 已配，已有的多余不抵别处的缺口；"
        "空格为不明，不是 0。问题原因说为什么不达标或无法判定，提示不影响结论。"
    )


def _clauses(evaluation: Evaluation, rows: pd.DataFrame) -> Iterator[Line]:
    """Yield the rules by which the rows were judged."""
    for one in np.sort(rows.loc[rows["rule"].fillna("").ne(""), "rule"].astype(str).unique()):
        yield say("依据条款"), rule_words(evaluation.rulebook.rule(one))


def _write_about(book: Workbook, lines: list[Line]) -> None:
    sheet = book.sheet(translate("说明"))
    for row, (label, text) in enumerate(lines):
        book.write(sheet, row, 0, str(label), **HEADING)
        book.write(sheet, row, 1, seen(str(text)), **CELL)
    sheet.set_column(0, 0, _LABEL)
    sheet.set_column(1, 1, _TEXT)
