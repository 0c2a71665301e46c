"""Floor area that counts for the provision rule: the ledger's figure against the facilities'.

The two tell of the same rooms, so they are never added. Each is a range: from what certainly
counts to what may count. Where nothing is known the range is from 0 to infinity.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import dates, figures, words
from analysis.coverage.areas import Flags
from analysis.provision.conflict_findings import conflict_findings, stated_of_links
from analysis.provision.contradictions import in_facilities
from analysis.provision.facility_links import Links, link_facilities
from analysis.provision.floors import floors
from analysis.provision.in_use import in_use, may_be_in_use, status_of
from analysis.provision.projects import Phases
from analysis.provision.reasons import WARNINGS
from analysis.provision.rooms import RoomRules, is_small, room_warnings
from analysis.provision.two_ledgers import settle_rooms
from geo.findings import Finding
from geo.language import say

ANY_ROOM = RoomRules()

ELIGIBLE = ("community_station", "day_care", "embedded")
"""Categories whose floor area counts without an explicit allocation; a pack may add to them."""

_RANGE = ["low", "high"]
_FIT = ["fit_low", "fit_high"]
_NO_REASON = (
    *_RANGE, *_FIT, "said", "blank", "not_in_use", "maybe_not_theirs", "share_unclear"
)  # fmt: skip
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
        where there is none; own: the same without the whole of a room that others share in a way
        nobody knows, which two estates must not both be printed with.
    flags
        One boolean column for each reason that touches the area.
    rooms
        The facilities one by one, as `facility_area` gives them.
    shared
        Of each share of a facility: facility, project, clear, fit_low (m² that certainly count).
    main
        rooms: how many facilities certainly count; largest_m2: what the largest may count for.
    """

    ranges: pd.DataFrame
    flags: pd.DataFrame
    rooms: pd.DataFrame
    links: Links
    shared: pd.DataFrame
    main: pd.DataFrame
    findings: tuple[Finding, ...]


def counted_floor_area(  # noqa: PLR0913
    residential: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    *,
    project: pd.Series,
    doubt: pd.DataFrame,
    on: date,
    assume: Assumptions | None,
    eligible: tuple[str, ...],
    rules: RoomRules = ANY_ROOM,
    serves_within_m: float = np.inf,
) -> CountedArea:
    """Return the care floor area that counts for each project.

    doubt
        Flags of contradictions, as `in_estates` gives them.
    serves_within_m
        Straight metres beyond which it is doubted that a facility serves an estate.
    """
    rooms = facility_area(facilities, on=on, eligible=eligible, rules=rules)
    # One that allocates 0 m² claims nothing for estates: it is no ledger that could say 0 of them.
    claims = rooms["takes_part"] & figures(facilities, "allocated_m2").ne(0)
    links = link_facilities(
        residential, facilities[claims], project=project, within_m=serves_within_m
    )
    ledger = ledger_area(residential, too_large=doubt["area_implausible"], assume=assume)
    ledger = _without_facilities(ledger, ~project.isin(links.shares["project"]), rules)
    ledger = _by_project(ledger, project)
    shared = _linked_area(rooms, links)
    linked = _for_all(_by_project(shared, links.shares["project"]), ledger)
    ranges = settle_rooms(ledger, linked)
    flags = _flags(ledger, linked, ranges)
    findings = (
        *links.findings,
        *_missing_columns(residential, assume),
        *conflict_findings(
            residential, project, ledger, linked,
            lambda: stated_of_links(area_for_estates(facilities), links),
            conflict=flags["area_conflict"],
        ),
    )
    main = _main_rooms(shared, links.shares["project"], ledger.index)
    counted = ranges[["low", "high", "shown"]].assign(own=_own(ledger, linked, ranges))
    whose = links.shares[["facility", "project", "clear"]].assign(fit_low=shared["fit_low"])
    return CountedArea(counted, flags, rooms, links, whose, main, findings)


def _own(ledger: pd.DataFrame, linked: pd.DataFrame, ranges: pd.DataFrame) -> pd.Series:
    """Return the figure of each project that is no room's whole, where its share is not known."""
    whole = linked["share_unclear"] & linked["high"].lt(ledger["high"]) & ~ranges["area_conflict"]
    return ranges["shown"].mask(whole, ranges["low"].where(ranges["low"].gt(0)))


