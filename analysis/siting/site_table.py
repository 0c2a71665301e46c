"""The one table of a search: which places each candidate would serve within a limit."""

from dataclasses import dataclass

import numpy as np

from analysis.evaluation import Evaluation
from analysis.siting.candidates import Candidates
from analysis.siting.demand import Demand
from analysis.siting.eligible import Eligible
from geo.streets.network import Flags, Floats, Ints
from geo.walks.travel import WalkTable, walk_table


@dataclass(frozen=True, eq=False)
class SiteTable:
    """Candidates and the places they would serve, both by number.

    demand, eligible
        The places and the candidates.
    walks
        All walks within the limit; a candidate that is out has its row too.
    limit_mm
        The limit of the circle.
    """

    demand: Demand
    eligible: Eligible
    walks: WalkTable
    limit_mm: int

    @classmethod
    def of(cls, evaluation: Evaluation, demand: Demand, eligible: Eligible) -> "SiteTable":
        """Return the table of an evaluated study."""
        limit_mm = evaluation.reach.budgets["headline"]
        graph = evaluation.reach.placed.graph
        walks = walk_table(graph, eligible.exits, demand.exits, limit_mm=limit_mm)
        return cls(demand, eligible, walks, limit_mm)

    @property
    def covered(self) -> Flags:
        """Return the places that existing facilities serve."""
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

    def gains(self, people: Floats) -> Floats:
        """Return for each candidate the sum over the places it would serve."""
        before = np.append(0.0, np.cumsum(people[self.walks.place]))
        gains: Floats = before[self.walks.start[1:]] - before[self.walks.start[:-1]]
        return gains
