"""A form that came back: every value that is written in it is taken, or told with the reason."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely

from analysis.filling import with_filled
from analysis.placing.by_hand import place_by_hand
from analysis.study import load_study
from geo.errors import LayerError
from geo.findings import Finding
from geo.layers import Layer
from report.data.data_report import DataReport, gathered, report_on_file, report_on_study_file
from report.data.filling import Answers, answers_in
from report.data.form import write_form
from tests.analysis.toy_study import area, estate, facility, spot, toy_study, write_study
from tests.test_cli_names import run

HEAD = "小区名称,街道,户数,建设类型,养老用房面积,经度,纬度\n"
FIRST = "甲苑,新城,,已建成,,118.91234,42.21234\n"
SECOND = "乙苑,新城,,已建成,,118.92345,42.22345\n"
THIRD = "丙苑,新城,300,已建成,50,,\n"


def report(folder: Path, *rows: str, layer: str = "residential") -> DataReport:
    (folder / "台账.csv").write_text(HEAD + "".join(rows), encoding="utf-8")
    return gathered("x", [report_on_file(folder / "台账.csv", layer, coordinates="wgs84")])


def form(data: DataReport, path: Path, *answers: dict[str, Any]) -> Path:
    """Return a form with cells typed: each a row by `at`, and values by heading."""
    write_form(data, path)
    book = openpyxl.load_workbook(path)
    page = book["小区"]
    headings = [str(cell.value).removesuffix("（必填）") for cell in page[1]]
    for answer in answers:
        for heading, value in answer.items():
            if heading != "at":
                page.cell(answer["at"], headings.index(heading) + 1).value = value
    book.save(path)
    return path


def back(folder: Path, *answers: dict[str, Any]) -> Answers:
    data = report(folder, FIRST, SECOND, THIRD)
    return answers_in(form(data, folder / "补.xlsx", *answers), data)


def where(findings: tuple[Finding, ...]) -> list[tuple[str, int | None, str, str]]:
    return [(f.file, f.row, f.column, f.value) for f in findings]


def values(answers: Answers, column: str = "households") -> list[tuple[str, str]]:
    return [(cell.name, cell.value) for cell in answers.cells if cell.column == column]


def test_a_row_without_its_id_is_known_by_its_name_and_said(tmp_path: Path) -> None:
    answers = back(tmp_path, {"at": 2, "编号": None, "户数": 120})
    assert values(answers) == [("甲苑", "120")]
    assert answers.findings == ()
    (told,) = answers.told
    assert (told.row, told.value) == (2, "甲苑")
    assert "没有编号" in str(told.message)


def test_a_row_added_at_the_bottom_is_told_value_by_value(tmp_path: Path) -> None:
    answers = back(tmp_path, {"at": 2, "户数": 120}, {"at": 9, "小区名称": "新苑", "户数": 90})
    assert values(answers) == [("甲苑", "120")]
    assert where(answers.findings) == [
        ("补.xlsx", 9, "小区名称", "新苑"), ("补.xlsx", 9, "户数", "90"),
    ]  # fmt: skip


def test_what_cannot_be_read_is_told_by_the_row_of_the_form(tmp_path: Path) -> None:
    answers = back(tmp_path, {"at": 2, "户数": -5}, {"at": 3, "户数": "很多"})
    assert values(answers) == []
    assert where(answers.findings) == [
        ("补.xlsx", 2, "户数", "-5"), ("补.xlsx", 3, "户数", "很多"),
    ]  # fmt: skip


def test_exchanged_degrees_are_told_plainly_and_take_no_other_along(tmp_path: Path) -> None:
    others = (THIRD.replace("丙苑", "丁苑"), THIRD.replace("丙苑", "戊苑"))
    data = report(tmp_path, FIRST, SECOND, THIRD, *others)
    path = form(data, tmp_path / "补.xlsx", {"at": 4, "经度": 42.2822, "纬度": 118.9431},
                {"at": 5, "经度": 118.9, "纬度": 42.2},
                {"at": 6, "经度": 42.2832, "纬度": 118.9441})  # fmt: skip
    answers = answers_in(path, data)
    assert values(answers, "longitude") == [("丁苑", "118.9")]
    assert [(f.file, f.row) for f in answers.findings] == [("补.xlsx", 4), ("补.xlsx", 6)]
    for told in answers.findings:
        assert "请把经度、纬度对调" in str(told.line())
        assert "：：" not in str(told.line())


def test_a_value_read_otherwise_is_told_as_what(tmp_path: Path) -> None:
    answers = back(tmp_path, {"at": 2, "户数": "大概360户"}, {"at": 3, "户数": 360})
    assert values(answers) == [("甲苑", "大概360户"), ("乙苑", "360")]
    (told,) = answers.told
    assert (told.severity, told.row, told.value) == ("info", 2, "大概360户")
    assert "360" in str(told.message)
    data = report(tmp_path, FIRST, SECOND, THIRD)
    layer = Layer(data.layers[0].ledger, ())  # type: ignore[arg-type]
    after = with_filled({"residential": layer}, answers.cells)["residential"].findings
    assert [str(f.message) for f in after] == [
        "按 补.xlsx 补为“大概360户”，读作“360”。", "按 补.xlsx 补为“360”。",
    ]  # fmt: skip


def test_what_the_form_still_lacks_is_counted(tmp_path: Path) -> None:
    data = report(tmp_path, FIRST, SECOND, THIRD)
    asked = write_form(data, tmp_path / "补.xlsx")
    answers = back(tmp_path, {"at": 2, "户数": 120}, {"at": 3, "户数": -5})
    assert answers.left == asked - 1


def test_another_street_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = form(report(tmp_path, FIRST, SECOND), tmp_path / "补.xlsx", {"at": 2, "户数": 5})
    with pytest.raises(LayerError) as refusal:
        answers_in(path, report(tmp_path, THIRD))
    assert len(refusal.value.messages) == 1
    assert "别的街道" in str(refusal.value.messages[0])


def placed_study(folder: Path) -> Path:
    """Give a study of an estate without street and facilities without a place."""
    (west, south), (east, north) = spot(-500, -500).coords[0], spot(1000, 1000).coords[0]
    street = area("b1", "street", shapely.box(west, south, east, north), name="桥北街道")
    rows = [facility("f1", spot(0, 0)), facility("f2", None, name="乙站"),
            facility("f3", None, name="丙站")]  # fmt: skip
    estates = [estate("r1", spot(100, 0), name="甲苑"), estate("r2", None, name="乙苑")]
    return write_study(
        toy_study(folder, residential=estates, boundaries=[street], facilities=rows), folder
    )


def test_coordinates_of_a_row_that_was_placed_meanwhile_are_told(tmp_path: Path) -> None:
    study = placed_study(tmp_path)
    data = report_on_study_file(study)
    path = form(data, tmp_path / "补.xlsx", {"at": 2, "街道": "新城街道"})
    lon, lat = load_study(study).layers["residential"].to_crs(4326).geometry.iloc[0].coords[0]
    book = openpyxl.load_workbook(path)
    page = book["小区"]
    headings = [cell.value for cell in page[1]]
    row = next(r for r in range(2, 9) if page.cell(r, headings.index("编号") + 1).value == "r2")
    for heading, value in (("经度", lon), ("纬度", lat), ("街道", "新城街道")):
        page.cell(row, headings.index(heading) + 1).value = value
    book.save(path)
    place_by_hand(study, "residential", "r2", lon, lat)
    answers = answers_in(path, report_on_study_file(study, filled=()))
    told = [f for f in answers.findings if "已有位置" in str(f.message)]
    assert [(f.row, f.column) for f in told] == [(row, "经度"), (row, "纬度")]
    # Its street, asked for then, is known now from where it lies: what is written stands above.
    assert ("乙苑", "新城街道") in values(answers, "street")
    doubts = [f for f in answers.told if f.severity == "warning"]
    assert [(f.row, f.column) for f in doubts if f.row == row] == [(row, "街道")]
    assert all("“新城街道”" in str(f.message) and "“桥北街道”" in str(f.message) for f in doubts)


def test_a_table_of_addresses_is_no_form_and_the_others_are_taken_in(tmp_path: Path) -> None:
    study = placed_study(tmp_path)
    run("place", study, "--out", tmp_path / "地址表.xlsx")
    run("form", study, "--out", tmp_path / "补.xlsx")
    said = run("fill", study, tmp_path / "地址表.xlsx", tmp_path / "补.xlsx", code=1)
    assert "补.xlsx：采用 0 个单元格，没有采用 0 处" in said


def test_where_the_area_is_asked_its_basis_and_status_are_asked_with_it(tmp_path: Path) -> None:
    def asked(*homes: dict[str, Any], assume: str = "") -> dict[str, set[str]]:
        folder = tmp_path / str(len([*tmp_path.iterdir()]))
        folder.mkdir()
        study = write_study(toy_study(folder, residential=[*homes]), folder)
        study.write_text(study.read_text(encoding="utf-8") + assume, encoding="utf-8")
        (layer,) = [each for each in report_on_study_file(study).layers
                    if each.layer == "residential"]  # fmt: skip
        of_care = layer.missing[layer.missing["column"].str.startswith("care_")]
        return {str(id_): {*rows["column"]} for id_, rows in of_care.groupby("id")}

    three = {"care_floor_area_m2", "care_area_basis", "care_status"}
    nothing = estate("r1", spot(0, 0), care_floor_area_m2=None)
    area_alone = estate("r2", spot(9, 0), care_floor_area_m2=90.0)
    idle = estate("r3", spot(9, 9), care_floor_area_m2=None, care_status="misused")
    none_there = estate("r4", spot(0, 9), care_floor_area_m2=0.0)
    found = asked(nothing, area_alone, idle, none_there)
    assert found == {"r1": three, "r2": three - {"care_floor_area_m2"}}
    settled = '[assume]\ncare_area_basis = "building"\ncare_status = "operating"\n'
    assert asked(nothing, area_alone, assume=settled) == {"r1": {"care_floor_area_m2"}}
