"""The page 配建核查 without a browser: list, sheet, pools to confirm, planning conditions."""
# ruff: noqa: TID251 - this is the browser face

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from toy import HOSTILE

from analysis.evaluation import Evaluation, evaluate
from analysis.pooling.kept import pools_file, read_pools
from analysis.study import load_study
from geo.language import speak
from report.estate_filter import list_file_name
from report.estate_list import (
    Asked,
    doubts,
    estate_rows,
    estate_words,
    matching,
    totals,
)
from report.estate_sheet import estate_sheet
from report.estate_workbook import write_estate_list
from report.palette import VERDICTS
from tests.analysis.toy_study import area, box, estate, facility, spot, toy_study, write_study
from ui import kept
from ui.provision.estates import LIST
from ui.studies import ENVIRONMENT, fingerprint

CSS = Path(__file__).resolve().parents[2] / "ui" / "page_style.css"
FORMULA = "=1+1"


def home(
    id_: str, x: float, households: float | None, own: float | None, **more: object
) -> dict[str, Any]:
    """Return a built estate of the street 东街 with its own care rooms in use."""
    told = {
        "name": f"小区 {id_}", "street": "东街", "community": "一社区", "kind": "built",
        "care_floor_area_m2": own, "care_area_basis": "building", "care_status": "operating",
        "completed_on": "2010-05-01",
    }  # fmt: skip
    return dict(estate(id_, spot(x, 0), households), **{**told, **more})


# r1 owes 250 m² and has 180; r2 owes 100 and has none; r3 has all its 20; of r4 nobody knows the
# households; r5 says nothing of its rooms. f1 has 220 m² that are nobody's.
ROWS = {
    "residential": [
        home("r1", 100, 1250, 180.0, completed_on="2016-05-01"),
        home("r2", 150, 500, 0.0, name=HOSTILE),
        home("r3", 200, 100, 20.0, name=FORMULA, street="西街", kind="new",
             completed_on="2014-01-01", conditions_on="2012-01-01"),
        home("r4", 250, None, 50.0, street="西街"),
        home("r5", 300, 100, None, completed_on=None),
    ],
    "facilities": [facility("f1", spot(0, 0), status="operating", floor_area_m2=220.0)],
    "boundaries": [area("b1", "street", box(-100, -500, 1000, 500))],
}  # fmt: skip


def page() -> None:
    """Open the page itself; Streamlit runs the text of this function alone."""
    import streamlit  # noqa: PLC0415

    from geo.language import speak  # noqa: PLC0415
    from ui.views import provision  # noqa: PLC0415

    streamlit.session_state.setdefault("language", "zh")
    speak(streamlit.session_state["language"])
    provision.show()


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("provision")
    layers: dict[str, Any] = ROWS
    return write_study(toy_study(folder, **layers), folder / "files")


@pytest.fixture(scope="module")
def found(study: Path) -> Evaluation:
    return evaluate(load_study(study), draw="when asked")


@pytest.fixture
def opened(study: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    monkeypatch.setenv(ENVIRONMENT, str(study))
    yield AppTest.from_function(page, default_timeout=60)
    pools_file(study).unlink(missing_ok=True)
    kept._made_slot.clear()  # noqa: SLF001 - of a study that is gone
    speak("zh")


def texts(opened: AppTest) -> list[str]:
    assert not opened.exception
    return [element.value for element in opened.text]


def listed(opened: AppTest) -> list[str]:
    return opened.dataframe[0].value["编号"].to_list()


def button(opened: AppTest, label: str):  # noqa: ANN201 - AppTest's own
    return next(each for each in opened.button if each.label == label)


def strip(opened: AppTest, key: str):  # noqa: ANN201
    return next(each for each in opened.get("button_group") if key in str(each.key))


def one(opened: AppTest, label: str):  # noqa: ANN201
    return next(each for each in opened.selectbox if each.label == label)


# --- the list, by hand ---------------------------------------------------------------------------


def test_the_list_has_every_estate_the_most_lacking_first(found: Evaluation) -> None:
    rows = estate_rows(found)
    assert rows["residential_id"].to_list() == ["r2", "r1", "r3", "r4", "r5"]
    assert rows["verdict"].to_list() == ["short", "short", "met", "unknown", "unknown"]
    assert rows["deficit_m2"].head(3).to_list() == pytest.approx([100, 70, 0])


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        (Asked(), ["r2", "r1", "r3", "r4", "r5"]),
        (Asked(verdicts=("short", "met")), ["r2", "r1", "r3"]),
        (Asked(street="西街"), ["r3", "r4"]),
        (Asked(kind="new"), ["r3"]),
        (Asked(cohort="since"), ["r1", "r3"]),
        (Asked(cohort="before"), ["r2", "r4"]),
        (Asked(cohort="unknown"), ["r5"]),
        (Asked(lacking=True), ["r2", "r1"]),
        (Asked(name=" R1"), ["r1"]),
        (Asked(name="<IMG"), ["r2"]),
        (Asked(scope="out"), []),
        (Asked(scope="all", street="东街", lacking=True, cohort="since"), ["r1"]),
    ],
)
def test_the_filters_narrow_what_is_listed(
    found: Evaluation, asked: Asked, ids: list[str]
) -> None:
    assert matching(estate_rows(found), asked)["residential_id"].to_list() == ids


