"""Coordinate systems that name a grid of shifts: PROJ would open that file or ask that server.

No coordinate system of the layers we take needs one, so a file that brings one is refused before
GDAL or PROJ sees it.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from geo.door.geopackage import NO_DATABASE, looked_at
from geo.errors import CoordinateError
from geo.language import say

# Web Mercator names the grid @null, which is none.
_GRID = re.compile(
    r"grids(?!=@null(?![\w./\\,]))|ParameterFile|\+file|pipeline|\+init=(?!epsg:)", re.IGNORECASE
)
_NO_GRID = re.compile(r"grids=@null(?![\w./\\,])", re.IGNORECASE)
# Steps of SQLite after which a look at a list of coordinate systems is no honest one.
_PATIENCE = 1_000_000


def refuse_grid(text: str, shown_as: str) -> None:
    """Refuse a coordinate system that names a grid. Errors: CoordinateError."""
    if _GRID.search(text):
        raise CoordinateError(
            say(
                "{file}：文件所写的坐标系指向另一个文件（格网），出于安全不予读取。"
                "请用 coordinates 说明坐标系，并去掉文件中的坐标系说明。",
                file=shown_as,
            )
        )


def refuse_grids_inside(path: Path, shown_as: str) -> None:
    """Refuse a GeoPackage or a file geodatabase in which a coordinate system names a grid.

    Errors: CoordinateError.
    """
    if path.suffix.lower() == ".gpkg":
        for text in _definitions(path):
            refuse_grid(text, shown_as)
    elif path.is_dir():
        for part in path.glob("*.gdbtable"):
            # Text of a geodatabase is UTF-8 or UTF-16; without its zeros both read alike.
            text = part.read_bytes().replace(b"\x00", b"").decode("latin-1")
            if "grids" in _NO_GRID.sub("", text).casefold():
                refuse_grid("grids", shown_as)


def _definitions(path: Path) -> Iterator[str]:
    """Yield the definitions of the coordinate systems; none where the file is no GeoPackage."""
    database = looked_at(path)
    try:
        database.set_progress_handler(lambda: 1, _PATIENCE)  # 1 ends the query
        rows = database.execute(
            "SELECT * FROM gpkg_spatial_ref_sys WHERE (SELECT type FROM sqlite_master"
            " WHERE name = 'gpkg_spatial_ref_sys') = 'table'"
        )
        for row in rows:
            yield from (str(cell) for cell in row if cell is not None)
    except NO_DATABASE:
        return  # reading it says what is wrong
    finally:
        database.close()
