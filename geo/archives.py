"""Archives and folders: the one data set inside, found and named; an archive's is unpacked.

The list of an archive is judged before a byte of it is unpacked.
"""

import re
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from geo.door.contents import require_content
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
_NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')

ARCHIVES = (".zip", ".kmz")
SPATIAL = (".shp", ".gpkg", ".geojson", ".kml", ".json", ".tif", ".tiff")
TABLES = (".xlsx", ".xls", ".csv", ".tsv")
_NESTED = (".zip", ".kmz", ".rar", ".7z", ".gz", ".bz2", ".xz", ".tar", ".tgz", ".zst", ".cab")
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError,
    ValueError, MemoryError,
)


@dataclass(frozen=True)
class DataSet:
    """What is to be read: a file or a geodatabase folder, its layer, and its name in messages."""

    path: Path
    layer: str | None
    shown_as: str


# Tells from the column names of a data set whether it is the one that is meant.
Fits = Callable[[Path], bool]


@contextmanager
def one_data_set(
    path: Path, layer: str | None, *, fits: Fits | None = None
) -> Iterator[DataSet]:
    """Yield the one data set of an archive, of a folder, or the file itself.

    What an archive holds is unpacked into a folder that is gone afterwards.

    layer
        The name of a data set inside, or of a layer of the only one.
    fits
        Chooses where several are there and none is named: the only one that fits is taken.

    Errors: LayerError for an archive that is damaged, locked, larger than the budget, holds links,
    paths that lead out of it or only other archives; for several data sets of which none was named.
    """
    if path.suffix.lower() in ARCHIVES:
        with _unpacked(path, layer, fits) as found:
            yield found
    elif path.is_dir() and path.suffix.lower() != ".gdb":
        yield _in_folder(path, layer, fits)
    else:
        yield DataSet(path, layer, path.name)


@contextmanager
def _unpacked(path: Path, layer: str | None, fits: Fits | None) -> Iterator[DataSet]:
    with _opened(path) as archive, tempfile.TemporaryDirectory() as folder:
        listed = archive.infolist()
        _refuse_archive(listed, path)
        members = [member for member in listed if not _is_litter(member.filename)]
        names = [PurePosixPath(member.filename.replace("\\", "/")) for member in members]

        def extracted(chosen: PurePosixPath) -> Path:
            room = Path(tempfile.mkdtemp(dir=folder))
            try:
                return _extract(archive, members, chosen, room, path.name)
            except _DAMAGE:
                raise LayerError(
                    say("{file}：压缩包已损坏，请重新打包。", file=path.name)
                ) from None

        chosen, inner = _choose(names, path, layer, None if fits is None else (
            lambda name: fits(extracted(name))
        ))
        main = extracted(chosen)
        require_content(main, f"{path.name}（{chosen.name}）")
        shown = main.name if main.suffix.lower() in TABLES else path.name
        yield DataSet(main, inner, shown)


def _in_folder(path: Path, layer: str | None, fits: Fits | None) -> DataSet:
    names = [
        PurePosixPath(file.relative_to(path).as_posix())
        for file in sorted(path.rglob("*")) if file.is_file() and not _is_litter(file.name)
    ]
    chosen, inner = _choose(
        names, path, layer, None if fits is None else (lambda name: fits(path / name))
    )
    main = path / chosen
    require_content(main, f"{path.name}（{chosen.name}）")
    return DataSet(main, inner, main.name if main.suffix.lower() in TABLES else path.name)


def data_set_names(path: Path) -> tuple[str, ...]:
    """Return the data sets of an archive or a folder, each as `layer` names it.

    Errors: LayerError as `one_data_set`, but for several data sets.
    """
    if path.is_dir():
        names = [PurePosixPath(file.relative_to(path).as_posix())
                 for file in path.rglob("*") if file.is_file() and not _is_litter(file.name)]
    else:
        with _opened(path) as archive:
            listed = archive.infolist()
        _refuse_archive(listed, path)
        names = [PurePosixPath(member.filename.replace("\\", "/"))
                 for member in listed if not _is_litter(member.filename)]
    sets = data_sets(names)
    return tuple(_told_apart(name, sets) for name in sets)


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


def _choose(
    names: Sequence[PurePosixPath],
    path: Path,
    layer: str | None,
    fits: Callable[[PurePosixPath], bool] | None,
) -> tuple[PurePosixPath, str | None]:
    """Return a data set among names and the layer to read inside it."""
    sets = data_sets(names)
    if not sets:
        raise LayerError(_nothing_inside(names, path))
    named = [name for name in sets if layer in {name.stem, name.name, str(name)}]
    if len(named) == 1:
        return named[0], None
    if len(sets) > 1 and layer is None and fits is not None:
        fitting = [name for name in sets if fits(name)]
        if len(fitting) == 1:
            return fitting[0], None
    if len(sets) > 1:
        raise LayerError(which_layer(path.name, [_told_apart(name, sets) for name in sets]))
    return sets[0], layer


def _told_apart(name: PurePosixPath, among: Sequence[PurePosixPath]) -> str:
    """Return the shortest name of a data set that no other has."""
    stems = [each.stem for each in among]
    return name.stem if stems.count(name.stem) == 1 else str(name)


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
        return say("{file}：压缩包或文件夹里缺少 .shp 文件。", file=path.name)
    nested = [name.name for name in names if name.suffix.lower() in _NESTED]
    if nested:
        return say(
            "{file}：里面还是压缩包（{nested}），请先解压一层。",
            file=path.name, nested=nested[0],
        )
    if not names:
        return say("{file}：里面是空的，没有文件。", file=path.name)
    return say(
        "{file}：里面没有可读的图层，只有：{names}。",
        file=path.name, names="、".join(name.name for name in names[:5]),
    )


def _geodatabase(name: PurePosixPath) -> PurePosixPath | None:
    return next((parent for parent in name.parents if parent.suffix.lower() == ".gdb"), None)


def _extract(
    archive: zipfile.ZipFile,
    members: Sequence[zipfile.ZipInfo],
    chosen: PurePosixPath,
    folder: Path,
    archive_name: str,
) -> Path:
    """Write the parts of the chosen data set under names of our own; return its main file.

    A table keeps its name, with that of the archive, for it stands in every message.
    """
    suffix = chosen.suffix.lower()
    own = f"{archive_name}（{_NOT_IN_A_NAME.sub('_', chosen.stem)[:60]}）"
    target = folder / (f"{own}{suffix}" if suffix in TABLES else f"layer{suffix}")
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
