"""Population grids: sums by hand, places by hand, and what is refused before it is read."""

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import Affine

from geo.errors import CoordinateError, LayerError
from geo.findings import Finding
from geo.grids.people import GridLimits, read_raster
from geo.layers import Layer, read_layer

METRIC = "EPSG:4549"


def from_origin(west: float, north: float, width: float, height: float) -> Affine:
    """Return the transform of a grid with the north on top."""
    return Affine(width, 0, west, 0, -height, north)


NORTH_UP = from_origin(500_000, 4_680_000, 100, 100)
# Two rows of three: 10 + 2.5 + 7.5 = 20 people in three cells.
PEOPLE = [[10.0, 0.0, -99999.0], [2.5, 7.5, -99999.0]]


def grid(path: Path, *bands: Any, **options: Any) -> Path:  # noqa: ANN401 - nested figures
    """Write bands of figures as a GeoTIFF."""
    values = np.array(bands, dtype=options.pop("dtype", "float32"))
    names = options.pop("names", ())
    tags = options.pop("units", ())
    given = {
        "driver": "GTiff", "crs": METRIC, "transform": NORTH_UP, "nodata": -99999, **options,
        "count": values.shape[0], "height": values.shape[1], "width": values.shape[2],
        "dtype": values.dtype,
    }
    with rasterio.open(path, "w", **given) as file:
        file.write(values)
        for number, name in enumerate(names, start=1):
            file.set_band_description(number, name)
        for number, unit in enumerate(tags, start=1):
            file.set_band_unit(number, unit)
    return path


def people(read: Any, column: int = 0) -> list[float]:  # noqa: ANN401
    return [float(value) for value in read.table.columns[column]]


def told(read: Any, part: str) -> list[Finding]:  # noqa: ANN401
    findings = read.findings if isinstance(read, Layer) else read.table.findings
    return [finding for finding in findings if part in str(finding.line())]


# --- figures -------------------------------------------------------------------------------------


def test_only_cells_with_people_are_rows(tmp_path: Path) -> None:
    read = read_raster(grid(tmp_path / "p.tif", PEOPLE))
    assert people(read) == [10.0, 2.5, 7.5]
    # Cells run from 1, row by row: 1 2 3 / 4 5 6.
    assert read.table.rows.tolist() == [1, 4, 5]
    assert [(p.x, p.y) for p in read.geometry] == [
        (500_050, 4_679_950), (500_050, 4_679_850), (500_150, 4_679_850),
    ]
    assert told(read, "波段合计 20 人，读入合计 20 人")
    assert told(read, "1 格人口为 0，2 格没有数据")
    assert told(read, "3×2 格，每格边长约 100 米，读取整幅的 6 格，其中 3 格有人")


def test_a_layer_is_in_degrees_with_its_people(tmp_path: Path) -> None:
    layer = read_layer(grid(tmp_path / "p.tif", PEOPLE), "population")
    assert layer.frame["population"].tolist() == [10.0, 2.5, 7.5]
    assert layer.frame["id"].tolist() == ["p1", "p4", "p5"]
    back = layer.frame.to_crs(METRIC).geometry
    assert back.x.to_numpy() == pytest.approx([500_050, 500_050, 500_150], abs=1e-3)
    assert back.y.to_numpy() == pytest.approx([4_679_950, 4_679_850, 4_679_850], abs=1e-3)


@pytest.mark.parametrize(
    ("dtype", "nodata"),
    [("uint8", 0), ("uint16", 65535), ("int32", -1), ("float64", np.nan), ("float32", None)],
)
def test_kinds_of_figures_and_of_nothing(tmp_path: Path, dtype: str, nodata: float | None) -> None:
    gap = 0 if nodata is None else nodata
    read = read_raster(
        grid(tmp_path / "p.tif", [[10, gap], [gap, 5]], dtype=dtype, nodata=nodata)
    )
    assert people(read) == [10.0, 5.0]
    assert read.table.rows.tolist() == [1, 4]


