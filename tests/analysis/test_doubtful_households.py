"""Households that can hardly be right: the verdict stands, and everybody who reads it is told."""

from typing import Any

import pandas as pd
import pytest

from analysis.filling import CONFIRMED
from analysis.provision.check import Provision, check_provision
from analysis.provision.doubted import confirmed_households, doubtful_households
from analysis.provision.rates import provision_summary
from geo.findings import Finding
from geo.language import Message, speaking
from report.provision_figures import deficit_note, printed_deficit
from tests.analysis.told_situations import ON, estates, rulebook_of

# 48,000 households owe 9,600 m²; 2,000 owe 400 and have 300; the third is unknown.
ESTATES: list[dict[str, Any]] = [
    {"小区": "甲", "户数": 48_000, "养老用房面积": 0},
    {"小区": "乙", "户数": 2000, "养老用房面积": 300},
    {"小区": "丙", "户数": None, "养老用房面积": 0},
]
ENOUGH = {"小区": "甲", "户数": 48_000, "养老用房面积": 9_600}


def checked(rows: list[dict[str, Any]], **more: Any) -> Provision:  # noqa: ANN401
    homes = estates(rows)
    return check_provision(homes, None, rulebook_of("chifeng"), on=ON, assume=None, **more)


def test_the_row_is_warned_of_and_judged_all_the_same() -> None:
    table = checked(ESTATES).table.set_index("name")
    assert table["reasons"].str.contains("households_doubtful").tolist() == [True, False, False]
    assert table["verdict"].tolist() == ["short", "short", "unknown"]
    assert table["deficit_m2"].tolist()[:2] == [9600, 100]


def test_the_summary_tells_how_much_rests_on_them() -> None:
    summary = provision_summary(checked(ESTATES).table)
    assert summary["deficit_m2"] == 9700
    assert (summary["deficit_doubted_m2"], summary["deficit_doubted_areas"]) == (9600, 1)
    # One that has enough is doubted too, and lacks nothing that could become less.
    summary = provision_summary(checked([ENOUGH, *ESTATES[1:]]).table)
    assert (summary["deficit_doubted_m2"], summary["deficit_doubted_areas"]) == (0, 0)


def test_a_deficit_that_rests_on_them_says_so() -> None:
    summary = provision_summary(checked(ESTATES).table)
    assert printed_deficit(summary) == "9,700"
    with speaking("zh"):
        assert str(deficit_note(summary)) == (
            "无法判定的 1 个小区不在内；其中 9,600 平方米来自户数存疑的 1 个小区，核实后可能变小"
        )
        plain = provision_summary(checked(ESTATES[1:]).table)
        assert printed_deficit(plain) == "100"
        assert str(deficit_note(plain)) == "无法判定的 1 个小区不在内"


def test_a_number_is_held_to_those_of_its_own_file() -> None:
    # 4,000 is more than ten times what others have in the first file, and usual in the second.
    homes = pd.DataFrame(
        {
            "households": [4000.0, *[300.0] * 24, *[4000.0] * 25],
            "file": ["一.xlsx"] * 25 + ["二.xlsx"] * 25,
            "row": [*range(2, 27)] * 2,
        }
    )
    doubted = doubtful_households(homes)
    assert doubted[doubted].index.tolist() == [0]
    assert not doubtful_households(homes, confirmed={("一.xlsx", 2)}).any()
    assert doubtful_households(homes, confirmed={("二.xlsx", 2)}).any()


@pytest.mark.parametrize(
    ("column", "message", "confirmed"),
    [
        ("总户数", CONFIRMED, {("", 3)}),
        ("户数", CONFIRMED, {("", 3)}),
        ("用房面积", CONFIRMED, set()),
        ("总户数", Message("另一句"), set()),
    ],
)
def test_what_was_confirmed_is_read_from_the_findings(
    column: str, message: Message, confirmed: set[tuple[str, int]]
) -> None:
    finding = Finding("info", "residential", message, row=3, column=column)
    homes = pd.DataFrame({"households": [48_000.0], "row": [3]})
    assert confirmed_households([finding], homes, {"households": "总户数"}, ()) == confirmed
    rows = [{**ESTATES[0]}]
    assert "households_doubtful" in checked(rows).table["reasons"][0]


def test_without_estates_nothing_is_confirmed() -> None:
    assert confirmed_households([], None, {}, ()) == frozenset()
