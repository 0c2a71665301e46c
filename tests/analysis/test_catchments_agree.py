"""Polygon and number agree, on real streets: every place exactly, other points off the outline."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from analysis.study import Study, load_study
from analysis.walking.catchments import catchments
from analysis.walking.placing import Placed, place_study
from analysis.walking.reach import Reach, walk_everywhere
from geo.ground.catchment import Witnesses, catchment
from geo.ground.land import CELL_M, put_land_on_streets
from geo.ground.seams import Field
from geo.walks.travel import budget_mm

DATA = Path(__file__).resolve().parents[2] / "data"
SPEED = 0.9
DIAGONAL_M = CELL_M * 2**0.5
SAMPLES = 20_000


@pytest.fixture(scope="module", params=["hanyang.study.toml", "chifeng.study.toml"])
def study(request: pytest.FixtureRequest) -> Study:
    return load_study(DATA / request.param)


@pytest.fixture(scope="module")
def placed(study: Study) -> Placed:
    residential = study.layers["residential"]
    return place_study(study, residential.iloc[:0])


@pytest.fixture(scope="module")
def reach(study: Study, placed: Placed) -> Reach:
    return walk_everywhere(study, placed)


@pytest.fixture(scope="module")
def polygons(study: Study, reach: Reach) -> gpd.GeoDataFrame:
    return catchments(study, reach, minutes=(5, 10, 15)).to_crs(study.crs)


def test_every_place_agrees_exactly(
    polygons: gpd.GeoDataFrame, placed: Placed, reach: Reach
) -> None:
    for minutes, polygon in zip(polygons["minutes"], polygons.geometry, strict=True):
        shapely.prepare(polygon)
        inside = shapely.intersects_xy(polygon, placed.points.x, placed.points.y)
        walked = reach.walks.walk_mm <= budget_mm(minutes, speed_m_per_s=SPEED)
        assert 0 < walked.sum() < len(walked)
        assert (inside == walked).all()


def test_points_off_the_outline_agree(polygons: gpd.GeoDataFrame, reach: Reach) -> None:
    rng = np.random.default_rng(11)
    west, south, east, north = polygons.total_bounds
    x, y = rng.uniform(west, east, SAMPLES), rng.uniform(south, north, SAMPLES)
    walk_mm, _ = reach.walk_at(x, y)
    for minutes, polygon in zip(polygons["minutes"], polygons.geometry, strict=True):
        inside = shapely.intersects_xy(polygon, x, y)
        wrong = np.flatnonzero(inside != (walk_mm <= budget_mm(minutes, speed_m_per_s=SPEED)))
        gap = shapely.distance(shapely.points(x[wrong], y[wrong]), shapely.boundary(polygon))
        assert gap.max(initial=0) <= DIAGONAL_M


def test_the_area_is_that_of_a_fine_raster(placed: Placed, reach: Reach) -> None:
    step = 2.5
    limit = budget_mm(15, speed_m_per_s=SPEED)
    land = put_land_on_streets(placed.index, placed.grounds, snap_max_m=200)
    assert land is not None
    nobody = Witnesses(np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int64))
    polygon = catchment(
        Field.of(land, reach.search.walks(land.exits)), nobody,
        limit_min=15, speed_m_per_s=SPEED, walk_at=reach.walk_at,
    )  # fmt: skip
    middle = shapely.centroid(polygon)
    window = shapely.box(middle.x - 1000, middle.y - 1000, middle.x + 1000, middle.y + 1000)
    x, y = np.meshgrid(
        np.arange(middle.x - 1000 + step / 2, middle.x + 1000, step),
        np.arange(middle.y - 1000 + step / 2, middle.y + 1000, step),
    )
    walk_mm, _ = reach.walk_at(x.ravel(), y.ravel())
    raster_m2 = (walk_mm <= limit).sum() * step**2
    assert shapely.area(shapely.intersection(polygon, window)) == pytest.approx(raster_m2, rel=0.01)


def test_tiles_give_the_same_outlines_as_the_whole(
    study: Study, reach: Reach, polygons: gpd.GeoDataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = polygons[polygons["minutes"].eq(15)]
    monkeypatch.setattr("geo.ground.land.MOST_CELLS", 80_000)
    monkeypatch.setattr("geo.ground.land.TILE_CELLS", 240)
    tiled = catchments(study, reach, minutes=(15,)).to_crs(study.crs)
    assert tiled["minutes"].tolist() == [15]
    apart = shapely.symmetric_difference(whole.geometry.array, tiled.geometry.array)
    # Of square metres: discs beside a cut may be cut otherwise.
    assert (shapely.area(apart) < 1e-4 * whole.area.to_numpy()).all()
    points = reach.placed.points
    for minutes, polygon in zip(tiled["minutes"], tiled.geometry, strict=True):
        shapely.prepare(polygon)
        walked = reach.walks.walk_mm <= budget_mm(minutes, speed_m_per_s=SPEED)
        assert (shapely.intersects_xy(polygon, points.x, points.y) == walked).all()
