"""Most people for the money: by hand, by every choice, and by a model of its own."""

import itertools
import math

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack, vstack

from analysis.siting.solving.budget_search import Bought, Market, bounded
from analysis.siting.solving.candidates import Candidates, merged
from analysis.siting.solving.max_cover import max_cover
from analysis.siting.solving.solution import Status
from analysis.siting.solving.within_budget import within_budget
from geo.errors import SitingError
from geo.streets.network import Flags, Floats
from tests.analysis.made_up_sites import candidates, flags, from_near, told

NAN = float("nan")


@pytest.fixture(autouse=True, scope="module")
def compiled() -> None:
    """Compile the search before any of it is timed."""
    near, people, cost = town(sites=12, places=60)
    within_budget(from_near(near), people, cost, budget=600.0, seconds=600.0, within=0)
    max_cover(from_near(near), people, count=3, seconds=600.0, within=0)


# Worked by hand --------------------------------------------------------------------------------


def test_two_cheap_sites_beat_the_one_that_covers_most() -> None:
    # 0 covers 10 for 100; 1 and 2 cover 6 each for 50 each: 12 for the same money.
    table = candidates([0], [1], [2])
    found = within_budget(table, [10, 6, 6], [100, 50, 50], budget=100)
    assert told(found) == ([1, 2], 12, 12, Status.OPTIMAL)


def test_the_one_that_covers_most_beats_what_covers_most_for_its_money() -> None:
    # 1 gives 2 for 1, a better price than 100 for 99 + 1 = 100; but then 0 cannot be paid.
    found = within_budget(candidates([0], [1]), [100, 2], [100, 1], budget=100)
    assert told(found) == ([0], 100, 100, Status.OPTIMAL)


def test_neither_greedy_finds_what_is_best() -> None:
    # By people 0 first (9 for 6), by price 0 too (1.5 a unit); then 4 are left for nothing more.
    # 1 and 2 give 7 each for 5 each: 14 for 10.
    found = within_budget(candidates([0], [1], [2]), [9, 7, 7], [6, 5, 5], budget=10)
    assert told(found) == ([1, 2], 14, 14, Status.OPTIMAL)


def test_a_tenth_and_two_tenths_are_three_tenths() -> None:
    table, people = candidates([0], [1], [2]), [1, 1, 1]
    assert within_budget(table, people, [0.1, 0.2, 9.0], budget=0.3).value == 2
    assert within_budget(table, people, [0.1, 0.2, 9.0], budget=0.1 + 0.2).value == 2
    assert within_budget(table, people, [0.1, 0.1, 0.1], budget=0.3).value == 3
    assert within_budget(table, people, [0.1, 0.2, 0.3], budget=0.299999).value == 1
    # One fen is a millionth of 万元, and is not forgotten.
    assert within_budget(table, people, [0.100001, 0.2, 9.0], budget=0.3).value == 1
    assert within_budget(table, people, [1234567.000001, 9e9, 9e9], budget=1234567).value == 0


def test_what_is_free_is_taken_even_without_money() -> None:
    table = candidates([0], [1], [2])
    assert told(within_budget(table, [5, 6, 7], [0, 3, 0], budget=0)) == (
        [2, 0],
        12,
        12,
        Status.OPTIMAL,
    )


def test_a_candidate_of_unknown_cost_is_never_chosen() -> None:
    found = within_budget(candidates([0], [1]), [50, 6], [NAN, 3], budget=1000)
    assert told(found) == ([1], 6, 6, Status.OPTIMAL)


def test_what_exists_is_no_gain_and_sites_without_gain_are_not_bought() -> None:
    table = candidates([0, 1], [1], [0])
    found = within_budget(table, [50, 6], [9, 2, 1], budget=100, covered=flags(2, 0))
    assert (found.value, found.bound, found.status) == (6, 6, Status.OPTIMAL)
    assert len(found.chosen) == 1
    assert found.chosen[0] != 2


def test_mandatory_sites_are_paid_first_and_forbidden_ones_never() -> None:
    table = candidates([0], [1], [2], [3], mandatory=(0,), forbidden=(3,))
    found = within_budget(table, [1, 6, 7, 99], [60, 40, 41, 1], budget=100)
    assert told(found) == ([1, 0], 7, 7, Status.OPTIMAL)


def test_a_mandatory_site_that_adds_nobody_stays() -> None:
    table = candidates([0], [0, 1], mandatory=(0,))
    found = within_budget(table, [1, 6], [1, 1], budget=2)
    assert told(found) == ([1, 0], 7, 7, Status.OPTIMAL)


