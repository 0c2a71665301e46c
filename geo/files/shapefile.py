"""Shapefiles as offices pass them on: the true encoding of their table, missing parts made good."""

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
from numpy.typing import NDArray

from geo.door.names import printable
from geo.errors import LayerError
from geo.language import Message, say

PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")

# A .dbf keeps this many bytes of a column name.
NAME_BYTES = 10
# Where a .dbf may say its code page, and what it says for simplified Chinese.
_LANGUAGE_BYTE = 29
# Where a .shp says its length, in words of two bytes.
_LENGTH = slice(24, 28)
_SHOWN = 40
_CHINESE_LANGUAGE = (b"\x4d", b"\x7a")


@contextmanager
def index_restored() -> Iterator[None]:
    """Let GDAL write a missing .shx beside the .shp for the length of a block."""
    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": "YES"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": None})


def decoded(column: NDArray[Any], encoding: str) -> NDArray[Any]:
    """Return a column whose text was read byte by byte as Latin in its true encoding."""
    if column.dtype.kind != "O":
        return column
    again = [decoded_text(cell, encoding) if isinstance(cell, str) else cell for cell in column]
    return np.array(again, dtype=object)


def decoded_text(text: str, encoding: str) -> str:
    """Return text read byte by byte as Latin in its true encoding; a half character is dropped."""
    return text.encode("latin-1", errors="ignore").decode(encoding, errors="ignore")


def table_encoding(path: Path) -> tuple[str, list[Message]]:
    """Return the encoding of a shapefile's table and what to say about it.

    The bytes decide first: what is strict UTF-8 and not plain ASCII is UTF-8, whatever the .cpg
    says; what is not is never UTF-8.
    """
    declared = _code_page(path)
    if declared not in {None, "utf-8", "gb18030"}:
        return str(declared), [say("按 {encoding} 编码读取。", encoding=declared)]
    dbf = sibling(path, ".dbf")
    if dbf is None or (found := _sniffed(dbf)) is None:
        return declared or "utf-8", []
    name = "UTF-8" if found == "utf-8" else "GBK (GB18030)"
    if declared is None and (written := _written_code_page(path)):
        return found, [say(".cpg 所写的编码“{said}”无法识别，按内容判定为 {name} 编码。",
                           said=printable(written[:_SHOWN]), name=name)]
    if declared is None:
        said = [say("没有 .cpg 文件，按内容判定为 {name} 编码。", name=name)]
        return found, said if found == "gb18030" else []
    if declared != found:
        return found, [say(".cpg 所写编码与内容不符，按内容判定为 {name} 编码。", name=name)]
    return found, []


def _code_page(path: Path) -> str | None:
    """Return the encoding that .cpg or the table's language byte declares; None for neither."""
    text = _written_code_page(path).upper()
    if "UTF" in text or text == "65001":
        return "utf-8"
    if any(page in text for page in ("936", "GB", "EUC-CN")):
        return "gb18030"
    if text:
        try:
            "a".encode(text)  # "uu" and the like are known, but no encodings of text
            return codecs.lookup(text).name
        except (LookupError, ValueError):  # no encoding has a null in its name
            return None
    dbf = sibling(path, ".dbf")
    if dbf is not None:
        with dbf.open("rb") as file:
            head = file.read(_LANGUAGE_BYTE + 1)
        if head[_LANGUAGE_BYTE:] in _CHINESE_LANGUAGE:
            return "gb18030"
    return None


def _written_code_page(path: Path) -> str:
    """Return what the .cpg says; nothing without one."""
    cpg = sibling(path, ".cpg")
    return cpg.read_text("ascii", errors="ignore").strip() if cpg else ""


def require_whole(path: Path, shown_as: str) -> None:
    """Refuse a .shp that is shorter than its header says: GDAL takes lost shapes for empty ones.

    Errors: LayerError.
    """
    with path.open("rb") as file:
        head = file.read(_LENGTH.stop)
    size, whole = path.stat().st_size, 2 * int.from_bytes(head[_LENGTH], "big")
    if size < whole:
        raise LayerError(
            say(
                "{file}：.shp 文件不完整（应有 {whole} 字节，只有 {size} 字节），"
                "部分图形已丢失。请重新导出。",
                file=shown_as, whole=whole, size=size,
            )
        )


def _sniffed(dbf: Path) -> str | None:
    """Return the encoding the cells show; None where they are plain ASCII."""
    data = dbf.read_bytes()
    start = int.from_bytes(data[8:10], "little")
    width = int.from_bytes(data[10:12], "little")
    names = [data[at:at + NAME_BYTES + 1].split(b"\x00")[0] for at in range(32, start - 1, 32)]
    cells = [data[at:at + width] for at in range(start, len(data), max(width, 1))]
    plain = [text for text in (*names, *cells) if not text.isascii()]
    if not plain:
        return None
    return "utf-8" if all(_is_utf8(text) for text in plain) else "gb18030"


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"  # cut inside its last character
    return True


def sibling(path: Path, suffix: str) -> Path | None:
    """Return the part of a shapefile with a suffix, in any case; None where it is missing."""
    named = path.stem.casefold() + suffix
    parts = [part for part in path.parent.iterdir() if part.name.casefold() == named]
    return min(parts, key=lambda part: part.stem != path.stem, default=None)


@dataclass(frozen=True)
class TableState:
    """What a .dbf says of its records: how many, which are struck out, which figures overflowed.

    deleted, overflowed
        Record numbers from 1.
    """

    count: int
    deleted: tuple[int, ...]
    overflowed: tuple[int, ...]


def table_state(dbf: Path) -> TableState:
    """Return the state of the records of a .dbf, as far as its bytes go."""
    data = dbf.read_bytes()
    said = int.from_bytes(data[4:8], "little")
    start = int.from_bytes(data[8:10], "little")
    width = max(int.from_bytes(data[10:12], "little"), 1)
    records = [data[at:at + width] for at in range(start, len(data) - width + 1, width)][:said]
    return TableState(
        len(records),
        tuple(n for n, record in enumerate(records, 1) if record[:1] == b"*"),
        tuple(n for n, record in enumerate(records, 1) if b"***" in record[1:]),
    )


def shape_count(path: Path) -> int | None:
    """Return how many shapes the index of a shapefile lists; None without one."""
    shx = sibling(path, ".shx")
    return None if shx is None else max(0, shx.stat().st_size - 100) // 8


def has_plain_parts(path: Path) -> bool:
    """Tell whether GDAL finds the parts of a shapefile by its name, and its index among them."""
    parts = [part for suffix in PARTS if (part := sibling(path, suffix))]
    return sibling(path, ".shx") is not None and all(part.stem == path.stem for part in parts)


def copied(path: Path, folder: Path) -> Path:
    """Copy a shapefile into a folder where its index may be written; return its .shp there."""
    for suffix in PARTS:
        if part := sibling(path, suffix):
            (folder / f"layer{suffix}").write_bytes(part.read_bytes())
    return folder / "layer.shp"
