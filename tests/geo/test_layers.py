"""Layers read whole: from any format to one frame in WGS84, every doubt a finding."""

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.errors import CoordinateError, LayerError
from geo.findings import Finding
from geo.layers import Layer, read_layer
from geo.position.coordinates import wgs84_to_bd09, wgs84_to_gcj02

LON, LAT = 118.9, 42.26
STATIONS = (
    "名称,类别,运营状态,床位数,经度,纬度\n"
    f"甲站,社区养老服务站,运营,10,{LON},{LAT}\n"
    f"乙站,日间照料,在建,20,{LON + 0.01:.3f},{LAT}\n"
)


def box(x: float = LON, y: float = LAT, size: float = 0.003) -> shapely.Polygon:
    return shapely.box(x, y, x + size, y + size)


def estates(*shapes: object, **columns: list[object]) -> gpd.GeoDataFrame:
    given = {"小区名称": [f"小区{n}" for n in range(len(shapes))], "户数": [100] * len(shapes)}
    return gpd.GeoDataFrame({**given, **columns}, geometry=list(shapes), crs="EPSG:4326")


def written(path: Path, frame: gpd.GeoDataFrame, **options: object) -> Path:
    frame.to_file(path, **options)
    return path


def text_file(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def geojson(path: Path, geometries: Sequence[object], **columns: Sequence[object]) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {
                "小区名称": f"小区{n}", "户数": 100, **{k: v[n] for k, v in columns.items()},
            },
            "geometry": shape,
        }
        for n, shape in enumerate(geometries)
    ]
    return text_file(path, json.dumps({"type": "FeatureCollection", "features": features}))


def told(layer: Layer, part: str) -> list[Finding]:
    return [finding for finding in layer.findings if part in str(finding.line())]


def test_a_csv_of_facilities_becomes_a_frame(tmp_path: Path) -> None:
    layer = read_layer(text_file(tmp_path / "设施.csv", STATIONS), "facilities")
    frame = layer.frame
    assert list(frame.columns) == ["id", "row", "name", "category", "status", "beds", "geometry"]
    assert list(frame["id"]) == ["f1", "f2"]
    assert list(frame["row"]) == [2, 3]
    assert list(frame["category"]) == ["community_station", "day_care"]
    assert list(frame["status"]) == ["operating", "building"]
    assert frame["beds"].dtype == float
    assert frame.crs.to_epsg() == 4326
    assert isinstance(frame.index, pd.RangeIndex)
    assert told(layer, "GCJ-02")


@pytest.mark.parametrize("name", ["小区.gpkg", "小区.geojson", "小区.shp"])
def test_every_vector_format_gives_the_same_estates(tmp_path: Path, name: str) -> None:
    frame = estates(box(), box(LON + 0.01)).rename(columns={"小区名称": "名称"})
    layer = read_layer(written(tmp_path / name, frame), "residential")
    assert list(layer.frame["name"]) == ["小区0", "小区1"]
    assert list(layer.frame["households"]) == [100, 100]
    assert list(layer.frame["id"]) == ["r1", "r2"]
    assert list(layer.frame["row"]) == [1, 2]
    assert shapely.equals_exact(
        shapely.normalize(layer.frame.geometry[0]), shapely.normalize(box()), tolerance=1e-9
    )


def test_a_zipped_shapefile_is_read_in_its_true_encoding(tmp_path: Path) -> None:
    frame = estates(box()).rename(columns={"小区名称": "名称"})
    frame.to_file(tmp_path / "a.shp", encoding="GB18030")
    (tmp_path / "a.cpg").write_text("UTF-8", encoding="ascii")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for suffix in ("shp", "shx", "dbf", "prj", "cpg"):
            archive.write(tmp_path / f"a.{suffix}", f"小区/a.{suffix}")
    layer = read_layer(tmp_path / "a.zip", "residential")
    assert list(layer.frame["name"]) == ["小区0"]
    assert told(layer, "GBK")


def test_a_kml_keeps_its_chinese_columns(tmp_path: Path) -> None:
    path = text_file(
        tmp_path / "设施.kml",
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
        "<Document><Placemark><name>甲站</name><ExtendedData>"
        '<Data name="类别"><value>助餐点</value></Data>'
        '<Data name="床位数"><value>8</value></Data></ExtendedData>'
        f"<Point><coordinates>{LON},{LAT},0</coordinates></Point></Placemark></Document></kml>",
    )
    frame = read_layer(path, "facilities").frame
    assert frame.loc[0, ["name", "category", "beds"]].tolist() == ["甲站", "canteen", 8]


