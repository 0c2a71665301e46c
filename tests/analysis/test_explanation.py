"""Why a number: every figure of the toy study is its formula, and its rows add up to it.

Streets as ever: A (0,0), B, C, E (900,0), D above B. Estates are boxes or points; s1 is urban, s2
rural. A facility stands at A and counts within 810 m; one at E is a care home and does not count.
"""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.description import StudyDescription
from analysis.evaluation import Evaluation, evaluate
from analysis.explaining.explained import Explanation, number
from analysis.explaining.explained_indicators import explain_indicator
from analysis.explaining.explained_place import ToldRooms, care_rooms
from analysis.explaining.explanation import AREA_COUNTS, AREA_SHARES, PROVISION, explain, known_keys
from analysis.explaining.parameter_words import LABELS, parameter_words
from analysis.indicators.indicator import Indicator
from geo.errors import PlanningError
from geo.language import speaking
from report.answers import explanation_content, print_explanation
from report.plain import plain_json
from tests.analysis.toy_study import Row, area, box, estate, facility, people, spot, toy_study

CARE = {"care_area_basis": "building", "care_status": "operating"}
NEW = {"kind": "new", "conditions_on": pd.Timestamp("2024-01-01"),
       "completed_on": pd.Timestamp("2024-12-31")}  # fmt: skip
OLD = {"completed_on": pd.Timestamp("2001-12-31")}


def homes() -> list[Row]:
    return [
        {**estate("r1", box(190, 10, 290, 60), 100), **CARE, **NEW, "care_floor_area_m2": 20.0},
        {**estate("r2", box(790, 5, 890, 55), 200), **CARE, **OLD, "care_floor_area_m2": 10.0},
        {**estate("r3", spot(300, 300), 50), **CARE, **OLD, "care_floor_area_m2": None},
        {**estate("r4", spot(310, 390), 60), **CARE, **NEW, "care_floor_area_m2": 3.0},
        {**estate("r5", spot(20, 5), 40), **CARE, **OLD, "care_floor_area_m2": 0.0},
        {**estate("r6", spot(60, 5), 0), **CARE, **OLD, "care_floor_area_m2": 0.0},
        {**estate("r7", spot(5000, 5000), float("nan")), **CARE, **OLD,
         "care_floor_area_m2": 7.0},
    ]  # fmt: skip


def evaluation_of(folder: Path, **more: Any) -> Evaluation:  # noqa: ANN401
    layers = {
        "facilities": [
            facility("f1", spot(0, 10), status="operating", floor_area_m2=30.0, serves="r5;r1"),
            facility("f2", spot(900, 0), "care_home", status="operating"),
            facility("f3", spot(300, 390), status="planned", floor_area_m2=9.0),
        ],
        "residential": homes(),
        "population": [
            people("p1", box(150, 0, 500, 450), 100, 20), people("p2", spot(880, -10), 50, 30),
            people("p3", spot(900, 0), 10, 4), people("p4", None, 40, 25),
            people("p5", spot(5000, 5000), 9, 6),
        ],
        "boundaries": [
            area("s1", "street", box(-100, -500, 700, 500), setting="urban"),
            area("s2", "street", box(700, -500, 895, 500), setting="rural"),
            area("c1", "community", box(-100, -500, 250, 500), setting="urban"),
            area("c2", "community", box(250, -500, 700, 500), setting="urban"),
        ],
    }  # fmt: skip
    study = toy_study(folder, **{**layers, **more})
    return evaluate(study, draw="when asked")


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return evaluation_of(tmp_path_factory.mktemp("toy"))


def figures(evaluation: Evaluation) -> dict[str, Any]:
    """Return every figure of the summary by the key that `explain` is asked for."""
    told: dict[str, Any] = {}
    for group in ("coverage", "band", "provision"):
        for key, value in evaluation.summary[group].items():
            if not isinstance(value, (bool, str)):
                told[key if key not in told else f"{group}.{key}"] = value
    for one in evaluation.summary["indicators"]:
        told[one["key"] if one["key"] not in told else f"indicator.{one['key']}"] = one["value"]
    return told


