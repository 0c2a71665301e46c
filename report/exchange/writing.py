"""A briefing as files for other map programs: GeoPackage, shapefiles, GeoJSON, list of fields."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geo.errors import PlanningError
from geo.language import Message, say
from geo.position.coordinates import WGS84
from geo.reasons import why
from report.briefing.content import Briefing
from report.data.sheets import file_name
from report.exchange.field_list import (
    FIELDS,
    GEOPACKAGE,
    NOTE,
    told_of,
    write_field_list,
    write_note,
)
from report.exchange.geopackage import write_geopackage
from report.exchange.layers import MapLayer, layers_of
from report.exchange.shapefiles import write_shapefiles, zone_of

SHAPEFILES: Final = "shp"
GEOJSON: Final = "geojson"
_DIGITS: Final = 8  # of degrees: a millimetre


@dataclass(frozen=True)
class Exchanged:
    """What was written.

    files
        In the order of their names.
    remarks
        What the files lack, or could not hold as it is.
    """

    files: tuple[Path, ...]
    remarks: tuple[Message, ...]


def write_exchange(briefing: Briefing, folder: Path) -> Exchanged:
    """Write the layers of a briefing for other programs into `folder`.

    Files of an earlier run are replaced, and those in `shp` and `geojson` that are no more go.
    The same briefing gives the same bytes.

    Errors: PlanningError where a file cannot be written.
    """
    layers = layers_of(briefing)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".part-", dir=folder) as draft:
            remarks = _write(layers, briefing, Path(draft))
            files = _move_in(Path(draft), folder)
    except OSError as error:
        raise PlanningError(
            say("{path}：无法写入（{reason}）。请关闭正在使用它的程序，或换一个文件夹。",
                path=str(folder), reason=why(error))
        ) from None  # fmt: skip
    return Exchanged(files, remarks)


def _write(layers: Sequence[MapLayer], briefing: Briefing, draft: Path) -> tuple[Message, ...]:
    study = briefing.evaluation.study
    (draft / SHAPEFILES).mkdir()
    (draft / GEOJSON).mkdir()
    if layers:
        write_geopackage(layers, briefing, draft / GEOPACKAGE)
    altered = write_shapefiles(layers, study, draft / SHAPEFILES)
    for layer in layers:
        write_geojson(layer, draft / GEOJSON / f"{file_name(layer.title)}.geojson")
    write_field_list(layers, altered, briefing, draft / FIELDS)
    write_note(layers, altered, briefing, zone=zone_of(study), path=draft / NOTE)
    return tuple(told_of(layers, altered, briefing))


def write_geojson(layer: MapLayer, path: Path) -> None:
    """Write a layer as RFC 7946 has it: WGS84, outer rings counter-clockwise."""
    layer.frame.to_crs(WGS84).to_file(
        path, driver="GeoJSON", engine="pyogrio", RFC7946="YES", COORDINATE_PRECISION=_DIGITS
    )


def _move_in(draft: Path, folder: Path) -> tuple[Path, ...]:
    """Move the files into place and return them; what an earlier run had beside them goes."""
    names = sorted(file.relative_to(draft) for file in draft.rglob("*") if file.is_file())
    for part in (SHAPEFILES, GEOJSON):
        for old in (folder / part).rglob("*"):
            if old.is_file() and _ours(old) and old.relative_to(folder) not in names:
                old.unlink()
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (draft / name).replace(folder / name)
    return tuple(folder / name for name in names)


def _ours(file: Path) -> bool:
    """Tell whether a file in one of our folders has an ending that we write."""
    return file.suffix in {".shp", ".shx", ".dbf", ".prj", ".cpg", ".qml", ".geojson"}
