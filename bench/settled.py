"""Who lives and works in the made-up city: facilities, people, plots and estates by its streets."""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from bench.city import BLOCK, CELL_M, EAST, METRIC, NORTH, SEED
from geo.streets.network import Floats, Ints, WalkNetwork

NEAREST_M, FARTHEST_M = 3.0, 80.0  # how far off the streets anything stands
PLOT_M: Final = BLOCK * CELL_M / 2  # an estate is at most a quarter of a superblock
WALL_M: Final = 15.0
# Every kind of thing has random numbers of its own: more of one moves none of another.
FACILITIES, PLACES, CANDIDATES, DEMAND, ESTATES, CROSSINGS, PEOPLE, CHANGES = range(1, 9)


@dataclass(frozen=True)
class Size:
    """How large a city is, and what is asked about it."""

    nodes: int
    facilities: int
    places: int
    candidates: int
    demand: int  # places weighed in siting
    estates: int


SIZES: Final = {
    "S": Size(20_000, 50, 10_000, 200, 2_000, 200),
    "M": Size(200_000, 500, 100_000, 10_000, 200_000, 2_000),
    "L": Size(2_000_000, 5_000, 1_000_000, 10_000, 200_000, 20_000),
}


@dataclass(frozen=True)
class Spots:
    """Points in metres."""

    x: Floats
    y: Floats


def dice(what: int) -> np.random.Generator:
    """Return the random numbers of one kind of thing."""
    return np.random.default_rng([SEED, what])


def spots_by_streets(network: WalkNetwork, count: int, *, what: int) -> Spots:
    """Return points beside the streets, the more the longer a street is."""
    rng = dice(what)
    start = network.vertex_start
    begins = np.ones(len(network.vertex_xy), dtype=bool)
    begins[start[1:] - 1] = False
    first = np.flatnonzero(begins)
    a, b = network.vertex_xy[first], network.vertex_xy[first + 1]
    reach = np.cumsum(np.hypot(*(b - a).T))
    chosen = np.searchsorted(reach, rng.random(count) * reach[-1], side="right")
    a, b = a[chosen], b[chosen]
    step = (b - a) / np.maximum(np.hypot(*(b - a).T), 1e-9)[:, None]
    aside = rng.uniform(NEAREST_M, FARTHEST_M, count) * rng.choice([-1.0, 1.0], count)
    left = np.column_stack([-step[:, 1], step[:, 0]])
    xy = a + (b - a) * rng.random((count, 1)) + left * aside[:, None]
    return Spots(xy[:, 0].copy(), xy[:, 1].copy())


def crossings(nodes: int, count: int) -> Ints:
    """Return some of the nodes, none twice, for searches from node to node."""
    chosen: Ints = dice(CROSSINGS).choice(nodes, min(count, nodes), replace=False)
    return chosen


def residents(count: int) -> Floats:
    """Return how many live at each of `count` points, whole numbers."""
    return np.rint(dice(PEOPLE).gamma(1.5, 40.0, count)) + 1.0


def estates(network: WalkNetwork, count: int) -> gpd.GeoDataFrame:
    """Return walled estates, at most a quarter of a superblock each, and their households."""
    rng = dice(ESTATES)
    across = int((network.x.max() - EAST) // PLOT_M)
    up = int((network.y.max() - NORTH) // PLOT_M)
    plots = rng.choice(across * up, min(count, across * up), replace=False)
    row, column = np.divmod(plots, across)
    west, south = EAST + column * PLOT_M + WALL_M, NORTH + row * PLOT_M + WALL_M
    width, height = rng.uniform(60.0, PLOT_M - 2 * WALL_M, (2, len(plots)))
    ids = [f"r{number:06d}" for number in range(len(plots))]
    columns = {
        "id": ids,
        "name": ids,
        "households": rng.integers(50, 2000, len(plots)).astype(float),
        "kind": "built",
        "row": np.arange(2, len(plots) + 2),
    }
    boxes = shapely.box(west, south, west + width, south + height)
    return gpd.GeoDataFrame(columns, geometry=boxes, crs=METRIC)