def test_a_wkt_column_is_a_geometry(tmp_path: Path) -> None:
    rows = f'小区名称,户数,WKT\n甲,100,"{box().wkt}"\n乙,100,"POLYGON ((1 2"\n'
    layer = read_layer(text_file(tmp_path / "a.csv", rows), "residential", coordinates="wgs84")
    assert layer.frame.geometry[0].equals(box())
    assert layer.frame.geometry[1] is None
    assert [f.row for f in layer.findings if f.severity == "error"] == [3]


# Columns.


def test_a_missing_column_is_refused_with_the_headers_found(tmp_path: Path) -> None:
    path = text_file(tmp_path / "a.csv", f"名称,房源,经度,纬度\n甲,5,{LON},{LAT}\n")
    with pytest.raises(LayerError, match=r"a\.csv.*户数.*households.*房源.*columns"):
        read_layer(path, "residential")
    layer = read_layer(path, "residential", columns={"房源": "households"})
    assert list(layer.frame["households"]) == [5]


def test_columns_that_cannot_be_are_refused(tmp_path: Path) -> None:
    path = text_file(tmp_path / "a.csv", STATIONS)
    with pytest.raises(LayerError, match="hauser"):
        read_layer(path, "facilities", columns={"名称": "hauser"})
    with pytest.raises(LayerError, match="没有的列"):
        read_layer(path, "facilities", columns={"没有的列": "beds"})


def test_a_header_settles_how_care_rooms_were_measured(tmp_path: Path) -> None:
    rows = (
        "名称,户数,养老用房建筑面积,养老用房口径,经度,纬度\n"
        f"甲,100,20,,{LON},{LAT}\n乙,100,20,使用面积,{LON},{LAT}1\n"
    )
    layer = read_layer(text_file(tmp_path / "a.csv", rows), "residential")
    assert list(layer.frame["care_area_basis"]) == ["building", "usable"]
    layer = read_layer(
        text_file(tmp_path / "b.csv", rows.replace("养老用房口径", "备注")), "residential"
    )
    assert list(layer.frame["care_area_basis"]) == ["building", "building"]


def test_unreadable_cells_are_unknown_and_named(tmp_path: Path) -> None:
    frame = estates(box(), box(LON + 0.01), box(LON + 0.02), 户数=["约500户", "待核实", None])
    layer = read_layer(written(tmp_path / "a.gpkg", frame), "residential")
    assert layer.frame["households"].tolist()[0] == 500
    assert layer.frame["households"].isna().tolist() == [False, True, True]
    assert [(f.severity, f.row) for f in layer.findings] == [
        ("warning", 1), ("error", 2), ("warning", 3),
    ]


def test_many_empty_cells_are_counted_once(tmp_path: Path) -> None:
    places = [box(LON + n / 100) for n in range(60)]
    layer = read_layer(
        written(tmp_path / "a.gpkg", estates(*places, 户数=[None] * 59 + [5])), "residential"
    )
    assert len(told(layer, "59 行缺失")) == 1


def test_flags_dates_and_texts_have_their_types(tmp_path: Path) -> None:
    rows = f"名称,户数,封闭,建成年份,街道,经度,纬度\n甲,9,是,2016,,{LON},{LAT}\n"
    frame = read_layer(text_file(tmp_path / "a.csv", rows), "residential").frame
    assert str(frame["gated"].dtype) == "boolean"
    assert frame["completed_on"][0] == pd.Timestamp("2016-12-31")
    assert frame["street"].isna().all()
    assert str(frame["street"].dtype) == "str"


# Ids and whole rows.


def test_given_ids_stay_and_empty_ones_are_filled(tmp_path: Path) -> None:
    rows = f"编号,名称,类别,经度,纬度\nA1,甲,助餐点,{LON},{LAT}\n,乙,助餐点,{LON},{LAT}1\n"
    layer = read_layer(text_file(tmp_path / "a.csv", rows), "facilities")
    assert list(layer.frame["id"]) == ["A1", "f2"]
    assert told(layer, "f2")[0].row == 3


def test_the_same_id_twice_is_refused_with_both_rows(tmp_path: Path) -> None:
    rows = f"编号,名称,类别,经度,纬度\n7,甲,助餐点,{LON},{LAT}\n7,乙,助餐点,{LON},{LAT}1\n"
    with pytest.raises(LayerError, match=r"“7”.*第 2 行.*第 3 行"):
        read_layer(text_file(tmp_path / "a.csv", rows), "facilities")


