"""A figure is printed in one way: shares as percentages, areas by one rule."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from geo.language import say
from report.briefing.content import Briefing, Column, Kind, Table
from report.data.sheets import Workbook
from report.figures import measure
from report.workbook.printed_sheet import add_table


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (34318.42, "34,318"), (1000.0, "1,000"), (999.996, "1,000"), (459.6, "459.6"),
        (195.09, "195.09"), (10.351, "10.35"), (1.0, "1"), (0.0384, "0.038"), (0.0, "0"),
        (-1200.6, "-1,201"), (float("nan"), "–"), (None, "–"), (400.0, "400"),
    ],
)  # fmt: skip
def test_an_area_is_whole_from_a_thousand_up(value: float | None, printed: str) -> None:
    assert measure(value) == printed


def test_shares_of_the_ledger_are_percentages(briefing: Briefing) -> None:
    table = briefing.tables["indicators"]
    told = {row[0]: row[1:] for row in table.texts(("name", "value", "target", "numerator"))}
    # 59 of 147 estates; every one is asked for.
    assert told["新建居住区配建达标率"] == ["40.1%", "100%", "59"]
    floor = told["每百户养老服务设施建筑面积（合计，不代表逐个小区达标）"]
    assert floor == ["10.35 ㎡/百户", "20 ㎡/百户", "29,830"]
    beside = {row[0]: row[1:] for row in table.texts(("name", "value", "unit"))}
    assert beside["新建居住区配建达标率"] == ["40.1%", "比例"]
    assert table.rows["value"].dtype == "float64"


def test_targets_and_ledger_say_the_same(briefing: Briefing) -> None:
    ledger = {row[0]: row[1:] for row in briefing.tables["indicators"].texts(
        ("name", "value", "target"))}  # fmt: skip
    told = briefing.tables["targets"].texts(("name", "value", "target"))
    assert len(told) > 10
    assert [row for row in told if ledger[row[0]] != row[1:]] == []


def test_the_sheet_shows_a_percentage_and_holds_a_number(
    tmp_path: Path, briefing: Briefing
) -> None:
    columns = (
        Column("name", "指标"), Column("value", "数值", Kind.FIGURE, unit="unit"),
        Column("target", "目标", Kind.FIGURE, unit="unit", share=Kind.AIM), Column("unit", "单位"),
    )  # fmt: skip
    rows = pd.DataFrame(
        {"name": ["甲", "乙"], "value": [0.4013, 10.351], "target": [1.0, 20.0],
         "unit": ["比例", "m2/百户"]}
    )  # fmt: skip
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        add_table(Workbook(book), Table("x", say("甲"), columns, rows), briefing, name="甲")
    sheet = openpyxl.load_workbook(path).active
    cells = [[(cell.value, cell.number_format) for cell in row[1:3]] for row in sheet["A2:C3"]]
    assert cells == [[(0.4013, "0.0%"), (1, "0%")], [(10.351, "#,##0.00"), (20, "#,##0")]]


def test_rules_are_printed_as_a_text_says_them(briefing: Briefing) -> None:
    values = {row[1] for row in briefing.tables["rules"].texts()}
    assert {"100%", "20 ㎡/百户", "是"} <= values
    assert not [value for value in values if "比例" in value or "m2" in value or "是否" in value]
