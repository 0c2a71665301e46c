"""The bundled study tried live: figures as evaluated, after changes of all kinds together."""

import random
from pathlib import Path

import numpy as np
import pytest

from analysis.evaluation import Evaluation, evaluate
from analysis.study import load_study
from analysis.what_if.gain_surface import gain_surface
from analysis.what_if.live import Live
from analysis.what_if.reliance import reliance
from geo.position.coordinates import WGS84
from tests.analysis.what_if_city import require_as_evaluated

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(scope="module")
def baseline() -> Evaluation:
    return evaluate(load_study(DATA / "chifeng.study.toml"), draw="when asked")


def test_a_dozen_changes_are_as_a_whole_evaluation_has_them(baseline: Evaluation) -> None:
    live, rnd = Live(baseline), random.Random(4)  # noqa: S311 - no secret
    require_as_evaluated(live, baseline.study)
    homes = baseline.study.layers["residential"].representative_point().to_crs(WGS84)
    candidates = [*baseline.study.layers["candidates"]["id"]]
    spots = rnd.sample([*zip(homes.x, homes.y, strict=True)], 8)
    first, second, third, *_ = rnd.sample(baseline.counted, 5)
    live.open(lon=spots[0][0], lat=spots[0][1])
    live.open(candidate_id=rnd.choice(candidates))
    live.open(lon=spots[1][0], lat=spots[1][1], category="embedded")
    live.open(lon=spots[2][0], lat=spots[2][1], category="care_home")
    live.close(first)
    live.move(second, lon=spots[3][0], lat=spots[3][1])
    live.move("s1", lon=spots[4][0], lat=spots[4][1])
    live.close(third)
    live.undo()
    live.walk(speed_m_per_s=0.8)
    live.link(spots[5], (spots[5][0] + 0.002, spots[5][1]))
    x, y = spots[6]
    live.block([(x - 0.01, y), (x + 0.01, y)])
    changed = live.so_far.table
    assert changed.loc[0, "covered_change"] != 0
    assert changed["covered_change"][1:].sum() == changed.loc[0, "covered_change"]
    require_as_evaluated(live, baseline.study)


def test_gains_and_closings_are_as_live_changes_have_them(baseline: Evaluation) -> None:
    live, rng = Live(baseline), np.random.default_rng(7)
    people = live.elders.at_points()
    covered = people[live.now.reached.within].sum()
    surface = gain_surface(live)
    assert len(surface.gain) > 25_000
    standing, limit_mm = live.now.reached.standing, live.now.reached.limit_mm
    for number in rng.integers(len(surface.gain), size=100):
        spot = float(surface.x[number]), float(surface.y[number])
        (points,) = standing.within([spot], limit_mm=limit_mm)
        added = np.setdiff1d(points, np.flatnonzero(live.now.reached.within))
        assert people[added].sum() == pytest.approx(surface.gain[number], abs=1e-9)
    told = reliance(live)
    assert told.covered_60plus == pytest.approx(covered)
    for row in told.facilities.itertuples():
        then = live.outcome(live.without(row.facility_id)).reached
        assert covered - people[then.within].sum() == pytest.approx(row.lost_60plus, abs=1e-6)
