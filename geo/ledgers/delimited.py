"""CSV files in any encoding and with any separator, turned into records."""

import codecs
import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

from geo.errors import LayerError
from geo.findings import Severity
from geo.language import Message, say
from geo.ledgers.garbled import meant_by
from geo.ledgers.numbers import shown

Note = tuple[Severity, Message, int | None]
Records = list[list[str]]

# The outline of a county in a WKT column is longer than the 128 KB that csv allows by itself.
_LONGEST_CELL = 10_000_000
# The widest ledger has a few hundred; a header is looked for among all of them.
MOST_COLUMNS = 2_000
_SEPARATORS = (",", "\t", ";", "|", "，")
# Encodings that no office should use, and the marks of the one that looks like plain English.
_RARE = (("utf-7", "UTF-7"), ("shift_jis", "Shift-JIS"), ("euc_kr", "EUC-KR"))
_UTF7 = re.compile(r"\+[A-Za-z0-9/]{3,}")
# Records that tell which separator it is.
_SAMPLE = 30
# A text in UTF-16 has a zero in every ASCII character, and so in every separator; a stray one in
# another encoding is a fault of one cell.
_ZEROS = 0.02
# More line breaks than an address has lines: a quotation mark that is never closed.
_LINES_IN_A_CELL = 20


def read_csv(
    path: Path, *, headers_in: Callable[[str], int]
) -> tuple[Records, list[Note], str]:
    """Return the records of a CSV file, what was noticed: its encoding, and its separator.

    Records are counted as a spreadsheet counts rows: a line break inside quotes starts none.

    headers_in
        How many columns of the layer a text names, which tells Big5 from GB18030.
    """
    data = path.read_bytes()
    _refuse_disguise(data, path)
    text, encoding = decode(data, path, headers_in=headers_in)
    csv.field_size_limit(_LONGEST_CELL)
    notes: list[Note] = [("info", say("按 {encoding} 编码读取。", encoding=encoding), None)]
    text, separator = _told_separator(_to_its_end(text))
    records, row = _records(text, separator or _separator(text), path)
    records = _within_width(records, path)
    if "\ufffd" in text:
        notes += _unknown_bytes(records)
    if row is not None:
        message = say("引号不规范，已尽量读入，请核对第 {row} 行前后。", row=row)
        notes.append(("warning", message, row))
    return records, notes, separator or _separator(text)


def _within_width(records: Records, path: Path) -> Records:
    """Return the records without empty cells far to the right.

    Errors: LayerError for more filled columns than any ledger has.
    """
    if all(len(record) <= MOST_COLUMNS for record in records):
        return records
    widest = max(
        (at for record in records for at in range(len(record), MOST_COLUMNS, -1)
         if record[at - 1].strip()), default=0,
    )  # fmt: skip
    if widest:
        raise LayerError(
            say(
                "{file}：有 {count} 列，超过上限 {limit} 列，不是台账。请只保留需要的列。",
                file=path.name, count=widest, limit=MOST_COLUMNS,
            )
        )
    return [record[:MOST_COLUMNS] for record in records]


