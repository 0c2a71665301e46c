"""The streets as an OpenStreetMap file, nodes and ways numbered in a fixed order."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import osmium
import shapely
from osmium.osm import mutable
from pyproj import Transformer
from shapely import LineString, Point

from making.arterials import Tags
from making.streetbook import Coordinate, StreetBook
from making.terrain import CRS, Terrain, reach, stream

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
    wanted = {gate: None for gate in book.gates}
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
    ways = [
        (vertices, tags | odd.get(n, {})) for n, (vertices, tags) in enumerate(book.ways())
    ]
    ways += [(list(vertices), tags) for vertices, tags in _extra_ways(terrain)]
    number: dict[Coordinate, int] = {}
    degree: dict[Coordinate, int] = {}
    for vertices, tags in ways:
        for at in vertices:
            number.setdefault(at, FIRST_NODE + len(number))
        if "highway" in tags:
            for one, two in zip(vertices, vertices[1:], strict=False):
                degree[one] = degree.get(one, 0) + 1
                degree[two] = degree.get(two, 0) + 1
    path.unlink(missing_ok=True)
    writer = osmium.SimpleWriter(str(path))
    xy = np.array(list(number))
    lon, lat = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True).transform(xy[:, 0], xy[:, 1])
    for (at, node), x, y in zip(number.items(), np.round(lon, 7), np.round(lat, 7), strict=True):
        tags = book.gates.get(at) or {}
        writer.add_node(mutable.Node(id=node, location=(float(x), float(y)), tags=tags, version=1))
    for order, (vertices, tags) in enumerate(ways):
        nodes = [number[at] for at in vertices]
        writer.add_way(mutable.Way(id=FIRST_WAY + order, nodes=nodes, tags=tags, version=1))
    writer.close()
    return len(ways), sum(count != 2 for count in degree.values())  # noqa: PLR2004 - a mere bend


def wall_lines(polygon: shapely.Polygon, gates: Sequence[Coordinate]) -> shapely.Geometry:
    """Return a wall open for eight metres at every gate."""
    wall = LineString(polygon.exterior.coords)
    if not gates:
        return wall
    return shapely.difference(wall, shapely.union_all([Point(gate).buffer(4) for gate in gates]))
