"""The walk from every place to its nearest facility a second way: shapely and scipy alone."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from bench.contest import Task
from bench.given import SNAP_MAX_M, as_matrix, on_streets
from bench.settled import Spots
from geo.streets.network import Floats, Ints, WalkNetwork


@dataclass(frozen=True)
class Snapped:
    """Points on their nearest streets; only those that are near one, `point` tells which."""

    point: Ints
    street: Ints
    along_mm: Floats
    off_mm: Floats


class Walked(NamedTuple):
    """Points and the millimetres they walk."""

    point: Ints
    mm: Floats


def walks_by_scipy(task: Task, sources: str, places: str, *, horizon_mm: int) -> Floats:
    """Return metres from every place to any of the sources; NaN beyond the horizon."""
    network = task.network
    lines = network.lines()
    tree = shapely.STRtree(lines)
    goals = snapped(network, lines, tree, task.spots(sources))
    spots = task.spots(places)
    walked = walks_to(network, goals, snapped(network, lines, tree, spots), horizon_mm)
    metres = np.full(len(spots.x), np.nan)
    metres[walked.point] = np.where(walked.mm <= horizon_mm, walked.mm / 1000, np.nan)
    return metres


def walks_to(network: WalkNetwork, goals: Snapped, here: Snapped, horizon_mm: int) -> Walked:
    """Return the walk of every snapped point to any goal; infinite or too long beyond."""
    reached = _from_all(network, goals, horizon_mm)
    to_tail = reached[network.tail[here.street]] + here.along_mm
    to_head = reached[network.head[here.street]] + network.length_mm[here.street] - here.along_mm
    walk_mm = np.minimum(np.minimum(to_tail, to_head), _direct(goals, here)) + here.off_mm
    return Walked(here.point, walk_mm)


def snapped(
    network: WalkNetwork, lines: np.ndarray, tree: shapely.STRtree, spots: Spots
) -> Snapped:
    """Return points on their nearest streets by shapely, in whole millimetres."""
    points = shapely.points(spots.x, spots.y)
    (point, street), metres = tree.query_nearest(
        points, max_distance=SNAP_MAX_M, return_distance=True
    )
    # Of streets equally near the first in the project's own order is taken: any, for a length.
    point, first = np.unique(point, return_index=True)
    street, metres = street[first], metres[first]
    along = np.rint(shapely.line_locate_point(lines[street], points[point]) * 1000)
    along = np.clip(along, 0, network.length_mm[street])
    return Snapped(point, street, along, np.rint(metres * 1000))


def snapped_by_us(network: WalkNetwork, spots: Spots) -> Snapped:
    """Return points on their nearest streets by this project, whose distances are shapely's."""
    exits = on_streets(network, spots)
    along, off = exits.offset_mm.astype(float), exits.off_street_mm.astype(float)
    return Snapped(exits.point, exits.street, along, off)


def _from_all(network: WalkNetwork, goals: Snapped, horizon_mm: int) -> Floats:
    """Return millimetres from every node to any goal, by way of one more node."""
    nodes = len(network.x)
    ends = np.concatenate([network.tail[goals.street], network.head[goals.street]])
    back = network.length_mm[goals.street] - goals.along_mm
    cost = np.concatenate([goals.along_mm, back]) + np.tile(goals.off_mm, 2)
    order = np.lexsort((cost, ends))
    ends, first = np.unique(ends[order], return_index=True)
    streets = as_matrix(network).tocoo()
    # A step of no length would be no step at all: all steps from the source are one longer.
    rows = np.concatenate([streets.row, np.full(len(ends), nodes)])
    columns = np.concatenate([streets.col, ends])
    values = np.concatenate([streets.data, cost[order][first] + 1])
    graph = coo_array((values, (rows, columns)), shape=(nodes + 1, nodes + 1)).tocsr()
    reached: Floats = dijkstra(graph, indices=nodes, limit=float(horizon_mm + 1))[:nodes] - 1
    return reached


def _direct(goals: Snapped, here: Snapped) -> Floats:
    """Return millimetres to a goal on the same street, the least of several."""
    order = np.argsort(goals.street, kind="stable")
    streets = goals.street[order]
    first = np.searchsorted(streets, here.street, side="left")
    count = np.searchsorted(streets, here.street, side="right") - first
    least = np.full(len(here.point), np.inf)
    for nth in range(int(count.max(initial=0))):
        some = count > nth
        goal = order[first[some] + nth]
        gap = np.abs(goals.along_mm[goal] - here.along_mm[some]) + goals.off_mm[goal]
        least[some] = np.minimum(least[some], gap)
    return least
