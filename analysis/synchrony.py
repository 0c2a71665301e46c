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

from analysis.columns import dates, figures, words
from analysis.projects import Phases, completion_date
from analysis.provision import Provision
from analysis.provision_rates import REVIEW_SINCE, review_date
from analysis.rulebook import Rulebook
from analysis.study import ProvisionSettings
from geo.language import Message, say

HANDOVER = "handover_months"

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

_STANDING = ("operating", "building", "misused", "closed")
_UNFINISHED = ("planned", "building")
# Days since 1970: certainly earlier, certainly later than any date.
_EVER, _NEVER = -np.inf, np.inf


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
      have passed since acceptance.
    """
    residential = residential.reset_index(drop=True)
    if check.area is None:
        return pd.DataFrame(columns=list(COLUMNS))
    rooms = _rooms(check, facilities, rulebook, on=on)
    phases = Phases.of(check.project)
    homes = _homes(residential, phases, on=on)
    built = _built(homes, rooms)
    nothing = ~rooms["linked"] & built.eq(False).fillna(value=False).astype(bool)  # noqa: FBT003
    today = _days(pd.Series([pd.Timestamp(on)])).iloc[0]
    for step in ("accepted", "handed"):  # a room that is not there has not been accepted
        rooms[f"{step}_low"] = rooms[f"{step}_low"].mask(nothing, today + 1)
        rooms[f"{step}_high"] = rooms[f"{step}_high"].mask(nothing, _NEVER)
    late = settings.late_days
    steps = pd.DataFrame(
        {
            "planned": _three(
                homes["planned"] | rooms["clear"], homes["none_planned"] & ~rooms["linked"]
            ),
            "built": built,
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
    return _counted(steps, words(residential, "id"))[_asked(check, residential, rulebook, on=on)]


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


def _days(day: pd.Series) -> pd.Series:
    """Return dates as days since 1970; NaN where unknown."""
    return (day - pd.Timestamp(0)) / pd.Timedelta(days=1)


def _three(yes: pd.Series, no: pd.Series) -> pd.Series:
    """Return yes, no or unknown; comparisons with unknown days are neither."""
    return yes.astype("boolean").where(yes | no)


def _homes(residential: pd.DataFrame, phases: Phases, *, on: date) -> pd.DataFrame:
    """Return what is known of the homes of each project; dates as days.

    completed_first, completed_last
        Of all phases; infinitely early and late where one does not say.
    handed_first, handed_latest_first
        Between which the first homes were handed over, as far as it is told.
    """
    today = pd.Timestamp(on)
    completed, handed = dates(residential, "completed_on"), dates(residential, "handed_over_on")
    delivered = figures(residential, "delivered_households")
    area, planned = (
        figures(residential, name) for name in ("care_floor_area_m2", "care_planned_m2")
    )
    status = words(residential, "care_status")
    begun = (
        delivered.gt(0)
        | completion_date(residential).le(today)
        | dates(residential, "permitted_on").le(today)
        | words(residential, "kind").eq("built")
    )
    later = completed.gt(today) | delivered.eq(0)  # nobody has been handed these homes yet
    stands = status.isin(_STANDING) & ~area.eq(0)
    rows = pd.DataFrame(
        {
            "planned": planned.gt(0) | area.gt(0),
            "none_planned": planned.eq(0) & area.eq(0),
            "begun": begun,
            "stands": stands,
            "no_room": area.eq(0) | (status.eq("planned") & ~stands),
            "completed_first": _days(completed).fillna(_EVER),
            "completed_last": _days(completed).fillna(_NEVER),
            "handed_first": _days(handed).fillna(_EVER).mask(later, _NEVER),
            "handed_latest_first": _days(handed).fillna(_NEVER).mask(later, _NEVER),
        }
    ).groupby(phases.row)
    by = {"any": ("planned", "begun", "stands"), "all": ("none_planned", "no_room")}
    table = pd.DataFrame(
        {name: getattr(rows[name], how)() for how, names in by.items() for name in names}
        | {name: rows[name].min() for name in ("completed_first", "handed_first")}
        | {"completed_last": rows["completed_last"].max()}
        | {"handed_latest_first": rows["handed_latest_first"].min()}
    )
    # Where nobody has been handed a home, no room can be late nor in time.
    table["handed_first"] = table["handed_first"].replace(_NEVER, np.nan)
    return table.set_axis(phases.stands)


def _rooms(
    check: Provision, facilities: gpd.GeoDataFrame | None, rulebook: Rulebook, *, on: date
) -> pd.DataFrame:
    """Return what is known of the facilities of each project, the earliest of them.

    linked, clear
        Whether any may be, and whether any certainly is the project's own. *_low, *_high: the
        earliest and the latest that it may have been accepted, handed over, in days.
    """
    area = check.area
    shares = pd.DataFrame({"facility": [], "project": [], "clear": []}).astype(
        {"facility": "int64", "project": "int64", "clear": "bool"}
    ) if area is None else area.shared  # fmt: skip
    layer = None if facilities is None else facilities.reset_index(drop=True)
    room = pd.DataFrame() if layer is None else layer.loc[shares["facility"]]
    room = room.set_axis(shares.index)
    status = words(room, "status")
    if "status" not in room.columns:
        status = status.fillna("operating")
    accepted, handed = dates(room, "accepted_on"), dates(room, "handed_over_on")
    clear = shares["clear"].astype(bool)
    standing = status.isin(_STANDING) | accepted.le(pd.Timestamp(on))
    each = pd.DataFrame(
        {
            "clear": clear,
            "standing": clear & standing,
            "not_standing": clear & status.eq("planned") & ~standing,
            "overdue": clear & _overdue(accepted, handed, rulebook, on=on),
            **_bounds("accepted", accepted, status, clear, on=on),
            **_bounds("handed", handed, status, clear, on=on),
        }
    ).groupby(shares["project"])
    table = pd.DataFrame(
        {name: each[name].any() for name in ("clear", "standing", "overdue")}
        | {"none_standing": each["not_standing"].all()}
        | {
            f"{step}_{end}": each[f"{step}_{end}"].min()
            for step in ("accepted", "handed")
            for end in ("low", "high")
        }
    )
    known = table.reindex(check.projects.index)
    flags = {name: known[name].eq(True) for name in ("clear", "standing", "overdue")}  # noqa: FBT003
    return known.assign(
        **flags,
        none_standing=known["none_standing"].ne(False),  # noqa: FBT003
        linked=known["accepted_low"].notna(),
        accepted_low=known["accepted_low"].fillna(_EVER),
        handed_low=known["handed_low"].fillna(_EVER),
    )


def _bounds(
    step: str, day: pd.Series, status: pd.Series, clear: pd.Series, *, on: date
) -> dict[str, pd.Series]:
    """Return the earliest and the latest day on which something may have happened to a room."""
    today = pd.Timestamp(on)
    not_yet = (day.isna() & status.isin(_UNFINISHED)) | day.gt(today)
    told = _days(day)
    tomorrow = _days(pd.Series([today])).iloc[0] + 1
    return {
        f"{step}_low": told.mask(not_yet, tomorrow).fillna(_EVER).where(clear, _EVER),
        f"{step}_high": told.mask(not_yet, _NEVER).fillna(_NEVER).where(clear, _NEVER),
    }


def _overdue(accepted: pd.Series, handed: pd.Series, rulebook: Rulebook, *, on: date) -> pd.Series:
    """Return which rooms should have been handed over by now, where a pack gives a term."""
    rule = rulebook.find(HANDOVER, "all", on)
    if rule is None or accepted.empty:
        return pd.Series(False, index=accepted.index)  # noqa: FBT003 - a column of one value
    today = pd.Timestamp(on)
    due = accepted + pd.DateOffset(months=int(rule.value))
    return due.lt(today) & ~handed.le(today)


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
