"""Ledgers of several streets as one layer: all rows, ids that stay, findings with their file."""

from pathlib import Path

import pytest

from analysis.described_layers import read_described
from analysis.description import LayerSource
from geo.errors import LayerError


def ledger(path: Path, header: str, *rows: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


def test_ledgers_of_different_layouts_are_one_layer(tmp_path: Path) -> None:
    ledger(tmp_path / "街道" / "桥北.csv", "小区名称,户数,经度,纬度",
           "甲,100,118.9,42.2", "乙,约200,118.91,42.2")
    ledger(tmp_path / "街道" / "站前.csv", "某街道小区表,,,,\n总户数,小区,Y,X,街道",
           "300,丙,42.2,118.92,站前街道")
    (tmp_path / "街道" / "~$桥北.csv").write_bytes(b"x")
    (tmp_path / "街道" / "说明.docx").write_bytes(b"x")
    layer = read_described(LayerSource(path="街道/*"), tmp_path, "residential")
    assert layer.frame["id"].tolist() == ["桥北·r1", "桥北·r2", "站前·r1"]
    assert layer.frame["households"].tolist() == [100, 200, 300]
    assert layer.frame["street"].isna().tolist() == [True, True, False]
    changed = [f for f in layer.findings if f.value == "约200"]
    assert [(f.file, f.row) for f in changed] == [("桥北.csv", 3)]


def test_another_street_leaves_the_ids_as_they_were(tmp_path: Path) -> None:
    for street in ("乙街", "甲街"):
        ledger(tmp_path / f"{street}.csv", "名称,户数,经度,纬度", "某,1,118.9,42.2")
    before = read_described(LayerSource(path="*.csv"), tmp_path, "residential").frame["id"].tolist()
    ledger(tmp_path / "一街.csv", "名称,户数,经度,纬度", "另,1,118.9,42.2")
    after = read_described(LayerSource(path="*.csv"), tmp_path, "residential").frame["id"].tolist()
    assert set(before) < set(after)


def test_own_ids_stay_and_may_not_repeat(tmp_path: Path) -> None:
    ledger(tmp_path / "甲.csv", "编号,名称,户数,经度,纬度", "x1,某,1,118.9,42.2")
    ledger(tmp_path / "乙.csv", "编号,名称,户数,经度,纬度", "x2,某,1,118.9,42.2")
    layer = read_described(LayerSource(path="*.csv"), tmp_path, "residential")
    assert sorted(layer.frame["id"]) == ["x1", "x2"]
    ledger(tmp_path / "乙.csv", "编号,名称,户数,经度,纬度", "x1,某,1,118.9,42.2")
    with pytest.raises(LayerError, match=r"“x1”在“乙\.csv 第 2 行”和“甲\.csv 第 2 行”"):
        read_described(LayerSource(path="*.csv"), tmp_path, "residential")


def test_a_pattern_that_nothing_fits_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match=r"没有符合“街道/\*\.xlsx”"):
        read_described(LayerSource(path="街道/*.xlsx"), tmp_path, "residential")


def test_brackets_in_a_name_are_no_pattern(tmp_path: Path) -> None:
    ledger(tmp_path / "小区[终稿].csv", "名称,户数,经度,纬度", "某,1,118.9,42.2")
    layer = read_described(LayerSource(path="小区[终稿].csv"), tmp_path, "residential")
    assert layer.frame["id"].tolist() == ["r1"]


def test_files_in_folders_are_called_by_their_folders_too(tmp_path: Path) -> None:
    for street in ("甲街", "乙街"):
        ledger(tmp_path / street / "res.csv", "名称,户数,经度,纬度", "某,约1,118.9,42.2")
    ledger(tmp_path / "丙街" / "小区.csv", "名称,户数,经度,纬度", "某,1,118.9,42.2")
    layer = read_described(LayerSource(path="*/*.csv"), tmp_path, "residential")
    assert sorted(layer.frame["id"]) == ["丙街/小区·r1", "乙街/res·r1", "甲街/res·r1"]
    assert {f.file for f in layer.findings if f.value == "约1"} == {"乙街/res.csv", "甲街/res.csv"}


def test_a_pattern_may_be_absolute(tmp_path: Path) -> None:
    ledger(tmp_path / "台账" / "甲.csv", "名称,户数,经度,纬度", "某,1,118.9,42.2")
    path = str(tmp_path / "台账" / "*.csv")
    elsewhere = tmp_path / "研究[终稿]"
    elsewhere.mkdir()
    layer = read_described(LayerSource(path=path), elsewhere, "residential")
    assert layer.frame["name"].tolist() == ["某"]
    ledger(elsewhere / "乙.csv", "名称,户数,经度,纬度", "某,1,118.9,42.2")
    assert len(read_described(LayerSource(path="*.csv"), elsewhere, "residential").frame) == 1
    with pytest.raises(LayerError, match="没有符合"):
        read_described(LayerSource(path=r"D:\台账\*.xlsx"), tmp_path, "residential")
