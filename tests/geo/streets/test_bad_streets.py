"""Streets as they should not be drawn: what is mended, what is told, what is refused."""

from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
from pyproj import CRS

from geo.errors import StreetsError
from geo.language import speaking
from geo.streets import read_streets
from geo.streets.graphml import network_from_graph
from geo.streets.lines import read_lines
from geo.streets.network import WalkNetwork
from geo.walks.nearest_street import StreetIndex

METRIC = CRS.from_epsg(4549)
EAST, NORTH = 500_000.0, 4_680_000.0
# A square of 100 m back to its beginning, with a stub of 40 m leading to it.
RING = ((0, 0), (100, 0), (100, 100), (0, 100), (0, 0))
STUB = ((-40, 0), (0, 0))


def line(*xy: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(x + EAST, y + NORTH) for x, y in xy])


def read(*geometry: shapely.Geometry, **columns: list[object]) -> tuple[WalkNetwork, list[str]]:
    frame = gpd.GeoDataFrame(columns, geometry=list(geometry), crs=METRIC)
    network, findings = read_lines(frame, METRIC, name="roads.gpkg")
    return network, [str(finding.message) for finding in findings]


def pieces(network: WalkNetwork) -> int:
    return len(np.unique(network.component))


def test_a_line_of_one_spot_is_told_and_left_out() -> None:
    network, told = read(line((0, 0), (100, 0)), line((50, 9), (50, 9), (50, 9)))
    assert network.length_mm.tolist() == [100_000]
    assert told == ["1 条道路没有长度（只有一个位置），未使用。"]


def test_lines_of_one_spot_alone_are_refused() -> None:
    with pytest.raises(StreetsError, match=r"^roads.gpkg：道路都没有长度"):
        read(line((0, 0), (0, 0)))


def test_a_repeated_vertex_is_no_corner() -> None:
    network, told = read(line((0, 0), (100, 0), (100, 0), (100, 0), (200, 0)))
    assert (network.length_mm.tolist(), told) == ([200_000], [])
    assert network.vertex_start.tolist() == [0, 3]


def test_a_line_drawn_there_and_back_again_counts_once() -> None:
    network, told = read(line((0, 0), (100, 0)), line((100, 0), (0, 0)), line((0, 0), (100, 0)))
    assert network.length_mm.tolist() == [100_000]
    assert told == ["2 条道路与另一条完全重合，只计一次。"]


def test_parallel_ways_between_two_nodes_are_two_streets() -> None:
    network, told = read(line((0, 0), (100, 0)), line((0, 0), (50, 120), (100, 0)))
    assert (network.length_mm.tolist(), told) == ([100_000, 260_000], [])
    assert len(network.x) == 2


def test_a_closed_ring_stays_a_street_that_can_be_stepped_onto() -> None:
    network, told = read(line(*RING), line(*STUB))
    assert (len(network.x), sorted(network.length_mm.tolist()), told) == (2, [40_000, 400_000], [])
    ring = int(np.flatnonzero(network.tail == network.head)[0])
    index = StreetIndex(network, np.ones(2, dtype=bool))
    found = index.nearest([EAST + 90.0], [NORTH + 110.0], within_m=50)
    # 100 m east, 100 m north, 10 m back west; or as drawn by the other side.
    assert (found.street[0], found.offset_mm[0] in (210_000, 190_000)) == (ring, True)
    assert found.off_street_m[0] == pytest.approx(10.0)


def test_a_ring_alone_has_one_node() -> None:
    network, _ = read(line(*RING))
    assert (len(network.x), network.length_mm.tolist(), pieces(network)) == (1, [400_000], 1)


def test_a_ring_that_others_end_on_is_cut_there() -> None:
    network, _ = read(line(*RING), line((100, 50), (160, 50)))
    assert sorted(network.length_mm.tolist()) == [60_000, 150_000, 250_000]
    assert pieces(network) == 1


def test_the_parts_of_a_multiline_join_like_lines() -> None:
    both = shapely.MultiLineString([line((0, 0), (100, 0)), line((100, 0), (100, 30))])
    network, _ = read(both, line((100, 30), (170, 30)))
    assert sorted(network.length_mm.tolist()) == [30_000, 70_000, 100_000]
    assert pieces(network) == 1


def test_a_part_of_one_spot_in_a_multiline_does_no_harm() -> None:
    both = shapely.MultiLineString([line((0, 0), (100, 0)), line((40, 0), (40, 0))])
    network, _ = read(both)
    assert network.length_mm.sum() == 100_000
    assert pieces(network) == 1


def test_heights_are_passed_over() -> None:
    climbing = shapely.LineString([(EAST, NORTH, 0), (EAST + 100, NORTH, 75)])
    assert read(climbing)[0].length_mm.tolist() == [100_000]


@pytest.mark.parametrize("value", [-1.0, -1e-9, "-5", float("inf"), float("-inf"), "nan 米"])
def test_a_length_that_is_none_is_refused_with_its_row(value: object) -> None:
    lengths, rows = [100.0, value, value], [2, 7, 9]
    geometry = [line((0, y), (100, y)) for y in (0, 10, 20)]
    with pytest.raises(StreetsError, match=r"^roads.gpkg 第 7 行：长度\(length\)"):
        read(*geometry, length=lengths, row=rows)


