"""What cells and CSV files of offices hold, read as a layer."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter

from geo.errors import LayerError
from geo.layers import read_layer

from .office_ledgers import ESTATES, HEADER, PLACE, layer_of, said


def test_traditional_words_are_known(tmp_path: Path) -> None:
    rows = (
        ("名稱", "類別", "運營狀態", "經度", "緯度"),
        ("甲站", "社區養老服務站", "停業", 118.9, 42.2),
        ("乙站", "老年食堂", "運營中", 118.9, 42.3),
        ("丙站", "護理院", "在建", 118.9, 42.4), ("丁站", "綜合養老服務中心", "營業", 118.9, 42.5),
    )
    frame = layer_of(tmp_path, rows, layer="facilities").frame
    assert list(frame["category"]) == ["community_station", "canteen", "rehab", "street_centre"]
    assert list(frame["status"]) == ["closed", "operating", "building", "operating"]


def test_every_changed_cell_is_told_with_row_column_old_and_new(tmp_path: Path) -> None:
    rows = (
        HEADER, ("甲", "约５００户", 118.9, 42.2), ("乙", "1，200", 118.9, 42.3),
        ("丙", "0.39亩", 118.9, 42.4), ("丁", dt.datetime(2016, 5, 1), 118.9, 42.5),  # noqa: DTZ001
        ("戊", "500", 118.9, 42.6), ("己", "待核实", 118.9, 42.7),
    )
    layer = layer_of(tmp_path, rows)
    np.testing.assert_array_equal(
        layer.frame["households"], [500, 1200, np.nan, np.nan, 500, np.nan]
    )
    told = [
        (f.severity, f.row, f.column, f.value) for f in layer.findings if f.column == "户数"
    ]
    assert told == [
        ("warning", 2, "户数", "约５００户"), ("warning", 3, "户数", "1，200"),
        ("error", 4, "户数", "0.39亩"), ("error", 5, "户数", "2016-05-01"),
        ("error", 7, "户数", "待核实"),
    ]
    assert "读作 500" in said(layer)
    assert "单位“亩”" in said(layer)


def test_a_formula_without_a_value_is_unknown_and_told(tmp_path: Path) -> None:
    layer = layer_of(tmp_path, (HEADER, ("甲", "=100+200", 118.9, 42.2), ESTATES[1]))
    np.testing.assert_array_equal(layer.frame["households"], [np.nan, 300])
    (finding,) = (f for f in layer.findings if f.severity == "error")
    assert (finding.row, finding.column, finding.value) == (2, "户数", "=100+200")
    assert "没有算好的值" in str(finding.message)


def test_a_formula_with_a_value_is_its_value(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    made = xlsxwriter.Workbook(path)
    sheet = made.add_worksheet()
    for at, row in enumerate((HEADER, *ESTATES)):
        sheet.write_row(at, 0, row)
    sheet.write_formula("B2", "=100+200", None, 300)
    made.close()
    layer = read_layer(path, "residential", **PLACE)
    assert list(layer.frame["households"]) == [300, 300]
    assert not [f for f in layer.findings if f.severity == "error"]


def test_a_year_under_a_date_format_is_that_year(tmp_path: Path) -> None:
    rows = ((*HEADER, "建成年份"), (*ESTATES[0], dt.datetime(1905, 7, 8)))  # noqa: DTZ001
    layer = layer_of(tmp_path, rows)
    assert str(layer.frame["completed_on"][0])[:10] == "2016-12-31"
    assert [f.severity for f in layer.findings if f.column == "建成年份"] == ["warning"]


@pytest.mark.parametrize("separator", [",", "\t", ";", "|", "，"])
@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "big5"],
)
def test_csv_in_any_encoding_with_any_separator(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    lines = (("名稱", "類別", "經度", "緯度"), ("幸福站", "日間照料", "118.9", "42.2"))
    if encoding in {"gbk", "gb18030"}:
        lines = (("名称", "类别", "经度", "纬度"), ("幸福站", "日间照料", "118.9", "42.2"))
    text = "\r\n".join(separator.join(line) for line in lines)
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    frame = read_layer(tmp_path / "a.csv", "facilities", **PLACE).frame
    assert list(frame["name"]) == ["幸福站"]
    assert list(frame["category"]) == ["day_care"]


def test_the_line_that_tells_excel_the_separator_is_none_of_the_rows(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("sep=;\n名称;类别;经度;纬度\n甲;助餐点;118.9;42.2\n", "utf-8")
    assert list(read_layer(tmp_path / "a.csv", "facilities", **PLACE).frame["row"]) == [2]


def test_a_quotation_mark_that_is_never_closed_is_refused(tmp_path: Path) -> None:
    text = '名称,类别,经度,纬度\n甲,助餐点,118.9,42.2\n"乙,助餐点,118.9,42.3\n丙,助餐点,1,2\n'
    (tmp_path / "a.csv").write_text(text, "utf-8")
    with pytest.raises(LayerError, match=r"第 3 行：引号不成对"):
        read_layer(tmp_path / "a.csv", "facilities")


def test_a_name_in_quotation_marks_is_read_and_told(tmp_path: Path) -> None:
    text = '名称,类别,经度,纬度\n"幸福"驿站,助餐点,118.9,42.2\n乙,助餐点,118.9,42.3\n'
    (tmp_path / "a.csv").write_text(text, "utf-8")
    layer = read_layer(tmp_path / "a.csv", "facilities", **PLACE)
    assert list(layer.frame["name"]) == ["幸福驿站", "乙"]
    assert "引号不规范" in said(layer)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_one_damaged_byte_costs_one_cell(tmp_path: Path, encoding: str) -> None:
    text = "名称,类别,经度,纬度\n甲X站,助餐点,118.9,42.2\n乙站,日间照料,118.9,42.3\n"
    (tmp_path / "a.csv").write_bytes(text.encode(encoding).replace(b"X", b"\xff"))
    layer = read_layer(tmp_path / "a.csv", "facilities", **PLACE)
    assert list(layer.frame["category"]) == ["canteen", "day_care"]
    (finding,) = (f for f in layer.findings if "无法识别的字节" in str(f.message))
    assert (finding.severity, finding.row) == ("warning", 2)
