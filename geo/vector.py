"""Geographic files as GDAL reads them: rows, geometry, and the CRS the file declares."""

import io
import re
import tempfile
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError, FieldError
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.errors import CoordinateError, LayerError
from geo.language import Message, say
from geo.ledger import Table

VECTOR_SUFFIXES = (".gpkg", ".geojson", ".json", ".shp", ".gdb", ".kml", ".kmz", ".zip")

# What a file begins with; a file of another beginning never reaches GDAL under this name.
_MAGIC = {
    ".gpkg": b"SQLite format 3\x00",
    ".shp": b"\x00\x00\x27\x0a",
}
_UNPACKED_LIMIT = 512 * 1024 * 1024
_SHAPE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_DBF_NAME_BYTES = 10
_CHINESE_PAGES = re.compile(r"(CP|ANSI|MS|GBK|GB|EUC)?[ -]?(936|2312|18030|GBK|CN)?")


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
    notes
        What was noticed on the way.
    """

    table: Table
    geometry: NDArray[Any]
    broken: NDArray[np.bool_]
    crs: CRS | None
    cut_at: int | None = None
    notes: tuple[Message, ...] = ()


def read_vector(path: Path, *, layer: str | None = None) -> VectorFile:
    """Return one layer of a geographic file; its first feature is row 1.

    Errors: LayerError for a file that is damaged, locked, not what its name says, or holds
    several layers of which none was named.
    """
    if path.suffix.lower() in {".zip", ".kmz"}:
        with _unpacked(path, layer) as (inside, inner_layer):
            return _read(inside, shown_as=path.name, layer=inner_layer)
    if path.suffix.lower() == ".shp" and not _sibling(path, ".shx"):
        with tempfile.TemporaryDirectory() as folder:
            return _read(_copied(path, Path(folder)), shown_as=path.name, layer=None)
    return _read(path, shown_as=path.name, layer=layer)


def _read(path: Path, *, shown_as: str, layer: str | None) -> VectorFile:
    suffix = path.suffix.lower()
    _refuse_disguise(path, shown_as)
    if suffix == ".shp":
        return _read_shapefile(path, shown_as)
    chosen = _one_layer(path, shown_as, layer)
    names, declared, wkb, fields = _gdal(path, shown_as, layer=chosen)
    crs = _declared(declared, shown_as)
    if suffix in {".geojson", ".json"} and not _names_crs(path):
        crs = None
    return VectorFile(_table(names, fields, len(wkb)), *_shapes(wkb), crs)


def _gdal(
    path: Path, shown_as: str, **options: str | None
) -> tuple[Sequence[str], str | None, NDArray[Any], Sequence[NDArray[Any]]]:
    """Return column names, the CRS declared, WKB and columns."""
    try:
        with warnings.catch_warnings():
            # What GDAL doubts in a geometry is judged, row by row, in geo.shapes.
            warnings.simplefilter("ignore", RuntimeWarning)
            meta, _, wkb, fields = pyogrio.raw.read(path, force_2d=True, **options)
    except (DataSourceError, DataLayerError, FieldError, OSError, ValueError) as error:
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
    try:
        return CRS.from_user_input(text)
    except CRSError:
        raise CoordinateError(
            say("{file}：文件所写的坐标系无法识别，请用 coordinates 说明。", file=shown_as)
        ) from None


def _names_crs(path: Path) -> bool:
    """Tell whether a GeoJSON has a `crs` member; GDAL says WGS84 for one that has not."""
    with path.open("rb") as file:
        head = file.read(65_536)
        file.seek(max(0, path.stat().st_size - 4_096))
        return b'"crs"' in head or b'"crs"' in file.read()


def _one_layer(path: Path, shown_as: str, layer: str | None) -> str | None:
    try:
        names = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
    except (DataSourceError, OSError, ValueError):
        return layer  # reading it says what is wrong
    if layer is not None and layer not in names:
        raise LayerError(
            say(
                "{file}：没有图层“{layer}”，现有：{names}。",
                file=shown_as, layer=layer, names="、".join(names),
            )
        )
    if layer is None and len(names) > 1:
        raise LayerError(_which(shown_as, names))
    return layer


def _which(file: str, names: Sequence[str]) -> Message:
    return say(
        "{file}：有多个图层（{names}），请说明用哪一个（layer = \"…\"）。",
        file=file, names="、".join(names),
    )


def _refuse_disguise(path: Path, shown_as: str) -> None:
    suffix = path.suffix.lower()
    if path.is_dir():
        return
    with path.open("rb") as file:
        head = file.read(4_096)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise LayerError(say("{file}：含有 DTD 声明，出于安全不予读取。", file=shown_as))
    fits = {
        ".geojson": text[:1] in {b"{", b"["},
        ".json": text[:1] in {b"{", b"["},
        ".kml": b"<kml" in head,
    }.get(suffix, head.startswith(_MAGIC.get(suffix, b"")))
    if not fits:
        raise LayerError(
            say("{file}：内容与扩展名不符，请改回正确的扩展名或重新导出。", file=shown_as)
        )


def _read_shapefile(path: Path, shown_as: str) -> VectorFile:
    """Return a shapefile, its text decoded here: GDAL believes a missing or wrong .cpg."""
    notes: list[Message] = []
    if not _sibling(path, ".shx"):
        notes.append(say("缺少 .shx 索引文件，已由 .shp 重建。"))
        with _gdal_option("SHAPE_RESTORE_SHX", "YES"):
            raw_names, declared, wkb, fields = _gdal(path, shown_as, encoding="ISO-8859-1")
    else:
        raw_names, declared, wkb, fields = _gdal(path, shown_as, encoding="ISO-8859-1")
    encoding, about = _dbf_encoding(path)
    notes += about
    if not _sibling(path, ".prj"):
        notes.append(say("没有 .prj 文件，坐标系未说明。"))
    names = [_again(name, encoding) for name in raw_names]
    decoded = [_decoded(column, encoding) for column in fields]
    return VectorFile(
        _table(names, decoded, len(wkb)), *_shapes(wkb), _declared(declared, shown_as),
        cut_at=_DBF_NAME_BYTES, notes=tuple(notes),
    )


def _decoded(column: NDArray[Any], encoding: str) -> NDArray[Any]:
    if column.dtype.kind != "O":
        return column
    again = [_again(cell, encoding) if isinstance(cell, str) else cell for cell in column]
    return np.array(again, dtype=object)


def _again(text: str, encoding: str) -> str:
    """Return text read byte by byte as Latin in its true encoding; a half character is dropped."""
    return text.encode("latin-1", errors="ignore").decode(encoding, errors="ignore")


def _dbf_encoding(path: Path) -> tuple[str, list[Message]]:
    """Return the encoding of a shapefile's table and what to say about it.

    The bytes decide first: what is strict UTF-8 and not plain ASCII is UTF-8, whatever the .cpg
    says; what is not is never UTF-8.
    """
    declared = _code_page(path)
    if declared not in {None, "utf-8", "gb18030"}:
        return str(declared), [say("按 {encoding} 编码读取。", encoding=declared)]
    dbf = _sibling(path, ".dbf")
    if dbf is None or (found := _sniffed(dbf)) is None:
        return declared or "utf-8", []
    name = "UTF-8" if found == "utf-8" else "GBK (GB18030)"
    if declared is None:
        said = [say("没有 .cpg 文件，按内容判定为 {name} 编码。", name=name)]
        return found, said if found == "gb18030" else []
    if declared != found:
        return found, [say(".cpg 所写编码与内容不符，按内容判定为 {name} 编码。", name=name)]
    return found, []


def _code_page(path: Path) -> str | None:
    """Return the encoding that .cpg or the table's language byte declares; None for neither."""
    cpg = _sibling(path, ".cpg")
    text = cpg.read_text("ascii", errors="ignore").strip().upper() if cpg else ""
    if text:
        if "UTF" in text or text == "65001":
            return "utf-8"
        if any(page in text for page in ("936", "GB", "EUC-CN")):
            return "gb18030"
        try:
            return "".encode(text) is not None and text.lower() or None
        except LookupError:
            return None
    dbf = _sibling(path, ".dbf")
    if dbf is not None:
        with dbf.open("rb") as file:
            head = file.read(32)
        if len(head) == 32 and head[29] in {0x4D, 0x7A}:
            return "gb18030"
    return None


