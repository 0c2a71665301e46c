"""The fewest sites for the people wanted: by hand, by every choice, and by a model of its own."""

import itertools
import math
from time import perf_counter

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack, vstack

from analysis.siting.solving.candidates import Candidates, first_places, grouped, merged
from analysis.siting.solving.fewest_program import Wanting
from analysis.siting.solving.fewest_search import Few, first_prices, greedy_sites, priced, walked
from analysis.siting.solving.fewest_sites import fewest_sites, most_possible
from analysis.siting.solving.most_of_few import most_of_few
from analysis.siting.solving.solution import Status
from geo.errors import SitingError
from geo.streets.network import Flags, Floats, Ints
from tests.analysis.made_up_sites import candidates, flags, from_near, told

TINY = 1e-6


@pytest.fixture(autouse=True, scope="module")
def compiled() -> None:
    """Compile the search before any of it is timed."""
    near, people, _ = town(sites=12, places=60, radius=3.0)
    for share in (0.9, 1.0):
        wanted = share * most_possible(from_near(near), people)
        fewest_sites(from_near(near), people, wanted=wanted, seconds=600.0)
        asked = wanting(near, people, np.zeros(60, dtype=np.int64), share)
        few = Few(greedy_sites(asked), 0, 0, 0.0)
        walked(asked, few, everybody=share == 1, deadline=math.inf)


# Worked by hand --------------------------------------------------------------------------------


def test_two_sites_do_where_greedy_takes_three() -> None:
    # 0 covers 4 of 6 and leaves one of each half: greedy needs 0, 1 and 2; 1 and 2 cover all.
    table = candidates([1, 2, 4, 5], [0, 1, 4], [2, 3, 5])
    people = [10, 10, 10, 10, 11, 11]
    assert told(fewest_sites(table, people, wanted=62)) == ([1, 2], 2, 2, Status.OPTIMAL)


def test_of_several_choices_the_one_that_covers_most_is_taken() -> None:
    # Any one of the three gives the 5 wanted; 1 gives 9.
    table = candidates([0], [1, 2], [2])
    assert told(fewest_sites(table, [5, 4, 5], wanted=5)) == ([1], 1, 1, Status.OPTIMAL)


def test_they_stand_in_order_of_what_each_adds() -> None:
    found = fewest_sites(candidates([0], [1], [2]), [1, 5, 3], wanted=9)
    assert found.chosen.tolist() == [1, 2, 0]


def test_each_area_gets_what_it_wants() -> None:
    # 0 covers 100 people of area 0; area 1 has only 3 people, at 1.
    table, area = candidates([0], [1]), np.array([0, 1])
    assert fewest_sites(table, [100, 3], wanted=90).chosen.tolist() == [0]
    found = fewest_sites(table, [100, 3], wanted=[90, 2], area=area)
    assert told(found) == ([0, 1], 2, 2, Status.OPTIMAL)


def test_places_of_two_areas_with_the_same_candidates_stay_apart() -> None:
    # Both places are covered by 0 and 1 alike, but 2 covers only the one of area 1.
    table, area = candidates([0, 1], [0, 1], [1]), np.array([0, 1])
    found = fewest_sites(table, [5, 7], wanted=[5, 7], area=area)
    assert told(found) == ([0], 1, 1, Status.OPTIMAL)


def test_what_exists_counts_towards_what_is_wanted() -> None:
    table, covered = candidates([0], [1], [2]), flags(3, 0)
    found = fewest_sites(table, [50, 20, 10], wanted=70, covered=covered)
    assert told(found) == ([1], 1, 1, Status.OPTIMAL)


@pytest.mark.parametrize("wanted", [0, 50, -3])
def test_where_enough_are_covered_no_site_is_needed(wanted: float) -> None:
    found = fewest_sites(candidates([0], [1]), [50, 20], wanted=wanted, covered=flags(2, 0))
    assert told(found) == ([], 0, 0, Status.OPTIMAL)


def test_an_area_that_has_enough_asks_for_no_site_but_its_people_decide_between_equals() -> None:
    table, area = candidates([0], [0, 1]), np.array([0, 1])
    found = fewest_sites(table, [5, 9], wanted=[5, 0], area=area)
    assert told(found) == ([1], 1, 1, Status.OPTIMAL)


def test_people_in_no_area_count_nowhere() -> None:
    # Neither towards what is wanted, nor between equals, nor in the order.
    table, area = candidates([0, 2], [1, 3], [3]), np.array([0, 0, -1, -1])
    found = fewest_sites(table, [5, 6, 900, 100], wanted=5, area=area)
    assert told(found) == ([1], 1, 1, Status.OPTIMAL)
    assert most_possible(table, [5, 6, 900, 100], area=area).tolist() == [11]


