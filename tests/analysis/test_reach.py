"""How far every place walks, by hand: medians, shares, the horizon, and every reason."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.evaluation import evaluate
from analysis.study import Study
from analysis.walking.reach import NO_FACILITY, NO_GEOMETRY
from geo.walks.places import OFF_STREET_TOO_FAR
from tests.conftest import TOY_STREETS

from .toy_study import M_PER_MIN, ROAD, Row, box, estate, facility, people, spot, toy_study

AT_A = [facility("f1", spot(0, 0), status="operating")]


def places(study: Study) -> pd.DataFrame:
    return evaluate(study).places.set_index("place_id")


def one_estate(folder: Path, row: Row, **walking: object) -> "pd.Series[object]":
    study = toy_study(folder, walking=walking, facilities=AT_A, residential=[row])
    return places(study).loc["r1"]


# --- minutes and shares --------------------------------------------------------------------------


def test_the_lower_median_of_an_even_number_of_cells_is_the_lower_of_the_middle_two(
    tmp_path: Path,
) -> None:
    # 2 x 2 cells at 112.5 and 137.5 along, 12.5 and 37.5 off: 125, 150, 150 and 175 m.
    row = one_estate(tmp_path, estate("r1", box(101, 1, 149, 49)), limit_min=2.5)
    assert row["minutes"] == pytest.approx(150 / M_PER_MIN)
    # 2.5 minutes are 135 m: one cell of four.
    assert row["share"] == 0.25
    # Six cells at 112.5 to 237.5 along, 12.5 off: 125 to 250 m; the third is the lower median.
    row = one_estate(tmp_path, estate("r1", box(101, 1, 249, 24)))
    assert row["minutes"] == pytest.approx(175 / M_PER_MIN)


def test_an_estate_of_fewer_than_four_cells_is_one_point(tmp_path: Path) -> None:
    row = one_estate(tmp_path, estate("r1", box(100, 10, 120, 30)), limit_min=2)
    # Its inner point is 110 m along and 20 m off: 130 m, beyond 108 m.
    assert row["minutes"] == pytest.approx(130 / M_PER_MIN)
    assert row["share"] == 0


@pytest.mark.parametrize(("limit_min", "share"), [(15.0, 1.0), (14.9999, 0.0)])
def test_the_limit_is_inclusive_to_the_millimetre(
    tmp_path: Path, limit_min: float, share: float
) -> None:
    # 810 m along the street.
    row = one_estate(tmp_path, estate("r1", spot(810, 0)), limit_min=limit_min)
    assert row["share"] == share


def test_an_estate_half_within_the_limit_counts_as_covered(tmp_path: Path) -> None:
    # Four cells of 125, 150, 150 and 175 m; 2.8 minutes are 151.2 m: three. 2.7: 145.8 m, one.
    for limit, covered in ((2.8, 1), (2.7, 0)):
        study = toy_study(
            tmp_path, walking={"limit_min": limit}, facilities=AT_A,
            residential=[estate("r1", box(101, 1, 149, 49))],
        )  # fmt: skip
        whole = evaluate(study).coverage.iloc[0]
        assert (whole["covered_areas"], whole["partly_areas"]) == (covered, 1)


def test_speed_makes_minutes_and_not_metres(tmp_path: Path) -> None:
    slow = one_estate(tmp_path, estate("r1", spot(540, 0)), speed_m_per_s=0.6)
    assert slow["minutes"] == pytest.approx(540 / 0.6 / 60)
    assert slow["off_street_m"] == 0


# --- the horizon ---------------------------------------------------------------------------------


def test_a_walk_beyond_the_horizon_is_told_as_such(tmp_path: Path) -> None:
    # 900 m are 16.7 minutes.
    row = one_estate(tmp_path, estate("r1", spot(900, 0)), horizon_min=16)
    assert (row["reason"], bool(row["reachable"]), row["share"]) == ("beyond_horizon", False, 0)
    assert (row["nearest_facility_id"], row["exit"]) == ("", "")
    assert np.isnan([row["minutes"], row["off_street_m"]]).all()
    row = one_estate(tmp_path, estate("r1", spot(900, 0)), horizon_min=17)
    assert (row["reason"], row["minutes"]) == ("", pytest.approx(900 / M_PER_MIN))


def test_a_covered_place_is_reachable_whatever_the_horizon(tmp_path: Path) -> None:
    # 600 m are 11.1 minutes: within the limit of 15, beyond a horizon of 10.
    row = one_estate(tmp_path, estate("r1", spot(600, 0)), horizon_min=10)
    assert row["share"] == 1
    assert row["reachable"]
    assert row["minutes"] == pytest.approx(600 / M_PER_MIN)


def test_a_short_horizon_does_not_narrow_the_band(tmp_path: Path) -> None:
    # 950 m are within 1,000 m, and the horizon of 16 minutes is 864 m.
    study = toy_study(
        tmp_path, walking={"horizon_min": 16}, facilities=AT_A,
        population=[people("p1", spot(900, 50), 10, 10)],
    )  # fmt: skip
    assert evaluate(study).summary["band"] == {"0.8": 0, "1.0": 0, "norm_1000m": 1}


# --- reasons -------------------------------------------------------------------------------------


def test_every_place_without_a_walk_has_its_reason(tmp_path: Path) -> None:
    nowhere: Row = {"id": "c1", "name": "plot", "geometry": None}
    study = toy_study(
        tmp_path,
        streets=(*TOY_STREETS, ROAD),
        walking={"horizon_min": 15},
        facilities=AT_A,
        residential=[
            estate("r1", spot(0, 201)),
            estate("r2", spot(50, 1000)),
            estate("r3", spot(900, 0)),
            estate("r4", None),
            estate("r5", spot(100, 0)),
        ],
        population=[
            people("p1", None, 10, 5),
            people("p2", spot(2000, 1000), 10, 5),
            people("p3", spot(100, 0), 10, 5),
        ],
        candidates=[nowhere, {"id": "c2", "name": "plot", "geometry": spot(0, 500)}],
    )
    found = places(study)
    assert dict(found["reason"]) == {
        "r1": OFF_STREET_TOO_FAR, "r2": "not_connected", "r3": "beyond_horizon",
        "r4": NO_GEOMETRY, "r5": "", "p1": NO_GEOMETRY, "p2": "not_connected", "p3": "",
        "c1": NO_GEOMETRY, "c2": OFF_STREET_TOO_FAR,
    }  # fmt: skip
    assert [*found.index[found["reachable"]]] == ["r5", "p3"]
    assert found.loc[~found["reachable"], "minutes"].isna().all()
    # Nobody can tell how much of an estate without a position is covered.
    assert np.isnan(found.loc["r4", "share"])


def test_without_a_facility_that_is_the_reason(tmp_path: Path) -> None:
    study = toy_study(tmp_path, residential=[estate("r1", spot(0, 0)), estate("r2", spot(0, 201))])
    assert [*places(study)["reason"]] == [NO_FACILITY, OFF_STREET_TOO_FAR]


def test_people_who_fit_nowhere_are_unlocated(tmp_path: Path) -> None:
    # The one estate in the unit has no households to take anybody in.
    study = toy_study(
        tmp_path, facilities=AT_A, residential=[estate("r1", spot(100, 10), households=0)],
        population=[people("p1", box(50, 0, 150, 50), 10, 5), people("p2", spot(0, 0), 90, 45)],
    )  # fmt: skip
    row = places(study).loc["p1"]
    assert (row["reason"], bool(row["reachable"])) == ("unlocated", False)
    assert np.isnan(float(row["share"]))


def test_the_unreachable_are_counted_whatever_the_reason(tmp_path: Path) -> None:
    crowd = [
        people("p1", spot(0, 201), 10, 1),
        people("p2", spot(50, 1000), 10, 2),
        people("p3", spot(900, 0), 10, 4),
        people("p4", spot(100, 0), 10, 8),
    ]
    study = toy_study(
        tmp_path, streets=(*TOY_STREETS, ROAD), walking={"horizon_min": 15}, facilities=AT_A,
        population=crowd,
    )  # fmt: skip
    coverage = evaluate(study).summary["coverage"]
    assert (coverage["unreachable_60plus"], coverage["covered_60plus"]) == (7, 8)
