"""Searches on real streets: every crossing walks as scipy says, whatever comes and goes."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from pyproj import CRS

from geo.streets.lines import read_lines
from geo.streets.network import Flags, WalkNetwork
from geo.streets.osm import read_osm
from geo.walks.travel import Walks, nearest_by_group, nearest_facility, search
from geo.walks.walk_graph import WalkGraph
from geo.walks.walk_table import walk_table
from geo.walks.what_if import WhatIf
from tests.geo.random_streets import anywhere, at_nodes
from tests.geo.scipy_walks import FAR, by_place, nearest, walks_mm

HORIZON_MM = 3_240_000  # an hour at ordinary pace
LIMIT_MM = 810_000
FACILITIES = 50


def porto_alegre(layers: Path) -> WalkNetwork:
    path = layers / "porto_alegre" / "poa_osm.pbf"
    return read_osm(path, CRS.from_epsg(32722))[0]


def outram(layers: Path) -> WalkNetwork:
    path = layers / "singapore" / "outram-walk-network.geojson"
    return read_lines(gpd.read_file(path), CRS.from_epsg(32648), name=path.name)[0]


@pytest.fixture(scope="module", params=[porto_alegre, outram])
def network(request: pytest.FixtureRequest, real_layers: Path) -> WalkNetwork:
    read: Callable[[Path], WalkNetwork] = request.param
    return read(real_layers)


def none_private(network: WalkNetwork) -> Flags:
    return np.zeros(len(network), dtype=bool)


def equal(walks: Walks, other: object) -> None:
    for name in ("walk_mm", "facility", "exit"):
        np.testing.assert_array_equal(getattr(walks, name), getattr(other, name), err_msg=name)


@pytest.mark.parametrize("through_estates", [False, True])
def test_every_crossing_equals_scipy(network: WalkNetwork, *, through_estates: bool) -> None:
    private = none_private(network) if through_estates else network.private
    facilities = anywhere(network, FACILITIES, np.random.default_rng(1))
    places = at_nodes(network, np.arange(len(network.x)))
    graph = WalkGraph.of(network, private=private)
    metres = walks_mm(network, facilities, places, private=private)
    walks = nearest_facility(graph, facilities, places, horizon_mm=HORIZON_MM)
    equal(walks, nearest(metres, places, horizon_mm=HORIZON_MM))
    assert (walks.walk_mm != FAR).mean() > 0.5
    cells = np.full((FACILITIES, places.count), FAR)
    table = walk_table(graph, facilities, places, limit_mm=LIMIT_MM)
    cells[table.facility, table.place] = table.walk_mm
    told = by_place(metres, places)
    np.testing.assert_array_equal(cells, np.where(told <= LIMIT_MM, told, FAR))
    group = np.arange(FACILITIES) % 4
    found = nearest_by_group(graph, facilities, group, places, horizon_mm=HORIZON_MM)
    for number, one in enumerate(found):
        equal(one, nearest(metres, places, horizon_mm=HORIZON_MM, open_=group == number))


def test_walking_through_estates_never_lengthens_a_walk(network: WalkNetwork) -> None:
    rng = np.random.default_rng(2)
    facilities, places = anywhere(network, FACILITIES, rng), anywhere(network, 5_000, rng)
    around, through = (
        nearest_facility(
            WalkGraph.of(network, private=private), facilities, places, horizon_mm=HORIZON_MM
        ).walk_mm
        for private in (network.private, none_private(network))
    )
    assert (through <= around).all()
    assert (through < around).any() == network.private.any()


def test_whatever_comes_goes_and_moves_equals_a_new_search(network: WalkNetwork) -> None:
    rng = np.random.default_rng(3)
    facilities = anywhere(network, 2 * FACILITIES, rng)
    places = at_nodes(network, np.arange(len(network.x)))
    graph, open_ = WalkGraph.of(network), rng.random(2 * FACILITIES) < 0.5
    what_if = WhatIf(graph, facilities, places, horizon_mm=HORIZON_MM, open_=open_)
    first = what_if.walks()
    steps = 0
    for kind in rng.choice(["add", "remove", "move", "undo"], 100, p=(0.3, 0.3, 0.3, 0.1)):
        opened, closed = np.flatnonzero(what_if.is_open), np.flatnonzero(~what_if.is_open)
        if kind == "undo" and steps:
            what_if.undo()
        elif kind == "add":
            what_if.add(int(rng.choice(closed)))
        elif kind == "remove":
            what_if.remove(int(rng.choice(opened)))
        else:
            what_if.move(int(rng.choice(opened)), to=int(rng.choice(closed)))
        steps += -1 if kind == "undo" and steps else 1
        whole = search(graph, facilities, horizon_mm=HORIZON_MM, only=what_if.is_open.copy())
        equal(what_if.walks(), whole.walks(places))
    for _ in range(steps):
        what_if.undo()
    equal(what_if.walks(), first)
    np.testing.assert_array_equal(what_if.is_open, open_)