def test_nan_in_a_file_with_another_nodata_is_nothing(tmp_path: Path) -> None:
    read = read_raster(grid(tmp_path / "p.tif", [[np.nan, 3.0, -99999.0]]))
    assert people(read) == [3.0]
    assert told(read, "2 格没有数据")


def test_an_undeclared_nodata_value_is_told(tmp_path: Path) -> None:
    read = read_raster(grid(tmp_path / "p.tif", PEOPLE, nodata=None))
    assert people(read) == [10.0, 2.5, 7.5]
    assert told(read, "2 格都是 -99999")[0].severity == "warning"


def test_negative_people_are_an_error_and_counted(tmp_path: Path) -> None:
    read = read_raster(grid(tmp_path / "p.tif", [[4.0, -1.0, -2.5, np.inf, 0.0]]))
    assert people(read) == [4.0]
    (finding,) = told(read, "人数不可能")
    assert finding.severity == "error"
    assert "3 格" in str(finding.message)
    assert "-2.5 至 inf" in str(finding.message)
    assert told(read, "1 格人口为 0，0 格没有数据")


def test_scale_and_offset_are_applied(tmp_path: Path) -> None:
    path = grid(tmp_path / "p.tif", [[10, 0, 255]], dtype="uint8", nodata=255)
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = (0.5,), (2.0,)
    assert people(read_raster(path)) == [7.0, 2.0]  # 10 x 0.5 + 2; 0 x 0.5 + 2


def test_sums_are_kept_in_many_cells_of_a_float32(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    cells = np.where(rng.random((700, 900)) < 0.3, rng.random((700, 900)) * 90, 0)
    cells = cells.astype("float32")
    read = read_raster(grid(tmp_path / "p.tif", cells, tiled=True, compress="deflate"))
    assert sum(people(read)) == pytest.approx(cells.sum(dtype=np.float64), rel=1e-12)
    assert len(read.table.rows) == np.count_nonzero(cells)
    assert (read.table.rows == np.flatnonzero(cells) + 1).all()


# --- bands ---------------------------------------------------------------------------------------


def test_bands_are_told_by_their_descriptions(tmp_path: Path) -> None:
    path = grid(
        tmp_path / "p.tif", [[3.0, 0.0]], [[5.0, 1.0]], [[20.0, 9.0]],
        names=("65岁以上人口", "60岁以上人口", "常住人口"),
    )
    layer = read_layer(path, "population")
    assert layer.frame["population"].tolist() == [20.0, 9.0]
    assert layer.frame["elderly_60plus"].tolist() == [5.0, 1.0]
    assert layer.frame["elderly_65plus"].tolist() == [3.0, 0.0]
    assert layer.frame["basis"].tolist() == ["resident", "resident"]


def test_several_bands_are_a_question(tmp_path: Path) -> None:
    path = grid(tmp_path / "p.tif", [[1.0]], [[2.0]], names=("2015", "2020"))
    with pytest.raises(LayerError, match="1 2015、2 2020"):
        read_raster(path)
    assert people(read_raster(path, layer="2020")) == [2.0]
    assert people(read_raster(path, layer="1")) == [1.0]
    with pytest.raises(LayerError, match="没有波段“3”"):
        read_raster(path, layer="3")


def test_columns_name_a_band(tmp_path: Path) -> None:
    path = grid(tmp_path / "p.tif", [[8.0]], [[2.0]])
    layer = read_layer(path, "population", sheet="1", columns={"2": "elderly_60plus"})
    assert layer.frame["elderly_60plus"].tolist() == [2.0]


def test_the_only_band_may_say_that_it_is_not_the_population(tmp_path: Path) -> None:
    path = grid(tmp_path / "p.tif", [[8.0]], names=("60岁以上人口",))
    with pytest.raises(LayerError, match="哪个波段是人口"):
        read_raster(path)


def test_a_band_said_to_be_the_old_is_not_the_population(tmp_path: Path) -> None:
    path = grid(tmp_path / "p.tif", [[8.0]], [[2.0]], names=("人口", "甲"))
    with pytest.raises(LayerError, match="哪个波段是人口"):
        read_raster(path, columns={"人口": "elderly_60plus"})


def test_a_second_file_holds_the_old(tmp_path: Path) -> None:
    path = grid(tmp_path / "p.tif", PEOPLE)
    grid(tmp_path / "old.tif", [[4.0, 1.5, -99999.0], [-99999.0, 0.0, 2.0]])
    layer = read_layer(path, "population", columns={"old.tif": "elderly_60plus"})
    old = layer.frame["elderly_60plus"]
    assert old.tolist()[::2] == [4.0, 0.0]
    assert np.isnan(old[1])  # without data: unknown, not 0
    # 1.5 + 2 old people stand in cells without people: 4 of 7.5 came in.
    assert told(layer, "波段合计 7.5 人，读入合计 4 人")[0].severity == "warning"


@pytest.mark.parametrize(
    ("cells", "other"),
    [
        (PEOPLE, {"transform": from_origin(500_010, 4_680_000, 100, 100)}),
        (PEOPLE, {"transform": from_origin(500_000, 4_680_000, 100, 101)}),
        (PEOPLE, {"crs": "EPSG:4548"}),
        (PEOPLE[:1], {}),
    ],
)
def test_a_second_file_of_another_grid_is_refused(
    tmp_path: Path, cells: list[list[float]], other: dict[str, Any]
) -> None:
    path = grid(tmp_path / "p.tif", PEOPLE)
    grid(tmp_path / "old.tif", cells, **other)
    with pytest.raises(LayerError, match="格网不一致"):
        read_raster(path, columns={"old.tif": "elderly_60plus"})


@pytest.mark.parametrize(
    "name", ["../old.tif", "nowhere.tif", "/etc/old.tif", "sub\\old.tif", "link.tif"]
)
def test_a_second_file_stands_beside_the_first(tmp_path: Path, name: str) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "link.tif").symlink_to(grid(tmp_path / "old.tif", PEOPLE))
    path = grid(inner / "p.tif", PEOPLE)
    with pytest.raises(LayerError, match="同一文件夹"):
        read_raster(path, columns={name: "elderly_60plus"})


