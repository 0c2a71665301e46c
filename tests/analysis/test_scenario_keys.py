"""A key that no scenario knows is told with those that are known there, and the one meant."""

from pathlib import Path

import pytest

from analysis.scenario import Scenario, apply
from analysis.scenario_text import read_scenario
from geo.errors import ScenarioError
from tests.analysis.toy_study import facility, spot, toy_study

WHOLE = "title、open、close、move、resize、link、gate、block、walking"
WALKING = (
    "speed_m_per_s、limit_min、horizon_min、snap_max_m、component_min_m、categories、through_estates"
)
OPEN = "name、category、lon、lat、candidate_id、floor_area_m2、allocated_m2、beds"


def refusal(text: str, folder: Path) -> str:
    file = folder / "情景.toml"
    file.write_text(text, encoding="utf-8")
    study = toy_study(folder, facilities=[facility("f1", spot(0, 0))])
    with pytest.raises(ScenarioError) as refused:
        apply(read_scenario(file), study)
    return str(refused.value.messages[0])


@pytest.mark.parametrize(
    ("text", "key", "meant", "known"),
    [
        ("[[enlarge]]\nfacility_id = 'f1'", "enlarge", "resize", WHOLE),
        ("[[opened]]\nname = 'x'", "opened", "open", WHOLE),
        ("closes = ['f1']", "closes", "close", WHOLE),
        ("[walking]\nspeed = 0.8", "walking.speed", "speed_m_per_s",
         WALKING),
        ("[walking]\nlimit = 10", "walking.limit", "limit_min", "speed_m_per_s、limit_min"),
        ("[[open]]\nname = 'x'\ncategory = 'day_care'\narea = 3", "open.0.area", "floor_area_m2",
         OPEN),
        ("[[resize]]\nid = 'f1'\nfacility_id = 'f1'", "resize.0.id", "facility_id",
         "facility_id、floor_area_m2、beds"),
        ("[[link]]\nfrm = [0.0, 0.0]\nto = [0.0, 0.0]\nfrom = [0.0, 0.0]", "link.0.frm", "from",
         "from、to"),
    ],
)  # fmt: skip
def test_the_key_that_is_meant(tmp_path: Path, text: str, key: str, meant: str, known: str) -> None:
    said = refusal(text, tmp_path)
    assert said.startswith(f"情景.toml：不认识“{key}”，是不是“{meant}”？这里可用：{known}")


def test_a_key_like_no_other_is_told_without_a_guess(tmp_path: Path) -> None:
    assert refusal("xyz = 1", tmp_path) == f"情景.toml：不认识“xyz”。这里可用：{WHOLE}。"


def test_closing_below_a_table_is_told_where_it_belongs(tmp_path: Path) -> None:
    text = "[[open]]\nname = 'x'\ncategory = 'day_care'\nlon = 118.9\nlat = 42.2\nclose = ['f1']"
    said = refusal(text, tmp_path)
    assert said.startswith("情景.toml：“open.0.close”要写在所有 [[…]] 之前。")


def test_the_readme_names_every_key() -> None:
    told = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    scenario = told.partition("## 情景")[2].partition("## 选址")[0]
    for key in Scenario.model_fields:
        assert key in scenario
    for key in ("speed_m_per_s", "limit_min", "floor_area_m2", "allocated_m2", "candidate_id"):
        assert key in scenario
