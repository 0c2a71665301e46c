"""Dots, tiers, units, the place chosen, tiles and names: what the map is told on demand."""

import json
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from analysis.evaluation import Evaluation, evaluate
from analysis.study import Study
from geo.errors import StudyError
from report.palette import TIER_CLASSES, tier_classes
from tests.analysis.toy_study import area, box, estate, facility, spot
from tests.analysis.what_if_city import city
from tests.conftest import EAST, METRIC, NORTH
from ui.map.area_layers import has_level, tiers, units
from ui.map.chosen_layer import about_chosen
from ui.map.dots import dots, numbers_of_dots, people_a_dot
from ui.map.known import known_places, names, place_labels
from ui.map.layers import swiped, view_name
from ui.map.scene import borders, circles, draw_evaluation, draw_study
from ui.map.tiles import tiles_of, tiles_of_server

ROOT = Path(__file__).resolve().parents[2]


def evaluated(folder: Path, **layers: object) -> Evaluation:
    return evaluate(city(folder, **layers), draw="when asked")


def test_what_is_left_over_goes_to_the_next_place() -> None:
    # 0.6 + 0.6 + 0.6 + 0.3 of a hundred: 2.1 dots are two.
    assert numbers_of_dots(np.array([60.0, 60, 60, 30]), each=100).tolist() == [1, 0, 1, 0]
    assert numbers_of_dots(np.array([250.0, 250]), each=100).tolist() == [2, 3]
    assert numbers_of_dots(np.zeros(0), each=100).tolist() == []


def test_a_dot_is_a_hundred_people_until_there_are_too_many() -> None:
    assert people_a_dot(152_560) == 100
    assert people_a_dot(2_000_000) == 100
    assert people_a_dot(2_000_001) == 200


def test_dots_stand_in_their_estate_in_reach_where_people_are(tmp_path: Path) -> None:
    # r1 lies beside f2 and is whole in reach, r2 beyond every walk of ten minutes.
    estates = (
        estate("r1", box(500, 10, 600, 110), elderly_60plus=1000),
        estate("r2", box(250, 420, 350, 520), elderly_60plus=500),
        estate("r3", box(700, 10, 750, 60)),
    )
    found = evaluated(tmp_path, residential=estates, population=())
    told = json.loads(dots(found))
    assert told["each"] == 100
    assert told["unknown"] == 1
    by_kind = {f["properties"]["kind"]: f["geometry"]["coordinates"] for f in told["features"]}
    assert {kind: len(at) for kind, at in by_kind.items()} == {"covered": 10, "left": 5}
    for kind, ground in (("covered", estates[0]), ("left", estates[1])):
        points = gpd.GeoSeries(shapely.points(by_kind[kind]), crs="EPSG:4326").to_crs(METRIC)
        assert points.within(ground["geometry"].buffer(0.2)).all()
        assert len({(round(p.x, 1), round(p.y, 1)) for p in points}) == len(points)
    assert dots(found) == dots(found)


def test_dots_within_reach_stand_on_ground_within_reach(tmp_path: Path) -> None:
    # From A ten minutes are 540 m: along the street and up from it.
    long = (estate("r1", box(400, 10, 700, 60), elderly_60plus=3000),)
    one = (facility("f1", spot(0, 0)),)
    found = evaluated(tmp_path, residential=long, facilities=one, population=())
    share = found.places["share"].iloc[0]
    assert 0.2 < share < 0.8
    told = json.loads(dots(found))
    walks = {}
    for feature in told["features"]:
        points = gpd.GeoSeries(shapely.points(feature["geometry"]["coordinates"]), crs="EPSG:4326")
        there = points.to_crs(METRIC)
        walks[feature["properties"]["kind"]] = (there.x - EAST + there.y - NORTH).to_numpy()
    assert len(walks["covered"]) == round(30 * share)
    assert len(walks["left"]) == 30 - len(walks["covered"])
    # A dot stands at most 8 m off the middle of its cell each way.
    assert walks["covered"].max() <= 540 + 16
    assert walks["left"].min() > 540 - 16


def test_tiers_say_what_is_missing_and_unknown_is_not_missing() -> None:
    table = pd.DataFrame(
        {
            "county_platform": [True, False, False, None, True],
            "street_centre": [True, True, True, True, None],
            "station": [True, True, False, True, None],
            "complete": [True, False, False, None, None],
        },
        dtype="boolean",
    )
    assert tier_classes(table).to_list() == [
        "whole", "no_upper", "no_station", "unknown", "unknown",
    ]  # fmt: skip
    assert set(tier_classes(table)) <= set(TIER_CLASSES)


def test_communities_are_coloured_and_planning_units_are_borders(tmp_path: Path) -> None:
    areas = (
        area("s1", "street", box(-100, -500, 1000, 500)),
        area("c1", "community", box(-100, -500, 450, 500)),
        area("c2", "community", box(450, -500, 1000, 500)),
        {**area("u1", "planning_unit", box(0, 0, 500, 500)), "name": "单元一"},
    )
    found = evaluated(tmp_path, boundaries=areas)
    told = json.loads(tiers(found))
    # f1 and f2 are stations; no county is known to the boundaries.
    assert len(told["features"]) == 2
    assert sum(told["numbers"].values()) == 2
    drawn = json.loads(units(found.study))["features"]
    assert [f["properties"]["name"] for f in drawn] == ["单元一"]
    levels = [f["properties"]["level"] for f in json.loads(borders(found.study))["features"]]
    assert "planning_unit" not in levels
    assert "units" in draw_study(found.study)
    assert "tiers" in draw_evaluation(found)


