"""Each question put to the search that answers it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np

from analysis.coverage.areas import by_level
from analysis.evaluation import Evaluation
from analysis.siting.asked import Asked, Objective
from analysis.siting.demand import OLDEST
from analysis.siting.goals import goal_text, percent_below
from analysis.siting.need import People, people_served
from analysis.siting.rooms.room import Served, Supply
from analysis.siting.rooms.with_capacity import fewest_with_capacity, with_capacity
from analysis.siting.site_table import SiteTable
from analysis.siting.solving.candidates import Candidates
from analysis.siting.solving.fewest_sites import fewest_sites, most_possible
from analysis.siting.solving.least_walk import least_walk
from analysis.siting.solving.max_cover import max_cover
from analysis.siting.solving.solution import Solution, Status
from analysis.siting.solving.walks import WalksTo
from analysis.siting.solving.within_budget import within_budget
from analysis.siting.solving.worst_walk import worst_walk
from analysis.siting.standing_sites import UPGRADED
from geo.errors import SitingError
from geo.findings import Finding
from geo.language import Message, joined, say
from geo.streets.network import Floats, Ints
from geo.walks.travel import FAR, walk_table

LITTLE = 0.5  # people: fewer than this are nobody
SAME = 1e-6  # people
EXACTLY = 1e-9  # the gap at which a search ends before its time


@dataclass(frozen=True, eq=False)
class Found:
    """What a search found, and what is to be told beside it.

    figures
        Further figures by name, for solution.json.
    served, supply
        Who is served where facilities have room for so many only, and what room there is.
    findings
        What is to be known beside the answer; where there is none, what would make one.
    """

    solution: Solution
    figures: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    served: Served | None = None
    findings: tuple[Finding, ...] = ()
    supply: Supply | None = None


def search_for(evaluation: Evaluation, asked: Asked, table: SiteTable) -> Found:
    """Return the answer to a question. Errors: SitingError where it cannot be put to the study."""
    if asked.capacity is not None:
        return _with_room(evaluation, asked, table)
    return _SEARCHES[asked.aim](evaluation, asked, table)


@cache
def _compiled() -> None:
    """Compile the searches for shares and budgets before their clocks run."""
    start, place = np.array([0, 4, 7, 10]), np.array([1, 2, 4, 5, 0, 1, 4, 2, 3, 5])
    few, people = Candidates(start, place), np.array([10.0, 10, 10, 10, 11, 11])
    fewest_sites(few, people, wanted=[60.0])
    within_budget(few, people, np.ones(3), budget=2.0)


def _most_people(_: Evaluation, asked: Asked, table: SiteTable) -> Found:
    people, kept = _weighted(asked, table), table.eligible.kept
    given_up = float(people[table.covered_today & ~table.covered].sum())
    if asked.count is not None:
        found = max_cover(
            table.candidates(), people, count=_at_most(asked.count, table) + int(kept.sum()),
            covered=table.covered, seconds=asked.seconds, within=EXACTLY,
        )  # fmt: skip
        findings = []
    else:
        _compiled()
        found = within_budget(
            table.candidates(), people, table.eligible.figure("cost_wan"),
            budget=asked.budget_wan or 0.0, covered=table.covered, seconds=asked.seconds,
            within=EXACTLY,
        )  # fmt: skip
        findings = _costless(table)
    beyond = replace(found, value=found.value - given_up, bound=found.bound - given_up)
    return Found(beyond, findings=tuple(findings))


def _at_most(count: int | None, table: SiteTable) -> int:
    """Return how many sites may be sought: never more than there are candidates."""
    return min(count or 0, len(table.eligible.table))


def _weighted(asked: Asked, table: SiteTable) -> Floats:
    """Return what each place counts for: its people of 60+ unless the question weighs others."""
    demand, people = table.demand, table.gainful
    if asked.weighting == "80plus":
        oldest: Floats = np.where(demand.inside, demand.people[OLDEST], 0.0)
        if not oldest.any():
            raise SitingError(say("研究中没有 80 岁以上人口，不能按高龄加权。请补充该列。"))
        return oldest
    if asked.weighting == "behind":
        weighted: Floats = people * _behind(table)
        return weighted
    return people


def _behind(table: SiteTable) -> Floats:
    """Return the uncovered part of the street around each place; 1 where no street is."""
    street = table.demand.where.area.get("street")
    if street is None:
        raise SitingError(say("研究中没有街道边界，不能按薄弱街道加权。请补充街道边界。"))
    people, known = table.gainful, street >= 0
    everybody = np.bincount(street[known], weights=people[known])
    uncovered = np.where(table.covered_today, 0.0, people)[known]
    left = np.bincount(street[known], weights=uncovered)
    part = np.divide(left, everybody, out=np.ones(len(everybody)), where=everybody > 0)
    behind: Floats = np.where(known, np.append(part, 1.0)[street], 1.0)
    return behind


def _costless(table: SiteTable) -> list[Finding]:
    """Return what is told of candidates whose cost is unknown: a budget cannot buy them."""
    silent = table.eligible.may & np.isnan(table.eligible.figure("cost_wan"))
    if not silent.any():
        return []
    first = table.eligible.table["candidate_id"][silent].iloc[0]
    message = say(
        "{count} 个备选点没有费用，按预算选址时不选（首个：{first}）。",
        count=int(silent.sum()),
        first=first,
    )
    stands = table.eligible.table["stands"][silent].eq(UPGRADED)
    parts = [] if stands.all() else [say("请补充“费用（万元）”。")]
    if stands.any():
        parts.append(say("改建现有设施的费用写在设施表的“改建费用（万元）”列。"))
    return [Finding("warning", "candidates", message, joined("", *parts))]


def _fewest(evaluation: Evaluation, asked: Asked, table: SiteTable) -> Found:
    area, everybody, names = _areas(evaluation, asked, table)
    share = asked.cover if asked.cover is not None else (asked.cover_each or ("", 0.0))[1]
    people = table.gainful
    wanted = share * everybody
    candidates, covered = table.candidates(), table.covered
    _compiled()
    found = fewest_sites(
        candidates, people, wanted=wanted, area=area, covered=covered,
        cost=table.eligible.figure("cost_wan"), seconds=asked.seconds,
    )  # fmt: skip
    if found.status is not Status.INFEASIBLE:
        return Found(found)
    most = most_possible(candidates, people, area=area, covered=covered)
    possible = np.append(most, np.zeros(max(0, len(wanted) - len(most))))
    short = np.flatnonzero(possible < wanted - SAME)
    told = [_too_few(names[a], share, possible[a], everybody[a]) for a in short]
    unlawful = replace(candidates, forbidden=None)
    all_of_them = most_possible(unlawful, people, area=area, covered=covered)
    more = float(all_of_them.sum() - most.sum())
    if more >= LITTLE:
        told.append(_if_put_right(table, more))
    if not asked.generate:
        told.append(
            Finding(
                "error",
                "candidates",
                say("也可加 --generate，看沿居住用地的道路另选位置能否达到。"),
            )
        )
    return Found(found, findings=tuple(told))


def _if_put_right(table: SiteTable, people: float) -> Finding:
    """Return whom candidates that are out could cover, and what of them a lift would bring back."""
    out = ~table.eligible.may
    lift = int(table.eligible.table["reasons"].eq("no_lift").sum())
    message = say(
        "不能用的 {count} 个备选点若整改后可用，最多可再覆盖 {people:,.0f} 人；"
        "其中 {lift} 个只缺电梯，加装后即可用。",
        count=int(out.sum()), people=people, lift=lift,
    )  # fmt: skip
    return Finding("error", "candidates", message)


def _areas(
    evaluation: Evaluation, asked: Asked, table: SiteTable
) -> tuple[Ints, Floats, list[str]]:
    """Return the area of each place, the people of 60+ of each area, and the areas' names."""
    demand = table.demand
    if asked.cover_each is None:
        area = np.where(demand.inside, 0, -1)
        return area, np.array([demand.everybody]), [""]
    level = asked.cover_each[0]
    named = dict(by_level(evaluation.study.layer("boundaries"))).get(level)
    if named is None:
        raise SitingError(
            say("研究中没有 {level} 一级的边界，不能用 --cover-each。", level=level)
        )
    area = np.where(demand.inside, demand.where.area[level], -1)
    known = area >= 0
    everybody = np.bincount(
        area[known], weights=table.gainful[known], minlength=len(named)
    ).astype(np.float64)
    return area, everybody, [*named["name"].astype(str)]


