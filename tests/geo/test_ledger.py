"""Ledgers as offices keep them: encodings, separators, titles, totals, notes, merged cells."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from geo.errors import LayerError
from geo.ledgers.ledger import Table, read_ledger
from geo.schema import SCHEMAS

from .small_workbook import write_workbook

FACILITIES, RESIDENTIAL = SCHEMAS["facilities"], SCHEMAS["residential"]
TEXT = "名称,类别,床位数\n甲站,日间照料,10\n乙站,助餐点,20\n"
HEADER = ("名称", "户数", "经度", "纬度")
ESTATES = (("甲小区", 500, 118.9, 42.2), ("乙小区", 300, 118.91, 42.21))


def table_of(path: Path, content: str | bytes) -> Table:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_ledger(path, FACILITIES)


def estates_of(path: Path, rows: Sequence[Sequence[object]], **options: object) -> Table:
    write_workbook(path, {"小区": rows}, **options)
    return read_ledger(path, RESIDENTIAL)


def said(table: Table) -> str:
    return "\n".join(str(finding.line()) for finding in table.findings)


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("gb18030", "GB18030"), ("gbk", "GB18030"),
        ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"),
    ],
)
def test_the_encoding_is_found_and_told(tmp_path: Path, encoding: str, name: str) -> None:
    table = table_of(tmp_path / "设施.csv", TEXT.encode(encoding))
    assert table.headers == ("名称", "类别", "床位数")
    assert list(table.columns[0]) == ["甲站", "乙站"]
    assert name in said(table)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found(tmp_path: Path, separator: str) -> None:
    table = table_of(tmp_path / "设施.csv", TEXT.replace(",", separator))
    assert list(table.columns[2]) == ["10", "20"]


def test_a_line_break_inside_quotes_starts_no_row(tmp_path: Path) -> None:
    table = table_of(
        tmp_path / "a.csv", '名称,"类别\n",床位数\n"甲\n站",日间照料,10\n乙,助餐点,2\n'
    )
    assert list(table.rows) == [2, 3]


def test_empty_rows_are_passed_over_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    table = table_of(tmp_path / "a.csv", "名称,类别\n\n甲,助餐点\n,\n乙,助餐点\n")
    assert list(table.rows) == [3, 5]


def test_text_encoded_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match=r"乱码.*名称"):
        table_of(tmp_path / "a.csv", TEXT.encode().decode("latin-1").encode())


def test_a_row_with_too_many_cells_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match=r"第 3 行.*4 个单元格.*3 列"):
        table_of(tmp_path / "a.csv", "名称,类别,床位数\n甲,助餐点,1\n乙,助餐点,2,3\n")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.csv", b"PK\x03\x04rest", "内容与扩展名不符"),
        ("a.xlsx", TEXT.encode(), "CSV"),
        ("a.xls", b"<html><table></table></html>", "HTML"),
        ("a.xlsx", b"PK\x03\x04rest", "损坏"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0rest", "密码"),
        ("a.csv", b"\n\n", "空文件"),
        ("a.csv", b"\xff\xfe\x00\xd8", "编码"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(
    tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    with pytest.raises(LayerError, match=why) as refusal:
        table_of(tmp_path / name, content)
    assert name in str(refusal.value)


def test_the_header_is_found_below_titles(tmp_path: Path) -> None:
    rows = (("某区小区台账（2024年）",), ("基本信息", None, "坐标"), HEADER, *ESTATES)
    table = estates_of(tmp_path / "a.xlsx", rows)
    assert table.headers == HEADER
    assert (table.header_row, list(table.rows)) == (3, [4, 5])
    assert "表头在第 3 行" in said(table)


@pytest.mark.parametrize(
    "word", ["合计", "小计", "总　计", "平均", "合计：", "红山区合计", "Total"]
)
def test_total_rows_are_left_out_and_named(tmp_path: Path, word: str) -> None:
    table = estates_of(tmp_path / "a.xlsx", (HEADER, *ESTATES, (word, 800, None, None)))
    assert list(table.rows) == [2, 3]
    (finding,) = table.findings
    assert (finding.severity, finding.row) == ("warning", 4)


@pytest.mark.parametrize("name", ["总计小区", "平均里", "小计划小区"])
def test_an_estate_that_sounds_like_a_total_stays(tmp_path: Path, name: str) -> None:
    table = estates_of(tmp_path / "a.xlsx", (HEADER, *ESTATES, (name, 800, 118.9, 42.2)))
    assert list(table.rows) == [2, 3, 4]


def test_notes_below_the_table_are_left_out_and_named(tmp_path: Path) -> None:
    notes = (("填表人：张三", None, None, "日期：2024.12.31"), ("注：户数为总户数",))
    rows = (HEADER, *ESTATES, *notes)
    table = estates_of(tmp_path / "a.xlsx", rows)
    assert list(table.rows) == [2, 3]
    assert [finding.row for finding in table.findings] == [4, 5]


def test_merged_text_fills_its_rows_and_a_merged_figure_does_not(tmp_path: Path) -> None:
    rows = (
        ("街道", "名称", "户数"), ("甲街道", "一", 500), (None, "二", None), ("乙街道", "三", 3),
    )
    table = estates_of(tmp_path / "a.xlsx", rows, merged=("A2:A3", "C2:C3"))
    assert list(table.columns[0]) == ["甲街道", "甲街道", "乙街道"]
    assert [cell or None for cell in table.columns[2]] == [500, None, 3]
    assert "合并单元格" in said(table)


def test_a_header_merged_over_two_rows_is_whole(tmp_path: Path) -> None:
    rows = (("名称", "户数", "坐标", None), (None, None, "经度", "纬度"), *ESTATES)
    table = estates_of(tmp_path / "a.xlsx", rows, merged=("A1:A2", "B1:B2", "C1:D1"))
    assert table.headers == HEADER
    assert list(table.rows) == [3, 4]


def test_error_cells_are_not_taken_for_empty_ones(tmp_path: Path) -> None:
    table = estates_of(tmp_path / "a.xlsx", (HEADER, ("甲", "#REF!", 118.9, 42.2)))
    assert list(table.columns[1]) == ["#REF!"]


def test_hidden_rows_are_read_and_told(tmp_path: Path) -> None:
    table = estates_of(tmp_path / "a.xlsx", (HEADER, *ESTATES), hidden_row=3)
    assert list(table.rows) == [2, 3]
    assert "隐藏" in said(table)


def test_the_only_filled_sheet_is_taken_and_named(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", {"说明": (), "小区": (HEADER, *ESTATES)})
    table = read_ledger(path, RESIDENTIAL)
    assert len(table.rows) == 2
    assert "小区" in said(table)


def test_several_sheets_need_a_name(tmp_path: Path) -> None:
    path = write_workbook(
        tmp_path / "a.xlsx", {"甲区": (HEADER, *ESTATES), "乙区": (HEADER, ESTATES[0])}
    )
    with pytest.raises(LayerError, match="甲区（3 行）、乙区（2 行）"):
        read_ledger(path, RESIDENTIAL)
    assert len(read_ledger(path, RESIDENTIAL, sheet="乙区").rows) == 1
    with pytest.raises(LayerError, match="丙区"):
        read_ledger(path, RESIDENTIAL, sheet="丙区")
