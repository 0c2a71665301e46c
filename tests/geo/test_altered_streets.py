"""Streets cut, blocked and added: walks by hand, and against networkx on random streets."""

import itertools
from collections import defaultdict
from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.streets.network import WalkNetwork
from geo.walks.altered_streets import AlteredStreets, Spots
from geo.walks.places import Exits
from geo.walks.street_parts import met_by_lines
from geo.walks.travel import FAR, nearest_facility
from geo.walks.walk_graph import WalkGraph
from tests.conftest import METRIC, at

HORIZON = 100_000_000
PRIVATELY, PUBLICLY, PRIVATELY_AGAIN = range(3)


def spots(*rows: tuple[int, int]) -> Spots:
    street, offset_mm = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    return Spots(street, offset_mm)


def exits(*rows: tuple[int, int]) -> Exits:
    """Give one point a row, standing on its street."""
    street, offset_mm = spots(*rows)
    none = np.zeros(len(street), dtype=np.int64)
    point = np.arange(len(street))
    reason = np.full(len(street), "", dtype=object)
    return Exits(point, street, offset_mm, none, none.astype(bool), reason)


def network_of(
    tail: list[int], head: list[int], length_mm: list[int], *,
    oneway: list[int] | None = None, private: list[bool] | None = None,
) -> WalkNetwork:  # fmt: skip
    """Give streets whose geometry says nothing of their length."""
    many, nodes = len(tail), max(*tail, *head) + 1
    return WalkNetwork(
        crs=METRIC, x=np.arange(nodes, dtype=float), y=np.zeros(nodes),
        tail=np.array(tail, dtype=np.int32), head=np.array(head, dtype=np.int32),
        length_mm=np.array(length_mm, dtype=np.int64),
        oneway=np.array(oneway or [0] * many, dtype=np.int8),
        private=np.array(private or [False] * many), kind=np.zeros(many, dtype=np.int8),
        vertex_xy=np.zeros((2 * many, 2)), vertex_start=2 * np.arange(many + 1),
    )  # fmt: skip


def altered(
    network: WalkNetwork, *, blocks: Spots | None = None,
    links: list[tuple[tuple[int, int], tuple[int, int], int]] | None = None,
) -> AlteredStreets:  # fmt: skip
    """Give streets with links, each a single street of some length between two spots."""
    links = links or []
    joins = spots(*(a for a, _, _ in links), *(b for _, b, _ in links))
    streets = AlteredStreets.of(
        network, private=network.private, joins=joins, blocks=blocks or Spots.nowhere()
    )
    tail, head = np.split(streets.node_at(joins), 2)
    length_mm = np.array([mm for _, _, mm in links], dtype=np.int64)
    return streets.with_streets(tail, head, length_mm, nodes=streets.nodes)


def walks(streets: AlteredStreets, facilities: Exits, places: Exits) -> list[int]:
    found = nearest_facility(
        WalkGraph.of(streets), streets.exits(facilities), streets.exits(places),
        horizon_mm=HORIZON,
    )  # fmt: skip
    return [int(mm) for mm in found.walk_mm]


# One street of 100 m from node 0 to node 1, and another of 100 m on to node 2.
TWO = network_of([0, 1], [1, 2], [100_000, 100_000])


def test_streets_that_nothing_alters_are_the_network() -> None:
    same = altered(TWO)
    assert (same.nodes, len(same)) == (3, 2)
    places, facility = exits((0, 10_000), (1, 60_000)), exits((0, 0))
    assert walks(same, facility, places) == [10_000, 160_000]


def test_walking_across_a_cut_is_as_far_as_before() -> None:
    cut = altered(TWO, links=[((0, 30_000), (0, 70_000), 500_000)])
    assert len(cut) == 2 + 2 + 1
    assert walks(cut, exits((0, 10_000)), exits((0, 90_000), (0, 50_000), (1, 5_000))) == [
        80_000, 40_000, 95_000
    ]


