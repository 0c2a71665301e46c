"""Packed files (docx, pptx, xlsx) written so that the same content gives the same bytes."""

from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EARLIEST: Final = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can tell


def repack(path: Path) -> None:
    """Write a packed file again without the moment at which its parts were made.

    Parts keep their order and content; dates inside them are the writer's business.
    """
    path.write_bytes(repacked(path.read_bytes()))


def repacked(content: bytes) -> bytes:
    """Return a packed file's content without the moment at which its parts were made."""
    with ZipFile(BytesIO(content)) as packed:
        parts = [(name, packed.read(name)) for name in packed.namelist()]
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as again:
        for name, part in parts:
            info = ZipInfo(name, EARLIEST)
            info.compress_type = ZIP_DEFLATED
            info.create_system = 0  # else the system it was made on is told
            again.writestr(info, part)
    return made.getvalue()
