"""Isochrones as the OSMnx example notebook draws them, step by step, and with shapely alone."""

from typing import Any

import geopandas as gpd
import shapely

from bench.contest import LIMIT_MM

NODE_M, EDGE_M = 0.0, 25.0  # how far the example buffers nodes and edges
QUARTER = 4  # segments of a quarter circle where speed counts


def recipe_polygon(graph: Any, centre: int) -> shapely.Geometry:  # noqa: ANN401 - a MultiDiGraph
    """Return the streets within the limit of a node, buffered and merged, holes filled."""
    import networkx as nx

    reached = nx.ego_graph(graph, centre, radius=LIMIT_MM / 1000, distance="length")
    points = [shapely.Point(each["x"], each["y"]) for _, each in reached.nodes(data=True)]
    nodes = gpd.GeoDataFrame({"id": [*reached.nodes]}, geometry=points).set_index("id")
    lines = []
    for tail, head in reached.edges():
        straight = shapely.LineString([nodes.loc[tail].geometry, nodes.loc[head].geometry])
        lines.append(graph.get_edge_data(tail, head)[0].get("geometry", straight))
    discs = nodes.buffer(NODE_M).geometry
    strips = gpd.GeoSeries(lines).buffer(EDGE_M).geometry
    return _filled(gpd.GeoSeries([*discs, *strips]).union_all())


def _filled(shape: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shape)
    return shapely.union_all(shapely.polygons(shapely.get_exterior_ring(parts)))
