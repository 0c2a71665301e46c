"""Sites with room for so many: worked by hand, and against every choice of sites."""

import itertools
from collections.abc import Iterable
from fractions import Fraction
from math import lcm

import networkx as nx
import numpy as np
import pytest

from analysis.siting.rooms.room import Rooms, Served, Supply, Unknown
from analysis.siting.rooms.room_bound import Limits, Relaxation
from analysis.siting.rooms.room_field import Field
from analysis.siting.rooms.with_capacity import fewest_with_capacity, with_capacity
from analysis.siting.solving.candidates import Candidates
from analysis.siting.solving.solution import Status
from geo.errors import SitingError
from geo.streets.network import Flags

Rows = list[list[int]]
NAN = float("nan")
NONE: Rows = []


def table(rows: Rows, mandatory: Iterable[int] = (), forbidden: Iterable[int] = ()) -> Candidates:
    start = np.cumsum([0, *(len(row) for row in rows)])
    place = np.array(list(itertools.chain(*rows)), dtype=np.int64)
    number = np.arange(len(rows))
    flags = (np.isin(number, list(which)) for which in (mandatory, forbidden))
    return Candidates(start, place, *flags)


def outsiders(size: int, *which: int) -> Flags:
    return np.isin(np.arange(size), which)


# Worked by hand --------------------------------------------------------------------------------


def test_a_site_serves_no_more_than_it_has_room_for() -> None:
    # 0 reaches 100 people but has room for 20; 1 reaches 30 and has room for all of them.
    supply = Supply(table([[0], [1]]), table(NONE), [100, 30], [20, 50], [])
    found = with_capacity(supply, count=1)
    assert found.solution.chosen.tolist() == [1]
    assert (found.solution.value, found.solution.bound) == (30, 30)
    assert found.solution.status is Status.OPTIMAL
    assert (found.load.tolist(), found.served.tolist()) == ([30], [0, 30])


def test_people_move_on_to_make_room_for_others() -> None:
    # The existing one (room 40) reaches places 0 and 1, 40 each, and is full. A new one reaches
    # place 0 alone: whoever comes from there to the existing one goes to the new one instead.
    supply = Supply(table([[0]]), table([[0, 1]]), [40, 40], [100], [40])
    found = with_capacity(supply, count=1)
    assert (found.solution.value, found.solution.bound) == (40, 40)
    assert (found.load.tolist(), found.existing_load.tolist()) == ([40], [40])
    assert found.served.tolist() == [40, 40]
    assert found.before.sum() == 40


def test_where_the_existing_ones_have_room_nothing_is_gained() -> None:
    supply = Supply(table([[0], [1]]), table([[0]]), [70, 5], [100, 100], [70])
    found = with_capacity(supply, count=2)
    assert (found.solution.chosen.tolist(), found.solution.value) == ([1], 5)
    assert found.existing_load.tolist() == [70]


def test_sites_stand_in_the_order_of_what_they_add() -> None:
    # 2 has room for 60 of the 100 in place 1; then 1 adds the other 40; 0 adds its 10.
    supply = Supply(table([[0], [1], [1]]), table(NONE), [10, 100], [50, 55, 60], [])
    found = with_capacity(supply, count=3)
    assert found.solution.chosen.tolist() == [2, 1, 0]
    assert found.gain.tolist() == [60, 40, 10]
    assert found.load.tolist() == [60, 40, 10]


def test_ties_go_to_the_first_candidate() -> None:
    supply = Supply(table([[0], [1], [2]]), table(NONE), [50, 60, 70], [40, 40, 40], [])
    assert with_capacity(supply, count=2).solution.chosen.tolist() == [0, 1]


def test_a_budget_buys_the_two_cheap_ones() -> None:
    # 0 serves 50 for 10; 1 and 2 serve 30 each for 5 each: 60 for the same money.
    supply = Supply(table([[0], [1], [2]]), table(NONE), [50, 30, 30], [99, 99, 99], [])
    found = with_capacity(supply, cost=[10, 5, 5], budget=10)
    assert (found.solution.chosen.tolist(), found.solution.value) == ([1, 2], 60)
    assert found.solution.bound == 60
    assert with_capacity(supply, cost=[10, 5, 5], budget=4.99).solution.value == 0
    one = with_capacity(supply, cost=[10, 5, 5], budget=10, count=1).solution
    assert (one.chosen.tolist(), one.bound) == ([0], 50)


