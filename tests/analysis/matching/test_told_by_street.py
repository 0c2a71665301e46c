"""What a street settles: whom a facility serves, which namesake is likelier, how it is told."""

from typing import Any

import pandas as pd
import pytest

from analysis.matching.answering import PEOPLE, SERVES, answer_of
from analysis.matching.area_streets import Streets
from analysis.matching.names import parsed_area
from analysis.matching.resolving import resolve_names
from analysis.matching.told import candidates, likely
from geo.files.several_files import FILE
from tests.analysis.toy_study import area, box, estate, facility, layer, spot

# Two streets side by side, and an estate of one name in each.
STREETS = [
    area("b1", "street", box(0, 0, 1000, 1000), name="桥北街道"),
    area("b2", "street", box(1000, 0, 2000, 1000), name="站前街道"),
]
NAMESAKES = [
    estate("r1", spot(500, 500), name="阳光家园", street="桥北街道"),
    estate("r2", spot(1500, 500), name="阳光家园", street="站前"),
]


def served(
    *estates: dict[str, Any], street: str | None, at: Any = None, text: str = "阳光家园",  # noqa: ANN401
    areas: list[Any] | None = None,
) -> tuple[object, list[str]]:
    """Return what stands in the cell afterwards, and what is warned of."""
    layers = {
        "facilities": layer(facility("f1", at or spot(900, 500), serves=text, street=street)),
        "residential": layer(*(estates or NAMESAKES)),
        "boundaries": layer(*(STREETS if areas is None else areas)),
    }
    found = resolve_names(layers, within_m=2000.0)
    warned = [str(f.message) for f in found.findings
              if f.severity == "warning" and f.layer == "facilities"]  # fmt: skip
    return found.layers["facilities"]["serves"].iloc[0], warned


@pytest.mark.parametrize(("street", "meant"), [
    ("桥北街道", "r1"), ("桥北", "r1"), ("桥北街道办事处", "r1"),
])  # fmt: skip
def test_of_two_namesakes_the_one_in_the_street_of_the_facility_is_meant(
    street: str, meant: str
) -> None:
    assert served(street=street) == (meant, [])


def test_without_a_street_the_nearer_namesake_is_not_taken() -> None:
    cell, warned = served(street=None)
    assert cell == "阳光家园"
    assert "不止一个叫这个名称" in warned[0]


def test_a_facility_that_lies_in_another_street_than_it_says_settles_nothing() -> None:
    cell, warned = served(street="站前街道", at=spot(900, 500))
    assert (cell, len(warned)) == ("阳光家园", 1)


def test_the_one_estate_of_a_name_is_served_in_whatever_street_it_lies() -> None:
    assert served(NAMESAKES[1], street="桥北街道") == ("阳光家园", [])


def test_two_namesakes_in_one_street_stay_doubtful() -> None:
    third = estate("r3", spot(600, 500), name="阳光家园", street="桥北街道")
    cell, warned = served(*NAMESAKES, third, street="桥北街道")
    assert (cell, len(warned)) == ("阳光家园", 1)


def test_an_estate_that_tells_no_street_is_in_the_one_where_it_lies() -> None:
    silent = [{**row, "street": None} for row in NAMESAKES]
    assert served(*silent, street="桥北街道") == ("r1", [])


def test_streets_that_are_not_drawn_are_compared_by_their_names() -> None:
    county = [area("b9", "county", box(0, 0, 2000, 1000), name="红旗区")]
    assert served(street="桥北街道", areas=county) == ("r1", [])


def test_a_namesake_in_its_street_but_too_far_off_is_doubted() -> None:
    far = estate("r1", spot(500, 500), name="阳光家园", street="桥北街道")
    beside = estate("r2", spot(1100, 500), name="阳光家园", street="站前街道")
    streets = [area("b1", "street", box(0, 0, 4000, 1000), name="桥北街道"), STREETS[1]]
    cell, warned = served(far, beside, street="桥北街道", at=spot(3900, 500), areas=streets)
    assert cell == "阳光家园"
    assert "相距超过 2000 米" in warned[0]


COMMUNITIES = [
    area("J1", "community", box(0, 0, 1000, 500), name="第1社区"),
    area("J2", "community", box(1000, 0, 2000, 500), name="第1社区"),
    area("J3", "community", box(1000, 500, 2000, 1000), name="第2社区"),
]


def people(name: str, *, file: str = "", street: str | None = None) -> dict[str, Any]:
    row = {"id": "p1", "row": 3, "name": name, "street": street, "population": 100.0,
           "geometry": None}  # fmt: skip
    return row | ({FILE: file} if file else {})


