"""What a facility serves and what plain circles would claim, by hand on the toy city."""

from pathlib import Path

import pytest

from analysis.coverage.service_areas import service_area
from analysis.coverage.straight_circles import straight_circle
from analysis.evaluation import Evaluation, evaluate
from tests.analysis.toy_study import estate, spot
from tests.analysis.what_if_city import city


def evaluated(folder: Path, **layers: object) -> Evaluation:
    return evaluate(city(folder, **layers), draw="when asked")


def test_circles_claim_people_whom_the_streets_do_not_bring(tmp_path: Path) -> None:
    found = evaluated(tmp_path)
    circle = straight_circle(found.reach, found.located, radius_m=500)
    # 73 elders. In 500 m of A or C: a 5, b 20, d 10 (exactly 500 m), e 30 (300 m), lane 8 (149 m).
    # On the streets in 540 m: a, b, e, and from the lane 140 m to A-B and 50 m on; D walks 700 m.
    assert circle.elders == 73
    assert circle.in_circle == pytest.approx(73)
    assert circle.walking == pytest.approx(63)
    assert circle.limit_min == 10
    near = straight_circle(found.reach, found.located, radius_m=140)
    assert near.in_circle == pytest.approx(25)  # a and b; the lane is 148.7 m off


def test_without_facilities_a_circle_holds_nobody(tmp_path: Path) -> None:
    found = evaluated(tmp_path, facilities=())
    circle = straight_circle(found.reach, found.located, radius_m=1000)
    assert circle.in_circle == 0
    assert circle.walking == 0


def test_a_facility_serves_the_estates_it_is_nearest_to(tmp_path: Path) -> None:
    # Ten minutes are 540 m: r1 walks 100 m to f1, r2 300 m to f2, r3 700 m to f1.
    estates = (
        estate("r1", spot(100, 0), elderly_60plus=20), estate("r2", spot(900, 0)),
        estate("r3", spot(300, 400), elderly_60plus=7),
    )  # fmt: skip
    found = evaluated(tmp_path, residential=estates, population=())
    one = service_area(found.places, found.homes, "f1")
    assert one.estates == ("r1", "r3")
    assert one.elders == 27
    assert one.covered == 20
    assert one.unknown == 0
    other = service_area(found.places, found.homes, "f2")
    assert other.estates == ("r2",)
    assert other.elders is None
    assert other.unknown == 1
    assert service_area(found.places, found.homes, "f7").estates == ()
