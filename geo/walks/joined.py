"""Which nodes are joined to any facility at all, however long the walk."""

import numpy as np
from numba import njit

from geo.streets.network import Flags, Ints
from geo.walks.places import Ways
from geo.walks.walk_graph import NO_NODE, Ends, Rows


@njit(cache=True, nogil=True)
def joined_nodes(rows: Rows, ends: Ends, ways: Ways, facilities: Ints) -> Flags:
    """Return from which nodes a walk leads to a facility; lengths play no part."""
    start, step, _, _ = rows
    joined = np.zeros(len(start) - 1, dtype=np.bool_)
    waiting = np.empty(len(joined), dtype=np.int32)
    many = 0
    for facility in facilities:
        for way in range(ways.first[facility], ways.first[facility + 1]):
            for end in range(2):
                node = ends.seed[ways.street[way], end]
                if node != NO_NODE and not joined[node]:
                    joined[node], waiting[many] = True, node
                    many += 1
    while many:
        many -= 1
        here = waiting[many]
        for e in range(start[here], start[here + 1]):
            node = step[e, 0]
            if not joined[node]:
                joined[node], waiting[many] = True, node
                many += 1
    return joined
