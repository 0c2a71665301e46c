"""The coordinate system a GeoJSON says: kept where it is in lines, heard at the top only."""

import json
import time
from pathlib import Path

import pytest

from geo.door.geojson import geojson_says_crs
from geo.errors import CoordinateError, LayerError
from geo.layers import Layer, read_layer

BEIJING_1954: dict[str, object] = {"type": "name", "properties": {"name": "EPSG:4214"}}
CGCS2000: dict[str, object] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
NAMES = ("幸福里", "安居苑")


def feature(name: str, **more: object) -> dict[str, object]:
    point = {"type": "Point", "coordinates": [118.95123, 42.26123]}
    return {"type": "Feature", "properties": {"名称": name, "类别": "养老院"}, "geometry": point,
            **more}


def collection(*names: str, **more: object) -> dict[str, object]:
    return {"type": "FeatureCollection", **more, "features": [feature(name) for name in names]}


def text(thing: object, **options: int) -> str:
    return json.dumps(thing, ensure_ascii=False, **options)  # type: ignore[arg-type]


def read(folder: Path, content: str) -> Layer:
    path = folder / "a.geojson"
    path.write_text(content, encoding="utf-8")
    return read_layer(path, "facilities")


def places(layer: Layer) -> list[tuple[float, float]]:
    return [(point.x, point.y) for point in layer.frame.geometry]


def in_lines(system: dict[str, object]) -> dict[str, str]:
    return {
        "collections": "\n".join(text(collection(name, crs=system)) for name in NAMES),
        "crs behind": "\n".join(text({**collection(name), "crs": system}) for name in NAMES),
        "features": "\n".join(text(feature(name, crs=system)) for name in NAMES),
        "rfc 8142": "".join(
            f"\x1e{text(collection(name, crs=system), indent=1)}\n" for name in NAMES
        ),
    }


@pytest.mark.parametrize("form", in_lines(CGCS2000))
def test_lines_keep_their_system(tmp_path: Path, form: str) -> None:
    whole = read(tmp_path, text(collection(*NAMES, crs=CGCS2000)))
    lines = read(tmp_path, in_lines(CGCS2000)[form])
    assert lines.frame["name"].tolist() == [*NAMES]
    assert lines.coordinates == whole.coordinates == "CGCS2000 (EPSG:4490)"
    assert places(lines) == places(whole)


@pytest.mark.parametrize("form", in_lines(BEIJING_1954))
def test_lines_in_a_system_that_cannot_be_trusted_are_refused(tmp_path: Path, form: str) -> None:
    with pytest.raises(CoordinateError, match="北京 54"):
        read(tmp_path, in_lines(BEIJING_1954)[form])


@pytest.mark.parametrize("second", [{"crs": CGCS2000}, {}, {"crs": None}])
def test_lines_of_two_systems_are_refused(tmp_path: Path, second: dict[str, object]) -> None:
    lines = [text(collection("幸福里", crs=BEIJING_1954)), text(collection("安居苑", **second))]
    with pytest.raises(LayerError, match=r"^a\.geojson 第 2 行：写的坐标系（crs）与前面的不同"):
        read(tmp_path, "\n".join(lines))


def test_a_line_may_not_point_to_a_file(tmp_path: Path) -> None:
    elsewhere = {"type": "name", "properties": {"name": "/etc/passwd"}}
    with pytest.raises(LayerError, match="指向文件或网址"):
        read(tmp_path, "\n".join(text(collection(name, crs=elsewhere)) for name in NAMES))


def test_a_sequence_may_have_texts_of_several_lines(tmp_path: Path) -> None:
    content = "".join(f"\x1e{text(feature(name), indent=2)}\n" for name in NAMES)
    assert read(tmp_path, content).frame["name"].tolist() == [*NAMES]
    # By hand: the first text has 14 lines, so the second begins in the 15th.
    assert content.split("\x1e")[1].count("\n") == 14
    with pytest.raises(LayerError, match=r"^a\.geojson 第 15 行：不是完整的 GeoJSON 要素"):
        read(tmp_path, content[:-20])


SAID = {
    "first": (text(collection("幸福里", crs=CGCS2000)), True),
    "last": (text({**collection("幸福里"), "crs": CGCS2000}), True),
    "behind braces in a text": (
        text({"name": 'a "{{{ \\', "type": "FeatureCollection", "crs": CGCS2000}), True,
    ),
    "in a feature": (
        text({"type": "FeatureCollection", "features": [feature("幸福里", crs=CGCS2000)]}), False,
    ),
    "in a feature, behind braces": (
        text({"name": 'a "}}} \\', "features": [feature("幸福里", crs=CGCS2000)]}), False,
    ),
    "in properties": (text({"features": [{"properties": {"crs": CGCS2000}}]}), False),
    "in a feature and at the top": (
        text({"features": [feature("幸福里", crs=CGCS2000)], "crs": CGCS2000}), True,
    ),
    "null": (text(collection("幸福里", crs=None)), False),
}


@pytest.mark.parametrize(("content", "said"), SAID.values(), ids=SAID)
def test_only_the_outermost_object_says_the_system(
    tmp_path: Path, content: str, said: bool  # noqa: FBT001 - what is expected
) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(content, encoding="utf-8")
    assert geojson_says_crs(path, "a.geojson") is said


def test_a_system_in_a_feature_is_none_of_the_file(tmp_path: Path) -> None:
    inside = {"type": "FeatureCollection", "features": [feature("幸福里", crs=BEIJING_1954)]}
    silent = read(tmp_path, text(collection("幸福里")))
    layer = read(tmp_path, text(inside))
    assert layer.coordinates == silent.coordinates
    assert [str(each.line()) for each in layer.findings] == [
        str(each.line()) for each in silent.findings
    ]


@pytest.mark.parametrize("key", ["k{}", "\\u006b{}", 'a\\"{}', ":{}", "x" * 300 + "{}"])
def test_more_names_than_a_layer_has_are_counted_however_written(tmp_path: Path, key: str) -> None:
    path = tmp_path / "a.geojson"
    names = ",".join(f'"{key.format(at)}":"v"' for at in range(5_001))
    path.write_text(f'{{"type":"FeatureCollection","properties":{{{names}}}}}', encoding="utf-8")
    with pytest.raises(LayerError, match="属性名超过 5000 个"):
        geojson_says_crs(path, "a.geojson")


def test_texts_are_no_names(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(text({"notes": [f'n{at}: "{at}":' for at in range(9_000)]}), encoding="utf-8")
    assert not geojson_says_crs(path, "a.geojson")


def test_quotes_written_as_codes_cost_no_time(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_bytes(b'{"a":"' + b'\\"' * 1_000_000 + b'"}')
    began = time.process_time()
    assert not geojson_says_crs(path, "a.geojson")
    assert time.process_time() - began < 5