def test_the_sums_say_of_how_many(found: Evaluation) -> None:
    # Needs: 250 + 100 + 20 + 20, of r4 unknown; own: 180 + 0 + 20 + 50, of r5 unknown.
    assert list(map(str, totals(estate_rows(found)))) == [
        "应配合计 390.0 ㎡（4 个已知，1 个不明）",
        "已配合计 250.0 ㎡（4 个已知，1 个不明）",
        "缺口合计 170.0 ㎡（3 个已知，2 个不明）",
    ]


def test_the_sums_say_how_much_rests_on_households_in_doubt(found: Evaluation) -> None:
    rows = estate_rows(found)
    assert doubts(rows) == []
    doubted = rows.assign(reasons=rows["reasons"].mask(rows["residential_id"].eq("r2"),
                                                       "households_doubtful"))  # fmt: skip
    assert list(map(str, doubts(doubted))) == [
        "其中 100 平方米来自户数存疑的 1 个小区，核实后可能变小"
    ]


def test_the_workbook_is_what_is_listed_and_no_text_is_a_formula(
    found: Evaluation, tmp_path: Path
) -> None:
    rows = matching(estate_rows(found), Asked(verdicts=("met", "unknown")))
    asked = Asked(verdicts=("met", "unknown"))
    write_estate_list(found, rows, tmp_path / "list.xlsx", asked=asked)
    book = openpyxl.load_workbook(io.BytesIO((tmp_path / "list.xlsx").read_bytes()))
    sheet = book["小区配建清单"]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    table = estate_words(found, rows)
    assert cells[0] == ["序号", *table.columns]
    assert [(row[0], row[-1]) for row in cells[1:]] == [(1, "r3"), (2, "r4"), (3, "r5")]
    name = sheet.cell(2, 3)
    assert (name.value, name.data_type, name.quotePrefix) == (FORMULA, "s", True)
    assert [row[3] for row in cells[1:]] == [100, None, 100]
    about = [(row[0].value, row[1].value) for row in book["说明"].iter_rows()]
    assert ("筛选条件", "核查范围内；结论：达标、无法判定") in about
    assert ("小区个数", "3") in about
    # 20 + 20 m² are owed by r3 and r5; of r4 nobody knows.
    assert ("合计", "应配合计 40.0 ㎡（2 个已知，1 个不明）") in about
    assert any(label == "依据条款" and "每百户" in str(text) for label, text in about)


def test_every_estate_that_falls_short_says_what_it_lacks(found: Evaluation) -> None:
    table = estate_words(found, estate_rows(found)).set_index("编号")
    assert table["问题原因"].to_dict() == {
        "r1": "养老用房面积不足", "r2": "没有可计入的养老用房", "r3": "",
        "r4": "户数不明", "r5": "养老用房面积不明",
    }  # fmt: skip
    # What only warns, or tells how a figure came about, stands beside it.
    assert table.loc["r3", "提示"] == "义务日期早于首个已知规则，按已建成核查；单处面积偏小（提示）"


def test_the_file_is_called_by_what_was_asked_for() -> None:
    asked = Asked(verdicts=("short",), street="东/街")
    assert list_file_name("研究", LIST, asked) == "研究-小区配建清单-东_街-不达标"
    assert list_file_name("研究", LIST, Asked()) == "研究-小区配建清单"


