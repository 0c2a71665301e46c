"""Phases of one project: one name, one sum of households, on every paper."""

from dataclasses import replace

import pytest

from analysis.evaluation import Evaluation, evaluate
from report.briefing.estates import short_table
from report.estate_list import Asked, estate_rows, matching
from report.estate_phases import project_name, projects_by_estate
from report.estate_sheet import estate_sheet
from report.place_card import PlaceCards
from tests.analysis.toy_study import area, box, estate, people, spot, toy_study

NONE = {"care_floor_area_m2": 0.0, "care_area_basis": "building", "care_status": "operating"}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    # The third phase stands first in the file; 300 + 200 + 500 households need 200 m².
    study = toy_study(
        tmp_path_factory.mktemp("phases"),
        residential=[
            estate("c", spot(200, 0), 500, name="百柳公馆三期", project_id="P", phase="三期",
                   **NONE),
            estate("a", spot(100, 0), 300, name="百柳公馆一期", project_id="P", phase="一期",
                   **NONE),
            estate("b", spot(150, 0), 200, name="百柳公馆二期", project_id="P", phase="二期",
                   **NONE),
            estate("d", spot(250, 0), 100, name="独立小区", **NONE),
        ],
        population=[people("p1", box(0, -50, 400, 50), 300, 60)],
        boundaries=[area("s1", "street", box(-100, -500, 1000, 500))],
    )  # fmt: skip
    return evaluate(study, draw="when asked")


@pytest.mark.parametrize(
    ("names", "name"),
    [
        (["百柳公馆一期", "百柳公馆三期", "百柳公馆二期"], "百柳公馆（一至三期）"),
        (["翠园里二期", "翠园里一期"], "翠园里（一、二期）"),
        (["翠园里（第3期）", "翠园里一期"], "翠园里（一、三期）"),
        (["翠园里12期", "翠园里10期", "翠园里11期"], "翠园里（十至12期）"),
        (["甲一期", "乙二期"], "甲一期（含2期）"),
        (["甲一期", "甲一期"], "甲一期（含2期）"),
        (["甲一期", "甲"], "甲一期（含2期）"),
    ],
)
def test_phases_are_called_by_what_they_share(names: list[str], name: str) -> None:
    assert project_name(names, own=names[0]) == name


def test_what_stands_for_several_phases_is_called_by_all_of_them(found: Evaluation) -> None:
    told = projects_by_estate(found)
    assert {id_: each.stands for id_, each in told.items()} == {"a": "a", "b": "a", "c": "a"}
    assert told["c"].members == ("a", "b", "c")
    rows = short_table(found).rows.set_index("residential_id")
    assert rows["name"].to_dict() == {"a": "百柳公馆（一至三期）", "d": "独立小区"}
    assert rows.loc["a", "households"] == 300 + 200 + 500
    every = estate_rows(found)
    for typed in ("公馆一期", "一至三"):
        assert matching(every, Asked(name=typed))["residential_id"].tolist() == ["a"]


def test_the_sum_of_households_is_told_with_its_terms(found: Evaluation) -> None:
    sheet = estate_sheet(found, "a")
    assert sheet is not None
    assert sheet.name == "百柳公馆（一至三期）"
    facts = {str(label): str(value) for label, value in sheet.facts}
    assert facts["计算"].startswith("各期合计 300 + 200 + 500 = 1,000 户；1,000户×0.2=200㎡")
    merged = estate_sheet(found, "b")
    assert merged is not None
    assert merged.name == "百柳公馆二期"
    told = {str(label): str(value) for label, value in merged.facts}
    assert told["核查范围"] == "并入百柳公馆（一至三期）核查（编号 a），本期不单独下结论"
    assert not {"计算", "面积来源", "面积取舍"} & {*told}


def test_the_card_sets_people_of_all_phases_beside_households_of_all(found: Evaluation) -> None:
    cards = PlaceCards(found)
    card, one = cards.estate("a"), cards.estate("b")
    assert card is not None
    assert one is not None
    assert card.name == "百柳公馆（一至三期）"
    people_here = {str(label): str(value) for label, value in card.people}
    homes = found.homes
    known = homes.loc[homes["place_id"].isin(["a", "b", "c"]), "elderly_60plus"].sum()
    assert people_here["60岁以上（各期合计）"] == f"{known:,.0f} 人"
    verdict = {str(label): str(value) for label, value in card.verdict}
    assert verdict["户数"] == "各期合计 300 + 200 + 500 = 1,000 户"
    assert [str(value) for _, value in one.verdict] == [
        "并入百柳公馆（一至三期）核查（编号 a），本期不单独下结论"
    ]
    assert one.name == "百柳公馆二期"


def test_a_phase_without_households_leaves_the_sum_unknown(found: Evaluation) -> None:
    project = replace(projects_by_estate(found)["a"], homes=(300.0, float("nan"), 500.0))
    assert str(project.terms) == "各期户数 300 + – + 500，有的不明，合计不明"
