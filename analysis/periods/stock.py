"""Facilities between two periods, and what of their change is dated in the period.

A facility is **in use** as the provision check has it: it operates, or is accepted and handed over.
It **came into use** on its opening date; where that is empty, on the later of acceptance and
handover. A date is in the period when it is after the earlier evaluation and not after the later.
31 December is what a cell with a year alone is read as: it proves nothing unless the whole year
is in the period.
"Undone" is what the facility is without the events of the period.

| earlier | later | dated | without the events of the period | counts as |
|---|---|---|---|---|
| absent | in use | came into use in the period | absent | built: opened |
| absent | in use | no date, or one outside | as now | late record |
| absent | not in use | closed in the period, not opened in it | in use | built: closed |
| absent | not in use | else | as now | late record |
| not in use | in use | came into use in the period | state as it was | built: opened |
| not in use | in use | no date, or one outside | as now | late record |
| in use | not in use | closed in the period | state as it was | built: closed |
| in use | not in use | no date, or one outside | as now | late record |
| in use | absent | the earlier row says closed in the period | as it was | built: closed |
| in use, not in use | absent | else | absent | late record |
| in use by handover | operates | opened in the period | state as it was | built: opened |
| in use | in use | else | as now | late record: moved, resized, renamed |
| not in use | not in use | any | as now | late record |

A facility that operated already is never opened again, whatever date it now bears: what was
counted before is not new. One that was only handed over counted as floor area, not for the circle.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import dates, words
from analysis.coverage.areas import Flags
from analysis.periods.matched import Matched
from analysis.provision.in_use import in_use

STATE: Final = ("status", "opened_on", "closed_on", "accepted_on", "handed_over_on")
SIZE: Final = ("floor_area_m2", "allocated_m2", "beds", "nursing_beds")
OPENED, CLOSED = "opened", "closed"
BUILT, LATE = "built", "late_records"
_DECEMBER, _LAST = 12, 31  # the day that stands for a year: see geo.ledgers.dates
_DATES: Final = ("opened_on", "closed_on", "accepted_on", "handed_over_on")


@dataclass(frozen=True)
class Period:
    """The days after one evaluation, up to and with the day of the next."""

    start: dt.date
    end: dt.date

    def has(self, days: pd.Series) -> pd.Series:
        """Return which days lie in the period; an unknown day does not.

        31 December may be a year and no more: then some of that year must not lie before.
        """
        year_alone = days.dt.month.eq(_DECEMBER) & days.dt.day.eq(_LAST)
        begun_before = days.dt.year.le(self.start.year)
        inside = days.gt(pd.Timestamp(self.start)) & days.le(pd.Timestamp(self.end))
        proved: pd.Series = inside & ~(year_alone & begun_before)
        return proved


@dataclass(frozen=True, eq=False)
class FacilityStock:
    """The facilities of two periods.

    earlier
        Those of the earlier period under the ids of the later one.
    undone
        Those of the later period without the events of the period.
    events
        A row for each facility of either period, the later ones first: before, after (positions,
        -1: absent), was, now (in use), event (`opened`, `closed` or empty), on (its date).
    """

    earlier: gpd.GeoDataFrame
    undone: gpd.GeoDataFrame
    events: pd.DataFrame


def facility_stock(
    before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, matched: Matched, period: Period
) -> FacilityStock:
    """Return what facilities were, and what they would be without the events of the period."""
    before, after = with_status(before), with_status(after)
    earlier = as_of(before, period.start)
    events = facility_events(earlier, after, matched, period)
    renamed = earlier.assign(id=_later_ids(earlier, after, matched))
    return FacilityStock(renamed, _undone(renamed, after, events), events)


def with_status(facilities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return facilities with a status: without the column all of them operate."""
    if "status" in facilities.columns:
        return facilities.reset_index(drop=True)
    return facilities.assign(status="operating").reset_index(drop=True)


def as_of(
    frame: gpd.GeoDataFrame, day: dt.date, names: tuple[str, ...] = _DATES
) -> gpd.GeoDataFrame:
    """Return rows without the dates that lay ahead on a day: they had not come to pass."""
    past = {
        name: dates(frame, name).where(dates(frame, name).le(pd.Timestamp(day)))
        for name in names
        if name in frame.columns and name != "closed_on"
    }
    return frame.assign(**past)


def came_into_use(facilities: pd.DataFrame) -> pd.Series:
    """Return the day of opening, else the later of acceptance and handover; NaT where unknown."""
    proved = pd.concat(
        [dates(facilities, "accepted_on"), dates(facilities, "handed_over_on")], axis=1
    ).max(axis=1)
    return dates(facilities, "opened_on").fillna(proved)


