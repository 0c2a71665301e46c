"""Row: the nearest facility of every crossing, within a quarter of an hour."""

from collections.abc import Mapping

import numpy as np

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
from bench.given import as_matrix, as_networkx, as_osmnx, as_pandana, at_crossings
from bench.settled import crossings
from geo.language import say
from geo.streets.network import Floats, Ints

BEYOND = -1  # millimetres of a crossing that no facility reaches
# Peers that add up metres in single precision may be off by this, some thirty streets in a row.
HAIR_MM = 5


def ours(task: Task) -> Job:
    """Search with this project's engine."""
    from geo.walks.travel import FAR, search
    from geo.walks.walk_graph import WalkGraph

    graph = WalkGraph.of(task.network)
    facilities = at_crossings(task.network, _facilities(task))
    everywhere = at_crossings(task.network, task.here(np.arange(len(task.network.x))))
    search(graph, facilities, horizon_mm=1000)  # compiled, and the graph's own tables made

    def run() -> Outcome:
        found = search(graph, facilities, horizon_mm=LIMIT_MM)

        def answer() -> Arrays:
            walk_mm = found.walks(everywhere).walk_mm
            return {"walk_mm": np.where(walk_mm == FAR, BEYOND, walk_mm)}

        return Outcome(answer)

    return run


def scipy_search(task: Task) -> Job:
    """Search with scipy, from all facilities at once, no farther than the limit."""
    from scipy.sparse.csgraph import dijkstra

    graph, facilities = as_matrix(task.network), _facilities(task)
    in_order = task.here(np.arange(len(task.network.x)))

    def run() -> Outcome:
        reached = dijkstra(graph, indices=facilities, min_only=True, limit=float(LIMIT_MM))
        return Outcome(lambda: {"walk_mm": whole_mm(reached[in_order])})

    return run


def networkx_search(task: Task) -> Job:
    """Search with networkx, from all facilities at once."""
    import networkx as nx

    graph, facilities = as_networkx(task.network), _facilities(task).tolist()

    def run() -> Outcome:
        reached = nx.multi_source_dijkstra_path_length(
            graph, set(facilities), cutoff=LIMIT_MM, weight="length_mm"
        )
        return Outcome(lambda: {"walk_mm": _of_dict(reached, len(task.network.x))})

    return run


def osmnx_search(task: Task) -> Job:
    """Do as the OSMnx examples do: the subgraph around every facility, then the least."""
    import networkx as nx

    graph, facilities = as_osmnx(task.network), _facilities(task).tolist()

    def run() -> Outcome:
        least: dict[int, float] = {}
        for facility in facilities:
            reached = nx.single_source_dijkstra_path_length(
                graph, facility, cutoff=LIMIT_MM / 1000, weight="length"
            )
            for node, metres in reached.items():
                if metres < least.get(node, np.inf):
                    least[node] = metres
        return Outcome(lambda: {"walk_mm": _of_dict(least, len(task.network.x), 1000)})

    return run


def pandana_search(task: Task) -> Job:
    """Search with pandana's contraction hierarchy."""
    import pandas as pd

    graph, facilities = as_pandana(task), _facilities(task)
    x, y = task.network.x[facilities], task.network.y[facilities]

    def run() -> Outcome:
        limit_m = LIMIT_MM / 1000
        graph.set_pois("care", limit_m, 1, pd.Series(x), pd.Series(y))
        reached = graph.nearest_pois(limit_m, "care", num_pois=1)[1].to_numpy(float)

        def answer() -> Arrays:
            # pandana says the limit itself where nothing is reached
            return {"walk_mm": whole_mm(np.where(reached >= limit_m, np.inf, reached * 1000))}

        return Outcome(answer)

    return run


def agree(one: Arrays, other: Arrays) -> Agreement:
    """Compare every crossing."""
    gap = np.abs(one["walk_mm"] - other["walk_mm"])
    if not gap.any():
        return Agreement(same=True, how=say("{count} 个节点全部相等", count=len(gap)))
    return Agreement(
        same=bool(gap.max() <= HAIR_MM),
        how=say(
            "{count} 个节点中 {different} 个不等，最多差 {most} mm",
            count=len(gap),
            different=int((gap > 0).sum()),
            most=int(gap.max()),
        ),
    )


def _facilities(task: Task) -> Ints:
    return task.here(crossings(len(task.network.x), task.size.facilities))


def whole_mm(walk: Floats) -> Ints:
    """Return walks as whole millimetres, `BEYOND` for infinite ones."""
    whole: Ints = np.where(np.isfinite(walk), np.rint(np.where(np.isfinite(walk), walk, 0)), BEYOND)
    return whole.astype(np.int64)


def _of_dict(reached: Mapping[int, float], nodes: int, scale: int = 1) -> Ints:
    walk_mm = np.full(nodes, BEYOND, dtype=np.int64)
    walk_mm[list(reached)] = np.rint(np.array(list(reached.values())) * scale)
    return walk_mm


CONTEST = Contest(
    name="nearest",
    title=lambda size: say("最近设施：{count} 处设施，全部节点", count=size.facilities),
    contenders=(
        Contender("ours", say("本项目"), ours, given="loaded"),
        Contender("scipy", "scipy dijkstra(min_only, limit)", scipy_search),
        Contender("scipy_renumbered", say("scipy，节点按本项目重排"), scipy_search, given="loaded"),
        Contender("networkx", "networkx multi_source_dijkstra", networkx_search),
        Contender("osmnx", say("OSMnx 做法：逐个设施"), osmnx_search, needs=("osmnx",)),
        Contender("pandana", "pandana nearest_pois", pandana_search, needs=("pandana",)),
    ),
    agree=agree,
    targets={
        "M": Target(times=2.5, against="scipy"),
        "L": Target(times=4.0, against="scipy"),
    },
)
