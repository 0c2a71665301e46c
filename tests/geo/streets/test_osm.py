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


def write_osm(
    path: Path,
    ways: list[tuple[list[int], dict[str, str]]],
    nodes: dict[int, tuple[float, float]] = NODES,
) -> Path:
    with osmium.SimpleWriter(str(path)) as writer:
        for number, where in nodes.items():
            writer.add_node(osmium.osm.mutable.Node(id=number, location=where))
        for number, (refs, tags) in enumerate(ways, start=1):
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=refs, tags=tags))
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


def test_a_clipped_way_is_the_sum_of_its_stretches(tmp_path: Path) -> None:
    """Of 99-1-2-98-3-97-97-4-3-4-4 the stretches 1-2 and 4-3-4 can be walked; 3 alone cannot."""
    road = {"highway": "residential", "access": "private"}
    path = write_osm(tmp_path / "roads.osm", [([99, 1, 2, 98, 3, 97, 97, 4, 3, 4, 4], road)])
    network, findings = read_streets(path)
    # Three nodes are not there; what is left lies in two pieces.
    assert [f.message.values["count"] for f in findings] == [3, 2]
    assert (len(network.x), len(network), network.private.tolist()) == (3, 2, [True] * 2)
    assert sorted(np.diff(network.vertex_start).tolist()) == [2, 3]
    assert sorted(np.round(network.length_mm / 1000)) == pytest.approx([82, 2 * 138], abs=1)


def test_ways_of_a_single_node_are_passed_over(tmp_path: Path) -> None:
    road = {"highway": "residential"}
    path = write_osm(
        tmp_path / "roads.osm", [([1], road), ([2, 2], road), ([], road), ([1, 2], road)]
    )
    network, findings = read_streets(path)
    assert (len(network), [f.message.values["count"] for f in findings]) == (1, [3])
    assert "没有长度" in str(findings[0].message)


def test_ways_whose_nodes_are_all_missing_are_nothing_to_walk_on(tmp_path: Path) -> None:
    path = write_osm(tmp_path / "roads.osm", [([98, 99], {"highway": "residential"})])
    with pytest.raises(StreetsError, match="没有可步行的道路"):
        read_streets(path)


def test_nodes_on_one_spot_are_still_two_nodes(tmp_path: Path) -> None:
    """A bridge above a road: 5 lies on 2, and no way joins them."""
    road = {"highway": "residential"}
    path = write_osm(
        tmp_path / "roads.osm", [([1, 2, 3], road), ([4, 5], road)], {**NODES, 5: NODES[2]}
    )
    network, _ = read_streets(path)
    assert len(np.unique(network.component)) == 2


def test_a_step_between_two_nodes_on_one_spot_costs_a_millimetre(tmp_path: Path) -> None:
    road = {"highway": "residential"}
    path = write_osm(
        tmp_path / "roads.osm", [([1, 2], road), ([2, 5], road)], {**NODES, 5: NODES[2]}
    )
    network, _ = read_streets(path)
    assert (network.length_mm.min(), len(np.unique(network.component))) == (1, 1)


def test_a_turning_circle_is_a_street_back_to_its_node(tmp_path: Path) -> None:
    """82 m east, 111 m north, 138 m back across: the ring 1-2-4-1 with the stub 2-3."""
    road = {"highway": "residential"}
    path = write_osm(tmp_path / "roads.osm", [([2, 4, 1, 2], road), ([2, 3], road)])
    network, _ = read_streets(path)
    ring = int(np.flatnonzero(network.tail == network.head)[0])
    assert len(network) == 2
    assert network.length_mm[ring] / 1000 == pytest.approx(82 + 111 + 138, abs=2)


def test_the_order_of_ways_changes_nothing(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    nodes = {n: (118.95 + x / 1e3, 42.27 + y / 1e3) for n, (x, y) in
             enumerate(rng.integers(0, 5, (20, 2)).tolist(), start=1)}  # fmt: skip
    ways = [(rng.integers(1, 21, 4).tolist(), {"highway": str(word)})
            for word in rng.choice(["footway", "steps"], 30)]  # fmt: skip
    ways += ways[:3]
    one, _ = read_streets(write_osm(tmp_path / "one.osm.pbf", ways, nodes))
    other, _ = read_streets(write_osm(tmp_path / "other.osm.pbf", ways[::-1], nodes))
    for name in ("x", "y", "tail", "head", "length_mm", "kind", "vertex_xy", "vertex_start"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "空文件"),
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
