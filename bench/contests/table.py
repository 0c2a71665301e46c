"""Row: the table of every facility and every crossing within a quarter of an hour of it."""

from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.contest import (
    LIMIT_MM,
    Agreement,
    Arrays,
    Contender,
    Contest,
    Job,
    Outcome,
    Target,
    Task,
)
from bench.contests.nearest import HAIR_MM
from bench.given import as_matrix, as_networkx, as_pandana, at_crossings
from bench.settled import Size, crossings
from geo.language import say
from geo.streets.network import Ints

MOST_FACILITIES: Final = 500
AT_ONCE: Final = 8  # rows of scipy's full table held at once


def asked(size: Size) -> int:
    """Return how many facilities have a row in the table."""
    return min(size.facilities, MOST_FACILITIES)


def ours(task: Task) -> Job:
    """Search from every facility by itself, to the crossings."""
    from geo.walks.travel import WalkGraph, WalksBetween

    graph = WalkGraph.of(task.network)
    facilities = at_crossings(task.network, _facilities(task))
    number = _raw_numbers(task)
    WalksBetween.of(graph, facilities, limit_mm=1000)

    def run() -> Outcome:
        found = WalksBetween.of(graph, facilities, limit_mm=LIMIT_MM)
        return Outcome(lambda: _answer(found.start, number[found.node], found.walk_mm))

    return run


def ours_with_places(task: Task) -> Job:
    """Fill the table of places, one at every crossing."""
    from geo.walks.travel import WalkGraph, walk_table

    graph = WalkGraph.of(task.network)
    facilities = at_crossings(task.network, _facilities(task))
    places = at_crossings(task.network, task.here(np.arange(len(task.network.x))))
    walk_table(graph, facilities, places, limit_mm=1000)

    def run() -> Outcome:
        table = walk_table(graph, facilities, places, limit_mm=LIMIT_MM)
        return Outcome(lambda: _answer(table.start, table.place, table.walk_mm))

    return run


def scipy_table(task: Task) -> Job:
    """Search with scipy from every facility, keeping what is within the limit."""
    from scipy.sparse.csgraph import dijkstra

    graph, facilities = as_matrix(task.network), _facilities(task)
    number = _raw_numbers(task)

    def run() -> Outcome:
        rows: list[tuple[Ints, Ints]] = []
        for first in range(0, len(facilities), AT_ONCE):
            some = facilities[first : first + AT_ONCE]
            reached = dijkstra(graph, indices=some, limit=float(LIMIT_MM))
            for row in reached:
                near = np.flatnonzero(np.isfinite(row))
                rows.append((near, row[near]))
        return Outcome(lambda: _of_rows([(number[node], mm) for node, mm in rows]))

    return run


def networkx_table(task: Task) -> Job:
    """Search with networkx from every facility."""
    import networkx as nx

    graph, facilities = as_networkx(task.network), _facilities(task).tolist()

    def run() -> Outcome:
        rows = [
            nx.single_source_dijkstra_path_length(
                graph, facility, cutoff=LIMIT_MM, weight="length_mm"
            )
            for facility in facilities
        ]
        return Outcome(
            lambda: _of_rows([(np.array([*row]), np.array([*row.values()])) for row in rows])
        )

    return run


def pandana_table(task: Task) -> Job:
    """Ask pandana for the nodes in range of every facility."""
    graph, facilities = as_pandana(task), _facilities(task)

    def run() -> Outcome:
        reached = graph.nodes_in_range(facilities.tolist(), LIMIT_MM / 1000)
        return Outcome(lambda: _of_frame(reached, facilities))

    return run


def agree(one: Arrays, other: Arrays) -> Agreement:
    """Compare all entries."""
    known, index, there = np.intersect1d(one["entry"], other["entry"], return_indices=True)
    gap = np.abs(one["walk_mm"][index] - other["walk_mm"][there])
    most = int(gap.max(initial=0))
    # An entry that only one of them has must lie at the very limit.
    apart = np.concatenate([np.delete(one["walk_mm"], index), np.delete(other["walk_mm"], there)])
    at_limit = bool((np.abs(apart - LIMIT_MM) <= HAIR_MM).all())
    return Agreement(
        same=at_limit and most <= HAIR_MM,
        how=say(
            "{count} 项，最多差 {most} mm，{apart} 项只在一方",
            count=len(known),
            most=most,
            apart=len(apart),
        ),
    )


def _facilities(task: Task) -> Ints:
    return task.here(crossings(len(task.network.x), asked(task.size)))


def _raw_numbers(task: Task) -> Ints:
    number = np.empty(len(task.network.x), dtype=np.int64)
    number[task.here(np.arange(len(number)))] = np.arange(len(number))
    return number


def _answer(start: Ints, place: NDArray[Any], walk_mm: NDArray[Any]) -> Arrays:
    """Return entries as one number each, in order: facility, then place."""
    facility = np.repeat(np.arange(len(start) - 1), np.diff(start))
    entry = facility * 2**32 + place
    order = np.argsort(entry)
    return {"entry": entry[order], "walk_mm": np.rint(walk_mm[order]).astype(np.int64)}


def _of_rows(rows: list[tuple[Ints, Ints]]) -> Arrays:
    start = np.concatenate([[0], np.cumsum([len(node) for node, _ in rows])])
    node = np.concatenate([node for node, _ in rows])
    return _answer(start, node, np.concatenate([mm for _, mm in rows]))


def _of_frame(reached: pd.DataFrame, facilities: Ints) -> Arrays:
    order = np.argsort(facilities)
    facility = order[np.searchsorted(facilities[order], reached["source"].to_numpy())]
    entry = facility * 2**32 + reached["destination"].to_numpy()
    order = np.argsort(entry)
    walk_mm = np.rint(reached["metres"].to_numpy()[order] * 1000).astype(np.int64)
    return {"entry": entry[order], "walk_mm": walk_mm}


CONTEST = Contest(
    name="table",
    title=lambda size: say("设施与节点步行表：{count} 处设施", count=asked(size)),
    contenders=(
        Contender("ours", say("本项目"), ours, given="loaded"),
        Contender("ours_places", say("本项目，连同地点"), ours_with_places, given="loaded"),
        Contender("networkx", "networkx single_source_dijkstra", networkx_table),
        Contender("scipy", say("scipy dijkstra，逐个设施"), scipy_table),
        Contender("pandana", "pandana nodes_in_range", pandana_table, needs=("pandana",)),
    ),
    agree=agree,
    targets={"M": Target(times=40.0), "L": Target(times=100.0)},
)