def _sniffed(dbf: Path) -> str | None:
    """Return the encoding the cells show; None where they are plain ASCII."""
    data = dbf.read_bytes()
    start = int.from_bytes(data[8:10], "little")
    width = int.from_bytes(data[10:12], "little")
    names = [data[at:at + _DBF_NAME_BYTES + 1].split(b"\x00")[0] for at in range(32, start - 1, 32)]
    cells = [data[at:at + width] for at in range(start, len(data), max(width, 1))]
    plain = [text for text in (*names, *cells) if not text.isascii()]
    if not plain:
        return None
    return "utf-8" if all(_is_utf8(text) for text in plain) else "gb18030"


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"  # cut inside its last character
    return True


def _sibling(path: Path, suffix: str) -> Path | None:
    for candidate in path.parent.glob(f"{_literal(path.stem)}.*"):
        if candidate.suffix.lower() == suffix:
            return candidate
    return None


def _literal(stem: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", stem)


def _copied(path: Path, folder: Path) -> Path:
    """Copy a shapefile into a folder where its index may be written; return its .shp there."""
    for suffix in _SHAPE_PARTS:
        if part := _sibling(path, suffix):
            (folder / f"layer{suffix}").write_bytes(part.read_bytes())
    return folder / "layer.shp"


@contextmanager
def _gdal_option(name: str, value: str) -> Iterator[None]:
    pyogrio.set_gdal_config_options({name: value})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({name: None})


@contextmanager
def _unpacked(path: Path, layer: str | None) -> Iterator[tuple[Path, str | None]]:
    """Unpack the one data set of an archive into a folder that is gone afterwards."""
    try:
        # Windows writes Chinese member names in GBK without saying so.
        archive = zipfile.ZipFile(io.BytesIO(path.read_bytes()), metadata_encoding="gbk")
    except (zipfile.BadZipFile, UnicodeDecodeError):
        raise LayerError(
            say("{file}：内容与扩展名不符，不是 ZIP 压缩包，或已损坏。", file=path.name)
        ) from None
    with archive, tempfile.TemporaryDirectory() as folder:
        members = [m for m in archive.infolist() if not _is_litter(m.filename)]
        _refuse_archive(members, path)
        chosen, inner = _choose_member(members, path, layer)
        try:
            yield _extract(archive, members, chosen, Path(folder)), inner
        except zipfile.BadZipFile:
            raise LayerError(say("{file}：压缩包已损坏，请重新打包。", file=path.name)) from None


def _is_litter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return name.endswith("/") or "__MACOSX" in parts or parts[-1].startswith(".")


def _refuse_archive(members: Sequence[zipfile.ZipInfo], path: Path) -> None:
    if any(member.flag_bits & 1 for member in members):
        raise LayerError(say("{file}：压缩包有密码，请解密后再导入。", file=path.name))
    if sum(member.file_size for member in members) > _UNPACKED_LIMIT:
        raise LayerError(
            say(
                "{file}：解压后大小超过上限 {limit} MB，不予读取。",
                file=path.name, limit=_UNPACKED_LIMIT // 1024**2,
            )
        )


def _choose_member(
    members: Sequence[zipfile.ZipInfo], path: Path, layer: str | None
) -> tuple[PurePosixPath, str | None]:
    """Return the data set of an archive and the layer to read inside it."""
    names = [PurePosixPath(member.filename.replace("\\", "/")) for member in members]
    sets = sorted({
        parent if (parent := _geodatabase(name)) else name
        for name in names
        if _geodatabase(name) or name.suffix.lower() in {".shp", ".gpkg", ".geojson", ".kml"}
    })
    if not sets:
        if any(name.suffix.lower() in {".dbf", ".shx"} for name in names):
            raise LayerError(say("{file}：压缩包里缺少 .shp 文件。", file=path.name))
        raise LayerError(say("{file}：压缩包里没有可读的图层。", file=path.name))
    named = [name for name in sets if layer in {name.stem, name.name, str(name)}]
    if named:
        return named[0], None
    if len(sets) > 1:
        raise LayerError(_which(path.name, [name.stem for name in sets]))
    return sets[0], layer


def _geodatabase(name: PurePosixPath) -> PurePosixPath | None:
    return next((parent for parent in name.parents if parent.suffix.lower() == ".gdb"), None)


def _extract(
    archive: zipfile.ZipFile,
    members: Sequence[zipfile.ZipInfo],
    chosen: PurePosixPath,
    folder: Path,
) -> Path:
    """Write the parts of the chosen data set under names of our own; return its main file."""
    suffix = chosen.suffix.lower()
    target = folder / f"layer{suffix}"
    if suffix == ".gdb":
        target.mkdir()
    for member in members:
        name = PurePosixPath(member.filename.replace("\\", "/"))
        if suffix == ".gdb" and name.parent == chosen:
            (target / name.name).write_bytes(archive.read(member))
        elif suffix == ".shp" and name.with_suffix("") == chosen.with_suffix(""):
            if name.suffix.lower() in _SHAPE_PARTS:
                (folder / f"layer{name.suffix.lower()}").write_bytes(archive.read(member))
        elif name == chosen:
            target.write_bytes(archive.read(member))
    return target
