"""Addresses of database tables (`postgresql://…`): taken apart, and shown without the password."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeGuard
from urllib.parse import unquote

from geo.errors import LayerError
from geo.language import say
from geo.unseen import dotted

_SCHEMES = ("postgresql://", "postgres://")
_HIDDEN = "postgresql://…"  # what is shown of an address that cannot be taken apart

# What may stand behind the question mark. `options` could lift the limits we set, and `password`
# would be one more place to hide: neither is taken.
_TABLE_KEYS = ("table", "geometry")
_LIBPQ_KEYS = ("host", "sslmode", "sslrootcert")

_PLACE = re.compile(
    r"(?P<host>\[[0-9A-Fa-f:.%]+\]|[^\[\]:/@?&=\s]*)(?::(?P<port>[0-9]{1,5}))?(?:/(?P<database>[^/:]*))?"
)


@dataclass(frozen=True)
class DatabaseAddress:
    """Where a table stands.

    connection
    table, geometry
        `schema.table` or `table`, and its geometry column; None where the address names none.
    shown
        The address as it may be printed: without the password.
    """

    connection: Mapping[str, str] = field(repr=False)
    table: str | None
    geometry: str | None
    shown: str


def is_database(path: object) -> TypeGuard[str]:
    """Tell whether what stands for a path is the address of a database."""
    return isinstance(path, str) and path.strip().lower().startswith(_SCHEMES)


def shown_url(url: str) -> str:
    """Return an address as it may be printed: never with a password, whatever is wrong with it."""
    try:
        return read_address(url).shown
    except LayerError:
        return _HIDDEN


def read_address(url: str) -> DatabaseAddress:
    """Return an address taken apart: postgresql://user:password@host:port/database?table=….

    Errors: LayerError, which never quotes what it could not read: that may be the password.
    """
    _, _, rest = url.strip().partition("://")
    before, mark, query = rest.partition("?")
    account, at, place = before.rpartition("@")
    user, _, password = account.partition(":")
    match = _PLACE.fullmatch(place)
    if not is_database(url) or match is None or "@" in user:
        raise LayerError(
            say(
                "{url}：数据库地址写法有误，应为 postgresql://用户@主机:端口/数据库?table=模式.表"
                "（密码里的 @ : / ? # % 要写成 %40 等）。",
                url=_HIDDEN,
            )
        )
    named = _named(query)
    known = {
        "user": user, "password": password, "host": (match["host"] or "").strip("[]"),
        "port": match["port"] or "", "dbname": match["database"] or "",
    }
    connection = {key: unquote(text) for key, text in known.items() if text}
    connection |= {key: named[key] for key in _LIBPQ_KEYS if named.get(key)}
    return DatabaseAddress(
        connection, named.get("table") or None, named.get("geometry") or None,
        dotted(f"postgresql://{user}{at}{place}{mark}{query}"),
    )


def _named(query: str) -> dict[str, str]:
    """Return what stands behind the question mark; a plus sign is itself, as libpq has it."""
    pairs = [part.partition("=") for part in query.split("&") if part]
    allowed = (*_TABLE_KEYS, *_LIBPQ_KEYS)
    if any(key not in allowed or not mark for key, mark, _ in pairs):
        raise LayerError(
            say(
                "{url}：地址问号后只能写 {known}；密码写在“用户:密码@”处，"
                "或放在环境变量 CARECIRCLE_DB_PASSWORD 中。",
                url=_HIDDEN, known="、".join(allowed),
            )
        )
    return {key: unquote(value) for key, _, value in pairs}
