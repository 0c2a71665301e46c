"""Where one more facility would help most: by hand, and as opening there gives it."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from analysis.evaluation import evaluate
from analysis.scenario import Scenario, apply
from analysis.what_if.gain_surface import GainSurface, gain_surface
from analysis.what_if.live import Live
from geo.position.coordinates import WGS84
from tests.analysis.toy_study import facility, spot
from tests.analysis.what_if_city import city, full_city
from tests.conftest import EAST, METRIC, NORTH


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Live:
    """Give the city with f1 alone: E and D are uncovered."""
    study = city(tmp_path_factory.mktemp("gain"), facilities=(facility("f1", spot(0, 0)),))
    return Live(evaluate(study, draw="when asked"))


@pytest.fixture(scope="module")
def surface(live: Live) -> GainSurface:
    return gain_surface(live)


def at(surface: GainSurface, x: float, y: float) -> float:
    """Return the gain of the spot nearest to a toy position, not farther than a metre."""
    gap = np.hypot(surface.x - EAST - x, surface.y - NORTH - y)
    assert gap.min() < 1
    return float(surface.gain[gap.argmin()])


def test_gains_along_a_street_by_hand(surface: GainSurface) -> None:
    # 30 live at E, 10 at D: E is within 540 m from 360 m on, D up to 440 m.
    gains = [at(surface, x, 0) for x in (25, 125, 175, 275, 375, 425, 475, 575, 875)]
    assert gains == [0, 0, 10, 10, 40, 40, 30, 30, 30]
    assert [at(surface, 300, y) for y in (25, 125, 375)] == [10, 10, 10]
    assert surface.off_street_m.max() < 0.001


def test_every_street_is_asked_and_the_lane_is_not(surface: GainSurface) -> None:
    # 325 m along lies in the square of the first spot towards D, which comes before it.
    assert len(surface.gain) == 3 * 300 / 50 + 400 / 50 - 1
    assert (surface.y - NORTH < 401).all()
    near_lane = np.abs(surface.y - NORTH - 150) < 1
    assert not (near_lane & (surface.x - EAST < 200)).any()


def test_the_best_spots_first_and_apart(surface: GainSurface) -> None:
    best = surface.top(3, apart_m=60)
    assert [*best.columns] == ["x", "y", "gain_60plus", "off_street_m"]
    assert best["gain_60plus"].tolist() == [40, 30, 30]
    gaps = np.hypot(best["x"].diff(), best["y"].diff()).dropna()
    assert (gaps >= 60).all()
    assert surface.top(2)["gain_60plus"].tolist() == [40, 40]
    assert len(surface.top(500)) == len(surface.gain)


def test_cells_hold_their_best_spot_and_nothing_where_no_street_is(surface: GainSurface) -> None:
    raster = surface.raster(cell_m=100)
    assert (raster.west - EAST, raster.north - NORTH) == (0, 400)
    southernmost = raster.gain[3]
    assert southernmost.tolist() == [0, 10, 10, 40, 40, 30, 30, 30, 30]
    assert raster.gain.shape == (4, 9)
    assert np.isnan(raster.gain[:3, [0, 1, 2, 4, 5]]).all()
    assert raster.gain[:3, 3].tolist() == [10, 10, 10]


def opened_at(surface: GainSurface, number: int) -> Scenario:
    here = gpd.GeoSeries([shapely.Point(surface.x[number], surface.y[number])], crs=METRIC)
    here = here.to_crs(WGS84).iloc[0]
    opened = {"name": "new", "category": "day_care", "lon": here.x, "lat": here.y}
    return Scenario.model_validate({"open": [opened]})


def test_what_is_told_is_what_opening_there_gives(tmp_path: Path) -> None:
    study = full_city(tmp_path).with_walking(limit_min=4.0)
    before = evaluate(study, draw="when asked")
    live = Live(before)
    surface, people = gain_surface(live, every_m=20), live.elders.at_points()
    now = people[live.now.reached.within].sum()
    assert round(people.sum()) == before.summary["coverage"]["elderly_60plus"]
    assert len(np.unique(surface.gain.round(6))) > 4
    for number in range(0, len(surface.gain), 3):
        then = live.outcome(opened_at(surface, number)).reached
        assert people[then.within].sum() - now == pytest.approx(surface.gain[number], abs=1e-9)
    for number in range(5, len(surface.gain), len(surface.gain) // 5):
        after = evaluate(apply(opened_at(surface, number), study), draw="when asked")
        shares = [each.summary["coverage"]["share_60plus"] for each in (before, after)]
        gained = (shares[1] - shares[0]) * people.sum()
        assert gained == pytest.approx(surface.gain[number], abs=1e-9)


def test_the_surface_follows_the_changes_made(live: Live) -> None:
    live.close("f1")
    try:
        changed = gain_surface(live)
        assert at(changed, 125, 0) == 5 + 20 + 8  # beside the lane: 140 + 75 m
    finally:
        live.undo()


def test_a_study_without_anybody_gains_nothing(tmp_path: Path) -> None:
    study = city(tmp_path, population=(), boundaries=())
    surface = gain_surface(Live(evaluate(study, draw="when asked")))
    assert (surface.gain == 0).all()
