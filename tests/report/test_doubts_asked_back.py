"""Doubtful cells are asked back, corrections are taken; nothing in a form disappears unsaid."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from analysis.filling import with_filled
from geo.layers import Layer, read_layer
from report.data.data_report import DataReport, gathered, report_on_file
from report.data.filling import Answers, answers_in
from report.data.form import write_form
from report.data.layer_report import LayerReport, report_on_layer

LEDGER = (
    "小区名称,户数,建设类型,养老用房面积,经度,纬度\n"
    "甲苑,48000,已建成,20,118.91234,42.21234\n"
    "乙苑,,已建成,20,42.22345,118.92345\n"
    "丙苑,300,已建成,20,118.93456,42.23456\n"
)


def report(folder: Path) -> DataReport:
    (folder / "台账.csv").write_text(LEDGER, encoding="utf-8")
    return gathered("x", [report_on_file(folder / "台账.csv", "residential", coordinates="wgs84")])


def form(data: DataReport, path: Path) -> tuple[Any, Any, dict[str, int]]:
    write_form(data, path)
    book = openpyxl.load_workbook(path)
    page = book["小区"]
    return book, page, {str(c.value).removesuffix("（必填）"): c.column for c in page[1]}


def row_of(page: Any, heads: dict[str, int], name: str) -> int:  # noqa: ANN401 - of openpyxl
    return next(row for row in range(2, page.max_row + 1)
                if page.cell(row, heads["小区名称"]).value == name)  # fmt: skip


def back(folder: Path, name: str, **typed: object) -> Answers:
    data, path = report(folder), folder / "补.xlsx"
    book, page, heads = form(data, path)
    for column, value in typed.items():
        page.cell(row_of(page, heads, name), heads[column]).value = value
    book.save(path)
    return answers_in(path, data)


def filled(folder: Path, answers: Answers) -> Layer:
    layer = read_layer(folder / "台账.csv", "residential", coordinates="wgs84")
    return with_filled({"residential": layer}, answers.cells)["residential"]


def told(layer: Layer) -> LayerReport:
    return report_on_layer(layer, "residential", file="台账.csv")


def test_a_doubtful_cell_is_asked_with_what_it_says(tmp_path: Path) -> None:
    _, page, heads = form(report(tmp_path), tmp_path / "补.xlsx")
    row = row_of(page, heads, "甲苑")
    # Left empty: a form that nobody looked at confirms nothing.
    assert page.cell(row, heads["户数"]).value is None
    assert "户数" in page.cell(row, heads["待补的列（不用填）"]).value
    assert "户数：48000（存疑，请改正或照填）" in page.cell(row, heads["原文（不用填）"]).value


def test_a_correction_is_taken_and_settles_the_doubt(tmp_path: Path) -> None:
    answers = back(tmp_path, "甲苑", 户数="480")
    assert [(c.name, c.value, c.was) for c in answers.cells] == [("甲苑", "480", "48000")]
    after = filled(tmp_path, answers)
    assert after.frame.set_index("name").loc["甲苑", "households"] == 480
    assert not [f for f in after.findings if "疑似有误" in str(f.message)]
    (change,) = [each for each in told(after).noticed if each.kind == "filled"]
    assert str(change.finding.message) == "按 补.xlsx 改为“480”。"
    assert (change.finding.row, change.finding.value) == (2, "48000")
    assert "甲苑" not in [*told(after).missing.query("column == 'households'")["name"]]


def test_what_is_confirmed_is_asked_no_more(tmp_path: Path) -> None:
    answers = back(tmp_path, "甲苑", 户数="48000")
    assert answers.told == ()
    after = filled(tmp_path, answers)
    assert after.frame.set_index("name").loc["甲苑", "households"] == 48_000
    assert not [f for f in after.findings if "疑似有误" in str(f.message)]
    assert not told(after).missing["doubt"].any()


def test_an_answer_that_cannot_be_read_leaves_the_doubt(tmp_path: Path) -> None:
    answers = back(tmp_path, "甲苑", 户数="很多")
    assert answers.cells == ()
    assert [(f.row, f.value) for f in answers.findings] == [(2, "很多")]


def test_a_ledger_that_was_mended_stands_above_an_older_answer(tmp_path: Path) -> None:
    answers = back(tmp_path, "甲苑", 户数="480")
    (tmp_path / "台账.csv").write_text(LEDGER.replace("48000", "490"), encoding="utf-8")
    assert filled(tmp_path, answers).frame["households"].iloc[0] == 490


def test_a_zero_and_a_number_too_large_are_said_when_they_come_in(tmp_path: Path) -> None:
    for value, words in (("0", "按非住宅小区不核查"), ("48000", "疑似有误")):
        answers = back(tmp_path, "乙苑", 户数=value)
        (warned,) = [f for f in answers.told if f.severity == "warning"]
        assert (warned.file, warned.row, warned.value) == ("补.xlsx", 3, value)
        assert words in str(warned.message)


def test_a_cured_position_is_faulty_no_more_and_both_cells_are_named(tmp_path: Path) -> None:
    answers = back(tmp_path, "乙苑", 经度="118°56′10″", 纬度="42.25")
    # 118 + 56/60 + 10/3600 = 118.936111
    assert "读作“118.936111”。" in [str(f.message) for f in answers.told]
    after = filled(tmp_path, answers)
    point = after.frame.geometry.iloc[1]
    assert (point.x, point.y) == pytest.approx((118.936111, 42.25), abs=1e-6)
    assert not [f for f in after.findings if "颠倒" in str(f.message)]
    done = [f for f in after.findings if "补为" in str(f.message)]
    assert [(f.row, f.column) for f in done] == [(3, "经度"), (3, "纬度")]
    assert {each.kind for each in told(after).noticed if each.finding in done} == {"filled"}


def test_both_figures_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    answers = back(tmp_path, "乙苑", 经度="不远", 纬度="也不远")
    assert [f.value for f in answers.findings] == ["不远", "也不远"]


def test_a_header_that_is_not_known_is_told_with_its_cells(tmp_path: Path) -> None:
    data, path = report(tmp_path), tmp_path / "补.xlsx"
    book, page, heads = form(data, path)
    page.cell(1, heads["户数"]).value = "住户数量"
    page.cell(row_of(page, heads, "乙苑"), heads["户数"]).value = 320
    book.save(path)
    answers = answers_in(path, data)
    (wrong,) = [f for f in answers.findings if "表头" in str(f.message)]
    assert wrong.severity == "error"
    at = heads["户数"]
    assert str(wrong.message) == (
        f"表头第 {at} 列“住户数量”不认识（原为“户数”），其下 1 格（第 3 行）没有采用。"
    )


def test_another_spelling_of_a_header_is_taken_and_said(tmp_path: Path) -> None:
    data, path = report(tmp_path), tmp_path / "补.xlsx"
    book, page, heads = form(data, path)
    page.cell(1, heads["户数"]).value = "总户数"
    page.cell(row_of(page, heads, "乙苑"), heads["户数"]).value = 320
    book.save(path)
    answers = answers_in(path, data)
    assert [c.value for c in answers.cells] == ["320"]
    assert "表头“总户数”按“户数”采用。" in [str(f.message) for f in answers.told]


def test_a_cell_not_asked_for_says_where_to_change_it(tmp_path: Path) -> None:
    (told_,) = back(tmp_path, "丙苑", 户数=310).findings
    assert "请改在台账第 4 行" in str(told_.message)
