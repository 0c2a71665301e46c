"""What takes seconds holds up no click: gains and reliance are worked out beside the gestures."""
# ruff: noqa: SLF001 - what is kept between two threads

import gzip
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from analysis.evaluation import evaluate
from analysis.scenario import Scenario
from analysis.what_if import standing
from analysis.what_if.live import Live
from tests.analysis.what_if_city import city, covered
from ui.kept import Shown
from ui.map.layer_store import store
from ui.sidebar import Choice
from ui.siting import trying
from ui.siting.trying import Trying

PATIENCE_S = 20.0
WITHOUT_F1, WITHOUT_F2 = Scenario(close=("f1",)), Scenario(close=("f2",))


@pytest.fixture
def tried(tmp_path: Path) -> Trying:
    evaluation = evaluate(city(tmp_path), draw="when asked")
    shown = Shown(evaluation, documents={}, bounds=(0, 0, 1, 1), key="x")
    choice = Choice(tmp_path / "x.study.toml", 0.9, 10.0, through_estates=False)
    return Trying(choice, shown, Live(evaluation), "x")


def test_a_click_is_answered_while_gains_are_worked_out(
    tried: Trying, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, really = threading.Event(), trying.gain_surface

    def slow(live: Live, **more: Any) -> Any:  # noqa: ANN401
        assert go_on.wait(PATIENCE_S)
        return really(live, **more)

    monkeypatch.setattr(trying, "gain_surface", slow)
    gains = tried.gains(WITHOUT_F2)
    token = tried.gain_token(WITHOUT_F2)
    answered: list[int] = []
    click = threading.Thread(
        target=lambda: answered.append(covered(tried.changed(WITHOUT_F1).after)["ALL"])
    )
    click.start()
    click.join(PATIENCE_S / 4)
    try:
        assert answered == [50]  # from f2: E at 300 m, and those at 500 m
        assert not gains.done()
    finally:
        go_on.set()
    _, spots = gains.result(PATIENCE_S)
    told = json.loads(gzip.decompress(store.find(token) or b""))
    assert [each[2] for each in told["spots"]] == spots["gain_60plus"].tolist()


def test_what_one_thread_forgets_another_still_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = Live(evaluate(city(tmp_path), draw="when asked"))
    base, really = live.now.reached.standing, standing.walk_table
    (first, second), limit_mm = live.now.reached.spots, live.now.reached.limit_mm
    wanted = [points.tolist() for points in live.now.reached.points]
    del base._kept[limit_mm, second]

    def forgetting(*given: Any, **more: Any) -> Any:  # noqa: ANN401
        base._kept.clear()  # as another thread does that has found too many
        return really(*given, **more)

    monkeypatch.setattr(standing, "walk_table", forgetting)
    found = base.within([first, second], limit_mm=limit_mm)
    assert [points.tolist() for points in found] == wanted
