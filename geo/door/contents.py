"""What a file is, told by what it holds; a file of another content than its name says is refused.

Nothing is parsed here: a few bytes, the root element of XML, the list of an archive.
"""

import bz2
import gzip
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from geo.door.budget import DAMAGE, require_budget, require_short_list
from geo.door.doctype import root_element
from geo.door.names import printable
from geo.errors import LayerError
from geo.language import Message, say

_HEAD = 4_096
# What may stand before a text: a mark of its encoding, blanks, RFC 8142's record separator.
_BEFORE = "\ufeff \t\r\n\x1e"
# What a file begins with -> what it is. The order counts where one beginning is part of another.
_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"SQLite format 3\x00", "GeoPackage"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel (.xls)"),
    (b"PK\x03\x04", "ZIP"),
    (b"PK\x05\x06", "ZIP"),
    (b"\x00\x00\x27\x0a", "shapefile"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"MZ", "Windows 程序"),
    (b"\x7fELF", "程序"),
    (b"%PDF", "PDF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"AC10", "CAD (.dwg)"),
    *((bytes([0x80, protocol]), "pickle") for protocol in range(2, 6)),
)
# A PBF begins with the length of its header block and the block's name.
_PBF = (b"OSMHeader", 64)

# Name ending -> what may stand behind it. XML is told further by its root element.
_EXPECTED: Mapping[str, frozenset[str]] = {
    ".csv": frozenset({"CSV", "JSON"}),
    ".tsv": frozenset({"CSV", "JSON"}),
    ".txt": frozenset({"CSV", "JSON"}),
    ".xlsx": frozenset({"ZIP", "Excel (.xls)"}),  # an encrypted .xlsx is an OLE file
    ".xlsm": frozenset({"ZIP", "Excel (.xls)"}),
    ".xls": frozenset({"Excel (.xls)", "ZIP"}),
    ".zip": frozenset({"ZIP"}),
    ".kmz": frozenset({"ZIP"}),
    ".npz": frozenset({"ZIP"}),
    ".gpkg": frozenset({"GeoPackage"}),
    ".geojson": frozenset({"JSON"}),
    ".json": frozenset({"JSON"}),
    ".shp": frozenset({"shapefile"}),
    ".kml": frozenset({"XML kml"}),
    ".osm": frozenset({"XML osm"}),
    ".graphml": frozenset({"XML graphml"}),
    ".tif": frozenset({"TIFF"}),
    ".tiff": frozenset({"TIFF"}),
    ".pbf": frozenset({"PBF"}),
    ".gz": frozenset({"gzip"}),
    ".bz2": frozenset({"bzip2"}),
}
_TEXTS = frozenset({".csv", ".tsv", ".txt", ".geojson", ".json", ".kml", ".osm", ".graphml"})
_PRESSED: Mapping[str, type[gzip.GzipFile] | type[bz2.BZ2File]] = {
    "gzip": gzip.GzipFile, "bzip2": bz2.BZ2File,
}
# OpenStreetMap's XML shrinks to a twentieth; a bomb is small before it bursts.
_LARGEST_RATIO, _SMALL, _CHUNK = 100, 64 << 20, 1 << 20
# What makes a program of a JSON text: `var data = {`, `callback({`.
_JSON = frozenset({".geojson", ".json"})
_SCRIPT = re.compile(r"[\ufeff\s]*((?:(?:var|let|const)\s+)?[\w.$\[\]\"']+\s*[=(])\s*[\[{]")
_LEDGERS = frozenset({".csv", ".tsv", ".txt"})
# A row with the outline of a province in it has a few megabytes.
_LONGEST_LINE = 8 << 20
# XML is told by its root element, which not everybody knows.
_CALLED: Mapping[str, str] = {
    "XML FeatureCollection": "GML (XML FeatureCollection)", "XML gpx": "GPX (XML gpx)",
    "XML osmChange": "OpenStreetMap (osmChange, .osc)", "XML Workbook": "Excel 2003 (XML Workbook)",
}
_LONGEST_KIND = 60
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls"})
_WEB_PAGES = {f"XML {root}": "HTML" for root in ("table", "meta", "div", "body", "head")}
# Damage is what the reader of the format tells best; a program, a pickle or a text is a disguise.
_DAMAGE_TOLD_BY_READER = frozenset({".pbf", ".npz", ".osm", ".graphml", ".gz", ".bz2"})


def require_content(path: Path, shown_as: str) -> None:
    """Refuse a file that is empty, brings a DTD, or is not what its name says.

    A folder, or a name of an ending that is not known here, passes.

    Errors: LayerError naming the file and what it really is.
    """
    if not path.is_file():
        return
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if not head:
            raise LayerError(say("{file}：是空文件（0 字节）。", file=shown_as))
        kind = _kind(head, file, shown_as)
    expected = _EXPECTED.get(suffix)
    if suffix in _JSON and kind == "CSV" and (start := _SCRIPT.match(_text(head) or "")):
        raise LayerError(
            say(
                "{file}：是 JavaScript（JSONP），不是 JSON。"
                "请去掉开头的“{start}”和结尾的括号或分号，或重新导出为 GeoJSON。",
                file=shown_as, start=printable(start[1][:_LONGEST_KIND]),
            )
        )
    if expected is not None and kind not in expected:
        if suffix in _DAMAGE_TOLD_BY_READER and kind in {"", "XML", "CSV", "JSON"}:
            return
        padded = _zeros_at_end(path) if suffix in _TEXTS and not kind else 0
        raise LayerError(
            say(
                "{file}：末尾有 {count} 个零字节，像是复制中断或存储损坏，内容可能不全，"
                "请重新复制或导出。", file=shown_as, count=padded,
            )
            if padded else _disguised(shown_as, kind)
        )
    if kind in _PRESSED and suffix in {".gz", ".bz2"}:
        _require_honest_pressed(path, kind, shown_as)
    if suffix in _LEDGERS:
        _require_lines(path, shown_as)
    if suffix in _WORKBOOKS and kind == "ZIP":
        _require_honest_workbook(path, shown_as)


