"""The page for a meeting, without a browser."""
# ruff: noqa: TID251 - this is the browser face

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analysis.evaluation import Evaluation
from analysis.kept_scenarios import keep_scenario
from analysis.scenario import Scenario
from analysis.study import Study
from geo.language import speak
from ui import kept

ROOT = Path(__file__).resolve().parents[2]
STUDY = 'title = "测试城"\non = 2025-12-31\n[streets]\npath = "streets.geojson"\n'
TITLE = "建**一处**<b>"


@pytest.fixture
def opened(
    evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[AppTest]:
    file = tmp_path / "toy.study.toml"
    file.write_text(STUDY, encoding="utf-8")
    keep_scenario(file, Scenario(title=TITLE, close=("f2",)))
    better = {**evaluation.summary["coverage"], "covered_60plus": 870, "share_60plus": 870 / 1400}

    def evaluate(study: Study, **_: object) -> Evaluation:
        changed = {**evaluation.summary, "coverage": better}
        summary = changed if study.scenarios else evaluation.summary
        return dataclasses.replace(evaluation, study=study, summary=summary)

    monkeypatch.setenv("CARECIRCLE_STUDY", str(file))
    monkeypatch.setattr(kept, "load_study", lambda _path, **_: evaluation.study)
    monkeypatch.setattr(kept, "evaluate", evaluate)
    kept._study_slot.clear()  # noqa: SLF001 - what other tests kept
    kept._evaluation_slot.clear()  # noqa: SLF001
    shown = AppTest.from_string(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "import streamlit as st\n"
        "st.session_state.setdefault('language', 'zh')\n"
        "from ui.views.meeting import show\nshow()\n",
        default_timeout=30,
    )
    yield shown
    speak("zh")


def html(shown: AppTest) -> str:
    return "".join(str(element.proto.body) for element in shown.get("html"))


def texts(shown: AppTest) -> str:
    return "\n".join(element.value for element in shown.text)


def test_few_figures_large_with_their_denominators(opened: AppTest) -> None:
    opened.run()
    assert not opened.exception
    assert html(opened).count("<strong>") == 5
    assert "57.1%" in html(opened)
    assert "1,400 人中 800 人" in html(opened)
    assert "仍有600名60岁以上老年人" in texts(opened)


def test_a_prepared_scenario_is_one_press(opened: AppTest) -> None:
    opened.run()
    button = next(each for each in opened.button if each.key == "meeting scenario 1")
    assert "**一处**" not in button.label  # a title is no markdown
    button.click()
    opened.run()
    assert not opened.exception
    assert html(opened).count("<strong>") == 6
    assert "+70" in html(opened)
    assert "由800人变为870人（+70人，分母1,400人）" in texts(opened)
    assert TITLE not in html(opened)


def test_a_street_answers_when_it_is_pointed_at(opened: AppTest) -> None:
    opened.run()
    box = next(each for each in opened.selectbox if each.label == "看一个街道")
    box.select("b1").run()
    assert "800 人，占 57.1%" in texts(opened)
