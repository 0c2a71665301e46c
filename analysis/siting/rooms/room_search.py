"""The search for sites with room: bettered from below, bounded from above, till both are close."""

from dataclasses import dataclass
from functools import cache
from time import perf_counter

import numpy as np

from analysis.siting.rooms.room_bound import Limits, Reach, Relaxation
from analysis.siting.rooms.room_field import Field
from analysis.siting.rooms.room_flow import Held, Rows, filled, opened, pick
from analysis.siting.rooms.room_program import few_sites, many_people
from analysis.siting.solving.exact import solve
from analysis.siting.solving.solution import Status
from geo.streets.network import Floats, Ints

EXACT_ENTRIES = 30_000  # pairs of facility and group up to which HiGHS is asked
EVERY = 10  # steps on the bound between two tries to better the sites
SAME = 1e-9
SOLVER = 2e-6  # part by which HiGHS may err
HALF = 0.5
NO_SITES = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Goal:
    """When to stop: a gap that is small enough, and the time."""

    within: float
    deadline: float

    @classmethod
    def starting(cls, within: float, seconds: float) -> "Goal":
        """Return a goal whose time begins now, once all that has to be compiled is."""
        _compiled()
        return cls(within, perf_counter() + seconds)

    @property
    def left(self) -> float:
        """Return the seconds left."""
        return max(self.deadline - perf_counter(), 0.0)

    @property
    def late(self) -> bool:
        """Return whether time has run out."""
        return perf_counter() > self.deadline

    def status(self, value: float, bound: float) -> Status:
        """Return how far a search came."""
        if abs(bound - value) <= SAME * max(value, bound):
            return Status.OPTIMAL
        return Status.TIME_LIMIT if self.late else Status.FEASIBLE


@dataclass(frozen=True, eq=False)
class Choice:
    """Sites by their number among the free ones, the units they add, and all at work with them."""

    sites: Ints
    units: int
    held: Held


@dataclass(frozen=True, eq=False)
class Found:
    """Sites by their number among the free ones; what they achieve and none can better.

    value, bound
        Units added to the mandatory ones, or free sites.
    """

    sites: Ints
    value: int
    bound: int


def most_people(field: Field, limits: Limits, goal: Goal) -> Found:
    """Return the free sites that add most units."""
    choice = max(
        (greedy(field, limits, each, goal) for each in limits.prices), key=lambda one: one.units
    )
    relaxation = Relaxation.of(field.reach, field.always, limits)
    bound = field.units_at_most(relaxation.at_first(), choice.units)

    def enough() -> bool:
        return bound - choice.units <= goal.within * (field.secured + bound) or goal.late

    if not enough():
        choice = bettered(field, limits, choice, goal)
    while not (enough() or relaxation.ended):
        choice = _lowered(field, limits, choice, relaxation, goal)
        bound = min(bound, field.units_at_most(relaxation.least, choice.units))
    if not enough():
        choice, least = _exact(field, limits, choice, relaxation, goal)
        bound = min(bound, least)
    return Found(choice.sites, choice.units, max(bound, choice.units))


def greedy(
    field: Field,
    limits: Limits,
    each: Floats,
    goal: Goal,
    *,
    kept: Ints = NO_SITES,
    need: float = np.inf,
) -> Choice:
    """Open the site that adds most for its price, again and again, beside those kept.

    each
        One over the price of each.
    need
        Units that are enough.
    """
    choice = opened_all(field, kept)
    most = field.rows.room.copy()
    while choice.units < need and not goal.late:
        best = pick(choice.held, field.rows, most, each, limits.barred(choice.sites))
        if best < 0:
            break
        choice = one_more(field, choice, best)
    return choice


def one_more(field: Field, choice: Choice, site: int) -> Choice:
    """Return sites with one more."""
    held, units = opened(choice.held, field.rows.row(site), int(field.rows.room[site]))
    return Choice(np.append(choice.sites, site), choice.units + units, held)


def opened_all(field: Field, sites: Ints) -> Choice:
    """Return these sites at work."""
    choice = Choice(NO_SITES, 0, field.held)
    for site in sites.tolist():
        choice = one_more(field, choice, site)
    return choice


def bettered(field: Field, limits: Limits, choice: Choice, goal: Goal) -> Choice:
    """Close each site in turn and open what adds most instead, until no such exchange gains."""
    sites, in_vain = choice.sites, 0
    while in_vain < len(sites) and not goal.late:
        other = greedy(field, limits, limits.prices[0], goal, kept=sites[1:])
        if other.units > choice.units:
            choice, sites, in_vain = other, other.sites, 0
        else:
            sites, in_vain = np.roll(sites, -1), in_vain + 1
    return choice


