"""Counties, streets and communities: real names, simulated shapes, all tiling one study area."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from making.blocks import Block
from making.estates import largest
from making.terrain import Terrain, stream, to_metres
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely import MultiPolygon, Point, Polygon

# Streets of 红山区 and 松山区 as the 2023 division codes name them; the points are only roughly
# where these streets lie, and the shapes grown from them are simulated.
STREETS: tuple[tuple[str, str, float, float], ...] = (
    ("150402001", "西屯街道", 118.9500, 42.2840),
    ("150402002", "三中街街道", 118.9610, 42.2810),
    ("150402003", "永巨街道", 118.9690, 42.2850),
    ("150402004", "东城街道", 118.9930, 42.2760),
    ("150402005", "南新街街道", 118.9590, 42.2730),
    ("150402006", "站前街道", 118.9530, 42.2630),
    ("150402007", "铁南街道", 118.9680, 42.2500),
    ("150402008", "长青街道", 118.9720, 42.2680),
    ("150402009", "哈达街道", 118.9780, 42.2790),
    ("150402010", "西城街道", 118.9440, 42.2480),
    ("150402011", "桥北街道", 118.9680, 42.2970),
    ("150404001", "振兴街道", 118.9350, 42.2780),
    ("150404002", "向阳街道", 118.9370, 42.2860),
    ("150404003", "松州街道", 118.9290, 42.2700),
    ("150404004", "铁东街道", 118.9150, 42.2670),
    ("150404400", "玉龙街道", 118.9050, 42.2820),
    ("150404401", "全宁街道", 118.9200, 42.2960),
    ("150404407", "兴安街道", 118.9160, 42.2490),
    ("150404100", "穆家营子镇", 118.8930, 42.2660),
)
COUNTIES = {"150402": "红山区", "150404": "松山区"}
BARRIER_COST = 4.0
COMMUNITY_PEOPLE = 6_900.0


@dataclass(frozen=True)
class Areas:
    """Which block belongs where; `blocks` holds the numbers of the study's blocks."""

    blocks: list[int]
    street: dict[int, str]
    community: dict[int, str]
    shapes: dict[str, Polygon]
    names: dict[str, str]
    study: Polygon


def study_blocks(blocks: Sequence[Block]) -> list[int]:
    """Return the numbers of the blocks inside the study, holes filled."""
    whole = largest(shapely.union_all([b.polygon for b in blocks if b.inside], grid_size=0.01))
    ground = Polygon(whole.exterior)
    shapely.prepare(ground)
    return [n for n, b in enumerate(blocks) if b.polygon.representative_point().within(ground)]


def _neighbours(polygons: list[Polygon], terrain: Terrain) -> csr_array:
    tree = shapely.STRtree(polygons)
    one, two = tree.query(polygons, "dwithin", distance=0.02)
    pairs = one < two
    one, two = one[pairs], two[pairs]
    faces = np.array(polygons, dtype=object)
    shared = shapely.length(
        shapely.intersection(shapely.buffer(faces[one], 0.05), shapely.boundary(faces[two]))
    )
    one, two = one[shared > 1], two[shared > 1]
    middles = shapely.point_on_surface(faces)
    cost = shapely.distance(middles[one], middles[two])
    way = shapely.linestrings(
        np.stack([shapely.get_coordinates(middles[one]), shapely.get_coordinates(middles[two])], 1)
    )
    barrier = shapely.union_all([terrain.river_middle, terrain.brook_middle, terrain.railway])
    cost = np.where(shapely.intersects(way, barrier), cost * BARRIER_COST, cost)
    return csr_array((cost, (one, two)), shape=(len(polygons), len(polygons)))


def _grown(graph: csr_array, seeds: Sequence[int]) -> NDArray[np.int64]:
    """Return for every node the seed it is nearest to; every share is one piece."""
    _, _, nearest = dijkstra(
        graph, directed=False, indices=list(seeds), min_only=True, return_predecessors=True
    )
    return np.asarray(nearest, dtype=np.int64)


def _spread_seeds(graph: csr_array, people: NDArray[np.float64], count: int) -> list[int]:
    """Return seeds far apart, the first where most people live."""
    seeds = [int(np.argmax(people))]
    for _ in range(count - 1):
        away = dijkstra(graph, directed=False, indices=seeds, min_only=True)
        away = np.where(np.isfinite(away), away, 0) * np.sqrt(people + 50)
        seeds.append(int(np.argmax(away)))
    return sorted(set(seeds))


def draw_areas(blocks: Sequence[Block], people: dict[int, float], terrain: Terrain) -> Areas:
    """Return the streets grown from their points, and the communities within them."""
    numbers = study_blocks(blocks)
    polygons = [blocks[n].polygon for n in numbers]
    graph = _neighbours(polygons, terrain)
    lived = np.array([people.get(n, 0.0) for n in numbers])
    tree = shapely.STRtree(polygons)
    seeds = [int(tree.nearest(Point(to_metres(lon, lat)))) for _, _, lon, lat in STREETS]
    owner = _grown(graph, seeds)
    street = {n: STREETS[seeds.index(int(s))][0] for n, s in zip(numbers, owner, strict=True)}
    community: dict[int, str] = {}
    names = {code: name for code, name, _, _ in STREETS} | COUNTIES
    for code, name, _, _ in STREETS:
        own = [i for i, n in enumerate(numbers) if street[n] == code]
        count = max(2, round(lived[own].sum() / COMMUNITY_PEOPLE))
        within = graph[own, :][:, own]
        grown = _grown(within, _spread_seeds(within, lived[own], count))
        for order, seed in enumerate(sorted(set(grown.tolist())), start=1):
            unit = f"{code}-M{order:02d}"
            names[unit] = f"{name}第{order}社区(模拟)"
            community |= {numbers[own[i]]: unit for i in np.flatnonzero(grown == seed)}
    shapes, study = _shapes(blocks, street, community)
    return Areas(numbers, street, community, shapes, names, study)


def _shapes(
    blocks: Sequence[Block], street: dict[int, str], community: dict[int, str]
) -> tuple[dict[str, Polygon], Polygon]:
    shapes = {
        unit: _joined([blocks[n].polygon for n, of in community.items() if of == unit])
        for unit in sorted(set(community.values()))
    }
    for code in sorted(set(street.values())):
        shapes[code] = _joined([shapes[unit] for unit in shapes if unit.startswith(f"{code}-")])
    for county in COUNTIES:
        own = [shapes[code] for code in set(street.values()) if code.startswith(county)]
        shapes[county] = _joined(own)
    return shapes, _joined([shapes[county] for county in COUNTIES])


def _joined(polygons: list[Polygon]) -> Polygon:
    joined = shapely.union_all(polygons, grid_size=0.01)
    if isinstance(joined, MultiPolygon):
        msg = f"an area falls into {len(joined.geoms)} pieces"
        raise TypeError(msg)
    return joined


def lie_in(points: Sequence[Point], areas: Areas) -> list[str | None]:
    """Return the community each point lies in, None outside the study."""
    units = [unit for unit in areas.shapes if "-M" in unit]
    tree = shapely.STRtree([areas.shapes[unit] for unit in units])
    found: list[str | None] = [None] * len(points)
    for point, unit in zip(*tree.query(list(points), "within"), strict=True):
        found[int(point)] = units[int(unit)]
    return found


def shuffled(count: int, name: str) -> NDArray[np.int64]:
    """Return the numbers below `count` in a random but fixed order."""
    return stream(name).permutation(count)
