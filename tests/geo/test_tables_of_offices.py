"""Whole tables as offices keep them: two beside one another, with odd ends, in odd encodings."""

from pathlib import Path

import pytest

from geo.errors import LayerError
from geo.layers import read_layer
from geo.ledgers.column_letters import column_letters
from geo.ledgers.numbers import is_missing

from .office_ledgers import ESTATES, HEADER, PLACE, layer_of, said

CSV = "小区名称,户数,经度,纬度\n甲,100,118.91234,42.21234\n乙,200,118.91334,42.21334\n"


def test_two_tables_beside_one_another_are_refused(tmp_path: Path) -> None:
    rows = ((*HEADER, None, *HEADER), (*ESTATES[0], None, *ESTATES[1]))
    with pytest.raises(LayerError, match="并排放着两个表，第二个从 F 列起") as refused:
        layer_of(tmp_path, rows)
    assert "下面" in str(refused.value)


def test_a_second_table_without_a_row_is_none(tmp_path: Path) -> None:
    layer = layer_of(tmp_path, ((*HEADER, None, *HEADER), ESTATES[0], ESTATES[1]))
    assert layer.frame["name"].tolist() == ["甲小区", "乙小区"]


def test_one_header_that_stands_twice_is_told_with_its_letters(tmp_path: Path) -> None:
    rows = ((*HEADER, None, "小区名称"), (*ESTATES[0], None, "甲"), (*ESTATES[1], None, "乙"))
    layer = layer_of(tmp_path, rows)
    assert layer.frame["name"].tolist() == ["甲小区", "乙小区"]
    assert "A 列与 F 列的列名都是“小区名称”，采用 A 列" in said(layer)


def test_columns_are_lettered_as_a_spreadsheet_does() -> None:
    assert [column_letters(at) for at in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"
    ]


@pytest.mark.parametrize("end", ["\x1a", "\x1a\r\n", "\x1a\x1a\x1a", "\n\x1a"])
def test_the_end_mark_of_old_programs_is_no_row(tmp_path: Path, end: str) -> None:
    (tmp_path / "a.csv").write_bytes((CSV + end).encode("gb18030"))
    layer = read_layer(tmp_path / "a.csv", "residential", **PLACE)
    assert layer.frame["name"].tolist() == ["甲", "乙"]


def test_a_row_of_control_characters_is_empty(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes((CSV + "\x07,\x0c,,\n\x00,,,\n").encode())
    layer = read_layer(tmp_path / "a.csv", "residential", **PLACE)
    assert layer.frame["name"].tolist() == ["甲", "乙"]
    assert [is_missing(text) for text in ("\x1a", "\x07 \u200b", "\x07甲", "-", "0")] == [
        True, True, False, False, False
    ]


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-be", "utf-16", "utf-16-be"])
def test_every_mark_of_unicode_is_told_apart(tmp_path: Path, encoding: str) -> None:
    text = CSV if encoding in {"utf-32", "utf-16"} else "\ufeff" + CSV
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    layer = read_layer(tmp_path / "a.csv", "residential", **PLACE)
    assert layer.frame["households"].tolist() == [100, 200]
    assert f"按 {encoding.upper()[:6]} 编码读取" in said(layer)
