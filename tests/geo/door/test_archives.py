"""Archives: judged by their list before a byte is unpacked; what is inside is found and named."""

import io
import stat
import struct
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.door import budget
from geo.errors import LayerError
from geo.files.archives import one_data_set
from geo.layers import read_layer

POINT = (
    '{"type": "FeatureCollection", "features": [{"type": "Feature",'
    ' "properties": {"名称": "幸福小区", "户数": 120},'
    ' "geometry": {"type": "Point", "coordinates": [118.9, 42.2]}}]}'
).encode()


def archive(path: Path, members: dict[str, bytes], **options: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return path


def refusal(path: Path, layer: str | None = None) -> str:
    with pytest.raises(LayerError) as refused, one_data_set(path, layer):
        pass
    return str(refused.value)


@pytest.mark.parametrize("name", ["a.geojson", "数据/小区.geojson", "深/深/深/a.GEOJSON"])
def test_one_data_set_is_found_in_any_folder(tmp_path: Path, name: str) -> None:
    packed = archive(tmp_path / "a.zip", {name: POINT, "__MACOSX/._a": b"x", "说明.pdf": b"%PDF"})
    assert read_layer(packed, "residential").frame["households"].tolist() == [120]


def test_names_in_gbk_are_read(tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        packed.writestr("XXXX.geojson", POINT)
    raw = data.getvalue().replace(b"XXXX", "小区".encode("gbk"))
    (tmp_path / "a.zip").write_bytes(raw)
    with one_data_set(tmp_path / "a.zip", None) as found:
        assert found.path.read_bytes() == POINT


def test_several_data_sets_are_asked_for_by_name(tmp_path: Path) -> None:
    packed = archive(tmp_path / "a.zip", {"甲.geojson": POINT, "乙.geojson": POINT})
    said = refusal(packed)
    assert "甲" in said
    assert "乙" in said
    assert len(read_layer(packed, "residential", sheet="乙").frame) == 1


def test_a_bomb_is_told_by_its_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "_UNPACKED_LIMIT", 1_000)
    packed = archive(tmp_path / "a.zip", {"a.geojson": b" " * 1_001})
    assert "解压后大小超过上限" in refusal(packed)


def test_the_ratio_of_a_member_is_limited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "_SMALL", 1_000)
    packed = archive(tmp_path / "a.zip", {"a.geojson": POINT, "b.dbf": b" " * 1_000_000})
    said = refusal(packed)
    assert "b.dbf" in said
    # 1,000,000 blanks are packed into 988 bytes by zlib: 1,012 times.
    assert "1012 倍" in said or "倍，超过上限 400 倍" in said


def test_a_ledger_of_blanks_is_no_bomb(tmp_path: Path) -> None:
    packed = archive(tmp_path / "a.zip", {"a.geojson": POINT + b" " * 2_000_000})
    assert len(read_layer(packed, "residential").frame) == 1


def test_too_many_members_are_refused_before_they_are_listed(tmp_path: Path) -> None:
    packed = archive(tmp_path / "a.zip", {f"{n}.txt": b"" for n in range(5_001)})
    assert "5001 个文件，超过上限 5000 个" in refusal(packed)


def test_a_list_that_claims_to_be_long_is_not_read(tmp_path: Path) -> None:
    packed = archive(tmp_path / "a.zip", {"a.geojson": POINT})
    raw = bytearray(packed.read_bytes())
    raw[-22 + 12:-22 + 16] = struct.pack("<I", 0xFFFFFFF0)  # length of the list
    packed.write_bytes(bytes(raw))
    assert "超过上限" in refusal(packed)


def test_a_password_is_told(tmp_path: Path) -> None:
    packed = archive(tmp_path / "a.zip", {"a.geojson": POINT})
    raw = bytearray(packed.read_bytes())
    at = raw.index(b"PK\x01\x02")
    raw[at + 8] |= 1
    packed.write_bytes(bytes(raw))
    assert "有密码" in refusal(packed)


