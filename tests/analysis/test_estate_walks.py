"""Walks from estates to facilities: the lower median of the cells, and only within the limit."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.estate_walks import estate_walks
from analysis.near_walks import near_walks
from analysis.people import locate_people
from analysis.placing import Placed, place_study
from analysis.reach import lower_medians
from analysis.study import Study
from geo.travel import nearest_facility
from tests.analysis.toy_study import M_PER_MIN, box, estate, facility, spot, toy_study


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Give a street of 900 m with an estate of four cells and one at a point."""
    return toy_study(
        tmp_path,
        residential=[estate("r1", box(0, 0, 100, 25)), estate("r2", spot(600, 0))],
        facilities=[
            facility("f1", spot(300, 0), status="operating"),
            facility("f2", spot(900, 0), status="planned"),
            facility("f3", None, status="operating"),
        ],
        candidates=[
            {"id": "c0", "name": "c0", "geometry": None},
            {"id": "c1", "name": "c1", "geometry": spot(600, 0)},
        ],
    )


def placed_of(study: Study) -> Placed:
    located = locate_people(study.layers, people=study.description.people, household_size=2.5)
    return place_study(study, located.homes[located.estate < 0])


def test_near_walks_by_hand(study: Study) -> None:
    near = near_walks(study, placed_of(study), pool_walk_min=5.6)
    walks = near.facilities.set_index(["estate", "facility"])["minutes"]
    # r2 stands 300 m from both; r1's cells lie 12.5, 37.5, 62.5 and 87.5 m along the street and
    # 12.5 m beside it: the second shortest walk to f1 is 300 - 62.5 + 12.5 = 250 m.
    assert walks.index.tolist() == [(0, 0), (1, 0), (1, 1)]
    assert walks.to_numpy() == pytest.approx(np.array([250, 300, 300]) / M_PER_MIN, abs=1e-3)
    there = near.candidates.set_index(["estate", "candidate"])["minutes"]
    assert there.index.tolist() == [(0, 1), (1, 1)]
    assert there.to_numpy() == pytest.approx(np.array([550, 0]) / M_PER_MIN, abs=1e-3)


@pytest.mark.parametrize(("metres", "found"), [(249.9, 0), (250.1, 1)])
def test_half_of_the_cells_must_be_within_the_limit(
    study: Study, metres: float, found: int
) -> None:
    placed = placed_of(study)
    walks = estate_walks(placed, placed.facilities, limit_mm=int(metres * 1000), count=2)
    assert len(walks) == found


def test_walks_are_those_of_one_facility_after_the_other(study: Study) -> None:
    placed = placed_of(study)
    walks = estate_walks(placed, placed.facilities, limit_mm=10_000_000, count=2)
    alone = nearest_facility(placed.graph, placed.facilities, placed.exits, horizon_mm=10_000_000)
    medians = lower_medians(placed, alone.walk_mm, count=2)
    pd.testing.assert_series_equal(
        walks.set_index("estate")["walk_mm"], pd.Series(medians, name="walk_mm"), check_names=False
    )


def test_without_facilities_and_candidates_there_are_no_walks(tmp_path: Path) -> None:
    study = toy_study(tmp_path, residential=[estate("r1", box(0, 0, 100, 25))])
    near = near_walks(study, placed_of(study), pool_walk_min=5)
    assert near.facilities.empty
    assert near.candidates.empty
