"""Archives and folders: the one data set inside, found and named; an archive's is unpacked.

The list of an archive is judged before a byte of it is unpacked.
"""

import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from geo.door.budget import DAMAGE, opened, require_budget
from geo.door.contents import require_content
from geo.door.names import enumerated, listed, printable
from geo.errors import LayerError
from geo.files.shapefile import PARTS
from geo.language import Message, say

# A refusal that a face answers by letting the user choose among `names`.
WHICH_LAYER: Final = say('{file}：有多个图层（{names}），请说明用哪一个（layer = "…"）。')
NO_SUCH_LAYER: Final = say("{file}：没有图层“{layer}”，现有：{names}。")
_NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
ARCHIVES = (".zip", ".kmz")
SPATIAL = (".shp", ".gpkg", ".geojson", ".kml", ".json", ".tif", ".tiff")
TABLES = (".xlsx", ".xls", ".csv", ".tsv", ".txt")
# What may hold several layers, so that a name may mean one of them.
_HOLD_SEVERAL = (".gpkg", ".gdb", ".kml", ".xlsx", ".xls", ".tif", ".tiff")
# Characters of a name that fit into any system's limit twice, with three bytes each.
_NAMED = 36
_KINDS = (SPATIAL, TABLES[:-1], TABLES[-1:])
_NESTED = (".zip", ".kmz", ".rar", ".7z", ".gz", ".bz2", ".xz", ".tar", ".tgz", ".zst", ".cab")


@dataclass(frozen=True)
class DataSet:
    """What is to be read: a file or a geodatabase folder, its layer, and its name in messages.

    chosen
        How it was chosen among others; None where nobody had to choose.
    aside
        What else could be read and was not.
    inside
        Its name in the archive or folder; empty for a file.
    """

    path: Path
    layer: str | None
    shown_as: str
    chosen: Message | None = None
    aside: tuple[str, ...] = ()
    inside: str = ""


@dataclass(frozen=True)
class _Choice:
    name: PurePosixPath
    layer: str | None
    note: Message | None = None


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
    with opened(path) as archive, tempfile.TemporaryDirectory() as folder:
        listed = archive.infolist()
        require_budget(listed, path.name)
        members = [member for member in listed if not _is_litter(member.filename)]
        names = [PurePosixPath(member.filename.replace("\\", "/")) for member in members]

        def extracted(chosen: PurePosixPath) -> Path:
            room = Path(tempfile.mkdtemp(dir=folder))
            try:
                return _extract(archive, members, chosen, room, path.name)
            except DAMAGE:
                raise LayerError(
                    say("{file}：压缩包已损坏，请重新打包。", file=path.name)
                ) from None

        choice = _choose(names, path, layer, None if fits is None else (
            lambda name: fits(extracted(name))
        ))
        yield _data_set(choice, extracted(choice.name), path, names)


def _in_folder(path: Path, layer: str | None, fits: Fits | None) -> DataSet:
    names = [
        PurePosixPath(file.relative_to(path).as_posix())
        for file in sorted(path.rglob("*")) if file.is_file() and not _is_litter(file.name)
    ]
    choice = _choose(
        names, path, layer, None if fits is None else (lambda name: fits(path / name))
    )
    return _data_set(choice, path / choice.name, path, names)


def _data_set(
    choice: _Choice, main: Path, path: Path, names: Sequence[PurePosixPath]
) -> DataSet:
    require_content(main, f"{path.name}（{printable(choice.name.name)}）")
    others = [
        name.name for name in names
        if name.suffix.lower() in (*SPATIAL, *TABLES, *_NESTED)
        and _bare(name) != _bare(choice.name)
        and choice.name not in name.parents
    ]
    shown = main.name if main.suffix.lower() in TABLES else path.name
    return DataSet(
        main, choice.layer, shown, choice.note, tuple(others), printable(choice.name.name)
    )


def data_set_names(path: Path) -> tuple[str, ...]:
    """Return the data sets of an archive or a folder, each as `layer` names it.

    Errors: LayerError as `one_data_set`, but for several data sets.
    """
    if path.is_dir():
        names = [PurePosixPath(file.relative_to(path).as_posix())
                 for file in path.rglob("*") if file.is_file() and not _is_litter(file.name)]
    else:
        with opened(path) as archive:
            listed = archive.infolist()
        require_budget(listed, path.name)
        names = [PurePosixPath(member.filename.replace("\\", "/"))
                 for member in listed if not _is_litter(member.filename)]
    sets = data_sets(names)
    return tuple(_told_apart(name, sets) for name in sets)



