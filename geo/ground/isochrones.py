"""Isochrones of many facilities, each by itself, drawn together.

The land around each facility is laid on a sheet, one above the other, so that contours and seams of
all are found in one pass. What the sheet shows is then moved back to where it belongs.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray
from pyproj import CRS

from geo.ground.beside_barriers import Beside
from geo.ground.catchment import CLIP_MIN, Witnesses, catchments
from geo.ground.land import CELL_M, Land
from geo.ground.seams import STEP_MM, Field
from geo.position.coordinates import WGS84
from geo.streets.network import Floats, Ints
from geo.walks.places import Exits, Points
from geo.walks.travel import FAR, budget_mm
from geo.walks.walk_graph import Numbers, WalkGraph
from geo.walks.walk_table import WalkTable, walk_table
from geo.walks.walks_between import WalksBetween

# Ways out of any points in metres, by the rule that places follow.
PutAt = Callable[[Floats, Floats], Exits]

IN_A_TABLE: Final = 500  # facilities whose land is looked up together: about 100 MB
ON_A_SHEET: Final = 25  # facilities drawn together: a sheet stays in the processor's own memory
TableRows = tuple[Ints, Numbers, Numbers, Ints]  # start, place, exit, walk_mm

MARGIN: Final = 2  # cells around what is reached: these are not, and close the outline


@dataclass(frozen=True)
class _Reached:
    """What some facilities reach: land cells, places, and any point asked for."""

    land: Land
    cells: WalkTable
    places: WalkTable
    spots: Points
    between: WalksBetween
    put_at: PutAt
    northwards: Ints  # the spots from south to north


@dataclass(frozen=True)
class _Sheet:
    """Lands one above the other, and where each belongs.

    first_row
        Where each begins.
    dx, dy
        Metres from the sheet to the ground.
    """

    field: Field
    first_row: Ints
    dx: Floats
    dy: Floats

    def land_of(self, y: Floats) -> Ints:
        """Return which land points on the sheet lie in."""
        row = np.floor(y / CELL_M)
        return np.searchsorted(self.first_row, row, side="right").clip(min=1) - 1


def isochrones(
    graph: WalkGraph,
    facilities: Exits,
    land: Land,
    places: Exits,
    spots: Points,
    *,
    minutes: Sequence[float],
    speed_m_per_s: float,
    put_at: PutAt,
    crs: CRS,
) -> gpd.GeoDataFrame:
    """Return a polygon for every facility and limit, in WGS84: from within one walks there in time.

    places, spots
        The study's places and where they stand; all of them agree with the polygons.

    The columns are `facility` (its position) and `minutes`; larger limits hold smaller ones.
    """
    limits = sorted(minutes)
    limit_mm = budget_mm(limits[-1] + CLIP_MIN, speed_m_per_s=speed_m_per_s) + 2 * STEP_MM
    drawn: list[NDArray[np.object_]] = []
    for first in range(0, facilities.count, IN_A_TABLE):
        some = _part(facilities, first, first + IN_A_TABLE)
        reached = _Reached(
            land,
            walk_table(graph, some, land.exits, limit_mm=limit_mm, in_order=False),
            walk_table(graph, some, places, limit_mm=limit_mm),
            spots,
            WalksBetween.of(graph, some, limit_mm=limit_mm),
            put_at,
            np.argsort(spots.y, kind="stable"),
        )
        sheets = [
            np.arange(at, min(at + ON_A_SHEET, some.count))
            for at in range(0, some.count, ON_A_SHEET)
        ]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            drawn += pool.map(partial(_drawn, reached, limits, speed_m_per_s), sheets)
    polygons = np.concatenate(drawn, axis=1) if drawn else np.zeros((len(limits), 0), dtype=object)
    frame = gpd.GeoDataFrame(
        {
            "facility": np.repeat(np.arange(facilities.count), len(limits)),
            "minutes": np.tile(np.array(limits, dtype=float), facilities.count),
        },
        geometry=polygons.T.ravel(),
        crs=crs,
    )
    return frame.to_crs(WGS84)


def _part(exits: Exits, first: int, stop: int) -> Exits:
    """Return the exits of the points from `first` up to `stop`, which are counted from there."""
    a, b = np.searchsorted(exits.point, [first, stop])
    return Exits(
        point=exits.point[a:b] - first,
        street=exits.street[a:b],
        offset_mm=exits.offset_mm[a:b],
        off_street_mm=exits.off_street_mm[a:b],
        by_entrance=exits.by_entrance[a:b],
        reason=exits.reason[first:stop],
    )


def _drawn(
    reached: _Reached, limits: list[float], speed_m_per_s: float, which: Ints
) -> NDArray[np.object_]:
    """Return the polygons of some facilities in metres, shape (limits, facilities)."""
    limits_mm = [budget_mm(limit, speed_m_per_s=speed_m_per_s) for limit in limits]
    sheet = _laid_out(reached, which, limits_mm)
    witnesses = _witnesses(reached, which, sheet)

    def walk_at(x: Floats, y: Floats) -> tuple[Ints, Ints]:
        land = sheet.land_of(y)
        exits = reached.put_at(x + sheet.dx[land], y + sheet.dy[land])
        walk_mm, taken = reached.between.walk(exits, which[land])
        street = np.full(len(x), -1, dtype=np.int64)
        street[taken >= 0] = exits.street[taken[taken >= 0]]
        return walk_mm, street

    drawn = [
        catchments(
            sheet.field, witnesses, first_row=sheet.first_row, limit_min=limit,
            speed_m_per_s=speed_m_per_s, walk_at=walk_at,
        )
        for limit in limits
    ]  # fmt: skip
    return np.array([_moved(polygons, sheet) for polygons in accumulate(drawn, shapely.union)])


def _moved(polygons: NDArray[np.object_], sheet: _Sheet) -> NDArray[np.object_]:
    """Return the polygons of a sheet where they belong."""
    xy, land = shapely.get_coordinates(polygons, return_index=True)
    xy += np.column_stack([sheet.dx, sheet.dy])[land]
    moved: NDArray[np.object_] = shapely.set_coordinates(polygons.copy(), xy)
    return moved


def _laid_out(reached: _Reached, which: Ints, limits_mm: list[int]) -> _Sheet:
    """Return the land that some facilities reach on one sheet."""
    land, cells = reached.land, reached.cells
    rows = (cells.start, cells.place, cells.exit, cells.walk_mm)
    low, high = _spans(rows, which, land.cell, land.shape[1])
    size = high - low + 1 + 2 * MARGIN
    first_row = np.cumsum(size[:, 0]) - size[:, 0]
    shape = (int(size[:, 0].sum()), int(size[:, 1].max()))
    walk_mm, street = np.full(shape[0] * shape[1], FAR), np.full(shape[0] * shape[1], -1)
    begin = np.column_stack([first_row, np.zeros_like(first_row)]) + MARGIN - low
    _lay(rows, which, land.cell, land.shape[1], begin, shape[1], land.exits.street, walk_mm, street)
    dy, dx = ((np.array(land.origin) - begin) * CELL_M).T
    beside, beside_mm = _beside(reached, which, low - 1, high + 1, begin, shape[1])
    laid = Land((0, 0), shape, np.zeros(0, dtype=np.int64), beside, Exits.none())
    field = Field.of_walks(laid, walk_mm, street, beside_mm, limits_mm=limits_mm)
    return _Sheet(field, first_row, dx, dy)


def _beside(
    reached: _Reached, which: Ints, low: Ints, high: Ints, begin: Ints, width: int
) -> tuple[Beside, Ints]:
    """Return the points beside barriers that stand on the lands of a sheet, and their walks."""
    land, cells = reached.land, reached.cells
    here, columns = land.beside, land.shape[1]
    if not len(here):
        return here, np.zeros(0, dtype=np.int64)
    one = np.column_stack(np.divmod(here.one, columns))
    parts, walks = [], []
    for nth, facility in enumerate(which):
        rows = slice(cells.start[facility], cells.start[facility + 1])
        behind = cells.place[rows] >= len(land.cell)
        walk_mm = np.full(len(here), FAR)
        walk_mm[cells.place[rows][behind] - len(land.cell)] = cells.walk_mm[rows][behind]
        near = np.flatnonzero(((one >= low[nth]) & (one <= high[nth])).all(axis=1))
        some = here.take(near)
        row, column = begin[nth]
        moved = {
            name: np.where(cell < 0, -1, (cell // columns + row) * width + cell % columns + column)
            for name, cell in (("one", some.one), ("other", some.other), ("near", some.near))
        }
        dy, dx = (np.array(land.origin) - begin[nth]) * CELL_M
        parts.append(replace(some, x=some.x - dx, y=some.y - dy, **moved))
        walks.append(walk_mm[near])
    columns_of = zip(*(vars(part).values() for part in parts), strict=True)
    return Beside(*(np.concatenate(column) for column in columns_of)), np.concatenate(walks)


@njit(cache=True, nogil=True)
def _spans(rows: TableRows, which: Ints, cell: Ints, columns: int) -> tuple[Ints, Ints]:
    """Return the first and the last row and column that each facility reaches."""
    start, place, _, _ = rows
    low = np.zeros((len(which), 2), dtype=np.int64)
    high = np.zeros((len(which), 2), dtype=np.int64)
    for nth in range(len(which)):
        known = False
        for i in range(start[which[nth]], start[which[nth] + 1]):
            if place[i] >= len(cell):
                continue  # a point beside a barrier
            row, column = divmod(cell[place[i]], columns)
            if not known:
                low[nth, 0], low[nth, 1] = row, column
                high[nth, 0], high[nth, 1] = row, column
                known = True
            low[nth, 0], low[nth, 1] = min(low[nth, 0], row), min(low[nth, 1], column)
            high[nth, 0], high[nth, 1] = max(high[nth, 0], row), max(high[nth, 1], column)
    return low, high


@njit(cache=True, nogil=True)
def _lay(
    rows: TableRows, which: Ints, cell: Ints, columns: int, begin: Ints, width: int,
    street_of: Ints, walks: Ints, street: Ints,
) -> None:  # fmt: skip
    """Write the walks and streets of the cells that each facility reaches onto its land."""
    start, place, exit_, walk_mm = rows
    for nth in range(len(which)):
        for i in range(start[which[nth]], start[which[nth] + 1]):
            if place[i] < len(cell):
                row, column = divmod(cell[place[i]], columns)
                at = (row + begin[nth, 0]) * width + column + begin[nth, 1]
                walks[at], street[at] = walk_mm[i], street_of[exit_[i]]


def _witnesses(reached: _Reached, which: Ints, sheet: _Sheet) -> Witnesses:
    """Return the places that stand on each land of a sheet, on the sheet, with their walks."""
    spots, table, order = reached.spots, reached.places, reached.northwards
    stop = np.append(sheet.first_row[1:], sheet.field.land.shape[0])
    width = sheet.field.land.shape[1]
    in_order = spots.y[order]
    x, y, walk_mm = [], [], []
    all_mm = np.full(table.places, FAR)
    for land, facility in enumerate(which):
        south, north = sheet.first_row[land] * CELL_M, stop[land] * CELL_M
        first, last = np.searchsorted(in_order, [south + sheet.dy[land], north + sheet.dy[land]])
        near = order[first:last]
        east = spots.x[near] - sheet.dx[land]
        near = near[(east >= 0) & (east < width * CELL_M)]
        rows = slice(table.start[facility], table.start[facility + 1])
        all_mm[table.place[rows]] = table.walk_mm[rows]
        x.append(spots.x[near] - sheet.dx[land])
        y.append(spots.y[near] - sheet.dy[land])
        walk_mm.append(all_mm[near])
        all_mm[table.place[rows]] = FAR
    return Witnesses(np.concatenate(x), np.concatenate(y), np.concatenate(walk_mm))
