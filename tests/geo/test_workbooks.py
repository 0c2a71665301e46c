"""Workbooks: which sheet is read, how large one may be, what a name hides."""

import io
import re
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from geo.errors import LayerError
from geo.layers import read_layer

from .office_ledgers import ESTATES, HEADER, PLACE, book, said


def test_the_only_sheet_with_the_columns_is_taken_and_the_others_told(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {
        "填表说明": (("一、本表由街道填写",), ("二、户数为规划户数",)),
        "小区": (("某区小区台账",), HEADER, *ESTATES), "汇总": (("街道", "小区数"), ("东街道", 2)),
    })
    layer = read_layer(path, "residential", **PLACE)
    assert list(layer.frame["name"]) == ["甲小区", "乙小区"]
    assert "采用唯一含所需列的工作表：小区（4 行）" in said(layer)
    assert "没有读的：填表说明（2 行）、汇总（2 行）" in said(layer)


def test_several_sheets_with_the_columns_are_asked_for(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {
        "东街道": (HEADER, *ESTATES), "西街道": (HEADER, ESTATES[0]), "说明": (("说明",),),
    })
    with pytest.raises(LayerError, match=r"东街道（3 行）、西街道（2 行）\)?"):
        read_layer(path, "residential")
    assert len(read_layer(path, "residential", sheet="西街道", **PLACE).frame) == 1
    assert len(read_layer(path, "residential", sheet="西街道 ", **PLACE).frame) == 1
    with pytest.raises(LayerError, match=r"没有工作表“南街道”，现有：东街道（3 行）"):
        read_layer(path, "residential", sheet="南街道")


def test_hidden_sheets_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    made = xlsxwriter.Workbook(path)
    shown, hidden = made.add_worksheet("小区"), made.add_worksheet("旧")
    for sheet in (shown, hidden):
        for at, row in enumerate((HEADER, *ESTATES)):
            sheet.write_row(at, 0, row)
    hidden.hide()
    made.close()
    with pytest.raises(LayerError, match="旧（3 行，隐藏）"):
        read_layer(path, "residential")
    assert "是隐藏的" in said(read_layer(path, "residential", sheet="旧", **PLACE))


@pytest.mark.parametrize("text", ["1", "=1"])
def test_one_far_cell_is_refused_and_never_made(tmp_path: Path, text: str) -> None:
    made = openpyxl.Workbook()
    made.active.append(["小区名称", "户数"])
    made.active["XFD1048576"] = text
    made.save(tmp_path / "a.xlsx")
    assert (tmp_path / "a.xlsx").stat().st_size < 6000
    with pytest.raises(LayerError, match=r"1048576 行 × 16384 列"):
        read_layer(tmp_path / "a.xlsx", "residential")


def rewritten(path: Path, old: str, new: str, *, part: str = "sheet1.xml") -> Path:
    """Change the text of a part of a workbook; of its first sheet, unless another is named."""
    kept = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(kept) as before, zipfile.ZipFile(path, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            if name.endswith(part):
                assert old in data.decode()
                data = data.decode().replace(old, new).encode()
            after.writestr(name, data)
    return path


@pytest.mark.parametrize(
    "cell",
    [
        "<c r='XFD1048576'><v>1</v></c>", '<c s="0" r = "xfd1048576"><v>1</v></c>',
        '<c\tr="XFD1048576"><v>1</v></c>',
    ],
)
def test_a_far_cell_in_another_hand_is_found_too(tmp_path: Path, cell: str) -> None:
    path = book(tmp_path / "a.xlsx", {"s": (HEADER, *ESTATES)})
    rewritten(path, "</sheetData>", f'<row r="1048576">{cell}</row></sheetData>')
    with pytest.raises(LayerError, match="上限"):
        read_layer(path, "residential")


def test_a_sheet_named_in_a_comment_stands_for_no_other(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"甲": (HEADER, *ESTATES), "乙": (HEADER,)})
    rewritten(path, "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
              "</sheetData>", part="sheet2.xml")
    rewritten(path, "</sheets>", '</sheets><!--<sheet name="乙" r:id="rId1"/>-->',
              part="workbook.xml")
    with pytest.raises(LayerError, match="上限"):
        read_layer(path, "residential", sheet="乙")


def test_a_far_cell_that_only_has_a_format_does_no_harm(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"s": (HEADER, *ESTATES)})
    rewritten(path, "</sheetData>", '<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>')
    assert len(read_layer(path, "residential", **PLACE).frame) == 2


def test_cells_that_do_not_say_where_they_stand_are_read(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"s": (HEADER, *ESTATES)})
    rewritten(path, "</sheetData>", "<row><c><v>7</v></c></row></sheetData>")
    assert len(read_layer(path, "residential", **PLACE).frame) == 3


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    whole = book(tmp_path / "a.xlsx", {"s": (HEADER, *ESTATES)}).read_bytes()
    entry = whole.index(b"PK\x01\x02")
    unknown_version = whole[:entry + 6] + b"\xff" + whole[entry + 7:]
    for data in (whole[:900], whole[:-30], unknown_version):
        (tmp_path / "a.xlsx").write_bytes(data)
        with pytest.raises(LayerError, match="损坏"):
            read_layer(tmp_path / "a.xlsx", "residential")


