"""Chinese texts read in a wrong encoding: told apart from all other texts, and turned back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.ledgers.garbled import is_garbled, meant_by

NAMES = ["幸福小区", "锦绣社区养老服务站", "松山区红旗路（北）", "阳光家园二期", "玉龙街道"]
UNUSED = {0x81, 0x8D, 0x8F, 0x90, 0x9D}  # bytes without a sign in Windows-1252


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("wrote", ["utf-8", "gbk"])
def test_chinese_read_as_latin_is_turned_back(name: str, wrote: str) -> None:
    data = name.encode(wrote)
    for read in ("latin-1", "cp1252"):
        wrong = "".join(
            bytes([byte]).decode(read if byte not in UNUSED else "latin-1") for byte in data
        )
        assert is_garbled(wrong)
        assert meant_by(wrong) == name


@pytest.mark.parametrize(
    ("name", "meant"),
    # An odd sign at the end is cut; one that GBK knows nothing of in the middle is lost for good.
    [("锦绣家园", "锦绣家园"), ("玉龙街道", "玉龙街道"), ("阳光家园二期", "阳光家园二期"),
     ("松山区红旗路（北）", "松山区红旗路（北"), ("幸福小区", None)],
)  # fmt: skip
def test_utf8_read_as_gbk_is_turned_back_but_for_a_cut_sign(name: str, meant: str | None) -> None:
    wrong = name.encode().decode("gbk", errors="replace")
    assert is_garbled(wrong)
    assert meant_by(wrong) == meant


@pytest.mark.parametrize(
    "text", ["锟斤拷锟斤拷小区", "????", "？？？小区", "烫烫烫烫", "幸\ufffd小区", "??福??"]
)
def test_remains_are_garbled_and_nobody_knows_of_what(text: str) -> None:
    assert is_garbled(text)
    assert meant_by(text) is None


@pytest.mark.parametrize(
    "text",
    [*NAMES, "", "Café", "São João", "Müller", "Straße", "幸福小区?", "是否停用？", "±0.00", "一",
     "約五百戶", "嘉園社區", "Ⅱ期", "①", "3㎡", "あいう", "Ёлка", "A?B", "120~150", "°C", "联通",
     "10×20"],
)  # fmt: skip
def test_true_texts_are_not(text: str) -> None:
    assert not is_garbled(text)


@given(st.text(alphabet=st.sampled_from(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法"
    "所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四"
    "日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代"
    "想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农"
    "指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共"),
    max_size=14,
))  # fmt: skip
def test_common_chinese_is_never_taken_for_garbled(text: str) -> None:
    assert not is_garbled(text)
