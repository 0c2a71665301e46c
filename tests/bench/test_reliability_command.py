"""`carecircle reliability`: what was measured is printed, told as JSON, and written into a page."""

import json
from pathlib import Path

import pytest

from bench.reliability import command
from bench.reliability.command import Reliability
from bench.reliability.run import Attacked
from tests.acceptance.terminal import carecircle_here


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path | None, int, int]]:
    """Measure nothing, say what was asked for, and find that 3 of 4 attacks were refused."""
    calls: list[tuple[Path | None, int, int]] = []

    def measure(
        collection: Path | None, *, executions: int, seed: int, tell: object
    ) -> Reliability:
        assert callable(tell)
        tell("measuring")
        calls.append((collection, executions, seed))
        return Reliability(None, Attacked(4, 3, (), (), ()), None, None)

    monkeypatch.setattr(command, "measure", measure)
    return calls


def test_what_was_found_is_a_table_and_a_page(
    asked: list[tuple[Path | None, int, int]], tmp_path: Path
) -> None:
    page = tmp_path / "reliability.md"
    begin = "<!-- attacks: begin, written by carecircle bench -->"
    page.write_text(f"before\n{begin}\nold\n<!-- attacks: end -->\nafter\n", encoding="utf-8")
    done = carecircle_here("reliability", "--executions", 7, "--seed", 3, "--page", page)
    assert done.returncode == 0, done.stderr
    assert asked == [(None, 7, 3)]
    assert "3 / 4（75.0%）" in done.stdout
    assert "measuring" in done.stderr
    written = page.read_text(encoding="utf-8")
    assert written.startswith("before\n")
    assert written.endswith("after\n")
    assert "| 被拒绝的 | 3 / 4（75.0%） |" in written
    assert "old" not in written


def test_as_json_it_is_plain_values(asked: list[tuple[Path | None, int, int]]) -> None:
    content = json.loads(carecircle_here("reliability", "--json").stdout)
    assert asked == [(None, 0, 0)]
    assert (content["attacks"]["count"], content["attacks"]["refused"]) == (4, 3)
    assert content["fuzz"] is None


def test_a_folder_without_a_manifest_is_refused_in_one_line(tmp_path: Path) -> None:
    done = carecircle_here("reliability", "--collection", tmp_path)
    assert done.returncode == 1
    assert "manifest.csv" in done.stderr.splitlines()[-1]
