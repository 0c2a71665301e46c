"""Every undecided estate stands on the form with what it needs; the decided are told so.

Each fills in what was asked, and the check then decides.
"""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from analysis.evaluation import evaluate
from analysis.explaining.explained_place import ToldRooms
from analysis.provision.check import Provision
from analysis.study import load_study
from report.briefing.content import Briefing
from report.briefing.estates import UNKNOWN
from report.data.data_report import DataReport, report_on_study, report_on_study_file
from report.data.form import STANDING, write_form
from report.data.layer_report import LayerReport
from report.data.undecided import _standing
from tests.analysis.toy_study import area, box, estate, facility, spot, toy_study, write_study
from tests.test_cli_names import run

OWN = {"street": "新城街道", "care_area_basis": "building", "care_status": "operating",
       "care_floor_area_m2": 0.0, "completed_on": pd.Timestamp("2010-05-01")}


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Give estates that need 50 m² each: usable area, two ledgers, nothing told, a facility's."""
    homes = [
        estate("u", spot(100, 0), 250, **{**OWN, "care_floor_area_m2": 70.0,
                                          "care_area_basis": "usable"}),
        estate("c", spot(200, 0), 250, **{**OWN, "care_floor_area_m2": 50.0}),
        estate("n", spot(300, 0), 250, **{**OWN, "care_floor_area_m2": None}),
        estate("d", spot(400, 0), 250, **{**OWN, "care_floor_area_m2": None}),
        estate("p1", spot(500, 0), 100, name="百柳公馆一期", project_id="P", phase="一期", **OWN),
        estate("p2", spot(550, 0), 150, name="百柳公馆二期", project_id="P", phase="二期",
               **{**OWN, "care_floor_area_m2": None}),
    ]  # fmt: skip
    facilities = [
        facility("f1", spot(5, 0), status="operating", floor_area_m2=10.0, serves="c", beds=0.0),
        facility("f2", spot(9, 0), status="operating", floor_area_m2=80.0, serves="d"),
        facility("f3", spot(9, 9), "canteen", status="operating", floor_area_m2=80.0),
    ]
    areas = [area("s1", "street", box(-100, -500, 1000, 500), name="新城街道")]
    made = toy_study(tmp_path, residential=homes, facilities=facilities, boundaries=areas)
    return write_study(made, tmp_path / "files")


def of_layer(data: DataReport, name: str) -> LayerReport:
    return next(each for each in data.layers if each.layer == name)


def test_each_undecided_estate_is_asked_for_what_it_needs(study: Path) -> None:
    missing = of_layer(report_on_study_file(study), "residential").missing
    why = {str(row["id"]): str(row["why"]) for row in missing.to_dict("records")}
    assert why == {
        "u": "无法判定，需：养老用房建筑面积（台账只有使用面积）",
        "c": "无法判定，需：核实养老用房面积：小区台账 50 ㎡，设施台账 10 ㎡；"
             "设施台账有误的，同时更正设施台账",
        "n": "无法判定，需：养老用房建筑面积",
        "d": "结论已定（达标），补齐后更准",
        "p2": "与“百柳公馆（一、二期）”一并核查；无法判定，需：养老用房建筑面积",
    }  # fmt: skip
    cells = {(row["id"], row["column"]): row["was"] for row in missing.to_dict("records")}
    assert cells["u", "care_floor_area_m2"] == "70"
    assert cells["u", "care_area_basis"] == "使用面积"
    assert cells["c", "care_floor_area_m2"] == "50"
    assert ("c", "care_area_basis") not in cells  # that is told, and not in doubt
    study_read = load_study(study)
    again = of_layer(report_on_study(study_read), "residential").missing
    assert again.drop(columns="why").equals(missing.drop(columns="why"))


def test_beds_are_asked_wherever_they_are_added_up(study: Path) -> None:
    missing = of_layer(report_on_study_file(study), "facilities").missing
    beds = missing[missing["column"].eq("beds")]["id"].tolist()
    assert beds == ["f2"]  # f1 has none and says so; nobody sleeps in a canteen


def test_what_comes_back_decides_and_is_asked_no_more(study: Path, tmp_path: Path) -> None:
    path = tmp_path / "补.xlsx"
    write_form(report_on_study_file(study), path)
    book = openpyxl.load_workbook(path)
    page = book["小区"]
    heads = {str(cell.value).removesuffix("（必填）"): cell.column for cell in page[1]}
    assert str(STANDING) in heads
    told: dict[str, Any] = {"u": ("养老用房面积", 90, "面积口径", "建筑面积"),
                            "c": ("养老用房面积", 10), "n": ("养老用房面积", 20)}  # fmt: skip
    for row in range(2, page.max_row + 1):
        answers = told.get(str(page.cell(row, heads["编号"]).value), ())
        for heading, value in zip(answers[::2], answers[1::2], strict=True):
            assert page.cell(row, heads[heading]).value is None  # asked back: left empty
            page.cell(row, heads[heading]).value = value
    book.save(path)
    said = run("fill", study, path)
    assert "采用 4 个单元格，没有采用 0 处" in said
    check = evaluate(load_study(study), draw="when asked").provision
    verdicts = dict(zip(check["residential_id"], check["verdict"], strict=True))
    # 90 ≥ 50; both say 10 < 50; 20 < 50; 80 ≥ 50 by the facility; one phase is still unknown.
    assert verdicts == {"u": "met", "c": "short", "n": "short", "d": "met", "p1": "unknown",
                        "p2": ""}  # fmt: skip
    left = of_layer(report_on_study_file(study), "residential").missing
    assert {"d", "p2"} == {*left["id"]}


def test_what_no_cell_of_an_estate_can_settle_asks_for_its_own_rooms() -> None:
    # Undecided for what its facilities leave open alone: 10 m² that may be its own or another's.
    check = Provision(pd.DataFrame([{"residential_id": "x", "in_scope": True, "verdict": "unknown",
                                     "reasons": "planned_only"}]), ())  # fmt: skip
    rooms = ToldRooms.from_check(None, None, check, on=date(2025, 12, 31), assume=None)
    ((_, standing),) = _standing(check, rooms, {})
    assert standing.columns == {"care_floor_area_m2": True}
    assert str(standing.told) == "无法判定，需：核对台账所列的户数、面积和日期"


def test_no_undecided_estate_of_the_city_is_left_out(briefing: Briefing) -> None:
    evaluation = briefing.evaluation
    missing = of_layer(report_on_study(evaluation.study), "residential").missing
    layer = evaluation.study.layers["residential"].reset_index(drop=True)
    project = evaluation.detail.check.project
    asked = {layer.loc[project[at], "id"] for at in missing["at"]}
    assert {*briefing.tables[UNKNOWN].rows["residential_id"]} <= asked
    assert {"r37", "r145", "r375", "r237", "r281", "r456", "r491", "r599"} <= {*missing["id"]}
    decided = missing[missing["why"].map(str).str.contains("结论已定")]
    assert missing["why"].map(str).ne("").all()
    assert 0 < decided["id"].nunique() < missing["id"].nunique()
