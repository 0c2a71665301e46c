"""The check sheets of estates and the forms of what lacks, read again by another library."""

import re
import time
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest
from docx.document import Document
from docx.oxml.ns import qn

from report.briefing.content import Briefing
from report.briefing.estates import SHORT, UNKNOWN
from report.briefing.sites import PROJECTS
from report.data.asked import EXPLANATION
from report.data.data_report import DataReport, report_on_study
from report.data.form import form_sheets, streets_asked, write_forms_by_street
from report.estate_sheet import estate_sheets
from report.word.estate_sheets import write_sheets_by_street
from report.word.missing_data import write_missing_data
from tests.report.sheets_in_one import write_in_one

YELLOW = "FFFFF2CC"


def tables(document: Document) -> list[list[list[str]]]:
    return [
        [
            ["\n".join("".join(text.text or "" for text in line.iter(qn("w:t")))
                       for line in cell.findall(qn("w:p")))
             for cell in row.findall(qn("w:tc"))]
            for row in table.findall(qn("w:tr"))
        ]
        for table in document.element.body.findall(qn("w:tbl"))
    ]  # fmt: skip


def told_in(rows: list[list[str]]) -> dict[str, str]:
    """Return what a table says, each label with its words; two may share a line."""
    cells = [cell for row in rows for cell in row]
    return dict(zip(cells[::2], cells[1::2], strict=True))


@pytest.fixture(scope="module")
def sheets(briefing: Briefing, tmp_path_factory: pytest.TempPathFactory) -> Document:
    path = tmp_path_factory.mktemp("word") / "核查单.docx"
    began = time.process_time()
    assert write_in_one(briefing, path) == 392 + 63
    # A few seconds; a minute would be a sheet built cell by cell.
    assert time.process_time() - began < 40
    return docx.Document(str(path))


def test_every_estate_has_a_page_of_its_own(sheets: Document, briefing: Briefing) -> None:
    titles = [each for each in sheets.element.body.findall(qn("w:p"))
              if each.pPr.pStyle.val == "SheetTitle"]  # fmt: skip
    names = [*briefing.tables[SHORT].rows["name"], *briefing.tables[UNKNOWN].rows["name"]]
    told = ["".join(text.text for text in each.iter(qn("w:t"))) for each in titles]
    assert told == [f"小区配建核查单：{name}" for name in names]
    style = sheets.styles.element.xpath("w:style[@w:styleId='SheetTitle']")[0]
    assert style.pPr.find(qn("w:pageBreakBefore")) is not None
    assert style.pPr.find(qn("w:outlineLvl")).get(qn("w:val")) == "0"


def test_a_sheet_says_what_the_page_says(sheets: Document, briefing: Briefing) -> None:
    found = tables(sheets)
    sheets_of = [told_in(rows) for rows in found if rows[0][0] == "清单"]
    rows = {each["编号"]: each for each in sheets_of}
    assert len(rows) == 455
    for list_, number in ((SHORT, 1), (SHORT, 200), (UNKNOWN, 63)):
        table = briefing.tables[list_]
        estate = table.rows["residential_id"].iloc[number - 1]
        told = rows[estate]
        assert told.pop("清单") == f"{table.title}第{number}号"
        # The paper knows the sites of its briefing besides.
        sites = briefing.tables[PROJECTS].rows
        ranks = dict(zip(sites["candidate_id"], sites["rank"], strict=True))
        sheet = estate_sheets(briefing.evaluation, [estate], sites=ranks)[estate]
        facts: dict[str, list[str]] = {}
        for label, value in sheet.facts:
            if str(label) != "声明":  # it stands at the head of every page
                facts.setdefault(str(label), []).append(str(value))
        assert told == {label: "\n".join(values) for label, values in facts.items()}
    largest = rows["r59"]
    assert largest["计算"] == (
        "各期合计 1,106 + 1,374 + 428 = 2,908 户；2,908户×0.2=581.6㎡；已配122㎡；缺459.6㎡"
    )
    assert "赤政办发〔2023〕42号" in largest["依据"]
    assert "每百户" in largest["依据"]
    assert largest["四同步与移交"].startswith("同步规划 是；同步建设 是")


def test_a_sheet_has_places_to_sign(sheets: Document) -> None:
    found = tables(sheets)
    signed = [rows for rows in found if rows[0][0] == "责任单位"]
    assert len(signed) == 455
    left_open = "\u3000\u3000年\u3000\u3000月\u3000\u3000日"
    assert told_in(signed[0]) == {
        "责任单位": "", "联系电话": "", "完成时限": left_open, "回复日期": left_open,
        "核查人": "", "复核人": "", "街道盖章": "", "日期": left_open,
    }  # fmt: skip


