"""A what-if in the state of any scenario leaves the one it comes from as it is."""

from pathlib import Path

from analysis.evaluation import evaluate
from analysis.scenario import Scenario, apply
from analysis.what_if.gain_surface import gain_surface
from analysis.what_if.live import Live
from analysis.what_if.side_by_side import compare_evaluations, compare_scenarios
from tests.analysis.what_if_city import city, require_as_evaluated


def test_the_state_is_the_scenario_and_the_other_stays(tmp_path: Path) -> None:
    study = city(tmp_path)
    live, without = Live(evaluate(study, draw="when asked")), Scenario(close=("f2",))
    there = live.at(without)
    require_as_evaluated(there, study)
    assert there.scenario == without
    assert live.scenario == Scenario()
    assert gain_surface(there).gain.max() > gain_surface(live).gain.max()


def test_evaluations_stand_side_by_side_as_their_scenarios_do(tmp_path: Path) -> None:
    study, without = city(tmp_path), Scenario(title="ohne", close=("f2",))
    base, other = (evaluate(each, draw="when asked") for each in (study, apply(without, study)))
    told = compare_evaluations(base, [("ohne", other)])
    same = compare_scenarios(study, [without])
    assert told.labels == same.labels
    assert told.rows.equals(same.rows)
