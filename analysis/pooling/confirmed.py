"""Confirmed pools: neighbouring estates that make one care facility do for all of them.

Only a confirmed pool changes a verdict, and only for members that do not pass alone and live near
enough, and only where the packs let estates of their kind pool. An estate or a facility that two
pools name is the first one's, in the order of the file. What is unknown and could turn the outcome
leaves those members `unknown`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Literal, Protocol

import numpy as np
import pandas as pd

from analysis.columns import words
from analysis.coverage.areas import Flags
from analysis.rule_keys import POOL_APPLIES
from analysis.rulebook import Rulebook
from geo.findings import Finding
from geo.language import Message, say

# The reasons that pools give.
FLAGS = ("pool_confirmed", "pool_short", "pool_too_far", "pool_unclear", "pool_not_for_kind")

# What is lacking by the figures that are printed, and what is at the least.
DEFICITS = ("deficit", "deficit_least")

Outcome = Literal["pass", "fail", "unclear"]

# What falls below a need by less than this part of it falls below by float noise, not by area.
ENOUGH = 1 - 1e-9

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
        Estate id -> index of the row that stands for its project; of projects that pools name.
    facilities
        Indexed by facility id: low, high (m² that count), linked (already a project's).
    ledger_only
        Of each project, whether its area comes from its ledger alone.
    """

    estates: Mapping[str, int]
    facilities: pd.DataFrame
    ledger_only: pd.Series

    @cached_property
    def phases(self) -> Mapping[int, Iterable[str]]:
        """Return the estates of each project that pools name."""
        phases: dict[int, list[str]] = {}
        for estate, project in self.estates.items():
            phases.setdefault(project, []).append(estate)
        return phases

    @cached_property
    def counting(self) -> frozenset[str]:
        """Return the facilities of which any area may count."""
        return frozenset(self.facilities.index[self.facilities["high"].gt(0)])


@dataclass(frozen=True)
class Pooled:
    """What pools make of the projects.

    judged
        The projects with the verdicts that pools change.
    area_m2
        Area of pooled facilities that counts for members without being any one's own, m².
    """

    judged: pd.DataFrame
    area_m2: float
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Party:
    """Who and what takes part in a pool: projects by place, facilities by id."""

    places: list[int] = field(default_factory=list)
    facilities: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Members:
    """The members of a pool by how they may take part."""

    passing: list[int]
    near: list[int]
    unsure: list[int]
    far: list[int] = field(default_factory=list)
    barred: list[int] = field(default_factory=list)


def may_pool(kind: pd.Series, rulebook: Rulebook, *, on: date) -> pd.Series:
    """Return whether estates of a kind may pool; missing where the kind decides and is unknown.

    Without any rule about it everybody may.
    """
    rules = {name: rulebook.find(POOL_APPLIES, name, on) for name in ("new", "built")}
    may = {name: rule is None or rule.value > 0 for name, rule in rules.items()}
    unknown = may["new"] if may["new"] == may["built"] else pd.NA
    return kind.astype(object).map(may).astype("boolean").fillna(unknown)


def pooled_estates(
    residential: pd.DataFrame, project: pd.Series, pools: Iterable[Pool]
) -> dict[str, int]:
    """Return the estates of every project that a pool names, by id, with their project."""
    ids = words(residential, "id")
    named = ids.isin([estate for pool in pools for estate in pool.estates])
    members = project[project.isin(project[named])]
    return dict(zip(ids[members.index], members, strict=True))


def apply_pools(judged: pd.DataFrame, ground: Ground, pooling: Pooling) -> Pooled:
    """Return what confirmed pools change, judged one after the other in the order of the file."""
    judged = judged.assign(**dict.fromkeys(FLAGS, False))
    if not pooling.pools:
        return Pooled(judged, area_m2=0.0, findings=())
    # Of a city's projects pools name a few: the work is done on those.
    named = judged.index.isin([*ground.estates.values()])
    pooled = _one_after_the_other(judged[named], ground, pooling)
    return replace(pooled, judged=_put_back(judged, pooled.judged, named))


def _put_back(judged: pd.DataFrame, changed: pd.DataFrame, here: Flags) -> pd.DataFrame:
    """Return the projects with what pools have changed in some of them."""
    columns = ["verdict", *DEFICITS, *FLAGS]
    whole = judged.copy()
    whole.loc[here, columns] = changed[columns]
    return whole


