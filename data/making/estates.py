"""Gated superblocks: estates behind walls, with inner lanes reached through a few gates."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from making.arterials import Tags, lines_of
from making.blocks import Block
from making.streetbook import Coordinate, StreetBook, rounded
from shapely import LineString, Point, Polygon
from shapely.affinity import rotate
from shapely.ops import split

PAVEMENT_M = 14.0
LANE_M = 7.0
ESTATE_M2 = 72_000
SMALLEST_M2 = 6_000
LOOP_M = 15.0
INNER: Tags = {"highway": "service", "access": "private"}


@dataclass(frozen=True)
class Estate:
    """A walled estate as built: its ground, its gates, and the superblock it came from."""

    polygon: Polygon
    gates: tuple[Coordinate, ...]
    gated: bool
    block: int
    core_m: float
    old: bool = False
    streets: tuple[int, ...] = field(default=())


def heading(polygon: Polygon) -> float:
    """Return the direction of rows in radians: the side of the polygon nearest to east-west."""
    corners = np.asarray(shapely.minimum_rotated_rectangle(polygon).exterior.coords)
    sides = np.diff(corners, axis=0)[:2]
    angles = [math.remainder(math.atan2(dy, dx), math.pi) for dx, dy in sides]
    return min(angles, key=abs)


def chord(polygon: Polygon, through: Point, angle: float) -> LineString | None:
    """Return the longest stretch of a straight line inside a polygon."""
    far = 3_000
    dx, dy = far * math.cos(angle), far * math.sin(angle)
    line = LineString([(through.x - dx, through.y - dy), (through.x + dx, through.y + dy)])
    parts = lines_of(shapely.intersection(line, polygon))
    return max(parts, key=lambda part: part.length) if parts else None


def halved(
    polygon: Polygon, rng: np.random.Generator, *, target_m2: float
) -> tuple[list[Polygon], list[LineString]]:
    """Return a polygon cut into plots of about the target, with the cuts in order."""
    if polygon.area < target_m2 * rng.uniform(1.15, 1.9):
        return [polygon], []
    box = shapely.minimum_rotated_rectangle(polygon)
    angle = heading(polygon)
    corners = np.asarray(box.exterior.coords)
    sides = np.diff(corners, axis=0)[:2]
    long_side = sides[int(np.argmax(np.hypot(sides[:, 0], sides[:, 1])))]
    across = math.atan2(long_side[1], long_side[0]) + math.pi / 2 + rng.normal(0, 0.02)
    shift = rng.uniform(-0.09, 0.09)
    through = Point(
        polygon.centroid.x + shift * long_side[0], polygon.centroid.y + shift * long_side[1]
    )
    cut = chord(polygon, through, across)
    if cut is None or not math.isfinite(angle):
        return [polygon], []
    longer = LineString(_stretched(cut, 2.0))
    halves = [part for part in split(polygon, longer).geoms if isinstance(part, Polygon)]
    plots, cuts = [], [cut]
    for half in halves:
        more, deeper = halved(half, rng, target_m2=target_m2)
        plots += more
        cuts += deeper
    return plots, cuts


def _stretched(line: LineString, by_m: float) -> list[Coordinate]:
    (x0, y0), (x1, y1) = line.coords[0], line.coords[-1]
    dx, dy = (x1 - x0) / line.length * by_m, (y1 - y0) / line.length * by_m
    return [(x0 - dx, y0 - dy), (x1 + dx, y1 + dy)]


def largest(geometry: shapely.Geometry) -> Polygon:
    """Return the largest polygon of a geometry, empty if it has none."""
    parts = [part for part in getattr(geometry, "geoms", [geometry]) if isinstance(part, Polygon)]
    return max(parts, key=lambda part: part.area, default=Polygon())


def plots_of(
    block: Block,
    around: Sequence[int],
    book: StreetBook,
    rng: np.random.Generator,
    *,
    target_m2: float,
    highways: Sequence[str],
) -> tuple[list[Polygon], list[int]]:
    """Cut a superblock by public lanes; return the plots and the streets around them."""
    plots, cuts = halved(block.polygon, rng, target_m2=target_m2)
    local = list(around)
    for cut in cuts:
        tags = {"highway": str(rng.choice(list(highways)))}
        local.append(book.lay(cut, tags, local))
    return plots, local


def walled(plot: Polygon, local: Sequence[int], book: StreetBook) -> Polygon:
    """Return the ground behind the pavement: a plot minus the streets' width."""
    wide = [book.lines[n] for n in local if "lanes" in book.tags[n]]
    ground = shapely.buffer(plot, -LANE_M, join_style="mitre")
    near = [line for line in wide if line.dwithin(plot, 1)]
    if near:
        ground = shapely.difference(ground, shapely.buffer(shapely.union_all(near), PAVEMENT_M))
    return shapely.set_precision(shapely.simplify(largest(ground), 0.5), 0.01)


