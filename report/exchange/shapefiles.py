"""The layers as shapefiles in GBK, in degrees and in metres, as platforms for one map ask for them.

A shapefile holds less than a GeoPackage: characters out of GBK are replaced, texts are cut at 254
bytes, and an unknown number is a blank that some programs show as 0. All of it is told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pandas as pd
from pyproj import CRS

from analysis.study import Study
from geo.position.coordinates import WGS84, metric_crs
from geo.position.zones import central_meridian
from report.briefing.content import Kind
from report.exchange.layers import MapLayer
from report.exchange.qml import qml

ENCODING: Final = "GBK"
CGCS2000: Final = CRS.from_epsg(4490)
REPLACED: Final = "〓"  # the sign for a letter that a fount does not have
_LONGEST: Final = 254  # bytes of a cell
_LANGUAGE: Final = (29, b"\x4d")  # where a dbf says its code page, and what GBK is called there


@dataclass(frozen=True)
class Altered:
    """A text that a shapefile does not hold as it is.

    lost
        The characters that were replaced; empty where the text was only cut.
    """

    layer: str
    row: str
    column: str
    text: str
    kept: str
    lost: str


def zone_of(study: Study) -> CRS:
    """Return the study's zone of CGCS2000; abroad the metres that it is computed in."""
    if central_meridian(study.crs.to_epsg() or 0) is not None:
        return study.crs
    for name in ("boundaries", "residential", "facilities"):
        layer = study.layer(name)
        if layer is not None and not layer.geometry.dropna().empty:
            west, south, east, north = layer.to_crs(WGS84).total_bounds
            there = metric_crs((west + east) / 2, (south + north) / 2)
            return there if central_meridian(there.to_epsg() or 0) is not None else study.crs
    return study.crs


def write_shapefiles(layers: Sequence[MapLayer], study: Study, folder: Path) -> list[Altered]:
    """Write every layer in EPSG:4490 and in the study's zone, each in a folder of its own.

    Returns what the shapefiles do not hold as it is.
    """
    altered: list[Altered] = []
    ready = []
    for layer in layers:
        held, noted = _in_gbk(layer)
        altered += noted
        ready.append((layer, held))
    for crs in dict.fromkeys((CGCS2000, zone_of(study))):
        place = folder / folder_of(crs)
        place.mkdir(parents=True)
        for layer, held in ready:
            _write(layer, held, crs, place, study.on)
    return altered


def folder_of(crs: CRS) -> str:
    """Return the name of the folder for a coordinate system: EPSG4549."""
    return f"EPSG{crs.to_epsg() or ''}"


def _write(layer: MapLayer, held: pd.DataFrame, crs: CRS, folder: Path, on: date) -> None:
    path = folder / f"{layer.stem}.shp"
    frame = layer.frame[["geometry"]].to_crs(crs)
    frame = frame.assign(**held)[[*held.columns, "geometry"]]
    frame.to_file(
        path, driver="ESRI Shapefile", encoding=ENCODING, engine="pyogrio",
        geometry_type="Polygon" if layer.shape == "MultiPolygon" else layer.shape,
        DBF_DATE_LAST_UPDATE=on.isoformat(),
    )  # fmt: skip
    _say_gbk(path.with_suffix(".dbf"))
    names = {field.key: field.short for field in layer.fields}
    titles = {field.key: field.title for field in layer.fields}
    style = qml(layer.style, names, titles)
    path.with_suffix(".qml").write_text(style, encoding="utf-8", newline="\n")


def _say_gbk(path: Path) -> None:
    """Say the encoding in the file of the table itself: a .cpg beside it is easily lost."""
    at, code = _LANGUAGE
    with path.open("r+b") as table:
        table.seek(at)
        table.write(code)


def _in_gbk(layer: MapLayer) -> tuple[pd.DataFrame, list[Altered]]:
    """Return the columns under their short names, as GBK holds them, and what it does not."""
    altered: list[Altered] = []
    columns: dict[str, Any] = {}
    ids = layer.frame[layer.fields[0].key]
    for field in layer.fields:
        values = layer.frame[field.key]
        if field.kind is Kind.TEXT:
            texts = [None if pd.isna(text) else str(text) for text in values]
            kept = [None if text is None else in_gbk(text) for text in texts]
            altered += _noted(layer, field.title, zip(ids, texts, kept, strict=True))
            columns[field.short] = [None if each is None else each[0] for each in kept]
        else:
            columns[field.short] = values.to_numpy() if values.dtype != "Int64" else values.array
    return pd.DataFrame(columns), altered


def _noted(layer: MapLayer, column: str, cells: Any) -> Iterator[Altered]:  # noqa: ANN401 - rows
    for row, text, kept in cells:
        if text is not None and kept[0] != text:
            yield Altered(layer.title, str(row), column, text, kept[0], kept[1])


def in_gbk(text: str) -> tuple[str, str]:
    """Return a text as GBK and 254 bytes hold it, and the characters that were replaced."""
    kept, lost, length = [], [], 0
    for letter in text:
        try:
            wide = len(letter.encode(ENCODING))
            held = letter
        except UnicodeEncodeError:
            lost.append(letter)
            held, wide = REPLACED, 2
        if length + wide > _LONGEST:
            break
        kept.append(held)
        length += wide
    return "".join(kept), "".join(lost)
