"""The search itself: compiled, bounded, exact, and remembering all it has changed.

A walk is one whole number, its **code**: millimetres in the high bits, the number of the facility
in the low ones. The smallest code is the shortest walk and, among equals, the first facility.

Nodes wait in **bins** of 16 metres of walk. Inside a bin they come in any order, and one that is
improved later is walked from again: the codes at the end are the smallest whatever the order.

Numbers that grow begin as `int(np.int64(0))`: for a plain 0 the compiler makes a version of its own
of everything they are handed to, and then the one for numbers: most of a first start's wait.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from geo.streets.network import Ints
from geo.walks.places import Ways
from geo.walks.walk_graph import NO_NODE, Ends, Numbers, Rows

FACILITY_BITS = 24  # sixteen million facilities, 549,755 kilometres
FACILITY_MASK = (1 << FACILITY_BITS) - 1
NODE_BITS = 32
NODE_MASK = (1 << NODE_BITS) - 1
BIN_BITS = FACILITY_BITS + 14
NOWHERE = np.iinfo(np.int64).max
NOBODY = -1
UNNOTED = -1  # as the number of notes: none are taken
SOME = 1024


class Queue(NamedTuple):
    """Nodes that wait: the first slot of each bin, the slot after each, and who waits there."""

    bins: Numbers
    after: Numbers
    waiting: Ints


class Notes(NamedTuple):
    """What was changed: nodes or places, and the codes they had before."""

    where: Numbers
    was: Ints


@njit(cache=True, nogil=True)
def empty_queue(most: int) -> Queue:
    """Return bins for codes up to `most`."""
    bins = np.full((most >> BIN_BITS) + 1, NOBODY, dtype=np.int32)
    return Queue(bins, np.empty(SOME, dtype=np.int32), np.empty(SOME, dtype=np.int64))


@njit(cache=True, nogil=True)
def empty_notes() -> Notes:
    """Return room for some notes."""
    return Notes(np.empty(SOME, dtype=np.int32), np.empty(SOME, dtype=np.int64))


@njit(cache=True, nogil=True)
def room_to_wait(queue: Queue, wanted: int) -> Queue:
    """Return the queue with room for as many nodes at least."""
    have = len(queue.after)
    if wanted <= have:
        return queue
    more = max(wanted, 2 * have)
    after, waiting = np.empty(more, dtype=np.int32), np.empty(more, dtype=np.int64)
    for slot in range(have):
        after[slot], waiting[slot] = queue.after[slot], queue.waiting[slot]
    return Queue(queue.bins, after, waiting)


@njit(cache=True, nogil=True)
def room_to_note(notes: Notes, wanted: int) -> Notes:
    """Return the notes with room for as many at least."""
    have = len(notes.where)
    if wanted <= have:
        return notes
    more = max(wanted, 2 * have)
    where, was = np.empty(more, dtype=np.int32), np.empty(more, dtype=np.int64)
    for note in range(have):
        where[note], was[note] = notes.where[note], notes.was[note]
    return Notes(where, was)


@njit(cache=True, nogil=True)
def wait(queue: Queue, slot: int, node: int, code: int) -> int:
    """Let a node wait in a free slot; return the next one."""
    bin_ = code >> BIN_BITS
    queue.waiting[slot] = (code >> FACILITY_BITS << NODE_BITS) | node
    queue.after[slot], queue.bins[bin_] = queue.bins[bin_], slot
    return slot + 1


@njit(cache=True, nogil=True)
def code_at_end(ends: Ends, ways: Ways, way: int, end: int) -> int:
    """Return the code of a facility's way at the tail (0) or the head (1) of its street."""
    offset_mm = ways.offset_mm[way]
    along = offset_mm if end == 0 else ends.length_mm[ways.street[way]] - offset_mm
    return int(((along + ways.off_street_mm[way]) << FACILITY_BITS) | ways.owner[way])