def test_nobody_in_an_area_wants_nothing() -> None:
    found = fewest_sites(candidates([0]), [0.0], wanted=[0.0, 0.0], area=np.array([1]))
    assert told(found) == ([], 0, 0, Status.OPTIMAL)


def test_mandatory_sites_count_and_help_even_where_they_are_not_needed() -> None:
    table = candidates([0], [1], [0, 1], mandatory=(0,))
    assert told(fewest_sites(table, [5, 9], wanted=14)) == ([1, 0], 2, 2, Status.OPTIMAL)
    assert told(fewest_sites(table, [5, 9], wanted=0)) == ([0], 1, 1, Status.OPTIMAL)


def test_a_forbidden_site_is_never_chosen() -> None:
    table = candidates([0, 1], [0], [1], forbidden=(0,))
    assert told(fewest_sites(table, [5, 6], wanted=11)) == ([2, 1], 2, 2, Status.OPTIMAL)


def test_people_whom_no_candidate_reaches_make_everybody_impossible() -> None:
    table = candidates([0], [1], [2], forbidden=(2,))
    people, covered = [5.0, 6.0, 7.0, 8.0], flags(4, 0)
    found = fewest_sites(table, people, wanted=26, covered=covered)
    assert found.status is Status.INFEASIBLE
    assert len(found.chosen) == 0
    assert math.isnan(found.value)
    assert math.isnan(found.bound)
    assert most_possible(table, people, covered=covered).tolist() == [11]
    assert fewest_sites(table, people, wanted=11, covered=covered).chosen.tolist() == [1]
    assert fewest_sites(table, people, wanted=12, covered=covered).status is Status.INFEASIBLE


def test_without_candidates_only_what_exists_can_do() -> None:
    none = Candidates(np.array([0]), np.zeros(0, dtype=np.int64))
    assert fewest_sites(none, [5.0], wanted=1).status is Status.INFEASIBLE
    assert told(fewest_sites(none, [5.0], wanted=5, covered=flags(1, 0)))[3] is Status.OPTIMAL


def test_sums_of_parts_of_people_do_what_is_wanted() -> None:
    # In floats 0.1 + 0.2 is more than 0.3, and ten times 0.1 less than 1.
    assert len(fewest_sites(candidates([0], [1]), [0.1, 0.2], wanted=0.1 + 0.2).chosen) == 2
    tenths = candidates(*([c] for c in range(10)))
    assert len(fewest_sites(tenths, [0.1] * 10, wanted=1.0).chosen) == 10
    assert len(fewest_sites(tenths, [0.1] * 10, wanted=0.3).chosen) == 3
    assert len(fewest_sites(tenths, [0.1] * 10, wanted=0.301).chosen) == 4


def test_a_share_just_missed_is_not_met() -> None:
    # 0.8 of 1,001 people is 800.8: with whole people 801 are needed, and 800 do not do.
    table = candidates([0], [1])
    assert len(fewest_sites(table, [800, 201], wanted=0.8 * 1001).chosen) == 2
    assert len(fewest_sites(table, [801, 200], wanted=0.8 * 1001).chosen) == 1
    assert len(fewest_sites(table, [800.5, 200.5], wanted=0.8 * 1001).chosen) == 2


# Refused ---------------------------------------------------------------------------------------


def test_a_mandatory_site_that_is_forbidden_is_refused() -> None:
    with pytest.raises(SitingError, match="1"):
        fewest_sites(candidates([0], mandatory=(0,), forbidden=(0,)), [1], wanted=1)


