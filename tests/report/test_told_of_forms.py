"""What is told of a cell of a form is what is true of that cell, in the words of its column."""

from pathlib import Path

from report.data.filling import answers_in
from tests.report.test_forms_back import FIRST, back, form, report


def test_each_refused_cell_of_a_row_is_told_the_words_of_its_own_column(tmp_path: Path) -> None:
    data = report(tmp_path, FIRST.replace("已建成", ""))
    typed = {"建设类型": "待定", "面积口径": "待定", "养老用房状态": "待定"}
    path = form(data, tmp_path / "补.xlsx", {"at": 2, **typed})
    findings = answers_in(path, data).findings
    told = {f.column: str(f.remedy) for f in findings}
    assert [f.value for f in findings] == ["待定"] * 3
    assert "新建" in told["建设类型"]
    assert "使用面积" in told["面积口径"]
    assert "运营" in told["养老用房状态"]
    assert "新建" not in told["面积口径"] + told["养老用房状态"]


def test_one_place_with_both_figures_wrong_is_told_by_each(tmp_path: Path) -> None:
    answers = back(tmp_path, {"at": 4, "经度": "不知", "纬度": "不知"})
    assert [(f.column, f.value) for f in answers.findings] == [("经度", "不知"), ("纬度", "不知")]


def test_a_reading_that_is_doubted_is_told_to_whoever_takes_the_form_in(tmp_path: Path) -> None:
    answers = back(tmp_path, {"at": 2, "户数": "3.5万", "建成年份": 15})
    told = [(f.severity, f.column, str(f.message)) for f in answers.told]
    assert ("warning", "户数", "读作 35000，请核对。") in told
    assert ("warning", "建成年份", "年份只写了两位，读作 2015-12-31，请核对。") in told
