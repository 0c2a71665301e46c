"""Rows and figures of an explanation as people read them: words, and digits with a meaning."""

import pandas as pd
import pytest

from analysis.explaining.explained import amount, number
from analysis.explaining.row_headings import HEADINGS
from analysis.explaining.row_words import CODES, code_word, heading, worded
from geo.language import speaking


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (5.16634050880629, "min", "5.2分钟"),
        (34318.421182552, "m2", "34,318.4平方米"),
        (104543.8632, "people", "104,544人"),
        (0.685263, "share", "68.5%"),
        (0.0656934306569343, "比例", "6.6%"),
        (4348.85, "张", "4,348.9 张"),
        (0.013123, "m2/人", "0.0131 ㎡/人"),
        (0, "个", "0 个"),
        (None, "min", "—"),
        (float("nan"), "share", "—"),
        (7.0, "", "7"),
    ],
)
def test_a_figure_has_the_digits_that_mean_something(
    value: float | None, unit: str, said: str
) -> None:
    assert str(amount(value, unit)) == said


def test_a_given_number_of_decimals_is_kept() -> None:
    assert [number(2.25), number(22.7187), number(2.25, 0), number(140.34, 1)] == [
        "2.25", "22.7", "2", "140.3"
    ]  # fmt: skip


def rows() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "ledger": ["residential", "facilities"], "category": [None, "day_care"],
            "status": ["operating", None], "basis": ["building", None],
            "area_m2": [67.123456, None], "part": [1.0, 40 / 140], "minutes": [5.16634050880629, 9],
            "elderly_60plus": [520.007, 0.4], "passed": [1, 0], "verdict": ["short", "met_pooled"],
            "rule": ["chifeng/care_floor_area_per_100_households/built/2023-08-25", ""],
            "name": ["<b>甲</b>", "met"],
        }
    )  # fmt: skip


def test_rows_are_told_in_words() -> None:
    table = worded(rows())
    assert table.columns.to_list() == [
        "出自", "类别", "状态", "面积口径", "面积（㎡）", "所占份额", "步行分钟", "60岁以上",
        "计入", "结论", "所用规则", "名称",
    ]  # fmt: skip
    assert table.to_numpy().tolist() == [
        ["小区台账", "", "运营", "建筑面积", "67.1", "100.0%", "5.2", "520", "是", "不达标",
         "已建成，自 2023-08-25 起", "<b>甲</b>"],
        ["设施台账", "日间照料中心", "", "", "", "28.6%", "9", "0", "否", "统筹达标", "", "met"],
    ]  # fmt: skip


def test_english_says_the_codes_as_words() -> None:
    with speaking("en"):
        table = worded(rows())
        assert table["verdict"].to_list() == ["short", "met pooled"]
        assert table["category"].to_list() == ["", "day care"]
        assert table["rule"].iloc[0] == "built, since 2023-08-25"
        assert table["name"].iloc[1] == "met"
        assert heading("area_m2") == "area m2"


def test_no_name_is_taken_for_a_code() -> None:
    assert code_word("name", "met") == "met"
    assert code_word("verdict", "何") == "何"
    assert set(CODES) <= {*HEADINGS}
