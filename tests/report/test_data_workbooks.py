"""The workbooks that go out and come back: readable again, and never a formula."""

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from geo.layers import read_layer
from geo.ledgers.headers import match_headers
from geo.ledgers.ledger import read_ledger
from geo.schema import SCHEMAS
from report.data.asked import (
    LIST_LIMIT,
    column_named,
    example_of,
    heading_of,
    meaning_of,
    validation_of,
)
from report.data.data_report import DataReport, gathered, report_on_file
from report.data.form import streets_asked, write_form, write_forms_by_street
from report.data.sheets import clean, file_name, workbook
from report.data.template import template_columns, write_template
from report.data.workbook import write_report
from tests.second_language import speaking_stars

HOSTILE = '=HYPERLINK("http://x","点我")'
LEDGER = f"""编号,小区名称,户数,街道,建设类型,养老用房面积,养老用房状态,面积口径,建成年份,经度,纬度
1,甲,500,新城,已建成,200,已投用,建筑面积,2016,118.91234,42.21234
2,乙,待核实,新城,已建成,0,,,2016,118.92345,42.22345
3,丙,,桥北,已建成,0,,,2016,118.93456,42.23456
=4,"{HOSTILE.replace('"', '""')}",300,../桥北,已建成,100,大概在用,建筑面积,2016,,
5,戊,300,,已建成,,,,2016,118.94567,42.24567
"""
YELLOW = "FFFFF2CC"


@pytest.fixture
def report(tmp_path: Path) -> DataReport:
    path = tmp_path / "台账.csv"
    path.write_text(LEDGER, encoding="utf-8")
    return gathered("台账", [report_on_file(path, "residential")])


def yellow(path: Path, sheet: str) -> dict[tuple[Any, str], Any]:
    """Return the cells to be filled in, by row number of the ledger and heading."""
    page = openpyxl.load_workbook(path)[sheet]
    headings = [cell.value for cell in page[1]]
    return {
        (row[0].value, str(headings[at])): cell
        for row in page.iter_rows(min_row=2)
        for at, cell in enumerate(row)
        if cell.fill.start_color.rgb == YELLOW
    }


