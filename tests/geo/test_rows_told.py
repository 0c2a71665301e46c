"""Rows that are no data, or less than a row, and hidden parts of a sheet: told by number."""

from pathlib import Path

import openpyxl
import pytest

from geo.errors import LayerError
from geo.layers import Layer, read_layer

from .office_ledgers import ESTATES, HEADER, PLACE, layer_of, left_out, said


def names(layer: Layer) -> list[str]:
    return layer.frame["name"].tolist()


@pytest.mark.parametrize("mark", ["……", "———", "* * *", "//"])
def test_a_row_of_points_or_strokes_is_no_estate(tmp_path: Path, mark: str) -> None:
    layer = layer_of(tmp_path, (HEADER, *ESTATES, (mark,)))
    assert names(layer) == ["甲小区", "乙小区"]
    assert left_out(layer) == [4]


def test_a_name_with_figures_beside_strokes_stays(tmp_path: Path) -> None:
    layer = layer_of(tmp_path, (HEADER, *ESTATES, ("……", 200, 118.92, 42.22)))
    assert len(layer.frame) == 3


def test_the_title_of_a_second_part_is_no_estate(tmp_path: Path) -> None:
    rows = (HEADER, *ESTATES, (), ("平房区",), HEADER, ("丙小区", 200, 118.92, 42.22))
    layer = layer_of(tmp_path, rows)
    assert names(layer) == ["甲小区", "乙小区", "丙小区"]
    assert left_out(layer) == [5, 6]


def test_a_lone_name_elsewhere_stays(tmp_path: Path) -> None:
    layer = layer_of(tmp_path, (HEADER, *ESTATES, ("平房区",)))
    assert names(layer) == ["甲小区", "乙小区", "平房区"]


def test_a_sum_without_name_or_value_is_told(tmp_path: Path) -> None:
    layer = layer_of(tmp_path, (HEADER, *ESTATES, (None, "=SUM(B2:B3)")))
    assert names(layer) == ["甲小区", "乙小区"]
    assert "第 4 行 “=SUM(B2:B3)”：没有名称，是求和公式" in said(layer)


def test_formulas_filled_down_below_the_data_are_told(tmp_path: Path) -> None:
    layer = layer_of(tmp_path, (HEADER, *ESTATES, (None, "=E4*2")))
    assert names(layer) == ["甲小区", "乙小区"]
    assert left_out(layer) == [4]


def test_records_with_fewer_cells_are_named_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "小区.csv"
    lines = "小区名称,户数,经度,纬度\n甲,5,118.9123,42.2123\n"
    path.write_text(f"{lines}乙,6\n丙,7\n", encoding="utf-8")
    layer = read_layer(path, "residential", **PLACE)
    assert "单元格比表头少：第 3、4 行（共 2 行，第一处只有 2 个，表头有 4 列）" in said(layer)
    path.write_text(f"{lines}乙,6,,\n", encoding="utf-8")
    assert "单元格比表头少" not in said(read_layer(path, "residential", **PLACE))


def test_hidden_rows_and_columns_are_named(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    for row in (HEADER, *ESTATES):
        sheet.append(list(row))
    sheet.row_dimensions[3].hidden = True
    sheet.row_dimensions[9].hidden = True  # empty
    sheet.column_dimensions["B"].hidden = True
    made.save(tmp_path / "台账.xlsx")
    told = said(read_layer(tmp_path / "台账.xlsx", "residential", **PLACE))
    assert "隐藏的行（第 3 行，共 1 行）" in told
    assert "隐藏的列（B，共 1 列）" in told


def test_zeros_at_the_end_of_a_text_are_told_as_a_broken_copy(tmp_path: Path) -> None:
    path = tmp_path / "小区.csv"
    path.write_bytes("小区名称,户数\n甲,5\n".encode() + bytes(4096))
    with pytest.raises(LayerError, match="末尾有 4096 个零字节"):
        read_layer(path, "residential")


def test_an_estate_of_no_households_is_told_by_its_row(tmp_path: Path) -> None:
    layer = layer_of(tmp_path, (HEADER, *ESTATES, ("丙小区", 0, 118.92, 42.22)))
    (told,) = (f for f in layer.findings if "写的是 0" in str(f.message))
    assert (told.severity, told.row, told.column) == ("warning", 4, "户数")
