"""Files of more hostile and odd kinds: each ends soon, as a layer or in one clear sentence."""
# ruff: noqa: S608 - statements of this test's own

import io
import json
import sqlite3
import struct
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.errors import LayerError, PlanningError
from geo.ingest import Door

LEDGER = "名称,类别,经度,纬度\n甲站,日间照料,118.951,42.261\n"
FEATURE = {
    "type": "Feature", "properties": {"名称": "甲站", "类别": "日间照料"},
    "geometry": {"type": "Point", "coordinates": [118.951, 42.261]},
}
PLACEMARK = (
    "<Placemark><name>甲站</name><ExtendedData><Data name='类别'><value>日间照料</value></Data>"
    "</ExtendedData><Point><coordinates>118.951,42.261</coordinates></Point></Placemark>"
)
DTD = '<!DOCTYPE a [<!ENTITY b "c">]>'
GRAPHML = "<graphml xmlns='http://graphml.graphdrawing.org/xmlns'><graph/></graphml>"
SOON_S = 10.0


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with Door() as opened:
        yield opened


def collection(*features: object) -> bytes:
    whole = {"type": "FeatureCollection", "features": features}
    return json.dumps(whole, ensure_ascii=False).encode()


def kml(body: str, head: str = "") -> bytes:
    return f'{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>' \
        .encode()


