"""JSON and KML as the world writes them: read where that is safe, else told what they are."""

import json
from pathlib import Path

import pytest

from geo.errors import LayerError
from geo.ingest import one_door, read_layer
from geo.layers import Layer
from geo.layers import read_layer as read_here

RING = [[118.950, 42.260], [118.950, 42.262], [118.952, 42.262], [118.950, 42.260]]
FEATURES = [
    {
        "type": "Feature", "properties": {"名称": name, "户数": households},
        "geometry": {"type": "Polygon", "coordinates": [[[x + shift, y] for x, y in RING]]},
    }
    for name, households, shift in (("幸福里", 120, 0.0), ("安居苑", 80, 0.01))
]
COLLECTION = {"type": "FeatureCollection", "features": FEATURES}


def text(thing: object) -> str:
    return json.dumps(thing, ensure_ascii=False)


def read(path: Path, content: str | bytes) -> Layer:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_here(path, "residential")


def said(layer: Layer) -> str:
    return "\n".join(str(finding.line()) for finding in layer.findings)


def assert_both(layer: Layer) -> None:
    assert layer.frame["name"].tolist() == ["幸福里", "安居苑"]
    assert layer.frame["households"].tolist() == [120, 80]
    assert layer.frame.geometry.iloc[0].bounds == pytest.approx((118.95, 42.26, 118.952, 42.262))


@pytest.mark.parametrize(
    "content",
    [
        "\n".join(map(text, FEATURES)),
        "\r\n".join(map(text, FEATURES)) + "\r\n",
        "".join(f"\x1e{text(feature)}\n" for feature in FEATURES),
        "\x1e" + "\x1e".join(map(text, FEATURES)),
        "\ufeff" + "\n\n".join(map(text, FEATURES)),
        "\n".join(text({"type": "FeatureCollection", "features": [each]}) for each in FEATURES),
        "\n".join(map(text, FEATURES)).encode("gb18030"),
    ],
    ids=["lines", "windows lines", "rfc 8142", "without line ends", "mark", "collections", "gbk"],
)
def test_features_in_lines_are_one_layer(tmp_path: Path, content: str | bytes) -> None:
    assert_both(read(tmp_path / "a.geojson", content))


def test_a_line_that_is_cut_is_named(tmp_path: Path) -> None:
    lines = [text(FEATURES[0]), text(FEATURES[1])[:-20]]
    with pytest.raises(LayerError, match=r"^a\.geojson 第 2 行：不是完整的 GeoJSON 要素"):
        read(tmp_path / "a.geojson", "\n".join(lines))


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", ""), ("utf-8-sig", ""), ("gb18030", "GBK"), ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16"), ("utf-32", "UTF-32"),
    ],
)
def test_a_collection_is_read_in_any_encoding(tmp_path: Path, encoding: str, named: str) -> None:
    layer = read(tmp_path / "a.geojson", text(COLLECTION).encode(encoding))
    assert_both(layer)
    assert named in said(layer)
    assert ("编码读取" in said(layer)) == bool(named)


def test_one_broken_letter_does_not_make_it_gbk(tmp_path: Path) -> None:
    names = [{**each, "properties": {"名称": "幸福里" * 20, "户数": 1}} for each in FEATURES]
    content = text({**COLLECTION, "features": names}).encode()
    layer = read(tmp_path / "a.geojson", content.replace("里".encode(), "里".encode()[:2], 1))
    assert layer.frame["name"].iloc[1] == "幸福里" * 20
    assert layer.frame["name"].iloc[0] == "幸福\ufffd" + "幸福里" * 19
    assert "有无法识别的字符" in said(layer)


def esri(**more: object) -> str:
    features = [
        {"attributes": each["properties"],
         "geometry": {"rings": each["geometry"]["coordinates"]}}  # type: ignore[index]
        for each in FEATURES
    ]
    fields = [{"name": "名称", "type": "esriFieldTypeString"},
              {"name": "户数", "type": "esriFieldTypeInteger"}]
    return text({"geometryType": "esriGeometryPolygon", "spatialReference": {"wkid": 4490},
                 "fields": fields, "features": features, **more})


def test_json_of_esri_is_read_with_its_crs(tmp_path: Path) -> None:
    layer = read(tmp_path / "a.json", esri())
    assert_both(layer)
    assert layer.coordinates == "CGCS2000 (EPSG:4490)"
    assert "exceededTransferLimit" not in said(layer)


def test_an_answer_of_esri_that_was_cut_is_told(tmp_path: Path) -> None:
    assert "服务器只返回了部分记录" in said(
        read(tmp_path / "a.json", esri(exceededTransferLimit=True))
    )


def test_json_of_esri_in_web_mercator_is_no_degrees(tmp_path: Path) -> None:
    feature = {"attributes": {"名称": "幸福里", "户数": 120}, "geometry": {"rings": [[
        [13241453, 5200000], [13241453, 5200200], [13241653, 5200200], [13241453, 5200000]]]}}
    layer = read(tmp_path / "a.json", esri(spatialReference={"wkid": 102100, "latestWkid": 3857},
                                           features=[feature]))
    # By hand: x / 6378137 rad = 118.950°; of y 42.2°.
    assert layer.frame.geometry.iloc[0].bounds[:2] == pytest.approx((118.950, 42.27), abs=0.1)


