"""Line layers joined on paper: ends, ends on lines, crossings, near misses."""

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS

from geo.errors import StreetsError
from geo.language import speaking
from geo.streets.lines import read_lines
from geo.streets.network import WalkNetwork

METRIC = CRS.from_epsg(4549)
Maker = Callable[..., WalkNetwork]
EAST, NORTH = 500_000.0, 4_680_000.0


def layer(*lines: tuple[tuple[float, float], ...], **columns: list[object]) -> gpd.GeoDataFrame:
    geometry = [shapely.LineString([(x + EAST, y + NORTH) for x, y in line]) for line in lines]
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=METRIC)


def pieces(network: WalkNetwork) -> int:
    return len(np.unique(network.component))


def test_the_toy_city_has_five_nodes_and_four_streets(toy: WalkNetwork) -> None:
    assert (len(toy.x), len(toy)) == (5, 4)
    assert sorted(toy.length_mm.tolist()) == [300_000, 300_000, 300_000, 400_000]


def test_ends_a_centimetre_apart_are_one(network_of: Maker) -> None:
    joined = network_of((((0, 0), (100, 0)), ((100.009, 0), (200, 0))))
    apart = network_of((((0, 0), (100, 0)), ((100.2, 0), (200, 0))))
    assert (pieces(joined), pieces(apart)) == (1, 2)


def test_an_end_on_another_line_joins_it_there(network_of: Maker) -> None:
    network = network_of((((0, 0), (100, 0)), ((40, 0.04), (40, 50))))
    assert sorted(network.length_mm.tolist()) == [40_000, 49_960, 60_000]
    assert pieces(network) == 1


def test_an_end_near_another_line_joins_only_within_connect_m() -> None:
    lines = layer(((0, 0), (100, 0)), ((40, 1.7), (40, 50)))
    apart, findings = read_lines(lines, METRIC, name="roads")
    joined, _ = read_lines(lines, METRIC, name="roads", connect_m=2)
    assert (pieces(apart), pieces(joined)) == (2, 1)
    assert any("1.7" in str(f.line()) and "未连接" in str(f.line()) for f in findings)


def test_crossings_do_not_connect_and_are_counted_once() -> None:
    lines = layer(((0, 0), (100, 0)), ((50, -50), (50, 50)))
    network, findings = read_lines(lines, METRIC, name="roads")
    assert pieces(network) == 2
    assert [f.message.values["count"] for f in findings] == [1]


def test_crossings_connect_when_asked() -> None:
    lines = layer(((0, 0), (100, 0)), ((50, -50), (50, 50)))
    network, _ = read_lines(lines, METRIC, name="roads", cross=True)
    assert (len(network), pieces(network)) == (4, 1)
    assert network.length_mm.tolist() == [50_000] * 4


def test_several_lines_end_along_one_line_in_any_order(network_of: Maker) -> None:
    network = network_of(
        (((0, 0), (100, 0)), ((70, 0), (70, 9)), ((20, 0), (20, 9)), ((50, 0), (50, -9)))
    )
    assert sorted(network.length_mm.tolist()) == [9_000] * 3 + [20_000] * 2 + [30_000] * 2


def test_a_line_that_ends_on_itself_makes_a_loop(network_of: Maker) -> None:
    network = network_of((((0, 0), (100, 0), (100, 50), (60, 50), (60, 0)),))
    assert sorted(network.length_mm.tolist()) == [60_000, 40_000 + 50_000 + 40_000 + 50_000]


def test_metres_are_the_geometrys_whatever_the_length_column_says() -> None:
    lines = layer(((0, 0), (100, 0)), length=[500.0])
    network, findings = read_lines(lines, METRIC, name="roads")
    assert network.length_mm.tolist() == [100_000]
    assert len(findings) == 1


@pytest.mark.parametrize("length", ["约333", "inf", float("inf")])
def test_nonsense_lengths_are_refused(length: object) -> None:
    with pytest.raises(StreetsError, match="length"):
        read_lines(layer(((0, 0), (100, 0)), length=[length]), METRIC, name="roads")


