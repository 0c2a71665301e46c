"""Files that may be written over: what an earlier run wrote, never what is somebody's own."""

import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from geo.errors import PlanningError
from geo.ingest import names_in
from geo.language import say

_WORKBOOK: Final = ".xlsx"
_JSON: Final = (".json", ".geojson")
_NETWORK: Final = "about.npy"
_LONGEST: Final = 100_000  # characters of a header


def refuse_input(target: Path, inputs: Iterable[Path]) -> None:
    """Refuse to write over a file that is read, or into a folder that is one data set.

    Errors: PlanningError.
    """
    for read in inputs:
        same = read.exists() and target.exists() and target.samefile(read)
        inside = read.is_dir() and read.resolve() in target.resolve().parents and target.exists()
        if same or inside or (read.exists() and target.resolve() == read.resolve()):
            raise PlanningError(
                say("{file}：这是要读的文件，没有覆盖。请换一个文件名。", file=target.name)
            )


def refuse_strange(target: Path, draft: Path) -> None:
    """Refuse to write over a file that does not look like what is written: it is not of ours.

    draft
        What is to take its place.

    Errors: PlanningError.
    """
    if not target.exists():
        return
    shape = _shape(target)
    if shape is None or shape != _shape(draft):
        raise PlanningError(
            say("{file}：已有同名文件，认不出是同一个命令写的，没有覆盖。请换一个文件名。",
                file=target.name)
        )  # fmt: skip


def _shape(path: Path) -> object:
    """Return names of sheets, of layers, of columns, or of arrays; None for anything else."""
    ending = path.suffix.lower()
    try:
        if zipfile.is_zipfile(path) and ending != _WORKBOOK:
            with zipfile.ZipFile(path) as archive:
                parts = frozenset(archive.namelist())
            return parts if _NETWORK in parts else None
        if ending in {_WORKBOOK, ".gpkg"}:
            return names_in(path) or None
        if ending in _JSON:
            features = json.loads(path.read_text(encoding="utf-8"))["features"]
            return frozenset(frozenset(feature["properties"]) for feature in features) or None
        if ending == ".csv":
            with path.open(encoding="utf-8-sig") as text:
                return text.readline(_LONGEST).strip() or None
    except (PlanningError, OSError, ValueError, LookupError, TypeError, zipfile.BadZipFile):
        pass  # what cannot be read so was not written so
    return None
