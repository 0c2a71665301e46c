"""Floor area that counts for the provision rule: the ledger's figure against the facilities'.

The two tell of the same rooms, so they are never added. Each is a range: from what certainly
counts to what may count. Where nothing is known the range is from 0 to infinity.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.columns import figures
from analysis.provision.conflict_findings import conflict_findings, stated_of_links
from analysis.provision.facility_links import Links, link_facilities
from analysis.provision.projects import Phases
from analysis.provision.reasons import WARNINGS
from analysis.provision.rooms import RoomRules, is_small
from analysis.provision.stated_area import (
    ANY_ROOM,
    Assumptions,
    area_for_estates,
    facility_area,
    ledger_area,
    missing_columns,
)
from analysis.provision.two_ledgers import settle_rooms
from geo.findings import Finding

_RANGE = ["low", "high"]
_FIT = ["fit_low", "fit_high"]
_NO_REASON = (
    *_RANGE, *_FIT, "said", "blank", "not_in_use", "maybe_not_theirs", "share_unclear"
)  # fmt: skip


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
        *missing_columns(residential, assume),
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