KEYS = (
    "share_60plus", "share_population", "share_residential_land", "share_areas",
    "share_households", "areas", "covered_areas", "areas_without_households", "elderly_60plus",
    "covered_60plus", "unreachable_60plus", "unlocated_60plus", "share_60plus_low",
    "share_60plus_high", "0.8", "1.0", "norm_1000m", "provision.areas", "in_scope", "met",
    "met_pooled", "short", "unknown", "assumed", "deficit_m2", "deficit_least_m2",
    "deficit_apart_areas", "deficit_doubted_m2", "deficit_doubted_areas",
    "unknown_share", "rate", "rate_own", "rate_floor", "rate_new", "rate_2014", "rate_2014_duty",
    "provision_rate_new",
    "care_floor_area_per_100_households", "urban_community_coverage",
)  # fmt: skip


def sums(explained: Explanation) -> tuple[float, float]:
    """Return what the rows of a ratio add up to: the part, and the whole."""
    rows = explained.rows
    if "passed" in rows:
        return float(rows["passed"].sum()), float(len(rows))
    if explained.key == "unknown_share":
        return tuple(float(rows[f"{one}_households"].sum()) for one in ("undecided", "weight"))
    if explained.key == "care_floor_area_per_100_households":
        return float(rows["provided_m2"].sum()), float(rows["households"].sum()) / 100
    part = next(name for name in rows if name.startswith("covered_"))
    whole = {"covered_60plus": "elderly_60plus"}.get(part, part.removeprefix("covered_"))
    return float(rows[part].sum()), float(rows[whole].sum())


def test_every_key_of_the_summary_is_known(toy: Evaluation) -> None:
    assert set(KEYS) <= set(figures(toy))
    assert [key for key, _ in known_keys(toy)] == list(figures(toy))
    others = set(figures(toy)) - set(KEYS) - {one["key"] for one in toy.summary["indicators"]}
    assert others == {"edge_60plus"}  # a count without rows of its own


def test_every_indicator_is_explained(toy: Evaluation) -> None:
    for figure in toy.figures:
        explained = explain(toy, f"indicator.{figure.key}")
        assert explained.value == figure.value
        assert explained.rule == (figure.rule or figure.basis)
        if "passed" in explained.rows and explained.numerator is not None:
            assert (explained.numerator, explained.denominator) == sums(explained)
        if figure.value is not None:
            assert number_in(figure.value, figure.unit) in str(explained.formula)


def number_in(value: float, unit: str) -> str:
    """Return a figure as its formula shows it, rounded by hand."""
    if unit == "比例":
        return f"{100 * value:.1f}%"
    if value >= 100:
        return f"{value:,.1f}".removesuffix(".0")
    return f"{value:.3g}"


def test_what_is_lacking_is_no_ratio(toy: Evaluation) -> None:
    # 3 % of the 75 people who do not live outside, and no affordable bed.
    assert "需要 2.25 − 已有 0 = 2.25" in str(explain(toy, "affordable_bed_gap").formula)
    assert "没有数值" in str(explain(toy, "life_expectancy").formula)
    assert "0 ÷ 0" in str(explain(toy, "rural_community_coverage").formula)


@pytest.mark.parametrize("key", KEYS)
def test_the_value_is_the_printed_one_and_the_rows_add_up(toy: Evaluation, key: str) -> None:
    explained, value = explain(toy, key), figures(toy)[key]
    assert explained.value == value
    if explained.denominator is not None and value is not None:
        part, whole = sums(explained)
        assert part == pytest.approx(explained.numerator)
        assert whole == pytest.approx(explained.denominator)
        assert value == pytest.approx(part / whole)
        # The figures stand in the formula.
        digits = 1 if key == "share_residential_land" else 0
        assert number(explained.numerator, digits) in str(explained.formula)
        assert number(explained.denominator, digits) in str(explained.formula)
    elif value is not None:
        assert explained.numerator is not None
        assert value == pytest.approx(explained.numerator, abs=0.5)
    assert str(explained.title)


