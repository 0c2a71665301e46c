"""Walks in the toy city, worked by hand; against networkx and scipy on streets of all kinds."""

import itertools
from collections.abc import Callable

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from bench.city import loaded, make_city
from geo.streets.network import WalkNetwork
from geo.walks.nearest_street import StreetIndex
from geo.walks.places import Exits, Points, put_on_streets
from geo.walks.travel import (
    ANY_LENGTH_MM,
    FAR,
    Walks,
    budget_mm,
    in_minutes,
    nearest_by_group,
    nearest_facility,
    search,
)
from geo.walks.walk_graph import WalkGraph

from . import scipy_walks
from .random_streets import (
    Case,
    anywhere,
    at_nodes,
    cases,
    exits_of,
    grid,
    network_of,
    none_private,
    some,
)

EAST, NORTH = 500_000.0, 4_680_000.0
HORIZON = budget_mm(60, speed_m_per_s=0.9)
Maker = Callable[..., WalkNetwork]


def nearest(
    network: WalkNetwork, facilities: Exits, places: Exits, *, horizon_mm: int
) -> Walks:
    return nearest_facility(WalkGraph.of(network), facilities, places, horizon_mm=horizon_mm)


def put(index: StreetIndex, *xy: tuple[float, float], cap: float = 200) -> Exits:
    x, y = np.array(xy, dtype=float).reshape(-1, 2).T
    return put_on_streets(index, Points.free(x + EAST, y + NORTH), snap_max_m=cap)


def test_a_walk_is_off_street_metres_of_both_ends_and_street_metres(toy_index: StreetIndex) -> None:
    # Facility 10 m north of the middle of A-B; place 20 m north of C.
    # 10 + 150 to B + 300 to C + 20 = 480 m.
    walks = nearest(
        toy_index.network, put(toy_index, (150, 10)), put(toy_index, (600, 20)), horizon_mm=HORIZON
    )
    assert walks.walk_mm.tolist() == [480_000]
    minutes = in_minutes(walks.walk_mm, speed_m_per_s=0.9)
    assert minutes.tolist() == pytest.approx([480 / 0.9 / 60])


def test_two_places_on_one_street_use_the_direct_way(toy_index: StreetIndex) -> None:
    walks = nearest(
        toy_index.network, put(toy_index, (100, 0)), put(toy_index, (220, 5)), horizon_mm=HORIZON
    )
    assert walks.walk_mm.tolist() == [125_000]


def test_the_way_round_may_be_shorter_than_the_street_itself(network_of: Maker) -> None:
    # A street that swings far out, and a short cut between its ends.
    network = network_of((((0, 0), (0, 300), (100, 300), (100, 0)), ((0, 0), (100, 0))))
    index = StreetIndex(network, np.ones(len(network), dtype=bool))
    facility, place = put(index, (-5, 50)), put(index, (105, 50))
    walks = nearest(network, facility, place, horizon_mm=HORIZON)
    # 5 + 50 down + 100 across + 50 up + 5, not 250 + 100 + 250 along the street.
    assert walks.walk_mm.tolist() == [210_000]


def test_ties_go_to_the_first_facility(toy_index: StreetIndex) -> None:
    place = put(toy_index, (300, 0))
    for order in ([(0, 0), (600, 0)], [(600, 0), (0, 0)]):
        walks = nearest(
            toy_index.network, put(toy_index, *order), place, horizon_mm=HORIZON
        )
        assert (walks.walk_mm.tolist(), walks.facility.tolist()) == ([300_000], [0])


def test_no_facility_reaches_nobody(toy_index: StreetIndex) -> None:
    nobody = put(toy_index)
    walks = nearest(toy_index.network, nobody, put(toy_index, (0, 0)), horizon_mm=HORIZON)
    assert walks.walk_mm.tolist() == [FAR]
    assert np.isnan(in_minutes(walks.walk_mm, speed_m_per_s=0.9)).all()


