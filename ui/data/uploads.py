"""Files from the browser written into a folder of their own under names that do no harm."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final, Protocol

from geo.files.shapefile import PARTS
from report.data.sheets import file_name

_SUFFIX: Final = re.compile(r"\.[a-z0-9]{1,8}")
_STEM: Final = 60


class Uploaded(Protocol):
    """A file as Streamlit hands it over."""

    name: str

    def getvalue(self) -> bytes:
        """Return its content."""
        ...


@dataclass(frozen=True)
class Brought:
    """A file in its folder.

    name
        What the user calls it: a text, never a path.
    """

    name: str
    path: Path


@contextmanager
def brought(files: Iterable[Uploaded]) -> Iterator[list[Brought]]:
    """Give files in a folder that is gone after the block; parts of one shapefile are one file."""
    with TemporaryDirectory(prefix="carecircle-", ignore_cleanup_errors=True) as folder:
        yield [*_written(Path(folder), list(files))]


def _written(folder: Path, files: Sequence[Uploaded]) -> Iterator[Brought]:
    whole = {_stem(file.name) for file in files if _suffix(file.name) == ".shp"}
    rooms: dict[str, Path] = {}
    for number, file in enumerate(files):
        stem, suffix = _stem(file.name), _suffix(file.name)
        part = suffix in PARTS and stem in whole
        room = rooms.get(stem) if part else None
        if room is None or (room / safe_name(file.name)).exists():
            room = folder / str(number)
            room.mkdir()
        if part:
            rooms.setdefault(stem, room)
        path = room / safe_name(file.name)
        path.write_bytes(file.getvalue())
        if not part or suffix == ".shp":
            yield Brought(file.name, path)


def safe_name(name: str) -> str:
    """Return a name without folders, reserved words or unseen signs, its ending kept."""
    suffix = _suffix(name)
    return f"{file_name(_stem(name))[:_STEM]}{suffix}"


def unlike_names(files: Sequence[Uploaded]) -> dict[str, bytes] | None:
    """Return the contents by names that do no harm; None where two would be one file."""
    named = {safe_name(file.name): file.getvalue() for file in files}
    alone = {name.casefold() for name in named}
    return named if len(alone) == len(files) else None


def stem_of(name: str) -> str:
    """Return what a file is called without folders and ending; a text, never a path."""
    return _stem(name)


def _last(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name


def _suffix(name: str) -> str:
    found = PurePosixPath(_last(name)).suffix.lower()
    return found if _SUFFIX.fullmatch(found) else ""


def _stem(name: str) -> str:
    last, suffix = _last(name), _suffix(name)
    return last[: len(last) - len(suffix)] if suffix else last
