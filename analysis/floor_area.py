"""Floor area that counts for the provision rule: the ledger's figure against the facilities'.

The two tell of the same rooms, so they are never added. Each is a range: from what certainly
counts to what may count. Where nothing is known the range is from 0 to infinity.
"""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import dates, figures, words
from analysis.facility_links import Links, link_facilities
from analysis.projects import Phases
from geo.findings import Finding
from geo.language import say

ELIGIBLE = ("community_station", "day_care", "embedded")
"""Categories whose floor area counts without an explicit allocation; a pack may add to them."""

# The ledger and the facilities tell the same when they differ by no more than this.
AGREE_M2 = 1.0
AGREE_SHARE = 0.02

_RANGE = ["low", "high"]
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


@dataclass(frozen=True)
class CountedArea:
    """Floor area by project.

    ranges
        low, high: what certainly and what possibly counts, m²; shown: the figure to print, NaN
        where there is none.
    flags
        One boolean column for each reason that touches the area.
    rooms
        The facilities one by one, as `facility_area` gives them.
    """

    ranges: pd.DataFrame
    flags: pd.DataFrame
    rooms: pd.DataFrame
    links: Links
    findings: tuple[Finding, ...]


def counted_floor_area(
    residential: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    *,
    project: pd.Series,
    on: date,
    assume: Assumptions | None,
    eligible: tuple[str, ...],
) -> CountedArea:
    """Return the care floor area that counts for each project."""
    rooms = facility_area(facilities, on=on, eligible=eligible)
    links = link_facilities(residential, facilities[rooms["takes_part"]], project=project)
    ledger = ledger_area(residential, assume=assume)
    alone = ledger["not_in_use"] & ~project.isin(links.shares["project"])
    # Rooms that are said to be idle count for nothing, even where their area is not told.
    ledger = _by_project(ledger.assign(high=ledger["high"].mask(alone, 0.0)), project)
    linked = _for_all(_by_project(_linked_area(rooms, links), links.shares["project"]), ledger)
    ranges = settle(ledger, linked)
    flags = _flags(ledger, linked, ranges)
    findings = (
        *links.findings,
        *_missing_columns(residential, assume),
        *_conflicts(residential, ledger, linked, flags["area_conflict"]),
    )
    return CountedArea(ranges[["low", "high", "shown"]], flags, rooms, links, findings)


def ledger_area(residential: pd.DataFrame, *, assume: Assumptions | None) -> pd.DataFrame:
    """Return the range of the estates' own figures, row by row, with the reasons that touch it."""
    area = figures(residential, "care_floor_area_m2")
    basis, basis_assumed = _settled(
        words(residential, "care_area_basis"), assume.care_area_basis if assume else None
    )
    status, status_assumed = _settled(
        words(residential, "care_status"), assume.care_status if assume else None
    )
    some = area.gt(0)
    idle = some & status.isin(_IDLE)
    nothing = area.eq(0) | idle
    not_in_use = area.isna() & status.isin(_IDLE) & (not status_assumed)
    touched = some | not_in_use
    building = basis.eq("building")
    return pd.DataFrame(
        {
            "low": area.where(building & status.eq("operating") & ~nothing, 0.0),
            "high": area.where(building).mask(nothing, 0.0).fillna(np.inf),
            "said": area.notna(),
            "not_in_use": not_in_use,
            "blank": area.isna() & ~not_in_use,
            "usable_area_only": some & ~idle & basis.eq("usable"),
            "area_basis_unknown": some & ~idle & basis.isna(),
            "status_unknown": some & status.isna(),
            "planned": touched & status.isin(_UNFINISHED)
            | figures(residential, "care_planned_m2").gt(0),
            "misused": touched & status.eq("misused"),
            "closed": touched & status.eq("closed"),
            "assumed": some & (basis_assumed | status_assumed),
        }
    )


def facility_area(facilities: pd.DataFrame, *, on: date, eligible: tuple[str, ...]) -> pd.DataFrame:
    """Return the range of each facility's area that counts, with the reasons that touch it.

    takes_part
        Of an eligible category, or with an area allocated to estates.

    Without a `status` column every facility operates; an empty cell in it is unknown.
    """
    allocated = figures(facilities, "allocated_m2")
    area = allocated.fillna(figures(facilities, "floor_area_m2"))
    status = words(facilities, "status")
    if "status" not in facilities.columns:
        status = status.fillna("operating")
    accepted = dates(facilities, "accepted_on").le(pd.Timestamp(on))
    handed_over = dates(facilities, "handed_over_on").le(pd.Timestamp(on))
    open_question = status.isna() | status.eq("building")
    counts = status.eq("operating") | (open_question & accepted & handed_over)
    unsure = status.isna() & ~counts
    return pd.DataFrame(
        {
            "takes_part": words(facilities, "category").isin(eligible) | allocated.notna(),
            "allocated": allocated.notna(),
            "floor": figures(facilities, "floor_area_m2"),
            "low": area.where(counts, 0.0).fillna(0.0),
            "high": area.where(counts | unsure, 0.0).fillna(np.inf),
            "facility_area_unknown": counts & area.isna(),
            "facility_status_unknown": unsure,
            "not_handed_over": open_question & accepted & ~handed_over,
            "planned": status.isin(_UNFINISHED) & ~counts,
            "misused": status.eq("misused"),
            "closed": status.eq("closed"),
        }
    )


