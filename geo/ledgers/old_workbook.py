"""What the records of an old workbook (.xls) say that a plain reading hides: size and errors.

[MS-CFB] tells how the file holds its streams, [MS-XLS] what the records of a workbook mean.
"""

import struct
from collections.abc import Iterator

from geo.ledgers.percent_formats import as_shown, percent_numbers
from geo.ledgers.sheet_xml import SheetXml

_END_OF_CHAIN = 0xFFFF_FFFA  # this and all above mark no sector
_DIRECTORY_ENTRY = 128
_STREAM = 2

_EOF, _SHEET_NAME, _SHARED_TEXTS = 0x000A, 0x0085, 0x00FC
_FORMULA, _LOGICAL_OR_ERROR = 0x0006, 0x0205
_NUMBER, _SHORT_NUMBER = 0x0203, 0x027E
_FORMAT, _STYLE = 0x041E, 0x00E0
_ROW, _COLUMNS, _SEVERAL_NUMBERS, _SIZE = 0x0208, 0x007D, 0x00BD, 0x0200
# No sheet of an old workbook is larger; a reader makes room for what it claims.
_MOST_ROWS, _MOST_COLUMNS = 65_536, 256
_ONE_CELL = {_NUMBER, 0x0204, _SHORT_NUMBER, 0x00FD, 0x00D6, _FORMULA, _LOGICAL_OR_ERROR}
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A",
}


class DamagedWorkbookError(Exception):
    """The file claims more texts or cells than it can hold."""


def read_old_sheets(data: bytes) -> dict[str, SheetXml]:
    """Return what the records of each sheet say; empty where the file is laid out in another way.

    Errors: DamagedWorkbookError for a count of texts or cells that would fill the memory.
    """
    try:
        stream = _workbook_stream(data)
        return _sheets(stream) if stream else {}
    except (struct.error, IndexError, UnicodeDecodeError):
        return {}


