"""Geographic files as GDAL reads them: rows, geometry, and the CRS the file declares."""

import re
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import GeometryError
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.door.contents import require_content
from geo.door.geojson import geojson_says_crs, unknown_code
from geo.door.geopackage import refuse_endless_views
from geo.door.grids import refuse_grid, refuse_grids_inside
from geo.door.names import listed, printable
from geo.errors import CoordinateError, LayerError
from geo.files.archives import NO_SUCH_LAYER, chosen_among, which_layer
from geo.files.exact_integers import with_exact_integers
from geo.files.json_kinds import about_json, what_json_is, wrongly_given
from geo.files.kml import placemark_table, require_few_names
from geo.files.shapefile import (
    NAME_BYTES,
    TableState,
    copied,
    decoded,
    decoded_text,
    has_plain_parts,
    index_restored,
    require_whole,
    shape_count,
    sibling,
    table_encoding,
    table_state,
)
from geo.files.utf8 import JSON_SUFFIXES, as_gdal_reads
from geo.language import Message, say
from geo.ledgers.ledger import Table

_NULL = re.compile(rb'"geometry"\s*:\s*null')
_NAMED = 10
# Each layer is opened to see its columns; of more than these one has to be named.
_MOST_LOOKED_AT = 200
_SURFACE, _LEAST_CORNERS = 2, 4  # dimensions; the last corner of a ring is its first again
VECTOR_SUFFIXES = (".gpkg", ".geojson", ".json", ".shp", ".gdb", ".kml")


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
    figures
        Positions of the columns that the file keeps as numbers.
    shapeless
        The file says of every row that it has no geometry.
    closed
        True where an outline was closed by a straight side.
    """

    table: Table
    geometry: NDArray[Any]
    broken: NDArray[np.bool_]
    crs: CRS | None
    cut_at: int | None = None
    notices: tuple[Message, ...] = ()
    figures: tuple[int, ...] = ()
    shapeless: bool = False
    closed: NDArray[np.bool_] | None = None


def read_vector(
    path: Path,
    *,
    shown_as: str | None = None,
    layer: str | None = None,
    fits: Callable[[Sequence[str], int | None], bool] | None = None,
) -> VectorFile:
    """Return one layer of a geographic file; its first feature is row 1.

    shown_as
        Its name in messages, where the file is a copy.
    fits
        Tells from column names, and where they are cut, whether a layer is the one that is meant;
        used where there are several and none is named.

    Errors: LayerError for a file that is damaged, locked, not what its name says, or holds
    several layers of which none was named.
    """
    name = shown_as or path.name
    if path.suffix.lower() == ".shp" and not has_plain_parts(path):
        with tempfile.TemporaryDirectory() as folder:
            return _read(copied(path, Path(folder)), name, layer, fits)
    with as_gdal_reads(path, name) as (readable, notes):
        file = _read(readable, name, layer, fits)
    return replace(file, notices=(*notes, *file.notices))


def column_names(path: Path, *, layer: str | None = None) -> tuple[list[str], int | None]:
    """Return the columns of a layer as its file spells them, and the bytes at which it cuts them.

    A file that cannot or must not be read has none: reading it says what is wrong.
    """
    suffix = path.suffix.lower()
    encoding = "ISO-8859-1" if suffix == ".shp" else None
    try:
        with as_gdal_reads(path, path.name) as (readable, _), warnings.catch_warnings():
            require_harmless(readable, path.name)
            warnings.simplefilter("ignore", RuntimeWarning)
            found = pyogrio.read_info(readable, layer=layer, encoding=encoding)["fields"]
    except Exception:  # noqa: BLE001 - damage takes the reader where nobody foresaw it
        return [], None
    if suffix != ".shp":
        return [str(name) for name in found], None
    true_encoding, _ = table_encoding(path)
    return [decoded_text(str(name), true_encoding) for name in found], NAME_BYTES


def _read(
    path: Path,
    shown_as: str,
    layer: str | None,
    fits: Callable[[Sequence[str], int | None], bool] | None,
) -> VectorFile:
    suffix = path.suffix.lower()
    says_crs = require_harmless(path, shown_as)
    if suffix == ".shp":
        return _read_shapefile(path, shown_as)
    chosen, notes = _one_layer(path, shown_as, layer, fits)
    meta, _, wkb, fields = _gdal(path, shown_as, layer=chosen)
    # GDAL says WGS84 for a GeoJSON that says nothing.
    unknown = unknown_code(path) if says_crs and suffix in JSON_SUFFIXES else None
    if unknown is not None:  # nor WGS84 for a code that is none
        says_crs, notes = False, (*notes, _unknown_system(unknown))
    crs = _declared(meta["crs"], shown_as) if says_crs else None
    table = _table(meta["fields"], fields, len(wkb))
    if suffix in JSON_SUFFIXES:
        table = _without_empty_ids(table)
        notes = (*notes, *about_json(path))
    if suffix == ".kml":
        table = placemark_table(path, count=len(wkb)) or table
    geometry, broken, closed = _shapes(wkb)
    if suffix in JSON_SUFFIXES:
        broken |= wrongly_given(path, shapely.is_missing(geometry) | shapely.is_empty(geometry))
    return VectorFile(
        with_exact_integers(table, path, layer=chosen), geometry, broken, crs,
        notices=notes, figures=_figures(table),
        shapeless=_says_no_shapes(path, meta, len(wkb)), closed=closed,
    )


def require_harmless(path: Path, shown_as: str) -> bool:
    """Refuse what GDAL must not see; tell whether the file may say its coordinate system.

    Errors: LayerError or CoordinateError.
    """
    suffix = path.suffix.lower()
    require_content(path, shown_as)
    if suffix == ".gpkg":
        refuse_endless_views(path, shown_as)
    if suffix == ".kml":
        require_few_names(path, shown_as)
    refuse_grids_inside(path, shown_as)
    if suffix == ".shp" and (prj := sibling(path, ".prj")):
        refuse_grid(prj.read_text("utf-8", errors="replace"), shown_as)
    return suffix not in JSON_SUFFIXES or geojson_says_crs(path, shown_as)


def _gdal(
    path: Path, shown_as: str, **options: str | bool | None
) -> tuple[dict[str, Any], NDArray[Any], NDArray[Any], Sequence[NDArray[Any]]]:
    """Return what GDAL says of the layer, numbers of its rows if asked for, WKB and columns."""
    try:
        with warnings.catch_warnings():
            # What GDAL doubts in a geometry is judged, row by row, in geo.shapes.checked.
            warnings.simplefilter("ignore", RuntimeWarning)
            meta, fids, wkb, fields = pyogrio.raw.read(path, **options)
    except GeometryError:
        raise LayerError(
            say(
                "{file}：几何是三角网或多面体（TIN、PolyhedralSurface、Triangle），不能读取。"
                "请转为普通的面（多边形）后再导出。",
                file=shown_as,
            )
        ) from None
    except Exception:  # noqa: BLE001 - damage takes the reader where nobody foresaw it
        raise LayerError(
            what_json_is(path, shown_as) if path.suffix.lower() in JSON_SUFFIXES
            else _damaged(shown_as)
        ) from None
    if wkb is None:
        wkb = np.full(len(fields[0]) if fields else 0, None, dtype=object)
    return meta, fids, wkb, fields


def _says_no_shapes(path: Path, meta: Mapping[str, Any], count: int) -> bool:
    """Tell whether a file says that no row has a geometry, rather than giving unreadable ones."""
    if path.suffix.lower() in JSON_SUFFIXES:
        return count > 0 and len(_NULL.findall(path.read_bytes())) == count
    return meta.get("geometry_type") is None


def _damaged(file: str) -> Message:
    # GDAL's own words are English, and may name its source or a temporary folder.
    return say(
        "{file}：无法读取，文件可能已损坏，或不是扩展名所称的格式。请重新导出。", file=file
    )


def _shapes(
    wkb: NDArray[Any],
) -> tuple[NDArray[Any], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return geometries, which rows have one that cannot be read, and which outlines were closed.

    An outline whose last corner is not its first is closed by a straight side.
    """
    with np.errstate(invalid="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        geometry = shapely.from_wkb(wkb, on_invalid="ignore")
        given = np.array([cell is not None for cell in wkb], dtype=bool)
        broken = given & shapely.is_missing(geometry)
        fixed = np.full(len(wkb), None, dtype=object)
        fixed[broken] = shapely.from_wkb(wkb[broken], on_invalid="fix")
    closed = broken & np.array([_is_outline(shape) for shape in fixed], dtype=bool)
    geometry[closed], broken[closed] = fixed[closed], False
    return geometry, broken, closed


def _unknown_system(said: str) -> Message:
    return say("文件写的坐标系“{said}”无法识别，按没有说明坐标系处理。", said=printable(said))


def _is_outline(shape: Any) -> bool:  # noqa: ANN401 - shapely geometries are untyped
    """Tell whether a closed outline has corners enough and no coordinate that is no number."""
    if shape is None or shapely.get_dimensions(shape) != _SURFACE:
        return False
    rings = shapely.get_rings(shape)
    return bool(
        (shapely.get_num_coordinates(rings) >= _LEAST_CORNERS).all()
        and np.isfinite(shapely.get_coordinates(shape)).all()
    )


def _table(names: Sequence[str], fields: Sequence[NDArray[Any]], count: int) -> Table:
    rows = np.arange(1, count + 1, dtype=np.int64)
    return Table(tuple(str(name) for name in names), tuple(fields), rows, 0)


def _without_empty_ids(table: Table) -> Table:
    """Return a table without a column `id` that GDAL made up where no feature has one."""
    kept = [
        at for at, header in enumerate(table.headers)
        if header != "id" or any(cell is not None for cell in table.columns[at])
    ]
    if len(kept) == len(table.headers):
        return table
    return replace(
        table, headers=tuple(table.headers[at] for at in kept),
        columns=tuple(table.columns[at] for at in kept),
    )


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


def _one_layer(
    path: Path,
    shown_as: str,
    layer: str | None,
    fits: Callable[[Sequence[str], int | None], bool] | None,
) -> tuple[str | None, tuple[Message, ...]]:
    """Return the layer to read, None for the only one, and how it was chosen."""
    try:
        with warnings.catch_warnings():
            # A damaged header is refused in our own words, if the layers cannot be read.
            warnings.simplefilter("ignore", RuntimeWarning)
            names = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
    except Exception:  # noqa: BLE001 - as above
        return layer, ()  # reading it says what is wrong
    if not names:
        raise LayerError(say("{file}：文件里没有图层，也没有一条记录。", file=shown_as))
    if layer is not None and layer not in names:
        raise LayerError(
            replace(NO_SUCH_LAYER, values={
                "file": shown_as, "layer": printable(layer), "names": listed(names),
            })
        )
    if layer is not None or len(names) == 1:
        return layer, ()
    looked_at = names if len(names) <= _MOST_LOOKED_AT else []
    fitting = [name for name in looked_at if fits and fits(*column_names(path, layer=name))]
    if len(fitting) != 1:
        raise LayerError(which_layer(shown_as, names))
    return fitting[0], (chosen_among(fitting[0], names),)


def _read_shapefile(path: Path, shown_as: str) -> VectorFile:
    """Return a shapefile, its text decoded here: GDAL believes a missing or wrong .cpg."""
    dbf = sibling(path, ".dbf")
    if dbf is None:
        raise LayerError(
            say("{file}：缺少 .dbf 属性表，没有列可读。请连同 .dbf 一起给出。", file=shown_as)
        )
    require_whole(path, shown_as)
    notes = [] if sibling(path, ".shx") else [say("缺少 .shx 索引文件，已由 .shp 重建。")]
    with index_restored() if notes else nullcontext():
        meta, fids, wkb, fields = _gdal(
            path, shown_as, encoding="ISO-8859-1", return_fids=True
        )
    encoding, about = table_encoding(path)
    notes += [*about, *_about_records(table_state(dbf), shape_count(path))]
    if not sibling(path, ".prj"):
        notes.append(say("没有 .prj 文件，坐标系未说明。"))
    elif not meta["crs"]:
        notes.append(say(".prj 文件的内容无法识别，按没有说明坐标系处理。"))
    names = [decoded_text(name, encoding) for name in meta["fields"]]
    columns = [decoded(column, encoding) for column in fields]
    table = replace(_table(names, columns, len(wkb)), rows=fids.astype(np.int64) + 1)
    geometry, broken, closed = _shapes(wkb)
    return VectorFile(
        with_exact_integers(table, path, layer=None), geometry, broken,
        _declared(meta["crs"], shown_as), NAME_BYTES, tuple(notes), _figures(table),
        closed=closed,
    )


def _about_records(state: TableState, shapes: int | None) -> list[Message]:
    """Return what is told of records that GDAL passes over without a word."""
    notes = []
    if shapes is not None and shapes != state.count:
        notes.append(say(
            "图形有 {shapes} 个，属性表（.dbf）有 {records} 条记录，多出的没有读入，请重新导出。",
            shapes=shapes, records=state.count,
        ))
    if state.deleted:
        notes.append(say(
            "属性表（.dbf）中有 {count} 条记录标为已删除，没有读入（第 {rows} 条等）。",
            count=len(state.deleted), rows="、".join(map(str, state.deleted[:_NAMED])),
        ))
    if state.overflowed:
        notes.append(say(
            "属性表（.dbf）中有 {count} 条记录含溢出的数（***），按未知处理（第 {rows} 条等）。",
            count=len(state.overflowed), rows="、".join(map(str, state.overflowed[:_NAMED])),
        ))
    return notes


def _figures(table: Table) -> tuple[int, ...]:
    return tuple(p for p, cells in enumerate(table.columns) if cells.dtype.kind in "iuf")


