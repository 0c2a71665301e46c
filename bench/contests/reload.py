"""Row: a saved network opened again."""

import numpy as np

from bench.contest import Agreement, Arrays, Contender, Contest, Job, Outcome, Target, Task
from bench.given import as_osmnx
from geo.language import say
from geo.streets.network import WalkNetwork

SAME = 1e-6  # part by which total lengths may differ


def ours(task: Task) -> Job:
    """Open this project's own file."""
    task.network.save(task.folder / "again.npz")

    def run() -> Outcome:
        network = WalkNetwork.load(task.folder / "again.npz")
        return Outcome(lambda: {"metres": network.length_mm.sum() / np.array([1000])})

    return run


def osmnx(task: Task) -> Job:
    """Open a GraphML file with OSMnx."""
    import osmnx as ox

    path = task.folder / "city.graphml"
    ox.save_graphml(as_osmnx(task.network), path)

    def run() -> Outcome:
        graph = ox.load_graphml(path)
        metres = sum(length for *_, length in graph.edges(data="length"))
        return Outcome(lambda: {"metres": np.array([metres / 2])})

    return run


def networkx(task: Task) -> Job:
    """Open the same GraphML file with networkx alone: positions and lengths, no lines."""
    import networkx as nx

    graph = as_osmnx(task.network)
    for *_, street in graph.edges(data=True):
        del street["geometry"]
    path = task.folder / "plain.graphml"
    nx.write_graphml(graph, path)

    def run() -> Outcome:
        read = nx.read_graphml(path)
        metres = sum(length for *_, length in read.edges(data="length"))
        return Outcome(lambda: {"metres": np.array([metres / 2])})

    return run


def agree(one: Arrays, other: Arrays) -> Agreement:
    """Compare the metres of street in all."""
    off = float(other["metres"][0] / one["metres"][0] - 1)
    return Agreement(same=abs(off) <= SAME, how=say("道路总长差 {off:+.1e}", off=off))


CONTEST = Contest(
    name="reload",
    title=lambda size: say("重新打开已存路网：约 {nodes} 个节点", nodes=size.nodes),
    contenders=(
        Contender("ours", say("本项目"), ours, given="loaded"),
        Contender("osmnx", "OSMnx load_graphml", osmnx, needs=("osmnx",)),
        Contender("networkx", say("networkx read_graphml，不含线形"), networkx),
    ),
    agree=agree,
    targets={"M": Target(seconds=0.1)},
)
