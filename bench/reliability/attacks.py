"""Files that try to read another file, reach a server, or fill the memory; each is made here.

A canary stands outside what is uploaded: a file whose text must never come back, and the address of
a server of this computer that must never be asked.
"""

import io
import json
import pickle
import sqlite3
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

SECRET = "canary-7d1f"  # noqa: S105 - what the canary file says


@dataclass(frozen=True)
class Attack:
    """One file: its name, its bytes, and as which layer it is brought (`network` for streets)."""

    name: str
    content: bytes
    layer: str = "residential"


def write_canary(folder: Path) -> Path:
    """Write the file that must never be read, as data that every reader would take."""
    canary = folder / "canary.geojson"
    feature = {
        "type": "Feature", "properties": {"名称": SECRET, "户数": 100, "类别": "老年食堂"},
        "geometry": {"type": "Point", "coordinates": [118.9, 42.2]},
    }
    canary.write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8"
    )
    return canary


def attacks(canary: Path, server: str) -> Iterator[Attack]:
    """Yield every attack; `server` is the address that must not be asked."""
    yield from _virtual(canary, server)
    yield from _entities(canary, server)
    yield from _followed(canary, server)
    yield from _coordinate_systems(canary, server)
    yield from _archives(canary, server)
    yield from _databases(canary)
    yield from _pickles()
    yield from _bursting()


def _virtual(canary: Path, server: str) -> Iterator[Attack]:
    """Yield formats of GDAL that are orders, under the names of data."""
    orders = {
        "vrt": _vrt(canary),
        "vrt-sql": _vrt(canary, "<SrcSQL>SELECT * FROM canary</SrcSQL>"),
        "gdalg": json.dumps({
            "type": "gdal_streamed_alg",
            "command_line": f"gdal vector pipeline ! read {canary.as_posix()} ! write streamed",
        }),
        "wfs": f"<OGRWFSDataSource><URL>{server}/wfs</URL></OGRWFSDataSource>",
        "wms": (
            f"<GDAL_WMS><Service name='TMS'><ServerUrl>{server}</ServerUrl></Service></GDAL_WMS>"
        ),
        "csw": f"<OGRCSWDataSource><URL>{server}/csw</URL></OGRCSWDataSource>",
        "raster-vrt": (
            "<VRTDataset rasterXSize='1' rasterYSize='1'><VRTRasterBand dataType='Byte' band='1'>"
            f"<SimpleSource><SourceFilename>{canary.as_posix()}</SourceFilename></SimpleSource>"
            "</VRTRasterBand></VRTDataset>"
        ),
    }
    for what, text in orders.items():
        for suffix in ("geojson", "json", "kml", "gpkg", "shp", "csv", "xlsx", "tif", "zip"):
            yield Attack(f"{what}.{suffix}", text.encode())
        for suffix in ("osm", "graphml", "osm.pbf", "geojson"):
            yield Attack(f"{what}-streets.{suffix}", text.encode(), "network")
        yield Attack(f"{what}-mark.geojson", b"\xef\xbb\xbf \n" + text.encode())


def _vrt(canary: Path, more: str = "") -> str:
    return (
        '<OGRVRTDataSource><OGRVRTLayer name="a">'
        f"<SrcDataSource>{canary.as_posix()}</SrcDataSource>{more}</OGRVRTLayer></OGRVRTDataSource>"
    )