def test_tenths_of_money_add_up() -> None:
    supply = Supply(table([[0], [1], [2]]), table(NONE), [1, 1, 1], [9, 9, 9], [])
    found = with_capacity(supply, cost=[0.1, 0.1, 0.1], budget=0.3).solution
    assert (found.value, found.bound) == (3, 3)


# People from outside ---------------------------------------------------------------------------


def test_people_from_outside_take_their_part_of_the_room() -> None:
    # 300 from inside and 100 from outside ask for 100: 75 and 25.
    supply = Supply(
        table([[0, 1]]), table(NONE), [300, 100], [100], [], outside=outsiders(2, 1)
    )
    found = with_capacity(supply, count=1)
    assert (found.solution.value, found.solution.bound) == (75, 75)
    assert (found.load.tolist(), found.outside_load.tolist()) == ([75], [25])
    assert found.served.tolist() == [75, 25]


def test_with_room_for_all_outsiders_take_nothing_away_and_are_no_gain() -> None:
    supply = Supply(
        table([[0, 1]]), table(NONE), [300, 100], [400], [], outside=outsiders(2, 1)
    )
    found = with_capacity(supply, count=1)
    assert found.solution.value == 300
    assert (found.load.tolist(), found.outside_load.tolist()) == ([300], [100])


def test_a_site_for_outsiders_alone_is_not_proposed() -> None:
    supply = Supply(table([[1]]), table(NONE), [3, 9], [99], [], outside=outsiders(2, 1))
    found = with_capacity(supply, count=1)
    assert (len(found.solution.chosen), found.solution.value) == (0, 0)


def test_outsiders_crowd_an_existing_facility_too() -> None:
    # The existing one has room for 60 and 20 + 40 within reach from outside and inside: all are
    # served. With room for 30 the study has 20 of it, so that a new site serves the other 20.
    rows, people = ([[1]], [[0, 1]]), [20, 40]
    for room, value in ((60, 0), (30, 20)):
        supply = Supply(
            table(rows[0]), table(rows[1]), people, [99], [room], outside=outsiders(2, 0)
        )
        found = with_capacity(supply, count=1)
        assert found.solution.value == value
        assert found.existing_load.tolist() == [60 * 2 / 3 if room == 60 else 20]
        assert found.existing_outside_load.tolist() == [room / 3]


# What is not known -----------------------------------------------------------------------------


def test_a_candidate_of_unknown_room_is_never_chosen() -> None:
    supply = Supply(table([[0], [1]]), table(NONE), [100, 1], [NAN, 5], [])
    assert with_capacity(supply, count=2).solution.chosen.tolist() == [1]


def test_a_mandatory_candidate_of_unknown_room_is_refused() -> None:
    supply = Supply(table([[0], [1]], {0}), table(NONE), [100, 1], [NAN, 5], [])
    with pytest.raises(SitingError, match="1 个必选候选点没有容量"):
        with_capacity(supply, count=2)
    with pytest.raises(SitingError, match="1 个必选候选点没有容量"):
        fewest_with_capacity(supply, wanted=1)


def test_existing_facilities_of_unknown_room_are_read_as_the_caller_says() -> None:
    parts = (table([[0]]), table([[0]]), [100], [40], [NAN])
    found = with_capacity(Supply(*parts), count=1)
    assert (found.solution.value, found.existing_load.tolist()) == (0, [100])
    found = with_capacity(Supply(*parts, unknown=Unknown.NOBODY), count=1)
    assert (found.solution.value, found.existing_load.tolist()) == (40, [0])


def test_a_candidate_of_unknown_cost_is_bought_by_no_budget() -> None:
    supply = Supply(table([[0], [1]]), table(NONE), [100, 1], [9, 9], [])
    found = with_capacity(supply, cost=[NAN, 2], budget=1e9)
    assert found.solution.chosen.tolist() == [1]
    assert with_capacity(supply, cost=[NAN, 2], count=1).solution.chosen.tolist() == [0]


@pytest.mark.parametrize("room", [[-1.0, 1.0], [1.0]])
def test_rooms_that_cannot_be_are_refused(room: list[float]) -> None:
    with pytest.raises(ValueError, match="rooms"):
        with_capacity(Supply(table([[0], [0]]), table(NONE), [1], room, []), count=1)


def test_mandatory_sites_beyond_the_budget_are_refused() -> None:
    supply = Supply(table([[0], [1]], {0, 1}), table(NONE), [1, 1], [9, 9], [])
    with pytest.raises(SitingError, match=r"12\.5 万元，多于预算 12 万元"):
        with_capacity(supply, cost=[6.5, 6], budget=12)


