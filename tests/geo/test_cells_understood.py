"""Cells of offices that say a number, a date or a word in their own way."""

import datetime as dt

import numpy as np
import pytest

from geo.ledgers.dates import read_date
from geo.ledgers.han_figures import han_number
from geo.ledgers.numbers import Cells, read_number, read_numbers
from geo.ledgers.words import read_words
from geo.schema import FACILITIES
from geo.vocabulary import CATEGORIES


def column(*values: object, header: str = "户数") -> Cells:
    cells = np.empty(len(values), dtype=object)
    cells[:] = list(values)
    return Cells(cells, np.arange(2, 2 + len(values)), header, "residential", "小区.csv")


@pytest.mark.parametrize(("text", "unit", "value"), [
    ("1200戶", "households", 1200), ("350平", "m2", 350), ("1200户(含二期)", "households", 1200),
    ("350㎡（地下）", "m2", 350), ("350（一层）", "m2", 350), ("共500户", "households", 500),
    ("共计500", "households", 500), ("1万2千", "households", 12_000), ("3千5百", "", 3500),
    ("2万3千4百户", "households", 23_400), ("120張", "beds", 120),
])
def test_a_number_in_its_own_way_is_read_and_told(text: str, unit: str, value: float) -> None:
    parsed = read_number(text, unit=unit)
    assert (parsed.value, parsed.changed) == (value, True)


@pytest.mark.parametrize("text", [
    "500(其中空置20)", "350(20亩)", "1万2", "1千", "2百3千", "1200户(含二期300)", "350(使用面积)",
    "共同", "1万2千3", "1.5万2千", "一百零", "三千〇", "500（规划）", "0百",
])
def test_what_may_be_two_numbers_stays_unread(text: str) -> None:
    parsed = read_number(text, unit="households")
    if text == "1千":
        assert parsed.value == 1000
    else:
        assert parsed.value is None
        assert parsed.problem is not None


def test_a_figure_that_breaks_off_is_none() -> None:
    texts = ("一百零", "一千零", "一百", "二〇二〇", "一百零五", "零")
    assert [han_number(text) for text in texts] == [None, None, 100, 2020, 105, 0]


@pytest.mark.parametrize("text", ["2016-05-01", "2016/5/1", "2016.5.1", "2016年5月1日", "2016年5月",
                                  "2016-05-01 08:00:00"])
def test_a_date_among_numbers_is_called_one(text: str) -> None:
    assert str(read_number(text, unit="households").problem) == "是日期，不是数。"


def test_a_range_is_still_one_and_area_has_its_sign() -> None:
    assert str(read_number("2016-2018").problem) == "是一个范围，不是一个数。"
    _, findings = read_numbers(column("很大", header="面积"), unit="m2")
    assert "单位：㎡" in str(findings[0].remedy)


def test_dates_with_a_time_and_doubtful_years() -> None:
    # Day 44,197 of Excel's calendar is 2021-01-01.
    assert read_date(44197.5).value == dt.date(2021, 1, 1)
    assert read_date("44197.5").value == dt.date(2021, 1, 1)
    assert read_date(44197.5).changed
    for text in ("16年5月", "16年5月1日", "'98年12月份"):
        assert read_date(text).coarse
        assert read_date(text).value is None
    assert read_date(2016.5).value == dt.date(2016, 5, 31)
    assert read_date(99999.5).problem is not None


def test_words_of_status_that_say_less() -> None:
    codes, findings = read_words(column("试运营", "已拆除", "运营"), FACILITIES.column("status"))
    assert codes.tolist() == ["operating", "closed", "operating"]
    # 已拆除 is another word for 停业, which is only said.
    assert [(f.severity, f.row) for f in findings] == [("warning", 2), ("info", 3)]
    assert "试运营" in findings[0].value
    assert "读作“运营”" in str(findings[0].message)


@pytest.mark.parametrize(("text", "code", "other"), [
    ("日间照料中心/助餐点", "day_care", "canteen"), ("养老院、卫生室", "care_home", "health"),
])
def test_a_second_function_is_named(text: str, code: str, other: str) -> None:
    codes, findings = read_words(column(text), FACILITIES.column("category"))
    assert codes.tolist() == [code]
    assert [f.severity for f in findings] == ["warning"]
    assert f"没有计入“{CATEGORIES[other][0]}”" in str(findings[0].message)


def test_one_function_in_a_longer_text_is_told_as_before() -> None:
    for text in ("红山区某某社区养老服务站", "某某日间照料中心", "街道养老服务中心（综合）"):
        _, findings = read_words(column(text), FACILITIES.column("category"))
        assert [f.severity for f in findings] == ["info"]
