"""The sentences of a half-year report, and parts that add up as printed."""

from collections.abc import Mapping

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.periods.steps import Step, figure_columns, levels
from analysis.periods.words import sentences
from geo.language import speaking

NO_CHANGES = pd.DataFrame({"change": [], "counts_as": [], "category": []}, dtype="str")
NO_ESTATES = pd.DataFrame({"verdict_before": [], "verdict_after": []}, dtype="str")
KEY = ("coverage", "share_60plus")


def figures(*steps: float | None, key: tuple[str, str] = KEY) -> pd.DataFrame:
    """Return the figure table of one figure at four steps."""
    nothing = pd.DataFrame()
    told = [Step({key: value}, nothing, nothing, nothing) for value in steps]
    return levels(figure_columns(told)).reset_index()


def first(table: pd.DataFrame, *, parted: bool = True) -> str:
    return str(sentences(table, NO_CHANGES, NO_ESTATES, parted=parted)[0])


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((0.5, 0.5, 0.5, 0.5), "为50.0%，较上期不变。"),
        ((0.5, 0.6, 0.6, 0.5),
         "较上期不变，其中实际建设−10.0个百分点、补登更正0、口径与数据+10.0个百分点。"),
        ((0.5, 0.5, 0.5, 0.623),
         "（50.0%）提高12.3个百分点，其中实际建设+12.3个百分点、补登更正0、口径与数据0。"),
        ((0.6, 0.6, 0.5, 0.5),
         "（60.0%）下降10.0个百分点，其中实际建设0、补登更正−10.0个百分点、口径与数据0。"),
        ((0.5, None, 0.6, 0.7), "提高20.0个百分点（各部分无法计算）。"),
    ],
)
def test_a_share_changes_by_percentage_points(
    steps: tuple[float | None, ...], said: str
) -> None:
    assert first(figures(*steps)).endswith(said)


def test_print_agrees_with_print() -> None:
    # 50.04 % -> 62.26 % are 12.22 points; in print 50.0 and 62.3, so 12.3.
    assert "提高12.3个百分点，其中实际建设+12.3" in first(figures(0.5004, 0.5004, 0.5004, 0.6226))


def test_nothing_is_never_less_than_nothing() -> None:
    # 0.3 less 0.1 + 0.2 is a hair below 0.
    row = figures(0.1 + 0.2, 0.3, 0.1 + 0.2, 0.3).iloc[0]
    assert [str(row[name]) for name in ("change", "data_and_method", "built")] == ["0.0"] * 3
    odd = levels([pd.Series([value]) for value in (0.1 + 0.2, 0.3, 0.1 + 0.2, 0.3)]).iloc[0]
    assert [str(odd[name]) for name in ("change", "data_and_method", "built")] == ["0.0"] * 3


def test_what_a_period_does_not_know_is_not_told() -> None:
    assert len(sentences(figures(None, 0.5, 0.5, 0.5), NO_CHANGES, NO_ESTATES, parted=True)) == 1


def test_people_and_square_metres_have_their_units() -> None:
    people = ("coverage", "covered_60plus")
    said = first(figures(100, 100, 100, 1300, key=people))
    assert "为1,300人，较上期（100人）增加1,200人" in said
    lack = ("provision", "deficit_m2")
    said = first(figures(35, 35, 35, 30.5, key=lack))
    assert "为30.50平方米，较上期（35.00平方米）减少4.50平方米" in said


def test_not_told_apart_is_never_new() -> None:
    lone = figures(0.5, None, None, 0.7)
    said = [str(one) for one in sentences(lone, NO_CHANGES, NO_ESTATES, parted=False)]
    assert said == [
        "60岁以上老年人步行可达率为70.0%，较上期（50.0%）提高20.0个百分点（未能区分原因，不能称为新增）。"
    ]


def test_only_more_people_are_called_new() -> None:
    built = pd.DataFrame({"change": ["opened", "opened", "closed", "opened"],
                          "counts_as": ["built", "built", "built", "late_records"],
                          "category": "day_care"})  # fmt: skip
    people = ("coverage", "covered_60plus")
    for after, new in ((130.0, True), (90.0, False), (100.0, False)):
        reached = figures(100, 100, 100, after, key=people)
        said = [str(one) for one in sentences(reached, built, NO_ESTATES, parted=True)]
        assert "本期实际建成投用养老服务设施 2 处，停用 1 处。" in said
        assert any("新增" in one for one in said) is new


def test_a_clinic_is_no_care_facility() -> None:
    kinds = ["day_care", "health", "rehab", "childcare", "elder_university", "canteen"]
    built = pd.DataFrame({"change": "opened", "counts_as": "built", "category": kinds})
    still = figures(0.5, 0.5, 0.5, 0.5)
    said = [str(one) for one in sentences(still, built, NO_ESTATES, parted=True)]
    assert "本期实际建成投用养老服务设施 2 处，停用 0 处。" in said


def test_it_is_said_in_english_too() -> None:
    with speaking("en"):
        said = first(figures(0.5, 0.6, 0.6, 0.7))
    assert said == (
        "share of people aged 60+ within the walk: 70.0%, up by 20.0 percentage points since the "
        "last period (50.0%): built +10.0 percentage points, late records 0, "
        "data and method +10.0 percentage points."
    )


@settings(deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=4))
def test_parts_add_up_as_printed_and_never_change_their_sign(steps: list[float]) -> None:
    row: Mapping[str, float] = figures(*steps).iloc[0].to_dict()
    parts = [row["data_and_method"], row["late_records"], row["built"]]
    assert sum(parts) == pytest.approx(row["change"], abs=1e-9)
    assert row["before"] + row["change"] == pytest.approx(row["after"], abs=1e-9)
    for part, earlier, later in zip(parts, steps, steps[1:], strict=False):
        assert part == 0 or (part > 0) == (later > earlier)
        if earlier == later:
            assert part == 0


def test_a_deficit_that_can_no_longer_be_told_is_none_made_good() -> None:
    unknown = figures(63.0, 63.0, 64.0, 65.0, key=("provision", "unknown"))
    estates = pd.DataFrame(
        {
            "verdict_before": ["short", "short", "unknown", "short"],
            "verdict_after": ["unknown", "met", "unknown", "unknown"],
            "deficit_before_m2": [174.0, 50.0, float("nan"), 12.5],
        }
    )
    told = "".join(map(str, sentences(unknown, NO_CHANGES, estates, parted=False)))
    assert "上期 63 个、本期 65 个" in told
    assert "有 2 个小区由不达标转为无法判定，缺口因此少计 186.50 平方米，并非补齐" in told


def test_where_all_have_verdicts_nothing_is_said_of_unknown_ones() -> None:
    unknown = figures(0.0, 0.0, 0.0, 0.0, key=("provision", "unknown"))
    assert sentences(unknown, NO_CHANGES, NO_ESTATES, parted=False) == ()
