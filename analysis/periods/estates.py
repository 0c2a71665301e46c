"""Estates between two periods: homes are data, care rooms and completion are stock.

Where people live, households and outlines are the later period's throughout: they are people and
places. What stands of an estate and what care rooms it has may change by event:

| earlier | later | dated | in the earlier stock | without the events of the period |
|---|---|---|---|---|
| absent | listed | completed or handed over in the period | not yet there | not yet there |
| absent | listed | no date, or one outside | not yet there | as now |
| listed | listed | completed or handed over in the period | as it was | as it was |
| listed | listed | no date, or one outside | as it was | as now |
| listed | absent | any | absent: the ledger is data | absent |

"As it was" is the care columns and the columns of completion; with a completion in the period also
the kind, which often turns from new to built with it. "Not yet there" is new, with no home
completed and no care room, and so out of scope. An estate that the earlier ledger has as built or
completed is not completed again, whatever date it now bears. Care area has no date of its own: a
change without a completion is a late record.
"""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import dates, words
from analysis.periods.matched import Matched
from analysis.periods.stock import Period, as_of, taken_from

CARE: Final = ("care_floor_area_m2", "care_area_basis", "care_status", "care_planned_m2")
COMPLETION: Final = ("delivered_households", "completed_on", "handed_over_on")
_NOT_YET: Final = {
    "kind": "new", "delivered_households": 0.0, "completed_on": pd.NaT, "handed_over_on": pd.NaT,
    "care_floor_area_m2": 0.0, "care_area_basis": "building", "care_status": "operating",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class EstateStock:
    """The estates of the later period with what stood in the earlier one.

    earlier
        With the completion and the care rooms of the earlier ledger.
    undone
        Without the completions dated in the period.
    completed
        Of each later estate whether it was completed or handed over in the period.
    """

    earlier: gpd.GeoDataFrame
    undone: gpd.GeoDataFrame
    completed: pd.Series


def estate_stock(
    before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, matched: Matched, period: Period
) -> EstateStock:
    """Return what stood of the later estates in the earlier period."""
    after = after.reset_index(drop=True)
    before = _as_of(before.reset_index(drop=True), period)
    own = pd.Series(matched.before_of(len(after)))
    known = own.ge(0).to_numpy()
    completed = _completed(before, after, own, period)
    event = completed.to_numpy()
    was = taken_from(before, after, own, (*CARE, *COMPLETION), where=known)
    was = taken_from(before, was, own, ("kind",), where=known & event)
    undone = taken_from(before, after, own, (*CARE, *COMPLETION, "kind"), where=known & event)
    return EstateStock(
        _not_yet(was, where=~known), _not_yet(undone, where=~known & event), completed
    )


def _as_of(before: gpd.GeoDataFrame, period: Period) -> gpd.GeoDataFrame:
    """Return the earlier estates as of their day: homes that were still to come are none yet."""
    ahead = np.zeros(len(before), dtype=bool)
    for name in ("completed_on", "handed_over_on"):
        ahead |= dates(before, name).gt(pd.Timestamp(period.start)).to_numpy()
    past = as_of(before, period.start, ("completed_on", "handed_over_on"))
    if not ahead.any():
        return past
    delivered = (
        past["delivered_households"]
        if "delivered_households" in past.columns
        else pd.Series(np.nan, index=past.index)
    )
    silent = ahead & delivered.isna() & dates(past, "completed_on").isna()
    silent &= dates(past, "handed_over_on").isna()
    return past.assign(delivered_households=delivered.mask(silent, 0.0))


def _completed(
    before: pd.DataFrame, after: pd.DataFrame, own: pd.Series, period: Period
) -> pd.Series:
    """Return which later estates were completed or handed over in the period."""
    stood = words(before, "kind").eq("built") & dates(before, "completed_on").isna()
    stood &= dates(before, "handed_over_on").isna() & ~words(before, "kind").isna()
    event = pd.Series(data=False, index=after.index)
    for name in ("completed_on", "handed_over_on"):
        already = dates(before, name).notna() | stood
        already = already.reindex(own.to_numpy()).fillna(value=False).astype(bool)
        event |= period.has(dates(after, name)) & ~already.to_numpy()
    return event


def _not_yet(estates: gpd.GeoDataFrame, *, where: np.ndarray) -> gpd.GeoDataFrame:
    """Return estates of which some are not there yet."""
    if not where.any():
        return estates
    changed = {}
    for name, value in _NOT_YET.items():
        if name not in estates.columns and not (name == "kind" or name in COMPLETION[:1]):
            continue
        column = (
            estates[name] if name in estates.columns
            else pd.Series(np.nan, index=estates.index, dtype=_kind_of(value))
        )
        changed[name] = column.mask(where, value)
    return estates.assign(**changed)


def _kind_of(value: object) -> str:
    return "str" if isinstance(value, str) else "float64"
