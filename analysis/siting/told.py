"""The reasons of a proposal in words: one sentence a site, one a candidate that was not chosen."""

import numpy as np
import pandas as pd

from analysis.coverage.areas import by_level
from analysis.siting.asked import Objective
from analysis.siting.choosing import Proposal
from analysis.siting.eligible import doubt_word, why_out
from analysis.siting.reasons import CENT_WAN, NO_CANDIDATE, SOMEBODY, Reasons, WhyNot
from analysis.siting.solving.solution import Status
from geo.language import Message, joined, say

STREETS_NAMED = 3
ESTATES_NAMED = 3


def street_names(proposal: Proposal) -> pd.Series:
    """Return the names of the streets by position, as `Demand.where` counts them."""
    boundaries = proposal.evaluation.study.layer("boundaries")
    named = dict(by_level(boundaries)).get("street")
    if named is None:
        return pd.Series(dtype="str")
    names: pd.Series = named["name"].reset_index(drop=True)
    return names


def mandatory_sites(proposal: Proposal) -> list[str]:
    """Return the ids of the sites that the ledger says must be built, in order of rank."""
    chosen = proposal.chosen[proposal.eligible.mandatory[proposal.chosen]]
    return [str(id_) for id_ in proposal.eligible.table["candidate_id"].iloc[chosen]]


def best_of(proposal: Proposal) -> Message:
    """Return among which choices the sites are proved to be the best."""
    forced = mandatory_sites(proposal)
    if not forced:
        return say("已证明最优：没有更好的选法")
    return say("台账必选 {sites}，在此前提下已证明最优", sites="、".join(forced))


def site_reasons(proposal: Proposal, reasons: Reasons) -> list[Message]:
    """Return why each site was chosen, in order of rank."""
    streets = street_names(proposal)
    return [
        joined("；", *_parts(proposal, reasons, rank, streets))
        for rank in range(len(proposal.chosen))
    ]


def _parts(
    proposal: Proposal, reasons: Reasons, rank: int, streets: pd.Series
) -> list[Message]:
    site = int(proposal.chosen[rank])
    parts = [_gain(proposal, reasons, rank, streets), *_served(proposal, rank)]
    if len(proposal.closed):
        parts.append(
            say(
                "从关停后的 {starting:,.0f} 人算起，含补回关停所失的人，不是净增",
                starting=proposal.starting,
            )
        )
    if reasons.nearer[rank] >= SOMEBODY:
        nearer = say(
            "{people:.0f} 人离设施更近，单程平均少走 {metres:.0f} 米",
            people=reasons.nearer[rank],
            metres=reasons.saved_m[rank],
        )
        has_room = proposal.found.served is not None
        parts.append(say("不计容量，{nearer}", nearer=nearer) if has_room else nearer)
    parts += _cured(reasons, site)
    parts += _second(proposal, reasons, rank)
    parts += _rivals(proposal, reasons, rank)
    doubts = proposal.eligible.table["doubts"].iloc[site]
    if doubts:
        words = [doubt_word(code) for code in doubts.split(";")]
        parts.append(say("另须核实：{doubts}", doubts=joined("、", *words)))
    return parts


def _gain(proposal: Proposal, reasons: Reasons, rank: int, streets: pd.Series) -> Message:
    people = int(proposal.whole_gain[rank])
    told = reasons.by_street
    own = told[told["rank"].eq(rank) & told["street"].ge(0) & told["gain_60plus"].gt(0)]
    if own.empty:
        return say("新增覆盖 60 岁以上 {people} 人", people=people)
    named = [
        say("{street} {people} 人", street=streets.iloc[int(street)], people=int(gain))
        for street, gain in zip(own["street"], own["gain_60plus"], strict=True)
    ]
    rest = [say("等 {count} 个街道", count=len(named))] if len(named) > STREETS_NAMED else []
    return say(
        "新增覆盖 60 岁以上 {people} 人（{streets}）",
        people=people,
        streets=joined("、", *named[:STREETS_NAMED], *rest),
    )


def _served(proposal: Proposal, rank: int) -> list[Message]:
    """Return whom a site serves where facilities have room for so many only."""
    if proposal.found.served is None:
        return []
    return [
        say(
            "按容量新增服务 {people} 人，本处服务 {load:.0f} 人",
            people=int(proposal.served_gain[rank]),
            load=float(proposal.found.served.load[rank]),
        )
    ]


