"""Row: the land within a quarter of an hour of each facility, a polygon each."""

import time
from typing import Any, Final

import numpy as np
import shapely

from bench.contest import (
    LIMIT_MM,
    SPEED_M_PER_S,
    Agreement,
    Arrays,
    Contender,
    Contest,
    Job,
    Outcome,
    Target,
    Task,
)
from bench.given import SNAP_MAX_M, as_networkx, as_osmnx, on_streets
from bench.osmnx_recipe import EDGE_M, QUARTER, recipe_polygon
from bench.second_way import snapped_by_us, walks_to
from bench.settled import Size, Spots
from geo.language import say
from geo.streets.network import Floats

MOST: Final = 500
FEW: Final = 10  # polygons of the recipe that are drawn; the others are reckoned from them
SOME: Final = 50  # polygons of shapely alone
LOOKED_AT: Final = 5  # facilities whose land is told point by point
RASTER_M: Final = 2.5
AREA: Final = 0.01  # part by which the areas may differ
LIMIT_MIN: Final = 15.0
TOO_LARGE: Final = "a city of this size has no field of land cells"


def asked(size: Size) -> int:
    """Return how many facilities have a polygon."""
    return min(size.facilities, MOST)


def ours(task: Task) -> Job:
    """Draw with this project; land cells are put on the streets once, as part of preparing."""
    from geo.ground.isochrones import isochrones
    from geo.ground.land import put_land_on_streets
    from geo.walks.nearest_street import StreetIndex
    from geo.walks.places import Exits, Grounds, Points, put_on_streets
    from geo.walks.walk_graph import WalkGraph

    network = task.network
    index = StreetIndex(network, np.ones(len(network), dtype=bool))
    graph, facilities = WalkGraph.of(network), on_streets(network, _facilities(task))
    there = task.spots("places")
    spots = Points.free(there.x, there.y)

    def put_at(x: Floats, y: Floats) -> Exits:
        return put_on_streets(index, Points.free(x, y), snap_max_m=SNAP_MAX_M)

    places = put_at(spots.x, spots.y)
    began = time.perf_counter()
    land = put_land_on_streets(index, Grounds.none(), snap_max_m=SNAP_MAX_M)
    land_s = time.perf_counter() - began
    if land is None:
        raise NotImplementedError(TOO_LARGE)

    def run() -> Outcome:
        frame = isochrones(
            graph, facilities, land, places, spots, minutes=(LIMIT_MIN,),
            speed_m_per_s=SPEED_M_PER_S, put_at=put_at, crs=network.crs,
        )  # fmt: skip
        polygons = frame.to_crs(network.crs).geometry.to_numpy()
        return Outcome(lambda: {**_packed(polygons), "land_s": np.array([land_s])})

    return run


def osmnx(task: Task) -> Job:
    """Draw as the OSMnx example notebook does."""
    import osmnx as ox

    graph, spots = as_osmnx(task.network), _facilities(task)
    many = len(spots.x)

    def run() -> Outcome:
        nodes = ox.distance.nearest_nodes(graph, spots.x[:FEW], spots.y[:FEW])
        polygons = [recipe_polygon(graph, node) for node in nodes]
        return Outcome(lambda: _packed(polygons), share=min(FEW, many) / many)

    return run


def buffers(task: Task) -> Job:
    """Search with networkx and buffer with shapely, many shapes at a time."""
    import networkx as nx
    from scipy.spatial import cKDTree

    network, spots = task.network, _facilities(task)
    graph, lines = as_networkx(network), network.lines()
    nodes = cKDTree(np.column_stack([network.x, network.y]))
    many = len(spots.x)

    def run() -> Outcome:
        _, starts = nodes.query(np.column_stack([spots.x[:SOME], spots.y[:SOME]]))
        polygons = []
        for start in starts.tolist():
            reached = nx.single_source_dijkstra_path_length(
                graph, start, cutoff=LIMIT_MM, weight="length_mm"
            )
            inside = np.zeros(len(network.x), dtype=bool)
            inside[[*reached]] = True
            strips = lines[inside[network.tail] & inside[network.head]]
            polygons.append(shapely.union_all(shapely.buffer(strips, EDGE_M, quad_segs=QUARTER)))
        return Outcome(lambda: _packed(polygons), share=min(SOME, many) / many)

    return run


