"""The one table of a search: which places each candidate would serve within a limit."""

from dataclasses import dataclass

import numpy as np

from analysis.evaluation import Evaluation
from analysis.siting.demand import Demand
from analysis.siting.eligible import Eligible
from analysis.siting.solving.candidates import Candidates
from geo.streets.network import Flags, Floats, Ints
from geo.walks.travel import WalkTable, walk_table


@dataclass(frozen=True, eq=False)
class SiteTable:
    """Candidates and the places they would serve, both by number.

    demand, eligible
        The places, with their walks without the facilities that may be given up; the candidates.
    covered_today, walk_today_mm
        The places that facilities serve as things stand, and the walks to the nearest of them.
    walks
        All walks within the limit; a candidate that is out has its row too.
    limit_mm
        The limit of the circle.
    """

    demand: Demand
    eligible: Eligible
    covered_today: Flags
    walk_today_mm: Ints
    walks: WalkTable
    limit_mm: int

    @classmethod
    def of(cls, evaluation: Evaluation, demand: Demand, eligible: Eligible) -> "SiteTable":
        """Return the table of an evaluated study."""
        limit_mm = evaluation.reach.budgets["headline"]
        given_up = eligible.table.loc[eligible.kept, "candidate_id"]
        left = demand.without(evaluation, np.isin(evaluation.counted, given_up))
        graph = evaluation.reach.placed.graph
        walks = walk_table(graph, eligible.exits, demand.exits, limit_mm=limit_mm)
        return cls(
            left, eligible, demand.covered(limit_mm), demand.walk_mm, walks, limit_mm
        )

    @property
    def covered(self) -> Flags:
        """Return the places that facilities serve which nobody may give up."""
        return self.demand.covered(self.limit_mm)

    @property
    def gainful(self) -> Floats:
        """Return the people of 60+ of each place who count as gain: those inside the study."""
        people: Floats = np.where(self.demand.inside, self.demand.elderly, 0.0)
        return people

    def candidates(self) -> Candidates:
        """Return the candidates as every search takes them."""
        return Candidates(
            self.walks.start,
            self.walks.place.astype(np.int64),
            mandatory=self.eligible.mandatory,
            forbidden=~self.eligible.may,
        )

    def places_of(self, candidate: int) -> Ints:
        """Return the places that a candidate would serve."""
        first, stop = self.walks.start[candidate], self.walks.start[candidate + 1]
        return self.walks.place[first:stop].astype(np.int64)

    def served_by(self, sites: Ints) -> Flags:
        """Return the places that some candidates would serve."""
        served = np.zeros(len(self.demand), dtype=bool)
        for site in sites:
            served[self.places_of(int(site))] = True
        return served

    def gains(self, people: Floats) -> Floats:
        """Return for each candidate the sum over the places it would serve."""
        before = np.append(0.0, np.cumsum(people[self.walks.place]))
        gains: Floats = before[self.walks.start[1:]] - before[self.walks.start[:-1]]
        return gains

    def newly(self, sites: Ints, *, covered: Flags) -> Floats:
        """Return the people each of some sites newly covers, in their order, beyond `covered`."""
        left = np.where(covered, 0.0, self.gainful)
        gains = np.zeros(len(sites))
        for rank, site in enumerate(sites):
            own = self.places_of(int(site))
            gains[rank] = left[own].sum()
            left[own] = 0.0
        return gains