def test_an_entity_in_a_sheet_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"s": (HEADER, *ESTATES)})
    rewritten(path, "<worksheet", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet')
    with pytest.raises(LayerError, match="DTD"):
        read_layer(path, "residential")


def test_an_old_workbook_is_read_under_either_name(tmp_path: Path) -> None:
    xlwt = pytest.importorskip("xlwt", reason="xlwt writes .xls for this test")
    made = xlwt.Workbook(encoding="utf-8")
    sheet = made.add_sheet("小区")
    sheet.write_merge(0, 0, 0, 4, "小区台账")
    for row, cells in enumerate((("街道", *HEADER), *(("", *e) for e in ESTATES)), start=1):
        for column, cell in enumerate(cells):
            if column or row == 1:
                sheet.write(row, column, cell)
    sheet.write_merge(2, 3, 0, 0, "东街道")
    for name in ("a.xls", "a.xlsx"):
        made.save(str(tmp_path / name))
        layer = read_layer(tmp_path / name, "residential", **PLACE)
        assert list(layer.frame["street"]) == ["东街道", "东街道"]
        assert list(layer.frame["households"]) == [500, 300]
        assert list(layer.frame["row"]) == [3, 4]
        assert ("内容与扩展名不符" in said(layer)) == (name == "a.xlsx")


def old_workbook(path: Path, *cells: tuple[int, int, object], error: bool = False) -> Path:
    xlwt = pytest.importorskip("xlwt", reason="xlwt writes .xls for this test")
    made = xlwt.Workbook(encoding="utf-8")
    sheet = made.add_sheet("小区")
    for row, line in enumerate((HEADER, *ESTATES)):
        for column, cell in enumerate(line):
            if not (error and (row, column) == (1, 1)):
                sheet.write(row, column, cell)
    if error:
        sheet.row(1).set_cell_error(1, "#REF!")
        sheet.row(2).hidden = True
    for cell in cells:
        sheet.write(*cell)
    made.save(str(path))
    return path


def test_errors_and_hidden_rows_of_an_old_workbook_are_told(tmp_path: Path) -> None:
    layer = read_layer(old_workbook(tmp_path / "a.xls", error=True), "residential", **PLACE)
    (finding,) = (f for f in layer.findings if f.severity == "error")
    assert (finding.row, finding.column, finding.value) == (2, "户数", "#REF!")
    assert "隐藏的行（第 3 行，共 1 行）" in said(layer)


def test_a_formula_of_an_old_workbook_that_fails_is_told(tmp_path: Path) -> None:
    xlwt = pytest.importorskip("xlwt", reason="xlwt writes .xls for this test")
    path = old_workbook(tmp_path / "a.xls", (3, 0, "丙"), (3, 1, xlwt.Formula("1/0")))
    # Its place, its format and its value: the seventh error, as Excel would have worked it out.
    place = struct.pack("<HH", 3, 1)
    data = re.sub(
        b"(" + re.escape(place) + b"..).{8}", b"\\1\x02\x00\x07\x00\x00\x00\xff\xff",
        path.read_bytes(), flags=re.DOTALL,
    )
    path.write_bytes(data)
    layer = read_layer(path, "residential", **PLACE)
    assert [(f.row, f.value) for f in layer.findings if f.severity == "error"] == [
        (4, "#DIV/0!"),
    ]


def test_a_far_cell_in_an_old_workbook_is_refused(tmp_path: Path) -> None:
    path = old_workbook(tmp_path / "a.xls", (65535, 255, 1))
    with pytest.raises(LayerError, match=r"65536 行 × 256 列"):
        read_layer(path, "residential")


@pytest.mark.parametrize(
    ("found", "at", "claimed"),
    [
        # Six texts are written, six of them different: the headers and two names.
        (struct.pack("<II", 6, 6), 4, 2**31),
        # The first row and the last of a sheet, behind the number of that record.
        (struct.pack("<HHII", 0x200, 14, 0, 3), 4, 2**31),
        (struct.pack("<HHII", 0x200, 14, 0, 3), 8, 2**31),
    ],
)
def test_an_old_workbook_that_claims_too_much_is_refused(
    tmp_path: Path, found: bytes, at: int, claimed: int
) -> None:
    path = old_workbook(tmp_path / "a.xls")
    data = bytearray(path.read_bytes())
    start = data.index(found) + at
    data[start:start + 4] = struct.pack("<I", claimed)
    path.write_bytes(bytes(data))
    with pytest.raises(LayerError, match="损坏"):
        read_layer(path, "residential")


def test_a_new_workbook_under_an_old_name_is_read_and_told(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"s": (HEADER, *ESTATES)})
    path = path.rename(tmp_path / "a.xls")
    assert "内容与扩展名不符" in said(read_layer(path, "residential", **PLACE))
