"""Short walks for all: worked by hand, against every choice, and against other programs."""

import itertools

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.siting.solving import least_walk as search
from analysis.siting.solving.candidates import Candidates
from analysis.siting.solving.least_walk import least_walk
from analysis.siting.solving.max_cover import max_cover
from analysis.siting.solving.solution import Solution, Status
from analysis.siting.solving.walks import WalksTo
from geo.errors import SitingError
from geo.streets.network import Floats, Ints
from geo.walks.travel import FAR
from tests.analysis.made_up_walks import Full, by_hand, full, sparse

FAR_MM = 2_000_000  # the penalty of most tests: no walk in them is so long

def average(table: Full, now: Ints, people: Floats, sites: tuple[int, ...], penalty: int) -> float:
    walk = np.minimum(now, penalty)
    for c in sites:
        walk = np.minimum(walk, table[c])
    return float((walk.astype(float) * people).sum() / people.sum() / 1000)


# Worked by hand --------------------------------------------------------------------------------


def test_the_exchange_mends_what_greedy_alone_gets_wrong() -> None:
    # A street of 400 m, 9 people at both ends, 10 at 100 and 300 m, 11 at 200 m; today all walk
    # 1,000 m. Best alone is the middle, which leaves 200 m x 18 + 100 m x 20 = 5,600; with 100 m
    # beside it 3,700 are left. But 100 and 300 m leave 100 m x 18 + 100 m x 11 = 2,900.
    spots = np.array([0, 100, 200, 300, 400])
    walks = by_hand(np.abs(spots[:, None] - spots).tolist(), [1000] * 5)
    found = least_walk(walks, [9, 10, 11, 10, 9], count=2, penalty_mm=FAR_MM)
    assert found.chosen.tolist() == [1, 3]
    assert (found.value, found.bound) == (pytest.approx(2900 / 49), pytest.approx(2900 / 49))
    assert found.status is Status.OPTIMAL


def test_people_out_of_reach_are_charged_the_penalty() -> None:
    # 3 people 100 m from the site, 1 person whom nothing reaches: (3 x 100 + 1 x 2,000) / 4.
    walks = by_hand([[100, None]], [500, None])
    found = least_walk(walks, [3, 1], count=1, penalty_mm=FAR_MM)
    assert (found.value, found.bound) == (575, 575)


def test_nobody_is_charged_more_than_the_penalty() -> None:
    # Today 900 m is charged as 600; the site at 700 m away spares nothing then.
    found = least_walk(by_hand([[700]], [900]), [5], count=1, penalty_mm=600_000)
    assert (found.chosen.tolist(), found.value) == ([], 600)


def test_existing_facilities_are_kept() -> None:
    # The site lies 300 m away, what exists 200 m: only the second place is helped.
    found = least_walk(by_hand([[300, 100]], [200, 400]), [1, 1], count=1, penalty_mm=FAR_MM)
    assert (found.chosen.tolist(), found.value) == ([0], 150)


def test_sites_stand_in_the_order_of_what_they_spare() -> None:
    # Alone: 0 spares 5 x 100, 1 spares 5 x 400 and 2 spares 5 x 300, of which 200 go with 1's.
    walks = by_hand([[400, None], [100, None], [300, 300]], [500, 500])
    found = least_walk(walks, [5, 2], count=3, penalty_mm=FAR_MM)
    assert found.chosen.tolist() == [1, 2]
    assert found.value == pytest.approx((5 * 100 + 2 * 300) / 7)


def test_a_site_that_spares_nobody_is_proposed_only_when_it_must_be() -> None:
    walks = by_hand([[100], [100], [900]], [800])
    assert least_walk(walks, [1], count=3, penalty_mm=FAR_MM).chosen.tolist() == [0]
    must = sparse(full(walks), walks.now_mm, mandatory={2})
    assert least_walk(must, [1], count=3, penalty_mm=FAR_MM).chosen.tolist() == [0, 2]
    alone = least_walk(must, [1], count=1, penalty_mm=FAR_MM)
    assert (alone.chosen.tolist(), alone.value, alone.status) == ([2], 800, Status.OPTIMAL)


