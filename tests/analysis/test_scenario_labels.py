"""What scenarios beside one another are called: each name once, whatever their titles are."""

from pathlib import Path

import pytest

from analysis.scenario import Scenario
from analysis.what_if.side_by_side import compare_scenarios
from tests.analysis.toy_study import facility, spot
from tests.analysis.what_if_city import city


@pytest.mark.parametrize(
    ("titles", "labels"),
    [
        # A second A would be "A (3)" by its place, which is another's title: the next number.
        (["A (3)", "A", "A"], ["A (3)", "A", "A (4)"]),
        (["A", "A", "A (2)"], ["A", "A (3)", "A (2)"]),
        (["A", "A", "A"], ["A", "A (2)", "A (3)"]),
        (["", "scenario 1"], ["scenario 1", "scenario 1 (2)"]),
        (["baseline", "现状"], ["baseline (1)", "现状 (2)"]),
    ],
)
def test_every_scenario_has_a_name_of_its_own(
    tmp_path: Path, titles: list[str], labels: list[str]
) -> None:
    study = city(tmp_path, facilities=[facility("f1", spot(0, 0))])
    closed = [Scenario(title=title, close=("f1",)) for title in titles]
    compared = compare_scenarios(study, closed)
    assert compared.labels == ("baseline", *labels)
    table = compared.table.set_index("area_id")
    assert table.columns.is_unique
    first = table.loc["ALL", "covered_60plus baseline"]
    assert first > 0
    for label in labels:
        assert table.loc["ALL", f"covered_change {label}"] == -first