def _too_few(name: str, share: float, possible: float, everybody: float) -> Finding:
    """Return why a share cannot be reached, and what would make it so."""
    most = percent_below(possible / everybody if everybody > 0 else 0.0, share)
    message = (
        say(
            "无解：全部可用备选点都建，也只能覆盖 60 岁以上 {possible:,.0f} / {everybody:,.0f} 人"
            "（{most}），达不到 {share}。",
            possible=possible, everybody=everybody, most=most, share=goal_text(share),
        )
        if not name
        else say(
            "无解：{name} 全部可用备选点都建，也只能覆盖 60 岁以上"
            " {possible:,.0f} / {everybody:,.0f} 人（{most}），达不到 {share}。",
            name=name, possible=possible, everybody=everybody, most=most, share=goal_text(share),
        )
    )  # fmt: skip
    remedy = say(
        "请在尚未覆盖的居民附近增补备选点（至少再覆盖 {people:,.0f} 人），或把目标降到该比例以下。",
        people=share * everybody - possible,
    )
    return Finding("error", "candidates", message, remedy)


def _walks(evaluation: Evaluation, table: SiteTable) -> WalksTo:
    reach = evaluation.reach
    walks = walk_table(
        reach.placed.graph, table.eligible.exits, table.demand.exits,
        limit_mm=reach.search.horizon_mm,
    )  # fmt: skip
    asked = table.candidates()
    return WalksTo(
        walks.start, walks.place.astype(np.int64), walks.walk_mm, table.demand.walk_mm,
        mandatory=asked.mandatory, forbidden=asked.forbidden,
    )  # fmt: skip


