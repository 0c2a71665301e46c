"""Where a row is, as people write it: degrees and minutes, two figures in a cell, EWKT and WKB."""

import csv
from pathlib import Path

import pytest
import shapely

from geo.errors import CoordinateError, LayerError
from geo.layers import Layer, read_layer
from geo.position.degrees import read_degrees, read_pair

from .office_ledgers import PLACE, said


def read(
    tmp_path: Path, *rows: tuple[str, ...], layer: str = "facilities", separator: str = ",",
    **options: str,
) -> Layer:
    with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    return read_layer(tmp_path / "a.csv", layer, **{**PLACE, **options})


def points(layer: Layer) -> list[tuple[float, float] | None]:
    return [None if p is None else (round(p.x, 7), round(p.y, 7)) for p in layer.frame.geometry]


# 57/60 + 24/3600 = 0.95 + 0.00666… = 0.956666…; 15/60 + 36/3600 = 0.26
@pytest.mark.parametrize(("text", "degrees", "axis"), [
    ("118°57'24\"E", 118.9566667, "x"), ("118°57′24″", 118.9566667, ""),
    ("118º57’24”", 118.9566667, ""), ("118度57分24秒", 118.9566667, ""),
    ("北纬42°15′36″", 42.26, "y"), ("东经118.95", 118.95, "x"), ("118.95E", 118.95, "x"),
    ("N42.26", 42.26, "y"), ("42°15.6'", 42.26, ""), ("118.95°", 118.95, ""),
    ("西经118°30′", -118.5, "x"), ("42.26S", -42.26, "y"), ("东经：118.95°", 118.95, "x"),
])
def test_degrees_as_people_write_them(text: str, degrees: float, axis: str) -> None:
    read = read_degrees(text)
    assert read is not None
    assert (round(read.value, 7), read.axis) == (degrees, axis)


@pytest.mark.parametrize("text", [
    "118°60'", "118°57'60\"", "118.5°30'", "118°57.5'24\"", "118.95N", "E118.95W", "-118W", "181°",
    "约118°", "", "°", "118-57-24", "57'24\"",
])
def test_what_is_no_degree_stays_unread(text: str) -> None:
    assert read_degrees(text) is None


def test_degree_texts_place_a_row_and_are_told(tmp_path: Path) -> None:
    layer = read(
        tmp_path, ("名称", "类别", "经度", "纬度"), ("甲", "养老院", "118°57'24\"E", "42°15'36\"N"),
        ("乙", "养老院", "118.95", "42.26"), ("丙", "养老院", "118°61'", "42.26"),
    )
    assert points(layer) == [(118.9566667, 42.26), (118.95, 42.26), None]
    told = [(f.severity, f.row, f.column, str(f.message)) for f in layer.findings if f.row]
    assert ("warning", 2, "经度", "读作 118.95666667。") in told
    assert ("warning", 2, "纬度", "读作 42.26。") in told
    assert any(what[:3] == ("error", 4, "经度") for what in told)
    assert all(row != 3 for _, row, *_ in told)


@pytest.mark.parametrize(
    "header", ["经纬度", "坐标", "location", "坐标（经度,纬度）", "经度，纬度"]
)
@pytest.mark.parametrize("text", ["118.951,42.261", "118.951，42.261", "118.951 42.261",
                                  "(118.951, 42.261)", "东经118.951，北纬42.261",
                                  "N42.261,E118.951"])
def test_two_figures_in_a_cell_are_parted(tmp_path: Path, header: str, text: str) -> None:
    layer = read(tmp_path, ("名称", "类别", header), ("甲", "养老院", text),
                 ("乙", "养老院", ""))
    assert points(layer) == [(118.951, 42.261), None]
    assert "按“经度,纬度”拆开：1 行" in said(layer)
    assert [f.severity for f in layer.findings if f.column == header] == ["info"]


@pytest.mark.parametrize("header", ["纬度,经度", "坐标", "lat,lon"])
def test_latitude_may_stand_first(tmp_path: Path, header: str) -> None:
    rows = (("名称", "类别", header), ("甲", "养老院", "42.261,118.951"))
    layer = read(tmp_path, *rows)
    assert points(layer) == [(118.951, 42.261)]
    assert "按“纬度,经度”拆开" in said(layer)
    assert points(read(tmp_path, *rows, coordinates="wgs84 yx")) == [(118.951, 42.261)]


def test_a_pair_that_is_none_is_an_error_and_the_row_stays(tmp_path: Path) -> None:
    layer = read(tmp_path, ("名称", "类别", "坐标"), ("甲", "养老院", "118.951,42.261"),
                 ("乙", "养老院", "118.951"), ("丙", "养老院", "1,2,3"))
    assert points(layer) == [(118.951, 42.261), None, None]
    assert [f.row for f in layer.findings if "无法读成经纬度" in str(f.message)] == [3, 4]


