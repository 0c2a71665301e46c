"""Which estates a figure counts, worked out by hand in a toy city and a second way in Chifeng."""

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.evaluation import Evaluation, evaluate
from analysis.indicators.estates_told import NewEstates, apart_from_the_sum, new_estates
from report.briefing.bases import key_bases
from report.briefing.content import Briefing
from report.briefing.estates_counted import not_checked, reviewed, undecided
from report.briefing.sites import OPTIONS
from report.briefing.streets import STREETS
from report.briefing.targets import TARGETS
from report.provision_figures import deficit_note
from tests.analysis.toy_study import area, box, estate, people, spot, toy_study

RULE_NEW = dt.date(2023, 8, 25)  # of the pack chifeng: from when new estates have their own rule


def room(m2: float) -> Mapping[str, Any]:
    return {"care_floor_area_m2": m2, "care_area_basis": "building", "care_status": "operating"}


def new(id_: str, at: int, m2: float, *, asked: str | None, done: str) -> Mapping[str, Any]:
    """Return a new estate of 100 households, which need 20 m²."""
    return estate(id_, spot(at, 0), 100, kind="new", **room(m2), completed_on=pd.Timestamp(done),
                  conditions_on=None if asked is None else pd.Timestamp(asked))  # fmt: skip


KNOWN = (
    new("n1", 0, 20, asked="2024-01-01", done="2025-06-01"),  # by the new rule, meets
    new("n2", 10, 5, asked="2023-08-25", done="2025-06-01"),  # on its first day, short by 15
    new("n3", 20, 50, asked="2023-08-24", done="2024-06-01"),  # older by a day, meets
    new("n4", 30, 0, asked="2011-01-01", done="2013-12-31"),  # older, short, not reviewed
    new("n5", 40, 0, asked=None, done="2020-01-01"),  # no date: either rule, short
    new("n6", 50, 0, asked="2025-01-01", done="2027-01-01"),  # not due
    estate("b1", spot(60, 0), 100, **room(30), completed_on=pd.Timestamp("2016-01-01")),
    estate("m1", spot(90, 0), 50, **room(0), project_id="P", phase="一期",
           completed_on=pd.Timestamp("2010-01-01")),
    {**estate("m2", spot(100, 0), 50, **room(0), project_id="P", phase="二期",
              completed_on=pd.Timestamp("2015-01-01")), "kind": "new"},
)  # fmt: skip
UNKNOWN = (
    estate("b2", spot(70, 0), 300),  # built, of which nothing is known
    estate("b3", spot(80, 0), None, **room(0)),  # nor of how many homes
)


def city(folder: Path, *estates: Mapping[str, Any]) -> Evaluation:
    study = toy_study(
        folder, residential=list(estates),
        population=[people("p1", box(0, -50, 400, 50), 300, 60)],
        boundaries=[area("s1", "street", box(-100, -500, 1000, 500))],
    )  # fmt: skip
    return evaluate(study, draw="when asked")


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return city(tmp_path_factory.mktemp("counted"), *KNOWN, *UNKNOWN)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return city(tmp_path_factory.mktemp("known"), *KNOWN)


def test_new_estates_by_the_rule_that_they_are_checked_by(toy: Evaluation) -> None:
    told = new_estates(toy.provision, toy.rulebook, on=toy.study.on)
    assert told == NewEstates((2, 1), (2, 1), (1, 0), since=RULE_NEW)
    assert str(told.sentence()) == (
        "其中按新建标准（2023-08-25起）核查 2 个，达标 1 个；"
        "规划条件更早、按已建成标准核查 2 个，达标 1 个；日期不明的 1 个，达标 0 个。"
    )
    rate = next(one for one in toy.figures if one.key == "provision_rate_new")
    assert (rate.numerator, rate.denominator) == (2, 5)
    assert str(told.sentence()) in str(rate.note)


def test_where_all_are_checked_by_the_new_rule_nothing_is_said(toy: Evaluation) -> None:
    alone = toy.provision[toy.provision["residential_id"].isin(["n1", "n2", "b1"])]
    assert new_estates(alone, toy.rulebook, on=toy.study.on) is None


def test_what_all_lack_together_is_less_than_what_they_lack_one_by_one(known: Evaluation) -> None:
    together = next(one for one in known.figures if one.key == "care_floor_area_per_100_households")
    # n1-n5, b1 and the project: 700 households owe 140 m² and have 105; short 15 + 20 + 20 + 20.
    assert (together.numerator, together.denominator) == (105, 7)
    assert str(apart_from_the_sum(together, known.provision)) == (
        "每百户面积是合计，含达标小区的富余：照它缺 35 ㎡，逐个小区相加缺 75 ㎡。"
    )


