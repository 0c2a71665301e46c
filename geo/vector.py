"""Geographic files as GDAL reads them: rows, geometry, and the CRS the file declares."""

import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.archives import unpacked, which_layer
from geo.door.contents import require_content
from geo.door.geojson import geojson_says_crs
from geo.door.grids import refuse_grid, refuse_grids_inside
from geo.errors import CoordinateError, LayerError
from geo.kml import placemark_table
from geo.language import Message, say
from geo.ledger import Table
from geo.shapefile import (
    NAME_BYTES,
    copied,
    decoded,
    decoded_text,
    index_restored,
    sibling,
    table_encoding,
)

VECTOR_SUFFIXES = (".gpkg", ".geojson", ".json", ".shp", ".gdb", ".kml", ".kmz", ".zip")


@dataclass(frozen=True)
class VectorFile:
    """What a geographic file holds, before anything is judged.

    geometry
        shapely geometries; None where a row has none.
    broken
        True where a row has a geometry that cannot be read (NaN coordinates).
    crs
        As the file declares it; None where it declares nothing.
    cut_at
        Bytes at which the format cuts column names; None where it does not.
    notices
        What was noticed on the way.
    """

    table: Table
    geometry: NDArray[Any]
    broken: NDArray[np.bool_]
    crs: CRS | None
    cut_at: int | None = None
    notices: tuple[Message, ...] = ()


def read_vector(path: Path, *, layer: str | None = None) -> VectorFile:
    """Return one layer of a geographic file; its first feature is row 1.

    Errors: LayerError for a file that is damaged, locked, not what its name says, or holds
    several layers of which none was named.
    """
    if path.suffix.lower() in {".zip", ".kmz"}:
        with unpacked(path, layer) as (inside, inner_layer, member):
            require_content(inside, member)
            return _read(inside, shown_as=path.name, layer=inner_layer)
    if path.suffix.lower() == ".shp" and not sibling(path, ".shx"):
        with tempfile.TemporaryDirectory() as folder:
            return _read(copied(path, Path(folder)), shown_as=path.name, layer=None)
    return _read(path, shown_as=path.name, layer=layer)


def _read(path: Path, *, shown_as: str, layer: str | None) -> VectorFile:
    suffix = path.suffix.lower()
    require_content(path, shown_as)
    says_crs = suffix not in {".geojson", ".json"} or geojson_says_crs(path, shown_as)
    refuse_grids_inside(path, shown_as)
    if suffix == ".shp":
        return _read_shapefile(path, shown_as)
    chosen = _one_layer(path, shown_as, layer)
    names, declared, wkb, fields = _gdal(path, shown_as, layer=chosen)
    # GDAL says WGS84 for a GeoJSON that says nothing.
    crs = _declared(declared, shown_as) if says_crs else None
    table = _table(names, fields, len(wkb))
    if suffix == ".kml":
        table = placemark_table(path, count=len(wkb)) or table
    return VectorFile(table, *_shapes(wkb), crs)


def _gdal(
    path: Path, shown_as: str, **options: str | None
) -> tuple[Sequence[str], str | None, NDArray[Any], Sequence[NDArray[Any]]]:
    """Return column names, the CRS declared, WKB and columns."""
    try:
        with warnings.catch_warnings():
            # What GDAL doubts in a geometry is judged, row by row, in geo.shapes.
            warnings.simplefilter("ignore", RuntimeWarning)
            meta, _, wkb, fields = pyogrio.raw.read(path, force_2d=True, **options)
    except Exception as error:  # noqa: BLE001 - damage takes the reader where nobody foresaw it
        raise LayerError(_damaged(shown_as, error)) from None
    if wkb is None:
        wkb = np.full(len(fields[0]) if fields else 0, None, dtype=object)
    return meta["fields"], meta["crs"], wkb, fields


def _damaged(file: str, error: Exception) -> Message:
    # GDAL names the place in its own source or a temporary folder; that helps no planner.
    reason = "" if "/" in str(error) or "\\" in str(error) else f"（{str(error)[:120]}）"
    return say(
        "{file}：无法读取，文件可能已损坏，或不是扩展名所称的格式{reason}。请重新导出。",
        file=file, reason=reason,
    )


def _shapes(wkb: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return geometries, and which rows have one that cannot be read."""
    with np.errstate(invalid="ignore"):
        geometry = shapely.from_wkb(wkb, on_invalid="ignore")
    broken = np.array([cell is not None for cell in wkb], dtype=bool)
    return geometry, broken & shapely.is_missing(geometry)


def _table(names: Sequence[str], fields: Sequence[NDArray[Any]], count: int) -> Table:
    rows = np.arange(1, count + 1, dtype=np.int64)
    return Table(tuple(str(name) for name in names), tuple(fields), rows, 0)


def _declared(text: str | None, shown_as: str) -> CRS | None:
    if not text:
        return None
    refuse_grid(text, shown_as)
    try:
        return CRS.from_user_input(text)
    except CRSError:
        raise CoordinateError(
            say("{file}：文件所写的坐标系无法识别，请用 coordinates 说明。", file=shown_as)
        ) from None


def _one_layer(path: Path, shown_as: str, layer: str | None) -> str | None:
    try:
        with warnings.catch_warnings():
            # A damaged header is refused in our own words, if the layers cannot be read.
            warnings.simplefilter("ignore", RuntimeWarning)
            names = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
    except Exception:  # noqa: BLE001 - as above
        return layer  # reading it says what is wrong
    if not names:
        raise LayerError(say("{file}：文件里没有图层，也没有一条记录。", file=shown_as))
    if layer is not None and layer not in names:
        raise LayerError(
            say(
                "{file}：没有图层“{layer}”，现有：{names}。",
                file=shown_as, layer=layer, names="、".join(names),
            )
        )
    if layer is None and len(names) > 1:
        raise LayerError(which_layer(shown_as, names))
    return layer


def _read_shapefile(path: Path, shown_as: str) -> VectorFile:
    """Return a shapefile, its text decoded here: GDAL believes a missing or wrong .cpg."""
    notes: list[Message] = []
    if prj := sibling(path, ".prj"):
        refuse_grid(prj.read_text("utf-8", errors="replace"), shown_as)
    if not sibling(path, ".shx"):
        notes.append(say("缺少 .shx 索引文件，已由 .shp 重建。"))
        with index_restored():
            raw_names, declared, wkb, fields = _gdal(path, shown_as, encoding="ISO-8859-1")
    else:
        raw_names, declared, wkb, fields = _gdal(path, shown_as, encoding="ISO-8859-1")
    encoding, about = table_encoding(path)
    notes += about
    if not sibling(path, ".prj"):
        notes.append(say("没有 .prj 文件，坐标系未说明。"))
    names = [decoded_text(name, encoding) for name in raw_names]
    columns = [decoded(column, encoding) for column in fields]
    return VectorFile(
        _table(names, columns, len(wkb)), *_shapes(wkb), _declared(declared, shown_as),
        cut_at=NAME_BYTES, notices=tuple(notes),
    )


