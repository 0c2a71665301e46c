"""GraphML as OSMnx and others write it."""

from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from geo.errors import StreetsError
from geo.language import speaking
from geo.streets import read_streets
from geo.streets.graphml import network_from_graph


def graph(**edge: object) -> "nx.MultiDiGraph[int]":
    made: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs="EPSG:4326")
    for node, (x, y) in {1: (118.95, 42.27), 2: (118.951, 42.27), 3: (118.951, 42.271)}.items():
        made.add_node(node, x=x, y=y)
    for a, b in ((1, 2), (2, 1), (2, 3), (3, 2)):
        made.add_edge(a, b, highway="residential", **edge)
    return made


def test_streets_listed_in_both_directions_count_once() -> None:
    network, findings = network_from_graph(graph(), name="g")
    assert (len(network.x), len(network), findings) == (3, 2, [])


def test_a_saved_graph_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "walk.graphml"
    nx.write_graphml(graph(length=82.4), path)
    network, _ = read_streets(path)
    assert len(network) == 2


def test_an_edge_runs_along_its_geometry(tmp_path: Path) -> None:
    made: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs="EPSG:4549")
    made.add_node(1, x=500_000.0, y=4_680_000.0)
    made.add_node(2, x=500_100.0, y=4_680_000.0)
    wkt = "LINESTRING (500000 4680000, 500050 4680120, 500100 4680000)"
    made.add_edge(1, 2, geometry=wkt)
    path = tmp_path / "walk.graphml"
    nx.write_graphml(made, path)
    network, _ = read_streets(path)
    assert network.length_mm.tolist() == [260_000]  # 50-120-130 triangles, twice


@pytest.mark.parametrize("wkt", ["LINESTRING (1", "POINT (1 2)", "约"])
def test_a_geometry_that_is_no_line_is_refused(wkt: str) -> None:
    made = graph()
    made.edges[1, 2, 0]["geometry"] = wkt
    with pytest.raises(StreetsError, match="edge 1"):
        network_from_graph(made, name="g")


def test_merged_edges_list_several_words() -> None:
    made = graph()
    for _, _, data in made.edges(data=True):
        data["highway"] = "['residential', 'service']"
    network, _ = network_from_graph(made, name="g")
    assert network.kinds == ("residential",)


@pytest.mark.parametrize("length", ["约333", float("nan"), float("inf"), 0.0])
def test_nonsense_lengths_are_refused(length: object) -> None:
    with pytest.raises(StreetsError, match="length"):
        network_from_graph(graph(length=length), name="g")


def test_a_missing_length_is_told_and_measured() -> None:
    made = graph(length=82.4)
    del made.edges[1, 2, 0]["length"]
    network, findings = network_from_graph(made, name="g")
    assert len(network) == 2
    assert any("edge 1" in str(f.line()) for f in findings)


def test_nodes_without_coordinates_are_refused() -> None:
    made: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    made.add_edge(1, 2)
    with pytest.raises(StreetsError, match="节点 1 不在文件中，或没有坐标"):
        network_from_graph(made, name="g")


def test_a_dtd_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "walk.graphml"
    path.write_text('<?xml version="1.0"?><!DOCTYPE graphml [<!ENTITY a "a">]><graphml/>', "utf-8")
    with pytest.raises(StreetsError, match="DTD"):
        read_streets(path)


def test_something_else_under_the_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "walk.graphml"
    path.write_bytes(b"\x80\x04K\x01.")
    with pytest.raises(StreetsError, match=r"walk.graphml"):
        read_streets(path)


def corner(*geometries: str) -> "nx.MultiDiGraph[int]":
    """Return A (0, 0) to B (100, 0) by a line given, then B to C (100, 50)."""
    made: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs="EPSG:4549")
    for node, (x, y) in {1: (0, 0), 2: (100, 0), 3: (100, 50)}.items():
        made.add_node(node, x=500_000.0 + x, y=4_680_000.0 + y)
    for wkt in geometries:
        made.add_edge(1, 2, geometry=wkt)
    made.add_edge(2, 3)
    return made


@pytest.mark.parametrize(
    "wkt",
    [
        "LINESTRING (500000 4680000, 500050 4680120, 500100 4680000)",
        "LINESTRING (500100 4680000, 500050 4680120, 500000 4680000)",
    ],
)
def test_an_edge_drawn_either_way_ends_at_its_own_nodes(wkt: str) -> None:
    network, findings = network_from_graph(corner(wkt), name="g")
    assert sorted(zip(network.x - 500_000, network.y - 4_680_000, strict=True)) == [
        (0, 0), (100, 0), (100, 50)
    ]  # fmt: skip
    node_xy = np.column_stack([network.x, network.y])
    first, last = network.vertex_start[:-1], network.vertex_start[1:] - 1
    assert network.vertex_xy[first].tolist() == node_xy[network.tail].tolist()
    assert network.vertex_xy[last].tolist() == node_xy[network.head].tolist()
    assert findings == []


def test_an_edge_that_misses_its_nodes_is_told_once() -> None:
    short = "LINESTRING (500000 4680000, 500098 4680000)"
    near = "LINESTRING (500000 4680000, 500050 4680010, 500099.5 4680000)"
    _, findings = network_from_graph(corner(short, near), name="g")
    assert [(f.severity, f.message.values["count"]) for f in findings] == [("warning", 1)]


def test_there_and_back_by_one_way_paths_are_two_streets() -> None:
    network, _ = network_from_graph(graph(**{"oneway:foot": "yes"}), name="g")
    assert len(network) == 4
    assert network.oneway.tolist() == [1] * 4


def test_an_edge_against_the_drawing_of_its_way_is_no_way_back() -> None:
    made = graph(**{"oneway:foot": "yes"})
    for tail, head, data in made.edges(data=True):
        data["reversed"] = tail > head
    network, _ = network_from_graph(made, name="g")
    assert network.oneway.tolist() == [1, 1]
    assert all(
        network.x[network.tail] + network.y[network.tail]
        < network.x[network.head] + network.y[network.head]
    )


def test_edges_are_counted_alike_in_both_languages() -> None:
    with pytest.raises(StreetsError, match="edge 1：") as refusal:
        network_from_graph(graph(length="约333"), name="g")
    with speaking("en"):
        assert "g edge 1: " in str(refusal.value)
