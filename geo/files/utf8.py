"""GeoJSON and KML in the encodings of offices, and GeoJSON line by line, made as GDAL reads them.

GDAL takes both for UTF-8 whatever they say, and GeoJSON for one collection. Other files are copied.
"""

import codecs
import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from geo.door.doctype import declares_gbk
from geo.errors import LayerError
from geo.language import Message, say

JSON_SUFFIXES = (".geojson", ".json")
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CHUNK, _BROKEN_SHARE = 1 << 20, 0.05
# RFC 8142 parts the texts of a sequence by this character.
_RECORD = "\x1e"
# A line of a file that is one text would be read whole before it is known to be none of several.
_LONGEST_FIRST = 16 << 20


@contextmanager
def as_gdal_reads(path: Path, shown_as: str) -> Iterator[tuple[Path, tuple[Message, ...]]]:
    """Yield a file that GDAL reads aright, and what is to be told of the original.

    That is the file itself, but for GeoJSON or KML in another encoding than UTF-8, and for GeoJSON
    in lines: then a copy that is gone afterwards.

    Errors: LayerError for a line that is no GeoJSON.
    """
    suffix = path.suffix.lower()
    if suffix not in (*JSON_SUFFIXES, ".kml") or not path.is_file():
        yield path, ()
        return
    encoding, broken = _encoding(path)
    in_lines = suffix in JSON_SUFFIXES and _is_in_lines(path, encoding)
    if encoding == "utf-8" and not (in_lines or broken or declares_gbk(_head(path))):
        yield path, ()
        return
    notes = [] if encoding == "utf-8" else [say("按 {encoding} 编码读取。",
                                                encoding=_NAMES[encoding])]
    if broken:
        notes.append(say("文件中有无法识别的字符，已用“�”代替，请核对文字。"))
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        with _opened(path, encoding) as source, copy.open("w", encoding="utf-8") as target:
            if in_lines:
                _collect(source, target, shown_as)
            else:
                _copy(source, target)
        yield copy, tuple(notes)


_NAMES = {
    "gb18030": "GBK (GB18030)", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
}


def _opened(path: Path, encoding: str) -> IO[str]:
    return path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, errors="replace")


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(512)


def _encoding(path: Path) -> tuple[str, bool]:
    """Return the encoding of a text by its mark or its bytes, and whether letters are broken."""
    head = _head(path)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, False
    if head[:2] in {b"{\x00", b"[\x00", b"<\x00"}:
        return "utf-16-le", False
    if head[:2] in {b"\x00{", b"\x00[", b"\x00<"}:
        return "utf-16-be", False
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                text = chunk.decode("utf-8", errors="replace")
                beyond_ascii = len(text) - len(text.encode("ascii", errors="ignore"))
                if text.count("\ufffd") <= _BROKEN_SHARE * beyond_ascii:
                    return "utf-8", True
                return "gb18030", False
    return "utf-8", False


def _is_in_lines(path: Path, encoding: str) -> bool:
    """Tell whether a text is several JSON texts, one a line or parted by RFC 8142's character."""
    with _opened(path, encoding) as file:
        start = file.read(1)
        if start == _RECORD:
            return True
        first = start + file.readline(_LONGEST_FIRST)
        while not first.strip() and (line := file.readline(_LONGEST_FIRST)):
            first = line
        second = file.readline(_LONGEST_FIRST)
        while second and not second.strip():
            second = file.readline(_LONGEST_FIRST)
    if not second.lstrip().startswith("{") or not first.rstrip().endswith("}"):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _collect(source: IO[str], target: IO[str], shown_as: str) -> None:
    """Write the features of several texts as one collection, in the coordinate system of all.

    Errors: LayerError for a text that is no GeoJSON, or says another system than the first.
    """
    system: str | None = None
    parting = ""
    for row, text in _texts(source):
        if not text.strip():
            continue
        said, features = _features(text.strip(), row, shown_as)
        if system is None:
            system = said
            target.write(f'{{"type":"FeatureCollection",{said and said + ","}"features":[')
        elif said != system:
            raise LayerError(
                say(
                    "{file} 第 {row} 行：写的坐标系（crs）与前面的不同，不能合为一个图层。"
                    "请统一坐标系后重新导出，或分成几个文件。", file=shown_as, row=row,
                )
            )
        for feature in features:
            target.write(parting + feature)
            parting = ",\n"
    target.write('{"type":"FeatureCollection","features":[]}' if system is None else "]}")


def _texts(source: IO[str]) -> Iterator[tuple[int, str]]:
    """Yield each JSON text with the number of its first line; some may be blank.

    A text of RFC 8142's sequences may have several lines; where nothing parts them each has one.
    """
    if source.read(1) != _RECORD:
        source.seek(0)
        yield from enumerate(source, start=1)
        return
    begun, kept = 1, list[str]()
    for number, line in enumerate(source, start=1):
        rest, *others = line.split(_RECORD)
        kept.append(rest)
        for text in others:
            yield begun, "".join(kept)
            begun, kept = number, [text]
    yield begun, "".join(kept)


def _features(text: str, number: int, shown_as: str) -> tuple[str, list[str]]:
    """Return the CRS that one text says, as a member or empty, and its features as written."""
    try:
        thing = json.loads(text)
        kind, crs = thing["type"], thing.get("crs")
        said = "" if crs is None else f'"crs":{json.dumps(crs, sort_keys=True)}'
        if kind == "FeatureCollection":
            return said, [json.dumps(each, ensure_ascii=False) for each in thing["features"]]
        if kind == "Feature":
            return said, [text]
        if "coordinates" in thing or "geometries" in thing:
            return said, [f'{{"type":"Feature","properties":{{}},"geometry":{text}}}']
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        pass
    raise LayerError(
        say("{file} 第 {row} 行：不是完整的 GeoJSON 要素，请重新导出。", file=shown_as, row=number)
    )


def _copy(source: IO[str], target: IO[str]) -> None:
    """Write a text in UTF-8, without the declaration that says otherwise."""
    first = source.read(_CHUNK)
    target.write(_DECLARATION.sub("", first.removeprefix("\ufeff"), count=1))
    while text := source.read(_CHUNK):
        target.write(text)
