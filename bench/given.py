"""The same streets as each library wants them, and points that stand exactly at crossings."""

from typing import Any

import numpy as np
from scipy.sparse import csr_array

from bench.contest import Task
from bench.settled import Spots
from geo.streets.network import Ints, WalkNetwork
from geo.walks.nearest_street import StreetIndex
from geo.walks.places import Exits, Points, put_on_streets

SNAP_MAX_M = 200.0


def at_crossings(network: WalkNetwork, nodes: Ints) -> Exits:
    """Return points at nodes: each at the end of the first street that meets there."""
    street = np.arange(len(network))
    ends = np.concatenate([network.tail, network.head])
    found, first = np.unique(ends, return_index=True)
    where = first[np.searchsorted(found, nodes)]
    at_head = where >= len(network)
    chosen = np.concatenate([street, street])[where]
    return Exits(
        point=np.arange(len(nodes)),
        street=chosen,
        offset_mm=np.where(at_head, network.length_mm[chosen], 0),
        off_street_mm=np.zeros(len(nodes), dtype=np.int64),
        by_entrance=np.zeros(len(nodes), dtype=bool),
        reason=np.full(len(nodes), "", dtype=object),
    )


def on_streets(network: WalkNetwork, spots: Spots) -> Exits:
    """Return points put on their nearest streets."""
    index = StreetIndex(network, np.ones(len(network), dtype=bool))
    return put_on_streets(index, Points.free(spots.x, spots.y), snap_max_m=SNAP_MAX_M)


def as_matrix(network: WalkNetwork) -> csr_array:
    """Return the streets for scipy: whole millimetres both ways, the shortest of parallels."""
    nodes = len(network.x)
    low, high = np.minimum(network.tail, network.head), np.maximum(network.tail, network.head)
    loop = low == high
    low, high, cost = low[~loop], high[~loop], network.length_mm[~loop]
    order = np.lexsort((cost, high, low))
    low, high, cost = low[order], high[order], cost[order].astype(float)
    first = np.ones(len(low), dtype=bool)
    first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    low, high, cost = low[first], high[first], cost[first]
    both = (np.concatenate([low, high]), np.concatenate([high, low]))
    return csr_array((np.concatenate([cost, cost]), both), shape=(nodes, nodes))


def as_networkx(network: WalkNetwork) -> Any:  # noqa: ANN401 - a networkx.Graph
    """Return the streets for networkx: whole millimetres."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(len(network.x)))
    columns = (network.tail.tolist(), network.head.tolist(), network.length_mm.tolist())
    for tail, head, length in zip(*columns, strict=True):
        known = graph.get_edge_data(tail, head)
        if known is None or known["length_mm"] > length:
            graph.add_edge(tail, head, length_mm=length)
    return graph


def as_osmnx(network: WalkNetwork) -> Any:  # noqa: ANN401 - a networkx.MultiDiGraph
    """Return the streets as OSMnx gives them: projected, metres, lines, both ways."""
    import networkx as nx

    graph = nx.MultiDiGraph(crs=network.crs.to_string(), simplified=True)
    places = zip(network.x.tolist(), network.y.tolist(), strict=True)
    graph.add_nodes_from((node, {"x": x, "y": y}) for node, (x, y) in enumerate(places))
    columns = (
        network.tail.tolist(), network.head.tolist(), (network.length_mm / 1000).tolist(),
        network.lines(),
    )  # fmt: skip
    for tail, head, metres, line in zip(*columns, strict=True):
        graph.add_edge(tail, head, length=metres, geometry=line, osmid=0)
        graph.add_edge(head, tail, length=metres, geometry=line.reverse(), osmid=0)
    return graph


def as_pandana(task: Task) -> Any:  # noqa: ANN401 - a pandana.Network
    """Return the streets for pandana: metres, both ways."""
    import pandana
    import pandas as pd

    network = task.network
    weights = pd.DataFrame({"metres": network.length_mm / 1000})
    return pandana.Network(
        pd.Series(network.x), pd.Series(network.y),
        pd.Series(network.tail.astype(np.int64)), pd.Series(network.head.astype(np.int64)),
        weights, twoway=True,
    )  # fmt: skip
