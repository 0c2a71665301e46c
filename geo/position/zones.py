"""The Gauss-Kruger zones of CGCS2000: which zone metres without a name belong to.

A figure tells much: in China a northing is 1,900 to 6,000 km, an easting without zone prefix 160 to
840 km, and one with prefix 13 to 23 million (6-degree zones) or 25 to 45 million metres (3-degree
zones). What is left open, the study's own extent decides.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from geo.position.china import in_china
from geo.position.coordinates import WGS84, metric_crs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bounds = tuple[float, float, float, float]  # west, south, east, north in degrees

# Zone prefix -> EPSG code of CGCS2000 with that prefix in the easting.
_BY_PREFIX = {
    **{13 + number: 4491 + number for number in range(11)},
    **{25 + number: 4513 + number for number in range(21)},
}
# Codes without prefix, by central meridian; a 6-degree zone has the numbers of the 3-degree zone
# of the same meridian, whose code is therefore the one named.
_BY_MERIDIAN = {75 + 3 * number: 4534 + number for number in range(21)}
_MERIDIAN_OF = {
    **{code: meridian for meridian, code in _BY_MERIDIAN.items()},
    **{4513 + number: 75 + 3 * number for number in range(21)},
    **{4491 + number: 75 + 6 * number for number in range(11)},
    **{4502 + number: 75 + 6 * number for number in range(11)},
}
_PREFIX_OF = {code: prefix for prefix, code in _BY_PREFIX.items()}

_WEB_MERCATOR = 3857
PREFIX_M = 1_000_000.0
_EASTING_M = (160_000.0, 840_000.0)  # to 3.1 degrees from the meridian at the latitude of Hainan
_NORTHING_M = (1_800_000.0, 6_000_000.0)
# A study's layers reach a little beyond its boundary; the next zone is 200 km away.
_BESIDE_DEGREES = 0.5
_MOST = 0.5  # of the rows must lie in the study


def central_meridian(code: int) -> int | None:
    """Return the central meridian of a zone of CGCS2000 by its EPSG code; None for no zone."""
    return _MERIDIAN_OF.get(code)


@dataclass(frozen=True)
class Metres:
    """What metres without a name look like.

    prefixes
        Zone prefix of each row; 0 for an easting without one, -1 for what is no Chinese metre.
    turned
        The northing stands first, as survey files write it.
    """

    prefixes: Ints
    turned: bool

    @property
    def zones(self) -> tuple[int, ...]:
        """Return the different prefixes, 0 among them where some eastings have none."""
        return tuple(sorted({int(prefix) for prefix in self.prefixes if prefix >= 0}))

    @property
    def local(self) -> bool:
        """Tell whether no row is a Chinese easting and northing: a city's own grid."""
        return bool((self.prefixes < 0).all())


def prefixes_of(x: Floats, y: Floats) -> Ints:
    """Return the zone prefix of eastings `x` and northings `y`: 0 none, -1 not Chinese metres."""
    prefix = np.floor_divide(np.nan_to_num(x, nan=-1.0, posinf=-1.0, neginf=-1.0), PREFIX_M)
    within = np.nan_to_num(x, nan=-1.0, posinf=-1.0, neginf=-1.0) - prefix * PREFIX_M
    chinese = (within >= _EASTING_M[0]) & (within <= _EASTING_M[1])
    chinese &= (y >= _NORTHING_M[0]) & (y <= _NORTHING_M[1])
    known = np.isin(prefix, [0, *_BY_PREFIX])
    return np.where(chinese & known, prefix, -1).astype(np.int64)


def read_metres(x: Floats, y: Floats) -> Metres:
    """Return what eastings and northings look like, in either order."""
    straight, turned = prefixes_of(x, y), prefixes_of(y, x)
    if (turned >= 0).sum() > (straight >= 0).sum():
        return Metres(turned, turned=True)
    return Metres(straight, turned=False)


def zone_of_prefix(prefix: int) -> int:
    """Return the EPSG code of the zone with a prefix."""
    return _BY_PREFIX[prefix]


def prefix_of(crs: CRS) -> int:
    """Return the zone prefix of a CGCS2000 zone's eastings, 0 where it has none or is no zone."""
    return _PREFIX_OF.get(crs.to_epsg() or 0, 0)


def twin(crs: CRS, *, prefix: int) -> int | None:
    """Return the zone of the same meridian without prefix (0), or the one with the given prefix."""
    if prefix:
        return _BY_PREFIX.get(prefix)
    meridian = _MERIDIAN_OF.get(crs.to_epsg() or 0)
    return None if meridian is None else _BY_MERIDIAN[meridian]


def likely_zones(x: Floats, y: Floats, *, near: Bounds | None = None) -> tuple[int, ...]:
    """Return the EPSG codes of the systems that eastings and northings may belong to.

    near
        Extent of the study in degrees; systems that put most rows outside it are left out.

    Several prefixes give several zones. Without prefix and extent all zones are possible: none is
    returned, as for figures that are no metres of China.
    """
    prefixes = prefixes_of(x, y)
    with_prefix = sorted({int(prefix) for prefix in prefixes[prefixes > 0]})
    zones = [(zone_of_prefix(prefix), prefixes == prefix) for prefix in with_prefix]
    everywhere = np.ones(len(x), dtype=bool)
    lon, lat = _from_zone(_WEB_MERCATOR).transform(x, y)
    if in_china(lon, lat).mean() > _MOST:
        zones.append((_WEB_MERCATOR, everywhere))
    if near is None:
        return tuple(code for code, _ in zones)
    zones += [(code, prefixes == 0) for code in _BY_MERIDIAN.values() if (prefixes == 0).any()]
    middle = (near[0] + near[2]) / 2, (near[1] + near[3]) / 2
    if not in_china(*middle):
        zones.append((metric_crs(*middle).to_epsg() or _WEB_MERCATOR, everywhere))
    fitting = (code for code, rows in zones if _most_inside(code, x, y, rows, near))
    return tuple(dict.fromkeys(fitting))


def _most_inside(
    code: int, x: Floats, y: Floats, rows: NDArray[np.bool_], near: Bounds
) -> bool:
    lon, lat = _from_zone(code).transform(x[rows], y[rows])
    return bool(inside(lon, lat, near).mean() > _MOST)


def inside(lon: Floats, lat: Floats, near: Bounds) -> NDArray[np.bool_]:
    """Tell which degrees lie in an extent or up to half a degree beside it."""
    west, south, east, north = near
    beside = _BESIDE_DEGREES
    return np.asarray(
        (lon >= west - beside) & (lon <= east + beside)
        & (lat >= south - beside) & (lat <= north + beside)
    )


def middles(geometry: NDArray[np.object_]) -> tuple[Floats, Floats]:
    """Return the middle of each geometry's bounds; NaN where there is none."""
    west, south, east, north = shapely.bounds(geometry).T
    return (west + east) / 2, (south + north) / 2


@cache
def _from_zone(code: int) -> Transformer:
    return Transformer.from_crs(CRS.from_epsg(code), CRS(WGS84), always_xy=True)
