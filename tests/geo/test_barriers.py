"""Barriers: what crosses them, to the letter; and the second way over random streets and walls."""

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.streets.network import Floats, WalkNetwork
from geo.walks.barriers import Barriers
from geo.walks.nearest_street import NO_STREET, StreetIndex
from geo.walks.places import (
    BEHIND_BARRIER,
    OFF_STREET_TOO_FAR,
    Grounds,
    Points,
    put_on_streets,
)
from tests.conftest import EAST, NORTH

Maker = Callable[..., WalkNetwork]
XY = tuple[float, float]
HERE = np.array([EAST, NORTH])


def line(*xy: XY) -> shapely.LineString:
    return shapely.LineString([(x + EAST, y + NORTH) for x, y in xy])


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(west + EAST, south + NORTH, east + EAST, north + NORTH)


def free(*xy: XY) -> Points:
    x, y = np.array(xy, dtype=float).T
    return Points.free(x + EAST, y + NORTH)


def behind(toy_index: StreetIndex, *geometries: shapely.Geometry) -> StreetIndex:
    return StreetIndex(toy_index.network, toy_index.usable, Barriers.of(geometries))


def length_m(index: StreetIndex, street: int) -> float:
    return float(index.network.length_mm[street]) / 1000


# --- what crosses --------------------------------------------------------------------------------

WALL = line((0, 0), (100, 0))
FENCE = line((0, 0), (40, 0), (70, 0), (100, 0), (100, 50))  # with corners along its way


@pytest.mark.parametrize("wall", [WALL, FENCE])
@pytest.mark.parametrize(
    ("start", "end", "crosses"),
    [
        pytest.param((50, 10), (50, -10), True, id="cut"),
        pytest.param((50, 10), (50, 0), False, id="its end stands on the barrier"),
        pytest.param((50, 0), (50, -10), False, id="it begins on the barrier"),
        pytest.param((50, 0.0009), (50, -10), False, id="within a millimetre is on it"),
        pytest.param((50, 0.0011), (50, -10), True, id="beyond a millimetre is not"),
        pytest.param((20, 0), (80, 0), False, id="along it"),
        pytest.param((-20, 0), (80, 0), False, id="on to it and along it"),
        pytest.param((0, 10), (0, -10), True, id="its interior touches the end of the barrier"),
        pytest.param((-10, -10), (10, 10), True, id="its interior goes through the end"),
        pytest.param((40, 10), (40, -10), True, id="through a corner"),
        pytest.param((0, 10), (0, 0), False, id="end on end"),
        pytest.param((-0.01, 10), (-0.01, -10), False, id="past its end"),
        pytest.param((50, 10), (50, 0.01), False, id="short of it"),
        pytest.param((50, 10), (50, 10), False, id="no leg at all"),
        pytest.param((50, 0), (50, 0), False, id="no leg, on the barrier"),
    ],
)
def test_what_crosses_to_the_letter(
    wall: shapely.LineString, start: XY, end: XY, *, crosses: bool
) -> None:
    for geometry in (wall, wall.reverse(), shapely.MultiLineString([wall])):
        barriers = Barriers.of([geometry])
        for one, other in ((start, end), (end, start)):
            legs = [
                np.array([v]) + o for v, o in zip((*one, *other), (EAST, NORTH) * 2, strict=True)
            ]
            assert barriers.crossed(*legs).tolist() == [crosses]


def test_a_leg_along_one_arm_and_past_the_corner_touches_the_other_arm() -> None:
    barriers = Barriers.of([line((0, 0), (50, 0), (50, 30))])
    x, y, to_x, to_y = (np.array([v]) for v in (EAST + 20, NORTH, EAST + 80, NORTH))
    assert barriers.crossed(x, y, to_x, to_y).tolist() == [True]


def test_along_an_oblique_wall_rounding_does_not_matter() -> None:
    # Both ends of the leg stand on the wall as nearly as floating point lets them.
    rng = np.random.default_rng(13)
    for _ in range(200):
        ends = rng.uniform(0, 500, (2, 2)) + HERE
        wall = shapely.LineString(ends)
        shares = rng.random((50, 2))
        start, end = (ends[0] + share[:, None] * (ends[1] - ends[0]) for share in shares.T)
        barriers = Barriers.of([wall])
        assert not barriers.crossed(*start.T, *end.T).any()


