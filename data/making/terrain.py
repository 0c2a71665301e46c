"""The ground the simulated city stands on: its frame, rivers, railway and old centre.

Plans are drawn in a straight frame (u to the east, v to the north, metres from the centre) and
bent a little on their way to EPSG:4549, so that no street is ruler-straight.
"""

import math
import zlib
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely import LineString, Point, Polygon

SEED = 20251231
CRS = "EPSG:4549"
CENTRE_LONLAT = (118.945, 42.270)
TURN = math.radians(-6.5)
OLD_CENTRE = (1150.0, 450.0)
HALF_AXES_M = (5350.0, 3450.0)
BEYOND_M = 1650.0

Floats = NDArray[np.float64]


def stream(name: str) -> np.random.Generator:
    """Return the random stream of that name; streams do not disturb each other."""
    return np.random.default_rng([SEED, zlib.crc32(name.encode())])


def to_metres(longitude: float, latitude: float) -> tuple[float, float]:
    """Return easting and northing in EPSG:4549."""
    x, y = Transformer.from_crs("EPSG:4326", CRS, always_xy=True).transform(longitude, latitude)
    return float(x), float(y)


ORIGIN = to_metres(*CENTRE_LONLAT)


def bend(uv: Floats) -> Floats:
    """Return EPSG:4549 metres for frame coordinates (n, 2)."""
    u, v = uv[:, 0], uv[:, 1]
    # South of the railway and north of the river the grid was laid out in other decades.
    lean = -0.13 * 200 * np.logaddexp(0, (-1450 - v) / 200)
    lean = lean - 0.10 * 200 * np.logaddexp(0, (v - 2050) / 200)
    bent_u = u + lean + 75 * np.sin(v / 2100 + 0.6) + 22 * np.sin(u / 900)
    bent_v = v + 95 * np.sin(u / 2600) + 28 * np.sin(v / 1100 + 1)
    x = bent_u * math.cos(TURN) - bent_v * math.sin(TURN)
    y = bent_u * math.sin(TURN) + bent_v * math.cos(TURN)
    return np.column_stack([x + ORIGIN[0], y + ORIGIN[1]])


def drawn(points: list[tuple[float, float]] | Floats, *, step_m: float = 60.0) -> LineString:
    """Return a line of the frame as it lies on the ground, densified before bending."""
    line = shapely.segmentize(LineString(points), step_m)
    return shapely.transform(line, bend)


def ground(u: float, v: float) -> Point:
    """Return where a point of the frame lies on the ground."""
    return Point(bend(np.array([[u, v]]))[0])


def reach(point: Point) -> float:
    """Return how far out a point lies: 0 at the centre, 1 on the edge of the built-up city."""
    x, y = point.x - ORIGIN[0], point.y - ORIGIN[1]
    u = x * math.cos(TURN) + y * math.sin(TURN)
    v = -x * math.sin(TURN) + y * math.cos(TURN)
    angle = math.atan2(v, u)
    ragged = 1 + 0.07 * math.sin(3 * angle + 0.7) + 0.05 * math.sin(5 * angle + 2)
    power = 2.6  # between an ellipse and a rectangle
    out = (abs(u) / HALF_AXES_M[0]) ** power + (abs(v) / HALF_AXES_M[1]) ** power
    return float(out ** (1 / power) / ragged)


@dataclass(frozen=True)
class Terrain:
    """What streets must go around: water and railway, with their middle lines."""

    river: Polygon
    brook: Polygon
    river_middle: LineString
    brook_middle: LineString
    railway: LineString

    @property
    def water(self) -> Polygon:
        """Both rivers as one polygon."""
        joined = shapely.union(self.river, self.brook)
        if not isinstance(joined, Polygon):
            msg = "the two rivers do not meet"
            raise TypeError(msg)
        return joined


def _river_v(u: Floats) -> Floats:
    return np.asarray(1950 + 380 * np.sin(u / 1900 + 0.4) + 120 * np.sin(u / 800))


def make_terrain() -> Terrain:
    """Return the rivers and the railway of the simulated city."""
    u = np.arange(-9000.0, 9001.0, 60.0)
    river = drawn(np.column_stack([u, _river_v(u)]))
    mouth_u = -1500.0
    along = np.linspace(0, 1, 90)
    brook_u = -8600 + (mouth_u + 8600) * along
    mouth_v = float(_river_v(np.array([mouth_u]))[0])
    brook_v = -2500 + (mouth_v + 2500) * along**1.35 + 260 * np.sin(along * 9) * (1 - along)
    brook = drawn(np.column_stack([brook_u, brook_v]))
    rail_u = np.arange(-9000.0, 9001.0, 100.0)
    railway = drawn(np.column_stack([rail_u, -1480 - 0.03 * rail_u + 170 * np.sin(rail_u / 2700)]))
    return Terrain(
        river=shapely.buffer(river, 78, quad_segs=4),
        brook=shapely.buffer(brook, 27, quad_segs=4),
        river_middle=river,
        brook_middle=brook,
        railway=railway,
    )
