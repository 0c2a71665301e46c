"""Which place for care would reach the people of a community who are out of reach today."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.coverage.areas import by_level
from analysis.siting.choosing import Proposal
from analysis.siting.reasons import SOMEBODY
from analysis.siting.years.phased import ACTIONS
from geo.language import Message, say
from geo.streets.network import Floats, Ints
from geo.walks.travel import in_minutes
from report.figures import number

NONE_NEAR: Final = say("附近无备选点，需新增备选用地或改造存量房")
_LEVEL: Final = "community"
_SOME: Final = 0.1  # of those out of reach: what reaches fewer is no remedy


def community_measures(proposal: Proposal) -> dict[str, Message]:
    """Return by the id of each community what would reach its people of 60+ out of reach today.

    The proposed site that reaches most of them; where none reaches a tenth, the candidate that
    would; where none does, that. Walks are the mean of those newly reached.
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
    rank = {int(site): at for at, site in enumerate(proposal.chosen, start=1)}
    told = {}
    people = np.where(proposal.stays, 0.0, proposal.table.gainful)
    there = position >= 0
    missed = np.bincount(position[there], people[there], len(areas))
    for at, id_ in enumerate(areas["id"].astype(str)):
        enough = max(_SOME * missed[at], SOMEBODY)
        best = first if first.gain[at] >= min(enough, second.gain[at]) else second
        if best.gain[at] >= enough:
            told[id_] = _told(proposal, best, at, rank)
        elif best.gain[at] >= SOMEBODY:
            told[id_] = say("附近备选点最多新增覆盖{people}人，需新增备选用地或改造存量房",
                            people=number(best.gain[at]))  # fmt: skip
        else:
            told[id_] = NONE_NEAR
    return told


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
    best = _Best(np.full(areas, -1), np.zeros(areas), np.full(areas, np.nan))
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


def _told(proposal: Proposal, best: _Best, at: int, rank: dict[int, int]) -> Message:
    site = int(best.site[at])
    row = proposal.eligible.table.iloc[site]
    told = {
        "action": ACTIONS.get(str(row["action"]), str(row["action"])),
        "name": row["name"], "id": row["candidate_id"],
        "minutes": f"{best.minutes[at]:.1f}", "people": number(best.gain[at]),
    }  # fmt: skip
    if site in rank:
        return say(
            "{action}近期项目{rank}：{name}（{id}），平均步行{minutes}分钟，可新增覆盖{people}人",
            rank=rank[site], **told,
        )  # fmt: skip
    return say(
        "可研究{action}{name}（{id}，未列入近期项目），平均步行{minutes}分钟，可新增覆盖{people}人",
        **told,
    )
