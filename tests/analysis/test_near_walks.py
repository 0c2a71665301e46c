"""Walks that proposals and remedies ask for, worked out by hand on the toy streets."""

from pathlib import Path

import numpy as np
import pytest

from analysis.people.locating import locate_people
from analysis.study import Study
from analysis.walking.near_walks import near_walks
from analysis.walking.placing import Placed, place_study
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
    told = near.facilities.sort_values(["estate", "facility"])
    # r2 stands 300 m from both; r1's cells lie 12.5, 37.5, 62.5 and 87.5 m along the street and
    # 12.5 m beside it: the second shortest walk to f1 is 300 - 62.5 + 12.5 = 250 m.
    assert told[["estate", "facility"]].to_numpy().tolist() == [[0, 0], [1, 0], [1, 1]]
    assert told["minutes"].to_numpy() == pytest.approx(
        np.array([250, 300, 300]) / M_PER_MIN, abs=1e-3
    )
    there = near.candidates.sort_values("estate")
    assert there[["estate", "candidate"]].to_numpy().tolist() == [[0, 1], [1, 1]]
    assert there["minutes"].to_numpy() == pytest.approx(np.array([550, 0]) / M_PER_MIN, abs=1e-3)


def test_facilities_are_asked_within_the_pooling_walk_only(study: Study) -> None:
    near = near_walks(study, placed_of(study), pool_walk_min=5)  # 270 m
    assert near.facilities[["estate", "facility"]].to_numpy().tolist() == [[0, 0]]
    assert len(near.candidates) == 2


def test_without_facilities_and_candidates_there_are_no_walks(tmp_path: Path) -> None:
    study = toy_study(tmp_path, residential=[estate("r1", box(0, 0, 100, 25))])
    near = near_walks(study, placed_of(study), pool_walk_min=5)
    assert near.facilities.empty
    assert near.candidates.empty
