"""Texts, yes or no, and words: what is not known is unknown, never a guess."""

import numpy as np
import pytest

from geo.ledgers.numbers import Cells
from geo.ledgers.words import read_flags, read_texts, read_words
from geo.schema import SCHEMAS


def cells(*values: object) -> Cells:
    array = np.array(values, dtype=object)
    return Cells(array, np.arange(2, 2 + len(values)), "列", "facilities", "设施.csv")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("社区养老服务站", "community_station"), ("幸福里社区养老服务站", "community_station"),
        ("老年服务站", "community_station"), ("日间照料", "day_care"),
        ("夕阳红日间照料中心", "day_care"), ("某某医院日间照料中心", "day_care"),
        ("嵌入式养老机构", "embedded"), ("综合服务中心", "street_centre"),
        ("街道（乡镇）区域养老服务中心", "street_centre"), ("长者食堂", "canteen"),
        ("养老院", "care_home"), ("敬老院", "welfare_home"), ("幸福院", "mutual_aid"),
        ("护理院", "rehab"), ("社区卫生服务中心", "health"), ("托育", "childcare"),
        ("老年大学", "elder_university"), ("day_care", "day_care"), ("Day_Care", "day_care"),
        ("養老院", "care_home"),
    ],
)
def test_categories_are_known_by_their_words(text: str, code: str) -> None:
    codes, _ = read_words(cells(text), SCHEMAS["facilities"].column("category"))
    assert codes[0] == code


def test_an_unknown_category_is_a_warning_and_counts_nowhere() -> None:
    codes, (finding,) = read_words(cells("健身房"), SCHEMAS["facilities"].column("category"))
    assert codes[0] is None
    assert (finding.severity, finding.row, finding.value) == ("warning", 2, "健身房")


def test_a_status_is_never_guessed_from_a_part() -> None:
    status = SCHEMAS["facilities"].column("status")
    codes, findings = read_words(cells("运营", "不再运营", "停止运营", ""), status)
    assert list(codes) == ["operating", None, "closed", None]
    # 停止运营 is another word for 停业, which is said.
    assert [(f.row, f.severity) for f in findings] == [(3, "warning"), (4, "info")]


@pytest.mark.parametrize(
    ("word", "code"),
    [("市", "city"), ("旗县区", "county"), ("旗", "county"), ("苏木", "street"), ("镇", "street"),
     ("嘎查", "community"), ("社区", "community"), ("控规单元", "planning_unit"), ("大区", None)],
)
def test_levels(word: str, code: str | None) -> None:
    codes, _ = read_words(cells(word), SCHEMAS["boundaries"].column("level"))
    assert codes[0] == code


def test_yes_and_no_are_read_and_the_rest_is_unknown() -> None:
    values = ("是", "有", "封闭", 1, True, "否", "无", "no", 0, False, "", None, "—", "也许")
    flags, findings = read_flags(cells(*values))
    assert list(flags) == [True] * 5 + [False] * 5 + [None] * 4
    assert [(f.severity, f.row) for f in findings] == [("warning", 14), ("error", 15)]


def test_control_characters_go_and_are_told() -> None:
    texts, findings = read_texts(cells("康\x00乐", "名\u202e称", "甲\n乙", "好"))
    assert list(texts) == ["康乐", "名称", "甲 乙", "好"]
    assert [f.row for f in findings] == [2, 3, 4]
    assert all("\x00" not in str(f.line()) for f in findings)


def test_figures_become_plain_text_and_empty_cells_stay_empty() -> None:
    texts, _ = read_texts(cells(1.0, 12, " 甲 ", "", None, float("nan")))
    assert list(texts) == ["1", "12", "甲", None, None, None]


def test_an_excel_error_is_no_name() -> None:
    texts, (finding,) = read_texts(cells("#REF!"))
    assert texts[0] is None
    assert finding.severity == "error"
