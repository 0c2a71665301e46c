"""A layer out of several ledgers: told file by file, asked of the street that sent each."""

from pathlib import Path

import openpyxl
import pytest

from analysis.described_layers import read_described
from analysis.description import LayerSource
from analysis.filled_cells import FilledCell
from analysis.filling import with_filled
from analysis.placing.streets_of_files import street_in, streets_of_files
from geo.errors import LayerError
from geo.layers import FileRead, Layer
from report.data.data_report import DataReport
from report.data.filling import answers_in
from report.data.form import write_forms_by_street
from report.data.layer_report import LayerReport, report_on_layer, with_streets
from report.data.printed import print_report
from report.data.tables import (
    changes_table,
    effects_table,
    files_table,
    missing_table,
    overview_table,
    report_content,
)
from report.data.workbook import in_words

WEST = "小区名称,户数,建设类型,经度,纬度\n甲苑,约200,已建成,118.91,42.21\n乙苑,,已建成,,\n"
# Another layout: the header in row 2, other names of columns, row 3 lacks its households too.
EAST = "某街道小区表,,\n名称,总户数,坐落\n丙苑,待核实,某路\n丁苑,300,某路\n合计,300,\n"


def ledgers(folder: Path) -> None:
    for name, text in (("西屯街道小区.csv", WEST), ("铁东街道.csv", EAST)):
        (folder / "小区").mkdir(exist_ok=True)
        (folder / "小区" / name).write_text(text, encoding="utf-8")


def read(folder: Path) -> Layer:
    return read_described(LayerSource(path="小区/*", coordinates="wgs84"), folder, "residential")


def told(layer: Layer) -> LayerReport:
    return with_streets(report_on_layer(layer, "residential", file="小区/*"), None)


@pytest.fixture
def layer(tmp_path: Path) -> Layer:
    ledgers(tmp_path)
    return read(tmp_path)


def test_each_file_is_told_of_beside_the_whole(layer: Layer) -> None:
    report = told(layer)
    assert (report.file, report.rows) == ("小区/*", 4)
    west, east = report.by_file()
    assert (west.file, west.rows) == ("西屯街道小区.csv", 2)
    assert (east.file, east.rows) == ("铁东街道.csv", 2)
    assert (west.counts()["left_out"], east.counts()["left_out"]) == (0, 1)
    assert [each.finding.value for each in west.of_kind("changed")] == ["约200"]
    assert [each.finding.value for each in east.of_kind("unread")] == ["待核实"]
    assert west.cells + east.cells == report.cells
    whole = DataReport("x", (report,))
    # Apart from each other: the figures of the files are in those of the layer.
    assert overview_table(whole)[["file", "rows"]].to_numpy().tolist() == [["小区/*", 4]]
    assert files_table(whole)[["file", "rows"]].to_numpy().tolist() == [
        ["西屯街道小区.csv", 2], ["铁东街道.csv", 2],
    ]  # fmt: skip


def test_rows_of_one_number_are_told_apart_by_their_files(layer: Layer) -> None:
    # Row 3 of the one is 乙苑 without a figure, row 3 of the other 丙苑 with one nobody can read.
    missing = missing_table(DataReport("x", (told(layer),)))
    asked = missing[missing["column"].eq("households")]
    assert asked[["file", "row", "name", "was"]].to_numpy().tolist() == [
        ["西屯街道小区.csv", 3, "乙苑", ""], ["铁东街道.csv", 3, "丙苑", "待核实"],
    ]  # fmt: skip
    changes = changes_table(DataReport("x", (told(layer),)))
    assert changes[["file", "row", "old", "new"]].to_numpy().tolist() == [
        ["西屯街道小区.csv", 2, "约200", "200"]
    ]


def test_effects_are_those_of_the_whole_layer_with_the_file_of_each_row(layer: Layer) -> None:
    report = DataReport("x", (told(layer),))
    (effect,) = [e for e in report.layers[0].effects if e.column == "households"]
    assert (effect.rows, effect.files) == ((3, 3), ("西屯街道小区.csv", "铁东街道.csv"))
    table = in_words(effects_table(report))
    (rows,) = table.loc[table["column"].eq("户数"), "rows"]
    assert rows == "西屯街道小区.csv（3）、铁东街道.csv（3）"
    content = report_content(report)["layers"][0]
    assert [each["rows"] for each in content["files"]] == [2, 2]


def test_a_column_of_one_file_alone_is_said(
    layer: Layer, capsys: pytest.CaptureFixture[str]
) -> None:
    uses = {use.name: use for use in told(layer).columns}
    assert uses["households"].header == "户数／总户数"
    assert (uses["kind"].absent_in, uses["households"].absent_in) == (("铁东街道.csv",), ())
    print_report(DataReport("x", (told(layer),)), each=False)
    printed = capsys.readouterr().out
    assert "由 2 个文件合成" in printed
    assert "  西屯街道小区.csv：2 行，0 行不作数据；改动 1" in printed
    assert "建设类型（铁东街道.csv）" in printed