def test_a_grid_in_the_crs_of_esri_is_never_opened(tmp_path: Path) -> None:
    wkt = ('GEOGCS["x",DATUM["x",SPHEROID["x",6378137,298.257222101],EXTENSION["PROJ4_GRIDS",'
           '"/etc/passwd"]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]')
    with pytest.raises(Exception, match=r"^a\.json：.*(坐标系|没有可读)") as refusal:
        read(tmp_path / "a.json", esri(spatialReference={"wkt": wkt}))
    assert "passwd" not in str(refusal.value)


def test_topojson_is_read(tmp_path: Path) -> None:
    topology = {
        "type": "Topology", "transform": {"scale": [0.001, 0.001], "translate": [118.95, 42.26]},
        "objects": {"小区": {"type": "GeometryCollection", "geometries": [
            {"type": "Polygon", "arcs": [[0]], "properties": {"名称": "幸福里", "户数": 120}}]}},
        "arcs": [[[0, 0], [0, 2], [2, 0], [-2, -2]]],
    }
    layer = read(tmp_path / "a.json", text(topology))
    assert layer.frame["id"].tolist() == ["r1"]
    assert "编号为空" not in said(layer)
    assert layer.frame.geometry.iloc[0].bounds == pytest.approx((118.95, 42.26, 118.952, 42.262))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ('{"type": "Topology", "objects": {}, "arcs": []}', "是 TopoJSON"),
        ('{"type": "FeatureCollection", "features": [1,]}', "语法错误，在第 1 行第 4"),
        ('{"type": "FeatureCollection",\n"features": [', "语法错误，在第 2 行第 14 个"),
        ('[{"名称": "幸福里", "lng": 118.95, "lat": 42.26}]', "是 JSON 数据表"),
        ('{"status": "1", "pois": [{"name": "幸福里"}]}', "是 JSON 数据表"),
        ('{"type": "Feature"', "语法错误"),
        ('{"a": 1}', "是 JSON，但不是 GeoJSON"),
        (('{"type": "Polygon", "coordinates": [[[118.9, 42.2], [118.9, 42.3], [119, 42.3],'
         ' [118.9, 42.2]]]}'), "只有几何，没有一列属性，本图层需要：小区名称、户数"),
        (('{"type": "GeometryCollection", "geometries": [{"type": "Point",'
         ' "coordinates": [118.9, 42.2]}]}'), "只有几何，没有一列属性"),
        ("[" * 100_000, "嵌套过深"),
        ('{"type": "FeatureCollection", "features": ' + "[" * 100_000, "嵌套过深"),
    ],
)
def test_other_json_is_told_in_one_sentence(tmp_path: Path, content: str, why: str) -> None:
    with pytest.raises(LayerError) as refusal:
        read(tmp_path / "a.geojson", content)
    assert str(refusal.value).startswith("a.geojson：")
    assert why in str(refusal.value)
    assert len(refusal.value.messages) == 1


KML = (
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>幸福里</name>'
    '<ExtendedData><Data name="户数"><value>120</value></Data></ExtendedData>'
    "<Point><coordinates>118.95,42.26</coordinates></Point></Placemark></Document></kml>"
)


@pytest.mark.parametrize(
    ("declaration", "encoding"),
    [
        ('<?xml version="1.0" encoding="GBK"?>', "gb18030"),
        ("<?xml version='1.0' encoding='gb2312'?>", "gb18030"),
        ('<?xml version="1.0" encoding="GBK"?>', "utf-8"),
        ("", "gb18030"),
        ('<?xml version="1.0" encoding="UTF-8"?>', "gb18030"),
        ('<?xml version="1.0" encoding="UTF-16"?>', "utf-16"),
        ('\ufeff<?xml version="1.0" encoding="UTF-8"?>', "utf-8"),
    ],
)
def test_kml_is_read_whatever_it_says_of_its_encoding(
    tmp_path: Path, declaration: str, encoding: str
) -> None:
    layer = read(tmp_path / "a.kml", (declaration + KML).encode(encoding))
    assert layer.frame["name"].tolist() == ["幸福里"]
    assert layer.frame["households"].tolist() == [120]


def test_a_dtd_in_gbk_is_a_dtd(tmp_path: Path) -> None:
    content = '<?xml version="1.0" encoding="GBK"?><!DOCTYPE kml [<!ENTITY 甲 "乙">]>' + KML
    with pytest.raises(LayerError, match="DTD"):
        read(tmp_path / "a.kml", content.encode("gb18030"))


def test_all_this_passes_the_door(tmp_path: Path) -> None:
    lines, answer = tmp_path / "a.geojson", tmp_path / "b.json"
    lines.write_bytes("\n".join(map(text, FEATURES)).encode("gb18030"))
    answer.write_text(esri(), encoding="utf-8")
    with one_door():
        assert_both(read_layer(lines, "residential"))
        assert_both(read_layer(answer, "residential"))
