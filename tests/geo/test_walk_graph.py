"""Private ways may begin or end a walk, but carry none between two public streets."""

import heapq

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.streets.network import Flags, WalkNetwork
from geo.walks.places import Exits
from geo.walks.travel import ANY_LENGTH_MM, FAR, nearest_facility, search
from geo.walks.walk_graph import NO_STREET, WalkGraph

from .random_streets import Case, Way, cases, exits_of, network_of, none_private
from .scipy_walks import nearest, walks_mm

Stand = tuple[int, int]  # node, and how far the walk has come: see below
HOME_LANES, STREETS, DESTINATION_LANES = range(3)  # the three stretches of a walk, in order


def stretch_after(stretch: int, *, private: bool) -> int | None:
    """Return the stretch a walk is in after one more street; None where it may not be walked."""
    if not private:
        return None if stretch == DESTINATION_LANES else STREETS
    return HOME_LANES if stretch == HOME_LANES else DESTINATION_LANES


def from_way(network: WalkNetwork, private: Flags, way: Way) -> dict[Stand, int]:
    """Return the metres from a way out to every node, by the stretch in which it is reached."""
    street, along, off = way
    first = HOME_LANES if private[street] else STREETS
    waiting: list[tuple[int, int, int]] = []
    if network.oneway[street] <= 0:
        waiting.append((off + along, int(network.tail[street]), first))
    if network.oneway[street] >= 0:
        rest = int(network.length_mm[street]) - along
        waiting.append((off + rest, int(network.head[street]), first))
    heapq.heapify(waiting)
    done: dict[Stand, int] = {}
    while waiting:
        mm, node, stretch = heapq.heappop(waiting)
        if (node, stretch) in done:
            continue
        done[node, stretch] = mm
        for s in range(len(network)):
            then = stretch_after(stretch, private=bool(private[s]))
            if then is None:
                continue
            step = mm + int(network.length_mm[s])
            if network.tail[s] == node and network.oneway[s] >= 0:
                heapq.heappush(waiting, (step, int(network.head[s]), then))
            if network.head[s] == node and network.oneway[s] <= 0:
                heapq.heappush(waiting, (step, int(network.tail[s]), then))
    return done


def to_way(
    network: WalkNetwork, private: Flags, reached: dict[Stand, int], here: Way, goal: Way
) -> int:
    """Return the metres to a facility's way, the direct way along the street included."""
    street, along, off = goal
    found = [FAR]
    for (node, stretch), mm in reached.items():
        if stretch_after(stretch, private=bool(private[street])) is None:
            continue
        if node == network.tail[street] and network.oneway[street] >= 0:
            found.append(mm + along + off)
        if node == network.head[street] and network.oneway[street] <= 0:
            found.append(mm + int(network.length_mm[street]) - along + off)
    if here[0] == street and (along - here[1]) * int(network.oneway[street]) >= 0:
        found.append(here[2] + abs(along - here[1]) + off)
    return min(found)


def ways_of(exits: Exits) -> list[tuple[int, Way]]:
    columns = (exits.point, exits.street, exits.offset_mm, exits.off_street_mm)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [(point, (street, along, off)) for point, street, along, off in rows]


def plain(case: Case, private: Flags) -> list[tuple[int, int]]:
    """Return walk and facility of every place, one plain search after the other."""
    best = [(FAR, -1)] * case.places.count
    for place, here in ways_of(case.places):
        reached = from_way(case.network, private, here)
        for facility, goal in ways_of(case.facilities):
            mm = to_way(case.network, private, reached, here, goal)
            if mm != FAR:
                best[place] = min(best[place], (mm, facility))
    return best


def found(case: Case, private: Flags) -> list[tuple[int, int]]:
    graph = WalkGraph.of(case.network, private=private)
    walks = nearest_facility(graph, case.facilities, case.places, horizon_mm=ANY_LENGTH_MM)
    return list(zip(walks.walk_mm.tolist(), walks.facility.tolist(), strict=True))


