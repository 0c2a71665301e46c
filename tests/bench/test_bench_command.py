"""`carecircle bench`: what it prints, what it writes, what it refuses."""

import json
from pathlib import Path

import pytest

from bench import settled
from tests.acceptance.terminal import carecircle_here
from tests.bench.test_contests import TINY


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settled.SIZES, "S", TINY)


def test_a_row_is_measured_and_written(tmp_path: Path) -> None:
    out, page = tmp_path / "results.json", tmp_path / "page.md"
    done = carecircle_here("bench", "--size", "S", "--only", "snap", "--out", out, "--page", page)
    assert done.returncode == 0, done.stderr
    written = json.loads(out.read_text(encoding="utf-8"))
    assert [row["name"] for row in written["rows"]] == ["snap"]
    assert written["rows"][0]["cpus"] >= 1
    assert "numpy" in written["rows"][0]["libraries"]
    ours, shapely, *_ = written["rows"][0]["contenders"]
    assert ours["median_s"] > 0
    assert shapely["agreement"]["same"] is True
    assert "接到道路：150 个点" in done.stdout
    assert "shapely STRtree.query_nearest" in page.read_text(encoding="utf-8")


def test_a_run_replaces_only_what_it_measured(tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    kept = [{"name": "snap", "size": "M", "title": "kept"}, {"name": "reload", "size": "S"}]
    old = {"name": "snap", "size": "S", "title": "old"}
    text = json.dumps({"rows": [*kept, old], "growth": {"points": []}})
    out.write_text(text, encoding="utf-8")
    done = carecircle_here("bench", "--only", "snap", "--out", out, "--json")
    assert done.returncode == 0, done.stderr
    written = json.loads(out.read_text(encoding="utf-8"))
    named = [(row["size"], row["name"]) for row in written["rows"]]
    assert sorted(named) == [("M", "snap"), ("S", "reload"), ("S", "snap")]
    assert all(row in written["rows"] for row in kept)
    assert old not in written["rows"]
    assert written["growth"] == {"points": []}
    # Of the run alone, not of what the file held before.
    assert json.loads(done.stdout)["size"] == "S"


def test_a_file_of_something_else_is_refused_before_the_long_work(tmp_path: Path) -> None:
    out = tmp_path / "mine.json"
    out.write_text('{"type": "FeatureCollection"}', encoding="utf-8")
    done = carecircle_here("bench", "--only", "snap", "--out", out)
    assert done.returncode == 1
    assert "mine.json" in done.stderr
    assert "FeatureCollection" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [("--size", "XL"), ("--only", "everything")])
def test_what_is_not_known_is_wrong_usage(words: tuple[str, str], tmp_path: Path) -> None:
    done = carecircle_here("bench", *words, "--out", tmp_path / "r.json")
    assert done.returncode == 2