def settle(ledger: pd.DataFrame, linked: pd.DataFrame) -> pd.DataFrame:
    """Return what counts of two ranges about the same rooms.

    Where they agree, the ledger; where the ledger leaves a range, what both allow; where they
    contradict, everything from the lower to the higher, and the lower figure is shown.
    """
    exact = ledger["low"].eq(ledger["high"])
    gap = (linked["low"] - ledger["high"]).clip(lower=ledger["low"] - linked["high"])
    figure = ledger["high"].where(np.isfinite(ledger["high"]), 0.0)
    conflict = gap.gt(np.maximum(AGREE_M2, AGREE_SHARE * figure))
    ends = np.sort(
        np.column_stack(
            [np.maximum(ledger["low"], linked["low"]), np.minimum(ledger["high"], linked["high"])]
        ),
        axis=1,
    )
    low = ledger["low"].where(exact, ends[:, 0])
    high = ledger["high"].where(exact, ends[:, 1])
    low = low.mask(conflict, np.minimum(ledger["low"], linked["low"]))
    high = high.mask(conflict, np.maximum(ledger["high"], linked["high"]))
    certain = high.where(np.isfinite(high), low.where(low.gt(0)))
    shown = certain.mask(conflict, np.minimum(ledger["high"], linked["high"]))
    return pd.DataFrame({"low": low, "high": high, "shown": shown, "area_conflict": conflict})


def _settled(column: pd.Series, assumed: str | None) -> tuple[pd.Series, bool]:
    """Return a column, filled by assumption where it is missing as a whole, and whether it was."""
    if assumed is None or column.notna().any():
        return column, False
    return column.fillna(assumed), True


def _linked_area(rooms: pd.DataFrame, links: Links) -> pd.DataFrame:
    """Return the range of each share of each facility, with the reasons that touch it."""
    shares = links.shares
    room = rooms.loc[shares["facility"]].set_axis(shares.index)
    count = shares.groupby("facility")["project"].transform("size")
    # What is allocated is each estate's own; together they cannot exceed the facility.
    ceiling = (room["floor"] / count).fillna(np.inf)
    each = np.minimum(room[["low", "high"]], ceiling.to_numpy()[:, None])
    by_share = room[["low", "high"]].mul(shares["share"], axis=0).where(shares["share"].gt(0), 0.0)
    area = each.where(room["allocated"], by_share)
    unclear = ~shares["clear"] | (shares["share"].isna() & ~room["allocated"])
    flags = room.drop(columns=["takes_part", "allocated", "floor", "low", "high"])
    return flags.assign(
        low=area["low"].mask(unclear, 0.0),
        high=area["high"].mask(unclear, room["high"]),
        said=True,
        facility_link_unclear=unclear & room["high"].gt(0),
    )


def _by_project(rows: pd.DataFrame, project: pd.Series) -> pd.DataFrame:
    """Return ranges added up, and reasons that hold for any row, by project."""
    phases = Phases.of(project)
    columns = {
        name: phases.total(column) if name in _RANGE else phases.some(column)
        for name, column in rows.items()
    }
    return pd.DataFrame(columns, index=phases.stands)


def _for_all(linked: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Return what facilities tell of every project of the ledger; of most they tell nothing."""
    ranges = linked[_RANGE].reindex(ledger.index)
    return (
        linked.drop(columns=_RANGE)
        .reindex(ledger.index, fill_value=False)
        .assign(low=ranges["low"].fillna(0.0), high=ranges["high"].fillna(np.inf))
    )


def _flags(ledger: pd.DataFrame, linked: pd.DataFrame, ranges: pd.DataFrame) -> pd.DataFrame:
    """Return the reasons of both sides and of their meeting."""
    names = (ledger.columns.union(linked.columns)).difference(
        ["low", "high", "said", "blank", "not_in_use"]
    )
    own, theirs = (side.reindex(columns=names, fill_value=False) for side in (ledger, linked))
    flags = own | theirs
    nothing_counts = ranges["shown"].eq(0)
    return flags.drop(columns="planned").assign(
        planned_only=flags["planned"] & nothing_counts,
        area_conflict=ranges["area_conflict"],
        area_from_facilities=linked["said"] & ~ledger["said"],
        area_unknown=ledger["blank"] & np.isinf(ranges["high"]),
    )


def _missing_columns(residential: pd.DataFrame, assume: Assumptions | None) -> tuple[Finding, ...]:
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


def _conflicts(
    residential: pd.DataFrame,
    ledger: pd.DataFrame,
    linked: pd.DataFrame,
    conflict: pd.Series,
) -> tuple[Finding, ...]:
    """Return a finding for each project whose two figures contradict."""
    told = residential.loc[conflict.index[conflict]]
    rows = told["row"] if "row" in told.columns else [None] * len(told)
    sides = [
        side["high"].where(np.isfinite(side["high"]), side["low"])[conflict]
        for side in (ledger, linked)
    ]
    return tuple(
        Finding(
            "warning",
            "residential",
            say(
                "{name}：小区台账的养老用房面积为 {ledger:.2f} ㎡，设施台账为 {linked:.2f} ㎡，"
                "两者矛盾，按较低值列示。",
                name=name,
                ledger=own,
                linked=other,
            ),
            say("请核对两本台账。"),
            row=None if row is None else int(row),
            column="养老用房面积",
        )
        for name, row, own, other in zip(words(told, "name"), rows, *sides, strict=True)
    )
