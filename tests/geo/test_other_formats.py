"""Files of other programs, under their own names or that of a workbook: one clear sentence each."""

import zipfile
from pathlib import Path

import pytest

from geo.errors import LayerError
from geo.layers import read_layer

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refusal(path: Path) -> str:
    with pytest.raises(LayerError) as refused:
        read_layer(path, "residential")
    (line,) = str(refused.value).splitlines()
    assert line.startswith(f"{path.name}：")
    return line


@pytest.mark.parametrize(("name", "remedy"), [
    ("台账.et", "另存为 .xlsx"), ("台账.ods", "另存为 .xlsx"), ("台账.XLSB", "另存为 .xlsx"),
    ("台账.docx", "不支持文档"), ("台账.pdf", "不支持文档"), ("台账.jpg", "不支持图片"),
    ("台账.rar", "解压"),
    ("台账.dwg", "CAD"), ("台账.accdb", "Access"), ("台账.dbf", "请选 .shp"),
    ("台账.qgz", "制图工程"), ("~$台账.xlsx.tmp", "临时文件"), ("台账.abc", "不支持的格式"),
])
def test_another_program_s_file_says_what_to_do(tmp_path: Path, name: str, remedy: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"anything")
    assert remedy in refusal(path)


@pytest.mark.parametrize(("content", "kind"), [
    ("<html><body><table><tr><td>小区名称</td></tr></table></body></html>", "HTML"),
    ("<table><tr><td>小区名称</td></tr></table>", "HTML"),
    ("小区名称,户数\n甲,5\n", "CSV"),
    ('<?xml version="1.0"?><Workbook xmlns="urn:x"/>', "XML Workbook"),
])
@pytest.mark.parametrize("name", ["导出.xls", "导出.xlsx"])
def test_a_text_under_the_name_of_a_workbook(
    tmp_path: Path, content: str, kind: str, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content.encode("gb18030") if kind != "XML Workbook" else content.encode())
    line = refusal(path)
    assert f"内容是 {kind}，" in line
    assert "另存为 .xlsx" in line


def packed(path: Path, **parts: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for part, text in parts.items():
            archive.writestr(part, text)
    return path


def test_other_archives_under_the_name_of_a_workbook(tmp_path: Path) -> None:
    calc = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}
    assert "OpenDocument" in refusal(packed(tmp_path / "a.xlsx", **calc))
    assert "Word" in refusal(packed(tmp_path / "b.xlsx", **{"word/document.xml": "<a/>"}))
    assert ".xlsb" in refusal(packed(tmp_path / "c.xlsx", **{"xl/workbook.bin": ""}))


def test_a_workbook_with_a_password_is_told_from_an_old_one(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600))
    assert "工作簿有密码" in refusal(path)
    path.write_bytes(OLE + bytes(600) + "WordDocument".encode("utf-16-le") + bytes(600))
    assert "Word (.doc)" in refusal(path)
    path.write_bytes(OLE + bytes(1200))
    assert "是过旧的格式，或已损坏" in refusal(path)
