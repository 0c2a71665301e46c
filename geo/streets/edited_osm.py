"""OpenStreetMap files as an editor saves them: new things have negative ids, deleted ones stay.

osmium places no node with a negative id and knows no `action="delete"`, so a copy is written in
which new things have large ids instead, and deleted ones are left out.
"""

import bz2
import errno
import gzip
import re
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NoReturn
from xml.parsers import expat
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from geo.errors import StreetsError
from geo.findings import Finding
from geo.language import say

XML_ENDINGS = (".osm", ".osm.gz", ".osm.bz2")
_EDITED = re.compile(rb"""\b(?:id\s*=\s*["']-\d|action\s*=\s*["']delete|visible\s*=\s*["']false)""")
# The longest mark an editor leaves: one that is cut by the end of a chunk is found in the next.
_CHUNK, _MARK = 1 << 22, 64
# A system that allows no file so large, or has no room for it.
_TOO_LARGE = frozenset({errno.EFBIG, errno.ENOSPC})
_THINGS = frozenset({"node", "way", "relation"})
_IDS = frozenset({"id", "ref"})
# OpenStreetMap counts to some ten thousand millions; no id of its own stands here.
_NEW_IDS_FROM = 2**61


def refuse_history(file: str) -> NoReturn:
    """Refuse a file that holds several versions of a thing. Errors: StreetsError."""
    raise StreetsError(
        say(
            "{file}：是 OpenStreetMap 历史文件，同一道路有多个版本，无法判断用哪一个。"
            "请改用普通的 .osm.pbf，或先取出某一天的数据（osmium time-filter）。",
            file=file,
        )
    )


def about_edits(*, deleted: int, repeated: int, file: str) -> list[Finding]:
    """Return findings on things deleted in an editor, and ways that a file lists again."""
    findings = []
    if deleted:
        message = say("{count} 个已在编辑器中标为删除的对象未采用。", count=deleted)
        findings.append(Finding("info", "streets", message, file=file))
    if repeated:
        message = say("{count} 条道路在文件中重复列出，各只采用一次。", count=repeated)
        findings.append(Finding("info", "streets", message, file=file))
    return findings


@contextmanager
def as_osmium_reads(path: Path) -> Iterator[tuple[Path, int]]:
    """Yield a file that osmium reads aright, and how many things an editor had deleted in it.

    That is the file itself where nobody left such marks, else a copy that is gone afterwards.

    Errors: ValueError for XML that is damaged; StreetsError for a copy that would be too large, and
    for a history: a thing that is deleted in one place and lives in another.
    """
    if not path.name.lower().endswith(XML_ENDINGS) or not _was_edited(path):
        yield path, 0
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "edited.osm"
        try:
            deleted, gone = _rewritten(path, copy)
        except OSError as error:
            if error.errno not in _TOO_LARGE:
                raise
            raise StreetsError(
                say(
                    "{file}：解压后太大，无法整理编辑过的内容。请裁剪到研究区，或转为 .osm.pbf。",
                    file=path.name,
                )
            ) from None
        if gone and _any_living(path, gone):
            refuse_history(path.name)
        yield copy, deleted


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file unpacked. Errors: ValueError, while it is read, where it is no whole archive."""
    name = path.name.lower()
    opening: Any = (
        gzip.open if name.endswith(".gz") else bz2.open if name.endswith(".bz2") else open
    )
    try:
        with opening(path, "rb") as file:
            yield file
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ValueError from error
    except OSError as error:
        if error.errno is None:  # of bz2, which has no word of its own for damage
            raise ValueError from error
        raise


def _was_edited(path: Path) -> bool:
    with _opened(path) as file:
        before = b""
        while chunk := file.read(_CHUNK):
            if _EDITED.search(before + chunk):
                return True
            before = chunk[-_MARK:]
    return False


class _Copyist:
    """Copies elements; a deleted one is left out with all that stands in it."""

    def __init__(self, writer: XMLGenerator) -> None:
        self.deleted = 0
        self.gone: set[tuple[str, str]] = set()
        self._writer = writer
        self._inside_deleted = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._inside_deleted or _is_deleted(name, attributes):
            if not self._inside_deleted:
                self.deleted += 1
                self.gone.add((name, attributes.get("id", "")))
            self._inside_deleted += 1
            return
        attributes = {key: _positive(key, value) for key, value in attributes.items()}
        self._writer.startElement(name, AttributesImpl(attributes))

    def end(self, name: str) -> None:
        if self._inside_deleted:
            self._inside_deleted -= 1
        else:
            self._writer.endElement(name)


def _is_deleted(name: str, attributes: Mapping[str, str]) -> bool:
    return name in _THINGS and (
        attributes.get("action") == "delete" or attributes.get("visible") == "false"
    )


def _positive(key: str, value: str) -> str:
    if key in _IDS and value.startswith("-") and value[1:].isdecimal():
        return str(_NEW_IDS_FROM + int(value[1:]))
    return value


def _rewritten(path: Path, copy: Path) -> tuple[int, set[tuple[str, str]]]:
    """Write the copy; return how many things were deleted, and the kind and id of each."""
    parser = expat.ParserCreate()
    with copy.open("w", encoding="utf-8") as target:
        writer = XMLGenerator(target, "utf-8")
        writer.startDocument()
        copyist = _Copyist(writer)
        parser.StartElementHandler = copyist.start
        parser.EndElementHandler = copyist.end
        _parse(path, parser)
    return copyist.deleted, copyist.gone


def _any_living(path: Path, gone: set[tuple[str, str]]) -> bool:
    """Tell whether a thing of these kinds and ids stands in the file undeleted too."""
    found = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal found
        named = name, attributes.get("id", "")
        found = found or (named in gone and not _is_deleted(name, attributes))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    _parse(path, parser)
    return found


def _parse(path: Path, parser: expat.XMLParserType) -> None:
    try:
        with _opened(path) as file:
            parser.ParseFile(file)
    except expat.ExpatError as error:
        raise ValueError from error