def _one_after_the_other(judged: pd.DataFrame, ground: Ground, pooling: Pooling) -> Pooled:
    findings: list[Finding] = []
    area_m2 = 0.0
    taken = _Party()
    for pool in pooling.pools:
        party, notes = _taking_part(pool, judged, ground, taken=taken, on=pooling.on)
        findings += (_finding(pool, note) for note in notes)
        taken = _Party([*taken.places, *party.places], [*taken.facilities, *party.facilities])
        members, notes = _by_walk(party, judged, ground, pooling)
        findings += (_finding(pool, note) for note in notes)
        judged = _decide(judged, party, members, ground)
        area_m2 += _pooled_area(judged, party, members, ground)
    return Pooled(judged, area_m2, tuple(findings))


def _taking_part(
    pool: Pool, judged: pd.DataFrame, ground: Ground, *, taken: _Party, on: date
) -> tuple[_Party, list[Message]]:
    """Return who and what takes part in a pool, and why others do not."""
    if pool.date is not None and pool.date > on:
        note = say("确认日期 {date} 晚于评价日期，未计入。", date=pool.date.isoformat())
        return _Party(), [note]
    absent = [i for i in pool.estates if i not in ground.estates]
    absent += [i for i in pool.facilities if i not in ground.facilities.index]
    notes = [say("找不到编号 {ids}。", ids="、".join(absent))] if absent else []
    found = list(dict.fromkeys(ground.estates[i] for i in pool.estates if i in ground.estates))
    twice = [place for place in found if place in taken.places]
    if twice:
        notes.append(say("{count} 个小区已在另一统筹组中，此处不再计入。", count=len(twice)))
    outside = [place for place in found if judged.loc[place, "scope_reason"]]
    if outside:
        notes.append(say("{count} 个小区不在核查范围内，不参与统筹。", count=len(outside)))
    named = list(dict.fromkeys(i for i in pool.facilities if i in ground.facilities.index))
    shared = [i for i in named if i in taken.facilities]
    if shared:
        notes.append(say("设施 {ids} 已在另一统筹组中，此处不再计入。", ids="、".join(shared)))
    places = [place for place in found if place not in (*twice, *outside)]
    return _Party(places, [i for i in named if i not in shared]), notes


def _by_walk(
    party: _Party, judged: pd.DataFrame, ground: Ground, pooling: Pooling
) -> tuple[_Members, list[Message]]:
    """Return members by whether they pass alone, and else by their walk to a named facility.

    Where no named facility is the pool's, whoever does not pass alone stays as alone; so does an
    estate of a kind that may not pool.
    """
    passing = [place for place in party.places if judged.loc[place, "verdict"] == "met"]
    rest = [place for place in party.places if place not in passing]
    if not party.facilities:
        return _Members(passing, near=[], unsure=[]), []
    barred, doubtful = _by_kind(judged["may_pool"].loc[rest])
    rest = [place for place in rest if place not in barred]
    limit = pooling.walk_min
    if rest and (pooling.walks is None or limit is None):
        note = say("步行时间未知，不能认定统筹达标。")
        return _Members(passing, near=[], unsure=rest, barred=barred), [note]
    walk = {place: _shortest(place, party, ground, pooling.walks or {}) for place in rest}
    within = 0.0 if limit is None else limit
    near = [place for place in rest if walk[place][0] <= within]
    far = [place for place in rest if walk[place][0] > within and walk[place][1]]
    return (
        _Members(
            passing,
            near=[place for place in near if place not in doubtful],
            unsure=[p for p in rest if p not in far and (p not in near or p in doubtful)],
            far=far,
            barred=barred,
        ),
        [],
    )


def _by_kind(may: pd.Series) -> tuple[list[int], list[int]]:
    """Return the members whose kind may not pool, and those of whom nobody knows."""
    barred = may.eq(False).fillna(value=False)  # noqa: FBT003
    return [*may.index[barred]], [*may.index[may.isna()]]


def _shortest(
    place: int, party: _Party, ground: Ground, walks: Mapping[tuple[str, str], float]
) -> tuple[float, bool]:
    """Return the least minutes to a facility that counts, and whether every walk is known.

    A pool without any facility that counts is out of reach, and surely so.
    """
    minutes = [
        walks.get((estate, facility), np.nan)
        for estate in ground.phases[place]
        for facility in party.facilities
        if facility in ground.counting
    ]
    known = [value for value in minutes if not np.isnan(value)]
    return min(known, default=np.inf), len(known) == len(minutes)