@pytest.mark.parametrize("budget", [0, -0.0, 2.9])
def test_too_little_money_for_anything_is_an_answer(budget: float) -> None:
    found = within_budget(candidates([0]), [5], [3], budget=budget)
    assert told(found) == ([], 0, 0, Status.OPTIMAL)


def test_endless_money_buys_everything_that_helps() -> None:
    found = within_budget(candidates([0], [1]), [5, 6], [1e6, 2e6], budget=math.inf)
    assert told(found) == ([1, 0], 11, 11, Status.OPTIMAL)


def test_nothing_to_choose_from_is_an_answer() -> None:
    none = Candidates(np.array([0]), np.zeros(0, dtype=np.int64))
    assert told(within_budget(none, [5.0], [], budget=9)) == ([], 0, 0, Status.OPTIMAL)


# Refused ---------------------------------------------------------------------------------------


def test_mandatory_sites_beyond_the_budget_are_refused_with_the_budget_that_would_do() -> None:
    table = candidates([0], [1], [2], mandatory=(0, 1))
    with pytest.raises(SitingError, match=r"30\.3 万元.*预算 30\.2 万元.*至少 30\.3 万元"):
        within_budget(table, [1, 1, 1], [10.1, 20.2, 1], budget=30.2)
    assert len(within_budget(table, [1, 1, 1], [10.1, 20.2, 1], budget=30.3).chosen) == 2


def test_mandatory_sites_of_unknown_cost_are_refused_and_counted() -> None:
    table = candidates([0], [1], [2], mandatory=(0, 1, 2))
    with pytest.raises(SitingError, match=r"^2 个必选候选点没有造价"):
        within_budget(table, [1, 1, 1], [NAN, 20, NAN], budget=30)


def test_a_mandatory_site_that_is_forbidden_is_refused() -> None:
    with pytest.raises(SitingError, match="1"):
        within_budget(candidates([0], mandatory=(0,), forbidden=(0,)), [1], [1], budget=1)


