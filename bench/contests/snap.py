"""Row: points put on their nearest streets."""

import numpy as np

from bench.contest import Agreement, Arrays, Contender, Contest, Job, Outcome, Target, Task
from bench.given import SNAP_MAX_M, as_osmnx
from geo.language import say

SAME_M = 1e-6


def ours(task: Task) -> Job:
    """Search the grid of this project; snapping also gives the metres along the street."""
    from geo.walks.nearest_street import StreetIndex

    network = task.network
    spots = task.spots("places")
    index = StreetIndex(network, np.ones(len(network), dtype=bool))
    index.nearest(spots.x[:1], spots.y[:1], within_m=SNAP_MAX_M)

    def run() -> Outcome:
        nearest = index.nearest(spots.x, spots.y, within_m=SNAP_MAX_M)
        return Outcome(lambda: {"off_street_m": nearest.off_street_m})

    return run


def shapely_tree(task: Task) -> Job:
    """Search shapely's tree of the streets' lines."""
    import shapely

    spots = task.spots("places")
    tree = shapely.STRtree(task.network.lines())
    tree.query(shapely.Point(0, 0))  # the tree is packed by its first question

    def run() -> Outcome:
        points = shapely.points(spots.x, spots.y)
        (point, _), metres = tree.query_nearest(
            points, max_distance=SNAP_MAX_M, return_distance=True, all_matches=False
        )

        def answer() -> Arrays:
            off_street_m = np.full(len(points), np.inf)
            off_street_m[point] = metres
            return {"off_street_m": off_street_m}

        return Outcome(answer)

    return run


def osmnx_edges(task: Task) -> Job:
    """Ask OSMnx for the nearest edges."""
    import osmnx as ox

    spots = task.spots("places")
    graph = as_osmnx(task.network)

    def run() -> Outcome:
        _, metres = ox.distance.nearest_edges(graph, spots.x, spots.y, return_dist=True)
        return Outcome(lambda: {"off_street_m": np.asarray(metres)})

    return run


def agree(one: Arrays, other: Arrays) -> Agreement:
    """Compare the distances off the street."""
    with np.errstate(invalid="ignore"):
        gap = np.abs(one["off_street_m"] - other["off_street_m"])
    most = float(np.nan_to_num(gap, nan=0.0).max())
    count = len(gap)
    how = say("{count} 个点的离街距离最多差 {most:.1e} 米", count=count, most=most)
    return Agreement(same=most <= SAME_M, how=how)


CONTEST = Contest(
    name="snap",
    title=lambda size: say("接到道路：{count} 个点", count=size.places),
    contenders=(
        Contender("ours", say("本项目"), ours, given="loaded"),
        Contender("shapely", "shapely STRtree.query_nearest", shapely_tree),
        Contender("osmnx", "OSMnx nearest_edges", osmnx_edges, needs=("osmnx",)),
    ),
    agree=agree,
    targets={"M": Target(times=20.0, against="shapely")},
)
