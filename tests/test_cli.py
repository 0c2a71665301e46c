"""The terminal's own arithmetic: options, languages, and what is printed where."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.language import spoken
from tests.acceptance.terminal import carecircle_here
from tests.analysis.toy_study import (
    M_PER_MIN,
    ROAD,
    area,
    box,
    estate,
    facility,
    people,
    spot,
    toy_study,
    write_study,
)
from tests.conftest import METRIC, TOY_STREETS

# From A: r1 is 230 m away, r2 900 m; f2 stands at E and counts as a care home only.
ROWS = {
    "facilities": [
        facility("f1", spot(0, 0), status="operating"),
        facility("f2", spot(900, 0), "care_home", status="operating"),
    ],
    "residential": [estate("r1", spot(200, 30)), estate("r2", spot(890, 10))],
    "population": [people("p1", spot(100, 0), 100, 20), people("p2", spot(890, -10), 50, 30)],
    "boundaries": [area("b1", "street", box(-100, -500, 1000, 500))],
    "candidates": [{"id": "c1", "name": "plot", "geometry": spot(600, 0)}],
}


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return write_study(toy_study(tmp_path, **ROWS), tmp_path / "files")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def summary_of(out: Path) -> dict[str, dict[str, object]]:
    return dict(json.loads((out / "summary.json").read_text(encoding="utf-8")))


def run(*words: object) -> str:
    done = carecircle_here(*words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_evaluate_prints_what_it_writes(study: Path, out: Path) -> None:
    said = run("evaluate", study, "--out", out)
    assert "40.0%" in said  # 20 of 50 people aged 60+
    assert "20 / 50" in said
    assert summary_of(out)["coverage"]["share_60plus"] == 0.4


def test_json_is_the_summary_and_nothing_else(study: Path, out: Path) -> None:
    assert json.loads(run("evaluate", study, "--out", out, "--json")) == summary_of(out)


def test_speed_and_limit_change_the_walk(study: Path, out: Path) -> None:
    run("evaluate", study, "--out", out, "--speed", 1.8, "--limit", 9)
    places = pd.read_csv(out / "places.csv", encoding="utf-8-sig").set_index("place_id")
    assert places.loc["r1", "minutes"] == pytest.approx(230 / M_PER_MIN / 2, abs=0.0005)
    parameters = summary_of(out)["parameters"]
    assert (parameters["speed_m_per_s"], parameters["limit_min"]) == (1.8, 9)
    # 9 minutes at 1.8 m/s are 972 m.
    assert summary_of(out)["coverage"]["share_60plus"] == 1


def test_categories_are_told_with_commas_and_spaces(study: Path, out: Path) -> None:
    run("evaluate", study, "--out", out, "--categories", "day_care, care_home")
    assert summary_of(out)["parameters"]["categories"] == ["day_care", "care_home"]
    assert summary_of(out)["coverage"]["share_60plus"] == 1


def test_a_category_that_is_none_is_refused(study: Path, out: Path) -> None:
    done = carecircle_here("evaluate", study, "--out", out, "--categories", "day_care,castle")
    assert done.returncode in (1, 2)
    assert "castle" in done.stderr


def test_a_speed_out_of_range_is_refused_before_anything_is_written(
    study: Path, out: Path
) -> None:
    done = carecircle_here("evaluate", study, "--out", out, "--speed", 99)
    assert done.returncode in (1, 2)
    assert "99" in done.stderr
    assert not out.exists() or not [*out.iterdir()]


def test_a_scenario_and_its_walking_stand_above_the_study(study: Path, out: Path) -> None:
    plan = study.parent / "plan.toml"
    plan.write_text(
        '[[open]]\nname = "new"\ncategory = "embedded"\ncandidate_id = "c1"\n'
        "[walking]\nspeed_m_per_s = 0.6\n",
        encoding="utf-8",
    )
    run("evaluate", study, "--out", out, "--scenario", plan)
    places = pd.read_csv(out / "places.csv", encoding="utf-8-sig").set_index("place_id")
    assert places.loc["r2", "nearest_facility_id"] == "s1"
    assert places.loc["r2", "minutes"] == pytest.approx(300 / 36, abs=0.0005)
    told = json.loads((out / "parameters.json").read_text(encoding="utf-8"))
    opened = {"name": "new", "category": "embedded", "candidate_id": "c1"}
    assert told["scenarios"] == [{"open": [opened], "walking": {"speed_m_per_s": 0.6}}]


def test_an_option_stands_above_the_scenario(study: Path, out: Path) -> None:
    plan = study.parent / "plan.toml"
    plan.write_text("[walking]\nspeed_m_per_s = 0.6\nlimit_min = 20\n", encoding="utf-8")
    run("evaluate", study, "--out", out, "--scenario", plan, "--speed", 1.2)
    parameters = summary_of(out)["parameters"]
    assert (parameters["speed_m_per_s"], parameters["limit_min"]) == (1.2, 20)


def test_a_wrong_scenario_is_refused_in_one_line(study: Path, out: Path) -> None:
    plan = study.parent / "plan.toml"
    plan.write_text('close = ["f9"]\n', encoding="utf-8")
    done = carecircle_here("evaluate", study, "--out", out, "--scenario", plan)
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert "f9" in line


def test_the_language_is_asked_for_by_run(study: Path, out: Path) -> None:
    english = run("evaluate", study, "--out", out, "--lang", "en")
    assert "60+" in english
    told = pd.read_csv(out / "findings.csv", encoding="utf-8-sig")["message"].str.cat()
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in told)
    assert spoken() == "zh"
    assert "60岁以上" in run("evaluate", study, "--out", out)


def test_an_unknown_language_is_wrong_usage(study: Path, out: Path) -> None:
    assert carecircle_here("evaluate", study, "--out", out, "--lang", "fr").returncode == 2


def test_an_isochrone_is_drawn_around_a_point(study: Path, tmp_path: Path) -> None:
    lon, lat = gpd.GeoSeries([spot(300, 0)], crs=METRIC).to_crs(4326).iloc[0].coords[0]
    file = tmp_path / "circle.geojson"
    run("isochrone", study, "--at", f"{lon},{lat}", "--minutes", "2,5", "--out", file)
    read = gpd.read_file(file).to_crs(METRIC).set_index("minutes").geometry
    assert [*read.index] == [2, 5]
    # Five minutes are 270 m: 240 m up B-D is in, D at 400 m is not.
    assert read.loc[5].covers(spot(300, 240))
    assert not read.loc[5].covers(spot(300, 400))
    assert not read.loc[2].covers(spot(300, 240))
    assert [path.name for path in tmp_path.glob("*circle*")] == ["circle.geojson"]


def test_an_isochrone_off_the_streets_is_refused(study: Path, tmp_path: Path) -> None:
    done = carecircle_here(
        "isochrone", study, "--at", "100.5,20.25", "--out", tmp_path / "circle.gpkg"
    )
    assert done.returncode == 1
    assert "100.5,20.25" in done.stderr
    assert not (tmp_path / "circle.gpkg").exists()


@pytest.mark.parametrize(
    ("option", "value"),
    [("--at", "119"), ("--at", "here,there"), ("--at", "1,2,3"), ("--minutes", "5,soon")],
)
def test_numbers_that_are_none_are_wrong_usage(
    study: Path, tmp_path: Path, option: str, value: str
) -> None:
    words = {"--at": "119,42", "--minutes": "5", "--out": str(tmp_path / "x.gpkg"), option: value}
    done = carecircle_here("isochrone", study, *(w for pair in words.items() for w in pair))
    assert done.returncode == 2
    assert value in done.stderr


@pytest.mark.parametrize("value", ["0", "-5", "nan", "inf"])
def test_minutes_that_nobody_walks_are_refused(study: Path, tmp_path: Path, value: str) -> None:
    lon, lat = gpd.GeoSeries([spot(300, 0)], crs=METRIC).to_crs(4326).iloc[0].coords[0]
    file = tmp_path / "circle.gpkg"
    done = carecircle_here(
        "isochrone", study, "--at", f"{lon},{lat}", f"--minutes={value}", "--out", file
    )
    assert done.returncode in (1, 2)
    assert not file.exists()


def test_an_isochrone_is_as_wide_as_it_was_asked_for(tmp_path: Path) -> None:
    # 100 minutes at 0.2 m/s are 1,200 m of a road of 2,500 m.
    road = write_study(toy_study(tmp_path, **ROWS, streets=(*TOY_STREETS, ROAD)), tmp_path / "far")
    lon, lat = gpd.GeoSeries([spot(0, 1000)], crs=METRIC).to_crs(4326).iloc[0].coords[0]
    file = tmp_path / "circle.gpkg"
    run("isochrone", road, "--at", f"{lon},{lat}", "--minutes", "100", "--speed", 0.2,
        "--out", file)  # fmt: skip
    polygon = gpd.read_file(file).to_crs(METRIC).geometry.iloc[0]
    assert polygon.covers(spot(950, 1000))
    assert polygon.covers(spot(1150, 1000))
    assert not polygon.covers(spot(1250, 1000))


def test_streets_are_saved_and_read_again(study: Path, tmp_path: Path) -> None:
    saved = tmp_path / "streets.npz"
    said = run("streets", study.parent / "streets.gpkg", "--crs", "EPSG:4549", "--out", saved)
    assert "1.3" in said
    text = study.read_text(encoding="utf-8").replace('"streets.gpkg"', f'"{saved.as_posix()}"')
    study.write_text(text, encoding="utf-8")
    run("evaluate", study, "--out", tmp_path / "out")
    places = pd.read_csv(tmp_path / "out" / "places.csv", encoding="utf-8-sig")
    assert places.loc[0, "minutes"] == pytest.approx(230 / M_PER_MIN, abs=0.0005)


def test_inspect_as_json_is_json(study: Path) -> None:
    said = json.loads(run("inspect", study.parent / "residential.gpkg", "--as", "residential",
                          "--json"))
    assert said["rows"] == 2
    assert isinstance(said["findings"], list)


def test_ids_that_look_like_numbers_stay_as_they_are(tmp_path: Path, out: Path) -> None:
    rows = {**ROWS, "residential": [estate("007", spot(200, 30)), estate("1e3", spot(0, 0))]}
    run("evaluate", write_study(toy_study(tmp_path, **rows), tmp_path / "files"), "--out", out)
    places = pd.read_csv(out / "places.csv", encoding="utf-8-sig", dtype=str)
    assert [*places["place_id"]][:2] == ["007", "1e3"]
    assert np.isfinite(float(places.loc[0, "minutes"]))
