"""What a file holds, told by the reading process: sheets, layers, data sets, a layer as it is."""

import shutil
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

from geo.errors import LayerError
from geo.ingest import names_in, read_as_it_is
from tests.geo.small_workbook import write_workbook


def shapes() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "id": ["1", "02"], "beds": [3.5, float("nan")], "opened": pd.to_datetime(
                ["2020-01-02", None]), "other column": ["甲", None],
        },
        geometry=[shapely.Point(500_000, 4_600_000), None], crs="EPSG:4549",
    )  # fmt: skip


def book(path: Path, *sheets: str) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name in sheets:
        made.create_sheet(name).append(["编号"])
    made.save(path)
    return path


def test_sheets_of_a_workbook_in_their_order(tmp_path: Path) -> None:
    assert names_in(book(tmp_path / "a.xlsx", "小区", "说明", "设施")) == ("小区", "说明", "设施")


def test_layers_of_a_geographic_file(tmp_path: Path) -> None:
    for name in ("小区", "设施"):
        shapes().to_file(tmp_path / "a.gpkg", layer=name)
    assert names_in(tmp_path / "a.gpkg") == ("小区", "设施")


def test_data_sets_of_an_archive_and_what_is_in_the_only_one(tmp_path: Path) -> None:
    folder = tmp_path / "数据"
    folder.mkdir()
    shapes().to_file(folder / "one.gpkg", layer="甲")
    shapes().to_file(folder / "one.gpkg", layer="乙")
    shutil.make_archive(str(tmp_path / "one"), "zip", folder)
    assert names_in(tmp_path / "one.zip") == names_in(folder) == ("甲", "乙")
    shapes().to_file(folder / "two.geojson", driver="GeoJSON")
    shutil.make_archive(str(tmp_path / "two"), "zip", folder)
    assert names_in(tmp_path / "two.zip") == names_in(folder) == ("one", "two")


def test_a_table_of_text_and_a_database_have_no_names(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("编号\n1\n", encoding="utf-8")
    assert names_in(tmp_path / "a.csv") == ()
    assert names_in("postgresql://u@127.0.0.1:1/db") == ()


def test_what_is_not_what_its_name_says_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("<html></html>", encoding="utf-8")
    (tmp_path / "b.gpkg").write_text("<OGRVRTDataSource/>", encoding="utf-8")
    (tmp_path / "c.gpkg").write_bytes(b"SQLite format 3\x00" + b"\x01" * 5000)
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr("../out.geojson", "{}")
    for name in ("a.xlsx", "b.gpkg", "c.gpkg", "d.zip", "nothing.xlsx"):
        with pytest.raises(LayerError, match=name):
            names_in(tmp_path / name)


def test_a_layer_as_it_is_keeps_columns_kinds_and_coordinates(tmp_path: Path) -> None:
    shapes().to_file(tmp_path / "a.gpkg", layer="stock")
    found = read_as_it_is(tmp_path / "a.gpkg", layer="stock")
    directly = pyogrio.read_dataframe(tmp_path / "a.gpkg", layer="stock")
    assert_geodataframe_equal(found, directly)
    assert found.crs == "EPSG:4549"
    assert found["id"].tolist() == ["1", "02"]


def test_a_layer_as_it_is_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    shapes().to_file(tmp_path / "a.gpkg", layer="stock")
    with pytest.raises(LayerError, match=r"a\.gpkg"):
        read_as_it_is(tmp_path / "a.gpkg", layer="other")
    pyogrio.write_dataframe(pd.DataFrame({"id": [1]}), tmp_path / "b.gpkg", layer="stock")
    with pytest.raises(LayerError, match=r"b\.gpkg"):
        read_as_it_is(tmp_path / "b.gpkg", layer="stock")


def test_more_sheets_than_anybody_chooses_from_are_counted(tmp_path: Path) -> None:
    names = [f"s{at}" for at in range(501)]
    write_workbook(tmp_path / "a.xlsx", {name: [[1]] for name in names[:500]})
    write_workbook(tmp_path / "b.xlsx", {name: [[1]] for name in names})
    assert names_in(tmp_path / "a.xlsx") == tuple(names[:500])
    with pytest.raises(LayerError, match=r"^b\.xlsx：里面有 501 个工作表或图层，超过上限 500 个"):
        names_in(tmp_path / "b.xlsx")
