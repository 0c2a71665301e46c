"""Tables without coordinates: kept where their rows say something, refused where they do not."""

from pathlib import Path

import pytest
import shapely

from geo.errors import LayerError
from geo.findings import Finding
from geo.layers import Layer, read_layer

NO_PLACE = "没有坐标"


def read(folder: Path, text: str, layer: str) -> Layer:
    path = folder / "台账.csv"
    path.write_text(text, encoding="utf-8")
    return read_layer(path, layer)


def about_places(layer: Layer) -> list[Finding]:
    return [finding for finding in layer.findings if NO_PLACE in str(finding.message)]


@pytest.mark.parametrize(
    ("layer", "header", "cells"),
    [
        ("facilities", "名称,类别,地址", "站{n},日间照料,某路{n}号"),
        ("residential", "小区名称,户数,地址", "小区{n},100,某路{n}号"),
        ("candidates", "名称,地址", "旧校舍{n},某路{n}号"),
    ],
)
def test_a_ledger_without_coordinate_columns_keeps_all_its_rows(
    tmp_path: Path, layer: str, header: str, cells: str
) -> None:
    rows = "\n".join(cells.format(n=n) for n in range(12))
    read_in = read(tmp_path, f"{header}\n{rows}\n", layer)
    assert len(read_in.frame) == 12
    assert shapely.is_missing(read_in.frame.geometry.to_numpy()).all()
    assert read_in.frame["address"].iloc[3] == "某路3号"
    (told,) = about_places(read_in)
    assert (told.severity, told.row) == ("warning", None)
    assert "12 行" in str(told.message)
    assert "places" in str(told.remedy)
    # No row has coordinates, so nothing is assumed of their system.
    assert not any("坐标系" in str(finding.message) for finding in read_in.findings)


@pytest.mark.parametrize("header", ["经度,纬度", "WKT几何"])
def test_coordinate_columns_without_a_figure_are_as_good_as_none(
    tmp_path: Path, header: str
) -> None:
    name = header.replace("WKT几何", "几何")
    text = f"名称,类别,{name}\n甲,日间照料{',' * len(name.split(','))}\n"
    (told,) = about_places(read(tmp_path, text, "facilities"))
    assert "1 行没有坐标" in str(told.message)


def test_a_row_without_coordinates_is_told_with_its_name_and_address(tmp_path: Path) -> None:
    text = (
        "名称,类别,地址,经度,纬度\n甲,日间照料,东街1号,118.9,42.26\n"
        "乙,日间照料,西街2号,,\n丙,日间照料,,—,—\n"
    )
    read_in = read(tmp_path, text, "facilities")
    assert shapely.is_missing(read_in.frame.geometry.to_numpy()).tolist() == [False, True, True]
    second, third = about_places(read_in)
    assert (second.row, second.value) == (3, "乙")
    assert "西街2号" in str(second.message)
    assert (third.row, third.value) == (4, "丙")
    assert "地址" not in str(third.message)
    # Each row is told once.
    assert not any("几何为空" in str(finding.message) for finding in read_in.findings)


def test_half_a_coordinate_is_no_empty_cell(tmp_path: Path) -> None:
    text = "名称,类别,经度,纬度\n甲,日间照料,118.9,42.26\n乙,日间照料,118.9,\n"
    read_in = read(tmp_path, text, "facilities")
    assert about_places(read_in) == []
    assert [f.row for f in read_in.findings if "坐标无法读出" in str(f.message)] == [3]


def test_many_rows_without_coordinates_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"站{n},日间照料,,\n" for n in range(60))
    text = f"名称,类别,经度,纬度\n甲,日间照料,118.9,42.26\n{rows}"
    (told,) = about_places(read(tmp_path, text, "facilities"))
    assert "60 行" in str(told.message)
    assert "第 3、4、5" in str(told.message)


def test_people_by_community_need_no_coordinates(tmp_path: Path) -> None:
    text = "街道,社区,总人口,60岁以上人口\n东城街道,长青社区,1000,200\n东城街道,永安社区,800,90\n"
    read_in = read(tmp_path, text, "population")
    assert read_in.frame["name"].tolist() == ["长青社区", "永安社区"]
    assert read_in.frame["street"].tolist() == ["东城街道", "东城街道"]
    assert read_in.frame["population"].sum() == 1800
    (told,) = about_places(read_in)
    assert "边界" in str(told.message)


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        pytest.param("population", "人口,60岁以上人口\n1000,200\n", id="people nobody can name"),
        pytest.param("population", "社区,人口\n,1000\n", id="people with empty names"),
        pytest.param("facilities", "名称,类别\n,日间照料\n", id="facility without a name"),
        pytest.param("entrances", "小区编号\nr1\n", id="entrances"),
        pytest.param("boundaries", "名称,级别\n长青社区,社区\n", id="boundaries"),
        pytest.param("care_land", "用地面积\n800\n", id="land"),
        pytest.param("barriers", "编号\nw1\n", id="barriers"),
    ],
)
def test_a_table_that_cannot_be_placed_is_refused(
    tmp_path: Path, layer: str, text: str
) -> None:
    with pytest.raises(LayerError) as refused:
        read(tmp_path, text, layer)
    assert "没有坐标列" in str(refused.value)


def test_a_header_alone_is_no_table_without_coordinates(tmp_path: Path) -> None:
    read_in = read(tmp_path, "名称,类别,地址\n", "facilities")
    assert about_places(read_in) == []
    assert any("没有数据" in str(finding.message) for finding in read_in.findings)
