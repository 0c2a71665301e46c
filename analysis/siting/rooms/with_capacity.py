"""The few sites that serve the most people where every facility has room for so many only."""

from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike

from analysis.siting.rooms.room import Rooms, Served, Supply, ordered, served
from analysis.siting.rooms.room_bound import CENT, Limits
from analysis.siting.rooms.room_field import Field
from analysis.siting.rooms.room_flow import filled
from analysis.siting.rooms.room_search import Goal, fewest_sites, most_people
from analysis.siting.solving.candidates import mandatory_and_free
from analysis.siting.solving.solution import Solution, Status
from geo.errors import SitingError
from geo.language import say
from geo.streets.network import Flags, Floats, Ints


def with_capacity(
    supply: Supply,
    *,
    count: int | None = None,
    cost: ArrayLike | None = None,
    budget: float | None = None,
    seconds: float = 10.0,
    within: float = 0.001,
) -> Served:
    """Return sites that, beside all existing facilities, serve as many people as can be.

    Value and bound are people of the study newly served; module `room` tells who is. Each site is
    the one that adds most to those before it, ties to the first; only mandatory ones add nobody.

    count
        How many sites at most, mandatory ones included; any number where absent.
    cost, budget
        万元 of each candidate, and of all sites together. Where there is a budget, a candidate
        whose cost is unknown (NaN) is never chosen.
    seconds, within
        The search ends after this time, or when the gap is this small.

    Errors: SitingError where mandatory candidates are forbidden, too many, too dear or unknown.
    """
    began = perf_counter()
    rooms = Rooms.of(supply)
    sites = len(supply.candidates) if count is None else count
    mandatory, free = mandatory_and_free(supply.candidates, sites)
    price = _priced(len(supply.candidates), cost, budget)
    usable = rooms.known & np.isfinite(price)
    _refuse_unknown(mandatory, usable)
    free = free[usable[free]]
    limits = Limits(sites - len(mandatory), price[free], _left_of(budget, price[mandatory]))
    field, goal = Field.of(rooms, mandatory, free), Goal.starting(within, seconds)
    found = most_people(field, limits, goal)
    chosen, gain = _in_order(rooms, mandatory, free[found.sites])
    value, bound = rooms.scale.people([field.secured + found.value, field.secured + found.bound])
    status = goal.status(float(value), float(bound))
    solution = Solution(chosen, float(value), float(bound), status, perf_counter() - began)
    return served(rooms, solution, gain, np.nan)


def fewest_with_capacity(
    supply: Supply, *, wanted: float, seconds: float = 10.0, within: float = 0.0
) -> Served:
    """Return the fewest sites with which, beside all existing facilities, so many are served.

    Value and bound are sites, mandatory ones included. `most` tells how many all candidates
    together could serve: where these are fewer than wanted, it is infeasible, nothing is chosen,
    and the loads are those of the existing facilities alone.

    wanted
        People of the study, those whom the existing facilities serve included.
    seconds, within
        As for `with_capacity`.

    Errors: SitingError where mandatory candidates are forbidden or have no known room.
    """
    began = perf_counter()
    rooms = Rooms.of(supply)
    mandatory, free = mandatory_and_free(supply.candidates, len(supply.candidates))
    _refuse_unknown(mandatory, rooms.known)
    free = free[rooms.known[free]]
    field = Field.of(rooms, mandatory, free)
    need = rooms.units_of(wanted) - field.kept - field.secured
    every = _all_of(rooms, mandatory, free)
    most = float(rooms.scale.people(every))
    if every < rooms.units_of(wanted):
        nothing = Solution(mandatory[:0], np.nan, np.nan, Status.INFEASIBLE, perf_counter() - began)
        return served(rooms, nothing, mandatory[:0], most)
    goal = Goal.starting(within, seconds)
    found = fewest_sites(field, Limits(np.inf, np.zeros(len(free)), np.inf), need, goal)
    chosen, gain = _in_order(rooms, mandatory, free[found.sites])
    value, bound = len(mandatory) + found.value, len(mandatory) + found.bound
    solution = Solution(chosen, value, bound, goal.status(value, bound), perf_counter() - began)
    return served(rooms, solution, gain, most)


def _in_order(rooms: Rooms, mandatory: Ints, found: Ints) -> tuple[Ints, Ints]:
    """Return sites in order and the units each adds, without those that need not be."""
    sites, gain = ordered(rooms, np.append(mandatory, found))
    kept = (gain > 0) | np.isin(sites, mandatory)
    return sites[kept], gain[kept]


def _all_of(rooms: Rooms, mandatory: Ints, free: Ints) -> int:
    """Return the units served if every candidate that may be one were a site."""
    which = np.append(np.arange(rooms.existing), rooms.existing + np.append(mandatory, free))
    rows, weight, _ = rooms.rows(which, rooms.inside, rooms.room)
    held = filled(rows.start, rows.group, weight, rows.room)
    return int((weight - held.free).sum())


def _priced(size: int, cost: ArrayLike | None, budget: float | None) -> Floats:
    """Return the cost of each candidate; nothing where there is no budget."""
    if budget is None:
        return np.zeros(size)
    if cost is None:
        msg = "A budget needs the cost of every candidate."
        raise ValueError(msg)
    price = np.array(cost, dtype=np.float64)
    if price.shape != (size,) or (price < 0).any():
        msg = f"{size} costs are needed, none of them negative."
        raise ValueError(msg)
    return price


def _left_of(budget: float | None, spent: Floats) -> float:
    """Return what the mandatory candidates leave of the budget."""
    if budget is None:
        return float("inf")
    needed = float(spent.sum())
    if needed > budget + CENT:
        raise SitingError(
            say(
                "必选候选点要花 {cost} 万元，多于预算 {budget} 万元：请增加预算或减少必选点。",
                cost=f"{needed:.10g}",
                budget=f"{budget:.10g}",
            )
        )
    return budget - needed


def _refuse_unknown(mandatory: Ints, known: Flags) -> None:
    unknown = int((~known[mandatory]).sum())
    if unknown:
        raise SitingError(
            say("{count} 个必选候选点没有容量或造价：请填写，或不再必选。", count=unknown)
        )
