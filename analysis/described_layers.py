"""A layer read as the study file describes it, out of all the files that are meant."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from analysis.description import LayerSource
from geo.errors import LayerError, PlanningError
from geo.files.several_files import is_pattern, names_of, stacked
from geo.findings import Finding
from geo.ingest import one_door, read_layer
from geo.language import Message, say
from geo.layers import Layer
from geo.position.zones import Bounds

# How a reader says that a file does not have what the study file names.
_NO_HEADER: Final = "{file}：columns 里的“{header}”不在文件中，现有列：{headers}。"
_NO_SHEET: Final = frozenset({
    "{file}：没有工作表“{sheet}”，现有：{names}。", "{file}：没有图层“{layer}”，现有：{names}。",
})  # fmt: skip


def read_described(
    source: LayerSource, folder: Path, name: str, *, near: Bounds | None = None
) -> Layer:
    """Return a layer of a study as its files give it, rows that have no place without one.

    A sheet or header that the study names is asked of the files of a pattern that have it; the
    others are read without, which is told.

    folder
        Where the study file stands.
    near
        West, south, east, north in WGS84 of the study, where its boundaries are known.

    Errors: PlanningError, as `read_layer`; of several files all that are refused, and what the
    study names and none of them has.
    """
    how = _How(name, source.coordinates, near)
    files = source.files(folder)
    if not files:
        return how.read(source.path, source.layer, source.columns)
    if not is_pattern(folder, source.path):
        return how.read(files[0], source.layer, source.columns)
    with one_door():
        return stacked(_each(source, dict(zip(names_of(files, folder, source.path), files,
                                              strict=True)), how))  # fmt: skip


@dataclass(frozen=True)
class _How:
    name: str
    coordinates: str | None
    near: Bounds | None

    def read(self, file: Path | str, sheet: str | None, columns: Mapping[str, str]) -> Layer:
        return read_layer(
            file, self.name, sheet=sheet, columns=columns, coordinates=self.coordinates,
            near=self.near,
        )  # fmt: skip


@dataclass(frozen=True)
class _Read:
    """A file that was read, and what the study names that it does not have, as its reader said."""

    layer: Layer
    lacking: Mapping[str, Message]


def _each(source: LayerSource, files: Mapping[str, Path], how: _How) -> dict[str, Layer]:
    """Return every file of a pattern by its name; all refusals together."""
    read: dict[str, _Read] = {}
    refused: list[Message] = []
    for name, file in files.items():
        try:
            read[name] = _with_what_it_has(source, file, how)
        except PlanningError as error:
            refused += (_under(message, file, name) for message in error.messages)
    if refused:
        raise LayerError(*refused)
    lacking = [each.lacking for each in read.values()]
    nowhere = set.intersection(*({*each} for each in lacking))
    if nowhere:
        raise LayerError(*(why for said, why in lacking[0].items() if said in nowhere))
    return {name: _told(each, how.name) for name, each in read.items()}


def _with_what_it_has(source: LayerSource, file: Path, how: _How) -> _Read:
    """Return a file read with that of the study's sheet and columns which it has."""
    sheet, columns = source.layer, dict(source.columns)
    lacking: dict[str, Message] = {}
    while True:
        try:
            return _Read(how.read(file, sheet, columns), lacking)
        except LayerError as error:
            more = _lacking(error)
            if not more:
                raise LayerError(*lacking.values(), *error.messages) from None
            lacking |= more
            columns = {header: name for header, name in columns.items() if header not in lacking}
            sheet = None if sheet in lacking else sheet


def _under(message: Message, file: Path, name: str) -> Message:
    """Return what is told of a file under the name that tells it from files in other folders."""
    if message.values.get("file") != file.name:
        return message
    return Message(message.template, {**message.values, "file": name})


def _lacking(error: LayerError) -> dict[str, Message]:
    """Return the sheet and headers of the study that a file is refused for not having."""
    lacking = {}
    for message in error.messages:
        if message.template == _NO_HEADER:
            lacking[str(message.values["header"])] = message
        elif message.template in _NO_SHEET:
            lacking[str(message.values.get("sheet", message.values.get("layer")))] = message
    return lacking


def _told(read: _Read, name: str) -> Layer:
    """Return a file with a warning for each thing that the study names and it does not have."""
    messages = [
        say("没有研究文件 columns 里的“{header}”列，按表头自行认列，请核对。", header=said)
        if why.template == _NO_HEADER
        else say("没有研究文件写明的“{sheet}”，读了唯一有内容的一张，请核对。", sheet=said)
        for said, why in read.lacking.items()
    ]
    told = (Finding("warning", name, message) for message in messages)
    return replace(read.layer, findings=(*told, *read.layer.findings))
