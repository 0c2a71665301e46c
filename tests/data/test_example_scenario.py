"""The scenario that the README shows: it can be read, and the Chifeng study has what it names."""

import re
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely import Point

from analysis.scenario_text import read_scenario

ROOT = Path(__file__).resolve().parents[2]
ON_OUTLINE_M = 2.0


def test_the_example_fits_the_chifeng_study(tmp_path: Path) -> None:
    blocks = re.findall(
        r"```toml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )
    (text,) = (block for block in blocks if "[[gate]]" in block)
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    plan = read_scenario(path)
    ledger = pd.read_csv(ROOT / "data/facilities/chifeng_facilities.csv", encoding="utf-8-sig")
    assert {*plan.close, *(move.facility_id for move in plan.move)} <= {*ledger["id"]}
    assert plan.open
    assert plan.link
    assert plan.block
    estates = gpd.read_file(ROOT / "data/residential/chifeng_estates.gpkg").set_index("id")
    (gate,) = plan.gate
    here = gpd.GeoSeries([Point(gate.lon, gate.lat)], crs=4326).to_crs(estates.crs).iloc[0]
    assert estates.geometry[gate.residential_id].exterior.distance(here) <= ON_OUTLINE_M
