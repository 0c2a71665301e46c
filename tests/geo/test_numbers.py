"""The one number parser: every cell is a number, unknown, or refused with the reason."""

import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.language import speaking
from geo.ledgers.numbers import LIMIT, Cells, read_number, read_numbers


def cells(*values: object, dtype: type | None = object) -> Cells:
    array = np.array(values, dtype=dtype)
    return Cells(array, np.arange(2, 2 + len(values)), "户数", "residential", "小区.csv")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("５００", 500), ("约500户", 500), ("1，200", 1200), ("1,200", 1200), ("1\xa0200", 1200),
        ("1\u202f234\u202f567", 1_234_567), ("0.12万", 1200), ("1.2E+03", 1200), ("三百户", 300),
        ("两百", 200), ("一千二百户", 1200), ("500余户", 500), ("500户左右", 500), ("+5", 5),
        ("５．０", 5), ("1.2万户", 12_000), (" 500 ", 500), ("500\u200b", 500),
        ("1 200", 1200), ("12 500", 12_500), ("1'200", 1200), ("1’200户", 1200), ("2.5万", 25_000),
        ("500（户）", 500), ("500(约)", 500), ("近500户", 500), ("5(万)", 50_000), ("500 户", 500),
        ("５００余户", 500), ("1，200.0", 1200), ("一千二百", 1200), ("0.12万户", 1200),
    ],
)
def test_figures_of_offices_are_read_and_told(text: str, value: float) -> None:
    parsed = read_number(text, whole=True, unit="households")
    assert parsed.problem is None
    assert parsed.value == value
    assert parsed.changed


@pytest.mark.parametrize("value", ["500", 500, 500.0, np.int64(500), np.float64(500), "500.0"])
def test_a_plain_figure_is_no_change(value: object) -> None:
    parsed = read_number(value, whole=True, unit="households")
    assert (parsed.value, parsed.changed, parsed.problem) == (500, False, None)


@pytest.mark.parametrize("value", ["", " ", None, math.nan, "\u200b"])
def test_an_empty_cell_is_unknown_and_no_change(value: object) -> None:
    assert read_number(value) == read_number(None)
    assert read_number(value).value is None


@pytest.mark.parametrize("text", ["—", "-", "——", "无", "NaN", "N/A", "/", "暂无", "null"])
def test_a_word_for_emptiness_is_unknown_and_told(text: str) -> None:
    parsed = read_number(text)
    assert (parsed.value, parsed.changed, parsed.problem) == (None, True, None)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("inf", "无法读成数"), (math.inf, "不是有限的数"), ("待核实", "无法读成数"),
        ("1100-1200", "范围"), ("1100～1200", "范围"), ("0.39亩", "单位“亩”"),
        ("23.5%", "百分比"), ("23.5％", "百分比"), (True, "逻辑值"), ("#REF!", "出错值"),
        (-1200, "小于 0"), ("-1200", "小于 0"), (1200.5, "整数"), (1e15, "过大"),
        ("1,2", "无法读成数"), ("500 600", "无法读成数"), ("<500", "多于或少于"),
        (dt.date(2016, 5, 1), "日期"), ("350㎡", "单位“m2”"), ("12；5", "不止一个数"),
        ("零千零", "无法读成数"), ("1e-400", "无法读成数"), ("500①", "无法读成数"),
        ("5²", "无法读成数"), ("100+50", "算式"), ("300/280", "不止一个数"),
        (">=100", "多于或少于"), ("500以上", "多于或少于"), ("350 200", "无法读成数"),
        ("500（套）", "单位“套”"), ("0.39（亩）", "单位“亩”"), ("=A1", "公式"),
        ("500（其中空置20）", "无法读成数"), ("１2月", "无法读成数"),
        ("1千人", "单位“人”"),
    ],
)
def test_what_is_no_count_is_refused_with_the_reason(value: object, why: str) -> None:
    parsed = read_number(value, whole=True, unit="households")
    assert parsed.value is None
    assert why in str(parsed.problem)


def test_a_unit_fits_its_own_column_only() -> None:
    assert read_number("350㎡", unit="m2").value == 350
    assert read_number("350 平方米", unit="m2").value == 350
    assert read_number("120万元", unit="wan").value == 120
    assert read_number("120万", unit="wan").value == 120  # the unit, not a factor
    assert read_number("0.5公顷", unit="m2").value is None


@given(st.integers(0, int(LIMIT) - 1))
def test_thousands_and_width_never_change_a_count(count: int) -> None:
    wide = str(count).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    for text in (f"{count:,}", f"{count:,}".replace(",", "，"), f"{count}户", wide, f"约{count}"):
        assert read_number(text, whole=True, unit="households").value == count


@given(st.text("零一二百千万点壹两户约,.-%e 0123456789", max_size=9) | st.text(max_size=12))
def test_any_text_is_a_number_within_bounds_or_unknown(text: str) -> None:
    parsed = read_number(text, whole=True, unit="households")
    assert parsed.value is None or 0 <= parsed.value < LIMIT


def test_a_column_keeps_its_rows_and_names_every_doubt() -> None:
    values, findings = read_numbers(cells("500", "约600", "待核实", "—", None), whole=True)
    np.testing.assert_array_equal(values, [500, 600, np.nan, np.nan, np.nan])
    assert [(f.severity, f.row, f.value) for f in findings] == [
        ("warning", 3, "约600"), ("error", 4, "待核实"), ("warning", 5, "—"),
    ]
    assert "600" in str(findings[0].message)
    assert "缺失" in str(findings[2].message)
    assert findings[1].remedy is not None


def test_a_numeric_column_is_checked_too() -> None:
    values, findings = read_numbers(cells(5.0, -1.0, 2.5, np.nan, 1e10, dtype=float), whole=True)
    np.testing.assert_array_equal(values, [5, np.nan, np.nan, np.nan, np.nan])
    assert [f.row for f in findings] == [3, 4, 6]
    assert {f.severity for f in findings} == {"error"}


def test_true_and_one_are_not_confused() -> None:
    values, _ = read_numbers(cells(*[1, True, 1.0]))
    np.testing.assert_array_equal(values, [1, np.nan, 1])


def test_a_finding_names_row_column_and_value_in_both_languages() -> None:
    _, (finding,) = read_numbers(cells("500", "1100-1200"))
    assert "第 3 行" in str(finding.line())
    assert "“户数”列" in str(finding.line())
    assert "1100-1200" in str(finding.line())
    with speaking("en"):
        assert "1100-1200" in str(finding.line())
