"""The streets as an OpenStreetMap file, nodes and ways numbered in a fixed order."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
import osmium
import shapely
from making.arterials import Tags
from making.streetbook import Coordinate, StreetBook
from making.terrain import CRS, Terrain, reach, stream
from osmium.osm import mutable
from pyproj import Transformer
from shapely import LineString, Point

FIRST_NODE, FIRST_WAY = 1_000_001, 500_001
EDGE_OF_TOWN = 1.12
TRUNK_WITHOUT_PAVEMENT = 5


def _oddities(book: StreetBook) -> dict[int, Tags]:
    """Return tags for a few streets that a walker meets with surprise."""
    rng = stream("oddities")

    def some(count: int, **wanted: str) -> list[int]:
        fits = [
            n
            for n, tags in enumerate(book.tags)
            if all(tags.get(key) == value for key, value in wanted.items())
        ]
        return sorted(rng.choice(fits, size=min(count, len(fits)), replace=False).tolist())

    odd: dict[int, Tags] = {}
    for n in some(2, tunnel="yes", highway="primary"):
        odd[n] = {"foot": "no"}
    for n in some(4, highway="secondary"):
        odd[n] = {"foot": "no", "note": "公交专用(模拟)"}
    for n in some(30, highway="primary"):
        odd.setdefault(n, {"oneway": "yes"})
    for n in some(2, highway="steps"):
        odd[n] = {"oneway:foot": "yes"}
    trunks = [n for n, tags in enumerate(book.tags) if tags["highway"] == "trunk"]
    for n in sorted(trunks, key=lambda n: -book.lines[n].centroid.x)[:TRUNK_WITHOUT_PAVEMENT]:
        odd[n] = {"sidewalk": "no"}
    for n in some(3, highway="tertiary"):
        odd[n] = {"highway": "construction", "construction": "tertiary"}
    return {n: tags for n, tags in odd.items() if n not in _doors(book)}


def _doors(book: StreetBook) -> set[int]:
    """Return streets that must stay walkable: those on which gates open."""
    wanted = dict.fromkeys(book.gates)
    lanes = [n for n, line in enumerate(book.lines) if (line.coords[-1] in wanted)]
    outer = {line.coords[0] for line in (book.lines[n] for n in lanes)}
    return {n for n, joints in enumerate(book.joints) if outer & joints.keys()}


def _extra_ways(terrain: Terrain) -> Iterable[tuple[Sequence[Coordinate], Tags]]:
    """Yield what is no street: the railway, and a square drawn as an area."""
    rail = shapely.simplify(terrain.railway, 1.0)
    inside = [(x, y) for x, y in rail.coords if reach(Point(x, y)) < EDGE_OF_TOWN + 0.3]
    yield inside, {"railway": "rail", "name": "京通铁路支线(模拟)"}
    middle = terrain.river_middle.interpolate(0.5, normalized=True)
    square = Point(middle.x + 500, middle.y - 900).buffer(40, quad_segs=1)
    yield list(square.exterior.coords), {"highway": "pedestrian", "area": "yes"}


def write_streets(path: Path, book: StreetBook, terrain: Terrain) -> tuple[int, int]:
    """Write the streets and return the numbers of ways and of junctions and ends."""
    odd = _oddities(book)
    ways = [(vertices, tags | odd.get(n, {})) for n, (vertices, tags) in enumerate(book.ways())]
    ways += [(list(vertices), tags) for vertices, tags in _extra_ways(terrain)]
    number, places = _numbered(ways)
    named = [(_runs([number[at] for at in vertices]), tags) for vertices, tags in ways]
    gates = {number[at]: tags for at, tags in book.gates.items() if at in number}
    path.unlink(missing_ok=True)
    header = osmium.io.Header()
    header.set("generator", "CareCircle 模拟数据")
    writer = osmium.SimpleWriter(str(path), 1 << 20, header)
    for node, place in places.items():
        tags = gates.get(node) or {}
        writer.add_node(mutable.Node(id=node, location=place, tags=tags, version=1))
    for order, (nodes, tags) in enumerate(named):
        writer.add_way(mutable.Way(id=FIRST_WAY + order, nodes=nodes, tags=tags, version=1))
    writer.close()
    return len(named), _junctions(nodes for nodes, tags in named if "highway" in tags)


def _numbered(
    ways: Sequence[tuple[Sequence[Coordinate], Tags]],
) -> tuple[dict[Coordinate, int], dict[int, Coordinate]]:
    """Return the node of every vertex and the place of every node in degrees.

    Vertices that fall on one place of the file's grid (1e-7 degrees) become one node.
    """
    vertices = list(dict.fromkeys(at for line, _ in ways for at in line))
    xy = np.array(vertices)
    lon, lat = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True).transform(xy[:, 0], xy[:, 1])
    number: dict[Coordinate, int] = {}
    node_at: dict[Coordinate, int] = {}
    for at, x, y in zip(vertices, np.round(lon, 7), np.round(lat, 7), strict=True):
        number[at] = node_at.setdefault((float(x), float(y)), FIRST_NODE + len(node_at))
    return number, {node: place for place, node in node_at.items()}


def _runs(nodes: Sequence[int]) -> list[int]:
    """Return the nodes without immediate repetitions."""
    return [node for node, _ in groupby(nodes)]


def _junctions(ways: Iterable[Sequence[int]]) -> int:
    """Return how many nodes are a junction or an end, not a mere bend."""
    pieces = [pair for nodes in ways for pair in pairwise(nodes)]
    degree = Counter(node for pair in pieces for node in pair)
    bend = 2
    return sum(count != bend for count in degree.values())


def wall_lines(polygon: shapely.Polygon, gates: Sequence[Coordinate]) -> shapely.Geometry:
    """Return a wall open for eight metres at every gate."""
    wall = LineString(polygon.exterior.coords)
    if not gates:
        return wall
    return shapely.difference(wall, shapely.union_all([Point(gate).buffer(4) for gate in gates]))
