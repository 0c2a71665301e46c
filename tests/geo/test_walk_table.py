"""The table of all walks within a limit, against searches from one facility after the other."""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.city import make_city
from geo.streets.network import Ints, WalkNetwork
from geo.walks import walk_table as table_module
from geo.walks.places import Exits
from geo.walks.travel import ANY_LENGTH_MM, FAR, WalksBetween, budget_mm, nearest_facility, search
from geo.walks.walk_graph import WalkGraph
from geo.walks.walk_table import WalkTable, walk_table

from .random_streets import Case, anywhere, at_nodes, cases, exits_of, network_of
from .scipy_walks import by_place, nearest, walks_mm

# Three streets of 100 m in a row, and a piece apart.
ROW = network_of(
    [(i, i + 1, 100_000, 0, False) for i in range(3)] + [(4, 5, 100_000, 0, False)]
)


def table_of(case: Case, limit_mm: int) -> WalkTable:
    return walk_table(
        WalkGraph.of(case.network), case.facilities, case.places, limit_mm=limit_mm
    )


def row(facilities: Exits, places: Exits, limit_mm: int = 1_000_000) -> WalkTable:
    return table_of(Case(ROW, facilities, places), limit_mm)


def full(table: WalkTable) -> Ints:
    """Return the table with all its cells, `FAR` where there is no row."""
    cells = np.full((table.facilities, table.places), FAR)
    cells[table.facility, table.place] = table.walk_mm
    return cells


def same(one: WalkTable, other: WalkTable) -> None:
    for name, column in vars(one).items():
        np.testing.assert_array_equal(column, vars(other)[name], err_msg=name)


def well_formed(table: WalkTable) -> None:
    assert table.start[0] == 0
    assert table.start[-1] == len(table.place) == len(table.walk_mm)
    within = np.diff(table.facility) == 0
    assert (np.diff(table.place)[within] > 0).all()  # in order, and none twice


LIMITS = st.one_of(st.sampled_from((0, 1, 100_000, 200_000)), st.integers(0, 1_500_000))


@settings(max_examples=80, deadline=None)
@given(cases(), LIMITS)
def test_every_pair_equals_a_search_from_that_facility(case: Case, limit_mm: int) -> None:
    graph = WalkGraph.of(case.network)
    table = walk_table(graph, case.facilities, case.places, limit_mm=limit_mm)
    well_formed(table)
    cells = full(table)
    assert cells.shape == (case.facilities.count, case.places.count)
    for facility in range(case.facilities.count):
        alone = np.arange(case.facilities.count) == facility
        one = search(graph, case.facilities, horizon_mm=limit_mm, only=alone).walks(case.places)
        assert one.walk_mm.tolist() == cells[facility].tolist()
        assert set(one.facility.tolist()) <= {facility, -1}
        rows = slice(table.start[facility], table.start[facility + 1])
        np.testing.assert_array_equal(table.exit[rows], one.exit[table.place[rows]])


@settings(max_examples=60, deadline=None)
@given(cases(), LIMITS)
def test_in_any_order_it_is_the_same_table(case: Case, limit_mm: int) -> None:
    graph = WalkGraph.of(case.network)
    table = walk_table(graph, case.facilities, case.places, limit_mm=limit_mm)
    mixed = walk_table(
        graph, case.facilities, case.places, limit_mm=limit_mm, in_order=False
    )
    order = np.lexsort((mixed.place, mixed.facility))
    np.testing.assert_array_equal(mixed.start, table.start)
    for name in ("place", "exit", "walk_mm"):
        np.testing.assert_array_equal(getattr(mixed, name)[order], getattr(table, name))


@settings(max_examples=100, deadline=None)
@given(cases(), LIMITS)
def test_every_pair_equals_scipy(case: Case, limit_mm: int) -> None:
    told = by_place(walks_mm(case.network, case.facilities, case.places), case.places)
    told[told > limit_mm] = FAR
    np.testing.assert_array_equal(full(table_of(case, limit_mm)), told)


@settings(max_examples=60, deadline=None)
@given(cases(), LIMITS)
def test_the_nearest_are_those_of_the_search_for_the_nearest(case: Case, limit_mm: int) -> None:
    walk_mm, facility = table_of(case, limit_mm).nearest()
    walks = nearest_facility(
        WalkGraph.of(case.network), case.facilities, case.places, horizon_mm=limit_mm
    )
    np.testing.assert_array_equal(walk_mm, walks.walk_mm)
    np.testing.assert_array_equal(facility, walks.facility)


@settings(max_examples=60, deadline=None)
@given(cases(), LIMITS, LIMITS)
def test_a_smaller_limit_is_a_part_of_the_same_table(case: Case, one: int, other: int) -> None:
    table = table_of(case, max(one, other))
    well_formed(table.within(min(one, other)))
    same(table.within(min(one, other)), table_of(case, min(one, other)))
    same(table.within(max(one, other)), table)


