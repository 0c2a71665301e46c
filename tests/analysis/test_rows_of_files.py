"""Ledgers of several files: names and ids that stay, what a study says of some of them only."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point

from analysis.described_layers import read_described
from analysis.description import LayerSource
from analysis.districts.beds import bed_findings
from analysis.periods.matched import automatic_ids
from geo.errors import LayerError
from geo.files.several_files import in_words, where_rows_stand
from report.data.layer_report import report_on_layer

ROW = "名称,户数,经度,纬度\n某,1,118.9,42.2\n"


def put(path: Path, text: str = ROW) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def ids(folder: Path, pattern: str) -> set[str]:
    return set(read_described(LayerSource(path=pattern), folder, "residential").frame["id"])


def test_a_namesake_in_another_folder_leaves_the_ids_as_they_were(tmp_path: Path) -> None:
    put(tmp_path / "街道" / "甲街" / "小区.csv")
    before = ids(tmp_path, "街道/*/*.csv")
    assert before == {"甲街/小区·r1"}
    put(tmp_path / "街道" / "乙街" / "小区.csv")
    assert ids(tmp_path, "街道/*/*.csv") == before | {"乙街/小区·r1"}
    # Wherever the folder stands: what varies decides.
    assert ids(tmp_path, str(tmp_path / "街道" / "*" / "*.csv")) == before | {"乙街/小区·r1"}


def test_the_only_file_of_a_pattern_is_called_as_one_of_several(tmp_path: Path) -> None:
    put(tmp_path / "甲街.csv")
    layer = read_described(LayerSource(path="*.csv"), tmp_path, "residential")
    assert (layer.frame["id"].tolist(), layer.frame["file"].tolist()) == (["甲街·r1"], ["甲街.csv"])
    put(tmp_path / "乙街.csv")
    assert ids(tmp_path, "*.csv") == {"甲街·r1", "乙街·r1"}


def test_one_ledger_in_two_formats_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "甲街.csv")
    put(tmp_path / "甲街.txt")
    with pytest.raises(LayerError, match="只有后缀不同"):
        ids(tmp_path, "甲街.*")


def test_every_file_that_is_refused_is_named_with_its_folder(tmp_path: Path) -> None:
    put(tmp_path / "甲街" / "小区.csv")
    put(tmp_path / "乙街" / "小区.csv", "a,b\n1,2\n")
    put(tmp_path / "丙街" / "小区.csv", "")
    with pytest.raises(LayerError) as refused:
        ids(tmp_path, "*/*.csv")
    said = str(refused.value)
    assert "乙街/小区.csv" in said
    assert "丙街/小区.csv" in said
    assert "甲街" not in said


def test_columns_of_the_study_are_asked_of_the_files_that_have_them(tmp_path: Path) -> None:
    put(tmp_path / "甲街.csv", "名称,规模,经度,纬度\n甲,100,118.9,42.2\n")
    put(tmp_path / "乙街.csv", "名称,户数,经度,纬度\n乙,200,118.9,42.2\n")
    source = LayerSource(path="*.csv", columns={"规模": "households"})
    layer = read_described(source, tmp_path, "residential")
    assert layer.frame.set_index("name")["households"].to_dict() == {"甲": 100, "乙": 200}
    told = [f for f in layer.findings if "columns" in str(f.message) and "规模" in str(f.message)]
    assert [(f.severity, f.file) for f in told] == [("warning", "乙街.csv")]
    nobody = LayerSource(path="*.csv", columns={"住户": "households"})
    with pytest.raises(LayerError, match="“住户”不在文件中"):
        read_described(nobody, tmp_path, "residential")


def test_years_and_words_alike_are_told_in_one_line(tmp_path: Path) -> None:
    rows = "".join(f"{name},1,{year},{status}\n" for name, year, status in
                   (("甲", 1999, "停用"), ("乙", 2001, "停用"), ("丙", "", "在建")))  # fmt: skip
    put(tmp_path / "甲街.csv", f"名称,户数,建成年份,养老用房状态\n{rows}")
    layer = read_described(LayerSource(path="*.csv"), tmp_path, "residential")
    days = layer.frame["completed_on"].dt.strftime("%F")
    assert days.tolist()[:2] == ["1999-12-31", "2001-12-31"]
    told = {f.column: (f.row, str(f.message)) for f in layer.findings if "读作" in str(f.message)}
    assert told == {
        "建成年份": (None, "2 格只写了年份，读作当年最后一天（如第 2 行“1999”读作 1999-12-31）。"),
        "养老用房状态": (None, "2 格读作“停业”，首格在第 2 行。"),
    }
    noticed = report_on_layer(layer, "residential", file="*.csv")
    assert noticed.counts()["changed"] == 2


def test_a_sheet_of_the_study_is_asked_of_the_workbooks_that_have_it(tmp_path: Path) -> None:
    row = pd.DataFrame({"名称": ["甲"], "户数": [1], "经度": [118.9], "纬度": [42.2]})
    for name, sheets in (("甲街", ("小区", "旧表")), ("乙街", ("Sheet1",))):
        with pd.ExcelWriter(tmp_path / f"{name}.xlsx") as book:
            for sheet in sheets:
                row.to_excel(book, sheet_name=sheet, index=False)
    layer = read_described(LayerSource(path="*.xlsx", layer="小区"), tmp_path, "residential")
    assert sorted(layer.frame["id"]) == ["乙街·r1", "甲街·r1"]
    told = [f for f in layer.findings if "没有研究文件写明的“小区”" in str(f.message)]
    assert [f.file for f in told] == ["乙街.xlsx"]
    with pytest.raises(LayerError, match="没有工作表“住宅”"):
        read_described(LayerSource(path="乙*.xlsx", layer="住宅"), tmp_path, "residential")


def facilities(**columns: list[object]) -> gpd.GeoDataFrame:
    known = {"id": ["a", "b"], "name": ["甲", "乙"], "beds": [10.0, 10.0],
             "nursing_beds": [5.0, 12.0]}  # fmt: skip
    return gpd.GeoDataFrame({**known, **columns}, geometry=[Point(0, 0)] * 2, crs="EPSG:4549")


def test_a_finding_about_a_row_names_its_file() -> None:
    (one,) = bed_findings(facilities(row=[7, 7], file=["甲.xlsx", "乙.xlsx"]))
    assert (one.file, one.row) == ("乙.xlsx", 7)
    (bare,) = bed_findings(facilities(row=[7, 8]))
    assert (bare.file, bare.row) == ("", 8)
    (made,) = bed_findings(facilities())
    assert (made.file, made.row) == ("", None)


def test_where_a_row_stands_is_told_as_people_write_it() -> None:
    frame = facilities(row=[7, None], file=["甲.xlsx", None])
    assert where_rows_stand(frame) == [("甲.xlsx", 7), ("", None)]
    assert str(in_words(("甲.xlsx", 7))) == "甲.xlsx 第 7 行"
    assert str(in_words(("", 7))) == "第 7 行"


def test_ids_made_of_file_and_row_are_known_for_made(tmp_path: Path) -> None:
    put(tmp_path / "甲街.csv")
    put(tmp_path / "乙街.csv", f"某街小区表,,,\n{ROW}")
    made = read_described(LayerSource(path="*.csv"), tmp_path, "residential").frame
    assert automatic_ids(made, "residential")
    assert not automatic_ids(made.assign(id=["150402-1", "150402-9"]), "residential")
