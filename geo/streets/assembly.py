"""Putting streets together: ways with marked nodes become streets from node to node."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from geo.streets.hilbert import hilbert_order, ordered
from geo.streets.lengths import (
    refuse_without_length,
    require_positions,
    require_walkable_lengths,
)
from geo.streets.network import Floats, Ints, WalkNetwork

NOT_A_NODE = -1


@dataclass(frozen=True)
class Ways:
    """Ways as they were drawn, end to end, with the vertices where they meet others marked.

    start
        Way i has the vertices from `start[i]` up to `start[i + 1]`.
    xy
        Vertices in metres, shape (vertices, 2).
    node
        Node number of each vertex, `NOT_A_NODE` where nothing meets; ways begin and end at nodes.
    oneway, private, kind
        As in `WalkNetwork`, one a way.
    """

    start: Ints
    xy: Floats
    node: Ints
    oneway: NDArray[np.int8]
    private: NDArray[np.bool_]
    kind: Sequence[str]


def assemble(ways: Ways, crs: CRS, *, name: str) -> WalkNetwork:
    """Return the network of the ways, cut at their nodes and put in order.

    Nodes are numbered along a Hilbert curve; streets go by smaller node, larger node, length, then
    as drawn. The order of the ways changes nothing, as long as nodes on one spot are numbered
    alike. Streets from a node to itself without length are left out.

    Errors: StreetsError where nothing is left to walk on, a position is no number, or a
    street is longer than the way around the Earth.
    """
    require_positions(ways.xy, name)
    first, last, way = _cuts(ways)
    length_mm = street_lengths_mm(ways.xy, first, last)
    require_walkable_lengths(length_mm, name)
    kept = (length_mm > 0) | (ways.node[first] != ways.node[last])
    if not kept.any():
        refuse_without_length(name)
    # Two nodes on one spot are still two nodes; the step between them costs a millimetre.
    length_mm = np.maximum(length_mm, 1)[kept]
    first, last, way = first[kept], last[kept], way[kept]
    x, y, tail, head = _numbered(ways, first, last)
    kinds, kind = _kinds(ways.kind)
    details = (length_mm, ways.oneway[way], ways.private[way], kind[way])
    order = _street_order(tail, head, ways.xy, (first, last), details)
    first, last, way = first[order], last[order], way[order]
    return WalkNetwork(
        crs=crs,
        x=x,
        y=y,
        tail=tail[order].astype(np.int32),
        head=head[order].astype(np.int32),
        length_mm=length_mm[order],
        oneway=ways.oneway[way],
        private=ways.private[way],
        kind=kind[way],
        vertex_xy=ways.xy[_ranges(first, last + 1)],
        vertex_start=np.concatenate([[0], np.cumsum(last + 1 - first)]).astype(np.int64),
        kinds=kinds,
    )


def street_lengths_mm(xy: Floats, first: Ints, last: Ints) -> Ints:
    """Return whole millimetres along the vertices from each `first` up to its `last`.

    Each street is added up on its own: the streets around it do not change its last millimetre.
    """
    step = np.diff(xy, axis=0)
    steps = np.concatenate([np.hypot(step[:, 0], step[:, 1]), [0.0]])
    along = np.add.reduceat(steps, np.stack([first, last], axis=1).ravel())[::2]
    whole: Ints = np.rint(along * 1000).astype(np.int64)
    return whole


def _numbered(ways: Ways, first: Ints, last: Ints) -> tuple[Floats, Floats, Ints, Ints]:
    """Return positions of the nodes that streets use, in their new order, and both ends' numbers.

    first, last
        The vertices that are the ends of each street.
    """
    marked = np.flatnonzero(ways.node != NOT_A_NODE)
    used = np.zeros(int(ways.node.max()) + 1, dtype=bool)
    used[ways.node[first]] = used[ways.node[last]] = True
    x, y = _positions(ways.xy[marked], ways.node[marked], len(used))[used].T
    order = hilbert_order(x, y)
    number = np.empty(len(used), dtype=np.int64)
    number[np.flatnonzero(used)[order]] = np.arange(len(order))
    return x[order], y[order], number[ways.node[first]], number[ways.node[last]]


def _positions(xy: Floats, node: Ints, nodes: int) -> Floats:
    """Return where each node stands; of several places the westernmost, then southernmost."""
    position = np.empty((nodes, 2))
    position[node] = xy
    apart = (position[node] != xy).any(axis=1)
    if apart.any():
        several = np.flatnonzero(np.isin(node, node[apart]))
        eastern_first = several[np.lexsort((xy[several, 1], xy[several, 0]))[::-1]]
        position[node[eastern_first]] = xy[eastern_first]  # the last of several stays
    return position


def _kinds(words: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.int8]]:
    kinds = tuple(sorted(set(words)))
    number = {word: n for n, word in enumerate(kinds)}
    return kinds, np.fromiter((number[word] for word in words), np.int8, len(words))


def _street_order(
    tail: Ints, head: Ints, xy: Floats, ends: tuple[Ints, Ints], details: tuple[NDArray[Any], ...]
) -> Ints:
    """Return the order by smaller node, larger node, then length, drawing and marks.

    ends
        First and last vertex of each street.
    details
        Length, then everything else in which streets with the same drawing may differ.
    """
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    pair = low * (int(high.max()) + 1) + high

    def among_parallels(streets: Ints) -> Ints:
        first, last = _of(ends, streets)
        shapes = [xy[a : b + 1].tobytes() for a, b in zip(first, last, strict=True)]
        rank = {shape: n for n, shape in enumerate(sorted(set(shapes)))}
        drawn = np.array([rank[shape] for shape in shapes])
        length, *marks = _of(details, streets)
        order: Ints = np.lexsort((*marks, drawn, length, pair[streets]))
        return order

    return ordered(pair, among_parallels)


def _of(columns: tuple[NDArray[Any], ...], rows: Ints) -> tuple[NDArray[Any], ...]:
    return tuple(column[rows] for column in columns)


def _cuts(ways: Ways) -> tuple[Ints, Ints, Ints]:
    """Return for every street its first and last vertex, and the way it is a part of."""
    marked = np.flatnonzero(ways.node != NOT_A_NODE)
    way_of = np.repeat(np.arange(len(ways.start) - 1), np.diff(ways.start))
    same_way = way_of[marked[:-1]] == way_of[marked[1:]]
    first, last = marked[:-1][same_way], marked[1:][same_way]
    return first, last, way_of[first]


def _ranges(first: Ints, stop: Ints) -> Ints:
    """Return all whole numbers from first up to stop, range after range."""
    count = stop - first
    jumps = np.repeat(first - np.concatenate([[0], np.cumsum(count)[:-1]]), count)
    return jumps + np.arange(count.sum())
