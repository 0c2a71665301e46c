"""Names of rare or unseen signs: they neither stop the papers nor turn their lines around."""

import datetime as dt
import re
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from report.data.sheets import file_name, workbook
from report.documents import write_documents
from tests.report.small_city import city_briefing

LONG = "𠮷" * 60  # four bytes each
TURNED = "甲\u202e路\u200b街\u2066道"
_UNSEEN = re.compile("[\u202a-\u202e\u2066-\u2069\u200b]")


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("odd")
    briefing = city_briefing(folder, estates=4, names=(TURNED, LONG), sites=1)
    write_documents(briefing, folder / "out", formats=("docx", "pptx", "xlsx", "gpkg"))
    return folder / "out"


def test_no_name_of_a_file_is_too_long_or_broken_or_turned(papers: Path) -> None:
    names = [file.name for file in papers.rglob("*") if file.is_file()]
    assert max(len(name.encode()) for name in names) <= 200
    assert not any(_UNSEEN.search(name) or "\ufffd" in name for name in names)


def test_a_name_of_a_file_is_cut_between_characters() -> None:
    assert file_name(LONG) == "𠮷" * 37  # 148 bytes of 150
    assert file_name("a" + LONG) == "a" + "𠮷" * 37
    assert file_name("街" * 60) == "街" * 50
    assert file_name("x" * 99) == "x" * 60


def test_printed_sheets_turn_no_line_around_and_ledgers_keep_what_was_there(papers: Path) -> None:
    book = openpyxl.load_workbook(papers / "附表.xlsx")
    turned: dict[str, set[object]] = {}
    for sheet in book.worksheets:
        edges = [getattr(edge, side).text for edge in (sheet.oddHeader, sheet.oddFooter)
                 for side in ("left", "center", "right")]  # fmt: skip
        assert not any(_UNSEEN.search(text) for text in edges if text), sheet.title
        turned[sheet.title] = {cell for row in sheet.iter_rows(values_only=True) for cell in row
                               if _UNSEEN.search(str(cell))}  # fmt: skip
    assert {name for name, cells in turned.items() if cells} == {"小区台账", "设施台账"}
    assert TURNED in turned["小区台账"]
    assert not _UNSEEN.search(f"{book.properties.title}{''.join(book.sheetnames)}")


@pytest.mark.parametrize("name", ["汇报.docx", "汇报.pptx", "待补数据.docx"])
def test_nothing_that_is_printed_turns_its_line_around(papers: Path, name: str) -> None:
    with ZipFile(papers / name) as packed:
        parts = {part: packed.read(part) for part in packed.namelist()}
    turned = {
        part for part, content in parts.items()
        if part.endswith((".xml", ".rels")) and _UNSEEN.search(content.decode())
    }  # fmt: skip
    assert turned == set()


def test_a_packed_file_may_have_as_long_a_name_as_the_system_takes(tmp_path: Path) -> None:
    path = tmp_path / f"{'街' * 83}.xlsx"  # 254 bytes of 255
    with workbook(path, on=dt.date(2025, 12, 31)) as book:
        book.write(book.sheet("表"), 0, 0, "甲")
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    assert openpyxl.load_workbook(path)["表"]["A1"].value == "甲"
