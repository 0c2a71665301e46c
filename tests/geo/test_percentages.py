"""A figure that a workbook shows as a percentage is no number of persons."""

import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest

from geo.layers import Layer, read_layer
from geo.ledgers.old_workbook import _percents
from geo.ledgers.percent_formats import as_shown, percent_styles, shows_percent

HEADER = ("名称", "人口", "60岁以上人口", "经度", "纬度")


def people(path: Path, *formats: str, values: tuple[object, ...]) -> Layer:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(HEADER)
    for row, (code, value) in enumerate(zip(formats, values, strict=True), start=2):
        sheet.append((f"社区{row}", 5000, value, 118.91 + row / 1000, 42.262))
        sheet.cell(row, 3).number_format = code
    made.save(path)
    return read_layer(path, "population", coordinates="wgs84")


@pytest.mark.parametrize("code", ["0%", "0.00%", "0.0%", "0.0%;[Red]-0.0%", "#,##0.0 %"])
def test_a_share_shown_as_a_percentage_is_refused_as_persons(tmp_path: Path, code: str) -> None:
    layer = people(tmp_path / "p.xlsx", code, "General", values=(0.235, 1200))
    assert layer.frame["elderly_60plus"].isna().tolist() == [True, False]
    told = [(f.severity, f.row, f.value, str(f.message)) for f in layer.findings
            if f.column == "60岁以上人口"]
    assert told == [("error", 2, "23.5%", "是百分比，不是数。")]


@pytest.mark.parametrize("code", ["General", "0", "#,##0", '0"%"', "0.00"])
def test_other_formats_leave_a_figure_as_it_is(tmp_path: Path, code: str) -> None:
    layer = people(tmp_path / "p.xlsx", code, "General", values=(1100, 1200))
    assert layer.frame["elderly_60plus"].tolist() == [1100, 1200]


def test_a_formula_with_its_value_is_a_percentage_too(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    people(path, "0.0%", values=(0.2,))
    # As Excel keeps a formula: with the value that it worked out.
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert b"<v>0.2</v>" in sheet
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"<v>0.2</v>", b"<f>1000/B2</f><v>0.2</v>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    layer = read_layer(path, "population", coordinates="wgs84")
    assert layer.frame["elderly_60plus"].isna().all()


def test_formats_are_told_apart_by_what_they_show() -> None:
    assert [shows_percent(code) for code in ("0%", '0"%"', r"0\%", "0;0%", "[<1]0%;0", "0.0%_ ")]\
        == [True, False, False, False, True, True]
    assert as_shown(0.235) == "23.5%"
    assert as_shown(0.07) == "7%"


def test_styles_are_counted_among_those_of_cells() -> None:
    styles = (
        b'<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0.0%"/>'
        b'<numFmt formatCode="0&quot;%&quot;" numFmtId="165"/></numFmts>'
        b'<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
        b'<cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="164"><alignment/></xf>'
        b'<xf numFmtId="165"/><xf numFmtId="10"/><xf numFmtId="9"/></cellXfs></styleSheet>'
    )
    assert percent_styles(styles) == {1, 3, 4}
    assert percent_styles(b"") == frozenset()


def test_percentages_of_an_old_workbook_are_refused(tmp_path: Path) -> None:
    xlwt = pytest.importorskip("xlwt", reason="xlwt writes .xls for this test")
    book = xlwt.Workbook()
    sheet = book.add_sheet("社区")
    share, plain = xlwt.easyxf(num_format_str="0.0%"), xlwt.easyxf(num_format_str="0")
    rows = ((0.235, share), (0.25, share), (1100, plain), (2, share), (1 / 3, share))
    for column, header in enumerate(HEADER):
        sheet.write(0, column, header)
    for row, (value, style) in enumerate(rows, start=1):
        for column, cell in enumerate((f"社区{row}", 5000, None, 118.91 + row / 1000, 42.262)):
            if column != 2:
                sheet.write(row, column, cell)
        sheet.write(row, 2, value, style)
    book.save(tmp_path / "p.xls")
    layer = read_layer(tmp_path / "p.xls", "population", coordinates="wgs84")
    assert layer.frame["elderly_60plus"].isna().tolist() == [True, True, False, True, True]
    assert [f.value for f in layer.findings if "百分比" in str(f.message)] == [
        "23.5%", "25%", "200%", "33.3333333333%"
    ]


def test_several_figures_in_one_record_are_told_apart() -> None:
    # As the record is laid out: row, first column, (style, packed figure) each, last column.
    hundredths, whole = (25 << 2) | 3, (7 << 2) | 2
    record = struct.pack("<HHHIHIHIH", 4, 1, 9, hundredths, 3, whole, 9, whole, 3)
    assert dict(_percents(0x00BD, record, frozenset({9}))) == {(4, 1): "25%", (4, 3): "700%"}


def test_a_share_beside_a_percentage_is_one_too(tmp_path: Path) -> None:
    layer = people(tmp_path / "p.xlsx", *["General"] * 3, values=(0.235, "23.5%", 1200))
    assert layer.frame["elderly_60plus"].isna().tolist() == [True, True, False]
    told = {f.row: str(f.message) for f in layer.findings if f.severity == "error"}
    assert told[2] == "同列有百分比，像是比例，不是人数，按未知处理。"


def test_a_part_of_a_person_without_percentages_stays(tmp_path: Path) -> None:
    layer = people(tmp_path / "p.xlsx", *["General"] * 2, values=(0.5, 1200))
    assert layer.frame["elderly_60plus"].tolist() == [0.5, 1200]
