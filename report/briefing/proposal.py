"""The proposal in sentences: which sites, what they give together, what was given, how good."""

from collections.abc import Iterator

from analysis.siting.reasons import NO_CANDIDATE, SOMEBODY
from analysis.siting.solving.solution import Status
from analysis.siting.told import mandatory_sites
from geo.language import Message, joined, say
from report.briefing.gained import gained
from report.briefing.material import Proposed
from report.figures import number


def proposal_sentences(proposed: Proposed) -> Iterator[Message]:
    """Yield the sites and their gain, each that the ledger says must be built, and the proof."""
    yield _sites(proposed)
    forced = _forced(proposed)
    yield from forced
    yield proof(proposed, forced=bool(forced))


def proof(proposed: Proposed, *, forced: bool) -> Message:
    """Return how good the proposal is at most.

    forced
        Whether some site is among them because the ledger says so.
    """
    if proposed.proposal.solution.status is not Status.OPTIMAL:
        return say("在求解时限内得到，尚未证明最优。")
    if forced:
        return say("在此前提下，同样处数没有更好的选法（已证明最优）。")
    return say("在所列备选点中，同样处数没有更好的选法（已证明最优）。")


def _sites(proposed: Proposed) -> Message:
    proposal = proposed.proposal
    told = gained(proposal.evaluation, proposed)
    said = say(
        "建议新增{count}处（名称见近期项目），合计新增覆盖{people}人，"
        "可达率由{share_was}提高到{share}（分母{all}人）",
        count=len(proposal.chosen), people=number(told.people),
        share_was=told.share_was, share=told.share_now,
        all=number(told.everyone),
    )  # fmt: skip
    whole = said if told.apart is None else joined("；", said, told.apart)
    return joined("", whole, say("。"))


def _forced(proposed: Proposed) -> list[Message]:
    """Return of each site that must be built that it must, and what that costs."""
    proposal, reasons = proposed.proposal, proposed.reasons
    table, must = proposal.eligible.table, set(mandatory_sites(proposal))
    told = []
    for at, site in enumerate(proposal.chosen):
        if str(table["candidate_id"].iloc[site]) not in must:
            continue
        said = say("第{rank}处“{name}”在备选台账中列为必建", rank=at + 1,
                   name=table["name"].iloc[site])  # fmt: skip
        second, more = int(reasons.runner_up[at]), -float(reasons.runner_up_less[at])
        if second != NO_CANDIDATE and more >= SOMEBODY:
            other = table.iloc[second]
            instead = say(
                "若不列为必建，换成{id}“{name}”，同样{count}处合计可多覆盖{people}人",
                id=other["candidate_id"], name=other["name"], count=len(proposal.chosen),
                people=number(more),
            )  # fmt: skip
            said = joined("；", said, instead)
        told.append(joined("", said, say("。")))
    return told
