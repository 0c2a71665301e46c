"""Catchments of the toy city: places agree exactly, areas are those of a fine raster."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.ground.beside_barriers import Beside
from geo.ground.catchment import (
    ON_THE_LINE_M,
    Witnesses,
    _contours,
    _Marks,
    _sides,
    bands,
)
from geo.ground.land import CELL_M, Land, put_land_on_streets
from geo.ground.seams import Field, WalkAt
from geo.streets.network import Floats, Ints
from geo.walks.nearest_street import StreetIndex
from geo.walks.places import Exits, Grounds, Points, put_on_streets
from geo.walks.travel import FAR, Search, budget_mm, search
from geo.walks.walk_graph import WalkGraph
from tests.conftest import EAST, METRIC, NORTH

CAP_M = 200.0
SPEED = 0.9
HORIZON = budget_mm(60, speed_m_per_s=SPEED)
Spots = Sequence[tuple[float, float]]


def exits_of(index: StreetIndex, spots: Spots) -> Exits:
    x, y = np.array(spots, dtype=float).reshape(-1, 2).T
    return put_on_streets(index, Points.free(x + EAST, y + NORTH), snap_max_m=CAP_M)


def searched(index: StreetIndex, spots: Spots) -> Search:
    return search(WalkGraph.of(index.network), exits_of(index, spots), horizon_mm=HORIZON)


def rule(index: StreetIndex, found: Search) -> WalkAt:
    """Return the walk from any point, as places walk."""

    def walk_at(x: Floats, y: Floats) -> tuple[Ints, Ints]:
        exits = put_on_streets(index, Points.free(x, y), snap_max_m=CAP_M)
        walks = found.walks(exits)
        street = np.full(len(x), -1, dtype=np.int64)
        reached = walks.exit >= 0
        street[reached] = exits.street[walks.exit[reached]]
        return walks.walk_mm, street

    return walk_at


@pytest.fixture(scope="module")
def land(toy_index: StreetIndex) -> Land:
    return put_land_on_streets(toy_index, Grounds.none(), snap_max_m=CAP_M)


def drawn(
    index: StreetIndex, land: Land, care: Spots, homes: Spots, minutes: Sequence[float]
) -> gpd.GeoSeries:
    """Return the polygons in metres, by minutes."""
    found = searched(index, care)
    x, y = np.array(homes, dtype=float).reshape(-1, 2).T
    walk_at = rule(index, found)
    witnesses = Witnesses(x + EAST, y + NORTH, walk_at(x + EAST, y + NORTH)[0])
    polygons = bands(
        land, found.walks(land.exits), witnesses,
        minutes=minutes, speed_m_per_s=SPEED, walk_at=walk_at,
    )  # fmt: skip
    return gpd.GeoSeries(polygons, index=sorted(minutes), crs=METRIC)


def test_the_circle_of_a_facility_by_hand(toy_index: StreetIndex, land: Land) -> None:
    # 5 minutes are 270 m from A: along the street to 270 m, off it as far as the rest allows.
    polygon = drawn(toy_index, land, [(0, 0)], [], [5.0]).loc[5]
    for (x, y), inside in {
        (240, 0): True, (255, 0): True, (285, 0): False, (100, 150): True, (100, 190): False,
        (-150, 0): True, (-215, 0): False, (0, -180): True, (600, 0): False,
    }.items():  # fmt: skip
        assert polygon.covers(shapely.Point(EAST + x, NORTH + y)) == inside, (x, y)


def test_larger_limits_hold_smaller_ones_in_whatever_order_they_are_asked(
    toy_index: StreetIndex, land: Land
) -> None:
    polygons = drawn(toy_index, land, [(0, 0)], [], [15.0, 5.0, 10.0])
    assert [*polygons.index] == [5, 10, 15]
    five, ten, fifteen = polygons
    assert five.area < ten.area < fifteen.area
    assert shapely.difference(five, ten).area < 1
    assert shapely.difference(ten, fifteen).area < 1


def test_nobody_reached_is_an_empty_polygon(toy_index: StreetIndex, land: Land) -> None:
    polygons = drawn(toy_index, land, [], [(0, 0)], [5.0, 15.0])
    assert polygons.is_empty.all()
    assert len(polygons) == 2


def test_the_area_is_that_of_a_fine_raster(toy_index: StreetIndex, land: Land) -> None:
    polygon = drawn(toy_index, land, [(320, 30)], [], [8.0]).loc[8]
    step = 2.5
    grid = np.arange(-300, 1200, step) + step / 2
    x, y = (axis.ravel() for axis in np.meshgrid(grid + EAST, grid + NORTH))
    walk_mm, _ = rule(toy_index, searched(toy_index, [(320, 30)]))(x, y)
    raster_m2 = (walk_mm <= budget_mm(8, speed_m_per_s=SPEED)).sum() * step**2
    assert polygon.area == pytest.approx(raster_m2, rel=0.01)


along, across = st.floats(-150, 1050), st.floats(-150, 550)
spots = st.tuples(along, across)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(spots, max_size=3), st.lists(spots, min_size=1, max_size=40), st.floats(1, 15)
)
def test_every_place_agrees_exactly(
    toy_index: StreetIndex, land: Land, care: Spots, homes: Spots, minutes: float
) -> None:
    polygon = drawn(toy_index, land, care, homes, [minutes]).iloc[0]
    x, y = np.array(homes).T + np.array([[EAST], [NORTH]])
    walk_mm, _ = rule(toy_index, searched(toy_index, care))(x, y)
    walked = walk_mm <= budget_mm(minutes, speed_m_per_s=SPEED)
    assert (shapely.intersects_xy(polygon, x, y) == walked).all()


@settings(max_examples=10, deadline=None)
@given(st.lists(spots, min_size=1, max_size=3), st.floats(2, 15), st.integers(0, 99))
def test_points_off_the_outline_agree(
    toy_index: StreetIndex, land: Land, care: Spots, minutes: float, seed: int
) -> None:
    polygon = drawn(toy_index, land, care, [], [minutes]).iloc[0]
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(-300, 1200, 2000) + EAST, rng.uniform(-300, 700, 2000) + NORTH
    walk_mm, _ = rule(toy_index, searched(toy_index, care))(x, y)
    walked = walk_mm <= budget_mm(minutes, speed_m_per_s=SPEED)
    wrong = np.flatnonzero(shapely.intersects_xy(polygon, x, y) != walked)
    gap = shapely.distance(shapely.points(x[wrong], y[wrong]), shapely.boundary(polygon))
    assert gap.max(initial=0) <= CELL_M * 2**0.5


def test_witnesses_that_stand_nowhere_are_left_out() -> None:
    some = Witnesses(
        np.array([1.0, np.nan, 3.0]), np.array([1.0, 2.0, np.nan]), np.array([7, FAR, 9])
    )
    standing = some.standing()
    assert (standing.x.tolist(), standing.y.tolist(), standing.walk_mm.tolist()) == ([1], [1], [7])


def test_points_that_no_outline_is_near_are_told_as_the_outlines_tell_them() -> None:
    rng = np.random.default_rng(5)
    blocks = rng.choice([400, 1_001, 1_600], (8, 6)).repeat(5, axis=0).repeat(5, axis=1)
    # Cells so near to the limit bring the outline to their very middles.
    walk_mm = blocks - rng.choice([0, 2], blocks.shape)
    land = Land((-3, 7), walk_mm.shape, np.zeros(0, np.int64), Beside.nothing(), Exits.none())
    street, none = np.zeros(walk_mm.size, dtype=np.int64), np.zeros(0, dtype=np.int64)
    field = Field.of_walks(land, walk_mm.ravel(), street, none, limits_mm=[])
    polygons = _contours(field, 1_000, 500, np.array([-30.0]))
    outline = shapely.boundary(polygons[0])
    at = shapely.get_coordinates(shapely.segmentize(outline, 3.0)).repeat(5, axis=0)
    at += rng.uniform(-1.5 * ON_THE_LINE_M, 1.5 * ON_THE_LINE_M, at.shape)
    everywhere = rng.uniform((40, -60), (400, 400), (4_000, 2))
    x, y = np.vstack([at, everywhere]).T
    zeros = np.zeros(len(x), dtype=np.int64)
    marks = _Marks(zeros, x, y, zeros.astype(bool), zeros.astype(float))
    inside, on_the_line = _sides(field, polygons, marks, 1_000)
    near = shapely.dwithin(outline, shapely.points(x, y), ON_THE_LINE_M)
    np.testing.assert_array_equal(inside, shapely.intersects_xy(polygons[0], x, y))
    np.testing.assert_array_equal(on_the_line, near)
    assert 0 < near.sum() < len(x)
    assert 0 < inside.sum() < len(x)


def contours(walk_mm: Ints) -> shapely.Geometry:
    """Return the outline at 1,000 mm of a field of cells of 10 m, its corner at (0, 0)."""
    land = Land((0, 0), walk_mm.shape, np.zeros(0, np.int64), Beside.nothing(), Exits.none())
    street, none = np.zeros(walk_mm.size, dtype=np.int64), np.zeros(0, dtype=np.int64)
    field = Field.of_walks(land, walk_mm.ravel(), street, none, limits_mm=[])
    return _contours(field, 1_000, 500, np.array([0.0]))[0]


def test_an_outline_that_closes_on_walks_of_the_very_limit_stays_a_polygon() -> None:
    # Cells of the very limit are spots, or lines between them: they have no area to be drawn.
    for cells in (
        [[1_000, 1_500], [1_500, 1_500]],
        [[1_000, 1_500], [1_000, 1_500]],
        [[1_500, 1_000], [500, 1_500]],
        [[1_500, 1_000], [1_000, 1_500], [500, 1_500]],
    ):
        polygon = contours(np.array(cells))
        assert polygon.geom_type in ("Polygon", "MultiPolygon")
        assert shapely.is_valid(polygon)
        assert shapely.boundary(polygon) is not None
        assert polygon.is_empty == (500 not in np.array(cells))


def test_a_hole_that_shares_a_side_with_its_outline_stays_a_hole() -> None:
    # The two cells of 1,500 touch the rim through cells of the very limit.
    cells = [[500, 1_000, 1_000, 1_000], [1_000, 1_500, 1_500, 500], [500, 500, 1_000, 500]]
    polygon = contours(np.array(cells))
    assert not shapely.intersects_xy(polygon, [15.0, 25.0], [15.0, 15.0]).any()
    assert shapely.intersects_xy(polygon, [5.0, 35.0, 5.0], [5.0, 15.0, 25.0]).all()


def test_fields_with_many_walks_of_the_very_limit_are_drawn_and_told_rightly() -> None:
    rng = np.random.default_rng(7)
    touching = 0
    for _ in range(300):
        walk_mm = rng.choice([500, 1_000, 1_500], rng.integers(2, 8, 2))
        polygon = contours(walk_mm)
        touching += len(shapely.get_parts(polygon)) > 1
        row, column = np.indices(walk_mm.shape) * CELL_M + CELL_M / 2
        within = shapely.intersects_xy(polygon, column, row)
        at_limit = walk_mm == 1_000
        assert (within == (walk_mm < 1_000))[~at_limit].all()
        line = shapely.boundary(polygon)
        here = shapely.points(column, row)
        assert (shapely.dwithin(line, here, ON_THE_LINE_M) <= at_limit).all()
    assert touching > 100


@pytest.mark.parametrize("gap_m", [0.5, 4.0])
def test_neighbours_of_different_verdicts_are_told_apart(
    toy_index: StreetIndex, land: Land, gap_m: float
) -> None:
    # Two homes either side of the limit of 270 m along the street, nearer than a cell is wide.
    homes = [(270 - gap_m / 2, 0.0), (270 + gap_m / 2, 0.0)]
    polygon = drawn(toy_index, land, [(0, 0)], homes, [5.0]).loc[5]
    inside = [polygon.covers(shapely.Point(EAST + x, NORTH + y)) for x, y in homes]
    assert inside == [True, False]


def test_either_side_of_a_seam_is_told_apart(toy_index: StreetIndex, land: Land) -> None:
    # Land between B-C and B-D leaves by the nearer street. Beside the seam, d metres from both, a
    # home on C's side walks about 300 m to C, one on D's side 2 d more: round the corner at B.
    sides = [(d, side) for d in range(31, 150, 7) for side in (-0.3, 0.3)]
    homes = [(300 + d + side, float(d)) for d, side in sides]
    polygon = drawn(toy_index, land, [(600, 0)], homes, [330 / 54]).iloc[0]
    inside = [polygon.covers(shapely.Point(EAST + x, NORTH + y)) for x, y in homes]
    assert inside == [side > 0 for _, side in sides]
