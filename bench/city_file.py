"""The made-up city as OpenStreetMap would list it: a .osm.pbf or .osm file."""

from pathlib import Path

import numpy as np
import osmium
from pyproj import Transformer

from bench.city import City
from geo.position.coordinates import WGS84
from geo.streets.network import Ints


def write_osm(city: City, path: Path) -> None:
    """Write the city's nodes and ways; the ending of `path` chooses the format.

    Crossings have numbers from 1, bends follow them.
    """
    network = city.network
    refs, xy = _numbered(city)
    lon, lat = Transformer.from_crs(network.crs, WGS84, always_xy=True).transform(*xy.T)
    path.unlink(missing_ok=True)
    # A way's streets follow one another: the first vertex of all but the first is there already.
    way_of = np.repeat(city.way, np.diff(network.vertex_start))
    joint = np.zeros(len(refs), dtype=bool)
    again = network.vertex_start[1:-1][city.way[1:] == city.way[:-1]]
    joint[again] = True
    refs_by_way = np.split(refs[~joint], np.flatnonzero(np.diff(way_of[~joint])) + 1)
    first = np.flatnonzero(np.diff(city.way, prepend=-1))
    words = [network.kinds[kind] for kind in network.kind[first]]
    with osmium.SimpleWriter(str(path)) as writer:
        for number, where in enumerate(zip(lon.tolist(), lat.tolist(), strict=True), start=1):
            writer.add_node(osmium.osm.mutable.Node(id=number, location=where))
        for number, (nodes, word) in enumerate(zip(refs_by_way, words, strict=True), start=1):
            way = osmium.osm.mutable.Way(id=number, nodes=nodes.tolist(), tags={"highway": word})
            writer.add_way(way)


def _numbered(city: City) -> tuple[Ints, np.ndarray]:
    """Return the OSM number of every vertex, and the position of every OSM node."""
    network = city.network
    ends = np.zeros(len(network.vertex_xy), dtype=bool)
    start = network.vertex_start
    ends[start[:-1]] = ends[start[1:] - 1] = True
    refs = np.empty(len(ends), dtype=np.int64)
    refs[start[:-1]], refs[start[1:] - 1] = network.tail + 1, network.head + 1
    refs[~ends] = len(network.x) + 1 + np.arange((~ends).sum())
    crossings = np.column_stack([network.x, network.y])
    return refs, np.vstack([crossings, network.vertex_xy[~ends]])