def test_a_forbidden_site_is_never_chosen() -> None:
    walks = by_hand([[100], [300]], [800])
    ruled = sparse(full(walks), walks.now_mm, forbidden={0})
    found = least_walk(ruled, [1], count=2, penalty_mm=FAR_MM)
    assert (found.chosen.tolist(), found.value, found.bound) == ([1], 300, 300)


def test_parts_of_people_are_counted_too() -> None:
    walks = by_hand([[0, None], [None, 0]], [1000, 1000])
    found = least_walk(walks, [0.25, 0.5], count=1, penalty_mm=FAR_MM)
    assert found.chosen.tolist() == [1]
    assert found.value == pytest.approx(1000 / 3)


def test_many_people_far_away_do_not_overflow() -> None:
    # A million people 10 km away at each of 1,000 places, and the one site 1 mm nearer.
    places = 1000
    table = np.full((2, places), 10_000_000)
    table[1] -= 1
    walks = sparse(table, np.full(places, FAR))
    people = np.full(places, 1e6)
    found = least_walk(walks, people, count=1, penalty_mm=2_000_000_000)
    assert found.chosen.tolist() == [1]
    assert (found.value, found.bound) == (9999.999, 9999.999)


@pytest.mark.parametrize(
    ("metres", "now", "people", "value"),
    [([], [5], [1], 5), ([[]], [], [], None), ([[1]], [5], [0], None), ([[None]], [5], [2], 5)],
    ids=["no candidate", "no place", "nobody", "reaches none"],
)
def test_nothing_to_spare_is_an_answer(
    metres: list[list[int | None]], now: list[int | None], people: list[float], value: float | None
) -> None:
    found = least_walk(by_hand(metres, now), people, count=2, penalty_mm=FAR_MM)
    assert (found.chosen.tolist(), found.status, found.gap) == ([], Status.OPTIMAL, 0)
    if value is None:
        assert np.isnan([found.value, found.bound]).all()
    else:
        assert (found.value, found.bound) == (value, value)


# Refused ---------------------------------------------------------------------------------------


def test_mandatory_sites_that_are_forbidden_or_too_many_are_refused() -> None:
    walks = by_hand([[1], [2]], [5])
    for mandatory, forbidden in (({0, 1}, set()), ({0}, {0})):
        with pytest.raises(SitingError):
            least_walk(
                sparse(full(walks), walks.now_mm, mandatory, forbidden), [1], count=1, penalty_mm=9
            )


@pytest.mark.parametrize(
    "wrong",
    [
        WalksTo(np.array([0, 1]), np.array([1]), np.array([5]), np.array([5])),
        WalksTo(np.array([0, 2]), np.array([0, 0]), np.array([5, 5]), np.array([5])),
        WalksTo(np.array([0, 1]), np.array([0]), np.array([-5]), np.array([5])),
        WalksTo(np.array([0, 1]), np.array([0]), np.array([2**31]), np.array([5])),
        WalksTo(np.array([0, 1]), np.array([0]), np.array([], dtype=int), np.array([5])),
        WalksTo(np.array([0, 1]), np.array([0]), np.array([5]), np.array([-5])),
        WalksTo(np.array([0, 1]), np.array([0]), np.array([5]), np.array([5, 5])),
    ],
    ids=["unknown", "twice", "negative", "too long", "untold", "below nothing", "too many"],
)
def test_walks_that_cannot_be_are_refused(wrong: WalksTo) -> None:
    with pytest.raises(ValueError, match=r"walk|place"):
        least_walk(wrong, [1], count=1, penalty_mm=9)


@pytest.mark.parametrize("penalty", [-1, 2**31])
def test_a_penalty_that_cannot_be_is_refused(penalty: int) -> None:
    with pytest.raises(ValueError, match="penalty"):
        least_walk(by_hand([[1]], [5]), [1], count=1, penalty_mm=penalty)


# Against every choice --------------------------------------------------------------------------


