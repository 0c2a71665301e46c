"""Streets from GraphML, as OSMnx, networkx and Gephi write it, and from OSMnx graphs."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.door.grids import refuse_grid
from geo.errors import CoordinateError, StreetsError
from geo.findings import Finding
from geo.language import Message, say
from geo.ledgers.numbers import figure
from geo.position.coordinates import WGS84, metric_crs, parse_crs
from geo.streets.assembly import NOT_A_NODE, Ways, assemble
from geo.streets.graph_file import NUMBER, graph_in, unsaid
from geo.streets.lengths import check_lengths, require_positions, without_length
from geo.streets.network import Floats, WalkNetwork
from geo.streets.turned import beyond_the_earth, refuse_swapped
from geo.streets.walkable import TAGS, foot_direction, private, walkable

AT_THE_NODE_M = 1.0  # an edge that ends further from its node is worth a word


def read_graphml(path: Path, crs: CRS | None = None) -> tuple[WalkNetwork, list[Finding]]:
    """Return the network of a GraphML file, and what was noticed.

    Errors: StreetsError for a damaged file, nodes without x and y, or nonsense lengths;
    CoordinateError for positions that cannot be where the file says.
    """
    graph = graph_in(path)
    network, findings = network_from_graph(graph, crs, name=path.name)
    return network, [*unsaid(graph, path.name), *findings]


def network_from_graph(
    graph: "nx.Graph[Any]", crs: CRS | None = None, *, name: str
) -> tuple[WalkNetwork, list[Finding]]:
    """Return the network of a graph whose nodes carry x and y, and what was noticed.

    graph
        Coordinates are in `graph.graph["crs"]`, WGS84 by default; an edge runs straight unless it
        has a `geometry` (a LineString or its WKT), drawn in either direction. OSM tags on edges
        bring the street filter.
    """
    nodes = _positions(graph, name)
    edges = _edges(graph, nodes, name)
    system = _system(graph, nodes, name)
    frame = gpd.GeoDataFrame(edges, geometry="geometry", crs=system)
    crs = crs or _crs_of(nodes, system)
    metric = frame.to_crs(crs)
    require_positions(shapely.get_coordinates(metric.geometry.array), name)
    findings = check_lengths(metric, name=name, what="edge")
    metric = _walkable_edges(metric, name)
    nowhere = (metric["tail"] == metric["head"]) & (shapely.length(metric.geometry.array) == 0)
    findings += without_length(int(nowhere.sum()), name)
    metric, more = _from_tail_to_head(metric, _moved(nodes, system, crs), name)
    findings += more
    tags = [_tags(row) for row in metric.to_dict("records")]
    metric = metric.assign(oneway_on_foot=_directions(metric, tags))
    metric = _once(_in_order(metric))
    lines = shapely.force_2d(metric.geometry.array)
    xy, line = shapely.get_coordinates(lines, return_index=True)
    start = np.searchsorted(line, np.arange(len(lines) + 1))
    node = np.full(len(xy), NOT_A_NODE, dtype=np.int64)
    node[start[:-1]], node[start[1:] - 1] = metric["tail"], metric["head"]
    tags = [_tags(row) for row in metric.to_dict("records")]
    ways = Ways(
        start=start,
        xy=xy,
        node=node,
        oneway=metric["oneway_on_foot"].to_numpy(dtype=np.int8),
        private=np.array([private(t) for t in tags], dtype=bool),
        kind=[t.get("highway", "road") for t in tags],
    )
    return assemble(ways, crs, name=name), findings


def _positions(graph: "nx.Graph[Any]", name: str) -> pd.DataFrame:
    try:
        xy = [(float(d["x"]), float(d["y"])) for _, d in graph.nodes(data=True)]
    except (KeyError, ValueError, TypeError):
        raise StreetsError(_about_placeless(graph, name)) from None
    nodes = pd.DataFrame(xy, columns=["x", "y"], index=list(graph.nodes))
    wrong = ~np.isfinite(nodes.to_numpy(dtype=float)).all(axis=1)
    if wrong.any():
        raise StreetsError(
            say(
                "{file}：节点 {node} 的坐标 x、y 不是有限的数。请重新导出。",
                file=name,
                node=str(nodes.index[wrong][0]),
            )
        )
    # Numbered by where they stand, then by their own names: the order in the file means nothing.
    labels = [str(node) for node in nodes.index]
    nodes = nodes.iloc[sorted(range(len(nodes)), key=lambda row: (*xy[row], labels[row]))]
    return nodes.assign(number=np.arange(len(nodes)))


def _about_placeless(graph: "nx.Graph[Any]", name: str) -> Message:
    """Return what is wrong with the first node that has no position."""
    node, data, lacking = next(
        (node, data, lacking) for node, data in graph.nodes(data=True)
        if (lacking := [axis for axis in ("x", "y") if not _is_number(data.get(axis))])
    )
    at = next((at for at, ends in enumerate(graph.edges()) if node in ends), None)
    if not data and at is not None:
        return say(
            "{file}：edge {edge} 所连的节点 {node} 不在文件中，或没有坐标。请导出完整的路网。",
            file=name, edge=_labels(graph)[at], node=str(node)[:60],
        )
    return say(
        "{file}：节点 {node} 缺少坐标 {axes}，或不是数。请用 OSMnx 的 save_graphml 重新导出。",
        file=name, node=str(node)[:60], axes="、".join(lacking),
    )


def _is_number(value: Any) -> bool:  # noqa: ANN401 - whatever a graph holds
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _system(graph: "nx.Graph[Any]", nodes: pd.DataFrame, name: str) -> CRS:
    """Return the CRS of the nodes.

    Errors: CoordinateError for one that is unknown, and for degrees that cannot be degrees.
    """
    said = str(graph.graph.get("crs", WGS84))
    refuse_grid(said, name)
    try:
        system = parse_crs(said)
    except CoordinateError as error:
        raise CoordinateError(say("{file}：{reason}", file=name, reason=error)) from None
    if not system.is_geographic:
        return system
    lonlat = nodes[["x", "y"]].to_numpy(dtype=float)
    refuse_swapped(lonlat, name)
    beyond = beyond_the_earth(lonlat)
    if beyond.any():
        first = nodes.iloc[int(np.flatnonzero(beyond)[0])]
        raise CoordinateError(
            say(
                "{file}：节点 {node} 的坐标（{x}, {y}）超出度的范围。若以米计，请写明坐标系 crs"
                "（如 EPSG:4549）；否则请改正。",
                file=name, node=str(first.name)[:60], x=figure(first["x"]), y=figure(first["y"]),
            )
        )
    return system


def _crs_of(nodes: pd.DataFrame, system: CRS) -> CRS:
    middle = gpd.GeoSeries(
        gpd.points_from_xy([nodes["x"].median()], [nodes["y"].median()]), crs=system
    ).to_crs(WGS84)
    return metric_crs(float(middle.x.iloc[0]), float(middle.y.iloc[0]))


def _edges(graph: "nx.Graph[Any]", nodes: pd.DataFrame, name: str) -> pd.DataFrame:
    rows = [{**data, "from": u, "to": v} for u, v, data in graph.edges(data=True)]
    edges = pd.DataFrame(rows)
    edges["label"] = _labels(graph)
    if "length" in edges.columns:
        # An empty text says as little as an absent one; a NaN that was written is another matter.
        said = [row.get("length") for row in rows]
        edges["length"] = pd.Series([None if each == "" else each for each in said], dtype=object)
    if edges.empty:
        raise StreetsError(say("{file}：文件中没有道路。请换成含道路(way)的数据。", file=name))
    tail = nodes["number"].loc[edges["from"]].to_numpy()
    head = nodes["number"].loc[edges["to"]].to_numpy()
    if not graph.is_directed():  # which end is named first follows from the order in the file
        tail, head = np.minimum(tail, head), np.maximum(tail, head)
    edges["tail"], edges["head"] = tail, head
    ends = nodes[["x", "y"]].to_numpy()[np.stack([tail, head], axis=1)]
    straight = shapely.linestrings(ends)
    drawn = edges.get("geometry", pd.Series(None, index=edges.index, dtype=object))
    has_wkt = drawn.map(lambda value: isinstance(value, str) and value != "")
    geometry = np.where(drawn.map(lambda v: isinstance(v, shapely.LineString)), drawn, straight)
    read = shapely.from_wkt(drawn[has_wkt].to_numpy(), on_invalid="ignore")
    line = shapely.get_type_id(read) == shapely.GeometryType.LINESTRING
    wrong = ~line | shapely.is_empty(read)
    if wrong.any():
        raise StreetsError(
            say(
                "{file}：edge {number} 的 geometry“{value}”不是线的 WKT。请重新导出。",
                file=name,
                number=edges["label"].iloc[int(np.flatnonzero(has_wkt)[wrong][0])],
                value=str(drawn[has_wkt].to_numpy()[wrong][0])[:60],
            )
        )
    geometry[has_wkt] = read
    edges["geometry"] = geometry
    return edges


def _labels(graph: "nx.Graph[Any]") -> list[str]:
    """Return what each edge is called in the file: its id or its place."""
    if graph.is_multigraph():
        ids = [str(key) for _, _, key in graph.edges(keys=True)]
    else:
        ids = [str(data.get("id", "")) for _, _, data in graph.edges(data=True)]
    numbered = [
        str(data.get(NUMBER, at)) for at, (_, _, data) in enumerate(graph.edges(data=True), start=1)
    ]
    return ids if all(ids) and len(set(ids)) == len(ids) else numbered


def _moved(nodes: pd.DataFrame, system: CRS, crs: CRS) -> Floats:
    """Return the positions of the nodes in metres, shape (nodes, 2)."""
    points = gpd.GeoSeries(gpd.points_from_xy(nodes["x"], nodes["y"]), crs=system).to_crs(crs)
    return np.column_stack([points.x, points.y])


def _from_tail_to_head(
    frame: gpd.GeoDataFrame, node_xy: Floats, name: str
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return edges drawn from tail to head, and a finding on those that miss their nodes.

    node_xy
        Positions of the nodes in the CRS of the frame.
    """
    lines = frame.geometry.to_numpy()
    first, last = shapely.get_point(lines, 0), shapely.get_point(lines, -1)
    nodes = shapely.points(node_xy)
    tail, head = nodes[frame["tail"]], nodes[frame["head"]]
    ahead = shapely.distance(first, tail), shapely.distance(last, head)
    turned = shapely.distance(last, tail), shapely.distance(first, head)
    backwards = np.hypot(*turned) < np.hypot(*ahead)
    frame = frame.set_geometry(
        gpd.GeoSeries(
            np.where(backwards, shapely.reverse(lines), lines), index=frame.index, crs=frame.crs
        )
    )
    missed = np.where(backwards, np.maximum(*turned), np.maximum(*ahead)) > AT_THE_NODE_M
    if not missed.any():
        return frame, []
    message = say(
        "{count} 条道路的线形没有通到自己的节点（相差超过 {near:.0f} 米），仍按节点连通。",
        count=int(missed.sum()),
        near=AT_THE_NODE_M,
    )
    return frame, [Finding("warning", "streets", message, say("请核对道路数据。"), file=name)]


