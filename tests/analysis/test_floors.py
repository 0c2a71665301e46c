"""The free text of a floor column: read where it is plain, unknown where it is not."""

import numpy as np
import pandas as pd
import pytest

from analysis.provision.floors import floors

UNKNOWN = float("nan")


@pytest.mark.parametrize(
    ("text", "lowest", "highest"),
    [
        ("1", 1, 1), ("1.0", 1, 1), ("1-3", 1, 3), ("１－３层", 1, 3), ("1-2层", 1, 2),
        ("2F", 2, 2), ("F1-F3", 1, 3), ("二层", 2, 2), ("三楼", 3, 3), ("一至三层", 1, 3),
        ("第3层", 3, 3), ("首层", 1, 1), ("1、2层", 1, 2), ("1F/2F", 1, 2), ("一二层", 1, 2),
        ("地上1-2层", 1, 2), ("十层", 10, 10), ("二十一层", 21, 21), ("共3层", 1, 3), ("1—3", 1, 3),
    ],
)  # fmt: skip
def test_floors_above_ground(text: str, lowest: int, highest: int) -> None:
    row = floors(pd.DataFrame({"floor": [text]})).iloc[0]
    assert (row["lowest"], row["highest"]) == (lowest, highest)
    assert not row["unfit"]


@pytest.mark.parametrize(
    ("text", "lowest", "highest"),
    [
        ("-1", -1, -1), ("B1", -1, -1), ("B1、B2", -2, -1), ("-2--1", -2, -1), ("负一层", -1, -1),
        ("地下一层", -1, -1), ("地下2层", -2, -2), ("半地下", UNKNOWN, UNKNOWN),
        ("地下室", UNKNOWN, UNKNOWN), ("夹层", UNKNOWN, UNKNOWN), ("架空层", UNKNOWN, UNKNOWN),
        ("首层架空", 1, 1), ("顶楼", UNKNOWN, UNKNOWN), ("6层（顶楼）", 6, 6),
        ("阁楼", UNKNOWN, UNKNOWN), ("地下车库", UNKNOWN, UNKNOWN), ("一层夹层", 1, 1),
    ],
)  # fmt: skip
def test_rooms_where_no_care_room_belongs(text: str, lowest: float, highest: float) -> None:
    row = floors(pd.DataFrame({"floor": [text]})).iloc[0]
    np.testing.assert_equal([row["lowest"], row["highest"]], [lowest, highest])
    assert row["unfit"]
    assert row["wholly"]


@pytest.mark.parametrize(
    "text", ["-1-2", "B1-2层", "地下一层至二层", "-1、1层", "一层（局部夹层）"]
)
def test_rooms_of_which_a_part_is_below(text: str) -> None:
    row = floors(pd.DataFrame({"floor": [text]})).iloc[0]
    assert row["unfit"]
    assert not row["wholly"]


@pytest.mark.parametrize(
    "text", ["", "待定", "整栋", "3月1日", "3-1", "0", "层", "B", "非地下", "无地下室", None]
)
def test_what_is_not_plain_stays_unknown(text: str | None) -> None:
    row = floors(pd.DataFrame({"floor": pd.Series([text], dtype="str")})).iloc[0]
    np.testing.assert_equal([row["lowest"], row["highest"]], [UNKNOWN, UNKNOWN])
    assert not row["unfit"]
    assert not row["wholly"]


def test_without_the_column_nothing_is_known() -> None:
    table = floors(pd.DataFrame({"name": ["a", "b"]}, index=[3, 5]))
    assert table.index.tolist() == [3, 5]
    assert table["highest"].isna().all()
    assert not table["unfit"].any()
