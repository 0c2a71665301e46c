"""Scenarios: what would be opened, closed, moved or enlarged, and what they may not say."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from analysis.evaluation import Evaluation, evaluate
from analysis.scenario import Scenario, apply
from analysis.scenario_text import read_scenario
from analysis.study import Study
from geo.errors import PlanningError, ScenarioError
from geo.language import speaking
from geo.position.coordinates import WGS84
from tests.conftest import METRIC

from .toy_study import M_PER_MIN, Row, box, estate, facility, people, spot, toy_study

# f1 is at A, r1 30 m off A-B, 200 m along; r2 is at E; c1 is a plot whose inner point is C.
CITY: Mapping[str, Sequence[Row]] = {
    "facilities": [facility("f1", spot(0, 0), status="operating", floor_area_m2=100.0)],
    "residential": [estate("r1", spot(200, 30)), estate("r2", spot(900, 0))],
    "population": [people("p1", spot(100, 0), 100, 20), people("p2", spot(900, 0), 50, 30)],
    "candidates": [{"id": "c1", "name": "plot", "geometry": box(590, -10, 610, 10)}],
}


def degrees(x: float, y: float) -> tuple[float, float]:
    here = gpd.GeoSeries([spot(x, y)], crs=METRIC).to_crs(WGS84).iloc[0]
    return here.x, here.y


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return toy_study(tmp_path, **CITY)


def scenario(**content: object) -> Scenario:
    return Scenario.model_validate({"title": "plan", **content})


def minutes(evaluation: Evaluation) -> dict[str, float]:
    rows = evaluation.places.set_index("place_id")
    return {name: float(rows.loc[name, "minutes"]) for name in ("r1", "r2")}


def walks(r1: float, r2: float) -> dict[str, float]:
    return {"r1": pytest.approx(r1 / M_PER_MIN), "r2": pytest.approx(r2 / M_PER_MIN)}


def test_the_baseline_by_hand(study: Study) -> None:
    assert minutes(evaluate(study)) == walks(230, 900)


def test_the_empty_scenario_is_the_baseline(study: Study) -> None:
    baseline, same = evaluate(study), evaluate(apply(Scenario(), study))
    assert_frame_equal(same.places, baseline.places)
    assert_frame_equal(same.coverage, baseline.coverage)
    assert_frame_equal(same.provision, baseline.provision)
    for part in ("coverage", "band", "provision", "parameters"):
        assert same.summary[part] == baseline.summary[part]


def test_a_facility_opened_at_a_position_counts(study: Study) -> None:
    lon, lat = degrees(600, 20)
    opened = {"name": "new", "category": "embedded", "lon": lon, "lat": lat}
    planned = evaluate(apply(scenario(open=[opened]), study))
    # From E along C-E and 20 m to the door; r1 keeps its own.
    assert minutes(planned) == walks(230, 320)
    assert planned.counted == ("f1", "s1")


def test_a_facility_opened_at_a_candidate_stands_inside_its_plot(study: Study) -> None:
    opened = {"name": "new", "category": "embedded", "candidate_id": "c1", "floor_area_m2": 300}
    changed = apply(scenario(open=[opened]), study)
    added = changed.layers["facilities"].iloc[-1]
    assert box(590, -10, 610, 10).contains(added.geometry)
    assert (added["name"], added["floor_area_m2"], added["status"]) == ("new", 300, "operating")


def test_a_facility_opened_in_a_study_without_a_status_column_counts(tmp_path: Path) -> None:
    without = toy_study(tmp_path, **{**CITY, "facilities": [facility("f1", spot(0, 0))]})
    lon, lat = degrees(900, 0)
    opened = {"name": "new", "category": "embedded", "lon": lon, "lat": lat}
    assert minutes(evaluate(apply(scenario(open=[opened]), without))) == walks(230, 0)


def test_a_facility_opened_in_a_study_without_facilities_counts(tmp_path: Path) -> None:
    without = toy_study(tmp_path, **{**CITY, "facilities": []})
    lon, lat = degrees(900, 0)
    opened = {"name": "new", "category": "embedded", "lon": lon, "lat": lat}
    assert minutes(evaluate(apply(scenario(open=[opened]), without))) == walks(730, 0)


def test_a_facility_opened_never_takes_the_id_of_another(tmp_path: Path) -> None:
    own = [facility("s1", spot(0, 0), status="operating")]
    study = toy_study(tmp_path, **{**CITY, "facilities": own})
    opened = {"name": "new", "category": "embedded", "candidate_id": "c1"}
    ids = apply(scenario(open=[opened]), study).layers["facilities"]["id"]
    assert ids.is_unique


def test_a_closed_facility_does_not_count(study: Study) -> None:
    planned = evaluate(apply(scenario(close=["f1"]), study))
    assert planned.counted == ()
    assert planned.summary["coverage"]["share_60plus"] == 0


def test_a_moved_facility_is_walked_to_at_its_new_place(study: Study) -> None:
    lon, lat = degrees(900, 0)
    planned = evaluate(apply(scenario(move=[{"facility_id": "f1", "lon": lon, "lat": lat}]), study))
    assert minutes(planned) == walks(730, 0)


def test_a_resized_facility_keeps_what_is_not_named(study: Study) -> None:
    changed = apply(scenario(resize=[{"facility_id": "f1", "floor_area_m2": 400}]), study)
    row = changed.layers["facilities"].iloc[0]
    assert (row["floor_area_m2"], row["name"], row["status"]) == (400, "care f1", "operating")
    with_beds = apply(scenario(resize=[{"facility_id": "f1", "beds": 30}]), study)
    row = with_beds.layers["facilities"].iloc[0]
    assert (row["floor_area_m2"], row["beds"]) == (100, 30)


def test_a_scenario_may_walk_otherwise(study: Study) -> None:
    planned = evaluate(apply(scenario(walking={"speed_m_per_s": 0.45}), study))
    assert minutes(planned) == {
        "r1": pytest.approx(2 * 230 / M_PER_MIN), "r2": pytest.approx(2 * 900 / M_PER_MIN)
    }


def test_the_baseline_is_unchanged_by_a_scenario(study: Study) -> None:
    before = study.layers["facilities"].copy()
    baseline = evaluate(study)
    lon, lat = degrees(900, 0)
    everything = scenario(
        open=[{"name": "new", "category": "embedded", "candidate_id": "c1"}],
        move=[{"facility_id": "f1", "lon": lon, "lat": lat}],
        resize=[{"facility_id": "f1", "floor_area_m2": 1, "beds": 2}],
        walking={"limit_min": 5},
    )
    evaluate(apply(everything, study))
    assert_frame_equal(pd.DataFrame(study.layers["facilities"]), pd.DataFrame(before))
    assert study.description.walking.limit_min == 15
    assert_frame_equal(evaluate(study).places, baseline.places)


def test_an_evaluation_says_which_scenario_it_is_of(study: Study) -> None:
    found = evaluate(apply(scenario(title="north"), study)).findings
    assert any("north" in str(finding.message) for finding in found)


# --- what is refused -----------------------------------------------------------------------------


def lines_of(refused: pytest.ExceptionInfo[PlanningError]) -> list[str]:
    return str(refused.value).splitlines()


def test_every_unknown_id_has_its_line(study: Study) -> None:
    lost = scenario(
        close=["f8"],
        move=[{"facility_id": "f9", "lon": 120, "lat": 42}],
        resize=[{"facility_id": "f7", "beds": 1}],
        open=[{"name": "new", "category": "embedded", "candidate_id": "c9"}],
    )
    with pytest.raises(ScenarioError) as refused:
        apply(lost, study)
    lines = lines_of(refused)
    assert len(lines) == 4
    for named in ("close “f8”", "move.0.facility_id “f9”", "resize.0.facility_id “f7”",
                  "open.0.candidate_id “c9”"):  # fmt: skip
        assert any(named in line for line in lines), named


def test_a_position_far_from_every_street_is_refused(study: Study) -> None:
    # A degree of latitude are 111 km.
    lon, lat = degrees(0, 0)
    far, near = {"lon": lon, "lat": lat - 0.5}, {"lon": lon, "lat": lat - 0.4}
    apply(scenario(move=[{"facility_id": "f1", **near}]), study)
    opened = {"name": "new", "category": "embedded", **far}
    with pytest.raises(ScenarioError) as refused:
        apply(scenario(move=[{"facility_id": "f1", **far}], open=[opened]), study)
    lines = lines_of(refused)
    assert len(lines) == 2
    assert all("50 公里" in line for line in lines)


def test_a_scenario_without_a_title_is_told_without_quotes(study: Study) -> None:
    assert str(apply(Scenario(), study).findings[-1].message) == "按情景计算。"


@pytest.mark.parametrize(
    ("text", "key", "swapped"),
    [
        ("[[gate]]\nresidential_id = 'r1'\nlon = 42.2\nlat = 118.9\n", "gate.0.lat", True),
        ("[[move]]\nfacility_id = 'f1'\nlon = 42\nlat = 118.9\n", "move.0.lat", True),
        ("[[block]]\nline = [[119, 42], [42, 119], [119, 43]]\n", "block.0.line.1.1", True),
        ("[[move]]\nfacility_id = 'f1'\nlon = 119\nlat = 142\n", "move.0.lat", False),
    ],
)
def test_degrees_in_the_wrong_order_are_told(
    tmp_path: Path, text: str, key: str, *, swapped: bool
) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        read_scenario(path)
    (line,) = lines_of(refused)
    assert f"“{key}”" in line
    assert ("经度与纬度可能颠倒，请交换" in line) == swapped


@pytest.mark.parametrize(
    ("content", "hint", "wide"),
    [
        ("close = [“f1”]\n".encode(), "请把全角标点改为半角", True),
        ('close = ["f1"，"f2"]\n'.encode(), "请把全角标点改为半角", True),
        ('title = "封桥，开门" # 备注，\nclose = [\n'.encode(), "请把全角标点改为半角", False),
        ('title = "封桥"\n'.encode("gb18030"), "请另存为 UTF-8", True),
    ],
)
def test_how_a_file_is_typed_is_told(
    tmp_path: Path, content: bytes, hint: str, *, wide: bool
) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError) as refused:
        read_scenario(path)
    (line,) = lines_of(refused)
    assert line.startswith("plan.toml")
    assert (hint in line) == wide


def test_a_facility_opened_nowhere_is_refused_by_name(study: Study) -> None:
    with pytest.raises(ScenarioError) as refused:
        apply(scenario(open=[{"name": "Nowhere Hall", "category": "embedded", "lon": 120}]), study)
    (line,) = lines_of(refused)
    assert "Nowhere Hall" in line


def test_a_facility_opened_with_a_category_that_is_none_is_refused(tmp_path: Path) -> None:
    # It would be opened and count for nothing, without a word.
    path = tmp_path / "plan.toml"
    path.write_text(
        '[[open]]\nname = "new"\ncategory = "daycare"\nlon = 119\nlat = 42\n', encoding="utf-8"
    )
    with pytest.raises(ScenarioError) as refused:
        read_scenario(path)
    (line,) = lines_of(refused)
    assert "daycare" in line


def test_walking_out_of_range_is_the_scenarios_fault(study: Study) -> None:
    with pytest.raises(ScenarioError) as refused:
        apply(scenario(walking={"speed_m_per_s": 99}), study)
    (line,) = lines_of(refused)
    assert "walking.speed_m_per_s" in line
    assert "toy.study.toml" not in line


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param('shut = ["f1"]\n', ("shut",), id="unknown key"),
        pytest.param('close = "f1"\n', ("close",), id="wrong type"),
        pytest.param('[[open]]\ncategory = "day_care"\n', ("open.0.name",), id="name missing"),
        pytest.param(
            '[[move]]\nfacility_id = "f1"\nlon = 119\nlat = 142\n', ("move.0.lat", "142"),
            id="latitude out of range",
        ),
        pytest.param("[[open\n", ("TOML",), id="bad TOML"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_wrong_scenario_file_is_refused_in_one_line(
    tmp_path: Path, text: str, words: tuple[str, ...], language: str
) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    with speaking(language), pytest.raises(ScenarioError) as refused:
        read_scenario(path)
    with speaking(language):
        (line,) = lines_of(refused)
    assert all(word in line for word in ("plan.toml", *words)), line


def test_a_scenario_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"nowhere\.toml"):
        read_scenario(tmp_path / "nowhere.toml")


def test_a_scenario_file_says_what_is_planned(tmp_path: Path, study: Study) -> None:
    path = tmp_path / "plan.toml"
    lon, lat = degrees(900, 0)
    path.write_text(
        f'title = "plan"\nclose = ["f1"]\n[[open]]\nname = "new"\ncategory = "day_care"\n'
        f"lon = {lon}\nlat = {lat}\n[walking]\nlimit_min = 20\n",
        encoding="utf-8",
    )
    planned = evaluate(apply(read_scenario(path), study))
    assert minutes(planned) == walks(730, 0)
    assert planned.summary["parameters"]["limit_min"] == 20