def test_the_horizon_is_inclusive(toy_index: StreetIndex) -> None:
    facility, place = put(toy_index, (0, 0)), put(toy_index, (900, 0))
    at_limit = nearest(toy_index.network, facility, place, horizon_mm=900_000)
    beyond = nearest(toy_index.network, facility, place, horizon_mm=899_999)
    assert (at_limit.walk_mm.tolist(), beyond.walk_mm.tolist()) == ([900_000], [FAR])


def test_fifteen_minutes_at_ordinary_pace_are_810_metres() -> None:
    assert budget_mm(15, speed_m_per_s=0.9) == 810_000
    assert budget_mm(15, speed_m_per_s=0.8) == 720_000
    assert budget_mm(5, speed_m_per_s=1.0) == 300_000
    # In binary these come out a hair below.
    assert budget_mm(12, speed_m_per_s=0.7) == 504_000
    assert budget_mm(1, speed_m_per_s=0.72) == 43_200


def test_a_one_way_path_is_walked_as_drawn_only(network_of: Maker) -> None:
    lines = (((0, 0), (100, 0)), ((0, 0), (0, 100)), ((0, 100), (100, 100)), ((100, 100), (100, 0)))
    tags = {"highway": ["footway"] * 4, "oneway:foot": ["yes", None, None, None]}
    network = network_of(lines, **tags)
    index = StreetIndex(network, np.ones(4, dtype=bool))
    west, east = put(index, (20, 0)), put(index, (80, 0))
    with_it = nearest(network, east, west, horizon_mm=HORIZON)
    against = nearest(network, west, east, horizon_mm=HORIZON)
    # With the drawing 60 m; against it on to the corner and all the way round: 20+100+100+100+20.
    assert (with_it.walk_mm.tolist(), against.walk_mm.tolist()) == ([60_000], [340_000])


def test_the_shortest_of_parallel_streets_counts(network_of: Maker) -> None:
    network = network_of((((0, 0), (50, 80), (100, 0)), ((0, 0), (100, 0)), ((100, 0), (200, 0))))
    index = StreetIndex(network, np.ones(3, dtype=bool))
    walks = nearest(network, put(index, (0, 0)), put(index, (200, 0)), horizon_mm=HORIZON)
    assert walks.walk_mm.tolist() == [200_000]


@st.composite
def cities(draw: st.DrawFn) -> tuple[WalkNetwork, np.ndarray, np.ndarray]:
    """Give random streets on a jittered grid, some one-way, with facilities and places."""
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    side = draw(st.integers(2, 5))
    xy = np.array(list(itertools.product(range(side), repeat=2)), dtype=float) * 100
    xy += rng.uniform(-30, 30, xy.shape)
    pairs = [(i, i + 1) for i in range(side**2) if (i + 1) % side]
    pairs += [(i, i + side) for i in range(side**2 - side)]
    pairs += [(0, 1)]  # a parallel
    kept = [p for p in pairs if rng.random() < 0.85] or pairs[:1]
    tail, head = np.array(kept, dtype=np.int32).T
    vertices, start = [], [0]
    for a, b in kept:
        bend = (xy[a] + xy[b]) / 2 + rng.uniform(-20, 20, 2)
        vertices += [xy[a], bend, xy[b]]
        start.append(len(vertices))
    points = np.array(vertices) + np.array([EAST, NORTH])
    steps = np.hypot(*np.diff(points, axis=0).T)
    length = [steps[i] + steps[i + 1] for i in start[:-1]]
    oneway = rng.choice([0, 0, 0, 1, -1], len(kept)).astype(np.int8)
    network = WalkNetwork(
        crs=CRS.from_epsg(4549), x=xy[:, 0] + EAST, y=xy[:, 1] + NORTH, tail=tail, head=head,
        length_mm=np.rint(np.array(length) * 1000).astype(np.int64), oneway=oneway,
        private=np.zeros(len(kept), dtype=bool), kind=np.zeros(len(kept), dtype=np.int8),
        vertex_xy=points, vertex_start=np.array(start, dtype=np.int64), kinds=("road",),
    )  # fmt: skip
    facilities = rng.uniform(-50, side * 100, (draw(st.integers(0, 4)), 2))
    places = rng.uniform(-50, side * 100, (draw(st.integers(1, 6)), 2))
    return network, facilities, places


