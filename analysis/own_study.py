"""A study of one's own: a layer from files that were brought, all else as another study has it.

So a clerk who has an Excel needs no TOML: the page 数据 writes the study file, and the files that
were brought stand in a folder beside it. Nothing that stands there is ever written over.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import tomli_w

from analysis.description import read_description
from analysis.kept_beside import beside, write_beside, writing
from analysis.toml_text import NotToml, read_toml_text
from geo.errors import StudyError
from geo.files.shapefile import PARTS
from geo.language import Message, joined, say
from geo.reasons import why
from geo.schema import layer_word

SUFFIX: Final = ".study.toml"
# The first line of a study that was written here: only such a one is ever written anew.
_MARK: Final = "# 由“数据”页建立。可以手工修改；以后在页面上再放入文件时，只有注释不保留。"
_STREETS, _ADDRESSES = "streets", "places"
_WITH_ADDRESSES: Final = ("facilities", "residential")
# What names the estates or facilities of another ledger goes with that ledger.
_NAMING: Final[Mapping[str, tuple[str, ...]]] = {
    "residential": ("entrances", "pools"), "facilities": ("pools",),
}
_DECIDED: Final = ("filled", "matches", "places", "pools")


@dataclass(frozen=True)
class BroughtLayer:
    """Files that are to be one layer, read as they were checked.

    files
        Content by names that do no harm; the parts of a shapefile among them.
    columns
        The column that a header of the files stands for.
    """

    layer: str
    files: Mapping[str, bytes]
    coordinates: str | None = None
    sheet: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    date: dt.date | None = None


@dataclass(frozen=True)
class Written:
    """A study file as it was written.

    folder, digests
        Where the files that were brought stand, and the sha256 of each by its name.
    before
        What the study file said before; empty for a new one.
    left_out
        What of the other study was not taken along, and why.
    """

    path: Path
    folder: Path
    digests: Mapping[str, str]
    before: str
    left_out: tuple[Message, ...]

    def take_back(self) -> None:
        """Let the study be as it was, and take the files away. Errors: StudyError.

        A file that was changed since, or that somebody else put there, stays.
        """
        with writing(self.path):
            _undo(self)


def is_own(study: Path) -> bool:
    """Return whether a study was written here, so that another layer may be put into it."""
    try:
        with study.open(encoding="utf-8-sig") as lines:
            return lines.readline().strip() == _MARK
    except (OSError, UnicodeDecodeError):
        return False


def begin_study(  # noqa: PLR0913 - what a study is made of
    base: Path, brought: BroughtLayer, *, title: str, name: str, on: dt.date,
    without: Sequence[str] = (), assume: Mapping[str, str] | None = None,
) -> Written:
    """Write a new study beside another: one layer as it was brought, all else as that one has it.

    name
        The file's name before `.study.toml`, which must do no harm.
    without
        Layers of the other study that are not taken along.
    assume
        What whole missing columns of estates are taken to be.

    Errors: StudyError where the name is taken, nothing can be written, or the study would be none.
    """  # fmt: skip
    path = base.resolve().parent / f"{name}{SUFFIX}"
    told = _told(base)
    told |= {"title": title, "on": on}
    for each in without:
        told.get("layers", {}).pop(each, None)
    with writing(path):
        if path.exists() or path.with_name(name).exists():
            raise StudyError(say("已经有叫“{name}”的研究或文件夹了，请换一个名称。", name=name))
        left_out = _decided(base)
        return _write(path, told, brought, before="", left_out=left_out, assume=assume)


def put_into(
    study: Path, brought: BroughtLayer, *, assume: Mapping[str, str] | None = None
) -> Written:
    """Put a layer into a study that was written here; the files it had stay where they are.

    Errors: StudyError for another study, or as `begin_study`.
    """
    if not is_own(study):
        raise StudyError(say("{file} 不是在这里建立的，不能改写。", file=study.name))
    path = study.resolve()
    with writing(path):
        told = _told(path)
        before = path.read_text(encoding="utf-8-sig")
        return _write(path, told, brought, before=before, left_out=(), assume=assume)


def _told(study: Path) -> dict[str, Any]:
    """Return what a study file says. Errors: StudyError where it is none."""
    read_description(study)  # so that whatever is wrong with it is told in its own words
    try:
        return read_toml_text(study)
    except (OSError, NotToml) as fault:
        reason = fault.reason if isinstance(fault, NotToml) else why(fault)
        raise StudyError(
            say("{file}：研究文件无法读取（{reason}）。", file=study.name, reason=reason)
        ) from None


def _write(
    path: Path, told: dict[str, Any], brought: BroughtLayer, *, before: str,
    left_out: tuple[Message, ...], assume: Mapping[str, str] | None,
) -> Written:
    """Write files and study; where the study would be none, neither stands there afterwards."""
    folder = _room(path, brought)
    left_out = (*left_out, *_without_naming(told, brought.layer))
    digests = {name: _sha256(content) for name, content in brought.files.items()}
    written = Written(path, folder, digests, before, left_out)
    try:
        folder.mkdir(parents=True)
        for name, content in brought.files.items():
            (folder / name).write_bytes(content)
        _name_in(told, brought, _path_of(folder, path.parent, brought.files))
        told |= _noticed(told, brought.layer)
        if assume:
            told["assume"] = {**told.get("assume", {}), **assume}
        write_beside(path, f"{_MARK}\n{tomli_w.dumps(told)}")
        read_description(path)
    except OSError as error:
        _undo(written)
        raise StudyError(
            say("{file}：无法写入（{reason}）。", file=path.name, reason=why(error))
        ) from None
    except StudyError:
        _undo(written)
        raise
    return written


def _undo(written: Written) -> None:
    write_beside(written.path, written.before)
    for name, digest in written.digests.items():
        file = written.folder / name
        with suppress(OSError):
            if _sha256(file.read_bytes()) == digest:
                file.unlink()
    _remove_if_empty(written.folder)
    _remove_if_empty(written.folder.parent)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):  # something stands in it
        folder.rmdir()


def _room(path: Path, brought: BroughtLayer) -> Path:
    """Return a folder that is not there yet: `NAME/小区`, `NAME/小区-2`."""
    home = path.with_name(path.name.removesuffix(SUFFIX))
    word = layer_word(brought.layer)
    number = 1
    while (room := home / (word if number == 1 else f"{word}-{number}")).exists():
        number += 1
    return room


def _path_of(folder: Path, start: Path, files: Mapping[str, bytes]) -> str:
    """Return what a study calls the files: the one by its name, several by a pattern."""
    wholes = data_files(files)
    here = folder.relative_to(start).as_posix()
    return f"{here}/{wholes[0]}" if len(wholes) == 1 else f"{here}/*"


def data_files(names: Mapping[str, bytes] | Sequence[str]) -> list[str]:
    """Return the names of data sets among files: of a shapefile the .shp stands for its parts."""
    stems = {Path(name).stem for name in names if Path(name).suffix.lower() == ".shp"}
    return [
        name for name in names
        if Path(name).suffix.lower() == ".shp"
        or Path(name).suffix.lower() not in PARTS
        or Path(name).stem not in stems
    ]


def _name_in(told: dict[str, Any], brought: BroughtLayer, path: str) -> None:
    """Let a study's values name the files that were brought."""
    source = {
        "path": path, "layer": brought.sheet, "coordinates": brought.coordinates,
        "columns": dict(brought.columns), "source": brought.source, "date": brought.date,
    }
    said = {key: value for key, value in source.items() if value}
    layers = told.setdefault("layers", {})
    if brought.layer == _STREETS:
        told[_STREETS] = {key: value for key, value in said.items() if key != "columns"}
        told.pop("crs", None)  # that of the other study's streets may lie elsewhere
    elif brought.layer == _ADDRESSES:
        for layer in _WITH_ADDRESSES:
            if layer in layers:
                layers[layer] = _with_addresses(layers[layer], said)
    else:
        layers[brought.layer] = said


