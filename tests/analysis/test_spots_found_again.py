"""Candidates that can be found again, texts behind what keeps them out, and no plan of no answer.

The straight road of `test_choosing`: f1 covers 100 of 330.
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from analysis.evaluation import evaluate
from analysis.siting.asked import Asked
from analysis.siting.choosing import choose_sites
from analysis.siting.spot_names import spot_names
from tests.acceptance.terminal import carecircle_here
from tests.analysis.test_choosing import HOMES, PLOTS, ROAD, plot
from tests.analysis.toy_study import (
    area,
    box,
    estate,
    facility,
    people,
    spot,
    toy_study,
    write_study,
)
from tests.conftest import EAST, NORTH
from tests.report.test_dictionary import sections


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the road; c2 has no lift on the third floor, c3 no cost."""
    folder = tmp_path_factory.mktemp("road")
    more: dict[str, dict[str, object]] = {
        "c2": {"floor": "三层", "lift": False}, "c3": {"cost_wan": None}
    }
    study = toy_study(
        folder,
        streets=ROAD,
        facilities=[facility("f1", spot(0, 0), status="operating")],
        population=[people(f"p{x}", spot(x, 0), 5 * n, n) for x, n in HOMES.items()],
        candidates=[
            plot(id_, x, **({"cost_wan": 10.0} | more.get(id_, {}))) for id_, x in PLOTS.items()
        ],
        boundaries=[area("s1", "street", box(-100, -500, 6100, 500))],
    )
    return write_study(study, folder / "files")


def table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", encoding="utf-8-sig")


def test_every_candidate_has_its_place_and_the_text_against_it(
    study: Path, tmp_path: Path
) -> None:
    done = carecircle_here(
        "site", study, "--count", 2, "--out", tmp_path, "--years", "2026:10"
    )
    assert done.returncode == 0, done.stderr
    told = table(tmp_path, "why_not")
    assert set(told.columns) - {"name"} <= sections()["why_not"]
    assert told["document"].fillna("").tolist() == [
        "", "JGJ 450-2018 老年人照料设施建筑设计标准", "", ""
    ]  # fmt: skip
    layer = gpd.read_file(tmp_path / "sites.gpkg", layer="candidates")
    assert layer["candidate_id"].tolist() == [*PLOTS]
    assert (layer.geometry.x - EAST).round(1).tolist() == [*PLOTS.values()]
    degrees = layer.to_crs("EPSG:4326").geometry
    assert degrees.x.round(6).tolist() == told["lon"].tolist()
    # c3 covers 130 and tells no cost, so it is in no year; c4 adds 30.
    projects = table(tmp_path, "projects")
    assert projects["备选点编号"].tolist()[:1] == ["c4"]
    assert projects["经度"].iloc[0] == told["lon"].iloc[3]
    assert "1 处费用未知，排不进任何一年" in done.stdout
    assert "cost_wan" in done.stdout
    assert "--carry-over" not in done.stdout
    then = carecircle_here(
        "evaluate", study, "--scenario", tmp_path / "scenario_phased.toml",
        "--out", tmp_path / "then", "--json",
    )  # fmt: skip
    assert '"covered_60plus": 130' in then.stdout
    assert table(tmp_path, "phases")["covered_60plus"].tolist() == [130]


def test_no_answer_leaves_nothing_like_a_plan(study: Path, tmp_path: Path) -> None:
    done = carecircle_here("site", study, "--cover", 0.9, "--out", tmp_path)
    assert done.returncode == 1
    # Without c2 those at 3200 stay uncovered: 260 of 330. With a lift in c2 all 330 are.
    assert "260 / 330 人（78.8%），达不到 90%" in done.stderr
    assert "最多可再覆盖 70 人；其中 1 个只缺电梯" in done.stderr
    assert "--generate" in done.stderr
    assert str(tmp_path) in done.stderr
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "site_findings.csv", "solution.json", "why_not.csv"
    ]  # fmt: skip


def test_spots_are_called_by_what_is_beside_them(tmp_path: Path) -> None:
    study = toy_study(
        tmp_path,
        streets=ROAD,
        residential=[estate("r1", box(1000, 10, 1100, 110)), estate("r2", box(1220, 10, 1300, 90))],
        boundaries=[area("s1", "street", box(0, -50, 3000, 50))],
    )
    xy = np.array([[EAST + x, NORTH] for x in (1150.0, 1200.0, 2000.0, 5000.0)])
    names = spot_names(study, xy)
    # r1 is 50 m off the first, r2 70 m; r2 is next to the second; the last lies in no area.
    assert names[:3] == ["estate r1附近", "estate r2附近", "area s1附近"]
    assert names[3] == "120.06059, 42.25533"


def test_made_up_spots_are_new_buildings(tmp_path: Path) -> None:
    study = toy_study(
        tmp_path,
        streets=ROAD,
        facilities=[facility("f1", spot(5000, 0))],
        residential=[estate("r1", box(1000, 0, 1100, 100), elderly_60plus=40.0, population=200.0)],
    )
    proposal = choose_sites(evaluate(study, draw="when asked"), Asked(count=1, generate=True))
    site = proposal.eligible.table.iloc[proposal.chosen[0]]
    assert (site["candidate_id"], site["action"], site["name"]) == ("g1", "build", "estate r1附近")


def test_where_one_more_would_help_most(study: Path, tmp_path: Path) -> None:
    done = carecircle_here("site", study, "--gains", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    # From 2390 to 2390 + … both 2500 and 3200 are within 810 m: 150 people, as at c2.
    best = table(tmp_path, "gains_best")
    assert best["gain_60plus"].iloc[0] == 150
    assert 2390 <= best["x"].iloc[0] - EAST <= 3310
    assert set(best.columns) <= sections()["gains_best"]
    every = table(tmp_path, "gains")
    assert set(every.columns) <= sections()["gains"]
    at = every.assign(east=every["x"] - EAST).set_index("east")["gain_60plus"]
    # Within 810 m of 5000 and of nothing else that is not covered: 30. Near 500 all are covered.
    assert set(at[(at.index > 4200) & (at.index < 5800)]) == {30}
    assert set(at[at.index < 600]) == {0}
    assert at.is_monotonic_decreasing
    assert "area s1附近" in done.stdout
    layers = gpd.list_layers(tmp_path / "gains.gpkg")["name"].tolist()
    assert layers == ["gains", "best"]
    refused = carecircle_here("site", study, "--gains", "--count", 1, "--out", tmp_path / "no")
    assert refused.returncode == 1
    assert "--gains 单独使用" in refused.stderr
