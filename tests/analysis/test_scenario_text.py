"""A scenario written as TOML is the scenario read back from it."""

from pathlib import Path

from analysis.scenario import Scenario
from analysis.scenario_text import read_scenario, scenario_text


def back(scenario: Scenario, folder: Path) -> Scenario:
    file = folder / "scenario.toml"
    file.write_text(scenario_text(scenario), encoding="utf-8")
    return read_scenario(file)


def test_everything_a_scenario_says_comes_back(tmp_path: Path) -> None:
    scenario = Scenario.model_validate(
        {
            "title": '增设"一处"\n两处',
            "open": [
                {"name": "新站", "category": "embedded", "lon": 118.1, "lat": 42.123456789012345},
                {"name": "c", "category": "day_care", "candidate_id": "c1", "beds": 30},
            ],
            "close": ["f1", "f2"],
            "move": [{"facility_id": "f3", "lon": 1e-7, "lat": -2.0}],
            "resize": [{"facility_id": "f4", "floor_area_m2": 300.5}],
            "link": [{"from": [118.0, 42.0], "to": [118.1, 42.0]}],
            "gate": [{"residential_id": "r1", "lon": 118.0, "lat": 42.0}],
            "block": [{"line": [[118.0, 42.0], [118.1, 42.0], [118.2, 42.0]]}],
            "walking": {
                "limit_min": 10.0, "categories": ["day_care"], "through_estates": True,
            },
        }
    )  # fmt: skip
    assert back(scenario, tmp_path).model_dump() == scenario.model_dump()


def test_the_baseline_comes_back(tmp_path: Path) -> None:
    assert back(Scenario(), tmp_path).model_dump() == Scenario().model_dump()
