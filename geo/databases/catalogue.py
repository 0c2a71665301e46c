"""What a database holds: its tables, the one that is meant, and the columns of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from psycopg import sql

from geo.databases.address import DatabaseAddress
from geo.databases.session import Connection
from geo.errors import LayerError
from geo.language import Message, say
from geo.ledgers.numbers import shown

Kind = Literal["whole", "decimal", "number", "flag", "date", "text", "geometry", "geography"]

_NAMED_AT_MOST = 20

# Every name stands in full: a schema of the database could hold look-alikes.
_RELATIONS: Final = """
select c.oid, n.nspname, c.relname,
  exists (
    select from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid
    where a.attrelid = c.oid and a.attnum > 0 and t.typname in ('geometry', 'geography')
  ),
  pg_catalog.has_schema_privilege(n.oid, 'USAGE')
    and pg_catalog.has_any_column_privilege(c.oid, 'SELECT')
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'v', 'm', 'f', 'p')
  and n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%'
  and not exists (
    select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid
      and d.deptype = 'e'
  )
order by n.nspname, c.relname
"""
# A domain counts as what it is made of.
_FIELDS: Final = """
select a.attname, coalesce(b.typname, t.typname),
  pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT')
from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid
  left join pg_catalog.pg_type b on b.oid = t.typbasetype
where a.attrelid = %s and a.attnum > 0 and not a.attisdropped
order by a.attnum
"""
_KEY: Final = """
select a.attname
from pg_catalog.pg_index i,
  pg_catalog.unnest(i.indkey::pg_catalog.int2[]) with ordinality k (attnum, place),
  pg_catalog.pg_attribute a
where i.indrelid = %s and i.indisprimary and a.attrelid = i.indrelid and a.attnum = k.attnum
order by k.place
"""
_POSTGIS: Final = """
select n.nspname from pg_catalog.pg_extension e
  join pg_catalog.pg_namespace n on n.oid = e.extnamespace
