"""What each ledger states of care rooms, row by row: a range of floor area, and what touches it."""

from datetime import date
from typing import Protocol

import numpy as np
import pandas as pd

from analysis.columns import dates, figures, words
from analysis.coverage.areas import Flags
from analysis.provision.contradictions import in_facilities
from analysis.provision.floors import floors
from analysis.provision.in_use import in_use, may_be_in_use, status_of
from analysis.provision.rooms import RoomRules, room_warnings
from geo.findings import Finding
from geo.language import say

ANY_ROOM = RoomRules()

ELIGIBLE = ("community_station", "day_care", "embedded")
"""Categories whose floor area counts without an explicit allocation; a pack may add to them."""

_UNFINISHED = ("planned", "building")
_IDLE = (*_UNFINISHED, "misused", "closed")


class Assumptions(Protocol):
    """What the study takes a whole missing column to be; None where it takes nothing."""

    @property
    def care_area_basis(self) -> str | None:
        """Return `building`, `usable` or None."""

    @property
    def care_status(self) -> str | None:
        """Return a status word or None."""


def ledger_area(
    residential: pd.DataFrame, *, too_large: pd.Series, assume: Assumptions | None
) -> pd.DataFrame:
    """Return the range of the estates' own figures, row by row, with the reasons that touch it.

    too_large
        Which areas are larger than the estate's homes can be: as good as none.
    """
    stated = figures(residential, "care_floor_area_m2")
    area = stated.mask(too_large)
    basis, basis_assumed = _settled(
        words(residential, "care_area_basis"), assume.care_area_basis if assume else None
    )
    status, status_assumed = _settled(
        words(residential, "care_status"), assume.care_status if assume else None
    )
    some, known = area.gt(0).to_numpy(), area.notna().to_numpy()
    building, usable = basis.isin(["building"]).to_numpy(), basis.isin(["usable"]).to_numpy()
    unfit = status.isin(_IDLE).to_numpy()
    idle = some & unfit
    nothing = area.eq(0).to_numpy() | idle
    not_in_use = ~known & unfit & (not status_assumed)
    # Idle rooms count for nothing, however large they are said to be.
    large = too_large.to_numpy(dtype=bool) & ~not_in_use
    touched = some | not_in_use
    operating = status.isin(["operating"]).to_numpy() & building & ~nothing & known
    size = area.to_numpy()
    return pd.DataFrame(
        {
            "low": np.where(operating, size, 0.0),
            "high": np.where(nothing, 0.0, np.where(building & known, size, np.inf)),
            "said": known,
            "not_in_use": not_in_use,
            "blank": stated.isna().to_numpy() & ~not_in_use,
            "area_implausible": large,
            "usable_area_only": some & ~idle & usable,
            "area_basis_unknown": some & ~idle & basis.isna().to_numpy(),
            "status_unknown": some & status.isna().to_numpy(),
            "planned": touched & status.isin(_UNFINISHED).to_numpy()
            | figures(residential, "care_planned_m2").gt(0).to_numpy(),
            "misused": touched & status.isin(["misused"]).to_numpy(),
            "closed": touched & status.isin(["closed"]).to_numpy(),
            "assumed": some & (basis_assumed | status_assumed),
        },
        index=residential.index,
    )


def facility_area(
    facilities: pd.DataFrame,
    *,
    on: date,
    eligible: tuple[str, ...],
    rules: RoomRules = ANY_ROOM,
) -> pd.DataFrame:
    """Return the range of each facility's area that counts, with the reasons that touch it.

    takes_part
        Of an eligible category, or with an area allocated to estates.
    low, high
        Area in use: what is allocated to all the estates it serves together, never more than the
        facility has; else all of it.
    fit_low, fit_high
        The same without rooms that a pack does not let count where they lie.

    Without a `status` column every facility operates; an empty cell in it is unknown.
    """
    allocated = figures(facilities, "allocated_m2").notna().to_numpy()
    area = area_for_estates(facilities).to_numpy()
    known = ~np.isnan(area)
    use = _in_use(facilities, on=on)
    counts, unsure = use.pop("counts"), use["facility_status_unknown"]
    low = np.where(counts & known, area, 0.0)
    high = np.where(counts | unsure, np.where(known, area, np.inf), 0.0)
    storey = floors(facilities)
    warned = {**room_warnings(facilities, rules), **in_facilities(facilities, on=on)}
    return pd.DataFrame(
        {
            "takes_part": words(facilities, "category").isin(eligible).to_numpy() | allocated,
            "low": low,
            "high": high,
            "fit_low": np.where(storey["unfit"] & (not rules.cellars_count), 0.0, low),
            "fit_high": np.where(storey["wholly"] & (not rules.cellars_count), 0.0, high),
            **{code: flag.to_numpy() & counts for code, flag in warned.items()},
            "facility_area_unknown": counts & ~known,
            **use,
        },
        index=facilities.index,
    )


def area_for_estates(facilities: pd.DataFrame) -> pd.Series:
    """Return the area that facilities have for the estates they serve, m²; NaN where unknown."""
    whole = figures(facilities, "floor_area_m2")
    return figures(facilities, "allocated_m2").fillna(whole).clip(upper=whole.fillna(np.inf))


def _in_use(facilities: pd.DataFrame, *, on: date) -> dict[str, Flags]:
    """Return whether each facility counts on a date, and else why not."""
    status, counts = status_of(facilities), in_use(facilities, on=on).to_numpy(dtype=bool)
    blank, building, unfinished, misused, closed = (
        flag.to_numpy() for flag in (
            status.isna(), status.isin(["building"]), status.isin(_UNFINISHED),
            status.isin(["misused"]), status.isin(["closed"]),
        )
    )  # fmt: skip
    accepted, handed_over = (
        dates(facilities, name).le(pd.Timestamp(on)).to_numpy()
        for name in ("accepted_on", "handed_over_on")
    )
    unsure = (blank | may_be_in_use(facilities, on=on).to_numpy(dtype=bool)) & ~counts
    return {
        "counts": counts,
        "facility_status_unknown": unsure,
        "not_handed_over": (blank | building) & accepted & ~handed_over,
        "planned": unfinished & ~counts & ~unsure,
        "misused": misused,
        "closed": closed,
    }


def _settled(column: pd.Series, assumed: str | None) -> tuple[pd.Series, bool]:
    """Return a column, filled by assumption where it is missing as a whole, and whether it was."""
    if assumed is None or column.notna().any():
        return column, False
    return column.fillna(assumed), True


def missing_columns(residential: pd.DataFrame, assume: Assumptions | None) -> tuple[Finding, ...]:
    """Return a finding for each column whose absence keeps areas from being judged."""
    count = int(figures(residential, "care_floor_area_m2").gt(0).sum())
    absent = [
        (name, header)
        for name, header, assumed in (
            ("care_area_basis", "养老用房面积口径", assume.care_area_basis if assume else None),
            ("care_status", "养老用房状态", assume.care_status if assume else None),
        )
        if words(residential, name).isna().all() and assumed is None
    ]
    return tuple(
        Finding(
            "warning",
            "residential",
            say("整列没有填写，{count} 个小区的养老用房面积因此无法认定。", count=count),
            say("请补填此列，或在研究文件的 [assume] 中写明 {name}。", name=name),
            column=header,
        )
        for name, header in absent
        if count
    )
