"""The Hanyang study: real streets around a smaller, simulated rest."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

DATA = Path(__file__).parents[2] / "data"
BOX = shapely.box(114.20, 30.53, 114.26, 30.58)


def layer(path: str) -> gpd.GeoDataFrame:
    return gpd.read_file(DATA / path)


def test_streets_lie_in_the_box_with_their_highway_words() -> None:
    streets = layer("streets/hanyang.gpkg")
    assert len(streets) > 4_000
    assert {"primary", "secondary", "residential"} <= set(streets["highway"])
    assert streets.to_crs("EPSG:4326").within(BOX.buffer(1e-5)).all()


def test_the_study_lies_1300_m_inside_the_box() -> None:
    areas = layer("boundaries/hanyang_areas.gpkg")
    study = areas[areas["级别"] == "旗县区"].geometry.iloc[0]
    box = gpd.GeoSeries([BOX], crs="EPSG:4326").to_crs(areas.crs).iloc[0]
    assert box.contains(study.buffer(1_300))
    for level in ("街道", "社区"):
        parts = shapely.union_all(areas[areas["级别"] == level].geometry.to_numpy())
        assert parts.symmetric_difference(study).area < 1


def test_the_rest_is_simulated_and_says_so() -> None:
    estates = layer("residential/hanyang_estates.gpkg")
    facilities = pd.read_csv(DATA / "facilities/hanyang_facilities.csv")
    people = layer("population/hanyang_communities.gpkg")
    assert (len(estates), len(facilities)) == (120, 20)
    for frame in (estates, facilities, people):
        assert (frame["备注"] == "模拟数据").all()
    assert people["人口"].sum() == 132_000
