"""Rows of the coverage table: sums, whole people and quantiles, by hand and by people in a row."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.coverage.area_rows import AreaRows
from analysis.coverage.areas import whereabouts

from .toy_study import area, box, layer, spot

# One level of two streets: places 0 and 1 in `b`, 2 in `a`, 3 and 4 in neither.
STREETS = layer(area("b", "street", box(0, 0, 20, 10)), area("a", "street", box(20, 0, 40, 10)))


def rows(count: int = 5) -> AreaRows:
    at = np.array([spot(x, 5) for x in (5, 15, 25, 95, 96)][:count], dtype=object)
    return AreaRows.of(whereabouts(at, STREETS), STREETS)


def test_the_rows_are_those_of_the_coverage_table() -> None:
    table = rows().table
    assert table["area_id"].tolist() == ["ALL", "b", "a", "OUTSIDE"]
    assert table["level"].tolist() == ["study", "street", "street", "street"]
    assert table["name"].tolist() == ["", "area b", "area a", ""]


def test_sums_by_row_and_what_nobody_knows() -> None:
    nan = np.nan
    assert rows().sums(np.array([1.0, 2, 4, 8, 16])).tolist() == [31, 3, 4, 24]
    assert rows().sums(np.array([1.0, nan, 4, 8, 16])).tolist() == [29, 1, 4, 24]
    known = rows().known_sums(np.array([1.0, nan, nan, 8, 16])).tolist()
    assert known == pytest.approx([25, 1, nan, 24], nan_ok=True)
    assert np.isnan(rows().known_sums(np.full(5, nan))).all()
    assert rows(2).known_sums(np.array([1.0, 2])).tolist() == [3, 3, 0, 0]  # nobody there is 0


def test_whole_people_add_up_with_ties_by_id_and_the_outside_last() -> None:
    nan = np.nan
    assert rows().whole(np.array([4.5, 1.5, 1.5, 1.5])).tolist() == [5, 2, 2, 1]
    assert rows().whole(np.array([4.2, 1.4, 1.4, 1.4])).tolist() == [4, 1, 2, 1]  # `a`, not `b`
    assert rows().whole(np.array([3.4, 0.4, 1.5, 1.5])).tolist() == [3, 0, 2, 1]
    assert rows().whole(np.array([3.4, 1.4, nan, 2.0])).tolist() == pytest.approx(
        [3, 1, nan, 2], nan_ok=True
    )
    most = np.array([5.0, 2, 1, 2])
    assert rows().whole(np.array([4.5, 1.5, 1.5, 1.5]), at_most=most).tolist() == [5, 2, 1, 2]
    assert np.isnan(rows().whole(np.full(4, nan))).all()


def test_quantiles_by_hand() -> None:
    values, people = np.array([7.0, 1, 5, 3, np.nan]), np.array([1.0, 9, 2, 4, 50])
    # Sorted: 1 x 9, 3 x 4, 5 x 2, 7 x 1, sixteen in all; the unknown are left out.
    assert rows().quantile(values, people, 0.5).tolist() == [1, 1, 5, 3]
    assert rows().quantile(values, people, 0.8).tolist() == [3, 1, 5, 3]
    assert rows().quantile(values, people, 0.9).tolist() == [5, 1, 5, 3]  # 15 of 16 have at most 5
    assert rows().quantile(values, people, 1.0).tolist() == [7, 7, 5, 3]
    nobody = rows(2).quantile(values[:2], people[:2], 0.5)
    assert nobody.tolist() == pytest.approx([1, 1, np.nan, np.nan], nan_ok=True)


@settings(deadline=None)
@given(
    people=st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 30), st.integers(0, 6)), min_size=1, max_size=20
    ),
    part=st.sampled_from([0.1, 0.25, 0.5, 0.9, 1.0]),
)
def test_a_quantile_is_that_of_people_in_a_row(
    people: list[tuple[int, int, int]], part: float
) -> None:
    street, value, weight = (np.array(column) for column in zip(*people, strict=True))
    at = np.array([spot(x, 5) for x in (5, 15, 25, 95, 96)], dtype=object)[street]
    found = AreaRows.of(whereabouts(at, STREETS), STREETS).quantile(
        value.astype(float), weight.astype(float), part
    )
    inside = [street >= 0, street <= 1, street == 2, street >= 3]
    for row, here in enumerate(inside):
        line = sorted(np.repeat(value[here], weight[here]).tolist())
        # The part of the people, rounded up to a person.
        needed = -(-len(line) * round(part * 100) // 100)
        expected = line[max(needed, 1) - 1] if line else np.nan
        assert found[row] == pytest.approx(expected, nan_ok=True)
