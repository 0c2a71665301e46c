"""What a file is: told by its content, in any encoding, whatever its name."""

import bz2
import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from geo.door.contents import require_content
from geo.door.doctype import root_element
from geo.errors import LayerError


def judged(tmp_path: Path, name: str, content: bytes) -> str:
    file = tmp_path / name
    file.write_bytes(content)
    try:
        require_content(file, name)
    except LayerError as refusal:
        return str(refusal)
    return ""


def zipped(**members: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def told(value: object) -> str | None:
    """Return a name for a test; archives hold the time they were made at, so bytes are measured."""
    return f"{len(value)} bytes" if isinstance(value, bytes) else None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "名称,户数\n".encode()),
        ("a.csv", "名称,户数\n".encode("gb18030")),
        ("a.csv", "名称\t户数\n".encode("utf-16")),
        ("a.csv", "名称\t户数\n".encode("utf-16-le")),
        ("a.csv", ("名称,户数\n" + "幸福小区,1\n" * 2000).encode()),  # cut inside a character
        ("a.csv", b'[note],"x"\n'),
        ("a.geojson", b'\xef\xbb\xbf \n{"type": "FeatureCollection"}'),
        ("a.geojson", "{}".encode("utf-16")),
        ("a.kml", b"<?xml version='1.0'?><!-- x --><kml/>"),
        ("a.kml", b"<k:kml xmlns:k='http://www.opengis.net/kml/2.2'/>"),
        ("a.kml", "<?xml version='1.0' encoding='utf-16'?><kml/>".encode("utf-16")),
        ("a.osm", b"<osm version='0.6'/>"),
        ("a.graphml", b"<graphml/>"),
        ("a.zip", zipped(a=b"")),
        ("a.xlsx", zipped(a=b"")),
        ("a.osm.gz", gzip.compress(b"<osm/>")),
        ("a.tif", b"II*\x00rest"),
        ("a.TIF", b"MM\x00*rest"),
        ("a.unknown", b"MZ whatever: the name says nothing we know"),
    ],
    ids=told,
)
def test_an_honest_file_passes(tmp_path: Path, name: str, content: bytes) -> None:
    assert judged(tmp_path, name, content) == ""


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.zip", b"MZ\x90\x00", "Windows 程序"),
        ("a.csv", b"\x7fELF", "程序"),
        ("a.csv", zipped(a=b""), "ZIP"),
        ("a.xlsx", b"%PDF-1.7", "PDF"),
        ("a.xlsx", "名称,户数\n".encode(), "CSV"),
        ("a.xls", b"<html><table>", "HTML"),
        ("a.csv", b"<!DOCTYPE html><html>", "HTML"),
        ("a.geojson", b"<kml/>", "XML kml"),
        ("a.kml", b"{}", "JSON"),
        ("a.gpkg", b"{}", "JSON"),
        ("a.shp", b"SQLite format 3\x00", "GeoPackage"),
        ("a.graphml", b"\x80\x04\x95", "pickle"),
        ("a.osm.pbf", b"\x80\x05\x95", "pickle"),
        ("a.npz", b"SQLite format 3\x00", "GeoPackage"),
        ("a.tif", b"<VRTDataset/>", "XML VRTDataset"),
        ("a.zip", b"Rar!\x1a\x07", "RAR"),
        ("a.shp", b"AC1032", "CAD"),
        ("a.csv", b"\x00" * 400, "不符"),
    ],
    ids=told,
)
def test_a_disguise_is_refused_and_named(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    refusal = judged(tmp_path, name, content)
    assert refusal.startswith(f"{name}：内容与扩展名不符")
    assert said in refusal


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("name", ["a.kml", "a.osm", "a.gpx", "a.anything"])
def test_a_doctype_is_refused_whatever_the_name(tmp_path: Path, name: str, encoding: str) -> None:
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    text = "<?xml version='1.0'?><!-- a --><!DOCTYPE k [<!ENTITY e 'x'>]><kml>&e;</kml>"
    assert "DTD" in judged(tmp_path, name, mark + text.encode(encoding))


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    assert "空文件（0 字节）" in judged(tmp_path, "a.geojson", b"")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"<a/>", ("a", False)),
        (b"<x:a xmlns:x='y'><b/></x:a>", ("a", False)),
        (b"<!DOCTYPE a><a/>", (None, True)),
        (b"<!doctype a><a/>", (None, False)),  # not XML: a parser stops there too
        (b"plain", (None, False)),
        (b"", (None, False)),
        (b"<!--" + b" " * (2 << 20) + b"--><!DOCTYPE a><a/>", (None, True)),
        (b"<?xml version='1.0' encoding='no-such'?><!DOCTYPE a><a/>", (None, False)),
    ],
)
def test_the_root_of_xml_or_its_doctype(text: bytes, found: tuple[str | None, bool]) -> None:
    assert root_element(io.BytesIO(text)) == found


@pytest.mark.parametrize(("suffix", "press"), [("gz", gzip.compress), ("bz2", bz2.compress)])
def test_a_pressed_map_is_looked_into(
    tmp_path: Path, suffix: str, press: Callable[[bytes], bytes]
) -> None:
    honest = b"<osm version='0.6'>" + b"<node id='1' lat='1' lon='1'/>" * 1000 + b"</osm>"
    assert judged(tmp_path, f"a.osm.{suffix}", press(honest)) == ""
    doctype = b"<!DOCTYPE osm SYSTEM 'file:///etc/hostname'><osm/>"
    assert "DTD" in judged(tmp_path, f"b.osm.{suffix}", press(doctype))
    bomb = press(b"<osm>" + b" " * (80 << 20))
    assert "解压后超过压缩时的 100 倍" in judged(tmp_path, f"c.osm.{suffix}", bomb)
