"""The bundled study altered: a bridge closed, a way built, gates opened; figures and map agree."""


import geopandas as gpd
import numpy as np
import pytest
import shapely

from analysis.evaluation import Evaluation, evaluate
from analysis.scenario import Scenario, apply
from analysis.study import Study
from analysis.walking.catchments import catchments
from analysis.walking.placing import place_study
from analysis.walking.reach import Reach, walk_everywhere
from geo.ground.land import CELL_M
from geo.position.coordinates import WGS84
from geo.walks.travel import budget_mm

ACROSS_M = 15.0  # to either side of a street's middle line
SPEED = 0.9


@pytest.fixture(scope="module")
def study(bundled: Evaluation) -> Study:
    return bundled.study


@pytest.fixture(scope="module")
def bridges(study: Study) -> list[shapely.LineString]:
    """Give a line across every street in the middle of the river."""
    river = study.layers["background"].geometry.iloc[0]
    lines = study.network.lines()
    over = shapely.intersection(lines[shapely.intersects(lines, river)], river)
    over = over[shapely.length(over) > 2 * ACROSS_M]
    half_m = shapely.length(over) / 2
    here, there = (
        shapely.get_coordinates(shapely.line_interpolate_point(over, half_m + step))
        for step in (-0.5, 0.5)
    )
    return [
        shapely.LineString([(x + north, y - east), (x - north, y + east)])
        for (x, y), (east, north) in zip(here, (there - here) * ACROSS_M, strict=True)
    ]


def degrees(study: Study, line: shapely.LineString) -> list[list[float]]:
    here = gpd.GeoSeries([line], crs=study.crs).to_crs(WGS84).iloc[0]
    return [list(corner) for corner in here.coords]


def walked(study: Study) -> Reach:
    nobody = study.layers["residential"].iloc[:0]
    return walk_everywhere(study, place_study(study, nobody))


def closed(study: Study, lines: list[shapely.LineString]) -> Study:
    blocks = [{"line": degrees(study, line)} for line in lines]
    return apply(Scenario.model_validate({"title": "bridges", "block": blocks}), study)


def test_every_bridge_closed_parts_the_town(
    study: Study, bridges: list[shapely.LineString]
) -> None:
    assert len(bridges) > 10
    before, after = walked(study), walked(closed(study, bridges))
    assert (after.walks.walk_mm >= before.walks.walk_mm).all()
    assert (after.walks.walk_mm > before.walks.walk_mm).any()


def test_a_bridge_closed_costs_minutes_and_coverage(
    bundled: Evaluation, bridges: list[shapely.LineString]
) -> None:
    study, minutes = bundled.study, bundled.places["minutes"]
    longest = 0.0
    covered = [bundled.summary["coverage"]["covered_60plus"]]
    for line in bridges[:6]:
        after = evaluate(closed(study, [line]), draw="when asked")
        longer = (after.places["minutes"] - minutes).fillna(0)
        assert longer.min() >= 0
        longest = max(longest, longer.max())
        covered.append(after.summary["coverage"]["covered_60plus"])
    assert longest > 1
    assert covered[0] == max(covered) > min(covered)


def test_figures_and_outlines_agree_on_altered_streets(
    study: Study, bridges: list[shapely.LineString]
) -> None:
    residential = study.layers["residential"]
    walls = shapely.boundary(residential.geometry.to_numpy()[::60])
    spots = shapely.get_coordinates(shapely.line_interpolate_point(walls, 0.37, normalized=True))
    gates = [
        {"residential_id": name, "lon": lon, "lat": lat}
        for name, (lon, lat) in zip(
            residential["id"][::60],
            gpd.GeoSeries.from_xy(*spots.T, crs=study.crs).to_crs(WGS84).get_coordinates().values,
            strict=True,
        )
    ]
    before = walked(study)
    homes = before.placed.points.take(np.arange(0, len(before.placed.points), 2500))
    doors = before.placed.facility_xy
    near = shapely.STRtree(shapely.points(doors)).nearest(shapely.points(homes.x, homes.y))
    links = [
        dict(zip(("from", "to"), degrees(study, shapely.LineString(ends)), strict=True))
        for ends in zip(zip(homes.x, homes.y, strict=True), doors[near], strict=True)
    ]
    changes = {"link": links, "gate": gates}
    altered = apply(Scenario.model_validate(changes), closed(study, bridges))
    reach = walked(altered)
    assert (reach.walks.walk_mm < before.walks.walk_mm).any()
    outlines = catchments(altered, reach, minutes=(5, 10, 15)).to_crs(study.crs)
    rng = np.random.default_rng(5)
    around = np.concatenate([spots, np.column_stack([homes.x, homes.y])])
    x, y = (np.repeat(around, 300, axis=0) + rng.uniform(-200, 200, (len(around) * 300, 2))).T
    walk_mm, _ = reach.walk_at(x, y)
    points = reach.placed.points
    for minutes, outline in zip(outlines["minutes"], outlines.geometry, strict=True):
        limit_mm = budget_mm(minutes, speed_m_per_s=SPEED)
        inside = shapely.contains_xy(outline, points.x, points.y)
        assert (inside == (reach.walks.walk_mm <= limit_mm)).all()
        wrong = shapely.contains_xy(outline, x, y) != (walk_mm <= limit_mm)
        gap = shapely.distance(shapely.points(x[wrong], y[wrong]), shapely.boundary(outline))
        assert gap.max(initial=0) <= CELL_M * 2**0.5
