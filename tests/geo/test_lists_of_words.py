"""Lists and clauses of one sentence, put into words when they are shown."""

import pytest

from geo.language import joined, say, speaking


def test_parts_stand_beside_each_other_as_chinese_writes_them() -> None:
    assert str(joined("、", "甲", say("{n} 个", n=2), "丙")) == "甲、2 个、丙"
    assert str(joined("；", "甲", "乙")) == "甲；乙"


@pytest.mark.parametrize("sign", ["、", "；"])
def test_one_part_is_itself_and_none_is_nothing(sign: str) -> None:
    for language in ("zh", "en"):  # the catalogue's own head is called by the empty text
        with speaking(language):
            parts = [str(joined(sign, *each)) for each in (("甲{x}",), (say("乙"),), ())]
            assert parts == ["甲{x}", "乙", ""]


def test_what_stands_in_braces_is_a_text() -> None:
    assert str(joined("、", "{first}", "{rest}", "{0}")) == "{first}、{rest}、{0}"
