"""What a meeting is shown: every figure answers, and the scenario's changes are seen."""
# ruff: noqa: TID251 - this is the browser face

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analysis.evaluation import Evaluation
from analysis.kept_scenarios import keep_scenario
from analysis.scenario import Scenario
from analysis.study import Study
from geo.language import say, speak
from report.place_card import PlaceCards
from ui import kept
from ui.map.scene import borders
from ui.meeting.map import goal_of
from ui.saving import Said

ROOT = Path(__file__).resolve().parents[2]
STUDY = 'title = "测试城"\non = 2025-12-31\n[streets]\npath = "streets.geojson"\n'


@pytest.fixture
def opened(
    evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[AppTest]:
    file = tmp_path / "toy.study.toml"
    file.write_text(STUDY, encoding="utf-8")
    keep_scenario(file, Scenario(title="方案1", close=("f2",)))

    def evaluate(study: Study, **_: object) -> Evaluation:
        return dataclasses.replace(evaluation, study=study)

    monkeypatch.setenv("CARECIRCLE_STUDY", str(file))
    monkeypatch.setattr(kept, "load_study", lambda _path, **_: evaluation.study)
    monkeypatch.setattr(kept, "evaluate", evaluate)
    kept._study_slot.clear()  # noqa: SLF001 - what other tests kept
    kept._evaluation_slot.clear()  # noqa: SLF001
    yield AppTest.from_string(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "import streamlit as st\n"
        "st.session_state.setdefault('language', 'zh')\n"
        "from ui.views.meeting import show\nshow()\n",
        default_timeout=30,
    )
    speak("zh")


def texts(shown: AppTest) -> str:
    return "\n".join(element.value for element in shown.text)


def test_what_was_refused_on_another_page_is_not_said_to_a_meeting(opened: AppTest) -> None:
    refused = Said((say("另一个窗口刚才改过 {file}", file="a.toml"),), bad=True)
    opened.session_state["said of scenario"] = refused
    opened.run()
    assert not opened.exception
    assert "另一个窗口" not in texts(opened)
    assert "said of scenario" not in opened.session_state  # nor when one goes back


def figures(shown: AppTest) -> str:
    return "".join(str(element.proto.body) for element in shown.get("html"))


def asking(shown: AppTest) -> list[str]:
    return [str(each.key) for each in shown.button if str(each.key).startswith("why card")]


def test_every_figure_says_what_it_is_of_and_answers_why(opened: AppTest) -> None:
    opened.run()
    told = figures(opened)
    for words in (
        "1,400 人中 800 人", "1,400 人中</small>", "位置不明 12 人，不计入",
        "可判定 6 个中达标 4 个", "计入无法判定 1 个：≥\u206057.1%", "8 个中 4 个",
        "应核查 7 个中不达标 2 个",
    ):
        assert words in told
    assert "230\u00a0㎡" in told  # on one line
    keys = ["share_60plus", "uncovered_60plus", "rate", "share_areas", "deficit_m2"]
    assert asking(opened) == [f"why card {key}" for key in keys]
    assert told.count("<strong>") == len(keys)


def test_a_scenario_is_compared_and_its_changes_are_told(opened: AppTest) -> None:
    opened.run()
    assert not [each for each in opened.toggle if each.label == "前后对比"]
    next(each for each in opened.button if each.key == "meeting scenario 1").click()
    opened.run()
    assert not opened.exception
    assert "why card covered_60plus" in asking(opened)
    next(each for each in opened.toggle if each.label == "前后对比").set_value(True).run()
    assert not opened.exception


def test_a_street_tells_its_rate_with_what_it_is_of(opened: AppTest) -> None:
    opened.run()
    box = next(each for each in opened.selectbox if each.label == "看一个街道")
    box.select("b1").run()
    assert "66.7%（达标 / 可判定：4 / 6）" in texts(opened)
    assert "现状 → 情景" not in texts(opened)


def test_the_map_goes_to_the_street_that_is_looked_at(evaluation: Evaluation) -> None:
    shown = kept.Shown(evaluation, {}, (0, 0, 1, 1), "k")
    goal = goal_of(shown, "b1")
    assert goal is not None
    assert goal.for_browser()["chosen"] == {"layer": "borders", "id": "b1"}
    west, south, east, north = goal.bounds
    assert (118.9 < west < east < 119.0, 42 < south < north < 43) == (True, True)
    assert goal_of(shown, None) is None
    assert goal_of(shown, "b9") is None
    borders_drawn = json.loads(borders(evaluation.study))["features"]
    assert [each["properties"]["id"] for each in borders_drawn] == ["b1"]


def test_what_a_scenario_brings_is_not_said_to_operate(evaluation: Evaluation) -> None:
    study = evaluation.study
    there = study.layers["facilities"].assign(row=[2, 3, 4, 0])
    told = dataclasses.replace(
        study, layers={**study.layers, "facilities": there}, scenarios=({"title": "方案1"},)
    )
    seen = dataclasses.replace(evaluation, study=told)
    new, old = (there["id"].iloc[at] for at in (3, 0))
    assert [operates(seen, id_) for id_ in (new, old)] == ["情景新增", "运营"]
    assert operates(evaluation, new) == "运营"  # as things stand there is no scenario


def operates(evaluation: Evaluation, facility: str) -> str:
    card = PlaceCards(evaluation).facility(facility)
    assert card is not None
    return next(str(text) for label, text in card.about if str(label) == "运营状态")


def test_a_card_says_where_an_estate_lies_and_of_what_kind(evaluation: Evaluation) -> None:
    study = evaluation.study

    def told(**columns: object) -> list[str]:
        rows = study.layers["residential"].assign(**columns)
        layers = {**study.layers, "residential": rows}
        shown = dataclasses.replace(evaluation, study=dataclasses.replace(study, layers=layers))
        card = PlaceCards(shown).estate(rows["id"].iloc[0])
        assert card is not None
        return [str(text) for _, text in card.about]

    assert told(street="西街", kind="new") == ["西街", "新建"]
    assert told(street=None, kind=None) == [study.layers["boundaries"]["name"].iloc[0], "未填写"]
