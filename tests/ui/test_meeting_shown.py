"""What a meeting is shown: every figure answers, and the scenario's changes are seen."""
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
from geo.language import say, speak
from ui import kept
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
