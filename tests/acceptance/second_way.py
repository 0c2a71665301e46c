"""A second way to the walking minutes: networkx, shapely, pyproj; nothing of the project's own.

It is written from the description of the walk, for clearness and not for speed: streets are
cut at every place and facility, one Dijkstra runs backwards from all facilities, and a place reads
its distance off its own node.

Private ways may begin or end a walk, but carry none between two public streets. So a walk has
three stretches: the lanes at home, the public streets, the lanes at the destination.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import osmium
import shapely
from pyproj import Transformer
from shapely import LineString, Point, Polygon, STRtree

SPEED_M_PER_S = 0.9
LIMIT_M = 15 * 60 * SPEED_M_PER_S
HORIZON_M = 60 * 60 * SPEED_M_PER_S
SNAP_MAX_M = 200.0
COMPONENT_MIN_M = 2000.0
CELL_M = 25.0
SAME_END_M = 0.01
CONNECT_M = 0.05
SAME_M = 0.002  # a cell this near the limit may fall on either side of it
AT_HOME, PUBLIC, AT_DESTINATION = range(3)  # the stretches of a walk

_LINKED = ("trunk", "primary", "secondary", "tertiary")
WALKED = frozenset(
    (
        "footway",
        "path",
        "pedestrian",
        "steps",
        "corridor",
        "living_street",
        "residential",
        "unclassified",
        "service",
        "road",
        "track",
        "cycleway",
        "bridleway",
        *_LINKED,
        *(f"{kind}_link" for kind in _LINKED),
    )
)


@dataclass
class Streets:
    """Streets in metres: lines, the node at both ends, the one way to walk, and what is private."""

    lines: list[LineString] = field(default_factory=list)
    ends: list[tuple[object, object]] = field(default_factory=list)
    oneway: list[int] = field(default_factory=list)
    private: list[bool] = field(default_factory=list)

    def add(self, line: LineString, ends: tuple[object, object], tags: Mapping[str, str]) -> None:
        """Add one street, unless it has no length."""
        if line.length <= 0:
            return
        self.lines.append(line)
        self.ends.append(ends)
        self.oneway.append({"yes": 1, "-1": -1}.get(tags.get("oneway:foot", ""), 0))
        self.private.append(tags.get("access") == "private")


@dataclass(frozen=True)
class Exit:
    """Where a point leaves to the streets: which one, how far along it, and the way there."""

    street: int
    along_m: float
    off_street_m: float


@dataclass(frozen=True)
class Answer:
    """The walk of one place: metres of each of its cells, infinite where there is no way."""

    cells_m: tuple[float, ...]

    @property
    def minutes(self) -> float:
        """The lower median of the cells; NaN beyond the horizon."""
        metres = sorted(self.cells_m)[(len(self.cells_m) - 1) // 2]
        return metres / SPEED_M_PER_S / 60 if metres <= HORIZON_M else math.nan

    def share(self, *, limit_m: float = LIMIT_M) -> float:
        """Return the part of the cells within the limit."""
        return sum(metres <= limit_m for metres in self.cells_m) / len(self.cells_m)


def walked(tags: Mapping[str, str]) -> bool:
    """Return whether people walk on a way with these tags."""
    kind = tags.get("highway")
    trunk = kind in {"trunk", "trunk_link"} and tags.get("sidewalk") in {"no", "none"}
    return (
        kind in WALKED
        and not trunk
        and tags.get("foot") != "no"
        and tags.get("motorroad") != "yes"
        and tags.get("area") != "yes"
    )


def streets_from_pbf(path: Path, crs: str) -> Streets:
    """Return every straight piece of every walked way; ways meet at the nodes they share."""
    metric = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    streets = Streets()
    for way in osmium.FileProcessor(path, osmium.osm.NODE | osmium.osm.WAY).with_locations():
        if not way.is_way():
            continue
        tags = {tag.k: tag.v for tag in way.tags}
        if not walked(tags):
            continue
        nodes = [(n.ref, n.location.lon, n.location.lat) for n in way.nodes]
        at = [metric.transform(lon, lat) for _, lon, lat in nodes]
        for i in range(len(nodes) - 1):
            streets.add(LineString(at[i : i + 2]), (nodes[i][0], nodes[i + 1][0]), tags)
    return streets


def streets_from_lines(path: Path, crs: str) -> Streets:
    """Return line features cut where an end of another lies on them; crossings stay apart.

    A street drawn once for each direction is one street: who steps onto either is on both.
    """
    frame = gpd.read_file(path)
    frame = frame[[walked({"highway": kind}) for kind in frame["highway"]]]
    frame = frame[~frame.geometry.normalize().duplicated()].to_crs(crs)
    streets = Streets()
    cut = _cut_at_ends(list(frame.geometry))
    for (pieces, ends), kind in zip(cut, frame["highway"], strict=True):
        for piece, pair in zip(pieces, ends, strict=True):
            streets.add(piece, pair, {"highway": kind})
    return streets


def _cut_at_ends(
    lines: list[LineString],
) -> Iterator[tuple[list[LineString], list[tuple[object, object]]]]:
    ends = [Point(line.coords[k]) for line in lines for k in (0, -1)]
    same = nx.Graph()
    same.add_nodes_from(range(len(ends)))
    same.add_edges_from(STRtree(ends).query(ends, "dwithin", SAME_END_M).T.tolist())
    cuts: dict[int, list[tuple[float, int]]] = defaultdict(list)
    touching = STRtree(lines).query(ends, "dwithin", CONNECT_M).T.tolist()
    for end, line in touching:
        if end // 2 == line:
            continue
        along_m = lines[line].project(ends[end])
        if along_m <= SAME_END_M:
            same.add_edge(end, 2 * line)
        elif along_m >= lines[line].length - SAME_END_M:
            same.add_edge(end, 2 * line + 1)
        else:
            cuts[line].append((along_m, end))
    node = {end: min(group) for group in nx.connected_components(same) for end in group}
    for i, line in enumerate(lines):
        stops = [(0.0, 2 * i), *sorted(cuts[i]), (line.length, 2 * i + 1)]
        pairs = list(pairwise(stops))
        yield (
            [shapely.ops.substring(line, a[0], b[0]) for a, b in pairs],
            [(node[a[1]], node[b[1]]) for a, b in pairs],
        )


def cells_of(place: shapely.Geometry) -> list[Point]:
    """Return the points a place is made of: itself, or the 25 m grid centres of a polygon."""
    if isinstance(place, Point):
        return [place]
    west, south, east, north = place.bounds
    columns = np.arange(math.floor(west / CELL_M), math.ceil(east / CELL_M) + 1)
    rows = np.arange(math.floor(south / CELL_M), math.ceil(north / CELL_M) + 1)
    x, y = (axis.ravel() for axis in np.meshgrid((columns + 0.5) * CELL_M, (rows + 0.5) * CELL_M))
    inside = shapely.contains_xy(place, x, y)
    centres = [Point(a, b) for a, b in zip(x[inside], y[inside], strict=True)]
    return centres if len(centres) >= 4 else [place.representative_point()]


class SecondWay:
    """Streets on which places are walked to facilities.

    through_estates
        Private ways are walked as any other.
    """

    def __init__(
        self, streets: Streets, facilities: Mapping[str, Point], *, through_estates: bool = False
    ) -> None:
        self.streets = streets
        self.private = [private and not through_estates for private in streets.private]
        self.component = self._components()
        everywhere = self._nearest(list(facilities.values()), range(len(streets.lines)))
        opened = {self.component[exit_.street] for exit_ in everywhere if exit_}
        size_m: dict[int, float] = defaultdict(float)
        for street, line in enumerate(streets.lines):
            size_m[self.component[street]] += line.length
        self.size_m = dict(size_m)
        self.open = [
            street
            for street, component in enumerate(self.component)
            if size_m[component] >= COMPONENT_MIN_M or component in opened
        ]
        self.facilities = facilities
        self.facility_exits = dict(
            zip(facilities, self._nearest(list(facilities.values()), self.open), strict=True)
        )

    def _components(self) -> list[int]:
        graph = nx.Graph(self.streets.ends)
        number = {
            node: i for i, group in enumerate(nx.connected_components(graph)) for node in group
        }
        return [number[tail] for tail, _ in self.streets.ends]

    def _nearest(
        self,
        points: list[Point],
        among: Iterable[int],
        estates: list[Polygon | None] | None = None,
    ) -> list[Exit | None]:
        among = list(among)
        lines = [self.streets.lines[street] for street in among]
        found = STRtree(lines).nearest(points) if points else []
        exits: list[Exit | None] = []
        for i, (point, k) in enumerate(zip(points, found, strict=True)):
            along_m = lines[k].project(point)
            leg = LineString([point, lines[k].interpolate(along_m)])
            estate = estates[i] if estates else None
            outside_m = leg.length if estate is None else leg.difference(estate).length
            near = outside_m <= SNAP_MAX_M
            exits.append(Exit(among[k], along_m, leg.length) if near else None)
        return exits

    def exits(self, points: Iterable[Point]) -> list[Exit | None]:
        """Return where points leave to the streets; None beyond the cap."""
        return self._nearest(list(points), self.open)

    def walk(
        self, places: Mapping[str, shapely.Geometry], counted: Iterable[str]
    ) -> dict[str, Answer]:
        """Return the walk of every place to the nearest of the counted facilities."""
        cells = [(name, cell) for name, place in places.items() for cell in cells_of(place)]
        estates = [None if isinstance(places[name], Point) else places[name] for name, _ in cells]
        exits = self._nearest([cell for _, cell in cells], self.open, estates)
        starts = [self.facility_exits[name] for name in counted if self.facility_exits[name]]
        reached = self._search(starts, exits)
        metres: dict[str, list[float]] = defaultdict(list)
        for i, (name, _) in enumerate(cells):
            metres[name].append(reached.get(("place", i), math.inf))
        return {name: Answer(tuple(metres[name])) for name in places}

    def _search(self, starts: list[Exit], exits: list[Exit | None]) -> dict[object, float]:
        graph = nx.DiGraph()
        stops: dict[int, set[float]] = defaultdict(set)
        for exit_ in (*starts, *(exit_ for exit_ in exits if exit_)):
            stops[exit_.street].add(exit_.along_m)
        for street in range(len(self.streets.lines)):
            self._lay(graph, street, stops[street])
        for i, start in enumerate(starts):
            last = AT_DESTINATION if self.private[start.street] else PUBLIC
            _shorter(graph, ("facility", i), (self._node(start), last), start.off_street_m)
        for i, exit_ in enumerate(exits):
            if exit_:
                first = AT_HOME if self.private[exit_.street] else PUBLIC
                _shorter(graph, (self._node(exit_), first), ("place", i), exit_.off_street_m)
        sources = [("facility", i) for i in range(len(starts))]
        if not sources:
            return {}
        return nx.multi_source_dijkstra_path_length(
            graph, sources, cutoff=HORIZON_M, weight="metres"
        )

    def _lay(self, graph: nx.DiGraph, street: int, stops: set[float]) -> None:
        # The search runs from the facilities back to the people: every edge is turned round.
        length_m = self.streets.lines[street].length
        along = sorted({0.0, length_m, *stops})
        nodes = [self._node(Exit(street, at_m, 0.0)) for at_m in along]
        private = self.private[street]
        for stretch in (AT_HOME, AT_DESTINATION) if private else (PUBLIC,):
            for i in range(len(along) - 1):
                here, there = (nodes[i], stretch), (nodes[i + 1], stretch)
                step_m = along[i + 1] - along[i]
                if self.streets.oneway[street] <= 0:
                    _shorter(graph, here, there, step_m)
                if self.streets.oneway[street] >= 0:
                    _shorter(graph, there, here, step_m)
        for node in nodes if private else ():  # no public street need lie between the lanes
            _shorter(graph, (node, AT_DESTINATION), (node, AT_HOME), 0.0)
        for node in (nodes[0], nodes[-1]):
            _shorter(graph, (node, AT_DESTINATION), (node, PUBLIC), 0.0)
            _shorter(graph, (node, PUBLIC), (node, AT_HOME), 0.0)

    def _node(self, exit_: Exit) -> object:
        tail, head = self.streets.ends[exit_.street]
        if exit_.along_m <= 0:
            return tail
        if exit_.along_m >= self.streets.lines[exit_.street].length:
            return head
        return (exit_.street, exit_.along_m)


def _shorter(graph: nx.DiGraph, tail: object, head: object, metres: float) -> None:
    if not graph.has_edge(tail, head) or graph[tail][head]["metres"] > metres:
        graph.add_edge(tail, head, metres=metres)
