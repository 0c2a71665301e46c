"""Findings: one line each, one row each."""

from dataclasses import replace

import pandas as pd

from geo.findings import Finding, as_table, errors_in
from geo.language import say
from tests.second_language import only_chinese, speaking_stars

WHOLE = Finding(
    "error", "residential", say("不是数"), say("请改正。"), file="estates.csv", row=7,
    column="户数", value="待核实",
)  # fmt: skip


def test_a_line_names_file_row_column_value_what_and_remedy() -> None:
    line = str(WHOLE.line())
    parts = ["estates.csv", "第 7 行", "户数", "待核实", "不是数", "请改正。"]
    places = [line.index(part) for part in parts]
    assert places == sorted(places)
    assert "\n" not in line


def test_a_line_leaves_out_what_is_not_meant() -> None:
    bare = Finding("info", "streets", say("共 3 片"))
    assert str(bare.line()) == "道路：共 3 片"


def test_row_nought_is_a_row() -> None:
    assert "第 0 行" in str(Finding("info", "x", say("有"), row=0).line())


def test_braces_in_a_cell_do_no_harm() -> None:
    odd = Finding("error", "x", say("值{value}", value="{"), value="{row}", file="{0}.csv")
    assert str(odd.line()).count("{") == 3


def test_a_line_is_put_into_words_when_it_is_shown() -> None:
    line = replace(WHOLE, column="households", value="many").line()
    with speaking_stars():
        assert not only_chinese(str(line))


def test_a_table_has_a_row_a_finding_and_unknown_rows_stay_unknown() -> None:
    table = as_table([WHOLE, Finding("info", "streets", say("共 3 片"))])
    assert [*table.columns] == [
        "severity", "layer", "file", "row", "column", "value", "message", "remedy"
    ]  # fmt: skip
    assert [*table.iloc[0]] == [
        "error", "residential", "estates.csv", 7, "户数", "待核实", "不是数", "请改正。"
    ]  # fmt: skip
    assert table["row"].dtype == "Int64"
    assert table.loc[1, "row"] is pd.NA
    assert table.loc[1, "remedy"] == ""


def test_a_table_of_nothing_has_the_same_columns() -> None:
    empty = as_table([])
    assert [*empty.columns] == [*as_table([WHOLE]).columns]
    assert len(empty) == 0
    assert empty["row"].dtype == "Int64"


def test_a_table_is_in_the_language_spoken() -> None:
    with speaking_stars():
        assert as_table([WHOLE]).loc[0, "message"] == "***"


def test_errors_are_told_from_the_rest_in_order() -> None:
    other = Finding("error", "x", say("二"))
    assert errors_in([WHOLE, Finding("warning", "x", say("一")), other]) == [WHOLE, other]
