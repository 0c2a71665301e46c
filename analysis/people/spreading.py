"""Spreading: the people of a polygon shared out over the estates and land cells inside it.

Every polygon's people are shared out by fractions that are the same for all its figures, so the
ages keep their proportions and nothing is lost: the fractions of a polygon and the part left
without a place add up to one.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analysis.coverage.areas import Geometries, Indices, Membership, members
from geo.ground.cells import Cells, grid_points

Floats = npt.NDArray[np.float64]
Names = pd.api.extensions.ExtensionArray  # of words

LAND_CELL_M = 100.0


@dataclass(frozen=True)
class Units:
    """Polygons with people; `persons` is how many live in each (NaN = unknown)."""

    ids: Names
    polygons: Geometries
    persons: Floats


@dataclass(frozen=True)
class Estates:
    """Estates that people can be shared out to: outlines, points they count at, households."""

    ids: Names
    outlines: Geometries
    points: Geometries
    households: Floats


class Spread(NamedTuple):
    """Where the people of each unit went.

    pieces
        One row per place: `unit` (position), `fraction` of its people, `place_layer`, `place_id`,
        the point, and the position of the `estate` it is, -1 for land.
    left
        The fraction of each unit that found no place.
    membership
        The unit each estate lies in, and in how many.
    """

    pieces: pd.DataFrame
    left: Floats
    membership: Membership


def spread(units: Units, estates: Estates, land: Geometries, *, household_size: float) -> Spread:
    """Share the people of each unit out over its estates by households, the rest over its land.

    household_size
        An estate receives at most this many people per household. What is more goes evenly to the
        cells of residential land in the unit that lie in no estate filled so: they would lift it
        above its limit by the back door. Where there are none, it is left without a place.

    A unit without estates goes to its cells of residential land, else to its own cells, else to
    its representative point. Estates of unknown households have the median of the others; where
    none are known, estates share evenly and without a limit.
    """
    membership = members(estates.points, units.polygons)
    unit, count = membership.first, len(units.ids)
    fraction = _estate_fractions(units, estates.households, unit, size=household_size)
    housed = np.bincount(unit[unit >= 0], minlength=count) > 0
    received = np.bincount(unit[unit >= 0], weights=fraction[unit >= 0], minlength=count)
    # Float noise of a few parts in 10^16 is not a rest.
    rest = np.where(received > 1 - 1e-12, 0.0, 1 - received)
    full = estates.outlines[fraction > 0]
    cells = _land_cells(units, land, full, housed=housed, rest=rest)
    celled = np.bincount(cells.owner, minlength=count) > 0
    pieces = [
        _estate_pieces(estates, unit, fraction),
        _cell_pieces(units, cells, rest),
        _point_pieces(units, np.flatnonzero(~housed & ~celled)),
    ]
    left = np.where(housed & ~celled, rest, 0.0)
    return Spread(pd.concat(pieces, ignore_index=True), left, membership)


def filled_households(households: Floats) -> Floats:
    """Return households with the median of the known in place of the unknown; all NaN stays."""
    known = households[~np.isnan(households)]
    return (
        np.where(np.isnan(households), np.median(known), households) if len(known) else households
    )


def _estate_fractions(units: Units, households: Floats, unit: Indices, *, size: float) -> Floats:
    """Return the fraction of its unit's people that each estate receives; 0 outside all units."""
    filled = filled_households(households)
    unlimited = bool(np.isnan(filled).all())
    weight = np.ones(len(filled)) if unlimited else filled
    inside = unit >= 0
    total = np.bincount(unit[inside], weights=weight[inside], minlength=len(units.ids))
    # One limit per household is one limit per unit: estates fill up together.
    room = np.full(len(units.ids), np.inf) if unlimited else total * size
    kept = np.ones(len(units.ids))
    np.divide(room, units.persons, out=kept, where=units.persons > room)
    fraction = np.zeros(len(filled))
    fed = inside & (weight > 0)
    fraction[fed] = weight[fed] / total[unit[fed]] * kept[unit[fed]]
    return fraction


def _land_cells(
    units: Units, land: Geometries, full: Geometries, *, housed: npt.NDArray[np.bool_], rest: Floats
) -> Cells:
    """Return the cells that take in what estates do not, `owner` being the unit."""
    wanted = np.flatnonzero((rest > 0) & (units.persons > 0))
    cells = grid_points(units.polygons[wanted], LAND_CELL_M)
    owner = wanted[cells.owner]
    keys = _grid_keys(cells)
    residential = np.isin(keys, _grid_keys(grid_points(land, LAND_CELL_M)))
    in_full_estate = np.isin(keys, _grid_keys(grid_points(full, LAND_CELL_M)))
    has_land = np.isin(owner, owner[residential])
    kept = np.where(housed[owner], residential & ~in_full_estate, residential | ~has_land)
    return Cells(owner[kept], cells.x[kept], cells.y[kept])


def _grid_keys(cells: Cells) -> Indices:
    """Return one whole number per cell of the grid, the same for the same land."""
    column = np.floor(cells.x / LAND_CELL_M).astype(np.int64)
    row = np.floor(cells.y / LAND_CELL_M).astype(np.int64)
    return column * 2**32 + row


def _estate_pieces(estates: Estates, unit: Indices, fraction: Floats) -> pd.DataFrame:
    inside = np.flatnonzero(unit >= 0)
    pieces = _pieces(
        unit[inside], fraction[inside], "residential", estates.ids[inside], estates.points[inside]
    )
    return pieces.assign(estate=inside)


def _cell_pieces(units: Units, cells: Cells, rest: Floats) -> pd.DataFrame:
    each = rest / np.maximum(np.bincount(cells.owner, minlength=len(rest)), 1)
    return _pieces(
        cells.owner, each[cells.owner], "land",
        cell_ids(units.ids[cells.owner], cells.x, cells.y), shapely.points(cells.x, cells.y),
    )  # fmt: skip


def _point_pieces(units: Units, alone: Indices) -> pd.DataFrame:
    """Return units without estates or cells as their representative point, with all people."""
    points = shapely.point_on_surface(units.polygons[alone])
    ids = cell_ids(units.ids[alone], shapely.get_x(points), shapely.get_y(points))
    return _pieces(alone, np.ones(len(alone)), "land", ids, points)


def cell_ids(unit_ids: Names, x: Floats, y: Floats) -> Names:
    """Return a name a cell: its unit and where it lies, to the metre."""
    at, up = (pd.Series(np.rint(metres).astype(np.int64)).astype("str") for metres in (x, y))
    names = pd.Series(unit_ids, dtype="str") + "@" + at + "," + up
    return names.array


def _pieces(
    unit: Indices, fraction: Floats, place_layer: str, place_id: Names, points: Geometries
) -> pd.DataFrame:
    """Return pieces of one kind, none of them an estate."""
    return pd.DataFrame(
        {
            "unit": unit,
            "fraction": fraction,
            "place_layer": place_layer,
            "place_id": place_id,
            "geometry": points,
            "estate": -1,
        }
    )