def test_the_sheet_says_what_is_missing_and_who_has_it(found: Evaluation) -> None:
    sheet = estate_sheet(found, "r4")
    assert sheet is not None
    text = sheet.text()
    assert "计算：应配面积算不出；无法判定，待补：户数\r\n" in text
    assert "待补：户数（一般由住建（房管）部门或街道提供，以当地分工为准）" in text
    assert "—" not in text.replace("——", "")


def test_a_new_estate_judged_as_built_says_why(found: Evaluation) -> None:
    sheet = estate_sheet(found, "r3")
    assert sheet is not None
    duty = next(str(told) for label, told in sheet.facts if str(label) == "配建义务日期")
    # The first rule for new estates in the packs is of 25 August 2023.
    assert duty == (
        "2012-01-01（规划条件）；早于所依据的规定中最早的新建小区配建规则（2023-08-25 起施行），"
        "当时适用哪条规则不掌握，所以按已建成小区的标准核查"
    )


def test_the_sheet_shows_the_calculation_the_clause_and_the_dates(found: Evaluation) -> None:
    sheet = estate_sheet(found, "r1")
    assert sheet is not None
    text = sheet.text()
    assert text.startswith("\ufeff小区配建核查单：小区 r1\r\n")
    assert "计算：1,250户×0.2=250㎡；已配180㎡；缺70㎡" in text
    assert "日期依据：竣工 2016-05-01，列入2014年以来的清查" in text
    assert "residential.gpkg 第 1 行（编号 r1）小区 r1：建筑面积 180 ㎡，可计 180 ㎡" in text
    assert "问题原因：养老用房面积不足" in text
    assert "算式" not in text
    assert "配建义务日期" not in text
    assert "赤政办发〔2023〕42号" in text
    assert "「新建和已建成住宅小区按照每百户" in text
    assert "配建结论：不达标" in text
    assert estate_sheet(found, "r9") is None
    unknown = estate_sheet(found, "r5")
    assert unknown is not None
    assert "日期依据：没有竣工、交付、规划条件、出让或许可日期" in unknown.text()
    assert "（编号 r5）小区 r5：建筑面积 不明，可计 不明\r\n" in unknown.text()


def test_the_strip_has_the_colours_of_the_map() -> None:
    css = CSS.read_text(encoding="utf-8")
    for at, code in enumerate(["met", "met_pooled", "short", "unknown"], start=1):
        rule = f"button:nth-of-type({at})::before {{ background: {VERDICTS[code].fill};"
        assert rule in css


# --- the page ------------------------------------------------------------------------------------


def test_a_clerk_narrows_the_list_and_opens_a_sheet(opened: AppTest) -> None:
    opened.run()
    assert listed(opened) == ["r2", "r1", "r3", "r4", "r5"]
    assert any(text.startswith("显示 5 个，共 5 个小区；应配合计") for text in texts(opened))
    html = "".join(str(element.proto.body) for element in opened.get("html"))
    assert "33.3%" in html  # one of three with a verdict
    assert "达标 / 有结论：1 / 3" in html
    assert HOSTILE not in html
    assert not any(HOSTILE in element.value for element in opened.markdown)
    strip(opened, "verdict strip").set_value(["short"]).run()
    assert listed(opened) == ["r2", "r1"]
    assert any("缺口合计 170.0 ㎡（2 个已知，0 个不明）" in text for text in texts(opened))
    button(opened, "下一个").click().run()
    button(opened, "下一个").click().run()
    assert "第 2 个，共 2 个" in texts(opened)
    assert "1,250户×0.2=250㎡；已配180㎡；缺70㎡" in texts(opened)  # the card follows
    button(opened, "核查单").click().run()
    assert "竣工 2016-05-01，列入2014年以来的清查" in texts(opened)


def test_a_filter_lets_go_of_an_estate_it_takes_away(opened: AppTest, study: Path) -> None:
    opened.run()
    chosen = f"chosen {fingerprint(study)[:16]}"
    opened.session_state[chosen] = {"layer": "estates", "id": "r1"}  # of 东街
    opened.run()
    assert "第 2 个，共 5 个" in texts(opened)
    one(opened, "街道").set_value("西街").run()
    assert listed(opened) == ["r3", "r4"]
    assert opened.session_state[chosen] is None
    # Chosen on the map afterwards, it stays although it is not listed.
    opened.session_state[chosen] = {"layer": "estates", "id": "r1"}
    opened.run()
    assert opened.session_state[chosen] == {"layer": "estates", "id": "r1"}


