"""OpenStreetMap files: shared nodes join, missing nodes cut, damage is told in one line."""

from pathlib import Path

import numpy as np
import osmium
import pytest

from geo.errors import StreetsError
from geo.streets import read_streets

SHARED = Path(__file__).resolve().parents[4] / "shared"
# About 82.4 m a thousandth of a degree east and 111.1 m north at 42.27 N.
NODES = {1: (118.950, 42.270), 2: (118.951, 42.270), 3: (118.952, 42.270), 4: (118.951, 42.271)}


def write_osm(path: Path, ways: list[tuple[list[int], dict[str, str]]]) -> Path:
    with osmium.SimpleWriter(str(path)) as writer:
        for number, where in NODES.items():
            writer.add_node(osmium.osm.mutable.Node(id=number, location=where))
        for number, (nodes, tags) in enumerate(ways, start=1):
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=nodes, tags=tags))
    return path


@pytest.mark.parametrize("ending", [".osm.pbf", ".osm"])
def test_ways_join_where_they_share_a_node(tmp_path: Path, ending: str) -> None:
    road = {"highway": "residential"}
    path = write_osm(tmp_path / f"roads{ending}", [([1, 2, 3], road), ([2, 4], road)])
    network, findings = read_streets(path)
    assert (len(network.x), len(network), findings) == (4, 3, [])
    assert network.crs.to_epsg() == 4549
    assert sorted(np.round(network.length_mm / 1000)) == pytest.approx([82, 82, 111], abs=1)


def test_a_node_is_no_corner_unless_shared(tmp_path: Path) -> None:
    path = write_osm(tmp_path / "roads.osm", [([1, 2, 3], {"highway": "residential"})])
    network, _ = read_streets(path)
    assert (len(network.x), len(network)) == (2, 1)


def test_tags_become_directions_and_privacy(tmp_path: Path) -> None:
    ways = [
        ([1, 2], {"highway": "footway", "oneway:foot": "yes"}),
        ([2, 3], {"highway": "service", "access": "private"}),
        ([2, 4], {"highway": "motorway"}),
    ]
    network, _ = read_streets(write_osm(tmp_path / "roads.osm", ways))
    assert network.oneway.tolist() == [1, 0]
    assert network.private.tolist() == [False, True]
    assert [network.kinds[k] for k in network.kind] == ["footway", "service"]


def test_a_clipped_file_is_cut_where_nodes_are_missing(tmp_path: Path) -> None:
    path = write_osm(tmp_path / "roads.osm", [([1, 2, 99, 3, 4], {"highway": "residential"})])
    network, findings = read_streets(path)
    assert len(network) == 2
    assert "1 个节点" in str(findings[0].line())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "损坏"),
        (b"not a pbf at all", "损坏"),
    ],
)
def test_a_damaged_pbf_is_one_line(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "roads.osm.pbf"
    path.write_bytes(content)
    with pytest.raises(StreetsError, match=says) as refusal:
        read_streets(path)
    assert "\n" not in str(refusal.value)
    assert "roads.osm.pbf" in str(refusal.value)


def test_motorways_alone_are_nothing_to_walk_on(tmp_path: Path) -> None:
    path = write_osm(tmp_path / "roads.osm", [([1, 2], {"highway": "motorway"})])
    with pytest.raises(StreetsError, match="没有可步行的道路"):
        read_streets(path)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(StreetsError, match=r"roads.osm：找不到"):
        read_streets(tmp_path / "roads.osm")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared layers are absent")
def test_porto_alegre_counts() -> None:
    network, findings = read_streets(SHARED / "data" / "porto_alegre" / "poa_osm.pbf")
    assert (len(network.x), len(network), findings) == (20_178, 28_037, [])
