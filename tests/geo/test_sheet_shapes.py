"""Sheets that are no single table: forms, tables on their side, two tables in one sheet."""

from pathlib import Path

import pytest

from geo.errors import LayerError
from geo.layers import read_layer

from .office_ledgers import book, layer_of, said

HEADER = ("序号", "小区名称", "户数", "养老用房面积", "经度", "纬度")
FIRST = (1, "甲苑", 500, 120, 118.91234, 42.21234)
SECOND = (2, "乙苑", 300, 60, 118.92345, 42.22345)
THIRD = (1, "丙苑", 200, 40, 118.93456, 42.23456)
EMPTY = (None,) * 6


def test_a_form_of_one_estate_is_refused_with_what_to_do(tmp_path: Path) -> None:
    rows = (("住宅小区登记表",), ("小区名称", "甲苑"), ("户数", 500), ("养老用房面积", 120),
            ("经度", 118.9), ("纬度", 42.2))
    with pytest.raises(LayerError, match=r"台账.xlsx：列名竖着写在第 1 列（小区名称、户数.*转置"):
        layer_of(tmp_path, rows)


def test_a_form_of_two_labels_a_row_is_no_table_of_three_facilities(tmp_path: Path) -> None:
    rows = (("设施名称", "甲站", "设施类别", "日间照料"), ("建筑面积", "350", "床位数", "20"),
            ("地址", "东城路1号", "联系人", None), ("运营状态", "运营", "开业时间", "2019"))
    with pytest.raises(LayerError, match="竖着写在第 1 列（设施名称、建筑面积、地址、运营状态）"):
        layer_of(tmp_path, rows, layer="facilities")


def test_a_table_on_its_side_is_refused(tmp_path: Path) -> None:
    rows = (("小区名称", "甲苑", "乙苑"), ("户数", 500, 300), ("经度", 118.9, 118.91),
            ("纬度", 42.2, 42.21))
    with pytest.raises(LayerError, match="转置"):
        layer_of(tmp_path, rows)


def test_a_short_table_is_no_form(tmp_path: Path) -> None:
    layer = layer_of(tmp_path, (HEADER, FIRST))
    assert layer.frame["households"].tolist() == [500]


def test_a_header_printed_again_may_be_spaced_otherwise(tmp_path: Path) -> None:
    again = ("序 号", "小 区\n名 称", "户 数", "养老用房面积", "经 度", "纬 度")
    layer = layer_of(tmp_path, (HEADER, FIRST, EMPTY, again, SECOND))
    assert layer.frame["households"].tolist() == [500, 300]
    assert "第 4 行" in said(layer)
    assert "分页重复" in said(layer)


def test_a_second_table_of_estates_in_another_order_is_refused(tmp_path: Path) -> None:
    other = ("序号", "小区名称", "养老用房面积", "户数", "经度", "纬度")
    rows = (HEADER, FIRST, EMPTY, ("西城街道",), other, (1, "丙苑", 40, 200, *THIRD[4:]))
    with pytest.raises(LayerError, match="上下有两个表，表头在第 1 行和第 5 行"):
        layer_of(tmp_path, rows)


def test_the_smaller_table_may_stand_above(tmp_path: Path) -> None:
    small = (("小区名称", "户数", "街道"), ("丁苑", 100, "东城"))
    with pytest.raises(LayerError, match="上下有两个表，表头在第 1 行和第 4 行"):
        layer_of(tmp_path, (*small, EMPTY, HEADER, FIRST, SECOND))


def test_a_table_of_something_else_below_is_told_and_not_read(tmp_path: Path) -> None:
    rows = (HEADER, FIRST, SECOND, EMPTY, ("养老设施",),
            ("序号", "设施名称", "类型", "床位", "建筑面积"), (1, "甲站", "养老服务站", 10, 200),
            (2, "乙站", "日间照料", 20, 300))
    layer = layer_of(tmp_path, rows)
    assert layer.frame["name"].tolist() == ["甲苑", "乙苑"]
    told = "从这一行起是另一个表（序号、设施名称、类型、床位、建筑面积），连同其下 2 行没有读。"
    assert [(f.severity, f.row) for f in layer.findings if str(f.message) == told] == [
        ("warning", 6)
    ]


def test_a_table_of_something_else_above_is_told(tmp_path: Path) -> None:
    rows = (("序号", "设施名称", "床位", "建筑面积"), (1, "甲站", 10, 200), EMPTY, HEADER, FIRST)
    layer = layer_of(tmp_path, rows)
    assert layer.frame["name"].tolist() == ["甲苑"]
    told = "第 1 行：从这一行起还有一个表（序号、设施名称、床位、建筑面积），没有读。"
    assert told in said(layer)


def test_rows_of_words_are_no_header(tmp_path: Path) -> None:
    header = ("小区名称", "户数", "街道", "社区", "备注", "经度", "纬度")
    rows = (header, ("甲苑", 500, "东城", "一社区", None, 118.91234, 42.21234),
            ("乙苑", None, "街道", "社区", "备注不详", None, None))
    assert len(layer_of(tmp_path, rows).frame) == 2


def test_row_numbers_that_begin_again_are_no_ids(tmp_path: Path) -> None:
    header = ("编号", *HEADER[1:])
    layer = layer_of(tmp_path, (header, FIRST, SECOND, THIRD))
    assert layer.frame["id"].tolist() == ["r1", "r2", "r3"]
    assert "每段从 1 数起的序号" in said(layer)
    layer = layer_of(tmp_path, (header, FIRST, SECOND))
    assert layer.frame["id"].tolist() == ["1", "2"]
    with pytest.raises(LayerError, match="重复"):
        layer_of(tmp_path, (header, (7, *FIRST[1:]), (7, *SECOND[1:])))


def test_sheets_that_hold_no_such_layer_are_named(tmp_path: Path) -> None:
    path = book(tmp_path / "台账.xlsx", {"甲": (("说明", "内容"), ("一", "二")),
                                        "乙": (("日期", "事项"), ("一", "二"))})
    with pytest.raises(LayerError, match=r"甲（2 行）、乙（2 行）.*都没有本图层需要的列"):
        read_layer(path, "residential", coordinates="wgs84")


def test_the_points_of_an_explanation_are_no_estates(tmp_path: Path) -> None:
    rows = (HEADER[1:], FIRST[1:], ("填表说明：",), ("1、户数为总户数",), ("2．面积为建筑面积",),
            ("填表人：张三",), ("3号院", 200, 40, *THIRD[4:]))
    layer = layer_of(tmp_path, rows)
    assert layer.frame["name"].tolist() == ["甲苑", "3号院"]
