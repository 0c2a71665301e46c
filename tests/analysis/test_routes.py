"""Routes drawn on the streets: by hand on the toy city, and held to the minutes of the city."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.evaluation import Evaluation, evaluate
from analysis.scenario import Scenario, apply
from analysis.study import load_study
from analysis.walking.routes import DrawnRoute, estate_route
from geo.walks.routes import route_of
from tests.analysis.toy_study import box, estate, facility, spot
from tests.analysis.what_if_city import GATES, city, degrees, pair
from tests.conftest import EAST, NORTH

ROOT = Path(__file__).resolve().parents[2]


def toy(
    folder: Path, scenario: Mapping[str, Any] | None = None, **layers: object
) -> Evaluation:
    study = city(folder, **{"residential": (estate("r1", spot(310, 400)),), **layers})
    if scenario is not None:
        study = apply(Scenario.model_validate({"title": "t", **scenario}), study)
    return evaluate(study, draw="when asked")


def drawn(evaluation: Evaluation, estate_id: str = "r1") -> DrawnRoute:
    route = estate_route(evaluation.reach, estate_id)
    assert route is not None
    return route


def corners(xy: np.ndarray) -> list[tuple[float, float]]:
    return [(round(x - EAST, 3), round(y - NORTH, 3)) for x, y in xy]


def length_m(route: DrawnRoute) -> float:
    return sum(
        float(np.hypot(*np.diff(line, axis=0).T).sum()) for line in (route.streets, *route.legs)
    )


def test_a_route_follows_the_streets_to_the_facility(tmp_path: Path) -> None:
    route = drawn(toy(tmp_path))
    # 10 m to D, 400 m to B, 300 m to A or C: of equals the first facility.
    assert route.walk_mm == 710_000
    assert route.facility_id == "f1"
    assert corners(route.streets) == [(300, 400), (300, 0), (0, 0)]
    assert [corners(leg) for leg in route.legs] == [[(310, 400), (300, 400)]]
    assert route.minutes == pytest.approx(710 / 54)


def test_streets_between_are_walked_from_end_to_end(tmp_path: Path) -> None:
    far = (estate("r1", spot(890, 0)),)
    route = drawn(toy(tmp_path, residential=far, facilities=(facility("f1", spot(10, 0)),)))
    assert corners(route.streets) == [(890, 0), (600, 0), (300, 0), (10, 0)]
    assert route.walk_mm == 880_000
    assert length_m(route) == pytest.approx(880)
    assert route.legs == ()


def test_place_and_facility_on_one_street_walk_straight_along_it(tmp_path: Path) -> None:
    facilities = (facility("f1", spot(30, -15)),)
    near = (estate("r1", spot(100, 20)),)
    route = drawn(toy(tmp_path, residential=near, facilities=facilities))
    assert route.walk_mm == 105_000  # 20 off, 70 along, 15 off
    assert corners(route.streets) == [(100, 0), (30, 0)]
    assert [corners(leg) for leg in route.legs] == [
        [(100, 20), (100, 0)], [(30, 0), (30, -15)],
    ]  # fmt: skip


def test_a_leg_leads_through_the_entrance(tmp_path: Path) -> None:
    # One cell in the estate's middle (450, 60): 50 m to the gate, 60 m to the street at 500.
    gated = (estate("r1", box(449, 59, 451, 61), gated=True),)
    route = drawn(toy(tmp_path, residential=gated, entrances=GATES))
    assert corners(route.legs[0]) == [(450, 60), (500, 60), (500, 0)]
    assert corners(route.streets) == [(500, 0), (600, 0)]
    assert route.walk_mm == 210_000


def test_a_route_takes_the_link_that_a_scenario_builds(tmp_path: Path) -> None:
    link = {"link": [{"from": pair(300, 400), "to": pair(600, 0)}]}
    route = drawn(toy(tmp_path, link))
    # The link is 500 m straight from D to C, where f2 stands. Of 10 m east of D it is 8 m off,
    # 6 m along it: 8 + 494.
    assert route.facility_id == "f2"
    assert route.walk_mm == pytest.approx(502_000, abs=2)
    assert length_m(route) == pytest.approx(502, abs=0.02)
    assert corners(route.streets)[0] == pytest.approx((303.6, 395.2), abs=0.02)
    assert corners(route.streets)[-1] == pytest.approx((600, 0), abs=0.02)


def test_a_route_avoids_a_block_and_takes_a_new_gate(tmp_path: Path) -> None:
    block = {"block": [{"line": [pair(150, -50), pair(150, 50)]}]}
    route = drawn(toy(tmp_path, block))
    assert route.facility_id == "f2"  # the way to A is barred
    assert corners(route.streets) == [(300, 400), (300, 0), (600, 0)]
    gated = (estate("r1", box(449, 59, 451, 61), gated=True),)
    gate = {"gate": [{"residential_id": "r1", **degrees(460, 60)}]}
    other = drawn(toy(tmp_path, gate, residential=gated, entrances=GATES))
    # By the new gate the way on the street is longer and the legs shorter: 10 + 60 + 140.
    assert other.walk_mm == pytest.approx(210_000, abs=15)
    assert length_m(other) == pytest.approx(other.walk_mm / 1000, abs=0.03)


def test_no_walk_has_no_route(tmp_path: Path) -> None:
    nothing = toy(tmp_path, facilities=(facility("f9", spot(0, 0), category="care_home"),))
    assert estate_route(nothing.reach, "r1") is None
    assert estate_route(nothing.reach, "nobody") is None


@pytest.fixture(scope="module")
def chifeng() -> Evaluation:
    return evaluate(load_study(ROOT / "data" / "chifeng.study.toml"), draw="when asked")


def test_the_drawn_length_is_the_printed_minutes(chifeng: Evaluation) -> None:
    places = chifeng.places
    walked = places[places["layer"].eq("residential") & places["reachable"].astype(bool)]
    some = walked.iloc[:: len(walked) // 60].head(60)
    assert len(some) >= 50
    for place in some.to_dict("records"):
        route = drawn(chifeng, place["place_id"])
        assert route.facility_id == place["nearest_facility_id"]
        assert route.minutes == pytest.approx(place["minutes"], abs=1e-9)
        metres = place["minutes"] * 60 * chifeng.reach.walking.speed_m_per_s
        assert length_m(route) == pytest.approx(metres, abs=0.05)
        # What is drawn hangs together: each leg ends where the streets begin or end.
        if len(route.streets):
            ends = np.vstack([route.streets[0], route.streets[-1]])
            gaps = [np.hypot(*(ends[:, None] - leg[[0, -1]]).T).min() for leg in route.legs]
            assert max(gaps, default=0) < 0.01
            assert np.hypot(*np.diff(route.streets, axis=0).T).max() < 1000


def test_stretches_add_up_to_the_millimetre_and_nobody_walks_through(chifeng: Evaluation) -> None:
    placed, search = chifeng.reach.placed, chifeng.reach.search
    private, oneway = placed.private, search.graph.ends.oneway
    for point in range(0, placed.exits.count, max(1, placed.exits.count // 300)):
        route = route_of(search, placed.exits, point)
        if route is None:
            continue
        off_mm = placed.exits.off_street_mm[route.way]
        off_mm += placed.facilities.off_street_mm[route.facility_way]
        assert sum(each.length_mm for each in route.stretches) + off_mm == route.walk_mm
        assert route.walk_mm == chifeng.reach.walks.walk_mm[point]
        closed = [bool(private[each.street]) for each in route.stretches]
        public = [at for at, shut in enumerate(closed) if not shut]
        assert not public or not any(closed[public[0] : public[-1]])
        assert all((each.end_mm - each.start_mm) * int(oneway[each.street]) >= 0
                   for each in route.stretches)  # fmt: skip
