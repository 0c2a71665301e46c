"""With capacities people covered and people served are two figures, each with its own columns.

The road of `test_choosing`. People are 5 for each of 60+: 20 m² for 100 households of 2.5 are
0.08 m² a head, so 0.4 m² for one of 60+. c3 at 2000 covers 1500 and 2500, so 130 people, and has
room for 100 with 40 m²; c2 covers 2500 and 3200 and has room for 50: beside c3 it newly covers the
70 at 3200, and serves 50. f1 covers 100 and tells no area.
"""

import json
from pathlib import Path

import pandas as pd
import pytest

from analysis.evaluation import Evaluation, evaluate
from analysis.scenario import apply
from analysis.siting.as_scenario import as_scenario, changes
from analysis.siting.asked import Asked
from analysis.siting.choosing import choose_sites
from analysis.siting.goals import goal_text, percent_below
from analysis.siting.reasons import Reasoning
from analysis.siting.told import site_reasons
from analysis.what_if.live import Live
from analysis.what_if.reliance import reliance
from report.siting_files import solution_content, write_sites
from report.siting_terminal import print_sites
from tests.analysis.test_choosing import ids, town
from tests.analysis.toy_study import area, box
from tests.report.test_dictionary import sections

ROOMS = {"c1": 4.0, "c2": 20.0, "c3": 40.0, "c4": 20.0}


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return town(
        tmp_path_factory.mktemp("rooms"),
        plots={id_: {"area_m2": m2} for id_, m2 in ROOMS.items()},
        boundaries=[area("s1", "street", box(-100, -500, 6100, 500))],
    )


def test_contract_columns_are_coverage_and_served_ones_stand_apart(
    evaluation: Evaluation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    proposal = choose_sites(evaluation, Asked(count=2, capacity="m2"))
    assert ids(proposal) == ["c3", "c2"]
    live = Live(evaluation)
    areas, relying = live.to(changes(proposal)).table, reliance(live)
    write_sites(
        proposal, tmp_path, scenario=as_scenario(proposal), relying=relying, areas=areas
    )
    sites = pd.read_csv(tmp_path / "sites.csv", encoding="utf-8-sig")
    assert sites["gain_60plus"].tolist() == [130, 70]
    assert sites["covered_60plus"].tolist() == [230, 300]
    assert sites["share_60plus"].tolist() == [0.697, 0.909]
    assert sites["served_gain_60plus"].tolist() == [100, 50]
    assert sites["served_60plus"].tolist() == [200, 250]
    assert sites["served_share"].tolist() == [0.606, 0.758]
    assert set(sites.columns) <= sections()["sites"]
    opened = evaluate(apply(as_scenario(proposal), evaluation.study), draw="when asked")
    assert opened.summary["coverage"]["covered_60plus"] == 300
    assert areas["covered_60plus"].iloc[0] == 300
    content = json.loads((tmp_path / "solution.json").read_text(encoding="utf-8"))
    assert (content["covered_60plus_before"], content["covered_60plus_after"]) == (100, 300)
    assert (content["served_60plus_before"], content["served_60plus_after"]) == (100, 250)
    streets = pd.read_csv(tmp_path / "site_streets.csv", encoding="utf-8-sig")
    assert streets["gain_60plus"].tolist() == [130, 70]
    print_sites(proposal, relying, tmp_path)
    printed = capsys.readouterr().out
    # The toy's streets end with the study, so `evaluate` tells a lower bound, and so does this.
    assert opened.summary["coverage"]["lower_bound"]
    assert "可达由 100 人（≥30.3%）变为 300 人（≥90.9%）" in printed
    assert "其中有容量服务的由 100 人（30.3%）变为 250 人（75.8%）" in printed
    assert "新增服务 150 人" in printed


def test_the_figure_for_a_person_comes_with_its_formula(evaluation: Evaluation) -> None:
    proposal = choose_sites(evaluation, Asked(count=1, capacity="m2"))
    content = solution_content(proposal)
    assert content["per_person"] == pytest.approx(0.4)
    assert content["per_person_formula"] == (
        "每名 60 岁以上老年人 0.400 平方米建筑面积 = 每百户 20 平方米 ÷ 100 ÷ 户均 2.5 人 ÷ "
        "60 岁以上占 20.0%（330 / 1,650 人）"
    )
    assert content["per_person_rule"].startswith("依据：")
    said = [str(finding.message) for finding in proposal.findings]
    assert any("÷ 户均 2.5 人" in line and "依据：" in line for line in said)


def test_why_there_is_no_runner_up_is_said(evaluation: Evaluation) -> None:
    proposal = choose_sites(evaluation, Asked(count=1, capacity="m2"))
    reason = str(site_reasons(proposal, Reasoning(proposal).reasons())[0])
    assert "新增覆盖 60 岁以上 130 人" in reason
    assert "按容量新增服务 100 人，本处服务 100 人" in reason
    assert "不列次优点" in reason


@pytest.mark.parametrize(
    ("share", "goal", "shown"),
    [
        (0.79998, 0.8, "79.9%"), (0.8, 0.8, "80.0%"), (0.80004, 0.8, "80.0%"),
        (0.7994, 0.8, "79.9%"), (0.79998, 0.85, "80.0%"), (0.79998, float("nan"), "80.0%"),
    ],
)  # fmt: skip
def test_a_goal_that_is_missed_never_looks_reached(share: float, goal: float, shown: str) -> None:
    assert percent_below(share, goal) == shown


def test_a_goal_is_told_with_all_its_figures() -> None:
    assert (goal_text(0.8), goal_text(0.79998), goal_text(0.575)) == ("80%", "79.998%", "57.5%")
