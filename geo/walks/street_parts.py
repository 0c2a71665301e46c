"""Parts of a network: the streets near some ground, where lines meet streets, and lines added."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from geo.streets.network import Flags, Floats, Ints, WalkNetwork
from geo.walks.altered_streets import Spots

UNKNOWN_KIND = -1


def near_boxes(network: WalkNetwork, boxes: Floats, *, within_m: float) -> Flags:
    """Return which streets may come so near to any of some rectangles; a few more may be told.

    boxes
        West, south, east, north in metres, shape (boxes, 4).
    """
    west, south, east, north = network.street_boxes
    near = np.zeros(len(network), dtype=bool)
    for box in boxes:
        (left, low), (right, high) = box[:2] - within_m, box[2:] + within_m
        near |= (west <= right) & (east >= left) & (south <= high) & (north >= low)
    return near


def boxes_of(network: WalkNetwork, group: Ints) -> Floats:
    """Return the rectangle around the streets of each group, by number; -1 is no group."""
    vertex = np.repeat(group, np.diff(network.vertex_start))
    groups = int(group.max(initial=-1)) + 1
    boxes = np.full((groups, 4), np.inf)
    boxes[:, 2:] = -np.inf
    grouped = vertex >= 0
    vertex, xy = vertex[grouped], network.vertex_xy[grouped]
    for axis in range(2):
        np.minimum.at(boxes[:, axis], vertex, xy[:, axis])
        np.maximum.at(boxes[:, axis + 2], vertex, xy[:, axis])
    return boxes


def only(network: WalkNetwork, which: Flags) -> WalkNetwork:
    """Return some streets of a network, in order; its nodes keep their numbers."""
    vertices = np.diff(network.vertex_start)
    return replace(
        network,
        tail=network.tail[which],
        head=network.head[which],
        length_mm=network.length_mm[which],
        oneway=network.oneway[which],
        private=network.private[which],
        kind=network.kind[which],
        vertex_xy=network.vertex_xy[np.repeat(which, vertices)],
        vertex_start=np.concatenate([[0], np.cumsum(vertices[which])]),
    )


def with_lines(network: WalkNetwork, ends: Floats, *, length_mm: Ints) -> WalkNetwork:
    """Return a network to be snapped to, with straight lines behind its streets.

    ends
        x and y of both ends of every line in metres, shape (lines, 4); they join no nodes.
    """
    lines = len(ends)
    nowhere = np.zeros(lines, dtype=np.int32)
    at = len(network.vertex_xy) + 2 * np.arange(1, lines + 1)
    return replace(
        network,
        tail=np.concatenate([network.tail, nowhere]),
        head=np.concatenate([network.head, nowhere]),
        length_mm=np.concatenate([network.length_mm, length_mm]),
        oneway=np.concatenate([network.oneway, np.zeros(lines, dtype=np.int8)]),
        private=np.concatenate([network.private, np.zeros(lines, dtype=bool)]),
        kind=np.concatenate([network.kind, np.full(lines, UNKNOWN_KIND, dtype=np.int8)]),
        vertex_xy=np.concatenate([network.vertex_xy, ends.reshape(-1, 2)]),
        vertex_start=np.concatenate([network.vertex_start, at]),
    )


def met_by_lines(
    network: WalkNetwork, lines: Sequence[Sequence[tuple[float, float]]]
) -> tuple[Spots, ...]:
    """Return where each line meets the streets, by street and offset.

    Where it runs along a street, both ends of that stretch are told. A line that is nowhere (a
    corner is not finite) meets none.
    """
    corners = [np.array(line, dtype=np.float64) for line in lines]
    corners = [line if np.isfinite(line).all() else line[:0] for line in corners]
    boxes = [[*line.min(axis=0), *line.max(axis=0)] for line in corners if len(line)]
    near = near_boxes(network, np.array(boxes).reshape(-1, 4), within_m=0)
    part, number = only(network, near), np.flatnonzero(near)
    legs, street, along_m = _segments(part)
    tree = shapely.STRtree(shapely.linestrings(legs))

    def met(line: Floats) -> Spots:
        walls = np.stack([line[:-1], line[1:]], axis=1)
        wall, leg = tree.query(shapely.linestrings(walls), predicate="intersects")
        leg, share = _shares(legs, walls, leg, wall)
        length_m = np.hypot(*(legs[leg, 1] - legs[leg, 0]).T)
        offset_mm = np.rint((along_m[leg] + share * length_m) * 1000).astype(np.int64)
        offset_mm = np.clip(offset_mm, 0, part.length_mm[street[leg]])
        spots = np.unique(np.column_stack([number[street[leg]], offset_mm]), axis=0)
        return Spots(spots[:, 0], spots[:, 1])

    return tuple(met(line) if len(line) else Spots.nowhere() for line in corners)


def _segments(network: WalkNetwork) -> tuple[Floats, Ints, Floats]:
    """Return both ends of every segment, its street, and the metres from the street's tail."""
    xy = network.vertex_xy
    street = np.repeat(np.arange(len(network)), np.diff(network.vertex_start))
    same = street[1:] == street[:-1]
    legs = np.stack([xy[:-1], xy[1:]], axis=1)[same]
    length = np.hypot(*(legs[:, 1] - legs[:, 0]).T)
    before = np.cumsum(length) - length
    street = street[1:][same]
    return legs, street, before - before[np.searchsorted(street, street)]


def _shares(legs: Floats, walls: Floats, leg: Ints, wall: Ints) -> tuple[Ints, Floats]:
    """Return the shares of legs at which walls meet them; a leg along a wall is met twice."""
    here, step = legs[leg, 0], legs[leg, 1] - legs[leg, 0]
    there, along = walls[wall, 0], walls[wall, 1] - walls[wall, 0]
    across = _cross(step, along)
    beside = across == 0
    share = _cross(there - here, along) / np.where(beside, 1.0, across)
    length2 = np.where((step**2).sum(axis=1) == 0, 1.0, (step**2).sum(axis=1))
    ends = [((walls[wall, k] - here) * step).sum(axis=1) / length2 for k in (0, 1)]
    shares = np.concatenate([np.where(beside, ends[0], share), ends[1][beside]])
    return np.concatenate([leg, leg[beside]]), np.clip(shares, 0.0, 1.0)


def _cross(one: Floats, other: Floats) -> Floats:
    product: Floats = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    return product