def _decide(judged: pd.DataFrame, party: _Party, members: _Members, ground: Ground) -> pd.DataFrame:
    """Return the projects with the outcome of one pool."""
    sure = [*members.passing, *members.near]
    with_all = _outcome(judged, party, [*sure, *members.unsure], ground)
    without = _outcome(judged, party, sure, ground)
    judged = judged.assign(
        pool_too_far=judged["pool_too_far"] | judged.index.isin(members.far),
        pool_not_for_kind=judged["pool_not_for_kind"] | judged.index.isin(members.barred),
    )
    if with_all == "pass":
        return _leave_open(_pass(judged, members.near), members.unsure)
    if with_all == without == "fail":
        lacking = judged.index.isin([*members.near, *members.unsure])
        judged = judged.assign(pool_short=judged["pool_short"] | lacking)
        return judged if members.unsure else _share_surplus(judged, party, members, ground)
    open_members = members.near if with_all == "fail" else [*members.near, *members.unsure]
    return _leave_open(judged, open_members)


def _pass(judged: pd.DataFrame, places: list[int]) -> pd.DataFrame:
    """Return the projects with some of them passing through their pool."""
    here = judged.index.isin(places)
    return judged.assign(
        verdict=judged["verdict"].mask(here, "met_pooled"),
        **{name: judged[name].mask(here, 0.0) for name in DEFICITS},
        pool_confirmed=judged["pool_confirmed"] | here,
    )


def _leave_open(judged: pd.DataFrame, places: list[int]) -> pd.DataFrame:
    """Return the projects with some of them undecided."""
    here = judged.index.isin(places)
    return judged.assign(
        verdict=judged["verdict"].mask(here, "unknown"),
        **{name: judged[name].mask(here) for name in DEFICITS},
        pool_unclear=judged["pool_unclear"] | here,
    )


def _outcome(judged: pd.DataFrame, party: _Party, places: list[int], ground: Ground) -> Outcome:
    """Return whether the area of some members and the pool's facilities covers their need."""
    rows = judged.loc[places]
    least = rows["low"].sum() + _free_area(party, rows, ground, bound="low")
    most = rows["high"].sum() + _free_area(party, rows, ground, bound="high")
    if least >= rows["required_high"].fillna(np.inf).sum() * ENOUGH:
        return "pass"
    if most < rows["required_low"].fillna(0.0).sum() * ENOUGH:
        return "fail"
    return "unclear"


def _free_area(
    party: _Party, rows: pd.DataFrame, ground: Ground, *, bound: Literal["low", "high"]
) -> float:
    """Return the area of named facilities that is no project's yet.

    It may be the same rooms as a member's ledger tells of, so at least (`low`) only what exceeds
    those is new.
    """
    named = ground.facilities.loc[party.facilities]
    free = float(named.loc[~named["linked"].astype(bool), bound].sum())
    if bound == "high":
        return free
    told = float(rows["low"].where(ground.ledger_only.reindex(rows.index), 0.0).sum())
    return max(0.0, free - told)


def _pooled_area(judged: pd.DataFrame, party: _Party, members: _Members, ground: Ground) -> float:
    """Return the free area of a judged pool, m²; 0 where it stands in for nobody with a verdict."""
    if not members.near or judged.loc[members.near, "verdict"].eq("unknown").any():
        return 0.0
    rows = judged.loc[[*members.passing, *members.near, *members.unsure]]
    return _free_area(party, rows, ground, bound="low")


def _share_surplus(
    judged: pd.DataFrame, party: _Party, members: _Members, ground: Ground
) -> pd.DataFrame:
    """Return the projects with the surplus of a failing pool taken off its deficits, pro rata."""
    rows = judged.loc[[*members.passing, *members.near]]
    lacking = rows.index[rows["verdict"].eq("short")]
    if rows["shown"].isna().any() or rows["required_low"].isna().any():
        return judged
    need, here = rows["required_low"].sum(), judged.index.isin(lacking)
    ends: tuple[tuple[str, str, Literal["low", "high"]], ...] = (
        ("deficit", "shown", "low"), ("deficit_least", "high", "high"),
    )  # fmt: skip
    for name, area, bound in ends:
        together = need - rows[area].sum() - _free_area(party, rows, ground, bound=bound)
        alone = rows.loc[lacking, name].sum()
        if 0 < together < alone:
            shared = judged[name].mask(here, judged[name] * together / alone)
            judged = judged.assign(**{name: shared})
    return judged


def _finding(pool: Pool, note: Message) -> Finding:
    """Return what was noticed about a pool, with its file where that is not the study's own."""
    file = str(getattr(pool, "file", ""))
    remedy = say("请核对 {file} 中的 [[pools]]。", file=file) if file else _REMEDY
    return Finding(
        "warning", "residential", note, remedy, file, column="[[pools]]", value=pool.name
    )
