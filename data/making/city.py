"""The whole simulated city: main streets, superblocks, estates, old quarters and parks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from making.arterials import Piece, main_streets
from making.blocks import Block, superblocks
from making.estates import ESTATE_M2, Estate, build_estate, plots_of
from making.lanes import flyover, island, motorway, old_quarter, open_block, park, riverside
from making.streetbook import StreetBook
from making.terrain import Terrain, ground, make_terrain, stream
from shapely import Polygon

ESTATES = 600
OPEN_ESTATE_SHARE = 0.12


@dataclass(frozen=True)
class City:
    """What was built, before anybody lives in it."""

    terrain: Terrain
    book: StreetBook
    blocks: list[Block]
    estates: list[Estate]
    old_land: list[Polygon]
    parks: list[Polygon]


def _enter_mains(pieces: Sequence[Piece], book: StreetBook) -> list[int]:
    return [book.enter(shapely.simplify(piece.line, 0.4), piece.tags) for piece in pieces]


def _gated_block(
    block: tuple[int, Block], around: Sequence[int], book: StreetBook, rng: np.random.Generator
) -> list[Estate]:
    plots, local = plots_of(
        block[1],
        around,
        book,
        rng,
        target_m2=ESTATE_M2,
        highways=("residential", "residential", "living_street"),
    )
    built = []
    for plot in plots:
        gated = bool(rng.random() > OPEN_ESTATE_SHARE)
        estate = build_estate(plot, local, book, rng, block, gated=gated)
        if estate is not None:
            built.append(estate)
    return built


def _special_ways(terrain: Terrain, mains: list[int], book: StreetBook) -> None:
    walkable = [n for n in mains if not {"bridge", "tunnel"} & book.tags[n].keys()]
    riverside(terrain, walkable, book)
    motorway(book, walkable)
    flyover(book, walkable, (ground(2250, -700), ground(2250, -1450)))
    flyover(book, walkable, (ground(-2900, 900), ground(-2100, 900)))
    island(ground(6650, -3800), book, size_m=60)


def _only(
    estates: list[Estate], old: list[Estate], wanted: int
) -> tuple[list[Estate], list[Polygon]]:
    """Return exactly the wanted estates; small old ones too many become plain housing land."""
    room = wanted - len(estates)
    if not 0 <= room <= len(old):
        msg = f"{len(estates)} large and {len(old)} small estates do not make {wanted}"
        raise ValueError(msg)
    order = stream("old estates").permutation(len(old))
    kept = [old[i] for i in sorted(order[:room])]
    return [*estates, *kept], [old[i].polygon for i in sorted(order[room:])]


def build_city() -> City:
    """Return the simulated city."""
    terrain = make_terrain()
    book = StreetBook()
    mains = _enter_mains(main_streets(terrain), book)
    blocks = superblocks([Piece(book.lines[n], book.tags[n]) for n in mains], terrain)
    tree = shapely.STRtree([book.lines[n] for n in mains])
    rng = stream("building")
    estates: list[Estate] = []
    old: list[Estate] = []
    land: list[Polygon] = []
    parks: list[Polygon] = []
    works: list[Polygon] = []
    for number, block in enumerate(blocks):
        around = [
            mains[int(n)] for n in tree.query(block.polygon.boundary, "dwithin", distance=0.5)
        ]
        if block.kind == "estates":
            estates += _gated_block((number, block), around, book, rng)
        elif block.kind == "lanes":
            compounds, houses = old_quarter((number, block), around, book, rng)
            old += compounds
            land += houses
        elif block.kind == "park":
            parks.append(park(block, around, book, rng))
        elif block.kind in {"public", "works", "village"}:
            yards = open_block(block, around, book, rng, village=block.kind == "village")
            if block.inside and block.kind == "works":
                works += yards
    _special_ways(terrain, mains, book)
    island(max(works, key=lambda yard: yard.area).representative_point(), book, size_m=62)
    estates, freed = _only(estates, old, ESTATES)
    return City(terrain, book, blocks, estates, [*land, *freed], parks)
