"""Edits of a scenario's tables make scenarios; what makes no sense is refused in a sentence."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.scenario import Opened, Scenario
from analysis.scenario_text import scenario_text
from analysis.what_if.gain_surface import GainSurface
from geo.errors import ScenarioError
from report.scenario_totals import is_best, opened_cost_wan
from tests.analysis.toy_study import spot, toy_study
from tests.conftest import METRIC
from ui.map.gain_layer import draw_gains, steps_of
from ui.siting.edits import (
    OPENED_MAX,
    opened_table,
    retitled,
    with_opened_table,
    without,
    without_walking,
)
from ui.siting.files import BYTES_MAX, scenario_of

ONE = Opened(name="一站", category="community_station", lon=118.9, lat=42.2)
AT_PLOT = Opened(name="二站", category="day_care", candidate_id="c1")
BOTH = Scenario(title="两处", open=(ONE, AT_PLOT))


def test_cells_rows_and_deletions_make_another_scenario() -> None:
    edits = {
        "edited_rows": {0: {"floor_area_m2": 200.0, "name": "甲站"}},
        "added_rows": [{"name": "丙", "category": "embedded", "lon": 118.8, "lat": 42.3}, {}],
        "deleted_rows": [1],
    }
    made = with_opened_table(BOTH, edits)
    assert [each.name for each in made.open] == ["甲站", "丙"]
    assert made.open[0].floor_area_m2 == 200.0
    assert made.open[0].lon == ONE.lon
    assert opened_table(made)["category"].to_list() == ["community_station", "embedded"]


def test_a_candidate_that_is_given_a_position_is_none_any_more() -> None:
    made = with_opened_table(BOTH, {"edited_rows": {1: {"lon": 118.7, "lat": 42.1}}})
    assert made.open[1].candidate_id is None
    assert with_opened_table(BOTH, {"edited_rows": {1: {"beds": 9}}}).open[1].candidate_id == "c1"


@pytest.mark.parametrize(
    "edits",
    [
        {"edited_rows": {0: {"name": None}}},
        {"edited_rows": {0: {"category": "castle"}}},
        {"edited_rows": {0: {"lon": 500.0}}},
        {"edited_rows": {1: {"lon": 118.0}}},
        {"edited_rows": {0: {"floor_area_m2": -1.0}}},
        {"added_rows": [{"name": "丙", "category": "embedded"}]},
        {"added_rows": [ONE.model_dump()] * OPENED_MAX},
    ],
)
def test_what_no_facility_can_be_is_refused(edits: dict[str, object]) -> None:
    with pytest.raises(ScenarioError) as refused:
        with_opened_table(BOTH, edits)
    assert len(refused.value.messages) == 1


def test_one_change_is_taken_out_and_no_other() -> None:
    scenario = Scenario(close=("f1", "f2", "f3"), walking={"limit_min": 8.0, "snap_max_m": 90.0})
    assert without(scenario, "close", 1).close == ("f1", "f3")
    assert without_walking(scenario, "limit_min").walking == {"snap_max_m": 90.0}
    assert retitled(scenario, "  新 名 ").title == "新 名"
    with pytest.raises(ScenarioError):
        retitled(scenario, " ")


def test_an_uploaded_scenario_says_what_it_said() -> None:
    assert scenario_of("a.toml", scenario_text(BOTH).encode()) == BOTH


@pytest.mark.parametrize(
    "content",
    [b"a = " + b"[" * 100_000, b"a = " + b"1" * 5000, b"\xff\xfe", b"title = ", b"castle = 1",
     b'[[open]]\nname = "x"\ncategory = "y"', b" " * (BYTES_MAX + 1)],
    ids=["deep", "long number", "no text", "no toml", "unknown", "no category", "large"],
)
def test_what_is_no_scenario_is_refused(content: bytes) -> None:
    with pytest.raises(ScenarioError) as refused:
        scenario_of("../../x.toml", content)
    assert {str(line)[:6] for line in refused.value.messages} == {"x.toml"}


def test_the_best_of_a_row_is_marked_and_ties_share_it() -> None:
    assert is_best(pd.Series([10.0, 30, 30.2]), "covered_60plus").tolist() == [False, True, True]
    assert is_best(pd.Series([50.0, np.nan, 20]), "deficit_m2").tolist() == [False, False, True]
    assert not is_best(pd.Series([7.0, 7.0]), "covered_60plus").any()
    assert not is_best(pd.Series([np.nan, 7.0]), "covered_60plus").any()
    assert not is_best(pd.Series([1.0, 9.0]), "opened").any()


def test_costs_are_known_where_every_site_has_one(tmp_path_factory: pytest.TempPathFactory) -> None:
    plots = ({"id": "c1", "name": "a", "cost_wan": 20.0, "geometry": spot(0, 0)},
             {"id": "c2", "name": "b", "cost_wan": None, "geometry": spot(0, 0)})  # fmt: skip
    study = toy_study(tmp_path_factory.mktemp("costs"), candidates=plots)
    costs = [
        opened_cost_wan(Scenario(open=opened), study)
        for opened in ((AT_PLOT, AT_PLOT), (AT_PLOT, ONE), ())
    ]
    assert costs[0] == 40.0
    assert np.isnan(costs[1])
    assert costs[2] == 0.0


def test_squares_hold_their_spots_and_the_most_are_darkest() -> None:
    here = spot(50, 50)
    x = np.array([here.x, here.x + 300, here.x + 600])
    surface = GainSurface(x, np.full(3, here.y), np.array([100.0, 0.0, 3.0]), np.zeros(3))
    top = pd.DataFrame({"lon": [118.0], "lat": [42.0], "gain_60plus": [100.0]})
    told = json.loads(draw_gains(surface, top, METRIC))
    assert [cell[1] for cell in told["cells"]] == [100, 3]  # where nobody is helped is no square
    assert told["cells"][0][0] == len(told["classes"]) - 1
    assert told["cells"][1][0] == 0
    assert len(told["spots"]) == 1


def test_steps_are_round_and_rise() -> None:
    assert steps_of(np.array([3000.0, 5.0])) == [200.0, 600.0, 1000.0, 2000.0]
    assert steps_of(np.zeros(0)) == []