def _cured(reasons: Reasons, site: int) -> list[Message]:
    own = reasons.cured[reasons.cured["site"].eq(site)]
    if own.empty:
        return []
    named = [
        say("{name} {area:.0f} ㎡", name=name, area=area)
        for name, area in zip(own["name"], own["deficit_m2"], strict=True)
    ]
    rest = [say("等")] if len(named) > ESTATES_NAMED else []
    return [
        say(
            "若经统筹确认，可补 {count} 个小区的缺口 {area:.0f} ㎡（{estates}）",
            count=len(own),
            area=float(own["deficit_m2"].sum()),
            estates=joined("、", *named[:ESTATES_NAMED], *rest),
        )
    ]


def _second(proposal: Proposal, reasons: Reasons, rank: int) -> list[Message]:
    site, second = int(proposal.chosen[rank]), int(reasons.runner_up[rank])
    if proposal.eligible.mandatory[site]:
        return [_must(proposal, reasons, rank)]
    may_close = bool(proposal.eligible.kept.any())
    if second == NO_CANDIDATE:
        return _no_second(proposal, may_close=may_close)
    less = float(reasons.runner_up_less[rank])
    if less < SOMEBODY:
        return [say("换成 {second} 覆盖人数不减", second=_called(proposal, second))]
    if may_close:  # closing others besides may do better
        return [
            say(
                "单独换下这一处，换成 {second}，新增覆盖合计少 {people:.0f} 人",
                second=_called(proposal, second),
                people=less,
            )
        ]
    return [
        say(
            "换成次优的 {second}，新增覆盖合计少 {people:.0f} 人",
            second=_called(proposal, second),
            people=less,
        )
    ]


def _no_second(proposal: Proposal, *, may_close: bool) -> list[Message]:
    """Return that no other candidate would do in the place of a site."""
    if proposal.found.served is not None:
        return [say("按容量求解时不列次优点")]
    if not proposal.counts_cover:
        return []
    if may_close:
        return [say("单独换下这一处，没有合乎所问的替代点")]
    return [say("没有合乎所问的替代点")]


def _must(proposal: Proposal, reasons: Reasons, rank: int) -> Message:
    """Return that a site must be one, and what that costs."""
    second, less = int(reasons.runner_up[rank]), float(reasons.runner_up_less[rank])
    if second == NO_CANDIDATE or less > -SOMEBODY:
        return say("台账标为必选")
    return say(
        "台账标为必选；若不必选，换成 {second} 合计可多覆盖 {people:.0f} 人",
        second=_called(proposal, second),
        people=-less,
    )


def _rivals(proposal: Proposal, reasons: Reasons, rank: int) -> list[Message]:
    own = reasons.rivals[reasons.rivals["rank"].eq(rank)]
    if own.empty:
        return []
    named = [
        say("{name}（{people:.0f} 人）", name=_id(proposal, int(candidate)), people=shared)
        for candidate, shared in zip(own["candidate"], own["shared_60plus"], strict=True)
    ]
    rivals = joined("、", *named)
    if proposal.found.served is not None:
        return [say("没有本处时，其服务圈内的人也可由 {rivals} 服务", rivals=rivals)]
    return [say("同样的人也可由 {rivals} 覆盖", rivals=rivals)]


def why_not_sentences(proposal: Proposal, told: WhyNot) -> list[Message]:
    """Return why each candidate was not chosen; of the sites, that they were."""
    settled = {
        int(site): say("已选，第 {rank} 处", rank=rank + 1)
        for rank, site in enumerate(proposal.chosen)
    }
    settled |= {int(facility): say("现有设施，保留") for facility in proposal.kept}
    return [
        settled.get(candidate) or _why_not(proposal, told, candidate)
        for candidate in range(len(proposal.eligible.table))
    ]


def _why_not(proposal: Proposal, told: WhyNot, candidate: int) -> Message:
    reasons = proposal.eligible.table["reasons"].iloc[candidate]
    if reasons:
        return say("不能用：{why}", why=why_out(reasons))
    if not told.alone[candidate] >= SOMEBODY:
        return _nobody(proposal, told, candidate)
    alone = _alone(proposal, told, candidate)
    cost = proposal.eligible.figure("cost_wan")[candidate]
    if proposal.asked.budget_wan is not None and np.isnan(cost):
        return joined("；", alone, say("费用未知"))
    if told.instead_of[candidate] == NO_CANDIDATE:
        return joined("；", alone, _why_no_place(proposal, candidate))
    return _compared(proposal, told, candidate)