@settings(max_examples=80, deadline=None)
@given(cases(), LIMITS, st.lists(st.integers(0, 4), min_size=6, max_size=6))
def test_the_walk_to_one_named_facility_equals_scipy(
    case: Case, limit_mm: int, named: list[int]
) -> None:
    if not case.facilities.count:
        return
    wanted = np.array(named)[: case.places.count] % case.facilities.count
    between = WalksBetween.of(WalkGraph.of(case.network), case.facilities, limit_mm=limit_mm)
    walk_mm, exit_ = between.walk(case.places, wanted)
    metres = walks_mm(case.network, case.facilities, case.places)
    for place, facility in enumerate(wanted):
        alone = np.arange(case.facilities.count) == facility
        told = nearest(metres, case.places, horizon_mm=limit_mm, open_=alone)
        assert (walk_mm[place], exit_[place]) == (told.walk_mm[place], told.exit[place])


def test_one_pass_serves_every_limit_and_every_speed() -> None:
    city = make_city(2_500).network
    rng = np.random.default_rng(1)
    case = Case(city, anywhere(city, 40, rng), anywhere(city, 800, rng))
    farthest = table_of(case, budget_mm(15, speed_m_per_s=1.0))
    walks = by_place(walks_mm(city, case.facilities, case.places), case.places)
    for minutes in (0, 5, 10, 15):
        for speed in (0.6, 0.75, 0.8, 0.9, 1.0):
            limit_mm = budget_mm(minutes, speed_m_per_s=speed)
            near = farthest.within(limit_mm)
            np.testing.assert_array_equal(full(near) != FAR, walks <= limit_mm)
            same(near, table_of(case, limit_mm))


@settings(max_examples=50, deadline=None)
@given(cases(), LIMITS)
def test_by_place_is_the_same_table_turned(case: Case, limit_mm: int) -> None:
    table = table_of(case, limit_mm)
    turned = table.by_place()
    assert len(turned.start) == case.places.count + 1
    cells = np.full((case.facilities.count, case.places.count), FAR)
    for place in range(case.places.count):
        part = slice(turned.start[place], turned.start[place + 1])
        assert (np.diff(turned.facility[part]) > 0).all()
        cells[turned.facility[part], place] = turned.walk_mm[part]
    np.testing.assert_array_equal(cells, full(table))


@settings(max_examples=50, deadline=None)
@given(cases(), st.integers(0, 31))
def test_only_some_facilities(case: Case, chosen: int) -> None:
    table = table_of(case, 500_000)
    kept = (chosen >> np.arange(case.facilities.count)) & 1 == 1
    some = table.only(kept)
    well_formed(some)
    assert (some.facilities, some.places) == (table.facilities, table.places)
    np.testing.assert_array_equal(full(some)[kept], full(table)[kept])
    assert (full(some)[~kept] == FAR).all()
    same(table.only(np.ones(case.facilities.count, dtype=bool)), table)


def test_a_place_at_the_limit_counts_and_one_a_millimetre_beyond_does_not() -> None:
    # 100 m along two streets to the facility at the beginning, and 5 m off the second one.
    places = exits_of([[(1, 0, 0)], [(1, 0, 1)], [(1, 1, 0)], [(0, 95_000, 5_000)]])
    table = row(exits_of([[(0, 0, 0)]]), places, limit_mm=100_000)
    assert table.place.tolist() == [0, 3]
    assert table.walk_mm.tolist() == [100_000, 100_000]
    direct = row(exits_of([[(0, 0, 0)]]), exits_of([[(0, 7, 0)], [(0, 8, 0)]]), limit_mm=7)
    assert direct.place.tolist() == [0]


def test_at_a_limit_of_nothing_only_those_on_the_spot() -> None:
    facilities = exits_of([[(0, 100_000, 0)]])
    places = exits_of([[(1, 0, 0)], [(0, 100_000, 0)], [(0, 99_999, 0)], [(1, 0, 1)]])
    table = row(facilities, places, limit_mm=0)
    assert (table.place.tolist(), table.walk_mm.tolist()) == ([0, 1], [0, 0])
    assert table.by_place().walk_mm.tolist() == [0, 0]  # a walk of nothing is an entry
    assert table.by_place().start.tolist() == [0, 1, 2, 2, 2]


def test_facilities_without_places_and_places_without_a_way() -> None:
    facilities = exits_of([[(3, 50_000, 0)], [], [(0, 0, 0)]])
    places = exits_of([[], [(2, 100_000, 0)], []])
    table = row(facilities, places)
    assert table.start.tolist() == [0, 0, 0, 1]
    assert (table.place.tolist(), table.walk_mm.tolist()) == ([1], [300_000])
    assert [column.tolist() for column in table.nearest()] == [[FAR, 300_000, FAR], [-1, 2, -1]]


