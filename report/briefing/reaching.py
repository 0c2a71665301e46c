"""Which place for care would reach the people of a community who are out of reach today."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.coverage.areas import by_level
from analysis.siting.choosing import Proposal
from analysis.siting.reasons import NO_CANDIDATE, SOMEBODY
from analysis.siting.years.phased import ACTIONS
from geo.language import Message, say
from geo.streets.network import Floats, Ints
from geo.walks.travel import in_minutes
from report.figures import number

NONE_NEAR: Final = say("附近无备选点，需新增备选用地或改造存量房")
_LEVEL: Final = "community"
_SOME: Final = 0.1  # of those out of reach: what reaches fewer is no remedy


@dataclass(frozen=True)
class Answer:
    """What reaches the people of a community who are out of reach today.

    rank
        Of the proposed site; None for any other candidate, and where there is none.
    candidate_id, name, action
        Of the site or candidate; empty where nothing reaches anybody.
    people, minutes
        Whom it newly reaches in this community, and their mean walk; 0 and NaN where nobody.
    enough
        Whether those are a tenth of all who are out of reach at least: fewer are no remedy.
    """

    rank: int | None
    candidate_id: str
    name: str
    action: Message | str
    people: float
    minutes: float
    enough: bool

    @property
    def to_study(self) -> bool:
        """Return whether it is a candidate that may be studied, and is not among the proposals."""
        return self.enough and self.rank is None


def community_answers(proposal: Proposal) -> dict[str, Answer]:
    """Return by the id of each community what would reach its people of 60+ out of reach today.

    The proposed site that reaches most of them; where none reaches a tenth, the candidate that
    would. Lists of communities and guidance of streets both ask here.
    """
    areas = dict(by_level(proposal.evaluation.study.layer("boundaries"))).get(_LEVEL)
    position = proposal.demand.where.area.get(_LEVEL)
    if areas is None or position is None:
        return {}
    eligible = proposal.eligible
    left = eligible.may & ~eligible.kept
    left[proposal.chosen] = False
    first = _best(proposal, proposal.chosen, position, len(areas))
    second = _best(proposal, np.flatnonzero(left), position, len(areas))
    people = np.where(proposal.stays, 0.0, proposal.table.gainful)
    there = position >= 0
    missed = np.bincount(position[there], people[there], len(areas))
    told = {}
    for at, id_ in enumerate(areas["id"].astype(str)):
        enough = max(_SOME * missed[at], SOMEBODY)
        best = first if first.gain[at] >= min(enough, second.gain[at]) else second
        told[id_] = _answer(proposal, best, at, enough=bool(best.gain[at] >= enough))
    return told


def community_measure(answer: Answer) -> Message:
    """Return in words what would reach the people of a community."""
    people = number(answer.people)
    if not answer.enough and answer.people < SOMEBODY:
        return NONE_NEAR
    if not answer.enough:
        return say("附近备选点最多新增覆盖{people}人，需新增备选用地或改造存量房", people=people)
    told = {
        "action": answer.action, "name": answer.name, "id": answer.candidate_id,
        "minutes": f"{answer.minutes:.1f}", "people": people,
    }  # fmt: skip
    if answer.rank is not None:
        return say(
            "{action}近期项目{rank}：{name}（{id}），平均步行{minutes}分钟，可新增覆盖{people}人",
            rank=answer.rank, **told,
        )  # fmt: skip
    return say(
        "可研究{action}{name}（{id}，未列入近期项目），平均步行{minutes}分钟，可新增覆盖{people}人",
        **told,
    )


@dataclass(frozen=True)
class _Best:
    """By community: the candidate, the people it newly reaches, their mean walk in minutes."""

    site: Ints
    gain: Floats
    minutes: Floats


def _best(proposal: Proposal, sites: Ints, position: Ints, areas: int) -> _Best:
    """Return which of some candidates newly reaches most people of each community."""
    people = np.where(proposal.stays, 0.0, proposal.table.gainful)
    speed = proposal.evaluation.study.description.walking.speed_m_per_s
    walks = proposal.table.walks
    best = _Best(np.full(areas, NO_CANDIDATE), np.zeros(areas), np.full(areas, np.nan))
    for site in sites:
        own = slice(int(walks.start[site]), int(walks.start[site + 1]))
        at, here = position[walks.place[own]], people[walks.place[own]]
        minutes = in_minutes(walks.walk_mm[own], speed_m_per_s=speed)
        lies = at >= 0
        gain = np.bincount(at[lies], here[lies], areas)
        walked = np.bincount(at[lies], (here * minutes)[lies], areas)
        more = gain > best.gain
        best.site[more], best.gain[more] = site, gain[more]
        best.minutes[more] = walked[more] / gain[more]
    return best


def _answer(proposal: Proposal, best: _Best, at: int, *, enough: bool) -> Answer:
    site = int(best.site[at])
    if site == NO_CANDIDATE:
        return Answer(None, "", "", "", 0.0, float("nan"), enough=False)
    row = proposal.eligible.table.iloc[site]
    chosen = [int(each) for each in proposal.chosen]
    return Answer(
        rank=chosen.index(site) + 1 if site in chosen else None,
        candidate_id=str(row["candidate_id"]), name=str(row["name"]),
        action=ACTIONS.get(str(row["action"]), str(row["action"])),
        people=float(best.gain[at]), minutes=float(best.minutes[at]), enough=enough,
    )  # fmt: skip
