"""Coordinates: the one metric system of a study, and the shifted ones of Chinese web maps.

GCJ-02 shifts WGS84 by 260 to 720 m inside China, BD-09 by about 1 km more. The forward formulas
are the public ones; the inverse is a fixed-point iteration that returns to the start within a
micrometre. CGCS2000 and WGS84 differ by centimetres and are taken as one.
"""

import math
import re
from collections.abc import Callable
from functools import partial

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Proj
from pyproj.exceptions import CRSError

from geo.errors import CoordinateError
from geo.language import say
from geo.position.china import in_china

WGS84 = "EPSG:4326"
STRETCH = 0.01  # a CGCS2000 zone stretches by 0.0003 at its edge, Web Mercator by 0.35 in Chifeng
Floats = NDArray[np.float64]
Moved = Callable[[Floats, Floats], tuple[Floats, Floats]]

# Semi-major axis and squared eccentricity of the Krassovsky ellipsoid, as GCJ-02 uses them.
_AXIS_M = 6_378_245.0
_ECCENTRICITY2 = 0.00669342162296594323

# Ellipsoids that in China belong to the old systems, by their semi-major axis.
_OLD_AXES = {_AXIS_M: "Beijing 1954", 6_378_140.0: "Xian 1980"}
# Names as GDAL, ESRI and offices write them, without blanks and strokes; the first fit counts.
_OLD = {
    "New Beijing": ("newbeijing", "新北京", "新1954", "新54"),
    "Beijing 1954": ("beijing1954", "beijing54", "北京1954", "北京54", "1954年北京", "北京坐标系"),
    "Xian 1980": ("xian1980", "xian80", "西安1980", "西安80", "1980西安", "1980年西安"),
}
_SPOKEN_OLD = {
    "New Beijing": say("新北京 54（New Beijing）"), "Beijing 1954": say("北京 54（Beijing 1954）"),
    "Xian 1980": say("西安 80（Xian 1980）"),
}
_YX = re.compile(r"\s+yx$", re.IGNORECASE)
# What users call the systems, without blanks and strokes.
_SPELLINGS = {
    "wgs84": ("wgs84", "wgs1984", "gps"),
    "cgcs2000": ("cgcs2000", "2000国家大地坐标系", "国家2000"),
    "gcj02": ("gcj02", "火星坐标", "火星坐标系", "高德", "高德坐标", "腾讯"),
    "bd09": ("bd09", "bd09ll", "百度", "百度坐标"),
    "beijing54": ("beijing54", "beijing1954", "北京54", "北京1954", "1954年北京坐标系", "bj54"),
    "xian80": ("xian80", "xian1980", "西安80", "西安1980", "1980西安坐标系", "1980年西安坐标系"),
}

_CHINA = (72.0, 17.0, 136.0, 54.0)  # west, south, east, north, in degrees
_WEST_OF_ZONES = 73.5  # the CGCS2000 zones begin here: the first one's meridian is 75


