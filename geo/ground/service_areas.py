"""Service areas: the land within a limit, divided among facilities by which is the nearest.

The parts never overlap, and every place stands in the part of its own nearest facility.
"""

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.ground.catchment import SAME_SIDE
from geo.ground.land import CELL_M, Land
from geo.ground.seams import STEP_MM
from geo.streets.network import Floats, Ints
from geo.walks.places import Points
from geo.walks.travel import Walks

# Discs reach not quite half way to the next place of another facility, nor far.
MOST_REACH_M: Final = CELL_M / 2


def service_areas(  # noqa: PLR0913 - land and places, each with its walks
    catchment: shapely.Geometry,
    land: Land,
    land_walks: Walks,
    spots: Points,
    walks: Walks,
    *,
    limit_mm: int,
    facilities: int,
) -> NDArray[np.object_]:
    """Return the part of a catchment that each facility serves; empty where it serves none.

    catchment
        All land within `limit_mm`, in metres, as `geo.ground.catchment` draws it.
    land_walks, walks
        Of the land's points and of the places.
    """
    zones = _zones(land, land_walks, limit_mm, facilities)
    within = np.flatnonzero(walks.walk_mm <= limit_mm)
    owner = walks.facility[within]
    discs = _discs(spots.x[within], spots.y[within], owner)
    shapely.prepare(zones)
    inside = shapely.intersects_xy(zones[owner], spots.x[within], spots.y[within])
    # Places beside a border are set apart from both sides, then given to their own.
    astray = ~inside | (shapely.distance(
        shapely.boundary(zones)[owner], shapely.points(spots.x[within], spots.y[within])
    ) < CELL_M)  # fmt: skip
    if astray.any():
        of_all = shapely.union_all(discs[astray])
        zones = shapely.difference(zones, of_all)
        for facility in np.unique(owner[astray]):
            its_own = shapely.union_all(discs[astray & (owner == facility)])
            zones[facility] = shapely.union(zones[facility], its_own)
    served: NDArray[np.object_] = shapely.intersection(zones, catchment)
    return served


def _zones(land: Land, walks: Walks, limit_mm: int, facilities: int) -> NDArray[np.object_]:
    """Return the squares around the cells that walk to each facility, as one polygon each."""
    cells = len(land.cell)
    # The outline runs between the last cell within the limit and the next: that one counts too.
    near = np.flatnonzero(walks.walk_mm[:cells] <= limit_mm + 2 * STEP_MM)
    near = near[np.argsort(land.cell[near], kind="stable")]
    row, column = np.divmod(land.cell[near], land.shape[1])
    owner = walks.facility[near]
    begins = np.ones(len(near), dtype=bool)
    begins[1:] = (np.diff(owner) != 0) | (np.diff(row) != 0) | (np.diff(column) != 1)
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(near)) - 1
    x, y = land.centres()
    half = CELL_M / 2
    runs = shapely.box(
        x[column[first]] - half, y[row[first]] - half, x[column[last]] + half, y[row[first]] + half
    )
    zones = np.full(facilities, shapely.Polygon(), dtype=object)
    order = np.argsort(owner[first], kind="stable")
    some, begin = np.unique(owner[first][order], return_index=True)
    for facility, its_runs in zip(some, np.split(runs[order], begin[1:]), strict=True):
        zones[facility] = shapely.union_all(its_runs)
    return zones


def _discs(x: Floats, y: Floats, owner: Ints) -> NDArray[np.object_]:
    """Return a disc around each place that holds no place of another facility."""
    radius = np.full(len(x), MOST_REACH_M)
    xy = np.column_stack([x, y])
    for facility in np.unique(owner):
        its, others = owner == facility, owner != facility
        if others.any():
            gap, _ = cKDTree(xy[others]).query(xy[its], distance_upper_bound=2 * CELL_M)
            radius[its] = np.minimum(radius[its], SAME_SIDE * gap)
    discs: NDArray[np.object_] = shapely.buffer(shapely.points(xy), radius, quad_segs=2)
    return discs
