"""The review of estates: the cohort since 2014 in both readings, and the remedy proposed."""

import tomllib
from datetime import date
from typing import Any

import pandas as pd
import pytest

from analysis.description import ProvisionSettings
from analysis.pooling.proposals import CareLayers, NearWalks, propose_pools
from analysis.provision.check import check_provision, provision_summary
from analysis.provision.estate_review import COLUMNS, Looked, estate_review, review_cohort
from analysis.provision.reasons import reason_text
from analysis.provision.remedies import REMEDIES
from analysis.provision.synchrony import synchrony
from tests.analysis.told_situations import (
    ON,
    SITUATIONS,
    candidates,
    estates,
    facilities,
    positions,
    rulebook_of,
    run,
)

TOLD = tomllib.loads((SITUATIONS / "建议与核查" / "清查与补齐.toml").read_text(encoding="utf-8"))
ALL = [pytest.param(s, id=s["title"]) for s in TOLD["situation"]]
HEADERS = {
    "按竣工": "in_review_by_completion", "按义务": "in_review_by_duty", "依据": "review_date_is",
    "跨越": "straddles_2014", "方式": "remedy", "备选点": "candidate_id",
    "分钟": "candidate_minutes", "建议": "proposal_id",
    "能计": "candidate_standing", "另列": "candidate_others", "够": "candidate_enough",
}  # fmt: skip
ANSWERS = {"是": True, "否": False, "不明": pd.NA}


def review(situation: dict[str, Any], pack: str = "chifeng") -> pd.DataFrame:
    homes = estates(situation["estates"])
    rooms = facilities(situation["facilities"], homes) if "facilities" in situation else None
    spots = candidates(situation["candidates"]) if "candidates" in situation else None
    nothing, walks = pd.Series(dtype="str"), situation.get("walks", [])
    near = NearWalks(
        positions(walks, "facility", homes["id"], nothing if rooms is None else rooms["id"]),
        positions(walks, "candidate", homes["id"], nothing if spots is None else spots["id"]),
    )
    layers, rulebook = CareLayers(homes, rooms, spots), rulebook_of(pack)
    check = run({name: value for name, value in situation.items() if name != "walks"})
    proposals = propose_pools(check, layers, near, rulebook, on=ON)
    done = synchrony(check, homes, rooms, rulebook, on=ON, settings=ProvisionSettings())
    return estate_review(check, layers, near, rulebook, on=ON, looked=Looked(done, proposals))


@pytest.mark.parametrize("situation", ALL)
def test_review(situation: dict[str, Any]) -> None:
    found = review(situation)
    assert tuple(found.columns) == COLUMNS
    assert found["residential_id"].tolist() == [row["小区"] for row in situation["estates"]]
    found = found.set_index("residential_id")
    for expected in situation["expect"]:
        row = found.loc[expected["小区"]]
        for word, value in expected.items():
            if word in HEADERS:
                told, said = row[HEADERS[word]], ANSWERS.get(value, value)
                assert pd.isna(told) if said is pd.NA else told == said, (word, told)


@pytest.mark.parametrize("situation", ALL)
def test_order_of_rows_changes_no_row(situation: dict[str, Any]) -> None:
    turned = {
        name: value[::-1] if isinstance(value, list) else value for name, value in situation.items()
    }
    expected = review(situation).set_index("residential_id").sort_index()
    pd.testing.assert_frame_equal(review(turned).set_index("residential_id").sort_index(), expected)


def test_the_cohorts_are_those_of_the_rates() -> None:
    """One estate of three counted by completion passes; of two counted by duty none does."""
    rows = [
        {"小区": "a", "户数": 1000, "养老用房面积": 250, "规划条件": date(2013, 1, 1),
         "竣工": date(2015, 1, 1)},
        {"小区": "b", "户数": 1000, "养老用房面积": 100, "规划条件": date(2015, 1, 1),
         "竣工": date(2016, 1, 1)},
        {"小区": "c", "户数": 1000, "养老用房面积": 100, "规划条件": date(2014, 1, 1)},
        {"小区": "d", "户数": 1000, "养老用房面积": 250, "规划条件": date(2010, 1, 1),
         "竣工": date(2012, 1, 1)},
    ]  # fmt: skip
    homes, rulebook = estates(rows), rulebook_of("chifeng")
    table = check_provision(homes, None, rulebook, on=ON, assume=None).table
    summary = provision_summary(table, homes, rulebook, on=ON)
    cohort = review_cohort(homes, rulebook, on=ON)
    met = table["verdict"].eq("met")
    by_completion, by_duty = (
        cohort[name].astype(bool) for name in ("in_review_by_completion", "in_review_by_duty")
    )
    assert by_completion.tolist() == [True, True, True, False]
    assert by_duty.tolist() == [False, True, True, False]
    assert met[by_completion].mean() == pytest.approx(1 / 3) == summary["rate_2014"]
    assert met[by_duty].mean() == 0 == summary["rate_2014_duty"]