@pytest.mark.parametrize(
    ("area", "wanted", "match"),
    [
        ([0], [1], "area each"),
        ([0, 1], [1], "-1"),
        ([0, -2], [1], "-1"),
        ([0, 0], [np.nan], "known"),
    ],
)
def test_areas_and_wishes_must_be_known(area: list[int], wanted: list[float], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        fewest_sites(candidates([0]), [1, 1], wanted=wanted, area=np.array(area))


# Against every choice --------------------------------------------------------------------------


def case(seed: int) -> tuple[Flags, Floats, Ints, Flags, Floats, Candidates]:
    """Return near, people, area, covered, wanted, and candidates of a small random question."""
    dice = np.random.default_rng(seed)
    size, places, areas = dice.integers(1, 9), dice.integers(1, 14), dice.integers(1, 4)
    near = dice.random((size, places)) < dice.choice([0.15, 0.3, 0.5])
    people = dice.integers(0, 9, places).astype(float)
    if seed % 2:
        people = people * dice.choice([0.1, 1 / 3, 1e4 / 7])
    area, covered = dice.integers(-1, areas, places), dice.random(places) < 0.2
    rule = dice.choice(3, size, p=[0.8, 0.1, 0.1])
    table = from_near(near, rule == 1, rule == 2)
    share = dice.choice([0.0, 0.3, 0.5, 0.8, 0.95, 1.0], areas)
    total = np.bincount(area[area >= 0], people[area >= 0], minlength=areas)
    if seed % 3 == 0:  # of what is possible, so that most have an answer
        possible = most_possible(table, people, area=area, covered=covered)
        total = np.append(possible, np.zeros(areas - len(possible)))
    return near, people, area, covered, share * total, table


def covered_people(reached: Flags, people: Floats, area: Ints, areas: int) -> Floats:
    counts = reached & (area >= 0)
    return np.bincount(area[counts], people[counts], minlength=areas)


def best_choice(seed: int) -> tuple[int, float] | None:
    """Return the fewest sites of all choices and the most people they newly cover, or None."""
    near, people, area, covered, wanted, table = case(seed)
    best = None
    for choice in itertools.product((False, True), repeat=len(near)):
        sites = np.array(choice)
        if (sites & table.forbidden).any() or (table.mandatory & ~sites).any():
            continue
        reached = near[sites].any(axis=0) | covered
        if (covered_people(reached, people, area, len(wanted)) < wanted - TINY).any():
            continue
        rank = (int(sites.sum()), -people[reached & ~covered & (area >= 0)].sum())
        best = rank if best is None else min(best, rank)
    return None if best is None else (best[0], -best[1])


@pytest.mark.parametrize("first", range(0, 400, 50))
def test_no_choice_has_fewer_sites_or_covers_more(first: int) -> None:
    answers = 0
    for seed in range(first, first + 50):
        near, people, area, covered, wanted, table = case(seed)
        found = fewest_sites(table, people, wanted=wanted, area=area, covered=covered)
        best = best_choice(seed)
        if best is None:
            assert found.status is Status.INFEASIBLE, seed
            assert len(found.chosen) == 0
            possible = most_possible(table, people, area=area, covered=covered)
            possible = np.append(possible, np.zeros(len(wanted) - len(possible)))
            assert (possible < wanted - TINY).any()
            continue
        answers += 1
        assert found.status is Status.OPTIMAL, seed
        assert (found.value, found.bound) == (best[0], best[0]), seed
        sites = np.isin(np.arange(len(near)), found.chosen)
        assert sites.sum() == len(found.chosen) == best[0]
        assert not (sites & table.forbidden).any()
        assert not (table.mandatory & ~sites).any()
        reached = near[sites].any(axis=0) | covered
        assert (covered_people(reached, people, area, len(wanted)) >= wanted - TINY).all()
        newly = people[reached & ~covered & (area >= 0)].sum()
        assert newly == pytest.approx(best[1]), seed
    assert answers > 20


# A town ----------------------------------------------------------------------------------------


def town(*, sites: int = 60, places: int = 1500, radius: float = 1.6) -> tuple[Flags, Floats, Ints]:
    """Return who is near which site in a square of 10 km, people, and areas: four quarters."""
    dice = np.random.default_rng(11)
    home, site = dice.uniform(0, 10, (places, 2)), dice.uniform(0, 10, (sites, 2))
    near = ((site[:, None] - home) ** 2).sum(axis=2) <= radius**2
    quarter = (home[:, 0] > 5) * 2 + (home[:, 1] > 5)
    return near, dice.integers(0, 40, places).astype(float), quarter


def fewest_by_another_model(near: Flags, people: Floats, area: Ints, wanted: Floats) -> float:
    """Return the fewest sites, from a model in which every place has a row of its own."""
    size, places = near.shape
    table = hstack([csr_array(near.T.astype(float)), -eye_array(places)])
    per_area = csr_array((people, (area, np.arange(places))), shape=(len(wanted), places))
    rows = vstack([table, hstack([csr_array((len(wanted), size)), per_area])])
    found = milp(
        np.repeat([1.0, 0.0], [size, places]),
        constraints=LinearConstraint(rows.tocsc(), np.append(np.zeros(places), wanted), np.inf),
        bounds=Bounds(0, 1),
        integrality=np.repeat([1, 0], [size, places]),
    )
    assert found.status == 0
    return round(found.fun)


@pytest.mark.parametrize("share", [0.9, 1.0])
def test_a_town_needs_as_many_sites_as_another_model_says(share: float) -> None:
    near, people, area = town()
    wanted = share * most_possible(from_near(near), people, area=area)
    found = fewest_sites(from_near(near), people, wanted=wanted, area=area)
    assert found.value == found.bound == fewest_by_another_model(near, people, area, wanted)


def test_a_higher_share_never_needs_fewer_sites() -> None:
    near, people, _ = town()
    total = most_possible(from_near(near), people)
    needed = [
        fewest_sites(from_near(near), people, wanted=s * total).value for s in (0.3, 0.8, 1.0)
    ]
    assert needed == sorted(needed)


def test_the_same_question_has_the_same_answer_and_is_left_as_it_was() -> None:
    near, people, area = town(sites=50, places=400, radius=1.3)
    table = from_near(near)
    wanted = 0.9 * most_possible(table, people, area=area)
    before = [array.copy() for array in (table.start, table.place, people, area, wanted)]
    first, second = (fewest_sites(table, people, wanted=wanted, area=area) for _ in range(2))
    assert first.chosen.tolist() == second.chosen.tolist()
    assert (first.bound, first.status) == (second.bound, second.status)
    for array, old in zip((table.start, table.place, people, area, wanted), before, strict=True):
        assert array.tolist() == old.tolist()


def test_time_that_runs_out_is_said_and_what_is_found_does() -> None:
    near, people, _ = town(sites=300, places=1500, radius=0.9)
    table = from_near(near)
    wanted = 0.9 * float(most_possible(table, people)[0])
    found = fewest_sites(table, people, wanted=wanted, seconds=0)
    assert found.status is Status.TIME_LIMIT
    assert found.bound < found.value == len(found.chosen)
    assert people[near[found.chosen].any(axis=0)].sum() >= wanted


# The parts of the search -------------------------------------------------------------------------


def wanting(near: Flags, people: Floats, area: Ints, share: float) -> Wanting:
    table = from_near(near)
    units = people.astype(np.int64)
    cover, group = grouped(
        (table.start, table.place), np.arange(len(near)), units, area=area
    )
    place = first_places(group)
    whole = Wanting(cover, area[place], np.zeros(area.max() + 1, dtype=np.int64))
    return Wanting(cover, area[place], np.ceil(share * whole.most()).astype(np.int64))


@pytest.mark.parametrize("share", [0.7, 1.0])
def test_walk_and_prices_close_in_on_the_fewest(share: float) -> None:
    near, people, area = town(sites=80, places=700, radius=1.3)
    asked = wanting(near, people, area, share)
    best = fewest_by_another_model(near, people, area, asked.need.astype(float))
    few = Few(greedy_sites(asked), 1, 0, 0.0)
    every = share == 1
    late = math.inf
    fewer = walked(asked, few, everybody=every, deadline=late)
    proved, _ = priced(asked, first_prices(asked, few.sites), few, steps=400, deadline=late)
    assert best <= len(fewer.sites) <= len(few.sites)
    assert len(fewer.sites) <= best + 1
    assert best - 2 <= proved.bound <= best
    reached = near[fewer.sites].any(axis=0)
    assert (covered_people(reached, people, area, 4) >= asked.need).all()


def test_where_no_exchange_of_one_site_helps_two_are_exchanged() -> None:
    # 0 and 1 cover the 40 of places 0 to 3; so do 2 and 3, and one more each. Any other pair: 31.
    near = np.zeros((4, 6), dtype=bool)
    for site, places in enumerate([[0, 1], [2, 3], [0, 2, 4], [1, 3, 5]]):
        near[site, places] = True
    people, nowhere = np.array([10.0, 10.0, 10.0, 10.0, 1.0, 1.0]), np.zeros(6, dtype=np.int64)
    asked = wanting(near, people, nowhere, 0.9)
    assert asked.need.tolist() == [38]
    late = perf_counter() + 600
    assert most_of_few(asked, np.array([0, 1]), deadline=late).tolist() == [2, 3]
    assert most_of_few(asked, np.array([0, 1]), deadline=0.0).tolist() == [0, 1]


def test_merging_by_area_parts_the_groups_of_merging_alone_and_nothing_else() -> None:
    near, people, area = town(sites=40, places=600)
    table = from_near(near)
    units, every = people.astype(np.int64), np.arange(len(near))
    plain = merged((table.start, table.place), every, units)
    same, _ = grouped((table.start, table.place), every, units, area=np.zeros_like(area))
    for one, other in zip(plain, same, strict=True):
        assert one.tolist() == other.tolist()
    parted, group = grouped((table.start, table.place), every, units, area=area)
    place = first_places(group)
    seen = near.any(axis=0) & (units > 0)
    patterns = {(*near[:, p].tolist(), int(area[p])) for p in np.flatnonzero(seen)}
    assert len(parted.weight) == len(patterns) > len(plain.weight)
    weights = dict.fromkeys(patterns, 0)
    for p in np.flatnonzero(seen):
        weights[(*near[:, p].tolist(), int(area[p]))] += int(units[p])
    for g, p in enumerate(place):
        assert parted.weight[g] == weights[(*near[:, p].tolist(), int(area[p]))]