def _zeros_at_end(path: Path) -> int:
    """Return how many zero bytes a file ends in; 0 where text has some elsewhere too."""
    data = path.read_bytes() if path.stat().st_size < _SMALL else b""
    kept = data.rstrip(b"\x00")
    return 0 if b"\x00" in kept or not kept else len(data) - len(kept)


def _kind(head: bytes, file: IO[bytes], shown_as: str) -> str:
    """Return what a file is; "XML …" with its root element; empty where nobody can say."""
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if _PBF[0] in head[:_PBF[1]]:
        return "PBF"
    text = _text(head)
    if text is None:
        return ""
    start = text.lstrip(_BEFORE)[:1]
    if start == "<":
        return _markup(file, shown_as, text)
    return "JSON" if start in {"{", "["} else "CSV"


def _markup(file: IO[bytes], shown_as: str, text: str) -> str:
    start = text.lstrip(_BEFORE)[:200].casefold()
    if start.startswith(("<!doctype html", "<html")):
        return "HTML"
    file.seek(0)
    root, doctype = root_element(file)
    if doctype:
        raise LayerError(_with_doctype(shown_as))
    return "XML" if root is None else f"XML {root}"


def _text(head: bytes) -> str | None:
    """Return the beginning as text; None where it is not text in any encoding offices use."""
    for mark, encoding in ((b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
                           (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if head.startswith(mark):
            return head.decode(encoding, errors="ignore")
    even, odd = head[::2].count(0), head[1::2].count(0)
    for mine, other, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if mine > max(1, len(head) // 32) and other < mine // 4 + 1:
            return head.decode(encoding, errors="ignore")
    if head.count(0) > len(head) // 10:
        return None
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(head) - 3:  # cut inside its last character
            return head[:error.start].decode("utf-8")
        return head.decode("gb18030", errors="replace")


def _disguised(shown_as: str, kind: str) -> Message:
    if not kind:
        return say("{file}：内容与扩展名不符，请改回正确的扩展名或重新导出。", file=shown_as)
    if Path(shown_as).suffix.lower() in _WORKBOOKS and kind.startswith(("HTML", "XML", "CSV")):
        # Systems export web pages under the name of a workbook, which Excel opens with a warning.
        return say(
            "{file}：内容与扩展名不符，内容是 {kind}，不是 Excel 工作簿。"
            "请用 Excel 或 WPS 打开后另存为 .xlsx。",
            file=shown_as, kind=_WEB_PAGES.get(kind, kind),
        )
    return say(
        "{file}：内容与扩展名不符，内容是 {kind}，请改回正确的扩展名或重新导出。",
        file=shown_as, kind=_CALLED.get(kind, printable(kind[:_LONGEST_KIND])),
    )


def _with_doctype(shown_as: str) -> Message:
    return say("{file}：含有 DTD 声明，出于安全不予读取。", file=shown_as)


def _require_lines(path: Path, shown_as: str) -> None:
    """Refuse a text with a line so long that it is no row of a ledger."""
    open_line = longest = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            ends = [at for at in (chunk.find(b"\n"), chunk.find(b"\r")) if at >= 0]
            if not ends:
                open_line += len(chunk)
                continue
            longest = max(longest, open_line + min(ends))
            open_line = len(chunk) - 1 - max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
    longest = max(longest, open_line)
    if longest > _LONGEST_LINE:
        raise LayerError(
            say(
                "{file}：有一行长 {size} MB，超过上限 {limit} MB，不是台账。请检查换行后重新导出。",
                file=shown_as, size=longest >> 20, limit=_LONGEST_LINE >> 20,
            )
        )


def _require_honest_workbook(path: Path, shown_as: str) -> None:
    """Refuse a workbook beyond the budget of archives, or one of whose parts brings a DTD.

    A damaged one is told by its reader.
    """
    try:
        require_short_list(path)
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            require_budget(parts, shown_as)
            for part in parts:
                if not part.filename.casefold().endswith((".xml", ".rels", ".vml")):
                    continue
                with archive.open(part) as stream:
                    if root_element(stream)[1]:
                        raise LayerError(_with_doctype(shown_as))
    except DAMAGE:
        return


def _require_honest_pressed(path: Path, kind: str, shown_as: str) -> None:
    """Refuse a pressed file that brings a DTD, or grows beyond what any map does.

    A damaged one is told by its reader.
    """
    size, grown = path.stat().st_size, 0
    try:
        with _PRESSED[kind](path) as stream:
            if root_element(stream)[1]:
                raise LayerError(_with_doctype(shown_as))
        if size > _SMALL:  # larger than any bomb: the clock holds it
            return
        with _PRESSED[kind](path) as stream:
            while chunk := stream.read(_CHUNK):
                grown += len(chunk)
                if grown > max(_SMALL, _LARGEST_RATIO * size):
                    raise LayerError(
                        say(
                            "{file}：解压后超过压缩时的 {limit} 倍，不予读取。",
                            file=shown_as, limit=_LARGEST_RATIO,
                        )
                    )
    except DAMAGE:
        return
