"""What the map is told of an evaluation."""

import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point
from toy import BACKTICK, HOSTILE

from analysis.evaluation import Evaluation
from geo.language import speaking
from report import map_extent
from report.briefing.rule_texts import rules_table
from report.palette import (
    FACILITIES,
    MINUTES,
    VERDICTS,
    AreaStyle,
    minute_classes,
    verdict_classes,
)
from ui.map import scene
from ui.map.features import feature_collection


def properties(document: bytes) -> list[dict[str, Any]]:
    return [feature["properties"] for feature in json.loads(document)["features"]]


def test_an_upper_limit_belongs_to_its_band() -> None:
    minutes = pd.Series([0.0, 5.0, 5.01, 10.0, 15.0, 15.01, 30.0, 30.01, np.nan, np.nan])
    reason = pd.Series([""] * 8 + ["no_facility", "beyond_horizon"])
    assert minute_classes(minutes, reason).to_list() == [
        "to_5", "to_5", "to_10", "to_10", "to_15", "to_30", "to_30", "over_30",
        "unknown", "over_30",
    ]  # fmt: skip


def test_an_estate_that_was_not_judged_is_out_of_scope_not_short() -> None:
    verdict = pd.Series(["met", "short", None, "short"])
    in_scope = pd.Series([True, True, True, None], dtype="boolean")
    classes = verdict_classes(verdict, in_scope).to_list()
    assert classes == ["met", "short", "unknown", "out_of_scope"]


def test_estates_carry_both_colourings(evaluation: Evaluation) -> None:
    shown = properties(scene.estates(evaluation))
    assert [row["minutes_class"] for row in shown] == [
        "to_5", "to_5", "to_10", "to_15", "to_30", "to_30", "over_30", "unknown"
    ]
    assert shown[3]["verdict_class"] == "met_pooled"
    assert shown[7]["verdict_class"] == "out_of_scope"
    assert shown[7]["minutes"] is None


def test_names_travel_as_they_are(evaluation: Evaluation) -> None:
    shown = properties(scene.estates(evaluation))
    assert shown[1]["name"] == HOSTILE
    assert shown[2]["name"] == BACKTICK
    assert shown[7]["name"] is None


def test_a_bubble_is_the_people_out_of_reach(evaluation: Evaluation) -> None:
    shown = properties(scene.uncovered_people(evaluation.homes))
    # 200 elders each: a share of 0.75 leaves 50, 0.25 leaves 150, 0 leaves all; unknown has none.
    assert [row["people"] for row in shown] == [200, 200, 150, 50]
    radius = [row["radius"] for row in shown]
    assert radius[3] / radius[0] == pytest.approx(0.5, abs=0.01)  # a quarter of the area


def test_an_estate_in_several_rows_has_one_bubble(evaluation: Evaluation) -> None:
    twice = pd.concat([evaluation.homes, evaluation.homes.assign(unit_id="other")])
    shown = properties(scene.uncovered_people(gpd.GeoDataFrame(twice, crs=evaluation.homes.crs)))
    assert [row["people"] for row in shown] == [400, 400, 300, 100]


def test_facilities_say_whether_they_operate_and_count(evaluation: Evaluation) -> None:
    shown = properties(scene.facilities(evaluation))
    assert [row["operating"] for row in shown] == [True, True, False, True]
    assert [row["counted"] for row in shown] == [True, True, False, False]


def test_the_widest_band_lies_lowest(evaluation: Evaluation) -> None:
    assert [row["minutes"] for row in properties(scene.bands(evaluation.isochrones))] == [15, 10, 5]


def test_thousands_of_streets_are_one_feature_a_class(evaluation: Evaluation) -> None:
    shown = properties(scene.streets(evaluation.study.network))
    assert [row["class"] for row in shown] == ["minor", "major"]


def test_a_place_without_geometry_is_left_out_and_unknown_is_null() -> None:
    shapes = gpd.GeoSeries([Point(120, 42), None, Point()], crs="EPSG:4326")
    table = pd.DataFrame({"n": [np.nan, 1.0, 2.0]})
    assert json.loads(feature_collection(shapes, table))["features"] == [
        {
            "type": "Feature",
            "properties": {"n": None},
            "geometry": {"type": "Point", "coordinates": [120, 42]},
        }
    ]


def test_inputs_are_not_changed(evaluation: Evaluation) -> None:
    before = evaluation.homes.copy(), evaluation.places.copy()
    scene.draw_evaluation(evaluation)
    pd.testing.assert_frame_equal(evaluation.homes, before[0])
    pd.testing.assert_frame_equal(evaluation.places, before[1])


def lightness(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2


@pytest.mark.parametrize("styles", [MINUTES, VERDICTS])
def test_solid_classes_darken_one_by_one_for_grey_print(styles: Mapping[str, AreaStyle]) -> None:
    solid = [lightness(style.fill) for style in styles.values() if not style.dash]
    assert solid == sorted(solid, reverse=True)
    assert all(a / b > 1.3 for a, b in pairwise(solid))


def test_facilities_differ_by_their_sign() -> None:
    assert len({str(sign.sign) for sign in FACILITIES.values()}) == len(FACILITIES)


def placeless(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.set_geometry(gpd.GeoSeries([None] * len(frame), index=frame.index, crs=frame.crs))


def test_the_map_opens_on_the_first_that_has_a_place(evaluation: Evaluation) -> None:
    study = evaluation.study
    layers = {**study.layers, "residential": placeless(study.layers["residential"])}
    nowhere = replace(evaluation, study=replace(study, layers=layers))
    # Homes stand in the middle of the estates: 150 m further in on every side.
    west, south, east, north = map_extent.bounds_of_life(evaluation)
    inner = map_extent.bounds_of_life(nowhere)
    assert west < inner[0] < inner[2] < east
    assert south < inner[1] < inner[3] < north
    homeless = replace(nowhere, homes=placeless(evaluation.homes))
    expected = study.layers["facilities"].to_crs("EPSG:4326").total_bounds
    assert map_extent.bounds_of_life(homeless) == pytest.approx(tuple(expected))
    layers = {**layers, "facilities": placeless(study.layers["facilities"])}
    bare = replace(homeless, study=replace(study, layers=layers))
    streets = gpd.GeoSeries(study.network.lines(), crs=study.crs).to_crs("EPSG:4326")
    assert map_extent.bounds_of_life(bare) == pytest.approx(tuple(streets.total_bounds))


def test_a_rule_stands_in_a_policy_document(evaluation: Evaluation) -> None:
    assert "政策文件" in headings(evaluation)
    with speaking("en"):
        assert "Document" in headings(evaluation)


def headings(evaluation: Evaluation) -> list[str]:
    return [str(column.title) for column in rules_table(evaluation).columns]
