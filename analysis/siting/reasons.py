"""Why these sites and not others: what each does, whom it competes with, and who came second."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.rounding import largest_remainder
from analysis.siting.choosing import Proposal
from analysis.siting.cures import cures
from analysis.siting.rooms.exchanges import Exchanges, exchanges
from geo.streets.network import Flags, Floats, Ints
from geo.walks.travel import budget_mm, walk_table

RIVALS = 3  # named beside a site
SOMEBODY = 0.5  # fewer people are printed as nobody
NO_CANDIDATE = -1
CENT_WAN = 1e-6  # 万元


@dataclass(frozen=True, eq=False)
class Reasons:
    """What stands behind a proposal, in its order of rank.

    by_street
        rank, street (position in the boundaries), gain_60plus: whom each newly covers.
    cured
        site, residential_id, name, deficit_m2: lacks each could make good, if confirmed.
    nearer, saved_m
        People of 60+ who would walk less to the nearest facility, and how much less on average, one
        way; of those beyond the horizon only what the horizon tells.
    rivals
        rank, candidate, shared_60plus: other candidates that would cover the same people; where
        facilities have room for so many only, those that would serve so many of the people within
        reach of the site if it went.
    runner_up, runner_up_less
        The candidate that could best stand in for each site, all others kept, and how many people
        fewer the whole would then newly cover; -1 and NaN where none would do what was asked, and
        where people covered are not what was asked for.
    """

    by_street: pd.DataFrame
    cured: pd.DataFrame
    nearer: Floats
    saved_m: Floats
    rivals: pd.DataFrame
    runner_up: Ints
    runner_up_less: Floats


@dataclass(frozen=True, eq=False)
class WhyNot:
    """What each candidate would do: alone, beside the sites, and in the place of one of them.

    Where facilities have room for so many only, all are people served with room.

    alone, added
        People of 60+ newly covered alone, and beside all sites; NaN where its room is unknown.
    instead_of, loss
        The rank of the site it could best replace, and the people the whole would then lose; no
        mandatory one. -1 and NaN where there is none.
    """

    alone: Floats
    added: Floats
    instead_of: Ints
    loss: Floats


class Reasoning:
    """The reasons of one proposal, each worked out once."""

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal
        self.table = proposal.table
        self.people = np.where(proposal.stays, 0.0, self.table.gainful)

    @cached_property
    def times(self) -> Ints:
        """Return how many of the sites serve each place."""
        times = np.zeros(len(self.proposal.demand), dtype=np.int64)
        for site in self.proposal.chosen:
            times[self.table.places_of(int(site))] += 1
        return times

    @cached_property
    def _rooms(self) -> Exchanges | None:
        """Return what candidates would serve, where facilities have room for so many only."""
        supply = self.proposal.found.supply
        return None if supply is None else exchanges(supply, self.proposal.chosen)

    @cached_property
    def _swaps(self) -> tuple[Floats, Floats]:
        """Return what every candidate adds when a site goes, one row a site; and what it loses."""
        if self._rooms is not None:
            return self._rooms.adds, self._rooms.lost
        sites = self.proposal.chosen
        adds = np.zeros((len(sites), len(self.table.eligible.table)))
        lost = np.zeros(len(sites))
        for rank, site in enumerate(sites):
            own = self.table.places_of(int(site))
            alone = own[self.times[own] == 1]
            lost[rank] = self.people[alone].sum()
            left = np.where(self.times == 0, self.people, 0.0)
            left[alone] = self.people[alone]
            adds[rank] = self.table.gains(left)
        return adds, lost

    def why_not(self) -> WhyNot:
        """Return what every candidate would do, sites included."""
        candidates = len(self.table.eligible.table)
        if self._rooms is None:
            added = self.table.gains(np.where(self.times == 0, self.people, 0.0))
            alone = self.table.gains(self.people)
        else:
            added, alone = self._rooms.added, self._rooms.alone
        adds, lost = self._swaps
        if not len(lost):
            nothing = np.full(candidates, NO_CANDIDATE)
            return WhyNot(alone, added, nothing, np.full(candidates, np.nan))
        loss = lost[:, None] - adds
        loss[self.table.eligible.mandatory[self.proposal.chosen]] = np.inf  # they stay
        loss[np.isnan(loss)] = np.inf  # nobody knows what it could serve
        best = loss.argmin(axis=0)
        least = loss[best, np.arange(candidates)]
        none = np.isinf(least)
        return WhyNot(
            alone, added, np.where(none, NO_CANDIDATE, best), np.where(none, np.nan, least)
        )

    def reasons(self) -> Reasons:
        """Return why each site was chosen."""
        runner_up, less = self._runners_up()
        nearer, saved_m = self._walks_saved()
        eligible = self.table.eligible
        return Reasons(
            by_street=self._by_street(),
            cured=cures(
                self.proposal.evaluation, self.proposal.chosen, eligible.exits, eligible.table
            ),
            nearer=nearer,
            saved_m=saved_m,
            rivals=self._rivals(),
            runner_up=runner_up,
            runner_up_less=less,
        )

    @cached_property
    def _newly(self) -> list[Ints]:
        """Return the places each site newly covers, given those before it."""
        covered, newly = self.proposal.stays.copy(), []
        for site in self.proposal.chosen:
            own = self.table.places_of(int(site))
            newly.append(own[~covered[own]])
            covered[own] = True
        return newly

    def _by_street(self) -> pd.DataFrame:
        street = self.proposal.demand.where.area.get("street")
        tables = []
        for rank, places in enumerate(self._newly):
            of = np.full(len(places), -1) if street is None else street[places]
            here, at = np.unique(of, return_inverse=True)
            sums = np.zeros(len(here))
            np.add.at(sums, at, self.people[places])
            whole = largest_remainder(sums, int(self.proposal.whole_gain[rank]))
            rows = pd.DataFrame({"rank": rank, "street": here, "gain_60plus": whole})
            rows = rows.sort_values(["gain_60plus", "street"], ascending=[False, True])
            tables.append(rows)
        empty = pd.DataFrame({"rank": [], "street": [], "gain_60plus": []})
        return pd.concat(tables, ignore_index=True) if tables else empty

    def _rivals(self) -> pd.DataFrame:
        """Return for each site the candidates left that would cover most of its people."""
        left_out = self.table.eligible.may.copy()
        left_out[[*self.proposal.chosen, *self.proposal.kept]] = False
        rows = []
        for rank, places in enumerate(self._newly):
            own = np.zeros(len(self.people))
            own[places] = self.people[places]
            gains = self.table.gains(own) if self._rooms is None else self._rooms.same[rank]
            shared = np.where(left_out, np.nan_to_num(gains), 0.0)
            order = np.argsort(-shared, kind="stable")[:RIVALS]
            rows += [(rank, c, shared[c]) for c in order if shared[c] >= SOMEBODY]
        return pd.DataFrame(rows, columns=["rank", "candidate", "shared_60plus"])

    def _runners_up(self) -> tuple[Ints, Floats]:
        adds, lost = self._swaps
        may = self.table.eligible.may.copy()
        may[[*self.proposal.chosen, *self.proposal.kept]] = False
        runner_up = np.full(len(lost), NO_CANDIDATE)
        less = np.full(len(lost), np.nan)
        if not self.proposal.counts_cover:
            return runner_up, less
        for rank in range(len(lost)):
            able = may & self._affordable(rank) & (lost[rank] - adds[rank] <= self._to_spare)
            if able.any():
                best = int(np.argmax(np.where(able, adds[rank], -1.0)))
                runner_up[rank], less[rank] = best, lost[rank] - adds[rank, best]
        return runner_up, less

    def _affordable(self, rank: int) -> Flags:
        """Return which candidates the budget could buy in the place of a site."""
        cost, budget = self.table.eligible.figure("cost_wan"), self.proposal.asked.budget_wan
        if budget is None:
            return np.ones(len(cost), dtype=bool)
        others = cost[np.delete(self.proposal.chosen, rank)].sum()
        affordable: Flags = cost + others <= budget + CENT_WAN
        return affordable

    @property
    def _to_spare(self) -> float:
        """Return how many people fewer may be covered without failing what was asked."""
        share = self.proposal.asked.cover
        if share is None:
            return np.inf
        after = self.proposal.starting + float(self.proposal.gain.sum())
        return after - share * self.proposal.everybody + 1e-6

    def _walks_saved(self) -> tuple[Floats, Floats]:
        proposal, demand = self.proposal, self.proposal.demand
        walking = proposal.evaluation.study.description.walking
        horizon_mm = budget_mm(walking.horizon_min, speed_m_per_s=walking.speed_m_per_s)
        sites = np.sort(proposal.chosen)
        wanted = np.zeros(len(self.table.eligible.table), dtype=bool)
        wanted[sites] = True
        walks = walk_table(
            proposal.evaluation.reach.placed.graph,
            self.table.eligible.exits.only(wanted),
            demand.exits,
            limit_mm=horizon_mm,
        )
        now = np.minimum(self.table.walk_today_mm, horizon_mm).astype(np.float64)
        nearer, saved = np.zeros(len(sites)), np.zeros(len(sites))
        for rank, site in enumerate(proposal.chosen):
            row = int(np.searchsorted(sites, site))
            own = slice(walks.start[row], walks.start[row + 1])
            place, walk_mm = walks.place[own], walks.walk_mm[own]
            less = np.maximum(now[place] - walk_mm, 0.0)
            people = np.where(less > 0, self.table.gainful[place], 0.0)
            nearer[rank], saved[rank] = people.sum(), (people * less).sum() / 1000
            now[place] = np.minimum(now[place], walk_mm)
        each = np.divide(saved, nearer, out=np.zeros(len(sites)), where=nearer > 0)
        return nearer, each
