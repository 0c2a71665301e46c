"""What the XML of a sheet says that a plain reading hides: its size, errors, formulas, hiding."""

import io
import re
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.etree import ElementTree as ET
from xml.sax.saxutils import unescape

from geo.errors import LayerError
from geo.language import say
from geo.ledgers.numbers import Formula
from geo.ledgers.percent_formats import as_shown, percent_styles

# Read in pieces: a sheet may be larger than the memory. A longer cell than this is cut in two.
_PIECE, _LONGEST = 1 << 20, 1 << 24
MOST_COLUMNS = 16_384


# The place of a cell or the number of a row, as Excel and most programs write it, and in any way.
_PLAIN = (re.compile(rb' r="([A-Za-z]{1,7})[0-9]'), re.compile(rb' r="[A-Za-z]*([0-9]{1,9})"'))
_ANY = (
    re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,7})[0-9]"),
    re.compile(rb"\br\s*=\s*[\"'][A-Za-z]*([0-9]{1,9})[\"']"),
)
# A cell with something in it; an empty one that only has a format stretches no sheet.
_FILLED = re.compile(
    rb"<(?:\w+:)?c\b[^>]*?\br\s*=\s*[\"']([A-Za-z]{1,7})([0-9]{1,9})[\"'](?:[^>]*[^>/])?>"
)
_BARE_CELL = re.compile(rb"<(?:\w+:)?c(?![^>]*\br\s*=)[\s>/]")
_ROW_START = re.compile(rb"<(?:\w+:)?row[\s>]")
_ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br\s*=\s*[\"']([0-9]{1,9})[\"']")
_ERROR = re.compile(
    rb"<(?:\w+:)?c\b(?=[^>]*\bt=[\"']e[\"'])[^>]*\br=[\"']([A-Z]{1,3})(\d+)[\"'][^>]*>"
    rb"(?:<(?:\w+:)?f\b[^>]*/>|<(?:\w+:)?f\b.*?</(?:\w+:)?f>)?"
    rb"<(?:\w+:)?v>([^<]*)<", re.DOTALL
)
# A formula whose value nobody worked out: no <v>, or an empty one that is not an empty text.
_UNCOUNTED = re.compile(
    rb"<(?:\w+:)?c\b(?![^>]*\bt=[\"']str[\"'])[^>]*\br=[\"']([A-Z]{1,3})(\d+)[\"'][^>]*>"
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>([^<]*)</(?:\w+:)?f>)"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)
# Where every program writes the formats of cells.
_STYLES = "xl/styles.xml"
_HIDDEN = re.compile(rb"<(?:\w+:)?(?:row|col)\b[^>]*\bhidden=[\"'](?:1|true)[\"'][^>]*>")
_NUMBER, _FIRST, _LAST = (
    re.compile(rb"\b" + name + rb"=[\"'](\d{1,7})[\"']") for name in (b"r", b"min", b"max")
)


@dataclass
class SheetXml:
    """What the XML of a sheet says.

    height, width
        Of an area from A1 that holds every filled cell.
    bare
        Some cells do not say where they stand.
    hidden
        Rows or columns are hidden; which ones, `hidden_rows` and `hidden_columns` say from 0.
    errors, uncounted
        (row, column) from 0 -> the error as Excel shows it; the formula that has no value.
    percents
        (row, column) from 0 -> the percentage that a figure is shown as: 23.5% for 0.235.
    """

    height: int = 0
    width: int = 0
    bare: bool = False
    hidden: bool = False
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncounted: dict[tuple[int, int], Formula] = field(default_factory=dict)
    percents: dict[tuple[int, int], str] = field(default_factory=dict)


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the name of each sheet -> its part; empty where the workbook is laid out oddly."""
    try:
        book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - no DTD, see geo.door
        relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
        targets = {tag.get("Id"): tag.get("Target", "") for tag in relations}
        parts = {}
        for tag in book.iter():
            if tag.tag.rpartition("}")[2] != "sheet":
                continue
            target = targets[next(each for key, each in tag.items() if key.endswith("}id"))]
            parts[tag.get("name", "")] = (
                target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            )
    except (KeyError, ET.ParseError, ValueError, LookupError, StopIteration):
        return {}
    return parts


def read_sheets(data: bytes, file: str, *, most: int) -> dict[str, SheetXml]:
    """Return what the XML of each sheet says.

    most
        Cells; where the area may be larger, its size is worked out cell by cell.

    Errors: LayerError for XML with a DTD, or in an encoding that cannot be searched. A damaged
    archive raises what `zipfile` raises.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        inside = set(archive.namelist())
        parts = {name: part for name, part in sheet_parts(archive).items() if part in inside}
        if not parts:
            parts = {part: part for part in inside if "/worksheets/" in part}
        styles = archive.read(_STYLES) if _STYLES in inside else b""
        percents = _percent_cells(percent_styles(styles))
        found = {}
        for name, part in parts.items():
            with archive.open(part) as stream:
                sheet = _read(stream, file, percents)
            if sheet.height * sheet.width > most or sheet.bare:
                with archive.open(part) as stream:
                    sheet.height, sheet.width = _exact_size(stream)
            found[name] = sheet
        return found


