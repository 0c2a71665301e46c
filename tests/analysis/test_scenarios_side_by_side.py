"""Scenarios side by side: street by street, with what each differs by, from files as well."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.evaluation import evaluate
from analysis.periods.snapshot import Snapshot, read_snapshot
from analysis.scenario import Scenario, apply
from analysis.study import Study, load_study
from analysis.what_if.side_by_side import (
    SideBySide,
    are_scenarios,
    compare_folders,
    compare_scenarios,
)
from geo.errors import PlanningError, ScenarioError
from report.scenario_files import write_scenarios
from report.tables import write_tables
from tests.analysis.toy_study import estate, facility, spot
from tests.analysis.two_periods import EARLIER, LATER, files_of
from tests.analysis.what_if_city import city

# r1 is served by f1, which has 5 m² for its 100 households, who are owed 20; r2 has no room.
CARE = {"care_floor_area_m2": 0.0, "care_area_basis": "building", "care_status": "operating"}
ESTATES = (
    estate("r1", spot(100, 20), street="area s1"),
    estate("r2", spot(880, 20), street="area s2", **CARE),
    estate("r3", spot(500, 20), street="elsewhere", **CARE),
)
FACILITIES = (
    facility("f1", spot(0, 0), floor_area_m2=5.0, serves="r1", status="operating"),
    facility("f2", spot(600, 0), status="operating"),
)
LARGER = Scenario.model_validate(
    {"title": "larger", "resize": [{"facility_id": "f1", "floor_area_m2": 30.0}]}
)
CLOSED = Scenario(title="closed", close=("f2",))


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return city(tmp_path_factory.mktemp("sides"), facilities=FACILITIES, residential=ESTATES)


@pytest.fixture(scope="module")
def compared(study: Study) -> SideBySide:
    return compare_scenarios(study, [CLOSED, LARGER])


def test_the_baseline_comes_first_and_the_others_differ_from_it(compared: SideBySide) -> None:
    assert compared.labels == ("baseline", "closed", "larger")
    table = compared.table.set_index("area_id")
    assert [*table.index] == ["ALL", "s1", "s2", "OUTSIDE"]
    assert table["covered_60plus baseline"].tolist() == [63, 33, 30, 0]
    assert table["covered_60plus closed"].tolist() == [33, 33, 0, 0]
    assert table["covered_change closed"].tolist() == [-30, 0, -30, 0]
    assert table["covered_change larger"].tolist() == [0, 0, 0, 0]
    assert table.loc["ALL", "share_change closed"] == pytest.approx(33 / 73 - 63 / 73)
    assert "covered_change baseline" not in table


def test_deficits_by_hand(compared: SideBySide) -> None:
    table = compared.table.set_index("area_id")
    # 20 - 5 m² in r1, 20 in r2, 20 in the estate of a street that is none of the study's.
    assert table["deficit_m2 baseline"].tolist() == [55, 15, 20, 20]
    assert table["deficit_m2 larger"].tolist() == [40, 0, 20, 20]
    assert table["deficit_change larger"].tolist() == [-15, -15, 0, 0]
    assert table["deficit_change closed"].tolist() == [0, 0, 0, 0]


def test_parts_add_up_and_agree_with_whole_evaluations(
    study: Study, compared: SideBySide
) -> None:
    for scenario in (CLOSED, LARGER):
        rows = compared.rows[compared.rows["label"] == scenario.title].reset_index(drop=True)
        full = evaluate(apply(scenario, study), draw="when asked")
        told = full.coverage[full.coverage["level"].isin(["study", "street"])]
        for name in ("covered_60plus", "share_60plus"):
            assert np.array_equal(
                rows[name].astype(float), told[name].astype(float), equal_nan=True
            )
        assert rows["deficit_m2"][0] == pytest.approx(full.summary["provision"]["deficit_m2"])
        for name in ("elderly_60plus", "covered_60plus", "deficit_m2"):
            assert rows[name][1:].sum() == pytest.approx(rows[name][0])


def test_titles_that_are_missing_or_alike_are_told_apart(study: Study) -> None:
    compared = compare_scenarios(study, [CLOSED, CLOSED, Scenario()])
    assert compared.labels == ("baseline", "closed", "closed (2)", "scenario 3")


def test_what_no_estate_knows_is_empty(tmp_path: Path) -> None:
    compared = compare_scenarios(city(tmp_path), [CLOSED])
    assert compared.rows[["deficit_m2", "deficit_change"]].isna().all(axis=None)


def test_estates_that_name_no_street_leave_the_streets_empty(tmp_path: Path) -> None:
    nameless = [{key: each[key] for key in each if key != "street"} for each in ESTATES]
    compared = compare_scenarios(city(tmp_path, facilities=FACILITIES, residential=nameless), [])
    assert compared.table["deficit_m2 baseline"].isna().tolist() == [False, True, True, True]


def test_a_wrong_scenario_is_refused_before_anything_is_evaluated(study: Study) -> None:
    told: list[float] = []
    with pytest.raises(ScenarioError):
        compare_scenarios(
            study, [Scenario(close=("f9",))], progress=lambda _what, part: told.append(part)
        )
    assert told == []


def folder_of(study: Study, to: Path) -> Snapshot:
    write_tables(evaluate(study, draw="when asked"), to)
    return read_snapshot(to)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Snapshot]:
    base = tmp_path_factory.mktemp("folders")
    study = load_study(files_of(base, LATER, facilities=FACILITIES))
    slow = Scenario.model_validate({"title": "slow", "walking": {"speed_m_per_s": 0.6}})
    other = study.with_walking(limit_min=8.0)
    return {
        "baseline": folder_of(study, base / "one"),
        "closed": folder_of(apply(CLOSED, study), base / "two"),
        "slow": folder_of(apply(slow, study), base / "three"),
        "other": folder_of(apply(CLOSED, other), base / "four"),
    }


def test_folders_give_the_same_table_in_any_order(folders: dict[str, Snapshot]) -> None:
    compared = compare_folders([folders[name] for name in ("closed", "slow", "baseline")])
    assert compared.labels == ("baseline", "closed", "slow")
    study = load_study(folders["baseline"].study_file)
    walked = {"title": "slow", "walking": {"speed_m_per_s": 0.6}}
    whole = compare_scenarios(study, [CLOSED, Scenario.model_validate(walked)])
    assert compared.labels == whole.labels
    assert [*compared.table.columns] == [*whole.table.columns]
    for name in whole.table.columns:
        ours, theirs = compared.table[name], whole.table[name]
        if name.split(" ")[0] in ("level", "area_id", "name"):
            assert ours.fillna("").tolist() == theirs.tolist()
        else:
            same = np.allclose(
                ours.astype(float), theirs.astype(float), atol=0.0011, equal_nan=True
            )
            assert same, name


def test_folders_of_one_study_are_told_from_periods(
    folders: dict[str, Snapshot], tmp_path: Path
) -> None:
    assert are_scenarios(folders["baseline"], folders["closed"])
    assert are_scenarios(folders["slow"], folders["closed"])
    assert not are_scenarios(folders["baseline"], folders["baseline"])
    assert are_scenarios(folders["baseline"], folders["other"])  # another limit as well
    earlier = folder_of(
        load_study(files_of(tmp_path, EARLIER, facilities=FACILITIES)), tmp_path / "out"
    )
    assert not are_scenarios(earlier, folders["closed"])
    with pytest.raises(PlanningError, match="不是同一研究的情景"):
        compare_folders([earlier, folders["closed"]])


def test_the_files_hold_the_table(compared: SideBySide, tmp_path: Path) -> None:
    files = write_scenarios(compared, tmp_path / "out")
    assert [file.name for file in files] == ["scenarios.csv", "scenarios.json"]
    table = pd.read_csv(files[0], encoding="utf-8-sig")
    assert table["covered_change closed"].tolist() == [-30, 0, -30, 0]
    content = json.loads(files[1].read_text(encoding="utf-8"))
    assert content["scenarios"] == ["baseline", "closed", "larger"]
    assert content["rows"][0]["covered_60plus"] == 63
    assert content["rows"][3]["share_60plus"] is None
