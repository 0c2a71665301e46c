"""Rows of a layer that should differ and do not: many on one point, boundaries of one name."""

from pathlib import Path

import geopandas as gpd
import shapely

from geo.findings import Finding
from geo.layers import read_layer


def facilities(folder: Path, count: int) -> list[Finding]:
    lines = [f"站{n},养老院,118.95123,42.26456" for n in range(count)]
    text = "\n".join(["名称,类别,经度,纬度", "另一站,养老院,118.96123,42.26456", *lines])
    path = folder / "设施.csv"
    path.write_text(text + "\n", encoding="utf-8")
    found = read_layer(path, "facilities", coordinates="wgs84").findings
    return [f for f in found if "同一个点" in str(f.message)]


def test_five_on_one_point_are_told_once_with_their_rows(tmp_path: Path) -> None:
    assert facilities(tmp_path, 4) == []
    (told,) = facilities(tmp_path, 5)
    assert (told.severity, told.row) == ("warning", 3)
    assert "5 行" in str(told.message)
    assert "第 3、4、5、6、7 行" in str(told.message)


def boundaries(folder: Path, *rows: tuple[str, str, str]) -> list[int | None]:
    boxes = [shapely.box(118 + at, 42, 118.5 + at, 42.5) for at in range(len(rows))]
    columns = dict(zip(("名称", "级别", "上级"), map(list, zip(*rows, strict=True)), strict=True))
    path = folder / "边界.gpkg"
    path.unlink(missing_ok=True)
    gpd.GeoDataFrame(columns, geometry=boxes, crs=4326).to_file(path)
    found = read_layer(path, "boundaries").findings
    return [f.row for f in found if "同名、同级" in str(f.message)]


def test_boundaries_of_one_name_are_told_apart_by_level_and_parent(tmp_path: Path) -> None:
    town, other = ("新华街道", "街道", "甲区"), ("新华街道", "街道", "乙区")
    assert len(boundaries(tmp_path, town, town)) == 1
    assert boundaries(tmp_path, town, other) == []
    assert boundaries(tmp_path, town, ("新华街道", "社区", "甲区")) == []
    assert len(boundaries(tmp_path, ("新华街道", "街道", ""), ("新华街道", "街道", ""))) == 1
