"""A file is read with all that belongs to it, and nothing of it is passed over in silence."""

import sqlite3
import struct
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.errors import LayerError
from geo.ingest import Door
from geo.layers import read_layer

COUNT = 3


def estates(count: int = COUNT) -> gpd.GeoDataFrame:
    places = [shapely.Point(118.9 + n / 100, 42.2) for n in range(count)]
    names, homes = [f"小区{n}" for n in range(count)], [100 * (n + 1) for n in range(count)]
    return gpd.GeoDataFrame({"name": names, "homes": homes}, geometry=places, crs="EPSG:4326")


def shapefile(folder: Path, name: str = "a") -> Path:
    path = folder / f"{name}.shp"
    estates().rename(columns={"homes": "households"}).to_file(path, encoding="utf-8")
    return path


def said(path: Path) -> str:
    return "\n".join(str(f.message) for f in read_layer(path, "residential").findings)


def test_edits_that_another_program_still_holds_are_read(tmp_path: Path, door: Door) -> None:
    path = tmp_path / "a.gpkg"
    estates().to_file(path, layer="小区")
    columns = {"homes": "households"}
    holder = sqlite3.connect(path)
    holder.execute("PRAGMA journal_mode = WAL")
    holder.execute("PRAGMA wal_autocheckpoint = 0")
    holder.execute("PRAGMA query_only = 0")
    try:
        # The layer's triggers call functions that only GDAL has.
        for (trigger,) in holder.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            holder.execute(f'DROP TRIGGER "{trigger}"')
        holder.execute("UPDATE 小区 SET homes = 999 WHERE name = '小区1'")
        holder.commit()
        assert (tmp_path / "a.gpkg-wal").stat().st_size > 0
        read = door.layer(path, "residential", columns=columns).frame
    finally:
        holder.close()
    assert read["households"].tolist() == [100, 999, 300]


def test_a_record_struck_out_is_told_and_the_others_keep_their_rows(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    dbf = path.with_suffix(".dbf")
    raw = bytearray(dbf.read_bytes())
    start, width = struct.unpack("<HH", raw[8:12])
    raw[start + width] = ord("*")  # the second record
    dbf.write_bytes(bytes(raw))
    layer = read_layer(path, "residential")
    assert layer.frame["row"].tolist() == [1, 3]
    assert "1 条记录标为已删除" in said(path)
    assert "第 2 条" in said(path)


def test_shapes_without_a_record_are_told(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    dbf = path.with_suffix(".dbf")
    raw = bytearray(dbf.read_bytes())
    raw[4:8] = struct.pack("<I", COUNT - 1)
    _, width = struct.unpack("<HH", raw[8:12])
    dbf.write_bytes(bytes(raw[:-width]))
    assert "图形有 3 个，属性表（.dbf）有 2 条记录" in said(path)


def test_a_figure_too_long_for_its_column_is_told(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    dbf = path.with_suffix(".dbf")
    raw = dbf.read_bytes()
    field = b"                200"
    assert field in raw
    dbf.write_bytes(raw.replace(field, b"*" * len(field)))
    assert read_layer(path, "residential").frame["households"].isna().tolist() == [
        False, True, False,
    ]
    assert "1 条记录含溢出的数" in said(path)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(".dbf").unlink()
    with pytest.raises(LayerError, match=r"缺少 \.dbf"):
        read_layer(path, "residential")


def test_parts_in_other_letters_belong_together(tmp_path: Path) -> None:
    path = shapefile(tmp_path, "Estates")
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for part in tmp_path.glob("Estates.*"):
            name = part.name if part.suffix == ".shp" else part.name.upper()
            archive.write(part, name)
    assert len(read_layer(packed, "residential").frame) == COUNT
    path.with_suffix(".dbf").rename(tmp_path / "ESTATES.DBF")
    assert len(read_layer(path, "residential").frame) == COUNT


def test_a_link_beside_a_shapefile_is_not_followed(tmp_path: Path, door: Door) -> None:
    path = shapefile(tmp_path)
    table = path.with_suffix(".dbf")
    table.rename(tmp_path / "elsewhere")
    try:
        table.symlink_to(tmp_path / "elsewhere")
    except OSError:  # Windows asks for a right to make one
        return
    with pytest.raises(LayerError, match=r"缺少 \.dbf"):
        door.layer(path, "residential")


def test_a_layer_that_is_not_there_is_not_another_one(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    shapefile(folder)
    with pytest.raises(LayerError, match="没有图层“别的”，现有：a"):
        read_layer(folder, "residential", sheet="别的")
    (folder / "小区.csv").write_text(
        "名称,户数,经度,纬度\n表中的,7,118.9,42.2\n", encoding="utf-8"
    )
    assert read_layer(folder, "residential", sheet="小区").frame["households"].tolist() == [7]


def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("小区.csv", "名称,户数\n甲,1\n")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("小区.csv", "名称,户数\n乙,2\n")
    with pytest.raises(LayerError, match=r"两个同名的文件（小区\.csv）"):
        read_layer(packed, "residential")


def test_long_chinese_names_fit_any_system(tmp_path: Path, door: Door) -> None:
    packed = tmp_path / f"{'某旗某街道养老服务设施与居住小区台账' * 3}.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(
            f"{'二〇二五年某旗某街道居住小区名录' * 5}.csv",
            "名称,户数,经度,纬度\n甲,1,118.9,42.2\n",
        )
    assert door.layer(packed, "residential").frame["name"].tolist() == ["甲"]


def test_a_path_that_is_not_there_is_shown_as_it_was_given(tmp_path: Path, door: Door) -> None:
    with pytest.raises(LayerError) as refused:
        door.layer(tmp_path / "没有.csv", "residential")
    assert str(tmp_path / "没有.csv") in str(refused.value)


def test_a_code_page_that_is_no_encoding_of_text_is_passed_over(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(".cpg").write_text("uu", encoding="ascii")
    assert read_layer(path, "residential").frame["name"].tolist() == ["小区0", "小区1", "小区2"]
