"""A made-up Chinese city: its streets as a walk network of any size, the same on every machine.

Arterials every 360 m enclose superblocks; more than half of these are gated: few gates, inner
lanes that end, some paths across. Rivers are crossed by a bridge every 900 m. Nodes stand in the
order in which OpenStreetMap lists them: neighbourhood by neighbourhood, shuffled within.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
from pyproj import CRS
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geo.streets.assembly import Ways, assemble
from geo.streets.network import Flags, Floats, Ints, WalkNetwork

METRIC: Final = CRS.from_epsg(4549)  # CGCS2000, 3-degree zone around 120° E
EAST, NORTH = 380_000.0, 4_640_000.0  # the south-west corner, near Chifeng
SEED: Final = 20_251_231

CELL_M: Final = 60.0
JITTER_M: Final = 18.0
BLOCK: Final = 6  # cells along the side of a superblock
GATED: Final = 0.55  # part of the superblocks
SURVIVING: Final = 0.965  # part of the crossings that belong to the largest piece

# Part of the streets that are there at all: along arterials, through a gate, inside.
ON_ARTERIAL: Final = 0.995
GATE: Final = {True: 0.35, False: 0.78}  # by whether the superblock is gated
INSIDE: Final = {True: 0.66, False: 0.80}
ACROSS: Final = 0.10  # of the inner cells of a gated superblock have a path from corner to corner

RIVER_FIRST_M, RIVER_EVERY_M = 2_000.0, 4_000.0
BRIDGE_EVERY: Final = 15  # cells

BENT: Final = 0.3  # part of the streets with a bend in the middle
BEND_M: Final = 8.0

KINDS: Final = ("footway", "residential", "secondary")
FOOTWAY, RESIDENTIAL, SECONDARY = range(3)


@dataclass(frozen=True, eq=False)
class City:
    """Streets, and the way each is a part of in an OpenStreetMap file.

    way
        Streets of one way follow one another, head to tail.
    """

    network: WalkNetwork
    way: Ints

    def save(self, path: Path) -> None:
        """Write the network to `path` and the ways beside it."""
        self.network.save(path)
        np.save(path.with_suffix(".ways.npy"), self.way)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return a city written by `save`."""
        return cls(WalkNetwork.load(path), np.load(path.with_suffix(".ways.npy")))


def loaded(city: City) -> WalkNetwork:
    """Return the streets as the project's readers put them together, nodes in their own order."""
    network = city.network
    node = np.full(len(network.vertex_xy), -1, dtype=np.int64)
    node[network.vertex_start[:-1]] = network.tail
    node[network.vertex_start[1:] - 1] = network.head
    ways = Ways(
        start=network.vertex_start,
        xy=network.vertex_xy,
        node=node,
        oneway=network.oneway,
        private=network.private,
        kind=[network.kinds[kind] for kind in network.kind],
    )
    return assemble(ways, network.crs, name="city")


def same_nodes(network: WalkNetwork, other: WalkNetwork) -> Ints:
    """Return for each node of `network` the node of `other` on the same spot."""
    here, there = np.lexsort((network.x, network.y)), np.lexsort((other.x, other.y))
    node = np.empty(len(here), dtype=np.int64)
    node[here] = there
    if not (np.array_equal(network.x, other.x[node]) and np.array_equal(network.y, other.y[node])):
        message = "the two networks do not have the same nodes"
        raise ValueError(message)
    return node


@dataclass(frozen=True)
class _Crossings:
    """The jittered grid, row after row."""

    side: int
    x: Floats
    y: Floats
    gated: Flags  # a square of superblocks


@dataclass(frozen=True)
class _Links:
    """Streets between crossings; `run` is the straight piece of the grid each lies on."""

    tail: Ints
    head: Ints
    kind: Ints
    run: Ints

    def take(self, which: Flags | Ints) -> "_Links":
        return _Links(*(column[which] for column in vars(self).values()))


def make_city(nodes: int, *, seed: int = SEED) -> City:
    """Return a city of about `nodes` crossings, one connected piece."""
    rng = np.random.default_rng(seed)
    grid = _crossings(round((nodes / SURVIVING) ** 0.5), rng)
    parts = [_streets_along(grid, rng, rows=True), _streets_along(grid, rng, rows=False)]
    parts.append(_paths_across(grid, rng))
    columns = zip(*(vars(part).values() for part in parts), strict=True)
    links = _Links(*(np.concatenate(column) for column in columns))
    links = links.take(_on_dry_land(grid, links))
    links, chosen = _largest_piece(grid, links)
    number = _listed(grid, chosen, rng)
    return _drawn(grid, links, number, rng)


def _crossings(side: int, rng: np.random.Generator) -> _Crossings:
    row, column = np.divmod(np.arange(side * side), side)
    jitter = rng.uniform(-JITTER_M, JITTER_M, (2, side * side))
    blocks = side // BLOCK + 1
    return _Crossings(
        side=side,
        x=column * CELL_M + jitter[0],
        y=row * CELL_M + jitter[1],
        gated=rng.random((blocks, blocks)) < GATED,
    )