def test_polygons_act_by_their_outlines_holes_included() -> None:
    yard = shapely.Polygon(box(0, 0, 100, 100).exterior, [box(40, 40, 60, 60).exterior])
    barriers = Barriers.of([yard, None, shapely.Polygon(), shapely.Point(EAST, NORTH)])
    assert len(barriers) == 8
    ways = np.array(
        [
            (50, 50, 55, 55),  # within the hole
            (50, 50, 30, 50),  # out of the hole
            (10, 10, 30, 30),  # within the polygon
            (10, 10, -10, 10),  # out of it
            (0, 10, 30, 10),  # from its outline inwards
            (0, 10, 100, 10),  # from outline to outline
        ],
        dtype=float,
    ) + np.tile(HERE, 2)
    assert barriers.crossed(*ways.T).tolist() == [False, True, False, True, False, False]


def test_collections_are_opened_and_repeated_corners_are_nothing() -> None:
    nested = shapely.GeometryCollection(
        [shapely.MultiLineString([WALL]), shapely.GeometryCollection([box(0, 0, 1, 1)])]
    )
    assert len(Barriers.of([nested])) == 5
    assert len(Barriers.of([line((0, 0), (0, 0), (5, 5), (5, 5))])) == 1
    assert len(Barriers.of([])) == 0
    empty = Barriers.of([None])
    assert empty.crossed(*np.array([[0.0, 1.0, 2.0, 3.0]]).T).tolist() == [False]


def test_legs_from_nowhere_cross_nothing() -> None:
    nowhere = np.array([np.nan])
    assert Barriers.of([WALL]).crossed(nowhere, nowhere, nowhere, nowhere).tolist() == [False]


def test_long_barriers_far_apart_have_wider_squares_and_say_the_same() -> None:
    rng = np.random.default_rng(1)
    ends = rng.uniform(0, 300_000, (50, 2, 2))
    walls = shapely.linestrings(ends)
    barriers = Barriers.of(walls)
    legs = rng.uniform(0, 300_000, (500, 2))
    legs = np.hstack([legs, legs + rng.uniform(-900, 900, legs.shape)])
    crossed = shapely.intersects(
        shapely.linestrings(legs.reshape(-1, 2, 2))[:, None], walls[None, :]
    )
    assert crossed.any()
    assert (barriers.crossed(*legs.T) == crossed.any(axis=1)).all()


def test_crossings_come_in_order_and_once() -> None:
    barriers = Barriers.of([box(0, 0, 8, 200), line((20, -50), (20, 100), (20, 200))])
    ways = np.array([(-10, 100, 30, 100), (30, 10, -10, 10), (1, 1, 2, 2)], dtype=float)
    leg, share = barriers.crossings(*(ways + np.tile(HERE, 2)).T)
    assert leg.tolist() == [0, 0, 0, 1, 1, 1]
    assert share.tolist() == pytest.approx([0.25, 0.45, 0.75, 0.25, 0.55, 0.75])


# --- places on the toy city ----------------------------------------------------------------------


def test_the_next_street_is_tried(toy_index: StreetIndex) -> None:
    # 30 m north of A-B and 40 m west of B-D, with a wall along A-B.
    exits = put_on_streets(
        behind(toy_index, line((0, 5), (299, 5))), free((260, 30)), snap_max_m=200
    )
    assert length_m(toy_index, int(exits.street[0])) == 400
    assert (exits.off_street_mm.tolist(), exits.offset_mm.tolist()) in (
        ([40_000], [30_000]), ([40_000], [370_000]),
    )  # fmt: skip


def test_a_street_drawn_on_the_barrier_is_stepped_onto(toy_index: StreetIndex) -> None:
    exits = put_on_streets(
        behind(toy_index, line((0, 0), (300, 0))), free((120, 30)), snap_max_m=200
    )
    assert exits.off_street_mm.tolist() == [30_000]