def _least_walk(evaluation: Evaluation, asked: Asked, table: SiteTable) -> Found:
    penalty_mm = evaluation.reach.search.horizon_mm
    found = least_walk(
        _walks(evaluation, table), table.gainful, count=_at_most(asked.count, table),
        penalty_mm=penalty_mm, seconds=asked.seconds, within=EXACTLY,
    )  # fmt: skip
    message = say(
        "走不到任何设施的人按 {metres:,.0f} 米计入平均（最远步行时间的路程）。",
        metres=penalty_mm / 1000,
    )
    today = np.minimum(table.walk_today_mm, penalty_mm)
    before = float(np.average(today, weights=table.gainful)) / 1000
    figures = {"penalty_m": penalty_mm / 1000, "before_m": before}
    return Found(found, figures, findings=(Finding("info", "candidates", message),))


def _worst_walk(evaluation: Evaluation, asked: Asked, table: SiteTable) -> Found:
    found = worst_walk(
        _walks(evaluation, table), table.gainful, count=_at_most(asked.count, table),
        seconds=asked.seconds,
    )
    findings = []
    if found.out_of_reach >= LITTLE:
        message = say(
            "{people:,.0f} 人在最远步行时间内走不到任何现有设施和备选点，不计入最远步行。",
            people=found.out_of_reach,
        )
        findings.append(
            Finding("warning", "candidates", message, say("请在他们附近增补备选点。"))
        )
    if found.status is Status.INFEASIBLE:
        message = say("无解：{count} 处不足以让每个人都走得到。", count=asked.count)
        enough = _enough(_walks(evaluation, table), table.gainful, asked.seconds)
        findings.append(Finding("error", "candidates", message, enough))
    elif not np.isfinite(found.value):
        message = say("时限内没有找到让每个人都走得到的选址。")
        findings.append(
            Finding("error", "candidates", message, say("请用 --seconds 延长时限，或增加处数。"))
        )
    reached = (table.gainful > 0) & (table.walk_today_mm < FAR)
    before = float(table.walk_today_mm[reached].max(initial=0)) / 1000
    figures = {"out_of_reach_60plus": found.out_of_reach, "before_m": before}
    return Found(found, figures, findings=tuple(findings))


