"""Streets from OpenStreetMap files: .osm.pbf and .osm."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import osmium
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from geo.coordinates import WGS84, metric_crs
from geo.errors import StreetsError
from geo.findings import Finding
from geo.language import say
from geo.streets.assembly import NOT_A_NODE, Ways, assemble
from geo.streets.network import Ints, WalkNetwork
from geo.streets.walkable import foot_direction, private, walkable


@dataclass
class _Drawn:
    """Ways as the file lists them: node numbers and degrees, end to end."""

    refs: array[int] = field(default_factory=lambda: array("q"))
    lon: array[float] = field(default_factory=lambda: array("d"))
    lat: array[float] = field(default_factory=lambda: array("d"))
    start: array[int] = field(default_factory=lambda: array("q", [0]))
    oneway: array[int] = field(default_factory=lambda: array("b"))
    private: array[int] = field(default_factory=lambda: array("b"))
    kind: list[str] = field(default_factory=list)
    ways_in_file: int = 0
    missing: set[int] = field(default_factory=set)


def read_osm(path: Path, crs: CRS | None = None) -> tuple[WalkNetwork, list[Finding]]:
    """Return the walkable streets of an OSM file, and what was noticed.

    crs
        The study's metric CRS; by default that of the middle of the streets.

    Errors: StreetsError for a damaged file, one without ways or with nothing to walk on.
    """
    drawn = _read_ways(path)
    if not drawn.kind:
        if drawn.ways_in_file:
            message = say("{file}：没有可步行的道路，请检查是否只含机动车道。", file=path.name)
        else:
            message = say("{file}：文件中没有道路。请换成含道路(way)的数据。", file=path.name)
        raise StreetsError(message)
    lon, lat = np.frombuffer(drawn.lon), np.frombuffer(drawn.lat)
    crs = crs or metric_crs(float(np.median(lon)), float(np.median(lat)))
    xy = np.column_stack(Transformer.from_crs(WGS84, crs, always_xy=True).transform(lon, lat))
    start = np.frombuffer(drawn.start, dtype=np.int64)
    ways = Ways(
        start=start,
        xy=xy,
        node=_shared_nodes(np.frombuffer(drawn.refs, dtype=np.int64), start),
        oneway=np.frombuffer(drawn.oneway, dtype=np.int8),
        private=np.frombuffer(drawn.private, dtype=np.int8).astype(bool),
        kind=drawn.kind,
    )
    return assemble(ways, crs, name=path.name), _findings(drawn, path)


def _read_ways(path: Path) -> _Drawn:
    drawn = _Drawn()
    try:
        reader = osmium.FileProcessor(str(path)).with_locations()
        for thing in reader.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY)):
            drawn.ways_in_file += 1
            tags = {tag.k: tag.v for tag in thing.tags} if "highway" in thing.tags else {}
            if isinstance(thing, osmium.osm.Way) and walkable(tags):
                _add_way(drawn, thing, tags)
    except (RuntimeError, osmium.InvalidLocationError) as error:
        raise StreetsError(
            say(
                "{file}：文件已损坏或不完整，无法读取（{reason}）。请重新导出后再试。",
                file=path.name,
                reason=str(error).splitlines()[0],
            )
        ) from None
    return drawn


def _add_way(drawn: _Drawn, way: osmium.osm.Way, tags: dict[str, str]) -> None:
    """Add a way; where a node is missing from a clipped file the way is cut in two."""
    runs: list[list[tuple[int, float, float]]] = [[]]
    for node in way.nodes:
        where = node.location
        if not where.valid():
            drawn.missing.add(node.ref)
            runs.append([])
        elif not runs[-1] or runs[-1][-1][0] != node.ref:
            runs[-1].append((node.ref, where.lon, where.lat))
    for run in runs:
        if len(run) < 2:  # noqa: PLR2004 - a line has two ends
            continue
        for ref, lon, lat in run:
            drawn.refs.append(ref)
            drawn.lon.append(lon)
            drawn.lat.append(lat)
        drawn.start.append(len(drawn.refs))
        drawn.oneway.append(foot_direction(tags))
        drawn.private.append(private(tags))
        drawn.kind.append(tags["highway"])


def _shared_nodes(refs: Ints, start: Ints) -> Ints:
    """Return a node number where ways begin, end or share an OSM node, else `NOT_A_NODE`."""
    _, number, uses = np.unique(refs, return_inverse=True, return_counts=True)
    is_node: NDArray[np.bool_] = uses[number] > 1
    is_node[start[:-1]] = True
    is_node[start[1:] - 1] = True
    # A node used once as an end is a node; a node used twice is one wherever it stands.
    return np.where(is_node, number, NOT_A_NODE).astype(np.int64)


def _findings(drawn: _Drawn, path: Path) -> list[Finding]:
    if not drawn.missing:
        return []
    return [
        Finding(
            "warning",
            "streets",
            say(
                "道路引用的 {count} 个节点不在文件中（多为裁剪所致），道路在缺失处断开。",
                count=len(drawn.missing),
            ),
            say("如需完整道路，请按更大范围重新裁剪。"),
            file=path.name,
        )
    ]