def test_a_location_of_addresses_is_no_error(tmp_path: Path) -> None:
    layer = read(tmp_path, ("名称", "类别", "location"), ("甲", "养老院", "红山区东城街12号"))
    assert points(layer) == [None]
    assert "没有作坐标读" in said(layer)
    assert not [f for f in layer.findings if f.severity == "error"]


def test_columns_of_their_own_stand_above_a_pair(tmp_path: Path) -> None:
    layer = read(tmp_path, ("名称", "类别", "坐标", "经度", "纬度"),
                 ("甲", "养老院", "1,2", "118.951", "42.261"))
    assert points(layer) == [(118.951, 42.261)]
    assert "已有另外的坐标列" in said(layer)


def test_pairs_are_told_apart() -> None:
    assert read_pair("500123.4,4680000.1") == (500123.4, 4680000.1)
    assert read_pair("118°57′24″ 42°15′36″") is not None
    assert [read_pair(text) for text in ("", "118.9", "a,b", "118E,119E", "118.9,")] == [None] * 5


POINT = "POINT (118.951 42.261)"


@pytest.mark.parametrize("text", [
    POINT, f"SRID=4326;{POINT}", f"srid = 4326 ; {POINT}",
    shapely.to_wkb(shapely.from_wkt(POINT), hex=True),
    "\\x" + shapely.to_wkb(shapely.from_wkt(POINT), hex=True).lower(),
    shapely.to_wkb(shapely.set_srid(shapely.from_wkt(POINT), 4326), hex=True, include_srid=True),
])
def test_geometry_in_every_spelling_of_databases(tmp_path: Path, text: str) -> None:
    layer = read(tmp_path, ("名称", "类别", "geom"), ("甲", "养老院", text))
    assert points(layer) == [(118.951, 42.261)]
    assert ("EWKT 或 WKB" in said(layer)) == (text != POINT)


def test_the_system_that_geometries_name_is_theirs(tmp_path: Path) -> None:
    # On its central meridian 120°E a point has the easting 500 km; the equator has northing 0.
    rows = [("名称", "类别", "geom"), ("甲", "养老院", "SRID=4549;POINT (500000 4680000)")]
    layer = read(tmp_path, *rows, coordinates="")
    assert points(layer)[0] is not None
    assert points(layer)[0][0] == pytest.approx(120)  # type: ignore[index]
    assert "没有说明坐标系" not in said(layer)
    rows += [("乙", "养老院", "SRID=4326;POINT (118.951 42.261)")]
    with pytest.raises(CoordinateError, match="SRID 4326、4549，第 3 行"):
        read(tmp_path, *rows)
    with pytest.raises(CoordinateError, match="SRID=999999"):
        read(tmp_path, rows[0], ("甲", "养老院", "SRID=999999;POINT (1 2)"))


def test_a_broken_binary_geometry_is_an_error(tmp_path: Path) -> None:
    layer = read(tmp_path, ("名称", "类别", "geom"), ("甲", "养老院", POINT),
                 ("乙", "养老院", "01010000000000000000"))
    assert [f.row for f in layer.findings if "无法读成几何" in str(f.message)] == [3]


def test_millionths_of_a_degree_are_named(tmp_path: Path) -> None:
    rows = (("名称", "类别", "经度", "纬度"), ("甲", "养老院", "118951000", "42261000"))
    with pytest.raises(CoordinateError, match="百万分之一度（例如 118951000, 42261000）"):
        read(tmp_path, *rows)


def test_a_layer_of_places_needs_them_still(tmp_path: Path) -> None:
    rows = (("小区", "坐标"), ("甲", "东门"))
    with pytest.raises(LayerError, match="没有坐标列"):
        read(tmp_path, *rows, layer="entrances")


def test_decimal_commas_between_semicolons(tmp_path: Path) -> None:
    rows = (("名称", "类别", "建筑面积", "床位数", "经度", "纬度"),
            ("甲", "养老院", "350,5", "1,200", "118,951", "42,261"),
            ("乙", "养老院", "1200,25", "30", "118,95212", "42,262"))
    layer = read(tmp_path, *rows, separator=";")
    assert points(layer) == [(118.951, 42.261), (118.95212, 42.262)]
    assert layer.frame["floor_area_m2"].tolist() == [350.5, 1200.25]
    assert layer.frame["beds"].tolist() == [1200, 30]
    told = [f.row for f in layer.findings if "小数点写作逗号" in str(f.message)]
    assert sorted(told) == [2] * 3 + [3] * 3


def test_a_comma_is_no_point_where_it_may_group(tmp_path: Path) -> None:
    rows = (("名称", "类别", "建筑面积", "经度", "纬度"),
            ("甲", "养老院", "1,350", "118.951", "42.261"))
    for separator in (";", ","):
        layer = read(tmp_path, *rows, separator=separator)
        assert layer.frame["floor_area_m2"].tolist() == [1350]
