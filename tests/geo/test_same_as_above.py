"""“As above” in a cell: texts and dates are taken from the row above, amounts are not."""

from datetime import date
from pathlib import Path

import pytest

from geo.layers import Layer
from geo.ledgers.dates import read_date

from .office_ledgers import layer_of, said

HEADER = ("小区名称", "街道", "户数", "竣工年份", "经度", "纬度")


def test_texts_and_dates_are_taken_from_above(tmp_path: Path) -> None:
    rows = (HEADER, ("甲苑", "东城", 500, 2019, 118.91234, 42.21234),
            ("乙苑", "同上", 300, "〃", 118.92345, 42.22345),
            ("丙苑", "''", 200, 2018, 118.93456, 42.23456))
    layer = layer_of(tmp_path, rows)
    assert layer.frame["street"].tolist() == ["东城"] * 3
    assert layer.frame["completed_on"].dt.year.tolist() == [2019, 2019, 2018]
    assert "“街道”列：2 行写“同上”（第 3、4 行），按上一行读入。" in said(layer)


def test_an_amount_is_not_counted_twice(tmp_path: Path) -> None:
    rows = (HEADER, ("甲苑", "东城", 500, 2019, 118.91234, 42.21234),
            ("乙苑", "东城", "同上", 2019, 118.92345, 42.22345))
    layer = layer_of(tmp_path, rows)
    assert layer.frame["households"].isna().tolist() == [False, True]
    assert "第 3 行 “户数”列 “同上”：写的是“同上”，数不照抄" in said(layer)


def errors(layer: Layer) -> list[tuple[int | None, str]]:
    return [(f.row, str(f.message)) for f in layer.findings if f.severity == "error"]


def test_the_first_row_has_nothing_above(tmp_path: Path) -> None:
    rows = (HEADER, ("甲苑", "同上", 500, 2019, 118.91234, 42.21234),
            ("乙苑", "东城", 300, 2019, 118.92345, 42.22345),
            ("丙苑", "同上", 200, 2018, 118.93456, 42.23456))
    layer = layer_of(tmp_path, rows)
    assert layer.frame["street"].fillna("—").tolist() == ["—", "东城", "东城"]
    assert errors(layer) == [(2, "写的是“同上”，但它是首行，上面没有数据，按未知处理。")]
    assert "1 行写“同上”（第 4 行），按上一行读入。" in said(layer)


def test_under_a_blank_nothing_is_filled_and_all_is_told(tmp_path: Path) -> None:
    rows = (HEADER, ("甲苑", "东城", 500, 2019, 118.91234, 42.21234),
            ("乙苑", None, 300, 2019, 118.92345, 42.22345),
            ("丙苑", "同上", 200, 2018, 118.93456, 42.23456),
            ("丁苑", "同上", 200, 2018, 118.94567, 42.24567))
    layer = layer_of(tmp_path, rows)
    assert layer.frame["street"].fillna("—").tolist() == ["东城", "—", "—", "—"]
    assert errors(layer) == [(row, "写的是“同上”，但上一行空白，按未知处理。") for row in (4, 5)]
    assert "按上一行读入" not in said(layer)
    # The blank itself is told as ever, and alone: 同上 is no blank of the office.
    assert "1 行空白（第 3 行）" in said(layer)


@pytest.mark.parametrize(("text", "day"), [
    ("19-05-2019", date(2019, 5, 19)), ("5/19/2019", date(2019, 5, 19)),
    ("05/2019", date(2019, 5, 31)), ("5.5.2019", date(2019, 5, 5)), ("'2019", date(2019, 12, 31)),
    ("2019.5", date(2019, 5, 31)), ("2019年5月", date(2019, 5, 31)), ("43586", date(2019, 5, 1)),
])
def test_dates_as_offices_and_other_countries_write_them(text: str, day: date) -> None:
    assert read_date(text).value == day


@pytest.mark.parametrize(("text", "reason"), [
    ("05/06/2019", "分不清"), ("2019—2021", "不止一个"), ("2016、2018", "不止一个"),
    ("31-13-2019", "月"), ("尚未竣工", "还没有"), ("在建", "还没有"),
])
def test_what_is_no_one_day_says_why(text: str, reason: str) -> None:
    parsed = read_date(text)
    assert parsed.value is None
    assert reason in str(parsed.problem)


def test_not_yet_is_a_statement_and_no_slip(tmp_path: Path) -> None:
    rows = (HEADER, ("甲苑", "东城", 500, "在建", 118.91234, 42.21234))
    (finding,) = (f for f in layer_of(tmp_path, rows).findings if f.value == "在建")
    assert finding.severity == "warning"
