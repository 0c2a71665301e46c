"""Everything but gated superblocks: old lanes, parks, yards, villages, quays, a flyover."""

import math
from collections.abc import Sequence

import numpy as np
import shapely
from making.arterials import Tags, lines_of
from making.blocks import Block
from making.estates import Estate, chord, heading, largest, plots_of, walled
from making.streetbook import StreetBook
from making.terrain import Terrain, drawn
from shapely import LineString, Point, Polygon
from shapely.affinity import rotate

OLD_PLOT_M2 = 8_600
VILLAGE_PLOT_M2 = 11_000
YARD_PLOT_M2 = 60_000
SMALL_ESTATE_M2 = 2_500
BANK_M = 60
OLD_ESTATE_SHARE = 0.36

OLD_HIGHWAYS = ("residential", "residential", "living_street", "service", "footway", "pedestrian")
VILLAGE_HIGHWAYS = ("unclassified", "track", "residential")


def old_quarter(
    block: tuple[int, Block], around: Sequence[int], book: StreetBook, rng: np.random.Generator
) -> tuple[list[Estate], list[Polygon]]:
    """Fill a superblock with lanes; return its few small estates and the other homes' land."""
    plots, local = plots_of(
        block[1], around, book, rng, target_m2=OLD_PLOT_M2, highways=OLD_HIGHWAYS
    )
    estates, land = [], []
    for plot in plots:
        ground = walled(plot, local, book)
        if ground.area < SMALL_ESTATE_M2:
            continue
        if rng.random() < OLD_ESTATE_SHARE:
            estates.append(_compound(ground, local, book, rng, block))
        else:
            land.append(ground)
            _dead_end(ground, local, book, rng)
    return estates, land


def _compound(
    ground: Polygon,
    local: Sequence[int],
    book: StreetBook,
    rng: np.random.Generator,
    block: tuple[int, Block],
) -> Estate:
    """Return a small work-unit compound with one yard lane and one gate."""
    number, source = block
    gated = bool(rng.random() < 1 / 2)
    angle = heading(ground) + (math.pi / 2 if rng.random() < 1 / 2 else 0)
    lane = chord(ground, ground.representative_point(), angle)
    if lane is None:
        return Estate(ground, (), gated, number, source.core_m, old=True)
    gate = Point(lane.coords[0])
    outside = book.join(gate, book.nearest(gate, local))
    at = (round(gate.x, 2), round(gate.y, 2))
    inner = lane.interpolate(0.75, normalized=True)
    book.enter(LineString([outside, at]), {"highway": "service"})
    tags = {"highway": "service"} | ({"access": "private"} if gated else {})
    lanes = (book.enter(LineString([at, inner]), tags),)
    book.gates[at] = {"barrier": "gate"} if gated else {}
    return Estate(ground, (at,), gated, number, source.core_m, old=True, streets=lanes)


def _dead_end(
    ground: Polygon, local: Sequence[int], book: StreetBook, rng: np.random.Generator
) -> None:
    """Lay one blind alley into a plot of old houses, now and then with steps."""
    inner = ground.representative_point()
    street = book.nearest(inner, local)
    if book.lines[street].distance(inner) > math.sqrt(ground.area):
        return
    highway = str(
        rng.choice(["footway", "living_street", "steps", "service"], p=[0.5, 0.3, 0.05, 0.15])
    )
    book.enter(LineString([book.join(inner, street), inner]), {"highway": highway})


def open_block(
    block: Block,
    around: Sequence[int],
    book: StreetBook,
    rng: np.random.Generator,
    *,
    village: bool = False,
) -> list[Polygon]:
    """Fill a superblock of offices, works or village houses with public lanes."""
    target = VILLAGE_PLOT_M2 if village else YARD_PLOT_M2
    highways = VILLAGE_HIGHWAYS if village else ("service", "residential")
    if not village:
        plots, _ = plots_of(block, around, book, rng, target_m2=target, highways=highways)
        return plots
    # A village is a cluster in the fields with two ways out.
    heart = largest(shapely.intersection(block.polygon, _hamlet(block.polygon.centroid, rng)))
    if heart.area < VILLAGE_PLOT_M2:
        return []
    border = book.enter(
        LineString(shapely.simplify(heart.exterior, 12).coords), {"highway": "unclassified"}
    )
    for angle in rng.uniform(0, 2 * math.pi, size=2):
        start = heart.centroid
        spot = Point(start.x + 300 * math.cos(angle), start.y + 300 * math.sin(angle))
        street = book.nearest(spot, around)
        way = LineString([book.join(spot, border), book.join(spot, street)])
        if way.length > 1:
            book.enter(way, {"highway": "unclassified"})
    inner = Block(Polygon(book.lines[border].coords), "village", block.core_m, block.inside)
    plots, _ = plots_of(inner, [border], book, rng, target_m2=target, highways=highways)
    return plots