def test_a_highway_column_brings_the_street_filter() -> None:
    lines = layer(((0, 0), (100, 0)), ((100, 0), (200, 0)), highway=["residential", "motorway"])
    network, _ = read_lines(lines, METRIC, name="roads")
    assert len(network) == 1


def test_lines_without_highway_are_walked_whole(network_of: Maker) -> None:
    assert len(network_of((((0, 0), (100, 0)),))) == 1


def test_nothing_to_walk_on_is_refused() -> None:
    with pytest.raises(StreetsError, match="没有可步行"):
        read_lines(layer(((0, 0), (1, 0)), highway=["motorway"]), METRIC, name="roads")


def test_points_among_the_lines_are_told() -> None:
    mixed = layer(((0, 0), (100, 0)))
    mixed.loc[1] = [shapely.Point(EAST, NORTH)]
    _, findings = read_lines(mixed.set_crs(METRIC), METRIC, name="roads")
    assert [f.message.values["count"] for f in findings] == [1]


def test_lines_in_degrees_are_measured_in_metres() -> None:
    lines = layer(((0, 0), (100, 0))).to_crs("EPSG:4326")
    network, _ = read_lines(lines, METRIC, name="roads")
    assert abs(int(network.length_mm[0]) - 100_000) <= 1


def test_row_order_changes_nothing(network_of: Maker) -> None:
    rng = np.random.default_rng(3)
    ends = rng.integers(0, 5, (12, 2, 2)) * 100.0
    lines = [tuple(map(tuple, line)) for line in ends if (line[0] != line[1]).any()]
    one, other = network_of(tuple(lines)), network_of(tuple(lines[::-1]))
    assert sorted(one.length_mm.tolist()) == sorted(other.length_mm.tolist())
    assert pieces(one) == pieces(other)


# East along y = 0, round by the right, down across its own beginning at (50, 0).
LOOP = ((0, 0), (100, 0), (100, 50), (50, 50), (50, -30))


def test_a_line_that_crosses_itself_is_counted_and_not_connected() -> None:
    network, findings = read_lines(layer(LOOP), METRIC, name="roads")
    assert network.length_mm.tolist() == [280_000]
    assert [f.message.values["count"] for f in findings] == [1]


def test_a_line_that_crosses_itself_connects_when_asked() -> None:
    network, _ = read_lines(layer(LOOP), METRIC, name="roads", cross=True)
    assert sorted(network.length_mm.tolist()) == [30_000, 50_000, 50_000 + 50_000 + 50_000 + 50_000]
    assert (len(network.x), pieces(network)) == (3, 1)


def test_a_line_through_a_vertex_of_its_own_crosses_there_once() -> None:
    eight = ((0, 0), (50, 0), (100, 0), (100, 50), (50, 50), (50, 0), (50, -30))
    network, findings = read_lines(layer(eight), METRIC, name="roads", cross=True)
    assert [f.message.values["count"] for f in findings] == [1]
    assert sorted(network.length_mm.tolist()) == [30_000, 50_000, 200_000]


def test_rings_and_stretches_walked_twice_are_no_crossings() -> None:
    ring = ((0, 0), (100, 0), (100, 50), (0, 0))
    spur = ((0, 200), (100, 200), (100, 300), (100, 200.004))
    _, findings = read_lines(layer(ring, spur), METRIC, name="roads")
    assert [f for f in findings if "交叉" in str(f.message)] == []


def test_rows_are_named_in_the_language_spoken() -> None:
    lines = layer(((0, 0), (100, 0)), ((0, 9), (100, 9)), length=[100.0, "约333"], row=[7, 8])
    with pytest.raises(StreetsError, match="roads 第 8 行：") as refusal:
        read_lines(lines, METRIC, name="roads")
    with speaking("en"):
        assert "roads row 8: " in str(refusal.value)
    lines = layer(((0, 0), (100, 0)), ((0, 9), (100, 9)), length=[100.0, None])
    _, findings = read_lines(lines, METRIC, name="roads")
    assert "第 3 行" in str(findings[0].message)
    with speaking("en"):
        assert "row 3." in str(findings[0].message)
