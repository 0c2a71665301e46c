"""Columns and words: one spelling means one column, whatever the header looks like."""

import pytest

from geo.ledgers.headers import fold, match_headers
from geo.schema import POSITION, SCHEMAS, Schema

FACILITIES, RESIDENTIAL = SCHEMAS["facilities"], SCHEMAS["residential"]


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=list(SCHEMAS))
def test_a_spelling_means_one_column_only(schema: Schema) -> None:
    owner: dict[str, str] = {}
    for column in (*schema.columns, *POSITION):
        for _, spelling in column.spellings():
            assert owner.setdefault(fold(spelling), column.name) == column.name, spelling


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=list(SCHEMAS))
def test_a_word_has_one_code_only(schema: Schema) -> None:
    for column in schema.columns:
        owner: dict[str, str] = {}
        for code, words in column.words.items():
            for word in (code, *words):
                assert owner.setdefault(fold(word), code) == code, word


def test_the_letters_of_absent_ids_differ() -> None:
    letters = [schema.prefix for schema in SCHEMAS.values()]
    assert len(set(letters)) == len(letters)
    assert [SCHEMAS[name].prefix for name in ("residential", "facilities", "population")] == [
        "r", "f", "p"
    ]


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("名称", "name"),
        ("名 称", "name"),
        ("名\n称", "name"),
        ("NAME", "name"),
        ("類別", "category"),
        ("床位數（張）", "beds"),
        ("床位数(张)", "beds"),
        ("建筑面积/㎡", "floor_area_m2"),
        ("面积（平方米）", "floor_area_m2"),
        ("Floor Area M2", "floor_area_m2"),
        ("floor_area_m2", "floor_area_m2"),
        ("＊名称", "name"),
        ("名称*", "name"),
        ("經度（°）", "longitude"),
        ("\ufeff名称", "name"),
    ],
)
def test_headers_are_matched_as_offices_write_them(header: str, column: str) -> None:
    assert match_headers([header], FACILITIES).columns == {column: 0}


def test_a_header_of_another_unit_is_not_taken() -> None:
    found = match_headers(["人口（万人）", "建筑面积（亩）"], RESIDENTIAL)
    assert dict(found.columns) == {}
    assert found.other_units == ((0, "population"),)


def test_the_canonical_name_wins_over_an_alias_and_both_are_told() -> None:
    found = match_headers(["床位", "beds", "床位数"], FACILITIES)
    assert found.columns == {"beds": 1}
    assert found.clashes == (("beds", 1, 2), ("beds", 1, 0))


def test_the_first_of_two_aliases_wins() -> None:
    found = match_headers(["总户数", "住户数"], RESIDENTIAL)
    assert found.columns == {"households": 0}


def test_the_user_stands_above_every_other_match() -> None:
    found = match_headers(["户数", "入住户数"], RESIDENTIAL, columns={"入住户数": "households"})
    assert found.columns == {"households": 1}
    assert found.clashes == (("households", 1, 0),)


@pytest.mark.parametrize(
    ("header", "basis"),
    [
        ("养老用房建筑面积", "building"),
        ("养老用房面积（建筑面积）", "building"),
        ("养老用房使用面积（㎡）", "usable"),
        ("养老用房面积", None),
        ("care_floor_area_m2", None),
    ],
)
def test_a_header_settles_how_care_rooms_were_measured(header: str, basis: str | None) -> None:
    found = match_headers([header], RESIDENTIAL)
    assert found.columns == {"care_floor_area_m2": 0}
    assert found.settled.get("care_area_basis") == basis


def test_a_header_settles_whose_population_it_is() -> None:
    found = match_headers(["户籍人口"], SCHEMAS["population"])
    assert found.settled == {"basis": "registered"}


def test_headers_cut_by_a_shapefile_are_told_apart_by_what_they_hold() -> None:
    figures = match_headers(["养老用"], RESIDENTIAL, cut_at=10, numeric={0})
    words = match_headers(["养老用"], RESIDENTIAL, cut_at=10)
    assert figures.columns == {"care_floor_area_m2": 0}
    assert figures.cut == (0,)
    assert words.columns == {}  # 养老用房状态 or 养老用房口径: not clear
    assert match_headers(["elderly_60"], RESIDENTIAL, cut_at=10, numeric={0}).columns == {
        "elderly_60plus": 0
    }


def test_unused_headers_are_told() -> None:
    assert match_headers(["名称", "备注", ""], FACILITIES).unused == (1,)