def test_descriptions_in_gbk_are_as_good_as_none(tmp_path: Path) -> None:
    path = grid(tmp_path / "p.tif", [[8.0]], [[2.0]], names=("常住总人口", "甲"))
    utf8, gbk = "常住总人口".encode(), "常住总人口数量".encode("gbk") + b" "
    assert len(utf8) == len(gbk)
    path.write_bytes(path.read_bytes().replace(utf8, gbk))
    with pytest.raises(LayerError, match="1、2"):
        read_raster(path)
    assert people(read_raster(path, layer="2")) == [2.0]


# --- where ---------------------------------------------------------------------------------------


def test_a_grid_with_the_south_on_top(tmp_path: Path) -> None:
    south_up = Affine(100, 0, 500_000, 0, 100, 4_679_000)
    read = read_raster(grid(tmp_path / "p.tif", [[1.0], [2.0]], transform=south_up))
    assert [(p.x, p.y) for p in read.geometry] == [(500_050, 4_679_050), (500_050, 4_679_150)]


def test_a_turned_grid(tmp_path: Path) -> None:
    # A quarter turn: the columns run north, the rows run east.
    turned = Affine(0, 100, 500_000, 100, 0, 4_679_000)
    read = read_raster(grid(tmp_path / "p.tif", [[1.0, 2.0]], transform=turned))
    assert [(p.x, p.y) for p in read.geometry] == [(500_050, 4_679_050), (500_050, 4_679_150)]


def test_degrees_are_measured_in_metres(tmp_path: Path) -> None:
    # WorldPop's 3 arc-seconds: 92.8 m from south to north.
    cell = 1 / 1200
    path = grid(
        tmp_path / "p.tif", PEOPLE, crs="EPSG:4326", transform=from_origin(118.9, 42.3, cell, cell)
    )
    assert told(read_raster(path), "每格边长约 93 米")


