"""Headers that name the coordinate system of a position: 百度经度, lng_gcj02, 经度（CGCS2000）."""

from pathlib import Path

import pytest

from geo.layers import Layer, read_layer
from geo.ledgers.header_systems import system_named

from .office_ledgers import book, said

AT = (118.95130, 42.26120)


def places(tmp_path: Path, *headers: str, system: str | None = None) -> Layer:
    cells = AT if len(headers) == 2 else (f"{AT[0]},{AT[1]}",)
    rows = (("小区名称", "户数", *headers), ("甲", 500, *cells))
    return read_layer(book(tmp_path / "台账.xlsx", {"台账": rows}), "residential",
                      coordinates=system)


def place(layer: Layer) -> tuple[float, float]:
    point = layer.frame.geometry.iloc[0]
    return point.x, point.y


@pytest.mark.parametrize(("header", "system"), [
    ("百度经度", "bd09"), ("lng_bd", "bd09"), ("BD09_X", "bd09"), ("经度（百度坐标系）", "bd09"),
    ("高德坐标", "gcj02"), ("lng_gcj02", "gcj02"), ("火星坐标", "gcj02"), ("经度(GCJ-02)", "gcj02"),
    ("经度（CGCS2000）", "cgcs2000"), ("WGS84经度", "wgs84"), ("经度", ""), ("x", ""),
    ("bd09mc_x", ""),
])
def test_the_system_a_header_names(header: str, system: str) -> None:
    assert system_named(header) == system


@pytest.mark.parametrize(("headers", "system"), [
    (("百度经度", "百度纬度"), "bd09"), (("lng_gcj02", "lat_gcj02"), "gcj02"),
    (("高德坐标",), "gcj02"), (("经度（GCJ02）", "纬度"), "gcj02"),
])
def test_positions_are_converted_as_if_the_user_had_said_it(
    tmp_path: Path, headers: tuple[str, ...], system: str
) -> None:
    layer = places(tmp_path, *headers)
    plain = places(tmp_path, "经度", "纬度", system=system)
    assert place(layer) == place(plain)
    # At this latitude a degree of longitude has 82 km: GCJ-02 is off by hundreds of metres.
    east = (AT[0] - place(layer)[0]) * 82_400
    assert 100 < east < (800 if system == "gcj02" else 1_600)
    assert layer.coordinates == system
    assert "已换算为 WGS84" in said(layer)
    assert "没有说明坐标系" not in said(layer)


def test_the_option_of_the_study_stands_above_the_header(tmp_path: Path) -> None:
    layer = places(tmp_path, "高德经度", "高德纬度", system="wgs84")
    assert place(layer) == AT
    told = next(f for f in layer.findings if "以后者为准" in str(f.message))
    assert told.severity == "warning"
    assert "GCJ-02" in str(told.message)


def test_two_systems_in_one_pair_are_told_and_none_is_taken(tmp_path: Path) -> None:
    layer = places(tmp_path, "高德经度", "百度纬度")
    assert place(layer) == AT
    assert "不一致（BD-09、GCJ-02）" in said(layer)


def test_a_plain_pair_is_taken_before_a_shifted_one(tmp_path: Path) -> None:
    rows = (("小区名称", "户数", "百度经度", "百度纬度", "经度", "纬度"),
            ("甲", 500, 118.96, 42.27, *AT))
    layer = read_layer(book(tmp_path / "台账.xlsx", {"台账": rows}), "residential")
    assert place(layer) == AT


def test_a_common_system_needs_no_question(tmp_path: Path) -> None:
    layer = places(tmp_path, "经度（CGCS2000）", "纬度（CGCS2000）")
    assert place(layer) == pytest.approx(AT, abs=1e-8)
    assert "没有说明坐标系" not in said(layer)