def asked(row: dict[str, Any]) -> Any:  # noqa: ANN401 - an Answer
    layers = {"population": layer(row), "boundaries": layer(*STREETS, *COMMUNITIES)}
    answer = answer_of(layers, PEOPLE, kept=(), within_m=1e9)
    assert answer is not None
    return answer


def test_a_number_in_chinese_is_the_number_in_digits() -> None:
    answer = asked(people("第二社区", street="站前街道"))
    assert [*answer.matches.table["status"]] == ["matched"]
    assert [*answer.known["id"].iloc[answer.matches.pairs["known"]]] == ["J3"]


@pytest.mark.parametrize(("one", "other"), [
    ("第二社区", "第2社区"), ("二社区", "第２社区"), ("第十一社区", "第11社区"),
    ("第二十村", "20村"),
    ("第三居委会", "3社区"), ("红旗第二社区", "红旗第2社区"),
])  # fmt: skip
def test_numbers_of_communities_mean_the_same_in_either_writing(one: str, other: str) -> None:
    assert parsed_area(one, level="any").key == parsed_area(other, level="any").key


@pytest.mark.parametrize(("one", "other"), [
    ("第二社区", "第三社区"), ("八一社区", "81社区"), ("十里村", "10里村"), ("第二社区", "第2村"),
])  # fmt: skip
def test_other_numbers_and_names_stay_apart(one: str, other: str) -> None:
    assert parsed_area(one, level="any").key != parsed_area(other, level="any").key


def test_namesakes_are_told_with_their_street() -> None:
    answer = asked(people("第1社区"))
    told = str(likely(answer.known, answer.matches)[0])
    assert told == "桥北街道 第1社区（J1，100 分）；站前街道 第1社区（J2，100 分）"


def test_the_street_that_its_file_is_called_after_comes_first_and_settles_nothing() -> None:
    answer = asked(people("第1社区", file="2025/站前街道人口.xlsx"))
    assert [*answer.matches.table["status"]] == ["doubtful"]
    assert str(likely(answer.known, answer.matches)[0]).startswith("站前街道 第1社区（J2")


@pytest.mark.parametrize(("file", "street"), [
    ("站前街道.xlsx", "站前街道"), ("人口_站前.xlsx", "站前街道"), ("桥北站前合表.xlsx", None),
    ("人口.xlsx", None), ("", None),
])  # fmt: skip
def test_a_file_is_called_after_one_street_or_none(file: str, street: str | None) -> None:
    assert Streets(layer(*STREETS)).in_files([file]) == [street]


def rows(count: int, others: int = 0) -> pd.DataFrame:
    total = count + others
    return pd.DataFrame({
        "to_id": [f"r{n}" for n in range(total)], "to_name": "甲", "to_street": "",
        "score": [100.0] * count + [70.0] * others, "metres": float("nan"),
    })  # fmt: skip


@pytest.mark.parametrize(("count", "others", "told", "left"), [
    (4, 0, 4, None), (1, 2, 3, None), (1, 4, 3, 2), (4, 2, 4, 2), (18, 0, 12, 6),
])  # fmt: skip
def test_all_that_are_equally_likely_are_told_and_the_rest_is_counted(
    count: int, others: int, told: int, left: int | None
) -> None:
    parts = str(candidates(rows(count, others))).split("；")
    assert sum(part.startswith("甲（") for part in parts) == told
    assert parts[-1] == f"另有 {left} 个" if left else len(parts) == told


def test_each_of_eighteen_streets_keeps_its_first_community_among_the_candidates() -> None:
    streets = [area(f"b{n}", "street", box(n * 10, 0, n * 10 + 10, 10), name=f"{sign}山街道")
               for n, sign in enumerate("东西南北上下左右前后金木水火土天地人")]  # fmt: skip
    own = [area(f"J{n}", "community", box(n * 10, 0, n * 10 + 10, 5), name="第1社区")
           for n in range(18)]  # fmt: skip
    layers = {"population": layer(people("第1社区")), "boundaries": layer(*streets, *own)}
    answer = answer_of(layers, PEOPLE, kept=(), within_m=1e9)
    assert answer is not None
    assert len(answer.matches.candidates) == 18
    assert {*answer.known["in_street"].iloc[18:]} == {row["name"] for row in streets}


def test_estates_are_told_with_the_street_they_say_or_lie_in() -> None:
    homes = [NAMESAKES[0], {**NAMESAKES[1], "street": None}]
    layers = {
        "facilities": layer(facility("f1", spot(900, 500), serves="阳光家园")),
        "residential": layer(*homes), "boundaries": layer(*STREETS),
    }
    answer = answer_of(layers, SERVES, kept=(), within_m=1e9)
    assert answer is not None
    assert [*answer.known["in_street"]] == ["桥北街道", "站前街道"]
