"""Links that come along with data: none leads out of its folder, and none is told as lines."""

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.errors import LayerError
from geo.files.patterns import files_meant
from geo.ingest import read_layer

LEDGER = "小区名称,户数,经度,纬度\n甲,10,118.95,42.27\n"
OUTSIDE = r"：是链接，指向所在文件夹之外，不予读取"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.csv"
    path.write_text("root:x:0:0\n", encoding="utf-8")
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "study" / "data"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text(LEDGER, encoding="utf-8")
    return folder


def link(at: Path, to: Path) -> None:
    try:
        at.symlink_to(to)
    except OSError:  # Windows asks for a right to make one
        pytest.skip("no links here")


@pytest.mark.parametrize("pattern", ["data/*.csv", "data/**/*.csv", "d*/b.csv"])
def test_a_pattern_meets_no_link_out(data: Path, secret: Path, pattern: str) -> None:
    # The last pattern varies from the study's folder on, which the link leaves as well.
    link(data / "b.csv", secret)
    with pytest.raises(LayerError, match=rf"^b\.csv{OUTSIDE}"):
        files_meant(data.parent, pattern)


def test_a_pattern_meets_no_folder_out(data: Path, tmp_path: Path, secret: Path) -> None:
    link(data / "up", tmp_path)
    with pytest.raises(LayerError, match="1 个链接没有读（首个：up）"):
        files_meant(data.parent, "data/*/*.csv")
    assert secret.exists()


def test_a_link_that_stays_inside_is_the_same_file_again(data: Path) -> None:
    link(data / "b.csv", data / "a.csv")
    assert [file.name for file in files_meant(data.parent, "data/*.csv")] == ["a.csv"]


def test_a_folder_that_is_a_link_is_the_users(data: Path) -> None:
    link(data.parent / "other", data)
    assert [file.name for file in files_meant(data.parent, "other/*.csv")] == ["a.csv"]


def test_a_link_that_the_user_names_is_his_own(data: Path, tmp_path: Path) -> None:
    link(tmp_path / "mine.csv", data / "a.csv")
    assert read_layer(tmp_path / "mine.csv", "residential").frame["households"].tolist() == [10]


def test_a_folder_with_a_link_out_is_refused(data: Path, secret: Path) -> None:
    link(data / "b.csv", secret)
    with pytest.raises(LayerError, match=rf"^b\.csv{OUTSIDE}"):
        read_layer(data, "residential")


def test_a_part_of_a_shapefile_from_outside_is_refused(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    frame = gpd.GeoDataFrame({"户数": [10]}, geometry=[shapely.Point(118.95, 42.27)], crs=4326)
    frame.to_file(inner / "a.shp", encoding="utf-8")
    (inner / "a.dbf").rename(tmp_path / "a.dbf")
    link(inner / "a.dbf", tmp_path / "a.dbf")
    with pytest.raises(LayerError, match=rf"^a\.dbf{OUTSIDE}"):
        read_layer(inner / "a.shp", "residential")
