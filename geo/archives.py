"""Archives opened: the one data set inside a .zip or .kmz, written where it can be read.

The list of an archive is judged before a byte of it is unpacked.
"""

import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from geo.errors import LayerError
from geo.language import Message, say
from geo.shapefile import PARTS

_MB = 1024 * 1024
# A file geodatabase has some hundred members, a shapefile a dozen.
_MOST_MEMBERS = 5_000
_UNPACKED_LIMIT = 1024 * _MB
# Ledgers and tables of blanks shrink to a hundredth; beyond this only what was made to burst.
_LARGEST_RATIO, _SMALL = 400, 16 * _MB
# The list of so many members is at most this long; it is read before they can be counted.
_LONGEST_LIST = 4 * _MB
_ENCRYPTED = 0x1 | 0x40

SPATIAL = (".shp", ".gpkg", ".geojson", ".kml", ".json", ".tif", ".tiff")
TABLES = (".xlsx", ".xls", ".csv", ".tsv")
_NESTED = (".zip", ".kmz", ".rar", ".7z", ".gz", ".bz2", ".xz", ".tar", ".tgz", ".zst", ".cab")
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError,
    ValueError, MemoryError,
)


@contextmanager
def unpacked(path: Path, layer: str | None) -> Iterator[tuple[Path, str | None, str]]:
    """Unpack the one data set of an archive into a folder that is gone afterwards.

    Yields its main file, the layer to read inside it, and its name as it is shown.

    Errors: LayerError for an archive that is damaged, locked, larger than the budget, holds links,
    paths that lead out of it or only other archives, or several data sets of which none was named.
    """
    with _opened(path) as archive, tempfile.TemporaryDirectory() as folder:
        listed = archive.infolist()
        _refuse_archive(listed, path)
        members = [member for member in listed if not _is_litter(member.filename)]
        chosen, inner = _choose_member(members, path, layer)
        try:
            main = _extract(archive, members, chosen, Path(folder))
        except _DAMAGE:
            raise LayerError(say("{file}：压缩包已损坏，请重新打包。", file=path.name)) from None
        yield main, inner, f"{path.name}（{chosen.name}）"


def _opened(path: Path) -> zipfile.ZipFile:
    _refuse_long_list(path)
    # Windows writes Chinese member names in GBK without saying so; other names are Latin to us.
    for encoding in ("gbk", "gb18030", "cp437"):
        try:
            return zipfile.ZipFile(path, metadata_encoding=encoding)
        except UnicodeDecodeError:
            continue
        except (zipfile.BadZipFile, NotImplementedError, ValueError):
            break
    raise LayerError(
        say("{file}：内容与扩展名不符，不是 ZIP 压缩包，或已损坏。", file=path.name)
    )


def _refuse_long_list(path: Path) -> None:
    """Refuse an archive whose list of members would by itself fill the memory."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 66_000))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 16:
        return  # opening it says what is wrong
    count = int.from_bytes(tail[at + 10:at + 12], "little")
    length = int.from_bytes(tail[at + 12:at + 16], "little")
    if count > _MOST_MEMBERS or length > _LONGEST_LIST:
        raise LayerError(_too_many(path, count))


def _is_litter(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return name.endswith("/") or not parts or "__MACOSX" in parts or parts[-1].startswith(".")


def _refuse_archive(members: Sequence[zipfile.ZipInfo], path: Path) -> None:
    """Judge the list: number, unpacked size, ratio, passwords, links, paths that lead out."""
    if len(members) > _MOST_MEMBERS:
        raise LayerError(_too_many(path, len(members)))
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise LayerError(say("{file}：压缩包有密码，请解密后再导入。", file=path.name))
    if sum(member.file_size for member in members) > _UNPACKED_LIMIT:
        raise LayerError(
            say(
                "{file}：解压后大小超过上限 {limit} MB，不予读取。",
                file=path.name, limit=_UNPACKED_LIMIT // _MB,
            )
        )
    for member in members:
        if member.file_size > max(_SMALL, _LARGEST_RATIO * member.compress_size):
            raise LayerError(
                say(
                    "{file}：压缩包中的“{member}”解压后是压缩时的 {ratio} 倍，超过上限 {limit} 倍，"
                    "不予读取。",
                    file=path.name, member=_shown(member),
                    ratio=member.file_size // max(1, member.compress_size), limit=_LARGEST_RATIO,
                )
            )
        if _leads_out(member):
            raise LayerError(
                say(
                    "{file}：压缩包中的“{member}”是链接，或指向压缩包之外，不予读取。",
                    file=path.name, member=_shown(member),
                )
            )


def _too_many(path: Path, count: int) -> Message:
    return say(
        "{file}：压缩包里有 {count} 个文件，超过上限 {limit} 个，不予读取。",
        file=path.name, count=count, limit=_MOST_MEMBERS,
    )


def _shown(member: zipfile.ZipInfo) -> str:
    return member.filename[-60:]


def _leads_out(member: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(member.filename.replace("\\", "/"))
    unix_mode = member.external_attr >> 16
    return stat.S_ISLNK(unix_mode) or name.is_absolute() or ".." in name.parts or (
        bool(name.parts) and name.parts[0].endswith(":")
    )


def _choose_member(
    members: Sequence[zipfile.ZipInfo], path: Path, layer: str | None
) -> tuple[PurePosixPath, str | None]:
    """Return the data set of an archive and the layer to read inside it."""
    names = [PurePosixPath(member.filename.replace("\\", "/")) for member in members]
    sets = data_sets(names)
    if not sets:
        raise LayerError(_nothing_inside(names, path))
    named = [name for name in sets if layer in {name.stem, name.name, str(name)}]
    if named:
        return named[0], None
    if len(sets) > 1:
        raise LayerError(which_layer(path.name, [name.stem for name in sets]))
    return sets[0], layer


def data_sets(names: Sequence[PurePosixPath]) -> list[PurePosixPath]:
    """Return what can be read among names: geographic data, else tables."""
    for endings in (SPATIAL, TABLES):
        found = {
            parent if (parent := _geodatabase(name)) else name
            for name in names
            if (_geodatabase(name) and endings is SPATIAL) or name.suffix.lower() in endings
        }
        if found:
            return sorted(found)
    return []


def _nothing_inside(names: Sequence[PurePosixPath], path: Path) -> Message:
    if any(name.suffix.lower() in {".dbf", ".shx"} for name in names):
        return say("{file}：压缩包里缺少 .shp 文件。", file=path.name)
    nested = [name.name for name in names if name.suffix.lower() in _NESTED]
    if nested:
        return say(
            "{file}：压缩包里还是压缩包（{nested}），请先解压一层。",
            file=path.name, nested=nested[0],
        )
    if not names:
        return say("{file}：压缩包是空的。", file=path.name)
    return say(
        "{file}：压缩包里没有可读的图层，里面是：{names}。",
        file=path.name, names="、".join(name.name for name in names[:5]),
    )


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
            if name.suffix.lower() in PARTS:
                (folder / f"layer{name.suffix.lower()}").write_bytes(archive.read(member))
        elif name == chosen:
            target.write_bytes(archive.read(member))
    return target


def which_layer(file: str, names: Sequence[str]) -> Message:
    """Return the question which of several layers is meant."""
    return say(
        '{file}：有多个图层（{names}），请说明用哪一个（layer = "…"）。',
        file=file, names="、".join(names),
    )
