"""Row: an OpenStreetMap file read into a network."""

from array import array

import numpy as np
from pyproj import Transformer

from bench.city import METRIC
from bench.city_file import write_osm
from bench.contest import Agreement, Arrays, Contender, Contest, Job, Outcome, Target, Task
from geo.language import say
from geo.position.coordinates import WGS84

SAME = 0.01  # part by which total lengths may differ: some libraries measure on a sphere
FILE = "city.osm.pbf"
XML = "city.osm"  # OSMnx reads no other kind of file


def make_ready(task: Task) -> None:
    """Write the city as OpenStreetMap would."""
    city = task.city
    write_osm(city, task.folder / FILE)
    write_osm(city, task.folder / XML)


def ours(task: Task) -> Job:
    """Read with this project."""
    from geo.streets.osm import read_osm

    def run() -> Outcome:
        network, _ = read_osm(task.folder / FILE, METRIC)
        return Outcome(lambda: {"metres": network.length_mm.sum() / np.array([1000])})

    return run


def pyosmium(task: Task) -> Job:
    """Walk over the ways with pyosmium, keeping what a network is made of; nothing is joined."""
    import osmium

    def run() -> Outcome:
        lon, lat, refs, start = array("d"), array("d"), array("q"), array("q", [0])
        ways = osmium.FileProcessor(str(task.folder / FILE)).with_locations()
        for way in ways.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY)):
            if isinstance(way, osmium.osm.Way) and "highway" in way.tags:
                for node in way.nodes:
                    refs.append(node.ref)
                    lon.append(node.lon)
                    lat.append(node.lat)
                start.append(len(refs))

        def answer() -> Arrays:
            move = Transformer.from_crs(WGS84, METRIC, always_xy=True)
            steps = np.hypot(*np.diff(np.column_stack(move.transform(lon, lat)), axis=0).T)
            steps[np.array(start[1:-1]) - 1] = 0
            return {"metres": np.array([steps.sum()])}

        return Outcome(answer)

    return run


def pyrosm(task: Task) -> Job:
    """Read with pyrosm: nodes and edges of the walking network."""
    from pyrosm import OSM

    def run() -> Outcome:
        _, edges = OSM(str(task.folder / FILE)).get_network("walking", nodes=True)
        return Outcome(lambda: {"metres": np.array([edges["length"].sum()])})

    return run


def osmnx(task: Task) -> Job:
    """Read with OSMnx, from XML."""
    import osmnx as ox

    def run() -> Outcome:
        graph = ox.graph_from_xml(task.folder / XML, bidirectional=True)
        metres = sum(length for *_, length in graph.edges(data="length"))
        return Outcome(lambda: {"metres": np.array([metres / 2])})

    return run


def agree(one: Arrays, other: Arrays) -> Agreement:
    """Compare the metres of street in all."""
    off = float(other["metres"][0] / one["metres"][0] - 1)
    return Agreement(same=abs(off) <= SAME, how=say("道路总长差 {off:+.2%}", off=off))


CONTEST = Contest(
    name="pbf",
    title=lambda size: say("读取 OSM pbf：约 {nodes} 个节点", nodes=size.nodes),
    contenders=(
        Contender("ours", say("本项目"), ours, given="nothing"),
        Contender("pyosmium", say("pyosmium，只遍历不连接"), pyosmium, given="nothing"),
        Contender("pyrosm", "pyrosm get_network", pyrosm, given="nothing", needs=("pyrosm",)),
        Contender("osmnx", "OSMnx graph_from_xml", osmnx, given="nothing"),
    ),
    agree=agree,
    make_ready=make_ready,
    targets={"M": Target(seconds=4.0, slower=1.3, against="pyosmium")},
)