def facility_events(
    before: pd.DataFrame, after: pd.DataFrame, matched: Matched, period: Period
) -> pd.DataFrame:
    """Return what became of each facility; see the table above."""
    own = matched.before_of(len(after))
    rows = pd.DataFrame(
        {
            "before": np.concatenate([own, matched.only_before]),
            "after": np.concatenate(
                [np.arange(len(after)), np.full(len(matched.only_before), -1)]
            ),
        }
    )
    was = _gathered(in_use(before, on=period.start), rows["before"]).eq(other=True)
    now = _gathered(in_use(after, on=period.end), rows["after"]).eq(other=True)
    came = _gathered(came_into_use(after), rows["after"])
    left = _gathered(dates(after, "closed_on"), rows["after"])
    foretold = _gathered(dates(before, "closed_on"), rows["before"])
    absent_before, absent_now = rows["before"].lt(0), rows["after"].lt(0)
    operated, operates = (
        _gathered(words(frame, "status").eq("operating"), rows[side]).eq(other=True)
        for frame, side in ((before, "before"), (after, "after"))
    )
    begun = _gathered(dates(after, "opened_on"), rows["after"])
    opened = ~was & now & period.has(came)
    opened |= was & ~operated & operates & period.has(begun)
    closed = was & ~now & period.has(left.mask(absent_now, foretold))
    closed |= absent_before & ~now & period.has(left) & ~period.has(came)
    event = np.select([opened, closed], [OPENED, CLOSED], "")
    day = came.where(opened, left.mask(absent_now, foretold)).where(opened | closed)
    return rows.assign(was=was, now=now, event=event, on=day)


def _undone(
    earlier: gpd.GeoDataFrame, after: gpd.GeoDataFrame, events: pd.DataFrame
) -> gpd.GeoDataFrame:
    """Return the later facilities without the events of the period."""
    here = events.iloc[: len(after)]
    known = here["before"].ge(0).to_numpy()
    opened, closed = (here["event"].eq(word).to_numpy() for word in (OPENED, CLOSED))
    undone = taken_from(earlier, after, here["before"], STATE, where=known & (opened | closed))
    sizes = taken_from(earlier, after, here["before"], SIZE, where=known & closed)
    undone = undone.assign(
        **{name: undone[name].fillna(sizes[name]) for name in SIZE if name in undone.columns}
    )
    again = closed & ~known  # listed only now, when it was closed already
    undone.loc[again, "status"] = "operating"
    if again.any():
        undone.loc[again, "closed_on"] = pd.NaT
    gone = events.iloc[len(after) :]
    back = earlier.iloc[gone.loc[gone["event"].eq(CLOSED), "before"]]
    kept = undone[~(opened & ~known)]
    if back.empty:
        return kept.reset_index(drop=True)
    return gpd.GeoDataFrame(
        pd.concat([kept, back], ignore_index=True), geometry="geometry", crs=after.crs
    )


def taken_from(
    before: gpd.GeoDataFrame,
    after: gpd.GeoDataFrame,
    position: pd.Series,
    names: tuple[str, ...],
    *,
    where: Flags,
) -> gpd.GeoDataFrame:
    """Return the later rows, some of them with earlier values in some columns.

    position
        Of each later row its earlier one; not asked where `where` does not hold.
    """
    changed: dict[str, pd.Series] = {}
    for name in names:
        if name not in before.columns and name not in after.columns:
            continue
        kind = (after if name in after.columns else before)[name].dtype
        old, new = (
            frame[name].astype(kind)
            if name in frame.columns
            else pd.Series(None, index=frame.index, dtype=kind)
            for frame in (before, after)
        )
        values = new.reset_index(drop=True)
        values[where] = old.take(position[where]).array
        changed[name] = values.set_axis(after.index)
    return after.assign(**changed)


def _later_ids(before: pd.DataFrame, after: pd.DataFrame, matched: Matched) -> pd.Series:
    """Return the ids the earlier rows have now; one that is gone never takes another's."""
    ids = before["id"].astype("str")
    own = ids.mask(ids.isin(after["id"]), ids + "@").to_numpy(dtype=object)
    own[matched.before] = after["id"].to_numpy(dtype=object)[matched.after]
    return pd.Series(own, index=before.index, dtype="str")


def _gathered(column: pd.Series, position: pd.Series) -> pd.Series:
    """Return the values at positions; missing at -1."""
    found = column.reset_index(drop=True).reindex(position.to_numpy())
    return found.set_axis(position.index)


def serving_now(
    serves: pd.Series, *, now_called: Mapping[str, str], between: str
) -> pd.Series:
    """Return whom facilities serve, by what estates are called now."""
    tokens = serves.str.split(between, regex=True).explode().str.strip()
    return tokens.replace(dict(now_called)).groupby(level=0).agg(
        lambda names: "；".join(name for name in names if isinstance(name, str) and name)
    ).reindex(serves.index).where(serves.notna())
