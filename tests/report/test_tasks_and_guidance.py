"""Tasks against their targets, what is to come, what each street is told; scenarios and periods."""

import re
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from analysis.evaluation import Evaluation, evaluate
from analysis.periods.comparison import Comparison
from analysis.scenario import Scenario, apply
from geo.language import say
from report.briefing.content import Briefing, Shown
from report.briefing.demand import FORECAST
from report.briefing.guidance import GUIDANCE
from report.briefing.making import brief
from report.briefing.material import Material, gather
from report.briefing.periods import (
    SINCE,
    SINCE_FACILITIES,
    SINCE_STREETS,
    since_streets,
    since_tables,
    streets_told,
)
from report.briefing.places import COMMUNITIES
from report.briefing.sites import OPTIONS
from report.briefing.streets import STREETS
from report.briefing.targets import TARGETS
from report.word.annexes import annexes_of
from tests.report.toy_briefing import toy_evaluation


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return toy_evaluation(tmp_path_factory.mktemp("toy"))


def test_a_rate_is_told_with_what_it_is_of(briefing: Briefing, bundled: Evaluation) -> None:
    rows = briefing.tables[TARGETS].rows.set_index("name")
    row = rows.loc["新建居住区配建达标率"]
    # Counted anew: new estates in scope with a verdict, and those of them that have their rooms.
    check = bundled.provision
    new = check.loc[check["in_scope"] & check["kind"].eq("new") & check["verdict"].ne("unknown")]
    met = new["verdict"].isin(["met", "met_pooled"]).sum()
    assert row["of"] == f"{met} ÷ {len(new)}"
    assert row["value"] == f"{100 * met / len(new):.1f}%"
    assert (row["target"], row["met"]) == ("100%", "未达到")
    assert row["gap"] == f"{100 - 100 * met / len(new):.1f} 个百分点"
    beds = rows.loc["每千名老年人养老床位数"]
    assert beds["of"] == "1,485 ÷ 152,895"
    assert beds["met"] == "全市目标，不作结论"
    assert beds["gap"] == "–"


def test_beds_divide_as_they_are_told(briefing: Briefing) -> None:
    said = " ".join(str(part) for chapter in briefing.chapters for part in chapter.parts)
    found = re.search(r"床位([\d,]+)张 ÷ 60岁以上老年人([\d,]+)人 = 每千名老年人([\d.]+)张", said)
    assert found is not None
    beds, people, each = (float(text.replace(",", "")) for text in found.groups())
    assert each == round(1000 * beds / people, 2)


def test_the_forecast_is_of_the_city_and_says_so(briefing: Briefing, bundled: Evaluation) -> None:
    table = briefing.tables[FORECAST]
    projection = bundled.detail.forecast
    assert projection is not None
    one = projection.table.set_index(["county_id", "variant", "year"])["elderly_60plus"]
    assert table.texts(["year", "low", "mid", "high"])[0] == [
        "2025", *(f"{one['ALL', variant, 2025]:,.0f}" for variant in ("low", "mid", "high")),
    ]
    assert table.texts(["policy_60plus"])[:2] == [["1,050,000"], ["–"]]
    assert "12个旗县区" in str(table.note)


def test_every_street_is_told_what_to_do(briefing: Briefing, material: Material) -> None:
    rows = briefing.tables[GUIDANCE].rows
    streets = briefing.tables[STREETS].rows.set_index("name")
    assert sorted(rows["name"]) == sorted(name for name in streets.index if name != "界外")
    assert rows["uncovered_60plus"].is_monotonic_decreasing
    assert material.proposed is not None
    gained = sum(
        int(found.replace(",", ""))
        for told in rows["told"] for found in re.findall(r"号点位，可新增覆盖([\d,]+)人", told)
    )
    # All that the five sites newly cover lives in some street.
    proposal = material.proposed.proposal
    assert gained == proposal.covered[-1] - round(proposal.baseline)
    for row in rows.to_dict("records"):
        assert (f"不达标小区{row['short']}个" in row["told"]) is bool(row["short"])


def test_guidance_and_the_list_of_communities_know_the_same_candidates(briefing: Briefing) -> None:
    """What the list of communities says of a street's own decides what its guidance says."""
    communities = briefing.tables[COMMUNITIES].rows
    studied = communities["measure"].str.extract(
        r"^可研究.{2}(?P<name>.+)（(?P<id>c\d+)，未列入近期项目），.*可新增覆盖(?P<people>[\d,]+)人$"
    ).assign(street=communities["street"], community=communities["name"])
    guidance = briefing.tables[GUIDANCE].rows.set_index("name")["told"]
    seen = set()
    for street, told in guidance.items():
        own = studied.loc[studied["street"].eq(street)].dropna()
        assert ("先补备选用地" in told) is (own.empty and "号点位" not in told), told
        assert ("备选点可研究" in told) is (not own.empty), told
        said = re.findall(
            r"[：、]([^：、]+)（(c\d+)，在([^（]+(?:\(模拟\))?)可新增覆盖([\d,]+)人）", told
        )
        for name, id_, community, people in said:
            row = own.loc[own["id"].eq(id_) & own["community"].eq(community)].iloc[0]
            assert (row["name"], row["people"]) == (name, people)
        if not own.empty:
            counts = own["people"].str.replace(",", "").astype(int)
            assert said[0][1] == own.loc[counts.idxmax(), "id"]  # the one for most people first
            more = re.search(r"等(\d+)处", told)
            assert own["id"].nunique() == (int(more[1]) if more else len(said))
        seen.add((own.empty, "号点位" in told))
    assert seen >= {(True, False), (False, True), (False, False)}  # the study has all three


