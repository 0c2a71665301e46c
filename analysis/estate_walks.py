"""Walks from estates to facilities within a limit: the lower median of each estate's cells."""

import numpy as np
import pandas as pd

from analysis.placing import Placed
from geo.places import Exits
from geo.travel import walk_table


def estate_walks(placed: Placed, facilities: Exits, *, limit_mm: int, count: int) -> pd.DataFrame:
    """Return the walks from estates to facilities that are no longer than a limit.

    facilities
        Ways out of the facilities asked for, on the streets of `placed.graph`.
    count
        How many estates there are.

    estate, facility are positions, in order; walk_mm whole millimetres. An estate of n cells has a
    lower median within the limit only where at least (n - 1) // 2 + 1 of them walk within it.
    """
    table = walk_table(placed.graph, facilities, placed.exits, limit_mm=limit_mm)
    kind = placed.residential
    cells = (table.place >= kind.start) & (table.place < kind.stop)
    walks = pd.DataFrame(
        {
            "estate": placed.place[table.place[cells]],
            "facility": table.facility[cells],
            "walk_mm": table.walk_mm[cells],
        }
    ).sort_values(["estate", "facility", "walk_mm"], ignore_index=True)
    middle = (np.bincount(placed.place[kind], minlength=count) - 1) // 2
    rank = walks.groupby(["estate", "facility"]).cumcount().to_numpy()
    medians: pd.DataFrame = walks[rank == middle[walks["estate"]]]
    return medians.reset_index(drop=True)
