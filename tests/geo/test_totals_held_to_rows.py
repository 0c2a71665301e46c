"""Totals are held against the rows that were read; the sums below are worked out by hand."""

from pathlib import Path

import pytest

from geo.layers import Layer, read_layer

from .office_ledgers import book, layer_of

HEADER = ("街道", "小区名称", "户数", "养老用房面积", "经度", "纬度")
EAST = ("东城", "甲苑", 500, 120.5, 118.91234, 42.21234), ("东城", "乙苑", 300, 60, 118.9134, 42.2)
WEST = ("西城", "丙苑", 200, 40, 118.92345, 42.22345), ("西城", "丁苑", 100, 20, 118.924, 42.223)
# East: 800 households, 180.5 m²; west: 300 and 60; together 1100 and 240.5.


def total(word: str, *amounts: object, under: int = 0) -> tuple[object, ...]:
    return (word, None, *amounts) if not under else (None, word, *amounts)


def gaps(layer: Layer) -> list[tuple[int | None, str, str]]:
    return [(f.row, f.column, f.value) for f in layer.findings if "相差" in str(f.message)]


def messages(layer: Layer) -> list[str]:
    return [str(f.message) for f in layer.findings if "相差" in str(f.message)]


def test_a_total_that_is_the_sum_is_passed_over(tmp_path: Path) -> None:
    layer = layer_of(tmp_path, (HEADER, *EAST, *WEST, total("合计", 1100, 240.5)))
    assert len(layer.frame) == 4
    assert gaps(layer) == []


def test_a_lost_row_shows_in_the_total(tmp_path: Path) -> None:
    layer = layer_of(tmp_path, (HEADER, *EAST, WEST[0], total("合计", 1100, 240.5)))
    assert gaps(layer) == [(5, "户数", "1100"), (5, "养老用房面积", "240.5")]
    assert messages(layer) == [
        "“合计”行是 1100，第 2 至 4 行（共 3 行）之和是 1000，相差 100。",
        "“合计”行是 240.5，第 2 至 4 行（共 3 行）之和是 220.5，相差 20。",
    ]


def test_each_street_is_held_to_its_own_subtotal(tmp_path: Path) -> None:
    rows = (HEADER, *EAST, total("小计", 800, 180.5), *WEST, total("小计", 350, 60),
            total("合计", 1100, 240.5))
    layer = layer_of(tmp_path, rows)
    assert gaps(layer) == [(7, "户数", "350")]
    assert messages(layer) == ["“小计”行是 350，第 5 至 6 行（共 2 行）之和是 300，相差 50。"]


@pytest.mark.parametrize("rows", [
    (total("合计", 1100, 240.5), *EAST, *WEST),
    (total("东城街道小计", 800, 180.5), *EAST, total("西城街道小计", 300, 60), *WEST),
    (*EAST, *WEST, total("东城小计", 800, 180.5), total("西城小计", 300, 60), total("总计", 1100)),
    (*EAST, total("合计", 800, 180.5), *WEST, total("合计", 300, 60), total("总计", 1100, 240.5)),
    (*EAST, total("小计", 800), *WEST, total("累计", 1100, 240.5)),
    (*EAST, *WEST, total("平均", 275, 60.1), total("合计", "1,100户", "240.5㎡")),
    (*EAST, *WEST, total("合计", "见附表", "共4个")),
])
def test_totals_stand_where_offices_put_them(
    tmp_path: Path, rows: tuple[tuple[object, ...], ...]
) -> None:
    assert gaps(layer_of(tmp_path, (HEADER, *rows))) == []


def test_a_merged_amount_counts_once(tmp_path: Path) -> None:
    second = ("东城", "乙苑", 300, None, *EAST[1][4:])
    layer = layer_of(
        tmp_path, (HEADER, EAST[0], second, total("合计", 800, 120.5)), "D2:D3"
    )
    assert gaps(layer) == []


def test_rows_without_a_figure_are_counted_in_the_sentence(tmp_path: Path) -> None:
    unknown = (*EAST[1][:3], "不详", *EAST[1][4:])
    layer = layer_of(tmp_path, (HEADER, EAST[0], unknown, total("合计", 800, 180.5)))
    assert messages(layer) == [
        "“合计”行是 180.5，第 2 至 3 行（共 2 行）之和是 120.5，相差 60；其中 1 行没有可读的数。"
    ]


def test_none_is_no_unknown_figure(tmp_path: Path) -> None:
    none = (*EAST[1][:3], "无", *EAST[1][4:])
    assert gaps(layer_of(tmp_path, (HEADER, EAST[0], none, total("合计", 800, 120.5)))) == []


@pytest.mark.parametrize(("stated", "differs"), [
    (181, False),   # 180.5 rounded to whole metres
    (180, False),
    (182, True),
    (180.51, False),  # within one last place for two figures of one decimal: 0.14
    (180.8, True),
])
def test_rounding_is_no_lost_row(tmp_path: Path, *, stated: float, differs: bool) -> None:
    rows = (HEADER, EAST[0], (*EAST[1][:3], 60.0, *EAST[1][4:]), total("合计", 800, stated))
    assert bool(gaps(layer_of(tmp_path, rows))) is differs


def test_the_sheet_is_named_where_there_are_several(tmp_path: Path) -> None:
    sheets = {"东城": (HEADER, *EAST, total("合计", 900)), "西城": (HEADER, *WEST)}
    path = book(tmp_path / "台账.xlsx", sheets)
    layer = read_layer(path, "residential", sheet="东城", coordinates="wgs84")
    assert messages(layer) == [
        "“合计”行是 900，工作表“东城”的第 2 至 3 行（共 2 行）之和是 800，相差 100。"
    ]