def test_by_hand(toy: Evaluation) -> None:
    # In scope of the headline, urban or in no street: p1's 20 over r1, r3 and r4 by households,
    # p3's 4 at E (900 m, not reached), p5's 6 beyond every street; p4's 25 stand nowhere.
    share = explain(toy, "share_60plus")
    assert share.denominator == 30
    assert share.numerator == pytest.approx(20)
    assert share.value == pytest.approx(2 / 3)
    assert set(share.rows["place_id"]) == {"r1", "r3", "r4", "p3", "p5"}
    assert explain(toy, "unreachable_60plus").rows["place_id"].tolist() == ["p5"]
    assert explain(toy, "unlocated_60plus").rows.to_numpy().tolist() == [["p4", 25]]
    low, high = (explain(toy, f"share_60plus_{end}") for end in ("low", "high"))
    assert (low.numerator, low.denominator) == (pytest.approx(20), 55)
    assert (high.numerator, high.denominator) == (pytest.approx(45), 55)
    # r1's ledger says 20 m², its part of f1 is 100/140 of 30: both are enough.
    assert explain(toy, "met").rows["residential_id"].tolist() == ["r1"]


def test_provision_rows_are_those_of_the_verdict(toy: Evaluation) -> None:
    table = toy.provision.set_index("residential_id")
    for verdict in ("met", "met_pooled", "short", "unknown"):
        rows = explain(toy, verdict).rows
        assert rows["residential_id"].tolist() == [*table.index[table["verdict"].eq(verdict)]]
    told = explain(toy, "deficit_m2")
    assert told.rows["deficit_m2"].sum() == pytest.approx(toy.summary["provision"]["deficit_m2"])
    assert explain(toy, "in_scope").value == 6
    assert explain(toy, "provision.areas").value == 7


def test_a_rate_that_too_few_know_says_why(tmp_path: Path) -> None:
    rows = [row for row in homes() if row["id"] in ("r1", "r3")]
    told = explain(evaluation_of(tmp_path, residential=rows), "rate")
    assert told.value is None
    assert (told.numerator, told.denominator) == (1, 1)
    assert "20%" in str(told.notes[0])  # 50 of 150 households are unknown


def test_pools_and_assumptions_have_their_rows(tmp_path: Path) -> None:
    rows = [{**row, "care_area_basis": None} for row in homes()]
    evaluation = evaluation_of(tmp_path, residential=rows)
    description = evaluation.study.description.model_dump(mode="json")
    description |= {
        "assume": {"care_area_basis": "building"},
        "pools": [{"name": "P", "estates": ["r1", "r5"], "facilities": ["f1"]}],
    }
    study = toy_study(tmp_path, residential=rows)
    layers = dict(evaluation.study.layers)
    changed = type(study)(
        StudyDescription.model_validate(description), study.path, study.crs, layers, study.network
    )
    again = evaluate(changed, draw="when asked")
    assert again.summary["provision"]["assumed"] > 0
    for key in ("assumed", "met_pooled", "rate_own", "rate"):
        explained = explain(again, key)
        assert explained.value == again.summary["provision"][key]
        if explained.denominator is not None and explained.value is not None:
            assert sums(explained) == (explained.numerator, explained.denominator)
    assert len(explain(again, "assumed").rows) == again.summary["provision"]["assumed"]


def computed(formula: str) -> tuple[float, float]:
    """Return what the arithmetic of a formula gives, and what it is said to be."""
    signs = str.maketrans({"÷": "/", "×": "*", "−": "-"})
    sides = (re.sub(r"[^0-9.+*/-]", "", side.translate(signs).replace(",", ""))
             for side in re.sub(r"（.*?）", "", formula).rsplit("=", 1))  # fmt: skip
    arithmetic, said = sides
    return float(eval(arithmetic)), float(said)  # noqa: S307 - digits and signs alone


