"""Streets from GraphML, as OSMnx, networkx and Gephi write it, and from OSMnx graphs."""

from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.coordinates import WGS84, metric_crs, parse_crs
from geo.errors import StreetsError
from geo.findings import Finding
from geo.language import say
from geo.streets.assembly import NOT_A_NODE, Ways, assemble
from geo.streets.lengths import check_lengths
from geo.streets.network import WalkNetwork
from geo.streets.walkable import TAGS, foot_direction, private, walkable


def read_graphml(path: Path, crs: CRS | None = None) -> tuple[WalkNetwork, list[Finding]]:
    """Return the network of a GraphML file, and what was noticed.

    Errors: StreetsError for a damaged file, nodes without x and y, or nonsense lengths.
    """
    _refuse_dtd(path)
    try:
        graph = nx.read_graphml(path, force_multigraph=True)
    except (ParseError, nx.NetworkXError, KeyError, ValueError, TypeError) as error:
        raise StreetsError(
            say(
                "{file}：文件已损坏或不是 GraphML，无法读取（{reason}）。请重新导出。",
                file=path.name,
                reason=str(error).splitlines()[0],
            )
        ) from None
    return network_from_graph(graph, crs, name=path.name)


def network_from_graph(
    graph: "nx.Graph[Any]", crs: CRS | None = None, *, name: str
) -> tuple[WalkNetwork, list[Finding]]:
    """Return the network of a graph whose nodes carry x and y, and what was noticed.

    graph
        Coordinates are in `graph.graph["crs"]`, WGS84 by default; an edge runs straight unless it
        has a `geometry` (a LineString or its WKT). OSM tags on edges bring the street filter.
    """
    nodes = _positions(graph, name)
    edges = _edges(graph, nodes, name)
    system = parse_crs(str(graph.graph.get("crs", WGS84)))
    frame = gpd.GeoDataFrame(edges, geometry="geometry", crs=system)
    crs = crs or _crs_of(nodes, system)
    metric = frame.to_crs(crs)
    findings = check_lengths(metric, name=name, what="edge")
    metric = _once(_walkable_edges(metric, name))
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
        oneway=np.array([foot_direction(t) for t in tags], dtype=np.int8),
        private=np.array([private(t) for t in tags], dtype=bool),
        kind=[t.get("highway", "road") for t in tags],
    )
    return assemble(ways, crs, name=name), findings


def _refuse_dtd(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(65_536)
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise StreetsError(
            say("{file}：文件含有 DTD 声明，为安全起见不予读取。请重新导出。", file=path.name)
        )


def _positions(graph: "nx.Graph[Any]", name: str) -> pd.DataFrame:
    try:
        xy = [(float(d["x"]), float(d["y"])) for _, d in graph.nodes(data=True)]
    except (KeyError, ValueError):
        raise StreetsError(
            say("{file}：节点缺少坐标 x、y。请用 OSMnx 的 save_graphml 重新导出。", file=name)
        ) from None
    nodes = pd.DataFrame(xy, columns=["x", "y"], index=list(graph.nodes))
    nodes["number"] = np.arange(len(nodes))
    return nodes


def _crs_of(nodes: pd.DataFrame, system: CRS) -> CRS:
    middle = gpd.GeoSeries(
        gpd.points_from_xy([nodes["x"].median()], [nodes["y"].median()]), crs=system
    ).to_crs(WGS84)
    return metric_crs(float(middle.x.iloc[0]), float(middle.y.iloc[0]))


def _edges(graph: "nx.Graph[Any]", nodes: pd.DataFrame, name: str) -> pd.DataFrame:
    rows = [{**data, "from": u, "to": v} for u, v, data in graph.edges(data=True)]
    edges = pd.DataFrame(rows)
    if "length" in edges.columns:  # None where absent: a NaN that was written is another matter
        edges["length"] = pd.Series([row.get("length") for row in rows], dtype=object)
    if edges.empty:
        raise StreetsError(say("{file}：文件中没有道路。请换成含道路(way)的数据。", file=name))
    tail, head = nodes.loc[edges["from"]], nodes.loc[edges["to"]]
    edges["tail"], edges["head"] = tail["number"].to_numpy(), head["number"].to_numpy()
    ends = np.stack([tail[["x", "y"]].to_numpy(), head[["x", "y"]].to_numpy()], axis=1)
    straight = shapely.linestrings(ends)
    drawn = edges.get("geometry", pd.Series(None, index=edges.index, dtype=object))
    has_wkt = drawn.map(lambda value: isinstance(value, str) and value != "")
    geometry = np.where(drawn.map(lambda v: isinstance(v, shapely.LineString)), drawn, straight)
    geometry[has_wkt] = shapely.from_wkt(drawn[has_wkt].to_numpy())
    edges["geometry"] = geometry
    return edges


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


def _once(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return each street once: directed graphs list those walked both ways twice."""
    low, high = frame[["tail", "head"]].min(axis=1), frame[["tail", "head"]].max(axis=1)
    metres = frame.geometry.length.round(2)
    return frame[~pd.DataFrame({"a": low, "b": high, "m": metres}).duplicated()]
