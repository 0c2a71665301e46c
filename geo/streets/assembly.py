"""Putting streets together: ways with marked nodes become streets from node to node."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS

from geo.errors import StreetsError
from geo.language import say
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
    """Return the network of the ways, cut at their nodes.

    Streets without length are left out. Errors: StreetsError where nothing is left to walk on.
    """
    first, last, way = _cuts(ways)
    street_vertices = _ranges(first, last + 1)
    count = last + 1 - first
    start = np.concatenate([[0], np.cumsum(count)])
    xy = ways.xy[street_vertices]
    length_mm = street_lengths_mm(xy, start)
    tail, head = ways.node[first], ways.node[last]
    kept = (length_mm > 0) | (tail != head)
    if not kept.any():
        raise StreetsError(say("{file}：没有可步行的道路。请检查文件和 highway 字段。", file=name))
    # Two nodes on one spot are still two nodes; the step between them costs a millimetre.
    length_mm = np.maximum(length_mm, 1)[kept]
    vertices = np.repeat(kept, count)
    nodes, ends = np.unique(np.concatenate([tail[kept], head[kept]]), return_inverse=True)
    node_xy = _node_positions(nodes, ways)
    kinds = sorted(set(ways.kind))
    kind = np.searchsorted(kinds, np.asarray(ways.kind, dtype=str)).astype(np.int8)
    return WalkNetwork(
        crs=crs,
        x=node_xy[:, 0],
        y=node_xy[:, 1],
        tail=ends[: kept.sum()].astype(np.int32),
        head=ends[kept.sum() :].astype(np.int32),
        length_mm=length_mm,
        oneway=ways.oneway[way][kept],
        private=ways.private[way][kept],
        kind=kind[way][kept],
        vertex_xy=xy[vertices],
        vertex_start=np.concatenate([[0], np.cumsum(count[kept])]).astype(np.int64),
        kinds=tuple(kinds),
    )


def street_lengths_mm(xy: Floats, start: ArrayLike) -> Ints:
    """Return whole millimetres along each run of vertices; `start` as in `WalkNetwork`."""
    start = np.asarray(start)
    steps = np.hypot(*np.diff(xy, axis=0).T)
    steps[start[1:-1] - 1] = 0.0  # the jump from one run to the next is no walk
    along = np.concatenate([[0.0], np.cumsum(steps)])
    whole: Ints = np.rint((along[start[1:] - 1] - along[start[:-1]]) * 1000).astype(np.int64)
    return whole


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


def _node_positions(nodes: Ints, ways: Ways) -> Floats:
    """Return where each node stands: at its first vertex."""
    marked = np.flatnonzero(ways.node != NOT_A_NODE)
    number, where = np.unique(ways.node[marked], return_index=True)
    return ways.xy[marked[where[np.searchsorted(number, nodes)]]]
