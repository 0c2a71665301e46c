"""OSM files out of an editor, a history or a careless export: read aright, or told apart."""

import gzip
from pathlib import Path

import networkx as nx
import osmium
import pytest

from geo.errors import CoordinateError, StreetsError
from geo.streets import read_streets

ROAD = '<tag k="highway" v="residential"/>'
# About 82.4 m a thousandth of a degree east at 42.27 N.
EAST = {1: (118.950, 42.270), 2: (118.951, 42.270), 3: (118.952, 42.270)}


def node(number: int, more: str = "") -> str:
    lon, lat = EAST[abs(number)]
    return f'<node id="{number}" lat="{lat}" lon="{lon}"{more}/>'


def way(number: int, *refs: int, more: str = "") -> str:
    nodes = "".join(f'<nd ref="{ref}"/>' for ref in refs)
    return f'<way id="{number}"{more}>{nodes}{ROAD}</way>'


def osm(path: Path, *things: str) -> Path:
    text = f'<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">{"".join(things)}</osm>'
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("ending", [".osm", ".osm.gz"])
def test_what_is_new_in_josm_is_read_and_joins_what_was_there(tmp_path: Path, ending: str) -> None:
    path = osm(
        tmp_path / f"josm{ending}", node(1), node(-2, ' action="modify"'), node(-3),
        way(7, 1, -2), way(-8, -2, -3),
    )
    network, findings = read_streets(path)
    assert (len(network.x), len(network), findings) == (3, 2, [])
    assert network.length_mm.tolist() == pytest.approx([82_400, 82_400], abs=300)


@pytest.mark.parametrize("mark", [' action="delete"', " action='delete'", ' visible="false"'])
def test_what_was_deleted_does_not_count(tmp_path: Path, mark: str) -> None:
    path = osm(
        tmp_path / "josm.osm", node(1), node(2), node(3), way(7, 1, 2), way(8, 2, 3, more=mark),
    )
    network, findings = read_streets(path)
    assert len(network) == 1
    assert [str(finding.message) for finding in findings] == [
        "1 个已在编辑器中标为删除的对象未采用。"
    ]


def test_a_file_of_deleted_streets_holds_none(tmp_path: Path) -> None:
    path = osm(tmp_path / "josm.osm", node(1), node(2), way(7, 1, 2, more=' action="delete"'))
    with pytest.raises(StreetsError, match=r"^josm\.osm：文件中没有道路"):
        read_streets(path)


def test_ways_that_stand_before_their_nodes_are_read(tmp_path: Path) -> None:
    """Overpass writes them so when asked for `out body; >; out skel qt;`."""
    network, findings = read_streets(osm(tmp_path / "o.osm", way(7, 1, 2, 3), node(1), node(2),
                                         node(3)))
    assert (len(network), findings) == (1, [])
    assert network.length_mm.tolist() == pytest.approx([164_800], abs=500)


def test_a_way_listed_twice_counts_once(tmp_path: Path) -> None:
    path = osm(tmp_path / "two.osm", node(1), node(2), node(3), way(7, 1, 2), way(8, 2, 3),
               way(7, 1, 2))
    network, findings = read_streets(path)
    assert len(network) == 2
    assert [str(finding.message) for finding in findings] == [
        "1 条道路在文件中重复列出，各只采用一次。"
    ]


def test_two_versions_of_a_way_are_a_history(tmp_path: Path) -> None:
    path = osm(tmp_path / "h.osm", node(1), node(2), node(3), way(7, 1, 2, more=' version="1"'),
               way(7, 1, 3, more=' version="2"'))
    with pytest.raises(StreetsError, match=r"^h\.osm：是 OpenStreetMap 历史文件"):
        read_streets(path)


def test_a_history_says_so_in_its_header(tmp_path: Path) -> None:
    path = tmp_path / "h.osm.pbf"
    header = osmium.io.Header()
    header.has_multiple_object_versions = True
    writer = osmium.SimpleWriter(osmium.io.File(str(path), "osh.pbf"), header=header)
    for number, where in EAST.items():
        writer.add_node(osmium.osm.mutable.Node(id=number, location=where, version=1))
    writer.add_way(osmium.osm.mutable.Way(id=7, nodes=[1, 2], tags={"highway": "road"}, version=1))
    writer.close()
    with pytest.raises(StreetsError, match=r"^h\.osm\.pbf：是 OpenStreetMap 历史文件"):
        read_streets(path)


@pytest.mark.parametrize("name", ["h.osh", "h.osh.pbf", "c.osc", "c.osc.gz"])
def test_histories_and_changes_are_told_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x1f\x8b" if name.endswith("gz") else b"<osm/>")
    with pytest.raises(StreetsError, match=f"^{name}：是 OpenStreetMap 的历史"):
        read_streets(tmp_path / name)


@pytest.mark.parametrize(("east", "north"), [(118.95, 42.27), (87.6, 43.8)])
def test_swapped_degrees_are_told(tmp_path: Path, east: float, north: float) -> None:
    """At Chifeng a longitude is no latitude; at Urumqi it could be one."""
    nodes = "".join(f'<node id="{n}" lon="{north + n / 1000}" lat="{east}"/>' for n in (1, 2))
    path = osm(tmp_path / "swapped.osm", nodes, way(7, 1, 2))
    with pytest.raises(CoordinateError, match=r"^swapped\.osm：经度与纬度颠倒（例如经度 4"):
        read_streets(path)


def test_a_node_beyond_the_earth_cuts_its_street(tmp_path: Path) -> None:
    path = osm(tmp_path / "b.osm", node(1), node(2), node(3), '<node id="4" lon="200" lat="42"/>',
               way(7, 1, 2, 4, 3), way(8, 2, 3))
    network, findings = read_streets(path)
    assert len(network) == 2
    assert [str(finding.message) for finding in findings] == [
        ("1 个节点的坐标超出度的范围（首个是节点 4：经度 200、纬度 42），"
        "位置按未知处理，道路在该处断开。")
    ]


def graphml(path: Path, *places: tuple[float, float], **about: str) -> Path:
    graph = nx.Graph(**about)
    for number, (x, y) in enumerate(places):
        graph.add_node(number, x=x, y=y)
    graph.add_edge(0, 1)
    nx.write_graphml(graph, path)
    return path


def test_a_graph_with_swapped_degrees_is_told(tmp_path: Path) -> None:
    path = graphml(tmp_path / "g.graphml", (42.26, 118.95), (42.27, 118.95))
    with pytest.raises(CoordinateError, match=r"^g\.graphml：经度与纬度颠倒（例如经度 42\.26"):
        read_streets(path)


def test_a_graph_in_metres_that_names_no_crs_is_told(tmp_path: Path) -> None:
    path = graphml(tmp_path / "g.graphml", (413_000, 4_680_000), (413_100, 4_680_000))
    with pytest.raises(CoordinateError, match=r"^g\.graphml：节点 0 .*若以米计，请写明坐标系 crs"):
        read_streets(path)


def test_a_graph_whose_crs_nobody_knows_names_its_file(tmp_path: Path) -> None:
    path = graphml(tmp_path / "g.graphml", (118.95, 42.26), (118.95, 42.27), crs="EPSG:0")
    with pytest.raises(CoordinateError, match=r"^g\.graphml：坐标系“EPSG:0”无法识别"):
        read_streets(path)