def _directions(frame: gpd.GeoDataFrame, tags: list[dict[str, str]]) -> list[int]:
    """Return each edge's one-way direction for walkers: 1 from tail to head, -1 back, 0 both.

    OSMnx marks the edges that run against the drawing of their way as `reversed`; the tags are
    those of the way.
    """
    if "reversed" not in frame.columns:
        return [foot_direction(way) for way in tags]
    return [
        -foot_direction(way) if str(back) == "True" else foot_direction(way)
        for way, back in zip(tags, frame["reversed"], strict=True)
    ]


def _tags(row: dict[Any, Any]) -> dict[str, str]:
    """Return the OSM tags of an edge; a merged edge lists several words, the first counts."""
    tags = {}
    for key in TAGS:
        value = row.get(key)
        if isinstance(value, str) and value.startswith("["):
            value = value.strip("[]").split(",")[0].strip(" '\"")
        if isinstance(value, list):
            value = value[0]
        if isinstance(value, str) and value:
            tags[key] = value
    return tags


def _walkable_edges(frame: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    if "highway" in frame.columns:
        frame = frame[[walkable(_tags(row)) for row in frame.to_dict("records")]]
    if frame.empty:
        raise StreetsError(say("{file}：没有可步行的道路。请检查文件和 highway 字段。", file=name))
    return frame


def _in_order(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the edges by tail, head, drawing and tags, whatever order they came in."""
    drawn = shapely.to_wkb(frame.geometry.array)
    ends = frame[["tail", "head"]].to_numpy().tolist()
    tags = [tuple(_tags(row).items()) for row in frame.to_dict("records")]
    return frame.iloc[sorted(range(len(frame)), key=lambda n: (ends[n], drawn[n], tags[n]))]


def _once(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return each street once: directed graphs list those walked both ways twice."""
    low, high = frame[["tail", "head"]].min(axis=1), frame[["tail", "head"]].max(axis=1)
    metres = frame.geometry.length.round(2)
    # There and back are two one-way streets, not one drawn twice.
    oneway = frame["oneway_on_foot"]
    upwards = oneway.where(frame["tail"] <= frame["head"], -oneway)
    key = pd.DataFrame({"a": low, "b": high, "m": metres, "upwards": upwards})
    return frame[~key.duplicated()]
