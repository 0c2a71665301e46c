"""Documents ordered from the terminal and from a process of their own; a small city, by hand."""

import json
from pathlib import Path

import pytest

from analysis.scenario import Scenario
from analysis.study import load_study
from geo.language import speaking
from report.apart import make_apart
from report.ordering import Order, fulfil
from report.papers import MANIFEST
from tests.acceptance.terminal import carecircle_here
from tests.analysis.toy_study import write_study
from tests.analysis.what_if_city import ESTATES, PLOT, city


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a written city: 73 people of 60+, 63 of them within ten minutes."""
    folder = tmp_path_factory.mktemp("ordered")
    return write_study(city(folder, residential=ESTATES, candidates=(PLOT,)), folder / "files")


def told(folder: Path) -> dict[str, float]:
    listed = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return {each["key"]: each["value"] for each in listed["figures"]}


def test_a_process_of_its_own_writes_what_is_ordered(study: Path, tmp_path: Path) -> None:
    without = Scenario(title="关二", close=("f2",))
    ordered = Order(study, scenario=without, walking=(("limit_min", 10.0),), formats=("xlsx",),
                    count=1)  # fmt: skip
    with speaking("en"):
        apart = make_apart(ordered, tmp_path / "apart")
    apart.follow()
    assert apart.refused == ()
    assert apart.ended
    assert set(apart.files) == {"附表.xlsx", MANIFEST}
    assert apart.part == 1.0
    # The same order, fulfilled here.
    fulfil(ordered, tmp_path / "here")
    assert told(tmp_path / "apart") == told(tmp_path / "here")
    said = json.loads((tmp_path / "apart" / MANIFEST).read_text(encoding="utf-8"))["headline"]
    assert "people of 60+" in " ".join(said)  # in the language in which it was ordered


def test_a_study_that_is_refused_says_why_and_runs_nothing_of_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no.study.toml").write_text("title = 1", encoding="utf-8")
    for name in ("report", "geo", "pandas"):
        (tmp_path / f"{name}.py").write_text("open('ran', 'w')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    apart = make_apart(Order(Path("no.study.toml")), Path("out"))
    apart.follow()
    assert not (tmp_path / "ran").exists()
    assert apart.ended
    assert len(apart.refused) >= 1
    assert all("no.study.toml" in line for line in apart.refused)
    assert not (tmp_path / "out").exists()


def test_what_ends_unasked_says_so(study: Path, tmp_path: Path) -> None:
    apart = make_apart(Order(study), tmp_path / "out")
    apart.stop()
    apart.follow()
    assert apart.ended
    assert "没有做完" in apart.refused[0]


def test_the_terminal_writes_the_formats_asked_for(study: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    asked = ("--out", out, "--formats", "xlsx", "--count", "0")
    printed = carecircle_here("report", study, *asked).stdout
    assert {path.name for path in out.iterdir()} == {"附表.xlsx", MANIFEST}
    assert "73人中" in printed
    assert "附表.xlsx" in printed
    evaluation = load_study(study)
    assert told(out)["share_60plus"] == pytest.approx(63 / 73)
    assert evaluation.title in (out / MANIFEST).read_text(encoding="utf-8")


def test_the_terminal_says_which_papers_of_an_earlier_run_went(
    study: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    asked = ("report", study, "--out", out, "--count", "0", "--formats")
    assert "已删除" not in carecircle_here(*asked, "xlsx").stdout
    printed = carecircle_here(*asked, "html").stdout
    assert "已删除上次生成、本次没有的 1 个文件：附表.xlsx" in printed
    said = json.loads(carecircle_here(*asked, "xlsx", "--json").stdout)
    assert said == {"files": [str(out / name) for name in (MANIFEST, "附表.xlsx")],
                    "removed": [str(out / "养老服务圈.html")]}  # fmt: skip


def test_the_terminal_refuses_what_it_does_not_know(study: Path, tmp_path: Path) -> None:
    ended = carecircle_here("report", study, "--out", tmp_path / "out", "--formats", "doc")
    assert ended.returncode == 1
    assert "“doc”不认识" in ended.stderr
    assert not (tmp_path / "out").exists()
