"""Files that are half there, or say what nobody knows: told, and nothing taken for an empty row."""

import json
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.errors import LayerError
from geo.findings import Finding
from geo.layers import read_layer
from geo.position.zones import Bounds

SQUARE = [[[118.95, 42.26], [118.951, 42.26], [118.951, 42.261], [118.95, 42.26]]]


def geojson(path: Path, *coordinates: object, **members: object) -> Path:
    features = [
        {"type": "Feature", "properties": {"名称": f"小区{n}", "户数": 9},
         "geometry": {"type": "Polygon", "coordinates": each}}
        for n, each in enumerate(coordinates)
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features, **members})
    path.write_text(text, encoding="utf-8")
    return path


def shapefile(folder: Path) -> Path:
    frame = gpd.GeoDataFrame(
        {"名称": ["甲", "乙", "丙"], "户数": [1, 2, 3]},
        geometry=[shapely.box(118.95 + n / 100, 42.26, 118.955 + n / 100, 42.265)
                  for n in range(3)],
        crs="EPSG:4326",
    )
    frame.to_file(folder / "a.shp", engine="pyogrio", encoding="gbk")
    return folder / "a.shp"


def said(path: Path) -> list[str]:
    return [str(f.message) for f in read_layer(path, "residential").findings]


def refusal(path: Path, layer: str = "residential") -> str:
    with pytest.raises(LayerError) as caught:
        read_layer(path, layer)
    return str(caught.value)


def test_a_cut_shapefile_is_refused_though_its_index_is_whole(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    whole = path.read_bytes()
    assert len(read_layer(path, "residential").frame) == 3
    path.write_bytes(whole[:-100])
    assert f"应有 {len(whole)} 字节，只有 {len(whole) - 100} 字节" in refusal(path)


def test_a_code_page_and_a_system_nobody_knows_are_told(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(".cpg").write_text("OEM-XYZ", encoding="ascii")
    path.with_suffix(".prj").write_text("nonsense", encoding="ascii")
    told = said(path)
    assert ".cpg 所写的编码“OEM-XYZ”无法识别，按内容判定为 GBK (GB18030) 编码。" in told
    assert ".prj 文件的内容无法识别，按没有说明坐标系处理。" in told
    assert not any("没有 .cpg" in each for each in told)
    path.with_suffix(".cpg").unlink()
    assert "没有 .cpg 文件，按内容判定为 GBK (GB18030) 编码。" in said(path)


@pytest.mark.parametrize(("name", "known"), [
    ("EPSG:999999", False), ("urn:ogc:def:crs:EPSG::999999", False),
    ("EPSG:4326", True), ("urn:ogc:def:crs:EPSG::4490", True),
    ("urn:ogc:def:crs:OGC:1.3:CRS84", True),
])  # fmt: skip
def test_a_code_that_is_none_is_no_system(tmp_path: Path, name: str, known: bool) -> None:  # noqa: FBT001 - of the table
    crs = {"type": "name", "properties": {"name": name}}
    told = said(geojson(tmp_path / "a.geojson", SQUARE, crs=crs))
    unknown = f"文件写的坐标系“{name}”无法识别，按没有说明坐标系处理。"
    assert (unknown in told) is not known
    assert any(each.startswith("没有说明坐标系") for each in told) is not known


def about(findings: tuple[Finding, ...], name: str) -> list[tuple[str, str]]:
    return [(f.severity, str(f.message)[:4]) for f in findings if f.value == name]


def test_wrong_brackets_are_not_an_empty_geometry(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", SQUARE, SQUARE[0], [], SQUARE[0][:1])
    findings = read_layer(path, "residential").findings
    assert about(findings, "小区0") == []
    assert about(findings, "小区1") == [("error", "几何无法")]
    assert about(findings, "小区2") == [("warning", "几何为空")]
    assert about(findings, "小区3") == [("error", "几何无法")]


def test_a_collection_of_nothing_has_no_data(tmp_path: Path) -> None:
    assert "没有数据" in refusal(geojson(tmp_path / "a.geojson"))


@pytest.mark.parametrize("start", ["var data = ", "const 数据=", "callback(", "window.data = "])
def test_a_program_is_no_json(tmp_path: Path, start: str) -> None:
    path = geojson(tmp_path / "a.geojson", SQUARE)
    path.write_text(start + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert f"是 JavaScript（JSONP），不是 JSON。请去掉开头的“{start.strip()}”" in refusal(path)


def test_a_kmz_without_kml_says_so(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.kmz", "w") as archive:
        archive.writestr("a.txt", "x")
    assert refusal(tmp_path / "a.kmz") == "a.kmz：KMZ 里没有 KML 文件，只有：a.txt。请重新导出。"


HEADERS = "名称,类别,经度,纬度\n", "name,category,longitude,latitude\n"


@pytest.mark.parametrize(("header", "coordinates", "near", "count"), [
    (HEADERS[0], "wgs84", None, 1),
    (HEADERS[1], "wgs84", None, 0),
    (HEADERS[1], "cgcs2000", None, 1),
    (HEADERS[0], "wgs84", (12.0, 41.0, 13.0, 42.5), 0),  # a study of Rome
    (HEADERS[0], "wgs84", (118.0, 42.0, 119.0, 43.0), 1),
])  # fmt: skip
def test_a_chinese_layer_wholly_abroad_is_told_once(
    tmp_path: Path, header: str, coordinates: str, near: Bounds | None, count: int
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(header + "甲,养老院,12.5,41.9\n乙,养老院,12.51,41.9\n", encoding="utf-8")
    layer = read_layer(path, "facilities", coordinates=coordinates, near=near)
    told = [str(f.message) for f in layer.findings if "不在中国境内" in str(f.message)]
    assert told == [
        "全部 2 行的坐标都不在中国境内（例如第 2 行：经度 12.5、纬度 41.9）。"
    ] * count
