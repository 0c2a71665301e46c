"""Walking metres between places and facilities: everything that walks is asked for here.

- `search`, `nearest_facility`, `nearest_by_group`: the nearest facility of every place.
- `walk_table`: all walks within a limit, facility by place; one pass serves every limit and speed.
- `WhatIf`: one facility added, removed or moved, exactly, with undo.
- `WalksBetween`: from any place to one facility that is named.

All take a `WalkGraph` (or the altered one of a scenario) and the `Exits` of points put on streets,
and count whole millimetres.
"""

from geo.walks.nearest_walks import (
    ANY_LENGTH_MM,
    FAR,
    NO_FACILITY,
    Search,
    Walks,
    budget_mm,
    in_minutes,
    nearest_by_group,
    nearest_facility,
    search,
)
from geo.walks.walk_graph import WalkGraph
from geo.walks.walk_table import FacilitiesByPlace, WalkTable, walk_table
from geo.walks.walks_between import WalksBetween
from geo.walks.what_if import WhatIf

__all__ = [
    "ANY_LENGTH_MM",
    "FAR",
    "NO_FACILITY",
    "FacilitiesByPlace",
    "Search",
    "WalkGraph",
    "WalkTable",
    "Walks",
    "WalksBetween",
    "WhatIf",
    "budget_mm",
    "in_minutes",
    "nearest_by_group",
    "nearest_facility",
    "search",
    "walk_table",
]