def _hamlet(middle: Point, rng: np.random.Generator) -> Polygon:
    """Return the ragged outline of a village of about ten hectares."""
    angle = np.sort(rng.uniform(0, 2 * math.pi, size=10))
    out = rng.uniform(110, 260, size=10)
    corners = np.column_stack([middle.x + out * np.cos(angle), middle.y + out * np.sin(angle)])
    return largest(shapely.make_valid(Polygon(corners)))


def park(
    block: Block, around: Sequence[int], book: StreetBook, rng: np.random.Generator
) -> Polygon:
    """Lay paths through a park and return its green."""
    green = largest(shapely.buffer(block.polygon, -16, join_style="mitre"))
    loop_ground = largest(shapely.buffer(green, -30))
    if loop_ground.area < SMALL_ESTATE_M2:
        return green
    tags: Tags = {"highway": "footway"}
    ring = shapely.simplify(loop_ground.exterior, 3)
    laid = [book.enter(LineString(ring.coords), tags)]
    angle = heading(green) + rng.uniform(0.3, 0.9)
    for turn in (0, math.pi / 2):
        path = chord(green.buffer(14), green.representative_point(), angle + turn)
        if path is not None:
            wavy = _wavy(path, rng)
            laid.append(book.lay(wavy, tags, [*laid, *around], within_m=40))
    return green


def _wavy(path: LineString, rng: np.random.Generator) -> LineString:
    """Return a straight path with a gentle swing and the same ends."""
    along = np.linspace(0, 1, 9)
    swing = rng.uniform(8, 18) * np.sin(along * 2 * math.pi)
    points = [path.interpolate(float(at), normalized=True) for at in along]
    (x0, y0), (x1, y1) = path.coords[0], path.coords[-1]
    length = path.length
    normal = ((y0 - y1) / length, (x1 - x0) / length)
    return LineString(
        [(p.x + s * normal[0], p.y + s * normal[1]) for p, s in zip(points, swing, strict=True)]
    )


def riverside(terrain: Terrain, around: Sequence[int], book: StreetBook) -> None:
    """Lay the footpath at the water on both banks, reached by steps from the quay."""
    line = shapely.boundary(shapely.buffer(terrain.river, 12, quad_segs=4))
    hull = terrain.river_middle.interpolate(0.5, normalized=True).buffer(4200)
    wide = shapely.buffer(terrain.brook, 40)
    tree = shapely.STRtree([book.lines[n] for n in around])
    for bank in lines_of(shapely.difference(shapely.intersection(line, hull), wide)):
        path = shapely.simplify(bank, 1.5)
        bridges = [around[int(n)] for n in tree.query(path, "intersects")]
        cleared = shapely.difference(
            path, shapely.union_all([book.lines[n].buffer(12) for n in bridges])
        )
        for part in lines_of(cleared):
            _riverside_part(part, around, book)


def _riverside_part(part: LineString, around: Sequence[int], book: StreetBook) -> None:
    number = book.enter(part, {"highway": "footway", "name": "滨河步道(模拟)"})
    for at in np.arange(60, part.length - 30, 420):
        spot = part.interpolate(float(at))
        street = book.nearest(spot, around)
        if book.lines[street].distance(spot) < BANK_M:
            ends = [book.join(spot, number), book.join(spot, street)]
            book.enter(LineString(ends), {"highway": "steps"})


def island(heart: Point, book: StreetBook, *, size_m: float) -> None:
    """Lay a small network that joins nothing: a walled works or a base."""
    rows = (-size_m, 0.0, size_m)
    lines = [LineString([(-size_m, row), (size_m, row)]) for row in rows]
    lines += [LineString([(at, -size_m), (at, size_m)]) for at in rows]
    laid: list[int] = []
    for line in lines:
        turned = rotate(line, 9, origin=(0, 0))
        moved = shapely.transform(turned, lambda xy: xy + np.array([heart.x, heart.y]))
        laid.append(book.lay(moved, {"highway": "service"}, laid))


def motorway(book: StreetBook, around: Sequence[int]) -> None:
    """Lay an elevated motorway across the east; it meets the streets at its two ramps only."""
    line = drawn([(5900, -5150), (6050, -2000), (5850, 900), (6300, 3100), (6400, 5000)])
    tags = {"highway": "motorway", "name": "赤朝高速(模拟)", "bridge": "yes", "layer": "2"}
    for part, oneway in ((line, "yes"), (shapely.offset_curve(line, 18), "-1")):
        number = book.enter(part, tags | {"oneway": oneway})
        spot = part.interpolate(0.47, normalized=True)
        street = book.nearest(Point(spot.x - 150, spot.y), around)
        ramp = LineString([book.join(spot, number), book.join(Point(spot.x - 150, spot.y), street)])
        book.enter(ramp, {"highway": "motorway_link", "oneway": "yes"})


def flyover(book: StreetBook, around: Sequence[int], ends: tuple[Point, Point]) -> None:
    """Lay a road bridge over several streets, joined to them at its two ends only."""
    joined = [book.join(end, book.nearest(end, around)) for end in ends]
    tags = {"highway": "secondary", "bridge": "yes", "layer": "2", "name": "立交桥(模拟)"}
    book.enter(LineString(joined), tags)
