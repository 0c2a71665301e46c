"""Sites with room for so many, in towns too large for every choice: against another program."""

import itertools

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.siting.rooms.room import Supply
from analysis.siting.rooms.with_capacity import with_capacity
from analysis.siting.solving.candidates import Candidates
from analysis.siting.solving.max_cover import max_cover
from analysis.siting.solving.solution import Status
from geo.streets.network import Floats

Rows = list[list[int]]
NONE: Rows = []


def table(rows: Rows) -> Candidates:
    start = np.cumsum([0, *(len(row) for row in rows)])
    return Candidates(start, np.array(list(itertools.chain(*rows)), dtype=np.int64))



def town_of(*, sites: int = 30, places: int = 400, seed: int = 7) -> Supply:
    """Return sites and people strewn over a square, with rooms of which some are tight."""
    dice = np.random.default_rng(seed)
    home, site = dice.uniform(0, 5, (places, 2)), dice.uniform(0, 5, (sites + 6, 2))
    near = ((site[:, None] - home) ** 2).sum(axis=2) <= 0.8**2
    rows = [np.flatnonzero(row).tolist() for row in near]
    room = dice.integers(50, 900, sites + 6).astype(float)
    people = dice.integers(0, 40, places)
    away = home[:, 0] > 4.5
    new, old = table(rows[:sites]), table(rows[sites:])
    return Supply(new, old, people, room[:sites], room[sites:], outside=away)


def program(supply: Supply, count: int) -> float:
    """Return the most people newly served: one column for every pair, nothing merged."""
    new, old = supply.candidates, supply.existing
    people, away = np.asarray(supply.people, dtype=float), np.asarray(supply.outside)
    rows = [t.place[t.start[i] : t.start[i + 1]] for t in (old, new) for i in range(len(t))]
    room = np.append(supply.existing_room, supply.room)
    inside = np.where(away, 0, people)
    part = np.array([inside[row].sum() / max(people[row].sum(), 1) for row in rows]) * room
    f = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    p = np.concatenate(rows)
    kept, size = len(old), len(rows)

    def best(sites: int) -> float:
        columns = np.arange(len(f))
        a = np.zeros((len(people) + size + 1, len(f) + len(new)))
        a[p, columns] = 1
        a[len(people) + f, columns] = 1
        a[len(people) + kept + np.arange(len(new)), len(f) + np.arange(len(new))] = -part[kept:]
        a[-1, len(f) :] = 1
        top = np.concatenate([inside, part[:kept], np.zeros(len(new)), [sites]])
        upper = np.append(inside[p], np.ones(len(new)))
        whole = np.append(np.zeros(len(f)), np.ones(len(new)))
        cost = np.append(-np.ones(len(f)), np.zeros(len(new)))
        answer = milp(cost, constraints=LinearConstraint(a, -np.inf, top),
                      bounds=Bounds(0, upper), integrality=whole)  # fmt: skip
        assert answer.status == 0
        return -float(answer.fun)

    return best(count) - best(0)


@pytest.mark.parametrize("seed", range(3))
def test_another_program_finds_no_more(seed: int) -> None:
    supply = town_of(seed=seed)
    found = with_capacity(supply, count=5, within=0, seconds=60).solution
    other = program(supply, 5)
    assert found.value <= other * (1 + 1e-5) + 1e-6
    assert found.bound >= other * (1 - 1e-5) - 1e-6
    assert found.gap <= 0.002


def test_where_candidates_compete_the_best_are_found_too() -> None:
    # Dense tables with many near answers: here the search alone ends too early, and HiGHS goes on.
    dice = np.random.default_rng(0)
    for _ in range(20):
        near, people = dice.random((14, 20)) < 0.3, dice.integers(1, 30, 20)
        rows = table([np.flatnonzero(row).tolist() for row in near])
        room = dice.integers(20, 90, 14).astype(float)
        supply = Supply(rows, table(NONE), people, room, [], outside=np.zeros(20, dtype=bool))
        found = with_capacity(supply, count=4, within=0).solution
        assert found.value == pytest.approx(program(supply, 4), rel=1e-5) == found.bound


def test_with_room_for_all_it_is_the_plain_question() -> None:
    supply = town_of()
    free = np.full(len(supply.candidates), np.inf)
    covered = np.zeros(400, dtype=bool)
    covered[supply.existing.place] = True
    away = np.asarray(supply.outside)
    roomy = Supply(supply.candidates, supply.existing, supply.people, free, [np.inf] * 6, away)
    people = np.where(away, 0, supply.people)
    for count in (1, 3, 6):
        plain = max_cover(supply.candidates, people, count=count, covered=covered, within=0)
        found = with_capacity(roomy, count=count, within=0).solution
        assert found.value == plain.value == found.bound
        assert found.chosen.tolist() == plain.chosen.tolist()


def test_without_room_nobody_is_served() -> None:
    supply = town_of()
    none = Supply(supply.candidates, supply.existing, supply.people, [0.0] * 30, [0.0] * 6)
    found = with_capacity(none, count=5)
    assert (len(found.solution.chosen), found.solution.value, found.solution.bound) == (0, 0, 0)
    assert found.served.sum() == 0


def newly(supply: Supply, times: float = 1.0, **limits: object) -> float:
    room = np.asarray(supply.room) * times
    wider = Supply(supply.candidates, supply.existing, supply.people, room, supply.existing_room)
    return with_capacity(wider, within=0, **limits).solution.value  # type: ignore[arg-type]


def test_more_room_sites_or_money_never_serve_fewer() -> None:
    supply, cost = town_of(sites=15, places=150), np.arange(15) % 4 + 1
    by_room = [newly(supply, times, count=3) for times in (0, 0.3, 1, 2, 5)]
    by_count = [newly(supply, count=count) for count in (0, 1, 2, 4, 8)]
    by_money = [newly(supply, cost=cost, budget=money) for money in (0, 1, 3, 6, 12)]
    for values in (by_room, by_count, by_money):
        assert values == sorted(values)
        assert values[0] < values[-1]


def test_the_same_question_has_the_same_answer() -> None:
    first, second = (with_capacity(town_of(), count=6) for _ in range(2))
    assert first.solution.chosen.tolist() == second.solution.chosen.tolist()
    assert first.solution.bound == second.solution.bound
    for name in ("load", "existing_load", "served", "before"):
        assert getattr(first, name).tolist() == getattr(second, name).tolist()


def test_without_time_the_bound_still_holds() -> None:
    found = with_capacity(town_of(), count=6, seconds=0, within=0).solution
    best = with_capacity(town_of(), count=6, within=0, seconds=30).solution
    assert found.status is Status.TIME_LIMIT
    assert found.value <= best.value <= found.bound


def test_parts_of_people_are_counted_too() -> None:
    people: Floats = np.array([0.25, 0.5, 0.7])
    supply = Supply(table([[0, 1], [2]]), table(NONE), people, [0.6, 0.65], [])
    found = with_capacity(supply, count=2)
    assert found.gain == pytest.approx([0.65, 0.6], abs=1e-9)
    assert found.solution.bound == pytest.approx(1.25, abs=1e-9)