@settings(max_examples=100, deadline=None)
@given(cases())
def test_walks_equal_a_plain_search_in_three_stretches(case: Case) -> None:
    assert found(case, case.network.private) == plain(case, case.network.private)


@settings(max_examples=100, deadline=None)
@given(cases(), st.sampled_from([0, 150_000, ANY_LENGTH_MM]))
def test_whoever_walks_at_any_length_is_connected(case: Case, horizon_mm: int) -> None:
    searched = search(WalkGraph.of(case.network), case.facilities, horizon_mm=horizon_mm)
    which = np.arange(case.places.count)[::-1]
    walks = [walk != FAR for walk, _ in plain(case, case.network.private)]
    assert searched.connected(case.places, which).tolist() == walks[::-1]


def test_facilities_not_searched_from_connect_nobody() -> None:
    # Two rows of two streets, a facility on the first of each and a place on the second.
    apart = network_of([(i, j, 100_000, 0, False) for i, j in ((0, 1), (1, 4), (2, 3), (3, 5))])
    facilities = exits_of([[(0, 0, 0)], [(2, 0, 0)]])
    places = exits_of([[(1, 50_000, 0)], [(3, 50_000, 0)]])
    searched = search(
        WalkGraph.of(apart), facilities, horizon_mm=1_000, only=np.array([True, False])
    )
    assert searched.connected(places, np.arange(2)).tolist() == [True, False]


@settings(max_examples=50, deadline=None)
@given(cases())
def test_the_other_second_way_agrees_with_the_plain_search(case: Case) -> None:
    metres = walks_mm(case.network, case.facilities, case.places)
    walks = nearest(metres, case.places)
    told = list(zip(walks.walk_mm.tolist(), walks.facility.tolist(), strict=True))
    assert told == plain(case, case.network.private)


@settings(max_examples=60, deadline=None)
@given(cases())
def test_opening_private_ways_never_lengthens_a_walk(case: Case) -> None:
    opened = found(case, none_private(case.network))
    assert all(a[0] <= b[0] for a, b in zip(opened, found(case, case.network.private), strict=True))


@settings(max_examples=60, deadline=None)
@given(cases())
def test_with_every_street_private_they_carry_everybody(case: Case) -> None:
    # There are no public streets between which to carry anybody.
    everything = ~none_private(case.network)
    assert found(case, everything) == found(case, none_private(case.network))


# An estate lane that is the short cut between two public streets.
#
#   W(0) ======= A(1)                 D(2) ======= E(3)      public: 100 m each
#                 |\_____ M(4) _____/ |                      lanes: A-M 50 m, M-D 50 m, M-N(5) 30 m
#                 |                   |
#                 +-------------------+                      public way round: 500 m
ESTATE = network_of(
    [
        (0, 1, 100_000, 0, False),
        (2, 3, 100_000, 0, False),
        (1, 2, 500_000, 0, False),
        (1, 4, 50_000, 0, True),
        (4, 2, 50_000, 0, True),
        (4, 5, 30_000, 0, True),
    ]
)
WEST, EAST, ROUND, LANE_WEST, LANE_EAST, LANE_IN = range(6)


