"""Curves are read as short straight sides; triangles and polyhedra are told for what they are."""

import sqlite3
import struct
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.errors import LayerError
from geo.ingest import read_layer

Place = tuple[float, float]
SQUARE = ((118.95, 42.26), (118.96, 42.26), (118.96, 42.27), (118.95, 42.26))
# A circle of 0.005 degrees about 118.955, 42.26, as two half circles.
CIRCLE = ((118.95, 42.26), (118.955, 42.265), (118.96, 42.26), (118.955, 42.255), (118.95, 42.26))


def head(kind: int) -> bytes:
    return struct.pack("<BI", 1, kind)


def places(*corners: Place) -> bytes:
    return struct.pack("<I", len(corners)) + b"".join(struct.pack("<dd", *c) for c in corners)


def of(kind: int, *parts: bytes) -> bytes:
    return head(kind) + struct.pack("<I", len(parts)) + b"".join(parts)


ROUND = of(10, head(8) + places(*CIRCLE))
TRIANGLE = of(17, places(*SQUARE))


def geopackage(path: Path, wkb: bytes, kind: str) -> Path:
    """Write a layer of one row and put its geometry in by hand: no library here writes curves."""
    frame = gpd.GeoDataFrame(
        {"名称": ["甲"], "户数": [5]}, geometry=[shapely.Polygon(SQUARE)], crs=4326
    )
    frame.to_file(path, layer="a")
    with sqlite3.connect(path) as database:
        triggers = database.execute("select name from sqlite_master where type = 'trigger'")
        for (name,) in triggers.fetchall():
            database.execute(f'drop trigger "{name}"')
        database.execute("update a set geom = ?", (b"GP\0\x01" + struct.pack("<i", 4326) + wkb,))
        database.execute("update gpkg_geometry_columns set geometry_type_name = ?", (kind,))
    database.close()
    return path


@pytest.mark.parametrize(
    ("wkb", "kind"), [(ROUND, "CURVEPOLYGON"), (of(12, ROUND), "MULTISURFACE")]
)
def test_curves_become_sides(tmp_path: Path, wkb: bytes, kind: str) -> None:
    read = read_layer(geopackage(tmp_path / "a.gpkg", wkb, kind), "residential")
    shape = read.frame.geometry.iloc[0]
    assert shapely.get_num_coordinates(shape) > 20
    # By hand: pi times the square of the radius, a little less within the circle.
    assert shape.area == pytest.approx(3.14159265 * 0.005**2, rel=0.002)


@pytest.mark.parametrize(
    ("wkb", "kind"),
    [(TRIANGLE, "TRIANGLE"), (of(16, TRIANGLE), "TIN"),
     (of(15, of(3, places(*SQUARE))), "POLYHEDRALSURFACE")],
)
def test_triangles_and_polyhedra_are_told(tmp_path: Path, wkb: bytes, kind: str) -> None:
    with pytest.raises(LayerError, match=r"^a\.gpkg：几何是三角网或多面体"):
        read_layer(geopackage(tmp_path / "a.gpkg", wkb, kind), "residential")
