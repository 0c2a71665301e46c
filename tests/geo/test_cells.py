"""Cells counted by hand on small squares, and again by a second way on odd shapes."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.ground import cells
from geo.ground.cells import estate_cells, grid_points

DONUT = shapely.Polygon(
    [(0, 0), (100, 0), (100, 100), (0, 100)], [[(20, 20), (80, 20), (80, 80), (20, 80)]]
)


def test_a_hundred_metre_square_holds_sixteen_cells_of_25_metres() -> None:
    owner, x, y = grid_points([shapely.box(0, 0, 100, 100)], 25)
    assert sorted(set(x)) == [12.5, 37.5, 62.5, 87.5]
    assert sorted(set(y)) == [12.5, 37.5, 62.5, 87.5]
    assert len(set(zip(x, y, strict=True))) == 16
    assert not owner.any()


def test_the_grid_is_fixed_to_the_coordinate_system_not_to_the_polygon() -> None:
    _, x, y = grid_points([shapely.box(-30, 10, 30, 40)], 25)
    assert sorted(zip(x, y, strict=True)) == [
        (-12.5, 12.5), (-12.5, 37.5), (12.5, 12.5), (12.5, 37.5)
    ]  # fmt: skip


def test_a_centre_on_the_outline_is_outside() -> None:
    left, right = shapely.box(0, 0, 12.5, 25), shapely.box(12.5, 0, 25, 25)
    assert grid_points([left, right], 25).owner.size == 0


def test_holes_hold_no_cells() -> None:
    # 100 centres of 10 m, less the 36 of the hole.
    assert len(grid_points([DONUT], 10).owner) == 64


def test_parts_of_a_multipolygon_belong_to_one_owner_and_empty_things_have_none() -> None:
    apart = shapely.MultiPolygon([shapely.box(0, 0, 50, 25), shapely.box(10_000, 0, 10_025, 25)])
    land = [None, apart, shapely.Polygon(), shapely.Point(5, 5), shapely.box(0, 0, 25, 25)]
    assert grid_points(land, 25).owner.tolist() == [1, 1, 1, 4]


def test_no_polygons_no_cells() -> None:
    assert [len(part) for part in grid_points([], 25)] == [0, 0, 0]
    assert [len(part) for part in estate_cells([])] == [0, 0, 0]


def test_an_estate_of_fewer_than_four_cells_is_its_representative_point() -> None:
    three, four = shapely.box(0, 0, 75, 25), shapely.box(0, 0, 100, 25)
    owner, x, y = estate_cells([three, four])
    assert owner.tolist() == [0, 1, 1, 1, 1]
    middle = three.representative_point()
    assert (x[0], y[0]) == (middle.x, middle.y)


def test_a_point_estate_is_itself_and_order_follows_the_estates() -> None:
    estates = [shapely.box(0, 0, 100, 100), shapely.Point(3, 4), None, shapely.box(0, 0, 50, 50)]
    owner, x, y = estate_cells(estates)
    assert owner.tolist() == [0] * 16 + [1] + [3] * 4
    assert (x[16], y[16]) == (3, 4)


def test_batches_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    land = [shapely.Point(40 * k, 0).buffer(60) for k in range(9)]
    whole = grid_points(land, 10)
    monkeypatch.setattr(cells, "BATCH", 50)
    pieces = grid_points(land, 10)
    for one, other in zip(whole, pieces, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_callers_geometries_stay_as_they_were() -> None:
    square = shapely.box(0, 0, 100, 100)
    grid_points([square], 25)
    assert not shapely.is_prepared(square)


@settings(max_examples=40, deadline=None)
@given(
    st.tuples(*[st.floats(-500, 500)] * 2), st.floats(5, 150), st.integers(3, 9),
    st.sampled_from([7.5, 10.0, 25.0]),
)  # fmt: skip
def test_cells_are_the_squares_whose_centre_is_within(
    middle: tuple[float, float], radius: float, corners: int, size_m: float
) -> None:
    shape = shapely.Point(middle).buffer(radius, quad_segs=corners)
    reach = np.arange(-30, 31) + 0.5
    columns = (reach + middle[0] // size_m) * size_m
    rows = (reach + middle[1] // size_m) * size_m
    every = [(x, y) for x in columns for y in rows if abs(x - middle[0]) <= radius]
    expected = {xy for xy in every if shapely.Point(xy).within(shape)}
    _, x, y = grid_points([shape], size_m)
    assert set(zip(x, y, strict=True)) == expected
    assert len(x) == len(expected)


def test_a_wide_window_is_tried_in_bands_that_change_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sliver = shapely.LineString([(0, 0), (3_000, 2_000), (3_500, 100)]).buffer(30)
    land = [shapely.box(0, 0, 100, 100), sliver, None, DONUT]
    whole = grid_points(land, 10)
    monkeypatch.setattr(cells, "BATCH", 700)
    for one, other in zip(whole, grid_points(land, 10), strict=True):
        np.testing.assert_array_equal(one, other)


def test_land_thin_and_long_costs_its_own_size_not_its_windows() -> None:
    # A window of a thousand million squares, of which some ten thousands are land.
    path = shapely.LineString([(0, 0), (1_000_000, 612_345)])
    strip = path.buffer(20, cap_style="flat")
    owner, x, y = grid_points([strip], 25)
    assert len(owner) == pytest.approx(strip.area / 625, rel=0.01)
    assert shapely.distance(path, shapely.points(x, y)).max() <= 20


def test_an_estate_as_large_as_a_province_is_one_point() -> None:
    province = shapely.box(0, 0, 500_000, 700_000)
    owner, x, y = estate_cells([province, shapely.box(0, 0, 50, 50)])
    assert owner.tolist() == [0, 1, 1, 1, 1]
    assert province.contains(shapely.Point(x[0], y[0]))
