"""What every search for sites answers: which ones, how good they are, and how good at most."""

from dataclasses import dataclass
from enum import StrEnum

from geo.streets.network import Ints


class Status(StrEnum):
    """How far a search came."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    TIME_LIMIT = "time_limit"
    INFEASIBLE = "infeasible"


@dataclass(frozen=True, eq=False)
class Solution:
    """Sites, what they achieve, and what no choice of sites can better.

    chosen
        Candidate numbers, mandatory ones included; none where it is infeasible.
    value, bound
        The objective, in its own unit, and what it can be at best: never less than `value` where
        much is wanted, never more where little is. NaN where it is infeasible.
    status
        `optimal` where both are equal, `feasible` where the search ended otherwise, `time_limit`
        where time ran out: the next run may then end elsewhere. `infeasible` where no choice does
        what is asked.
    seconds
        What the search took.
    """

    chosen: Ints
    value: float
    bound: float
    status: Status
    seconds: float

    @property
    def gap(self) -> float:
        """Return the part of the larger of value and bound that lies between them; 0 for none."""
        larger = max(abs(self.value), abs(self.bound))
        return abs(self.bound - self.value) / larger if larger > 0 else 0.0
