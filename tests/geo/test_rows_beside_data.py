"""Totals and notes become no estates, and estates whose names look like them stay."""

from pathlib import Path

import pytest

from .office_ledgers import layer_of, left_out, said

HEADER = ("序号", "小区名称", "街道", "户数", "养老用房面积(㎡)", "备注", "经度", "纬度")
FIRST = (1, "甲苑", "东城", 100, 20, None, 118.91234, 42.21234)
SECOND = (2, "乙苑", "东城", 200, 20, None, 118.91334, 42.21334)
EMPTY = (None,) * 6


def rows_with(*more: tuple[object, ...]) -> tuple[tuple[object, ...], ...]:
    return (HEADER, FIRST, SECOND, *more)


@pytest.mark.parametrize(
    "word",
    ["共2个小区", "共两个小区", "总共2处", "共计2家", "全区", "全市", "合计数", "本街道"],
)
def test_a_total_under_its_name_is_set_aside(tmp_path: Path, word: str) -> None:
    layer = layer_of(tmp_path, rows_with((None, word, None, 300, 40, None, None, None)))
    assert layer.frame["households"].sum() == 300
    assert left_out(layer) == [4]


def test_a_total_may_stand_above(tmp_path: Path) -> None:
    whole = (1, "全区", None, 300, 40, None, None, None)
    layer = layer_of(tmp_path, (HEADER, whole, FIRST, SECOND))
    assert layer.frame["name"].tolist() == ["甲苑", "乙苑"]
    assert left_out(layer) == [2]


@pytest.mark.parametrize("name", ["全区", "合计小区", "全部小区", "共和小区", "其中苑", "其中新建"])
def test_an_estate_whose_figures_are_no_sums_stays(tmp_path: Path, name: str) -> None:
    layer = layer_of(tmp_path, rows_with((3, name, "东城", 500, 20, None, 118.91434, 42.21434)))
    assert layer.frame["name"].tolist() == ["甲苑", "乙苑", name]
    assert left_out(layer) == []


@pytest.mark.parametrize("text", [
    "以上数据截至2025年6月底", "数据由民政局提供，未经核实", "2.面积为建筑面积。", "2025年6月30日",
    "2025-06-30", 45838, "东城街道", "张三提供",
])
@pytest.mark.parametrize("first", ["序号", "编号"])
def test_what_fills_no_column_of_the_layer_is_set_aside(
    tmp_path: Path, text: str | int, first: str
) -> None:
    header, figure = (first, *HEADER[1:]), isinstance(text, int)
    rows = (header, FIRST, SECOND, (text, *(None,) * 7))
    layer = layer_of(tmp_path, rows)
    # A number alone in a column of ids may be a row somebody has begun.
    kept = 3 if figure and first == "编号" else 2
    assert len(layer.frame) == kept
    assert left_out(layer) == ([4] if kept == 2 else [])


@pytest.mark.parametrize("text", ["以上数据截至2025年6月底", "数据由民政局提供，未经核实",
                                  "2.面积为建筑面积。", "2025年6月30日"])
def test_a_note_under_the_names_is_set_aside(tmp_path: Path, text: str) -> None:
    layer = layer_of(tmp_path, rows_with((None, text, *EMPTY)))
    assert len(layer.frame) == 2
    assert left_out(layer) == [4]


@pytest.mark.parametrize("remark", ["其中两栋未交付", "小计含二期", "合计", "其中：地下20"])
def test_a_remark_makes_no_total_of_a_row_without_a_name(tmp_path: Path, remark: str) -> None:
    layer = layer_of(tmp_path, rows_with((3, None, "东城", 500, 20, remark, 118.9143, 42.2143)))
    assert layer.frame["households"].tolist() == [100, 200, 500]
    assert left_out(layer) == []


def test_without_a_name_a_total_is_told_left_of_its_figures(tmp_path: Path) -> None:
    layer = layer_of(tmp_path, rows_with((None, None, "合计", 300, 40, None, None, None)))
    assert layer.frame["households"].tolist() == [100, 200]
    assert left_out(layer) == [4]


def test_a_row_within_a_merged_name_is_no_empty_row(tmp_path: Path) -> None:
    header = ("小区名称", "楼栋", "户数", "经度", "纬度")
    rows = (header, ("甲苑", "1号楼", 100, 118.91234, 42.21234), (None, "2号楼", None, None, None))
    layer = layer_of(tmp_path, rows, "A2:A3")
    assert layer.frame["name"].tolist() == ["甲苑", "甲苑"]
    assert "2 条同名记录" in said(layer)