@pytest.mark.parametrize(
    "name", ["../a.geojson", "/a.geojson", "b/../../a.geojson", "C:/a.geojson"]
)
def test_a_path_out_of_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    assert "指向压缩包之外" in refusal(archive(tmp_path / "a.zip", {name: POINT}))


def test_a_link_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as packed:
        member = zipfile.ZipInfo("a.geojson")
        member.create_system, member.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        packed.writestr(member, "/etc/hostname")
    assert "是链接" in refusal(path)


def test_an_archive_of_archives_is_refused_with_what_to_do(tmp_path: Path) -> None:
    inner = archive(tmp_path / "inner.zip", {"a.geojson": POINT}).read_bytes()
    said = refusal(archive(tmp_path / "a.zip", {"街道.zip": inner}))
    assert "街道.zip" in said
    assert "先解压一层" in said


def test_what_is_inside_instead_is_named(tmp_path: Path) -> None:
    assert "报告.docx" in refusal(archive(tmp_path / "a.zip", {"报告.docx": b"x"}))
    assert "空的" in refusal(archive(tmp_path / "b.zip", {}))
    assert "缺少 .shp" in refusal(archive(tmp_path / "c.zip", {"a.dbf": b"x", "a.shx": b"x"}))


@pytest.mark.parametrize("at", range(30, 400, 7))
def test_damage_anywhere_is_one_line(tmp_path: Path, at: int) -> None:
    packed = archive(tmp_path / "a.zip", {"a.geojson": POINT * 3, "b.txt": b"x" * 100})
    raw = bytearray(packed.read_bytes())
    raw[at % len(raw)] ^= 0xFF
    packed.write_bytes(bytes(raw))
    said = "a.zip"
    try:
        read_layer(packed, "residential")
    except LayerError as refused:
        said = str(refused)
    assert "a.zip" in said


def test_the_only_data_set_with_the_columns_is_taken_and_told(tmp_path: Path) -> None:
    other = POINT.replace("户数".encode(), "亩数".encode())
    packed = archive(tmp_path / "a.zip", {"设施.geojson": other, "小区.geojson": POINT})
    layer = read_layer(packed, "residential")
    assert layer.frame["name"].tolist() == ["幸福小区"]
    said = [str(f.message) for f in layer.findings if f.severity == "warning"]
    assert any("设施" in each and "只有“小区”" in each for each in said)
    assert any("没有读：设施.geojson" in str(f.message) for f in layer.findings)


def test_a_ledger_in_an_archive_is_read_under_its_name(tmp_path: Path) -> None:
    ledger = "名称,类别,床位数,经度,纬度\n甲,养老院,约50,118.9,42.2\n".encode("gb18030")
    packed = archive(tmp_path / "街道.zip", {"桥北/台账.csv": ledger})
    layer = read_layer(packed, "facilities")
    assert layer.frame["beds"].tolist() == [50]
    assert {f.file for f in layer.findings if f.row} == {"街道.zip › 台账.csv"}


def test_a_folder_of_one_shapefile_is_that_layer(tmp_path: Path) -> None:
    folder = tmp_path / "小区"
    folder.mkdir()
    frame = gpd.GeoDataFrame(
        {"name": ["幸福小区"], "households": [120]},
        geometry=[shapely.box(118.9, 42.2, 118.901, 42.201)],
        crs="EPSG:4326",
    )
    frame.to_file(folder / "a.shp", encoding="utf-8")
    assert read_layer(folder, "residential").frame["households"].tolist() == [120]


@pytest.mark.parametrize("name", ["a.xlsx", "a.zip"])
def test_a_member_that_stands_before_the_file_is_damage(tmp_path: Path, name: str) -> None:
    packed = archive(tmp_path / name, {"a.geojson": POINT, "b.xml": b"<a/>"})
    raw = bytearray(packed.read_bytes())
    at = raw.rindex(b"PK\x05\x06")
    raw[at + 16:at + 20] = struct.pack("<I", 0x7FFFFFFF)  # where the list is said to stand
    packed.write_bytes(bytes(raw))
    with pytest.raises(LayerError, match="损坏"):
        read_layer(packed, "residential")
