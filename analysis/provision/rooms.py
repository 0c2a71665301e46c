"""What the packs ask of a single care room: where it lies, how high, how large.

Only a cellar may keep a room from counting, and only where a pack says so; all else is a warning.
"""

from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np
import pandas as pd

from analysis.columns import figures, flags
from analysis.provision.floors import floors
from analysis.rule_keys import CELLARS, HIGHEST, LIFT_FROM, ROOM
from analysis.rulebook import Rulebook


@dataclass(frozen=True)
class RoomRules:
    """What binds rooms on a date; None where no pack says anything.

    cellars_count
        Whether a room in a cellar, mezzanine, attic, top floor or garage counts.
    lift_from
        The lowest floor that needs a lift.
    highest
        The highest floor a room may be on.
    least_m2
        Floor area below which a room is called small.
    """

    cellars_count: bool = True
    lift_from: float | None = None
    highest: float | None = None
    least_m2: float | None = None

    @classmethod
    def of(cls, rulebook: Rulebook, *, on: date) -> Self:
        """Return what the packs say on a date."""
        keys = (CELLARS, LIFT_FROM, HIGHEST, ROOM)
        found = [rulebook.find(key, "all", on) for key in keys]
        values = [None if rule is None else rule.value for rule in found]
        return cls(values[0] != 0, *values[1:])


def room_warnings(facilities: pd.DataFrame, rules: RoomRules) -> pd.DataFrame:
    """Return what is to be said of each room, should it be in use: one boolean column a code."""
    storey = floors(facilities)
    return pd.DataFrame(
        {
            "small_room": is_small(figures(facilities, "floor_area_m2"), rules),
            "no_lift": lacks_lift(facilities, rules),
            "too_high": storey["highest"].gt(np.inf if rules.highest is None else rules.highest),
            "basement_counted": storey["unfit"] & rules.cellars_count,
            "basement_room": storey["unfit"] & (not rules.cellars_count),
        }
    )


def is_small(floor_area_m2: pd.Series, rules: RoomRules) -> pd.Series:
    """Return which floor areas are above zero and below the least; unknown ones are not."""
    least = 0.0 if rules.least_m2 is None else rules.least_m2
    return floor_area_m2.gt(0) & floor_area_m2.lt(least)


def lacks_lift(frame: pd.DataFrame, rules: RoomRules) -> pd.Series:
    """Return which rooms reach a floor that needs a lift and certainly have none."""
    none = flags(frame, "lift").eq(False).fillna(value=False).astype(bool)  # noqa: FBT003
    return none & floors(frame)["highest"].ge(
        np.inf if rules.lift_from is None else rules.lift_from
    )


def scattered(rooms: pd.DataFrame, required_m2: pd.Series, *, main_room_share: float) -> pd.Series:
    """Return whose need is met by several rooms of which none is the main one.

    rooms
        By project: rooms, how many count; largest_m2, infinite where one's area is unknown.
    """
    return rooms["rooms"].gt(1) & rooms["largest_m2"].lt(required_m2 * main_room_share)
