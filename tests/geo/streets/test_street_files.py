"""What a street file leaves unsaid or says wrongly: told by node, edge and figure."""

from pathlib import Path

import geopandas as gpd
import networkx as nx
import pytest
import shapely

from geo.errors import StreetsError
from geo.findings import Finding
from geo.streets import read_streets

HEAD = (
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    '<key id="x" for="node" attr.name="x" attr.type="double"/>'
    '<key id="y" for="node" attr.name="y" attr.type="double"/>'
    '<key id="l" for="edge" attr.name="length" attr.type="string"/>'
    '<key id="c" for="graph" attr.name="crs" attr.type="string"/>'
    '<graph edgedefault="directed"><data key="c">EPSG:4549</data>'
)
PLACES = {"1": (500_000, 4_680_000), "2": (500_300, 4_680_000), "3": (500_300, 4_680_400)}


def node(name: str, x: float | None = None, y: float | None = None) -> str:
    data = "".join(
        f'<data key="{axis}">{value}</data>' for axis, value in (("x", x), ("y", y))
        if value is not None
    )
    return f'<node id="{name}">{data}</node>'


def edge(tail: str, head: str, length: object = None) -> str:
    data = "" if length is None else f'<data key="l">{length}</data>'
    return f'<edge source="{tail}" target="{head}">{data}</edge>'


def graphml(folder: Path, *parts: str, head: str = HEAD, nodes: str | None = None) -> Path:
    path = folder / "g.graphml"
    if nodes is None:
        nodes = "".join(node(name, x, y) for name, (x, y) in PLACES.items())
    path.write_text(head + nodes + "".join(parts) + "</graph></graphml>", encoding="utf-8")
    return path


def told(path: Path) -> list[str]:
    return [str(finding.message) for finding in read_streets(path)[1]]


def refusal(path: Path) -> str:
    with pytest.raises(StreetsError) as caught:
        read_streets(path)
    return str(caught.value)


def test_an_edge_is_numbered_as_it_stands_in_the_file(tmp_path: Path) -> None:
    # Gathered node by node, the second edge of the file would be the third: 1-2, 1-3, 2-3.
    path = graphml(tmp_path, edge("1", "2", 300), edge("2", "3", -400), edge("1", "3", 500))
    assert "edge 2：长度(length)“-400”是负数" in refusal(path)


def test_the_first_length_that_differs_is_named(tmp_path: Path) -> None:
    path = graphml(tmp_path, edge("1", "2", 300), edge("2", "3", 0), edge("1", "3", 500))
    assert told(path) == [
        ("1 条道路所给长度(length)与几何长度相差超过 10%（首个是 edge 2：所给 0 米，几何 400 米），"
        "已按几何长度计算。")
    ]


def test_no_length_and_no_system_are_told(tmp_path: Path) -> None:
    assert told(graphml(tmp_path, edge("1", "2"))) == ["道路都没有写长度(length)，一律按几何计算。"]
    unnamed = HEAD.replace('<data key="c">EPSG:4549</data>', "")
    degrees = node("1", 118.95, 42.26) + node("2", 118.96, 42.26)
    path = graphml(tmp_path, edge("1", "2", 824.8), head=unnamed, nodes=degrees)
    assert told(path) == ["没有说明坐标系（crs），按 WGS84 经纬度处理。"]


def test_a_node_without_a_place_is_named(tmp_path: Path) -> None:
    lost = graphml(tmp_path, edge("1", "2", 300), edge("3", "777", 1), edge("2", "3", 400))
    assert "edge 2 所连的节点 777 不在文件中" in refusal(lost)
    nodes = node("1", 500_000, 4_680_000) + node("2", 500_300)
    assert "节点 2 缺少坐标 y，" in refusal(graphml(tmp_path, edge("1", "2", 300), nodes=nodes))
    nodes = node("1", 500_000, 4_680_000) + node("2")
    path = graphml(tmp_path, edge("1", "2"), nodes=nodes)
    assert "节点 2 不在文件中，或没有坐标" in refusal(path)


def test_a_cut_graph_and_one_of_countless_attributes_are_refused(tmp_path: Path) -> None:
    path = graphml(tmp_path, edge("1", "2"))
    path.write_text(path.read_text(encoding="utf-8")[:-30], encoding="utf-8")
    assert "不完整" in refusal(path)
    many = node("1", 1, 1).replace("</node>", '<data key="x">1</data>' * 1_000 + "</node>")
    path = graphml(tmp_path, edge("1", "2"), nodes=many)
    assert "属性超过 1000 个" in refusal(path)


@pytest.mark.parametrize("name", ["a.osm", "a.osm.pbf", "a.graphml"])
def test_an_empty_file_is_called_one(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert refusal(tmp_path / name) == f"{name}：是空文件（0 字节）。"


def lines(folder: Path, *drawn: list[tuple[float, float]]) -> Path:
    frame = gpd.GeoDataFrame(
        {"name": ["街"] * len(drawn)},
        geometry=[shapely.LineString([(500_000 + x, 4_680_000 + y) for x, y in each])
                  for each in drawn],
        crs="EPSG:4549",
    )
    frame.to_file(folder / "streets.gpkg", engine="pyogrio")
    return folder / "streets.gpkg"


@pytest.mark.parametrize(("gap_m", "is_told"), [(3.3, True), (5.5, True), (6.5, False)])
def test_an_end_metres_from_a_street_is_told(tmp_path: Path, gap_m: float, is_told: bool) -> None:  # noqa: FBT001 - of the table
    path = lines(tmp_path, [(0, 0), (400, 0)], [(200, gap_m), (200, 300)])
    near = [each for each in told(path) if "未连接" in each]
    assert near == [
        f"道路有 1 处端点距另一条道路不到 6 米而未连接（最大间距 {gap_m} 米）。"
    ][:is_told]


def pieces(findings: list[Finding]) -> list[str]:
    return [str(f.message) for f in findings if "片" in str(f.message)]


def test_streets_in_two_halves_are_told_and_scraps_are_not(tmp_path: Path) -> None:
    # 4 km and 2 km: two thirds of the metres.
    halves = lines(tmp_path, [(0, 0), (4_000, 0)], [(0, 500), (2_000, 500)])
    assert pieces(read_streets(halves)[1]) == [
        ("道路分成 2 片，彼此不相连：最长的一片有 4 公里，占 67%，其次的一片有 2 公里。"
        "从一片走不到另一片。")
    ]
    scrap = lines(tmp_path, [(0, 0), (4_000, 0)], [(0, 500), (300, 500)])
    assert pieces(read_streets(scrap)[1]) == []


def test_a_graph_in_memory_need_not_name_its_system(tmp_path: Path) -> None:
    graph: nx.DiGraph[int] = nx.DiGraph(crs="EPSG:4549")
    graph.add_nodes_from([(n, {"x": x, "y": y}) for n, (x, y) in enumerate(PLACES.values())])
    graph.add_edge(0, 1, length=300.0)
    nx.write_graphml(graph, tmp_path / "g.graphml")
    assert told(tmp_path / "g.graphml") == []