def test_a_scenario_is_named_on_every_paper(toy: Evaluation) -> None:
    facility = str(next(iter(toy.counted)))
    scenario = Scenario(title="关一处", close=(facility,))
    after = evaluate(apply(scenario, toy.study), draw="when asked")
    told = brief(gather(after, scenario=scenario, baseline=toy))
    assert "关一处" in str(told.title)
    assert "情景“关一处”，不是现状" in told.notice
    assert "关闭" in str(told.caveats[0])
    assert facility in str(told.caveats[0])
    assert "现状" not in str(told.chapters[0].title)
    rows = told.tables[OPTIONS].rows
    assert rows["label"].tolist() == ["现状", "关一处"]
    assert rows["covered_60plus"].tolist() == [
        toy.summary["coverage"]["covered_60plus"], after.summary["coverage"]["covered_60plus"],
    ]
    assert any("按情景测算" in str(sentence) for sentence in told.headline)


def compared() -> Comparison:
    parts = {"data_and_method": 0.0, "late_records": 0.0}
    figures = pd.DataFrame([
        {"group": "coverage", "key": "share_60plus", "name": say("可达率"), "unit": "share",
         "before": 0.66, "after": 0.685, "change": 0.025, "built": 0.025, **parts},
        {"group": "coverage", "key": "covered_60plus", "name": say("可达"), "unit": "people",
         "before": 100.0, "after": 90.0, "change": -10.0, "built": None, **parts},
    ])  # fmt: skip
    areas = pd.DataFrame([
        {"level": "study", "name": ""},
        {"level": "street", "name": "东街", "covered_60plus_before": 10.0,
         "covered_60plus_after": 12.0, "covered_60plus_change": 2.0,
         "share_60plus_before": 0.5, "share_60plus_after": 0.6},
    ])  # fmt: skip
    changes = pd.DataFrame([
        {"name": "一号站", "category": "community_station", "change": "opened",
         "event_on": pd.Timestamp("2025-10-15"), "counts_as": "built"},
    ])  # fmt: skip
    days = {"before": SimpleNamespace(on=date(2025, 6, 30)),
            "after": SimpleNamespace(on=date(2025, 12, 31))}  # fmt: skip
    told = SimpleNamespace(figures=figures, areas=areas, changes=changes, **days)
    return cast("Comparison", told)


def streets(*changes: float) -> Comparison:
    """Return a comparison in which so many people more are within reach in 街0, 街1 and so on."""
    rows = [
        {"level": "street", "name": f"街{at}", "covered_60plus_before": 10.0,
         "covered_60plus_after": 10.0 + change, "covered_60plus_change": change,
         "share_60plus_before": 0.1, "share_60plus_after": (10 + change) / 100}
        for at, change in enumerate(changes)
    ]  # fmt: skip
    return cast("Comparison", SimpleNamespace(areas=pd.DataFrame(rows)))


def test_the_streets_that_changed_most_stand_first_whichever_way() -> None:
    """Of seven streets three changed, one of them for the worse: those three are told, in order."""
    told = streets_told(streets(0, 2, 0, -7, 0, 4, 0), 5)
    assert [part.most for part in told if isinstance(part, Shown)] == [3]
    table = since_streets(streets(0, 2, 0, -7, 0, 4, 0))
    assert table.rows["name"].tolist() == ["街3", "街5", "街1", "街0", "街2", "街4", "街6"]


def test_one_sentence_says_that_no_street_changed() -> None:
    said, behind = streets_told(streets(0, 0, 0), 5)
    assert str(said) == "与上期相比，3个街道（乡镇）可达的60岁以上老年人数都没有变化。"
    assert isinstance(behind, Shown)
    assert behind.apart
    (unknown,) = streets_told(streets(0, float("nan")), 5)  # of one nobody knows
    assert isinstance(unknown, Shown)


def test_all_streets_stand_in_their_annex(briefing: Briefing) -> None:
    table = since_streets(streets(0, 2))
    both = replace(briefing, tables={**briefing.tables, SINCE_STREETS: table})
    annex = next(each for each in annexes_of(both) if SINCE_STREETS in each.keys)
    assert (annex.number, str(annex.title)) == (7, "分街道汇总与指引")
    assert [str(part.heading) for part in annex.parts][-1] == "分街道与上期相比"
    alone = next(each for each in annexes_of(briefing) if each.number == 7)
    assert [part.heading for part in alone.parts] == [None, None]


def test_two_periods_stand_beside_each_other() -> None:
    tables: dict[str, Any] = {table.key: table for table in since_tables(compared())}
    share, people = tables[SINCE].texts()
    assert share == ["可达率", "66.0%", "68.5%", "+2.5 个百分点", "+2.5 个百分点", "0.0 个百分点",
                     "0.0 个百分点"]  # fmt: skip
    assert people[1:5] == ["100 人", "90 人", "−10 人", "–"]
    assert "2025-06-30" in str(tables[SINCE].columns[1].title)
    assert tables[SINCE_STREETS].texts() == [["东街", "10", "12", "2", "50.0%", "60.0%"]]
    assert tables[SINCE_FACILITIES].texts() == [
        ["一号站", "社区养老服务站", "投用", "2025-10-15", "实际建设"]
    ]