def metric_crs(longitude: float, latitude: float) -> CRS:
    """Return the metric CRS for a study around a point: CGCS2000 3-degree zone, or UTM abroad."""
    _, south, east, north = _CHINA
    if _WEST_OF_ZONES <= longitude <= east and south <= latitude <= north:
        meridian = min(max(round(longitude / 3) * 3, 75), 135)
        return CRS.from_epsg(4534 + (meridian - 75) // 3)
    zone = int((longitude + 180) // 6) % 60 + 1
    return CRS.from_epsg((32600 if latitude >= 0 else 32700) + zone)


def spoken(text: str | None) -> tuple[str, bool]:
    """Return what a user calls a coordinate system, in one spelling, and whether y comes first.

    `GCJ-02`, `火星坐标` are gcj02; `WGS 84`, wgs84; `EPSG:4549 yx` is EPSG:4549 with y before x.
    """
    given = (text or "").strip().lower()
    said = _YX.sub("", given)
    turned = said != given
    plain = said.translate(str.maketrans("", "", " -_"))
    for word, names in _SPELLINGS.items():
        if plain in names:
            return word, turned
    return said, turned


def without_order(text: str) -> str:
    """Return what a user calls a coordinate system without the ` yx` behind it."""
    return _YX.sub("", text.strip())


def parse_crs(text: str) -> CRS:
    """Return a CRS from `wgs84`, `cgcs2000` or `EPSG:n`.

    Errors: CoordinateError for anything else, and for Beijing 1954 and Xi'an 1980, whose shift
    to CGCS2000 needs local parameters that no software can guess.
    """
    known = {"wgs84": WGS84, "cgcs2000": "EPSG:4490", "beijing54": "EPSG:4214",
             "xian80": "EPSG:4610"}
    said, _ = spoken(text)
    try:
        # An order of x and y that nobody would heed is no part of a name here.
        crs = CRS.from_user_input(text if _YX.search(text) else known.get(said, text.strip()))
    except CRSError:
        raise CoordinateError(
            say(
                "坐标系“{text}”无法识别，请写 wgs84、cgcs2000、gcj02、bd09 或 EPSG:编号。",
                text=text,
            )
        ) from None
    return require_trusted(crs)


def require_trusted(crs: CRS) -> CRS:
    """Return the CRS, refusing those that PROJ converts by doing nothing.

    Errors: CoordinateError for the old Chinese systems, by name or by the ellipsoid alone, and
    for grids of a city that are tied to nothing.
    """
    if not (crs.is_geographic or crs.is_projected):
        raise CoordinateError(
            say(
                "坐标系“{name}”是地方（独立）坐标系，与 WGS84 的关系未知，无法转换。"
                "请先由测绘部门转换为 CGCS2000 再导入。",
                name=crs.name,
            )
        )
    old = _old_datum(crs)
    if old:
        raise CoordinateError(
            say(
                "坐标系 {name} 转换到 CGCS2000 需要本地七参数，直接转换的精度无法保证。"
                "请先由测绘部门转换为 CGCS2000 再导入。",
                name=_SPOKEN_OLD.get(old, old),
            )
        )
    return crs


def _old_datum(crs: CRS) -> str:
    """Return the old Chinese datum a CRS stands on, by its names or its ellipsoid; else ""."""
    named = [crs.name, *(part.name for part in (crs.geodetic_crs, crs.datum) if part is not None)]
    folded = " ".join(named).lower().translate(str.maketrans("_-'", "   ")).replace(" ", "")
    for name, spellings in _OLD.items():
        if any(spelling in folded for spelling in spellings):
            return name
    ellipsoid = crs.ellipsoid
    old = None if ellipsoid is None else _OLD_AXES.get(ellipsoid.semi_major_metre)
    if ellipsoid is None or old is None or _is_known(crs.geodetic_crs):
        return ""
    return f"{crs.name} ({ellipsoid.name}, {old})"


def _is_known(degrees: CRS | None) -> bool:
    """Tell whether the datum is one of the EPSG's, whose parameters PROJ has."""
    if degrees is None or degrees.datum is None or "specified" in degrees.datum.name:
        return False
    return degrees.to_epsg(min_confidence=70) is not None


def require_true_metres(crs: CRS, near: tuple[float, float] | None = None) -> CRS:
    """Return the CRS if it measures true metres, to one per cent, at a place in degrees.

    Errors: CoordinateError for degrees, feet, and projections stretched there (Web Mercator).
    """
    metres = crs.is_projected and all(axis.unit_name == "metre" for axis in crs.axis_info)
    stretch = 0.0
    if metres:
        area = crs.area_of_use
        if near is None and area is not None:
            near = (area.west + area.east) / 2, (area.south + area.north) / 2
        if near is not None:
            factors = Proj(crs).get_factors(*near)
            stretch = max(abs(factors.meridional_scale - 1), abs(factors.parallel_scale - 1))
    if not metres or not stretch <= STRETCH:
        raise CoordinateError(
            say(
                "坐标系“{crs}”在研究范围内不以真实的米为单位，不能测量步行距离。"
                "请用当地的 CGCS2000 3 度带（如 EPSG:4549）。",
                crs=f"{crs.to_string()} {crs.name}",
            )
        )
    return crs


def wgs84_to_gcj02(longitude: ArrayLike, latitude: ArrayLike) -> tuple[Floats, Floats]:
    """Return GCJ-02 degrees for WGS84 degrees; points outside China are left as they are."""
    return _inside_only(_gcj02, longitude, latitude)


def gcj02_to_wgs84(longitude: ArrayLike, latitude: ArrayLike) -> tuple[Floats, Floats]:
    """Return WGS84 degrees for GCJ-02 degrees; points outside China are left as they are."""
    return _inside_only(partial(_inverse, _gcj02), longitude, latitude)


def wgs84_to_bd09(longitude: ArrayLike, latitude: ArrayLike) -> tuple[Floats, Floats]:
    """Return BD-09 degrees for WGS84 degrees; points outside China are left as they are."""
    return _inside_only(_bd09, longitude, latitude)


def bd09_to_wgs84(longitude: ArrayLike, latitude: ArrayLike) -> tuple[Floats, Floats]:
    """Return WGS84 degrees for BD-09 degrees; points outside China are left as they are."""
    return _inside_only(partial(_inverse, _bd09), longitude, latitude)


def unshift(frame: gpd.GeoDataFrame, coordinates: str) -> gpd.GeoDataFrame:
    """Return the frame in WGS84, its degrees read as `gcj02` or `bd09`."""
    inverse = {"gcj02": gcj02_to_wgs84, "bd09": bd09_to_wgs84}[coordinates]
    moved = shapely.transform(
        frame.geometry.array, lambda xy: np.column_stack(inverse(xy[:, 0], xy[:, 1]))
    )
    return frame.set_geometry(gpd.GeoSeries(moved, index=frame.index, crs=WGS84))


def _inside_only(
    moved: Moved, longitude: ArrayLike, latitude: ArrayLike
) -> tuple[Floats, Floats]:
    """Return moved coordinates of the points in China, the others as they are."""
    lon, lat = np.asarray(longitude, dtype=float), np.asarray(latitude, dtype=float)
    inside = in_china(lon, lat)
    there_lon, there_lat = moved(lon, lat)
    return np.where(inside, there_lon, lon), np.where(inside, there_lat, lat)


def _inverse(forward: Moved, goal_lon: Floats, goal_lat: Floats) -> tuple[Floats, Floats]:
    lon, lat = goal_lon, goal_lat
    for _ in range(12):  # each step shrinks the error more than a hundredfold
        there_lon, there_lat = forward(lon, lat)
        lon, lat = lon + goal_lon - there_lon, lat + goal_lat - there_lat
    return lon, lat


def _bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    lon, lat = _gcj02(lon, lat)
    pull = math.pi * 3000 / 180
    radius = np.hypot(lon, lat) + 2e-5 * np.sin(lat * pull)
    angle = np.arctan2(lat, lon) + 3e-6 * np.cos(lon * pull)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    east, north = _gcj02_shift(lon, lat)
    return lon + east, lat + north


def _gcj02_shift(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    waves = (20 * np.sin(6 * x * np.pi) + 20 * np.sin(2 * x * np.pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20 * np.sin(y * np.pi) + 40 * np.sin(y / 3 * np.pi)) * 2 / 3
    north += (160 * np.sin(y / 12 * np.pi) + 320 * np.sin(y * np.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20 * np.sin(x * np.pi) + 40 * np.sin(x / 3 * np.pi)) * 2 / 3
    east += (150 * np.sin(x / 12 * np.pi) + 300 * np.sin(x / 30 * np.pi)) * 2 / 3
    latitude = np.radians(lat)
    magic = 1 - _ECCENTRICITY2 * np.sin(latitude) ** 2
    per_degree_north = _AXIS_M * (1 - _ECCENTRICITY2) / (magic * np.sqrt(magic)) * np.pi / 180
    per_degree_east = _AXIS_M / np.sqrt(magic) * np.cos(latitude) * np.pi / 180
    return east / per_degree_east, north / per_degree_north
