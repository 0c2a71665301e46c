"""Zones told from their figures, confirmed by the study's extent."""

import numpy as np
import pytest
from pyproj import CRS, Transformer

from geo.position.zones import likely_zones, prefix_of, prefixes_of, read_metres, twin

CHIFENG = (118.80, 42.15, 119.05, 42.35)
HANYANG = (114.10, 30.45, 114.30, 30.60)
LON, LAT = np.array([118.90, 118.95, 119.00]), np.array([42.20, 42.26, 42.28])


def metres(epsg: int, lon: np.ndarray = LON, lat: np.ndarray = LAT) -> tuple[np.ndarray, ...]:
    return Transformer.from_crs(4326, epsg, always_xy=True).transform(lon, lat)


def test_chifeng_in_figures() -> None:
    # The zone of 120 degrees: 118.95 lies 1.05 degrees, about 86.6 km, west of its meridian.
    east, north = metres(4549)
    assert east[1] == pytest.approx(500_000 - 86_600, abs=300)
    assert north[1] == pytest.approx(4_680_000, abs=3_000)
    assert metres(4528)[0][1] == pytest.approx(40_000_000 + east[1], abs=1e-3)


@pytest.mark.parametrize("epsg", [*range(4491, 4502), *range(4513, 4534)])
def test_every_zone_with_prefix_is_known_by_it(epsg: int) -> None:
    crs = CRS.from_epsg(epsg)
    meridian = crs.coordinate_operation.params[1].value
    x, y = metres(epsg, np.array([meridian + 0.5]), np.array([40.0]))
    assert likely_zones(x, y)[0] == epsg
    assert prefix_of(crs) == prefixes_of(x, y)[0]
    # The easting's prefix is the number in the zone's own name.
    assert crs.name.endswith(f"zone {prefix_of(crs)}")


@pytest.mark.parametrize("epsg", range(4534, 4555))
def test_every_zone_without_prefix_is_known_by_the_study(epsg: int) -> None:
    crs = CRS.from_epsg(epsg)
    meridian = crs.coordinate_operation.params[1].value
    study = (meridian - 0.2, 39.8, meridian + 0.8, 40.2)
    x, y = metres(epsg, np.array([meridian, meridian + 0.5]), np.array([40.0, 40.1]))
    assert likely_zones(x, y) == ()
    assert likely_zones(x, y, near=study) == (epsg,)
    assert twin(crs, prefix=0) == epsg


@pytest.mark.parametrize("epsg", range(4502, 4512))
def test_a_six_degree_zone_without_prefix_is_that_of_its_meridian(epsg: int) -> None:
    meridian = CRS.from_epsg(epsg).coordinate_operation.params[1].value
    study = (meridian + 2.0, 39.8, meridian + 2.6, 40.2)  # only a 6-degree zone reaches so far
    x, y = metres(epsg, np.array([meridian + 2.1, meridian + 2.5]), np.array([40.0, 40.1]))
    (code,) = likely_zones(x, y, near=study)
    assert CRS.from_epsg(code).coordinate_operation.params[1].value == meridian


def test_another_city_confirms_nothing() -> None:
    assert likely_zones(*metres(4549), near=CHIFENG) == (4549,)
    assert likely_zones(*metres(4549), near=HANYANG) == ()
    assert likely_zones(*metres(4528), near=HANYANG) == ()
    assert likely_zones(*metres(4528)) == (4528,)


def test_other_metres_a_city_may_use() -> None:
    assert likely_zones(*metres(3857)) == (4491, 3857)  # 13,242 km: prefix 13, or Web Mercator
    assert likely_zones(*metres(3857), near=CHIFENG) == (3857,)
    lon, lat = np.array([103.80, 103.90]), np.array([1.30, 1.35])
    singapore = (103.7, 1.2, 104.0, 1.5)
    assert likely_zones(*metres(32648, lon, lat), near=singapore) == (32648,)


def test_the_northing_may_stand_first() -> None:
    east, north = metres(4528)
    straight, turned = read_metres(east, north), read_metres(north, east)
    assert (straight.turned, straight.zones) == (False, (40,))
    assert (turned.turned, turned.zones) == (True, (40,))


def test_a_city_grid_is_no_chinese_metre() -> None:
    grid = read_metres(np.array([23_400.0, 25_100.0]), np.array([18_200.0, 17_700.0]))
    assert grid.local
    assert not read_metres(*metres(4549)).local
    assert read_metres(np.array([np.nan, np.inf]), np.array([1.0, 2.0])).local


def test_rows_of_several_zones_are_told_apart() -> None:
    east39, north39 = metres(4527)
    east40, north40 = metres(4528)
    mixed = read_metres(np.r_[east39, east40 - 40e6], np.r_[north39, north40])
    assert mixed.prefixes.tolist() == [39, 39, 39, 0, 0, 0]
    assert mixed.zones == (0, 39)
