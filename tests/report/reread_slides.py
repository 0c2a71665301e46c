"""How the slides are read again: by python-pptx for shapes, by plain XML for what it hides."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from report.briefing.content import MapSheet

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def plain(_sheet: MapSheet, wide: float, high: float) -> bytes:
    """Return a white picture of the asked shape, a pixel a millimetre."""
    across, down = round(wide), round(high)

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", across, down, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff" * across) * down)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows)
            + chunk(b"IEND", b""))  # fmt: skip


def shape(slide: Any, name: str) -> Any:  # noqa: ANN401
    found = [each for each in slide.shapes if each.name == name]
    assert len(found) == 1, (name, [each.name for each in slide.shapes])
    return found[0]


def slide_with(deck: Any, name: str) -> Any:  # noqa: ANN401
    return next(each for each in deck.slides if name in [shape.name for shape in each.shapes])


def cells(table: Any) -> list[list[str]]:  # noqa: ANN401
    return [[cell.text.replace("\v", "") for cell in row.cells] for row in table.rows]


def notes(slide: Any) -> str:  # noqa: ANN401
    return str(slide.notes_slide.notes_text_frame.text)


def parts(path: Path, *folders: str) -> Iterator[tuple[str, ET.Element]]:
    """Yield the XML parts of some folders of a packed file."""
    with ZipFile(path) as packed:
        for name in packed.namelist():
            if name.endswith(".xml") and name.startswith(folders):
                yield name, ET.fromstring(packed.read(name))  # noqa: S314 - our own file
