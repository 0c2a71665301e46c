"""PostGIS tables as a layer: rows, geometry, and the CRS of their SRID.

A table is named by `?table=schema.table` in the address or by `layer` in the study, which stands
above it; a bare name does where one schema alone has it. Names are compared whole and as they are
kept, so a dot, a quote or Chinese in them needs no quoting. Without a name the one table with
geometry is read; where there are several they are named. Views, materialised views, foreign tables
and `geography` do as well; a table without geometry is read as a ledger.

Rows come in the order of the primary key, else sorted by their own content, so that the numbers
given to rows are the same tomorrow.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from psycopg import sql
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.databases.address import DatabaseAddress, read_address
from geo.databases.catalogue import Field, Kind, Relation, chosen_relation, fields_of
from geo.databases.session import Connection, Limits, reading_session
from geo.errors import CoordinateError, LayerError
from geo.files.vector import VectorFile
from geo.language import say
from geo.ledgers.ledger import Table
from geo.ledgers.numbers import shown

_FIRST_ROWS, _ROWS_AT_ONCE = 100, 5_000
_MEGABYTE = 1024**2
_BATCH_BYTES = 16 * _MEGABYTE
_EXACT_BELOW = 2**53  # every smaller whole number is a float64 too
_LONGEST = 10**20  # a figure of more than 20 digits is no id


@dataclass(frozen=True)
class DatabaseRows(VectorFile):
    """What a table holds.

    shaped
        Whether the table has a geometry column; where not, `geometry` is None throughout.
    fingerprint
        sha256 of column names and rows, whatever their order: rows change, a name does not.
    """

    shaped: bool = True
    fingerprint: str = ""


def read_postgis(
    url: str, *, layer: str | None = None, limits: Limits | None = None
) -> DatabaseRows:
    """Return a table or view of a database; its first row is row 1.

    layer
        `schema.table` or `table`; stands above what the address says.

    Errors: LayerError for a server that does not answer or refuses, a table that is not there,
    not named or too large, or rows of several SRIDs; CoordinateError for an unknown SRID.
    """
    address, limits = read_address(url), limits or Limits()
    with reading_session(address, limits) as session:
        relation = chosen_relation(session, address, layer)
        fields, shape, notices = fields_of(session, relation, address)
        _refuse_many(session, relation, address, limits)
        query = _query(relation, fields, shape)
        rows, fingerprint = _fetched(session, query, fields, address, limits)
        crs = None if shape is None else _crs(session, relation, rows, address)
    width = len(fields)
    columns = tuple(
        _column([row[at] for row in rows], field.kind) for at, field in enumerate(fields)
    )
    numbers = np.arange(1, len(rows) + 1, dtype=np.int64)
    table = Table(tuple(field.name for field in fields), columns, numbers, 0)
    shapes = [None if shape is None else row[width] for row in rows]
    return DatabaseRows(
        table, *_shapes(shapes), crs, notices=notices, shaped=shape is not None,
        fingerprint=fingerprint,
    )


def _refuse_many(
    session: Connection, relation: Relation, address: DatabaseAddress, limits: Limits
) -> None:
    few = sql.SQL("select 1 from {} limit {}").format(
        relation.identifier(), sql.Literal(limits.rows + 1)
    )
    count = session.execute(sql.SQL("select count(*) from ({}) as few").format(few)).fetchone()
    if count is not None and count[0] > limits.rows:
        raise LayerError(
            say(
                "{url}：“{table}”超过 {most} 行，不予读取。请建一个只含研究范围的视图。",
                url=address.shown, table=shown(relation.full_name), most=limits.rows,
            )
        )


def _query(relation: Relation, fields: Sequence[Field], shape: Field | None) -> sql.Composed:
    """Return the query for the rows: the fields as plain values, then WKB and SRID."""
    picked = [field.picked() for field in fields]
    if shape is not None:
        picked += shape.picked_geometry(relation.postgis)
    content = range(1, len(fields) + (shape is not None) + 1)
    order: list[sql.Composable] = [sql.Identifier(name) for name in relation.key]
    order = order or [sql.Literal(position) for position in content]
    return sql.SQL("select {} from {} order by {}").format(
        sql.SQL(", ").join(picked), relation.identifier(), sql.SQL(", ").join(order)
    )


def _fetched(
    session: Connection,
    query: sql.Composed,
    fields: Sequence[Field],
    address: DatabaseAddress,
    limits: Limits,
) -> tuple[list[tuple[Any, ...]], str]:
    """Return the rows and their fingerprint, a batch at a time."""
    rows: list[tuple[Any, ...]] = []
    digests: list[bytes] = []
    size = 0
    with session.cursor("carecircle_rows", binary=True) as cursor:
        cursor.execute(query)
        wanted = _FIRST_ROWS
        while batch := cursor.fetchmany(wanted):
            for row in batch:
                digest, length = _digest(row, len(fields))
                digests.append(digest)
                size += length
            if size > limits.megabytes * _MEGABYTE:
                raise LayerError(
                    say(
                        "{url}：数据超过 {most} MB，不予读取。请建一个只含研究范围的视图。",
                        url=address.shown, most=limits.megabytes,
                    )
                )
            rows += batch
            # A row may hold an outline of ten million corners: few of them at once.
            wanted = max(1, min(_ROWS_AT_ONCE, _BATCH_BYTES * len(rows) // max(size, 1)))
    names = repr([field.name for field in fields]).encode("utf-8", "surrogatepass")
    whole = hashlib.sha256(names)
    for digest in sorted(digests):
        whole.update(digest)
    return rows, whole.hexdigest()


def _digest(row: tuple[Any, ...], width: int) -> tuple[bytes, int]:
    """Return the sha256 of a row and its bytes; `width` plain cells come before WKB and SRID."""
    plain = repr(row[:width] + row[width + 1 :]).encode("utf-8", "surrogatepass")
    shape = (row[width] if len(row) > width else None) or b""
    return hashlib.sha256(plain + shape).digest(), len(plain) + len(shape)


def _crs(
    session: Connection,
    relation: Relation,
    rows: Sequence[tuple[Any, ...]],
    address: DatabaseAddress,
) -> CRS | None:
    """Return the CRS of the rows' SRID; None for SRID 0."""
    srids = sorted({row[-1] for row in rows if row[-1] is not None})
    if len(srids) > 1:
        raise LayerError(
            say(
                "{url}：“{table}”的几何混用多个 SRID（{srids}），请先用 ST_Transform 统一。",
                url=address.shown, table=shown(relation.full_name),
                srids="、".join(str(srid) for srid in srids),
            )
        )
    if not srids or srids[0] == 0:
        return None
    known = session.execute(
        sql.SQL("select auth_name, auth_srid, srtext from {} where srid = %s").format(
            sql.Identifier(relation.postgis, "spatial_ref_sys")
        ),
        (srids[0],),
    ).fetchone()
    authority, code, wkt = known or ("EPSG", srids[0], None)
    for text in (f"{authority}:{code}", wkt):
        try:
            return CRS.from_user_input(text)
        except CRSError:
            continue
    raise CoordinateError(
        say(
            "{url}：SRID {srid} 无法识别，请用 coordinates 说明坐标系。",
            url=address.shown, srid=srids[0],
        )
    )