def test_a_negative_length_is_called_so() -> None:
    with pytest.raises(StreetsError, match=r"“-12\.5”是负数") as refusal:
        read(line((0, 0), (100, 0)), length=[-12.5], row=[4])
    assert "\n" not in str(refusal.value)
    with speaking("en"):
        assert "-12.5" in str(refusal.value)


def test_the_row_of_a_file_is_named(tmp_path: Path) -> None:
    rows = gpd.GeoDataFrame(
        {"length": [100.0, 100.0, -3.0]},
        geometry=[line((0, y), (100, y)) for y in (0, 10, 20)],
        crs=METRIC,
    )
    rows.to_file(tmp_path / "roads.gpkg")
    with pytest.raises(StreetsError, match="第 3 行"):
        read_streets(tmp_path / "roads.gpkg", METRIC)


def test_a_given_length_of_nothing_is_measured_instead() -> None:
    network, told = read(line((0, 0), (100, 0)), line((0, 9), (50, 9)), length=[0.0, 50.0])
    assert sorted(network.length_mm.tolist()) == [50_000, 100_000]
    assert [t for t in told if "超过 10%" in t] != []


@pytest.mark.parametrize("wrong", ["nan", "inf", "1e300"])
def test_positions_that_are_no_numbers_are_refused(wrong: str) -> None:
    with np.errstate(invalid="ignore"):
        broken = shapely.from_wkt(f"LINESTRING ({EAST} {NORTH}, {wrong} {wrong})")
    with pytest.raises(StreetsError, match=r"^roads.gpkg：.*NaN"):
        read(broken)


def test_a_street_longer_than_the_way_around_the_earth_is_refused() -> None:
    endless = shapely.LineString([(EAST, NORTH), (9e8, NORTH)])
    with pytest.raises(StreetsError, match=r"^roads.gpkg：.*899,500 公里.*$"):
        read(endless)


def graph(*edges: tuple[int, int], kind: type = nx.MultiDiGraph) -> "nx.Graph[int]":
    """Draw nodes 1-2-3 along a line, 100 m apart, and 4 on the spot of 2."""
    made = kind(crs="EPSG:4549")
    for node, x in {1: 0.0, 2: 100.0, 3: 200.0, 4: 100.0}.items():
        made.add_node(node, x=EAST + x, y=NORTH)
    for tail, head in edges:
        made.add_edge(tail, head, length=abs(made.nodes[tail]["x"] - made.nodes[head]["x"]))
    return made


def test_an_edge_between_two_nodes_on_one_spot_costs_a_millimetre() -> None:
    network, findings = network_from_graph(graph((1, 2), (2, 4), (4, 3)), name="g")
    assert sorted(network.length_mm.tolist()) == [1, 100_000, 100_000]
    assert (len(network.x), pieces(network), findings) == (4, 1, [])


def test_nodes_on_one_spot_are_joined_by_edges_only() -> None:
    network, _ = network_from_graph(graph((1, 2), (4, 3)), name="g")
    assert pieces(network) == 2


def test_an_edge_from_a_node_back_to_it_without_a_drawing_is_told() -> None:
    network, findings = network_from_graph(graph((1, 2), (2, 2)), name="g")
    assert network.length_mm.tolist() == [100_000]
    assert [f.message.values["count"] for f in findings] == [1]


def test_a_drawn_edge_from_a_node_back_to_it_stays() -> None:
    made = graph((1, 2))
    made.add_edge(1, 1, geometry=line(*RING), length=400.0)
    network, findings = network_from_graph(made, name="g")
    assert (sorted(network.length_mm.tolist()), findings) == ([100_000, 400_000], [])


def test_a_node_with_nothing_but_itself_is_refused() -> None:
    made = graph((1, 1))
    made.edges[1, 1, 0]["length"] = 5.0
    with pytest.raises(StreetsError, match=r"^g：道路都没有长度"):
        network_from_graph(made, name="g")


def test_edges_listed_twice_count_once() -> None:
    network, _ = network_from_graph(graph((1, 2), (1, 2), (2, 1)), name="g")
    assert network.length_mm.tolist() == [100_000]


@pytest.mark.parametrize("kind", [nx.MultiDiGraph, nx.MultiGraph])
def test_a_negative_length_names_its_edge(kind: type) -> None:
    made = graph((1, 2), (2, 3), kind=kind)
    made.edges[2, 3, 0]["length"] = -100.0
    with pytest.raises(StreetsError, match=r"^g edge 2：长度\(length\)“-100.0”是负数"):
        network_from_graph(made, name="g")


@pytest.mark.parametrize("wrong", ["nan", float("inf")])
def test_a_node_that_stands_nowhere_is_named(wrong: object) -> None:
    made = graph((1, 2))
    made.nodes[2]["x"] = wrong
    with pytest.raises(StreetsError, match=r"^g：节点 2 的坐标"):
        network_from_graph(made, name="g")
