"""Layers that lie a web map's shift away from the streets, or from each other.

Whether a layer fits the streets cannot be told from distances alone: in a dense town any place is
near some street. So the layer is moved about at random, and how well it fits as it is, or with the
shift of GCJ-02 or BD-09 taken off, is compared with how well it fits by chance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geo.findings import Finding
from geo.language import Message, say
from geo.position.china import in_china
from geo.position.coordinates import (
    WGS84,
    Moved,
    bd09_to_wgs84,
    gcj02_to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)
from geo.position.far_rows import far_findings
from geo.position.projected import moved_between, transformer
from geo.shapes.checked import in_metres
from geo.streets.network import WalkNetwork
from geo.walks.nearest_street import StreetIndex

Floats = NDArray[np.float64]
System = Literal["gcj02", "bd09"]

# Layers whose places stand beside streets, or between them.
PLACED = ("facilities", "residential", "candidates", "entrances", "care_land")
OUTLINES = ("boundaries", "population")

_SAMPLE = 200  # places of a layer that are looked at
_FEWEST = 8  # with fewer nothing is told
_FAR_M = 400.0  # a street farther away is no street at all
_TRIES = 32  # random moves, 350 to 1,200 m away: as far as the shifts are
_NEAREST_TRY_M, _FARTHEST_TRY_M = 350.0, 1_200.0
_GOLDEN = 2.399963  # radians between one move and the next: all directions alike
_APART_M = 100.0  # a random move so near to a shift is the shift
# How many standard deviations of chance a fit must be better than chance, and than as it is.
_BETTER, _BETTER_THAN_NOW = 3.5, 3.0
_PAVEMENT_M, _BLOCK_M = 5.0, 50.0  # how far off a street places stand, and the middle of estates
_MIDDLE = 0.7  # of an estate's radius: a street so near its middle runs through it

_FEWEST_OUTLINES, _SAMPLED_OUTLINES = 3, 50
_SAME = 0.3  # of the shift: outlines are never drawn with the same corners
_LEAST_M = 100.0
_SHIFTS: Mapping[System, Moved] = {"gcj02": wgs84_to_gcj02, "bd09": wgs84_to_bd09}
_INVERSES: Mapping[System, Moved] = {"gcj02": gcj02_to_wgs84, "bd09": bd09_to_wgs84}
_NAMES: Mapping[System, Message] = {
    "gcj02": say("GCJ-02（高德、腾讯）"), "bd09": say("BD-09（百度）"),
}  # fmt: skip


@dataclass(frozen=True)
class Shift:
    """A layer that lies a web map's shift away from where it belongs.

    system
        Whose shift it is.
    twice
        The shift has been taken off a layer that had none.
    east_m, north_m
        How far the layer lies from where it belongs.
    count
        Places, or pairs of outlines, that were compared.
    """

    system: System
    twice: bool
    east_m: float
    north_m: float
    count: int


@dataclass(frozen=True)
class Offset:
    """How outlines of one layer lie to those of the same name in another.

    east_m, north_m
        Median of how far the first lies from the second.
    spread_m
        Median distance of the single offsets from that.
    shift
        The web map's shift that explains it; None where none does.
    """

    east_m: float
    north_m: float
    spread_m: float
    count: int
    shift: Shift | None


def datum_findings(
    layers: Mapping[str, gpd.GeoDataFrame], network: WalkNetwork
) -> list[Finding]:
    """Return findings on layers a web map's shift off the streets or each other, or far away.

    layers
        By name, in any CRS; rows without geometry are passed over.
    """
    findings = far_findings(layers, network.crs)
    streets = StreetIndex(network, np.ones(len(network), dtype=bool))
    for name in PLACED:
        if name in layers:
            xy, radius_m = _places(layers[name], network.crs)
            shift = offset_from_streets(xy, network, radius_m=radius_m, streets=streets)
            findings += [] if shift is None else [_off_streets(name, shift)]
    present = [name for name in OUTLINES if name in layers]
    for at, name in enumerate(present):
        for other in present[at + 1:]:
            offset = shift_between(layers[name], layers[other])
            findings += [] if offset is None else _off_outlines(name, other, offset)
    return findings


def offset_from_streets(
    xy: Floats,
    network: WalkNetwork,
    *,
    radius_m: Floats | None = None,
    streets: StreetIndex | None = None,
) -> Shift | None:
    """Return the web map's shift by which places lie off the streets; None where none is likely.

    xy
        Metres in the network's CRS, shape (places, 2).
    radius_m
        Of places that are ground: streets do not run through their middle.
    streets
        An index of all streets, where there is one already.

    Never for places outside China, or fewer than 8 among the streets.
    """
    streets = streets or StreetIndex(network, np.ones(len(network), dtype=bool))
    rows = _among(xy, network)
    degrees = transformer(network.crs, CRS(WGS84))
    if len(rows) < _FEWEST:
        return None
    here = xy[rows]
    lon, lat = degrees.transform(*here.T)
    if not in_china(np.median(lon), np.median(lat)):
        return None
    causes: list[tuple[System, bool]] = []
    moved: list[Floats] = []
    for twice, ways in ((False, _INVERSES), (True, _SHIFTS)):
        for system, way in ways.items():
            causes.append((system, twice))
            moved.append(np.column_stack(degrees.transform(*way(lon, lat), direction="INVERSE")))
    best = _best_fit(here, moved, streets, None if radius_m is None else radius_m[rows])
    if best is None:
        return None
    east, north = (here - moved[best]).mean(axis=0)
    return Shift(*causes[best], float(east), float(north), len(rows))


def shift_between(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> Offset | None:
    """Return how outlines lie to those of the same name, or the same ground, in another layer.

    None where fewer than three are in both.
    """
    one, other = (_outlines(frame) for frame in (one, other))
    first, second = _same_names(one, other)
    if len(first) < _FEWEST_OUTLINES:
        first, second = _same_ground(one, other)
    if len(first) < _FEWEST_OUTLINES:
        return None
    here = shapely.centroid(one.geometry.to_numpy()[first])
    there = shapely.centroid(other.geometry.to_numpy()[second])
    both = shapely.get_coordinates(in_metres(np.concatenate([here, there])))
    offsets = both[: len(first)] - both[len(first):]
    east, north = np.median(offsets, axis=0)
    spread = float(np.median(np.hypot(*(offsets - (east, north)).T)))
    shift = _explained(here, there, offsets)
    return Offset(float(east), float(north), spread, len(first), shift)


def _places(frame: gpd.GeoDataFrame, crs: CRS) -> tuple[Floats, Floats | None]:
    """Return the middle of a sample of rows in metres, and the radius of those that are ground."""
    geometry = frame.geometry.to_numpy()
    rows = np.flatnonzero(~(shapely.is_missing(geometry) | shapely.is_empty(geometry)))
    some = geometry[_spaced(rows, 2 * _SAMPLE)]
    if frame.crs is not None and frame.crs != crs:
        some = moved_between(some, frame.crs, crs)
    radius_m = np.sqrt(shapely.area(some) / np.pi)
    return shapely.get_coordinates(shapely.centroid(some)), radius_m if radius_m.any() else None


def _spaced(rows: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return at most so many rows, evenly spread over the file."""
    if len(rows) <= most:
        return rows
    return rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]


