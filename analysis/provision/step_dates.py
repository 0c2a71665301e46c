"""When the homes of a project and its care rooms were built, accepted and handed over.

Days are counted since 1970. What is not told lies between `EVER` and `NEVER`; a date that may be a
year alone lies between the first and the last of its days.
"""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import dates, figures, not_before, words
from analysis.provision.check import Provision
from analysis.provision.in_use import status_of
from analysis.provision.projects import Phases, completion_date
from analysis.rulebook import Rulebook

HANDOVER = "handover_months"

# Certainly no later, certainly no earlier than any day.
EVER, NEVER = -np.inf, np.inf

_STANDING = ("operating", "building", "misused", "closed")
_UNFINISHED = ("planned", "building")


def day_of(on: date) -> float:
    """Return a date as a day."""
    return float((pd.Timestamp(on) - pd.Timestamp(0)).days)


def _days(day: pd.Series) -> pd.Series:
    """Return dates as days; NaN where unknown."""
    return (day - pd.Timestamp(0)) / pd.Timedelta(days=1)


def homes_of(residential: pd.DataFrame, phases: Phases, *, on: date) -> pd.DataFrame:
    """Return what is known of the homes of each project.

    planned, none_planned
        Care area is planned or stated; both are stated to be none.
    begun
        The homes are under construction or built.
    stands, no_room
        The ledger tells of a room at least under construction; of every phase that there is none.
    completed_first, completed_last
        Of all phases; `EVER` and `NEVER` where one does not say.
    handed_first, handed_latest_first
        Between which the first homes were handed over, as far as it is told; NaN and `NEVER` where
        none were yet.
    """
    rows = pd.DataFrame(
        {**_ledger_says(residential), **_homes_say(residential, on=on)}, index=residential.index
    ).groupby(phases.row)
    table = pd.DataFrame(
        {name: rows[name].any() for name in ("planned", "begun", "stands")}
        | {name: rows[name].all() for name in ("none_planned", "no_room")}
        | {name: rows[name].min() for name in ("completed_first", "handed_first")}
        | {"completed_last": rows["completed_last"].max()}
        | {"handed_latest_first": rows["handed_latest_first"].min()}
    )
    table["handed_first"] = table["handed_first"].replace(NEVER, np.nan)
    return table.set_axis(phases.stands)


def _ledger_says(residential: pd.DataFrame) -> dict[str, pd.Series]:
    """Return what estates say of their care rooms, row by row."""
    area, planned = (
        figures(residential, name) for name in ("care_floor_area_m2", "care_planned_m2")
    )
    status = words(residential, "care_status")
    stands = status.isin(_STANDING) & ~area.eq(0)
    return {
        "planned": planned.gt(0) | area.gt(0),
        "none_planned": planned.eq(0) & area.eq(0),
        "stands": stands,
        "no_room": area.eq(0) | (status.eq("planned") & ~stands),
    }


def _homes_say(residential: pd.DataFrame, *, on: date) -> dict[str, pd.Series]:
    """Return when homes were begun, completed, handed over, row by row."""
    today = pd.Timestamp(on)
    completed = dates(residential, "completed_on")
    delivered = figures(residential, "delivered_households")
    # Nobody has been handed these homes yet.
    later = not_before(completed).gt(today) | delivered.eq(0)
    handed = dates(residential, "handed_over_on")
    return {
        # A permit allows homes to be begun; it does not tell that they were.
        "begun": delivered.gt(0)
        | completion_date(residential).le(today)
        | words(residential, "kind").eq("built"),
        "completed_first": _days(not_before(completed)).fillna(EVER),
        "completed_last": _days(completed).fillna(NEVER),
        "handed_first": _days(not_before(handed)).fillna(EVER).mask(later, NEVER),
        "handed_latest_first": _days(handed).fillna(NEVER).mask(later, NEVER),
    }