def _enough(walks: WalksTo, people: Floats, seconds: float) -> Message:
    """Return how many sites would bring everybody within reach whom some site can reach."""
    _compiled()
    lives, reached = (people > 0).astype(np.float64), walks.now_mm < FAR
    every = most_possible(walks.candidates, lives, covered=reached)
    fewest = fewest_sites(
        walks.candidates, lives, wanted=every, covered=reached, seconds=seconds
    )
    if fewest.status is Status.OPTIMAL:
        return say("请增加处数：{count:.0f} 处就够。", count=fewest.value)
    return say(
        "请增加处数：{count:.0f} 处一定够，少于 {least:.0f} 处一定不够。",
        count=fewest.value, least=fewest.bound,
    )  # fmt: skip


def _with_room(evaluation: Evaluation, asked: Asked, table: SiteTable) -> Found:
    served_by = people_served(evaluation, asked.capacity or "m2", table)
    supply = _supply(evaluation, table, served_by)
    if asked.cover is not None:
        everybody = table.demand.everybody
        served = fewest_with_capacity(
            supply, wanted=asked.cover * everybody, seconds=asked.seconds
        )
        if served.solution.status is Status.INFEASIBLE:
            told = _too_few("", asked.cover, served.most, everybody)
            message = say(
                "无解：全部可用备选点都建，容量也只够 60 岁以上"
                " {most:,.0f} / {everybody:,.0f} 人。",
                most=served.most, everybody=everybody,
            )  # fmt: skip
            told = replace(told, message=message)
            findings = (told, *served_by.findings)
            return Found(served.solution, served=served, findings=findings, supply=supply)
    else:
        served = with_capacity(
            supply, count=None if asked.count is None else _at_most(asked.count, table),
            budget=asked.budget_wan, cost=table.eligible.figure("cost_wan"), seconds=asked.seconds,
        )  # fmt: skip
    costless = _costless(table) if asked.budget_wan is not None else []
    figures = {
        "per_person": served_by.per_person,
        "per_person_formula": str(served_by.formula),
        "per_person_rule": str(served_by.rule),
    }
    return Found(served.solution, figures, served, (*served_by.findings, *costless), supply)


def _supply(evaluation: Evaluation, table: SiteTable, served_by: People) -> Supply:
    placed, demand = evaluation.reach.placed, table.demand
    standing = walk_table(placed.graph, placed.facilities, demand.exits, limit_mm=table.limit_mm)
    return Supply(
        candidates=table.candidates(),
        existing=Candidates(standing.start, standing.place.astype(np.int64)),
        people=demand.elderly,
        room=served_by.room,
        existing_room=served_by.existing_room,
        outside=~demand.inside,  # rural people stand in the queue too
    )


_Search = Callable[[Evaluation, Asked, SiteTable], Found]
_SEARCHES: Mapping[Objective, _Search] = MappingProxyType(
    {
        Objective.MAX_COVER: _most_people,
        Objective.SET_COVER: _fewest,
        Objective.P_MEDIAN: _least_walk,
        Objective.P_CENTER: _worst_walk,
    }
)


def why_none(found: Found) -> tuple[Message, ...]:
    """Return why there is no answer, and what would make one; nothing where there is one."""
    if found.solution.status is not Status.INFEASIBLE and np.isfinite(found.solution.value):
        return ()
    told = tuple(finding.line() for finding in found.findings if finding.severity == "error")
    return told or (say("无解：没有满足所问的选址。请放宽要求，或增补备选点。"),)
