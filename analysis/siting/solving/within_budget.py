"""The sites that newly cover the most people for the money, with a proof of how good they are."""

from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike

from analysis.siting.solving.budget_search import Bought, Market, best_buys
from analysis.siting.solving.candidates import (
    Candidates,
    Scale,
    as_flags,
    checked_table,
    covered_by,
    in_order,
    known_people,
    mandatory_and_free,
    merged,
)
from analysis.siting.solving.solution import Solution, Status
from geo.errors import SitingError
from geo.language import say
from geo.streets.network import Flags, Floats, Ints

TINY = 1e-9  # 万元: sums of costs as floats may miss the budget by this much
MONEY_UNITS = 60  # bits of all costs together
SAME = 1e-9  # part of the people by which two numbers of them are the same


def within_budget(  # noqa: PLR0913 - all but three by name
    candidates: Candidates,
    people: ArrayLike,
    cost: ArrayLike,
    *,
    budget: float,
    covered: Flags | None = None,
    seconds: float = 30.0,
    within: float = 0.001,
) -> Solution:
    """Return the sites that newly cover most people and together cost at most the budget.

    They stand in order, each the one that adds most to those before it, ties to the first; none
    that adds nobody but mandatory ones. Value and bound are people newly covered.

    people
        Of each place: known, not negative, whole or not.
    cost, budget
        万元. A candidate of unknown cost (NaN) is never chosen.
    covered
        Places that existing facilities cover; none where absent.
    seconds, within
        The search ends after this time, or when the gap is this small.

    Errors: SitingError where a mandatory candidate is forbidden or of unknown cost, or the
    mandatory ones cost more than the budget.
    """
    began = perf_counter()
    scale = Scale.of(known_people(people))
    table = checked_table(candidates, len(scale.units))
    mandatory, free = mandatory_and_free(candidates, len(candidates))
    price, left = _to_spend(_known_costs(cost, len(candidates)), budget, mandatory)
    free = free[(price[free] >= 0) & (price[free] <= left)]
    units = np.where(as_flags(covered, len(scale.units)), 0, scale.units)
    secured = covered_by(table, mandatory, len(units))
    already = int(units[secured].sum())
    cover = merged(table, free, np.where(secured, 0, units))
    market = Market(cover, price[free], left, scale.person, already, within)
    found = best_buys(market, began + seconds)
    chosen = np.append(mandatory, free[found.sites])
    sites, gain = in_order(candidates, people, chosen, covered=covered)
    value, bound = already + found.units, already + found.bound
    status = _status(found, already)
    return Solution(
        sites[(gain > 0) | np.isin(sites, mandatory)],
        value=float(scale.people(value)),
        bound=float(scale.people(value if status is Status.OPTIMAL else bound)),
        status=status,
        seconds=perf_counter() - began,
    )


def _status(found: Bought, already: int) -> Status:
    if found.bound - found.units <= SAME * (already + found.units):
        return Status.OPTIMAL
    return Status.TIME_LIMIT if found.late else Status.FEASIBLE


def _known_costs(cost: ArrayLike, size: int) -> Floats:
    costs = np.array(cost, dtype=np.float64)
    if len(costs) != size:
        msg = f"{size} costs are needed, not {len(costs)}."
        raise ValueError(msg)
    if (np.isinf(costs) | (costs < 0)).any():
        msg = "A cost is not negative, and NaN where it is unknown."
        raise ValueError(msg)
    return costs


def _to_spend(cost: Floats, budget: float, mandatory: Ints) -> tuple[Ints, int]:
    """Return every cost in whole units, -1 where unknown, and what mandatory sites leave.

    Errors: SitingError where these cannot be paid, or nobody knows what they cost.
    """
    if np.isnan(budget):
        msg = "The budget must be known."
        raise ValueError(msg)
    unknown = np.isnan(cost)
    if unknown[mandatory].any():
        raise SitingError(
            say(
                "{count} 个必选候选点没有造价：请补填造价，或取消必选。",
                count=int(unknown[mandatory].sum()),
            )
        )
    money = Scale.of(np.where(unknown, 0.0, cost), all_units=MONEY_UNITS)
    # More than everything costs is as good as everything.
    most = min(float(np.ldexp(budget + TINY / 2, money.bits)), 4.0 * 2.0**MONEY_UNITS)
    left = int(np.floor(most)) - int(money.units[mandatory].sum())
    if left < 0:
        raise SitingError(
            say(
                "必选候选点共需 {needed} 万元，超出预算 {budget} 万元："
                "请将预算提高到至少 {needed} 万元，或减少必选点。",
                needed=_rounded_up(float(cost[mandatory].sum())),
                budget=f"{budget:.15g}",
            )
        )
    return np.where(unknown, -1, money.units), left


def _rounded_up(amount: float) -> str:
    """Return an amount of 万元 to the fen, rounded up, so that as much is enough."""
    return f"{np.ceil(amount * 1e6 - 1e-3) / 1e6:.15g}"
