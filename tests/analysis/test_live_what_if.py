"""Live what-ifs: every change tells who is covered then, as a whole evaluation would."""

import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from analysis.evaluation import evaluate
from analysis.scenario import Scenario
from analysis.study import Study
from analysis.what_if.live import Live
from geo.errors import ScenarioError
from tests.analysis.what_if_city import (
    FACILITIES,
    ON_LANE,
    city,
    covered,
    degrees,
    full_city,
    pair,
    require_as_evaluated,
)

CHANGES = 12


@pytest.fixture
def live(tmp_path: Path) -> Live:
    return Live(evaluate(city(tmp_path), draw="when asked"))


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return full_city(tmp_path_factory.mktemp("full"))


@pytest.fixture(scope="module")
def full_live(full: Study) -> Live:
    return Live(evaluate(full, draw="when asked"))


def test_the_baseline_by_hand(live: Live) -> None:
    # A, 100 m and E are within 540 m; D is 700 m off. Beside the lane one walks 140 + 50 m.
    assert covered(live.baseline) == {"ALL": 63, "s1": 33, "s2": 30, "OUTSIDE": 0}
    assert live.baseline.summary == {
        "scope": "all", "elderly_60plus": 73, "covered_60plus": 63,
        "share_60plus": pytest.approx(63 / 73),
    }  # fmt: skip


def test_opening_covers_who_is_near(live: Live) -> None:
    changed = live.open(**degrees(300, 200))
    table = changed.table.set_index("area_id")
    assert table.loc["ALL", ["covered_before", "covered_60plus", "covered_change"]].tolist() == [
        63, 73, 10,
    ]  # fmt: skip
    assert table.loc["s1", "share_change"] == pytest.approx(10 / 43)
    assert table.loc["s2", "covered_change"] == 0


def test_closing_leaves_who_has_no_other(live: Live) -> None:
    assert covered(live.close("f2").after) == {"ALL": 33, "s1": 33, "s2": 0, "OUTSIDE": 0}
    assert covered(live.close("f1").after)["ALL"] == 0


def test_moving_is_closing_and_opening(live: Live) -> None:
    # From 400 m on, E is 500 m off, D 500 m, A 400 m: f1 is needed by nobody.
    live.move("f2", **degrees(400, 0))
    assert covered(live.now)["ALL"] == 73
    assert live.move("f2", **degrees(600, 0)).after.scenario.move[0].facility_id == "f2"
    assert covered(live.now) == covered(live.baseline)


def test_undoing_brings_back_what_was(live: Live) -> None:
    live.close("f2")
    live.open(**degrees(300, 200))
    undone = live.undo()
    assert covered(undone.after)["ALL"] == 33
    assert covered(live.undo().after) == covered(live.baseline)
    assert live.scenario == Scenario()
    with pytest.raises(ScenarioError, match="没有可以撤销的改动"):
        live.undo()


def test_another_limit_and_another_speed(live: Live) -> None:
    assert covered(live.walk(limit_min=13.0).after)["ALL"] == 73  # 702 m: D too
    slow = live.walk(limit_min=10.0, speed_m_per_s=0.45).after  # 270 m: E is 300 m off
    assert covered(slow) == {"ALL": 33, "s1": 33, "s2": 0, "OUTSIDE": 0}


def test_what_was_opened_can_be_moved_and_closed_by_its_id(live: Live) -> None:
    live.open(**degrees(900, 0), name="one")
    live.open(**degrees(300, 400), name="two")
    assert live.opened == ("s1", "s2")
    live.close("s1")
    assert [opened.name for opened in live.scenario.open] == ["two"]
    assert live.opened == ("s1",)
    live.move("s1", **degrees(900, 0))
    assert covered(live.now) == covered(live.baseline)


def test_a_new_way_a_gate_and_a_barred_street(live: Live) -> None:
    # D to A straight: 500 m.
    assert covered(live.link(pair(300, 400), pair(0, 0)).after)["ALL"] == 73
    live.undo()
    # Nobody passes at 750 m: E has 300 m to C no more.
    assert covered(live.block([pair(750, -20), pair(750, 20)]).after)["s2"] == 0


def test_a_change_that_is_refused_changes_nothing(live: Live) -> None:
    for change in (
        lambda: live.close("f9"),
        lambda: live.open(candidate_id="c9"),
        lambda: live.open(lon=200.0, lat=0.0),
        lambda: live.open(lon=0.0, lat=0.0),
        lambda: live.walk(limit_min=-1),
        lambda: live.link(pair(0, 0), pair(0, 0)),
        lambda: live.gate("r9", **degrees(0, 0)),
        lambda: live.block([pair(0, 0)]),
    ):
        with pytest.raises(ScenarioError):
            change()
    assert live.scenario == Scenario()
    assert live.now is live.baseline
    live.close("f1")
    with pytest.raises(ScenarioError, match="已经关闭"):
        live.close("f1")


def test_a_facility_that_makes_a_lane_usable_changes_where_others_step_on(tmp_path: Path) -> None:
    study = city(tmp_path)
    live = Live(evaluate(study, draw="when asked"))
    live.close("f1")
    assert covered(live.now)["s1"] == 20  # 500 m to f2; beside the lane 140 + 550 m
    live.open(**degrees(60, 150))
    assert covered(live.now)["s1"] == 28
    require_as_evaluated(live, study)
    closed = city(tmp_path, facilities=(*FACILITIES, ON_LANE))
    live = Live(evaluate(closed, draw="when asked"))
    live.close("f3")
    require_as_evaluated(live, closed)


def random_change(live: Live, rnd: random.Random) -> Callable[[], object]:
    x, y = rnd.choice([(rnd.uniform(0, 900), rnd.uniform(-30, 90)), (300 + rnd.uniform(-30, 30),
                      rnd.uniform(0, 400)), (rnd.uniform(0, 100), 150)])  # fmt: skip
    left = [name for name in ("f1", "f2", "f3", "f4") if name not in live.scenario.close]
    left += live.opened
    changes = [
        lambda: live.open(**degrees(x, y)),
        lambda: live.open(candidate_id="c1"),
        lambda: live.close(rnd.choice(left)),
        lambda: live.move(rnd.choice(left), **degrees(x, y)),
        lambda: live.walk(speed_m_per_s=rnd.choice([0.6, 0.9]), limit_min=rnd.choice([5.0, 10.0])),
        lambda: live.walk(snap_max_m=rnd.choice([100.0, 200.0])),
        lambda: live.link(pair(x, y), pair(x + rnd.uniform(20, 90), y + 60)),
        lambda: live.gate("r1", **degrees(400, rnd.uniform(20, 100))),
        lambda: live.block([pair(x - 10, -20), pair(x + 10, 130)]),
        live.undo,
    ]  # fmt: skip
    return rnd.choice(changes)


def test_random_changes_are_as_a_whole_evaluation_has_them(full: Study, full_live: Live) -> None:
    rnd = random.Random(11)  # noqa: S311 - no secret
    require_as_evaluated(full_live, full)
    seen = set()
    for tried in range(CHANGES):
        with suppress(ScenarioError):  # a gate or a way may lead nowhere
            random_change(full_live, rnd)()
        seen.add(covered(full_live.now)["ALL"])
        if tried % 2:
            require_as_evaluated(full_live, full)
    assert len(seen) > 6  # changes that change nothing would prove nothing
    assert full_live.baseline.summary["scope"] == "urban"
    while len(full_live._past) > 1:  # noqa: SLF001 - all the way back
        full_live.undo()
    require_as_evaluated(full_live, full)
