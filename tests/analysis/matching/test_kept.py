"""What users confirm of names: kept beside the study, read back, filled in by offices, undone."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.matching.kept import Confirmed, confirm, matches_file, read_confirmed, unconfirm
from analysis.matching.queue import (
    COLUMNS,
    OFFICE,
    confirm_from_table,
    decisions_in,
    office_table,
    queue,
)
from analysis.study import Study, load_study
from geo.errors import StudyError
from tests.analysis.toy_study import box, estate, facility, spot, toy_study, write_study


def decided(decision: str = "same", to_id: str = "r1", **more: object) -> Confirmed:
    return Confirmed.model_validate(
        {
            "layer": "facilities", "column": "serves", "row_id": "f1", "row_name": "care f1",
            "asked": "阳光花圆", "to_id": to_id, "to_name": "阳光花园", "decision": decision,
            "on": dt.date(2026, 1, 2), **more,
        }
    )  # fmt: skip


def test_matches_stand_beside_the_study(tmp_path: Path) -> None:
    assert matches_file(tmp_path / "chifeng.study.toml") == tmp_path / "chifeng.matches.toml"
    assert read_confirmed(tmp_path / "chifeng.study.toml") == ()


def test_what_is_confirmed_is_read_back_and_can_be_undone(tmp_path: Path) -> None:
    study = tmp_path / "x.study.toml"
    one, other = decided(score=87.5, by="张三"), decided("different", "r2")
    assert confirm(study, [one, other]) == read_confirmed(study)
    assert {*read_confirmed(study)} == {one, other}
    assert unconfirm(study, [one]) == (other,)
    assert unconfirm(study, [other]) == ()
    assert [*tmp_path.iterdir()] == []


def test_a_later_decision_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    study = tmp_path / "x.study.toml"
    confirm(study, [decided("none", "", to_name="")])
    confirm(study, [decided("different", "r1")])
    assert [one.decision for one in read_confirmed(study)] == ["different"]
    confirm(study, [decided("different", "r2")])
    assert [one.to_id for one in read_confirmed(study)] == ["r1", "r2"]
    confirm(study, [decided("same", "r1"), decided("same", "r2")])
    assert [(one.decision, one.to_id) for one in read_confirmed(study)] == [
        ("same", "r1"), ("same", "r2"),
    ]  # fmt: skip
    other = decided("same", "r3", row_id="f2")
    assert len(confirm(study, [other])) == 3
    confirm(study, [decided("different", "r1", by="李四")])
    told = [(one.decision, one.to_id, one.by) for one in read_confirmed(study)]
    assert told == [("different", "r1", "李四"), ("same", "r2", ""), ("same", "r3", "")]


def test_the_day_is_todays_where_none_is_said(tmp_path: Path) -> None:
    (kept,) = confirm(tmp_path / "x.study.toml", [decided(on=None)])
    assert kept.on == dt.datetime.now().astimezone().date()


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(asked=TEXT, name=TEXT, by=TEXT)
def test_any_text_is_written_and_read_as_it_was(
    tmp_path: Path, asked: str, name: str, by: str
) -> None:
    study = tmp_path / "x.study.toml"
    matches_file(study).unlink(missing_ok=True)
    one = decided(asked=asked, to_name=name, by=by)
    confirm(study, [one])
    assert read_confirmed(study) == (one,)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[[match]]\nlayer = 1", "match.0.layer"),
        ("[[match", "x.matches.toml"),
        ('[[match]]\nlayer="a"\ncolumn="b"\nasked="c"\ndecision="maybe"', "decision"),
    ],
)
def test_a_damaged_file_is_refused_by_name_and_never_overwritten(
    tmp_path: Path, text: str, named: str
) -> None:
    study = tmp_path / "x.study.toml"
    matches_file(study).write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=named):
        read_confirmed(study)
    with pytest.raises(StudyError):
        confirm(study, [decided()])
    assert matches_file(study).read_text(encoding="utf-8") == text


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    study = tmp_path / "gone" / "x.study.toml"
    with pytest.raises(StudyError, match=r"x\.matches\.toml"):
        confirm(study, [decided()])
    assert [*tmp_path.iterdir()] == []


def waiting_study(folder: Path) -> Study:
    """Return a study with a slip, a phase left out, a stranger, and a name that is sure."""
    names = ("阳光花园", "阳光家园", "幸福小区一期", "幸福小区二期")
    return toy_study(
        folder,
        facilities=[
            facility("f1", spot(0, 0), serves="阳光花圆、幸福小区"),
            facility("f2", spot(300, 0), serves="天外天、阳光花园"),
        ],
        residential=[
            estate(f"r{n}", box(100 * n, 20, 100 * n + 50, 70), name=name)
            for n, name in enumerate(names, start=1)
        ],
    )


def test_the_queue_holds_every_open_name_with_what_it_may_mean(tmp_path: Path) -> None:
    waiting = queue(waiting_study(tmp_path))
    assert tuple(waiting.columns) == COLUMNS
    told = waiting[["row_id", "asked", "status", "reason", "to_id"]]
    assert [*told.itertuples(index=False, name=None)] == [
        ("f1", "阳光花圆", "doubtful", "alike", "r1"),
        ("f1", "阳光花圆", "doubtful", "alike", "r2"),
        ("f1", "幸福小区", "doubtful", "phase", "r3"),
        ("f1", "幸福小区", "doubtful", "phase", "r4"),
        ("f2", "天外天", "unmatched", "none", ""),
    ]
    assert [*waiting["row"].astype(int)] == [2, 2, 2, 2, 3]


def fill(study: Study, *answers: str) -> pd.DataFrame:
    return office_table(queue(study)).assign(**{OFFICE["answer"]: [*answers]})


def test_an_office_fills_the_table_in_and_the_names_wait_no_more(tmp_path: Path) -> None:
    study = waiting_study(tmp_path)
    path = tmp_path / "matches.csv"
    fill(study, "是", "", "是", "是", "r2").to_csv(path, index=False, encoding="utf-8-sig")
    filled = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
    taken = confirm_from_table(study, filled, by="桥北街道")
    # Two phases of one name are both meant: taken, and said.
    assert [(f.severity, f.value) for f in taken.findings] == [("info", "是")]
    assert "幸福小区" in str(taken.findings[0].message)
    assert {(one.asked, one.to_id, one.decision) for one in read_confirmed(study.path)} == {
        ("阳光花圆", "r1", "same"), ("幸福小区", "r3", "same"), ("幸福小区", "r4", "same"),
        ("天外天", "r2", "same"),
    }  # fmt: skip
    assert {one.by for one in taken.decisions} == {"桥北街道"}
    assert queue(study).empty


def test_no_and_none_are_answers_too(tmp_path: Path) -> None:
    study = waiting_study(tmp_path)
    taken = confirm_from_table(study, fill(study, "否", "", "", "都不是", "无"))
    assert taken.findings == ()
    waiting = queue(study)
    assert [*waiting["to_id"]] == ["r2"]
    assert [*waiting["asked"]] == ["阳光花圆"]


@pytest.mark.parametrize(
    ("answers", "row", "told"),
    [
        (("", "也许", "", "", ""), 3, "“也许”看不懂"),
        (("", "", "", "", "是"), 6, "没有候选"),
        (("", "", "是", "都不是", ""), 4, "第 4、5 行的确认互相矛盾"),
    ],
)
def test_a_line_that_cannot_be_taken_is_told_and_the_others_are_kept(
    tmp_path: Path, answers: tuple[str, ...], row: int, told: str
) -> None:
    study = waiting_study(tmp_path)
    taken = confirm_from_table(study, fill(study, "是", *answers[1:]))
    (refused,) = taken.findings
    assert (refused.severity, refused.row) == ("error", row)
    assert told in str(refused.message)
    assert [one.asked for one in read_confirmed(study.path)] == ["阳光花圆"]


def test_a_table_of_another_study_or_without_its_columns_is_told(tmp_path: Path) -> None:
    study = waiting_study(tmp_path)
    strange = fill(study, "是", "", "", "", "").assign(**{OFFICE["to_name"]: "别名"})
    (refused,) = decisions_in(study, strange).findings
    assert "已经没有或已改名" in str(refused.message)
    odd = fill(study, "是", "", "", "", "").assign(**{OFFICE["column"]: "别的列"})
    (refused,) = decisions_in(study, odd).findings
    assert refused.row == 2
    (refused,) = decisions_in(study, odd.drop(columns=OFFICE["answer"])).findings
    assert "确认" in str(refused.message)
    assert not matches_file(study.path).exists()


def test_a_study_is_read_with_what_was_confirmed(tmp_path: Path) -> None:
    path = write_study(waiting_study(tmp_path / "in memory"), tmp_path / "study")
    before = load_study(path)
    assert before.layers["facilities"]["serves"].iloc[0] == "阳光花圆、幸福小区"
    confirm(path, [decided(to_id="r1")])
    after = load_study(path)
    assert after.layers["facilities"]["serves"].iloc[0] == "阳光花园、幸福小区"
    assert len(queue(after)) == 3
    warned = [f.value for f in after.findings if f.severity == "warning" and f.column == "服务小区"]
    assert warned == ["幸福小区", "天外天"]


def test_a_name_that_was_denied_waits_no_more_when_the_study_is_read_again(tmp_path: Path) -> None:
    path = write_study(waiting_study(tmp_path / "in memory"), tmp_path / "study")
    confirm(path, [decided("none", "", asked="阳光花园", row_id="f2", row_name="care f2")])
    study = load_study(path)
    assert study.layers["facilities"]["serves"].iloc[1] == "天外天、阳光花园（不在小区表）"
    assert [*queue(study)["asked"].unique()] == ["阳光花圆", "幸福小区", "天外天"]
    unconfirm(path, read_confirmed(path))
    assert load_study(path).layers["facilities"]["serves"].iloc[1] == "天外天、阳光花园"
