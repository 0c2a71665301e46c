"""Streets altered for walking only: cut where links join or blocks stand, and streets added.

The network is neither read nor joined again. A street that is cut keeps its number for the piece
at its tail; the pieces beyond have numbers of their own, behind all streets of the network, and
streets that were added come last. What was put on the network is addressed anew by `readdressed`.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from geo.streets.network import Flags, Ints, WalkNetwork
from geo.walks.places import Exits

Nodes = NDArray[np.int32]


class Spots(NamedTuple):
    """Spots on streets: the street, and whole millimetres from its tail."""

    street: Ints
    offset_mm: Ints

    @classmethod
    def nowhere(cls) -> Self:
        """Return no spots at all."""
        none = np.zeros(0, dtype=np.int64)
        return cls(none, none)


@dataclass(frozen=True, eq=False)
class AlteredStreets:
    """Streets as they would be walked, in the terms of `WalkNetwork` but without geometry.

    nodes
        Number of nodes; those of the network come first.
    tail, head, length_mm, oneway, private
        As in `WalkNetwork`: streets and first pieces, then the pieces beyond the cuts, then the
        streets that were added.
    whole
        Number of streets of the network.
    cuts
        Where streets are cut, by street and offset; the piece beyond cut i is street `whole + i`.
    """

    nodes: int
    tail: Nodes
    head: Nodes
    length_mm: Ints
    oneway: NDArray[np.int8]
    private: Flags
    whole: int
    cuts: Spots

    @classmethod
    def of(cls, network: WalkNetwork, *, private: Flags, joins: Spots, blocks: Spots) -> Self:
        """Return the network's streets, cut.

        private
            As for `WalkGraph.of`; a piece is what its street was.
        joins
            Where something is to join a street: one walks on, and may turn off.
        blocks
            Where nobody passes; both pieces are walked from their other ends.
        """
        length_mm = network.length_mm
        # At the very end of a street its node is joined: other streets meet there.
        inner = (joins.offset_mm > 0) & (joins.offset_mm < length_mm[joins.street])
        wanted = np.column_stack(
            [
                np.concatenate([joins.street[inner], blocks.street]),
                np.concatenate([joins.offset_mm[inner], blocks.offset_mm]),
            ]
        )
        rows, row = np.unique(wanted, axis=0, return_inverse=True)
        street, cut_mm = rows.T
        shut = np.zeros(len(rows), dtype=bool)
        shut[row.reshape(-1)[inner.sum() :]] = True
        before = len(network.x) + np.arange(len(rows))
        after = np.where(shut, len(network.x) + len(rows) + np.cumsum(shut) - 1, before)
        turns = np.flatnonzero(np.diff(street))
        first, last = np.ones(len(rows), dtype=bool), np.ones(len(rows), dtype=bool)
        first[1:], last[:-1] = False, False
        first[turns + 1], last[turns] = True, True
        head, length = network.head.copy(), length_mm.copy()
        head[street[first]], length[street[first]] = before[first], cut_mm[first]
        beyond = np.where(last, network.head[street], np.append(before[1:], 0)[: len(rows)])
        until = np.where(last, length_mm[street], np.append(cut_mm[1:], 0)[: len(rows)])
        return cls(
            nodes=len(network.x) + len(rows) + int(shut.sum()),
            tail=np.concatenate([network.tail, after.astype(np.int32)]),
            head=np.concatenate([head, beyond.astype(np.int32)]),
            length_mm=np.concatenate([length, until - cut_mm]),
            oneway=np.concatenate([network.oneway, network.oneway[street]]),
            private=np.concatenate([private, private[street]]),
            whole=len(network),
            cuts=Spots(street, cut_mm),
        )

    def __len__(self) -> int:
        """Return the number of streets, pieces and added streets."""
        return len(self.tail)

    def readdressed(self, spots: Spots) -> Spots:
        """Return the same spots of the network on the pieces that hold them.

        A spot exactly at a cut lies on the piece before it.
        """
        street, offset_mm = spots
        if not len(self.cuts.street):
            return spots
        cut_streets = np.zeros(len(self), dtype=bool)
        cut_streets[self.cuts.street] = True
        moved = np.flatnonzero(cut_streets[street])
        on, along_mm = street[moved], offset_mm[moved]
        longest = int(max(self.cuts.offset_mm.max(), along_mm.max(initial=0))) + 1
        cuts = self.cuts.street * longest + self.cuts.offset_mm
        cut = np.searchsorted(cuts, on * longest + along_mm) - 1
        beyond = (cut >= 0) & (self.cuts.street[cut] == on)
        moved, cut = moved[beyond], cut[beyond]
        street, offset_mm = street.copy(), offset_mm.copy()
        street[moved] = self.whole + cut
        offset_mm[moved] -= self.cuts.offset_mm[cut]
        return Spots(street, offset_mm)

    def on_network(self, street: int, offset_mm: int) -> tuple[int, int] | None:
        """Return where a spot of a piece lies on its whole street; None on a street added."""
        if street < self.whole:
            return street, offset_mm
        cut = street - self.whole
        if cut >= len(self.cuts.street):
            return None
        return int(self.cuts.street[cut]), offset_mm + int(self.cuts.offset_mm[cut])

    def exits(self, exits: Exits) -> Exits:
        """Return ways out onto the network as ways out onto the pieces."""
        street, offset_mm = self.readdressed(Spots(exits.street, exits.offset_mm))
        return replace(exits, street=street, offset_mm=offset_mm)

    def node_at(self, joins: Spots) -> Nodes:
        """Return the node at each of the `joins` that the streets were cut for."""
        street, along_mm = self.readdressed(joins)
        return np.where(along_mm == 0, self.tail[street], self.head[street])

    def with_streets(self, tail: Nodes, head: Nodes, length_mm: Ints, *, nodes: int) -> Self:
        """Return the streets and some more, open to all and walked both ways.

        nodes
            How many nodes there are then; the new ones have the highest numbers.
        """
        more = len(tail)
        return replace(
            self,
            nodes=nodes,
            tail=np.concatenate([self.tail, tail.astype(np.int32)]),
            head=np.concatenate([self.head, head.astype(np.int32)]),
            length_mm=np.concatenate([self.length_mm, length_mm]),
            oneway=np.concatenate([self.oneway, np.zeros(more, dtype=np.int8)]),
            private=np.concatenate([self.private, np.zeros(more, dtype=bool)]),
        )