# Fewest ----------------------------------------------------------------------------------------


def test_the_fewest_that_serve_as_many_as_wanted() -> None:
    # Greedy takes 0 (60 of 110) and needs both others; 1 and 2 alone serve 55 each.
    rows = [[0, 1], [0, 2], [1, 3]]
    supply = Supply(table(rows), table(NONE), [30, 30, 25, 25], [60, 55, 55], [])
    found = fewest_with_capacity(supply, wanted=110)
    assert sorted(found.solution.chosen.tolist()) == [1, 2]
    assert (found.solution.value, found.solution.bound, found.most) == (2, 2, 110)
    assert found.solution.status is Status.OPTIMAL


def test_the_most_that_could_be_served_is_told_where_it_is_too_few() -> None:
    # All together: 20 + 30 + the 5 whom the existing one has room for.
    supply = Supply(table([[0], [1]]), table([[0]]), [100, 30], [20, 50], [5])
    found = fewest_with_capacity(supply, wanted=56)
    assert found.solution.status is Status.INFEASIBLE
    assert found.most == 55
    assert np.isnan([found.solution.value, found.solution.bound]).all()
    assert (len(found.solution.chosen), found.existing_load.tolist()) == (0, [5])
    assert fewest_with_capacity(supply, wanted=55).solution.value == 2


def test_where_enough_are_served_already_no_site_is_needed() -> None:
    supply = Supply(table([[0], [1]]), table([[0]]), [100, 30], [20, 50], [50])
    assert fewest_with_capacity(supply, wanted=50).solution.value == 0
    kept = Supply(table([[0], [1]], {1}), table([[0]]), [100, 30], [20, 50], [50])
    assert fewest_with_capacity(kept, wanted=50).solution.chosen.tolist() == [1]


# Against every choice --------------------------------------------------------------------------


class Town:
    """A small question drawn by chance, and its answer by networkx."""

    def __init__(self, seed: int) -> None:
        dice = np.random.default_rng(seed)
        places = int(dice.integers(1, 8))
        self.rows = self._rows(dice, int(dice.integers(1, 6)), places)
        self.kept = self._rows(dice, int(dice.integers(0, 3)), places)
        self.people = dice.integers(0, 12, places)
        self.room = dice.integers(0, 25, len(self.rows))
        self.kept_room = dice.integers(0, 20, len(self.kept))
        self.away = dice.random(places) < 0.2
        kinds = dice.choice(list("....mf"), len(self.rows))
        self.mandatory = set(np.flatnonzero(kinds == "m").tolist())
        self.forbidden = set(np.flatnonzero(kinds == "f").tolist())
        self.cost = dice.integers(1, 9, len(self.rows))
        self.known: dict[tuple[int, ...], Fraction] = {}

    @staticmethod
    def _rows(dice: np.random.Generator, size: int, places: int) -> Rows:
        return [np.flatnonzero(dice.random(places) < 0.5).tolist() for _ in range(size)]

    @property
    def supply(self) -> Supply:
        """Return the question."""
        rows = table(self.rows, self.mandatory, self.forbidden)
        existing = table(self.kept)
        return Supply(rows, existing, self.people, self.room, self.kept_room, outside=self.away)

    def served(self, sites: tuple[int, ...]) -> Fraction:
        """Return how many of the study are served: the largest flow through a graph."""
        if sites not in self.known:
            self.known[sites] = self._flow([*self.kept, *(self.rows[c] for c in sites)],
                                           [*self.kept_room, *self.room[list(sites)]])  # fmt: skip
        return self.known[sites]

    def _flow(self, rows: Rows, rooms: list[int]) -> Fraction:
        inside = [int(n) if not away else 0 for n, away in zip(self.people, self.away, strict=True)]
        part = [
            Fraction(int(room) * sum(inside[p] for p in row), max(1, int(self.people[row].sum())))
            for row, room in zip(rows, rooms, strict=True)
        ]
        whole = lcm(*(one.denominator for one in part)) if part else 1
        graph = nx.DiGraph()
        graph.add_nodes_from(["from", "to"])
        for place, count in enumerate(inside):
            graph.add_edge("from", place, capacity=count * whole)
        for f, row in enumerate(rows):
            graph.add_edge(f"f{f}", "to", capacity=int(part[f] * whole))
            graph.add_edges_from((place, f"f{f}") for place in row)
        return Fraction(nx.maximum_flow_value(graph, "from", "to"), whole)

    def choices(self, count: int) -> list[tuple[int, ...]]:
        """Return every choice of so many sites at most that is allowed."""
        allowed = [c for c in range(len(self.rows)) if c not in self.forbidden]
        return [
            sites
            for size in range(min(count, len(allowed)) + 1)
            for sites in itertools.combinations(allowed, size)
            if self.mandatory <= set(sites)
        ]