def _without_facilities(ledger: pd.DataFrame, alone: pd.Series, rules: RoomRules) -> pd.DataFrame:
    """Return the ledger with what it alone tells of rooms that no facility tells of."""
    # Rooms that are said to be idle count for nothing, even where their area is not told.
    return ledger.assign(
        high=ledger["high"].mask(alone & ledger["not_in_use"], 0.0),
        small_room=alone & ledger["low"].gt(0) & is_small(ledger["low"], rules),
    )


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


def _linked_area(rooms: pd.DataFrame, links: Links) -> pd.DataFrame:
    """Return the range of each share of each facility, with the reasons that touch it.

    What is said of rooms themselves is said of an estate only where they are certainly its own.
    """
    shares = links.shares
    at = rooms.index.get_indexer(pd.Index(shares["facility"]))
    room = {str(name): column.to_numpy()[at] for name, column in rooms.items()}
    share, clear, far, named = (
        shares[name].to_numpy() for name in ("share", "clear", "far", "named")
    )
    unclear, some = ~clear | np.isnan(share), share > 0
    # Nothing of a room without end is nothing.
    part = {name: np.multiply(room[name], share, out=np.zeros(len(share)), where=some)
            for name in (*_RANGE, *_FIT)}  # fmt: skip
    flags = {code: flag for code, flag in room.items() if code not in ("takes_part", *part)}
    own = {code: flags[code] & clear for code in (*WARNINGS, "basement_room") if code in flags}
    columns: dict[str, Any] = {**flags, **own}
    return pd.DataFrame(
        {
            **columns,
            "low": np.where(unclear, 0.0, part["low"]),
            "high": np.where(unclear, room["high"], part["high"]),
            "fit_low": np.where(unclear, 0.0, part["fit_low"]),
            "fit_high": np.where(unclear, room["fit_high"], part["fit_high"]),
            "said": True,
            "maybe_not_theirs": ~clear & ~named,
            "share_unclear": unclear & (room["high"] > 0),
            "facility_link_unclear": unclear & ~far & (room["high"] > 0),
            "serves_far": far & (room["high"] > 0),
        },
        index=shares.index,
    )


def _main_rooms(shared: pd.DataFrame, project: pd.Series, ledger: pd.Index) -> pd.DataFrame:
    """Return how many rooms certainly count for each project, and what the largest may be."""
    at = ledger.get_indexer(pd.Index(project))
    rooms = np.bincount(at[shared["fit_low"].gt(0)], minlength=len(ledger))
    largest = np.zeros(len(ledger))
    np.maximum.at(largest, at, shared["fit_high"].to_numpy())
    return pd.DataFrame({"rooms": rooms, "largest_m2": largest}, index=ledger)


def _by_project(rows: pd.DataFrame, project: pd.Series) -> pd.DataFrame:
    """Return ranges added up, and reasons that hold for any row, by project."""
    phases = Phases.of(project)
    columns = {
        name: phases.total(column) if name in (*_RANGE, *_FIT) else phases.some(column)
        for name, column in rows.items()
    }
    return pd.DataFrame(columns, index=phases.stands)


def _for_all(linked: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Return what facilities tell of every project of the ledger; of most they tell nothing."""
    nothing = {"low": 0.0, "high": np.inf, "fit_low": 0.0, "fit_high": np.inf}
    told = {name: np.full(len(ledger), nothing.get(str(name), False)) for name in linked}
    at = ledger.index.get_indexer(linked.index)
    for name, column in linked.items():
        told[name][at] = column
    return pd.DataFrame(told, index=ledger.index)


def _flags(ledger: pd.DataFrame, linked: pd.DataFrame, ranges: pd.DataFrame) -> pd.DataFrame:
    """Return the reasons of both sides and of their meeting."""
    own, theirs = (
        {str(name): flag.to_numpy() for name, flag in side.items()} for side in (ledger, linked)
    )
    never = np.zeros(len(ledger), dtype=bool)
    flags = {
        name: own.get(name, never) | theirs.get(name, never)
        for name in sorted({*own, *theirs}.difference(_NO_REASON))
    }
    planned, nothing_counts = flags.pop("planned"), ranges["shown"].eq(0).to_numpy()
    open_ = np.isinf(ranges["high"].to_numpy())
    return pd.DataFrame(
        {
            **flags,
            "planned_only": planned & nothing_counts,
            "area_conflict": ranges["area_conflict"].to_numpy(),
            "area_from_facilities": theirs["said"] & ~own["said"],
            "area_unknown": own["blank"] & open_ & ~theirs["maybe_not_theirs"],
        },
        index=ledger.index,
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
