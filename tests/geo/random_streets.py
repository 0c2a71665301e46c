"""Made-up streets with every awkward thing streets can do, and facilities and places on them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st
from pyproj import CRS

from geo.streets.network import Flags, Ints, WalkNetwork
from geo.walks.places import Exits

Street = tuple[int, int, int, int, bool]  # tail, head, millimetres, one way, private
Way = tuple[int, int, int]  # street, millimetres along it, millimetres before it

LENGTHS = st.one_of(
    st.sampled_from((0, 1, 100_000, 100_000, 200_000)),  # nothing, the least, and ties
    st.integers(0, 300_000),
)


class Case(NamedTuple):
    """Streets, and what stands on them."""

    network: WalkNetwork
    facilities: Exits
    places: Exits


def network_of(streets: Sequence[Street], *, nodes: int | None = None) -> WalkNetwork:
    """Return streets told by their ends and lengths alone; they are drawn as straight lines."""
    columns = [np.array(column) for column in zip(*streets, strict=True)]
    tail, head, length_mm, oneway, private = columns
    x = np.arange(int(max(tail.max(), head.max())) + 1 if nodes is None else nodes) * 100.0
    corners = np.column_stack([x[tail], x[head]]).ravel()
    return WalkNetwork(
        crs=CRS.from_epsg(4549), x=x, y=np.zeros(len(x)),
        tail=tail.astype(np.int32), head=head.astype(np.int32),
        length_mm=length_mm.astype(np.int64), oneway=oneway.astype(np.int8),
        private=private.astype(bool), kind=np.zeros(len(tail), dtype=np.int8),
        vertex_xy=np.column_stack([corners, np.zeros(len(corners))]),
        vertex_start=np.arange(len(tail) + 1, dtype=np.int64) * 2, kinds=("road",),
    )  # fmt: skip


def exits_of(points: Sequence[Iterable[Way]]) -> Exits:
    """Return points with the ways told, each with any number of them."""
    rows = [(point, *way) for point, ways in enumerate(points) for way in ways]
    point, street, offset_mm, off_street_mm = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    reason = np.full(len(points), "off_street_too_far", dtype=object)
    reason[point] = ""
    by_entrance = np.zeros(len(point), dtype=bool)
    return Exits(point, street, offset_mm, off_street_mm, by_entrance, reason)


def one_way_each(street: Ints, offset_mm: Ints, off_street_mm: Ints) -> Exits:
    """Return points with one way each, of any number."""
    count = len(street)
    reason = np.full(count, "", dtype=object)
    off = np.zeros(count, dtype=bool)
    return Exits(np.arange(count), street, offset_mm, off_street_mm, off, reason)


def at_nodes(network: WalkNetwork, nodes: Ints) -> Exits:
    """Return points that stand on nodes, each on the first street that ends there."""
    ends = np.concatenate([network.tail, network.head])
    first = np.zeros(len(network.x), dtype=np.int64)
    first[ends[::-1]] = np.arange(len(ends))[::-1]
    at_head, street = np.divmod(first[nodes], len(network))
    along = np.where(at_head == 1, network.length_mm[street], 0)
    return one_way_each(street, along, np.zeros(len(nodes), dtype=np.int64))


def anywhere(network: WalkNetwork, count: int, rng: np.random.Generator) -> Exits:
    """Return points at random along random streets, up to 200 m off them."""
    street = rng.integers(0, len(network), count)
    along = (rng.random(count) * (network.length_mm[street] + 1)).astype(np.int64)
    return one_way_each(street, along, rng.integers(0, 200_000, count))


def grid(side: int, rng: np.random.Generator, *, private: float, oneway: float) -> WalkNetwork:
    """Return streets of 100 m each in a square grid: of most walks there are several."""
    node = np.arange(side * side).reshape(side, side)
    pairs = [*zip(node[:, :-1].ravel(), node[:, 1:].ravel(), strict=True)]
    pairs += zip(node[:-1].ravel(), node[1:].ravel(), strict=True)
    return network_of(
        [
            (
                int(tail), int(head), 100_000,
                int(rng.choice([1, -1])) if rng.random() < oneway else 0,
                bool(rng.random() < private),
            )
            for tail, head in pairs
        ]
    )  # fmt: skip


def some(network: WalkNetwork, count: int, rng: np.random.Generator) -> Exits:
    """Return points with no, one or several ways each, at nodes and half way: ties on purpose."""
    return exits_of(
        [
            [
                (int(street), int(network.length_mm[street]) * int(rng.integers(0, 3)) // 2, 0)
                for street in rng.integers(0, len(network), rng.choice([0, 1, 1, 1, 1, 2, 3]))
            ]
            for _ in range(count)
        ]
    )


@st.composite
def networks(draw: st.DrawFn) -> WalkNetwork:
    """Give streets with loops, parallels, one-ways, private ways, pieces apart, no length."""
    nodes = draw(st.integers(1, 9))
    node = st.integers(0, nodes - 1)
    street = st.tuples(node, node, LENGTHS, st.sampled_from((0, 0, 0, 1, -1)), st.booleans())
    return network_of(draw(st.lists(street, min_size=1, max_size=18)), nodes=nodes)


@st.composite
def exits_on(draw: st.DrawFn, network: WalkNetwork, *, most: int) -> Exits:
    """Give up to so many points with up to three ways each."""
    way = st.tuples(
        st.integers(0, len(network) - 1),
        st.one_of(st.sampled_from((0, 1000, 500)), st.integers(0, 1000)),  # thousandths along it
        st.sampled_from((0, 0, 0, 1, 100_000)),
    )
    points = draw(st.lists(st.lists(way, max_size=3), max_size=most))
    return exits_of(
        [
            [(s, int(network.length_mm[s]) * along // 1000, off) for s, along, off in ways]
            for ways in points
        ]
    )


@st.composite
def cases(draw: st.DrawFn, *, facilities: int = 5, places: int = 6) -> Case:
    """Give streets with at most so many facilities and places."""
    network = draw(networks())
    return Case(
        network,
        draw(exits_on(network, most=facilities)),
        draw(exits_on(network, most=places)),
    )


def none_private(network: WalkNetwork) -> Flags:
    """Return flags under which every street carries everybody."""
    return np.zeros(len(network), dtype=bool)