def test_the_same_row_twice_is_told(tmp_path: Path) -> None:
    again = STATIONS + STATIONS.splitlines()[1] + "\n"
    (finding,) = told(read_layer(text_file(tmp_path / "a.csv", again), "facilities"), "重复")
    assert finding.row == 4
    assert "第 2 行" in str(finding.message)


def test_a_part_above_its_whole_is_told(tmp_path: Path) -> None:
    rows = f"名称,类别,床位数,护理型床位,经度,纬度\n甲,养老院,10,16,{LON},{LAT}\n"
    (finding,) = told(read_layer(text_file(tmp_path / "a.csv", rows), "facilities"), "大于")
    assert (finding.row, finding.column) == (2, "护理型床位")


def test_a_header_without_rows_is_an_error_finding(tmp_path: Path) -> None:
    layer = read_layer(text_file(tmp_path / "a.csv", "名称,类别,经度,纬度\n"), "facilities")
    assert len(layer.frame) == 0
    assert [f.severity for f in told(layer, "没有数据")] == ["error"]
    assert {"id", "row", "name", "category", "geometry"} <= set(layer.frame.columns)


# Coordinates.


@pytest.mark.parametrize(
    ("coordinates", "there"), [("gcj02", wgs84_to_gcj02), ("bd09", wgs84_to_bd09)]
)
def test_shifted_points_come_home(tmp_path: Path, coordinates: str, there: object) -> None:
    x, y = there(LON, LAT)
    rows = f"名称,类别,经度,纬度\n甲,助餐点,{x:.12f},{y:.12f}\n"
    layer = read_layer(
        text_file(tmp_path / "a.csv", rows), "facilities", coordinates=coordinates
    )
    assert layer.frame.geometry[0].distance(shapely.Point(LON, LAT)) < 1e-10
    assert not told(layer, "坐标系")


@pytest.mark.parametrize("epsg", [4549, 4528, 4490, 3857])
def test_declared_coordinates_are_converted(tmp_path: Path, epsg: int) -> None:
    frame = estates(box()).to_crs(epsg)
    layer = read_layer(written(tmp_path / "a.gpkg", frame), "residential")
    assert layer.frame.geometry[0].symmetric_difference(box()).area < 1e-12
    assert not layer.findings


def test_metres_said_by_the_user_are_converted(tmp_path: Path) -> None:
    at = gpd.GeoSeries([shapely.Point(LON, LAT)], crs=4326).to_crs(4549)[0]
    rows = "名称,类别,x,y\n甲,助餐点,{},{}\n"
    path = text_file(tmp_path / "a.csv", rows.format(at.x, at.y))
    layer = read_layer(path, "facilities", coordinates="EPSG:4549")
    assert layer.frame.geometry[0].distance(shapely.Point(LON, LAT)) < 1e-9
    swapped = text_file(tmp_path / "b.csv", rows.format(at.y, at.x))
    with pytest.raises(CoordinateError, match=r"b\.csv.*颠倒"):
        read_layer(swapped, "facilities", coordinates="EPSG:4549")


def test_metres_without_a_crs_are_refused_with_the_likely_zone(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [40_414_000, 4_680_000]}
    path = geojson(tmp_path / "a.geojson", [point])
    with pytest.raises(CoordinateError, match=r"a\.geojson.*坐标系.*40414000.*EPSG:4528"):
        read_layer(path, "residential")


def test_metres_under_a_prj_of_degrees_are_refused(tmp_path: Path) -> None:
    frame = estates(box()).to_crs(4549).set_crs(4326, allow_override=True)
    with pytest.raises(CoordinateError, match=r"坐标系.*范围"):
        read_layer(written(tmp_path / "a.gpkg", frame), "residential")


def test_beijing_1954_is_refused(tmp_path: Path) -> None:
    frame = estates(box()).to_crs(4549).set_crs(2435, allow_override=True)
    with pytest.raises(CoordinateError, match=r"a\.gpkg.*Beijing 1954"):
        read_layer(written(tmp_path / "a.gpkg", frame), "residential")


def test_swapped_columns_are_refused_and_one_swapped_row_is_unknown(tmp_path: Path) -> None:
    swapped = f"名称,类别,经度,纬度\n甲,助餐点,{LAT},{LON}\n乙,助餐点,{LAT},{LON}1\n"
    with pytest.raises(CoordinateError, match="颠倒"):
        read_layer(text_file(tmp_path / "a.csv", swapped), "facilities")
    some = STATIONS + f"丙站,助餐点,运营,1,{LAT},{LON}\n"
    layer = read_layer(text_file(tmp_path / "b.csv", some), "facilities")
    assert layer.frame.geometry.isna().tolist() == [False, False, True]
    assert [f.row for f in told(layer, "颠倒")] == [4]