def test_a_project_is_in_the_review_with_any_of_its_phases() -> None:
    """Of three projects two have a phase after 2013: one is short, one passes."""
    rows = [
        {"小区": "p1", "项目": "P", "分期": "1", "户数": 500, "养老用房面积": 0,
         "竣工": date(2013, 1, 1)},
        {"小区": "p2", "项目": "P", "分期": "2", "户数": 500, "养老用房面积": 0,
         "竣工": date(2018, 1, 1)},
        {"小区": "q1", "项目": "Q", "分期": "1", "户数": 500, "养老用房面积": 200,
         "竣工": date(2015, 1, 1)},
        {"小区": "q2", "项目": "Q", "分期": "2", "户数": 500, "养老用房面积": 0,
         "规划条件": date(2016, 1, 1)},
        {"小区": "r1", "户数": 500, "养老用房面积": 0, "竣工": date(2012, 1, 1)},
    ]  # fmt: skip
    homes, rulebook = estates(rows), rulebook_of("chifeng")
    table = check_provision(homes, None, rulebook, on=ON, assume=None).table
    summary = provision_summary(table, homes, rulebook, on=ON)
    assert summary["rate_2014"] == 1 / 2
    cohort = review_cohort(homes, rulebook, on=ON)
    assert cohort["in_review_by_completion"].tolist() == [True, True, True, True, False]
    assert cohort["straddles_2014"].tolist() == [True, True, False, False, False]
    assert cohort["review_date"].dt.year.tolist() == [2018, 2018, 2016, 2016, 2012]
    assert cohort["review_date_is"].tolist() == [
        "completion", "completion", "conditions", "conditions", "completion"
    ]  # fmt: skip


def test_before_the_rule_nobody_is_in_the_review() -> None:
    homes = estates([{"小区": "甲", "户数": 100, "竣工": date(2015, 1, 1)}])
    cohort = review_cohort(homes, rulebook_of("chifeng"), on=date(2021, 12, 29))
    assert cohort[["in_review_by_completion", "in_review_by_duty"]].isna().all(axis=None)


def test_a_room_next_door_is_no_remedy_where_estates_of_the_kind_may_not_pool() -> None:
    """Guizhou lets built estates pool, and no new ones."""
    told: dict[str, Any] = {"户数": 1000, "养老用房面积": 0}
    found = review(
        {
            "estates": [
                {"小区": "甲", **told, "性质": "新建", "规划条件": date(2024, 1, 1),
                 "竣工": date(2025, 6, 30)},
                {"小区": "乙", **told},
            ],
            "candidates": [{"备选点": "商铺", "类型": "闲置商业", "面积": 900}],
            "walks": [{"小区": each, "备选点": "商铺", "分钟": 2} for each in "甲乙"],
            "rules": "guizhou",
        },
        "guizhou",
    )  # fmt: skip
    assert found["remedy"].tolist() == ["build", "buy"]
    assert found["candidate_standing"].tolist() == ["not_for_kind", "counts"]
    assert found["candidate_others"].tolist() == [pd.NA, 0]


def test_warnings_stand_in_the_review() -> None:
    found = review({"estates": [{"小区": "甲", "户数": 1000, "养老用房面积": 200}]})
    assert found["warnings"].tolist() == ["small_room"]
    assert str(reason_text("small_room")) == "单处面积偏小（提示）"


def test_every_remedy_has_words() -> None:
    assert [str(words) for words in REMEDIES.values()] == [
        "补建", "购置", "置换", "租赁", "调剂", "改造", "方式待定", "先复测面积"
    ]  # fmt: skip