def test_why_rows_of_the_ledger_are_not_checked(toy: Evaluation) -> None:
    assert str(not_checked(toy)) == (
        "小区台账11条，单独核查9个；其余2条不单独核查："
        "分期项目中由另一期代表整个项目核查的1条、在建未到期1条。"
    )


def test_those_without_a_verdict_are_told_with_what_they_are_of(toy: Evaluation) -> None:
    # Homes of those checked: seven times 100, 300, and one unknown that weighs as their median.
    assert str(undecided(toy)) == (
        "无法判定的小区2个，占应核查9个的22.2%；按户数占36.4%（400户÷1,100户，其中户数不明的1个"
        "按其余小区的中位数100户计）；不计入达标率，也不计入缺口。"
    )


def test_the_reviewed_are_not_the_new(toy: Evaluation, known: Evaluation) -> None:
    # Of n1-n5 all but n4 came after 2014; b1 and the project did, too. n1, n3 and b1 pass.
    for evaluation in (toy, known):
        stand, apart = map(str, reviewed(evaluation))
        assert stand == (
            "2014年以来竣工交付的小区（清查范围）有结论的6个，达标3个，达标率50.0%。"
        )
        assert apart == (
            "清查范围的6个比有结论的新建居住区5个多各期新建、已建成不一而整体核查的项目1个（达标0个）、"
            "登记为已建成的小区1个（达标1个），少竣工交付更早或日期不明的新建小区1个。"
        )


def test_where_all_is_known_nothing_is_told_of_the_unknown(known: Evaluation) -> None:
    assert undecided(known) is None


def test_what_no_list_tells_otherwise_needs_no_sentence(tmp_path: Path) -> None:
    alone = city(tmp_path, *KNOWN[:3])
    assert not_checked(alone) is None
    assert len(reviewed(alone)) == 1


def test_the_sentences_on_chifeng_add_up(bundled: Evaluation) -> None:
    """The same counts, out of the table of the check and the layer by hand."""
    check = bundled.provision
    scope = check[check["in_scope"].astype(bool)]
    figures = [int(each.replace(",", "")) for each in
               re.findall(r"[\d,]+(?=[条个])", str(not_checked(bundled)))]  # fmt: skip
    assert figures == [600, 558, 42, 36, 6]
    assert figures[0] == figures[1] + figures[2]
    assert figures[2] == sum(figures[3:])
    silent = scope["households"].isna()
    unknown = scope["verdict"].eq("unknown")
    assert (int(unknown.sum()), int(silent.sum())) == (63, 4)
    median = float(scope["households"].median())
    part = float(scope.loc[unknown, "households"].sum()) + 4 * median
    whole = float(scope["households"].sum()) + 4 * median
    told_ = str(undecided(bundled))
    assert f"按户数占{part / whole:.1%}（{part:,.0f}户÷{whole:,.0f}户，其中户数不明的4个" in told_
    assert f"按其余小区的中位数{median:.0f}户计）" in told_
    told = new_estates(check, bundled.rulebook, on=bundled.study.on)
    assert told == NewEstates((2, 0), (145, 59), (0, 0), since=RULE_NEW)
    apart = str(reviewed(bundled)[1])
    assert "清查范围的157个比有结论的新建居住区147个多" in apart
    assert "整体核查的项目10个（达标0个）" in apart


def test_the_notes_stand_where_their_column_does(briefing: Briefing) -> None:
    deficits = str(deficit_note(briefing.evaluation.summary["provision"]))
    assert "6 个不达标小区的养老用房面积说法不一" in deficits
    for key in (STREETS, OPTIONS):
        table = briefing.tables[key]
        assert deficits in str(table.told())
        assert "小区" not in str(table.told(["share_60plus"]))
    targets = str(briefing.tables[TARGETS].told())
    assert "新建居住区 147 个，其中按新建标准（2023-08-25起）核查 2 个，达标 0 个" in targets
    assert "照它缺 27,807 ㎡，逐个小区相加缺 34,318 ㎡" in targets


def test_the_share_of_estates_is_told_by_its_own_definition(bundled: Evaluation) -> None:
    estates = key_bases(bundled)[3]
    assert str(estates.formula) == "过半走得到的小区 404 个 ÷ 600 个 = 67.3%"
