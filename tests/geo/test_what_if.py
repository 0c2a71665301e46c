"""Facilities that come, go and move: after every step equal to a search from the beginning."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.city import loaded, make_city
from geo.streets.network import Flags, WalkNetwork
from geo.walks.places import Exits
from geo.walks.travel import FAR, Walks, search
from geo.walks.walk_graph import WalkGraph
from geo.walks.what_if import WhatIf

from .random_streets import Case, anywhere, at_nodes, cases, exits_of, grid, network_of, some
from .scipy_walks import nearest, walks_mm

Step = tuple[str, int, int]  # what is done; which of the possible facilities
KINDS = ("add", "remove", "move", "undo")
STEPS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 99), st.integers(0, 99)), max_size=14
)


class Checked:
    """A `WhatIf` that is compared with a full search after everything it does."""

    def __init__(self, case: Case, *, horizon_mm: int, open_: Flags | None = None) -> None:
        self.graph, self.horizon_mm = WalkGraph.of(case.network), horizon_mm
        self.facilities, self.places = case.facilities, case.places
        self.what_if = WhatIf(
            self.graph, case.facilities, case.places, horizon_mm=horizon_mm, open_=open_
        )
        self.open = np.ones(case.facilities.count, dtype=bool) if open_ is None else open_.copy()
        self.past: list[Flags] = []
        self.compare()

    @property
    def codes(self) -> np.ndarray:
        """Return the walks of the nodes, which no question shows."""
        return self.what_if._goals.code  # noqa: SLF001 - what is wrong there shows steps later

    def compare(self) -> None:
        """Require the walks, the facilities, the ways and the nodes of a search from nothing."""
        whole = search(
            self.graph, self.facilities, horizon_mm=self.horizon_mm, only=self.open.copy()
        )
        np.testing.assert_array_equal(self.what_if.is_open, self.open)
        np.testing.assert_array_equal(self.codes, whole.node_code)
        same(self.what_if.walks(), whole.walks(self.places))

    def step(self, kind: str, one: int, other: int) -> None:
        """Do what is told to the facilities it can be done to; where there are none, refuse."""
        opened, closed = np.flatnonzero(self.open), np.flatnonzero(~self.open)
        if kind == "undo":
            self._undo()
        elif kind == "add" and len(closed):
            self._change(self.what_if.add, closed[one % len(closed)])
        elif kind == "remove" and len(opened):
            self._change(self.what_if.remove, opened[one % len(opened)])
        elif kind == "move" and len(opened) and len(closed):
            here, there = opened[one % len(opened)], closed[other % len(closed)]
            self._change(self.what_if.move, here, there)
        self.compare()

    def _change(self, change: Callable[..., None], *facilities: np.integer) -> None:
        self.past.append(self.open.copy())
        change(*map(int, facilities))
        self.open[list(facilities)] ^= True

    def _undo(self) -> None:
        if self.past:
            self.what_if.undo()
            self.open = self.past.pop()
        else:
            with pytest.raises(IndexError):
                self.what_if.undo()

    def undo_everything(self) -> None:
        """Go back to the beginning, step by step."""
        while self.past:
            self.step("undo", 0, 0)
        self.step("undo", 0, 0)


def same(one: Walks, other: Walks) -> None:
    for name in ("walk_mm", "facility", "exit"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


def some_steps(rng: np.random.Generator, count: int) -> list[Step]:
    kinds = rng.choice(KINDS, count, p=(0.3, 0.3, 0.25, 0.15))
    return [(str(kind), *map(int, rng.integers(0, 10_000, 2))) for kind in kinds]


def run(checked: Checked, steps: list[Step]) -> None:
    first, codes = checked.what_if.walks(), checked.codes.copy()
    for step in steps:
        checked.step(*step)
    checked.undo_everything()
    same(checked.what_if.walks(), first)
    np.testing.assert_array_equal(checked.codes, codes)


HORIZONS = st.one_of(
    st.sampled_from((0, 100_000, 300_000, 1_000_000_000)), st.integers(0, 1_000_000)
)


@settings(max_examples=100, deadline=None)
@given(cases(facilities=7), STEPS, HORIZONS, st.integers(0, 127))
def test_any_steps_on_any_streets(case: Case, steps: list[Step], horizon: int, first: int) -> None:
    open_ = (first >> np.arange(case.facilities.count)) & 1 == 1
    run(Checked(case, horizon_mm=horizon, open_=open_), steps)


@pytest.mark.parametrize("seed", range(60))
def test_any_steps_where_many_walks_are_equal(seed: int) -> None:
    rng = np.random.default_rng(seed)
    private, oneway = rng.choice([0.0, 0.25]), rng.choice([0.0, 0.2])
    network = grid(int(rng.integers(2, 7)), rng, private=private, oneway=oneway)
    case = Case(network, some(network, 12, rng), some(network, 30, rng))
    horizon_mm = int(rng.choice([100_000, 250_000, 400_000, 10_000_000]))
    checked = Checked(case, horizon_mm=horizon_mm, open_=rng.random(12) < 0.5)
    run(checked, some_steps(rng, 25))


@settings(max_examples=60, deadline=None)
@given(cases(facilities=6), STEPS)
def test_after_all_steps_the_walks_are_those_of_scipy(case: Case, steps: list[Step]) -> None:
    checked = Checked(case, horizon_mm=2_000_000)
    for step in steps:
        checked.step(*step)
    metres = walks_mm(case.network, case.facilities, case.places)
    told = nearest(metres, case.places, horizon_mm=2_000_000, open_=checked.open)
    walks = checked.what_if.walks()
    for name, column in told._asdict().items():
        np.testing.assert_array_equal(getattr(walks, name), column, err_msg=name)


@pytest.fixture(scope="module")
def city() -> WalkNetwork:
    return loaded(make_city(20_000))


def test_a_long_sequence_in_a_city_of_twenty_thousand_crossings(city: WalkNetwork) -> None:
    rng = np.random.default_rng(7)
    network = closed_in_places(city, rng)
    case = Case(network, anywhere(network, 120, rng), at_nodes(network, np.arange(len(network.x))))
    checked = Checked(case, horizon_mm=3_240_000, open_=rng.random(120) < 0.4)
    run(checked, some_steps(rng, 200))


def closed_in_places(network: WalkNetwork, rng: np.random.Generator) -> WalkNetwork:
    columns = (network.tail, network.head, network.length_mm)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    private, oneway = rng.random(len(network)) < 0.05, rng.choice([0] * 18 + [1, -1], len(network))
    return network_of(
        [
            (*row, int(sense), bool(closed))
            for row, sense, closed in zip(rows, oneway, private, strict=True)
        ]
    )


# Three streets of 100 m in a row.
ROW = network_of([(i, i + 1, 100_000, 0, False) for i in range(3)])


def on_the_row(*facilities: list[tuple[int, int, int]], open_: list[bool]) -> WhatIf:
    places = exits_of([[(0, 0, 0)], [(2, 100_000, 0)]])
    return WhatIf(
        WalkGraph.of(ROW), exits_of(facilities), places,
        horizon_mm=1_000_000, open_=np.array(open_),
    )  # fmt: skip


WEST, MIDDLE, EAST = [(0, 0, 0)], [(1, 50_000, 0)], [(2, 100_000, 0)]


def told(what_if: WhatIf) -> tuple[list[int], list[int]]:
    walks = what_if.walks()
    return walks.walk_mm.tolist(), walks.facility.tolist()


def test_by_hand_a_facility_comes_moves_and_goes() -> None:
    what_if = on_the_row(WEST, MIDDLE, EAST, open_=[False, True, False])
    assert told(what_if) == ([150_000, 150_000], [1, 1])
    what_if.add(0)
    assert told(what_if) == ([0, 150_000], [0, 1])
    what_if.move(1, to=2)
    assert told(what_if) == ([0, 0], [0, 2])
    what_if.remove(0)
    assert told(what_if) == ([300_000, 0], [2, 2])
    what_if.remove(2)
    assert told(what_if) == ([FAR, FAR], [-1, -1])
    for expected in (([300_000, 0], [2, 2]), ([0, 0], [0, 2]), ([0, 150_000], [0, 1])):
        what_if.undo()
        assert told(what_if) == expected
    what_if.undo()
    assert told(what_if) == ([150_000, 150_000], [1, 1])


def test_all_are_open_unless_told_otherwise() -> None:
    what_if = WhatIf(
        WalkGraph.of(ROW), exits_of([WEST, EAST]), exits_of([MIDDLE]), horizon_mm=1_000_000
    )
    assert what_if.is_open.tolist() == [True, True]
    assert told(what_if) == ([150_000], [0])


def test_of_several_on_one_spot_the_first_wins_whatever_came_first() -> None:
    what_if = on_the_row(MIDDLE, MIDDLE, MIDDLE, open_=[False, False, True])
    assert told(what_if)[1] == [2, 2]
    for facility in (0, 1):
        what_if.add(facility)
        assert told(what_if)[1] == [0, 0]
    what_if.remove(0)
    assert told(what_if)[1] == [1, 1]
    what_if.undo()
    what_if.undo()
    what_if.undo()
    assert told(what_if)[1] == [2, 2]


def test_beside_the_facility_on_a_street_whose_ends_are_both_out_of_reach() -> None:
    long = network_of([(0, 1, 10_000_000, 0, False)])
    facilities = exits_of([[(0, 5_000_000, 0)], [(0, 5_100_000, 0)]])
    places = exits_of([[(0, 5_040_000, 0)], [(0, 0, 0)]])
    what_if = WhatIf(
        WalkGraph.of(long), facilities, places, horizon_mm=300_000, open_=np.zeros(2, dtype=bool)
    )
    what_if.add(1)
    assert told(what_if) == ([60_000, FAR], [1, -1])
    what_if.add(0)
    assert told(what_if) == ([40_000, FAR], [0, -1])
    what_if.remove(0)
    assert told(what_if) == ([60_000, FAR], [1, -1])
    what_if.move(1, to=0)
    assert told(what_if) == ([40_000, FAR], [0, -1])
    what_if.undo()
    what_if.undo()
    assert told(what_if) == ([40_000, FAR], [0, -1])


def test_a_facility_off_the_network_comes_and_goes_without_a_trace() -> None:
    what_if = on_the_row(WEST, [], open_=[True, False])
    before = told(what_if)
    what_if.add(1)
    assert told(what_if) == before
    what_if.remove(0)
    assert told(what_if) == ([FAR, FAR], [-1, -1])
    what_if.undo()
    what_if.undo()
    assert told(what_if) == before


@pytest.mark.parametrize(
    ("call", "facilities"),
    [
        ("add", (0,)),  # it is open
        ("remove", (1,)),  # it is closed
        ("move", (1, 2)),  # nothing stands there
        ("move", (0, 3)),  # something stands there
        ("move", (0, 0)),
        ("add", (4,)),  # there is none of that number
        ("remove", (4,)),
        ("move", (0, 4)),
        ("move", (4, 1)),
        ("add", (-2,)),  # nor are they counted from the end
        ("remove", (-1,)),
        ("move", (-1, 1)),
        ("move", (0, -2)),
    ],
)
def test_wrong_calls_are_refused_and_change_nothing(
    call: str, facilities: tuple[int, ...]
) -> None:
    what_if = on_the_row(WEST, MIDDLE, EAST, EAST, open_=[True, False, False, True])
    before = told(what_if)
    with pytest.raises((ValueError, IndexError)):
        getattr(what_if, call)(*facilities)
    assert told(what_if) == before
    assert what_if.is_open.tolist() == [True, False, False, True]
    with pytest.raises(IndexError):
        what_if.undo()


def test_what_it_is_given_and_what_it_gave_stay_as_they_were() -> None:
    rng = np.random.default_rng(11)
    network = grid(6, rng, private=0.2, oneway=0.1)
    graph = WalkGraph.of(network)
    facilities, places = some(network, 10, rng), some(network, 40, rng)
    open_ = rng.random(10) < 0.5
    arrays = [*graph.rows[:3], *graph.towards[:3], *graph.ends, open_]
    arrays += columns_of(facilities) + columns_of(places)
    before = [array.copy() for array in arrays]
    what_if = WhatIf(graph, facilities, places, horizon_mm=400_000, open_=open_)
    given_out, told_first = what_if.walks(), told(what_if)
    for facility in range(10):
        (what_if.remove if what_if.is_open[facility] else what_if.add)(facility)
    what_if.undo()
    assert told(what_if) != told_first
    assert (given_out.walk_mm.tolist(), given_out.facility.tolist()) == told_first
    for array, was in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, was)


def columns_of(exits: Exits) -> list[np.ndarray]:
    return [*exits.ways, exits.point, exits.street, exits.offset_mm, exits.off_street_mm]


def test_two_of_them_on_one_graph_do_not_meet() -> None:
    rng = np.random.default_rng(12)
    network = grid(5, rng, private=0.2, oneway=0.1)
    graph = WalkGraph.of(network)
    facilities, places = some(network, 8, rng), some(network, 20, rng)
    one, other = (WhatIf(graph, facilities, places, horizon_mm=10**6) for _ in range(2))
    before = other.walks()
    one.remove(0)
    one.remove(1)
    same(other.walks(), before)


def test_nobody_and_nothing() -> None:
    graph = WalkGraph.of(ROW)
    nobody = WhatIf(graph, exits_of([]), exits_of([WEST]), horizon_mm=1_000)
    assert told(nobody) == ([FAR], [-1])
    nowhere = WhatIf(graph, exits_of([WEST]), exits_of([]), horizon_mm=1_000)
    nowhere.remove(0)
    nowhere.undo()
    assert told(nowhere) == ([], [])