def _among(xy: Floats, network: WalkNetwork) -> NDArray[np.int64]:
    """Return a sample of the places that lie among the streets, whichever way they are moved."""
    low = np.array([network.x.min(), network.y.min()]) - _FARTHEST_TRY_M
    high = np.array([network.x.max(), network.y.max()]) + _FARTHEST_TRY_M
    return _spaced(np.flatnonzero(((xy >= low) & (xy <= high)).all(axis=1)), _SAMPLE)


def _best_fit(
    here: Floats, moved: Sequence[Floats], streets: StreetIndex, radius_m: Floats | None
) -> int | None:
    """Return which of the moved places fit the streets far better than chance and than now."""
    turns = np.arange(_TRIES) * _GOLDEN
    reach = np.linspace(_NEAREST_TRY_M, _FARTHEST_TRY_M, _TRIES)
    moves = np.column_stack([np.cos(turns), np.sin(turns)]) * reach[:, None]
    shifts = np.array([(there - here).mean(axis=0) for there in moved])
    apart = np.hypot(*(moves[:, None] - shifts[None]).transpose(2, 0, 1)).min(axis=1)
    chances = [here + move for move in moves[apart > _APART_M]]
    xy = np.concatenate([here, *moved, *chances])
    off_m = streets.nearest(xy[:, 0], xy[:, 1], within_m=_FAR_M).off_street_m
    off_m = np.minimum(off_m, _FAR_M).reshape(-1, len(here))
    # The smaller, the better they fit.
    fits = [np.log(off_m + _PAVEMENT_M).mean(axis=1)]
    if radius_m is not None:
        crossed = (off_m < _MIDDLE * radius_m).mean(axis=1)
        fits.append(crossed + np.log(off_m + _BLOCK_M).mean(axis=1))
    for fit in fits:
        by_chance = fit[1 + len(moved):]
        score = (fit - by_chance.mean()) / (by_chance.std(ddof=1) + 1e-3)
        best = int(np.argmin(score[1 : 1 + len(moved)]))
        if score[1 + best] < min(-_BETTER, score[0] - _BETTER_THAN_NOW):
            return best
    return None


def _outlines(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    kept = frame[frame.geometry.notna() & ~frame.geometry.is_empty]
    kept = kept[shapely.get_dimensions(kept.geometry.to_numpy()) == 2]  # noqa: PLR2004 - surfaces
    return kept if kept.crs is None else kept.to_crs(WGS84)


Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]


