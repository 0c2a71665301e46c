"""Coordinate systems are called as planners call them, with their codes."""

import pytest
from pyproj import CRS

from geo.errors import CoordinateError
from geo.position.coordinates import parse_crs
from geo.position.system_names import called, in_any_language


@pytest.mark.parametrize(
    ("code", "name", "short"),
    [
        (4326, "WGS84 经纬度（EPSG:4326）", "WGS84 (EPSG:4326)"),
        (4490, "CGCS2000 经纬度（EPSG:4490）", "CGCS2000 (EPSG:4490)"),
        (4549, "CGCS2000 三度带，中央经线 120°（EPSG:4549）", "CGCS2000 120°E (EPSG:4549)"),
        (4528, "CGCS2000 三度带，中央经线 120°（EPSG:4528）", "CGCS2000 120°E (EPSG:4528)"),
        (4508, "CGCS2000 六度带，中央经线 111°（EPSG:4508）", "CGCS2000 111°E (EPSG:4508)"),
        (3857, "Web 墨卡托（伪墨卡托，EPSG:3857）", "Web Mercator (EPSG:3857)"),
        (32650, "WGS84 / UTM 50N 带（EPSG:32650）", "WGS 84 / UTM zone 50N (EPSG:32650)"),
        (2056, "CH1903+ / LV95 (EPSG:2056)", "CH1903+ / LV95 (EPSG:2056)"),
    ],
)
def test_a_system_has_a_name_and_a_code(code: int, name: str, short: str) -> None:
    crs = CRS.from_epsg(code)
    assert (str(called(crs)), in_any_language(crs)) == (name, short)


def test_a_system_without_a_code_keeps_its_own_name() -> None:
    crs = CRS.from_proj4("+proj=tmerc +lon_0=118.95 +ellps=GRS80 +units=m +type=crs")
    assert str(called(crs)) == in_any_language(crs) == crs.name


@pytest.mark.parametrize(
    ("said", "name"), [("EPSG:2436", "北京 54（Beijing 1954）"), ("xian80", "西安 80（Xian 1980）")]
)
def test_old_systems_are_named_in_chinese(said: str, name: str) -> None:
    with pytest.raises(CoordinateError) as refusal:
        parse_crs(said)
    assert name in str(refusal.value)
