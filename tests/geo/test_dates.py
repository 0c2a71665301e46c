"""Dates: a year stands for its last day, a month for its last; vague words are unknown."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.ledgers.dates import read_date, read_dates
from geo.ledgers.numbers import Cells


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2016", "2016-12-31"), (2016, "2016-12-31"), (2016.0, "2016-12-31"),
        ("1998年", "1998-12-31"), ("二〇一六", "2016-12-31"), ("二零一六年五月", "2016-05-31"),
        ("二〇一六年十二月三十一日", "2016-12-31"), ("2016-05", "2016-05-31"),
        ("2016年2月", "2016-02-29"), ("2016.5.1", "2016-05-01"), ("2016/5/1", "2016-05-01"),
        ("2016年5月1日", "2016-05-01"), ("20160501", "2016-05-01"), ("201605", "2016-05-31"),
        ("２０１６年", "2016-12-31"), ("2016-05-01 08:30:00", "2016-05-01"),
        (42491, "2016-05-01"), ("42491", "2016-05-01"), (dt.date(2016, 5, 1), "2016-05-01"),
        (dt.datetime(2016, 5, 1, 9, tzinfo=dt.UTC), "2016-05-01"),
        (np.datetime64("2016-05-01T00:00"), "2016-05-01"), ("2016年底", "2016-12-31"),
        (2016.5, "2016-05-31"), (2016.12, "2016-12-31"), ("2016.5", "2016-05-31"),
        ("2016.10", "2016-10-31"), ("2016-5", "2016-05-31"), ("2016年10月份", "2016-10-31"),
        ("2016年5月1号", "2016-05-01"), ("贰零壹陆年", "2016-12-31"), (42370, "2016-01-01"),
        # 2016 typed into a cell with a date format.
        (dt.date(1905, 7, 8), "2016-12-31"), (dt.datetime(1905, 7, 8, tzinfo=dt.UTC), "2016-12-31"),
    ],
)
def test_a_date_is_read(value: object, day: str) -> None:
    assert str(read_date(value).value) == day


@pytest.mark.parametrize(
    "text",
    ["90年代", "八十年代", "约2016", "2016年前后", "08", "98年", "16年", 2016.1, "预计2026年",
     "2026（计划）", "2016年第一季度", "2016年初"],
)
def test_a_vague_date_is_unknown_and_told(text: object) -> None:
    parsed = read_date(text)
    assert (parsed.value, parsed.coarse, parsed.problem) == (None, True, None)


@pytest.mark.parametrize(
    "value",
    [
        2999, 0, "2999", "0", "待定", "2016-13", "2016-02-30", "2016-2018", True, 12.5, 10000,
        "99999", "民国35年", "2016、2018", "1/5/2016", "五月",
    ],
)
def test_an_impossible_date_is_a_problem(value: object) -> None:
    parsed = read_date(value)
    assert parsed.value is None
    assert parsed.problem is not None


@given(st.text("〇零一二十年月日0123456789-./ 约底", max_size=12) | st.text(max_size=8))
def test_any_text_is_a_date_of_this_age_or_unknown(text: str) -> None:
    parsed = read_date(text)
    assert parsed.value is None or 1900 <= parsed.value.year <= 2100


def test_a_column_of_dates_names_its_rows() -> None:
    values = np.array([2016, "1998年", "90年代", 2999, None, "—"], dtype=object)
    column = Cells(values, np.arange(2, 8), "建成年份", "residential", "小区.xlsx")
    days, findings = read_dates(column)
    assert [str(day)[:10] for day in days] == ["2016-12-31", "1998-12-31", *["NaT"] * 4]
    assert [(f.severity, f.row) for f in findings] == [
        ("info", 3), ("warning", 4), ("error", 5), ("warning", 7), ("info", 2),
    ]
