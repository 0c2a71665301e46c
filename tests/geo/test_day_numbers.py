"""Day numbers of Excel without their date format, and thousands parted by a plain space."""

import datetime as dt

import numpy as np
import pytest

from geo.findings import Finding
from geo.ledgers.dates import read_dates
from geo.ledgers.numbers import Cells, read_number


def dates(header: str, *cells: object) -> tuple[list[str], list[Finding]]:
    values = np.array([*cells, None], dtype=object)
    column = Cells(values, np.arange(2, 2 + len(values)), header, "residential", "小区.xlsx")
    days, findings = read_dates(column)
    return [str(day)[:10] for day in days[:-1]], findings


@pytest.mark.parametrize(
    "header", ["建成年份", "建成年份（年）", "竣工年", "year_built", "建成时间(年)"]
)
@pytest.mark.parametrize("cell", [20116, "20116", 42500.0])
def test_in_a_column_of_years_five_figures_are_a_slip(header: str, cell: object) -> None:
    days, findings = dates(header, cell)
    assert days == ["NaT"]
    assert [(f.severity, f.row) for f in findings] == [("error", 2)]


def test_most_cells_tell_that_a_column_is_of_years() -> None:
    days, findings = dates("竣工日期", 2011, 2012, "20116")
    assert days[2] == "NaT"
    assert [f.severity for f in findings if f.row == 4] == ["error"]


@pytest.mark.parametrize("cell", [42500, "42500"])
def test_elsewhere_a_day_number_is_read_with_a_warning(cell: object) -> None:
    # 42370 is 2016-01-01 (a known day of Excel's calendar); 130 days on is the 10th of May.
    days, findings = dates("竣工日期", cell)
    assert days == ["2016-05-10"]
    assert [f.severity for f in findings] == ["warning"]
    assert "日序号" in str(findings[0].message)


def test_a_cell_with_a_date_format_is_a_date() -> None:
    days, findings = dates("建成年份", dt.date(2016, 5, 10))
    assert days == ["2016-05-10"]
    assert not findings


@pytest.mark.parametrize(("text", "value"), [
    ("1 980.5 平方米", 1980.5), ("12 345", 12_345), ("12 345 678.25", 12_345_678.25),
    ("0.2万平方米", 2000), ("0.2万㎡", 2000),
    ("3 5", None), ("1 98.5", None), ("350 200", None), ("0.2万亩", None),
])
def test_a_plain_space_parts_groups_of_three(text: str, value: float | None) -> None:
    assert read_number(text, unit="m2").value == value