def _workbook_stream(data: bytes) -> bytes:
    """Return the stream “Workbook” of a compound file; empty where there is none of full size."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    directory, = struct.unpack_from("<I", data, 48)
    least, = struct.unpack_from("<I", data, 56)
    table = _sector_table(data, size)
    entries = _chain(data, table, size, directory)
    for start in range(0, len(entries) - _DIRECTORY_ENTRY + 1, _DIRECTORY_ENTRY):
        entry = entries[start:start + _DIRECTORY_ENTRY]
        length, = struct.unpack_from("<H", entry, 64)
        name = entry[:max(length - 2, 0)].decode("utf-16-le")
        if name.casefold() == "workbook" and entry[66] == _STREAM:
            first, count = struct.unpack_from("<II", entry, 116)
            return _chain(data, table, size, first)[:count] if count >= least else b""
    return b""


def _sector_table(data: bytes, size: int) -> list[int]:
    """Return which sector follows each sector."""
    sectors = [s for s in struct.unpack_from("<109I", data, 76) if s < _END_OF_CHAIN]
    more, = struct.unpack_from("<I", data, 68)
    for _ in range(len(data) // size):
        if more >= _END_OF_CHAIN:
            break
        *listed, more = struct.unpack_from(f"<{size // 4}I", data, (more + 1) * size)
        sectors += [s for s in listed if s < _END_OF_CHAIN]
    table: list[int] = []
    for sector in sectors[:len(data) // size]:
        table += struct.unpack_from(f"<{size // 4}I", data, (sector + 1) * size)
    return table


def _chain(data: bytes, table: list[int], size: int, first: int) -> bytes:
    parts, sector = [], first
    for _ in range(len(table)):
        if sector >= _END_OF_CHAIN:
            break
        parts.append(data[(sector + 1) * size:(sector + 2) * size])
        sector = table[sector]
    return b"".join(parts)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records of one part of a workbook: kind, content."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == _EOF:
            return
        yield kind, stream[at + 4:at + 4 + length]
        at += 4 + length


def _sheets(stream: bytes) -> dict[str, SheetXml]:
    found = {}
    percents = _percent_styles(stream)
    for kind, content in _records(stream, 0):
        if kind == _SHARED_TEXTS and struct.unpack_from("<I", content, 4)[0] > len(stream):
            raise DamagedWorkbookError
        if kind == _SHEET_NAME:
            start, length, wide = (*struct.unpack_from("<I", content), content[6], content[7] & 1)
            name = content[8:8 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1")
            found[name] = _sheet(stream, start, percents)
    return found


def _percent_styles(stream: bytes) -> frozenset[int]:
    """Return the styles of cells, counted from 0, whose number format shows a percentage."""
    codes, styles = {}, []
    for kind, content in _records(stream, 0):
        if kind == _FORMAT:
            number, length, wide = (*struct.unpack_from("<HH", content), content[4] & 1)
            text = content[5:5 + length * (1 + wide)]
            codes[number] = text.decode("utf-16-le" if wide else "latin-1")
        elif kind == _STYLE:
            styles.append(struct.unpack_from("<H", content, 2)[0])
    percents = percent_numbers(codes)
    return frozenset(at for at, number in enumerate(styles) if number in percents)


def _percents(
    kind: int, content: bytes, styles: frozenset[int]
) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the place of each figure of one record that is shown as a percentage, and that text."""
    row, column = struct.unpack_from("<HH", content)
    if kind == _SEVERAL_NUMBERS:
        for at in range(4, len(content) - 6, 6):
            style, packed = struct.unpack_from("<HI", content, at)
            if style in styles:
                yield (row, column + (at - 4) // 6), as_shown(_unpacked(packed))
    elif struct.unpack_from("<H", content, 4)[0] in styles:
        if kind == _SHORT_NUMBER:
            yield (row, column), as_shown(_unpacked(struct.unpack_from("<I", content, 6)[0]))
        elif kind == _NUMBER or (kind == _FORMULA and content[12:14] != b"\xff\xff"):
            yield (row, column), as_shown(struct.unpack_from("<d", content, 6)[0])


def _unpacked(packed: int) -> float:
    """Return the figure of four bytes, a whole number or the upper half of a fraction."""
    if packed & 2:
        value = float((packed >> 2) - (1 << 30 if packed & 0x8000_0000 else 0))
    else:
        value, = struct.unpack("<d", struct.pack("<II", 0, packed & 0xFFFF_FFFC))
    return value / 100 if packed & 1 else value


def _sheet(stream: bytes, start: int, percents: frozenset[int]) -> SheetXml:
    sheet = SheetXml()
    for kind, content in _records(stream, start):
        if kind in _ONE_CELL or kind == _SEVERAL_NUMBERS:
            row, column = struct.unpack_from("<HH", content)
            last = struct.unpack_from("<H", content, len(content) - 2)[0]
            width = last if kind == _SEVERAL_NUMBERS else column
            sheet.height, sheet.width = max(sheet.height, row + 1), max(sheet.width, width + 1)
            if (code := _error(kind, content)) is not None:
                sheet.errors[row, column] = _ERRORS.get(code, "#N/A")
            if percents:
                sheet.percents |= dict(_percents(kind, content, percents))
        elif kind == _SIZE:
            top, rows, left, columns = struct.unpack_from("<IIHH", content)
            if not (top <= rows <= _MOST_ROWS and left <= columns <= _MOST_COLUMNS):
                raise DamagedWorkbookError
        else:
            _note_hidden(sheet, kind, content)
    return sheet


def _note_hidden(sheet: SheetXml, kind: int, content: bytes) -> None:
    if kind == _ROW and content[12] & 0x20:
        sheet.hidden = True
        sheet.hidden_rows.append(struct.unpack_from("<H", content)[0])
    elif kind == _COLUMNS and content[8] & 1:
        sheet.hidden = True
        first, last = struct.unpack_from("<HH", content)
        sheet.hidden_columns += range(first, min(last, _MOST_COLUMNS) + 1)


def _error(kind: int, content: bytes) -> int | None:
    """Return the code of the error that a cell holds; None where it holds none."""
    if kind == _LOGICAL_OR_ERROR and content[7]:
        return content[6]
    if kind == _FORMULA and content[12:14] == b"\xff\xff" and content[6] == 2:  # noqa: PLR2004
        return content[8]
    return None
