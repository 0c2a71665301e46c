"""Ids of ledgers read as one: numbers of rows are none, real ones may not repeat."""

from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely

from analysis.described_layers import read_described
from analysis.description import LayerSource
from analysis.periods.matched import automatic_ids
from analysis.provision.in_use import status_of
from analysis.walking.placing import operating
from geo.errors import LayerError
from geo.layers import Layer, read_layer

HEAD = "编号,小区名称,户数\n"


def put(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def read(folder: Path, pattern: str = "*.csv", *, layer: str = "residential") -> Layer:
    return read_described(LayerSource(path=pattern), folder, layer)


def named(layer: Layer) -> dict[str, str]:
    return dict(zip(layer.frame["name"], layer.frame["id"], strict=True))


def told(layer: Layer, words: str) -> list[tuple[str, str, int | None]]:
    return [(f.severity, f.file, f.row) for f in layer.findings if words in str(f.message)]


def test_numbers_of_rows_in_every_file_are_no_ids(tmp_path: Path) -> None:
    put(tmp_path, a=f"{HEAD}1,甲,10\n2,乙,20\n", b=f"{HEAD}02,戊,20\n01,丁,10\n04,己,1\n")
    layer = read(tmp_path)
    assert named(layer) == {
        "甲": "a·r1", "乙": "a·r2", "戊": "b·r2", "丁": "b·r1", "己": "b·r4",
    }  # fmt: skip
    assert told(layer, "都从 1 数起") == [("info", "a.csv", None), ("info", "b.csv", None)]
    assert automatic_ids(layer.frame, "residential")


def test_numbers_that_begin_again_within_a_file_are_made_anew(tmp_path: Path) -> None:
    rows = f"{HEAD}1,甲,10\n2,乙,20\n1,丙,30\n"
    put(tmp_path, a=rows, b=rows.replace("甲", "丁"), c=f"{HEAD}1,戊,1\n2,己,2\n")
    assert read(tmp_path).frame["id"].tolist() == [
        "a·r1", "a·r2", "a·r3", "b·r1", "b·r2", "b·r3", "c·r1", "c·r2",
    ]  # fmt: skip


def test_an_empty_id_in_each_file_is_called_by_its_file(tmp_path: Path) -> None:
    put(tmp_path, a=f"{HEAD}X1,甲,10\n,乙,20\n", b=f"{HEAD}Y1,丁,10\n,戊,20\n")
    layer = read(tmp_path)
    assert named(layer) == {"甲": "X1", "乙": "a·r2", "丁": "Y1", "戊": "b·r2"}
    assert told(layer, "记作“a·r2”") == [("warning", "a.csv", 3)]
    assert told(layer, "记作“b·r2”") == [("warning", "b.csv", 3)]


def test_a_made_id_and_a_number_of_a_row_do_not_meet(tmp_path: Path) -> None:
    # The second row has no number, so it is r2; the third bears the number 2.
    put(tmp_path, a=f"{HEAD}1,甲,10\n,乙,20\n2,丙,30\n", b=f"{HEAD}1,丁,10\n")
    layer = read(tmp_path)
    assert named(layer) == {"甲": "a·r1", "乙": "a·r2-2", "丙": "a·r2", "丁": "b·r1"}
    assert told(layer, "记作“a·r2-2”") == [("warning", "a.csv", 3)]


def test_numbers_that_go_on_from_file_to_file_are_ids(tmp_path: Path) -> None:
    put(tmp_path, a=f"{HEAD}1,甲,10\n2,乙,20\n", b=f"{HEAD}3,丁,10\n4,戊,20\n")
    assert read(tmp_path).frame["id"].tolist() == ["1", "2", "3", "4"]


def numbered(*numbers: int) -> str:
    return HEAD + "".join(f"{number},苑{at}{number},10\n" for at, number in enumerate(numbers))


def test_rows_that_were_taken_out_leave_numbers_of_rows(tmp_path: Path) -> None:
    put(tmp_path, a=numbered(1, 5), b=numbered(1, 2))
    assert read(tmp_path).frame["id"].tolist() == ["a·r1", "a·r5", "b·r1", "b·r2"]


@pytest.mark.parametrize(("a", "b"), [
    ((1, 101), (1, 2)),  # no street takes out a hundred of its rows
    ((5, 1), (1, 2)),  # rows are numbered from the top down
    ((1, 9), (1, 5)),  # neither numbers its rows for sure
    ((1, 5), (1,)),
    ((2, 5), (1, 2)),
])  # fmt: skip
def test_numbers_that_may_be_ids_stay_ids_and_are_refused(
    tmp_path: Path, a: tuple[int, ...], b: tuple[int, ...]
) -> None:
    put(tmp_path, a=numbered(*a), b=numbered(*b))
    with pytest.raises(LayerError, match="中都有"):
        read(tmp_path)


def test_a_real_id_in_two_files_is_refused_with_both_rows(tmp_path: Path) -> None:
    put(tmp_path, a=f"{HEAD}X1,甲,10\n101,乙,20\n", b=f"表,,\n{HEAD}Y1,丁,10\n101,戊,20\n")
    with pytest.raises(LayerError, match=r"“101”在“a\.csv 第 3 行”和“b\.csv 第 4 行”中都有"):
        read(tmp_path)


def test_one_numbered_ledger_in_two_formats_is_refused(tmp_path: Path) -> None:
    put(tmp_path, a=f"{HEAD}1,甲,10\n2,乙,20\n")
    (tmp_path / "a.txt").write_text(f"{HEAD}1,甲,10\n2,乙,20\n", encoding="utf-8")
    with pytest.raises(LayerError, match="只有后缀不同"):
        read(tmp_path, "*")


def test_a_layer_tells_which_ids_were_made(tmp_path: Path) -> None:
    put(tmp_path, a=f"{HEAD}X1,甲,10\n,乙,20\n", b="小区名称,户数\n甲,1\n", c=f"{HEAD}1,甲,1\n")
    made = [read_layer(tmp_path / f"{name}.csv", "residential").made_ids for name in "abc"]
    assert made == [(3,), None, ()]


def test_a_linked_folder_counts_its_rows_once_and_is_told_once(tmp_path: Path) -> None:
    put(tmp_path / "台账", a="小区名称,户数\n甲,100\n")
    (tmp_path / "最新").symlink_to("台账")
    layer = read(tmp_path, "**/*.csv")
    assert layer.frame["households"].sum() == 100
    assert told(layer, "1 个链接没有读（首个：最新）") == [("info", "", None)]


def test_what_no_file_has_is_told_with_all_of_them_and_their_folders(tmp_path: Path) -> None:
    for street in ("东", "西"):
        put(tmp_path / street, 台账=f"小区名称,户数\n{street}苑,10\n")
    source = LayerSource(path="*/*.csv", columns={"户 数": "households", "没有": "street"})
    with pytest.raises(LayerError) as refused:
        read_described(source, tmp_path, "residential")
    assert str(refused.value) == (
        "columns 里的“没有”不在文件中：东/台账.csv、西/台账.csv（共 2 个）。"
        "东/台账.csv 的列：小区名称、户数。"
    )
    one = LayerSource(path="东*/*.csv", columns={"没有": "street"})
    with pytest.raises(LayerError, match=r"^东/台账\.csv：columns 里的“没有”不在文件中"):
        read_described(one, tmp_path, "residential")


def test_of_files_of_one_name_the_refused_one_is_told_with_its_folder(tmp_path: Path) -> None:
    put(tmp_path / "东", 台账="小区名称,户数\n东苑,10\n")
    put(tmp_path / "西", 台账="甲,乙\n1,2\n")
    with pytest.raises(LayerError) as refused:
        read(tmp_path, "*/*.csv")
    assert str(refused.value).startswith("西/台账.csv：")
    assert "东" not in str(refused.value)


@pytest.mark.parametrize("sheet", ["没有", "设施\u200b", "设施\t"])
def test_a_sheet_that_no_file_has_ends_in_one_sentence(tmp_path: Path, sheet: str) -> None:
    for name in "ab":
        place = gpd.GeoDataFrame({"名称": [name], "类别": ["养老院"]},
                                 geometry=[shapely.Point(118.9, 42.2)], crs=4326)  # fmt: skip
        place.to_file(tmp_path / f"{name}.gpkg", layer="设施")
        place.to_file(tmp_path / f"{name}.gpkg", layer="备用")
    with pytest.raises(LayerError, match="没有图层“"):
        read_described(LayerSource(path="*.gpkg", layer=sheet), tmp_path, "facilities")


def test_a_sheet_and_a_header_of_one_name_are_two_things(tmp_path: Path) -> None:
    for name, sheet, header in (("a", "规模", "户数"), ("b", "Sheet1", "规模")):
        book = openpyxl.Workbook()
        book.active.title = sheet
        for row in (["小区名称", header], ["甲", 7]):
            book.active.append(row)
        book.save(tmp_path / f"{name}.xlsx")
    source = LayerSource(path="*.xlsx", layer="规模", columns={"规模": "households"})
    layer = read_described(source, tmp_path, "residential")
    assert layer.frame["households"].tolist() == [7, 7]
    assert told(layer, "columns 里的“规模”列") == [("warning", "a.xlsx", None)]
    assert told(layer, "写明的“规模”") == [("warning", "b.xlsx", None)]


def test_facilities_without_a_status_count_the_same_alone_and_stacked(tmp_path: Path) -> None:
    place = "118.9,42.2"
    put(tmp_path, a=f"名称,类别,经度,纬度\n甲,养老院,{place}\n乙,养老院,{place}\n")
    alone = read(tmp_path, "a.csv", layer="facilities")
    assert operating(alone.frame).tolist() == [True, True]
    put(tmp_path, b=f"名称,类别,运营状态,经度,纬度\n丙,养老院,运营,{place}\n丁,养老院,,{place}\n")
    both = read(tmp_path, layer="facilities")
    assert operating(both.frame).tolist() == [True, True, True, False]
    assert status_of(both.frame).isna().tolist() == [False, False, False, True]
    assert told(both, "没有“运营状态”列，2 行全部按运营计") == [("warning", "a.csv", None)]
    # Without the column in any file nothing is put in: the study says so of all of them.
    put(tmp_path, b=f"名称,类别,经度,纬度\n丙,养老院,{place}\n")
    assert "status" not in read(tmp_path, layer="facilities").frame
