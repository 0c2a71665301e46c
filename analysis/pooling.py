"""Confirmed pools: neighbouring estates that make one care facility do for all of them.

Only a confirmed pool changes a verdict, and only for members that do not pass alone and live near
enough. What is unknown and could turn the outcome leaves those members `unknown`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

import numpy as np
import pandas as pd

from geo.findings import Finding
from geo.language import Message, say

Outcome = Literal["pass", "fail", "unclear"]

# As in the check of single estates: a shortfall that prints as 0.00 m² is none.
TOLERANCE_M2 = 0.005

_REMEDY = say("请核对研究文件中的 [[pools]]。")


class Pool(Protocol):
    """Estates and facilities, by id, that a document binds together from a date on."""

    @property
    def name(self) -> str:
        """Return the name of the pool."""

    @property
    def estates(self) -> tuple[str, ...]:
        """Return the ids of its estates."""

    @property
    def facilities(self) -> tuple[str, ...]:
        """Return the ids of its facilities."""

    @property
    def date(self) -> date | None:
        """Return the date of its confirmation; None where not stated."""


@dataclass(frozen=True)
class Pooling:
    """What pools are judged by.

    walks
        Minutes from estate to facility by (estate id, facility id); None where nobody asked.
    walk_min
        How far a member may walk; None where no rule says so.
    """

    pools: tuple[Pool, ...]
    walks: Mapping[tuple[str, str], float] | None
    walk_min: float | None
    on: date


@dataclass(frozen=True)
class Ground:
    """What stands where: estates and facilities by id, and whose a facility's area already is.

    estates
        Estate id -> index of the row that stands for its project.
    facilities
        Indexed by facility id: low, high (m² that count), linked (already a project's).
    ledger_only
        Of each project, whether its area comes from its ledger alone.
    """

    estates: Mapping[str, int]
    facilities: pd.DataFrame
    ledger_only: pd.Series


@dataclass(frozen=True)
class _Members:
    """The members of a pool by how they may take part."""

    passing: list[int]
    near: list[int]
    unsure: list[int]
    far: list[int] = field(default_factory=list)


def apply_pools(
    judged: pd.DataFrame, ground: Ground, pooling: Pooling
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Return the projects with the verdicts that confirmed pools change, and what was noticed."""
    flags = ("pool_confirmed", "pool_short", "pool_too_far", "pool_unclear")
    judged = judged.assign(**dict.fromkeys(flags, False))
    findings: list[Finding] = []
    taken: set[int] = set()
    for pool in pooling.pools:
        members, notes = _members_of(pool, judged, ground, taken=taken, on=pooling.on)
        findings += (_finding(pool, note) for note in notes)
        taken |= set(members)
        grouped, notes = _by_walk(members, pool, judged, ground, pooling)
        findings += (_finding(pool, note) for note in notes)
        judged = _decide(judged, pool, grouped, ground)
    return judged, tuple(findings)


def _members_of(
    pool: Pool, judged: pd.DataFrame, ground: Ground, *, taken: set[int], on: date
) -> tuple[list[int], list[Message]]:
    """Return the projects that take part in a pool, and why others do not."""
    if pool.date is not None and pool.date > on:
        return [], [say("确认日期 {date} 晚于评价日期，未计入。", date=pool.date.isoformat())]
    absent = [i for i in pool.estates if i not in ground.estates]
    absent += [i for i in pool.facilities if i not in ground.facilities.index]
    notes = [say("找不到编号 {ids}。", ids="、".join(absent))] if absent else []
    found = list(dict.fromkeys(ground.estates[i] for i in pool.estates if i in ground.estates))
    twice = [place for place in found if place in taken]
    if twice:
        notes.append(say("{count} 个小区已在另一统筹组中，此处不再计入。", count=len(twice)))
    outside = [place for place in found if judged.loc[place, "scope_reason"]]
    if outside:
        notes.append(say("{count} 个小区不在核查范围内，不参与统筹。", count=len(outside)))
    return [place for place in found if place not in (*twice, *outside)], notes


def _by_walk(
    members: list[int], pool: Pool, judged: pd.DataFrame, ground: Ground, pooling: Pooling
) -> tuple[_Members, list[Message]]:
    """Return members by whether they pass alone, and else by their walk to a named facility."""
    passing = [place for place in members if judged.loc[place, "verdict"] == "met"]
    rest = [place for place in members if place not in passing]
    limit = pooling.walk_min
    if rest and (pooling.walks is None or limit is None):
        note = say("步行时间未知，不能认定统筹达标。")
        return _Members(passing, near=[], unsure=rest), [note]
    walk = {place: _shortest(place, pool, ground, pooling.walks or {}) for place in rest}
    within = 0.0 if limit is None else limit
    return (
        _Members(
            passing,
            near=[place for place in rest if walk[place][0] <= within],
            unsure=[p for p in rest if walk[p][0] > within and not walk[p][1]],
            far=[p for p in rest if walk[p][0] > within and walk[p][1]],
        ),
        [],
    )


def _shortest(
    place: int, pool: Pool, ground: Ground, walks: Mapping[tuple[str, str], float]
) -> tuple[float, bool]:
    """Return the least minutes to a facility that counts, and whether every walk is known.

    A pool without any facility that counts is out of reach, and surely so.
    """
    counting = ground.facilities.index[ground.facilities["high"].gt(0)]
    minutes = [
        walks.get((estate, facility), np.nan)
        for estate, project in ground.estates.items()
        if project == place
        for facility in pool.facilities
        if facility in counting
    ]
    known = [value for value in minutes if not np.isnan(value)]
    return min(known, default=np.inf), len(known) == len(minutes)


def _decide(judged: pd.DataFrame, pool: Pool, members: _Members, ground: Ground) -> pd.DataFrame:
    """Return the projects with the outcome of one pool."""
    sure = [*members.passing, *members.near]
    with_all = _outcome(judged, pool, [*sure, *members.unsure], ground)
    without = _outcome(judged, pool, sure, ground)
    judged = judged.assign(pool_too_far=judged["pool_too_far"] | judged.index.isin(members.far))
    if with_all == "pass":
        return _leave_open(_pass(judged, members.near), members.unsure)
    if with_all == without == "fail":
        lacking = judged.index.isin([*members.near, *members.unsure])
        judged = judged.assign(pool_short=judged["pool_short"] | lacking)
        return judged if members.unsure else _share_surplus(judged, pool, members, ground)
    open_members = members.near if with_all == "fail" else [*members.near, *members.unsure]
    return _leave_open(judged, open_members)


def _pass(judged: pd.DataFrame, places: list[int]) -> pd.DataFrame:
    """Return the projects with some of them passing through their pool."""
    here = judged.index.isin(places)
    return judged.assign(
        verdict=judged["verdict"].mask(here, "met_pooled"),
        deficit=judged["deficit"].mask(here, 0.0),
        pool_confirmed=judged["pool_confirmed"] | here,
    )


def _leave_open(judged: pd.DataFrame, places: list[int]) -> pd.DataFrame:
    """Return the projects with some of them undecided."""
    here = judged.index.isin(places)
    return judged.assign(
        verdict=judged["verdict"].mask(here, "unknown"),
        deficit=judged["deficit"].mask(here),
        pool_unclear=judged["pool_unclear"] | here,
    )


def _outcome(judged: pd.DataFrame, pool: Pool, places: list[int], ground: Ground) -> Outcome:
    """Return whether the area of some members and the pool's facilities covers their need."""
    rows = judged.loc[places]
    least = rows["low"].sum() + _free_area(pool, rows, ground, bound="low")
    most = rows["high"].sum() + _free_area(pool, rows, ground, bound="high")
    if least >= rows["required_high"].fillna(np.inf).sum() - TOLERANCE_M2:
        return "pass"
    if most < rows["required_low"].fillna(0.0).sum() - TOLERANCE_M2:
        return "fail"
    return "unclear"


def _free_area(
    pool: Pool, rows: pd.DataFrame, ground: Ground, *, bound: Literal["low", "high"]
) -> float:
    """Return the area of named facilities that is no project's yet.

    It may be the same rooms as a member's ledger tells of, so at least (`low`) only what exceeds
    those is new.
    """
    named = ground.facilities.reindex(list(dict.fromkeys(pool.facilities))).dropna(how="all")
    free = float(named.loc[~named["linked"].astype(bool), bound].sum())
    if bound == "high":
        return free
    told = float(rows["low"].where(ground.ledger_only.reindex(rows.index), 0.0).sum())
    return max(0.0, free - told)


def _share_surplus(
    judged: pd.DataFrame, pool: Pool, members: _Members, ground: Ground
) -> pd.DataFrame:
    """Return the projects with the surplus of a failing pool taken off its deficits, pro rata."""
    rows = judged.loc[[*members.passing, *members.near]]
    lacking = rows.index[rows["verdict"].eq("short")]
    need, has = rows["required_low"].sum(), rows["shown"].sum()
    together = need - has - _free_area(pool, rows, ground, bound="low")
    alone = rows.loc[lacking, "deficit"].sum()
    if rows["shown"].isna().any() or rows["required_low"].isna().any() or not 0 < together < alone:
        return judged
    shared = judged["deficit"].mask(
        judged.index.isin(lacking), judged["deficit"] * together / alone
    )
    return judged.assign(deficit=shared)


def _finding(pool: Pool, note: Message) -> Finding:
    """Return what was noticed about a pool."""
    return Finding("warning", "residential", note, _REMEDY, column="[[pools]]", value=pool.name)
