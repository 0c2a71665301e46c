"""What the map can be moved to: names, kinds and extents worked out from the toy city."""

import json

import geopandas as gpd
import pytest
from shapely import Point, box
from toy import EAST, METRIC, NORTH, toy_evaluation

from analysis.study import Study
from ui.map.known import goal_of, known_places, place_labels
from ui.map.scene import borders, caption, draw_places


@pytest.fixture
def study() -> Study:
    """Return a study of two communities in a street, two estates of one name, one nowhere."""
    whole = toy_evaluation().study
    layers = {
        "boundaries": gpd.GeoDataFrame(
            {"id": ["b1", "b2"], "name": ["甲社区", "乙街道"], "level": ["community", "street"]},
            geometry=[box(EAST, NORTH, EAST + 100, NORTH + 100),
                      box(EAST, NORTH, EAST + 900, NORTH + 900)], crs=METRIC,
        ),
        "residential": gpd.GeoDataFrame(
            {"id": ["r1", "r2", "r3"], "name": ["阳光\u202e里", "阳光\u202e里", "没处"]},
            geometry=[Point(EAST, NORTH), Point(EAST + 50, NORTH), None], crs=METRIC,
        ),
        "facilities": gpd.GeoDataFrame(
            {"id": ["f1", "f2"], "name": ["一站", None], "category": ["day_care", "day_care"],
             "status": ["operating", "operating"]},
            geometry=[Point(EAST, NORTH), Point(EAST, NORTH)], crs=METRIC,
        ),
    }  # fmt: skip
    return Study(description=whole.description, path=whole.path, crs=METRIC, layers=layers,
                 network=whole.network)  # fmt: skip


def test_everything_with_a_name_and_a_place_is_known_once(study: Study) -> None:
    known = known_places(study)
    assert known["id"].to_list() == ["b2", "b1", "r1", "r2", "f1"]
    assert place_labels(known) == [
        "乙街道（街道）", "甲社区（社区）", "阳光·里（小区，r1）", "阳光·里（小区，r2）",
        "一站（设施）",
    ]  # fmt: skip


def test_a_goal_has_its_corners_latitude_first(study: Study) -> None:
    known = known_places(study).set_index("id", drop=False)
    area = goal_of(known.loc["b1"]).for_browser()
    (south, west), (north, east) = area["bounds"]
    # A hundred metres are 1/1111 of a degree north and 1/824 east here; north is turned by 0.7°.
    assert north - south == pytest.approx(1 / 1111, rel=0.02)
    assert east - west == pytest.approx(1 / 824, rel=0.02)
    assert area["chosen"] is None
    one = goal_of(known.loc["r2"]).for_browser()
    assert one["chosen"] == {"layer": "estates", "id": "r2"}
    assert one["bounds"][0] == one["bounds"][1]


def test_every_area_has_a_place_for_its_name_and_no_name_turns_the_line(study: Study) -> None:
    areas = json.loads(borders(study))["features"]
    assert all(area["properties"]["label_x"] for area in areas)
    homes = json.loads(draw_places(study)["estates"])["features"]
    assert {home["properties"]["name"] for home in homes} == {"阳光·里"}


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/srv/gis/道路.osm.pbf", "道路.osm.pbf"),
        ("C:\\gis\\roads.shp", "roads.shp"),
        ("postgresql://me:secret@host/db?table=roads", "db"),
    ],
)
def test_the_caption_tells_no_folder_and_no_password(study: Study, path: str, shown: str) -> None:
    streets = study.description.streets.model_copy(update={"path": path, "source": ""})
    description = study.description.model_copy(update={"streets": streets})
    told = Study(description=description, path=study.path, crs=METRIC, layers={},
                 network=study.network)  # fmt: skip
    assert json.loads(caption(told))["sources"] == [shown]
