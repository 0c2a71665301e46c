"""Layers for other programs, opened by GDAL, by SQLite, and by a reader of tables written here."""

import hashlib
import json
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from itertools import permutations
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
from pyproj import CRS
from scipy.spatial import KDTree

from report.briefing.content import Briefing
from report.briefing.making import brief
from report.briefing.material import Material, gather
from report.exchange.fields import SHORT
from report.exchange.layers import layers_of
from report.exchange.shapefiles import in_gbk
from report.exchange.writing import write_exchange
from report.moving import files_below
from tests.report.toy_briefing import HOSTILE, toy_evaluation

LAYERS = {"小区": 600, "设施": 90, "社区覆盖": 137, "街道覆盖": 19, "服务圈范围": 3, "建议选址": 5}
STEMS = {"小区": "estates", "设施": "facilities", "社区覆盖": "communities",
         "街道覆盖": "streets", "服务圈范围": "reach", "建议选址": "sites"}  # fmt: skip
METRIC, DEGREES = CRS.from_epsg(4549), CRS.from_epsg(4490)


@pytest.fixture(scope="module")
def folder(briefing: Briefing, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exchange") / "交换"
    write_exchange(briefing, folder)
    return folder


@pytest.fixture(scope="module")
def package(folder: Path) -> Path:
    return folder / "养老服务圈.gpkg"


@pytest.fixture(scope="module")
def estates(package: Path) -> gpd.GeoDataFrame:
    return gpd.read_file(package, layer="小区")


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    evaluation = toy_evaluation(tmp_path_factory.mktemp("toy"))
    folder = tmp_path_factory.mktemp("toy_exchange")
    write_exchange(brief(gather(evaluation)), folder)
    return folder


def dbf(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a dBase table as its bytes have them, read as GBK."""
    content = path.read_bytes()
    count, head, wide = struct.unpack("<IHH", content[4:12])
    fields, at = [], 32
    while content[at] != 0x0D:
        name = content[at : at + 11].split(b"\0")[0].decode("ascii")
        fields.append((name, content[at + 16]))
        at += 32
    for row in range(count):
        begin = head + row * wide + 1
        cells = {}
        for name, size in fields:
            cells[name] = content[begin : begin + size].decode("gbk").strip()
            begin += size
        yield cells


def apart(one: gpd.GeoSeries, other: gpd.GeoSeries) -> float:
    """Return how far the vertices of two layers are apart at most, row by row, either way."""
    pairs = zip(one, other, strict=True)
    return max(
        float(KDTree(known).query(asked)[0].max())
        for first, second in pairs
        for known, asked in permutations(map(shapely.get_coordinates, (first, second)))
    )


def test_the_package_has_its_layers_in_the_studys_own_metres(package: Path) -> None:
    listed = dict(pyogrio.list_layers(package))
    assert {name for name, kind in listed.items() if kind} == set(LAYERS)
    for name, count in LAYERS.items():
        info = pyogrio.read_info(package, layer=name)
        assert (info["features"], CRS(info["crs"])) == (count, METRIC)
    told = pyogrio.read_dataframe(package, layer="说明", read_geometry=False)
    assert "街道、小区与设施为模拟数据" in told["told"].tolist()
    share = "68.5%（152,560 人（2020年人口）中 104,544 人"
    assert told["told"].str.startswith(share).any()


def test_figures_of_estates_are_those_of_the_check(
    estates: gpd.GeoDataFrame, material: Material
) -> None:
    evaluation = material.evaluation
    layer = evaluation.study.layers["residential"]
    assert estates["residential_id"].tolist() == layer["id"].tolist()
    check = evaluation.provision.set_index("residential_id").loc[estates["residential_id"]]
    for name in ("households", "required_m2", "provided_m2", "deficit_m2"):
        wanted = check[name].astype("float64").to_numpy()
        assert estates[name].to_numpy(dtype="float64") == pytest.approx(wanted, nan_ok=True)
    places = evaluation.places.set_index(["layer", "place_id"]).loc["residential"]
    walks = places.loc[estates["residential_id"]]
    assert estates["minutes"].to_numpy() == pytest.approx(walks["minutes"].to_numpy(), nan_ok=True)
    summary = evaluation.summary["provision"]
    counted = estates["verdict"].value_counts()
    assert counted["不达标"] == summary["short"] == 392
    assert counted["无法判定"] == summary["unknown"] == 63
    assert counted["达标"] + counted["统筹达标"] == 103
    assert counted["不在核查范围"] == 600 - 558
    lacking = estates.loc[estates["verdict"].eq("无法判定"), "deficit_m2"]
    assert lacking.isna().all()
    assert len(lacking) == 63


def test_shapes_stay_where_they_are(estates: gpd.GeoDataFrame, material: Material) -> None:
    layer = material.evaluation.study.layers["residential"]
    assert apart(estates.geometry, layer.geometry) < 1e-6


def test_streets_and_sites_are_those_of_the_tables(package: Path, briefing: Briefing) -> None:
    streets = gpd.read_file(package, layer="街道覆盖").set_index("area_id")
    rows = briefing.tables["streets"].rows.set_index("area_id").loc[streets.index]
    for name in ("elderly_60plus", "uncovered_60plus", "short", "facilities"):
        assert streets[name].tolist() == rows[name].tolist()
    sites = gpd.read_file(package, layer="建议选址")
    projects = briefing.tables["projects"].rows
    assert sites["gain_60plus"].tolist() == projects["gain_60plus"].tolist()
    degrees = sites.to_crs(4326).geometry
    assert degrees.x.to_numpy() == pytest.approx(projects["lon"].to_numpy(), abs=1e-6)
    communities = gpd.read_file(package, layer="社区覆盖")
    left = communities["uncovered_60plus"].sum()
    assert left == briefing.figures[1].value == 48_016


def test_every_field_of_every_layer_is_a_cell_of_its_table(
    folder: Path, package: Path, briefing: Briefing
) -> None:
    coverage = briefing.evaluation.headline_coverage.set_index("area_id")
    told = {
        "街道覆盖": ("area_id", briefing.tables["streets"].rows),
        "社区覆盖": ("area_id", coverage.assign(
            uncovered_60plus=coverage["elderly_60plus"] - coverage["covered_60plus"]
        ).reset_index()),
        "设施": ("facility_id", briefing.tables["facilities"].rows),
        "建议选址": ("candidate_id", briefing.tables["projects"].rows),
    }  # fmt: skip
    for name, (key, rows) in told.items():
        layer = gpd.read_file(package, layer=name).set_index(key)
        wanted = rows.set_index(key).loc[layer.index]
        shared = [each for each in layer if each in wanted]
        assert {"elderly_60plus", "covered_60plus", "beds", "gain_60plus"} & {*shared}
        for column in shared:
            numbers = pd.api.types.is_numeric_dtype(wanted[column])
            if numbers:
                found, known = (frame[column].astype("float64") for frame in (layer, wanted))
                assert found.to_numpy() == pytest.approx(known.to_numpy(), nan_ok=True), column
            elif column != "name" or key != "area_id":
                assert layer[column].fillna("").tolist() == wanted[column].fillna("").tolist()
    for name in LAYERS:
        layer = gpd.read_file(package, layer=name).drop(columns="geometry")
        for shown, whole in zip(content_of(folder, name), layer.to_dict("records"), strict=True):
            for column, value in whole.items():
                known = None if pd.isna(value) else value
                assert shown[str(column)] == (known if isinstance(known, str | None)
                                              else pytest.approx(known))  # fmt: skip


def test_columns_are_called_in_words(package: Path) -> None:
    with closing(sqlite3.connect(package)) as database:
        told = database.execute(
            "SELECT column_name, title FROM gpkg_data_columns WHERE table_name = '小区'"
        ).fetchall()
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert ("verdict", "达标情况") in told
    assert dict(told).keys() == set(gpd.read_file(package, layer="小区", rows=1)) - {"geometry"}


def test_styles_are_there_by_default_and_cover_every_value(package: Path) -> None:
    with closing(sqlite3.connect(package)) as database:
        rows = database.execute(
            "SELECT f_table_name, f_geometry_column, styleQML, styleSLD, useAsDefault,"
            " f_table_schema FROM layer_styles"
        ).fetchall()
        geometry = dict(database.execute(
            "SELECT table_name, column_name FROM gpkg_geometry_columns"
        ))  # fmt: skip
    assert {row[0] for row in rows} == set(LAYERS)
    for name, column, qml, sld, default, schema in rows:
        assert (column, default, schema) == (geometry[name], 1, "")
        style = ET.fromstring(qml)  # noqa: S314 - our own
        assert ET.fromstring(sld).tag.endswith("StyledLayerDescriptor")  # noqa: S314
        renderer = style.find("renderer-v2")
        assert renderer is not None
        symbols = {symbol.get("name") for symbol in renderer.iterfind("symbols/symbol")}
        classes = [*renderer.iter("category"), *renderer.iterfind("rules/rule")]
        assert {each.get("symbol") for each in classes} == symbols or name == "建议选址"
        field = renderer.get("attr")
        if field:
            values = set(gpd.read_file(package, layer=name)[field].map(
                lambda value: f"{value:g}" if isinstance(value, float) else value
            ))  # fmt: skip
            assert values <= {each.get("value") for each in classes}
        fields = set(gpd.read_file(package, layer=name, rows=1)) - {"geometry"}
        assert {alias.get("field") for alias in style.iter("alias")} == fields


@pytest.mark.parametrize(("place", "crs"), [("EPSG4490", DEGREES), ("EPSG4549", METRIC)])
@pytest.mark.parametrize("name", LAYERS)
def test_shapefiles_say_the_same(
    folder: Path, package: Path, place: str, crs: CRS, name: str
) -> None:
    path = folder / "shp" / place / f"{STEMS[name]}.shp"
    assert path.with_suffix(".cpg").read_text() == "GBK"
    assert path.with_suffix(".dbf").read_bytes()[29] == 0x4D
    shown = gpd.read_file(path)
    whole = gpd.read_file(package, layer=name)
    assert CRS(shown.crs).to_epsg(min_confidence=60) == crs.to_epsg()
    assert len(shown) == len(whole)
    assert apart(whole.geometry, shown.to_crs(whole.crs).geometry) < 1e-6
    bytes_read = list(dbf(path.with_suffix(".dbf")))
    for key in set(whole) - {"geometry"}:
        short = SHORT[key]
        assert len(short) <= 10
        for cell, one, other in zip(bytes_read, whole[key], shown[short], strict=True):
            if isinstance(one, str):
                assert cell[short] == in_gbk(one)[0].strip()
                assert ("" if pd.isna(other) else other) == in_gbk(one)[0]
            elif pd.isna(one):
                assert set(cell[short]) <= {"*"}  # as ArcGIS and GDAL write what is unknown
                assert pd.isna(other)
            else:
                assert float(cell[short]) == pytest.approx(one, rel=1e-12)


def test_geojson_is_in_degrees_as_the_rfc_has_it(folder: Path, package: Path) -> None:
    for name, count in LAYERS.items():
        content = json.loads((folder / "geojson" / f"{name}.geojson").read_text("utf-8"))
        assert "crs" not in content
        assert len(content["features"]) == count
    whole = gpd.read_file(package, layer="小区").to_crs(4326)
    shown = gpd.read_file(folder / "geojson" / "小区.geojson")
    assert apart(whole.geometry, shown.geometry) < 1e-8
    rings = shapely.get_exterior_ring(shapely.get_parts(shown.geometry.array))
    assert shapely.is_ccw(rings).all()
    first = next(each for each in content_of(folder, "小区") if each["verdict"] == "无法判定")
    assert first["deficit_m2"] is None


def content_of(folder: Path, name: str) -> list[dict[str, object]]:
    content = json.loads((folder / "geojson" / f"{name}.geojson").read_text("utf-8"))
    return [feature["properties"] for feature in content["features"]]


def test_every_field_is_in_the_list(folder: Path, briefing: Briefing) -> None:
    sheet = openpyxl.load_workbook(folder / "字段对照.xlsx")["字段对照"]
    listed = {(row[1], row[2]): row[4] for row in sheet.iter_rows(min_row=2, values_only=True)}
    for layer in layers_of(briefing):
        shorts = [field.short for field in layer.fields]
        assert len({*shorts}) == len(shorts)
        for field in layer.fields:
            assert listed[f"{layer.stem}.shp", field.short] == field.title
    note = (folder / "字段说明.txt").read_text("utf-8-sig")
    assert "小区（estates.shp）：600 个" in note
    assert "街道、小区与设施为模拟数据" in note


def test_what_gbk_does_not_hold_is_replaced_and_told(toy: Path) -> None:
    points = gpd.read_file(toy / "shp" / "EPSG4549" / "estates_pt.shp")
    # Of the three rare characters only 㙍 and 䶮 might be anywhere in GBK; none is.
    assert points["NAME"].tolist() == ["〓〓〓"]
    assert gpd.read_file(toy / "养老服务圈.gpkg", layer="小区（点）")["name"].tolist() == [
        HOSTILE[3]
    ]
    said = (toy / "字段说明.txt").read_text("utf-8-sig")
    assert "GBK 没有的字 3 种（𠮷㙍䶮）" in said
    assert "有 1 格文字超过 254 字节" in said
    assert "小区有 1 个没有坐标" in said
    altered = openpyxl.load_workbook(toy / "字段对照.xlsx")["改动清单"]
    rows = {row[1]: row for row in altered.iter_rows(min_row=2, values_only=True)}
    assert rows["r2"][3:] == (HOSTILE[3], "〓〓〓", HOSTILE[3])
    assert rows["r3"][4] == "长" * 127


def test_places_without_a_shape_keep_their_row(toy: Path) -> None:
    for path, name in (("养老服务圈.gpkg", "name"), ("shp/EPSG4549/facilities.shp", "NAME")):
        options = {"layer": "设施"} if name == "name" else {}
        places = gpd.read_file(toy / path, **options)
        assert places.geometry.isna().tolist() == [False, True]
        assert places[name].tolist()[1] == HOSTILE[1]
    outlines = gpd.read_file(toy / "养老服务圈.gpkg", layer="小区")
    assert outlines["name"].tolist() == [HOSTILE[0], HOSTILE[4]]
    assert outlines["households"].isna().tolist() == [False, True]


def test_every_letter_of_gbk_comes_back(tmp_path: Path) -> None:
    letters = [chr(code) for code in range(0x20, 0x10000) if not 0xD800 <= code < 0xE000]
    held = [letter for letter in letters if not in_gbk(letter)[1]]
    assert len(held) > 21_000
    assert "㙍" not in held
    texts = ["".join(held[at : at + 60]) for at in range(0, len(held), 60)]
    frame = gpd.GeoDataFrame(
        {"T": [f"|{text}|" for text in texts]}, geometry=[shapely.Point(0, 0)] * len(texts),
        crs=METRIC,
    )  # fmt: skip
    frame.to_file(tmp_path / "t.shp", encoding="GBK")
    assert gpd.read_file(tmp_path / "t.shp")["T"].tolist() == frame["T"].tolist()
    assert [row["T"] for row in dbf(tmp_path / "t.dbf")] == frame["T"].tolist()


def test_the_same_briefing_gives_the_same_bytes(
    folder: Path, briefing: Briefing, tmp_path: Path
) -> None:
    write_exchange(briefing, tmp_path)

    def hashes(root: Path) -> dict[str, str]:
        return {
            name: hashlib.sha256((root / name).read_bytes()).hexdigest()
            for name in files_below(root)
        }

    assert hashes(tmp_path) == hashes(folder)
    with closing(sqlite3.connect(folder / "养老服务圈.gpkg")) as database:
        moments = database.execute("SELECT DISTINCT last_change FROM gpkg_contents").fetchall()
        styled = database.execute("SELECT DISTINCT update_time FROM layer_styles").fetchall()
    assert moments == styled == [("2025-12-31T00:00:00.000Z",)]
    head = (folder / "shp" / "EPSG4549" / "estates.dbf").read_bytes()[1:4]
    assert [*head] == [125, 12, 31]


def test_unknown_numbers_are_no_zeros(estates: gpd.GeoDataFrame, folder: Path) -> None:
    unknown = np.isnan(estates["deficit_m2"].to_numpy(dtype="float64"))
    cells = [row["LACK_M2"] for row in dbf(folder / "shp" / "EPSG4549" / "estates.dbf")]
    assert [set(cell) <= {"*"} for cell in cells] == unknown.tolist()
    assert unknown.any()