def zipped(*members: tuple[str | zipfile.ZipInfo, str | bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return data.getvalue()


def in_comment(archive: bytes, hidden: bytes) -> bytes:
    """Return an archive in whose comment another one stands: programs show the one or the other."""
    return archive[:-2] + struct.pack("<H", len(hidden)) + hidden


def by_method(number: int) -> bytes:
    archive = bytearray(zipped(("a.csv", LEDGER)))
    archive[8:10] = struct.pack("<H", number)
    listed = archive.index(b"PK\x01\x02")
    archive[listed + 10:listed + 12] = struct.pack("<H", number)
    return bytes(archive)


def overlapping() -> bytes:
    """Return an archive both of whose members stand at one place."""
    archive = bytearray(zipped(("a.csv", LEDGER), ("b.csv", LEDGER)))
    first = archive.index(b"PK\x01\x02")
    second = archive.index(b"PK\x01\x02", first + 4)
    archive[second + 42:second + 46] = archive[first + 42:first + 46]
    return bytes(archive)


def special(mode: int) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo("a.csv")
    member.external_attr = mode << 16
    return member


# Name, content, layer, what is said; an empty text where the file is read.
ONE, TWO = zipped(("a.csv", LEDGER)), zipped(("b.csv", LEDGER.replace("甲", "乙")))
ODD: list[tuple[str, bytes, str, str]] = [
    ("comment.zip", in_comment(ONE, TWO), "facilities", "压缩包前面还有别的内容"),
    ("behind.zip", ONE + TWO, "facilities", "压缩包前面还有别的内容"),
    ("pdf.zip", b"%PDF-1.7\n" + ONE, "facilities", "内容是 PDF"),
    ("gif.zip", b"GIF89a" + ONE, "facilities", "内容与扩展名不符"),
    ("deflate64.zip", by_method(9), "facilities", "压缩方法不常用"),
    ("unknown.zip", by_method(77), "facilities", "压缩方法不常用"),
    ("overlap.zip", overlapping(), "facilities", "已损坏"),
    ("link.zip", zipped((special(0o120777), "/etc/passwd")), "facilities", "是链接"),
    ("fifo.zip", zipped((special(0o010666), LEDGER)), "facilities", ""),
    ("unc.zip", zipped((r"\\server\share\a.csv", LEDGER)), "facilities", "指向压缩包之外"),
    ("drive.zip", zipped(("C:/a.csv", LEDGER)), "facilities", "指向压缩包之外"),
    ("device.zip", zipped(("CON.csv", LEDGER)), "facilities", ""),
    ("deep.zip", zipped(("d/" * 3000 + "a.csv", LEDGER)), "facilities", ""),
    ("name.zip", zipped(("长" * 300 + ".csv", LEDGER)), "facilities", ""),
    ("turned.zip", zipped(("a\u202evsc.csv", LEDGER)), "facilities", ""),
    ("newline.zip", zipped(("../a\nb.csv", LEDGER)), "facilities", "a·b.csv"),
    ("line.csv", b"a" * 20_000_000, "facilities", "有一行长 19 MB"),
    ("cell.csv", LEDGER.encode() + b'"' + b"a" * 20_000_000, "facilities", "有一行长 19 MB"),
    ("commas.csv", b"," * 20_000_000, "facilities", "有一行长 19 MB"),
    ("columns.csv", ("名称,类别" + ",c" * 1_000_000).encode(), "facilities", "超过上限 2000 列"),
    ("half.csv", "名称,类别,经度,纬度\n甲站,日间照料,,42.26\n".encode(), "facilities", ""),
    ("keys.geojson", collection({**FEATURE, "properties": {f"k{n}": 1 for n in range(50_000)}}),
     "facilities", "属性名超过 5000 个"),
    ("each.geojson", collection(*({**FEATURE, "properties": {f"k{n}": 1}} for n in range(9_000))),
     "facilities", "属性名超过 5000 个"),
    ("vast.geojson", collection(FEATURE).replace(b"118.951", b"1e400"), "facilities",
     "数字“1e400”超出范围"),
    ("nan.geojson", collection(FEATURE).replace(b"118.951", b"NaN"), "facilities", ""),
    ("long.geojson", collection(FEATURE).replace(b"118.951", b"9" * 100_000), "facilities",
     "数字过长"),
    ("props.geojson", collection(FEATURE).replace(
        '"甲站"'.encode(), b'{"a":' * 5000 + b"1" + b"}" * 5000), "facilities", "嵌套过深"),
    ("names.kml", kml("".join(PLACEMARK.replace("类别", f"d{n}") for n in range(5_000))),
     "facilities", "属性名超过 2000 个"),
    ("layers.kml", kml("".join(f"<Folder><name>f{n}</name>{PLACEMARK}</Folder>"
                               for n in range(1_000))), "facilities", "有多个图层（f0、f1"),
    ("folders.kml", kml("<Folder>" * 20_000 + PLACEMARK + "</Folder>" * 20_000), "facilities",
     "无法读取"),
    ("server.kml", kml("<NetworkLink><Link><href>http://127.0.0.1:9/a.kml</href></Link>"
                       f"</NetworkLink>{PLACEMARK}"), "facilities", ""),
    ("gml.kml", b"<wfs:FeatureCollection xmlns:wfs='http://www.opengis.net/wfs'/>", "facilities",
     "内容是 GML"),
    ("gpx.kml", b"<gpx version='1.1'/>", "facilities", "内容是 GPX"),
    ("change.osm", b"<osmChange version='0.6'/>", "network", "内容是 OpenStreetMap (osmChange"),
    ("late.graphml", f"<!--{'x' * 1_500_000}-->{DTD}{GRAPHML}".encode(), "network", "DTD"),
    ("late.osm", f"<!--{'x' * 1_500_000}-->{DTD}<osm/>".encode(), "network", "DTD"),
    ("late.kml", kml(PLACEMARK, head=f"<!--{'x' * 1_500_000}-->{DTD}"), "facilities", "DTD"),
    ("wide.graphml", f"{DTD}{GRAPHML}".encode("utf-16-be"), "network", "DTD"),
    ("gbk.graphml", f"<?xml version='1.0' encoding='gbk'?>{DTD}{GRAPHML}".encode("gbk"), "network",
     "DTD"),
    ("edited.osm", b"<osm version='0.6'>" + b"<a id='-1'>" * 50_000, "network", "损坏"),
    ("id.osm", b"<osm><node id='-99999999999999999999999' lat='1' lon='1'/></osm>", "network",
     "损坏"),
]


@pytest.mark.parametrize(("name", "content", "layer", "said"), ODD, ids=[odd[0] for odd in ODD])
def test_an_odd_file_ends_soon_and_clearly(
    tmp_path: Path, door: Door, name: str, content: bytes, layer: str, said: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    begun = time.monotonic()
    if said:
        with pytest.raises(PlanningError) as refusal:
            door.streets(file) if layer == "network" else door.layer(file, layer)
        text = str(refusal.value)
        assert text.startswith(name)
        assert said in text
        assert len(text) < 500
        assert "\n" not in text
    else:
        read = door.layer(file, layer)
        assert read.frame["name"].tolist() == ["甲站"]
        assert all("\n" not in str(finding.line()) for finding in read.findings)
        if read.frame.geometry.isna().any():  # what has no place is told
            assert any(finding.row for finding in read.findings)
    assert door.last_failure == ""
    assert time.monotonic() - begun < SOON_S


@pytest.mark.parametrize("name", ["a\nb.csv", "a\u202evsc.csv", "长" * 80 + ".csv", "{file}.csv",
                                  "%s%n.csv", "-rf.csv", "a;b|c`d`$(e).csv", "CON.csv"])
def test_a_name_is_shown_on_one_line_and_does_nothing(
    tmp_path: Path, door: Door, name: str
) -> None:
    file = tmp_path / name
    file.write_text(LEDGER, encoding="utf-8")
    read = door.layer(file, "facilities")
    assert len(read.frame) == 1
    lines = [str(finding.line()) for finding in read.findings]
    assert lines
    assert not any("\n" in line or "\u202e" in line for line in lines)


def rings(count: int) -> bytes:
    ring = [[118.95, 42.26], [118.96, 42.26], [118.96, 42.27], [118.95, 42.26]]
    outline = {"type": "Polygon", "coordinates": [ring] * count}
    return collection({"type": "Feature", "properties": {"名称": "甲", "户数": 1},
                       "geometry": outline})


def test_a_hundred_thousand_holes_are_not_counted_through(tmp_path: Path, door: Door) -> None:
    file = tmp_path / "holes.geojson"
    file.write_bytes(rings(40_000))
    begun = time.monotonic()
    read = door.layer(file, "residential")
    assert read.frame.geometry.isna().tolist() == [True]
    assert any("有 40000 条边界" in str(finding.message) for finding in read.findings)
    assert time.monotonic() - begun < SOON_S


def test_an_open_outline_is_closed_and_told(tmp_path: Path, door: Door) -> None:
    file = tmp_path / "open.geojson"
    corners = [[118.95, 42.26], [118.96, 42.26], [118.96, 42.27]]
    features = [
        {"type": "Feature", "properties": {"名称": name, "户数": 1},
         "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for name, ring in (("甲", corners), ("乙", corners[:2]))
    ]
    file.write_bytes(collection(*features))
    read = door.layer(file, "residential")
    assert shapely.get_num_coordinates(read.frame.geometry.iloc[0]) == 4
    assert read.frame.geometry.iloc[1] is None
    said = [str(finding.message) for finding in read.findings]
    assert any(each.startswith("面没有闭合") for each in said)
    assert any(each.startswith("几何无法读取") for each in said)


# --- databases ----------------------------------------------------------------------------------

COUNTING = "with recursive c(x) as (select 1 union all select x + 1 from c) "


def geopackage(path: Path, *statements: str) -> Path:
    frame = gpd.GeoDataFrame(
        {"名称": ["甲站"], "类别": ["日间照料"]},
        geometry=[shapely.Point(118.951, 42.261)], crs=4326,
    )
    frame.to_file(path, layer="a")
    with sqlite3.connect(path) as database:
        database.execute("pragma writable_schema = on")
        for statement in statements:
            database.execute(statement)
    database.close()
    return path


@pytest.mark.parametrize(
    "statements",
    [
        ("alter table gpkg_contents rename to q",
         (f"create view gpkg_contents as {COUNTING} select 'a' || x as table_name, 'features' as"
         " data_type, 'a' || x as identifier, '' as description, '' as last_change, 0 as min_x,"
         " 0 as min_y, 0 as max_x, 0 as max_y, 4326 as srs_id from c")),
        ("alter table gpkg_spatial_ref_sys rename to q",
         (f"create view gpkg_spatial_ref_sys as {COUNTING} select 'a' as srs_name, x as srs_id,"
         " 'EPSG' as organization, 4326 as organization_coordsys_id, '' as definition,"
         " '' as description from c")),
        ((f"create view v as {COUNTING} select x as fid, 'x' as 名称, 'x' as 类别, null as geom"
         " from c"),
         ("insert into gpkg_contents(table_name, data_type, identifier, srs_id)"
         " values ('v', 'features', 'v', 4326)"),
         "insert into gpkg_geometry_columns values ('v', 'geom', 'POINT', 4326, 0, 0)"),
    ],
    ids=["contents", "systems", "features"],
)
def test_a_view_without_end_is_refused_soon(
    tmp_path: Path, door: Door, statements: tuple[str, ...]
) -> None:
    path = geopackage(tmp_path / "endless.gpkg", *statements)
    begun = time.monotonic()
    with pytest.raises(LayerError, match=r"^endless\.gpkg：.*算不完的视图"):
        door.layer(path, "facilities")
    assert time.monotonic() - begun < SOON_S


def test_an_honest_view_is_read(tmp_path: Path, door: Door) -> None:
    path = geopackage(
        tmp_path / "v.gpkg", "create view v as select * from a",
        "insert into gpkg_contents(table_name, data_type, identifier, srs_id)"
        " values ('v', 'features', 'v', 4326)",
        "insert into gpkg_geometry_columns values ('v', 'geom', 'POINT', 4326, 0, 0)",
    )
    assert door.layer(path, "facilities", sheet="v").frame["name"].tolist() == ["甲站"]


@pytest.mark.parametrize(
    "statement",
    [
        "create trigger t after insert on a begin select load_extension('x'); end",
        ("insert into sqlite_master(type, name, tbl_name, rootpage, sql) values ('table', 'vt',"
        " 'vt', 0, 'CREATE VIRTUAL TABLE vt USING VirtualOGR(''/etc/passwd'')')"),
        ("insert into gpkg_contents(table_name, data_type, identifier, srs_id)"
        " values ('/etc/passwd', 'features', '/etc/passwd', 4326)"),
        "insert into gpkg_extensions values ('a', 'geom', 'x', 'file:///etc/x', 'read-write')",
    ],
    ids=["trigger", "virtual table", "elsewhere", "extension"],
)
def test_what_else_stands_in_a_database_does_nothing(
    tmp_path: Path, door: Door, statement: str
) -> None:
    path = geopackage(tmp_path / "a.gpkg", statement)
    assert door.layer(path, "facilities").frame["name"].tolist() == ["甲站"]
    assert door.last_failure == ""
