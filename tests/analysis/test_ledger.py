"""The ledger of indicators: lines of the packs, figures entered by hand, questions about them."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis.description import IndicatorValue
from analysis.indicators.indicator import Bound, Indicator, ratio
from analysis.indicators.ledger import (
    COLUMNS,
    COMPUTED,
    in_unit,
    ledger_findings,
    ledger_lines,
    ledger_table,
)
from analysis.rulebook import Rule, Rulebook
from geo.language import say

ON = date(2025, 12, 31)
CHIFENG = Rulebook.load(["chifeng"])
DAY = date(2025, 6, 30)


def entered(
    value: float, unit: str = "", source: str = "民政局", day: date | None = DAY
) -> IndicatorValue:
    return IndicatorValue(value=value, unit=unit, source=source, date=day)


def table(
    figures: dict[str, IndicatorValue] | None = None,
    *computed: Indicator,
    rulebook: Rulebook = CHIFENG,
) -> pd.DataFrame:
    lines = ledger_lines(computed, rulebook, on=ON, entered=figures or {})
    return ledger_table((*computed, *lines), on=ON).set_index("key", drop=False)


def computed_rate() -> Indicator:
    rule = CHIFENG.find("rural_community_coverage_target", "all", ON)
    return ratio(rule, key="rural_community_coverage", name=say("覆盖率"), parts=(1, 4), on=ON)


def test_a_line_waits_for_its_figure_with_everything_the_text_says() -> None:
    row = table().loc["health_insurance"]
    assert row["name"] == "基本医疗保险参保率"
    assert (row["target"], row["unit"], row["compare"]) == (0.95, "比例", "at_least")
    assert (row["document"], row["clause"]) == ("赤政办发〔2023〕42号", "三（二）")
    assert (row["confidence"], row["bureau"]) == ("policy text", "医保")
    assert row["quote"] == "基本医疗保险参保率达95%"
    assert row["target_year"] == 2025
    assert row[["value", "met", "gap"]].isna().all()
    assert (row["note"], row["source"], row["date"]) == ("尚未填报。", "", "")


def test_every_line_of_the_packs_stands_once() -> None:
    keys = table().index.tolist()
    assert keys == list(dict.fromkeys(keys))
    assert len(keys) == len(CHIFENG.ledger(ON))
    # 赤峰 asks 100 % where the nation asks 60 %: the highest pack stands.
    assert table().loc["geriatric_departments", "target"] == 1.0


def test_a_figure_fills_its_line_and_is_judged() -> None:
    row = table({"health_insurance": entered(0.93, "比例")}).loc["health_insurance"]
    assert (row["value"], row["met"], row["source"], row["date"]) == (
        0.93, False, "民政局", "2025-06-30",
    )  # fmt: skip
    assert row["gap"] == pytest.approx(0.02)
    assert row["note"] == ""
    assert table({"life_expectancy": entered(77.6, "岁")}).loc["life_expectancy", "met"]


@pytest.mark.parametrize("unit", ["%", "％"])
def test_a_share_may_be_written_in_percent(unit: str) -> None:
    row = table({"carers_trained": entered(98, unit)}).loc["carers_trained"]
    assert (row["value"], row["unit"], row["met"], row["gap"]) == (0.98, "比例", True, 0)


@pytest.mark.parametrize("figure", [entered(98), entered(98, "比例"), entered(98, "人")])
def test_another_unit_shows_the_figure_without_a_verdict(figure: IndicatorValue) -> None:
    row = table({"carers_trained": figure}).loc["carers_trained"]
    assert row["value"] == 98
    assert row[["target", "met", "gap"]].isna().all()
    assert "不一致" in row["note"]
    assert row["clause"] == "四12"
    (finding,) = ledger_findings({"carers_trained": figure}, CHIFENG, on=ON)
    assert (finding.severity, finding.layer, finding.column) == (
        "warning", "indicators", "carers_trained",
    )  # fmt: skip


def test_an_entered_figure_stands_beside_a_computed_one_and_never_over_it() -> None:
    found = table({"rural_community_coverage": entered(61, "%")}, computed_rate())
    own, other = (
        found.loc["rural_community_coverage"],
        found.loc["rural_community_coverage_entered"],
    )
    assert (own["value"], own["numerator"], own["denominator"], own["met"]) == (0.25, 1, 4, False)
    assert (own["date"], own["source"]) == ("2025-12-31", "")
    assert (other["value"], other["target"], other["met"]) == (0.61, 0.6, True)
    assert (other["name"], other["source"]) == ("覆盖率（填报值）", "民政局")
    assert pd.isna(other["numerator"])


def test_a_key_that_could_be_computed_is_held_against_its_rule() -> None:
    row = table({"health_agreement_share": entered(1, "比例")}).loc["health_agreement_share"]
    assert (row["target"], row["met"], row["clause"]) == (1, True, "三（二）")


def test_a_key_that_no_pack_knows_has_no_target() -> None:
    found = table({"home_beds": entered(120, "张")})
    row = found.iloc[-1]
    assert (row["key"], row["name"], row["value"], row["unit"]) == (
        "home_beds",
        "home_beds",
        120,
        "张",
    )
    assert row[["target", "met"]].isna().all()


def test_a_recalled_target_is_told_as_unverified_and_binds_nobody(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(
        """