def test_large_cells_are_polygons(tmp_path: Path) -> None:
    wide = from_origin(500_000, 4_680_000, 1000, 1000)
    read = read_raster(grid(tmp_path / "p.tif", [[0.0, 5.0]], transform=wide))
    (cell,) = read.geometry
    assert cell.equals(shapely.box(501_000, 4_679_000, 502_000, 4_680_000))
    assert told(read, "按面处理")


def test_only_the_study_is_read(tmp_path: Path) -> None:
    cell = 0.001
    values = np.arange(1.0, 101.0).reshape(10, 10)
    path = grid(
        tmp_path / "p.tif", values, crs="EPSG:4326", transform=from_origin(118, 42, cell, cell)
    )
    # Columns 3 and 4, rows 0 and 1: cells 4, 5, 14 and 15, whose figures are the same.
    read = read_raster(path, near=(118.0031, 41.9981, 118.0049, 42.5))
    assert people(read) == [4.0, 5.0, 14.0, 15.0]
    assert read.table.rows.tolist() == [4, 5, 14, 15]
    assert told(read, "研究范围内的 4 格")
    assert told(read, "波段合计 38 人，读入合计 38 人")
    with pytest.raises(LayerError, match="不含研究范围"):
        read_raster(path, near=(10, 10, 11, 11))


def test_no_crs_is_refused_unless_the_study_says_one(tmp_path: Path) -> None:
    path = grid(tmp_path / "p.tif", PEOPLE, crs=None)
    with pytest.raises(CoordinateError, match="没有说明坐标系"):
        read_layer(path, "population")
    layer = read_layer(path, "population", coordinates=METRIC)
    assert layer.frame.to_crs(METRIC).geometry.x[0] == pytest.approx(500_050, abs=1e-3)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_no_place_on_earth_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=3, height=2, count=1, dtype="float32"
    ) as file:
        file.write(np.array([PEOPLE], dtype="float32"))
    (tmp_path / "p.tfw").write_text("100\n0\n0\n-100\n500050\n4679950\n")
    with rasterio.open(path) as file:  # GDAL by itself reads the world file
        assert file.transform.c == 500_000
    with pytest.raises(LayerError, match="没有地理位置"):
        read_raster(path, coordinates=METRIC)


def test_a_wrong_crs_is_refused(tmp_path: Path) -> None:
    path = grid(tmp_path / "p.tif", PEOPLE, crs="EPSG:4326")
    with pytest.raises(CoordinateError):
        read_layer(path, "population")


# --- what is refused -----------------------------------------------------------------------------


def test_a_grid_is_only_a_population(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match="只能作人口图层"):
        read_layer(grid(tmp_path / "p.tif", PEOPLE), "facilities")


@pytest.mark.parametrize(
    "content",
    [
        b'<VRTDataset rasterXSize="1" rasterYSize="1"></VRTDataset>',
        b"SQLite format 3\x00", b"\x89PNG\r\n\x1a\n", b"II*", b"PK\x03\x04",
    ],
)
def test_another_format_under_the_name_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "p.tif"
    path.write_bytes(content)
    with pytest.raises(LayerError, match="内容与扩展名不符"):
        read_raster(path)


@pytest.mark.parametrize("kept", [8, 100, 300, 0.6])
def test_a_damaged_file_is_refused(tmp_path: Path, kept: float) -> None:
    values = np.random.default_rng(1).random((300, 300))
    path = grid(tmp_path / "p.tif", values, compress="deflate")
    data = path.read_bytes()
    path.write_bytes(data[: int(kept if kept > 1 else len(data) * kept)])
    with pytest.raises(LayerError, match=r"p\.tif"):
        read_raster(path)


def test_a_bomb_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "p.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=60_000, height=60_000, count=1, dtype="float32",
        crs=METRIC, transform=NORTH_UP, tiled=True, sparse_ok=True, compress="deflate",
    ):
        pass
    assert path.stat().st_size < 1_000_000
    started = time.monotonic()
    with pytest.raises(LayerError, match="60000×60000 格，上限 100000000 格"):
        read_raster(path)
    assert time.monotonic() - started < 1


