"""A facility that allocates 0 m² to estates is no second ledger: what they say of themselves holds.

100 households owe 20 m². The facility has 300 m², stands inside the estate and operates.
"""

from pathlib import Path

import pandas as pd
import pytest

from analysis.evaluation import evaluate
from analysis.scenario import Opened, Scenario, apply
from analysis.study import Study
from tests.analysis.toy_study import Row, box, estate, facility, spot, toy_study

TOLD = {"care_area_basis": "building", "care_status": "operating"}


def study_of(folder: Path, area_m2: float | None, *facilities: Row) -> Study:
    block = estate("r1", box(50, -50, 150, 50), care_floor_area_m2=area_m2, **TOLD)
    return toy_study(folder, residential=[block], facilities=[*facilities])


def judged(study: Study) -> pd.Series:
    row = evaluate(study, draw="when asked").provision.iloc[0]
    return row[["verdict", "provided_m2", "deficit_m2", "reasons"]]


@pytest.mark.parametrize("area_m2", [75.8, 12.0, 0.0, None])
def test_one_that_claims_nothing_changes_nothing(tmp_path: Path, area_m2: float | None) -> None:
    far = facility("f1", spot(900, 0), status="operating")
    room = {"status": "operating", "floor_area_m2": 300.0}
    beside = facility("f2", spot(100, 0), allocated_m2=0.0, **room)
    named = facility("f2", spot(100, 0), allocated_m2=0.0, serves="r1", **room)
    alone = judged(study_of(tmp_path, area_m2, far))
    expected = {75.8: "met", 12.0: "short", 0.0: "short", None: "unknown"}
    assert alone["verdict"] == expected[area_m2]
    for other in (beside, named):
        pd.testing.assert_series_equal(judged(study_of(tmp_path, area_m2, far, other)), alone)


def test_a_claim_still_counts_beside_one_that_claims_nothing(tmp_path: Path) -> None:
    here = {"geometry": spot(100, 0), "status": "operating", "floor_area_m2": 300.0}
    none = {**facility("f2", **here), "allocated_m2": 0.0}
    some = {**facility("f3", **here), "allocated_m2": 30.0}
    row = judged(study_of(tmp_path, None, none, some))
    assert (row["verdict"], row["provided_m2"]) == ("met", 30.0)


def test_a_site_opened_inside_an_estate_leaves_its_verdict(tmp_path: Path) -> None:
    study = study_of(tmp_path, 75.8, facility("f1", spot(900, 0), status="operating"))
    lon_lat = study.layers["residential"].geometry.centroid.to_crs("EPSG:4326").iloc[0]
    site = Opened(
        name="new", category="day_care", lon=lon_lat.x, lat=lon_lat.y, floor_area_m2=300.0,
        allocated_m2=0.0,
    )  # fmt: skip
    opened = apply(Scenario(open=(site,)), study)
    pd.testing.assert_series_equal(judged(opened), judged(study))
