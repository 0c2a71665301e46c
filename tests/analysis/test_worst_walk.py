"""Nobody walks far: worked by hand, against every choice, and against a program of another kind."""

import itertools

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.siting.solving import covering
from analysis.siting.solving import worst_walk as search
from analysis.siting.solving.covering import cover_all, undominated
from analysis.siting.solving.solution import Status
from analysis.siting.solving.walks import WalksTo
from analysis.siting.solving.worst_walk import WorstWalk, worst_walk
from geo.errors import SitingError
from geo.streets.network import Flags, Floats, Ints
from geo.walks.travel import FAR
from tests.analysis.made_up_walks import Full, by_hand, full, sparse

# Worked by hand --------------------------------------------------------------------------------


def test_the_longest_walk_is_as_short_as_can_be() -> None:
    # A street of 600 m with a house every 100 m and nothing today. One site: the middle, 300 m.
    # Two: three houses on one, four on the other, of whom one walks 200 m. Three: 100 m.
    spots = np.arange(7) * 100
    walks = by_hand(np.abs(spots[:, None] - spots).tolist(), [None] * 7)
    found = [worst_walk(walks, np.ones(7), count=count) for count in (1, 2, 3, 7)]
    assert [each.value for each in found] == [300, 200, 100, 0]
    assert [each.bound for each in found] == [300, 200, 100, 0]
    assert {each.status for each in found} == {Status.OPTIMAL}
    assert found[0].chosen.tolist() == [3]


def test_existing_facilities_are_kept() -> None:
    # The first place has 100 m today; the site need only serve the second.
    found = worst_walk(by_hand([[0, 400], [900, 300]], [100, 800]), [1, 1], count=1)
    assert (found.chosen.tolist(), found.value) == ([1], 300)


def test_people_whom_nothing_can_reach_are_told_apart() -> None:
    walks = by_hand([[200, None, None], [None, None, 100]], [700, None, None])
    found = worst_walk(walks, [5, 3, 2], count=2)
    assert (found.chosen.tolist(), found.value, found.out_of_reach) == ([0, 1], 200, 3)


def test_a_forbidden_candidate_brings_nobody_within_reach() -> None:
    walks = by_hand([[200, None], [None, 100]], [700, None])
    found = worst_walk(sparse(full(walks), walks.now_mm, forbidden={1}), [5, 3], count=2)
    assert (found.chosen.tolist(), found.value, found.out_of_reach) == ([0], 200, 3)


def test_places_without_people_are_nobodys_walk() -> None:
    found = worst_walk(by_hand([[100, 900], [500, 500]], [1000, 1000]), [1, 0], count=1)
    assert (found.chosen.tolist(), found.value) == ([0], 100)


def test_everybody_out_of_reach_has_no_longest_walk() -> None:
    found = worst_walk(by_hand([[None]], [None]), [4], count=1)
    assert np.isnan([found.value, found.bound]).all()
    assert (found.chosen.tolist(), found.out_of_reach, found.gap) == ([], 4, 0)
    assert found.status is Status.OPTIMAL


def test_too_few_sites_to_reach_all_who_can_be_are_told() -> None:
    walks = by_hand([[100, None], [None, 100]], [None, None])
    found = worst_walk(walks, [1, 1], count=1)
    assert (found.status, found.chosen.tolist()) == (Status.INFEASIBLE, [])
    assert np.isnan([found.value, found.bound]).all()
    assert worst_walk(walks, [1, 1], count=2).value == 100


def test_sites_that_are_left_go_where_they_spare_most() -> None:
    # The first place cannot do better than 500 m, which one site gives. Of the others, 1 spares
    # the second 200 m x 3 people and 2 spares the third 100 m x 4; 3 spares nobody anything.
    walks = by_hand(
        [[500, None, None], [None, 200, None], [None, None, 300], [None, 450, 450]],
        [900, 400, 400],
    )
    assert worst_walk(walks, [1, 3, 4], count=1).chosen.tolist() == [0]
    assert worst_walk(walks, [1, 3, 4], count=2).chosen.tolist() == [1, 0]
    assert worst_walk(walks, [1, 3, 4], count=4).chosen.tolist() == [1, 0, 2]


def test_a_mandatory_site_counts_among_the_sites() -> None:
    walks = by_hand([[900, 900], [100, 800], [300, 300]], [1000, 1000])
    must = sparse(full(walks), walks.now_mm, mandatory={0})
    assert (worst_walk(must, [1, 1], count=1).chosen.tolist()) == [0]
    found = worst_walk(must, [1, 1], count=2)
    assert (sorted(found.chosen.tolist()), found.value) == ([0, 2], 300)


@pytest.mark.parametrize(
    ("metres", "now", "people", "value"),
    [([], [5], [1], 5), ([[]], [], [], None), ([[1]], [5], [0], None), ([[9]], [5], [2], 5)],
    ids=["no candidate", "no place", "nobody", "shortens none"],
)
def test_nothing_to_shorten_is_an_answer(
    metres: list[list[int | None]], now: list[int | None], people: list[float], value: float | None
) -> None:
    found = worst_walk(by_hand(metres, now), people, count=2)
    assert (found.chosen.tolist(), found.status, found.gap) == ([], Status.OPTIMAL, 0)
    if value is None:
        assert np.isnan([found.value, found.bound]).all()
    else:
        assert (found.value, found.bound) == (value, value)