def _streets_along(grid: _Crossings, rng: np.random.Generator, *, rows: bool) -> _Links:
    """Return the streets that are there along the rows, or along the columns, of the grid."""
    line, step = np.divmod(np.arange(grid.side * (grid.side - 1)), grid.side - 1)
    across = (line // BLOCK, step // BLOCK)
    gated = grid.gated[across if rows else across[::-1]]
    arterial = line % BLOCK == 0
    gate = (step % BLOCK == 0) | ((step + 1) % BLOCK == 0)
    inner = np.where(gated, INSIDE[True], INSIDE[False])
    inner = np.where(gate, np.where(gated, GATE[True], GATE[False]), inner)
    there = rng.random(len(line)) < np.where(arterial, ON_ARTERIAL, inner)
    tail = line * grid.side + step if rows else step * grid.side + line
    # Rows and columns are numbered apart, and each is a way of its own in every superblock.
    run = 2 * (line * grid.side + step // BLOCK) + rows
    kind = np.where(arterial, SECONDARY, RESIDENTIAL)
    return _Links(tail, tail + (1 if rows else grid.side), kind, run).take(there)


def _paths_across(grid: _Crossings, rng: np.random.Generator) -> _Links:
    row, column = np.divmod(np.arange((grid.side - 1) ** 2), grid.side - 1)
    inner = (row % BLOCK != 0) & (column % BLOCK != 0)
    there = inner & grid.gated[row // BLOCK, column // BLOCK]
    there &= rng.random(len(row)) < ACROSS
    tail = (row * grid.side + column)[there]
    run = 2 * grid.side * grid.side + tail
    return _Links(tail, tail + grid.side + 1, np.full(len(tail), FOOTWAY), run)


def _on_dry_land(grid: _Crossings, links: _Links) -> Flags:
    """Return the streets that cross no river, and those that are bridges."""
    bank = np.floor((grid.y - RIVER_FIRST_M) / RIVER_EVERY_M)
    wet = bank[links.tail] != bank[links.head]
    column = np.minimum(links.tail % grid.side, links.head % grid.side)
    dry: Flags = ~wet | (column % BRIDGE_EVERY == 0)
    return dry


def _largest_piece(grid: _Crossings, links: _Links) -> tuple[_Links, Ints]:
    """Return the streets of the largest connected piece, and its crossings."""
    count = grid.side**2
    ones = np.ones(len(links.tail), dtype=np.int8)
    joined = csr_array((ones, (links.tail, links.head)), shape=(count, count))
    _, piece = connected_components(joined, directed=False)
    largest = piece == np.bincount(piece).argmax()
    return links.take(largest[links.tail]), np.flatnonzero(largest)


def _listed(grid: _Crossings, chosen: Ints, rng: np.random.Generator) -> Ints:
    """Return the number of each crossing in the file, -1 for those left out."""
    row, column = np.divmod(chosen, grid.side)
    block = row // BLOCK * len(grid.gated) + column // BLOCK
    turn = rng.permutation(grid.gated.size)[block]
    order = np.lexsort((rng.random(len(chosen)), turn))
    number = np.full(grid.side**2, -1, dtype=np.int64)
    number[chosen[order]] = np.arange(len(chosen))
    return number


def _drawn(
    grid: _Crossings, links: _Links, number: Ints, rng: np.random.Generator
) -> City:
    """Return the city with ways in the order of their first crossing in the file."""
    links, way = _as_ways(links, number)
    bent = rng.random(len(way)) < BENT
    start = np.concatenate([[0], np.cumsum(2 + bent)]).astype(np.int64)
    ends = [np.column_stack([grid.x[end], grid.y[end]]) for end in (links.tail, links.head)]
    xy = np.empty((start[-1], 2))
    xy[start[:-1]], xy[start[1:] - 1] = ends
    bends = rng.uniform(-BEND_M, BEND_M, (int(bent.sum()), 2))
    xy[start[:-1][bent] + 1] = (ends[0] + ends[1])[bent] / 2 + bends
    xy += (EAST, NORTH)
    chosen = np.flatnonzero(number >= 0)
    node = chosen[np.argsort(number[chosen])]
    network = WalkNetwork(
        crs=METRIC,
        x=grid.x[node] + EAST,
        y=grid.y[node] + NORTH,
        tail=number[links.tail].astype(np.int32),
        head=number[links.head].astype(np.int32),
        length_mm=_lengths_mm(xy, start),
        oneway=np.zeros(len(way), dtype=np.int8),
        private=np.zeros(len(way), dtype=bool),
        kind=links.kind.astype(np.int8),
        vertex_xy=xy,
        vertex_start=start,
        kinds=KINDS,
    )
    return City(network, way)


def _lengths_mm(xy: Floats, start: Ints) -> Ints:
    steps = np.append(np.hypot(*np.diff(xy, axis=0).T), 0.0)
    steps[start[1:] - 1] = 0.0  # from one street to the next is no walk
    whole: Ints = np.rint(np.add.reduceat(steps, start[:-1]) * 1000).astype(np.int64)
    return whole


def _as_ways(links: _Links, number: Ints) -> tuple[_Links, Ints]:
    """Return the streets way by way, and the way of each: unbroken runs, head to tail."""
    links = links.take(np.lexsort((links.tail, links.run)))
    first = np.ones(len(links.run), dtype=bool)
    first[1:] = (links.run[1:] != links.run[:-1]) | (links.tail[1:] != links.head[:-1])
    way = np.cumsum(first) - 1
    turn = np.argsort(number[links.tail[first]], kind="stable")
    rank = np.empty(len(turn), dtype=np.int64)
    rank[turn] = np.arange(len(turn))
    order = np.argsort(rank[way], kind="stable")
    return links.take(order), rank[way][order]
