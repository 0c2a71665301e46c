"""GraphML as OSMnx and others write it."""

from pathlib import Path

import networkx as nx
import pytest

from geo.errors import StreetsError
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
    with pytest.raises(StreetsError, match="x、y"):
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