def require_plain(path: Path) -> None:
    """No formula, no link to elsewhere, no macro in a workbook; both readers open it."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        sheets = [archive.read(name).decode() for name in names if "worksheets/sheet" in name]
    assert not any(re.search("<f[ >]", text) for text in sheets)
    assert not [name for name in names if "vba" in name.lower() or "externalLink" in name]
    assert not [name for name in names if name.endswith(".rels") and "worksheets" in name]
    book = CalamineWorkbook.from_path(path)
    assert openpyxl.load_workbook(path).sheetnames == book.sheet_names


# --- the report ----------------------------------------------------------------------------------


def test_the_report_holds_each_question_on_a_sheet(report: DataReport, tmp_path: Path) -> None:
    path = tmp_path / "报告.xlsx"
    write_report(report, path)
    require_plain(path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["总览", "对结果的影响", "待补单元格", "改动", "全部问题", "各列"]
    first = dict(zip([c.value for c in book["总览"][1]], [c.value for c in book["总览"][2]],
                     strict=True))  # fmt: skip
    assert (first["图层"], first["行数"], first["缺失的单元格"]) == (
        "小区", 5, report.layers[0].cells,
    )  # fmt: skip
    effects = list(book["对结果的影响"].iter_rows(min_row=2, values_only=True))
    assert ("小区", "户数", 2) in [row[:3] for row in effects]
    told = list(book["待补单元格"].iter_rows(min_row=2, values_only=True))
    assert len(told) == report.layers[0].cells
    assert HOSTILE in {row[4] for row in told}


def test_the_report_is_in_the_language_spoken(report: DataReport, tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    with speaking_stars():
        write_report(report, path)
    book = openpyxl.load_workbook(path)
    assert book.worksheets[0]["A1"].value == "**"


# --- the form ------------------------------------------------------------------------------------


def test_a_form_asks_for_the_missing_cells_alone(report: DataReport, tmp_path: Path) -> None:
    path = tmp_path / "待补.xlsx"
    assert write_form(report, path) == 9
    require_plain(path)
    cells = yellow(path, "小区")
    assert {*cells} == {
        (3, "户数（必填）"), (4, "户数（必填）"), (5, "养老用房状态"), (5, "经度"), (5, "纬度"),
        (6, "养老用房面积"), (6, "面积口径"), (6, "养老用房状态"), (6, "街道"),
    }  # fmt: skip
    assert all(cell.value is None for cell in cells.values())
    page = openpyxl.load_workbook(path)["小区"]
    headings = [cell.value for cell in page[1]]
    # Nobody is asked for kind or year, and estate 1 lacks nothing.
    assert "建设类型" not in headings
    assert "建成年份" not in headings
    assert [row[0].value for row in page.iter_rows(min_row=2)] == [3, 4, 5, 6]
    said = {row[0].value: row[-1].value for row in page.iter_rows(min_row=2)}
    assert said[3] == "户数：待核实"
    assert said[5] == "养老用房状态：大概在用"
    assert said[4] is None


def test_a_form_says_why_each_column_is_asked_for(report: DataReport, tmp_path: Path) -> None:
    path = tmp_path / "待补.xlsx"
    write_form(report, path)
    rows = [*openpyxl.load_workbook(path)["说明"].iter_rows(values_only=True)]
    why = {row[1]: row for row in rows if row[0] == "小区"}
    assert why["户数"][2] == 2
    assert str(why["户数"][4]).startswith("2 个小区户数缺失：应配面积无法计算")
    assert "没有位置" in str(why["经度"][4])
    assert "运营、在建" in str(why["养老用房状态"][3])


def test_excel_checks_what_is_typed_into_a_form(report: DataReport, tmp_path: Path) -> None:
    path = tmp_path / "待补.xlsx"
    write_form(report, path)
    page = openpyxl.load_workbook(path)["小区"]
    column = {cell.value: cell.column_letter for cell in page[1]}
    rules = {str(rule.sqref): rule for rule in page.data_validations.dataValidation}
    status = rules[f"{column['养老用房状态']}2:{column['养老用房状态']}5"]
    assert (status.type, status.formula1) == ("list", '"运营,在建,规划,挪用,停业"')
    homes = rules[f"{column['户数（必填）']}2:{column['户数（必填）']}5"]
    assert (homes.type, homes.formula1, homes.errorStyle or "stop") == ("whole", "0", "stop")


def test_a_form_can_be_read_again_by_our_own_reader(report: DataReport, tmp_path: Path) -> None:
    path = tmp_path / "待补.xlsx"
    write_form(report, path)
    book = openpyxl.load_workbook(path)
    answers: Mapping[tuple[int, str], Any] = {
        (3, "户数（必填）"): 120, (4, "户数（必填）"): "80户", (5, "养老用房状态"): "运营",
        (5, "经度"): 118.95, (5, "纬度"): 42.25, (6, "养老用房面积"): 66.5, (6, "街道"): "桥北",
    }  # fmt: skip
    headings = [cell.value for cell in book["小区"][1]]
    for row in book["小区"].iter_rows(min_row=2):
        for at, cell in enumerate(row):
            if (row[0].value, headings[at]) in answers:
                cell.value = answers[row[0].value, headings[at]]
    book.save(path)
    table = read_ledger(path, SCHEMAS["residential"])
    matching = match_headers(table.headers, SCHEMAS["residential"])
    assert {*matching.columns} >= {"id", "name", "households", "street", "longitude", "latitude"}
    frame = read_layer(path, "residential").frame.set_index("id")
    assert [*frame["households"]] == [120, 80, 300, 300]
    assert frame.loc["=4", "care_status"] == "operating"
    assert frame.loc["=4", "name"] == HOSTILE
    assert frame.loc["=4", "geometry"].x == pytest.approx(118.95)
    assert frame.loc["5", "care_floor_area_m2"] == 66.5


def test_a_form_of_each_street_holds_its_rows_alone(report: DataReport, tmp_path: Path) -> None:
    assert streets_asked(report) == ["../桥北", "新城", "桥北", ""]
    folder = tmp_path / "发放"
    folder.mkdir()
    written = write_forms_by_street(report, folder)
    assert sum(written.values()) == 9
    assert {*written} == {path.name for path in folder.iterdir()}
    assert written["待补_新城.xlsx"] == 1
    assert written["待补_未写街道.xlsx"] == 4
    # A street that calls itself ../桥北 writes no file elsewhere, nor over that of another.
    assert len(written) == 4
    assert not (tmp_path / "待补_桥北.xlsx").exists()
    why = [*openpyxl.load_workbook(folder / "待补_新城.xlsx")["说明"].iter_rows(values_only=True)]
    assert any(str(row[4]).startswith("1 个小区户数缺失") for row in why)


# --- templates -----------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", [*SCHEMAS])
def test_an_empty_table_is_read_back_column_by_column(layer: str, tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    write_template(layer, path)
    require_plain(path)
    schema = SCHEMAS[layer]
    table = read_ledger(path, schema)
    assert len(table.rows) == 0
    matching = match_headers(table.headers, schema)
    wanted = [column.name for column in template_columns(schema)]
    assert {name: table.headers[at] for name, at in matching.columns.items()} == {
        name: heading_of(column_named(schema, name)) for name in wanted
    }
    assert {column.name for column in schema.columns} <= {*wanted}
    assert (matching.clashes, matching.other_units, matching.unused) == ((), (), ())


@pytest.mark.parametrize("layer", [*SCHEMAS])
def test_the_examples_of_an_empty_table_are_read_as_meant(layer: str, tmp_path: Path) -> None:
    """Whoever writes what the examples show is understood without a word."""
    path = tmp_path / "模板.xlsx"
    write_template(layer, path)
    columns = template_columns(SCHEMAS[layer])
    book = openpyxl.load_workbook(path)
    page = book[SCHEMAS[layer].chinese]
    for at, column in enumerate(columns, start=1):
        page.cell(2, at, _typed(example_of(column), column.kind))
    book.save(path)
    if layer in ("barriers", "residential_land", "background", "streets"):
        page.cell(2, len(columns), "LINESTRING(118.88 42.25, 118.89 42.25)")
        book.save(path)
    read = read_layer(path, layer, coordinates="wgs84")
    assert len(read.frame) == 1
    assert [f for f in read.findings if f.severity == "error" or f.column] == []
    for column in columns:
        if column.name in read.frame and example_of(column):
            assert read.frame[column.name].notna().all(), column.name


def _typed(text: str, kind: str) -> object:
    return float(text) if kind in {"count", "number"} and text else text or None


def test_every_rule_fits_into_excel() -> None:
    for schema in SCHEMAS.values():
        for column in template_columns(schema):
            rule = validation_of(column)
            assert str(meaning_of(column))
            if column.words:
                assert rule is not None, column.name
            if rule is not None:
                assert len(rule["input_title"]) <= 32
                assert len(rule["input_message"]) <= LIST_LIMIT
                assert len(",".join(rule.get("source", []))) <= LIST_LIMIT


def test_needed_columns_are_marked(tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    write_template("facilities", path)
    headings = [cell.value for cell in openpyxl.load_workbook(path)["设施"][1]]
    assert [name for name in headings if "必填" in name] == ["名称（必填）", "类别（必填）"]
    assert headings[0] == "编号"


# --- cells ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(1)", " =1", "＝1+1", "'=1", "https://x.cn/a", "file://c/a", "007",
     "1e5", "{=1}", "=cmd|'/c calc'!A0"],
)  # fmt: skip
def test_a_text_stays_a_text(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with workbook(path) as book:
        book.write(book.sheet("表"), 0, 0, text)
    require_plain(path)
    cell = openpyxl.load_workbook(path)["表"]["A1"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert CalamineWorkbook.from_path(path).get_sheet_by_name("表").to_python() == [[text]]
    if text.lstrip()[0] in "=+-@＝'":
        assert cell.quotePrefix


@pytest.mark.parametrize(
    ("text", "kept"),
    [("a\x00b", "a·b"), ("a\x0bb", "a·b"), ("a\ud800b", "a·b"), ("a\nb", "a\nb"),
     ("长" * 40_000, "长" * 32_000 + "…"), ("_x0041_", "_x0041_")],
)  # fmt: skip
def test_what_a_cell_cannot_hold_is_replaced(text: str, kept: str, tmp_path: Path) -> None:
    assert clean(text) == kept
    path = tmp_path / "a.xlsx"
    with workbook(path) as book:
        book.write(book.sheet("表"), 0, 0, text)
    (row,) = CalamineWorkbook.from_path(path).get_sheet_by_name("表").to_python()
    assert row == [kept]


def test_rows_beyond_the_sheet_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("report.data.sheets.MOST_ROWS", 3)
    path = tmp_path / "a.xlsx"
    with workbook(path) as book:
        assert book.table(book.sheet("表"), ["数"], [[number] for number in range(10)]) == 3
    page = CalamineWorkbook.from_path(path).get_sheet_by_name("表")
    values = [row[0] for row in page.to_python()]
    assert values[:4] == ["数", 0, 1, 2]
    assert "7 行" in str(values[4])


@pytest.mark.parametrize("name", ["a/b:c*?[x]", "", "'", "很" * 50, "表", "\x00", "a\nb"])
def test_any_name_becomes_a_sheet_once(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with workbook(path) as book:
        for _ in range(12):
            book.write(book.sheet(name), 0, 0, 1.5)
    names = openpyxl.load_workbook(path).sheetnames
    assert len({each.casefold() for each in names}) == 12
    assert max(map(len, names)) <= 31


@pytest.mark.parametrize(
    ("name", "file"),
    [("../../桥北", "桥北"), ("新城街道", "新城街道"), ("CON", "_CON"), ("a/b\\c", "a_b_c"),
     ("...", "_"), ("", "_"), ("a.", "a"), ("con.txt", "_con.txt")],
)  # fmt: skip
def test_any_name_becomes_a_file_in_its_folder(name: str, file: str) -> None:
    assert file_name(name) == file
