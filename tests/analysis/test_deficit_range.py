"""What is lacking where two ledgers contradict: from so much to so much, by hand."""

from collections.abc import Mapping
from typing import Any

import pytest

from analysis.provision.check import Provision
from analysis.provision.rates import provision_summary
from geo.language import speaking
from report.provision_figures import deficit_note, printed_deficit, rate_basis
from tests.analysis.told_situations import run


def room(name: str, area: float, estate: str, **more: object) -> dict[str, Any]:
    return {"设施": name, "类别": "day_care", "建筑面积": area, "服务小区": estate, **more}


# Needs of 200, 240, 100 and 200: 100 or 150, 0 or 234.83 and 30 are there; 250 or 180 decide
# nothing.
ESTATES = [
    {"小区": "甲", "户数": 1000, "养老用房面积": 100},
    {"小区": "乙", "户数": 1200, "养老用房面积": 0},
    {"小区": "丙", "户数": 500, "养老用房面积": 30},
    {"小区": "丁", "户数": 1000, "养老用房面积": 250},
]
ROOMS = [room("一", 150, "甲"), room("二", 234.83, "乙"), room("三", 180, "丁")]


def summary_of(provision: Provision) -> dict[str, Any]:
    return provision_summary(provision.table, least=provision.deficit_least_m2)


def figures(**more: object) -> Mapping[str, Any]:
    plain = {"met": 7, "met_pooled": 0, "short": 24, "unknown": 13, "in_scope": 44,
             "deficit_m2": 2955.9, "deficit_least_m2": 2555.9, "deficit_apart_areas": 2,
             "rate": None}  # fmt: skip
    return {**plain, **more}


def test_the_higher_of_two_figures_makes_the_least_deficit() -> None:
    provision = run({"estates": ESTATES, "facilities": ROOMS})
    assert provision.table["verdict"].tolist() == ["short", "short", "short", "unknown"]
    assert provision.table["deficit_m2"].tolist()[:3] == pytest.approx([100, 240, 70])
    least = provision.deficit_least_m2
    assert least.tolist()[:3] == pytest.approx([50, 5.17, 70])
    assert least.isna().tolist() == [False, False, False, True]
    summary = summary_of(provision)
    assert summary["deficit_m2"] == pytest.approx(410)
    assert summary["deficit_least_m2"] == pytest.approx(125.17)
    assert summary["deficit_apart_areas"] == 2  # 100 or 50, 240 or 5.17; 70 either way
    assert printed_deficit(summary) == "410"  # the sum of the rows


def test_an_estate_out_of_scope_lacks_nothing_at_the_least_either() -> None:
    phases = [{**ESTATES[0], "项目": "p", "分期": n} for n in ("一期", "二期")]
    provision = run({"estates": phases})
    # 2,000 homes need 400 and have 200 in both phases; the second row is part of the first.
    assert provision.table["in_scope"].tolist() == [True, False]
    assert summary_of(provision)["deficit_least_m2"] == pytest.approx(200)


def test_what_a_failing_pool_shares_comes_off_the_least_deficits_too() -> None:
    pool = {
        "estates": [ESTATES[0], {**ESTATES[0], "小区": "戊"}],
        "facilities": [room("一", 150, "甲"), {"设施": "共用", "类别": "day_care", "建筑面积": 40}],
        "pools": [{"小区": ["甲", "戊"], "设施": ["共用"]}],
        "walks": [{"小区": name, "设施": "共用", "分钟": 3} for name in ("甲", "戊")],
    }
    provision = run(pool)
    # The 40 may be among the 100 of the ledger: as printed nothing comes off. At the least
    # 400 − 150 − 100 − 40 = 110 of 50 + 100 are lacking.
    assert provision.table["deficit_m2"].tolist() == pytest.approx([100, 100])
    assert provision.deficit_least_m2.tolist() == pytest.approx([50 * 110 / 150, 100 * 110 / 150])


def test_a_pool_that_suffices_leaves_no_least_deficit() -> None:
    pool = {
        "estates": [{**ESTATES[0], "养老用房面积": 0}],
        "facilities": [{"设施": "共用", "类别": "day_care", "建筑面积": 200}],
        "pools": [{"小区": ["甲"], "设施": ["共用"]}],
        "walks": [{"小区": "甲", "设施": "共用", "分钟": 3}],
    }
    provision = run(pool)
    assert provision.table["verdict"].tolist() == ["met_pooled"]
    assert provision.deficit_least_m2.tolist() == [0]


@pytest.mark.parametrize(
    ("told", "printed"),
    [
        (figures(), "2,956"),
        (figures(unknown=0), "2,956"),
        (figures(unknown=0, deficit_least_m2=2955.9), "2,956"),
        (figures(unknown=44), None),
    ],
)
def test_a_deficit_is_printed_as_the_sum_of_the_rows(
    told: Mapping[str, Any], printed: str | None
) -> None:
    assert printed_deficit(told) == printed


def test_who_is_not_in_a_deficit_and_what_it_may_be_is_said_where_it_is_so() -> None:
    with speaking("zh"):
        told = str(deficit_note(figures()))
        assert told == (
            "无法判定的 13 个小区不在内；2 个不达标小区的养老用房面积说法不一"
            "（如小区台账与设施台账不一致），取较低的计；取较高的，缺口合计为 2,556 平方米"
        )
        same = figures(deficit_least_m2=2955.9)
        assert str(deficit_note(same)) == "无法判定的 13 个小区不在内"
    assert deficit_note({**same, "unknown": 0}) is None
    # A summary that another period wrote tells no more than the one sum.
    untold = {k: v for k, v in figures(unknown=0).items() if k != "deficit_least_m2"}
    assert deficit_note(untold) is None


def test_a_rate_that_is_not_given_is_not_given_for_a_reason() -> None:
    with speaking("zh"):
        told = str(rate_basis(figures(unknown_share=0.312)))
        assert told == "7 / 31；按户数计 31.2% 无法判定，超过 20%，不给比率"
        assert str(rate_basis(figures(unknown_share=0.1, rate=7 / 31))) == "7 / 31"
        # Nothing in scope: no rate, and not for want of verdicts.
        assert str(rate_basis(figures(unknown_share=0.0, met=0, short=0))) == "0 / 0"
