"""Scenarios beside a study: numbered files that the terminal reads too."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest

import analysis.kept_scenarios as kept_module
from analysis.kept_scenarios import (
    drop_scenario,
    keep_new,
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


def test_of_two_who_begin_one_at_once_neither_loses_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, both_looked = tmp_path / "city.study.toml", Barrier(2)

    def look(study: Path) -> Sequence[int]:
        numbers = kept_numbers(study)
        both_looked.wait(10)  # nobody has written yet
        return numbers

    with monkeypatch.context() as patch, ThreadPoolExecutor(2) as pool:
        patch.setattr(kept_module, "kept_numbers", look)
        numbers = list(pool.map(partial(keep_scenario, study), (FIRST, SECOND)))
    assert sorted(numbers) == [1, 2]
    assert {each.title for each in kept_scenarios(study)[0]} == {"方案一", "方案二"}


def test_a_title_made_of_the_number_is_made_of_the_one_that_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = tmp_path / "city.study.toml"
    monkeypatch.setattr(kept_module, "kept_numbers", lambda _study: ())  # looked before the other
    begun = [keep_new(study, lambda number: Scenario(title=f"方案{number}")) for _ in range(2)]
    assert [(number, scenario.title) for number, scenario in begun] == [(1, "方案1"), (2, "方案2")]
    monkeypatch.undo()
    assert [(each.number, each.title) for each in kept_scenarios(study)[0]] == [
        (1, "方案1"), (2, "方案2"),
    ]  # fmt: skip
