"""100,000 points on real streets: as near to them as shapely finds, walls or no walls."""

from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import CRS

from geo.streets.network import WalkNetwork
from geo.streets.reading import read_streets
from geo.walks.barriers import Barriers
from geo.walks.nearest_street import NO_STREET, StreetIndex
from geo.walks.places import Points, put_on_streets

POINTS = 100_000
CAP_M = 200.0
TOWNS = {
    "outram": ("singapore/outram-walk-network.geojson", 32648),
    "porto alegre": ("porto_alegre/poa_osm.pbf", 32722),
}


@pytest.fixture(scope="module", params=TOWNS)
def network(request: pytest.FixtureRequest, real_layers: Path) -> WalkNetwork:
    file, code = TOWNS[request.param]
    streets, _ = read_streets(real_layers / file, CRS.from_epsg(code))
    return streets


@pytest.fixture(scope="module")
def xy(network: WalkNetwork) -> np.ndarray:
    """Give points around the corners of streets, most of them within the cap."""
    rng = np.random.default_rng(31)
    corners = network.vertex_xy[rng.integers(0, len(network.vertex_xy), POINTS)]
    return corners + rng.normal(0, 80, (POINTS, 2))


def test_they_are_as_far_from_the_streets_as_shapely_says(
    network: WalkNetwork, xy: np.ndarray
) -> None:
    index = StreetIndex(network, np.ones(len(network), dtype=bool))
    found = index.nearest(*xy.T, within_m=CAP_M)
    lines = network.lines()
    points = shapely.points(xy)
    (at, _), gap = shapely.STRtree(lines).query_nearest(
        points, max_distance=CAP_M, return_distance=True, all_matches=False
    )
    assert (np.flatnonzero(found.street != NO_STREET) == at).all()
    assert np.abs(found.off_street_m[at] - gap).max() < 1e-6
    # The street named is one that near, and the place on it is where it is said to be.
    streets = lines[found.street[at]]
    assert np.abs(shapely.distance(streets, points[at]) - gap).max() < 1e-6
    there = shapely.line_interpolate_point(streets, found.offset_mm[at] / 1000)
    assert shapely.distance(there, shapely.points(found.x[at], found.y[at])).max() < 2e-3
    exits = put_on_streets(index, Points.free(*xy.T), snap_max_m=CAP_M)
    assert (exits.point == at).all()
    assert np.abs(exits.off_street_mm - gap * 1000).max() <= 0.5 + 1e-3


def test_with_walls_no_nearer_street_was_free(network: WalkNetwork, xy: np.ndarray) -> None:
    rng = np.random.default_rng(37)
    middle = xy[rng.integers(0, POINTS, 3000)]
    walls = shapely.linestrings(middle[:, None] + rng.normal(0, 40, (3000, 2, 2)))
    index = StreetIndex(network, np.ones(len(network), dtype=bool), Barriers.of(walls))
    found = index.nearest(*xy.T, within_m=CAP_M)
    assert found.blocked.sum() > 500
    # Those whose nearest street is barred: every street within the cap, in the order of its gap.
    lines = network.lines()
    barred = np.flatnonzero(found.blocked)[:2000]
    points = shapely.points(xy[barred])
    pair, street = shapely.STRtree(lines).query(points, predicate="dwithin", distance=CAP_M)
    gap = shapely.distance(points[pair], lines[street])
    feet = shapely.line_interpolate_point(
        lines[street], shapely.line_locate_point(lines[street], points[pair])
    )
    ends = np.stack([xy[barred][pair], shapely.get_coordinates(feet)], axis=1)
    crossing, _ = shapely.STRtree(walls).query(shapely.linestrings(ends), predicate="intersects")
    gap[crossing] = np.inf
    best = np.full(len(barred), np.inf)
    np.minimum.at(best, pair, gap)
    none = np.isinf(best)
    assert (none == (found.street[barred] == NO_STREET)).all()
    assert np.abs(found.off_street_m[barred][~none] - best[~none]).max() < 1e-6
