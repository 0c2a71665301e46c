"""Facilities and estates whose cells are words of headers are data and end no table."""

from pathlib import Path

import pytest

from geo.errors import LayerError
from geo.layers import Layer, read_layer

from .office_ledgers import said


def csv_of(tmp_path: Path, layer: str, text: str) -> Layer:
    path = tmp_path / "台账.csv"
    path.write_text(text, encoding="utf-8")
    return read_layer(path, layer, coordinates="wgs84")


STATION = "甲站,社区养老服务站,东街"
ROOM = "甲房,办公楼,东街,一社区"


@pytest.mark.parametrize(("layer", "lines", "names"), [
    ("facilities", ("名称,类别,地址", STATION, "居家养老服务中心,社区养老服务站,社区",
                    "乙站,社区养老服务站,西街"),
     ["甲站", "居家养老服务中心", "乙站"]),
    ("facilities", ("名称,类别,街道,运营状态", f"{STATION},运营",
                    "社区养老服务站,社区养老服务站,街道,运营", "乙,社区养老服务站,西街,运营"),
     ["甲站", "社区养老服务站", "乙"]),
    ("facilities", ("名称,类别,街道,社区,备注", f"{STATION},一社区,",
                    "社区养老服务站,养老服务站,,社区,备注", "养老服务中心,养老服务中心,街道,,",
                    "乙站,社区养老服务站,西街,二社区,"),
     ["甲站", "社区养老服务站", "养老服务中心", "乙站"]),
    ("facilities", ("序号,名称,类别,所在地", f"一,{STATION}",
                    "二,社区养老服务中心,社区养老服务中心,街道", "四,乙站,社区养老服务站,西街"),
     ["甲站", "社区养老服务中心", "乙站"]),
    # In the places of its headers, and yet no header: it has neither name nor category.
    ("facilities", ("名称,类别,街道,社区,功能", f"{STATION},一社区,助餐",
                    "食堂,助餐点,街道,社区,功能", "食堂二,,街道,社区,功能"),
     ["甲站", "食堂", "食堂二"]),
    # An empty row parts streets as well as tables: a word of its own column is data.
    ("facilities", ("名称,类别,所属街道,所属社区", f"{STATION},一社区", ",,,",
                    "社区养老服务站,养老服务站,街道,社区", "乙站,社区养老服务站,西街,二社区"),
     ["甲站", "社区养老服务站", "乙站"]),
    # No header is called 乙苑.
    ("residential", ("小区名称,户数,街道,社区,地址", "甲苑,5,东街,一社区,1号", ",,,,",
                     "乙苑,,社区,街道,位置", "丙苑,5,西街,二社区,2号"),
     ["甲苑", "乙苑", "丙苑"]),
    # All in the places of their headers, and nothing of what the layer needs.
    ("population", ("名称,人口,街道,地址", "甲社区,5,东街,1号", ",,,", "社区,,街道,地址",
                    "乙社区,5,西街,2号"),
     ["甲社区", "社区", "乙社区"]),
    # No cell is a word of its own column, but no empty row parts it from the table.
    ("candidates", ("名称,存量类型,街道,社区", ROOM, "位置,建成,社区,街道",
                    "乙房,库房,西街,二社区"),
     ["甲房", "位置", "乙房"]),
    # Three cells, two columns.
    ("candidates", ("名称,存量类型,街道,社区", ROOM, ",,,", "养老服务站,社区养老服务站,街道,",
                    "乙房,库房,西街,二社区"),
     ["甲房", "养老服务站", "乙房"]),
])
def test_a_row_of_words_is_data(
    tmp_path: Path, layer: str, lines: tuple[str, ...], names: list[str]
) -> None:
    read = csv_of(tmp_path, layer, "\n".join(lines))
    assert read.frame["name"].tolist() == names
    assert "另一个表" not in said(read)
    assert "分页重复" not in said(read)


def test_a_table_of_facilities_right_under_one_of_estates_is_told(tmp_path: Path) -> None:
    read = csv_of(tmp_path, "residential", "小区名称,户数,街道\n甲苑,500,东街\n"
                  "设施名称,类别,床位数\n甲站,日间照料,10\n")
    assert read.frame["name"].tolist() == ["甲苑"]
    assert "第 3 行：从这一行起是另一个表（设施名称、类别、床位数），连同其下 1 行" in said(read)


def test_a_table_of_no_layer_under_an_empty_row_is_told(tmp_path: Path) -> None:
    read = csv_of(tmp_path, "residential", "小区名称,户数,街道\n甲苑,500,东街\n,,\n"
                  "街道,社区,建成年份\n东街,一社区,2001年\n")
    assert read.frame["name"].tolist() == ["甲苑"]
    assert "连同其下 1 行没有读" in said(read)


def test_estates_in_another_order_are_refused_without_an_empty_row(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match="上下有两个表"):
        csv_of(tmp_path, "residential", "小区名称,户数,街道\n甲苑,500,东街\n"
               "街道,小区名称,户数\n东街,乙苑,300\n")
