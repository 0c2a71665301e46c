"""核查单: one page an estate, with its calculation and clause, to be checked on site and signed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import pandas as pd

from geo.language import Message, say, translate
from report.briefing.content import Briefing
from report.briefing.estates import SHORT, UNKNOWN
from report.briefing.sites import PROJECTS
from report.data.form import NO_STREET
from report.data.sheets import file_name
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
from report.word.markup import Cell, field, paragraph, row, run, table
from report.word.paper import FORM, Paper
from report.word.printed_table import TWIPS, height, width_of
from report.word.styles import GRID

_Told = tuple[str, list[str]]  # what a fact is called, and its lines
_LABEL, _COLUMNS = 0.15, 4  # of the width; labels and what they say, twice
_BESIDE: Final = 15.0  # letters of a fact that leaves room for another beside it
_NOTED, _SIGNED = 10.0, 7.5  # mm to write in


def write_sheets_by_street(briefing: Briefing, folder: Path) -> Mapping[str, int]:
    """Write a document a street into a folder, and return how many sheets each holds, by its name.

    Those that fall short come first, the most lacking on top; then those nobody can judge. Estates
    that name no street stand together. Where there is none to check, one document says so.
    """
    folder.mkdir(parents=True, exist_ok=True)
    listed = _listed(briefing)
    sheets = estate_sheets(briefing.evaluation, listed, sites=_ranks(briefing))
    written: dict[str, int] = {}
    for street, estates in _by_street(briefing).items():
        name = _unlike(written, street or str(NO_STREET))
        title = say("{street}小区配建核查单", street=street or NO_STREET)
        own = {each: sheets[each] for each in estates if each in sheets}
        _write(briefing, folder / name, title, own, listed, contents=True)
        written[name] = len(own)
    if not written:
        title = say("{place}小区配建核查单", place=briefing.place)
        _write(briefing, folder / f"{translate('核查单')}.docx", title, {}, listed)
    return written


def _ranks(briefing: Briefing) -> dict[str, int]:
    """Return the ranks of the proposed sites by candidate."""
    if PROJECTS not in briefing.tables:
        return {}
    rows = briefing.tables[PROJECTS].rows
    return dict(zip(rows["candidate_id"], rows["rank"], strict=True))


def _by_street(briefing: Briefing) -> Mapping[str, list[str]]:
    """Return the estates of the lists by their street, in the order of the lists.

    Streets of one name in two counties are two, each with its county before it.
    """
    columns = ["county", "street", "residential_id"]
    rows = pd.concat([briefing.tables[key].rows[columns] for key in (SHORT, UNKNOWN)]).fillna("")
    counties = rows.groupby("street", sort=False)["county"].transform("nunique")
    streets = rows["street"].where(counties.le(1) | rows["street"].eq(""),
                                   rows["county"] + rows["street"])  # fmt: skip
    found: dict[str, list[str]] = {}
    for street, estate in zip(streets, rows["residential_id"], strict=True):
        found.setdefault(str(street), []).append(str(estate))
    return dict(sorted(found.items(), key=lambda each: (not each[0], each[0])))


def _unlike(written: Mapping[str, int], street: str) -> str:
    """Return a name for the document of a street that no other has, whatever the system."""
    taken = {name.casefold() for name in written}
    called = f"{translate('核查单')}_{file_name(street)}"
    name, number = f"{called}.docx", 1
    while name.casefold() in taken:
        number += 1
        name = f"{called}-{number}.docx"
    return name


def _write(
    briefing: Briefing,
    path: Path,
    title: Message,
    sheets: Mapping[str, EstateSheet],
    listed: Mapping[str, Message],
    *,
    contents: bool = False,
) -> None:
    paper = Paper(str(title), on=briefing.on, notice=briefing.notice, margins=FORM)
    if not sheets:
        paper.add(paragraph("Title", run(title)))
        paper.add(paragraph("BodyText", run(say("没有不达标或无法判定的小区，不需要核查单。"))))
    if contents and sheets:
        paper.add(*_contents(briefing, title, [*sheets]))
    to_fill = _to_fill(paper.width)
    for estate, sheet in sheets.items():
        paper.add(*_page(sheet, listed.get(estate), paper.width), to_fill)
    paper.save(path)


def _contents(
    briefing: Briefing, title: Message, estates: Sequence[str]
) -> Iterator[str]:
    """Yield the first page: how many sheets and pages there are, and of which estates."""
    asked = {*estates}
    every = pd.concat([briefing.tables[key].rows for key in (SHORT, UNKNOWN)])
    rows = every[every["residential_id"].isin(asked)].set_index("residential_id").loc[[*estates]]
    short = int(rows["deficit_m2"].notna().sum())
    yield paragraph("SheetTitle", run(title))
    told = say(
        "本册共 {sheets} 张核查单：不达标 {short} 张（缺口大的在前），无法判定 {unknown} 张。",
        sheets=len(rows), short=short, unknown=len(rows) - short,
    )  # fmt: skip
    pages = field("NUMPAGES", str(len(rows) + 1))
    before, behind = say("每张一页，连本页共 "), say(" 页。")
    yield paragraph("SheetText", run(told), run(before), pages, run(behind))
    names = "　".join(f"{at}.{name}" for at, name in enumerate(rows["name"], start=1))
    yield paragraph("SheetText", run(say("目录：{names}", names=names)))


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
    widths = _widths(width)
    yield table(
        (row(_cells(line), widths) for line in _lines([*facts.items()])), widths, style=GRID
    )


def _lines(facts: Sequence[_Told]) -> Iterator[tuple[_Told, ...]]:
    """Yield facts as they share a line: two that are short stand beside each other."""
    waiting: _Told | None = None
    for fact in facts:
        short = len(fact[1]) == 1 and width_of(fact[1][0]) <= _BESIDE
        if waiting is None and short:
            waiting = fact
        elif waiting is not None and short:
            yield waiting, fact
            waiting = None
        else:
            if waiting is not None:
                yield (waiting,)
            yield (fact,)
            waiting = None
    if waiting is not None:
        yield (waiting,)


def _cells(line: Sequence[_Told]) -> Iterator[Cell]:
    for told, values in line:
        yield label(told)
        yield replace(text_cell(*values), span=1 if len(line) > 1 else _COLUMNS - 1)


def _to_fill(width: float) -> str:
    """Return what is written by hand: what was found on site, and who signs."""
    widths = _widths(width)
    found = say("□ 与上述一致　　□ 不一致，说明：")
    rows = (
        row(_cells([(str(told), [str(there)])]), widths, properties=height(_NOTED))
        for told, there in ((say("现场核实"), found), (say("整改意见"), ""))
    )
    signed = (
        (say("责任单位"), ""), (say("联系电话"), ""),
        (say("完成时限"), DAY_LEFT_OPEN), (say("回复日期"), DAY_LEFT_OPEN),
        (CHECKED, ""), (APPROVED, ""), (SEAL, ""), (DAY, DAY_LEFT_OPEN),
    )  # fmt: skip
    return "".join(
        [paragraph("SheetHeading", run(say("核查意见"))), table(rows, widths, style=GRID),
         paragraph("Blank"), signatures(signed, width, high=_SIGNED)]
    )  # fmt: skip


def _widths(width: float) -> list[int]:
    parts = (_LABEL, 0.5 - _LABEL)
    return [round(TWIPS * width * part) for part in (*parts, *parts)]