def _with_addresses(source: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Return a layer that looks for the places of its rows in a table of addresses."""
    ours = {key: value for key, value in source.items() if not key.startswith(_ADDRESSES)}
    named = {"path": "places", "layer": "places_layer", "coordinates": "places_coordinates"}
    return ours | {theirs: said[key] for key, theirs in named.items() if key in said}


def _without_naming(told: dict[str, Any], layer: str) -> list[Message]:
    """Take out what names the rows of the ledger that is replaced; return what is said of it."""
    left_out = []
    layers = told.get("layers", {})
    for name in _NAMING.get(layer, ()):
        at = told if name == "pools" else layers
        if at.pop(name, None) is not None:
            left_out.append(
                say("“{what}”按原来的编号写，没有沿用；有新的请另外放入。", what=_word(name))
            )
    return left_out


def _noticed(told: Mapping[str, Any], layer: str) -> dict[str, str]:
    """Return the sentence on every map with the layer that it is no longer true of."""
    notice = str(told.get("notice", ""))
    own = str(say("{layer}已换成自己的文件", layer=layer_word(layer)))
    return {"notice": f"{notice}；{own}"} if notice and own not in notice else {}


def _word(name: str) -> object:
    return say("统筹") if name == "pools" else layer_word(name)


def _decided(base: Path) -> tuple[Message, ...]:
    """Return one sentence where things were decided beside the other study; none otherwise."""
    words = {
        "filled": say("补填的格"), "matches": say("确认的名称"),
        "places": say("补的坐标"), "pools": say("确认的统筹"),
    }
    found = [words[kind] for kind in _DECIDED if beside(base, kind).is_file()]
    if not found:
        return ()
    return (say("原研究里{what}没有沿用，请在新研究里再确认。", what=joined("、", *found)),)