where e.extname = 'postgis'
"""
_KINDS: Final[dict[str, Kind]] = {
    "int2": "whole", "int4": "whole", "int8": "whole", "numeric": "decimal", "money": "decimal",
    "float4": "number", "float8": "number", "bool": "flag", "date": "date", "timestamp": "date",
    "timestamptz": "date", "geometry": "geometry", "geography": "geography",
}


@dataclass(frozen=True)
class Relation:
    """A table or view.

    key
        Columns of its primary key; none for a view.
    postgis
        The schema PostGIS stands in; empty where the database has none.
    """

    oid: int
    schema: str
    name: str
    key: tuple[str, ...] = ()
    postgis: str = ""

    @property
    def full_name(self) -> str:
        """Return schema.table."""
        return f"{self.schema}.{self.name}"

    def identifier(self) -> sql.Identifier:
        """Return the name as SQL."""
        return sql.Identifier(self.schema, self.name)


@dataclass(frozen=True)
class Field:
    """A column: its name and what its type comes to."""

    name: str
    type_name: str

    @property
    def kind(self) -> Kind:
        """Return what the cells are; whatever has no figure, date or flag is text."""
        return _KINDS.get(self.type_name, "text")

    def picked(self) -> sql.Composed:
        """Return the column as SQL that gives a plain value."""
        casts = {
            # By way of text 0.1 stays 0.1, where its bits would be 0.10000000149.
            "float4": "::pg_catalog.text::pg_catalog.float8",
            "money": "::pg_catalog.numeric",
            "timestamp": "::pg_catalog.date::pg_catalog.text",
            "timestamptz": "::pg_catalog.date::pg_catalog.text",
        }
        usual = {"date": "::pg_catalog.text", "text": "::pg_catalog.text"}.get(self.kind, "")
        cast = casts.get(self.type_name, usual)
        return sql.Identifier(self.name) + sql.SQL(cast)

    def picked_geometry(self, postgis: str) -> list[sql.Composed]:
        """Return the column as SQL that gives flat WKB without curves, and the SRID."""
        shape: sql.Composable = sql.Identifier(self.name)
        if self.kind == "geography":
            shape = sql.SQL("{}::{}").format(shape, sql.Identifier(postgis, "geometry"))
        names = ("st_asbinary", "st_force2d", "st_curvetoline", "st_srid")
        binary, flat, straight, srid = (sql.Identifier(postgis, name) for name in names)
        return [
            sql.SQL("{}({}({}({})))").format(binary, flat, straight, shape),
            sql.SQL("{}({})").format(srid, shape),
        ]


def chosen_relation(
    session: Connection, address: DatabaseAddress, layer: str | None
) -> Relation:
    """Return the table that is meant: by name, else the only one with geometry.

    Errors: LayerError for a name that is not there or stands in several schemas, for several
    tables none of which is named, and for a table that may not be read.
    """
    rows = session.execute(_RELATIONS).fetchall()
    relations = {row[0]: Relation(*row[:3]) for row in rows}
    shaped = [relations[row[0]] for row in rows if row[3]]
    wanted = layer or address.table
    chosen = _named(list(relations.values()), wanted) if wanted else shaped
    if len(chosen) != 1:
        found = shaped or list(relations.values())
        raise LayerError(_which(address, wanted, chosen or found, postgis=_postgis(session)))
    (relation,) = chosen
    if not next(row[4] for row in rows if row[0] == relation.oid):
        raise LayerError(
            say(
                "{url}：没有读取权限（{reason}）。请管理员授予 SELECT。",
                url=address.shown, reason=shown(relation.full_name),
            )
        )
    key = tuple(row[0] for row in session.execute(_KEY, (relation.oid,)))
    return Relation(relation.oid, relation.schema, relation.name, key, _postgis(session))


def _named(relations: Sequence[Relation], wanted: str) -> list[Relation]:
    whole = [relation for relation in relations if relation.full_name == wanted]
    return whole or [relation for relation in relations if relation.name == wanted]


def _postgis(session: Connection) -> str:
    row = session.execute(_POSTGIS).fetchone()
    return "" if row is None else str(row[0])


def _which(
    address: DatabaseAddress, wanted: str | None, found: Sequence[Relation], *, postgis: str
) -> Message:
    names = "、".join(shown(relation.full_name) for relation in found[:_NAMED_AT_MOST])
    names += "…" if len(found) > _NAMED_AT_MOST else ""
    if wanted and wanted not in {relation.name for relation in found}:
        return say(
            "{url}：没有表“{table}”，现有：{names}。请核对名称和大小写。",
            url=address.shown, table=shown(wanted), names=names or "—",
        )
    if not found:
        return say("{url}：数据库里没有可读的表。", url=address.shown)
    if not wanted and not postgis:
        return say(
            "{url}：数据库没有安装 PostGIS 扩展，没有空间表。请核对数据库名称，"
            '或用 layer = "模式.表" 指明带坐标列的普通表（{names}）。',
            url=address.shown, names=names,
        )
    return say(
        '{url}：有多个表（{names}），请说明用哪一个（layer = "模式.表"）。',
        url=address.shown, names=names,
    )


def fields_of(
    session: Connection, relation: Relation, address: DatabaseAddress
) -> tuple[list[Field], Field | None, tuple[Message, ...]]:
    """Return the plain columns, the geometry column if there is one, and what was noticed.

    Errors: LayerError for several geometry columns of which none is named.
    """
    rows = session.execute(_FIELDS, (relation.oid,)).fetchall()
    fields = [Field(row[0], row[1]) for row in rows if row[2]]
    shapes = [field for field in fields if field.kind in {"geometry", "geography"}]
    plain = [field for field in fields if field not in shapes]
    hidden = [shown(row[0]) for row in rows if not row[2]]
    notices = (
        (say("没有权限读取的列，未采用：{columns}。", columns="、".join(hidden)),)
        if hidden else ()
    )
    chosen = [field for field in shapes if field.name == address.geometry]
    if not chosen and (address.geometry or len(shapes) > 1):
        raise LayerError(
            say(
                "{url}：表“{table}”的几何列有：{columns}。请在地址中写明 geometry=列名。",
                url=address.shown, table=shown(relation.full_name),
                columns="、".join(shown(field.name) for field in shapes) or "—",
            )
        )
    return plain, next(iter(chosen or shapes), None), notices