def strewn(seed: int) -> tuple[WalksTo, Floats, int, int, list[tuple[int, ...]]]:
    """Return a small question, and every choice of sites that is allowed."""
    dice = np.random.default_rng(seed)
    sites, places = int(dice.integers(1, 9)), int(dice.integers(1, 13))
    longest = int(dice.choice([6, 40, 1_500_000]))
    table = dice.integers(0, longest, (sites, places))
    table[dice.random((sites, places)) < dice.random()] = FAR
    now = dice.integers(0, 2 * longest, places)
    now[dice.random(places) < dice.random()] = FAR
    people = np.append(dice.integers(0, 9, places - 1), 3) * dice.choice([1.0, 0.37, 1e5])
    kinds = dice.choice(list("....mf"), sites)
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
    penalty = int(longest * dice.choice([0.5, 1, 3]))
    return sparse(table, now, mandatory, forbidden), people, count, penalty, choices


@pytest.mark.parametrize("seeds", np.array_split(np.arange(600), 6))
def test_no_choice_has_shorter_walks(seeds: Ints) -> None:
    for seed in seeds:
        walks, people, count, penalty, choices = strewn(int(seed))
        table, now = full(walks), walks.now_mm
        found = least_walk(walks, people, count=count, penalty_mm=penalty, within=0)
        best = min(average(table, now, people, choice, penalty) for choice in choices)
        chosen = tuple(found.chosen.tolist())
        assert tuple(sorted(chosen)) in choices, seed
        reached = average(table, now, people, chosen, penalty)
        assert found.value == pytest.approx(reached, rel=1e-9, abs=1e-9), seed
        assert found.value == pytest.approx(best, rel=1e-9, abs=1e-9), seed
        assert found.bound <= found.value
        assert found.bound == pytest.approx(best, rel=1e-6), seed
        every_site_is_the_next_best(walks, people, penalty, chosen)


def every_site_is_the_next_best(
    walks: WalksTo, people: Floats, penalty: int, chosen: tuple[int, ...]
) -> None:
    for i in range(len(chosen)):
        after = [
            average(full(walks), walks.now_mm, people, (*chosen[:i], c), penalty)
            for c in chosen[i:]
        ]
        assert after[0] <= min(after) + 1e-9 * max(after)


def test_the_best_choice_is_found_where_candidates_compete() -> None:
    # Dense tables, on which neither exchanges nor prices suffice.
    dice = np.random.default_rng(0)
    choices = np.array(list(itertools.combinations(range(14), 4)))
    for case in range(150):
        table, now = dice.integers(0, 30, (14, 25)), np.full(25, 30)
        people = dice.integers(1, 10, 25).astype(float)
        best = (table[choices].min(axis=1) @ people).min() / people.sum() / 1000
        found = least_walk(sparse(table, now), people, count=4, penalty_mm=30, within=0)
        assert found.status is Status.OPTIMAL
        assert found.value == found.bound == pytest.approx(best, rel=1e-12), case


def test_without_the_exact_solver_the_bound_still_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "prove", lambda *_, **__: None)
    proven = 0
    for seed in range(300):
        walks, people, count, penalty, choices = strewn(seed)
        found = least_walk(walks, people, count=count, penalty_mm=penalty, within=0)
        table, now = full(walks), walks.now_mm
        best = min(average(table, now, people, choice, penalty) for choice in choices)
        assert found.bound <= best + 1e-9 * best, seed
        assert best <= found.value + 1e-9 * best, seed
        proven += found.status is Status.OPTIMAL
    assert proven > 200


# Against other programs ------------------------------------------------------------------------


def town(*, sites: int = 60, places: int = 1000, reach_m: int = 3000) -> tuple[WalksTo, Floats]:
    """Return candidates and people strewn over a square of 10 km, and four facilities."""
    dice = np.random.default_rng(7)
    home, site, old = (dice.uniform(0, 10_000, (size, 2)) for size in (places, sites, 4))
    table, now = (
        np.rint(np.abs(each[:, None] - home).sum(axis=2) * 1000).astype(np.int64)
        for each in (site, old)
    )
    for walks in (table, now):
        walks[walks > reach_m * 1000] = FAR
    return sparse(table, now.min(axis=0)), dice.integers(0, 40, places).astype(float)


