"""Files under the name of a workbook that are none, or none that is read: told in one sentence."""

import io
import zipfile
import zlib
from pathlib import Path

from geo.errors import LayerError
from geo.findings import Severity
from geo.language import Message, say

Note = tuple[Severity, Message, int | None]

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# What a damaged, encrypted or exotic archive raises; ValueError: an entry before the beginning.
ZIP_FAULTS = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError
)
# A part of an archive -> what the archive is; asked in this order.
_BY_PART = (
    ("word/document.xml", "Word (.docx)"), ("ppt/presentation.xml", "PowerPoint (.pptx)"),
    ("xl/workbook.bin", "Excel (.xlsb)"), ("Index/Document.iwa", "Numbers"),
)
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"
# Streams of a compound file, whose names are in UTF-16 -> what the file is.
_BY_STREAM = (
    ("WordDocument", "Word (.doc)"), ("PowerPoint Document", "PowerPoint (.ppt)"),
)


def notes_on_content(data: bytes, path: Path) -> list[Note]:
    """Return what is said of a workbook whose ending is another than its content.

    Errors: LayerError for what is no workbook, one with macros, or one of a kind that is not read.
    """
    suffix, file = path.suffix.lower(), path.name
    if data.startswith(ZIP):
        _refuse_other_archives(data, file)
        return [_read_by_content(".xlsx")] if suffix == ".xls" else []
    if data.startswith(OLE):
        for stream, kind in _BY_STREAM:
            if stream.encode("utf-16-le") in data:
                raise LayerError(_other(file, kind))
        return [_read_by_content(".xls")] if suffix == ".xlsx" else []
    kind = "HTML" if data.lstrip()[:1] == b"<" else "CSV"
    raise LayerError(
        say(
            "{file}：内容与扩展名不符，内容像 {kind} 文本，不是 Excel 工作簿。"
            "请用 Excel 另存为 .xlsx，或改回正确的扩展名。",
            file=file, kind=kind,
        )
    )


def unopened(data: bytes, file: str, *, said: str = "") -> Message:
    """Return why a workbook could not be opened.

    said
        What its reader said.
    """
    if "assword" in said or "EncryptedPackage".encode("utf-16-le") in data:
        return say("{file}：工作簿有密码，请用 Excel 打开、去掉密码后保存。", file=file)
    if data.startswith(OLE):
        return say(
            "{file}：无法读取，可能有密码、是过旧的格式，或已损坏。"
            "请用 Excel 打开后另存为不带密码的 .xlsx。", file=file,
        )
    return _damaged(file)


def _damaged(file: str) -> Message:
    return say("{file}：无法读取，工作簿可能已损坏，请用 Excel 打开后另存。", file=file)


def _refuse_other_archives(data: bytes, file: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            open_document = "mimetype" in names and archive.open("mimetype").read(64).startswith(
                _OPEN_DOCUMENT
            )
    except ZIP_FAULTS:
        raise LayerError(_damaged(file)) from None
    if any(name.endswith("vbaProject.bin") for name in names):
        raise LayerError(say("{file}：工作簿含宏，请另存为不含宏的 .xlsx。", file=file))
    if open_document:
        raise LayerError(_other(file, "OpenDocument (.ods)"))
    for part, kind in _BY_PART:
        if part in names:
            raise LayerError(_other(file, kind))


def _other(file: str, kind: str) -> Message:
    return say(
        "{file}：内容是 {kind}，不是能读的 Excel 工作簿。请打开后另存为 .xlsx。",
        file=file, kind=kind,
    )


def _read_by_content(kind: str) -> Note:
    return "warning", say("内容与扩展名不符，内容是 {kind} 工作簿，已按内容读取。", kind=kind), None
