"""A briefing as files for other map programs: GeoPackage, shapefiles, GeoJSON, list of fields."""

from pathlib import Path
from typing import Final

from geo.position.coordinates import WGS84
from report.briefing.content import Briefing
from report.data.sheets import file_name
from report.exchange.field_list import (
    FIELDS,
    GEOPACKAGE,
    NOTE,
    write_field_list,
    write_note,
)
from report.exchange.geopackage import write_geopackage
from report.exchange.layers import MapLayer, layers_of
from report.exchange.shapefiles import write_shapefiles, zone_of

SHAPEFILES: Final = "shp"
GEOJSON: Final = "geojson"
_DIGITS: Final = 8  # of degrees: a millimetre


def write_exchange(briefing: Briefing, folder: Path) -> None:
    """Write the layers of a briefing for other programs into an empty folder.

    The same briefing gives the same bytes.
    """
    layers, study = layers_of(briefing), briefing.evaluation.study
    for part in (SHAPEFILES, GEOJSON):
        (folder / part).mkdir(parents=True)
    if layers:
        write_geopackage(layers, briefing, folder / GEOPACKAGE)
    altered = write_shapefiles(layers, study, folder / SHAPEFILES)
    for layer in layers:
        write_geojson(layer, folder / GEOJSON / f"{file_name(layer.title)}.geojson")
    write_field_list(layers, altered, briefing, folder / FIELDS)
    write_note(layers, altered, briefing, zone=zone_of(study), path=folder / NOTE)


def write_geojson(layer: MapLayer, path: Path) -> None:
    """Write a layer as RFC 7946 has it: WGS84, outer rings counter-clockwise."""
    layer.frame.to_crs(WGS84).to_file(
        path, driver="GeoJSON", engine="pyogrio", RFC7946="YES", COORDINATE_PRECISION=_DIGITS
    )