def assigned(walks: WalksTo, people: Floats, count: int, penalty: int) -> float:
    """Return the least average walk by the program of the textbook: who walks where."""
    table, now = full(walks), np.minimum(walks.now_mm, penalty)
    site, place = np.nonzero(table < now)
    sites, cells = len(table), len(site)
    cost = np.append(np.zeros(sites), (table[site, place] - now[place]) * people[place] / 1e6)
    rows = np.arange(cells)
    to_open = np.zeros((cells, sites + cells))
    to_open[rows, sites + rows], to_open[rows, site] = 1, -1
    once = np.zeros((len(now) + 1, sites + cells))
    once[place, sites + rows], once[-1, :sites] = 1, 1
    most = np.concatenate([np.zeros(cells), np.ones(len(now)), [count]])
    answer = milp(
        cost,
        constraints=LinearConstraint(np.vstack([to_open, once]), -np.inf, most),
        bounds=Bounds(0, 1),
        integrality=np.append(np.ones(sites), np.zeros(cells)),
        options={"mip_rel_gap": 0},
    )
    assert answer.status == 0
    return float((now @ people + answer.fun * 1e6) / people.sum() / 1000)


@pytest.mark.parametrize("count", [3, 8])
def test_the_program_of_the_textbook_finds_the_same(count: int) -> None:
    walks, people = town(places=250)
    found = least_walk(walks, people, count=count, penalty_mm=4_000_000, within=0)
    best = assigned(walks, people, count, 4_000_000)
    assert found.value == pytest.approx(best, rel=1e-7)
    assert (found.bound, found.status) == (found.value, Status.OPTIMAL)


@pytest.mark.parametrize("count", [1, 4, 9])
def test_sparing_walks_is_covering_steps_of_walks(count: int) -> None:
    # Whoever walks less than 500 m less than now covers a step of so many people x millimetres.
    walks, people = town(places=60)
    table, now = full(walks), np.minimum(walks.now_mm, 4_000_000)
    steps, covers = [], [[] for _ in table]
    for p in range(len(now)):
        near = np.unique(np.append(table[table[:, p] < now[p], p], now[p]))[::-1]
        for longer, shorter in itertools.pairwise(near):
            for c in np.flatnonzero(table[:, p] <= shorter):
                covers[c].append(len(steps))
            steps.append((longer - shorter) * people[p])
    start = np.append(0, np.cumsum([len(cover) for cover in covers]))
    covering = Candidates(start, np.concatenate(covers))
    other = max_cover(covering, steps, count=count, within=0, seconds=1.0)
    found = least_walk(walks, people, count=count, penalty_mm=4_000_000, within=0)
    walked = now @ people / 1000 - found.value * people.sum()
    assert walked * 1000 <= other.bound * (1 + 1e-9)
    assert other.value <= walked * 1000 * (1 + 1e-9)


# A town ----------------------------------------------------------------------------------------


def answer(found: Solution) -> tuple[list[int], float, float, Status]:
    return found.chosen.tolist(), found.value, found.bound, found.status


def test_the_same_question_has_the_same_answer() -> None:
    walks, people = town()
    first, second = (least_walk(walks, people, count=8, penalty_mm=5_000_000) for _ in range(2))
    assert answer(first) == answer(second)
    assert 0 <= first.gap <= 0.001


def test_one_more_site_never_makes_walks_longer() -> None:
    walks, people = town()
    values = [
        least_walk(walks, people, count=count, penalty_mm=5_000_000, within=0).value
        for count in range(9)
    ]
    assert values == sorted(values, reverse=True)
    assert values[0] == pytest.approx(average(full(walks), walks.now_mm, people, (), 5_000_000))


def test_the_question_is_left_as_it_was() -> None:
    walks, people = town(sites=20, places=100)
    arrays = (walks.start, walks.place, walks.walk_mm, walks.now_mm, people)
    before = [array.copy() for array in arrays]
    for array in arrays:
        array.flags.writeable = False
    least_walk(walks, people, count=3, penalty_mm=5_000_000)
    for array, old in zip(arrays, before, strict=True):
        assert array.tolist() == old.tolist()


def test_time_that_runs_out_is_said() -> None:
    walks, people = town()
    found = least_walk(walks, people, count=8, penalty_mm=5_000_000, seconds=0, within=0)
    assert found.status is Status.TIME_LIMIT
    assert len(found.chosen) == 8
    assert found.bound < found.value
