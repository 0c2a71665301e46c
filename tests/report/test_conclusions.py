"""Sentences for a meeting: every number worked out on paper from the toy city."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.coverage.straight_circles import straight_circle
from analysis.evaluation import Evaluation, evaluate
from analysis.scenario import Scenario, apply
from analysis.what_if.side_by_side import compare_evaluations
from report.conclusions import against, conclusions, headline, left_out, rooms
from report.estate_list import totals
from report.scenario_totals import scenario_totals
from report.street_card import street_at, street_lines, streets_of
from tests.analysis.what_if_city import ESTATES, PEOPLE, STREETS, area, box, city, people, spot
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
        "按情景测算，可达老年人由800人变为870人（+70人，分母1,400人），占比由57.1%变为62.1%（+5.0个百分点）。"
    )
    # 57.14 % and 54.66 %: printed 57.1 and 54.7, between which 2.4 lie, not 2.5.
    fewer = with_coverage(covered_60plus=765, share_60plus=0.5466)
    assert "由57.1%变为54.7%（-2.4个百分点）" in str(against(fewer, TOY))
    assert str(against(with_coverage(share_60plus=None), TOY)).startswith("情景与现状不能相比")


def test_bounds_keep_their_sign_and_have_no_difference() -> None:
    before = with_coverage(lower_bound=True)
    after = with_coverage(covered_60plus=870, share_60plus=870 / 1400)
    assert str(against(after, before)) == (
        "按情景测算，可达老年人由≥800人变为870人（分母1,400人），占比由≥57.1%变为62.1%；"
        "标≥的只是下限，相差多少不作结论。"
    )
    assert "1,400人中≥800人可达" in str(headline(before))
    assert "仍有≤600名60岁以上老年人" in str(left_out(before))


def test_a_street_is_told_with_its_estates() -> None:
    named = TOY.provision.assign(street=HOSTILE)
    told = {str(label): value for label, value in street_lines(
        dataclasses.replace(TOY, provision=named), "b1")}  # fmt: skip
    assert told["可达"] == "800 人，占 57.1%"
    assert told["未覆盖"] == "600 人"
    assert told["配建"] == "应核查 7 个：达标 4，不达标 2，无法判定 1"
    assert told["养老用房缺口"] == "230 ㎡（不达标的 2 个小区之和）"


def test_a_spot_is_in_the_street_it_lies_in() -> None:
    inside = TOY.study.layers["boundaries"].to_crs("EPSG:4326").geometry[0].centroid
    assert street_at(TOY, inside.x, inside.y) == "b1"
    assert street_at(TOY, inside.x + 1, inside.y) is None
    assert list(streets_of(TOY)["id"]) == ["b1"]
    assert street_lines(TOY, "elsewhere") == []


RURAL = people("rural", spot(300, 590), 900, 700)


@pytest.fixture(scope="module")
def half_rural(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """Give a city of 73 urban and 700 rural elders, of whom 10 urban ones are out of reach."""
    streets = (
        {**STREETS[0], "setting": "urban"}, STREETS[1],
        area("s3", "street", box(-100, 550, 900, 900), setting="rural"),
    )  # fmt: skip
    study = city(
        tmp_path_factory.mktemp("rural"), population=(*PEOPLE, RURAL), boundaries=streets
    )
    return evaluate(study, draw="when asked")


def test_no_street_has_more_left_out_than_the_whole(half_rural: Evaluation) -> None:
    assert "城市部分" in str(conclusions(half_rural)[0])
    assert str(left_out(half_rural)) == (
        "仍有≤10名60岁以上老年人不在步行时限内，主要在area s1（≤10人）。"
    )
    everyone = half_rural.headline_coverage.iloc[0]
    assert (everyone["elderly_60plus"], everyone["covered_60plus"]) == (73, 63)
    assert half_rural.coverage.iloc[0]["elderly_60plus"] == 773


def test_people_near_the_edge_are_some_of_those_counted(half_rural: Evaluation) -> None:
    coverage = half_rural.summary["coverage"]
    assert coverage["edge_60plus"] == coverage["elderly_60plus"] == 73


def test_a_rural_street_says_that_walking_is_no_measure(half_rural: Evaluation) -> None:
    told = {str(label): value for label, value in street_lines(half_rural, "s3")}
    assert told["60岁以上"] == "0 人"
    assert told["农村"] == "700 人，不按步行衡量，不计入上面"


def test_scenarios_are_told_with_the_people_of_the_headline(half_rural: Evaluation) -> None:
    closed = Scenario(title="关", close=("f2",))
    after = evaluate(apply(closed, half_rural.study), draw="when asked")
    side = compare_evaluations(half_rural, [("关", after)])
    totals = scenario_totals(side, [closed], half_rural.study)
    assert totals["elderly_60plus"].tolist() == [73, 73]
    assert totals["covered_60plus"].tolist() == [
        each.summary["coverage"]["covered_60plus"] for each in (half_rural, after)
    ]
    assert totals["lower_bound"].all()


def test_a_circle_counts_whom_the_walk_counts(half_rural: Evaluation) -> None:
    told = straight_circle(
        half_rural.reach, half_rural.located, radius_m=1000,
        boundaries=half_rural.study.layer("boundaries"),
    )  # fmt: skip
    assert told.elders == 73
    assert told.walking == pytest.approx(63)


def test_streets_of_one_name_have_their_own_estates(tmp_path: Path) -> None:
    streets = [{**street, "name": "解放街道"} for street in STREETS]
    found = evaluate(city(tmp_path, residential=ESTATES, boundaries=streets), draw="when asked")
    lines = [{str(a): b for a, b in street_lines(found, id_)} for id_ in ("s1", "s2")]
    estates = [int(each["小区"].split(" ")[0]) for each in lines]
    checked = [int(each["配建"].split(" ")[1]) if "配建" in each else 0 for each in lines]
    assert checked == estates
    assert sum(checked) == 3


def test_nothing_known_of_what_is_lacking_is_a_dash() -> None:
    unknown = TOY.provision.assign(deficit_m2=np.nan)
    lines = street_lines(dataclasses.replace(TOY, provision=unknown), "b1")
    told = {str(label): value for label, value in lines}
    assert told["养老用房缺口"].startswith("– ㎡")
    rows = pd.DataFrame({name: [np.nan] for name in ("required_m2", "provided_m2", "deficit_m2")})
    assert str(totals(rows)[2]) == "缺口合计 – ㎡（0 个已知，1 个不明）"
