"""Scenarios beside a study: numbered files that the terminal reads too."""

from pathlib import Path

from analysis.kept_scenarios import (
    drop_scenario,
    keep_scenario,
    kept_numbers,
    kept_scenarios,
    scenario_file,
)
from analysis.scenario import Scenario
from analysis.scenario_text import read_scenario

FIRST = Scenario(title="方案一", close=("f1",))
SECOND = Scenario(title="方案二", close=("f2",))


def test_scenarios_are_files_beside_the_study_by_number(tmp_path: Path) -> None:
    study = tmp_path / "city.study.toml"
    assert [keep_scenario(study, each) for each in (FIRST, SECOND)] == [1, 2]
    assert read_scenario(tmp_path / "city.scenario-1.toml") == FIRST
    assert [(kept.number, kept.title) for kept in kept_scenarios(study)[0]] == [
        (1, "方案一"), (2, "方案二"),
    ]


def test_a_number_set_free_is_given_again_and_others_stay(tmp_path: Path) -> None:
    study = tmp_path / "city.study.toml"
    for each in (FIRST, SECOND):
        keep_scenario(study, each)
    drop_scenario(study, 1)
    assert list(kept_numbers(study)) == [2]
    assert keep_scenario(study, SECOND.model_copy(update={"title": "方案三"})) == 1
    assert read_scenario(scenario_file(study, 2)) == SECOND


def test_files_of_other_studies_and_other_names_are_no_scenarios(tmp_path: Path) -> None:
    study = tmp_path / "city.study.toml"
    for name in ("cities.scenario-1.toml", "city.scenario-0.toml", "city.scenario-01.toml",
                 "city.scenario-x.toml", "city.scenario-1.toml.part", "city.scenario-123456.toml"):
        (tmp_path / name).write_text('title = "x"', encoding="utf-8")
    assert list(kept_numbers(study)) == []
    assert keep_scenario(study, FIRST) == 1


def test_one_that_cannot_be_read_is_told_and_hides_no_other(tmp_path: Path) -> None:
    study = tmp_path / "city.study.toml"
    keep_scenario(study, FIRST)
    scenario_file(study, 2).write_text("close = 3", encoding="utf-8")
    kept, refused = kept_scenarios(study)
    assert [each.number for each in kept] == [1]
    assert "city.scenario-2.toml" in str(refused[0])
