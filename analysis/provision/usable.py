"""Whether a candidate can be used for care: what speaks against it, what is unknown, what to tell.

The one answer that the list of stock, the remedies and the proposed pools rest on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import numpy as np
import pandas as pd

from analysis.columns import figures, flags, words
from analysis.districts.standing import says
from analysis.provision.floors import floors
from analysis.rule_keys import CELLARS, HIGHEST, LIFT_FROM, ROOM
from analysis.rulebook import NATIONAL, Rule, Rulebook
from geo.language import Message, say

REASONS: Mapping[str, Message] = MappingProxyType(
    {
        "forbidden": say("台账标明不可选"),
        "not_available": say("可用年限为零"),
        "unfit_floor": say("设在地下室、夹层、顶楼或车库等不宜楼层"),
        "no_lift": say("在应设电梯的楼层而没有电梯"),
        "above_highest_floor": say("高于所用规定允许的最高楼层"),
        "under_room_min": say("面积小于所用规定的单处最小面积"),
        "area_unknown": say("面积未知"),
        "floor_unknown": say("楼层未知"),
        "lift_unknown": say("有无电梯未知"),
        "no_lift_upstairs": say("部分在二层及以上而没有电梯"),
        "partly_unfit_floor": say("部分设在不宜楼层"),
        "partly_above_highest": say("部分高于规定允许的最高楼层"),
        "land": say("是用地，不是现成的用房"),
    }
)
"""Reasons and warnings of a candidate, by code."""

# Land is no room: its square metres are never mixed with those of floors.
_LAND = "新增|用地|地块"


@dataclass(frozen=True)
class Usable:
    """What is to be said of each candidate, one boolean column a code.

    against, unknown, warned
        What makes it unfit; what of it is not known; what is only to be told.
    """

    against: pd.DataFrame
    unknown: pd.DataFrame
    warned: pd.DataFrame

    @property
    def usable(self) -> pd.Series:
        """Return whether each can be used; missing where something unknown decides."""
        usable = (~self.against.any(axis=1)).astype("boolean")
        return usable.mask(usable & self.unknown.any(axis=1))

    @property
    def makes_good(self) -> pd.Series:
        """Return which are rooms whose whole area may make good what an estate lacks.

        Unknown floors and lifts exclude nobody. How much of a room that lies partly in a cellar
        would count nobody knows, nor what may be built on land.
        """
        open_ = self.unknown["area_unknown"] | self.warned["partly_unfit_floor"]
        return ~(self.against.any(axis=1) | open_ | self.warned["land"])


def usable_rooms(candidates: pd.DataFrame, rulebook: Rulebook, *, on: date) -> Usable:
    """Return what speaks against each candidate, for a new use, as the packs say on a date.

    A cellar is no place for a new use unless a pack lets it count; a part of a room upstairs, too
    high or in a cellar is only told. A least size excludes where a place has set it for itself.
    """
    storey, area = floors(candidates), figures(candidates, "area_m2")
    lowest, highest = storey["lowest"], storey["highest"]
    land = says(words(candidates, "kind"), _LAND)
    lift, no_lift = flags(candidates, "lift"), _is(candidates, "lift", value=False)
    rules = {key: rulebook.find(key, "all", on) for key in (LIFT_FROM, HIGHEST, ROOM, CELLARS)}
    limit = {key: np.nan if rule is None else rule.value for key, rule in rules.items()}
    upstairs, reaches_up = lowest.ge(limit[LIFT_FROM]), highest.ge(limit[LIFT_FROM])
    cellars_count = limit[CELLARS] > 0
    small, local = area.lt(limit[ROOM]) & ~land, _is_local(rules[ROOM])
    against = {
        "forbidden": _is(candidates, "forbidden", value=True),
        "not_available": figures(candidates, "available_years").eq(0),
        "unfit_floor": storey["wholly"] & (not cellars_count),
        "no_lift": upstairs & no_lift,
        "above_highest_floor": lowest.gt(limit[HIGHEST]),
        "under_room_min": small & local,
    }
    unknown = {
        "area_unknown": ~area.gt(0),
        "floor_unknown": lowest.isna() & ~storey["unfit"] & ~land,
        "lift_unknown": upstairs & lift.isna(),
    }
    warned = {
        "unfit_floor": storey["wholly"] & cellars_count,
        "partly_unfit_floor": storey["unfit"] & ~storey["wholly"],
        "no_lift_upstairs": reaches_up & ~upstairs & no_lift,
        "partly_above_highest": highest.gt(limit[HIGHEST]) & ~against["above_highest_floor"],
        "under_room_min": small & (not local),
        "land": land,
    }
    return Usable(*(pd.DataFrame(each) for each in (against, unknown, warned)))


def _is(frame: pd.DataFrame, name: str, *, value: bool) -> "pd.Series[bool]":
    """Return which flags are certainly so."""
    return flags(frame, name).eq(value).fillna(value=False).astype(bool)


def _is_local(rule: Rule | None) -> bool:
    """Return whether a place has set a figure for itself: what lies beneath all is a hint."""
    return rule is not None and rule.pack != NATIONAL