def _is_litter(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return name.endswith("/") or not parts or "__MACOSX" in parts or parts[-1].startswith(".")


def _choose(
    names: Sequence[PurePosixPath],
    path: Path,
    layer: str | None,
    fits: Callable[[PurePosixPath], bool] | None,
) -> _Choice:
    """Return a data set among names and the layer to read inside it."""
    sets = data_sets(names)
    if not sets or _lacks_kml(names, path):
        raise LayerError(_nothing_inside(names, path))
    everything = [name for endings in _KINDS for name in _data_sets_of(names, endings)]
    named = [name for name in everything if layer in {name.stem, name.name, str(name)}]
    if len(named) == 1:
        return _Choice(named[0], None)
    if len(sets) == 1 and (layer is None or sets[0].suffix.lower() in _HOLD_SEVERAL):
        return _Choice(sets[0], layer)
    called = [_told_apart(name, sets) for name in sets]
    if layer is not None:
        raise LayerError(
            replace(NO_SUCH_LAYER, values={
                "file": path.name, "layer": printable(layer), "names": listed(called),
            })
        )
    fitting = [name for name in sets if fits is not None and fits(name)]
    if len(fitting) != 1:
        raise LayerError(which_layer(path.name, called))
    return _Choice(fitting[0], None, chosen_among(_told_apart(fitting[0], sets), called))


def _told_apart(name: PurePosixPath, among: Sequence[PurePosixPath]) -> str:
    """Return the shortest name of a data set that no other has."""
    stems = [each.stem for each in among]
    return name.stem if stems.count(name.stem) == 1 else str(name)


def data_sets(names: Sequence[PurePosixPath]) -> list[PurePosixPath]:
    """Return what can be read among names: geographic data, else tables, else plain text."""
    kinds = (_data_sets_of(names, endings) for endings in _KINDS)
    return next((found for found in kinds if found), [])


def _data_sets_of(
    names: Sequence[PurePosixPath], endings: Sequence[str]
) -> list[PurePosixPath]:
    return sorted({
        parent if (parent := _geodatabase(name)) else name
        for name in names
        if (_geodatabase(name) and endings is SPATIAL)
        or (not _geodatabase(name) and name.suffix.lower() in endings)
    })


def _lacks_kml(names: Sequence[PurePosixPath], path: Path) -> bool:
    return path.suffix.lower() == ".kmz" and all(name.suffix.lower() != ".kml" for name in names)


def _nothing_inside(names: Sequence[PurePosixPath], path: Path) -> Message:
    if any(name.suffix.lower() in {".dbf", ".shx"} for name in names):
        return say("{file}：压缩包或文件夹里缺少 .shp 文件。", file=path.name)
    nested = [name.name for name in names if name.suffix.lower() in _NESTED]
    if nested:
        return say(
            "{file}：里面还是压缩包（{nested}），请先解压一层。",
            file=path.name, nested=printable(nested[0]),
        )
    if not names:
        return say("{file}：里面是空的，没有文件。", file=path.name)
    if _lacks_kml(names, path):
        return say(
            "{file}：KMZ 里没有 KML 文件，只有：{names}。请重新导出。",
            file=path.name, names=enumerated([name.name for name in names[:5]]),
        )
    return say(
        "{file}：里面没有可读的图层，只有：{names}。",
        file=path.name, names=enumerated([name.name for name in names[:5]]),
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
    stem = _NOT_IN_A_NAME.sub("_", printable(chosen.stem))
    own = f"{archive_name[:_NAMED]} › {stem[:_NAMED]}{suffix}"
    target = folder / (own if suffix in TABLES else f"layer{suffix}")
    if suffix == ".gdb":
        target.mkdir()
    for member in members:
        name = PurePosixPath(member.filename.replace("\\", "/"))
        if suffix == ".gdb" and name.parent == chosen:
            (target / name.name).write_bytes(archive.read(member))
        elif suffix == ".shp" and _bare(name) == _bare(chosen):
            if name.suffix.lower() in PARTS:
                (folder / f"layer{name.suffix.lower()}").write_bytes(archive.read(member))
        elif name == chosen:
            target.write_bytes(archive.read(member))
    return target


def chosen_among(name: str, names: Sequence[str]) -> Message:
    """Return the note that one of several layers was taken because it alone fits."""
    return say(
        "有多个图层（{names}），只有“{name}”具备所需的列，采用它。若不对，请用 layer 写明。",
        names=enumerated(names), name=printable(name),
    )


def _bare(name: PurePosixPath) -> str:
    # Windows does not tell A.shp from a.shp, so neither do the parts of one shapefile.
    return str(name.with_suffix("")).casefold()


def which_layer(file: str, names: Sequence[str]) -> Message:
    """Return the question which of several layers is meant."""
    return replace(WHICH_LAYER, values={"file": file, "names": listed(names)})
