"""Largest remainder, by hand and as properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.rounding import largest_remainder, nearest_whole


def test_halves_go_up_and_float_noise_does_not() -> None:
    assert [nearest_whole(v) for v in (0.5, 1.5, 2.4999999999999996, 2.4, 0.0)] == [1, 2, 3, 2, 0]


def test_thirds_of_a_hundred_add_up_to_a_hundred() -> None:
    # 33.3 + 33.3 + 33.3: one of them becomes 34, the first of equals.
    assert largest_remainder(np.full(3, 100 / 3), 100).tolist() == [34, 33, 33]


def test_the_largest_remainder_is_rounded_up_first() -> None:
    assert largest_remainder(np.array([1.2, 1.3, 1.5]), 4).tolist() == [1, 1, 2]


def test_whole_parts_stay_as_they_are() -> None:
    assert largest_remainder(np.array([30.0, 0.4, 0.2, 5.0]), 36).tolist() == [30, 1, 0, 5]


def test_no_part_exceeds_its_limit() -> None:
    # 0.9 would be rounded up first, but there is nobody left in that area.
    parts, limit = np.array([0.9, 0.5, 2.0]), np.array([0, 1, 3])
    assert largest_remainder(parts, 3, at_most=limit).tolist() == [0, 1, 2]
    assert largest_remainder(parts, 4, at_most=limit).tolist() == [0, 1, 3]


def test_parts_too_large_for_the_total_give_way_from_the_smallest_remainder() -> None:
    assert largest_remainder(np.array([2.6, 2.1]), 3).tolist() == [2, 1]


def test_a_total_beyond_the_limits_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be the total"):
        largest_remainder(np.array([1.0]), 2, at_most=np.array([1]))


def test_nothing_adds_up_to_nothing() -> None:
    assert largest_remainder(np.array([]), 0).tolist() == []


PARTS = st.lists(st.floats(0, 10_000), min_size=1, max_size=12)


@given(PARTS)
def test_the_parts_add_up_and_none_moves_by_a_whole_person(parts: list[float]) -> None:
    values = np.array(parts)
    whole = largest_remainder(values, nearest_whole(values.sum()))
    assert whole.sum() == nearest_whole(values.sum())
    assert (np.abs(whole - values) < 1 + 1e-6).all()


@given(PARTS, st.data())
def test_covered_people_never_exceed_the_people(parts: list[float], data: st.DataObject) -> None:
    values = np.array(parts)
    shares = data.draw(st.lists(st.floats(0, 1), min_size=len(parts), max_size=len(parts)))
    total = largest_remainder(values, nearest_whole(values.sum()))
    covered = min(nearest_whole((values * shares).sum()), int(total.sum()))
    reached = largest_remainder(total * np.array(shares), covered, at_most=total)
    assert reached.sum() == covered
    assert ((reached >= 0) & (reached <= total)).all()
