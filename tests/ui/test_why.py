"""为什么是这个数: every figure can be asked about, and the answer is the figure that is printed."""
# ruff: noqa: TID251 - this is the browser face

import csv
import io

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analysis.evaluation import Evaluation
from analysis.explaining.explanation import known_keys
from geo.language import speak
from ui.figures import figures
from ui.indicators.ledger_part import ledger
from ui.summary_table import summary_table
from ui.why.printed import printed
from ui.why.question import ASKED, Question, answer
from ui.why.rows_file import csv_bytes, rows_csv

# Counted from every home, as others that are looked at here are.
DEAR = tuple(
    f"coverage.{key}" for key in (
        "share_60plus", "share_65plus", "share_80plus", "share_60plus_low", "share_60plus_high",
        "share_areas", "covered_areas", "covered_60plus", "areas_without_households",
    )
)  # fmt: skip
FORMULA = "达标小区（含统筹达标） 103 ÷ 有结论的小区（达标、统筹达标与不达标） 495 = 20.8%"


def test_the_answer_to_every_card_is_the_number_on_it(bundled: Evaluation) -> None:
    told = {figure.key: figure.value for figure in figures(bundled)}
    assert list(told) == [
        "share_60plus", "uncovered_60plus", "rate", "share_areas", "deficit_m2",
    ]  # fmt: skip
    for key, value in told.items():
        explanation = answer(bundled, Question(key))
        assert printed(bundled, explanation).startswith(value)
        # A second way: the rows behind it, not the summary, make the number.
        whole = explanation.denominator
        made = explanation.numerator / whole if whole else explanation.numerator
        shown = f"{made:.1%}" if whole else f"{made:,.0f}"
        assert shown in value, key
    assert told["uncovered_60plus"] == "48,016"


def test_every_known_figure_is_opened_somewhere(bundled: Evaluation) -> None:
    opened = {figure.key: "总览：卡片" for figure in figures(bundled)}
    for key in summary_table(bundled)["key"]:
        opened.setdefault(key, "总览：全部汇总数字")
        opened.setdefault(key.partition(".")[2], "总览：全部汇总数字")
    for key in ledger(bundled)["key"]:
        opened.setdefault(key, "指标：指标一览")
        opened.setdefault(f"indicator.{key}", "指标：指标一览")
    missing = [key for key, _ in known_keys(bundled) if key not in opened]
    assert missing == []


def test_every_figure_of_the_summary_is_answered_as_printed(bundled: Evaluation) -> None:
    for row in summary_table(bundled).itertuples():
        if row.key in DEAR:
            continue
        explanation = answer(bundled, Question(row.key))
        assert printed(bundled, explanation) == row.value, row.key


def test_rows_are_taken_along_whole_and_inert(bundled: Evaluation) -> None:
    explanation = answer(bundled, Question("uncovered_60plus"))
    data = rows_csv(explanation.rows)
    assert data.startswith(b"\xef\xbb\xbf")
    lines = [*csv.DictReader(io.StringIO(data.decode("utf-8-sig")))]
    assert len(lines) == len(explanation.rows)
    assert round(sum(float(line["uncovered_60plus"]) for line in lines)) == 48_016
    hostile = csv_bytes(pd.DataFrame({"名称": ['=HYPERLINK("x")', "+1", "好"]}))
    kept = [line["名称"] for line in csv.DictReader(io.StringIO(hostile.decode("utf-8-sig")))]
    assert kept == ["'=HYPERLINK(\"x\")", "'+1", "好"]


def page() -> None:
    """Open the dialog alone, on the bundled study."""
    import streamlit  # noqa: PLC0415

    from ui.why.dialog import show_answer  # noqa: PLC0415

    show_answer(streamlit.session_state["evaluation"])


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (Question("rate"), ["20.8%", FORMULA, "赤政办发〔2023〕42号 三（二）、四9"]),
        (Question("share_60plus", "150404401", "street"), ["52.4%", "没有条文为这个数定标准。"]),
        (Question("no_such"), []),
    ],
)  # fmt: skip
def test_the_dialog_says_value_formula_and_clause(
    bundled: Evaluation, question: Question, said: list[str]
) -> None:
    shown = AppTest.from_function(page, default_timeout=30)
    shown.session_state["evaluation"] = bundled
    shown.session_state[ASKED] = question
    shown.run()
    assert not shown.exception
    texts = [element.value for element in shown.text]
    assert set(said) <= set(texts)
    if not said:
        assert any("没有名为" in text for text in texts)
    shown.run()  # an answer is given once: the next run of the page opens no dialog
    assert not shown.text
    speak("zh")
