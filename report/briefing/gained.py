"""What the proposed sites change together, in the figures of the two evaluations themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.evaluation import Evaluation
from analysis.rounding import nearest_whole
from geo.language import Message, joined, say
from report.briefing.material import Proposed
from report.figures import at_least, number, percent, some_of


@dataclass(frozen=True)
class Gained:
    """People of 60+ within reach before and after, of all whom the evaluation counts.

    everyone, was, now
        As the evaluations print them: whole people.
    printed_was, printed_now, share_was, share_now
        As printed, marked where they are lower bounds.
    inside
        Those of everyone whom the search counts: people in some area of the boundaries.
    by_site
        What the sites newly cover of those, one after the other.
    at_first
        Within reach as things stand, where `was` is of a scenario; None where it is of these.
    """

    everyone: int
    was: int
    now: int
    printed_was: str
    printed_now: str
    share_was: str
    share_now: str
    inside: int
    by_site: int
    at_first: int | None = None

    @property
    def both(self) -> Message | None:
        """Return the gain upon the scenario and upon things as they stand; None without one."""
        if self.at_first is None:
            return None
        whole = self.now - self.at_first
        told = {"more": number(self.people), "whole": number(abs(whole))}
        if whole < 0:
            return say("比情景多{more}人，比现状少{whole}人", **told)
        return say("比情景多{more}人，比现状多{whole}人", **told)

    @property
    def people(self) -> int:
        """Return how many the sites newly cover."""
        return self.now - self.was

    @property
    def apart(self) -> Message | None:
        """Return who is among all but not among those of the sites; None where nobody is."""
        if self.inside >= self.everyone:
            return None
        return say(
            "逐处新增、累计可达和累计可达率只计行政区界内的 60 岁以上老年人 {inside} 人；"
            "界外另有 {outside} 人，其中新增 {people} 人",
            inside=number(self.inside), outside=number(self.everyone - self.inside),
            people=number(self.people - self.by_site),
        )  # fmt: skip


def gained(
    evaluation: Evaluation, proposed: Proposed, baseline: Evaluation | None = None
) -> Gained:
    """Return what the proposed sites change.

    baseline
        The study without the scenario that the evaluation is under; None where it is under none.
    """
    proposal = proposed.proposal
    before, after = (each.summary["coverage"] for each in (evaluation, proposed.after))
    return Gained(
        everyone=int(before["elderly_60plus"]),
        was=int(before["covered_60plus"]), now=int(after["covered_60plus"]),
        printed_was=_printed(before), printed_now=_printed(after),
        share_was=at_least(percent(before["share_60plus"]), before["lower_bound"]),
        share_now=at_least(percent(after["share_60plus"]), after["lower_bound"]),
        inside=nearest_whole(proposal.everybody), by_site=int(proposal.whole_gain.sum()),
        at_first=None if baseline is None else int(baseline.summary["coverage"]["covered_60plus"]),
    )  # fmt: skip


def _printed(coverage: Mapping[str, Any]) -> str:
    return some_of(coverage["covered_60plus"], coverage["elderly_60plus"], coverage["lower_bound"])


def proposal_sentence(
    evaluation: Evaluation, proposed: Proposed, baseline: Evaluation | None = None
) -> Message:
    """Return what the proposed sites give together."""
    told = gained(evaluation, proposed, baseline)
    said = say(
        "建议新增{count}处：60岁以上老年人可达人数由{was}人增至{now}人（分母{all}人），"
        "可达率由{share_was}提高到{share}",
        count=len(proposed.proposal.chosen), was=told.printed_was, now=told.printed_now,
        all=number(told.everyone), share_was=told.share_was, share=told.share_now,
    )  # fmt: skip
    further = (each for each in (told.both, told.apart) if each is not None)
    return joined("", joined("；", said, *further), say("。"))
