"""Answers about sites: every figure of one is of the walking that was asked about."""
# ruff: noqa: SLF001 - what other tests kept is cleared

from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.evaluation import evaluate
from analysis.scenario import apply
from analysis.siting.asked import Asked
from analysis.study import Study
from tests.analysis.what_if_city import full_city, printed
from ui import kept
from ui.sidebar import Choice
from ui.siting import answers, trying
from ui.siting.answers import Question, sought

STUDY = (
    'title = "测试城"\non = 2025-12-31\n[walking]\nlimit_min = 10\n[streets]\npath = "s.geojson"\n'
)
SLOTS = (kept._study_slot, kept._evaluation_slot, kept._live_slot, trying._slot, answers._slot)


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Study]]:
    study = full_city(tmp_path)
    monkeypatch.setattr(kept, "load_study", lambda _path, **_: study)
    path = tmp_path / "toy.study.toml"
    path.write_text(STUDY, encoding="utf-8")
    for slot in SLOTS:
        slot.clear()
    yield path, study
    for slot in SLOTS:
        slot.clear()


@pytest.mark.parametrize("limit_min", [5.0, 10.0])
def test_every_figure_of_an_answer_is_of_the_walking_asked_about(
    city: tuple[Path, Study], limit_min: float
) -> None:
    path, study = city
    choice = Choice(path, 0.9, limit_min, through_estates=False)
    answer = sought(Question(choice, Asked(count=1, seconds=5.0), None)).answer()
    walking = study.with_walking(**choice.walking)
    before, after = (
        int(printed(evaluate(each, draw="when asked"))["covered_60plus"].iloc[0])
        for each in (walking, apply(answer.scenario, walking))
    )
    whole = answer.areas.iloc[0]
    assert (whole["covered_before"], whole["covered_60plus"]) == (before, after)
    assert round(answer.relying.covered_60plus) == before
    assert round(answer.proposal.baseline) == before
