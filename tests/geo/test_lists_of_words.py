"""Lists and clauses of one sentence, put into words when they are shown."""

import pytest

from geo.language import say, speaking
from geo.word_lists import clauses, listed


def test_parts_stand_beside_each_other_as_chinese_writes_them() -> None:
    assert str(listed("甲", say("{n} 个", n=2), "丙")) == "甲、2 个、丙"
    assert str(clauses("甲", "乙")) == "甲；乙"


@pytest.mark.parametrize("several", [listed, clauses])
def test_one_part_is_itself_and_none_is_nothing(several: object) -> None:
    assert callable(several)
    for language in ("zh", "en"):  # the catalogue's own head is called by the empty text
        with speaking(language):
            assert [str(several("甲{x}")), str(several(say("乙"))), str(several())] == [
                "甲{x}", "乙", "",
            ]  # fmt: skip


def test_what_stands_in_braces_is_a_text() -> None:
    assert str(listed("{first}", "{rest}", "{0}")) == "{first}、{rest}、{0}"