def test_many_people_far_away_do_not_overflow() -> None:
    table = np.full((2, 500), 10_000_000)
    table[1] -= 1
    found = worst_walk(sparse(table, np.full(500, FAR)), np.full(500, 1e6), count=1)
    assert (found.chosen.tolist(), found.value) == ([1], 9999.999)


def test_mandatory_sites_that_are_forbidden_or_too_many_are_refused() -> None:
    walks = by_hand([[1], [2]], [5])
    for mandatory, forbidden in (({0, 1}, set()), ({0}, {0})):
        with pytest.raises(SitingError):
            worst_walk(sparse(full(walks), walks.now_mm, mandatory, forbidden), [1], count=1)


# Against every choice --------------------------------------------------------------------------


def worst(table: Full, now: Ints, helped: Flags, sites: tuple[int, ...]) -> int:
    walk = now.copy()
    for c in sites:
        walk = np.minimum(walk, table[c])
    return int(walk[helped].max())


def strewn(seed: int) -> tuple[WalksTo, Floats, int, list[tuple[int, ...]]]:
    """Return a small question, and every choice of sites that is allowed."""
    dice = np.random.default_rng(seed)
    sites, places = int(dice.integers(1, 9)), int(dice.integers(1, 15))
    longest = int(dice.choice([4, 12, 1_500_000]))
    table = dice.integers(0, longest, (sites, places))
    table[dice.random((sites, places)) < dice.random() ** 2] = FAR
    now = dice.integers(0, 2 * longest, places)
    now[dice.random(places) < dice.random()] = FAR
    people = np.append(dice.integers(0, 9, places - 1), 3) * dice.choice([1.0, 0.37, 1e5])
    kinds = dice.choice(list("......mf"), sites)
    mandatory = set(np.flatnonzero(kinds == "m").tolist())
    forbidden = set(np.flatnonzero(kinds == "f").tolist())
    count = max(int(dice.integers(1, 5)), len(mandatory))
    allowed = [c for c in range(sites) if c not in forbidden]
    choices = [
        choice
        for size in range(count + 1)
        for choice in itertools.combinations(allowed, size)
        if mandatory <= set(choice)
    ]
    return sparse(table, now, mandatory, forbidden), people, count, choices


@pytest.mark.parametrize("seeds", np.array_split(np.arange(600), 6))
def test_no_choice_has_a_shorter_longest_walk(seeds: Ints) -> None:
    known = 0
    for seed in seeds:
        walks, people, count, choices = strewn(int(seed))
        table, now = full(walks), walks.now_mm
        found = worst_walk(walks, people, count=count)
        allowed = table[~walks.forbidden] if walks.forbidden is not None else table
        reached = np.minimum(now, allowed.min(axis=0, initial=FAR)) < FAR
        helped = reached & (people > 0)
        assert found.out_of_reach == pytest.approx(people[~reached].sum())
        if not helped.any():
            assert np.isnan(found.value)
            continue
        best = min(worst(table, now, helped, choice) for choice in choices)
        if best == FAR:
            assert found.status is Status.INFEASIBLE, seed
            continue
        known += 1
        chosen = tuple(found.chosen.tolist())
        assert tuple(sorted(chosen)) in choices, seed
        assert worst(table, now, helped, chosen) == best, seed
        assert found.value == found.bound == best / 1000, seed
        assert found.status is Status.OPTIMAL
    assert known > 40