def test_behind_a_wall_all_round_there_is_no_way_and_the_reason_says_so(
    toy_index: StreetIndex,
) -> None:
    index = behind(toy_index, box(100, 20, 140, 60))
    exits = put_on_streets(
        index, free((120, 30), (150, 30), (120, -201), (120, 300)), snap_max_m=200
    )
    assert exits.point.tolist() == [1, 3]
    assert exits.reason.tolist() == [BEHIND_BARRIER, "", OFF_STREET_TOO_FAR, ""]


def test_beyond_the_cap_behind_a_barrier_the_cap_is_the_reason(toy_index: StreetIndex) -> None:
    # 150 m off A-B behind a wall, 205 m off B-D: with the wall no street is within 200 m, without
    # it one is. At 201 m off A-B nothing is, wall or no wall.
    wall = line((-500, 10), (290, 10))
    exits = put_on_streets(behind(toy_index, wall), free((95, 150), (50, 201)), snap_max_m=200)
    assert exits.reason.tolist() == [BEHIND_BARRIER, OFF_STREET_TOO_FAR]


def test_an_entrance_is_an_opening_of_a_metre(toy_index: StreetIndex) -> None:
    # The estate's wall stands 0.9 m and 1.1 m south of the gate at (200, 20), towards A-B.
    estate, gate = box(100, 20, 250, 120), (200, 20)
    grounds = Grounds(
        np.array([estate]), np.array([gate[0] + EAST]), np.array([gate[1] + NORTH]),
        np.zeros(1, dtype=np.int64),
    )  # fmt: skip
    x, y = np.array([200.0 + EAST]), np.array([50.0 + NORTH])
    inside = Points(x, y, np.zeros(1, dtype=np.int64))
    for south, off_mm in ((19.1, [50_000]), (18.9, [30_000 + 100_000])):
        index = behind(toy_index, line((-300, south), (299, south)))
        exits = put_on_streets(index, inside, snap_max_m=200, grounds=grounds)
        assert exits.off_street_mm.tolist() == off_mm
        assert exits.by_entrance.all()


def test_the_way_to_an_entrance_may_not_cross_either(toy_index: StreetIndex) -> None:
    # A U around a court: from the left arm straight to the gate at the right arm leads across.
    estate = shapely.difference(box(0, 10, 100, 110), box(40, 50, 60, 110))
    gates = np.array([(100.0, 100.0), (20.0, 10.0)]) + HERE
    grounds = Grounds(np.array([estate]), gates[:, 0], gates[:, 1], np.zeros(2, dtype=np.int64))
    inside = Points(np.array([20.0]) + EAST, np.array([100.0]) + NORTH, np.zeros(1, dtype=np.int64))
    freely = put_on_streets(toy_index, inside, snap_max_m=200, grounds=grounds)
    assert len(freely.point) == 2
    walled = put_on_streets(behind(toy_index, estate), inside, snap_max_m=200, grounds=grounds)
    assert walled.off_street_mm.tolist() == [90_000 + 10_000]
    one = Grounds(np.array([estate]), gates[:1, 0], gates[:1, 1], np.zeros(1, dtype=np.int64))
    shut = put_on_streets(behind(toy_index, estate), inside, snap_max_m=200, grounds=one)
    assert shut.reason.tolist() == [BEHIND_BARRIER]


def test_without_barriers_nothing_changes(toy_index: StreetIndex) -> None:
    rng = np.random.default_rng(5)
    points = free(*map(tuple, rng.uniform(-100, 1000, (300, 2))))
    plain = put_on_streets(toy_index, points, snap_max_m=200)
    for barriers in (Barriers.of([]), Barriers.of([box(9000, 9000, 9100, 9100)])):
        index = StreetIndex(toy_index.network, toy_index.usable, barriers)
        same = put_on_streets(index, points, snap_max_m=200)
        for name, column in vars(plain).items():
            assert (column == getattr(same, name)).all(), name


# --- the second way ------------------------------------------------------------------------------

SIDE_M = 600.0


def crosses(leg: shapely.LineString, wall: shapely.LineString) -> bool:
    """Return whether the leg, its last millimetres left out, meets the wall in single points."""
    if leg.length <= 0.002:
        return False
    inner = shapely.LineString([leg.interpolate(0.001), leg.interpolate(leg.length - 0.001)])
    return inner.intersects(wall) and not wall.buffer(0.001).contains(leg)


