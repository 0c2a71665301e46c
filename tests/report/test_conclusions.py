"""Sentences for a meeting: every number worked out on paper from the toy city."""

import dataclasses

import pandas as pd

from analysis.evaluation import Evaluation
from report.conclusions import against, conclusions, left_out, rooms
from report.street_card import street_at, street_lines, streets_of
from tests.ui.toy import HOSTILE, toy_evaluation

TOY = toy_evaluation()


def with_coverage(**figures: object) -> Evaluation:
    summary = {**TOY.summary, "coverage": {**TOY.summary["coverage"], **figures}}
    return dataclasses.replace(TOY, summary=summary)


def test_people_left_out_are_the_rest_and_the_streets_with_most_are_named() -> None:
    assert str(left_out(TOY)) == (
        f"仍有600名60岁以上老年人不在步行时限内，主要在{HOSTILE}（600人）。"
    )


def test_of_many_streets_three_are_named_the_most_left_out_first() -> None:
    rows = [("b1", "甲", 10, 9), ("b2", "乙", 50, 10), ("b3", "丙", 30, 10), ("b4", "丁", 5, 5),
            ("b5", "戊", 40, 10), ("OUTSIDE", "OUTSIDE", 90, 0)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["area_id", "name", "elderly_60plus", "covered_60plus"])
    streets = dataclasses.replace(TOY, coverage=table.assign(level="street"))
    told = str(left_out(streets))
    assert "主要在乙（40人）、戊（30人）、丙（20人）。" in told


def test_unknown_people_are_no_sentence_about_people() -> None:
    unknown = with_coverage(elderly_60plus=None)
    assert left_out(unknown) is None
    assert len(conclusions(unknown)) == 2


def test_rooms_are_told_with_what_cannot_be_judged() -> None:
    # 3 met and 1 pooled, 2 short, 1 unknown of 7; 4 of 6 with a verdict.
    assert str(rooms(TOY)) == (
        "应核查住宅小区7个：达标4个（含统筹达标1个），不达标2个，无法判定1个；"
        "可判定小区达标率66.7%（4 / 6）。"
    )


def test_a_scenario_is_told_in_people_and_points() -> None:
    after = with_coverage(covered_60plus=870, share_60plus=870 / 1400)
    assert str(against(after, TOY)) == (
        "按情景测算，可达老年人由800人变为870人（+70人），占比由57.1%变为62.1%（+5.0个百分点）。"
    )
    # 57.14 % and 54.66 %: printed 57.1 and 54.7, between which 2.4 lie, not 2.5.
    fewer = with_coverage(covered_60plus=765, share_60plus=0.5466)
    assert "由57.1%变为54.7%（-2.4个百分点）" in str(against(fewer, TOY))
    assert str(against(with_coverage(share_60plus=None), TOY)).startswith("情景与现状不能相比")


def test_a_street_is_told_with_its_estates() -> None:
    named = TOY.provision.assign(street=HOSTILE)
    told = {str(label): value for label, value in street_lines(
        dataclasses.replace(TOY, provision=named), "b1")}  # fmt: skip
    assert told["可达"] == "800 人，占 57.1%"
    assert told["不可达"] == "600 人"
    assert told["配建"] == "应核查 7 个：达标 4，不达标 2，无法判定 1"
    assert told["养老用房缺口"] == "230 ㎡（能算出缺口的 6 个小区）"


def test_a_spot_is_in_the_street_it_lies_in() -> None:
    inside = TOY.study.layers["boundaries"].to_crs("EPSG:4326").geometry[0].centroid
    assert street_at(TOY, inside.x, inside.y) == "b1"
    assert street_at(TOY, inside.x + 1, inside.y) is None
    assert list(streets_of(TOY)["id"]) == ["b1"]
    assert street_lines(TOY, "elsewhere") == []
