"""Which boundary a place belongs to."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analysis.coverage.areas import by_level, members, place_points, whereabouts

WEST, EAST = shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)
SHOPS = shapely.points([(50, 50), (100, 50), (150, 50), (300, 50)])


def areas(**columns: list[object]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, crs="EPSG:4549")


def test_a_point_on_a_shared_edge_belongs_to_the_first_in_file_order() -> None:
    assert members(SHOPS, [WEST, EAST]).first.tolist() == [0, 0, 1, -1]
    assert members(SHOPS, [EAST, WEST]).first.tolist() == [1, 0, 0, -1]
    assert members(SHOPS, [WEST, EAST]).hits.tolist() == [1, 2, 1, 0]


def test_missing_geometry_lies_nowhere() -> None:
    points = place_points(gpd.GeoSeries([None, shapely.Polygon(), WEST]))
    assert members(points, [WEST]).first.tolist() == [-1, -1, 0]


def test_levels_come_in_order_and_areas_in_file_order() -> None:
    levels = areas(id=["s2", "c", "s1"], level=["street", "county", "street"], geometry=[EAST] * 3)
    found = [(level, list(rows["id"])) for level, rows in by_level(levels)]
    assert found == [("county", ["c"]), ("street", ["s2", "s1"])]
    assert list(by_level(None)) == []


def test_the_finest_area_with_a_setting_decides() -> None:
    whole = shapely.union(WEST, EAST)
    boundaries = areas(
        level=["county", "street", "street"],
        setting=pd.array(["rural", "urban", None], dtype="string"),
        geometry=[whole, WEST, EAST],
    )
    found = whereabouts(SHOPS, boundaries)
    assert found.rural.tolist() == [False, False, True, False]
    assert found.area["street"].tolist() == [0, 0, 1, -1]
    assert not whereabouts(np.array([], dtype=object), boundaries).rural.size
