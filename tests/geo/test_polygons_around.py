"""Which polygon each point lies in, against shapely's tree of points made one by one."""

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from geo.shapes.polygons_around import first_around
from geo.streets.network import Floats, Ints


def by_tree(polygons: NDArray[np.object_], x: Floats, y: Floats) -> Ints:
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    first = np.full(len(x), len(polygons))
    points = shapely.points(x[known], y[known])
    point, polygon = shapely.STRtree(polygons).query(points, predicate="within")
    np.minimum.at(first, known[point], polygon)
    return np.where(first == len(polygons), -1, first)


@pytest.mark.parametrize("seed", range(20))
def test_points_lie_where_the_tree_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    east, north = 500_000.0, 4_680_000.0
    wide, high = rng.choice([1.0, 100.0, 30_000.0], 2)
    corner = rng.uniform(-0.2, 1.0, (2, 60)) * [[wide], [high]]
    size = rng.uniform(0, 0.3, (2, 60)) * [[wide], [high]]
    # Whole metres: points fall on outlines and corners, and on the bounds of all points.
    west, south, width, height = np.rint([*corner, *size]) if seed % 2 else (*corner, *size)
    boxes = shapely.box(east + west, north + south, east + west + width, north + south + height)
    rings = shapely.difference(boxes[:20], shapely.buffer(shapely.centroid(boxes[:20]), wide / 20))
    polygons = np.array([*rings, None, shapely.Polygon(), *boxes[20:]], dtype=object)
    polygons = polygons[rng.permutation(len(polygons))]
    x, y = rng.uniform(0, 1, (2, 3000)) * [[wide], [high]]
    if seed % 2:
        x, y = np.rint(x), np.rint(y)
    x[:3], y[2:5] = np.nan, np.inf
    found = first_around(polygons, east + x, north + y)
    assert np.array_equal(found, by_tree(polygons, east + x, north + y))
    assert seed == 11 or (found >= 0).any()  # there whole metres leave no room inside


def test_points_on_one_line_or_spot_are_found() -> None:
    polygons = np.array([shapely.box(0, 0, 2, 2), shapely.box(1, -1, 9, 9)])
    x = np.array([1.0, 1.5, 2.0, 0.0, 5.0, 10.0])
    for y in (np.ones(6), np.zeros(6), np.full(6, 5.0)):
        assert np.array_equal(first_around(polygons, x, y), by_tree(polygons, x, y))
        assert np.array_equal(first_around(polygons, y, x), by_tree(polygons, y, x))
    for spot in (1.5, 0.0, 50.0):
        one = np.full(4, spot)
        assert np.array_equal(first_around(polygons, one, one), by_tree(polygons, one, one))


def test_without_points_or_polygons_nothing_lies_anywhere() -> None:
    none, spot = np.zeros(0), np.array([1.0, np.nan])
    box = np.array([shapely.box(0, 0, 2, 2)])
    assert [*first_around(box, none, none)] == []
    assert [*first_around(box, spot, spot)] == [0, -1]
    assert [*first_around(box, spot * np.nan, spot)] == [-1, -1]
    assert [*first_around(box[:0], spot, spot)] == [-1, -1]
    assert [*first_around(np.array([None]), spot, spot)] == [-1, -1]