def test_a_link_is_a_shorter_way() -> None:
    linked = altered(TWO, links=[((0, 30_000), (1, 70_000), 20_000)])
    # 10 to the link, 20 along it and 5 on, not 20 to 75 of 200 m.
    assert walks(linked, exits((0, 20_000)), exits((1, 75_000))) == [35_000]


def test_a_place_on_the_link_walks_along_it() -> None:
    linked = altered(TWO, links=[((0, 30_000), (1, 70_000), 20_000)])
    found = nearest_facility(
        WalkGraph.of(linked), linked.exits(exits((0, 30_000))), exits((len(linked) - 1, 8_000)),
        horizon_mm=HORIZON,
    )  # fmt: skip
    assert found.walk_mm.tolist() == [8_000]


@pytest.mark.parametrize(("offset", "walk"), [(40_000, 40_000), (40_001, FAR), (39_999, 39_999)])
def test_a_place_exactly_at_a_block_lies_before_it(offset: int, walk: int) -> None:
    blocked = altered(TWO, blocks=spots((0, 40_000)))
    assert walks(blocked, exits((0, 0)), exits((0, offset))) == [walk]


def test_both_sides_of_a_block_are_walked_to_from_their_own_ends() -> None:
    ring = network_of([0, 1, 2], [1, 2, 0], [100_000] * 3)
    blocked = altered(ring, blocks=spots((0, 40_000)))
    # The other side is 10 m on, and now 40 back, twice 100 and 50 from the other end.
    assert walks(blocked, exits((0, 40_000)), exits((0, 50_000))) == [290_000]


def test_between_two_blocks_nobody_gets_out() -> None:
    blocked = altered(TWO, blocks=spots((0, 40_000), (0, 60_000)))
    assert walks(blocked, exits((0, 45_000)), exits((0, 20_000), (0, 60_000), (1, 0))) == [
        FAR, 15_000, FAR
    ]


@pytest.mark.parametrize("offset", [0, 100_000])
def test_a_block_at_the_very_end_takes_the_street_off_its_crossing(offset: int) -> None:
    blocked = altered(TWO, blocks=spots((0, offset)))
    here = [(0, 0), (0, 50_000)] if offset else [(0, 50_000), (1, 0)]
    assert walks(blocked, exits(here[0]), exits(here[1])) == [50_000]
    assert walks(blocked, exits((0, 50_000)), exits((1, 50_000))) == [
        FAR if offset else 100_000
    ]


def test_a_link_to_a_blocked_spot_joins_the_side_before_it() -> None:
    blocked = altered(TWO, blocks=spots((0, 40_000)), links=[((0, 40_000), (1, 0), 7_000)])
    assert walks(blocked, exits((0, 35_000)), exits((1, 1_000))) == [13_000]


def test_a_link_at_a_crossing_joins_all_its_streets() -> None:
    # The first street runs only towards the crossing: its very end is the crossing all the same.
    one_way = replace(TWO, oneway=np.array([1, 0], dtype=np.int8))
    linked = altered(one_way, links=[((0, 0), (0, 100_000), 10_000)])
    assert len(linked) == 3
    assert walks(linked, exits((0, 3_000)), exits((1, 2_000))) == [15_000]


def test_pieces_are_one_way_and_private_as_their_street_was() -> None:
    network = network_of([0, 1], [1, 2], [100_000] * 2, oneway=[1, -1], private=[True, False])
    linked = altered(network, links=[((0, 50_000), (1, 50_000), 1_000)])
    assert linked.oneway.tolist() == [1, -1, 1, -1, 0]
    assert linked.private.tolist() == [True, False, True, False, False]


def test_the_network_is_not_changed() -> None:
    before = [column.copy() for column in (TWO.tail, TWO.head, TWO.length_mm)]
    altered(TWO, blocks=spots((0, 1)), links=[((0, 30_000), (1, 70_000), 20_000)])
    after = (TWO.tail, TWO.head, TWO.length_mm)
    assert all((a == b).all() for a, b in zip(before, after, strict=True))


# --- where a line meets streets ------------------------------------------------------------------


