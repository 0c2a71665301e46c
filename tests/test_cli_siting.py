"""The terminal's siting and its scenarios: what is printed, written and refused."""

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.acceptance.terminal import carecircle_here
from tests.analysis.test_choosing import HOMES, PLOTS, ROAD, plot
from tests.analysis.toy_study import area, box, facility, people, spot, toy_study, write_study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the straight road of `test_choosing` as files; candidates cost 10 each, c2 500."""
    folder = tmp_path_factory.mktemp("road")
    study = toy_study(
        folder,
        streets=ROAD,
        facilities=[facility("f1", spot(0, 0), status="operating")],
        population=[people(f"p{x}", spot(x, 0), 5 * n, n) for x, n in HOMES.items()],
        candidates=[
            plot(id_, x, cost_wan=500.0 if id_ == "c2" else 10.0) for id_, x in PLOTS.items()
        ],
        boundaries=[area("s1", "street", box(-100, -500, 6100, 500))],
    )
    return write_study(study, folder / "files")


def table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", encoding="utf-8-sig")


def run(*words: object) -> str:
    done = carecircle_here(*words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_sites_are_written_printed_and_come_true(study: Path, tmp_path: Path) -> None:
    said = run("site", study, "--count", 2, "--out", tmp_path / "sites")
    assert "已证明最优：新增 200 人" in said
    sites = table(tmp_path / "sites", "sites")
    assert sites["candidate_id"].tolist() == ["c2", "c1"]
    assert sites["covered_60plus"].tolist() == [250, 300]
    after = table(tmp_path / "sites", "site_areas").set_index("area_id")
    assert after.loc["s1", ["covered_before", "covered_60plus"]].tolist() == [100, 300]
    run("evaluate", study, "--out", tmp_path / "now")
    run(
        "evaluate", study, "--out", tmp_path / "then",
        "--scenario", tmp_path / "sites" / "scenario.toml",
    )  # fmt: skip
    summary = json.loads((tmp_path / "then" / "summary.json").read_text(encoding="utf-8"))
    assert summary["coverage"]["covered_60plus"] == 300
    # Two folders of one study under other scenarios are told street by street, not as periods.
    said = run("compare", tmp_path / "now", tmp_path / "then", "--out", tmp_path / "beside")
    assert "300 (+200)" in said
    assert "nan" not in said
    beside = table(tmp_path / "beside", "scenarios")
    assert [column for column in beside if column.startswith("covered_change")]


def test_json_is_the_solution_and_nothing_else(study: Path, tmp_path: Path) -> None:
    said = run("site", study, "--cover", "75%", "--out", tmp_path, "--json")
    assert json.loads(said) == json.loads((tmp_path / "solution.json").read_text(encoding="utf-8"))
    assert json.loads(said)["objective"] == 1


def test_sites_by_year_within_a_budget(study: Path, tmp_path: Path) -> None:
    said = run(
        "site", study, "--budget", 30, "--out", tmp_path, "--years", "2026:10,2027:20"
    )
    # c3 (130) first; beside it c4 adds 30, and c1 nobody.
    assert table(tmp_path, "phases")["gain_60plus"].tolist() == [130, 30]
    assert table(tmp_path, "projects")["备选点编号"].tolist()[:2] == ["c3", "c4"]
    assert "近期建设项目表" in said


def test_what_cannot_be_reached_ends_with_why_and_leaves_the_answer(
    study: Path, tmp_path: Path
) -> None:
    done = carecircle_here(
        "site", study, "--cover", 0.8, "--out", tmp_path, "--capacity", "m2"
    )
    assert done.returncode == 1  # no candidate tells its area
    assert "面积" in done.stderr
    assert not (tmp_path / "sites.csv").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("--count", "1", "--cover", "0.5"),
        ("--cover", "80"),
        ("--cover", "most"),
        ("--cover-each", "street"),
        ("--cover-each", "村庄:0.5"),
        ("--count", "1", "--years", "2026"),
        ("--count", "1", "--per-year", "2"),
        ("--count", "1", "--may-close", "f7"),
        ("--count", "1", "--weight", "80plus"),
    ],
)
def test_what_cannot_be_asked_is_one_clear_line(
    study: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = carecircle_here("site", study, *words, "--out", tmp_path / "out")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_word_that_is_no_choice_is_wrong_usage(study: Path, tmp_path: Path) -> None:
    done = carecircle_here("site", study, "--count", 1, "--objective", "best", "--out", tmp_path)
    assert done.returncode == 2


def test_levels_may_be_chinese(study: Path, tmp_path: Path) -> None:
    run("site", study, "--cover-each", "街道:0.5", "--out", tmp_path)
    # Half of 330 are 165: c2 or c3 alone would do, and c3 costs 10 where c2 costs 500.
    assert table(tmp_path, "sites")["candidate_id"].tolist() == ["c3"]