def _entities(canary: Path, server: str) -> Iterator[Attack]:
    """Yield XML whose DTD names a file or a server, or grows."""
    outside = {
        "file": f'<!DOCTYPE r [<!ENTITY x SYSTEM "{canary.as_uri()}">]>',
        "server": f'<!DOCTYPE r SYSTEM "{server}/x.dtd">',
        "grows": "<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'>"
        + "".join(f"<!ENTITY a{n} '{'&a' + (str(n - 1) if n else '') + ';'}'>" for n in range(9))
        + "]>",
    }
    bodies = {
        "kml": ("<kml><Placemark><name>&x;</name></Placemark></kml>", "facilities"),
        "osm": ('<osm version="0.6"><node id="1" lat="1" lon="1"/></osm>', "network"),
        "graphml": ("<graphml><graph edgedefault='directed'/></graphml>", "network"),
    }
    for what, doctype in outside.items():
        for suffix, (body, layer) in bodies.items():
            yield Attack(f"dtd-{what}.{suffix}", f"<?xml version='1.0'?>{doctype}{body}".encode(),
                         layer)
            late = f"<?xml version='1.0'?><!--{' ' * 70_000}-->{doctype}{body}"
            yield Attack(f"dtd-{what}-late.{suffix}", late.encode(), layer)
            wide = f"<?xml version='1.0' encoding='utf-16'?>{doctype}{body}"
            yield Attack(f"dtd-{what}-wide.{suffix}", wide.encode("utf-16"), layer)
        sheet = f"<?xml version='1.0'?>{doctype}<worksheet><sheetData/></worksheet>"
        yield Attack(f"dtd-{what}.xlsx", _zipped({
            "[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>",
            "xl/worksheets/sheet1.xml": sheet.encode(),
        }))
        yield Attack(f"dtd-{what}.kmz", _zipped({
            "doc.kml": f"<?xml version='1.0'?>{doctype}{bodies['kml'][0]}".encode(),
        }), "facilities")


def _followed(canary: Path, server: str) -> Iterator[Attack]:
    """Yield data that names another file or a server in passing."""
    link = f"<kml><NetworkLink><Link><href>{server}/more.kml</href></Link></NetworkLink></kml>"
    yield Attack("network-link.kml", link.encode(), "facilities")
    style = f"<kml><Document><Schema/><styleUrl>{server}/s.kml#a</styleUrl></Document></kml>"
    yield Attack("style-url.kml", style.encode(), "facilities")
    include = (
        '<kml xmlns:xi="http://www.w3.org/2001/XInclude">'
        f'<xi:include href="{canary.as_uri()}" parse="text"/></kml>'
    )
    yield Attack("xinclude.kml", include.encode(), "facilities")
    for kind, properties in (
        ("link", {"href": f"{server}/crs", "type": "proj4"}),
        ("URL", {"url": f"{server}/crs"}),
        ("name", {"name": f"{server}/crs"}),
        ("name", {"name": canary.as_posix()}),
        ("name", {"name": f"+proj=longlat +nadgrids={canary.as_posix()} +type=crs"}),
    ):
        collection = {
            "type": "FeatureCollection", "crs": {"type": kind, "properties": properties},
            "features": [{
                "type": "Feature", "properties": {"名称": "甲", "户数": 1},
                "geometry": {"type": "Point", "coordinates": [118.9, 42.2]},
            }],
        }
        text = json.dumps(collection)
        name = f"crs-{kind}-{zlib.crc32(text.encode()):08x}.geojson"
        yield Attack(name, text.encode())
        yield Attack(f"hidden-{name}", text.replace('"crs"', '"\\u0063rs"').encode())


def _coordinate_systems(canary: Path, server: str) -> Iterator[Attack]:
    """Yield shapefiles whose .prj names a grid: PROJ would open it."""
    base = (
        'GEOGCS["a",DATUM["b",SPHEROID["c",6378137,298.25]{more}],PRIMEM["Greenwich",0],'
        'UNIT["degree",0.0174532925199433]{tail}]'
    )
    for where in (canary.as_posix(), f"{server}/grid.tif", f"/vsicurl/{server}/grid.tif"):
        for text in (
            base.format(more=f',EXTENSION["PROJ4_GRIDS","{where}"]', tail=""),
            base.format(more="", tail=f',EXTENSION["PROJ4","+proj=longlat +nadgrids={where}"]'),
        ):
            with tempfile.TemporaryDirectory() as folder:
                frame = gpd.GeoDataFrame(
                    {"name": ["a"], "households": [1]}, geometry=[shapely.Point(118.9, 42.2)],
                    crs="EPSG:4326",
                )
                frame.to_file(Path(folder) / "a.shp")
                parts = {part.name: part.read_bytes() for part in Path(folder).iterdir()}
            parts["a.prj"] = text.encode()
            yield Attack(f"grid-{zlib.crc32(text.encode()):08x}.zip", _zipped(parts))


