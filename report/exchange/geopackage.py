"""The layers as one GeoPackage, with styles by which QGIS opens it and columns called in words.

What GDAL does not write stands in tables that the standard (its schema extension) and QGIS know.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Final

from geo.language import say
from report.briefing.content import Briefing
from report.data.sheets import clean
from report.exchange.layers import MapLayer
from report.exchange.qml import qml, sld

GEOMETRY: Final = "geom"
_SCHEMA: Final = "http://www.geopackage.org/spec121/#extension_schema"
# As QGIS makes it; a GeoPackage has no catalogues and no schemas, which QGIS asks for as "".
_STYLES: Final = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
    f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME
)
"""
_NAMES: Final = """
CREATE TABLE gpkg_data_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
    mime_type TEXT, constraint_name TEXT,
    CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
    CONSTRAINT gdc_tn UNIQUE (table_name, name)
)
"""
_CONSTRAINTS: Final = """
CREATE TABLE gpkg_data_column_constraints (
    constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
    min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
    CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value)
)
"""


def write_geopackage(layers: Sequence[MapLayer], briefing: Briefing, path: Path) -> None:
    """Write the layers into a new GeoPackage, the lowest on a map first.

    The same briefing gives the same bytes: the dates within are the study's.
    """
    for layer in layers:
        layer.frame.to_file(
            path, driver="GPKG", layer=layer.title, geometry_type=layer.shape,
            engine="pyogrio", GEOMETRY_NAME=GEOMETRY,
        )  # fmt: skip
    with closing(sqlite3.connect(path)) as database:
        with database:
            _called(database, layers)
            _styled(database, layers, briefing.on)
            _told(database, briefing)
            _dated(database, briefing)
        database.execute("VACUUM")


def _called(database: sqlite3.Connection, layers: Sequence[MapLayer]) -> None:
    """Write what each column is called in words, and what it means."""
    database.execute(_NAMES)
    database.execute(_CONSTRAINTS)
    for table in ("gpkg_data_columns", "gpkg_data_column_constraints"):
        database.execute(
            "INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_schema', ?, 'read-write')",
            (table, _SCHEMA),
        )
    database.executemany(
        "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, NULL)",
        [
            (layer.title, field.key, field.title, field.title, field.meaning)
            for layer in layers
            for field in layer.fields
        ],
    )


def _styled(database: sqlite3.Connection, layers: Sequence[MapLayer], on: date) -> None:
    database.execute(_STYLES)
    _enlist(database, "layer_styles", "layer_styles", "")
    for layer in layers:
        names = {field.key: field.key for field in layer.fields}
        titles = {field.key: field.title for field in layer.fields}
        database.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,"
            " f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner,"
            " update_time) VALUES ('', '', ?, ?, ?, ?, ?, 1, ?, '', ?)",
            (
                layer.title, GEOMETRY, layer.title, qml(layer.style, names, titles),
                sld(layer.style, names, layer.title), layer.title, _moment(on),
            ),
        )  # fmt: skip


def _told(database: sqlite3.Connection, briefing: Briefing) -> None:
    """Write a table of what has to be known of the layers: date, notice, figures, sources."""
    name = str(say("说明"))
    database.execute(f'CREATE TABLE "{name}" (fid INTEGER PRIMARY KEY, item TEXT, told TEXT)')
    told = [
        (str(say("名称")), str(briefing.title)), (str(say("日期")), briefing.on.isoformat()),
        (str(say("声明")), briefing.notice),
        *((str(each.label), f"{each.text}（{'；'.join(map(str, each.of))}）")
          for each in briefing.figures),
        *((str(say("说明")), str(each)) for each in briefing.caveats),
        *((str(say("来源")), str(each)) for each in briefing.sources),
    ]  # fmt: skip
    rows = [(clean(item), clean(text)) for item, text in told if text]
    database.executemany(f'INSERT INTO "{name}" (item, told) VALUES (?, ?)', rows)  # noqa: S608 - our own name
    _enlist(database, name, name, clean(str(briefing.title)))


def _enlist(database: sqlite3.Connection, table: str, name: str, what: str) -> None:
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description)"
        " VALUES (?, 'attributes', ?, ?)",
        (table, name, what),
    )


def _dated(database: sqlite3.Connection, briefing: Briefing) -> None:
    """Say of every layer that it is of the study's date, and what it is warned of."""
    database.execute("UPDATE gpkg_contents SET last_change = ?", (_moment(briefing.on),))
    database.execute(
        "UPDATE gpkg_contents SET description = ? WHERE data_type = 'features'",
        (clean(briefing.notice),),
    )


def _moment(on: date) -> str:
    return f"{on.isoformat()}T00:00:00.000Z"
