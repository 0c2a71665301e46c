"""Names taken apart; every expected part was written down by hand."""

import pytest

from analysis.matching.called import phases_said
from analysis.matching.names import areas_named, folded_area, parsed, parsed_area
from analysis.matching.phases import phases_apart

AREAS = areas_named(
    ["赤峰市", "红山区", "松山区", "桥北街道", "站前社区"],
    ["city", "county", "county", "street", "community"],
)


@pytest.mark.parametrize(
    "text",
    [
        "幸福小区一期", "幸福小区（一期）", "幸福小区(1期)", "幸福小区Ⅰ期", "幸福小区I期",
        "幸福１期", "幸福一期小区",
        "幸福 小區 第一期", "赤峰市红山区幸福小区一期", "幸福住宅小区·一期",
        "红山区桥北街道办事处幸福居民小区1期工程", "幸福小区一期（红山区）",
    ],
)  # fmt: skip
def test_one_phase_written_in_many_ways_is_one_name(text: str) -> None:
    assert parsed(text, AREAS).key == "幸福 1期"


@pytest.mark.parametrize(
    ("text", "stem", "phases"),
    [
        ("阳光小区", "阳光", ()),
        ("阳光花园", "阳光花园", ()),
        ("阳光家园", "阳光家园", ()),
        ("新城小区Ａ区", "新城", ("a区",)),
        ("向阳小区東區", "向阳", ("东区",)),
        ("钢铁街一号院", "钢铁街", ("1院",)),
        ("铁南二小区", "铁南", ("2小区",)),
        ("龙景生活区东区二期", "龙景", ("2期", "东区")),
        ("幸福小区十二期", "幸福", ("12期",)),
        ("幸福小区二十三期", "幸福", ("23期",)),
        ("阳光小区3号楼", "阳光", ("3楼",)),
        ("阳光小区3栋", "阳光", ("3楼",)),
        # Not a phase of anything: the name would be gone, or the figure is none.
        ("一期", "一期", ()),
        ("新小区", "新小区", ()),
        ("小区", "小区", ()),
        ("", "", ()),
        ("幸福小区一二期", "幸福小区一二期", ()),
        # What else stands in brackets stays part of the name.
        ("阳光小区(北门)", "阳光小区北门", ()),
    ],
)
def test_a_name_is_a_stem_and_its_phases(text: str, stem: str, phases: tuple[str, ...]) -> None:
    name = parsed(text, AREAS)
    assert (name.stem, name.phases) == (stem, phases)


def test_only_areas_of_the_study_are_left_out_and_never_the_whole_name() -> None:
    assert parsed("红山区阳光小区", AREAS).areas == (("county", "红山区"),)
    assert parsed("红山区阳光小区").stem == "红山区阳光"
    assert parsed("红山小区", AREAS).stem == "红山"  # no area of the study is called 红山
    assert parsed("红山区小区", AREAS).stem == "红山区"
    # Every community has one: with the area before it, it is the name of a place.
    assert parsed("站前社区家属楼", AREAS).stem == "站前社区家属楼"


def test_a_range_of_phases_is_no_single_phase() -> None:
    assert parsed("幸福小区1-2期").key != parsed("幸福小区12期").key
    assert parsed("幸福小区1-2期").stem != "幸福"


def test_a_former_name_in_brackets_is_another_name() -> None:
    name = parsed("幸福家园（原：阳光小区）")
    assert (name.stem, name.also) == ("幸福家园", ("阳光小区",))


def test_bare_names_are_told_from_those_that_say_what_they_are() -> None:
    assert parsed("清河").bare
    assert parsed("清河一期").bare
    assert not parsed("清河小区").bare
    assert not parsed("清河小区一期").bare


def test_areas_are_called_with_or_without_their_office() -> None:
    assert folded_area("桥北街道办事处") == "桥北街道"
    assert folded_area("桥北街道办") == "桥北街道"
    assert folded_area("站前社区居委会") == "站前社区"
    assert folded_area("站前居委会") == "站前社区"
    assert parsed_area("站前", level="community").key == "站前社区"
    assert parsed_area("红旗镇", level="street").key == "红旗镇"
    assert parsed_area("红山区橋北街道办事处", AREAS).key == "桥北街道"


@pytest.mark.parametrize(
    ("cell", "apart"),
    [
        ("幸福小区一、二期", "幸福小区一期、幸福小区二期"),
        ("阳光；幸福小区1,2,3期", "阳光；幸福小区1期、幸福小区2期、幸福小区3期"),
        ("幸福小区一二期", "幸福小区一期、幸福小区二期"),
        ("幸福小区1-3期、阳光", "幸福小区1期、幸福小区2期、幸福小区3期、阳光"),
        ("幸福一期至三期", "幸福一期、幸福二期、幸福三期"),
        ("新城小区A、B区", "新城小区A区、新城小区B区"),
        ("幸福小区一期、二期", "幸福小区一期、幸福小区二期"),
        ("新城小区东区、西区，阳光", "新城小区东区、新城小区西区，阳光"),
        # Not several phases of one estate.
        ("幸福小区一期、阳光二期", "幸福小区一期、阳光二期"),
        ("幸福小区十二期", "幸福小区十二期"),
        ("幸福小区12期", "幸福小区12期"),
        ("幸福小区二一期", "幸福小区二一期"),
        ("甲小区、二期", "甲小区、二期"),
        ("阳光小区", "阳光小区"),
    ],
)
def test_several_phases_in_one_breath_are_told_apart(cell: str, apart: str) -> None:
    assert phases_apart(cell) == apart


def test_the_column_of_phases_says_one_by_figure_or_word() -> None:
    assert phases_said("一期") == phases_said("1") == phases_said("Ⅰ") == ("1期",)
    assert phases_said("A区") == ("a区",)
    assert phases_said("在建") == ()