def require_computing(evaluation: Evaluation) -> set[str]:
    """Hold every indicator's formula against its value; return the kinds of formula met."""
    met = set()
    for figure in evaluation.figures:
        formula = str(explain_indicator(evaluation, figure).formula)
        assert ("人工录入" in formula) is figure.entered, figure.key
        if figure.value is None:
            continue
        if "=" in formula:
            result, said = computed(formula.replace("%", ""))
            said /= 100 if "%" in formula else 1
            # Three digits are shown; of a share one decimal of its percentage.
            assert said == pytest.approx(figure.value, rel=6e-3, abs=6e-4), figure.key
            assert result == pytest.approx(said, rel=1e-2, abs=1e-3), (figure.key, formula)
        else:
            assert number_in(figure.value, figure.unit) in formula, figure.key
        met.add(next(sign for sign in ("×", "÷", "−", "≥", "见说明", "录入") if sign in formula))
    return met


def test_every_indicator_computes(tmp_path: Path) -> None:
    rows = [
        facility("h1", spot(0, 10), "care_home", status="operating", beds=50.0, nursing_beds=20.0,
                 price_class="inclusive", ownership="公办", opened_on=pd.Timestamp("2025-06-01")),
        facility("f1", spot(300, 10), status="operating", beds=5.0),
    ]  # fmt: skip
    assert require_computing(evaluation_of(tmp_path, facilities=rows)) >= {"×", "÷"}


def test_every_indicator_of_the_bundled_study_computes(bundled: Evaluation) -> None:
    assert require_computing(bundled) >= {"×", "÷", "−"}


@pytest.mark.parametrize(
    ("parts", "said"),
    [((0.0, 30.0), "需要 30 − 已有 0 = 30（张）"), ((40.0, 30.0), "已有 40 ≥ 需要 30，缺 0（张）")],
)
def test_a_shortfall_is_no_quotient(
    toy: Evaluation, parts: tuple[float, float], said: str
) -> None:
    one = Indicator("gap", "缺口", max(parts[1] - parts[0], 0.0), "张", worked="shortfall",
                    numerator=parts[0], denominator=parts[1])  # fmt: skip
    assert str(explain_indicator(toy, one).formula) == said


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"value": 12.0}, "12 张，见说明"),
        ({"value": None}, "没有数值：未录入，或数据不足"),
        ({"value": 12.0, "entered": True}, "人工录入：12 张"),
        ({"value": 105.0, "numerator": 105.0, "denominator": 1000.0, "per": 1000.0},
         "105 ÷ 1,000 × 1,000 = 105（张）"),
    ],
)  # fmt: skip
def test_only_what_was_entered_is_said_to_be(
    toy: Evaluation, more: dict[str, Any], said: str
) -> None:
    one = Indicator(**{"key": "beds", "name": "床位", "unit": "张", **more})
    assert str(explain_indicator(toy, one).formula) == said


# --- areas ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("area_id", ["ALL", "s1", "s2", "c1", "c2"])
@pytest.mark.parametrize("key", [*AREA_COUNTS, *AREA_SHARES])
def test_an_area_is_its_row_of_the_coverage_table(
    toy: Evaluation, key: str, area_id: str
) -> None:
    row = toy.coverage.set_index("area_id").loc[area_id]
    explained = explain(toy, key, area_id)
    assert explained.area == area_id
    if pd.isna(row[key]):
        assert explained.value is None
        return
    assert explained.value == row[key]
    if key in AREA_SHARES:
        part, whole = sums(explained)
        assert explained.value == pytest.approx(part / whole)
        assert (part, whole) == pytest.approx((explained.numerator, explained.denominator))
    else:
        # Whole people by largest remainder lie within one of the sum.
        assert abs(explained.rows[key].sum() - row[key]) < 1
        assert explained.numerator == pytest.approx(explained.rows[key].sum())


@pytest.mark.parametrize("key", PROVISION)
def test_streets_and_what_is_outside_make_the_whole(toy: Evaluation, key: str) -> None:
    whole = explain(toy, key)
    parts = [explain(toy, key, street) for street in ("s1", "s2")]
    inside = pd.concat([part.rows for part in parts])
    outside = whole.rows[~whole.rows["residential_id"].isin(inside["residential_id"])]
    assert {*outside["residential_id"]} <= {"r7"}
    for part in parts:
        if part.denominator is not None:
            if part.value is not None:
                assert part.value == pytest.approx(part.numerator / part.denominator)
            assert sums(part) == (part.numerator, part.denominator)
        else:
            assert part.value == pytest.approx(part.numerator)