def test_nowhere_is_unknown(tmp_path: Path) -> None:
    rows = STATIONS + "丙站,助餐点,运营,1,0,0\n丁站,助餐点,运营,1,,\n"
    layer = read_layer(text_file(tmp_path / "a.csv", rows), "facilities")
    assert layer.frame.geometry.isna().tolist() == [False, False, True, True]
    assert [f.row for f in told(layer, "0,0")] == [4]
    assert [f.row for f in told(layer, "没有坐标")] == [5]


def test_coarse_coordinates_are_told(tmp_path: Path) -> None:
    rows = f"名称,类别,经度,纬度\n甲,助餐点,{LON},{LAT}\n乙,助餐点,{LON},{LAT}\n"
    layer = read_layer(text_file(tmp_path / "a.csv", rows), "facilities")
    assert told(layer, "精度")


def test_entrances_without_coordinates_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match="经度"):
        read_layer(text_file(tmp_path / "a.csv", "小区编号,备注\nr1,北门\n"), "entrances")


# Geometry.


def test_a_bow_tie_is_repaired_and_its_area_told(tmp_path: Path) -> None:
    tie = shapely.Polygon([(LON, LAT), (LON + 0.003, LAT + 0.003), (LON + 0.003, LAT),
                           (LON, LAT + 0.003)])
    layer = read_layer(written(tmp_path / "a.gpkg", estates(tie)), "residential")
    assert layer.frame.geometry[0].is_valid
    # Two triangles of a quarter of the square each.
    assert layer.frame.geometry[0].area == pytest.approx(0.003**2 / 2)
    (finding,) = told(layer, "自相交")
    assert finding.row == 1
    metres = 0.003 * 111_320 * 0.003 * 111_320 * 0.74 / 2  # cos 42.26 degrees
    stated = float(str(finding.message).split("变为 ")[1].split(" ")[0])
    assert stated == pytest.approx(metres, rel=0.01)


def test_a_polygon_without_area_is_an_error_and_the_row_stays(tmp_path: Path) -> None:
    line = {"type": "Polygon", "coordinates": [
        [[LON, LAT], [LON + 0.1, LAT], [LON + 0.2, LAT], [LON, LAT]]]}
    path = geojson(tmp_path / "a.geojson", [line, shapely.geometry.mapping(box())])
    layer = read_layer(path, "residential")
    assert layer.frame.geometry.isna().tolist() == [True, False]
    assert [(f.severity, f.row) for f in told(layer, "面积为零")] == [("error", 1)]


def test_an_empty_geometry_keeps_its_row(tmp_path: Path) -> None:
    layer = read_layer(written(tmp_path / "a.gpkg", estates(None, box())), "residential")
    assert len(layer.frame) == 2
    assert [f.row for f in told(layer, "几何为空")] == [1]


def test_a_file_without_any_geometry_is_a_ledger_without_places(tmp_path: Path) -> None:
    file = geojson(tmp_path / "a.geojson", [None, None])
    layer = read_layer(file, "residential")
    assert layer.frame.geometry.isna().tolist() == [True, True]
    assert any("没有坐标" in str(finding.message) for finding in layer.findings)
    with pytest.raises(LayerError):
        read_layer(file, "boundaries")


def test_heights_are_dropped(tmp_path: Path) -> None:
    frame = estates(shapely.force_3d(box(), 500))
    layer = read_layer(written(tmp_path / "a.gpkg", frame), "residential")
    assert not layer.frame.geometry.has_z.any()


def test_boundaries_drawn_as_lines_are_refused(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"名称": ["甲"], "级别": ["区"]}, geometry=[box().boundary], crs=4326
    )
    with pytest.raises(LayerError, match=r"面.*线"):
        read_layer(written(tmp_path / "a.gpkg", frame), "boundaries")


def test_points_among_polygons_are_named(tmp_path: Path) -> None:
    shapes = [shapely.geometry.mapping(s) for s in (box(), shapely.Point(LON + 0.1, LAT))]
    layer = read_layer(geojson(tmp_path / "a.geojson", shapes), "residential")
    assert layer.frame.geometry.notna().all()
    assert [f.row for f in told(layer, "小区是点")] == [2]


