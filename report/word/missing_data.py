"""待补数据: what each street is asked for, on paper, from the same source as the workbook."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from analysis.evaluation import Evaluation
from geo.files.several_files import where_rows_stand
from geo.language import Message, headed, say
from geo.schema import SCHEMAS
from report.briefing.content import Column
from report.data.asked import meaning_of
from report.data.data_report import report_on_study
from report.data.form import (
    NO_STREET,
    FormSheet,
    asked_as,
    form_sheets,
    reasons_asked,
    streets_asked,
)
from report.data.noticed import labels_of
from report.word.form_parts import APPROVED, DAY, DAY_LEFT_OPEN, SEAL, signatures
from report.word.markup import paragraph, run
from report.word.paper import FORM, Paper
from report.word.printed_table import IN_LIST, grid

_WRITTEN: Final = 7.5  # mm, to write in by hand
_ASKED: Final = Column("why", say("为什么问"), weight=1.8)
_ROW: Final = (
    Column("where", say("原表行")),
    Column("id", say("编号")),
    Column("name", say("名称"), weight=1.6),
    Column("column", say("待补内容"), weight=1.2),
    Column("meaning", say("填什么"), weight=1.6),
    _ASKED,
    Column("answer", say("填写"), weight=2.0),
)
_WHY: Final = (
    Column("column", say("待补内容"), weight=1.2),
    Column("count", say("格数")),
    Column("why", say("为什么要填"), weight=6.0),
)


def write_missing_data(evaluation: Evaluation, path: Path) -> int:
    """Write a form a street, each on pages of its own, and return how many cells they ask for.

    The cells are those of the workbook that `carecircle form` writes.
    """
    report, study = report_on_study(evaluation.study), evaluation.study
    title = say("{place}待补数据表", place=study.title)
    paper = Paper(str(title), on=study.on, notice=study.notice, margins=FORM)
    streets = streets_asked(report)
    if not streets:
        paper.add(paragraph("Title", run(title)))
        paper.add(paragraph("BodyText", run(say("没有要请街道补填的数据。"))))
    asked = 0
    for street in streets:
        sheets = form_sheets(report, street)
        cells = sum(int(sheet.asked.sum()) for sheet in sheets)
        asked += cells
        paper.add(*_form(street, sheets, cells, paper.width))
    paper.save(path)
    return asked


def _form(street: str, sheets: Sequence[FormSheet], cells: int, width: float) -> Iterator[str]:
    """Yield the pages of one street."""
    yield paragraph("SheetTitle", run(say("待补数据表：{street}", street=street or NO_STREET)))
    for line in (
        say("共 {cells} 项待补。请填“填写”一列；不知道的留空，不要写 0。", cells=cells),
        say("请于　　　　年　　月　　日前交回。"),
    ):
        yield paragraph("SheetText", run(line))
    for sheet in sheets:
        layer = SCHEMAS[sheet.report.layer].chinese
        yield paragraph("SheetHeading", run(say("{layer}：{file}", layer=layer,
                                                file=sheet.report.file)))  # fmt: skip
        told = any(sheet.why)
        columns = _ROW if told else tuple(each for each in _ROW if each is not _ASKED)
        rows = [[*cells[:-1], why, cells[-1]] if told else cells for cells, why in _rows(sheet)]
        yield grid(columns, rows, width, small=IN_LIST, high=_WRITTEN)
    yield paragraph("SheetHeading", run(headed(say("为什么要填"))))
    reasons = [
        [column if len(sheets) == 1 else f"{layer} {column}", str(count), why]
        for layer, column, count, _, why in reasons_asked(sheets)
    ]
    yield grid(_WHY, reasons, width)
    yield paragraph("Blank", properties="<w:keepNext/>")
    signed = ((say("填表人"), ""), (APPROVED, ""), (SEAL, ""), (DAY, DAY_LEFT_OPEN))
    yield signatures(signed, width)


def _rows(sheet: FormSheet) -> Iterator[tuple[list[str], str]]:
    """Yield every cell that is asked for: whose, which, what to write, a blank; and why."""
    frame = sheet.report.frame
    if frame is None:
        return
    rows = frame.iloc[[*sheet.rows]]
    ids, names = rows["id"].astype(str).tolist(), labels_of(rows).tolist()
    for at, (file, number) in enumerate(where_rows_stand(rows)):
        where = f"{file} {number}" if sheet.report.files else str(number)
        for column, asked in zip(sheet.columns, sheet.asked[at], strict=True):
            if asked:
                was = sheet.original.get((sheet.rows[at], asked_as(column)))
                what: Message | str = column.chinese
                if was is not None:
                    what = say("{column}（原文：{text}）", column=what, text=was)
                cells = [where, ids[at], str(names[at]), str(what), str(meaning_of(column)), ""]
                yield cells, sheet.why[at]