def test_every_street_has_a_document_of_its_own(briefing: Briefing, tmp_path: Path) -> None:
    few = {key: replace(table, rows=table.rows.head(40)) for key, table in briefing.tables.items()}
    short = few[SHORT].rows.copy()
    short.loc[short.index[:3], "street"] = ["a/b", "A/b", ""]
    some = replace(briefing, tables={**few, SHORT: replace(few[SHORT], rows=short)})
    written = write_sheets_by_street(some, tmp_path / "核查单")
    assert sum(written.values()) == 40 + 40
    assert {*written} == {path.name for path in (tmp_path / "核查单").iterdir()}
    assert len({name.casefold() for name in written}) == len(written)
    assert {"核查单_A_b.docx", "核查单_a_b-2.docx", "核查单_未写街道.docx"} <= {*written}
    name = "核查单_东城街道.docx"
    document = docx.Document(str(tmp_path / "核查单" / name))
    titles = ["".join(text.text for text in each.iter(qn("w:t")))
              for each in document.element.body.findall(qn("w:p"))
              if each.pPr.pStyle.val == "SheetTitle"]  # fmt: skip
    rows = pd.concat([some.tables[key].rows for key in (SHORT, UNKNOWN)])
    own = rows.loc[rows["street"].eq("东城街道")]
    names = [f"小区配建核查单：{each}" for each in own["name"]]
    assert titles == ["东城街道小区配建核查单", *names]
    lacking = own["deficit_m2"].dropna()
    assert lacking.is_monotonic_decreasing
    told = "".join(each.text or "" for each in document.element.iter(qn("w:t")))
    assert f"本册共 {len(own)} 张核查单：不达标 {len(lacking)} 张" in told
    assert f"连本页共 {len(own) + 1} 页" in told
    again = tmp_path / "again"
    write_sheets_by_street(some, again)
    assert (again / name).read_bytes() == (tmp_path / "核查单" / name).read_bytes()


def test_the_letters_of_a_sheet_are_of_one_size(sheets: Document) -> None:
    used = {each.val for each in sheets.element.body.iter(qn("w:pStyle"))}
    assert "ListText" not in used
    assert sheets.styles.element.xpath("w:style[@w:styleId='TableText']//w:sz")[0].val.pt == 10.5


def test_without_any_estate_to_check_one_document_says_so(
    briefing: Briefing, tmp_path: Path
) -> None:
    none = {key: replace(table, rows=table.rows.head(0)) for key, table in briefing.tables.items()}
    assert write_sheets_by_street(replace(briefing, tables=none), tmp_path) == {}
    (path,) = tmp_path.iterdir()
    assert "没有不达标或无法判定的小区" in docx.Document(str(path)).paragraphs[1].text


@pytest.fixture(scope="module")
def report(briefing: Briefing) -> DataReport:
    return report_on_study(briefing.evaluation.study)


@pytest.fixture(scope="module")
def forms(briefing: Briefing, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("word") / "待补数据.docx"
    assert write_missing_data(briefing.evaluation, path) == 236
    return path


def test_the_forms_ask_for_what_the_workbooks_ask_for(
    forms: Path, report: DataReport, tmp_path: Path
) -> None:
    written = write_forms_by_street(report, tmp_path)
    asked = sorted(cell for name in written for cell in in_workbook(tmp_path / name))
    found = [
        (row[1], re.sub("（原文：.*）", "", row[3]))
        for rows in tables(docx.Document(str(forms)))
        if rows[0][-1] == "填写"
        for row in rows[1:]
    ]
    assert sorted(found) == asked
    assert len(found) == sum(written.values()) == 236


def in_workbook(path: Path) -> list[tuple[str, str]]:
    """Return the cells that a workbook has coloured: of which id, under which heading."""
    cells = []
    for page in openpyxl.load_workbook(path):
        if page.title == EXPLANATION:
            continue
        headings = [str(cell.value).removesuffix("（必填）") for cell in page[1]]
        for row in page.iter_rows(min_row=2):
            who = str(row[headings.index("编号")].value)
            cells += [(who, headings[at]) for at, cell in enumerate(row)
                      if cell.fill.start_color.rgb == YELLOW]  # fmt: skip
    return cells


def test_every_street_has_its_form(forms: Path, report: DataReport) -> None:
    document = docx.Document(str(forms))
    streets = streets_asked(report)
    titles = [each.text for each in document.paragraphs if each.style.style_id == "SheetTitle"]
    assert titles == [f"待补数据表：{street or '未写街道'}" for street in streets]
    texts = [each.text for each in document.paragraphs]
    for street in streets:
        cells = sum(int(sheet.asked.sum()) for sheet in form_sheets(report, street))
        at = texts.index(f"待补数据表：{street or '未写街道'}")
        assert texts[at + 1].startswith(f"共 {cells} 项待补")
        assert texts[at + 2].startswith("请于\u3000")  # the day is for the office to write
    unread = [row for rows in tables(document) for row in rows if "原文：待核实" in "".join(row)]
    assert {row[3] for row in unread} == {"户数（原文：待核实）", "养老用房面积（原文：待核实）"}
    assert {row[-1] for row in unread} == {""}


def test_forms_are_the_same_bytes(forms: Path, briefing: Briefing, tmp_path: Path) -> None:
    again = tmp_path / "again.docx"
    write_missing_data(briefing.evaluation, again)
    assert again.read_bytes() == forms.read_bytes()