@pytest.mark.parametrize(
    ("cost", "budget", "match"),
    [([1], 1, "costs"), ([1, -1], 1, "cost"), ([1, math.inf], 1, "cost"), ([1, 1], NAN, "budget")],
)
def test_costs_and_budget_must_make_sense(cost: list[float], budget: float, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        within_budget(candidates([0], [1]), [1, 1], cost, budget=budget)


# Against every choice --------------------------------------------------------------------------


def case(seed: int) -> tuple[Flags, Floats, Floats, Flags, Candidates]:
    """Return near, people, cost, covered, and candidates of a small random question."""
    dice = np.random.default_rng(seed)
    size, places = dice.integers(1, 9), dice.integers(1, 14)
    near = dice.random((size, places)) < dice.choice([0.15, 0.3, 0.5])
    people = dice.integers(0, 9, places).astype(float)
    if seed % 2:
        people = people * dice.choice([0.1, 1 / 3, 1e4 / 7])
    cost = dice.integers(0, 12, size) * dice.choice([1.0, 0.1, 1 / 3])
    covered, rule = dice.random(places) < 0.2, dice.choice(3, size, p=[0.8, 0.1, 0.1])
    cost = np.where((dice.random(size) < 0.1) & (rule != 1), NAN, cost)
    return near, people, cost, covered, from_near(near, rule == 1, rule == 2)


def most_of_all_choices(seed: int, budget: float) -> float:
    near, people, cost, covered, table = case(seed)
    best = -1.0
    for choice in itertools.product((False, True), repeat=len(near)):
        sites = np.array(choice)
        wrong = (sites & (table.forbidden | np.isnan(cost))) | (table.mandatory & ~sites)
        if not wrong.any() and math.fsum(cost[sites]) <= budget + 1e-9:
            best = max(best, float(people[near[sites].any(axis=0) & ~covered].sum()))
    return best


@pytest.mark.parametrize("first", range(0, 400, 50))
def test_no_choice_for_the_money_covers_more(first: int) -> None:
    for seed in range(first, first + 50):
        near, people, cost, covered, table = case(seed)
        must = math.fsum(cost[table.mandatory])
        budget = must + [0.0, 0.3, 1.0, 2.1, 7.0, 25.0][seed % 6]
        found = within_budget(table, people, cost, budget=budget, covered=covered, within=0)
        assert found.status is Status.OPTIMAL, seed
        assert found.value == found.bound
        assert found.value == pytest.approx(most_of_all_choices(seed, budget)), seed
        sites = np.isin(np.arange(len(near)), found.chosen)
        assert sites.sum() == len(found.chosen)
        assert not (sites & (table.forbidden | np.isnan(cost))).any()
        assert not (table.mandatory & ~sites).any()
        assert math.fsum(cost[sites]) <= budget + 1e-9
        reached = near[sites].any(axis=0) & ~covered
        assert people[reached].sum() == pytest.approx(found.value)


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_more_money_never_covers_fewer(seed: int) -> None:
    _, people, cost, covered, table = case(seed)
    must = math.fsum(cost[table.mandatory])
    reached = []
    for more in (0.0, 0.4, 1.1, 3.0, 8.0):
        found = within_budget(table, people, cost, budget=must + more, covered=covered, within=0)
        assert found.status is Status.OPTIMAL
        reached.append(found.value)
    assert reached == sorted(reached)


@pytest.mark.parametrize("seed", range(20))
def test_the_bound_by_credits_alone_is_never_below_what_can_be(seed: int) -> None:
    dice = np.random.default_rng(seed)
    near, people = dice.random((8, 15)) < 0.35, dice.integers(1, 10, 15)
    cost, budget = dice.integers(0, 9, 8), 12
    table = from_near(near)
    cover = merged((table.start, table.place), np.arange(8), people)
    market = Market(cover, cost, budget, person=1, secured=0, within=0.0)
    start = Bought(np.zeros(0, dtype=np.int64), 0, int(people.sum()))
    found, _ = bounded(market, start, cover.weight.astype(float), steps=300, deadline=math.inf)
    best = max(
        int(people[near[list(sites)].any(axis=0)].sum())
        for size in range(9)
        for sites in itertools.combinations(range(8), size)
        if cost[list(sites)].sum() <= budget
    )
    assert found.units <= best <= found.bound <= 1.25 * best


# A town ----------------------------------------------------------------------------------------


def town(*, sites: int = 60, places: int = 1500) -> tuple[Flags, Floats, Floats]:
    """Return who is near which site in a square of 10 km, people, and costs."""
    dice = np.random.default_rng(11)
    home, site = dice.uniform(0, 10, (places, 2)), dice.uniform(0, 10, (sites, 2))
    near = ((site[:, None] - home) ** 2).sum(axis=2) <= 1.3**2
    people = dice.integers(0, 40, places).astype(float)
    return near, people, np.round(dice.uniform(20, 300, sites), 2)


def most_by_another_model(near: Flags, people: Floats, cost: Floats, budget: float) -> float:
    """Return the most people, from a model in which every place has a row of its own."""
    size, places = near.shape
    table = hstack([csr_array(near.T.astype(float)), -eye_array(places)])
    money = hstack([csr_array(cost.reshape(1, -1)), csr_array((1, places))])
    found = milp(
        np.append(np.zeros(size), -people),
        constraints=[
            LinearConstraint(table.tocsc(), 0, np.inf),
            LinearConstraint(vstack([money]).tocsc(), -np.inf, budget),
        ],
        bounds=Bounds(0, 1),
        integrality=np.repeat([1, 0], [size, places]),
        options={"mip_rel_gap": 0.0},
    )
    assert found.status == 0
    return -float(found.fun)


@pytest.mark.parametrize("budget", [500.0, 1500.0])
def test_a_town_gets_as_many_as_another_model_says(budget: float) -> None:
    near, people, cost = town()
    found = within_budget(from_near(near), people, cost, budget=budget, within=0)
    assert found.value == found.bound
    assert found.value == pytest.approx(most_by_another_model(near, people, cost, budget))
    assert math.fsum(cost[found.chosen]) <= budget


def test_with_equal_costs_it_is_the_search_for_so_many_sites() -> None:
    near, people, _ = town(sites=40, places=800)
    paid = within_budget(from_near(near), people, np.full(40, 7.5), budget=37.6, within=0)
    counted = max_cover(from_near(near), people, count=5, within=0)
    assert paid.bound >= counted.value
    assert paid.value <= counted.bound
    assert len(paid.chosen) <= 5


def test_the_same_question_has_the_same_answer_and_is_left_as_it_was() -> None:
    near, people, cost = town()
    table = from_near(near)
    before = [array.copy() for array in (table.start, table.place, people, cost)]
    first, second = (within_budget(table, people, cost, budget=900.0) for _ in range(2))
    assert first.chosen.tolist() == second.chosen.tolist()
    assert (first.bound, first.status) == (second.bound, second.status)
    for array, old in zip((table.start, table.place, people, cost), before, strict=True):
        assert array.tolist() == old.tolist()


def test_time_that_runs_out_is_said_and_the_budget_is_kept() -> None:
    near, people, cost = town(sites=300)
    found = within_budget(from_near(near), people, cost, budget=1500.0, seconds=0, within=0)
    assert found.status is Status.TIME_LIMIT
    assert 0 < found.value < found.bound <= people.sum()
    assert math.fsum(cost[found.chosen]) <= 1500
