"""A comma for the decimal point: one rule for all the figures of a file."""

from pathlib import Path

import pytest

from geo.layers import Layer, read_layer

from .office_ledgers import PLACE, said


def read(tmp_path: Path, *rows: str) -> Layer:
    path = tmp_path / "设施.csv"
    header = "名称;类别;床位数;建筑面积;经度;纬度"
    path.write_text("\n".join((header, *rows, "")), encoding="utf-8")
    return read_layer(path, "facilities", **PLACE)


def test_a_column_with_and_without_commas_is_read_whole(tmp_path: Path) -> None:
    layer = read(tmp_path, "甲站;驿站;12;310;118,9514;42,2613",
                 "乙站;驿站;8;1980,5;118,9558;42,2619")
    assert layer.frame["floor_area_m2"].tolist() == [310, 1980.5]
    assert layer.frame.geometry.iloc[0].x == pytest.approx(118.9514)


def test_what_one_column_proves_holds_for_the_others(tmp_path: Path) -> None:
    # 310,125 alone could be thousands; beside 118,9514 it cannot.
    layer = read(tmp_path, "甲站;驿站;1,200;310,125;118,9514;42,2613")
    assert layer.frame["floor_area_m2"].tolist() == [310.125]
    assert layer.frame["beds"].tolist() == [1200]  # no bed is a part of one
    assert "读作 310.125" in said(layer)


def test_points_part_thousands_where_commas_part_decimals(tmp_path: Path) -> None:
    layer = read(tmp_path, "甲站;驿站;12;1.980,5;118.9514;42.2613")
    assert layer.frame["floor_area_m2"].tolist() == [1980.5]


def test_where_nothing_proves_it_a_comma_parts_thousands(tmp_path: Path) -> None:
    layer = read(tmp_path, "甲站;驿站;12;1,980;118.9514;42.2613")
    assert layer.frame["floor_area_m2"].tolist() == [1980]


def test_thousands_that_are_sure_keep_the_rule_to_its_column(tmp_path: Path) -> None:
    layer = read(tmp_path, "甲站;驿站;12;1,980;118,9514;42,2613",
                 "乙站;驿站;8;1,980.5;118,95;42,26")
    assert layer.frame["floor_area_m2"].tolist() == [1980, 1980.5]
    assert layer.frame.geometry.iloc[0].x == pytest.approx(118.9514)