# --- estates and facilities ----------------------------------------------------------------------


def test_an_estate_is_its_row_of_the_provision_table(toy: Evaluation) -> None:
    table = toy.provision.set_index("residential_id")
    for estate_id, row in table.iterrows():
        for key in ("required_m2", "provided_m2", "deficit_m2", "verdict"):
            value = explain(toy, key, str(estate_id)).value
            if pd.isna(row[key]) or row[key] == "":
                assert value is None
            else:
                assert value == row[key]


def test_what_an_estate_owes_is_said_with_its_figures(toy: Evaluation) -> None:
    owed = str(explain(toy, "required_m2", "r2").formula)
    assert owed == "200 户 ÷ 100 × 20 平方米/百户 = 40 平方米"
    told = explain(toy, "deficit_m2", "r2")
    assert str(told.formula) == (
        "200 户 ÷ 100 × 20 平方米/百户 = 40 平方米；应配 40 − 已配 10 = 缺口 30 平方米"
    )
    assert told.rule is not None
    assert told.rule.value == 20
    assert str(explain(toy, "verdict", "r6").formula) == "不在核查范围内，没有结论"
    assert "≥" in str(explain(toy, "verdict", "r1").formula)


def test_both_ledgers_stand_behind_care_rooms(toy: Evaluation) -> None:
    rows = explain(toy, "provided_m2", "r5").rows
    # f1 has 30 m² for r5 (40 households) and r1 (100): 40/140 of it.
    assert rows[["ledger", "id"]].to_numpy().tolist() == [["residential", "r5"],
                                                          ["facilities", "f1"]]  # fmt: skip
    assert rows["area_m2"].tolist() == [0, 30]
    assert rows["part"].iloc[1] == pytest.approx(40 / 140)


def with_settings(evaluation: Evaluation, **settings: Any) -> Evaluation:  # noqa: ANN401
    """Evaluate the same layers under other settings of the provision check."""
    study = evaluation.study
    told = study.description.model_dump(mode="json") | {"provision": settings}
    changed = replace(study, description=StudyDescription.model_validate(told))
    return evaluate(changed, draw="when asked")


def test_stepped_households_are_put_in(toy: Evaluation) -> None:
    stepped = with_settings(toy, household_step=80)
    # 200 households are 240 in steps of 80, and owe 48 m².
    assert explain(stepped, "required_m2", "r2").value == 48
    assert str(explain(stepped, "required_m2", "r2").formula) == (
        "200 户按每 80 户进位为 240 户；240 ÷ 100 × 20 平方米/百户 = 48 平方米"
    )
    assert str(explain(stepped, "deficit_m2", "r2").formula).endswith(
        "= 48 平方米；应配 48 − 已配 10 = 缺口 38 平方米"
    )


def test_care_rooms_are_those_that_the_check_counts(tmp_path: Path) -> None:
    # Of the 210 m² allotted to two estates r1 has the part of its households, a third; a care
    # home's 3,000 m² do not take part, a planned room counts for nothing, one far off is doubted.
    both = {"serves": "r1;r2", "status": "operating"}
    evaluation = evaluation_of(
        tmp_path,
        residential=[{**row, "care_floor_area_m2": None} for row in homes()[:2]],
        facilities=[
            facility("f1", spot(0, 10), floor_area_m2=350.0, allocated_m2=210.0, **both),
            facility("f2", spot(240, 30), "care_home", status="operating", floor_area_m2=3000.0,
                     serves="r1"),
            facility("f3", spot(240, 30), status="planned", floor_area_m2=90.0, serves="r1"),
            facility("f4", spot(9000, 0), status="operating", floor_area_m2=70.0, serves="r2"),
        ],
    )  # fmt: skip
    told = explain(evaluation, "provided_m2", "r1")
    linked = told.rows[told.rows["ledger"].eq("facilities")]
    assert linked[["id", "counts_m2"]].to_numpy().tolist() == [["f1", 70], ["f3", 0]]
    assert told.value == linked["counts_m2"].sum() == 70
    assert "设施台账可计 70 平方米" in str(told.formula)
    far = explain(evaluation, "provided_m2", "r2").rows.set_index("id")
    assert pd.isna(far.loc["f4", "counts_m2"])


