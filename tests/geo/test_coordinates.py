"""Coordinates: shifted systems there and back, and the metric CRS of a place."""

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pytest
from pyproj import CRS, Geod, Transformer

from geo.errors import CoordinateError
from geo.position.china import in_china
from geo.position.coordinates import (
    bd09_to_wgs84,
    gcj02_to_wgs84,
    metric_crs,
    parse_crs,
    require_trusted,
    unshift,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)

Floats = np.ndarray
Pair = tuple[Floats, Floats]
Shift = Callable[[Floats, Floats], Pair]

EARTH = Geod(ellps="WGS84")
LON, LAT = np.meshgrid(np.linspace(75, 133, 30), np.linspace(19, 52, 30))


def metres_between(one: Pair, two: Pair) -> Floats:
    return EARTH.inv(*one, *two)[2]


@pytest.mark.parametrize(
    ("there", "back"),
    [(wgs84_to_gcj02, gcj02_to_wgs84), (wgs84_to_bd09, bd09_to_wgs84)],
    ids=["gcj02", "bd09"],
)
def test_there_and_back_is_less_than_a_micrometre(there: Shift, back: Shift) -> None:
    assert metres_between(back(*there(LON, LAT)), (LON, LAT)).max() < 1e-6


def test_the_shift_is_some_hundred_metres() -> None:
    inside = in_china(LON, LAT)
    shift = metres_between(wgs84_to_gcj02(LON, LAT), (LON, LAT))[inside]
    assert 200 < np.median(shift) < 700
    assert shift.max() < 800


def test_published_pairs() -> None:
    # Published with coordtransform, and used by its readers since 2015.
    np.testing.assert_allclose(
        wgs84_to_gcj02(116.404, 39.915), (116.41024449916938, 39.91640428150164), atol=1e-12
    )
    # BD-09 for GCJ-02 116.404, 39.915.
    np.testing.assert_allclose(
        wgs84_to_bd09(*gcj02_to_wgs84(116.404, 39.915)),
        (116.41036949371029, 39.92133699351021), atol=1e-9,
    )


def test_abroad_nothing_is_shifted() -> None:
    np.testing.assert_array_equal(wgs84_to_gcj02(2.35, 48.85), (2.35, 48.85))


def test_a_frame_is_unshifted_point_by_point() -> None:
    shifted = wgs84_to_gcj02([118.9, 118.95], [42.26, 42.28])
    frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*shifted), crs="EPSG:4326")
    moved = unshift(frame, "gcj02")
    np.testing.assert_allclose(moved.geometry.x, [118.9, 118.95], atol=1e-11)
    np.testing.assert_allclose(frame.geometry.x, shifted[0])  # the input is as it was


@pytest.mark.parametrize(
    ("lon", "lat", "epsg"),
    [
        (118.96, 42.28, 4549),  # Chifeng city, meridian 120
        (116.3, 39.9, 4548),  # meridian 117
        (114.27, 30.55, 4547),  # Hanyang, meridian 114
        (103.84, 1.28, 32648),  # Singapore, UTM 48 north
        (-51.2, -30.0, 32722),  # Porto Alegre, UTM 22 south
    ],
)
def test_the_metric_crs_of_a_place(lon: float, lat: float, epsg: int) -> None:
    assert metric_crs(lon, lat).to_epsg() == epsg


@pytest.mark.parametrize("meridian", range(75, 136, 3))
def test_every_zone_has_its_own_meridian(meridian: int) -> None:
    crs = metric_crs(meridian + 0.4, 40)
    east, _ = Transformer.from_crs(4326, crs, always_xy=True).transform(meridian, 40)
    assert east == pytest.approx(500_000, abs=1e-6)


def test_names_of_coordinate_systems() -> None:
    assert parse_crs("wgs84").to_epsg() == 4326
    assert parse_crs(" CGCS2000 ").to_epsg() == 4490
    assert parse_crs("EPSG:4549").to_epsg() == 4549
    with pytest.raises(CoordinateError, match="EPSG:99"):
        parse_crs("EPSG:99")


@pytest.mark.parametrize("epsg", [2435, 4214, 2383, 4610])
def test_systems_without_a_safe_conversion_are_refused(epsg: int) -> None:
    with pytest.raises(CoordinateError, match="精度"):
        require_trusted(CRS.from_epsg(epsg))


@pytest.mark.parametrize("latitude", [20.0, 40.0, -30.0])
def test_no_place_is_far_from_its_meridian(latitude: float) -> None:
    for longitude in np.arange(-179.75, 180, 0.25):
        crs = metric_crs(float(longitude), latitude)
        meridian = crs.coordinate_operation.params[1].value
        assert abs(longitude - meridian) <= (1.5 if "CGCS2000" in crs.name else 3.0)


def test_the_zones_of_china_begin_at_73_5_degrees() -> None:
    assert metric_crs(72.88, 19.08).to_epsg() == 32643  # Mumbai, UTM 43 north
    assert metric_crs(73.4, 39.4).to_epsg() == 32643
    assert metric_crs(73.5, 39.4).to_epsg() == 4534  # meridian 75
