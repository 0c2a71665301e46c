"""Places put on the streets of a study: what counts, what is left out, and what is said of it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from analysis.evaluation import Evaluation, evaluate
from analysis.study import Study
from analysis.walking.placing import Placed, place_study
from geo.errors import StreetsError
from geo.findings import Finding
from tests.conftest import TOY_STREETS

from .toy_study import (
    LANE,
    M_PER_MIN,
    Row,
    box,
    estate,
    facility,
    layer,
    people,
    spot,
    toy_study,
)


def placed(study: Study) -> Placed:
    return place_study(study, layer(people("p", spot(0, 0), 1, 1)).iloc[:0])


def about(findings: Sequence[Finding], name: str) -> list[str]:
    return [str(finding.message) for finding in findings if finding.layer == name]


def minutes_of(evaluation: Evaluation, place: str) -> float:
    return float(evaluation.places.set_index("place_id").loc[place, "minutes"])


# --- facilities that count -----------------------------------------------------------------------


def test_without_a_status_column_all_count_and_one_warning_gives_the_number(
    tmp_path: Path,
) -> None:
    care = [facility("f1", spot(0, 0)), facility("f2", spot(300, 0))]
    found = placed(toy_study(tmp_path, facilities=care))
    assert found.counted == ("f1", "f2")
    (warning,) = [f for f in found.findings if f.layer == "facilities"]
    assert warning.severity == "warning"
    assert "2" in str(warning.message)


def test_an_empty_status_cell_does_not_count_and_is_not_warned_of_as_a_column(
    tmp_path: Path,
) -> None:
    care = [
        facility("f1", spot(0, 0), status="operating"),
        facility("f2", spot(300, 0), status=None),
        facility("f3", spot(600, 0), status="misused"),
    ]
    found = placed(toy_study(tmp_path, facilities=care))
    assert found.counted == ("f1",)
    assert about(found.findings, "facilities") == []


def test_facilities_are_counted_in_the_order_of_their_ids(tmp_path: Path) -> None:
    care = [facility(name, spot(0, 0), status="operating") for name in ("f3", "f1", "f2")]
    study = toy_study(tmp_path, facilities=care, residential=[estate("r1", spot(100, 0))])
    assert placed(study).counted == ("f1", "f2", "f3")
    # All three are equally near: the smallest id is named.
    assert evaluate(study).places.loc[0, "nearest_facility_id"] == "f1"


def test_a_facility_without_a_position_is_found_and_left_out(tmp_path: Path) -> None:
    care = [
        facility("f1", spot(0, 0), status="operating"),
        facility("f2", None, status="operating"),
    ]
    found = placed(toy_study(tmp_path, facilities=care))
    assert found.counted == ("f1",)
    (message,) = about(found.findings, "facilities")
    assert "第 3 行" in message


def test_a_facility_beyond_the_cap_is_found(tmp_path: Path) -> None:
    care = [
        facility("f1", spot(0, 0), status="operating"),
        facility("f2", spot(0, -201), status="operating"),
    ]
    found = placed(toy_study(tmp_path, facilities=care))
    (message,) = about(found.findings, "facilities")
    assert ("care f2" in message, "第 3 行" in message) == (True, True)


def test_no_facility_that_counts_is_found(tmp_path: Path) -> None:
    care = [facility("f1", spot(0, 0), "care_home", status="operating")]
    (message,) = about(placed(toy_study(tmp_path, facilities=care)).findings, "facilities")
    assert "0" in message


def test_a_polygon_facility_stands_at_its_inner_point(tmp_path: Path) -> None:
    # A plot of 20 m x 20 m whose inner point is 10 m off the street, 10 m along.
    care = [facility("f1", box(0, 0, 20, 20), status="operating")]
    study = toy_study(tmp_path, facilities=care, residential=[estate("r1", spot(100, 0))])
    assert minutes_of(evaluate(study), "r1") == pytest.approx((90 + 10) / M_PER_MIN)


# --- streets that are stepped onto ---------------------------------------------------------------


def test_a_small_piece_of_street_is_not_stepped_onto_and_is_found(tmp_path: Path) -> None:
    # r1 stands on a lane of 100 m, 600 m from D; the 1,300 m of the toy city are the longest piece.
    study = toy_study(
        tmp_path,
        streets=(*TOY_STREETS, LANE),
        facilities=[facility("f1", spot(0, 0), status="operating")],
        residential=[estate("r1", spot(50, 1000)), estate("r2", spot(100, 0))],
    )
    (message,) = about(placed(study).findings, "streets")
    assert ("1 片" in message, "100 米" in message, "2000 米" in message) == (True, True, True)
    row = evaluate(study).places.set_index("place_id").loc["r1"]
    assert (row["reason"], bool(row["reachable"])) == ("off_street_too_far", False)


@pytest.mark.parametrize(
    ("category", "minutes"), [("day_care", 20 / M_PER_MIN), ("care_home", float("nan"))]
)
def test_a_small_piece_with_an_operating_facility_is_stepped_onto(
    tmp_path: Path, category: str, minutes: float
) -> None:
    # Any operating facility opens the lane, whether it counts for the circle or not.
    care = [
        facility("f1", spot(0, 0), status="operating"),
        facility("f2", spot(70, 1000), category, status="operating"),
    ]
    study = toy_study(
        tmp_path, streets=(*TOY_STREETS, LANE), facilities=care,
        residential=[estate("r1", spot(50, 1000)), estate("r2", spot(100, 0))],
    )  # fmt: skip
    evaluation = evaluate(study)
    assert minutes_of(evaluation, "r1") == pytest.approx(minutes, nan_ok=True)
    expected = "" if category == "day_care" else "not_connected"
    assert evaluation.places.set_index("place_id").loc["r1", "reason"] == expected


def test_a_small_piece_with_a_closed_facility_stays_shut(tmp_path: Path) -> None:
    care = [
        facility("f1", spot(0, 0), status="operating"),
        facility("f2", spot(70, 1000), status="closed"),
    ]
    study = toy_study(
        tmp_path, streets=(*TOY_STREETS, LANE), facilities=care,
        residential=[estate("r1", spot(50, 1000)), estate("r2", spot(100, 0))],
    )  # fmt: skip
    reason = evaluate(study).places.set_index("place_id").loc["r1", "reason"]
    assert reason == "off_street_too_far"


# --- entrances -----------------------------------------------------------------------------------


def test_an_estate_with_an_entrance_is_left_by_it(tmp_path: Path) -> None:
    # r1 is a plot of 80 m x 80 m above A-B; its gate is in the far corner, 100 m from the street.
    # 25 m cells at 112.5, 137.5, 162.5 along and 37.5, 62.5, 87.5 off: all leave by (180, 100),
    # then 100 m down to A-B at 180 m from A. The fifth of the nine legs to the gate is 64.9 m.
    study = toy_study(
        tmp_path,
        facilities=[facility("f1", spot(0, 0), status="operating")],
        residential=[estate("r1", box(100, 20, 180, 100)), estate("r2", spot(100, 0))],
        entrances=[{"id": "e1", "residential_id": "r1", "geometry": spot(180, 100)}],
    )
    row = evaluate(study).places.set_index("place_id").loc["r1"]
    legs = sorted(
        ((180 - x) ** 2 + (100 - y) ** 2) ** 0.5
        for x in (112.5, 137.5, 162.5)
        for y in (37.5, 62.5, 87.5)
    )
    assert row["minutes"] == pytest.approx((legs[4] + 100 + 180) / M_PER_MIN, abs=1e-4)
    assert row["off_street_m"] == pytest.approx(legs[4] + 100, abs=0.001)
    assert row["exit"] == "entrance"


def test_an_entrance_of_nobody_is_found_by_row_and_value(tmp_path: Path) -> None:
    study = toy_study(
        tmp_path,
        facilities=[facility("f1", spot(0, 0), status="operating")],
        residential=[estate("r1", spot(100, 0))],
        entrances=[{"id": "e1", "residential_id": "r9", "geometry": spot(180, 100)}],
    )
    (message,) = about(placed(study).findings, "entrances")
    assert ("第 2 行" in message, "r9" in message) == (True, True)


def test_an_entrance_without_a_position_is_no_way_out(tmp_path: Path) -> None:
    gates = [
        {"id": "e1", "residential_id": "r1", "geometry": None},
        {"id": "e2", "residential_id": "r1", "geometry": spot(180, 0)},
    ]
    study = toy_study(
        tmp_path,
        facilities=[facility("f1", spot(0, 0), status="operating")],
        residential=[estate("r1", spot(180, 40))],
        entrances=gates,
    )
    assert minutes_of(evaluate(study), "r1") == pytest.approx(220 / M_PER_MIN)


# --- streets that do not cover the study ---------------------------------------------------------

FAR = [estate(f"r{n}", spot(5000, 5000)) for n in (1, 2, 3)]
NEAR = [estate(f"r{n}", spot(100, 0)) for n in (4, 5, 6)]


def test_streets_that_miss_over_half_of_the_places_are_refused(tmp_path: Path) -> None:
    study = toy_study(tmp_path, residential=[*FAR, *NEAR[:2]])
    with pytest.raises(StreetsError) as refused:
        placed(study)
    (line,) = str(refused.value).splitlines()
    assert all(word in line for word in ("toy.geojson", "3/5", "200"))


def test_streets_that_miss_half_of_the_places_are_taken(tmp_path: Path) -> None:
    assert placed(toy_study(tmp_path, residential=[*FAR, *NEAR])).counted == ()


def test_facilities_do_not_say_whether_streets_cover_the_study(tmp_path: Path) -> None:
    care = [facility(f"f{n}", spot(5000, 5000), status="operating") for n in range(9)]
    study = toy_study(tmp_path, facilities=care, residential=NEAR)
    assert len(placed(study).counted) == 9


def test_an_estate_counts_once_however_many_cells_it_has(tmp_path: Path) -> None:
    # One wide estate far away, two spots near: one of three places is beyond the cap.
    study = toy_study(
        tmp_path, residential=[estate("r1", box(5000, 5000, 5500, 5500)), *NEAR[:2]]
    )
    placed(study)


def test_places_without_a_position_do_not_say_whether_streets_cover_the_study(
    tmp_path: Path,
) -> None:
    nowhere: list[Row] = [{"id": f"c{n}", "name": "plot", "geometry": None} for n in range(9)]
    placed(toy_study(tmp_path, residential=NEAR, candidates=nowhere))