def _archives(canary: Path, server: str) -> Iterator[Attack]:
    """Yield archives that lead out of themselves, or carry what is refused outside of one."""
    vrt = _vrt(canary).encode()
    for name in ("a.shp", "a.geojson", "a.gpkg", "a.kml", "a.csv", "a.xlsx", "a.tif"):
        yield Attack(f"holds-{name}.zip", _zipped({name: vrt}))
    yield Attack("gdb-of-vrt.zip", _zipped({"a.gdb/a00000001.gdbtable": vrt, "a.gdb/gdb": vrt}))
    for name in ("../out.geojson", "/out.geojson", "C:\\out.geojson", "a/../../out.geojson"):
        yield Attack(f"leads-out-{zlib.crc32(name.encode()):08x}.zip", _zipped({name: b"{}"}))
    link = io.BytesIO()
    with zipfile.ZipFile(link, "w") as archive:
        member = zipfile.ZipInfo("a.geojson")
        member.create_system, member.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, canary.as_posix())
    yield Attack("link.zip", link.getvalue())
    yield Attack("nested.zip", _zipped({"inner.zip": _zipped({"a.geojson": b"{}"})}))
    yield Attack("server.zip", _zipped({"a.url": f"[InternetShortcut]\nURL={server}".encode()}))


def _databases(canary: Path) -> Iterator[Attack]:
    """Yield SQLite files with views that call out."""
    calls = {
        "pixel": f"SELECT gdal_get_pixel_value('{canary.as_posix()}', 1, 'pixel', 0, 0) AS 名称",
        "extension": f"SELECT load_extension('{canary.as_posix()}') AS 名称",
        "file": f"SELECT readfile('{canary.as_posix()}') AS 名称",
        "endless": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT max(i) AS 名称 FROM n",
    }
    for what, select in calls.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.gpkg"
            with sqlite3.connect(path) as database:
                database.executescript(  # the view is the attack
                    "PRAGMA application_id = 0x47504B47;"  # noqa: S608
                    "CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT,"
                    " identifier TEXT, description TEXT, last_change DATETIME, min_x DOUBLE,"
                    " min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER);"
                    "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY,"
                    " organization TEXT, organization_coordsys_id INTEGER, definition TEXT,"
                    " description TEXT);"
                    f"CREATE VIEW a AS {select};"
                    "INSERT INTO gpkg_contents (table_name, data_type) VALUES ('a', 'attributes');"
                )
            database.close()
            yield Attack(f"view-{what}.gpkg", path.read_bytes())


class _Run:
    """A pickle of it would run a command when it is read."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (eval, (f"open({SECRET!r}, 'w')",))  # what a pickle of it does


def _pickles() -> Iterator[Attack]:
    hostile = pickle.dumps(_Run())
    for suffix in ("gpickle", "pkl", "graphml", "npz", "osm", "osm.pbf"):
        yield Attack(f"pickle.{suffix}", hostile, "network")
    arrays = io.BytesIO()
    np.savez(arrays, x=np.array([_Run()], dtype=object))
    yield Attack("pickled-array.npz", arrays.getvalue(), "network")
    for suffix in ("csv", "xlsx", "geojson", "gpkg"):
        yield Attack(f"pickle.{suffix}", hostile)


def _bursting() -> Iterator[Attack]:
    """Yield small files that want to become large."""
    blanks = b" " * (64 << 20)
    yield Attack("blanks.zip", _zipped({"a.csv": blanks}))
    yield Attack("blanks.xlsx", _zipped({
        "[Content_Types].xml": b"<Types/>", "xl/workbook.xml": blanks,
    }))
    yield Attack("many.zip", _zipped({f"{n}.txt": b"" for n in range(6_000)}))
    yield Attack("deep.geojson", b'{"a":' * 200_000)
    yield Attack("deep.kml", b"<kml>" + b"<a>" * 200_000, "facilities")
    yield Attack("wide.csv", "名称,户数".encode() + b"," * 2_000_000)
    yield Attack("quotes.csv", '名称,户数\n"'.encode() + b'""' * 2_000_000)
    yield Attack("digits.csv", "名称,户数\n甲,".encode() + b"9" * 5_000_000)


def _zipped(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()
