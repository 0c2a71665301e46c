"""Places on the toy city's streets, worked by hand; distances against shapely."""

from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pytest
import shapely

from geo.streets.network import WalkNetwork
from geo.walks import places
from geo.walks.barriers import Barriers
from geo.walks.nearest_street import MOST_SQUARES, NO_STREET, StreetIndex
from geo.walks.places import (
    NO_POSITION,
    NO_USABLE_STREET,
    OFF_STREET_TOO_FAR,
    Grounds,
    Points,
    put_on_streets,
    usable_streets,
)

EAST, NORTH = 500_000.0, 4_680_000.0
Maker = Callable[..., WalkNetwork]


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(west + EAST, south + NORTH, east + EAST, north + NORTH)


def grounds_of(polygon: shapely.Polygon, *entrances: tuple[float, float]) -> Grounds:
    x, y = np.array(entrances, dtype=float).reshape(-1, 2).T
    owner = np.zeros(len(x), dtype=np.int64)
    return Grounds(np.array([polygon]), x + EAST, y + NORTH, owner)


def in_estate(*xy: tuple[float, float]) -> Points:
    x, y = np.array(xy, dtype=float).T
    return Points(x + EAST, y + NORTH, np.zeros(len(x), dtype=np.int64))


def free(*xy: tuple[float, float]) -> Points:
    x, y = np.array(xy, dtype=float).T
    return Points.free(x + EAST, y + NORTH)


def test_a_point_sits_at_the_nearest_point_of_the_nearest_street(toy_index: StreetIndex) -> None:
    exits = put_on_streets(toy_index, free((120, 30)), snap_max_m=200)
    street = int(exits.street[0])
    # A-B from A: 120 m along, 30 m off.
    assert toy_index.network.length_mm[street] == 300_000
    assert (exits.offset_mm.tolist(), exits.off_street_mm.tolist()) == ([120_000], [30_000])


def test_beyond_the_cap_there_is_no_way_out_and_the_reason_says_so(toy_index: StreetIndex) -> None:
    exits = put_on_streets(toy_index, free((100, -200), (100, -200.001)), snap_max_m=200)
    assert exits.point.tolist() == [0]
    assert exits.reason.tolist() == ["", OFF_STREET_TOO_FAR]


def test_a_point_nowhere_has_no_way_out(toy_index: StreetIndex) -> None:
    exits = put_on_streets(toy_index, free((np.nan, np.nan)), snap_max_m=200)
    assert exits.reason.tolist() == [NO_POSITION]


def test_metres_inside_the_own_estate_do_not_count_against_the_cap(toy_index: StreetIndex) -> None:
    # 350 m south of A-B: 260 m inside the estate (from -350 to -90), 90 m beyond it.
    estate = box(50, -400, 250, -90)
    place = in_estate((100, -350))
    exits = put_on_streets(toy_index, place, snap_max_m=100, grounds=grounds_of(estate))
    assert exits.off_street_mm.tolist() == [350_000]
    nearer = put_on_streets(toy_index, place, snap_max_m=89, grounds=grounds_of(estate))
    assert nearer.reason.tolist() == [OFF_STREET_TOO_FAR]


def test_an_estate_with_entrances_is_left_by_them(toy_index: StreetIndex) -> None:
    # The street is 20 m north of the place, the only gate is 40 m east of it and 20 m from B-D.
    estate = box(230, 10, 280, 110)
    place = in_estate((240, 20))
    exits = put_on_streets(
        toy_index, place, snap_max_m=200, grounds=grounds_of(estate, (280, 20))
    )
    assert exits.by_entrance.tolist() == [True]
    assert exits.off_street_mm.tolist() == [60_000]  # 40 m to the gate, then 20 m to A-B or B-D


def test_every_entrance_is_a_way_out(toy_index: StreetIndex) -> None:
    estate = box(0, 10, 200, 110)
    gates = grounds_of(estate, (0, 10), (200, 10))
    exits = put_on_streets(toy_index, in_estate((100, 10)), snap_max_m=200, grounds=gates)
    assert sorted(zip(exits.offset_mm, exits.off_street_mm, strict=True)) == [
        (0, 110_000), (200_000, 110_000),
    ]  # fmt: skip


def test_an_estate_too_large_to_be_true_holds_no_points() -> None:
    grounds = grounds_of(shapely.box(0, 0, EAST + 600, NORTH + 300))
    both = Grounds(np.array([grounds.polygons[0], box(0, 0, 50, 50)]), *[np.zeros(0)] * 3)
    assert both.is_land.tolist() == [False, True]
    assert both.around([EAST + 20, EAST + 90], [NORTH + 20, NORTH + 20]).owner.tolist() == [1, -1]