def test_rooms_in_every_shape_add_up_to_what_is_printed(bundled: Evaluation) -> None:
    table = bundled.provision.set_index("residential_id")
    known = table[table["provided_m2"].notna()]
    apart, rooms = [], ToldRooms.of(bundled)
    for estate_id, value in known["provided_m2"].items():
        rows = rooms.at(str(estate_id))
        sides = rows["counts_m2"].groupby(rows["ledger"]).sum(min_count=1).dropna()
        if not sides.sub(value).abs().lt(0.001).any():
            apart.append(estate_id)
    assert len(known) > 400
    assert not apart
    one = str(known.index[0])
    pd.testing.assert_frame_equal(care_rooms(bundled, one), rooms.at(one))


def test_a_walk_is_the_lower_median_of_its_cells(toy: Evaluation) -> None:
    places = toy.places[toy.places["layer"].eq("residential")].set_index("place_id")
    for estate_id in ("r1", "r2", "r3"):
        told = explain(toy, "minutes", estate_id)
        assert told.value == places.loc[estate_id, "minutes"]
        cells = told.rows["minutes"]
        assert told.value == cells.iloc[(len(cells) - 1) // 2]
        part = explain(toy, "share", estate_id)
        assert part.value == places.loc[estate_id, "share"]
        assert part.rows["within"].sum() == part.numerator
        assert len(part.rows) == part.denominator
    # r2: 25 m cells from 802 m on, so that some are within 810 m and others are not.
    assert 0 <= explain(toy, "share", "r2").value < 1


def test_an_estate_without_a_walk_says_why(toy: Evaluation) -> None:
    told = explain(toy, "minutes", "r7")
    assert told.value is None
    assert told.notes


def test_facilities_say_whether_they_count_and_for_whom(toy: Evaluation) -> None:
    assert explain(toy, "counted", "f1").value == "yes"
    assert [str(note) for note in explain(toy, "counted", "f2").notes] == ["类别不计入服务圈"]
    assert [str(note) for note in explain(toy, "counted", "f3").notes] == ["未运营或状态不明"]
    # It is the only one: all who reach one reach it, rural or not.
    told = explain(toy, "covered_60plus", "f1")
    covered = toy.homes["elderly_60plus"] * toy.homes["share"]
    assert told.numerator == pytest.approx(covered.sum())
    assert told.rows["covered_60plus"].sum() == pytest.approx(told.numerator)
    assert explain(toy, "covered_60plus", "f2").value == 0


# --- what cannot be explained --------------------------------------------------------------------


def test_an_unknown_key_names_the_nearest_and_the_list(toy: Evaluation) -> None:
    with pytest.raises(PlanningError) as refused:
        explain(toy, "share_60pluss")
    (line,) = refused.value.messages
    assert "share_60plus、" in str(line)
    assert "explain STUDY list" in str(line)


@pytest.mark.parametrize(
    ("key", "area_id", "words"),
    [
        ("share_60plus", "nowhere", "nowhere"),
        ("share_60plus", "r1", "required_m2"),
        ("required_m2", "s1", "share_60plus"),
        ("required_m2", "f1", "counted"),
        ("coverage.share_60plus", "s1", "share_60plus"),
        ("coverage.rate", None, "rate"),
        ("", None, "list"),
    ],
)
def test_what_an_area_does_not_have_is_told_in_one_line(
    toy: Evaluation, key: str, area_id: str | None, words: str
) -> None:
    with pytest.raises(PlanningError, match=words) as refused:
        explain(toy, key, area_id)
    assert len(refused.value.messages) == 1


# --- shown ---------------------------------------------------------------------------------------


def test_an_explanation_is_printed_whole(
    toy: Evaluation, capsys: pytest.CaptureFixture[str]
) -> None:
    print_explanation(explain(toy, "rate_new"))
    said = capsys.readouterr().out
    assert "50.0%" in said
    assert "新建小区中达标的（含统筹达标） 1 ÷ 新建小区中有结论的（达标、" in said
    assert "「到2025年，社区级养老服务站服务覆盖率达到100％，新建城区" in said
    assert "政策原文" in said
    assert "明细 2 行，列出前 2 行" in said
    assert "r4" in said


@pytest.mark.parametrize("key", ["share_60plus", "rate", "unlocated_60plus",
                                 "urban_community_coverage"])  # fmt: skip
def test_an_explanation_is_plain_json(toy: Evaluation, key: str) -> None:
    content = json.loads(json.dumps(plain_json(explanation_content(explain(toy, key)))))
    assert content["key"] == key
    assert len(content["rows"]) == len(explain(toy, key).rows)


@pytest.mark.parametrize("absent", ["facilities", "residential", "population", "boundaries"])
def test_a_study_that_lacks_a_layer_is_explained_too(tmp_path: Path, absent: str) -> None:
    evaluation = evaluation_of(tmp_path, **{absent: []})
    indicators = {figure.key for figure in evaluation.figures}
    for key, value in figures(evaluation).items():
        explained = explain(evaluation, key)
        assert explained.value == value
        if explained.denominator and value is not None and key not in indicators:
            assert value == pytest.approx(explained.numerator / explained.denominator)
    json.dumps(plain_json(explanation_content(explain(evaluation, "share_areas"))))


def test_people_of_estates_and_of_land_are_rows_too(tmp_path: Path) -> None:
    # Without a population layer the estates' own people count; land is a layer of its own.
    rows = [{**row, "population": 30.0, "elderly_60plus": 9.0} for row in homes()]
    land = [{"id": "z1", "geometry": box(0, 0, 100, 100)},
            {"id": "z2", "geometry": box(850, 0, 950, 100)}]  # fmt: skip
    evaluation = evaluation_of(tmp_path, population=[], residential=rows, residential_land=land)
    for key in ("share_60plus", "share_residential_land", "share_population"):
        told = explain(evaluation, key)
        assert sums(told) == pytest.approx((told.numerator, told.denominator))
        assert told.value == evaluation.summary["coverage"][key]
    assert explain(evaluation, "share_residential_land").rows["id"].tolist() == ["z1", "z2"]
    assert explain(evaluation, "share_60plus").rows["place_layer"].unique() == ["residential"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", ("步行速度（米/秒） 0.9", "时限（分钟） 15", "离街距离上限（米） 200",
                "社区养老服务站、日间照料中心", "可穿行封闭小区 否", "人口来源 人口资料")),
        ("en", ("Walking speed (m/s) 0.9", "no", "population data")),
    ],
)  # fmt: skip
def test_parameters_are_told_in_words(
    toy: Evaluation, capsys: pytest.CaptureFixture[str], language: str, said: tuple[str, ...]
) -> None:
    with speaking(language):
        print_explanation(explain(toy, "share_60plus"))
    (line,) = (line for line in capsys.readouterr().out.splitlines() if said[0] in line)
    assert all(word in line for word in said)
    assert "community_station" not in line


def test_every_parameter_of_an_explanation_has_a_name(toy: Evaluation) -> None:
    for key in ("share_60plus", "rate", "provision_rate_new"):
        told = explain(toy, key).parameters
        labels = {str(label) for label, _ in parameter_words(told)}
        assert labels <= {str(label) for label in LABELS.values()}


def test_parameters_of_the_check_are_told_in_words() -> None:
    told = {
        "rules": ["chifeng"], "assume": {"care_area_basis": "building"}, "pools": [],
        "provision": {"household_step": 0, "main_room_share": 0.5}, "unknown_share": 0.125,
    }  # fmt: skip
    assert [f"{label} {value}" for label, value in parameter_words(told)] == [
        "所依据的规定 chifeng", "缺面积口径时按 建筑面积", "已确认的统筹组 无", "户数进位（户） 无",
        "主要用房至少占应配面积 50%", "按户数计无法判定的占比 12.5%",
    ]  # fmt: skip