@pytest.mark.parametrize(
    ("place", "facility", "around_m", "through_m"),
    [
        # From street to street: round the estate, 600 m and not 200 m.
        ((WEST, 50_000, 0), (EAST, 50_000, 0), 600, 200),
        # To the facility inside: by the near lane from either side.
        ((WEST, 50_000, 0), (LANE_IN, 30_000, 0), 130, 130),
        ((EAST, 50_000, 0), (LANE_IN, 30_000, 0), 130, 130),
        # From the place inside: out by the near lane on either side.
        ((LANE_IN, 20_000, 5_000), (WEST, 50_000, 0), 125, 125),
        ((LANE_IN, 20_000, 5_000), (EAST, 50_000, 0), 125, 125),
        # Inside the estate, from lane to lane and along one lane.
        ((LANE_WEST, 10_000, 0), (LANE_EAST, 40_000, 0), 80, 80),
        ((LANE_IN, 5_000, 0), (LANE_IN, 25_000, 0), 20, 20),
        # Half way round: nobody may turn into the lane at one end and out again at the other.
        ((ROUND, 100_000, 0), (EAST, 0, 0), 400, 200),
        # The lane's own people do leave by its far end.
        ((LANE_WEST, 0, 0), (EAST, 0, 0), 100, 100),
    ],
)
def test_an_estate_lane_is_no_short_cut(
    place: Way, facility: Way, around_m: int, through_m: int
) -> None:
    case = Case(ESTATE, exits_of([[facility]]), exits_of([[place]]))
    assert found(case, ESTATE.private) == [(around_m * 1000, 0)]
    assert found(case, none_private(ESTATE)) == [(through_m * 1000, 0)]


def test_two_estates_side_by_side_are_walked_from_one_into_the_other() -> None:
    # All the way on private ways: no public streets are joined by that walk.
    lanes = network_of([(0, 1, 10_000, 0, True), (1, 2, 10_000, 0, True), (1, 3, 9_000, 0, False)])
    case = Case(lanes, exits_of([[(1, 10_000, 0)]]), exits_of([[(0, 0, 0)], [(2, 9_000, 0)]]))
    assert found(case, lanes.private) == [(20_000, 0), (19_000, 0)]


def test_an_estate_between_two_estates_carries_nobody_once_a_street_was_walked() -> None:
    # Lane, public street, lane, public street: the last one is out of reach.
    chain = network_of(
        [(i, i + 1, 10_000, 0, private) for i, private in enumerate((True, False, True, False))]
    )
    place = exits_of([[(0, 0, 0)]])
    for street, walk in ((1, 15_000), (2, 25_000), (3, FAR)):
        case = Case(chain, exits_of([[(street, 5_000, 0)]]), place)
        assert found(case, chain.private)[0][0] == walk


@settings(max_examples=60, deadline=None)
@given(cases(facilities=0, places=0))
def test_the_same_steps_are_there_by_the_node_they_lead_to(case: Case) -> None:
    graph = WalkGraph.of(case.network)

    def steps(start: np.ndarray, step: np.ndarray, street: np.ndarray) -> list[tuple[int, ...]]:
        here = np.repeat(np.arange(graph.nodes), np.diff(start))
        return [*zip(here.tolist(), *step.T.tolist(), street.tolist(), strict=True)]

    onwards = steps(*graph.rows[:3])
    back = [(one, other, mm, street) for other, one, mm, street in steps(*graph.towards[:3])]
    assert sorted(onwards) == sorted(back)
    assert graph.rows.most == max(np.diff(graph.rows.start))


def test_streets_without_private_ways_are_searched_as_they_are() -> None:
    graph = WalkGraph.of(ESTATE, private=none_private(ESTATE))
    assert (graph.nodes, len(graph.rows.step)) == (6, 12)
    assert (graph.rows.street != NO_STREET).all()


def test_streets_open_both_ways_are_their_own_steps_back() -> None:
    graph = WalkGraph.of(ESTATE, private=none_private(ESTATE))
    start, step, street, _ = graph.rows
    here = np.repeat(np.arange(graph.nodes), np.diff(start))
    onwards = np.column_stack([here, step, street]).tolist()
    back = np.column_stack([step[:, 0], here, step[:, 1], street]).tolist()
    assert sorted(onwards) == sorted(back)
    assert graph.towards is graph.rows
    with_private = WalkGraph.of(ESTATE)
    assert with_private.towards is not with_private.rows


def test_nodes_on_private_ways_stand_there_more_than_once() -> None:
    # W and E public only; A and D three times; M and N, without a public street, twice.
    assert WalkGraph.of(ESTATE).nodes == 2 + 3 * 2 + 2 * 2
