"""Folders of one study walked otherwise, and scenarios that lose estates to the unknown.

The city of `two_periods`, with f1 at A and f2 at B: 20 people live 100 m from f1, 30 live 590 m
from f2. Fifteen minutes are 810 m and reach all 50; eight are 432 m and reach 20.
"""

from pathlib import Path

import pandas as pd
import pytest

from analysis.evaluation import evaluate
from analysis.periods.snapshot import Snapshot, read_snapshot
from analysis.scenario import Opened, Scenario, apply
from analysis.study import Study, load_study
from analysis.what_if.elders import share_change
from analysis.what_if.side_by_side import (
    are_scenarios,
    compare_evaluations,
    compare_folders,
    compare_scenarios,
)
from report.scenario_files import lacking_sentences, print_scenarios, scenarios_content
from report.tables import write_tables
from tests.acceptance.terminal import carecircle_here
from tests.analysis.toy_study import box, estate, facility, people, spot, toy_study
from tests.analysis.two_periods import LATER, files_of
from tests.analysis.what_if_city import city

TOLD = {"care_area_basis": "building", "care_status": "operating"}


def folder_of(study: Study, to: Path) -> Snapshot:
    write_tables(evaluate(study, draw="when asked"), to)
    return read_snapshot(to)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Snapshot]:
    base = tmp_path_factory.mktemp("readings")
    study = load_study(
        files_of(base, LATER, facilities=[facility("f1", spot(0, 0)), facility("f2", spot(300, 0))])
    )
    return {
        "usual": folder_of(study, base / "usual"),
        "short": folder_of(study.with_walking(limit_min=8.0), base / "short"),
        "slow": folder_of(study.with_walking(speed_m_per_s=0.7), base / "slow"),
        "closed": folder_of(
            apply(Scenario(title="closed", close=("f1",)), study.with_walking(limit_min=8.0)),
            base / "closed",
        ),
    }


def test_readings_are_called_by_what_they_differ_in(folders: dict[str, Snapshot]) -> None:
    usual, short, slow = (folders[name] for name in ("usual", "short", "slow"))
    assert are_scenarios(usual, short)
    compared = compare_folders([usual, short, slow])
    first = "speed_m_per_s=0.9 + limit_min=15"
    assert compared.labels == (first, "limit_min=8", "speed_m_per_s=0.7")
    all_of = compared.table.iloc[0]
    assert all_of[f"covered_60plus {first}"] == 50
    assert all_of["covered_60plus limit_min=8"] == 20
    assert all_of["covered_change limit_min=8"] == -30
    assert all_of["covered_change speed_m_per_s=0.7"] == 0


def test_a_scenario_walked_otherwise_says_both(folders: dict[str, Snapshot]) -> None:
    compared = compare_folders([folders["usual"], folders["closed"]])
    assert compared.labels == ("baseline", "closed + limit_min=8")


def test_the_terminal_takes_two_readings(folders: dict[str, Snapshot], tmp_path: Path) -> None:
    done = carecircle_here(
        "compare", folders["usual"].folder, folders["short"].folder, "--out", tmp_path / "beside"
    )
    assert done.returncode == 0, done.stderr
    assert "limit_min=8" in done.stdout
    assert (tmp_path / "beside" / "scenarios.csv").exists()


def test_a_change_of_share_is_one_of_people(tmp_path: Path) -> None:
    # Of 3,000 people 1,000 and 1,001 print as 0.333 and 0.334; one of 3,000 prints as 0.000.
    told = share_change(pd.Series([1, 0]), pd.Series([3000, 0]))
    assert told.round(3).tolist()[0] == 0.0
    assert told.isna().tolist() == [False, True]
    compared = compare_scenarios(city(tmp_path), [Scenario(title="closed", close=("f2",))])
    table = compared.table.set_index("area_id")
    assert table.loc["ALL", "share_change closed"] == pytest.approx(-30 / 73, abs=1e-12)


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> Study:
    # r1 owes 20 and says 0; r2 owes 20 and says 12. A room of 30 m² opened in r1 contradicts its
    # ledger: short either way no more, so r1 is unknown and its 20 m² leave the sum of 28.
    rows = [
        estate("r1", box(90, 10, 130, 50), street="area s1", care_floor_area_m2=0.0, **TOLD),
        estate("r2", box(700, 10, 740, 50), street="area s2", care_floor_area_m2=12.0, **TOLD),
    ]
    return city(
        tmp_path_factory.mktemp("lost"), residential=rows,
        facilities=[facility("f1", spot(0, 0), status="operating")],
    )  # fmt: skip


def test_estates_that_become_unknown_are_told(
    lost: Study, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spot_in = lost.layers["residential"].geometry.centroid.to_crs("EPSG:4326").iloc[0]
    room = Opened(
        name="x", category="day_care", lon=spot_in.x, lat=spot_in.y, floor_area_m2=30.0
    )
    title = "一个名字很长很长的情景：在小区里开一处日间照料中心"
    compared = compare_scenarios(lost, [Scenario(title=title, open=(room,))])
    assert [each.lost for each in compared.lacking] == [0, 1]
    assert [each.lost_m2 for each in compared.lacking] == [0.0, 20.0]
    table = compared.table.set_index("area_id")
    assert table["deficit_m2 baseline"].dropna().tolist()[0] == 28
    assert table.loc["ALL", f"unknown_estates {title}"] == 1
    assert table.loc["s1", f"unknown_estates {title}"] == 1
    assert table.loc["s2", f"unknown_estates {title}"] == 0
    sentences = [str(each) for each in lacking_sentences(compared)]
    assert len(sentences) == 1
    assert sentences[0].startswith(f"{title}：1 个小区由有结论变为无法判定，其原有缺口 20 ㎡ ")
    content = scenarios_content(compared)["provision"]
    assert [each["deficit_printed"] for each in content] == ["28", "8"]
    monkeypatch.setenv("COLUMNS", "60")
    print_scenarios(compared, Path("out"))
    printed = capsys.readouterr().out
    assert "…" not in printed
    assert " 8 " in printed


def test_rows_hold_the_unknown(lost: Study) -> None:
    compared = compare_scenarios(lost, [])
    assert isinstance(compared.rows, pd.DataFrame)
    assert compared.rows["unknown_estates"].iloc[0] == 0


def one_place(folder: Path) -> Study:
    care, homes = [facility("f1", spot(0, 0))], [people("p", spot(0, 0), 9, 9)]
    return toy_study(folder, facilities=care, population=homes)


def test_how_each_is_walked_is_told_whatever_made_it_differ(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # A run with `--speed` beside a scenario that walks otherwise: neither is the study's own pace.
    study = one_place(tmp_path)
    slow = evaluate(study.with_walking(speed_m_per_s=0.8), draw="when asked")
    fast = Scenario(title="快走", walking={"speed_m_per_s": 1.0})
    told = compare_evaluations(slow, [("快走", evaluate(apply(fast, study), draw="when asked"))])
    assert told.walked == ("speed_m_per_s=0.8", "speed_m_per_s=1")
    print_scenarios(told, tmp_path)
    said = capsys.readouterr().out
    assert "“现状”的步行口径：speed_m_per_s=0.8" in said
    assert "相对“现状”的变化" in said


def test_scenarios_without_the_study_as_it_is_are_held_against_the_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = one_place(tmp_path)
    told = compare_folders(
        [
            folder_of(apply(Scenario(title=title, close=closed), study), tmp_path / title)
            for title, closed in (("甲", ("f1",)), ("乙", ()))
        ]
    )
    print_scenarios(told, tmp_path)
    assert "相对“甲”的变化" in capsys.readouterr().out