def nearest_by_hand(
    lines: np.ndarray, xy: Floats, walls: list[shapely.LineString], within: float
) -> tuple[int, float]:
    """Return street and distance: every street in turn, every wall in turn."""
    point = shapely.Point(xy)
    gap = shapely.distance(point, lines)
    # Streets that meet at the nearest node are equally near: the first of them.
    for street in np.lexsort((np.arange(len(lines)), np.round(gap, 7))):
        if gap[street] > within:
            break
        foot = lines[street].interpolate(lines[street].project(point))
        if not any(crosses(shapely.LineString([point, foot]), wall) for wall in walls):
            return int(street), float(gap[street])
    return NO_STREET, float("inf")


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    seed=st.integers(0, 2**32 - 1),
    streets=st.integers(1, 25),
    walls=st.integers(1, 30),
    within=st.sampled_from([40.0, 200.0, 900.0]),
)
def test_streets_behind_barriers_are_passed_over_as_shapely_does_it(
    network_of: Maker, seed: int, streets: int, walls: int, within: float
) -> None:
    rng = np.random.default_rng(seed)
    corners = rng.uniform(0, SIDE_M, (streets, 3, 2))
    network = network_of(tuple(tuple(map(tuple, corner)) for corner in corners))
    lines = network.lines()
    ends = rng.uniform(0, SIDE_M, (walls, 1, 2)) + rng.uniform(-90, 90, (walls, 2, 2))
    fences = list(shapely.linestrings(ends + HERE))
    fences.append(lines[0])  # one wall on which a street is drawn
    index = StreetIndex(
        network, rng.random(len(network)) < 0.8, Barriers.of(shapely.multilinestrings(fences))
    )
    xy = rng.uniform(-50, SIDE_M + 50, (12, 2)) + HERE
    found = index.nearest(xy[:, 0], xy[:, 1], within_m=within)
    usable = np.flatnonzero(index.usable)
    for at, point in enumerate(xy):
        street, gap = nearest_by_hand(lines[usable], point, fences, within)
        if street == NO_STREET:
            assert found.street[at] == NO_STREET
            assert np.isinf(found.off_street_m[at])
        else:
            assert found.street[at] == usable[street]
            assert abs(found.off_street_m[at] - gap) < 1e-6


def test_many_points_with_barriers_as_shapely_has_them(network_of: Maker) -> None:
    # 3,000 points in a town of 140 streets and 400 fences, each against all of them at once.
    rng = np.random.default_rng(23)
    ends = rng.uniform(0, 1500, (140, 1, 2)) + rng.uniform(-150, 150, (140, 2, 2))
    network = network_of(tuple(tuple(map(tuple, line)) for line in ends))
    lines = network.lines()
    fences = shapely.linestrings(
        rng.uniform(0, 1500, (400, 1, 2)) + rng.uniform(-30, 30, (400, 2, 2)) + HERE
    )
    xy = rng.uniform(0, 1500, (3000, 2)) + HERE
    index = StreetIndex(network, np.ones(len(lines), dtype=bool), Barriers.of(fences))
    found = index.nearest(xy[:, 0], xy[:, 1], within_m=200)
    assert found.blocked.sum() > 300
    points = shapely.points(xy)[:, None]
    gap = shapely.distance(points, lines)
    feet = shapely.line_interpolate_point(lines, shapely.line_locate_point(lines, points))
    corners = np.stack(
        [
            np.broadcast_to(xy[:, None], (*gap.shape, 2)),
            shapely.get_coordinates(feet).reshape(*gap.shape, 2),
        ],
        axis=2,
    )
    legs = shapely.linestrings(corners)
    leg, _ = shapely.STRtree(fences).query(legs.ravel(), predicate="intersects")
    legal = np.ones(gap.size, dtype=bool)
    legal[leg] = False
    gap = np.where(legal.reshape(gap.shape) & (gap <= 200), gap, np.inf)
    best = gap.min(axis=1)
    assert (np.isfinite(best) == (found.street != NO_STREET)).all()
    some = np.isfinite(best)
    assert np.abs(best[some] - found.off_street_m[some]).max() < 1e-6
    assert (gap[some, found.street[some]] == best[some]).mean() > 0.999
