"""Where one more facility would help most: the people aged 60+ it would newly cover, everywhere.

A facility away from the streets adds its off-street metres to every walk, so it never covers more
than one that stands where it would step onto a street. So it is asked along the usable streets:
about every 50 m, one spot a square of 50 m. What is told of a spot is exactly what opening there
gives. Streets of pieces too small to be stepped onto are left out, as are spots beside one: a
facility there would make it usable, and other people would step onto it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from analysis.what_if.live import Live
from analysis.what_if.standing import Standing
from geo.streets.network import Flags, Floats, Ints, WalkNetwork
from geo.walks.places import Exits
from geo.walks.travel import walk_table

EVERY_M: Final = 50.0
CELL_M: Final = 100.0
AT_ONCE: Final = 10_000  # spots searched from together: some tens of megabytes of walks


@dataclass(frozen=True, eq=False)
class Raster:
    """The largest gain in each square cell; NaN where no facility can stand.

    west, north
        The corner of the first cell, metres.
    gain
        Rows from north to south, columns from west to east.
    """

    west: float
    north: float
    cell_m: float
    gain: Floats


@dataclass(frozen=True, eq=False)
class GainSurface:
    """What one more facility would give at each of many spots.

    x, y
        Metres, in the study's CRS.
    gain
        People aged 60+ newly covered, exact, in the scope of the headline.
    off_street_m
        Metres from the spot to the street it steps onto; next to nothing.
    """

    x: Floats
    y: Floats
    gain: Floats
    off_street_m: Floats

    def top(self, n: int, *, apart_m: float = 0.0) -> pd.DataFrame:
        """Return at most `n` spots, the best first; equals in their order along the streets.

        `x, y, gain_60plus, off_street_m`. Each by itself: together they cover fewer.

        apart_m
            Straight metres that any two of them are apart at least.
        """
        taken: list[int] = []
        free = np.ones(len(self.gain), dtype=bool)
        order = np.argsort(-self.gain, kind="stable")
        while len(taken) < n and len(left := order[free[order]]):
            best = int(left[0])
            taken.append(best)
            free[best] = False
            gap_m = np.hypot(self.x - self.x[best], self.y - self.y[best])
            free &= gap_m >= apart_m
        return pd.DataFrame(
            {
                "x": self.x[taken],
                "y": self.y[taken],
                "gain_60plus": self.gain[taken],
                "off_street_m": self.off_street_m[taken],
            }
        )

    def raster(self, *, cell_m: float = CELL_M) -> Raster:
        """Return the largest gain in each cell of a grid whose lines are multiples of its size."""
        if not len(self.gain):
            return Raster(0.0, 0.0, cell_m, np.zeros((0, 0)))
        column, row = (np.floor(axis / cell_m).astype(np.int64) for axis in (self.x, self.y))
        west, north = int(column.min()), int(row.max())
        shape = (north - int(row.min()) + 1, int(column.max()) - west + 1)
        cells = np.full(shape, -1.0)
        np.maximum.at(cells, (north - row, column - west), self.gain)
        return Raster(
            west * cell_m, (north + 1) * cell_m, cell_m, np.where(cells < 0, np.nan, cells)
        )


def gain_surface(live: Live, *, every_m: float = EVERY_M) -> GainSurface:
    """Return what one more facility would give along all usable streets, as things stand now.

    every_m
        Spots are at most so far apart along a street, and one a square of this side.
    """
    reached = live.now.reached
    standing = reached.standing
    left = np.where(reached.within, 0.0, live.elders.at_points())
    xy = spots_along(standing.placed.index.network, standing.placed.index.usable, every_m=every_m)
    xy = xy[live.standings.as_they_are(xy, standing)]
    sites = standing.sites(xy)
    somewhere = np.diff(sites.ways.first) > 0
    xy, sites = xy[somewhere], sites.only(somewhere)
    off_street_m = sites.off_street_mm[sites.ways.first[:-1]] / 1000
    gain = _gains(standing, sites, left, limit_mm=reached.limit_mm)
    return GainSurface(xy[:, 0], xy[:, 1], gain, off_street_m)


def spots_along(network: WalkNetwork, usable: Flags, *, every_m: float) -> Floats:
    """Return spots on streets, whole millimetres along them: the first of each square.

    Each street is parted evenly; spots are the middles of its parts. Shape (spots, 2).
    """
    parts = np.where(usable, np.maximum(np.ceil(network.length_mm / 1000 / every_m), 1), 0)
    parts = parts.astype(np.int64)
    street = np.repeat(np.arange(len(network)), parts)
    nth = np.arange(len(street)) - np.repeat(np.cumsum(parts) - parts, parts)
    along_mm = np.rint((nth + 0.5) / parts[street] * network.length_mm[street])
    xy = _at(network, street, along_mm / 1000)
    _, first = np.unique(np.floor(xy / every_m), axis=0, return_index=True)
    return xy[np.sort(first)]


def _at(network: WalkNetwork, street: Ints, along_m: Floats) -> Floats:
    """Return where spots on streets lie."""
    xy, first = network.vertex_xy, network.vertex_start
    step_m = np.hypot(*np.diff(xy, axis=0).T)
    walked_m = np.append(0.0, np.cumsum(step_m))
    from_m = walked_m[first[street]]
    there_m = np.minimum(from_m + along_m, walked_m[first[street + 1] - 1])
    vertex = np.searchsorted(walked_m, there_m, side="left") - 1
    vertex = np.clip(vertex, first[street], first[street + 1] - 2)
    share = (there_m - walked_m[vertex]) / np.maximum(step_m[vertex], np.finfo(float).tiny)
    spots: Floats = xy[vertex] + np.clip(share, 0.0, 1.0)[:, None] * (xy[vertex + 1] - xy[vertex])
    return spots


def _gains(standing: Standing, sites: Exits, left: Floats, *, limit_mm: int) -> Floats:
    """Return the uncovered people within the limit of each site."""
    somebody = left > 0
    people, places = left[somebody], standing.exits.only(somebody)
    gains: Floats = np.zeros(sites.count)
    for first in range(0, sites.count, AT_ONCE):
        some = np.arange(sites.count) // AT_ONCE == first // AT_ONCE
        table = walk_table(
            standing.graph, sites.only(some), places, limit_mm=limit_mm, in_order=False
        )
        gains[some] = np.bincount(table.facility, people[table.place], minlength=table.facilities)
    return gains
