"""The page 指标: every indicator stands beside its target, in words and shapes."""
# ruff: noqa: TID251 - this is the browser face

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analysis.evaluation import Evaluation
from analysis.study import Study
from geo.language import speak
from ui import kept
from ui.indicators.ledger_part import ledger
from ui.studies import ENVIRONMENT

DATA = Path(__file__).resolve().parents[2] / "data" / "chifeng.study.toml"


def page() -> None:
    """Open the page itself; Streamlit runs the text of this function alone."""
    import streamlit  # noqa: PLC0415

    from geo.language import speak  # noqa: PLC0415
    from ui.views import indicators  # noqa: PLC0415

    streamlit.session_state.setdefault("language", "zh")
    speak(streamlit.session_state["language"])
    indicators.show()


@pytest.fixture
def opened(bundled: Evaluation, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    def evaluated(study: Study, **_how: object) -> Evaluation:
        return dataclasses.replace(bundled, study=study)

    monkeypatch.setenv(ENVIRONMENT, str(DATA))
    monkeypatch.setattr(kept, "load_study", lambda _path, **_how: bundled.study)
    monkeypatch.setattr(kept, "evaluate", evaluated)
    kept._study_slot.clear()  # noqa: SLF001 - what other tests kept
    kept._evaluation_slot.clear()  # noqa: SLF001
    yield AppTest.from_function(page, default_timeout=60)
    kept._study_slot.clear()  # noqa: SLF001
    kept._evaluation_slot.clear()  # noqa: SLF001
    speak("zh")


def choose(opened: AppTest, name: str, value: str) -> AppTest:
    group = next(each for each in opened.get("button_group") if name in str(each.key))
    group.set_value(value).run()
    assert not opened.exception
    return opened


def test_every_indicator_stands_in_its_place(bundled: Evaluation) -> None:
    table = ledger(bundled).set_index("key")
    # 59 of 147 new estates pass, all should; 1,485 beds are a lower bound, short of 50: unknown.
    assert table.loc["provision_rate_new", ["standing", "value", "numerator"]].tolist() == [
        "▲ 未达", "40.1%", 59,
    ]  # fmt: skip
    assert table.loc["beds_per_1000_elderly", ["standing", "value", "target"]].tolist() == [
        "？ 无法判定", "≥9.71 张/千人", "≥50 张/千人",
    ]  # fmt: skip
    assert table.loc["urban_community_coverage", "standing"] == "○ 无目标"
    assert "[indicators.monthly_visits]" in table.loc["monthly_visits", "why"]
    assert len(table) == len(bundled.indicators)
    by_met = bundled.indicators.set_index("key")["met"]
    assert (table["stands"].eq("short") == by_met.eq(other=False).fillna(value=False)).all()


def test_the_page_counts_and_filters(opened: AppTest, bundled: Evaluation) -> None:
    opened.run()
    assert not opened.exception
    assert len(opened.dataframe[0].value) == len(bundled.figures)
    choose(opened, "standing", "short")
    short = bundled.indicators["met"].eq(other=False).sum()
    assert len(opened.dataframe[0].value) == short
    assert set(opened.dataframe[0].value["达成"]) == {"▲ 未达"}


@pytest.mark.parametrize("part", ["beds", "streets", "counties", "land", "demand"])
def test_parts_are_shown_when_asked_for(opened: AppTest, part: str) -> None:
    opened.session_state["indicator part"] = part
    opened.run()
    assert not opened.exception
    assert len(opened.dataframe[0].value) > 1


def test_the_forecast_tells_what_it_assumes(opened: AppTest) -> None:
    opened.session_state["indicator part"] = "forecast"
    opened.run()
    assert not opened.exception
    assert any("队列要素法，从 2020 年普查" in each.value for each in opened.caption)
    # To leave the legend of the dashes out would take that of the colours along.
    drawn = json.loads(opened.get("vega_lite_chart")[0].proto.spec)["encoding"]
    assert None not in [drawn[how].get("legend", {}) for how in ("color", "strokeDash")]
    table = opened.dataframe[0].value
    mid = table[table["旗县区"].eq("合计") & table["方案"].eq("中方案")].set_index("年份")
    assert mid.loc["2030", "60岁以上"] == 1_247_617
    assert mid.loc["2025", "文件的数字"] == 1_050_000
