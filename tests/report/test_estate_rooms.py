"""Two ledgers of the same rooms: which figure was taken, why, and where each stands."""

from typing import Any

import pytest

from analysis.evaluation import Evaluation, evaluate
from analysis.explaining.explained_place import care_rooms
from geo.language import speaking
from report.duty_words import DutyWords
from report.estate_reasons import MISSING, missing, problems
from report.estate_rooms import WhereTheyStand, room_words, taken
from report.estate_sheet import estate_sheet
from tests.analysis.toy_study import area, box, estate, facility, spot, toy_study

OWN = {"care_area_basis": "building", "care_status": "operating", "kind": "built"}


def home(id_: str, x: float, households: float, own: float, **more: object) -> dict[str, Any]:
    return {**estate(id_, spot(x, 0), households), **OWN, "care_floor_area_m2": own, **more}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    # f1 is of a and b, 1,200 and 500 households: 200 × 1200 ÷ 1700 = 141.18 m² are of a, which
    # needs 240 and says 200. c needs 50: its own 50 would do, the 10 of f2 would not.
    study = toy_study(
        tmp_path_factory.mktemp("rooms"),
        residential=[
            home("a", 100, 1200, 200.0), home("b", 150, 500, 58.9), home("c", 200, 250, 50.0),
            home("d", 250, 100, 0.0, kind="new", conditions_on="2024-03-05"),
            home("e", 300, 100, 30.0, kind="new"),
        ],
        facilities=[
            facility("f1", spot(0, 0), status="operating", floor_area_m2=200.0, serves="a;b"),
            facility("f2", spot(5, 0), status="operating", floor_area_m2=10.0, serves="c"),
        ],
        boundaries=[area("s1", "street", box(-100, -500, 1000, 500))],
    )  # fmt: skip
    return evaluate(study, draw="when asked")


def row(found: Evaluation, estate_id: str) -> dict[str, Any]:
    table = found.provision
    return {str(k): v for k, v in table[table["residential_id"].eq(estate_id)].iloc[0].items()}


def test_of_two_ledgers_the_lower_is_taken_and_it_is_said(found: Evaluation) -> None:
    check = row(found, "a")
    assert check["provided_m2"] == pytest.approx(200 * 1200 / 1700)
    with speaking("zh"):
        assert str(taken(care_rooms(found, "a"), check)) == (
            "两本台账矛盾：小区台账 200 ㎡，设施台账 141.18 ㎡（同一批房间，不相加）。"
            "取较低者 141.18 ㎡；按哪一个结论都一样"
        )
        own, shared = map(str, room_words(WhereTheyStand(found), care_rooms(found, "a"), check))
        assert own.endswith("建筑面积 200 ㎡，可计 200 ㎡")
        assert shared.endswith(
            "可计 141.18 ㎡（按户数分摊：200 ㎡ × 本小区 1,200 户 ÷ 所服务小区共 1,700 户"
            " = 141.18 ㎡）"
        )


def test_ledgers_that_agree_and_those_that_leave_it_open(found: Evaluation) -> None:
    with speaking("zh"):
        # 200 × 500 ÷ 1700 = 58.82, which is 58.9 but for a rounding.
        assert str(taken(care_rooms(found, "b"), row(found, "b"))).endswith("按小区台账 58.9 ㎡")
        check = row(found, "c")
        assert check["verdict"] == "unknown"
        assert "按 10 ㎡ 与按 50 ㎡ 结论不同" in str(taken(care_rooms(found, "c"), check))
        assert [str(what) for what, _ in missing(check)] == ["两本台账一致的面积"]
    assert taken(care_rooms(found, "d"), row(found, "d")) is None


def test_a_new_estate_says_by_which_date_it_is_judged(found: Evaluation) -> None:
    with speaking("zh"):
        assert str(DutyWords(found).of("d")) == (
            "2024-03-05（规划条件）；按义务日期当日已生效的新建小区规则核查"
        )
        assert "义务日期不明" in str(DutyWords(found).of("e"))
    assert DutyWords(found).of("a") is None
    assert DutyWords(found).of("nobody") is None


def test_every_doubt_that_keeps_from_judging_says_what_is_missing(found: Evaluation) -> None:
    sheet = estate_sheet(found, "c")
    assert sheet is not None
    with speaking("zh"):
        told = [str(value) for label, value in sheet.facts if str(label) == "待补"]
    (said,) = told
    assert said == (
        "核实养老用房面积：小区台账 50 ㎡，设施台账 10 ㎡"
        "（一般由民政部门与街道提供，以当地分工为准）"
    )
    assert {"households_unknown", "area_unknown", "kind_unknown", "no_rule"} <= set(MISSING)
    assert problems({**row(found, "c"), "in_scope": False, "scope_reason": "not_due"})