def second_way(  # noqa: C901 - plain on purpose
    network: WalkNetwork, facilities: Exits, places: Exits
) -> list[tuple[int, int]]:
    """Return walk and facility by networkx, every place and facility a node of its own."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(len(network.x)))

    def step(a: object, b: object, street: int, mm: int, direction: int) -> None:
        if network.oneway[street] in (0, direction):
            graph.add_edge(a, b, mm=mm)

    for s, (a, b, mm) in enumerate(
        zip(network.tail, network.head, network.length_mm, strict=True)
    ):
        step(int(a), int(b), s, int(mm), 1)
        step(int(b), int(a), s, int(mm), -1)
    for exits, kind in ((places, "place"), (facilities, "facility")):
        for p, s, mm in zip(exits.point, exits.street, exits.offset_mm, strict=True):
            rest = int(network.length_mm[s] - mm)
            tail, head = int(network.tail[s]), int(network.head[s])
            if kind == "place":
                step((kind, p), tail, s, int(mm), -1)
                step((kind, p), head, s, rest, 1)
            else:
                step(tail, (kind, p), s, int(mm), 1)
                step(head, (kind, p), s, rest, -1)
    for p, s, mm in zip(places.point, places.street, places.offset_mm, strict=True):
        for f, t, there in zip(
            facilities.point, facilities.street, facilities.offset_mm, strict=True
        ):
            if s == t:
                step(("place", p), ("facility", f), s, abs(int(mm - there)),
                     1 if there > mm else -1 if there < mm else network.oneway[s])  # fmt: skip
    result = []
    for p, off in zip(places.point, places.off_street_mm, strict=True):
        metres = nx.single_source_dijkstra_path_length(graph, ("place", p), weight="mm")
        walks = [
            (metres[("facility", f)] + int(off + there), int(f))
            for f, there in zip(facilities.point, facilities.off_street_mm, strict=True)
            if ("facility", f) in metres
        ]
        result.append(min(walks, default=(FAR, -1)))
    return result


@settings(max_examples=60, deadline=None)
@given(cities())
def test_walks_equal_networkx(city: tuple[WalkNetwork, np.ndarray, np.ndarray]) -> None:
    network, facility_xy, place_xy = city
    index = StreetIndex(network, np.ones(len(network), dtype=bool))
    facilities, places = put(index, *facility_xy, cap=1e6), put(index, *place_xy, cap=1e6)
    walks = nearest(network, facilities, places, horizon_mm=10_000_000)
    found = list(zip(walks.walk_mm.tolist(), walks.facility.tolist(), strict=True))
    assert found == second_way(network, facilities, places)
    taken = walks.exit[walks.exit >= 0]
    assert (places.point[taken] == np.flatnonzero(walks.walk_mm != FAR)).all()


def equal(walks: Walks, told: scipy_walks.Nearest) -> None:
    for name, column in told._asdict().items():
        np.testing.assert_array_equal(getattr(walks, name), column, err_msg=name)


HORIZONS = st.one_of(st.sampled_from((0, 1, 100_000, 200_000)), st.integers(0, 2_000_000))


@settings(max_examples=80, deadline=None)
@given(cases(), HORIZONS)
def test_walks_facilities_and_ways_out_equal_scipy(case: Case, horizon_mm: int) -> None:
    walks = nearest(case.network, case.facilities, case.places, horizon_mm=horizon_mm)
    metres = scipy_walks.walks_mm(case.network, case.facilities, case.places)
    equal(walks, scipy_walks.nearest(metres, case.places, horizon_mm=horizon_mm))


@pytest.mark.parametrize("seed", range(30))
def test_where_many_walks_are_equal_the_first_facility_and_way_out_count(seed: int) -> None:
    rng = np.random.default_rng(seed)
    private, oneway = rng.choice([0.0, 0.25]), rng.choice([0.0, 0.2])
    network = grid(6, rng, private=private, oneway=oneway)
    facilities, places = some(network, 12, rng), some(network, 40, rng)
    metres = scipy_walks.walks_mm(network, facilities, places)
    walks = nearest(network, facilities, places, horizon_mm=HORIZON)
    equal(walks, scipy_walks.nearest(metres, places, horizon_mm=HORIZON))


def test_half_way_between_two_facilities_the_first_counts_wherever_it_stands() -> None:
    # Two arms of two streets meet; the place is on the third arm.
    star = network_of(
        [(a, b, 100_000, 0, False) for a, b in ((0, 4), (4, 1), (1, 5), (5, 2), (1, 3))]
    )
    arms = [[(0, 0, 0)], [(3, 100_000, 0)]]
    for facilities in (arms, arms[::-1]):
        walks = nearest(
            star, exits_of(facilities), exits_of([[(4, 50_000, 0)]]), horizon_mm=HORIZON
        )
        assert (walks.walk_mm.tolist(), walks.facility.tolist()) == ([250_000], [0])


@settings(max_examples=60, deadline=None)
@given(cases(facilities=7), st.lists(st.integers(0, 3), min_size=7, max_size=7))
def test_each_group_is_a_search_of_its_own(case: Case, group: list[int]) -> None:
    graph = WalkGraph.of(case.network)
    numbers = np.array(group)[: case.facilities.count]
    metres = scipy_walks.walks_mm(case.network, case.facilities, case.places)

    def alone(number: int) -> scipy_walks.Nearest:
        return scipy_walks.nearest(
            metres, case.places, horizon_mm=500_000, open_=numbers == number
        )

    found = nearest_by_group(graph, case.facilities, numbers, case.places, horizon_mm=500_000)
    for walks, number in zip(found, sorted(set(numbers.tolist())), strict=True):
        equal(walks, alone(number))
    chosen = (3, 9, 0)  # in the order asked for, and one that nobody is in
    found = nearest_by_group(
        graph, case.facilities, numbers, case.places, horizon_mm=500_000, groups=chosen
    )
    for walks, number in zip(found, chosen, strict=True):
        equal(walks, alone(number))


@pytest.fixture(scope="module")
def city() -> WalkNetwork:
    return loaded(make_city(20_000))


@pytest.mark.parametrize("private", [0.0, 0.05])
@pytest.mark.parametrize("minutes", [15, 600])
def test_every_crossing_of_a_city_equals_scipy(
    city: WalkNetwork, private: float, minutes: int
) -> None:
    rng = np.random.default_rng(5)
    closed = rng.random(len(city)) < private
    facilities, places = anywhere(city, 50, rng), at_nodes(city, np.arange(len(city.x)))
    graph, horizon_mm = WalkGraph.of(city, private=closed), minutes * 54_000
    walks = nearest_facility(graph, facilities, places, horizon_mm=horizon_mm)
    metres = scipy_walks.walks_mm(city, facilities, places, private=closed)
    equal(walks, scipy_walks.nearest(metres, places, horizon_mm=horizon_mm))
    assert (walks.walk_mm != FAR).mean() > (0.2 if minutes == 15 else 0.95)


def test_a_search_together_equals_searches_in_small_groups(city: WalkNetwork) -> None:
    # 400 facilities are searched in groups at a short horizon and all together at a long one.
    rng = np.random.default_rng(6)
    graph, facilities = WalkGraph.of(city), anywhere(city, 400, rng)
    near = search(graph, facilities, horizon_mm=810_000).node_code
    far = search(graph, facilities, horizon_mm=ANY_LENGTH_MM).node_code
    reached = near != FAR
    assert 0.3 < reached.mean() < 1.0
    np.testing.assert_array_equal(near[reached], far[reached])
    assert (far[~reached] >> 24 > 810_000).all()


def test_a_million_places(city: WalkNetwork) -> None:
    rng = np.random.default_rng(8)
    facilities, places = anywhere(city, 50, rng), anywhere(city, 1_000_000, rng)
    walks = nearest(city, facilities, places, horizon_mm=HORIZON)
    assert len(walks.walk_mm) == 1_000_000
    sample = np.sort(rng.choice(1_000_000, 500, replace=False))
    few = Exits(
        np.arange(500), places.street[sample], places.offset_mm[sample],
        places.off_street_mm[sample], places.by_entrance[sample], places.reason[sample],
    )  # fmt: skip
    metres = scipy_walks.walks_mm(city, facilities, few)
    told = scipy_walks.nearest(metres, few, horizon_mm=HORIZON)
    np.testing.assert_array_equal(walks.walk_mm[sample], told.walk_mm)
    np.testing.assert_array_equal(walks.facility[sample], told.facility)


@pytest.mark.parametrize("cores", [1, 2, 5, None])
def test_walks_are_the_same_on_any_number_of_cores(
    cores: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = make_city(1_500).network
    rng = np.random.default_rng(9)
    facilities, places = anywhere(network, 20, rng), anywhere(network, 1_000, rng)
    whole = nearest(network, facilities, places, horizon_mm=HORIZON)
    monkeypatch.setattr("geo.walks.nearest_walks.A_PART", 10)
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    parts = nearest(network, facilities, places, horizon_mm=HORIZON)
    for name in ("walk_mm", "facility", "exit"):
        np.testing.assert_array_equal(getattr(parts, name), getattr(whole, name))


# Three streets of 100 m in a row, and a piece apart.
ROW = network_of([(i, i + 1, 100_000, 0, False) for i in range(3)] + [(4, 5, 100_000, 0, False)])


def on_the_row(
    facilities: list[list[tuple[int, int, int]]],
    places: list[list[tuple[int, int, int]]],
    horizon_mm: int = 1_000_000,
) -> Walks:
    return nearest(ROW, exits_of(facilities), exits_of(places), horizon_mm=horizon_mm)


def test_facilities_off_the_network_reach_nobody() -> None:
    walks = on_the_row([[], []], [[(0, 0, 0)], []])
    assert (walks.walk_mm.tolist(), walks.facility.tolist()) == ([FAR, FAR], [-1, -1])
    assert walks.exit.tolist() == [-1, -1]


def test_no_places() -> None:
    walks = on_the_row([[(0, 0, 0)]], [])
    assert (len(walks.walk_mm), len(walks.facility), len(walks.exit)) == (0, 0, 0)


def test_a_piece_without_a_facility_is_not_reached() -> None:
    walks = on_the_row([[(0, 0, 0)]], [[(3, 50_000, 0)], [(2, 50_000, 0)]], ANY_LENGTH_MM)
    assert (walks.walk_mm.tolist(), walks.facility.tolist()) == ([FAR, 250_000], [-1, 0])


def test_at_a_horizon_of_nothing_only_those_on_the_spot() -> None:
    spot = [[(0, 100_000, 0)]]
    walks = on_the_row(spot, [[(1, 0, 0)], [(0, 99_999, 0)], [(0, 100_000, 0)], [(1, 0, 1)]], 0)
    assert walks.walk_mm.tolist() == [0, FAR, 0, FAR]


def test_a_place_at_the_limit_counts_and_one_a_millimetre_beyond_does_not() -> None:
    walks = on_the_row([[(0, 0, 0)]], [[(1, 0, 0)], [(1, 1, 0)], [(1, 0, 1)]], 100_000)
    assert walks.walk_mm.tolist() == [100_000, FAR, FAR]
    farther = on_the_row([[(0, 0, 0)]], [[(1, 0, 0)], [(1, 1, 0)], [(1, 0, 1)]])
    assert farther.within(100_000).tolist() == [True, False, False]


def test_of_several_facilities_on_one_spot_the_first_wins() -> None:
    walks = on_the_row([[], [(1, 0, 0)], [(0, 100_000, 0)], [(1, 0, 0)]], [[(0, 0, 0)]])
    assert (walks.walk_mm.tolist(), walks.facility.tolist()) == ([100_000], [1])


def test_the_first_of_equal_ways_out_is_taken_and_a_better_one_before_it() -> None:
    places = [[(0, 50_000, 0), (0, 50_000, 0)], [(2, 0, 0), (1, 0, 0), (0, 90_000, 0)]]
    walks = on_the_row([[(0, 0, 0)]], places)
    assert (walks.walk_mm.tolist(), walks.exit.tolist()) == ([50_000, 90_000], [0, 4])


def test_of_equal_ways_out_to_two_facilities_the_first_facility_decides() -> None:
    # Each way leads to another facility 100 m away; the second way to the first facility.
    walks = on_the_row([[(0, 0, 0)], [(2, 100_000, 0)]], [[(2, 0, 0), (1, 0, 0)]])
    assert (walks.walk_mm.tolist(), walks.facility.tolist()) == ([100_000], [0])
    assert walks.exit.tolist() == [1]


def test_one_street_that_ends_where_it_begins() -> None:
    # A loop of 100 m: the shorter way round counts, unless it may be walked one way only.
    for oneway, back, on in ((0, 40_000, 40_000), (1, 60_000, 40_000), (-1, 40_000, 60_000)):
        loop = network_of([(0, 0, 100_000, oneway, False)])
        places = exits_of([[(0, 70_000, 0)], [(0, 90_000, 0)]])
        low, high = exits_of([[(0, 30_000, 0)]]), exits_of([[(0, 10_000, 0)]])
        assert nearest(loop, low, places, horizon_mm=HORIZON).walk_mm[0] == back
        forth = nearest(loop, exits_of([[(0, 70_000, 0)]]), low, horizon_mm=HORIZON)
        assert forth.walk_mm.tolist() == [on]
        round_ = {0: 20_000, 1: 20_000, -1: 80_000}[oneway]
        assert nearest(loop, high, places, horizon_mm=HORIZON).walk_mm[1] == round_


def test_streets_of_no_length_cost_nothing_and_stop_nobody() -> None:
    steps = [(0, 1, 0, 0, False), (1, 2, 0, 0, False), (2, 3, 10_000, 0, False)]
    network = network_of([*steps, (3, 3, 0, 0, False), (2, 1, 0, 1, False)])
    places = exits_of([[(0, 0, 0)], [(1, 0, 0)], [(2, 10_000, 0)], [(3, 0, 0)]])
    walks = nearest(network, exits_of([[(0, 0, 0)]]), places, horizon_mm=HORIZON)
    assert walks.walk_mm.tolist() == [0, 0, 10_000, 10_000]


def test_beside_the_facility_on_a_street_whose_ends_are_both_out_of_reach() -> None:
    long = network_of([(0, 1, 10_000_000, 0, False)])
    places = exits_of([[(0, 5_010_000, 0)], [(0, 4_700_000, 0)], [(0, 4_699_999, 0)]])
    walks = nearest(long, exits_of([[(0, 5_000_000, 0)]]), places, horizon_mm=300_000)
    assert walks.walk_mm.tolist() == [10_000, 300_000, FAR]


def test_walks_across_a_continent() -> None:
    # Nobody walks them; but whether two places are connected is asked at any distance.
    road = network_of([(i, i + 1, 900_000_000, 0, False) for i in range(12)])
    places = exits_of([[(i, 900_000_000, 0)] for i in range(12)])
    walks = nearest(road, exits_of([[(0, 0, 0)]]), places, horizon_mm=ANY_LENGTH_MM)
    assert walks.walk_mm.tolist() == [900_000_000 * (i + 1) for i in range(12)]


def test_a_horizon_without_end_and_one_below_nothing() -> None:
    facility, places = [[(0, 0, 0)]], [[(2, 100_000, 0)], [(0, 0, 0)]]
    assert on_the_row(facility, places, FAR).walk_mm.tolist() == [300_000, 0]
    assert on_the_row(facility, places, 10**30).walk_mm.tolist() == [300_000, 0]
    assert on_the_row(facility, places, -1).walk_mm.tolist() == [FAR, FAR]


def test_a_street_drawn_to_the_other_end_of_the_world_shortens_no_walk() -> None:
    # A corner at 0° 0' makes a street of 17,442 km: more than fits four bytes.
    for length_mm in (17_441_969_733, 2**32 + 5, 3_000_000_000):
        network = network_of([(0, 1, length_mm, 0, False), (0, 2, 100_000, 0, False)])
        places = exits_of([[(0, length_mm, 0)], [(1, 100_000, 0)], [(0, 20_000, 0)]])
        facility = exits_of([[(1, 50_000, 0)]])
        walks = nearest(network, facility, places, horizon_mm=HORIZON)
        assert walks.walk_mm.tolist() == [FAR, 50_000, 70_000]
        connected = nearest(network, facility, places, horizon_mm=ANY_LENGTH_MM)
        assert connected.facility.tolist() == [0, 0, 0]
        far_out = exits_of([[(0, length_mm - 7, 0)]])
        walks = nearest(network, far_out, places, horizon_mm=HORIZON)
        assert walks.walk_mm.tolist() == [7, FAR, FAR]


@settings(max_examples=100, deadline=None)
@given(cases(), HORIZONS, HORIZONS, st.floats(0.1, 2.0), st.floats(0.1, 2.0))
def test_more_minutes_more_speed_and_more_facilities_never_reach_less(
    case: Case, one: int, other: int, slow: float, fast: float
) -> None:
    graph, (short, long) = WalkGraph.of(case.network), sorted((one, other))
    slow, fast = sorted((slow, fast))
    few = np.arange(case.facilities.count) < case.facilities.count - 1

    def walk_mm(horizon_mm: int, only: np.ndarray | None = None) -> np.ndarray:
        found = search(graph, case.facilities, horizon_mm=horizon_mm, only=only)
        return found.walks(case.places).walk_mm

    base = walk_mm(short)
    assert (walk_mm(long) <= base).all()
    assert (walk_mm(short, few) >= base).all()
    minutes = short / 54_000
    limits = [budget_mm(minutes, speed_m_per_s=speed) for speed in (slow, fast)]
    assert (walk_mm(limits[1]) <= walk_mm(limits[0])).all()
    opened = nearest_facility(
        WalkGraph.of(case.network, private=none_private(case.network)),
        case.facilities, case.places, horizon_mm=short,
    )  # fmt: skip
    assert (opened.walk_mm <= base).all()


@settings(max_examples=60, deadline=None)
@given(cities(), st.integers(1, 2_000_000), st.integers(1, 2_000_000))
def test_more_time_and_more_facilities_never_reach_less(
    city: tuple[WalkNetwork, np.ndarray, np.ndarray], one: int, other: int
) -> None:
    network, facility_xy, place_xy = city
    index = StreetIndex(network, np.ones(len(network), dtype=bool))
    places = put(index, *place_xy, cap=1e6)
    few, many = put(index, *facility_xy[:-1], cap=1e6), put(index, *facility_xy, cap=1e6)
    short, long = min(one, other), max(one, other)
    base = nearest(network, few, places, horizon_mm=short).walk_mm
    assert (nearest(network, few, places, horizon_mm=long).walk_mm <= base).all()
    assert (nearest(network, many, places, horizon_mm=short).walk_mm <= base).all()
