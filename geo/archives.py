"""Archives opened: the one data set inside a .zip or .kmz, written where GDAL can read it."""

import io
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from geo.errors import LayerError
from geo.language import Message, say
from geo.shapefile import PARTS

_UNPACKED_LIMIT = 512 * 1024 * 1024


@contextmanager
def unpacked(path: Path, layer: str | None) -> Iterator[tuple[Path, str | None]]:
    """Unpack the one data set of an archive into a folder that is gone afterwards."""
    with _opened(path) as archive, tempfile.TemporaryDirectory() as folder:
        members = [m for m in archive.infolist() if not _is_litter(m.filename)]
        _refuse_archive(members, path)
        chosen, inner = _choose_member(members, path, layer)
        try:
            yield _extract(archive, members, chosen, Path(folder)), inner
        except zipfile.BadZipFile:
            raise LayerError(say("{file}：压缩包已损坏，请重新打包。", file=path.name)) from None


def _opened(path: Path) -> zipfile.ZipFile:
    data = io.BytesIO(path.read_bytes())
    try:
        # Windows writes Chinese member names in GBK without saying so.
        return zipfile.ZipFile(data, metadata_encoding="gbk")
    except UnicodeDecodeError:
        return zipfile.ZipFile(data)
    except zipfile.BadZipFile:
        raise LayerError(
            say("{file}：内容与扩展名不符，不是 ZIP 压缩包，或已损坏。", file=path.name)
        ) from None


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
        raise LayerError(which_layer(path.name, [name.stem for name in sets]))
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