def test_a_bomb_in_one_block_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=9_000, height=9_000, count=1, dtype="float32",
        crs=METRIC, transform=NORTH_UP, blockysize=9_000, sparse_ok=True, compress="deflate",
    ):
        pass
    with pytest.raises(LayerError, match="分块过大"):
        read_raster(path)


def test_a_part_of_a_huge_grid_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "p.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=60_000, height=60_000, count=1, dtype="float32",
        crs="EPSG:4326", transform=from_origin(73, 54, 0.001, 0.001), tiled=True, sparse_ok=True,
        compress="deflate",
    ) as file:
        one_cell = ((20_000, 20_001), (30_000, 30_001))
        file.write(np.array([[6.0]], dtype="float32"), 1, window=one_cell)
    read = read_raster(path, near=(102.5, 33.5, 103.5, 34.5))
    assert people(read) == [6.0]
    assert read.table.rows.tolist() == [20_000 * 60_000 + 30_000 + 1]


def test_too_many_lived_in_cells_are_refused(tmp_path: Path) -> None:
    path = grid(tmp_path / "p.tif", PEOPLE)
    with pytest.raises(LayerError, match="超过 2 个"):
        read_raster(path, limits=GridLimits(lived_in=2))
    with pytest.raises(LayerError, match="上限 5 格"):
        read_raster(path, limits=GridLimits(cells=5))


def test_a_picture_is_refused(tmp_path: Path) -> None:
    path = grid(
        tmp_path / "p.tif", [[1]], [[2]], [[3]], dtype="uint8", nodata=None, photometric="RGB"
    )
    with pytest.raises(LayerError, match="是图像"):
        read_raster(path, layer="1")


def test_a_lossy_file_is_refused(tmp_path: Path) -> None:
    values = np.ones((64, 64), dtype="uint8")
    path = grid(tmp_path / "p.tif", values, dtype="uint8", nodata=None, compress="jpeg")
    with pytest.raises(LayerError, match="是图像"):
        read_raster(path)


@pytest.mark.parametrize("given", [{"names": ("人口密度",)}, {"units": ("people/km2",)}])
def test_a_density_is_refused(tmp_path: Path, given: dict[str, Any]) -> None:
    with pytest.raises(LayerError, match="人口密度"):
        read_raster(grid(tmp_path / "p.tif", PEOPLE, **given), layer="1")


@pytest.mark.parametrize(
    ("name", "doubted"),
    [
        ("chn_ppp_2020_UNadj.tif", False), ("chn_pd_2020_1km.tif", True),
        ("chn_f_60_2020.tif", True), ("人口.tif", False),
    ],
)
def test_names_of_other_figures_are_doubted(tmp_path: Path, name: str, *, doubted: bool) -> None:
    read = read_raster(grid(tmp_path / name, PEOPLE))
    assert bool(told(read, "文件名像是")) == doubted


def test_nothing_beside_the_file_is_read(tmp_path: Path) -> None:
    path = grid(tmp_path / "p.tif", PEOPLE, nodata=None)
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=False), rasterio.open(path, "r+") as file:
        file.write_mask(np.zeros((2, 3), dtype="uint8"))
    (tmp_path / "p.tif.aux.xml").write_text(
        '<PAMDataset><SRS>EPSG:32650</SRS><PAMRasterBand band="1"><Description>60岁以上人口'
        "</Description><NoDataValue>10</NoDataValue></PAMRasterBand></PAMDataset>"
    )
    assert (tmp_path / "p.tif.msk").is_file()
    with rasterio.open(path) as file:  # GDAL by itself reads them all
        assert file.nodata == 10
        assert file.read(1, masked=True).count() == 0
    read = read_raster(path)
    assert people(read) == [10.0, 2.5, 7.5]
    assert read.crs is not None
    assert read.crs.to_epsg() == 4549


def test_ten_million_cells_take_seconds(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    values = np.where(rng.random((2500, 4000)) < 0.1, 3.5, 0).astype("float32")
    path = grid(tmp_path / "p.tif", values, tiled=True, compress="deflate")
    started = time.monotonic()
    read = read_raster(path)
    assert time.monotonic() - started < 15
    assert sum(people(read)) == values.sum(dtype=np.float64)
