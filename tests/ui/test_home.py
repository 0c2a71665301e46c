"""The page without a browser: what it says, and what it does when told no."""
# ruff: noqa: TID251 - this is the browser face

import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from toy import HOSTILE

from analysis.evaluation import Evaluation
from geo.errors import StudyError
from geo.language import say, speak
from ui import kept
from ui.studies import fingerprint

HOME = Path(__file__).resolve().parents[2] / "ui" / "home.py"
STUDY = 'title = "测试城"\non = 2025-12-31\n[streets]\npath = "streets.geojson"\n'


@pytest.fixture
def opened(
    evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[AppTest]:
    file = tmp_path / "toy.study.toml"
    file.write_text(STUDY, encoding="utf-8")
    monkeypatch.setenv("CARECIRCLE_STUDY", str(file))
    monkeypatch.setattr(kept, "load_study", lambda _path, **_: evaluation.study)
    monkeypatch.setattr(
        kept, "evaluate", lambda study, **_: dataclasses.replace(evaluation, study=study)
    )
    kept._study_slot.clear()  # noqa: SLF001 - what other tests kept
    kept._evaluation_slot.clear()  # noqa: SLF001
    yield AppTest.from_file(str(HOME), default_timeout=30)
    speak("zh")


def texts(opened: AppTest) -> list[str]:
    return [element.value for element in opened.text]


def html(opened: AppTest) -> str:
    return "".join(str(element.proto.body) for element in opened.get("html"))


def test_the_page_opens_with_its_figures_and_denominators(opened: AppTest) -> None:
    opened.run()
    assert not opened.exception
    said = html(opened)
    assert "57.1%" in said
    assert "1,400 人中 800 人" in said
    assert "50.0%–61.3%" in said
    assert "位置不明 12 人" in said
    assert "计入无法判定 1 个" in said
    assert "230 ㎡" in said
    headline = next(text for text in texts(opened) if "系空间测算" in text)
    assert "按步行路网0.9米/秒、15分钟（约810米）测算" in headline
    assert "1,400人中800人" in headline


def test_the_notice_is_always_there(opened: AppTest) -> None:
    opened.run()
    assert "街道、小区与设施为模拟数据" in texts(opened)


def test_names_never_reach_html_or_markdown(opened: AppTest) -> None:
    opened.session_state["language"] = "zh"
    opened.run()
    assert any(HOSTILE in text for text in texts(opened))
    assert HOSTILE not in html(opened)
    assert not any(HOSTILE in element.value for element in opened.markdown)


def click(opened: AppTest, estate: str) -> None:
    """Choose an estate as a click on the map does."""
    study = fingerprint(Path(os.environ["CARECIRCLE_STUDY"]))[:16]
    opened.session_state[f"chosen {study}"] = {"layer": "estates", "id": estate}
    opened.run()


def test_a_chosen_estate_shows_its_calculation_and_clause(opened: AppTest) -> None:
    opened.run()
    click(opened, "r2")
    said = texts(opened)
    assert f"5.0 分钟（270 米）至 {HOSTILE}" in said  # 5 × 60 × 0.9
    assert "1,000户×0.2=200㎡；已配130㎡；缺70㎡" in said
    assert "不达标" in said
    assert any("赤政办发〔2023〕42号" in text for text in said)
    assert any(text.startswith("「新建和已建成住宅小区按照每百户") for text in said)


def test_a_chosen_facility_tells_whom_it_serves(opened: AppTest) -> None:
    opened.run()
    study = fingerprint(Path(os.environ["CARECIRCLE_STUDY"]))[:16]
    opened.session_state[f"chosen {study}"] = {"layer": "facilities", "id": "f1"}
    opened.run()
    # Nearest to r1, r3 and r4, of 200 elders each, of whom the last has three quarters in reach.
    assert "3 个小区" in texts(opened)
    assert "600 人，时限内 550 人" in texts(opened)


def test_unknown_households_are_not_a_failure(opened: AppTest) -> None:
    opened.run()
    click(opened, "r3")
    assert "无法判定" in texts(opened)
    assert "应配面积算不出；无法判定，待补：户数" in texts(opened)
    assert "户数不明" in texts(opened)


def test_a_speed_asks_anew_and_is_named(opened: AppTest) -> None:
    opened.run()
    opened.sidebar.selectbox[2].select(0.75).run()
    assert any("按步行路网0.75米/秒" in text for text in texts(opened))
    opened.sidebar.checkbox[0].check().run()
    assert any("按步行路网0.6米/秒" in text for text in texts(opened))


def test_a_refusal_is_shown_line_by_line(opened: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path, **_: object) -> None:
        raise StudyError(say("第一处不对。"), say("第二处也不对。"))

    monkeypatch.setattr(kept, "load_study", refuse)
    opened.run()
    assert not opened.exception
    assert {"第一处不对。", "第二处也不对。"} <= set(texts(opened))


def test_anything_else_is_loud_in_the_log_alone(
    opened: AppTest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(_path: Path, **_: object) -> None:
        where = "/home/secret.csv"
        raise KeyError(where)

    monkeypatch.setattr(kept, "load_study", stumble)
    opened.run()
    assert not opened.exception
    said = " ".join(texts(opened))
    assert "程序出了没有料到的错" in said
    assert "KeyError" not in said
    assert "secret" not in said
    record = next(one for one in caplog.records if one.name == "ui.unforeseen")
    assert record.exc_info is not None
    assert "secret" in caplog.text
    assert record.getMessage() in said  # the number told is the number in the log


def test_the_street_table_adds_up(opened: AppTest) -> None:
    opened.run()
    table = opened.dataframe[0].value
    assert table["街道"].to_list() == ["合计", HOSTILE]  # nobody lives outside: no such row
    assert table["未覆盖"].to_list() == [600, 600]


def test_a_change_of_language_keeps_what_was_chosen(opened: AppTest) -> None:
    opened.run()
    opened.sidebar.selectbox[2].select(0.75).run()
    opened.main.radio[0].set_value("verdict").run()
    opened.session_state["language"] = "en"
    opened.run()
    assert not opened.exception
    assert opened.main.radio[0].value == "verdict"
    assert opened.sidebar.selectbox[2].value == 0.75


def test_ticking_gated_estates_walks_through_them(opened: AppTest) -> None:
    opened.run()

    def told() -> str:
        tables = [element.value for element in opened.dataframe]
        rows = next(table for table in tables if "参数" in table.columns).set_index("参数")["取值"]
        return str(rows["可穿行封闭小区"])

    assert told() == "否"
    next(box for box in opened.sidebar.checkbox if box.label == "可穿行封闭小区").check().run()
    assert not opened.exception
    assert told() == "是"
