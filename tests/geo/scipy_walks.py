"""Walks by scipy's Dijkstra: every facility and every place a node, every street three times over.

A node is stood at in three states, one after the other: **leaving** on private ways, **public**,
and **arriving** on private ways. A private street is walked in the first and the last only.
"""

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.streets.network import Flags, Ints, WalkNetwork
from geo.walks.places import Exits

FAR = np.iinfo(np.int64).max
LEAVING, PUBLIC, ARRIVING = range(3)


class Nearest(NamedTuple):
    """Shortest walk of each place, the facility and the row of `Exits`; -1 for none."""

    walk_mm: Ints
    facility: Ints
    exit: Ints


class _Steps:
    """Steps from node to node, one batch after the other."""

    def __init__(self) -> None:
        self.batches: list[tuple[Ints, Ints, Ints]] = []

    def add(self, here: Ints, there: Ints, mm: Ints, which: Flags) -> None:
        """Add the steps flagged."""
        self.batches.append((here[which], there[which], mm[which]))

    def backwards(self, nodes: int) -> csr_array:
        """Return all steps turned round, the shortest of parallels only."""
        here, there, mm = (np.concatenate(column) for column in zip(*self.batches, strict=True))
        order = np.lexsort((mm, here, there))
        here, there, mm = here[order], there[order], mm[order]
        first = np.ones(len(here), dtype=bool)
        first[1:] = (here[1:] != here[:-1]) | (there[1:] != there[:-1])
        weights = (mm[first].astype(float), (there[first], here[first]))
        return csr_array(weights, shape=(nodes, nodes))


def walks_mm(
    network: WalkNetwork, facilities: Exits, places: Exits, *, private: Flags | None = None
) -> Ints:
    """Return the walk from every way out of the places (columns) to every facility (rows)."""
    private = network.private if private is None else private
    count, rows = len(network.x), len(places.point)
    if not facilities.count:
        return np.zeros((0, rows), dtype=np.int64)
    steps = _Steps()
    _streets(steps, network, private)
    way_out = 3 * count + np.arange(rows)
    goal = 3 * count + rows + facilities.point
    _ways(steps, network, private, places, way_out)
    _goals(steps, network, private, facilities, goal)
    _direct(steps, network, places, facilities, way_out, goal)
    nodes = 3 * count + rows + facilities.count
    backwards = steps.backwards(nodes)
    sources = 3 * count + rows + np.arange(facilities.count)
    metres = np.full((facilities.count, rows), FAR)
    for row, source in enumerate(sources):  # one at a time: the whole matrix is too large
        found = dijkstra(backwards, indices=source)[way_out]
        reached = np.isfinite(found)
        metres[row, reached] = found[reached].astype(np.int64)
    return metres


def _streets(steps: _Steps, network: WalkNetwork, private: Flags) -> None:
    count, length_mm = len(network.x), network.length_mm
    tail, head = network.tail.astype(np.int64), network.head.astype(np.int64)
    for state, walked in ((LEAVING, private), (PUBLIC, ~private), (ARRIVING, private)):
        at = state * count
        steps.add(at + tail, at + head, length_mm, walked & (network.oneway >= 0))
        steps.add(at + head, at + tail, length_mm, walked & (network.oneway <= 0))
    node, nothing, every = np.arange(count), np.zeros(count, dtype=np.int64), np.ones(count, bool)
    for state in (LEAVING, PUBLIC):
        steps.add(state * count + node, (state + 1) * count + node, nothing, every)


def _ends(network: WalkNetwork, exits: Exits) -> tuple[tuple[Ints, Ints, int], ...]:
    """Return the node at both ends, the millimetres to it, and the sense walked towards it."""
    street, along = exits.street, exits.offset_mm + exits.off_street_mm
    rest = network.length_mm[street] - exits.offset_mm + exits.off_street_mm
    return (network.tail[street], along, -1), (network.head[street], rest, 1)


def _ways(
    steps: _Steps, network: WalkNetwork, private: Flags, places: Exits, way_out: Ints
) -> None:
    state = np.where(private[places.street], LEAVING, PUBLIC) * len(network.x)
    for node, mm, sense in _ends(network, places):
        steps.add(way_out, state + node, mm, network.oneway[places.street] * sense >= 0)


def _goals(
    steps: _Steps, network: WalkNetwork, private: Flags, facilities: Exits, goal: Ints
) -> None:
    state = np.where(private[facilities.street], ARRIVING, PUBLIC) * len(network.x)
    for node, mm, sense in _ends(network, facilities):
        steps.add(state + node, goal, mm, network.oneway[facilities.street] * sense <= 0)


def _direct(
    steps: _Steps, network: WalkNetwork, places: Exits, facilities: Exits, way_out: Ints, goal: Ints
) -> None:
    for row, street in enumerate(facilities.street):
        step = facilities.offset_mm[row] - places.offset_mm
        walked = (places.street == street) & (step * network.oneway[street] >= 0)
        mm = abs(step) + facilities.off_street_mm[row] + places.off_street_mm
        steps.add(way_out, np.full(len(way_out), goal[row]), mm, walked)


def nearest(
    metres: Ints, places: Exits, *, horizon_mm: int = FAR - 1, open_: Flags | None = None
) -> Nearest:
    """Return the shortest walk of each place; the first facility of equals, then the first way."""
    walk_mm = np.full(places.count, FAR)
    facility, exit_ = np.full(places.count, -1), np.full(places.count, -1)
    which = np.arange(len(metres)) if open_ is None else np.flatnonzero(open_)
    if len(which):
        best = metres[which].argmin(axis=0)
        rows = np.arange(len(best))
        mm, goal = metres[which][best, rows], which[best]
        order = np.lexsort((rows, goal, mm, places.point))
        order = order[mm[order] <= horizon_mm][::-1]  # the first is written last
        point = places.point[order]
        walk_mm[point], facility[point], exit_[point] = mm[order], goal[order], order
    return Nearest(walk_mm, facility, exit_)


def by_place(metres: Ints, places: Exits) -> Ints:
    """Return the shortest walk from every place (columns) to every facility (rows)."""
    walks = np.full((len(metres), places.count), FAR)
    for row in range(len(metres)):
        np.minimum.at(walks[row], places.point, metres[row])
    return walks