def _lowered(
    field: Field, limits: Limits, choice: Choice, relaxation: Relaxation, goal: Goal
) -> Choice:
    """Lower the bound some steps; return the sites it counts where these are better."""
    share = np.zeros(len(field.free))
    for _ in range(EVERY):
        share = relaxation.step(float(field.scale.people(choice.units)))
        if relaxation.ended or goal.late:
            break
    other = greedy(field, limits, limits.prices[0], goal, kept=np.flatnonzero(share >= 1.0))
    return other if other.units > choice.units else choice


def _exact(
    field: Field, limits: Limits, choice: Choice, relaxation: Relaxation, goal: Goal
) -> tuple[Choice, int]:
    """Let HiGHS go on from what is known; return the better sites and the units none exceed.

    Candidates with which nothing better can be reached are left out beforehand.
    """
    known = float(field.scale.people(choice.units))
    hopeful = relaxation.with_it > known
    hopeful[choice.sites] = True
    which = np.flatnonzero(hopeful)
    part = field.only(which)
    if len(part.every.group) > EXACT_ENTRIES:
        return choice, int(field.weight.sum())
    # HiGHS 1.16 values a known answer wrongly while it presolves, and then stops too early: it is
    # given none.
    full = float(part.reach.room[: part.always].sum())
    gain = known + float(field.scale.people(field.secured))
    within = goal.within / 2 * gain / max(full + known, 1.0)  # HiGHS counts those served anyway
    program = many_people(part, limits.of_sites(which))
    answer = solve(program, seconds=goal.left, within=within)
    if len(answer.x):
        other = opened_all(field, which[answer.x[: len(which)] > HALF])
        choice = other if other.units > choice.units else choice
    bound = -answer.bound - full
    if not np.isfinite(bound):
        return choice, int(field.weight.sum())
    return choice, max(part.units_at_most(bound, choice.units, err=SOLVER), choice.units)


def fewest_sites(field: Field, limits: Limits, need: int, goal: Goal) -> Found:
    """Return the fewest free sites that add the units needed; all of them together do."""
    endless = Goal(goal.within, np.inf)
    choice = greedy(field, limits, limits.prices[0], endless, need=need)
    choice = _without_idle(field, choice, need)
    relaxation = Relaxation.of(field.reach, field.always, limits)
    people = float(field.scale.people(need)) - SAME * field.total
    least = relaxation.sites_at_least(people)
    while len(choice.sites) > least and not (relaxation.ended or goal.late):
        relaxation.limits = limits.of_count(len(choice.sites) - 1)
        relaxation.step(people)
        least = max(least, relaxation.sites_at_least(people))
    while len(choice.sites) > least and not goal.late:
        fewer = limits.of_count(len(choice.sites) - 1)
        other = greedy(field, fewer, fewer.prices[0], goal)
        other = bettered(field, fewer, other, goal)
        if other.units < need:
            break
        choice = _without_idle(field, other, need)
    if len(choice.sites) > least and not goal.late and len(field.every.group) <= EXACT_ENTRIES:
        choice, bound = _fewest_exact(field, choice, need, goal)
        least = max(least, bound)
    return Found(choice.sites, len(choice.sites), min(least, len(choice.sites)))


@cache
def _compiled() -> None:
    """Run every kernel once, so that compiling takes nothing of the time for a search."""
    start, group, ones = np.array([0, 1]), np.zeros(1, dtype=np.int32), np.ones(1, dtype=np.int64)
    held, rows = filled(start, group, ones, ones), Rows(start, group, ones)
    pick(held, rows, ones.copy(), np.ones(1), np.zeros(1, dtype=bool))
    reach = Reach(start, group, np.ones(1), np.ones(1))
    Relaxation.of(reach, 0, Limits(1, np.zeros(1), np.inf)).step(0.0)


def _without_idle(field: Field, choice: Choice, need: int) -> Choice:
    """Close, last first, every site without which as many as are needed are still served."""
    for site in choice.sites[::-1].tolist():
        other = opened_all(field, choice.sites[choice.sites != site])
        choice = other if other.units >= need else choice
    return choice


def _fewest_exact(field: Field, choice: Choice, need: int, goal: Goal) -> tuple[Choice, int]:
    program = few_sites(field, float(field.scale.people(need)))
    answer = solve(program, seconds=goal.left)
    if len(answer.x):
        other = opened_all(field, np.flatnonzero(answer.x[: len(field.free)] > HALF))
        fewer = len(other.sites) < len(choice.sites)
        choice = other if fewer and other.units >= need else choice
    bound = answer.bound
    return choice, int(np.ceil(bound - SOLVER * 100)) if np.isfinite(bound) else 0