title = "我们"
[[rules]]
key = "meals"
name = "助餐覆盖率"
value = 0.4
unit = "比例"
in_force_from = 2020-01-01
document = "某办法"
confidence = "recalled"
""",
        encoding="utf-8",
    )
    ours = Rulebook.load(["ours.toml"], folder=tmp_path)
    for figures in ({}, {"meals": entered(0.3, "比例")}):
        row = table(figures, rulebook=ours).loc["meals"]
        assert row[["target", "met", "gap"]].isna().all()
        assert (row["clause"], row["document"], row["confidence"]) == ("", "", "")
        assert "未核实" in row["note"]
        assert "0.4" in row["note"]


def test_a_figure_without_source_or_date_is_asked_for_them() -> None:
    figures = {
        "health_insurance": entered(0.96, "比例", source="", day=None),
        "life_expectancy": entered(78, "岁", day=None),
        "model_care_companies": entered(12, "家", source=""),
        "monthly_visits": entered(1, "比例"),
    }
    found = ledger_findings(figures, CHIFENG, on=ON)
    assert [(one.severity, one.column, str(one.message)) for one in found] == [
        ("info", "health_insurance", "填报值没有写明来源和日期。"),
        ("info", "life_expectancy", "填报值没有写明日期。"),
        ("info", "model_care_companies", "填报值没有写明来源。"),
    ]


def test_what_could_be_computed_names_the_rule_it_is_held_against() -> None:
    known = {rule.key for rule in CHIFENG.rules}
    for key, (rule_key, applies_to) in COMPUTED.items():
        assert rule_key in known, key
        assert CHIFENG.find(rule_key, applies_to, ON) is not None, key


def test_units() -> None:
    assert in_unit(entered(98, "%"), "比例") == 0.98
    assert in_unit(entered(0.5), "比例") == 0.5
    assert in_unit(entered(50, "%"), "张") is None
    assert in_unit(entered(50), "张") == 50


def test_the_columns_are_those_of_the_ledger() -> None:
    found = table({"home_beds": entered(1)}, computed_rate())
    assert tuple(found.columns) == COLUMNS
    assert str(found["met"].dtype) == "boolean"


def rule(compare: str) -> Rule:
    return Rule.model_validate(
        {
            "key": "beds", "name": "床位", "value": 10, "unit": "张", "compare": compare,
            "in_force_from": ON, "document": "某办法", "confidence": "public page",
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("compare", "bound", "value", "met"),
    [
        ("at_least", "", 10, True), ("at_least", "", 9, False),
        ("at_least", "at_least", 10, True), ("at_least", "at_least", 9, None),
        ("at_least", "at_most", 10, None), ("at_least", "at_most", 9, False),
        ("at_most", "", 10, True), ("at_most", "", 11, False),
        ("at_most", "at_most", 10, True), ("at_most", "at_most", 11, None),
        ("at_most", "at_least", 10, None), ("at_most", "at_least", 11, False),
    ],
)  # fmt: skip
def test_a_bound_judges_only_what_is_certain(
    compare: str,
    bound: Bound,
    value: float,
    met: bool | None,  # noqa: FBT001
) -> None:
    one = Indicator("beds", "床位", value, "张", rule=rule(compare), bound=bound)
    assert one.met is met
    assert one.gap == {True: 0, False: 1, None: None}[met]


def test_a_share_above_the_whole_is_doubted_and_never_met() -> None:
    figures = {"monthly_visits": entered(980, "%")}
    row = table(figures).loc["monthly_visits"]
    assert row[["met", "target"]].isna().all()
    assert "100%" in row["note"]
    told = [str(finding.message) for finding in ledger_findings(figures, CHIFENG, on=ON)]
    assert any("100%" in message for message in told)


def test_a_misspelt_key_is_asked_about_with_the_nearest_names() -> None:
    finding, *_ = ledger_findings({"carer_trained": entered(99, "%")}, CHIFENG, on=ON)
    assert (finding.severity, finding.column) == ("warning", "carer_trained")
    assert "carers_trained" in str(finding.remedy)


def test_totals_of_beds_are_no_strangers() -> None:
    figures = {"beds_total": entered(27561, "张"), "elderly_60plus_2025": entered(1.05e6, "人")}
    assert ledger_findings(figures, CHIFENG, on=ON) == ()
