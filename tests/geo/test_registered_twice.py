"""Places of one name in a ledger, more residents than beds, and rows told by their names."""

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.ingest import read_layer

HEADERS = "名称,类别,街道,经度,纬度,床位数,入住人数"


def told(tmp_path: Path, *rows: str) -> list[tuple[int | None, str]]:
    path = tmp_path / "设施.csv"
    path.write_text("\n".join([HEADERS, *rows]), encoding="utf-8")
    return [(each.row, str(each.message)) for each in read_layer(path, "facilities").findings]


def twice(found: list[tuple[int | None, str]]) -> list[int | None]:
    return [row for row, message in found if "同名" in message]


def test_one_name_in_one_street_is_told_with_both_rows(tmp_path: Path) -> None:
    found = told(
        tmp_path, "锦绣站,社区养老服务站,桥北街道,118.91,42.21,5,3",
        "玉龙站,社区养老服务站,桥北街道,118.92,42.22,5,3",
        "锦绣站,社区养老服务站,桥北街道,118.95,42.25,5,3",
    )  # fmt: skip
    assert (4, "与第 2 行“锦绣站”同名，疑似重复登记。") in found
    assert twice(found) == [4]


def test_estates_of_one_name_in_two_streets_are_two(tmp_path: Path) -> None:
    path = tmp_path / "小区.csv"
    rows = ["小区名称,户数,街道,分期,经度,纬度", "幸福小区,100,桥北街道,一期,118.91,42.21",
            "幸福小区,120,铁东街道,一期,118.95,42.25", "幸福小区,130,桥北街道,二期,118.96,42.25",
            "幸福小区,140,铁东街道,一期,118.97,42.25"]  # fmt: skip
    path.write_text("\n".join(rows), encoding="utf-8")
    findings = read_layer(path, "residential").findings
    assert twice([(each.row, str(each.message)) for each in findings]) == [5]


@pytest.mark.parametrize(("residents", "doubted"), [("5", False), ("6", True)])
def test_more_residents_than_beds_are_doubted(
    tmp_path: Path, residents: str, *, doubted: bool
) -> None:
    found = told(tmp_path, f"锦绣站,社区养老服务站,桥北街道,118.91,42.21,5,{residents}")
    assert ((2, "“入住人数” 6 大于“床位数” 5。") in found) is doubted


def test_boundaries_that_overlap_are_told_by_their_names(tmp_path: Path) -> None:
    shapes = [shapely.box(118.90, 42.20, 118.92, 42.22), shapely.box(118.91, 42.20, 118.93, 42.22)]
    frame = gpd.GeoDataFrame(
        {"name": ["东城街道", "西城街道"], "level": ["街道"] * 2}, geometry=shapes, crs=4326
    )
    frame.to_file(tmp_path / "边界.gpkg")
    found = [each for each in read_layer(tmp_path / "边界.gpkg", "boundaries").findings
             if "重叠" in str(each.message)]  # fmt: skip
    assert [each.value for each in found] == ["东城街道"]
    assert "西城街道" in str(found[0].message)
