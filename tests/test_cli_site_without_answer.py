"""A search that finds no answer says so, and touches no plan that an earlier one wrote."""

import json
from pathlib import Path

import pytest

from tests.acceptance.terminal import carecircle_here
from tests.analysis.test_choosing import HOMES, PLOTS, ROAD, plot
from tests.analysis.toy_study import facility, people, spot, toy_study, write_study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the straight road of `test_choosing`; 5000 cannot be served, so 300 of 330 at most."""
    folder = tmp_path_factory.mktemp("road")
    study = toy_study(
        folder,
        streets=ROAD,
        facilities=[facility("f1", spot(0, 0), status="operating")],
        population=[people(f"p{x}", spot(x, 0), 5 * n, n) for x, n in HOMES.items()],
        candidates=[plot(id_, x, forbidden=id_ == "c4") for id_, x in PLOTS.items()],
    )
    return write_study(study, folder / "files")


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_without_an_answer_no_plan_is_written(study: Path, tmp_path: Path) -> None:
    out = tmp_path / "sites"
    for _ in range(2):  # what a search without an answer wrote is written anew
        done = carecircle_here("site", study, "--cover", 0.95, "--out", out)
        assert done.returncode == 1
        assert "无解" in done.stderr
        assert sorted(contents(out)) == [
            "site_findings.csv", "solution.json", "why_not.csv"
        ]  # fmt: skip
        proof = json.loads((out / "solution.json").read_text(encoding="utf-8"))
        assert (proof["status"], proof["objective"], proof["sites"]) == ("infeasible", None, 0)
        assert "300 / 330" in proof["why"][0]
    done = carecircle_here("site", study, "--cover", 0.9, "--out", out)
    assert done.returncode == 0, done.stderr
    assert {"sites.csv", "scenario.toml"} <= {*contents(out)}


@pytest.mark.parametrize(
    "words", [("--cover", 0.95), ("--count", 0, "--objective", "p-center", "--seconds", 0)]
)
def test_an_earlier_plan_stays_as_it_was(
    study: Path, tmp_path: Path, words: tuple[object, ...]
) -> None:
    done = carecircle_here("site", study, "--count", 2, "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    before = contents(tmp_path)
    done = carecircle_here("site", study, *words, "--out", tmp_path)
    assert done.returncode == 1
    assert "里是以前的选址结果，没有改动" in done.stderr
    assert contents(tmp_path) == before


@pytest.mark.parametrize(("seconds", "code"), [("nan", 2), ("-1", 2), ("inf", 1)])
def test_no_number_is_no_time(study: Path, tmp_path: Path, seconds: str, code: int) -> None:
    done = carecircle_here(
        "site", study, "--count", 1, "--seconds", seconds, "--out", tmp_path / "out"
    )
    assert done.returncode == code
    assert "--seconds" in done.stderr
    assert not (tmp_path / "out").exists()