def decode(
    data: bytes, path: Path, *, headers_in: Callable[[str], int] = lambda _text: 1
) -> tuple[str, str]:
    """Return the text of a file and its encoding: by mark, else UTF-8, else GB18030 or Big5.

    Errors: LayerError where none fits, or where the text was encoded twice.
    """
    for mark, codec, name in (
        (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
        # The mark of UTF-32 begins like that of UTF-16.
        (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
        (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
        (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
        (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
    ):
        if data.startswith(mark):
            return _strict(data, codec, path), name
    if codec := _utf16_without_mark(data):
        return _strict(data, codec, path), "UTF-16"
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _chinese(data, path, headers_in)
    _refuse_garbled_header(text, path)
    if text.isascii() and _UTF7.search(text) and headers_in(text) == 0:
        _refuse_rare(data, path, headers_in)
    return text, "UTF-8"


def _utf16_without_mark(data: bytes) -> str:
    """Return the codec of UTF-16 text without a byte order mark; empty where it is none."""
    start = data[:4000]
    even, odd = start[::2].count(0), start[1::2].count(0)
    for mine, other, codec in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if mine > _ZEROS * len(start) and mine > 4 * other:
            try:
                text = data.decode(codec)
            except UnicodeDecodeError:
                continue
            if "\x00" not in text:
                return codec
    return ""


def _chinese(data: bytes, path: Path, headers_in: Callable[[str], int]) -> tuple[str, str]:
    """Return text in GB18030 or, where only that names columns of the layer, in another encoding.

    UTF-8 with a damaged byte is read with a mark in its place.
    """
    first: tuple[str, str] | None = None
    for codec, name, errors in (
        ("gb18030", "GB18030", "strict"), ("big5hkscs", "Big5", "strict"),
        ("utf-8", "UTF-8", "replace"), ("gb18030", "GB18030", "replace"),
    ):
        try:
            text = data.decode(codec, errors=errors)
        except UnicodeDecodeError:
            continue
        if headers_in(text) > 0:
            return text, name
        first = first or ((text, name) if errors == "strict" else None)
    _refuse_rare(data, path, headers_in)
    return first or (_strict(data, "gb18030", path), "GB18030")


def _refuse_rare(data: bytes, path: Path, headers_in: Callable[[str], int]) -> None:
    """Refuse a text in which only an encoding finds headers that has not all Chinese signs."""
    for codec, name in _RARE:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if headers_in(text) > 0:
            raise LayerError(
                say("{file}：文字编码像是 {encoding}，不能可靠地读，请从原表另存为 UTF-8。",
                    file=path.name, encoding=name)
            )


def _unknown_bytes(records: Records) -> list[Note]:
    found = {
        row: [at for at, cell in enumerate(record, start=1) if "\ufffd" in cell]
        for row, record in enumerate(records, start=1)
    }
    return [
        ("warning", say("第 {columns} 列有无法识别的字节（乱码），已以“\ufffd”代替，请核对。",
                        columns="、".join(map(str, columns))), row)
        for row, columns in found.items() if columns
    ]


def _strict(data: bytes, encoding: str, path: Path) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise LayerError(
            say(
                "{file}：文字编码无法识别（不是 UTF-8、UTF-16 或 GB18030），请另存为 UTF-8。",
                file=path.name,
            )
        ) from None


def _refuse_garbled_header(text: str, path: Path) -> None:
    """Refuse a file whose first line was read in a wrong encoding and saved again."""
    first = text.splitlines()[0] if text.strip() else ""
    meant = meant_by(first)
    if meant is not None:
        raise LayerError(
            say(
                "{file}：文字是乱码（编码弄错后又存过，表头应为“{meant}”），"
                "请从原表重新导出为 UTF-8。",
                file=path.name, meant=shown(meant),
            )
        )


def _refuse_disguise(data: bytes, path: Path) -> None:
    for magic, name in (
        (b"PK\x03\x04", "Excel/ZIP"), (b"\xd0\xcf\x11\xe0", "Excel (.xls)"),
        (b"SQLite format 3", "GeoPackage"),
    ):
        if data.startswith(magic):
            raise LayerError(
                say(
                    "{file}：内容与扩展名不符，内容是 {name}，请改回正确的扩展名。",
                    file=path.name, name=name,
                )
            )


def _to_its_end(text: str) -> str:
    """Return a text without Ctrl-Z at its end, by which old programs mark the end of a file."""
    kept = text.rstrip()
    return kept.rstrip("\x1a\r\n ") if kept.endswith("\x1a") else text


def _told_separator(text: str) -> tuple[str, str]:
    """Return the text without a first line “sep=;”, which Excel reads and does not show."""
    first, _, rest = text.partition("\n")
    told = first.strip().strip('"')
    if told.casefold().startswith("sep=") and len(told) == len("sep=;"):
        return rest, told[-1]
    return text, ""


def _separator(text: str) -> str:
    """Return the separator under which most of the first records have the same number of cells."""
    sample = text[:20_000].splitlines(keepends=True)[:_SAMPLE]

    def regularity(separator: str) -> int:
        widths = [len(record) for record in csv.reader(sample, delimiter=separator)]
        usual = max((w for w in widths if w > 1), key=widths.count, default=0)
        return usual * widths.count(usual)

    return max(_SEPARATORS, key=regularity)


def _records(text: str, separator: str, path: Path) -> tuple[Records, int | None]:
    """Return the records, and the first row whose quotation marks are against the rule."""
    records: Records = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        records.extend(reader)
    except csv.Error as error:
        row = len(records) + 1
        lenient = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        try:
            records = list(lenient)
        except csv.Error:
            raise LayerError(_unquoted(path, row)) from error
        if any(cell.count("\n") > _LINES_IN_A_CELL for record in records for cell in record) or (
            "end of data" in str(error)
        ):
            raise LayerError(_unquoted(path, row)) from None
        return records, row
    return records, None


def _unquoted(path: Path, row: int) -> Message:
    return say(
        "{file} 第 {row} 行：引号不成对，其后的行会并入一个单元格。请改正引号。",
        file=path.name, row=row,
    )
