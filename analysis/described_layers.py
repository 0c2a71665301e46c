"""A layer read as the study file describes it, out of all the files that are meant."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from analysis.description import LayerSource
from geo.door.names import enumerated, printable
from geo.errors import LayerError, PlanningError
from geo.files.archives import NO_SUCH_LAYER
from geo.files.patterns import about_links, fitting, is_pattern, names_of
from geo.files.several_files import stacked
from geo.findings import Finding
from geo.ingest import one_door, read_layer, shown
from geo.language import Message, say
from geo.layers import Layer
from geo.ledgers.column_check import NO_SUCH_HEADER
from geo.ledgers.workbook import NO_SUCH_SHEET
from geo.position.zones import Bounds
from geo.schema import SCHEMAS

# What a study may name and a file may lack: a sheet, or the header of a column.
_SHEET: Final = "sheet"
_HEADER: Final = "header"
_NO_SHEET: Final = frozenset({NO_SUCH_SHEET.template, NO_SUCH_LAYER.template})

STATUS: Final = "status"

Named = tuple[str, str]  # kind, name


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
    layer, refused = read_what_can_be(source, folder, name, near=near)
    if refused or layer is None:
        raise LayerError(*(message for messages in refused.values() for message in messages))
    return layer


def read_what_can_be(
    source: LayerSource, folder: Path, name: str, *, near: Bounds | None = None
) -> tuple[Layer | None, Mapping[str, tuple[Message, ...]]]:
    """Return a layer out of those of its files that can be read, and why each other one cannot.

    A layer of one file is read as `read_described` does. Of several the layer is None where none
    can be read.

    Errors: PlanningError for what is wrong with no single file.
    """
    how = _How(name, source.coordinates, near)
    files = source.files(folder)
    if not files:
        return how.read(source.path, source.layer, source.columns), {}
    if not is_pattern(folder, source.path):
        return how.read(files[0], source.layer, source.columns), {}
    named = dict(zip(names_of(files, folder, source.path), files, strict=True))
    with one_door():
        layers, refused = _each(source, named, how)
        whole = stacked(layers, name) if layers else None
    if whole is None:
        return None, refused
    links = about_links(folder, source.path, fitting(folder, source.path).passed_over)
    return replace(whole, findings=(*_infos(name, links), *whole.findings)), refused


def _infos(name: str, messages: Iterable[Message]) -> Iterator[Finding]:
    return (Finding("info", name, message) for message in messages)


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
    lacking: Mapping[Named, Message]


def _each(
    source: LayerSource, files: Mapping[str, Path], how: _How
) -> tuple[dict[str, Layer], dict[str, tuple[Message, ...]]]:
    """Return every file of a pattern by its name, and why those that are refused are."""
    read: dict[str, _Read] = {}
    refused: dict[str, tuple[Message, ...]] = {}
    for name, file in files.items():
        try:
            read[name] = _with_what_it_has(source, file, how)
        except PlanningError as error:
            refused[name] = tuple(_under(message, file, name) for message in error.messages)
    nowhere = set.intersection(*({*each.lacking} for each in read.values())) if read else set()
    # A file that could not be read may have what the others lack.
    if nowhere and not refused:
        said = {name: _lacking_in(each, files[name], name) for name, each in read.items()}
        first = next(iter(said.values()))
        raise LayerError(*(_nowhere(what, said) for what in first if what in nowhere))
    told = {name: _told(each, how.name) for name, each in read.items()}
    return _as_alone(told, how.name), refused


def _with_what_it_has(source: LayerSource, file: Path, how: _How) -> _Read:
    """Return a file read with that of the study's sheet and columns which it has."""
    sheet, columns = source.layer, dict(source.columns)
    lacking: dict[Named, Message] = {}
    while True:
        try:
            return _Read(how.read(file, sheet, columns), lacking)
        except LayerError as error:
            more = _lacking(error, sheet, columns)
            if not more:
                raise LayerError(*lacking.values(), *error.messages) from None
            lacking |= more
            columns = {each: name for each, name in columns.items() if (_HEADER, each) not in more}
            sheet = None if (_SHEET, sheet) in more else sheet


def _lacking(
    error: LayerError, sheet: str | None, columns: Mapping[str, str]
) -> dict[Named, Message]:
    """Return the sheet and headers that a file is refused for not having, as they were asked."""
    lacking: dict[Named, Message] = {}
    for message in error.messages:
        if message.template in _NO_SHEET and sheet is not None:
            # A refusal may show the name otherwise than it was asked.
            lacking[_SHEET, sheet] = message
        elif message.template == NO_SUCH_HEADER.template:
            header = str(message.values["header"])
            lacking |= {(_HEADER, each): message for each in columns
                        if header in {each, printable(each)}}  # fmt: skip
    return lacking


def _under(message: Message, file: Path, name: str) -> Message:
    """Return what is told of a file under the name that tells it from files in other folders."""
    if message.values.get("file") != shown(file):
        return message
    return replace(message, values={**message.values, "file": name})


def _lacking_in(read: _Read, file: Path, name: str) -> dict[Named, Message]:
    return {what: _under(message, file, name) for what, message in read.lacking.items()}


def _nowhere(what: Named, said: Mapping[str, Mapping[Named, Message]]) -> Message:
    """Return what is told of a name of the study that no file has: the files, and what they have.

    said
        Of each file what its reader said.
    """
    first, *others = said
    message = said[first][what]
    if not others:
        return message
    kind, name = what
    files = enumerated([*said])
    has = message.values.get("headers", message.values.get("names"))
    if kind == _HEADER:
        return say(
            "columns 里的“{header}”不在文件中：{files}（共 {count} 个）。{file} 的列：{headers}。",
            header=printable(name), files=files, count=len(said), file=first, headers=has,
        )
    return say(
        "没有工作表或图层“{sheet}”：{files}（共 {count} 个）。{file} 现有：{names}。",
        sheet=printable(name), files=files, count=len(said), file=first, names=has,
    )


def _told(read: _Read, name: str) -> Layer:
    """Return a file with a warning for each thing that the study names and it does not have."""
    messages = [
        say("没有研究文件 columns 里的“{header}”列，按表头自行认列，请核对。",
            header=printable(said))
        if kind == _HEADER
        else say("没有研究文件写明的“{sheet}”，读了唯一有内容的一张，请核对。",
                 sheet=printable(said))
        for kind, said in read.lacking
    ]
    told = (Finding("warning", name, message) for message in messages)
    return replace(read.layer, findings=(*told, *read.layer.findings))


def _as_alone(layers: dict[str, Layer], name: str) -> dict[str, Layer]:
    """Return layers whose rows mean the same under one another as they do alone.

    A ledger without a column of status lists what operates; an empty cell of such a column is
    unknown. Beside a file that has the column, one without it must not read as empty cells.
    """
    if not any(STATUS in layer.frame.columns for layer in layers.values()):
        return layers
    return {file: _operating(layer, name) for file, layer in layers.items()}


def _operating(layer: Layer, name: str) -> Layer:
    if STATUS in layer.frame.columns or layer.frame.empty:
        return layer
    frame = layer.frame.assign(**{STATUS: "operating"}).astype({STATUS: "str"})
    message = say("没有“{column}”列，{count} 行全部按运营计。",
                  column=SCHEMAS[name].column(STATUS).chinese, count=len(layer.frame))  # fmt: skip
    told = Finding("warning", name, message, say("请补充这一列。"))
    return replace(layer, frame=frame, findings=(*layer.findings, told))
