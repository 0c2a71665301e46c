"""The main streets: a slightly turned grid, a ring, a diagonal, quays and a flyover.

Streets cross the rivers and the railway only where a bridge or an underpass was chosen.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import shapely
from making.terrain import BEYOND_M, HALF_AXES_M, OLD_CENTRE, Terrain, drawn, reach, stream
from shapely import LineString, MultiLineString, Polygon
from shapely.geometry.base import BaseGeometry

QUAY_M = 34.0
RAILSIDE_M = 30.0
GRID_M = 0.01
STUB_M = 100.0
DROP_INSIDE, DROP_BEYOND = 0.07, 0.36

Tags = dict[str, str]

NORTH_SOUTH = (
    "松岭", "锦山", "元宝", "临潢", "西拉", "木伦", "昭德", "银河", "永济", "宁澜", "赤山", "清河",
    "友爱", "长乐", "文钟", "八里", "天义", "新惠", "广兴", "平庄", "乌丹", "林东", "大板", "经棚",
    "天山", "百柳", "丽景", "北辰", "玉泉", "宝山", "望甘", "青松", "石桥", "兰亭", "安澜", "金穗",
    "阳坡", "云杉", "锦水", "沙河", "德润", "草原",
)  # fmt: skip
EAST_WEST = (
    "松城", "红峰", "新泰", "锡川", "安庆", "兴业", "广德", "迎宾", "铁花", "同乐", "文昌", "学府",
    "丰登", "惠宁", "长虹", "和顺", "民康", "永盛", "北苑", "瑞祥", "建国", "百合", "敬亭",
    "天桥", "火炬", "祥云", "白桦", "南山", "福寿", "金鹿",
)  # fmt: skip


@dataclass(frozen=True)
class Main:
    """A main street before noding: its line, its tags, what it may cross."""

    line: LineString
    tags: Tags
    crosses: frozenset[str] = field(default_factory=frozenset)


def _positions(rng: np.random.Generator, half_m: float) -> list[float]:
    steps = rng.uniform(385, 510, size=60)
    grid = np.cumsum(steps)
    grid = grid - grid[np.searchsorted(grid, grid[-1] / 2)] + rng.uniform(-60, 60)
    return [float(at) for at in grid if abs(at) <= half_m]


def _rank(order: int) -> str:
    return ("primary", "tertiary", "secondary", "tertiary")[order % 4]


def _named(name: str, highway: str) -> Tags:
    tags = {"highway": highway, "name": f"{name}(模拟)"}
    if highway == "primary":
        tags |= {"lanes": "6", "sidewalk": "both"}
    return tags


def _grid() -> list[Main]:
    rng = stream("grid")
    reach_u, reach_v = HALF_AXES_M[0] * 1.06 + BEYOND_M, HALF_AXES_M[1] * 1.06 + BEYOND_M
    mains = []
    for order, u in enumerate(_positions(rng, reach_u)):
        name = f"{NORTH_SOUTH[order % len(NORTH_SOUTH)]}路"
        over = {"river"} if order % 4 == 0 else set()
        over |= {"brook"} if order % 2 == 0 else set()
        over |= {"railway"} if order % 4 in (0, 2) and order % 6 else set()
        line = drawn([(u, -reach_v), (u, reach_v)])
        mains.append(Main(line, _named(name, _rank(order)), frozenset(over)))
    for order, v in enumerate(_positions(rng, reach_v)):
        name = f"{EAST_WEST[order % len(EAST_WEST)]}街"
        over = {"brook"} if order % 2 == 0 else set()
        line = drawn([(-reach_u, v), (reach_u, v)])
        mains.append(Main(line, _named(name, _rank(order)), frozenset(over)))
    return mains


def _ring() -> Main:
    angle = np.linspace(0, 2 * math.pi, 200)
    power = 2 / 3.4
    u = 0.83 * HALF_AXES_M[0] * np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** power
    v = 0.80 * HALF_AXES_M[1] * np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** power
    tags = {"highway": "trunk", "name": "环城路(模拟)", "sidewalk": "both", "lanes": "6"}
    return Main(drawn(np.column_stack([u, v])), tags, frozenset({"river", "brook", "railway"}))


def _diagonals() -> list[Main]:
    u, v = OLD_CENTRE
    south = [(u + 250, v - 700), (u + 1700, v - 1650), (u + 3400, v - 3100)]
    west = [(u - 500, v + 150), (u - 2000, v - 500), (u - 3900, v - 1150), (u - 5600, v - 1450)]
    return [
        Main(drawn(south), _named("站前斜街", "secondary"), frozenset({"railway"})),
        Main(drawn(west), _named("松西大道", "primary"), frozenset({"brook"})),
    ]


def _along(terrain: Terrain) -> list[Main]:
    """Return the quays and the streets beside the railway, as lines on the ground."""
    quays = shapely.boundary(shapely.buffer(terrain.water, QUAY_M, quad_segs=4))
    beside = shapely.boundary(shapely.buffer(terrain.railway, RAILSIDE_M, cap_style="flat"))
    mains = [
        Main(shapely.simplify(part, 2.0), _named("滨河路", "secondary")) for part in lines_of(quays)
    ]
    mains += [
        Main(shapely.simplify(part, 2.0), _named("铁道沿线路", "tertiary"), frozenset({"water"}))
        for part in lines_of(beside)
    ]
    return mains


def lines_of(geometry: BaseGeometry) -> list[LineString]:
    """Return the lines a geometry consists of; points are left out."""
    if isinstance(geometry, LineString):
        return [geometry] if geometry.length else []
    if isinstance(geometry, MultiLineString) or hasattr(geometry, "geoms"):
        return [line for part in geometry.geoms for line in lines_of(part)]
    return []


def _kept(main: Main, terrain: Terrain) -> list[tuple[LineString, Tags]]:
    """Return the parts of a main street that need no bridge, or a chosen one."""
    obstacles: dict[str, Polygon] = {
        "river": shapely.buffer(terrain.river, QUAY_M - 0.5, quad_segs=4),
        "brook": shapely.buffer(terrain.brook, QUAY_M - 0.5, quad_segs=4),
        "railway": shapely.buffer(terrain.railway, RAILSIDE_M - 0.5, cap_style="flat"),
    }
    left: BaseGeometry = main.line
    if main.tags["name"].startswith("滨河路"):
        main = Main(main.line, main.tags, frozenset({"river", "brook", "railway"}))
    if "water" in main.crosses:
        main = Main(main.line, main.tags, frozenset({"railway"}))
    for name, polygon in obstacles.items():
        if name not in main.crosses:
            left = shapely.difference(left, polygon)
    return [(part, main.tags) for part in lines_of(left)]


@dataclass(frozen=True)
class Piece:
    """A main street between two junctions; `walk` is False for a mere edge of blocks."""

    line: LineString
    tags: Tags


def _bridge_tags(line: LineString, terrain: Terrain) -> Tags:
    middle = shapely.line_interpolate_point(line, 0.5, normalized=True)
    if shapely.dwithin(terrain.water, middle, 1):
        return {"bridge": "yes", "layer": "1"}
    if shapely.dwithin(terrain.railway, middle, RAILSIDE_M - 2):
        return {"tunnel": "yes", "layer": "-1"}
    return {}


def _noded(lines: Iterable[tuple[LineString, Tags]], terrain: Terrain) -> list[Piece]:
    drawn_lines = list(lines)
    sources = np.array([line for line, _ in drawn_lines], dtype=object)
    tree = shapely.STRtree(sources)
    united = shapely.union_all(sources, grid_size=GRID_M)
    pieces = []
    for line in lines_of(united):
        middle = shapely.line_interpolate_point(line, 0.5, normalized=True)
        tags = drawn_lines[int(tree.nearest(middle))][1]
        pieces.append(Piece(line, tags | _bridge_tags(line, terrain)))
    return pieces


def _without_dangles(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces without stubs left over by the cutting."""
    while True:
        ends: dict[tuple[float, float], int] = {}
        for piece in pieces:
            for at in (piece.line.coords[0], piece.line.coords[-1]):
                ends[at] = ends.get(at, 0) + 1
        kept = [
            piece
            for piece in pieces
            if min(ends[piece.line.coords[0]], ends[piece.line.coords[-1]]) > 1
            or (piece.line.length > STUB_M and reach(piece.line.centroid) > 1)
        ]
        if len(kept) == len(pieces):
            return kept
        pieces = kept


