"""The files of a proposal: columns of the contract, figures that agree, a scenario that is read."""

import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from analysis.evaluation import evaluate
from analysis.scenario import apply
from analysis.scenario_text import read_scenario
from analysis.siting.as_scenario import as_scenario
from analysis.siting.asked import Asked
from analysis.siting.choosing import Proposal, choose_sites
from analysis.what_if.live import Live
from analysis.what_if.reliance import reliance
from report.siting_files import write_sites
from tests.analysis.test_choosing import ROAD, plot
from tests.analysis.toy_study import area, box, estate, facility, people, spot, toy_study
from tests.report.test_dictionary import sections


@pytest.fixture(scope="module")
def proposal(tmp_path_factory: pytest.TempPathFactory) -> Proposal:
    """Give two sites on the road; an estate beside the first lacks 20 m²."""
    study = toy_study(
        tmp_path_factory.mktemp("town"),
        streets=ROAD,
        facilities=[facility("f1", spot(0, 0))],
        population=[people("p1", spot(1500, 0), 100, 50), people("p2", spot(3000, 0), 100, 80)],
        residential=[
            estate("r1", spot(1520, 0), households=100, care_floor_area_m2=0.0, elderly_60plus=0.0)
        ],
        candidates=[
            plot("c1", 1500, area_m2=500.0, cost_wan=30.0, name="=1+1"),
            plot("c2", 3000, area_m2=400.0),
            plot("c3", 4500, floor="地下一层"),
        ],
        boundaries=[area("s1", "street", box(-100, -100, 6100, 100))],
    )
    return choose_sites(evaluate(study, draw="when asked"), Asked(count=2))


@pytest.fixture(scope="module")
def written(proposal: Proposal, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder the proposal was written into."""
    folder = tmp_path_factory.mktemp("out")
    live = Live(proposal.evaluation)
    scenario = as_scenario(proposal)
    areas = live.to(scenario).table
    write_sites(proposal, folder, scenario=scenario, relying=reliance(live), areas=areas)
    return folder


def table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", encoding="utf-8-sig")


def test_the_sites_have_the_columns_of_the_contract(written: Path) -> None:
    sites = table(written, "sites")
    assert [*sites.columns] == [
        "rank", "candidate_id", "gain_60plus", "covered_60plus", "share_60plus", "reason"
    ]  # fmt: skip
    assert sites["candidate_id"].tolist() == ["c2", "c1"]
    assert sites["gain_60plus"].tolist() == [80, 50]
    assert sites["covered_60plus"].tolist() == [80, 130]
    assert sites["share_60plus"].tolist() == pytest.approx([80 / 130, 1.0], abs=1e-3)


def test_a_lack_within_the_pooling_walk_is_told_as_curable_if_confirmed(written: Path) -> None:
    details = table(written, "site_details").set_index("candidate_id")
    assert details.loc["c1", ["cured_estates", "cured_m2"]].tolist() == [1, 20.0]
    assert details.loc["c2", ["cured_estates", "cured_m2"]].tolist() == [0, 0.0]
    assert "若经统筹确认，可补 1 个小区的缺口 20 ㎡" in table(written, "sites")["reason"].iloc[1]


def test_the_proof_stands_in_solution_json(written: Path) -> None:
    content = json.loads((written / "solution.json").read_text(encoding="utf-8"))
    assert (content["objective"], content["bound"], content["gap"]) == (130, 130, 0)
    assert content["status"] == "optimal"
    assert content["seconds"] >= 0
    assert content["cost_wan"] is None  # c2 does not say
    assert (content["elderly_60plus"], content["covered_60plus_before"]) == (130, 0)


def test_the_scenario_opens_what_was_chosen(proposal: Proposal, written: Path) -> None:
    scenario = read_scenario(written / "scenario.toml")
    assert [opened.candidate_id for opened in scenario.open] == ["c2", "c1"]
    opened = evaluate(apply(scenario, proposal.evaluation.study), draw="when asked")
    assert opened.summary["coverage"]["covered_60plus"] == 130


def test_every_candidate_is_told_why_not(written: Path) -> None:
    told = table(written, "why_not").set_index("candidate_id")
    assert told["chosen"].tolist() == [True, True, False]
    assert told.loc["c3", "reasons"] == "unfit_floor"


def test_no_name_becomes_a_formula(written: Path) -> None:
    assert "=1+1" in (written / "site_details.csv").read_text(encoding="utf-8-sig")
    assert ",=1+1" not in (written / "site_details.csv").read_text(encoding="utf-8-sig")


def test_every_column_is_explained(written: Path) -> None:
    explained: Mapping[str, set[str]] = sections()
    for name in ("sites", "site_details", "site_streets", "why_not"):
        assert set(table(written, name).columns) - explained[name] - {"name", "rank"} == set(), name