def line(*xy: tuple[float, float]) -> list[tuple[float, float]]:
    return [at(*corner) for corner in xy]


def meetings(network: WalkNetwork, *xy: tuple[float, float]) -> set[tuple[int, int]]:
    (met,) = met_by_lines(network, [line(*xy)])
    return set(zip(met.street.tolist(), met.offset_mm.tolist(), strict=True))


def test_a_line_meets_streets_where_it_crosses_them(toy: WalkNetwork) -> None:
    across = meetings(toy, (150, -10), (150, 10))
    assert [mm for _, mm in across] == [150_000]
    assert meetings(toy, (150, 5), (150, 10)) == set()
    # Across A-B at 200 m and B-D at 100 m.
    assert {mm for _, mm in meetings(toy, (100, -100), (350, 150))} in (
        {200_000, 100_000}, {100_000, 300_000}, {200_000, 300_000}
    )


def test_a_line_through_a_crossing_meets_the_end_of_every_street(toy: WalkNetwork) -> None:
    met = meetings(toy, (290, -10), (310, 10))
    ends = {(street, mm) for street, mm in met if mm in (0, int(toy.length_mm[street]))}
    assert len(met) == 3
    assert met == ends


def test_a_line_along_a_street_meets_it_at_both_ends_of_the_stretch(toy: WalkNetwork) -> None:
    met = meetings(toy, (100, 0), (180, 0))
    assert {mm for _, mm in met} in ({100_000, 180_000}, {200_000, 120_000})


def test_a_line_of_several_corners_meets_a_street_more_than_once(toy: WalkNetwork) -> None:
    met = meetings(toy, (100, -10), (100, 10), (200, 10), (200, -10))
    assert {mm for _, mm in met} == {100_000, 200_000}


def test_a_line_beyond_all_coordinates_meets_nothing(toy: WalkNetwork) -> None:
    nowhere, here = met_by_lines(toy, [[(np.inf, np.inf), at(0, 0)], line((150, -1), (150, 1))])
    assert len(nowhere.street) == 0
    assert here.offset_mm.tolist() == [150_000]
    assert len(met_by_lines(toy, [[(np.inf, np.inf), at(0, 0)]])[0].street) == 0
    assert met_by_lines(toy, []) == ()


# --- second way ----------------------------------------------------------------------------------

Told = list[tuple[int, int]]  # spots: street and millimetres along it
Plan = tuple[Told, list[tuple[tuple[int, int], tuple[int, int], int]]]