def _percent_cells(styles: Collection[int]) -> re.Pattern[bytes] | None:
    """Return what finds the figures of cells in these styles; None where there are no styles."""
    if not styles:
        return None
    numbers = "|".join(map(str, sorted(styles))).encode()
    return re.compile(
        rb"<(?:\w+:)?c\b(?=[^>]*\bs=[\"'](?:" + numbers + rb")[\"'])"
        rb"(?![^>]*\bt=[\"'](?!n[\"']))[^>]*\br=[\"']([A-Z]{1,3})(\d+)[\"'][^>]*>\s*"
        rb"(?:<(?:\w+:)?f\b[^>]*/>\s*|<(?:\w+:)?f\b[^>]*>[^<]*</(?:\w+:)?f>\s*)?"
        rb"<(?:\w+:)?v>\s*([-+0-9.eE]{1,40})\s*<"
    )


def _shown_percent(figure: bytes) -> str | None:
    try:
        return as_shown(float(figure))
    except (ValueError, OverflowError):
        return None


def _read(stream: IO[bytes], file: str, percents: re.Pattern[bytes] | None) -> SheetXml:
    """Return what the XML says; the size is at least that of the filled cells."""
    sheet = SheetXml()
    for piece in _pieces(stream):
        if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
            raise LayerError(say("{file}：含有 DTD 声明，出于安全不予读取。", file=file))
        if b"\x00" in piece:
            raise LayerError(
                say("{file}：无法读取，工作簿可能已损坏，请用 Excel 打开后另存。", file=file)
            )
        _stretch(sheet, piece)
        if b"hidden" in piece:
            _note_hidden(sheet, piece)
        if b't="e"' in piece or b"t='e'" in piece:
            sheet.errors |= {_place(m[1], m[2]): _text(m[3]) for m in _ERROR.finditer(piece)}
        if b"<f" in piece or b":f" in piece:
            sheet.uncounted |= {
                _place(m[1], m[2]): Formula(f"={_text(m[3] or b'')}")
                for m in _UNCOUNTED.finditer(piece)
            }
        if percents is not None:
            shown = ((_place(m[1], m[2]), _shown_percent(m[3])) for m in percents.finditer(piece))
            sheet.percents |= {place: text for place, text in shown if text is not None}
    return sheet


def _note_hidden(sheet: SheetXml, piece: bytes) -> None:
    for tag in _HIDDEN.findall(piece):
        sheet.hidden = True
        number, first, last = (part.search(tag) for part in (_NUMBER, _FIRST, _LAST))
        if first is not None and last is not None:
            columns = range(int(first[1]) - 1, min(int(last[1]), MOST_COLUMNS))
            sheet.hidden_columns += columns
        elif number is not None:
            sheet.hidden_rows.append(int(number[1]) - 1)


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the XML in pieces that part no cell."""
    kept = b""
    while read := stream.read(_PIECE):
        whole = kept + read
        last = max(whole.rfind(start) for start in (b"<c ", b"<c>", b"<row", b":c ", b":row"))
        # The colon of a name with a prefix stands behind its beginning.
        last = whole.rfind(b"<", 0, last + 1)
        if last <= 0 and len(whole) > _LONGEST:
            last = len(whole)
        if last > 0:
            yield whole[:last]
        kept = whole[max(last, 0):]
    yield kept


def _stretch(sheet: SheetXml, piece: bytes) -> None:
    plain = piece.count(b' r="')
    is_plain = plain == piece.count(b'r="') and b"r='" not in piece and b"r =" not in piece
    letters_of, rows_of = _PLAIN if is_plain else _ANY
    letters, rows = letters_of.findall(piece), rows_of.findall(piece)
    cells = sum(piece.count(start) for start in (b"<c ", b"<c>", b":c ", b":c>"))
    sheet.bare = sheet.bare or cells > len(letters)
    sheet.width = max(sheet.width, max(map(column_number, set(letters)), default=-1) + 1)
    sheet.height = max(sheet.height, max(map(int, set(rows)), default=0))


def _exact_size(stream: IO[bytes]) -> tuple[int, int]:
    """Return the rows and columns of the area that the filled cells span from A1."""
    height = width = last_row = in_row = 0
    for piece in _pieces(stream):
        for letters, row in _FILLED.findall(piece):
            height, width = max(height, int(row)), max(width, column_number(letters) + 1)
        if _BARE_CELL.search(piece) is None:
            continue
        # A cell without a place stands behind the one before, in a row that its tag may number.
        last_row = max(last_row, *(int(row) for row in _ROW_NUMBER.findall(piece)), 0)
        for number, row_text in enumerate(_ROW_START.split(piece)):
            cells = sum(row_text.count(start) for start in (b"<c ", b"<c>", b":c ", b":c>"))
            in_row = in_row + cells if number == 0 else cells
            width, height = max(width, in_row), max(height, last_row)
    return height, width


def column_number(letters: bytes) -> int:
    """Return the position of a column from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _place(letters: bytes, row: bytes) -> tuple[int, int]:
    return int(row) - 1, column_number(letters)


def _text(raw: bytes) -> str:
    return unescape(raw.decode("utf-8", errors="replace"))
