"""The order of nodes and streets: along a curve, and the same whatever the file's order."""

from collections.abc import Callable

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
from pyproj import CRS

from geo.streets.graphml import network_from_graph
from geo.streets.hilbert import LEVELS, hilbert_distance, hilbert_order, ordered
from geo.streets.lines import read_lines
from geo.streets.network import WalkNetwork

METRIC = CRS.from_epsg(4549)
EAST, NORTH = 500_000.0, 4_680_000.0
ARRAYS = ("x", "y", "tail", "head", "length_mm", "oneway", "private", "kind",
          "vertex_xy", "vertex_start")  # fmt: skip


def same(one: WalkNetwork, other: WalkNetwork) -> bool:
    return one.kinds == other.kinds and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in ARRAYS
    )


def test_the_curve_goes_through_every_square_and_only_to_neighbours() -> None:
    row, column = np.divmod(np.arange(32 * 32, dtype=np.uint32), np.uint32(32))
    along = hilbert_distance(column, row)
    assert sorted(along.tolist()) == list(range(32 * 32))
    step_x = np.diff(column[np.argsort(along)].astype(int))
    step_y = np.diff(row[np.argsort(along)].astype(int))
    assert set((np.abs(step_x) + np.abs(step_y)).tolist()) == {1}


def test_the_curve_ends_at_the_far_corner() -> None:
    """From the first square to the last of the bottom row, up the left half and down the right."""
    last = np.uint32(2**LEVELS - 1)
    column = np.array([0, 0, last, last], dtype=np.uint32)
    row = np.array([0, last, last, 0], dtype=np.uint32)
    quarter = 4 ** (LEVELS - 1)
    along = hilbert_distance(column, row).astype(np.int64)
    assert along[[0, 3]].tolist() == [0, 4 * quarter - 1]
    assert quarter <= along[1] < 2 * quarter <= along[2] < 3 * quarter


def test_points_in_one_square_go_by_position_and_on_one_spot_by_number() -> None:
    x = np.array([0.0, 10_000_000.0, 0.002, 0.001, 0.002])
    assert hilbert_order(x, np.zeros(5)).tolist() == [0, 3, 2, 4, 1]


def test_a_single_spot_has_an_order() -> None:
    assert hilbert_order(np.array([7.0, 7.0]), np.array([7.0, 7.0])).tolist() == [0, 1]


def test_only_equals_are_asked_for_their_order() -> None:
    asked: list[list[int]] = []

    def backwards(tied: np.ndarray) -> np.ndarray:
        asked.append(tied.tolist())
        return np.array([1, 0])

    assert ordered(np.array([5, 1, 5]), backwards).tolist() == [1, 2, 0]
    assert asked == [[0, 2]]


def city(seed: int) -> gpd.GeoDataFrame:
    """Draw streets that end on, cross, double and nearly meet one another, with tags."""
    rng = np.random.default_rng(seed)
    ends = rng.integers(0, 6, (40, 2, 2)) * 100.0 + rng.choice([0.0, 0.004], (40, 2, 2))
    ends += [EAST, NORTH]
    lines = [shapely.LineString(pair) for pair in ends]
    lines += [shapely.reverse(line) for line in lines[:8]]  # drawn in both directions
    lines += [shapely.LineString([*line.coords, line.coords[0]]) for line in lines[8:12]]
    lines += [line.segmentize(30.0) for line in lines[12:16]]  # parallels of equal length
    lines += [shapely.MultiLineString(lines[16:18])]
    lines = [line for line in lines if line.length]
    tags = {
        "highway": rng.choice(["footway", "service", "steps"], len(lines)),
        "access": rng.choice(["private", None], len(lines)),
        "oneway:foot": rng.choice(["yes", "-1", None], len(lines), p=[0.1, 0.1, 0.8]),
    }
    return gpd.GeoDataFrame(tags, geometry=lines, crs=METRIC)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("cross", [False, True])
def test_the_order_of_rows_changes_nothing(seed: int, *, cross: bool) -> None:
    rows = city(seed)
    network, _ = read_lines(rows, METRIC, name="roads", cross=cross)
    shuffled = rows.sample(frac=1, random_state=seed)
    again, _ = read_lines(shuffled, METRIC, name="roads", cross=cross)
    assert same(network, again)


def test_streets_go_by_smaller_node_larger_node_length(
    network_of: Callable[..., WalkNetwork],
) -> None:
    rng = np.random.default_rng(5)
    lines = tuple(tuple(map(tuple, pair)) for pair in rng.integers(0, 4, (30, 2, 2)) * 100.0)
    network = network_of(tuple(line for line in lines if line[0] != line[1]))
    low, high = np.minimum(network.tail, network.head), np.maximum(network.tail, network.head)
    key = list(zip(low.tolist(), high.tolist(), network.length_mm.tolist(), strict=True))
    assert key == sorted(key)
    assert hilbert_order(network.x, network.y).tolist() == list(range(len(network.x)))


def test_a_street_keeps_the_direction_it_is_drawn_in() -> None:
    there = shapely.LineString([(EAST + 300, NORTH), (EAST + 200, NORTH + 5), (EAST, NORTH)])
    network, _ = read_lines(gpd.GeoDataFrame(geometry=[there], crs=METRIC), METRIC, name="roads")
    assert network.lines()[0].equals_exact(there)
    assert (network.x[network.tail[0]], network.x[network.head[0]]) == (EAST + 300, EAST)


def drawn_graph(seed: int, kind: type, *, shuffled: bool) -> "nx.Graph[int]":
    rng = np.random.default_rng(seed)
    xy = rng.integers(0, 5, (12, 2)) * 100.0 + [EAST, NORTH]  # some on one spot
    edges = [(int(a), int(b)) for a, b in rng.integers(0, 12, (40, 2)) if a != b]
    words = rng.choice(["footway", "service"], len(edges)).tolist()
    nodes, numbers = np.arange(12), np.arange(len(edges))
    if shuffled:
        nodes, numbers = rng.permutation(nodes), rng.permutation(numbers)
    made = kind(crs="EPSG:4549")
    for node in nodes.tolist():
        made.add_node(node, x=xy[node, 0], y=xy[node, 1])
    for number in numbers.tolist():
        made.add_edge(*edges[number], highway=words[number])
    return made


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", [nx.MultiDiGraph, nx.MultiGraph])
def test_the_order_of_a_graph_changes_nothing(seed: int, kind: type) -> None:
    network, _ = network_from_graph(drawn_graph(seed, kind, shuffled=False), name="g")
    again, _ = network_from_graph(drawn_graph(seed, kind, shuffled=True), name="g")
    assert same(network, again)
