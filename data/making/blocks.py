"""Superblocks between the main streets, each with the kind of life found in it."""

from dataclasses import dataclass

import numpy as np
import shapely
from making.arterials import Piece
from making.terrain import OLD_CENTRE, Terrain, ground, reach, stream
from shapely import LineString, Polygon

SLIVER_M2 = 14_000
WIDE_M2 = 420_000
OLD_M, MIDDLE_M = 1450.0, 3000.0

# Chances of each kind inside the city, by how far the superblock is from the old centre.
CHANCES = {
    "old": {"lanes": 0.72, "estates": 0.08, "public": 0.15, "park": 0.05},
    "middle": {"lanes": 0.13, "estates": 0.64, "public": 0.17, "park": 0.06},
    "outer": {"lanes": 0.03, "estates": 0.68, "public": 0.13, "park": 0.06, "works": 0.10},
    "beyond": {"village": 0.26, "works": 0.16, "fields": 0.58},
}


@dataclass(frozen=True)
class Block:
    """A face of the main street network: `kind` says what fills it, `core_m` where it lies."""

    polygon: Polygon
    kind: str
    core_m: float
    inside: bool


def _faces(pieces: list[Piece], terrain: Terrain) -> list[Polygon]:
    lines = [piece.line for piece in pieces]
    middles: list[LineString] = [terrain.river_middle, terrain.brook_middle]
    united = shapely.union_all([*lines, *middles], grid_size=0.01)
    return [face for face in shapely.polygonize([united]).geoms if isinstance(face, Polygon)]


def _kind(face: Polygon, terrain: Terrain, ring: str, rng: np.random.Generator) -> str:
    chances = CHANCES[ring]
    drawn = str(rng.choice(list(chances), p=np.array(list(chances.values()))))
    wet = shapely.area(shapely.intersection(face, terrain.water)) / face.area
    thin = 4 * np.pi * face.area / face.length**2
    if wet > 1 / 3:
        return "water"
    if face.area < SLIVER_M2 or thin < 1 / 4:
        return "green"
    if face.area > WIDE_M2 and ring != "beyond":
        return "park" if drawn == "park" else "estates"
    return drawn


def superblocks(pieces: list[Piece], terrain: Terrain) -> list[Block]:
    """Return the superblocks in a fixed order, from south-west to north-east."""
    rng = stream("blocks")
    centre = ground(*OLD_CENTRE)
    faces = sorted(_faces(pieces, terrain), key=lambda face: face.centroid.coords[0])
    blocks = []
    for face in faces:
        middle = face.representative_point()
        core_m = float(centre.distance(middle))
        ring = "old" if core_m < OLD_M else "middle" if core_m < MIDDLE_M else "outer"
        inside = reach(middle) < 1
        kind = _kind(face, terrain, ring if inside else "beyond", rng)
        blocks.append(Block(face, kind, core_m, inside))
    return blocks
