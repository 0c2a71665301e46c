"""The four synchronisations and the handover: planned, built, accepted, delivered with the homes.

Every step is yes, no or unknown. Of several facilities that are an estate's own, one in time is
enough, and a step is broken only where all of them are late. A date that is not told is unknown,
but what is still planned or being built has certainly not been accepted nor handed over.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import words
from analysis.description import ProvisionSettings
from analysis.provision.check import Provision
from analysis.provision.projects import Phases
from analysis.provision.rates import REVIEW_SINCE, review_date
from analysis.provision.step_dates import NEVER, day_of, homes_of, rooms_of
from analysis.rulebook import Rulebook
from geo.language import Message, say

STEPS: Mapping[str, Message] = MappingProxyType(
    {
        "planned": say("同步规划"),
        "built": say("同步建设"),
        "accepted": say("同步验收"),
        "delivered": say("同步交付"),
        "handed_over": say("移交民政"),
    }
)
"""The steps in their order; the first four are the synchronisations."""

FOUR = ("planned", "built", "accepted", "delivered")
COLUMNS = ("residential_id", *STEPS, "steps_done", "steps_known", "first_broken_step")


def synchrony(
    check: Provision,
    residential: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame | None,
    rulebook: Rulebook,
    *,
    on: date,
    settings: ProvisionSettings,
) -> pd.DataFrame:
    """Return the steps of every project that is new, or was completed since the review begins.

    check
        As `check_provision` gives it for these layers.

    One row a project, by the index of the row that stands for it, with `COLUMNS`; the steps are
    nullable booleans; steps_done and steps_known count the first four; first_broken_step is empty
    where none is known to be broken.

    - planned: planned care area, stated care area or a facility of its own.
    - built: a room at least under construction once the homes are.
    - accepted: no later than the completion of the homes; phases must agree.
    - delivered: no later than the first homes were handed over.
    - handed_over: to the civil affairs office by now; where a pack gives months, broken when they
      have passed since acceptance and the room is certainly not handed over.
    """
    residential = residential.reset_index(drop=True)
    if check.area is None:
        return pd.DataFrame(columns=list(COLUMNS))
    homes = homes_of(residential, Phases.of(check.project), on=on)
    rooms = rooms_of(check, facilities, rulebook, on=on)
    built = _built(homes, rooms)
    rooms = _without_room(rooms, built.eq(False).fillna(value=False).astype(bool), on=on)  # noqa: FBT003
    steps = _steps(homes, rooms, late=settings.late_days, today=day_of(on)).assign(built=built)
    return _counted(steps, words(residential, "id"))[_asked(check, residential, rulebook, on=on)]


def _steps(homes: pd.DataFrame, rooms: pd.DataFrame, *, late: int, today: float) -> pd.DataFrame:
    """Return the steps that are told by what is planned and by dates."""
    return pd.DataFrame(
        {
            "planned": _three(
                homes["planned"] | rooms["clear"], homes["none_planned"] & ~rooms["linked"]
            ),
            "accepted": _three(
                rooms["accepted_high"].le(homes["completed_first"] + late),
                rooms["accepted_low"].gt(homes["completed_last"] + late),
            ),
            "delivered": _three(
                rooms["handed_high"].le(homes["handed_first"] + late),
                rooms["handed_low"].gt(homes["handed_latest_first"] + late),
            ),
            "handed_over": _three(rooms["handed_high"].le(today), rooms["overdue"]),
        }
    )


def _asked(
    check: Provision, residential: pd.DataFrame, rulebook: Rulebook, *, on: date
) -> pd.Series:
    """Return which projects are looked at."""
    new = check.projects["kind"].eq("new")
    rule = rulebook.find(REVIEW_SINCE, "all", on)
    if rule is None:
        return new
    latest = review_date(residential).groupby(check.project).max().reindex(new.index)
    return new | latest.ge(pd.Timestamp(int(rule.value), 1, 1))


def _three(yes: pd.Series, no: pd.Series) -> pd.Series:
    """Return yes, no or unknown; comparisons with unknown days are neither."""
    return yes.astype("boolean").where(yes | no)


def _without_room(rooms: pd.DataFrame, no_room: pd.Series, *, on: date) -> pd.DataFrame:
    """Return the rooms, where there is none as one that is accepted and handed over some day."""
    nothing = no_room & ~rooms["linked"]
    day = {"low": day_of(on) + 1, "high": NEVER}
    return rooms.assign(
        **{
            f"{step}_{end}": rooms[f"{step}_{end}"].mask(nothing, day[end])
            for step in ("accepted", "handed")
            for end in day
        }
    )


def _built(homes: pd.DataFrame, rooms: pd.DataFrame) -> pd.Series:
    """Return whether a room is at least under construction, once the homes are."""
    none = homes["no_room"] & rooms["none_standing"]
    return _three(homes["stands"] | rooms["standing"], homes["begun"] & none)


def _counted(steps: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    """Return the steps with their count and the first that is broken."""
    four = steps[[*FOUR]]
    broken = steps.eq(False).fillna(value=False).astype(bool)  # noqa: FBT003
    first = np.select([broken[name].to_numpy() for name in STEPS], [*STEPS], "")
    return pd.DataFrame(
        {
            "residential_id": ids[steps.index],
            **{name: steps[name] for name in STEPS},
            "steps_done": four.fillna(value=False).sum(axis=1).astype("int64"),
            "steps_known": four.notna().sum(axis=1),
            "first_broken_step": pd.Series(first, index=steps.index, dtype="str"),
        },
        columns=list(COLUMNS),
    )
