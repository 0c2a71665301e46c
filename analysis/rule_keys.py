"""Keys of rules that several modules look up."""

from typing import Final

FLOOR_AREA: Final = "care_floor_area_per_100_households"
PHASE_DUE: Final = "phase_due_share"
POOL_WALK: Final = "pool_walk_min"
POOL_APPLIES: Final = "pool_applies_to"
ROOM: Final = "care_room_min_m2"
CELLARS: Final = "basement_room_counts"
LIFT_FROM: Final = "lift_from_floor"
HIGHEST: Final = "highest_floor"