def _same_names(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> Pairs:
    """Return where names stand that each layer has once."""
    if "name" not in one or "name" not in other:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    names = [frame["name"].astype(object).to_numpy() for frame in (one, other)]
    once = []
    for column in names:
        known = [name for name in column if isinstance(name, str) and name]
        single = {name for name, count in zip(*np.unique(known, return_counts=True), strict=True)
                  if count == 1} if known else set()  # fmt: skip
        once.append({name: at for at, name in enumerate(column) if name in single})
    both = sorted(once[0].keys() & once[1].keys())
    return (
        np.array([once[0][name] for name in both], dtype=np.int64),
        np.array([once[1][name] for name in both], dtype=np.int64),
    )


def _same_ground(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> Pairs:
    """Return pairs that share more than half of the ground of each."""
    here, there = one.geometry.to_numpy(), other.geometry.to_numpy()
    some = _spaced(np.arange(len(here)), _SAMPLED_OUTLINES)
    first, second = shapely.STRtree(there).query(here[some])
    first = some[first]
    sizes = shapely.area(here)[first], shapely.area(there)[second]
    alike = np.minimum(*sizes) > np.maximum(*sizes) / 2
    first, second, larger = first[alike], second[alike], np.maximum(*sizes)[alike]
    same = shapely.area(shapely.intersection(here[first], there[second])) > larger / 2
    return first[same], second[same]


def _explained(here: NDArray[Any], there: NDArray[Any], offsets: Floats) -> Shift | None:
    """Return the shift that turns one layer's middles into the other's."""
    for twice, (plain, moved) in ((False, (there, here)), (True, (here, there))):
        lon, lat = shapely.get_coordinates(plain).T
        if not in_china(lon, lat).all():
            continue
        for system, way in _SHIFTS.items():
            goal = shapely.points(*way(lon, lat))
            both = shapely.get_coordinates(in_metres(np.concatenate([goal, plain])))
            wanted = both[: len(goal)] - both[len(goal):]
            sign = -1.0 if twice else 1.0
            left = np.hypot(*(offsets - sign * wanted).T)
            if np.median(left) < _SAME * np.median(np.hypot(*wanted.T)):
                east, north = np.median(offsets, axis=0)
                return Shift(system, twice, float(east), float(north), len(moved))
    return None


def _off_streets(layer: str, shift: Shift) -> Finding:
    name = _NAMES[shift.system]
    if shift.twice:
        message = say(
            "位置整体偏离道路：{way}，正好是 {name} 的偏移被多改正了一次。"
            "放回去后，{count} 处位置与道路的吻合程度远好于随机移动。",
            way=_way(shift), name=name, count=shift.count,
        )
        remedy = say(
            "请核对：若资料本是 WGS84 或 CGCS2000，请照实写 coordinates；"
            "也可能是道路数据取自 {name}。", name=name,
        )
        return Finding("warning", layer, message, remedy)
    message = say(
        "位置整体偏离道路：{way}，正好是 {name} 的偏移。改正后，{count} 处位置与道路的吻合程度"
        "远好于随机移动；不改正，15 分钟步行圈会错位。",
        way=_way(shift), name=name, count=shift.count,
    )
    remedy = say('请核对来源；若是，请写明 coordinates = "{system}"。', system=shift.system)
    return Finding("warning", layer, message, remedy)


def _off_outlines(layer: str, other: str, offset: Offset) -> list[Finding]:
    way = _way(offset)
    if offset.shift is not None:
        guilty = other if offset.shift.twice else layer
        system = offset.shift.system
        message = say(
            "与图层 {other} 中同一地方的 {count} 个面整体错开：{way}，正好是 {name} 的偏移。",
            other=other, count=offset.count, way=way, name=_NAMES[system],
        )
        remedy = say(
            '请核对图层 {layer} 的来源；若是，请写明 coordinates = "{system}"。',
            layer=guilty, system=system,
        )
        return [Finding("warning", layer, message, remedy)]
    length = float(np.hypot(offset.east_m, offset.north_m))
    if length < _LEAST_M or offset.spread_m > _SAME * length:
        return []
    message = say(
        "与图层 {other} 中同一地方的 {count} 个面整体错开：{way}，原因不明。",
        other=other, count=offset.count, way=way,
    )
    return [Finding("warning", layer, message, say("请核对两个图层的坐标系。"))]


def _way(offset: Shift | Offset) -> Message:
    east = say("偏东") if offset.east_m >= 0 else say("偏西")
    north = say("偏北") if offset.north_m >= 0 else say("偏南")
    return say(
        "{east} {x} 米、{north} {y} 米",
        east=east, x=round(abs(offset.east_m)), north=north, y=round(abs(offset.north_m)),
    )
