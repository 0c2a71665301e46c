"""What a briefing is made from: a study as it stands, sites proposed, scenarios, an earlier period.

Everything is worked out here, before anything is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analysis.evaluation import Evaluation, evaluate
from analysis.periods.comparison import Comparison
from analysis.scenario import Scenario, apply
from analysis.siting.as_scenario import changes
from analysis.siting.asked import Asked
from analysis.siting.choosing import Proposal, choose_sites
from analysis.siting.reasons import Reasoning, Reasons
from analysis.study import Progress
from analysis.what_if.side_by_side import SideBySide, compare_evaluations
from geo.errors import SitingError
from geo.language import Message, say

SITES: Final = 5  # so many are proposed where nobody says otherwise
SECONDS: Final = 10.0


@dataclass(frozen=True, eq=False)
class Proposed:
    """Sites proposed, why these, and the study with all of them built."""

    proposal: Proposal
    reasons: Reasons
    scenario: Scenario
    after: Evaluation

    @property
    def ranks(self) -> dict[str, int]:
        """Return the rank of each site by its candidate, from 1."""
        ids = self.proposal.eligible.table["candidate_id"].iloc[self.proposal.chosen]
        return {str(id_): rank for rank, id_ in enumerate(ids, start=1)}


@dataclass(frozen=True, eq=False)
class Tried:
    """A scenario that somebody prepared, and the study under it."""

    scenario: Scenario
    after: Evaluation


@dataclass(frozen=True, eq=False)
class Material:
    """What a briefing tells of.

    evaluation
        The study as it is looked at.
    proposed
        None where no sites were asked for, or none can be proposed: then `not_proposed` says why.
    tried
        Prepared scenarios, in the order of their numbers.
    earlier
        What changed since an earlier period.
    scenario, baseline
        Under which the study is looked at, and the study without it; None for things as they stand.
    """

    evaluation: Evaluation
    proposed: Proposed | None = None
    not_proposed: tuple[Message, ...] = ()
    tried: tuple[Tried, ...] = ()
    earlier: Comparison | None = None
    scenario: Scenario | None = None
    baseline: Evaluation | None = None

    @property
    def options(self) -> SideBySide | None:
        """Return things as they stand, the proposal and the scenarios side by side; None alone."""
        others = [(each.scenario.title, each.after) for each in self.tried]
        if self.proposed is not None:
            label = say("建议方案") if self.scenario is None else say("情景加建议方案")
            others.insert(0, (str(label), self.proposed.after))
        if self.scenario is not None and self.baseline is not None:
            others.insert(0, (self.scenario.title, self.evaluation))
        return compare_evaluations(self.baseline or self.evaluation, others) if others else None

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Return the scenarios of `options`, without things as they stand.

        Each holds all that differs from those: the proposal too what it is built upon.
        """
        looked_at = () if self.scenario is None or self.baseline is None else (self.scenario,)
        tried = (each.scenario for each in self.tried)
        if self.proposed is None:
            return (*looked_at, *tried)
        return (*looked_at, _together(*looked_at, self.proposed.scenario), *tried)


def _together(first: Scenario, *then: Scenario) -> Scenario:
    """Return what is opened and closed by scenarios one upon another."""
    return first.model_copy(update={
        "open": sum((each.open for each in then), first.open),
        "close": sum((each.close for each in then), first.close),
    })  # fmt: skip


def gather(  # noqa: PLR0913 - all that a briefing may be made from
    evaluation: Evaluation,
    *,
    asked: Asked | None = None,
    scenarios: Sequence[Scenario] = (),
    earlier: Comparison | None = None,
    scenario: Scenario | None = None,
    baseline: Evaluation | None = None,
    progress: Progress | None = None,
) -> Material:
    """Return what a briefing is made from: sites sought, scenarios evaluated.

    asked
        Which sites to propose; none where None.
    scenarios
        Prepared ones, told beside the proposal.
    scenario, baseline
        The one that the evaluation is under, and the study without it.

    Errors: PlanningError where a scenario is refused.
    """
    tell = progress or (lambda _what, _part: None)
    tell(say("寻找建议的选址"), 0.0)
    proposed, why_none = _propose(evaluation, asked)
    tried = []
    for done, each in enumerate(scenarios, start=1):
        tell(say("评价情景 {number}/{count}", number=done, count=len(scenarios)),
             0.5 + 0.5 * (done - 1) / len(scenarios))  # fmt: skip
        after = evaluate(apply(each, evaluation.study), draw="when asked")
        tried.append(Tried(each, after))
    return Material(
        evaluation, proposed, why_none, tuple(tried), earlier, scenario, baseline
    )


def _propose(
    evaluation: Evaluation, asked: Asked | None
) -> tuple[Proposed | None, tuple[Message, ...]]:
    """Return the sites that answer the question, or why there are none."""
    if asked is None:
        return None, (say("本次未提出选址建议。"),)
    try:
        proposal = choose_sites(evaluation, asked)
    except SitingError as error:
        return None, error.messages
    if not len(proposal.chosen):
        return None, (say("没有找到能新增覆盖的备选点。"),)
    scenario = changes(proposal)  # upon what the study is changed by already
    after = evaluate(apply(scenario, evaluation.study))  # its outlines are drawn meanwhile
    return Proposed(proposal, Reasoning(proposal).reasons(), scenario, after), ()