def rooms_are_kept(found: Served, town: Town) -> None:
    """Nobody is served twice, no room given twice, and nobody who was served is sent away."""
    tiny = 1e-9
    inside, outside = found.served[~town.away].sum(), found.served[town.away].sum()
    load, away = found.load + found.outside_load, found.existing_load + found.existing_outside_load
    assert (load <= town.room[found.solution.chosen] + tiny).all()
    assert (away <= town.kept_room + tiny).all()
    assert found.load.sum() + found.existing_load.sum() == pytest.approx(inside)
    assert found.outside_load.sum() + found.existing_outside_load.sum() == pytest.approx(outside)
    assert (found.before <= found.served + tiny).all()
    assert (found.served <= town.people + tiny).all()


@pytest.mark.parametrize("seeds", [range(i, i + 50) for i in range(0, 250, 50)], ids=str)
def test_no_choice_serves_more_than_the_bound(seeds: range) -> None:
    for seed in seeds:
        town = Town(seed)
        count = max(1 + seed % 3, len(town.mandatory))
        budget = int(town.cost[list(town.mandatory)].sum()) + 6 if seed % 2 else None
        found = with_capacity(town.supply, count=count, cost=town.cost, budget=budget, within=0)
        alone = town.served(())
        best = max(
            town.served(sites) - alone
            for sites in town.choices(count)
            if budget is None or town.cost[list(sites)].sum() <= budget
        )
        assert found.solution.value == pytest.approx(float(best))
        assert found.solution.bound == pytest.approx(float(best))
        assert found.solution.status is Status.OPTIMAL
        chosen = tuple(found.solution.chosen.tolist())
        assert float(town.served(chosen) - alone) == pytest.approx(found.solution.value)
        assert town.mandatory <= set(chosen) <= set(range(len(town.rows))) - town.forbidden
        assert found.gain.sum() == pytest.approx(found.solution.value)
        rooms_are_kept(found, town)


@pytest.mark.parametrize("seeds", [range(i, i + 50) for i in range(500, 600, 50)], ids=str)
def test_no_fewer_sites_serve_as_many(seeds: range) -> None:
    for seed in seeds:
        town = Town(seed)
        choices = town.choices(len(town.rows))
        wanted = max(float(town.served(sites)) for sites in choices) * (seed % 5 + 1) / 5
        found = fewest_with_capacity(town.supply, wanted=wanted)
        enough = [len(s) for s in choices if float(town.served(s)) >= wanted - 1e-9]
        assert found.solution.value == min(enough) == found.solution.bound
        assert float(town.served(tuple(found.solution.chosen.tolist()))) >= wanted - 1e-9
        more = fewest_with_capacity(town.supply, wanted=found.most + 0.01)
        assert more.solution.status is Status.INFEASIBLE
        rooms_are_kept(found, town)


@pytest.mark.parametrize("seeds", [range(i, i + 40) for i in range(700, 820, 40)], ids=str)
def test_no_step_lowers_a_bound_below_what_can_be_served(seeds: range) -> None:
    lowered = 0
    for seed in seeds:
        town = Town(seed)
        town.mandatory, town.forbidden, count = set(), set(), 1 + seed % 3
        free = np.arange(len(town.rows))
        field = Field.of(Rooms.of(town.supply), free[:0], free)
        relaxation = Relaxation.of(field.reach, field.always, Limits(count, free * 0.0, np.inf))
        first = relaxation.at_first()
        alone, choices = town.served(()), town.choices(count)
        best = float(max(town.served(sites) - alone for sites in choices))
        for _ in range(60):
            # A goal out of reach: every step goes on as far as it may.
            relaxation.step(0.8 * best)
        assert relaxation.least >= best - 1e-9
        lowered += relaxation.least < first - 1e-6
        for site in free:
            with_it = [town.served(sites) - alone for sites in choices if site in sites]
            assert relaxation.with_it[site] >= float(max(with_it)) - 1e-9
    assert lowered > 5
