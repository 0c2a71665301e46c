"""The terminal's own arithmetic: options, languages, and what is printed where."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.errors import PlanningError
from geo.language import spoken
from report.comparison_files import require_other_folder
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


@pytest.mark.parametrize(
    ("command", "option", "value", "words"),
    [("evaluate", "--speed", "0", "--speed 的值“0”不合要求（应大于 0.1）"),
     ("evaluate", "--limit", "nan", "--limit 的值“nan”不合要求（应为一个数"),
     ("evaluate", "--limit", "90", "--limit 的值“90”不合要求（不应大于 60"),
     ("evaluate", "--categories", "castle", "--categories 的值“castle”不合要求（community_station"),
     ("report", "--speed", "0", "--speed 的值“0”不合要求"),
     ("report", "--limit", "nan", "--limit 的值“nan”不合要求"),
     ("report", "--formats", "", "--formats 没有写格式"),
     ("report", "--formats", " , ", "--formats 没有写格式")],
)  # fmt: skip
def test_an_option_out_of_range_is_named_and_not_the_study_file(
    study: Path, out: Path, command: str, option: str, value: str, words: str
) -> None:
    done = carecircle_here(command, study, "--out", out, option, value)
    assert done.returncode == 1
    assert words in done.stderr
    assert study.name not in done.stderr
    assert not out.exists()


def test_results_do_not_become_data_of_the_study(study: Path) -> None:
    folder = study.parent / "led"
    folder.mkdir()
    text = study.read_text(encoding="utf-8")
    study.write_text(text.replace("facilities.gpkg", "led/*.csv"), encoding="utf-8")
    done = carecircle_here("evaluate", study, "--out", folder)
    assert done.returncode == 1
    assert "places.csv”会被研究当作自己的数据读入（led/*.csv）" in done.stderr
    assert list(folder.iterdir()) == []


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


# --- two periods ---------------------------------------------------------------------------------


def periods(study: Path, folder: Path) -> tuple[Path, Path]:
    """Evaluate a study for two dates; in between a care centre opened at E."""
    rows = [
        *ROWS["facilities"],
        facility("f3", spot(900, 5), status="operating", opened_on=pd.Timestamp("2025-09-01")),
    ]
    first = study.read_text(encoding="utf-8").replace("2025-12-31", "2025-06-30")
    study.write_text(first, encoding="utf-8")
    run("evaluate", study, "--out", folder / "june")
    later = write_study(toy_study(folder, **{**ROWS, "facilities": rows}), folder / "later")
    run("evaluate", later, "--out", folder / "december")
    return folder / "june", folder / "december"


def test_two_periods_are_compared(study: Path, tmp_path: Path, out: Path) -> None:
    june, december = periods(study, tmp_path)
    said = run("compare", june, december, "--out", out)
    # It reaches the 30 people at 890 m.
    assert "60.0个百分点" in said
    assert "实际建设+60.0个百分点、补登更正0、口径与数据0" in said
    assert "新增步行可达的60岁以上老年人 30 人" in said
    assert {path.name for path in out.iterdir()} == {
        "comparison.json", "comparison.csv", "areas.csv", "estates.csv", "indicators.csv",
        "changes.csv", "findings.csv",
    }  # fmt: skip
    told = json.loads((out / "comparison.json").read_text(encoding="utf-8"))
    assert told["before"]["on"] == "2025-06-30"
    as_json = json.loads(run("compare", june, december, "--out", out, "--json"))
    assert as_json == told
    assert "built +60.0" in run("compare", june, december, "--out", out, "--lang", "en")


def test_what_cannot_be_compared_is_refused_in_one_line(
    study: Path, tmp_path: Path, out: Path
) -> None:
    june, december = periods(study, tmp_path)
    for pair, word in (((december, june), "2025-12-31"), ((june, tmp_path / "x"), "x")):
        done = carecircle_here("compare", *pair, "--out", out)
        assert done.returncode == 1
        (line,) = done.stderr.strip().splitlines()
        assert word in line
        assert not out.exists()
    (december / "stock.gpkg").unlink()
    done = carecircle_here("compare", june, december, "--out", out)
    assert done.returncode == 1
    assert "stock.gpkg" in done.stderr


# --- why a number --------------------------------------------------------------------------------


def test_a_number_is_explained(study: Path, tmp_path: Path) -> None:
    said = run("explain", study, "share_60plus")
    assert "40.0%" in said
    assert "20 ÷" in said
    assert "步行速度（米/秒） 0.9" in said
    rows = tmp_path / "rows.csv"
    told = json.loads(run("explain", study, "share_60plus", "--json", "--out", rows))
    assert (told["value"], told["numerator"], told["denominator"]) == (0.4, 20, 50)
    table = pd.read_csv(rows, encoding="utf-8-sig")
    assert table[["elderly_60plus", "covered_60plus"]].sum().tolist() == [50, 20]
    assert len(told["rows"]) == len(table) == 2


def test_an_area_and_an_estate_are_explained(study: Path) -> None:
    told = json.loads(run("explain", study, "covered_60plus", "b1", "--json"))
    assert told["value"] == 20
    said = run("explain", study, "required_m2", "r1", "--lang", "en")
    assert "100 homes ÷ 100 × 20 m² per 100 homes = 20 m²" in said
    assert "policy text" in said


def test_a_scenario_can_be_asked_too(study: Path) -> None:
    plan = study.parent / "plan.toml"
    plan.write_text('[[open]]\nname = "new"\ncategory = "embedded"\ncandidate_id = "c1"\n',
                    encoding="utf-8")  # fmt: skip
    told = json.loads(run("explain", study, "share_60plus", "--scenario", plan, "--json"))
    assert told["value"] == 1


def test_the_keys_are_listed(study: Path) -> None:
    assert "share_60plus" in run("explain", study, "list")
    assert "rate_new" in json.loads(run("explain", study, "list", "--json"))


@pytest.mark.parametrize("words", [("share60plus",), ("share_60plus", "b9"), ("verdict", "b1")])
def test_what_is_not_known_is_refused_in_one_line(study: Path, words: tuple[str, ...]) -> None:
    done = carecircle_here("explain", study, *words)
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert "share_60plus" in line or "b1" in line
    assert not done.stdout


# --- planning conditions -------------------------------------------------------------------------


def test_planning_conditions_are_told_without_a_study() -> None:
    said = run("conditions", "--households", 1250, "--on", "2025-12-31", "--phased")
    assert "不少于250.00平方米" in said
    assert "首期" in said
    told = json.loads(run("conditions", "--households", "1,250", "--rules", "anhui", "--json"))
    assert (told["required_m2"], told["rule"]["value"]) == (375, 30)
    assert "no less than 250.00 m²" in run("conditions", "--households", 1250, "--lang", "en")


def test_planning_conditions_know_the_neighbours(study: Path) -> None:
    lon, lat = gpd.GeoSeries([spot(300, 0)], crs=METRIC).to_crs(4326).iloc[0].coords[0]
    told = json.loads(
        run("conditions", "--households", 1700, "--study", study, "--at", f"{lon},{lat}", "--json")
    )
    # Nobody says what r1 has: it is unknown, so it is no neighbour that lacks anything.
    assert told["pooling"]["outcome"] == "nobody"
    assert told["required_m2"] == 340


@pytest.mark.parametrize(
    "words",
    [
        ("--households", "0"), ("--households", "-5"), ("--households", "many"),
        ("--households", "1e12"), ("--households", "10", "--on", "someday"),
        ("--households", "10", "--rules", "atlantis"), ("--households", "10", "--on", "1999-01-01"),
        ("--households", "10", "--at", "118,42"),
    ],
)  # fmt: skip
def test_bad_conditions_are_refused_in_one_line(words: tuple[str, ...]) -> None:
    done = carecircle_here("conditions", *words)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert not done.stdout


def test_a_parcel_off_the_streets_is_refused(study: Path) -> None:
    done = carecircle_here("conditions", "--households", 10, "--study", study, "--at", "100,20")
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert "100" in line


def test_compare_never_writes_over_an_evaluation(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / "summary.json").write_text("{}", encoding="utf-8")
    with pytest.raises(PlanningError, match="kept"):
        require_other_folder(folder)
    require_other_folder(tmp_path / "new")
