"""Sites sought for a study: the question put to the search that answers it, and the answer told."""

from dataclasses import dataclass, replace
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd

from analysis.evaluation import Evaluation
from analysis.rounding import largest_remainder, nearest_whole
from analysis.siting.asked import Asked, Objective
from analysis.siting.demand import Demand
from analysis.siting.eligible import Eligible, eligible_candidates
from analysis.siting.generated import generated_candidates
from analysis.siting.searches import Found, search_for
from analysis.siting.site_table import SiteTable
from analysis.siting.solving.candidates import in_order
from analysis.siting.solving.solution import Solution
from analysis.siting.standing_sites import standing_sites
from analysis.study import Progress
from geo.errors import SitingError
from geo.findings import Finding
from geo.language import say
from geo.position.coordinates import WGS84
from geo.streets.network import Flags, Floats, Ints

ROUNDED = 2.0  # people: whole ones of two sums


@dataclass(frozen=True, eq=False)
class Proposal:
    """The sites that answer a question, and what they do beyond what stands.

    found
        What the search answers; value and bound beyond what stands today.
    kept, closed
        Candidate numbers of the facilities that might be given up: those kept, and the others.
    chosen
        Those of the new sites, each the one that newly covers most people of 60+ of those left.
    gain
        People of 60+ of the study each newly covers, given those before it and what is kept. Where
        facilities have room for so many only, who is served is told beside it, by `served_gain`.
    """

    evaluation: Evaluation
    asked: Asked
    table: SiteTable
    found: Found
    kept: Ints
    closed: Ints
    chosen: Ints
    gain: Floats
    findings: tuple[Finding, ...]

    @property
    def solution(self) -> Solution:
        """Return the sites found, and how good they are at most."""
        return self.found.solution

    @property
    def demand(self) -> Demand:
        """Return the places where people live."""
        return self.table.demand

    @property
    def eligible(self) -> Eligible:
        """Return the candidates."""
        return self.table.eligible

    @property
    def counts_cover(self) -> bool:
        """Return whether people covered are what was asked for: not walks, room, or each area."""
        by_cover = self.asked.aim in (Objective.MAX_COVER, Objective.SET_COVER)
        plain = self.asked.weighting is None and self.asked.cover_each is None
        return by_cover and plain and self.found.served is None

    @cached_property
    def everybody(self) -> float:
        """Return the people of 60+ of the study, whom every share is of."""
        return self.demand.everybody

    @cached_property
    def baseline(self) -> float:
        """Return those of them whom facilities cover today."""
        return self._people(self.demand.inside & self.table.covered_today)

    @cached_property
    def stays(self) -> Flags:
        """Return the places that are served by what stands and is kept."""
        return self.table.covered | self.table.served_by(self.kept)

    @cached_property
    def starting(self) -> float:
        """Return the people of the study who stay covered before anything is built."""
        return self._people(self.demand.inside & self.stays)

    def _people(self, places: Flags) -> float:
        return float(self.demand.elderly[places].sum())

    def positions(self, candidates: Ints | None = None) -> gpd.GeoSeries:
        """Return where candidates stand, in degrees; the new sites where none are named."""
        points = self.eligible.points[self.chosen if candidates is None else candidates]
        return gpd.GeoSeries(points, crs=self.evaluation.study.crs).to_crs(WGS84)

    @cached_property
    def outside_gain(self) -> float:
        """Return the people of 60+ outside the study whom the sites newly cover."""
        newly_reached = ~self.stays & self.table.served_by(self.chosen)
        return self._people(self.demand.outside & newly_reached)

    @cached_property
    def whole_gain(self) -> Ints:
        """Return the gains in whole people, which add up to the whole gain; never out of order."""
        whole = nearest_whole(self.starting + float(self.gain.sum())) - nearest_whole(self.starting)
        return largest_remainder(self.gain, whole)

    @cached_property
    def covered(self) -> Ints:
        """Return the people of 60+ covered after each site, all that stays among them."""
        after: Ints = nearest_whole(self.starting) + np.cumsum(self.whole_gain)
        return after

    @cached_property
    def shares(self) -> Floats:
        """Return the share of everybody covered after each site; NaN where nobody lives."""
        after = self.starting + np.cumsum(self.gain)
        return after / self.everybody if self.everybody > 0 else np.full(len(after), np.nan)

    @cached_property
    def served_before(self) -> float:
        """Return the people of the study whom facilities have room for today; NaN: not asked."""
        served = self.found.served
        return np.nan if served is None else float(served.before[self.demand.inside].sum())

    @cached_property
    def served_gain(self) -> Ints:
        """Return the whole people each site newly serves beside those before it; empty: not asked.

        They add up to the whole that is newly served.
        """
        served = self.found.served
        if served is None:
            return np.zeros(0, dtype=np.int64)
        before = self.served_before
        whole = nearest_whole(before + float(served.gain.sum())) - nearest_whole(before)
        return largest_remainder(served.gain, whole)

    @cached_property
    def served(self) -> Ints:
        """Return the people served after each site, those of today among them."""
        if self.found.served is None:
            return self.served_gain
        after: Ints = nearest_whole(self.served_before) + np.cumsum(self.served_gain)
        return after

    @cached_property
    def served_shares(self) -> Floats:
        """Return the share of everybody who is served after each site."""
        served = self.found.served
        after = np.zeros(0) if served is None else self.served_before + np.cumsum(served.gain)
        return after / self.everybody if self.everybody > 0 else np.full(len(after), np.nan)