def test_estates_over_one_another_are_told(tmp_path: Path) -> None:
    shapes = (box(), box(LON + 0.0015), box(LON + 0.01), box(LON + 0.013))
    layer = read_layer(written(tmp_path / "a.gpkg", estates(*shapes)), "residential")
    (finding,) = told(layer, "重叠")
    assert finding.row == 1
    assert "50%" in str(finding.message)


# Files.


def test_files_that_cannot_be_used_are_refused_by_name(tmp_path: Path) -> None:
    damaged = tmp_path / "b.gpkg"
    damaged.write_bytes(b"SQLite format 3\x00rest")
    vrt = text_file(tmp_path / "c.geojson", "<OGRVRTDataSource></OGRVRTDataSource>")
    pipeline = text_file(tmp_path / "d.geojson", '{"type": "gdal_streamed_alg"}')
    for path, why in (
        (pipeline, "内容与扩展名不符"),
        (tmp_path / "没有.csv", "不存在"),
        (text_file(tmp_path / "a.csv", ""), "空文件"),
        (text_file(tmp_path / "a.dwg", "x"), "不支持"),
        (damaged, "损坏"),
        (vrt, "内容与扩展名不符"),
    ):
        with pytest.raises(LayerError, match=why) as refusal:
            read_layer(path, "residential")
        assert str(refusal.value).startswith(path.name)
        assert "\n" not in str(refusal.value)


def test_several_layers_need_a_name(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    for name in ("小区", "设施"):
        estates(box()).to_file(path, layer=name)
    with pytest.raises(LayerError, match="小区、设施"):
        read_layer(path, "residential")
    assert len(read_layer(path, "residential", sheet="小区").frame) == 1


def test_a_folder_of_tables_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(LayerError, match="里面是空的"):
        read_layer(tmp_path / "a.csv", "facilities")


def test_a_made_up_id_keeps_clear_of_given_ones(tmp_path: Path) -> None:
    rows = (
        f"编号,名称,类别,经度,纬度\n,甲,助餐点,{LON},{LAT}\nf1,乙,助餐点,{LON},{LAT}1\n"
        f"f1-2,丙,助餐点,{LON},{LAT}2\n"
    )
    layer = read_layer(text_file(tmp_path / "a.csv", rows), "facilities")
    assert list(layer.frame["id"]) == ["f1-3", "f1", "f1-2"]
    assert [(f.row, f.value) for f in told(layer, "f1-3")] == [(2, "")]


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.shp", "a.zip"])
def test_long_ids_beside_an_empty_one_keep_every_digit(tmp_path: Path, name: str) -> None:
    ids = [150404001001001001, None, 150404001001001003, 7]
    places = [box(LON + n / 100) for n in range(4)]
    frame = estates(*places, 编号=pd.array(ids, dtype="Int64")).rename(columns={"小区名称": "名称"})
    path = tmp_path / name.replace(".zip", ".gpkg")
    frame.to_file(path)
    if name == "a.zip":
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.write(path, "a.gpkg")
    layer = read_layer(tmp_path / name, "residential")
    assert list(layer.frame["id"]) == ["150404001001001001", "r2", "150404001001001003", "7"]


@pytest.mark.parametrize("given", ["1504040010010010", "150404001001001000", "7", "7.5"])
def test_an_id_kept_as_a_measure_is_written_whole(tmp_path: Path, given: str) -> None:
    frame = estates(box(), box(LON + 0.01), 编号=[float(given), None])
    layer = read_layer(written(tmp_path / "a.gpkg", frame), "residential")
    assert list(layer.frame["id"]) == [given, "r2"]


def test_an_empty_cell_has_no_value_to_tell(tmp_path: Path) -> None:
    frame = estates(box(), box(LON + 0.01), 户数=[5.0, None])
    layer = read_layer(written(tmp_path / "a.gpkg", frame), "residential")
    assert [(f.row, f.value) for f in told(layer, "缺失")] == [(2, "")]


def test_an_estate_as_large_as_a_province_is_a_point_and_told_so(tmp_path: Path) -> None:
    province = shapely.box(113, 36, 119, 42)
    layer = read_layer(
        written(tmp_path / "a.gpkg", estates(province, box(), box(LON + 0.0015))), "residential"
    )
    shapes = layer.frame.geometry
    assert shapes.geom_type.tolist() == ["Point", "Polygon", "Polygon"]
    assert province.contains(shapes[0])
    assert [(f.row, f.severity) for f in told(layer, "按其内部一点处理")] == [(1, "warning")]
    assert [f.row for f in told(layer, "重叠")] == [2]
