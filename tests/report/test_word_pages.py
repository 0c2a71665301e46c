"""The pages of documents for Word, as LibreOffice lays them out."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from report.briefing.content import Briefing, Kind, Shown
from report.briefing.estates import SHORT, UNKNOWN
from report.word.annexes import annexes_of
from report.word.report import write_report
from tests.report.sheets_in_one import write_in_one
from tests.report.test_word_report import blank_png

pytestmark = pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext")), reason="needs LibreOffice"
)
SHEETS = 12
LISTS = {SHORT, UNKNOWN, "communities", "pools", "projects"}


@pytest.fixture(scope="module")
def short(briefing: Briefing) -> Briefing:
    """Give the briefing with lists of a dozen rows, which take no minutes to lay out."""
    tables = {key: replace(each, rows=each.rows.head(12)) for key, each in briefing.tables.items()}
    return replace(briefing, tables=tables)


@pytest.fixture(scope="module")
def pages(short: Briefing, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Give the text of each page of the report and of the sheets, laid out in one go."""
    folder = tmp_path_factory.mktemp("pages")
    names = {"report": folder / "report.docx", "sheets": folder / "sheets.docx"}
    write_report(short, names["report"], pictures=blank_png)
    longest = short.tables[SHORT].rows["residential_id"].tolist()
    assert write_in_one(short, names["sheets"], longest) == SHEETS
    home = f"-env:UserInstallation=file://{folder}/office"
    subprocess.run(  # noqa: S603 - our own files
        ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", folder,  # noqa: S607
         *names.values()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return {name: text_of(path.with_suffix(".pdf")) for name, path in names.items()}


def text_of(path: Path) -> list[str]:
    asked = ["pdftotext", "-layout", path, "-"]
    told = subprocess.run(asked, check=True, capture_output=True)  # noqa: S603 - our own file
    return told.stdout.decode().split("\f")[:-1]


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d[\d,]*(?:\.\d+)?%?", text))


def test_pages_hold_every_number(short: Briefing, pages: dict[str, list[str]]) -> None:
    said = [*map(str, (*short.headline, *short.steps, *short.caveats))]
    said += [figure.text for figure in short.figures]
    shown = [part for chapter in short.chapters for part in chapter.parts
             if isinstance(part, Shown) and part.key in short.tables]  # fmt: skip
    annexed = [Shown(part.table.key, part.columns) for annex in annexes_of(short)
               for part in annex.parts if part.table.key in LISTS]  # fmt: skip
    for part in (*shown, *annexed):
        table = short.tables[part.key]
        keys = [each.key for each in table.only(part.columns) if each.kind is not Kind.TEXT]
        said += [cell for row in table.texts(keys, most=part.most) for cell in row]
    wanted = numbers(" ".join(said))
    assert len(wanted) > 150
    assert wanted - numbers(" ".join(pages["report"])) == set()


def test_every_page_has_the_notice_and_its_number(
    short: Briefing, pages: dict[str, list[str]]
) -> None:
    for document in pages.values():
        for number, page in enumerate(document, start=1):
            assert short.notice in page
            assert f"—{number}—" in re.sub(r"\s", "", page)


def test_the_text_before_the_annexes_is_short(pages: dict[str, list[str]]) -> None:
    plain = [re.sub(r"\s", "", page) for page in pages["report"]]
    closing = next(at for at, page in enumerate(plain, start=1) if "2025年12月31日" in page)
    assert closing <= 8


def test_each_sheet_fits_its_page(pages: dict[str, list[str]]) -> None:
    assert len(pages["sheets"]) == SHEETS
    assert all("小区配建核查单：" in page and "街道盖章" in page for page in pages["sheets"])
