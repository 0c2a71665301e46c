"""Walks in the toy city, worked by hand, and against networkx on random streets."""

import itertools
from collections.abc import Callable

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from geo.nearest_street import StreetIndex
from geo.places import Exits, Points, put_on_streets
from geo.streets.network import WalkNetwork
from geo.travel import FAR, Walks, budget_mm, in_minutes, nearest_facility
from geo.walk_graph import WalkGraph

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


@settings(max_examples=150, deadline=None)
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
