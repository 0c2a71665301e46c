"""Places given by hand: kept beside the study, used while the row is the same, taken away again."""

import datetime as dt
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from analysis.placing.by_hand import (
    HandPlace,
    hand_file,
    place_by_hand,
    placed_by_hand,
    read_hand_places,
    unplace,
)
from analysis.toml_text import toml_string
from geo.errors import PlanningError, StudyError
from geo.findings import Finding
from geo.position.coordinates import WGS84

from .toy_study import layer

ROWS = layer(
    {"id": "f1", "name": "甲站", "address": "东街1号", "geometry": None},
    {"id": "f2", "name": '“乙”"站\\\n', "address": None, "geometry": shapely.Point(118.9, 42.2)},
).set_crs(WGS84, allow_override=True)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Give the path of a study file; the layers of these tests are handed over."""
    return tmp_path / "toy.study.toml"


def put(study: Path, id_: str, lon: float = 118.95, lat: float = 42.26) -> HandPlace:
    return place_by_hand(study, "facilities", id_, lon, lat, rows=ROWS)


def applied(
    places: tuple[HandPlace, ...], rows: gpd.GeoDataFrame = ROWS
) -> tuple[list[tuple[float, float] | None], list[Finding]]:
    done = placed_by_hand(rows, places, layer="facilities", file="a.csv", hand="toy.places.toml")
    spots = [None if at is None else (at.x, at.y) for at in done.frame.geometry]
    return spots, list(done.findings)


def test_a_place_is_kept_beside_the_study_with_the_row_as_it_is_called(study: Path) -> None:
    place_by_hand(
        study, "facilities", "f1", 118.95, 42.26, by="王", on=dt.date(2026, 11, 1), rows=ROWS
    )
    assert hand_file(study).name == "toy.places.toml"
    (place,) = read_hand_places(study)
    assert place == HandPlace(
        layer="facilities", id="f1", name="甲站", address="东街1号", lon=118.95, lat=42.26,
        by="王", on=dt.date(2026, 11, 1),
    )  # fmt: skip
    assert applied((place,))[0] == [(118.95, 42.26), (118.9, 42.2)]


def test_a_name_of_any_signs_is_kept(study: Path) -> None:
    put(study, "f2")
    (place,) = read_hand_places(study)
    assert place.name == ROWS["name"].iloc[1]
    assert applied((place,))[0][1] == (118.95, 42.26)


def test_the_last_place_of_a_row_is_kept_and_others_stay(study: Path) -> None:
    put(study, "f1")
    put(study, "f2")
    put(study, "f1", 118.96)
    assert {place.id: place.lon for place in read_hand_places(study)} == {
        "f1": 118.96, "f2": 118.95,
    }  # fmt: skip


def test_a_place_is_taken_away_again_and_with_the_last_the_file(study: Path) -> None:
    put(study, "f1")
    put(study, "f2")
    assert unplace(study, "facilities", "f1")
    assert [place.id for place in read_hand_places(study)] == ["f2"]
    assert not unplace(study, "facilities", "f1")
    assert not unplace(study, "residential", "f2")
    assert unplace(study, "facilities", "f2")
    assert [*study.parent.iterdir()] == []


def test_numbers_of_numpy_and_places_west_are_written_as_numbers(study: Path) -> None:
    put(study, "f1", np.float64(-0.0000001), 42)
    (place,) = read_hand_places(study)
    assert (place.lon, place.lat) == (-1e-7, 42.0)


@pytest.mark.parametrize(
    ("layer_name", "id_", "lon", "word"),
    [
        ("facilities", "f9", 118.9, "f9"),
        ("facilities", "f1", 181.0, "不是经纬度"),
        ("facilities", "f1", float("nan"), "不是经纬度"),
        ("barriers", "f1", 118.9, "barriers"),
    ],
)
def test_what_cannot_be_placed_changes_nothing(
    study: Path, layer_name: str, id_: str, lon: float, word: str
) -> None:
    put(study, "f2")
    before = hand_file(study).read_bytes()
    with pytest.raises(PlanningError, match=word):
        place_by_hand(study, layer_name, id_, lon, 42.2, rows=ROWS)
    assert hand_file(study).read_bytes() == before
    assert [path.name for path in study.parent.iterdir()] == ["toy.places.toml"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[[place]\n", "toy.places.toml"),
        ('[[place]]\nlayer = "facilities"\nid = "f1"\nlon = 1.0\n', "lat"),
        ('[[place]]\nlayer = "barriers"\nid = "f1"\nlon = 1.0\nlat = 2.0\n', "barriers"),
        ("[[place]]\nlayer = “facilities”\n", "全角"),
        ("[[places]]\n", "places"),
    ],
)  # fmt: skip
def test_a_damaged_file_is_refused_and_never_written_over(
    study: Path, text: str, word: str
) -> None:
    hand_file(study).write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=word):
        read_hand_places(study)
    with pytest.raises(StudyError):
        put(study, "f1")
    assert hand_file(study).read_text(encoding="utf-8") == text


# --- applied -------------------------------------------------------------------------------------


def by_hand(id_: str = "f1", name: str = "甲站", **more: object) -> HandPlace:
    return HandPlace.model_validate(
        {"layer": "facilities", "id": id_, "name": name, "lon": 118.95, "lat": 42.26, **more}
    )


def test_a_place_by_hand_stands_above_coordinates_and_is_told() -> None:
    spots, (told,) = applied((by_hand(), by_hand("f2", ROWS["name"].iloc[1])))
    assert spots == [(118.95, 42.26)] * 2
    assert (told.severity, told.file) == ("info", "a.csv")
    assert "2 行" in str(told.message)
    assert "1 行原有坐标" in str(told.message)


@pytest.mark.parametrize("place", [by_hand(name="己站"), by_hand("f7"), by_hand(name="")])
def test_a_row_that_changed_is_not_placed(place: HandPlace) -> None:
    spots, (told,) = applied((place,))
    assert spots[0] is None
    assert told.severity == "warning"
    assert "台账已变" in str(told.message)


def test_a_row_placed_twice_is_not_placed() -> None:
    spots, (told,) = applied((by_hand(), by_hand(lon=118.0)))
    assert spots[0] is None
    assert "2 次" in str(told.message)


def test_places_of_other_layers_do_not_count() -> None:
    assert applied((by_hand(layer="residential"),)) == ([None, (118.9, 42.2)], [])


def test_a_layer_without_names_is_placed_by_id() -> None:
    people = layer({"id": "p1", "population": 9.0, "geometry": None})
    done = placed_by_hand(
        people, (by_hand("p1", "", layer="population"),), layer="population", file="p", hand="h"
    )
    assert done.frame.geometry.notna().all()


def test_texts_as_toml_writes_them() -> None:
    assert toml_string('a"\\\n\x7f长') == '"a\\"\\\\\\n\\u007f长"'
    assert toml_string("\ud800") == '"?"'
