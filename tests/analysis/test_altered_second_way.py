"""Links, gates and blocks against networks built plainly with them, on random streets."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.scenario import Scenario, apply
from analysis.study import Study
from analysis.walking.placing import place_study
from analysis.walking.reach import walk_everywhere
from geo.position.coordinates import WGS84
from geo.streets.lines import read_lines
from geo.walks.nearest_street import StreetIndex
from geo.walks.places import Exits, Points, put_on_streets
from geo.walks.travel import nearest_facility
from geo.walks.walk_graph import WalkGraph
from tests.conftest import METRIC, at

from .toy_study import estate, facility, spot, toy_study

XY = tuple[float, float]
Line = tuple[XY, ...]
CAP_M = 150.0
GAP_M = 0.1  # half of what is taken out of a street where it is blocked
A_FEW_MM = 8  # lengths are rounded piece by piece, and degrees are rounded on their way
JOINING_MM = 200  # reading joins line ends over 5 cm: twice a link, with its neighbours


@dataclass(frozen=True)
class City:
    """Random streets, places and changes, in toy metres."""

    streets: tuple[Line, ...]
    facilities: tuple[XY, ...]
    places: tuple[XY, ...]
    links: tuple[Line, ...]
    blocks: tuple[Line, ...]
    gates: tuple[tuple[int, XY], ...]  # the estate and where

    def study(self, folder: Path, **more: Any) -> Study:  # noqa: ANN401 - rows, by layer
        """Give the study before any change; estates are squares about the places."""
        squares = [spot(*xy).buffer(20, cap_style="square") for xy in self.places]
        return toy_study(
            folder, streets=self.streets, walking={"snap_max_m": CAP_M, "component_min_m": 0},
            facilities=[
                facility(f"f{n}", spot(*xy), status="operating")
                for n, xy in enumerate(self.facilities)
            ],
            residential=[estate(f"r{n}", square) for n, square in enumerate(squares)], **more,
        )  # fmt: skip


@st.composite
def cities(draw: st.DrawFn) -> City:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    side = 4
    nodes = np.array(list(itertools.product(range(side), repeat=2)), dtype=float) * 100
    nodes += rng.uniform(-30, 30, nodes.shape)
    pairs = [(i, i + 1) for i in range(side**2) if (i + 1) % side]
    pairs += [(i, i + side) for i in range(side**2 - side)]
    streets = [
        (tuple(nodes[a]), tuple((nodes[a] + nodes[b]) / 2 + rng.uniform(-15, 15, 2)),
         tuple(nodes[b]))
        for a, b in pairs if rng.random() < 0.75
    ]  # fmt: skip

    def some(many: int) -> tuple[XY, ...]:
        return tuple((float(x), float(y)) for x, y in rng.uniform(-20, 320, (many, 2)))

    places = some(6)
    links = zip(some(draw(st.integers(0, 2))), some(2), strict=False)
    blocks = [((x, y), (x + 40, y + 25)) for x, y in some(draw(st.integers(0, 3)))]
    gates = [(n, (places[n][0] + 20, places[n][1] + 3)) for n in range(draw(st.integers(0, 2)))]
    return City(tuple(streets), some(2), places, tuple(links), tuple(blocks), tuple(gates))


def degrees(xy: XY) -> list[float]:
    here = gpd.GeoSeries([spot(*xy)], crs=METRIC).to_crs(WGS84).iloc[0]
    return [here.x, here.y]


def scenario(
    links: Sequence[Line] = (), blocks: Sequence[Line] = (), gates: Sequence[tuple[int, XY]] = ()
) -> Scenario:
    return Scenario.model_validate(
        {
            "link": [{"from": degrees(a), "to": degrees(b)} for a, b in links],
            "block": [{"line": [degrees(a), degrees(b)]} for a, b in blocks],
            "gate": [
                {"residential_id": f"r{n}", "lon": degrees(xy)[0], "lat": degrees(xy)[1]}
                for n, xy in gates
            ],
        }
    )


def walks(study: Study) -> np.ndarray:
    placed = place_study(study, gpd.GeoDataFrame(geometry=[], crs=study.crs))
    return walk_everywhere(study, placed).walks.walk_mm


def built(city: City) -> tuple[list[Line], list[Line]]:
    """Give the streets with blocks cut out of them, and the links with their legs."""
    lines = [shapely.LineString(street) for street in city.streets]
    bars = [shapely.LineString(block) for block in city.blocks]
    gaps = [
        shapely.intersection(line, bar).buffer(GAP_M)
        for line in lines for bar in bars if line.intersects(bar)
    ]  # fmt: skip
    left = shapely.get_parts(shapely.difference(lines, shapely.union_all(gaps)))
    ways = []
    for link in city.links:
        corners = (foot(city, link[0]), *link, foot(city, link[1]))
        ways += [(a, b) for a, b in itertools.pairwise(corners) if a != b]
    return [tuple(part.coords) for part in left], ways


def foot(city: City, end: XY) -> XY:
    """Give the spot of the nearest street that is nearest to the end of a link."""
    lines = [shapely.LineString(street) for street in city.streets]
    here = shapely.Point(end)
    nearest = lines[int(np.argmin(shapely.distance(lines, here)))]
    spot_on_it = nearest.interpolate(nearest.project(here))
    return spot_on_it.x, spot_on_it.y


def second_way(city: City, points: Points) -> np.ndarray:
    """Give walks on streets read with links and gaps, leaving as before and as now."""
    streets, ways = built(city)
    shapes = [shapely.LineString([at(*xy) for xy in line]) for line in (*streets, *ways)]
    network, _ = read_lines(gpd.GeoDataFrame(geometry=shapes, crs=METRIC), METRIC, name="toy")
    middles = shapely.line_interpolate_point(network.lines(), 0.5, normalized=True)
    of_a_way = shapely.distance(
        middles, shapely.union_all([shapely.GeometryCollection(), *shapes[len(streets) :]])
    )
    old = ~(np.nan_to_num(of_a_way, nan=np.inf) < 0.001)
    indices = [StreetIndex(network, usable) for usable in (old, np.ones(len(network), dtype=bool))]

    def leave(x: np.ndarray, y: np.ndarray) -> Exits:
        one, other = (
            put_on_streets(index, Points.free(x, y), snap_max_m=CAP_M) for index in indices
        )
        point = np.concatenate([one.point, other.point])
        order = np.argsort(point, kind="stable")
        columns = [
            np.concatenate([getattr(one, name), getattr(other, name)])[order]
            for name in ("street", "offset_mm", "off_street_mm", "by_entrance")
        ]
        return Exits(point[order], *columns, one.reason)

    xy = np.array([at(*xy) for xy in city.facilities])
    return nearest_facility(
        WalkGraph.of(network), leave(*xy.T), leave(points.x, points.y), horizon_mm=3_240_000
    ).walk_mm


def reaches_streets(city: City) -> bool:
    lines = [shapely.LineString(street) for street in city.streets]
    ends = [shapely.Point(end) for link in city.links for end in link]
    gates = [shapely.Point(xy) for _, xy in city.gates]
    return all(shapely.distance(lines, end).min() < CAP_M - 1 for end in (*ends, *gates))


def legs_are_apart(city: City) -> bool:
    """Return whether no link crosses a street where it joins it: reading would join them there."""
    feet = [shapely.Point(foot(city, end)) for link in city.links for end in link]
    ways = [shapely.LineString(link) for link in city.links for _ in link]
    return all(one.distance(way) > 10 * GAP_M for one, way in zip(feet, ways, strict=True))


def blocks_are_apart(city: City) -> bool:
    """Return whether what is cut out for blocks stays clear of the ends of streets."""
    lines = [shapely.LineString(street) for street in city.streets]
    ends = shapely.union_all(shapely.boundary(lines))
    bars = [shapely.LineString(block) for block in city.blocks]
    met = [shapely.intersection(line, bar) for line in lines for bar in bars]
    return all(one.is_empty or shapely.distance(one, ends) > 10 * GAP_M for one in met)


@settings(max_examples=60, deadline=None)
@given(cities())
def test_walks_are_those_of_streets_read_with_links_and_gaps(city: City) -> None:
    with TemporaryDirectory() as folder:
        study = city.study(Path(folder))
        if not (reaches_streets(city) and blocks_are_apart(city) and legs_are_apart(city)):
            return
        altered = apply(scenario(city.links, city.blocks), study)
        placed = place_study(altered, gpd.GeoDataFrame(geometry=[], crs=study.crs))
        found = walk_everywhere(altered, placed).walks.walk_mm
    assert (np.abs(found - second_way(city, placed.points)) <= JOINING_MM).all()


@settings(max_examples=60, deadline=None)
@given(cities())
def test_a_gate_is_the_better_of_what_was_and_of_the_gate_alone(city: City) -> None:
    with TemporaryDirectory() as folder:
        if not reaches_streets(city):
            return
        study = city.study(Path(folder))
        rows = [
            {"id": f"e{n}", "residential_id": f"r{n}", "geometry": spot(*xy)}
            for n, xy in city.gates
        ]
        alone = walks(city.study(Path(folder), entrances=rows))
        gated = walks(apply(scenario(gates=city.gates), study))
        before = walks(study)
    assert (np.abs(gated - np.minimum(before, alone)) <= A_FEW_MM).all()


@settings(max_examples=60, deadline=None)
@given(cities())
def test_links_and_gates_never_lengthen_and_blocks_never_shorten(city: City) -> None:
    with TemporaryDirectory() as folder:
        if not reaches_streets(city):
            return
        study = city.study(Path(folder))
        before = walks(study)
        linked = walks(apply(scenario(links=city.links), study))
        both = walks(apply(scenario(links=city.links, gates=city.gates), study))
        blocked = walks(apply(scenario(blocks=city.blocks), study))
        everything = walks(apply(scenario(city.links, city.blocks, city.gates), study))
    assert (linked <= before).all()
    assert (both <= linked).all()
    assert (blocked >= before).all()
    assert (both <= everything).all()
    assert (everything <= blocked).all()
