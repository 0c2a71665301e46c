"""Porto Alegre: streets from OSM, hexagons of people, walks to health care, checked twice."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from . import terminal
from .second_way import Answer, SecondWay, streets_from_pbf
from .terminal import Outcome, evaluate

METRIC = "EPSG:32722"
# Two boxes over the middle of the city; the rest of it lies outside them.
NORTH, MIDDLE, SOUTH = -30.02, -30.06, -30.09
WEST, EAST = -51.23, -51.17

STUDY = """
title = "Porto Alegre"
on = 2025-12-31

[walking]
categories = ["health"]

[layers]
facilities = { path = "care.csv", source = "poa_hexgrid.csv" }
population = { path = "people.csv", source = "poa_hexgrid.csv" }
boundaries = { path = "boxes.geojson" }

[streets]
path = "STREETS"
"""


@dataclass(frozen=True)
class City:
    """The study, its people and health care in metres, and the second way's answers."""

    study: Path
    people: gpd.GeoDataFrame
    answers: dict[str, Answer]
    second_way: SecondWay
    care: tuple[str, ...]


def _write_boxes(path: Path) -> None:
    def box(name: str, south: float, north: float) -> dict[str, object]:
        ring = [[WEST, south], [EAST, south], [EAST, north], [WEST, north], [WEST, south]]
        return {
            "type": "Feature",
            "properties": {"名称": name, "级别": "街道"},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }

    boxes = [box("Norte", MIDDLE, NORTH), box("Sul", SOUTH, MIDDLE)]
    content = json.dumps({"type": "FeatureCollection", "features": boxes}, ensure_ascii=False)
    path.write_text(content, encoding="utf-8")


@pytest.fixture(scope="module")
def city(real_layers: Path, tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = tmp_path_factory.mktemp("porto_alegre")
    streets = real_layers / "porto_alegre" / "poa_osm.pbf"
    cells = pd.read_csv(real_layers / "porto_alegre" / "poa_hexgrid.csv")
    cells[["id", "lon", "lat", "population"]].to_csv(
        folder / "people.csv", index=False, encoding="utf-8-sig"
    )
    care = cells[cells["healthcare"] > 0]
    care = pd.DataFrame(
        {"id": care["id"], "name": "posto " + care["id"], "lon": care["lon"], "lat": care["lat"]}
    ).assign(category="health")
    care.to_csv(folder / "care.csv", index=False, encoding="utf-8")
    _write_boxes(folder / "boxes.geojson")
    study = folder / "poa.study.toml"
    study.write_text(STUDY.replace("STREETS", streets.as_posix()), encoding="utf-8")
    points = gpd.points_from_xy(cells["lon"], cells["lat"], crs="EPSG:4326")
    people = gpd.GeoDataFrame(cells, geometry=points).set_index("id").to_crs(METRIC)
    second = SecondWay(streets_from_pbf(streets, METRIC), people.geometry[care["id"]].to_dict())
    answers = second.walk(people.geometry.to_dict(), care["id"])
    return City(study, people, answers, second, tuple(care["id"]))


@pytest.fixture(scope="module")
def outcome(city: City) -> Outcome:
    return evaluate(city.study, city.study.parent / "out")


def test_files_columns_and_keys_are_those_of_the_contract(outcome: Outcome) -> None:
    terminal.require_files_of_the_contract(outcome)


def test_every_hexagon_walks_as_long_as_in_the_second_way(
    city: City, outcome: Outcome, record_testsuite_property: Callable[[str, object], None]
) -> None:
    places = outcome.table("places.csv").query("layer == 'population'")
    apart = terminal.require_minutes(places, city.answers)
    record_testsuite_property("Porto Alegre: places", len(places))
    record_testsuite_property("Porto Alegre: greatest difference in minutes", apart)


def test_the_nearest_facility_is_one_that_is_as_near_in_the_second_way(
    city: City, outcome: Outcome
) -> None:
    places = outcome.table("places.csv").query("layer == 'population'").set_index("place_id")
    named = places["nearest_facility_id"].dropna()
    assert named.index.equals(places["minutes"].dropna().index)
    # Every twentieth facility stands for all: one search each.
    for facility in sorted(set(named))[::20]:
        near = named.index[named == facility]
        alone = city.second_way.walk(city.people.geometry[near].to_dict(), [facility])
        for place in near:
            assert alone[place].minutes == pytest.approx(places.loc[place, "minutes"], abs=0.002)


def test_hexagons_beyond_the_cap_are_listed_with_the_reason(city: City, outcome: Outcome) -> None:
    places = outcome.table("places.csv").query("layer == 'population'").set_index("place_id")
    nowhere = [
        name
        for name, exit_ in zip(
            city.people.index, city.second_way.exits(city.people.geometry), strict=True
        )
        if exit_ is None
    ]
    assert nowhere
    lost = places.loc[nowhere]
    assert not lost["reachable"].astype(bool).any()
    assert lost["reason"].notna().all()
    assert (lost["share"] == 0).all()


def test_covered_people_are_those_within_the_limit(city: City, outcome: Outcome) -> None:
    people = city.people["population"]
    covered = sum(people[place] * answer.share() for place, answer in city.answers.items())
    first = outcome.table("coverage.csv").iloc[0]
    assert first["population"] == people.sum()
    assert first["covered_population"] == pytest.approx(covered, abs=0.5)
    assert first["share_population"] == pytest.approx(covered / people.sum(), abs=0.001)
    assert outcome.summary["coverage"]["share_population"] == pytest.approx(
        covered / people.sum(), abs=0.001
    )
    assert pd.isna(first["elderly_60plus"])
    assert outcome.summary["coverage"]["share_60plus"] is None


def test_boxes_and_what_lies_outside_sum_to_the_city(city: City, outcome: Outcome) -> None:
    coverage = outcome.table("coverage.csv")
    terminal.require_levels_to_sum(coverage)
    inside = city.people.to_crs("EPSG:4326").cx[WEST:EAST, MIDDLE:NORTH]
    (norte,) = coverage.loc[coverage["name"] == "Norte", "population"]
    assert norte == inside["population"].sum()


def test_polygons_agree_with_the_minutes_of_every_hexagon(city: City, outcome: Outcome) -> None:
    points = city.people.to_crs("EPSG:4326").geometry
    terminal.require_polygons_to_agree(outcome.isochrones, points, city.answers)


def test_speed_and_limit_can_be_asked_for(city: City) -> None:
    slow = evaluate(
        city.study, city.study.parent / "slow", "--speed", "0.8", "--limit", "10", "--json"
    )
    limit_m = 10 * 60 * 0.8
    people = city.people["population"]
    covered = sum(
        people[place] * answer.share(limit_m=limit_m) for place, answer in city.answers.items()
    )
    first = slow.table("coverage.csv").iloc[0]
    assert first["covered_population"] == pytest.approx(covered, abs=0.5)
    assert json.loads(slow.run.stdout)


def test_parameters_name_the_inputs_by_their_sha256(city: City, outcome: Outcome) -> None:
    parameters = (outcome.folder / "parameters.json").read_text(encoding="utf-8")
    for name in ("care.csv", "people.csv", "boxes.geojson"):
        content = (city.study.parent / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() in parameters, name
