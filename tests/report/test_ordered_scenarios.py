"""Scenarios kept beside a study, as the papers tell of them: each by its own name, none lost."""

from pathlib import Path

import pytest

from analysis.scenario import Scenario
from analysis.scenario_text import read_scenario
from geo.errors import PlanningError
from report import ordering
from report.apart import make_apart
from report.briefing.content import Briefing
from report.ordering import Order, fulfil
from tests.analysis.toy_study import write_study
from tests.analysis.what_if_city import city

KEPT = (
    'close = ["f2"]\n',  # without a title
    'title = "方案"\nclose = ["f1"]\n',
    'title = "方案"\nclose = ["f2"]\n',
    "title = broken\n",
    'title = "现状"\nclose = ["f1"]\n',
    'title = "建议方案"\nclose = ["f1"]\n',
    'title = "去年的"\nclose = ["f9"]\n',  # which is not there any more
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Briefing:
    folder = tmp_path_factory.mktemp("kept")
    study = write_study(city(folder), folder / "files")
    for number, text in enumerate(KEPT, 1):
        file = study.with_name(f"toy.scenario-{number}.toml")
        file.write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ordering, "write_documents", lambda *_, **__: [])
        return fulfil(Order(study, count=0), folder / "out")[1]


def test_every_kept_scenario_bears_its_own_name(told: Briefing) -> None:
    assert list(told.tables["options"].rows["label"]) == [
        "现状", "toy.scenario-1.toml", "方案（情景2）", "方案（情景3）", "现状（情景5）",
        "建议方案（情景6）",
    ]  # fmt: skip


def test_a_kept_scenario_that_cannot_be_told_is_named_with_the_reason(told: Briefing) -> None:
    broken, gone = map(str, told.caveats[-2:])
    assert "toy.scenario-4.toml" in broken
    assert "没有并入方案比较" in broken
    assert "“去年的”（toy.scenario-7.toml）没有并入方案比较" in gone
    assert "f9" in gone


def test_a_scenario_without_a_title_is_called_by_its_file(tmp_path: Path) -> None:
    file = tmp_path / "停办.toml"
    file.write_text('close = ["f1"]\n', encoding="utf-8")
    asked = Order(tmp_path / "a.study.toml", scenario=read_scenario(file))
    assert make_apart(asked, tmp_path / "out").told["scenario"]["title"] == "停办.toml"
    unnamed = ordering.named(Scenario(close=("f1",)))
    assert unnamed is not None
    assert unnamed.title == "未命名情景"


def test_a_scenario_is_not_compared_with_an_earlier_period(tmp_path: Path) -> None:
    with pytest.raises(PlanningError, match="情景是设想"):
        Order(tmp_path / "a.study.toml", scenario=Scenario(title="甲"), before=tmp_path)