def rooms_of(
    check: Provision, facilities: gpd.GeoDataFrame | None, rulebook: Rulebook, *, on: date
) -> pd.DataFrame:
    """Return what is known of the facilities of each project, the earliest of them.

    linked, clear
        Whether any may be, and whether any certainly is the project's own.
    standing, none_standing
        One of them is at least under construction; all of them certainly are not.
    overdue
        One should have been handed over by now, as the packs say.
    accepted_low, accepted_high, handed_low, handed_high
        Between which days it happened to the first.
    """
    each = _shares_say(check, facilities, rulebook, on=on)
    by_project = each.groupby("project")
    days = [f"{step}_{end}" for step in ("accepted", "handed") for end in ("low", "high")]
    table = pd.DataFrame(
        {name: by_project[name].any() for name in ("clear", "standing", "overdue")}
        | {"none_standing": by_project["not_standing"].all()}
        | {name: by_project[name].min() for name in days}
    )
    known = table.reindex(check.projects.index)
    flags = {name: known[name].eq(True) for name in ("clear", "standing", "overdue")}  # noqa: FBT003
    return known.assign(
        **flags,
        none_standing=known["none_standing"].ne(False),  # noqa: FBT003
        linked=known["accepted_low"].notna(),
        accepted_low=known["accepted_low"].fillna(EVER),
        handed_low=known["handed_low"].fillna(EVER),
    )


def _shares_say(
    check: Provision, facilities: gpd.GeoDataFrame | None, rulebook: Rulebook, *, on: date
) -> pd.DataFrame:
    """Return what is known of each share of a facility in a project."""
    if check.area is None or facilities is None:
        room, shares = pd.DataFrame(), pd.DataFrame({"project": [], "clear": []})
    else:
        shares = check.area.shared
        room = facilities.reset_index(drop=True).loc[shares["facility"]].set_axis(shares.index)
    status = status_of(room)
    accepted, handed = dates(room, "accepted_on"), dates(room, "handed_over_on")
    clear = shares["clear"].astype(bool)
    standing = status.isin(_STANDING) | accepted.le(pd.Timestamp(on))
    return pd.DataFrame(
        {
            "project": shares["project"],
            "clear": clear,
            "standing": clear & standing,
            "not_standing": clear & status.eq("planned") & ~standing,
            "overdue": clear & _overdue(accepted, _not_yet(handed, status, on=on), rulebook, on=on),
            **_bounds("accepted", accepted, status, clear, on=on),
            **_bounds("handed", handed, status, clear, on=on),
        }
    )


def _bounds(
    step: str, day: pd.Series, status: pd.Series, clear: pd.Series, *, on: date
) -> dict[str, pd.Series]:
    """Return the earliest and the latest day on which something may have happened to a room."""
    not_yet = _not_yet(day, status, on=on)
    first, last = _days(not_before(day)), _days(day)
    return {
        f"{step}_low": first.mask(not_yet, day_of(on) + 1).fillna(EVER).where(clear, EVER),
        f"{step}_high": last.mask(not_yet, NEVER).fillna(NEVER).where(clear, NEVER),
    }


def _not_yet(day: pd.Series, status: pd.Series, *, on: date) -> pd.Series:
    """Return which rooms have certainly not seen something: a later date is told, or none is.

    Without a date only what is planned or being built has not.
    """
    return (day.isna() & status.isin(_UNFINISHED)) | not_before(day).gt(pd.Timestamp(on))


def _overdue(
    accepted: pd.Series, not_yet: pd.Series, rulebook: Rulebook, *, on: date
) -> pd.Series:
    """Return which rooms should have been handed over by now and certainly are not.

    Where no pack gives a term none should.
    """
    rule = rulebook.find(HANDOVER, "all", on)
    if rule is None or accepted.empty:
        return pd.Series(False, index=accepted.index)  # noqa: FBT003 - a column of one value
    today = pd.Timestamp(on)
    due = accepted + pd.DateOffset(months=int(rule.value))
    return due.lt(today) & not_yet
