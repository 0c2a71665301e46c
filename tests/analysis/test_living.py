"""People and the walks from where they live: spread polygons, homes, and which source is told."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.evaluation import Evaluation, evaluate
from analysis.people.living import weighted_lower_median

from .toy_study import M_PER_MIN, area, box, estate, facility, people, spot, toy_study

AT_A = [facility("f1", spot(0, 0), status="operating")]
# On A-B, 100 and 200 m from A; on C-E, 850 m from A: 40, 40 and 120 households.
ROW = [
    estate("r1", spot(100, 0), 40), estate("r2", spot(200, 0), 40), estate("r3", spot(850, 0), 120)
]  # fmt: skip


def spread(folder: Path, elderly: float) -> Evaluation:
    unit = people("u1", box(50, -10, 890, 10), 100, elderly)
    return evaluate(toy_study(folder, facilities=AT_A, residential=ROW, population=[unit]))


def test_a_polygons_people_live_in_its_estates_by_households(tmp_path: Path) -> None:
    evaluation = spread(tmp_path, 50)
    homes = evaluation.homes.set_index("place_id")
    assert dict(homes["elderly_60plus"]) == {"r1": 10, "r2": 10, "r3": 30}
    assert dict(homes["population"]) == {"r1": 20, "r2": 20, "r3": 60}
    assert dict(homes["share"]) == {"r1": 1, "r2": 1, "r3": 0}
    assert evaluation.summary["coverage"]["share_60plus"] == pytest.approx(0.4)


def test_a_polygon_walks_as_its_median_person(tmp_path: Path) -> None:
    row = spread(tmp_path, 50).places.set_index("place_id").loc["u1"]
    # Sixty of a hundred live at r3.
    assert row["minutes"] == pytest.approx(850 / M_PER_MIN)
    assert row["share"] == pytest.approx(0.4)
    assert (row["nearest_facility_id"], row["exit"], row["reason"]) == ("", "", "")


def test_people_in_an_estate_are_covered_as_far_as_it_is(tmp_path: Path) -> None:
    # Four cells of 125, 150, 150 and 175 m; 2.5 minutes are 135 m: a quarter.
    study = toy_study(
        tmp_path, walking={"limit_min": 2.5}, facilities=AT_A,
        residential=[{**estate("r1", box(101, 1, 149, 49)), "elderly_60plus": 20.0}],
    )  # fmt: skip
    evaluation = evaluate(study)
    assert evaluation.summary["parameters"]["people_source"] == "residential"
    assert evaluation.summary["coverage"]["covered_60plus"] == 5
    assert [*evaluation.places["layer"]] == ["residential"]


def test_people_of_boundaries_live_on_land_cells(tmp_path: Path) -> None:
    # Cells of 100 m: centres 50, 150 and 250 m along A-B and 50 m off; no estates.
    study = toy_study(
        tmp_path, walking={"limit_min": 5}, facilities=AT_A,
        boundaries=[area("b1", "street", box(1, 1, 299, 99), population=90, elderly_60plus=30)],
    )  # fmt: skip
    evaluation = evaluate(study)
    assert evaluation.summary["parameters"]["people_source"] == "boundaries"
    assert [*evaluation.homes["elderly_60plus"]] == [10, 10, 10]
    # 100 m, 200 m and 300 m; but 250 m along is 50 m from B-D: 50 + 300 = 350 m either way.
    # Five minutes are 270 m.
    assert [*evaluation.homes["share"]] == [1, 1, 0]
    assert evaluation.summary["coverage"]["share_60plus"] == pytest.approx(2 / 3)
    assert evaluation.places.empty


def test_a_polygon_nobody_can_leave_says_why(tmp_path: Path) -> None:
    # Its one estate is 300 m off the street.
    study = toy_study(
        tmp_path, facilities=AT_A,
        residential=[estate("r1", spot(100, -300)), estate("r2", spot(100, 0))],
        population=[people("u1", box(50, -350, 150, -250), 10, 5)],
    )  # fmt: skip
    row = evaluate(study).places.set_index("place_id").loc["u1"]
    assert not row["reachable"]
    assert row["share"] == 0
    assert row["reason"] == "off_street_too_far"


def test_a_polygon_without_people_is_not_called_unlocated(tmp_path: Path) -> None:
    study = toy_study(
        tmp_path, facilities=AT_A, residential=ROW,
        population=[people("u1", box(50, -10, 150, 10), 0, 0), people("p1", spot(0, 0), 9, 3)],
    )  # fmt: skip
    row = evaluate(study).places.set_index("place_id").loc["u1"]
    assert row["reason"] != "unlocated"


def test_population_rows_keep_their_order_points_and_polygons_mixed(tmp_path: Path) -> None:
    rows = [
        people("z", spot(100, 0), 10, 5),
        people("m", box(50, -10, 890, 10), 10, 5),
        people("a", spot(900, 0), 10, 5),
    ]
    study = toy_study(tmp_path, facilities=AT_A, residential=ROW, population=rows)
    found = evaluate(study).places.query("layer == 'population'")
    assert [*found["place_id"]] == ["z", "m", "a"]
    walk_m = [100, 200, 900]  # of ten people in u1, two, two and six in 100, 200 and 850 m
    walk_m[1] = 850
    assert [*found["minutes"]] == pytest.approx([metres / M_PER_MIN for metres in walk_m])


def test_homes_without_a_way_out_reach_nothing(tmp_path: Path) -> None:
    crowd = [people("p1", spot(0, -300), 10, 5), people("p2", spot(0, 0), 10, 5)]
    homes = evaluate(toy_study(tmp_path, facilities=AT_A, population=crowd)).homes
    assert [*homes["share"]] == [0, 1]
    assert [*homes["reachable"]] == [False, True]


# --- the median person ---------------------------------------------------------------------------


def one_group(values: list[float], weights: list[float]) -> float:
    group = np.zeros(len(values), dtype=np.int64)
    return float(weighted_lower_median(np.array(values), np.array(weights), group, 1)[0])


def test_the_weighted_median_by_hand() -> None:
    assert one_group([5, 1, 9], [1, 1, 1]) == 5
    assert one_group([1, 2], [5, 5]) == 1  # two halves that meet: the lower
    assert one_group([1, 2], [4, 6]) == 2
    assert one_group([1, 2, 3], [0, 0, 1]) == 3
    assert np.isnan(one_group([1, np.nan], [4, 6]))  # most reach nothing
    assert one_group([1, np.nan], [6, 4]) == 1
    assert np.isnan(one_group([1, 2], [0, 0]))


def test_groups_are_told_apart_and_empty_ones_are_unknown() -> None:
    values, weights = np.array([1.0, 2.0, 30.0]), np.ones(3)
    median = weighted_lower_median(values, weights, np.array([0, 0, 2]), 3)
    assert median.tolist() == pytest.approx([1, np.nan, 30], nan_ok=True)


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 5)), min_size=1, max_size=12))
def test_the_weighted_median_equals_that_of_people_in_a_row(rows: list[tuple[int, int]]) -> None:
    row = sorted(value for value, weight in rows for _ in range(weight))
    expected = row[(len(row) - 1) // 2] if row else np.nan
    values, weights = zip(*rows, strict=True)
    assert one_group([*values], [*weights]) == pytest.approx(expected, nan_ok=True)
