"""Files of the bundled data: the same input gives the same bytes on the same machine."""

import csv
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pyogrio

WRITTEN_AT = "2025-12-31T00:00:00.000Z"
PERMILLE_KB = 1000


@dataclass(frozen=True)
class Source:
    """One row of SOURCES.toml; the check sum is added when the table is written."""

    path: str
    what: str
    origin: str
    date: str
    licence: str
    simulated: bool


def write_geopackage(path: Path, frame: gpd.GeoDataFrame, *, layer: str, description: str) -> None:
    """Write one layer, its time stamp fixed and its description in the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": WRITTEN_AT})
    pyogrio.write_dataframe(
        frame,
        path,
        layer=layer,
        driver="GPKG",
        layer_options={"DESCRIPTION": description, "SPATIAL_INDEX": "NO"},
    )


def write_csv(path: Path, rows: Sequence[dict[str, object]]) -> None:
    """Write rows as an office's CSV: UTF-8 with BOM, empty cells where nothing is known."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\r\n")
        table.writeheader()
        table.writerows(rows)


def sha256(path: Path) -> str:
    """Return the check sum of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def write_sources(path: Path, sources: Sequence[Source]) -> None:
    """Write the rows of these files into SOURCES.toml, keeping those of other files."""
    own = {source.path for source in sources}
    kept = [block for block in _blocks(path) if _path_of(block) not in own]
    for source in sources:
        lines = [
            "[[file]]",
            f"path = {_quoted(source.path)}",
            f"what = {_quoted(source.what)}",
            f"source = {_quoted(source.origin)}",
            f"date = {source.date}",
            f"licence = {_quoted(source.licence)}",
            f"simulated = {str(source.simulated).lower()}",
            f"sha256 = {_quoted(sha256(path.parent / source.path))}",
        ]
        kept.append("\n".join(lines) + "\n")
    head = "# Every file of the bundled data: what it is, from whom, and its check sum.\n\n"
    path.write_text(head + "\n".join(sorted(kept, key=_path_of)), encoding="utf-8", newline="\n")


def _blocks(path: Path) -> list[str]:
    if not path.exists():
        return []
    parts = path.read_text(encoding="utf-8").split("[[file]]\n")[1:]
    return ["[[file]]\n" + part.strip() + "\n" for part in parts]


def _path_of(block: str) -> str:
    return str(json.loads(block.split("path = ", 1)[1].split("\n", 1)[0]))