def test_fewer_hard_places_at_a_time_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "AT_A_TIME", 1)
    for seed in range(100):
        walks, people, count, _ = strewn(seed)
        one = worst_walk(walks, people, count=count)
        monkeypatch.setattr(search, "AT_A_TIME", 200)
        other = worst_walk(walks, people, count=count)
        monkeypatch.setattr(search, "AT_A_TIME", 1)
        np.testing.assert_array_equal([one.value, one.bound], [other.value, other.bound])


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("quick", ["quick", "exact"])
def test_sites_that_cover_all_are_found_or_there_are_none(
    seed: int, quick: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if quick == "exact":
        unknown = (Status.TIME_LIMIT, covering.NONE)
        monkeypatch.setattr(covering, "cover_quickly", lambda *_, **__: unknown)
    dice = np.random.default_rng(seed)
    near = dice.random((12, 8)) < 0.35
    near[np.arange(12), dice.integers(0, 8, 12)] = True
    fewest = next(
        size
        for size in range(1, 9)
        if any(
            near[:, list(sites)].any(axis=1).all()
            for sites in itertools.combinations(range(8), size)
        )
    )
    for count in range(1, 9):
        status, sites = cover_all(near, count, seconds=10)
        assert status is (Status.OPTIMAL if count >= fewest else Status.INFEASIBLE)
        if status is Status.OPTIMAL:
            assert len(sites) <= count
            assert near[:, sites].any(axis=1).all()


def test_what_is_dominated_goes_and_the_first_of_equals_stays() -> None:
    # Place 1 is harder than 0, and 2 as hard as 1; then candidate 2 covers no more than 0.
    near = np.array([[1, 1, 0], [1, 0, 0], [1, 0, 0], [0, 1, 1]], dtype=bool)
    rows, columns = undominated(near)
    assert rows.tolist() == [1, 3]
    assert columns.tolist() == [0, 1]


# A town ----------------------------------------------------------------------------------------


def town(*, sites: int = 60, places: int = 1000, reach_m: int = 6000) -> tuple[WalksTo, Floats]:
    """Return candidates and people strewn over a square of 10 km, and two facilities."""
    dice = np.random.default_rng(7)
    home, site, old = (dice.uniform(0, 10_000, (size, 2)) for size in (places, sites, 2))
    table, now = (
        np.rint(np.abs(each[:, None] - home).sum(axis=2) * 1000).astype(np.int64)
        for each in (site, old)
    )
    for walks in (table, now):
        walks[walks > reach_m * 1000] = FAR
    return sparse(table, now.min(axis=0)), dice.integers(1, 40, places).astype(float)


def by_halving(walks: WalksTo, count: int) -> int:
    """Return the shortest longest walk by halving, each radius asked of scipy's solver in full."""
    table, now = full(walks), walks.now_mm
    radii = np.unique(np.append(table[table < FAR], now[now < FAR]))
    low, high = 0, len(radii) - 1
    while low < high:
        middle = (low + high) // 2
        near = (table <= radii[middle]).T[now > radii[middle]]
        rows = np.vstack([near, np.ones(len(table))])
        least = np.append(np.ones(len(near)), -np.inf)
        most = np.append(np.full(len(near), np.inf), count)
        answer = milp(
            np.zeros(len(table)),
            constraints=LinearConstraint(rows, least, most),
            bounds=Bounds(0, 1),
            integrality=np.ones(len(table)),
        )
        assert answer.status in (0, 2)
        low, high = (low, middle) if answer.status == 0 else (middle + 1, high)
    return int(radii[low])


@pytest.mark.parametrize("count", [3, 8, 15])
def test_halving_with_another_solver_finds_the_same(count: int) -> None:
    walks, people = town()
    found = worst_walk(walks, people, count=count)
    assert found.value == found.bound == by_halving(walks, count) / 1000


def answer(found: WorstWalk) -> tuple[list[int], float, float, Status]:
    return found.chosen.tolist(), found.value, found.bound, found.status


def test_the_same_question_has_the_same_answer() -> None:
    walks, people = town()
    first, second = (worst_walk(walks, people, count=8) for _ in range(2))
    assert answer(first) == answer(second)
    assert len(first.chosen) == 8


def test_one_more_site_never_makes_the_longest_walk_longer() -> None:
    walks, people = town()
    values = [worst_walk(walks, people, count=count).value for count in range(3, 12)]
    assert values == sorted(values, reverse=True)


def test_the_question_is_left_as_it_was() -> None:
    walks, people = town(sites=20, places=100)
    arrays = (walks.start, walks.place, walks.walk_mm, walks.now_mm, people)
    before = [array.copy() for array in arrays]
    for array in arrays:
        array.flags.writeable = False
    worst_walk(walks, people, count=5)
    for array, old in zip(arrays, before, strict=True):
        assert array.tolist() == old.tolist()


def test_sites_that_reach_not_everybody_at_the_time_limit_have_no_longest_walk() -> None:
    # A thousand live near the first candidate; one more person is in reach of the second alone.
    start, place, walk_mm = np.array([0, 1, 3]), np.array([0, 0, 1]), np.array([100, 5000, 5000])
    walks = WalksTo(start, place, walk_mm, np.array([FAR, FAR]))
    late = worst_walk(walks, [1000.0, 1.0], count=1, seconds=0)
    assert (late.chosen.tolist(), late.value) == ([0], np.inf)
    assert late.status is Status.TIME_LIMIT
    assert worst_walk(walks, [1000.0, 1.0], count=1).chosen.tolist() == [1]


def test_time_that_runs_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    walks, people = town()
    exact = worst_walk(walks, people, count=8)
    none = worst_walk(walks, people, count=8, seconds=0)
    own = np.minimum(full(walks)[none.chosen].min(axis=0), walks.now_mm)
    assert (none.status, none.value) == (Status.TIME_LIMIT, own.max() / 1000)
    assert none.bound <= exact.bound
    # One radius in three stays unknown.
    asked = itertools.count()

    def hurried(near: Flags, count: int, *, seconds: float) -> tuple[Status, Ints]:
        status, sites = cover_all(near, count, seconds=seconds)
        if status is Status.INFEASIBLE and next(asked) % 3 < 2:
            return Status.TIME_LIMIT, sites
        return status, sites

    monkeypatch.setattr(search, "cover_all", hurried)
    monkeypatch.setattr(search, "cover_quickly", hurried)
    some = worst_walk(walks, people, count=8)
    assert some.status in (Status.TIME_LIMIT, Status.OPTIMAL)
    assert some.bound <= exact.value <= some.value
    assert len(some.chosen) == 8
