"""The page 服务圈: sums that add up, other paces and limits that a whole evaluation agrees with."""
# ruff: noqa: TID251 - this is the browser face

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analysis.coverage.by_area import area_table
from analysis.evaluation import Evaluation, evaluate
from analysis.explaining.explained_table import explain_cell
from analysis.study import Study
from analysis.what_if.readings import readings
from geo.language import speak
from tests.analysis.toy_study import estate, people, spot
from tests.analysis.what_if_city import PEOPLE, city, full_city
from ui import kept
from ui.studies import ENVIRONMENT

STUDY = 'title = "城"\non = 2025-12-31\n[streets]\npath = "streets.geojson"\n'
ADDED = ("elderly_60plus", "covered_60plus", "uncovered_60plus", "areas", "full_areas",
         "partly_areas", "untouched_areas", "residential_m2")  # fmt: skip


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return evaluate(full_city(tmp_path_factory.mktemp("full")))


def page() -> None:
    """Open the page itself; Streamlit runs the text of this function alone."""
    import streamlit  # noqa: PLC0415

    from geo.language import speak  # noqa: PLC0415
    from ui.views import coverage  # noqa: PLC0415

    streamlit.session_state.setdefault("language", "zh")
    speak(streamlit.session_state["language"])
    coverage.show()


@pytest.fixture
def opened(
    full: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[AppTest]:
    def evaluated(study: Study, **_how: object) -> Evaluation:
        return dataclasses.replace(full, study=study)

    file = tmp_path / "city.study.toml"
    file.write_text(STUDY, encoding="utf-8")
    monkeypatch.setenv(ENVIRONMENT, str(file))
    monkeypatch.setattr(kept, "load_study", lambda _path, **_how: full.study)
    monkeypatch.setattr(kept, "evaluate", evaluated)
    kept._study_slot.clear()  # noqa: SLF001 - what other tests kept
    kept._evaluation_slot.clear()  # noqa: SLF001
    yield AppTest.from_function(page, default_timeout=60)
    speak("zh")


def html(opened: AppTest) -> str:
    return "".join(str(element.proto.body) for element in opened.get("html"))


def test_readings_are_what_whole_evaluations_print(full: Evaluation) -> None:
    table = readings(full, speeds=(0.6, 1.0), limits=(5.0, 15.0))
    for speed, limit in ((0.6, 15.0), (1.0, 5.0)):
        whole = evaluate(full.study.with_walking(speed_m_per_s=speed, limit_min=limit))
        told = whole.summary["coverage"]
        row = table[table["speed_m_per_s"].eq(speed) & table["limit_min"].eq(limit)].iloc[0]
        assert row["covered_60plus"] == told["covered_60plus"]
        assert row["share_60plus"] == pytest.approx(told["share_60plus"], abs=1e-12)


def test_readings_by_hand(tmp_path: Path) -> None:
    # 5 at A stand at a facility, 20 walk 100 m, 8 walk 190 m, 30 at E walk 300 m, 10 at D 700 m.
    here = evaluate(city(tmp_path), draw="when asked")
    table = readings(here, speeds=(0.6, 1.0), limits=(5.0, 15.0))
    assert table["covered_60plus"].tolist() == [25, 63, 63, 73, 73]
    assert table["share_60plus"].iloc[-1] == 1.0
    # The band that the summary tells of ten minutes is the same reading: 480 and 600 m.
    ten = readings(here, speeds=(0.8, 1.0), limits=(10.0,))
    assert ten["share_60plus"].tolist()[:2] == [
        here.summary["band"]["0.8"], here.summary["band"]["1.0"],
    ]  # fmt: skip


def test_walks_longer_than_were_looked_for_are_unknown(tmp_path: Path) -> None:
    here = evaluate(city(tmp_path, walking={"horizon_min": 15.0}), draw="when asked")
    told = readings(here, speeds=(0.9,), limits=(15.0, 30.0))
    assert told["covered_60plus"].tolist()[0] == 73
    assert pd.isna(told["covered_60plus"].iloc[1])


@pytest.mark.parametrize("level", ["street", "county"])
def test_areas_and_what_lies_outside_add_up(full: Evaluation, level: str) -> None:
    table = area_table(full, level)
    for name in ADDED:
        assert table[name].iloc[1:].sum() == pytest.approx(table[name].iloc[0]), name
    assert (table["area_id"] == "OUTSIDE").any() == (level == "county")


def test_every_cell_is_explained_with_the_value_printed(full: Evaluation) -> None:
    table = area_table(full, "county")
    for _, row in table.iterrows():
        for name in (*ADDED, "share_60plus", "share_population", "share_residential_land"):
            told = explain_cell(full, name, area=row["area_id"], level="county")
            if pd.isna(row[name]):
                assert told.value is None
                continue
            assert told.value == pytest.approx(row[name])
            if told.denominator is not None:
                assert told.numerator / told.denominator == pytest.approx(row[name], abs=1e-6)
            else:
                assert told.numerator == pytest.approx(row[name], abs=1)  # largest remainders


def test_rows_of_who_is_left_add_up_by_hand(tmp_path: Path) -> None:
    # Ten at D, 700 m away, are the only ones beyond 540 m; the estate beside B is covered.
    rows = (*PEOPLE, people("f", spot(310, 390), 4, 3))
    here = evaluate(
        city(tmp_path, population=rows, residential=(estate("r", spot(250, 20)),)),
        draw="when asked",
    )
    told = explain_cell(here, "uncovered_60plus", area="s1", level="street")
    assert (told.value, told.numerator) == (13, pytest.approx(13.0))
    assert sorted(told.rows["uncovered_60plus"].round().tolist()) == [3, 10]


def test_the_page_shows_readings_side_by_side(opened: AppTest) -> None:
    opened.run()
    assert not opened.exception
    said = html(opened)
    for words in ("助行（假设）", "高龄（假设）", "冬季 ×0.8（假设）", "规范 1,000 米", "5 分钟"):
        assert words in said
    assert said.count("本页") >= 1
    assert said.count("care-headline-cell") == 1
    table = opened.dataframe[-1].value
    assert table["名称"].iloc[0] == "合计（含农村）"  # the city has a rural street
    assert table["未覆盖"].iloc[1:].sum() == table["未覆盖"].iloc[0]


@pytest.mark.parametrize("part", ["uncovered", "adequacy", "equity", "tiers", "lost"])
def test_parts_are_shown_when_asked_for(opened: AppTest, part: str) -> None:
    opened.session_state["coverage part"] = part
    opened.run()
    assert not opened.exception
