"""Streets by their distance, one at a time: most often the first or the second will do.

A heap also compiles in a fifth of the time that NumPy's sort takes.
"""

import numpy as np
from numba import njit

from geo.streets.network import Floats, Ints


@njit(cache=True, nogil=True)
def nearest_on_top(near: Ints, gap2: Floats) -> Ints:
    """Return segments as a heap: each is nearer than the two below it."""
    heap = np.empty(len(near), dtype=np.int64)
    for k in range(len(near)):
        heap[k] = k
    for at in range(len(heap) // 2 - 1, -1, -1):
        sink(heap, len(heap), at, near, gap2)
    return heap


@njit(cache=True, nogil=True)
def sink(heap: Ints, many: int, at: int, near: Ints, gap2: Floats) -> None:
    """Let one segment sink below all that are nearer; of equals the first street is on top."""
    moved = heap[at]
    while 2 * at + 1 < many:
        up = 2 * at + 1
        if up + 1 < many and _is_nearer(heap[up + 1], heap[up], near, gap2):
            up += 1
        if not _is_nearer(heap[up], moved, near, gap2):
            break
        heap[at] = heap[up]
        at = up
    heap[at] = moved


@njit(cache=True, nogil=True)
def _is_nearer(one: int, other: int, near: Ints, gap2: Floats) -> bool:
    return bool(gap2[one] < gap2[other] or (gap2[one] == gap2[other] and near[one] < near[other]))
