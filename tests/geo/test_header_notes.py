"""What stands in brackets behind a header: only another unit, or another thing, refuses it."""

from pathlib import Path

import pytest

from geo.errors import LayerError
from geo.ledgers.headers import Matching, column_meant, match_headers
from geo.schema import SCHEMAS

from .office_ledgers import layer_of, said


def match(header: str, layer: str = "residential") -> Matching:
    return match_headers([header], SCHEMAS[layer])


@pytest.mark.parametrize(("header", "layer", "column"), [
    ("小区名称（全称）", "residential", "name"),
    ("户数（截至2024年底）", "residential", "households"),
    ("户数（2024年）", "residential", "households"),
    ("户数（以规划许可为准）", "residential", "households"),
    ("养老用房面积（保留两位小数）", "residential", "care_floor_area_m2"),
    ("养老用房面积（建筑面积，㎡）", "residential", "care_floor_area_m2"),
    ("建成年份（年）", "residential", "completed_on"),
    ("建成年份（4位数）", "residential", "completed_on"),
    ("经度（例：118.95）", "residential", "longitude"),
    ("经度（十进制度）", "residential", "longitude"),
    ("纬度(N)", "residential", "latitude"),
    ("类别（下拉选择）", "facilities", "category"),
    ("床位数（含护理型）", "facilities", "beds"),
    ("人口（2023年末）", "population", "population"),
])
def test_a_note_leaves_the_column_what_it_is(header: str, layer: str, column: str) -> None:
    matching = match(header, layer)
    assert dict(matching.columns) == {column: 0}
    assert not matching.doubtful


@pytest.mark.parametrize(("header", "layer", "column"), [
    ("床位数（护理型）", "facilities", "nursing_beds"),
    ("人口（60岁以上）", "population", "elderly_60plus"),
    ("养老用房面积（规划）", "residential", "care_planned_m2"),
    ("户数（交付）", "residential", "delivered_households"),
    ("养老用房面积（规划许可）", "residential", "care_planned_m2"),
])
def test_a_note_that_makes_another_column_is_read_as_that(
    header: str, layer: str, column: str
) -> None:
    assert dict(match(header, layer).columns) == {column: 0}


@pytest.mark.parametrize(("header", "layer"), [
    ("户数（亩）", "residential"), ("户数（%）", "residential"), ("户数（已入住）", "residential"),
    ("人口（65岁以上）", "residential"), ("人口（女）", "population"),
    ("人口（人/平方公里）", "population"), ("床位数（空余）", "facilities"),
    ("建筑面积（公顷）", "facilities"), ("户数/面积", "residential"),
])
def test_another_unit_or_a_part_of_the_whole_is_not_taken(header: str, layer: str) -> None:
    matching = match(header, layer)
    assert not matching.columns
    assert matching.other_units[0][0] == 0


@pytest.mark.parametrize(
    "header", ["户数（某某）", "户数（规划）", "户数（规划许可）", "户数（套）"]
)
def test_an_unknown_note_on_a_figure_is_taken_with_doubt(header: str) -> None:
    matching = match(header)
    assert dict(matching.columns) == {"households": 0}
    assert matching.doubtful == ((0, "households"),)


@pytest.mark.parametrize(("header", "column"), [
    ("其中：60岁以上", "elderly_60plus"), ("其中:六十岁以上人口", "elderly_60plus"),
    ("六十五周岁及以上老年人", "elderly_65plus"), ("八十岁（含）以上人口", "elderly_80plus"),
    ("60周岁（含）以上老年人口数", "elderly_60plus"), ("其中：", ""),
])
def test_ages_are_read_in_words_and_behind_among_them(header: str, column: str) -> None:
    assert column_meant(header, SCHEMAS["population"]) == column


def test_a_needed_part_of_the_whole_is_told_as_that(tmp_path: Path) -> None:
    rows = (("小区名称", "户数（已入住）"), ("甲", 500))
    with pytest.raises(LayerError, match="“户数（已入住）”括号里所指与“户数”"):
        layer_of(tmp_path, rows)


@pytest.mark.parametrize("layer", SCHEMAS)
def test_every_spelling_means_its_own_column(layer: str) -> None:
    schema = SCHEMAS[layer]
    meant = {
        spelling: dict(match(spelling, layer).columns)
        for column in schema.columns for _, spelling in column.spellings()
    }
    own = {
        spelling: {column.name: 0}
        for column in reversed(schema.columns) for _, spelling in column.spellings()
    }
    assert meant == own


def test_messages_name_columns_in_the_language_of_the_file(tmp_path: Path) -> None:
    rows = (("小区名称", "户数", "建成年份（亩）", "经度", "纬度"),
            ("甲", 500, 2010, 118.91234, 42.21234))
    told = said(layer_of(tmp_path, rows))
    assert "列的单位与“建成年份”不符" in told
    assert "completed_on" not in told
