"""Isochrones of single facilities and service areas, on a made-up city and by a fine raster."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pytest
import shapely

from bench.city import loaded, make_city
from geo.ground.catchment import Witnesses, catchment
from geo.ground.isochrones import isochrones
from geo.ground.land import Land, put_land_on_streets
from geo.ground.seams import Field
from geo.ground.service_areas import service_areas
from geo.position.coordinates import WGS84
from geo.streets.network import Floats
from geo.walks.barriers import Barriers
from geo.walks.nearest_street import StreetIndex
from geo.walks.places import Exits, Grounds, Points, put_on_streets
from geo.walks.travel import Walks, budget_mm, search
from geo.walks.walk_graph import WalkGraph

SPEED, SNAP = 0.9, 200.0
DIAGONAL_M = 10 * 2**0.5
MINUTES = (5.0, 15.0)


@dataclass(frozen=True)
class Town:
    """A city of two thousand nodes with facilities, places and its land."""

    graph: WalkGraph
    index: StreetIndex
    facilities: Exits
    spots: Points
    places: Exits
    land: Land
    walled: bool

    def put_at(self, x: Floats, y: Floats) -> Exits:
        """Return the ways out of any points."""
        return put_on_streets(self.index, Points.free(x, y), snap_max_m=SNAP)

    def walks_to(self, facility: int, places: Exits) -> Walks:
        """Return the walks to one facility."""
        only = np.arange(self.facilities.count) == facility
        return search(self.graph, self.facilities, horizon_mm=4_000_000, only=only).walks(places)


@pytest.fixture(scope="module", params=["open", "walled"])
def town(request: pytest.FixtureRequest) -> Town:
    network = loaded(make_city(2_000))
    (west, south), (east, north) = network.vertex_xy.min(axis=0), network.vertex_xy.max(axis=0)
    barriers = None
    if request.param == "walled":  # a double fence from west to east, and a moat
        middle = (south + north) / 2
        fences = [shapely.LineString([(west, middle + d), (east, middle + d + 90)]) for d in (0, 4)]
        moat = shapely.box(west + 700, south, west + 708, north)
        barriers = Barriers.of(np.array([*fences, moat], dtype=object))
    index = StreetIndex(network, np.ones(len(network), dtype=bool), barriers)
    rng = np.random.default_rng(5)
    spots = Points.free(rng.uniform(west, east, 3_000), rng.uniform(south, north, 3_000))
    homes = Points.free(rng.uniform(west, east, 7), rng.uniform(south, north, 7))
    land = put_land_on_streets(index, Grounds.none(), snap_max_m=SNAP)
    assert land is not None
    return Town(
        WalkGraph.of(network), index, put_on_streets(index, homes, snap_max_m=SNAP), spots,
        put_on_streets(index, spots, snap_max_m=SNAP), land, barriers is not None,
    )  # fmt: skip


@pytest.fixture(scope="module")
def drawn(town: Town) -> gpd.GeoDataFrame:
    crs = town.index.network.crs
    frame = isochrones(
        town.graph, town.facilities, town.land, town.places, town.spots,
        minutes=MINUTES, speed_m_per_s=SPEED, put_at=town.put_at, crs=crs,
    )  # fmt: skip
    assert frame.crs == WGS84
    return frame.to_crs(crs)


def test_every_place_agrees_with_every_single_isochrone(
    town: Town, drawn: gpd.GeoDataFrame
) -> None:
    assert len(drawn) == town.facilities.count * len(MINUTES)
    for row in drawn.itertuples():
        limit = budget_mm(row.minutes, speed_m_per_s=SPEED)
        walked = town.walks_to(row.facility, town.places).within(limit)
        inside = shapely.intersects_xy(row.geometry, town.spots.x, town.spots.y)
        assert 0 < walked.sum() < len(walked)
        assert (inside == walked).all()


def test_any_point_off_the_outline_agrees_and_areas_are_those_of_a_raster(
    town: Town, drawn: gpd.GeoDataFrame
) -> None:
    tried = astray = 0
    for row in drawn.itertuples():
        west, south, east, north = shapely.buffer(row.geometry, 30).bounds
        step = 2.5
        x, y = np.meshgrid(np.arange(west, east, step), np.arange(south, north, step))
        x, y = x.ravel(), y.ravel()
        limit = budget_mm(row.minutes, speed_m_per_s=SPEED)
        walked = town.walks_to(row.facility, town.put_at(x, y)).within(limit)
        inside = shapely.intersects_xy(row.geometry, x, y)
        wrong = np.flatnonzero(inside != walked)
        gap = shapely.distance(shapely.points(x[wrong], y[wrong]), row.geometry.boundary)
        tried, astray = tried + len(x), astray + (gap > DIAGONAL_M).sum()
        if row.minutes == max(MINUTES):
            assert row.geometry.area == pytest.approx(walked.sum() * step**2, rel=0.01)
    # In the lee of a wall a wedge of a metre or two may lie between all the points looked at.
    assert astray <= (1e-5 * tried if town.walled else 0)


def test_longer_limits_hold_shorter_ones(drawn: gpd.GeoDataFrame) -> None:
    for _, rows in drawn.groupby("facility"):
        short, long = rows.sort_values("minutes").geometry
        assert shapely.difference(short, long).area < 1e-6


def test_a_facility_off_the_streets_has_an_empty_isochrone(town: Town) -> None:
    nowhere = put_on_streets(town.index, Points.free([0.0], [0.0]), snap_max_m=SNAP)
    frame = isochrones(
        town.graph, nowhere, town.land, town.places, town.spots,
        minutes=[15], speed_m_per_s=SPEED, put_at=town.put_at, crs=town.index.network.crs,
    )  # fmt: skip
    assert frame.geometry.is_empty.tolist() == [True]


def test_service_areas_share_the_catchment_without_overlap(town: Town) -> None:
    limit = budget_mm(15, speed_m_per_s=SPEED)
    searched = search(town.graph, town.facilities, horizon_mm=4_000_000)
    land_walks, walks = searched.walks(town.land.exits), searched.walks(town.places)

    def walk_at(x: Floats, y: Floats) -> tuple[np.ndarray, np.ndarray]:
        exits = town.put_at(x, y)
        found = searched.walks(exits)
        street = np.full(len(x), -1)
        street[found.exit >= 0] = exits.street[found.exit[found.exit >= 0]]
        return found.walk_mm, street

    whole = catchment(
        Field.of(town.land, land_walks),
        Witnesses(town.spots.x, town.spots.y, walks.walk_mm),
        limit_min=15, speed_m_per_s=SPEED, walk_at=walk_at,
    )  # fmt: skip
    areas = service_areas(
        whole, town.land, land_walks, town.spots, walks,
        limit_mm=limit, facilities=town.facilities.count,
    )  # fmt: skip
    served = np.flatnonzero(walks.within(limit))
    for facility, area in enumerate(areas):
        inside = shapely.intersects_xy(area, town.spots.x[served], town.spots.y[served])
        assert (inside == (walks.facility[served] == facility)).all()
    assert shapely.area(areas).sum() == pytest.approx(whole.area, rel=0.005)
    one, other = shapely.STRtree(areas).query(areas, predicate="intersects")
    overlap = shapely.area(shapely.intersection(areas[one[one < other]], areas[other[one < other]]))
    assert overlap.max(initial=0) < 1e-6
