"""A report under a scenario: every gain with what it is upon, every measure in words."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.evaluation import evaluate
from analysis.scenario import Gated, Linked, Moved, Opened, Scenario, apply
from analysis.siting.asked import Asked
from report.briefing.content import Briefing
from report.briefing.making import brief
from report.briefing.material import gather
from report.scenario_lines import scenario_lines
from tests.analysis.toy_study import spot
from tests.analysis.what_if_city import city, degrees, full_city, pair

# f2 is closed: 30 people at E are out of reach; at D one is opened: 10 people there are within.
TRIED = Scenario(
    title="试", close=("f2",), open=(Opened(name="新", category="day_care", **degrees(300, 400)),)
)
PLOT_AT_E = {"id": "c1", "name": "东头", "cost_wan": 20.0, "geometry": spot(900, 0)}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Briefing:
    study = city(tmp_path_factory.mktemp("scenario"), candidates=(PLOT_AT_E,))
    under = evaluate(apply(TRIED, study), draw="when asked")
    return brief(gather(under, asked=Asked(count=1), scenario=TRIED,
                        baseline=evaluate(study, draw="when asked")))  # fmt: skip


def test_the_proposal_holds_the_scenario_that_it_is_built_upon(told: Briefing) -> None:
    """One opened and one closed, then one more opened; the first has no cost, so no sum has."""
    rows = told.tables["options"].rows
    assert list(rows["label"]) == ["现状", "试", "情景加建议方案"]
    assert list(rows["opened"]) == [0, 1, 2]
    assert list(rows["closed"]) == [0, 1, 1]
    assert list(rows["covered_change"]) == [0, 10 - 30, 10]
    assert rows["cost_wan"].iloc[0] == 0
    assert rows["cost_wan"].iloc[1:].isna().all()
    assert [row[3] for row in told.tables["options"].texts()] == ["0", "–", "–"]


def test_a_gain_stands_with_both_of_its_bases(told: Briefing) -> None:
    """The site at E wins back the 30; with the 10 at D that is 10 more than before both."""
    both = "比情景多30人，比现状多10人"
    assert told.tables["projects"].total is not None
    assert told.tables["projects"].total["gain_60plus"] == 30
    for said in (
        told.tables["projects"].told(["gain_60plus"]), told.tables["options"].note,
        told.assertions["sites"].said, told.assertions["projects"].said, told.headline[-1],
    ):  # fmt: skip
        assert both in str(said)
    assert str(told.assertions["options"].said).endswith("比现状多10人可达，比情景多30人")
    assert [str(stage.told) for stage in told.stages] == ["情景", "情景加建议1处建成后"]


def test_what_is_closed_keeps_the_name_of_its_ledger(told: Briefing) -> None:
    assert "关闭：care f2（f2）" in str(told.chapters[0].parts[0])


def test_places_are_told_in_words_with_their_degrees(tmp_path: Path) -> None:
    """A gate by the street of its estate, an end of a way by its street and the nearest estate."""
    lon, lat = pair(460, 10)
    scenario = Scenario(
        gate=(Gated(residential_id="r1", lon=lon, lat=lat),),
        link=(Linked.model_validate({"from": pair(700, 0), "to": pair(2400, 0)}),),
        move=(Moved(facility_id="f1", **degrees(3000, 0)),),
    )
    lines = [str(line) for line in scenario_lines(scenario, full_city(tmp_path))]

    def at(x: float, y: float) -> str:
        here = degrees(x, y)
        return f"{here['lon']:.6f}, {here['lat']:.6f}"

    assert lines == [
        f"移动：care f1（f1） 到 {at(3000, 0)}",
        f"新通道 1：area s2“estate r2”附近（{at(700, 0)}） 到 {at(2400, 0)}",
        f"新出入口：estate r1（r1），area s2（{lon:.6f}, {lat:.6f}）",
    ]


def test_an_id_without_a_name_stands_alone(tmp_path: Path) -> None:
    study = city(tmp_path)
    ledger = study.layers["facilities"].assign(name=pd.NA)
    nameless = replace(study, layers={**study.layers, "facilities": ledger})
    lines = scenario_lines(Scenario(close=("f2",)), nameless)
    assert [str(line) for line in lines] == ["关闭：f2"]
