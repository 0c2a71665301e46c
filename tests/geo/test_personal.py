"""Personal data: identity and mobile numbers are never shown whole, codes of things are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.ledgers.personal import (
    holds_codes,
    masked,
    masked_figure,
    masked_name,
    names_persons,
    personal_cells,
)

# 11010519491231002X is the specimen of GB 11643-1999; the check characters of the others were
# worked out by hand after it.
SPECIMEN = "11010519491231002X"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (SPECIMEN, "110****2X"),
        ("身份证110105194912310021，", "身份证110****21，"),  # the check character is wrong
        ("１１０１０５１９４９１２３１００２Ｘ", "110****2X"),
        ("110105 19491231 002X", "110****2X"),
        ("110105491231002", "110****02"),
        ("13812345678", "138****78"),
        ("联系：138 1234 5678", "联系：138****78"),
        ("138-1234-5678/0476-8234567", "138****78/0476-8234567"),
        ("+8613812345678", "+86138****78"),
        ("138\u200b1234·5678", "138****78"), ("1\u202e3812345678", "138****78"),
        ("张三13812345678李四15012345678", "张三138****78李四150****78"),
    ],
)
def test_numbers_of_persons_show_their_ends_only(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "0476-8234567", "04768234567", "8234567", "150404000000000000", "150402001001",
        "110105194913310021",  # no 13th month
        "118.13912345678", "2016-05-01", "400-810-9999", "12812345678", "138123456789", "",
        "甲小区", "POINT (118.912345678901 42.2134567890123)",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert masked(text) == text


def test_a_code_of_chifeng_is_no_mobile_number() -> None:
    assert masked("15040200101", code=True) == "15040200101"
    assert masked(SPECIMEN, code=True) != SPECIMEN
    assert masked("110105194912310021", code=True) == "110105194912310021"


def test_figures_are_masked_too() -> None:
    assert masked_figure(13812345678.0) == "138****78"
    assert masked_figure(110105194912310021) == "110****21"
    assert masked_figure(1200.0) is None
    assert masked_figure(13812345678.5) is None
    assert masked_figure(float("nan")) is None
    assert masked_figure(float("inf")) is None


@pytest.mark.parametrize(
    "header",
    ["姓名", "老人姓名", "姓 名", "户主", "户主姓名", "家属", "家属姓名", "联系人", "紧急联系人",
     "身份证", "身份证号码", "公民身份号码", "有效证件号"],
)
def test_headers_that_name_persons(header: str) -> None:
    assert names_persons(header)
    assert not holds_codes(header)


@pytest.mark.parametrize("header", ["名称", "小区名称", "联系电话", "户数", "人数", "老年人口"])
def test_headers_that_do_not(header: str) -> None:
    assert not names_persons(header)


@pytest.mark.parametrize(
    "header", ["编号", "小区编号", "网格编码", "行政区划代码", "id", "residential_id"]
)
def test_headers_of_codes(header: str) -> None:
    assert holds_codes(header)


def test_a_column_of_telephones_is_personal_only_where_they_are_mobile() -> None:
    cells = np.array(["0476-8234567", "13812345678", 13912345678.0, None, "无"], dtype=object)
    assert list(personal_cells(cells, "联系电话")) == [False, True, True, False, False]
    assert list(personal_cells(np.array(["张三", "", "约500"], dtype=object), "老人")) == [
        True, False, False,
    ]


def test_a_name_keeps_its_first_character() -> None:
    assert masked_name("张三丰") == "张**"
    assert masked_name("张") == "张*"


@given(st.text("0123456789１３８Xx- +.张", max_size=40))
def test_what_is_masked_holds_no_number_of_a_person(text: str) -> None:
    once = masked(text)
    assert masked(once) == once
