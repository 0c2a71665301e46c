"""Tables of scenarios side by side: a column each, whatever a scenario is called."""

import pytest

from analysis.evaluation import Evaluation, evaluate
from analysis.scenario import Scenario, apply
from analysis.study import Study
from analysis.what_if.side_by_side import compare_evaluations
from tests.analysis.what_if_city import PEOPLE, city
from ui.siting.comparing import beside, streets_table, totals_table

WITHOUT = Scenario(title="x", close=("f2",))


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Evaluation, Evaluation]:
    study = city(tmp_path_factory.mktemp("toy"), population=PEOPLE)
    return study, evaluate(study), evaluate(apply(WITHOUT, study))


@pytest.mark.parametrize("titles", [
    ("项目", "街道", "60岁以上"), ("现状", "现状", "baseline"), ("项目", "项目（1）", "甲"),
    ("甲\u200b", "甲\u200c", "甲"),
])  # fmt: skip
def test_every_scenario_has_a_column_of_its_own(
    toy: tuple[Study, Evaluation, Evaluation], titles: tuple[str, ...]
) -> None:
    study, before, after = toy
    side = compare_evaluations(before, [(title, after) for title in titles])
    scenarios = [WITHOUT.model_copy(update={"title": title}) for title in titles]
    told = beside(study, side, scenarios)
    totals, streets = totals_table(told), streets_table(told)
    assert list(totals.columns)[:2] == ["项目", "现状"]
    assert list(streets.columns)[:3] == ["街道", "60岁以上", "现状"]
    assert list(totals.columns)[2:] == list(streets.columns)[3:]
    assert len(set(totals.columns)) == 5
    # Of 73, 5 people at A, 20 at 100 m and 8 beside the lane are left to f1; edges are unknown.
    assert totals.iloc[1, 2:].tolist() == ["≥33"] * 3