def test_each_street_is_asked_for_the_rows_it_has_sent(layer: Layer, tmp_path: Path) -> None:
    report = DataReport("x", (told(layer),))
    written = write_forms_by_street(report, tmp_path)
    assert list(written) == ["待补_西屯街道.xlsx", "待补_铁东街道.xlsx"]
    # What the forms ask for is what the report counts, a position as two cells.
    assert sum(written.values()) == report.layers[0].cells == len(missing_table(report))
    page = openpyxl.load_workbook(tmp_path / "待补_铁东街道.xlsx")["小区"]
    heads = [cell.value for cell in page[1]]
    assert heads[:2] == ["原表文件", "原表行号"]
    assert [cell.value for cell in page[2]][:2] == ["铁东街道.csv", 3]
    assert page.cell(2, heads.index("编号") + 1).value == "铁东街道·r1"


def test_what_comes_back_goes_to_the_row_of_its_file(layer: Layer, tmp_path: Path) -> None:
    report = DataReport("x", (told(layer),))
    write_forms_by_street(report, tmp_path)
    path = tmp_path / "待补_铁东街道.xlsx"
    book = openpyxl.load_workbook(path)
    heads = [str(cell.value) for cell in book["小区"][1]]
    at = next(at for at, head in enumerate(heads, start=1) if head.startswith("户数"))
    book["小区"].cell(2, at).value = "约450户"
    book.save(path)
    cells = [c for c in answers_in(path, report).cells if c.column == "households"]
    assert [(c.id, c.file, c.row, c.was) for c in cells] == [
        ("铁东街道·r1", "铁东街道.csv", 3, "待核实")
    ]
    after = with_filled({"residential": layer}, cells)["residential"]
    households = dict(zip(after.frame["name"], after.frame["households"], strict=True))
    assert (households["甲苑"], households["丙苑"]) == (200, 450)
    told_of = [f for f in after.findings if "补为" in str(f.message)]
    assert [(f.file, f.row, f.column) for f in told_of] == [("铁东街道.csv", 3, "总户数")]
    # The cell that could not be read is answered; the empty one of the same number is not.
    assert not [f for f in after.findings if f.value == "待核实" and f.severity == "error"]
    left = told(after).missing
    assert left.loc[left["column"].eq("households"), "name"].tolist() == ["乙苑"]


def test_a_namesake_in_another_file_gets_nothing(tmp_path: Path) -> None:
    ledgers(tmp_path)
    namesake = "名称,户数,坐落\n乙苑,,某路\n"
    (tmp_path / "小区" / "铁东街道.csv").write_text(namesake, encoding="utf-8")
    cell = FilledCell(
        layer="residential", id="西屯街道小区·r2", name="乙苑", row=3, file="西屯街道小区.csv",
        column="households", value="77", form="x.xlsx",
    )  # fmt: skip
    filled = with_filled({"residential": read(tmp_path)}, [cell])["residential"].frame
    assert filled.loc[filled["households"].eq(77), "file"].tolist() == ["西屯街道小区.csv"]
    # Its row is taken out of its ledger: the other 乙苑 is another estate.
    shorter = WEST[: WEST.index("乙苑")]
    (tmp_path / "小区" / "西屯街道小区.csv").write_text(shorter, encoding="utf-8")
    gone = with_filled({"residential": read(tmp_path)}, [cell])["residential"]
    assert not gone.frame["households"].eq(77).any()
    assert any("没有采用" in str(finding.message) for finding in gone.findings)


def test_a_form_that_is_not_there_is_said_not_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match="文件不存在"):
        answers_in(tmp_path / "没有.xlsx", DataReport("x", ()))


@pytest.mark.parametrize(
    ("file", "street"),
    [
        ("桥北街道.xlsx", "桥北街道"),
        ("2024年桥北街道小区台账.xlsx", "桥北街道"),
        ("赤峰市红山区桥北街道.xls", "桥北街道"),
        ("穆家营子镇.csv", "穆家营子镇"),
        ("桥北街道/小区.xlsx", "桥北街道"),
        ("铁南街道、铁东街道.xlsx", ""),
        ("各乡镇小区.xlsx", ""),
        ("十八个街道.xlsx", ""),
        ("全区小区.xlsx", ""),
        ("桥北.xlsx", ""),
    ],
)
def test_of_which_street_a_file_is_by_its_name(file: str, street: str) -> None:
    assert street_in(file, []) == street


def test_boundaries_tell_the_streets_that_there_are() -> None:
    known = ["桥北街道", "站前街道", "三中街街道", "中街街道"]
    assert street_in("桥北.xlsx", known) == "桥北街道"
    assert street_in("三中街街道小区.xlsx", known) == "三中街街道"
    assert street_in("桥北街道和站前街道.xlsx", known) == ""


def test_a_file_whose_rows_name_another_street_is_of_none() -> None:
    def file(*streets: str) -> FileRead:
        return FileRead("桥北街道.xlsx", {}, "", streets)

    assert streets_of_files([file("桥北街道办事处")], []) == {"桥北街道.xlsx": "桥北街道"}
    assert streets_of_files([file()], []) == {"桥北街道.xlsx": "桥北街道"}
    assert streets_of_files([file("桥北街道", "站前街道")], []) == {}
