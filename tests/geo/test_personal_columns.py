"""Personal data in a ledger: left out or masked, told once a column, shown nowhere."""

from pathlib import Path

import geopandas as gpd
import pytest

from geo.errors import LayerError
from geo.layers import Layer, read_layer

from .office_ledgers import ESTATES, HEADER, layer_of

IDENTITY, MOBILE = "11010519491231002X", "13812345678"


def everything(layer: Layer) -> str:
    findings = "\n".join(f"{f.line()} {f.value}" for f in layer.findings)
    return findings + layer.frame.to_csv() + layer.frame.drop(columns="geometry").to_json()


def test_columns_of_personal_data_are_left_out_and_told_once(tmp_path: Path) -> None:
    rows = (
        (*HEADER, "户主", "身份证号", "联系电话", "备注", "物业电话"),
        (*ESTATES[0], "张三", IDENTITY, MOBILE, "李四13912345678", "0476-8234567"),
        (*ESTATES[1], "王五", int(IDENTITY[:-1] + "1"), float(MOBILE), "无", "0476-8234568"),
    )
    layer = layer_of(tmp_path, rows)
    told = [(f.severity, f.column) for f in layer.findings if "个人信息" in str(f.message)]
    assert told == [("warning", c) for c in ("户主", "身份证号", "联系电话", "备注")]
    for secret in ("张三", "王五", "李四", IDENTITY, IDENTITY[:-1], MOBILE, "13912345678"):
        assert secret not in everything(layer)


def test_a_needed_column_is_masked_cell_by_cell(tmp_path: Path) -> None:
    rows = (HEADER, (f"张三{IDENTITY}", MOBILE, 118.9, 42.2), (f"\u202e{MOBILE}", 1, 118.9, 42.3),
            (f"李{MOBILE[:4]}\u200b{MOBILE[4:]}", 1, 118.9, 42.4))
    layer = layer_of(tmp_path, rows)
    assert layer.frame["name"][0] == "张三110****2X"
    assert IDENTITY not in everything(layer)
    assert MOBILE not in everything(layer)


def test_identity_numbers_are_no_ids(tmp_path: Path) -> None:
    rows = (("编号", *HEADER), (IDENTITY, *ESTATES[0]), ("15040200101", *ESTATES[1]))
    layer = layer_of(tmp_path, rows)
    assert list(layer.frame["id"]) == ["r1", "15040200101"]
    assert IDENTITY not in everything(layer)


def test_names_of_persons_given_as_names_keep_the_family_name(tmp_path: Path) -> None:
    rows = (("老人姓名", "户数", "经度", "纬度"), ("张三丰", 1, 118.9, 42.2))
    layer = layer_of(tmp_path, rows, columns={"老人姓名": "name"})
    assert list(layer.frame["name"]) == ["张**"]
    assert "张三丰" not in everything(layer)


def test_a_refusal_shows_no_personal_data(tmp_path: Path) -> None:
    for text in (
        f"张三,{IDENTITY},{MOBILE}\n李四,{IDENTITY},{MOBILE}\n",
        f"名称,类别\n甲,{MOBILE},{IDENTITY}\n",
    ):
        (tmp_path / "a.csv").write_text(text, "utf-8")
        with pytest.raises(LayerError) as refusal:
            read_layer(tmp_path / "a.csv", "facilities")
        assert IDENTITY not in str(refusal.value)
        assert MOBILE not in str(refusal.value)


def test_a_geographic_file_is_searched_too(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"name": ["甲", "乙"], "households": [1, 2], "phone": [13812345678, 4768234567],
         "memo": [f"户主{IDENTITY}", ""]},
        geometry=gpd.points_from_xy([118.9, 118.91], [42.2, 42.21]), crs="EPSG:4326",
    )
    frame.to_file(tmp_path / "a.gpkg")
    layer = read_layer(tmp_path / "a.gpkg", "residential")
    told = [f.column for f in layer.findings if "个人信息" in str(f.message)]
    assert told == ["phone", "memo"]
    assert MOBILE not in everything(layer)
    assert IDENTITY not in everything(layer)
