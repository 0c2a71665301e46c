"""What somebody has filled in is never written over."""

from pathlib import Path

import openpyxl
import pytest

from report.data.data_report import DataReport, gathered, report_on_file
from report.data.form import write_form
from report.data.kept_answers import is_filled
from tests.test_cli_names import run, study  # noqa: F401 - a fixture

ESTATES = (
    "小区名称,街道,户数,建设类型,经度,纬度\n"
    "甲苑,新城,,已建成,118.91234,42.21234\n"
    "乙苑,桥北,200,,118.92345,42.22345\n"
)


def report(folder: Path, text: str = ESTATES) -> DataReport:
    (folder / "台账.csv").write_text(text, encoding="utf-8")
    return gathered("x", [report_on_file(folder / "台账.csv", "residential", coordinates="wgs84")])


def type_in(path: Path, sheet: str, heading: str, value: object, row: int = 2) -> None:
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    headings = [str(cell.value).removesuffix("（必填）") for cell in page[1]]
    page.cell(row, headings.index(heading) + 1).value = value
    book.save(path)


@pytest.mark.parametrize(("heading", "row", "filled"), [
    ("户数", 2, True),  # asked for there
    ("户数", 3, False),  # grey: 200 stands in the ledger
    ("小区名称", 9, True),  # a row added at the bottom
])  # fmt: skip
def test_a_form_is_filled_where_it_was_asked(
    tmp_path: Path, *, heading: str, row: int, filled: bool
) -> None:
    path = tmp_path / "待补.xlsx"
    write_form(report(tmp_path), path)
    assert is_filled(path) is False
    type_in(path, "小区", heading, 999, row)
    assert is_filled(path) is filled


def test_a_ledger_is_no_form_of_ours(tmp_path: Path) -> None:
    report(tmp_path)
    assert is_filled(tmp_path / "台账.csv") is True  # it has coordinates: never written over
    path = tmp_path / "别的.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["随便"])  # type: ignore[union-attr]
    book.save(path)
    assert is_filled(path) is None


def test_forms_of_the_terminal_are_written_again_until_somebody_fills_them(
    study: Path,  # noqa: F811
) -> None:
    folder = study.parent
    for words, file, sheet, heading in (
        (("place", study, "--out"), "地址表.xlsx", "地址表", "经度"),
        (("match", study, "--out"), "核对.xlsx", "待确认名称", "确认"),
        (("form", study, "--out"), "补.xlsx", "设施", "经度"),
    ):
        run(*words, folder / file)
        run(*words, folder / file)  # nobody has written in it
        type_in(folder / file, sheet, heading, "是" if heading == "确认" else 118.9)
        before = (folder / file).read_bytes()
        run(*words, folder / file, code=1)
        assert (folder / file).read_bytes() == before


def test_forms_by_street_are_all_kept_where_one_is_filled(study: Path) -> None:  # noqa: F811
    out = study.parent / "待补"
    run("form", study, "--per-street", "--out", out)
    (only,) = [file for file in out.iterdir() if "未写" in file.name]
    (out / "旧街.xlsx").write_bytes(only.read_bytes())
    assert "旧街.xlsx：原来就在" in run("form", study, "--per-street", "--out", out)
    type_in(only, "设施", "经度", 118.9)
    before = only.read_bytes()
    run("form", study, "--per-street", "--out", out, code=1)
    assert only.read_bytes() == before
