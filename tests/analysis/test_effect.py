"""What changes do to walks on a toy city, each told beforehand from its drawing."""

from pathlib import Path

import numpy as np
import pytest

from analysis.evaluation import evaluate
from analysis.scenario import Moved, Opened, Scenario
from analysis.what_if.changes import with_block, with_closed, with_linked, with_opened
from analysis.what_if.effect import (
    Effect,
    Reason,
    effect,
    part_changed,
    reason,
    shortest_walks,
)
from analysis.what_if.live import Changed, Live
from tests.analysis.what_if_city import FACILITIES, HOME_FOR_OLD, city, degrees, pair

EMPTY, STATION = Scenario(), "community_station"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Live:
    folder: Path = tmp_path_factory.mktemp("city")
    whole = city(folder, facilities=(*FACILITIES, HOME_FOR_OLD))
    return Live(evaluate(whole, draw="when asked"))


def opened(x: float, y: float, category: str = STATION) -> Scenario:
    return with_opened(EMPTY, category=category, **degrees(x, y))


# Ten minutes are 540 m. Who lives at D walks 700 m to f1 or to f2, whoever E, 300 m to f2.
CASES: tuple[tuple[Scenario, Effect, Reason | None], ...] = (
    (opened(300, 400), "reach", None),
    (opened(900, 0), "walks", None),
    (opened(600, 0), "nothing", "no nearer"),
    (opened(300, 900), "nothing", "far"),
    (opened(300, 400, "care_home"), "nothing", "uncounted"),
    (with_closed(EMPTY, "f2", opened=()), "reach", None),
    (with_closed(EMPTY, "f4", opened=()), "nothing", "uncounted"),
    (with_linked(EMPTY, pair(0, 0), pair(300, 400)), "reach", None),
    (with_linked(EMPTY, pair(300, 0), pair(300, 300)), "nothing", "no nearer"),
    (with_block(EMPTY, [pair(700, 200), pair(800, 300)]), "nothing", "crosses nothing"),
    (with_block(EMPTY, [pair(450, -50), pair(450, 50)]), "nothing", "on no way"),
    (with_block(EMPTY, [pair(50, -50), pair(50, 50)]), "walks", None),  # 500 m the other way
    (with_block(EMPTY, [pair(750, -50), pair(750, 50)]), "reach", None),
)  # fmt: skip


@pytest.mark.parametrize(("scenario", "does", "because"), CASES)
def test_what_a_change_does_and_why_not(
    live: Live, scenario: Scenario, does: Effect, because: Reason | None
) -> None:
    changed = Changed(live.baseline, live.outcome(scenario))
    assert effect(changed) == does
    part = part_changed(EMPTY, scenario)
    assert part is not None
    if does == "nothing":
        assert reason(changed, part) == because
    # The second way: people covered differ exactly where reach is said to.
    before, after = (each.summary["covered_60plus"] for each in (live.baseline, changed.after))
    assert (before != after) == (does == "reach")


def test_walks_are_the_metres_of_the_drawing(live: Live) -> None:
    metres = np.unique(shortest_walks(live.baseline.reached)) // 1000
    assert {0, 100, 300, 700} <= set(metres.tolist())


def test_what_is_taken_back_has_an_effect_but_no_reason(live: Live) -> None:
    link = with_linked(EMPTY, pair(300, 0), pair(300, 300))
    back = Changed(live.outcome(link), live.baseline)
    assert effect(back) == "nothing"
    assert reason(back, "link") is None


def test_only_one_part_is_told_of() -> None:
    move = EMPTY.model_copy(update={"move": (Moved(facility_id="f1", lon=118.0, lat=42.0),)})
    both = with_closed(move, "f2", opened=())
    assert part_changed(EMPTY, move) == "move"
    assert part_changed(EMPTY, both) is None
    assert part_changed(EMPTY, Scenario(title="x")) is None
    new = Opened(name="x", category=STATION, lon=118.0, lat=42.0)
    slow = Scenario(walking={"speed_m_per_s": 0.5}, open=(new,))
    assert part_changed(EMPTY, slow) is None