@st.composite
def plans(draw: st.DrawFn) -> tuple[WalkNetwork, Plan, Told, Told]:
    """Give random streets, some one-way, some private; blocks and links; facilities; places."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    side = draw(st.integers(2, 4))
    pairs = [(i, i + 1) for i in range(side**2) if (i + 1) % side]
    pairs += [(i, i + side) for i in range(side**2 - side)]
    pairs += [(0, 1)]
    kept = [p for p in pairs if rng.random() < 0.9] or pairs[:1]
    tail, head = (list(column) for column in zip(*kept, strict=True))
    length = rng.integers(50_000, 200_000, len(kept)).tolist()
    network = network_of(
        tail, head, length,
        oneway=rng.choice([0, 0, 0, 1, -1], len(kept)).tolist(),
        private=rng.choice([False, False, True], len(kept)).tolist(),
    )  # fmt: skip

    def some(many: int) -> Told:
        street = rng.integers(0, len(kept), many)
        return [(int(s), int(rng.integers(0, length[s] + 1))) for s in street]

    def ends(many: int) -> Told:
        return [(s, rng.choice([0, length[s], mm, mm, mm])) for s, mm in some(many)]

    many = draw(st.integers(0, 4))
    links = [
        ((a, int(x)), (b, int(y)), int(rng.integers(0, 150_000)))
        for (a, x), (b, y) in zip(ends(many), ends(many), strict=True)
    ]
    plan = (some(draw(st.integers(0, 4))), links)
    return network, plan, some(draw(st.integers(1, 4))), some(draw(st.integers(1, 6)))


def second_way(  # noqa: C901, PLR0915 - plain on purpose
    network: WalkNetwork, plan: Plan, facilities: Told, places: Told
) -> list[int]:
    """Return walks by networkx, every spot a node on its street, standing on three levels."""
    blocks, links = plan
    graph = nx.DiGraph()

    def step(a: object, b: object, mm: int, levels: tuple[int, ...]) -> None:
        for level in levels:
            old = graph.get_edge_data((a, level), (b, level), {"mm": FAR})["mm"]
            graph.add_edge((a, level), (b, level), mm=min(mm, old))

    def spot(street: int, mm: int) -> tuple[object, ...]:
        passed = sum(1 for s, block in set(blocks) if s == street and block < mm)
        return ("spot", street, passed, mm)

    def join(street: int, mm: int) -> tuple[object, ...]:
        shut = [block for s, block in blocks if s == street]
        if mm == 0:
            return ("node", int(network.tail[street]))
        if mm == network.length_mm[street] and mm not in shut:
            return ("node", int(network.head[street]))
        return spot(street, mm)

    on = defaultdict(set)
    for street, mm in (*facilities, *places, *(e for a, b, _ in links for e in (a, b))):
        on[street].add(spot(street, mm))
    for street, length in enumerate(network.length_mm.tolist()):
        pieces = len({block for s, block in blocks if s == street})
        first, last = ("node", int(network.tail[street])), ("node", int(network.head[street]))
        chain = [(0, 0, first), *((p[2], p[3], p) for p in sorted(on[street])),
                 (pieces, length, last)]  # fmt: skip
        levels = (PRIVATELY, PRIVATELY_AGAIN) if network.private[street] else (PUBLICLY,)
        for (piece, a, here), (next_piece, b, there) in itertools.pairwise(chain):
            if piece != next_piece:
                continue
            if network.oneway[street] >= 0:
                step(here, there, b - a, levels)
            if network.oneway[street] <= 0:
                step(there, here, b - a, levels)
    for a, b, mm in links:
        step(join(*a), join(*b), mm, (PUBLICLY,))
        step(join(*b), join(*a), mm, (PUBLICLY,))
    nodes = {node for node, _ in graph.nodes} | set().union(*on.values())
    for node in nodes:
        graph.add_edge((node, PRIVATELY), (node, PUBLICLY), mm=0)
        graph.add_edge((node, PUBLICLY), (node, PRIVATELY_AGAIN), mm=0)
    found = []
    for place in places:
        metres = nx.single_source_dijkstra_path_length(
            graph, (spot(*place), PRIVATELY), weight="mm"
        )
        found.append(min(metres.get((spot(*f), PRIVATELY_AGAIN), FAR) for f in facilities))
    return found


@settings(max_examples=150, deadline=None)
@given(plans())
def test_altered_walks_equal_networkx(
    drawn: tuple[WalkNetwork, Plan, Told, Told],
) -> None:
    network, (blocks, links), facilities, places = drawn
    streets = altered(network, blocks=spots(*blocks), links=links)
    found = walks(streets, exits(*facilities), exits(*places))
    assert found == second_way(network, (blocks, links), facilities, places)


@settings(max_examples=100, deadline=None)
@given(plans())
def test_links_never_lengthen_and_blocks_never_shorten(
    drawn: tuple[WalkNetwork, Plan, Told, Told],
) -> None:
    network, (blocks, links), facilities, places = drawn
    ends = exits(*facilities), exits(*places)
    base = walks(altered(network), *ends)
    linked = walks(altered(network, links=links), *ends)
    blocked = walks(altered(network, blocks=spots(*blocks)), *ends)
    both = walks(altered(network, blocks=spots(*blocks), links=links), *ends)
    assert all(a <= b for a, b in zip(linked, base, strict=True))
    assert all(a >= b for a, b in zip(blocked, base, strict=True))
    assert all(a <= b for a, b in zip(both, blocked, strict=True))
    assert all(a >= b for a, b in zip(both, linked, strict=True))
