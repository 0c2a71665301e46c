"""Few sites for many people: worked by hand, and against every possible choice of sites."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from analysis.siting.solving.candidates import Candidates, in_order
from analysis.siting.solving.max_cover import max_cover
from analysis.siting.solving.solution import Solution, Status
from geo.errors import SitingError
from geo.streets.network import Flags, Floats

Rows = list[list[int]]


def candidates(*rows: list[int]) -> Candidates:
    start = np.cumsum([0, *(len(row) for row in rows)])
    return Candidates(start, np.array(list(itertools.chain(*rows)), dtype=np.int64))


def flags(size: int, *which: int) -> Flags:
    return np.isin(np.arange(size), which)


def with_rules(rows: Rows, mandatory: set[int], forbidden: set[int]) -> Candidates:
    free = candidates(*rows)
    size = len(rows)
    return Candidates(free.start, free.place, flags(size, *mandatory), flags(size, *forbidden))


def newly(rows: Rows, people: Floats, covered: Flags, sites: tuple[int, ...]) -> float:
    reached = sorted(set(itertools.chain(*(rows[c] for c in sites))))
    return float(sum(people[p] for p in reached if not covered[p]))


def gains(
    found: Solution, table: Candidates, people: ArrayLike, covered: Flags | None = None
) -> Floats:
    order, gain = in_order(table, people, found.chosen, covered=covered)
    assert order.tolist() == found.chosen.tolist()
    return gain


# Worked by hand --------------------------------------------------------------------------------


def test_the_swap_mends_what_greedy_alone_gets_wrong() -> None:
    # Candidate 0 covers most, 10 + 10 + 11 + 11 = 42; then 1 or 2 adds only 10: greedy ends at 52.
    # Candidates 1 and 2 cover 10 + 10 + 11 = 31 each, and no one twice: 62, which is everybody.
    rows = [[1, 2, 4, 5], [0, 1, 4], [2, 3, 5]]
    people = [10, 10, 10, 10, 11, 11]
    found = max_cover(candidates(*rows), people, count=2)
    assert found.chosen.tolist() == [1, 2]
    assert gains(found, candidates(*rows), people).tolist() == [31, 31]
    assert (found.value, found.bound, found.gap) == (62, 62, 0)
    assert found.status is Status.OPTIMAL


def test_each_site_is_the_one_that_adds_most_to_those_before_it() -> None:
    table, people = candidates([0], [1, 2], [2, 3, 4]), [1, 2, 4, 8, 16]
    found = max_cover(table, people, count=3)
    assert found.chosen.tolist() == [2, 1, 0]
    assert gains(found, table, people).tolist() == [28, 2, 1]


def test_ties_go_to_the_first_candidate() -> None:
    found = max_cover(candidates([0], [1], [2], [2]), [5, 5, 5], count=2)
    assert found.chosen.tolist() == [0, 1]


def test_what_existing_facilities_cover_is_no_gain() -> None:
    rows = [[0, 1], [2]]
    found = max_cover(candidates(*rows), [50, 1, 20], count=1, covered=flags(3, 0))
    assert (found.chosen.tolist(), found.value, found.bound) == ([1], 20, 20)


def test_a_mandatory_site_counts_among_the_sites() -> None:
    table = with_rules([[0], [1], [2]], {0}, set())
    found = max_cover(table, [1, 5, 7], count=2)
    assert found.chosen.tolist() == [2, 0]
    assert gains(found, table, [1, 5, 7]).tolist() == [7, 1]
    assert found.status is Status.OPTIMAL


def test_a_mandatory_site_that_adds_nobody_comes_last() -> None:
    table = with_rules([[0], [0, 1], [2]], {0}, set())
    found = max_cover(table, [1, 5, 7], count=3)
    assert found.chosen.tolist() == [2, 1, 0]
    assert gains(found, table, [1, 5, 7]).tolist() == [7, 6, 0]


def test_a_forbidden_site_is_never_chosen() -> None:
    found = max_cover(with_rules([[0], [1], [2]], set(), {2}), [1, 5, 7], count=1)
    assert (found.chosen.tolist(), found.bound) == ([1], 5)


def test_a_site_that_adds_nobody_is_not_proposed() -> None:
    found = max_cover(candidates([0, 1], [0], [1], []), [3, 4], count=4)
    assert found.chosen.tolist() == [0]
    assert (found.value, found.status) == (7, Status.OPTIMAL)


def test_parts_of_people_are_counted_too() -> None:
    table, people = candidates([0, 1], [2], [3]), [0.25, 0.5, 0.7, 0.1]
    found = max_cover(table, people, count=2)
    assert found.chosen.tolist() == [0, 1]
    assert gains(found, table, people) == pytest.approx([0.75, 0.7], abs=1e-9)


@pytest.mark.parametrize(
    ("rows", "people", "covered", "count"),
    [
        ([], [], [], 3),
        ([], [5.0], [False], 3),
        ([[]], [5.0], [False], 1),
        ([[0]], [5.0], [True], 1),
        ([[0]], [0.0], [False], 1),
        ([[0]], [5.0], [False], 0),
    ],
    ids=["nothing", "no candidate", "covers none", "all covered", "nobody", "no site"],
)
def test_nothing_to_gain_is_an_answer(
    rows: Rows, people: list[float], covered: list[bool], count: int
) -> None:
    found = max_cover(candidates(*rows), people, count=count, covered=np.array(covered, dtype=bool))
    assert (len(found.chosen), found.value, found.bound, found.gap) == (0, 0, 0, 0)
    assert found.status is Status.OPTIMAL


# Refused ---------------------------------------------------------------------------------------


def test_more_mandatory_sites_than_sites_are_refused() -> None:
    with pytest.raises(SitingError, match="2"):
        max_cover(with_rules([[0], [1]], {0, 1}, set()), [1, 1], count=1)


def test_a_mandatory_site_that_is_forbidden_is_refused() -> None:
    with pytest.raises(SitingError, match="1"):
        max_cover(with_rules([[0], [1]], {0}, {0}), [1, 1], count=1)


@pytest.mark.parametrize("people", [[float("nan"), 1.0], [-1.0, 1.0], [float("inf"), 1.0]])
def test_people_must_be_known(people: list[float]) -> None:
    with pytest.raises(ValueError, match="known"):
        max_cover(candidates([0], [1]), people, count=1)


@pytest.mark.parametrize("rows", [[[0, 0]], [[2]], [[-1]]])
def test_a_table_with_wrong_places_is_refused(rows: Rows) -> None:
    with pytest.raises(ValueError, match="place"):
        max_cover(candidates(*rows), [1, 1], count=1)


def test_flags_of_the_wrong_length_are_refused() -> None:
    with pytest.raises(ValueError, match="flags"):
        max_cover(candidates([0]), [1], count=1, covered=flags(2))


# Against every choice --------------------------------------------------------------------------


@st.composite
def questions(draw: st.DrawFn) -> tuple[Rows, Floats, Flags, int]:
    places = draw(st.integers(1, 12))
    row = st.lists(st.integers(0, places - 1), max_size=6, unique=True)
    rows = draw(st.lists(row, min_size=1, max_size=9))
    weight = draw(st.sampled_from([st.integers(0, 9), st.floats(0, 1e6)]))
    people = np.array(draw(st.lists(weight, min_size=places, max_size=places)), dtype=float)
    covered = draw(st.lists(st.booleans(), min_size=places, max_size=places))
    return rows, people, np.array(covered, dtype=bool), draw(st.integers(1, 5))


@settings(deadline=None, max_examples=300)
@given(question=questions(), ruled=st.data())
def test_no_choice_covers_more_than_the_bound(
    question: tuple[Rows, Floats, Flags, int], ruled: st.DataObject
) -> None:
    rows, people, covered, count = question
    kinds = ruled.draw(st.lists(st.sampled_from("....mf"), min_size=len(rows), max_size=len(rows)))
    mandatory = {c for c, kind in enumerate(kinds) if kind == "m"}
    forbidden = {c for c, kind in enumerate(kinds) if kind == "f"}
    count = max(count, len(mandatory))
    found = max_cover(
        with_rules(rows, mandatory, forbidden), people, count=count, covered=covered, within=0
    )
    allowed = [c for c in range(len(rows)) if c not in forbidden]
    best = max(
        newly(rows, people, covered, sites)
        for size in range(min(count, len(allowed)) + 1)
        for sites in itertools.combinations(allowed, size)
        if mandatory <= set(sites)
    )
    tiny = 1e-9 * max(1.0, people.sum())
    assert found.value <= best + tiny
    assert best <= found.bound + tiny
    assert mandatory <= set(found.chosen.tolist()) <= set(allowed)
    assert len(found.chosen) <= count
    assert (found.status is Status.OPTIMAL) == (found.gap <= 1e-9)
    gains_are_those_of_the_order(found, rows, people, covered)


def gains_are_those_of_the_order(
    found: Solution, rows: Rows, people: Floats, covered: Flags
) -> None:
    chosen = tuple(found.chosen.tolist())
    tiny = 1e-9 * max(1.0, people.sum())
    assert len(set(chosen)) == len(chosen)
    gain = gains(found, candidates(*rows), people, covered)
    assert gain.sum() == pytest.approx(found.value, abs=tiny)
    assert newly(rows, people, covered, chosen) == pytest.approx(found.value, abs=tiny)
    for i, one in enumerate(gain):
        before = newly(rows, people, covered, chosen[:i])
        adds = [newly(rows, people, covered, (*chosen[:i], c)) - before for c in chosen[i:]]
        assert one == pytest.approx(adds[0], abs=tiny)
        assert adds[0] >= max(adds) - tiny


def test_the_bound_holds_where_candidates_compete() -> None:
    # Dense tables, on which the bound has to be worked for.
    dice = np.random.default_rng(0)
    for _ in range(300):
        near, people = dice.random((9, 12)) < 0.35, dice.integers(1, 10, 12)
        table = Candidates(np.append(0, np.cumsum(near.sum(axis=1))), np.nonzero(near)[1])
        found = max_cover(table, people, count=3, within=0)
        choices = itertools.combinations(range(9), 3)
        best = max(people[near[list(sites)].any(axis=0)].sum() for sites in choices)
        assert found.value <= best <= found.bound


# A town ----------------------------------------------------------------------------------------


def town(*, sites: int = 400, places: int = 4000) -> tuple[Candidates, Floats]:
    """Return candidates and people strewn over a square of 10 km, each site covering 800 m."""
    dice = np.random.default_rng(7)
    home, site = dice.uniform(0, 10, (places, 2)), dice.uniform(0, 10, (sites, 2))
    near = ((site[:, None] - home) ** 2).sum(axis=2) <= 0.8**2
    start = np.append(0, np.cumsum(near.sum(axis=1)))
    return Candidates(start, np.nonzero(near)[1]), dice.integers(0, 40, places).astype(float)


def test_the_same_question_has_the_same_answer() -> None:
    table, people = town()
    first, second = (max_cover(table, people, count=12) for _ in range(2))
    assert first.chosen.tolist() == second.chosen.tolist()
    assert (first.bound, first.status) == (second.bound, second.status)
    assert first.gap <= 0.01


def test_one_more_site_never_covers_fewer() -> None:
    table, people = town()
    covered = [max_cover(table, people, count=count).value for count in (1, 5, 10, 20)]
    assert covered == sorted(covered)


def test_the_question_is_left_as_it_was() -> None:
    table, people = town(sites=30, places=200)
    covered = np.zeros(len(people), dtype=bool)
    before = [array.copy() for array in (table.start, table.place, people, covered)]
    max_cover(table, people, count=3, covered=covered)
    for array, old in zip((table.start, table.place, people, covered), before, strict=True):
        assert array.tolist() == old.tolist()


def test_time_that_runs_out_is_said() -> None:
    table, people = town()
    found = max_cover(table, people, count=12, seconds=0, within=0)
    assert found.status is Status.TIME_LIMIT
    assert len(found.chosen) == 12
    assert found.value <= found.bound