def test_a_layer_without_data_is_not_there(tmp_path: Path) -> None:
    bare = evaluated(tmp_path, facilities=(), boundaries=(area("s1", "street", box(0, 0, 1, 1)),))
    drawn = draw_evaluation(bare)
    assert "tiers" not in drawn
    assert "circles" not in drawn
    assert "units" not in draw_study(bare.study)
    assert not has_level(bare.study, "planning_unit")


def test_circles_tell_whole_people(tmp_path: Path) -> None:
    # All 73 elders are within 1,000 m straight; ten minutes on foot reach 63 of them.
    assert json.loads(circles(evaluated(tmp_path))) == {
        "radius": 1000.0, "limit": 10.0, "elders": 73, "in_circle": 73, "walking": 63,
    }  # fmt: skip


def test_the_chosen_place_is_told_in_numbers_only(tmp_path: Path) -> None:
    found = evaluated(tmp_path, residential=(estate("r1", spot(310, 400)),))
    told = about_chosen(found, {"layer": "estates", "id": "r1"})
    assert told["area"] is None
    route = told["route"]
    assert (route["facility"], route["minutes"], route["metres"]) == ("f1", 13.1, 710)
    assert len(route["streets"]) == 3
    assert 42 < route["streets"][0][0] < 43  # latitude first
    assert about_chosen(found, {"layer": "facilities", "id": "f1"})["area"] == ["r1"]
    assert about_chosen(found, {"layer": "facilities", "id": "f2"})["area"] is None
    assert about_chosen(found, None) == {"route": None, "area": None}
    assert about_chosen(found, {"layer": "estates", "id": "x"})["route"] is None


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://intranet/{z}/{x}/{y}.png", "http://intranet"),
        ("https://10.1.2.3:8443/t?z={z}&x={x}&y={y}", "https://10.1.2.3:8443"),
    ],
)
def test_tiles_come_from_one_host(url: str, origin: str) -> None:
    assert tiles_of(url).origin == origin


@pytest.mark.parametrize(
    "url",
    [
        "file:///{z}/{x}/{y}.png", "javascript:alert({z}{x}{y})", "http://intranet/{z}/{x}.png",
        "http://{s}.intranet/{z}/{x}/{y}.png", "http://a b/{z}/{x}/{y}.png",
        "//intranet/{z}/{x}/{y}",
        "http://user:word@intranet/{z}/{x}/{y}", "http://intranet/{z}/{x}/{y}/{x}",
        "http://intranet/{z}/{x}/{y}/{key}", 'http://intranet/{z}/{x}/{y}"; img-src *',
        "http:///{z}{x}{y}",
        "http://intranet:99999/{z}/{x}/{y}", "http://intranet/{z}/{x}/{y}\n",
    ],
)  # fmt: skip
def test_a_malformed_address_of_tiles_is_refused_in_one_sentence(url: str) -> None:
    with pytest.raises(StudyError, match="底图地址") as refused:
        tiles_of(url)
    assert len(refused.value.messages) == 1
    assert "{z}、{x}、{y}" in str(refused.value.messages[0])


def test_the_server_says_which_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CARECIRCLE_TILES", raising=False)
    assert tiles_of_server() is None
    monkeypatch.setenv("CARECIRCLE_TILES", "http://intranet/{z}/{x}/{y}.png")
    found = tiles_of_server()
    assert found is not None
    assert found.source == "intranet"


def test_namesakes_are_told_apart_by_their_street_then_by_their_id(tmp_path: Path) -> None:
    estates = (
        {**estate("r1", spot(100, 0)), "name": "幸福里"},
        {**estate("r2", spot(900, 0)), "name": "幸福里"},
        {**estate("r3", spot(910, 0)), "name": "幸福里"},
        {**estate("r4", spot(300, 0)), "name": "安居苑"},
    )
    streets = (
        {**area("s1", "street", box(-100, -500, 450, 500)), "name": "东街"},
        {**area("s2", "street", box(450, -500, 1000, 500)), "name": "西街"},
    )
    study = city(tmp_path, residential=estates, boundaries=streets)
    known = known_places(study)
    homes = known[known["kind"].eq("residential")]
    assert homes["street"].to_list() == ["东街", "东街", "西街", "西街"]
    labels = dict(zip(known["id"], place_labels(known), strict=True))
    assert labels["r4"] == "安居苑（小区）"
    assert labels["r1"] == "幸福里（小区，东街）"
    assert {labels["r2"], labels["r3"]} == {"幸福里（小区，r2）", "幸福里（小区，r3）"}
    rows = json.loads(names(study))["places"]
    assert ["residential", "estates", "r1", "幸福里", "东街"] in [row[:5] for row in rows]
    assert all(len(row) == 9 for row in rows)


def test_a_divided_map_has_both_sides(tmp_path: Path) -> None:
    before = {"estates": "a", "ground": "g", "names": "n"}
    after = {"estates": "b", "ground": "g", "names": "m", "tiers": "t"}
    assert swiped(before, after) == {
        "estates": "a", "ground": "g", "names": "m", "after_estates": "b",
    }  # fmt: skip
    study: Study = city(tmp_path)
    assert str(study.path) not in view_name(study)
    assert view_name(study) == view_name(study)


def test_what_starts_with_the_server_knows_no_map_library() -> None:
    # Streamlit only serves a component that is first imported by a page.
    asked = "import sys, ui.kept; sys.exit('streamlit_folium' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, check=False, capture_output=True)  # noqa: S603
    assert done.returncode == 0
