"""Streets from OpenStreetMap files: .osm.pbf and .osm."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import numpy as np
import osmium
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from geo.errors import StreetsError
from geo.findings import Finding
from geo.language import say
from geo.position.coordinates import WGS84, metric_crs
from geo.streets.assembly import NOT_A_NODE, Ways, assemble
from geo.streets.edited_osm import XML_ENDINGS, about_edits, as_osmium_reads, refuse_history
from geo.streets.lengths import without_length
from geo.streets.network import Floats, Ints, WalkNetwork
from geo.streets.turned import about_beyond, beyond_the_earth, refuse_swapped
from geo.streets.walkable import foot_direction, private, walkable

# A line as well-known binary in hexadecimal digits: byte order, type and count, then its points.
_HEAD_DIGITS = 2 * (1 + 4 + 4)
_LINES = osmium.geom.WKBFactory()
_EVERY_NODE = osmium.geom.use_nodes.ALL
_NOWHERE = 2**31 - 1  # how osmium writes the place of a node it has not met


@dataclass
class _Drawn:
    """Walkable ways as the file lists them: node numbers and degrees, end to end.

    lonlat
        Doubles, longitude and latitude in turns; NaN where the file lacks the node.
    number, version
        Of each way, as OpenStreetMap counts.
    """

    refs: array[int] = field(default_factory=lambda: array("q"))
    lonlat: bytearray = field(default_factory=bytearray)
    start: array[int] = field(default_factory=lambda: array("q", [0]))
    number: array[int] = field(default_factory=lambda: array("q"))
    version: array[int] = field(default_factory=lambda: array("q"))
    oneway: array[int] = field(default_factory=lambda: array("b"))
    private: array[int] = field(default_factory=lambda: array("b"))
    kind: list[str] = field(default_factory=list)
    without_nodes: int = 0


@dataclass(frozen=True)
class _Runs:
    """Stretches of ways whose nodes are all known.

    refs, lonlat, start
        As in `_Drawn`; no node follows itself.
    way
        The way each stretch is a part of.
    """

    refs: Ints
    lonlat: Floats
    start: Ints
    way: Ints
    missing: int
    without_length: int


def read_osm(path: Path, crs: CRS | None = None) -> tuple[WalkNetwork, list[Finding]]:
    """Return the walkable streets of an OSM file, and what was noticed.

    crs
        The study's metric CRS; by default that of the middle of the streets.

    Errors: StreetsError for a damaged file, a history, one without ways or with nothing to walk
    on, and one with longitude and latitude swapped.
    """
    with _damage_told(path), as_osmium_reads(path) as (readable, deleted):
        drawn = _read_ways(readable, path)
        if not drawn.kind:
            _refuse(readable, path)
    repeated = _repeated(drawn, path)
    lonlat = np.frombuffer(drawn.lonlat).reshape(-1, 2)
    refuse_swapped(lonlat, path.name)
    beyond = beyond_the_earth(lonlat)
    about = about_beyond(
        np.frombuffer(drawn.refs, dtype=np.int64)[beyond], lonlat[beyond], path.name
    )
    lonlat[beyond] = np.inf
    runs = _whole_runs(drawn, repeated)
    if not len(runs.way):
        _nothing_to_walk_on(path)
    crs = crs or metric_crs(*(float(degrees) for degrees in np.median(runs.lonlat, axis=0)))
    _, first, number, uses = np.unique(
        runs.refs, return_index=True, return_inverse=True, return_counts=True
    )
    to_metres = Transformer.from_crs(WGS84, crs, always_xy=True)
    node_xy = np.column_stack(to_metres.transform(*runs.lonlat[first].T))
    ways = Ways(
        start=runs.start,
        xy=node_xy[number],
        node=_shared_nodes(number, uses, runs.start),
        oneway=np.frombuffer(drawn.oneway, dtype=np.int8)[runs.way],
        private=np.frombuffer(drawn.private, dtype=np.int8).astype(bool)[runs.way],
        kind=[drawn.kind[way] for way in runs.way.tolist()],
    )
    return assemble(ways, crs, name=path.name), [
        *about_edits(deleted=deleted, repeated=int(repeated.sum()), file=path.name),
        *about,
        *_findings(runs.missing, path),
        *without_length(runs.without_length, path.name),
    ]


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    try:
        yield
    except (RuntimeError, ValueError, osmium.InvalidLocationError):
        # What the library says of it is English, and about its own reading.
        raise StreetsError(
            say("{file}：文件已损坏或不完整，无法读取。请重新导出后再试。", file=path.name)
        ) from None


def _refuse(readable: Path, path: Path) -> NoReturn:
    """Say why there is nothing to walk on."""
    things = osmium.FileProcessor(str(readable), osmium.osm.WAY)
    if any(isinstance(way, osmium.osm.Way) and not way.deleted for way in things):
        _nothing_to_walk_on(path)
    raise StreetsError(
        say("{file}：文件中没有道路。请换成含道路(way)的数据。", file=path.name)
    )


def _nothing_to_walk_on(path: Path) -> NoReturn:
    raise StreetsError(
        say("{file}：没有可步行的道路，请检查是否只含机动车道。", file=path.name)
    )


def _read_ways(readable: Path, path: Path) -> _Drawn:
    """Return the walkable ways; `readable` stands for `path`, which messages name.

    Overpass may write ways before their nodes: then the nodes are gathered first.
    """
    places = osmium.index.create_map("flex_mem")
    drawn = _in_one_go(readable, path, places)
    if _lacks_places(drawn) and readable.name.lower().endswith(XML_ENDINGS):
        places = osmium.index.create_map("flex_mem")
        for _ in osmium.FileProcessor(str(readable), osmium.osm.NODE).with_locations(places):  # type: ignore[arg-type]
            pass
        drawn = _in_one_go(readable, path, places)
    return drawn


def _lacks_places(drawn: _Drawn) -> bool:
    return bool(np.isnan(np.frombuffer(drawn.lonlat)).any())


def _in_one_go(readable: Path, path: Path, places: osmium.index.LocationTable) -> _Drawn:
    drawn = _Drawn()
    reader = osmium.FileProcessor(str(readable)).with_locations(places)  # type: ignore[arg-type]
    if reader.header.has_multiple_object_versions:
        refuse_history(path.name)
    reader = reader.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
    for way in reader.with_filter(osmium.filter.KeyFilter("highway")):
        if isinstance(way, osmium.osm.Way) and not way.deleted and walkable(way.tags):
            _add_way(drawn, way)
    return drawn


def _repeated(drawn: _Drawn, path: Path) -> NDArray[np.bool_]:
    """Tell which ways the file lists again. Errors: StreetsError where as another version."""
    number = np.frombuffer(drawn.number, dtype=np.int64)
    version = np.frombuffer(drawn.version, dtype=np.int64)
    _, first, at = np.unique(number, return_index=True, return_inverse=True)
    if (version != version[first][at]).any():
        refuse_history(path.name)
    repeated = np.ones(len(number), dtype=bool)
    repeated[first] = False
    return repeated


def _add_way(drawn: _Drawn, way: osmium.osm.Way) -> None:
    """Add a way; one call for all of its points is four times as fast as one for each."""
    try:
        line = bytes.fromhex(_LINES.create_linestring(way, _EVERY_NODE)[_HEAD_DIGITS:])
    except (RuntimeError, osmium.InvalidLocationError):  # a node is missing, or there is only one
        places = [node.location for node in way.nodes]
        known = [
            (math.nan, math.nan) if p.x == _NOWHERE
            else (p.lon_without_check(), p.lat_without_check())  # swapped ones are told later
            for p in places
        ]
        line = np.array(known, dtype=np.float64).tobytes()
    if not line:
        drawn.without_nodes += 1
        return
    drawn.lonlat += line
    drawn.refs.extend([node.ref for node in way.nodes])
    drawn.start.append(len(drawn.refs))
    drawn.number.append(way.id)
    drawn.version.append(way.version)
    drawn.oneway.append(foot_direction(way.tags))
    drawn.private.append(private(way.tags))
    drawn.kind.append(way.tags["highway"])


def _whole_runs(drawn: _Drawn, repeated: NDArray[np.bool_]) -> _Runs:
    """Return the ways without repeated nodes, cut in two where a node has no place.

    repeated
        Ways that are left out.
    """
    refs = np.frombuffer(drawn.refs, dtype=np.int64)
    lonlat = np.frombuffer(drawn.lonlat).reshape(-1, 2)
    start = np.frombuffer(drawn.start, dtype=np.int64)
    missing = ~np.isfinite(lonlat[:, 0])
    begins = np.zeros(len(refs), dtype=bool)
    begins[start[:-1]] = True
    again = ~begins & (refs == np.roll(refs, 1))
    run = np.cumsum(begins | missing) - 1
    way_of_run = np.empty(run[-1] + 1, dtype=np.int64)
    way = np.repeat(np.arange(len(start) - 1), np.diff(start))
    way_of_run[run] = way
    kept = ~missing & ~again & ~repeated[way]
    count = np.bincount(run[kept], minlength=len(way_of_run))
    long_enough = count > 1  # a line has two ends
    kept &= long_enough[run]
    walked_or_cut = np.concatenate(
        [way_of_run[long_enough], way[missing], np.flatnonzero(repeated)]
    )
    return _Runs(
        refs=refs[kept],
        lonlat=lonlat[kept],
        start=np.concatenate([[0], np.cumsum(count[long_enough])]),
        way=way_of_run[long_enough],
        missing=len(np.unique(refs[np.isnan(lonlat[:, 0])])),
        without_length=drawn.without_nodes + len(start) - 1 - len(np.unique(walked_or_cut)),
    )


def _shared_nodes(number: Ints, uses: Ints, start: Ints) -> Ints:
    """Return a node number where ways begin, end or share an OSM node, else `NOT_A_NODE`."""
    is_node: NDArray[np.bool_] = uses[number] > 1
    is_node[start[:-1]] = True
    is_node[start[1:] - 1] = True
    # A node used once as an end is a node; a node used twice is one wherever it stands.
    return np.where(is_node, number, NOT_A_NODE).astype(np.int64)


def _findings(missing: int, path: Path) -> list[Finding]:
    if not missing:
        return []
    return [
        Finding(
            "warning",
            "streets",
            say(
                "道路引用的 {count} 个节点不在文件中（多为裁剪所致），道路在缺失处断开。",
                count=missing,
            ),
            say("如需完整道路，请按更大范围重新裁剪。"),
            file=path.name,
        )
    ]