@njit(cache=True, nogil=True)
def enter(
    ends: Ends, ways: Ways, facility: int, code: Ints, most: int,
    queue: Queue, slot: int, notes: Notes, noted: int,
) -> tuple[Queue, int, Notes, int]:  # fmt: skip
    """Let the ends of a facility's streets wait where its walk is the best so far.

    slot
        The first free slot of the queue.
    """
    entries = 2 * (ways.first[facility + 1] - ways.first[facility])
    queue = room_to_wait(queue, slot + entries)
    notes = room_to_note(notes, noted + entries)
    for way in range(ways.first[facility], ways.first[facility + 1]):
        for end in range(2):
            node = ends.seed[ways.street[way], end]
            there = code_at_end(ends, ways, way, end)
            if node == NO_NODE or there >= code[node] or there > most:
                continue
            if noted != UNNOTED:
                notes.where[noted], notes.was[noted] = node, code[node]
                noted += 1
            code[node] = there
            slot = wait(queue, slot, node, there)
    return queue, slot, notes, noted


@njit(cache=True, nogil=True)
def spread(
    rows: Rows, code: Ints, most: int, queue: Queue, slot: int, notes: Notes, noted: int
) -> tuple[Queue, Notes, int]:
    """Walk on from every node that waits while codes improve and are at most `most`.

    noted
        Number of notes taken so far; `UNNOTED` takes none.
    """
    bin_, free = int(np.int64(0)), int(np.int64(NOBODY))
    while bin_ < len(queue.bins):
        queue = room_to_wait(queue, slot + rows.most)
        notes = room_to_note(notes, noted + rows.most)
        # Arrays that may be exchanged are slow to work on: the loop within keeps to its own.
        bin_, slot, free, noted = _spread_while_there_is_room(
            rows, code, most, queue, notes, bin_, slot, free, noted
        )
    return queue, notes, noted


@njit(cache=True, nogil=True)
def _spread_while_there_is_room(
    rows: Rows, code: Ints, most: int, queue: Queue, notes: Notes,
    bin_: int, slot: int, free: int, noted: int,
) -> tuple[int, int, int, int]:  # fmt: skip
    """Walk on until nobody waits, or the queue or the notes are full; return where it stopped."""
    start, step, _, most_steps = rows
    bins, after, waiting = queue
    where, was = notes
    while bin_ < len(bins):
        taken = bins[bin_]
        if taken == NOBODY:
            bin_ += 1
            continue
        if slot + most_steps > len(after) or noted + most_steps > len(where):
            break
        bins[bin_] = after[taken]
        after[taken], free = free, taken
        node = waiting[taken] & NODE_MASK
        here = code[node]
        # Packed again rather than unpacked: of a walk over 2,147 km the highest bits are lost.
        if (here >> FACILITY_BITS << NODE_BITS) | node != waiting[taken]:
            continue  # it has been improved since
        for e in range(start[node], start[node + 1]):
            to = step[e, 0]
            there = here + (np.int64(step[e, 1]) << FACILITY_BITS)
            if there >= code[to] or there > most:
                continue
            if noted != UNNOTED:
                where[noted], was[noted] = to, code[to]
                noted += 1
            code[to] = there
            if free == NOBODY:
                place = slot
                slot += 1
            else:
                place = free
                free = after[free]
            waiting[place] = (there >> FACILITY_BITS << NODE_BITS) | to
            next_bin = there >> BIN_BITS
            after[place], bins[next_bin] = bins[next_bin], place
    return bin_, slot, free, noted


@njit(cache=True, nogil=True)
def nearest_codes(
    rows: Rows, ends: Ends, ways: Ways, order: Ints, most: int, at_once: int
) -> Ints:
    """Return the code of the best walk from every node to any facility; `NOWHERE` beyond `most`.

    order
        Facilities; `at_once` of them walk together, then the next ones only where they are better.
        Where neighbours follow neighbours the streets they share are still at hand.
    """
    code = np.full(len(rows.start) - 1, NOWHERE, dtype=np.int64)
    queue, notes, unnoted = empty_queue(most), empty_notes(), int(np.int64(UNNOTED))
    for begin in range(0, len(order), at_once):
        slot = int(np.int64(0))
        for facility in order[begin : begin + at_once]:
            queue, slot, notes, _ = enter(
                ends, ways, facility, code, most, queue, slot, notes, unnoted
            )
        queue, notes, _ = spread(rows, code, most, queue, slot, notes, unnoted)
    return code
