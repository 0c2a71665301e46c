"""Where the map opens: at the study, not at a row whose coordinates slipped."""

from dataclasses import replace
from pathlib import Path

import pytest

from analysis.study import Study
from report import map_extent
from tests.analysis.toy_study import area, box, estate, facility, spot, toy_study

HOMES = [estate(f"r{n}", spot(100 * n, 50)) for n in range(5)]
ASTRAY = estate("r9", spot(-825_000, 50))
GROUND = [area("b1", "street", box(-500, -500, 1_500, 1_500))]


def opened(folder: Path, *homes: object, areas: object = ()) -> tuple[float, ...]:
    study = toy_study(folder, residential=homes, boundaries=areas)
    return map_extent.bounds_of_study(study)


@pytest.mark.parametrize("areas", [GROUND, ()])
def test_a_row_of_another_province_does_not_widen_the_view(
    tmp_path: Path, areas: object
) -> None:
    expected = opened(tmp_path, *HOMES, areas=areas)
    assert opened(tmp_path, *HOMES, ASTRAY, areas=areas) == pytest.approx(expected)
    assert expected[2] - expected[0] < 0.006  # 400 m


def test_a_row_beside_the_areas_is_in_view(tmp_path: Path) -> None:
    beside = estate("r8", spot(6_400, 50))  # 4.9 km beyond them
    beyond = estate("r8", spot(6_600, 50))  # 5.1 km
    alone = opened(tmp_path, *HOMES, areas=GROUND)
    assert opened(tmp_path, *HOMES, beside, areas=GROUND)[2] > alone[2] + 0.05
    assert opened(tmp_path, *HOMES, beyond, areas=GROUND) == pytest.approx(alone)


def test_a_layer_that_lies_wholly_outside_is_shown_where_it_lies(tmp_path: Path) -> None:
    far = [area("b1", "street", box(90_000, 0, 91_000, 1_000))]
    assert opened(tmp_path, *HOMES, areas=far) == pytest.approx(opened(tmp_path, *HOMES))


def test_three_rows_at_two_places_are_all_in_view(tmp_path: Path) -> None:
    homes = [estate("r1", spot(0, 0)), estate("r2", spot(0, 0)), estate("r3", spot(900, 0))]
    west, _, east, _ = opened(tmp_path, *homes)
    assert east - west > 0.01  # 900 m


def test_facilities_astray_do_not_widen_the_view_either(tmp_path: Path) -> None:
    care = [facility("f1", spot(100, 50)), facility("f2", spot(300, 50)),
            facility("f3", spot(200, 50)), facility("f9", spot(-825_000, 50))]  # fmt: skip
    study: Study = toy_study(tmp_path, facilities=care)
    west, _, east, _ = map_extent.bounds_of_study(replace(study))
    assert east - west < 0.003
