"""A contest run: who agrees, who is absent, who is too slow, and what the ratios are."""


import pytest

from bench.contest import Task
from bench.race import run_contest
from bench.result import Measured, Row
from bench.settled import SIZES
from bench.table import cells, print_rows
from tests.bench.fake_contest import CONTEST


@pytest.fixture(scope="module")
def row(tmp_path_factory: pytest.TempPathFactory) -> Row:
    task = Task(tmp_path_factory.mktemp("city"), SIZES["S"])
    return run_contest(
        "tests.bench.fake_contest", CONTEST, task,
        size="S", tell=lambda _what: None, peer_limit_s=10.0,
    )  # fmt: skip


def measured(row: Row, name: str) -> Measured:
    return next(each for each in row.measured if each.name == name)


def test_the_median_is_that_of_all_runs_but_the_first(row: Row) -> None:
    ours = measured(row, "ours")
    assert ours.median_s == 2.0  # of 1, 2, 3 again and again
    assert ours.p99_s == 3.0
    assert len(ours.seconds) % 3 == 0


def test_a_part_of_the_work_is_scaled_to_the_whole(row: Row) -> None:
    half = measured(row, "half")
    assert half.median_s == 4.0
    assert half.share == 0.5
    assert row.times(half) == 2.0


def test_the_target_is_held_against_the_peer_it_names(row: Row) -> None:
    assert row.met is True


def test_answers_are_compared(row: Row) -> None:
    agreed = {each.name: each.agreement.same for each in row.measured if each.agreement}
    assert agreed == {"half": True, "wrong": False, "chatty": True}
    assert not row.agreed


def test_whoever_does_not_answer_is_told_of(row: Row) -> None:
    why = {each.name: str(each.why) for each in row.measured if each.why}
    assert why["slow"] == "超过 10 s"
    assert why["absent"] == "未安装 no_such_library"
    assert why["broken"] == "出错：ValueError: no such sum"
    assert "sums_by_magic" in why["later"]
    assert set(why) == {"slow", "absent", "broken", "later"}


def test_what_libraries_print_is_not_taken_for_an_answer(row: Row) -> None:
    assert measured(row, "chatty").median_s == 2.0


def test_the_peak_of_memory_is_that_of_the_child(row: Row) -> None:
    assert 10 < measured(row, "ours").peak_mb < 2_000


def test_the_table_has_a_line_for_everybody(row: Row, capsys: pytest.CaptureFixture[str]) -> None:
    headings, *lines = cells(row)
    assert [line[0] for line in lines] == [each.name for each in CONTEST.contenders]
    assert all(len(line) == len(headings) for line in lines)
    half = lines[1]
    assert half[2] == "4.0 s"
    assert half[4] == "2.0×"
    assert half[6] == "只做 50%，按比例推算；✓ 和"
    print_rows([row])
    assert "达到" in capsys.readouterr().out


def test_plain_values_hold_no_nan(row: Row) -> None:
    values = row.as_json()
    slow = next(each for each in values["contenders"] if each["name"] == "slow")
    assert slow["median_s"] is None
    assert slow["why"] == "超过 10 s"
    assert values["target"] == {"times": 1.5, "against": "half"}
    assert values["met"] is True