def _gate_spots(ground: Polygon, rng: np.random.Generator) -> list[Point]:
    """Return one to four gates, each near the middle of another side."""
    wanted = int(np.clip(rng.poisson(ground.area / 32_000) + 1, 1, 4))
    angle = heading(ground)
    sides = [angle - math.pi / 2, angle + math.pi / 2, angle, angle + math.pi]
    rng.shuffle(sides)
    spots = []
    for side in sides[:wanted]:
        slip = rng.uniform(-35, 35)
        centre = ground.representative_point()
        start = Point(centre.x - slip * math.sin(side), centre.y + slip * math.cos(side))
        if not start.within(ground):
            start = centre
        ray = LineString(
            [start, (start.x + 2000 * math.cos(side), start.y + 2000 * math.sin(side))]
        )
        hits = shapely.intersection(ray, ground.exterior)
        points = [hit for hit in getattr(hits, "geoms", [hits]) if isinstance(hit, Point)]
        if points:
            spots.append(
                min((p for p in points if not p.is_empty), key=start.distance, default=start)
            )
    return [spot for spot in spots if spot.distance(ground.exterior) < 1]


def _lanes(ground: Polygon, book: StreetBook, rng: np.random.Generator, tags: Tags) -> list[int]:
    """Lay a loop, the rows between the buildings and a spine; return their numbers."""
    loop_ground = largest(shapely.buffer(ground, -LOOP_M, join_style="mitre"))
    if loop_ground.area < SMALLEST_M2 / 2:
        spine = chord(ground.buffer(-4), ground.representative_point(), heading(ground))
        return [] if spine is None else [book.enter(spine, tags)]
    ring = shapely.simplify(loop_ground.exterior, 1.0)
    laid = [book.enter(LineString(ring.coords), tags)]
    angle = heading(ground)
    turned = rotate(loop_ground, -math.degrees(angle), origin=(0, 0))
    west, south, east, north = turned.bounds
    spacing = rng.uniform(29, 39)
    rows = np.arange(south + spacing * 0.8, north - spacing * 0.45, spacing)
    walk = tags | {"highway": "footway" if rng.random() < 1 / 2 else "service"}
    spine_at = rng.uniform(0.38, 0.62) * (east - west) + west
    lines = [LineString([(west - 9, row), (east + 9, row)]) for row in rows]
    lines.append(LineString([(spine_at, south - 9), (spine_at, north + 9)]))
    for line in lines:
        back = rotate(line, math.degrees(angle), origin=(0, 0))
        for part in lines_of(shapely.intersection(back, loop_ground)):
            if part.length > LOOP_M * 2:
                laid.append(book.lay(part, walk, laid))
    return laid


def build_estate(
    plot: Polygon,
    local: Sequence[int],
    book: StreetBook,
    rng: np.random.Generator,
    block: tuple[int, Block],
    *,
    gated: bool,
) -> Estate | None:
    """Build walls, lanes and gates on a plot; None where the plot is too small."""
    ground = walled(plot, local, book)
    if ground.area < SMALLEST_M2:
        return None
    tags = INNER if gated else {"highway": "living_street"}
    lanes = _lanes(ground, book, rng, tags)
    gates = []
    for spot in _gate_spots(ground, rng):
        street = book.nearest(spot, local)
        outside = book.join(spot, street)
        gate = rounded(spot)
        book.enter(LineString([outside, gate]), {"highway": "service"})
        book.gates[gate] = {"barrier": "gate"} if gated else {}
        if lanes:
            inner = book.join(spot, book.nearest(spot, lanes))
            book.enter(LineString([gate, inner]), dict(tags))
        gates.append(gate)
    number, source = block
    return Estate(ground, tuple(gates), gated, number, source.core_m, streets=tuple(lanes))