def test_no_facilities_and_no_places() -> None:
    nobody, somebody = exits_of([]), exits_of([[(0, 0, 0)], [(1, 0, 0)]])
    for facilities, places in ((nobody, somebody), (somebody, nobody), (nobody, nobody)):
        table = row(facilities, places)
        assert len(table.walk_mm) == 0
        assert table.start.tolist() == [0] * (facilities.count + 1)
        walk_mm, facility = table.within(5).only(np.ones(facilities.count, dtype=bool)).nearest()
        assert (walk_mm.tolist(), facility.tolist()) == ([FAR] * places.count, [-1] * places.count)
        assert table.by_place().start.tolist() == [0] * (places.count + 1)


def test_all_facilities_off_the_network_reach_nobody() -> None:
    table = row(exits_of([[], [], []]), exits_of([[(0, 0, 0)]]))
    assert table.start.tolist() == [0, 0, 0, 0]
    assert len(table.place) == 0


def test_two_facilities_on_one_street_and_one_with_several_ways() -> None:
    facilities = exits_of([[(1, 20_000, 0)], [(1, 80_000, 0)], [(0, 0, 0), (2, 100_000, 0)]])
    table = row(facilities, exits_of([[(1, 50_000, 10_000)], [(2, 90_000, 0)]]))
    # From the middle of the street 30 m to either, and 10 m to step onto it; the third is 160 m
    # from it at both ends of the row. From near the end: 170, 110, and 10 m by the second way.
    assert full(table).tolist() == [[40_000, 170_000], [40_000, 110_000], [160_000, 10_000]]
    assert table.nearest()[1].tolist() == [0, 2]


def test_beside_the_facility_on_a_street_whose_ends_are_both_out_of_reach() -> None:
    long = network_of([(0, 1, 10_000_000, 0, False), (1, 2, 100_000, 0, False)])
    places = exits_of([[(0, 5_010_000, 0)], [(1, 0, 0)], [(0, 4_700_000, 0)]])
    table = table_of(Case(long, exits_of([[(0, 5_000_000, 0)]]), places), 300_000)
    assert (table.place.tolist(), table.walk_mm.tolist()) == ([0, 2], [10_000, 300_000])


def test_beside_a_street_drawn_to_the_other_end_of_the_world() -> None:
    # A first corner at 0° 0' makes a street of 17,442 km, and offsets that do not fit four bytes.
    length_mm = 17_441_969_733
    network = network_of([(0, 1, length_mm, 0, False), (1, 2, 100_000, 0, False)])
    places = exits_of([[(0, length_mm - 30_000, 0)], [(0, 2**32 + 5, 0)], [(1, 10_000, 0)]])
    table = table_of(Case(network, exits_of([[(1, 50_000, 0)]]), places), 810_000)
    assert (table.place.tolist(), table.walk_mm.tolist()) == ([0, 2], [80_000, 40_000])


def test_a_facility_reached_by_a_street_its_people_may_not_walk_back() -> None:
    one_way = network_of([(0, 1, 100_000, 1, False), (1, 2, 100_000, 1, False)])
    facilities = exits_of([[(1, 50_000, 0)]])
    places = exits_of([[(0, 10_000, 0)], [(1, 60_000, 0)], [(1, 40_000, 0)]])
    table = table_of(Case(one_way, facilities, places), ANY_LENGTH_MM)
    assert (table.place.tolist(), table.walk_mm.tolist()) == ([0, 2], [140_000, 10_000])


def test_the_table_is_the_same_on_any_number_of_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    city = make_city(1_500).network
    rng = np.random.default_rng(2)
    case = Case(city, anywhere(city, 37, rng), anywhere(city, 500, rng))
    monkeypatch.setattr(table_module, "A_PART", 1)
    tables = []
    for cores in (1, 2, 3, 8, 64, None):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        tables.append(table_of(case, 810_000))
    assert len(tables[0].place) > 1_000
    for table in tables[1:]:
        same(table, tables[0])


def test_what_it_is_given_stays_as_it_was() -> None:
    city: WalkNetwork = make_city(1_500).network
    rng = np.random.default_rng(3)
    graph, facilities = WalkGraph.of(city), anywhere(city, 10, rng)
    places = at_nodes(city, np.arange(len(city.x)))
    given_arrays = [*graph.rows[:3], *graph.ends, *facilities.ways, *places.ways]
    before = [array.copy() for array in given_arrays]
    first = walk_table(graph, facilities, places, limit_mm=810_000)
    same(walk_table(graph, facilities, places, limit_mm=810_000), first)
    first.within(100_000).only(np.arange(10) > 4).by_place()
    for array, was in zip(given_arrays, before, strict=True):
        np.testing.assert_array_equal(array, was)