def _column(values: list[Any], kind: Kind) -> NDArray[Any]:
    """Return one column as readers of files give it: NaN for an empty figure, else None."""
    if kind in {"whole", "decimal"} and any(_is_long(value) for value in values):
        # An id of 18 digits; as a float it would lose the last ones.
        values = [int(value) if _is_long(value) else value for value in values]
        values = [float(v) if isinstance(v, Decimal) else v for v in values]
    elif kind == "whole" and None not in values:
        return np.array(values, dtype=np.int64)
    elif kind in {"whole", "decimal", "number"}:
        return np.array([np.nan if v is None else float(v) for v in values], dtype=np.float64)
    elif kind == "flag" and None not in values:
        return np.array(values, dtype=bool)
    elif kind == "date":
        values = [_day(value) for value in values]
    cells = np.empty(len(values), dtype=object)
    cells[:] = values
    return cells


def _is_long(value: Any) -> bool:  # noqa: ANN401 - a whole number of either kind, or none
    if value is None or (isinstance(value, Decimal) and not value.is_finite()):
        return False
    return bool(_EXACT_BELOW <= abs(value) < _LONGEST and value == int(value))


def _day(text: str | None) -> dt.date | str | None:
    """Return a date; what Python cannot hold (infinity, BC) stays the text it is."""
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError:
        return text


def _shapes(wkb: Sequence[bytes | None]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return geometries, and which rows have one that cannot be read."""
    given = np.empty(len(wkb), dtype=object)
    given[:] = wkb
    with np.errstate(invalid="ignore"):
        geometry = shapely.from_wkb(given, on_invalid="ignore")
    present = np.array([cell is not None for cell in wkb], dtype=bool)
    return geometry, present & shapely.is_missing(geometry)