def test_the_list_steps_in_the_order_that_is_chosen(opened: AppTest) -> None:
    opened.run()
    one(opened, "排序").set_value("households").run()
    assert listed(opened) == ["r1", "r2", "r3", "r5", "r4"]  # r4's are unknown
    button(opened, "下一个").click().run()
    assert "第 1 个，共 5 个" in texts(opened)
    assert "1,250户×0.2=250㎡；已配180㎡；缺70㎡" in texts(opened)
    one(opened, "排序").set_value("street").run()
    assert listed(opened) == ["r2", "r1", "r5", "r3", "r4"]


def test_what_is_chosen_on_the_map_is_chosen_in_the_list(opened: AppTest, study: Path) -> None:
    content = fingerprint(study)[:16]
    opened.session_state[f"chosen {content}"] = {"layer": "estates", "id": "r3"}
    opened.run()
    assert opened.session_state[f"estate list {content}"]["selection"]["rows"] == [2]
    assert "第 3 个，共 5 个" in texts(opened)


def test_a_pool_is_confirmed_and_taken_back(opened: AppTest, study: Path) -> None:
    opened.session_state["provision part"] = "pools"
    opened.run()
    proposals = opened.dataframe[0].value
    assert proposals["设施或备选点"].to_list() == ["care f1"]
    key = f"pool list {fingerprint(study)[:16]} 1"
    opened.session_state[key] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    opened.run()
    button(opened, "确认统筹").click().run()
    assert any("不是日期，没有保存" in text for text in texts(opened))
    told = {"统筹组名称": "甲组", "确认的文件": "纪要3号", "确认日期": "2025年6月1日"}
    for label, text in told.items():
        next(each for each in opened.text_input if each.label == label).set_value(text)
    button(opened, "确认统筹").click().run()
    assert any("统筹组“甲组”已确认，记在 toy.pools.toml" in text for text in texts(opened))
    (pool,) = read_pools(study)
    # The 180 m² of r1's ledger may be among f1's 220: those that are surely new cure r2 alone.
    assert (pool.estates, pool.facilities) == (("r2",), ("f1",))
    html = "".join(str(element.proto.body) for element in opened.get("html"))
    assert "达标 / 有结论：2 / 3" in html
    button(opened, "撤销刚才的保存").click().run()
    assert not pools_file(study).exists()
    assert "达标 / 有结论：1 / 3" in "".join(
        str(element.proto.body) for element in opened.get("html")
    )


def test_the_calculator_says_the_sentence_or_one_refusal(opened: AppTest) -> None:
    opened.session_state["provision part"] = "parcel"
    opened.run()

    def fill(label: str, text: str) -> None:
        next(each for each in opened.text_input if each.label == label).set_value(text).run()

    fill("规划住宅户数", "一千二百五十户")
    assert opened.code[0].value.startswith("该地块规划住宅 1250 户，按照每百户不少于20平方米")
    assert "建筑面积不少于250.00平方米" in opened.code[0].value
    assert len(opened.code) == 1
    fill("规划住宅户数", "很多")
    assert not opened.code
    assert any("户数“很多”不合要求" in text for text in texts(opened))
    fill("规划住宅户数", "100")
    place = load_study_place()
    fill("经度（可不填）", f"{place[0]:.6f}")
    assert any("不是经度或纬度" in text for text in texts(opened))
    fill("纬度（可不填）", f"{place[1]:.6f}")
    # 20 + 100 + 70 = 190 m²: all neighbours together make no room of 350 m².
    assert "2 个小区全部统筹，合计 190.00 平方米" in opened.code[1].value
    assert isinstance(opened.dataframe[0].value, pd.DataFrame)


def load_study_place() -> tuple[float, float]:
    """Return longitude and latitude of a spot on the toy's street."""
    import geopandas as gpd  # noqa: PLC0415 - for this alone

    from tests.conftest import METRIC  # noqa: PLC0415

    point = gpd.GeoSeries([spot(120, 0)], crs=METRIC).to_crs("EPSG:4326").iloc[0]
    return float(point.x), float(point.y)