def choose_sites(
    evaluation: Evaluation, asked: Asked, *, progress: Progress | None = None
) -> Proposal:
    """Return the sites that answer a question; existing facilities are kept.

    Where no choice does what is asked, the status says so and the findings say what would.

    Errors: SitingError for a question that cannot be put to this study.
    """
    tell = progress or (lambda _what, _part: None)
    tell(say("核对备选点"), 0.0)
    standing = standing_sites(evaluation, asked.may_close, asked.may_upgrade)
    generated = generated_candidates(evaluation) if asked.generate else None
    eligible = eligible_candidates(
        evaluation, standing=standing, generated=generated, stock_only=asked.stock_only
    )
    demand = Demand.of(evaluation)
    _require_people(demand)
    table = SiteTable.of(evaluation, demand, eligible)
    tell(say("求解选址"), 0.1)
    found = search_for(evaluation, asked, table)
    offered = np.flatnonzero(eligible.kept)
    kept = np.intersect1d(found.solution.chosen, offered)
    new = found.solution.chosen[~np.isin(found.solution.chosen, kept)]
    if found.served is None:
        stays = table.covered | table.served_by(kept)
        new, gain = in_order(table.candidates(), table.gainful, new, covered=stays)
    else:  # the order is that of people served
        gain = table.newly(new, covered=table.covered | table.served_by(kept))
    findings = (*found.findings, *eligible.findings, *_unread_cells(evaluation, asked))
    closed = np.setdiff1d(offered, kept)
    return Proposal(
        evaluation, asked, table, found, kept, closed, new, gain, findings
    )


def _require_people(demand: Demand) -> None:
    if not demand.inside.any():
        raise SitingError(
            say("研究中没有 60 岁以上人口的位置，无法选址。请补充人口图层或小区的 60 岁以上人口。")
        )


def _unread_cells(evaluation: Evaluation, asked: Asked) -> list[Finding]:
    """Return what was found wrong in cells that candidates are judged by, and are unknown so."""
    layers = {"candidates"} if not asked.generate else set()
    if asked.may_close or asked.may_upgrade:
        layers.add("facilities")
    return [
        finding
        for finding in evaluation.study.findings
        if finding.layer in layers and finding.severity == "error" and finding.column
    ]


def held_against(proposal: Proposal, areas: pd.DataFrame) -> Proposal:
    """Return the proposal, with a finding where an evaluation of its scenario covers others.

    A site beside a piece of street too small to be stepped onto makes it one that is.

    areas
        The study first, with `covered_60plus` as the evaluation has it and `covered_before`.
    """
    if not len(proposal.chosen):
        return proposal
    gained = float(areas["covered_60plus"].iloc[0] - areas["covered_before"].iloc[0])
    expected = proposal.starting + float(proposal.gain.sum()) - proposal.baseline
    if abs(gained - expected - proposal.outside_gain) <= ROUNDED:
        return proposal
    message = say(
        "按情景整体复核，可达变化 {gained:,.0f} 人，与选址算出的 {expected:,.0f} 人不同："
        "有备选点靠近孤立的小路，建成后那里改由小路进出。以整体评价为准。",
        gained=gained,
        expected=expected,
    )
    told = Finding("warning", "candidates", message, say("请核对这些备选点附近的道路是否连通。"))
    return replace(proposal, findings=(*proposal.findings, told))