def _nobody(proposal: Proposal, told: WhyNot, candidate: int) -> Message:
    """Return why a candidate would do nothing for anybody."""
    if np.isnan(told.alone[candidate]):
        return say("容量未知，不选")
    if proposal.found.served is not None:
        return say("服务圈内没有缺容量的老年人，或本处没有容量")
    return say("服务圈内没有尚未覆盖的老年人")


def _alone(proposal: Proposal, told: WhyNot, candidate: int) -> Message:
    """Return what a candidate would do if it alone were built."""
    people = told.alone[candidate]
    if proposal.found.served is not None:
        return say("单独建可新增服务 {people:.0f} 人", people=people)
    return say("单独建可新增覆盖 {people:.0f} 人", people=people)


def _why_no_place(proposal: Proposal, candidate: int) -> Message:
    """Return why a candidate is no site where there is none whose place it could take."""
    asked, sites = proposal.asked, len(proposal.chosen)
    if proposal.solution.status is Status.INFEASIBLE:
        return say("所问无解，未选任何点")
    if asked.count is not None and sites >= asked.count + len(proposal.closed):
        return say("必选点已用满 {count} 处", count=sites) if sites else say("所求是 0 处")
    spent = float(proposal.eligible.figure("cost_wan")[proposal.chosen].sum())
    if asked.budget_wan is not None and (why := _too_dear(proposal, candidate, spent)):
        return why
    if proposal.asked.aim is Objective.SET_COVER:
        return say("不建它也达到所求的覆盖率")
    return _why_not_found(proposal)


def _compared(proposal: Proposal, told: WhyNot, candidate: int) -> Message:
    loss = float(told.loss[candidate])
    site = _id(proposal, int(proposal.chosen[told.instead_of[candidate]]))
    beside = _beside(proposal, told, candidate)
    if loss >= SOMEBODY:
        return say(
            "{beside}；换下 {site} 合计少 {loss:.0f} 人", beside=beside, site=site, loss=loss
        )
    if loss <= -SOMEBODY:
        return say(
            "{beside}；换下 {site} 合计多 {more:.0f} 人，但{why}",
            beside=beside, site=site, more=-loss, why=_why_not_so(proposal, told, candidate),
        )  # fmt: skip
    return say("{beside}；与 {site} 不相上下", beside=beside, site=site)


def _beside(proposal: Proposal, told: WhyNot, candidate: int) -> Message:
    """Return what a candidate would add alone, and beside the sites where that is less."""
    alone, added = float(told.alone[candidate]), float(told.added[candidate])
    if alone - added < SOMEBODY:
        return say("{alone}，在已选之外再建也是这么多", alone=_alone(proposal, told, candidate))
    return say(
        "{alone}，在已选之外再建只增 {added:.0f} 人",
        alone=_alone(proposal, told, candidate), added=added,
    )  # fmt: skip


def _why_not_so(proposal: Proposal, told: WhyNot, candidate: int) -> Message:
    """Return why a candidate that would cover more was not chosen."""
    if proposal.asked.budget_wan is not None:
        cost = proposal.eligible.figure("cost_wan")[proposal.chosen]
        others = float(np.delete(cost, told.instead_of[candidate]).sum())
        if why := _too_dear(proposal, candidate, others):
            return why
    by_most = proposal.counts_cover or proposal.found.served is not None
    if by_most and proposal.asked.aim is Objective.MAX_COVER:
        return _why_not_found(proposal)
    return say("不是所求的目标")


def _too_dear(proposal: Proposal, candidate: int, others: float) -> Message | None:
    """Return why the budget cannot buy a candidate beside others of some cost; None if it can."""
    budget = (proposal.asked.budget_wan or 0.0) + CENT_WAN
    cost = float(proposal.eligible.figure("cost_wan")[candidate])
    if cost > budget:
        return say("费用 {cost:g} 万元，超出预算", cost=cost)
    if cost + others > budget:
        return say("连同其余各处共 {cost:g} 万元，超出预算", cost=cost + others)
    return None


def _why_not_found(proposal: Proposal) -> Message:
    """Return why the search did not come upon something that is better."""
    if proposal.solution.status is Status.TIME_LIMIT:
        return say("求解到时限为止，没有比较到；可用 --seconds 延长")
    if proposal.solution.status is Status.FEASIBLE:
        return say("求解在允许的误差内停止，没有比较到")
    return say("不是所求的目标")


def _id(proposal: Proposal, candidate: int) -> str:
    return str(proposal.eligible.table["candidate_id"].iloc[candidate])


def _called(proposal: Proposal, candidate: int) -> Message:
    row = proposal.eligible.table.iloc[candidate]
    return say("{id}“{name}”", id=row["candidate_id"], name=row["name"])
