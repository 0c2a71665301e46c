"""What somebody has filled in is never written over."""

from pathlib import Path

import openpyxl
import pytest

from report.data.data_report import DataReport, gathered, report_on_file
from report.data.form import write_form
from report.data.kept_answers import is_filled
from report.data.template import write_template
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


def asked_at(path: Path, sheet: str, heading: str) -> int:
    """Return the first row of a form that asks for a column; the first where it does not say."""
    page = openpyxl.load_workbook(path)[sheet]
    headings = [str(cell.value) for cell in page[1]]
    if "待补的列（不用填）" not in headings:
        return 2
    at = headings.index("待补的列（不用填）") + 1
    return next(row for row in range(2, page.max_row + 1)
                if heading in str(page.cell(row, at).value))  # fmt: skip


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
    assert is_filled(tmp_path / "台账.csv") is None


OWN = ("编号", "小区名称", "户数", "经度", "纬度")


@pytest.mark.parametrize("sheets", [
    {"Sheet1": ("随便",)},
    {"Sheet1": OWN},
    {"地址表": OWN, "说明": ("甲",)},
    {"地址表": ("编号", "名称", "地址", "经度", "纬度")},  # nothing explains it
    {"待确认名称": ("所写名称", "确认"), "说明": ("甲",)},
    {"说明": ("一本只有说明的台账",)},
])  # fmt: skip
def test_a_table_of_somebodys_own_is_no_form_though_it_has_no_place(
    tmp_path: Path, sheets: dict[str, tuple[str, ...]]
) -> None:
    path = tmp_path / "别的.xlsx"
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, headings in sheets.items():
        page = book.create_sheet(name)
        page.append(headings)
        page.append(["r1", "锦绣家园"][: len(headings)])
    book.save(path)
    assert is_filled(path) is None


def test_a_form_without_its_column_of_what_is_asked_is_none(tmp_path: Path) -> None:
    path = tmp_path / "待补.xlsx"
    write_form(report(tmp_path), path)
    type_in(path, "小区", "户数", 777)
    book = openpyxl.load_workbook(path)
    headings = [str(cell.value) for cell in book["小区"][1]]
    book["小区"].delete_cols(headings.index("待补的列（不用填）") + 1)
    book.save(path)
    assert is_filled(path) is None


def test_a_column_that_somebody_added_is_filled(tmp_path: Path) -> None:
    path = tmp_path / "待补.xlsx"
    write_form(report(tmp_path), path)
    book = openpyxl.load_workbook(path)
    page = book["小区"]
    last = page.max_column + 1
    page.cell(1, last).value = "备注"
    book.save(path)
    assert is_filled(path) is False
    page.cell(2, last).value = "已电话问过"
    book.save(path)
    assert is_filled(path) is True


def test_a_template_with_a_row_is_no_form(tmp_path: Path) -> None:
    path = tmp_path / "小区空白.xlsx"
    write_template("residential", path)
    book = openpyxl.load_workbook(path)
    book["小区"].append(["r9", "新村", "300"])
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
        type_in(folder / file, sheet, heading, "是" if heading == "确认" else 118.9,
                row=asked_at(folder / file, sheet, heading))  # fmt: skip
        before = (folder / file).read_bytes()
        run(*words, folder / file, code=1)
        assert (folder / file).read_bytes() == before


def test_forms_by_street_are_all_kept_where_one_is_filled(study: Path) -> None:  # noqa: F811
    out = study.parent / "待补"
    run("form", study, "--per-street", "--out", out)
    (only,) = [file for file in out.iterdir() if "未写" in file.name]
    (out / "旧街.xlsx").write_bytes(only.read_bytes())
    assert "旧街.xlsx：原来就在" in run("form", study, "--per-street", "--out", out)
    type_in(only, "设施", "经度", 118.9, row=asked_at(only, "设施", "经度"))
    before = only.read_bytes()
    run("form", study, "--per-street", "--out", out, code=1)
    assert only.read_bytes() == before
