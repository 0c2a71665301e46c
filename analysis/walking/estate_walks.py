"""Walks from estates to facilities: not to the nearest one, to every one in reach."""

from typing import Final

import numpy as np
import pandas as pd

from analysis.walking.placing import Placed
from geo.streets.network import Flags, Ints
from geo.walks.places import Exits
from geo.walks.travel import WalkTable, walk_table

MOST_PAIRS: Final = 8_000_000  # of a cell and a facility at once: some hundred megabytes at most


def estate_walks(
    placed: Placed, facilities: Exits, *, limit_mm: int, estates: Flags | None = None
) -> pd.DataFrame:
    """Return the walks of at most `limit_mm` from estates to facilities, one row a pair.

    facilities
        Facilities on the streets, as `Placed.ways_out` puts them there; they need not count.
    estates
        Which estates are asked for; all by default.

    Columns: `estate` and `facility`, by position in the residential layer and among `facilities`;
    `walk_mm`, the lower median of the walks from the estate's cells, in whole millimetres. Rows
    stand by facility, then by estate. A pair that is not told has no such median: it is longer.
    """
    cell_estate = placed.place[placed.residential]
    asked = np.ones(len(cell_estate), bool) if estates is None else estates[cell_estate]
    wanted = np.zeros(placed.exits.count, dtype=bool)
    wanted[placed.residential] = asked
    cells, estate = placed.exits.only(wanted), cell_estate[asked]
    at_once = max(1, MOST_PAIRS // max(1, cells.count))
    tables = []
    for first in range(0, max(1, facilities.count), at_once):
        number = np.arange(facilities.count)
        some = facilities.only((number >= first) & (number < first + at_once))
        table = walk_table(placed.graph, some, cells, limit_mm=limit_mm)
        medians = _lower_medians(table, estate)
        tables.append(medians.assign(facility=medians["facility"] + first))
    return pd.concat(tables, ignore_index=True)


def _lower_medians(table: WalkTable, estate: Ints) -> pd.DataFrame:
    """Return the lower median of every estate and facility of which enough cells are told.

    estate
        Of every cell, in order: so the cells of a pair stand together in the table.
    """
    facility, of = table.facility, estate[table.place]
    begins = np.ones(len(of), dtype=bool)
    begins[1:] = (facility[1:] != facility[:-1]) | (of[1:] != of[:-1])
    first = np.flatnonzero(begins)
    told = np.diff(first, append=len(of))
    # Walks are ordered within their pair by one number, the pair's before the walk.
    beyond = int(table.walk_mm.max(initial=0)) + 1
    walk_mm = np.sort((np.cumsum(begins) - 1) * beyond + table.walk_mm) % beyond
    # Cells that are not told walk farther than all that are.
    middle = (np.bincount(estate)[of[first]] - 1) // 2
    known = middle < told
    rows = first[known]
    return pd.DataFrame(
        {
            "estate": of[rows],
            "facility": facility[rows],
            "walk_mm": walk_mm[rows + middle[known]],
        }
    )
