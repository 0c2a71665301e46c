"""Every ratio says what is divided by what; what is unknown is no nought."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.evaluation import Evaluation
from analysis.explaining.explained import parts_told
from analysis.explaining.explained_indicators import explain_indicator
from analysis.explaining.explanation import explain
from analysis.explaining.indicator_parts import (
    PARTS,
    is_divided,
    parts_of,
    too_much_unknown,
    why_no_ratio,
)
from analysis.explaining.rate_names import rate_names
from analysis.indicators.indicator import Indicator
from geo.language import speaking
from tests.analysis.test_explanation import evaluation_of

RATES = ("rate", "rate_own", "rate_floor", "rate_new", "rate_2014", "rate_2014_duty")


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return evaluation_of(tmp_path_factory.mktemp("parts"))


def made_of(part: float, whole: float, value: float | None = None) -> Indicator:
    return Indicator("county_presence_rehab", "康复", value, "比例", numerator=part,
                     denominator=whole)  # fmt: skip


def test_every_computed_indicator_names_its_parts(toy: Evaluation) -> None:
    divided = [figure for figure in toy.figures if is_divided(figure)]
    assert len(divided) > 5
    with speaking("zh"):
        for figure in divided:
            assert figure.key in PARTS
            told = [str(name) for _, name in parts_told(explain_indicator(toy, figure))]
            assert len(told) == 2, figure.key
            assert not any(text.startswith(("分子", "分母")) for text in told)
    assert parts_of(made_of(math.nan, 2)) is None


def test_every_rate_has_names_of_its_own(toy: Evaluation) -> None:
    with speaking("zh"):
        named = {key: tuple(map(str, rate_names(key, 2014))) for key in RATES}
        assert len(set(named.values())) == len(RATES)
        assert "统筹" not in named["rate_own"][0].replace("不含统筹", "")
        assert named["rate_2014"][1].startswith("2014年以来竣工、交付的小区")
        told = [f"{label} {name}" for label, name in parts_told(explain(toy, "rate_new"))]
        assert told == [
            "分子 新建小区中达标的（含统筹达标）：1",
            "分母 新建小区中有结论的（达标、统筹达标与不达标）：2",
        ]
        # Of the six in scope r1 is met; r2, r4 and r5 are short or not; r3 and r7 tell too little.
        counts = toy.provision.loc[toy.provision["in_scope"], "verdict"].value_counts()
        assert str(explain(toy, "rate_floor").notes[-1]) == (
            f"达标 {counts['met']} 个、统筹达标 0 个、不达标 {counts['short']} 个、"
            f"无法判定 {counts['unknown']} 个，都在分母里。"
        )


def test_what_is_unknown_is_told_apart_from_nothing_to_divide_by() -> None:
    with speaking("zh"):
        assert str(why_no_ratio(made_of(0, 2))) == (
            "已知的只有 0 ÷ 2；另有未知，超过 20%，不给比率"
        )
        assert str(why_no_ratio(made_of(0, 0))) == "0 ÷ 0：分母为 0，没有比率"
    assert too_much_unknown(made_of(0, 2))
    assert not too_much_unknown(made_of(0, 0))
    assert not too_much_unknown(made_of(0, 2, 0.0))


def test_the_floor_area_says_why_it_is_not_the_sum_of_the_list(toy: Evaluation) -> None:
    # The list adds the 7 m² of r7, whose households nobody knows, and what the others have.
    scope = toy.provision[toy.provision["in_scope"]]
    of_unknown = scope.loc[scope["verdict"].eq("unknown"), "provided_m2"].sum()
    assert of_unknown == 7
    told = explain(toy, "care_floor_area_per_100_households")
    assert told.numerator is not None
    with speaking("zh"):
        notes = " ".join(map(str, told.notes))
        assert f"已配合计 {told.numerator + 7:g} ㎡ 还含无法判定小区中已知的 7 ㎡" in notes


def test_a_deficit_that_rests_on_doubt_is_not_said_to_become_more(toy: Evaluation) -> None:
    with speaking("zh"):
        assert "合计只会更大" in " ".join(map(str, explain(toy, "deficit_m2").notes))
        short = toy.provision["verdict"].eq("short")
        reasons = toy.provision["reasons"].mask(short, "households_doubtful")
        doubted = replace(toy, provision=toy.provision.assign(reasons=reasons))
        notes = " ".join(map(str, explain(doubted, "deficit_m2").notes))
        assert f"来自户数存疑的 {short.sum()} 个小区" in notes
        assert "合计只会更大" not in notes
        assert "个小区无法判定，其缺口不在其中" in notes
        rows, ids = explain(doubted, "deficit_doubted_m2").rows, toy.provision["residential_id"]
        assert rows["residential_id"].tolist() == ids[short].tolist()


def test_no_number_without_its_reason(tmp_path: Path) -> None:
    from tests.analysis.test_explanation import homes  # noqa: PLC0415
    from ui.provision.head import rates  # noqa: PLC0415 - the page asks for Streamlit

    rows = [row for row in homes() if row["id"] in ("r1", "r3")]
    evaluation = evaluation_of(tmp_path, residential=rows)
    with speaking("zh"):
        # 50 of 150 households are unknown; of the new ones all are known; none is older.
        told = {figure.key: (figure.value, str(figure.lines[0])) for figure in rates(evaluation)}
        assert told["rate_own"] == (
            "–", "1 个中 1 个；按户数计有 33.3% 无法判定，超过 20%，不给比率。"
        )
        assert told["rate_new"] == ("100.0%", "1 个中 1 个")
