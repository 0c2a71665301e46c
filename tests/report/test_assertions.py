"""What each map, table and chart proves: held against the evaluation by another way."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from report.briefing.assertions import FIGURES, assertions
from report.briefing.bases import said_of
from report.briefing.content import Briefing
from report.briefing.estates import VERDICT_COUNTS
from report.briefing.material import Material
from report.briefing.sites import OPTIONS, PROJECTS
from report.briefing.street_assertions import SHARES
from report.briefing.streets import STREETS
from report.briefing.targets import TARGETS


def test_each_is_one_sentence_with_the_numbers_of_the_evaluation(
    briefing: Briefing, material: Material
) -> None:
    told = {key: str(each.said) for key, each in briefing.assertions.items()}
    assert set(told) == {FIGURES, "standing", "coverage", "gaps", STREETS, SHARES, VERDICT_COUNTS,
                         "sites", "change", PROJECTS, OPTIONS, TARGETS}  # fmt: skip
    for sentence in told.values():
        assert not re.search(r"nan|None|\{|。", sentence)
    assert told["coverage"] == "步行15分钟，152,560名60岁以上老年人中104,544人可达，占68.5%"
    assert told["sites"] == "建议新增5处，新增覆盖60岁以上老年人9,282人"  # 113,826 - 104,544
    assert told["change"] == "5处建成后，可达率由68.5%提高到74.6%"
    assert told[PROJECTS] == "建议项目5处费用合计1,539万元，新增覆盖9,282人"
    assert told[VERDICT_COUNTS] == "应核查558个小区：达标103个，不达标392个，无法判定63个"
    coverage = material.evaluation.coverage
    streets = coverage.loc[coverage["level"].eq("street")].set_index("name")
    left = (streets["elderly_60plus"] - streets["covered_60plus"]).sort_values(ascending=False)
    assert "、".join(left.index[:3]) in told[STREETS]
    assert f"合计{left.iloc[:3].sum():,.0f}人" in told[STREETS]
    assert told[STREETS].endswith(f"{left.iloc[:3].sum() / left.sum():.1%}")
    share = streets["share_60plus"].dropna()
    assert f"最高{share.max():.1%}（{share.idxmax()}）" in told[SHARES]
    assert f"最低{share.min():.1%}（{share.idxmin()}）" in told[SHARES]


def test_each_number_has_its_denominator_and_the_sum_comes_out(briefing: Briefing) -> None:
    said = [str(each) for assertion in briefing.assertions.values()
            for basis in assertion.bases for each in said_of(basis)]  # fmt: skip
    assert all(each.bases for each in briefing.assertions.values())
    worked = 0
    for sentence in said:
        quotient = re.search(r"([\d,]+) [人个][^=]*÷[^=\d]*([\d,]+) [人个] = ([\d.]+)%", sentence)
        if quotient:
            part, whole = (int(each.replace(",", "")) for each in quotient.groups()[:2])
            assert f"{part / whole:.1%}" == f"{quotient[3]}%"
            worked += 1
    assert worked > 6


def test_verdicts_add_up_to_the_estates_in_scope(briefing: Briefing) -> None:
    table = briefing.tables[VERDICT_COUNTS]
    assert table.texts() == [["达标", "102"], ["统筹达标", "1"], ["不达标", "392"],
                             ["无法判定", "63"], ["合计", "558"]]  # fmt: skip


def test_what_is_unknown_is_not_asserted(briefing: Briefing, material: Material) -> None:
    summary = material.evaluation.summary
    nobody = {"coverage": {**summary["coverage"], "share_60plus": None, "elderly_60plus": None,
                           "covered_60plus": None}}  # fmt: skip
    evaluation = replace(material.evaluation, summary={**summary, **nobody})
    told = assertions(replace(material, evaluation=evaluation, proposed=None), {
        STREETS: replace(briefing.tables[STREETS], rows=briefing.tables[STREETS].rows.head(0)),
    })
    assert set(told) == {"standing", VERDICT_COUNTS, "gaps"}
    assert str(told["gaps"].said).startswith("应核查558个小区")


def test_a_cost_that_is_unknown_is_said_to_be(briefing: Briefing, material: Material) -> None:
    table = briefing.tables[PROJECTS]
    rows = table.rows.assign(cost_wan=[float("nan"), *table.rows["cost_wan"].iloc[1:]])
    assert table.total is not None
    unknown = replace(table, rows=rows, total={**table.total, "cost_wan": float("nan")})
    told = assertions(material, {STREETS: briefing.tables[STREETS], PROJECTS: unknown})
    assert str(told[PROJECTS].said) == "建议项目5处有的费用不明，新增覆盖9,282人"
    assert OPTIONS not in told


@pytest.mark.parametrize("gain", [0.0, -3.0])
def test_no_option_is_praised_that_reaches_nobody_more(
    briefing: Briefing, material: Material, gain: float
) -> None:
    table = briefing.tables[OPTIONS]
    rows = table.rows.assign(covered_change=pd.Series([0.0, gain]))
    tables = {**briefing.tables, OPTIONS: replace(table, rows=rows)}
    assert OPTIONS not in assertions(material, tables)