def _thinned(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces with some tertiary ones left out, more of them beyond the city."""
    rng = stream("thinning")
    kept = []
    for piece in pieces:
        inside = reach(piece.line.centroid) < 1
        drop = {
            "tertiary": DROP_INSIDE if inside else DROP_BEYOND,
            "secondary": 0.0 if inside else DROP_BEYOND / 2,
        }.get(piece.tags["highway"], 0.0)
        if rng.random() < drop and not {"tunnel", "bridge"} & piece.tags.keys():
            continue
        kept.append(piece)
    return kept


def main_streets(terrain: Terrain) -> list[Piece]:
    """Return the noded main streets of the city."""
    mains = [*_grid(), _ring(), *_diagonals(), *_along(terrain)]
    reach_u, reach_v = HALF_AXES_M[0] * 1.06 + BEYOND_M, HALF_AXES_M[1] * 1.06 + BEYOND_M
    window = Polygon(drawn([(-reach_u, -reach_v), (reach_u, -reach_v), (reach_u, reach_v),
                            (-reach_u, reach_v), (-reach_u, -reach_v)]))  # fmt: skip
    kept = [(line, tags) for main in mains for line, tags in _kept(main, terrain)]
    inside = [
        (line, tags)
        for whole, tags in kept
        for line in lines_of(shapely.intersection(whole, window))
    ]
    return _thinned(_without_dangles(_noded(inside, terrain)))