def test_a_stray_corner_widens_the_squares_and_changes_no_answer(network_of: Maker) -> None:
    rng = np.random.default_rng(3)
    lines = [tuple(map(tuple, xy)) for xy in rng.uniform(0, 3000, (40, 3, 2))]
    # Corners at nought east, nought north.
    stray = [((10.0 * n, 0.0), (-EAST, -NORTH)) for n in range(50)]
    network = network_of((*lines, *stray))
    index = StreetIndex(network, np.ones(len(network), dtype=bool))
    x, y = rng.uniform(-500, 3500, (2, 300)) + np.array([[EAST], [NORTH]])
    found = index.nearest(x, y, within_m=400)
    gap = shapely.distance(shapely.points(x, y)[:, None], network.lines()[None, :])
    near = gap.min(axis=1)
    assert ((found.street == NO_STREET) == (near > 400)).all()
    known = found.street != NO_STREET
    assert found.off_street_m[known] == pytest.approx(near[known], abs=1e-6)
    shape = vars(index)["_squares"][1]  # made ready by the first search
    assert shape.prod() <= 1.01 * MOST_SQUARES
    assert len(vars(index)["_squares"][4]) < 1_000_000


def test_small_pieces_are_not_stepped_onto_unless_a_facility_stands_there(
    network_of: Maker,
) -> None:
    long, short = ((0, 0), (2500, 0)), ((0, 50), (100, 50))
    network = network_of((long, short))
    everything = StreetIndex(network, np.ones(2, dtype=bool))
    piece = int(network.length_mm.argmin())
    plain = usable_streets(network, component_min_m=2000)
    assert plain.tolist() == [street != piece for street in range(2)]
    standing = everything.nearest([EAST + 10], [NORTH + 60], within_m=200)
    assert usable_streets(network, component_min_m=2000, standing=standing).all()


def test_the_longest_piece_is_always_usable(toy: WalkNetwork) -> None:
    assert usable_streets(toy, component_min_m=1e9).all()


def test_without_usable_streets_the_reason_says_so(toy: WalkNetwork) -> None:
    index = StreetIndex(toy, np.zeros(len(toy), dtype=bool))
    exits = put_on_streets(index, free((0, 0)), snap_max_m=200)
    assert exits.reason.tolist() == [NO_USABLE_STREET]


def test_ties_go_to_the_first_street(toy_index: StreetIndex) -> None:
    # B is an end of three streets; all are 0 m away.
    nearest = toy_index.nearest([EAST + 300], [NORTH], within_m=200)
    ends = (toy_index.network.tail, toy_index.network.head)
    node = toy_index.network.tail[nearest.street[0]], toy_index.network.head[nearest.street[0]]
    shared = set(node).intersection(*({int(n)} for n in node if (ends[0] == n).sum() > 1))
    touching = np.flatnonzero(np.isin(ends[0], list(shared)) | np.isin(ends[1], list(shared)))
    assert nearest.street[0] == touching.min()


@pytest.mark.parametrize("within", [50.0, 5000.0])
def test_nearest_equals_shapely(network_of: Maker, within: float) -> None:
    rng = np.random.default_rng(7)
    ends = rng.uniform(0, 2000, (120, 2, 2))
    network = network_of(tuple(tuple(map(tuple, line)) for line in ends))
    index = StreetIndex(network, rng.random(len(network)) < 0.7)
    xy = rng.uniform(-500, 2500, (500, 2)) + np.array([EAST, NORTH])
    found = index.nearest(xy[:, 0], xy[:, 1], within_m=within)
    lines = network.lines()[index.usable]
    points = shapely.points(xy)
    gap = shapely.distance(points[:, None], lines[None, :]).min(axis=1)
    near = gap <= within
    assert (near == (found.street != NO_STREET)).all()
    assert np.abs(found.off_street_m[near] - gap[near]).max() < 1e-6
    chosen = network.lines()[found.street[near]]
    along_mm = shapely.line_locate_point(chosen, points[near]) * 1000
    assert np.abs(along_mm - found.offset_mm[near]).max() <= 0.5 + 1e-3


@pytest.mark.parametrize("at_once", [1, 7, 199])
def test_points_put_on_streets_some_at_a_time_have_the_same_ways(
    toy: WalkNetwork, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    rng = np.random.default_rng(4)
    wall = shapely.LineString([(EAST, NORTH + 30), (EAST + 700, NORTH + 30)])
    usable = usable_streets(toy, component_min_m=2000)
    index = StreetIndex(toy, usable, Barriers.of(np.array([wall])))
    grounds = grounds_of(box(100, 5, 280, 200), (100, 40), (200, 5), (280, 150))
    x, y = EAST + rng.uniform(-100, 1000, 200), NORTH + rng.uniform(-250, 600, 200)
    x[5] = y[90] = np.nan
    points = grounds.around(x, y)
    whole = put_on_streets(index, points, snap_max_m=150, grounds=grounds)
    assert len({*whole.reason}) == 4  # with a way, too far, behind the wall, nowhere
    assert whole.by_entrance.any()
    monkeypatch.setattr(places, "AT_ONCE", at_once)
    parts = put_on_streets(index, points, snap_max_m=150, grounds=grounds)
    for field in fields(whole):
        one, other = getattr(whole, field.name), getattr(parts, field.name)
        assert one.dtype == other.dtype
        assert np.array_equal(one, other)
