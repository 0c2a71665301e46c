"""核查单: one page an estate, with its calculation and clause, to be checked on site and signed."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

from geo.errors import LayerError
from geo.language import Message, say
from report.briefing.content import Briefing
from report.briefing.estates import SHORT, UNKNOWN
from report.estate_sheet import EstateSheet, estate_sheets
from report.word.form_parts import (
    APPROVED,
    CHECKED,
    DAY,
    DAY_LEFT_OPEN,
    SEAL,
    label,
    signatures,
    text_cell,
)
from report.word.markup import paragraph, row, run, table
from report.word.paper import FORM, Paper
from report.word.printed_table import TWIPS, height
from report.word.styles import GRID

_LABEL: Final = 0.18  # of the width
_NOTED: Final = 15.0  # mm to write in
_MUCH: Final = 470  # letters; of more the type is smaller


def write_estate_sheets(
    briefing: Briefing, path: Path, *, estates: Sequence[str] | None = None
) -> int:
    """Write a sheet an estate, each on a page of its own, and return how many there are.

    estates
        Ids; those that fall short and those nobody can judge where None, in the order of the lists.

    Errors: LayerError for an id that no estate has.
    """
    listed = _listed(briefing)
    asked = [*listed] if estates is None else [*dict.fromkeys(estates)]
    sheets = estate_sheets(briefing.evaluation, asked)
    unknown = [each for each in asked if each not in sheets]
    if unknown:
        raise LayerError(say("小区图层里没有编号“{id}”的小区。", id="、".join(unknown)))
    title = say("{place}小区配建核查单", place=briefing.place)
    paper = Paper(str(title), on=briefing.on, notice=briefing.notice, margins=FORM)
    if not sheets:
        paper.add(paragraph("Title", run(title)))
        paper.add(paragraph("BodyText", run(say("没有不达标或无法判定的小区，不需要核查单。"))))
    to_fill = _to_fill(paper.width)
    for estate, sheet in sheets.items():
        paper.add(*_page(sheet, listed.get(estate), paper.width), to_fill)
    paper.save(path)
    return len(sheets)


def _listed(briefing: Briefing) -> Mapping[str, Message]:
    """Return where each estate stands in the lists of the report, by its id, in their order."""
    return {
        str(estate): say("{list}第{number}号", list=briefing.tables[key].title, number=int(number))
        for key in (SHORT, UNKNOWN)
        for number, estate in briefing.tables[key]
        .rows[["number", "residential_id"]]
        .itertuples(index=False)
    }


def _page(sheet: EstateSheet, listed: Message | None, width: float) -> Iterator[str]:
    """Yield the title and the facts of a sheet; what is told more than once shares a row."""
    yield paragraph("SheetTitle", run(say("小区配建核查单：{name}", name=sheet.name)))
    facts: dict[str, list[str]] = {}
    if listed is not None:
        facts[str(say("清单"))] = [str(listed)]
    for told, value in sheet.facts:
        if str(told) != str(say("声明")):  # it stands at the head of the page
            facts.setdefault(str(told), []).append(str(value))
    widths, told_in_all = _widths(width), sum(len(each) for each in chain(*facts.values()))
    style = "TableText" if told_in_all <= _MUCH else "ListText"  # a sheet is one page
    rows = (
        row((label(told), text_cell(*values, style=style)), widths)
        for told, values in facts.items()
    )
    yield table(rows, widths, style=GRID)


def _to_fill(width: float) -> str:
    """Return what is written by hand: what was found on site, and who signs."""
    widths = _widths(width)
    found = say("□ 与上述一致　　□ 不一致，说明：")
    rows = (
        row((label(told), text_cell(there)), widths, properties=height(_NOTED))
        for told, there in ((say("现场核实"), found), (say("整改意见"), ""))
    )
    signed = ((CHECKED, ""), (APPROVED, ""), (SEAL, ""), (DAY, DAY_LEFT_OPEN))
    return "".join(
        [paragraph("SheetHeading", run(say("核查意见"))), table(rows, widths, style=GRID),
         paragraph("Blank"), signatures(signed, width)]
    )  # fmt: skip


def _widths(width: float) -> list[int]:
    return [round(TWIPS * width * part) for part in (_LABEL, 1 - _LABEL)]
