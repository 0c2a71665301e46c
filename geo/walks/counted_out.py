"""Ways counted out by the street they step onto: where places on one street stand together."""

import numpy as np
from numba import njit

from geo.streets.network import Ints


@njit(cache=True, nogil=True)
def counted_out(street: Ints, start: Ints) -> Ints:
    """Return the rows street by street, in their order on each."""
    order, free = np.empty(len(street), dtype=np.int64), start.copy()
    for row in range(len(street)):
        order[free[street[row]]] = row
        free[street[row]] += 1
    return order


@njit(cache=True, nogil=True)
def slots(owner: Ints, count: int) -> tuple[Ints, Ints]:
    """Return the slot of each row's owner in the order of first sight, and the owner in each."""
    slot_of, slot = np.full(count, -1, dtype=np.int64), np.empty(len(owner), dtype=np.int64)
    place, many = np.empty(len(owner), dtype=np.int64), 0
    for row in range(len(owner)):
        if slot_of[owner[row]] < 0:
            slot_of[owner[row]] = many
            place[many] = owner[row]
            many += 1
        slot[row] = slot_of[owner[row]]
    return slot, place[:many].copy()
