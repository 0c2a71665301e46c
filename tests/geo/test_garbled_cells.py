"""Garbled cells and headers, and files without headers, told in one sentence each."""

from pathlib import Path

import numpy as np
import pytest

from geo.errors import LayerError
from geo.layers import read_layer
from geo.ledgers.numbers import Cells
from geo.ledgers.words import read_texts

from .office_ledgers import HEADER, layer_of, said


def cells(*values: object) -> Cells:
    given = np.array(values, dtype=object)
    return Cells(given, np.arange(2, 2 + len(given)), "名称", "facilities", "设施.csv")


@pytest.mark.parametrize("read", ["latin-1", "cp1252"])
def test_a_garbled_name_is_told_with_what_it_meant_and_kept(read: str) -> None:
    wrong = "锦绣家园".encode().decode(read)
    texts, (finding,) = read_texts(cells(wrong))
    assert texts.tolist() == [wrong]
    assert (finding.severity, finding.row, finding.column) == ("error", 2, "名称")
    assert "乱码，原文应为“锦绣家园”" in str(finding.message)


@pytest.mark.parametrize("lost", ["????", "锟斤拷家园", "锦\ufffd家园"])
def test_remains_are_told_as_lost(lost: str) -> None:
    texts, (finding,) = read_texts(cells(lost))
    assert texts.tolist() == [lost]
    assert finding.severity == "error"
    assert "原文已丢失" in str(finding.message)


def test_hidden_signs_go_from_garbled_text_too() -> None:
    texts, _ = read_texts(cells("锦绣家园".encode().decode("latin-1") + "\x00\u202e?"))
    assert "\x00" not in texts[0]
    assert "\u202e" not in texts[0]


def test_a_text_longer_than_any_name_is_kept_and_told() -> None:
    texts, (finding,) = read_texts(cells("长" * 40_000))
    assert len(texts[0]) == 40_000
    assert finding.severity == "warning"
    assert "有 40000 个字符" in str(finding.message)
    assert not read_texts(cells("长" * 500))[1]


def test_garbled_headers_of_a_workbook_are_told_as_that(tmp_path: Path) -> None:
    wrong = tuple(text.encode().decode("gb18030", errors="replace") for text in ("名称", "户数们"))
    with pytest.raises(LayerError, match="乱码") as caught:
        layer_of(tmp_path, (wrong, ("甲", 500)))
    assert "\n" not in str(caught.value)


def test_a_garbled_header_beside_good_ones_is_a_warning(tmp_path: Path) -> None:
    layer = layer_of(tmp_path, ((*HEADER, "锟斤拷锟斤拷"), ("甲", 500, 118.9123, 42.2123, "x")))
    assert "“锟斤拷锟斤拷”列：像是乱码" in said(layer)


def test_a_file_without_headers_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "设施.csv"
    path.write_text("锦绣站,驿站,12\n枫林站,驿站,8\n", encoding="utf-8")
    with pytest.raises(LayerError, match="没有找到表头") as caught:
        read_layer(path, "facilities")
    assert "\n" not in str(caught.value)
    assert "至少要有：名称、类别" in str(caught.value)


@pytest.mark.parametrize(("codec", "called"), [("utf-7", "UTF-7"), ("shift_jis", "Shift-JIS")])
def test_a_rare_encoding_is_refused_by_its_name(tmp_path: Path, codec: str, called: str) -> None:
    path = tmp_path / "人口.csv"
    path.write_bytes("人口,名称,年度\n100,甲,2020\n".encode(codec))
    with pytest.raises(LayerError, match=called) as caught:
        read_layer(path, "population")
    assert "\n" not in str(caught.value)


def test_unknown_bytes_are_told_with_their_columns(tmp_path: Path) -> None:
    path = tmp_path / "人口.csv"
    lines = "人口,名称,备注\n100,甲,好\n".encode()
    path.write_bytes(lines.replace("好".encode(), b"\xe5\xa5"))
    told = [str(f.message) for f in read_layer(path, "population").findings if f.row == 2]
    assert told[0].startswith("第 3 列有无法识别的字节")