def agree(one: Arrays, other: Arrays) -> Agreement:
    """Compare areas: the peers follow another rule."""
    theirs = shapely.area(_unpacked(other))
    off = float(theirs.sum() / shapely.area(_unpacked(one)[: len(theirs)]).sum() - 1)
    return Agreement(same=None, how=say("规则不同（街道缓冲区）：面积差 {off:+.1%}", off=off))


def check(task: Task, ours: Arrays) -> Agreement:
    """Hold some polygons against a raster of 2.5 m, and all places near them against their walk."""
    listed = Task(task.folder, task.size, "raw")
    polygons, spots = _unpacked(ours), _facilities(listed)
    drawn = true = 0.0
    apart = 0
    places = listed.spots("places")
    for number in range(min(LOOKED_AT, len(polygons))):
        polygon = polygons[number]
        shapely.prepare(polygon)
        facility = Spots(spots.x[number : number + 1], spots.y[number : number + 1])
        cells = _raster(facility)
        drawn += polygon.area
        true += float(_within(listed, facility, cells).sum()) * RASTER_M**2
        apart += int(
            (_within(listed, facility, places)
             != shapely.intersects_xy(polygon, places.x, places.y)).sum()
        )  # fmt: skip
    off = drawn / true - 1
    return Agreement(
        same=abs(off) <= AREA and not apart,
        how=say(
            "{count} 处与 2.5 米栅格比较：面积差 {off:+.2%}，{apart} 个地点结论不同；"
            "一次性的地块接路用时 {land_s:.1f} s",
            count=min(LOOKED_AT, len(polygons)),
            off=off,
            apart=apart,
            land_s=float(ours["land_s"][0]),
        ),
    )


def _facilities(task: Task) -> Spots:
    spots, count = task.spots("facilities"), asked(task.size)
    return Spots(spots.x[:count], spots.y[:count])


def _raster(facility: Spots) -> Spots:
    """Return the middles of all cells that could be within the limit."""
    half_m = LIMIT_MM / 1000 + RASTER_M
    step = np.arange(-half_m, half_m, RASTER_M)
    x, y = np.meshgrid(facility.x[0] + step, facility.y[0] + step)
    return Spots(x.ravel(), y.ravel())


def _within(task: Task, facility: Spots, spots: Spots) -> np.ndarray:
    goals = snapped_by_us(task.network, facility)
    walk_mm = walks_to(task.network, goals, snapped_by_us(task.network, spots), LIMIT_MM)
    near = np.zeros(len(spots.x), dtype=bool)
    near[walk_mm.point[walk_mm.mm <= LIMIT_MM]] = True
    return near


def _packed(polygons: Any) -> Arrays:  # noqa: ANN401 - shapely geometries
    parts = [np.frombuffer(shapely.to_wkb(each), dtype=np.uint8) for each in polygons]
    ends = np.cumsum([len(part) for part in parts])
    return {"wkb": np.concatenate(parts), "ends": ends}


def _unpacked(arrays: Arrays) -> Any:  # noqa: ANN401 - shapely geometries
    parts = np.split(arrays["wkb"], arrays["ends"][:-1])
    return shapely.from_wkb(np.array([part.tobytes() for part in parts], dtype=object))


CONTEST = Contest(
    name="isochrones",
    title=lambda size: say("逐个设施的一刻钟等时圈：{count} 个", count=asked(size)),
    contenders=(
        Contender("ours", say("本项目"), ours, given="loaded"),
        Contender("osmnx", say("OSMnx 做法"), osmnx, needs=("osmnx",)),
        Contender("shapely", say("networkx + shapely 缓冲区"), buffers),
    ),
    agree=agree,
    check=check,
    targets={"M": Target(times=150.0, against="osmnx")},
)
