"""Which password is offered to which database.

A study file from elsewhere may name the host of an attacker. So PGPASSWORD, PGSERVICE, PGPASSFILE
and every other PG* variable, ~/.pgpass and service files are ignored: libpq would offer what they
hold to any host that asks. A password stands in the address, or in CARECIRCLE_DB_PASSWORD, which is
offered only to the host that CARECIRCLE_DB_HOST names: `host` or `host:port`, an IPv6 address in
brackets as in an address. It leaves this computer on encrypted lines only.
"""

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Final

from geo.errors import LayerError
from geo.language import say

PASSWORD: Final = "CARECIRCLE_DB_PASSWORD"  # noqa: S105 - the name of a variable
HOST: Final = "CARECIRCLE_DB_HOST"
_PORT = "5432"
_IN_THE_CLEAR: Final = frozenset({"disable", "allow"})  # `allow` tries without first
# A file that cannot be there, so that ~/.pgpass is not looked for.
_NO_FILE = os.path.join(os.devnull, "none")  # noqa: PTH118 - a text for libpq
_variables = threading.Lock()


def place_of(connection: Mapping[str, str]) -> str:
    """Return host:port of a database; without a host it is this computer."""
    return f"{_bracketed(_host(connection))}:{connection.get('port') or _PORT}"


def with_password(connection: Mapping[str, str]) -> dict[str, str]:
    """Return libpq's keywords with the password that may be offered, if there is one.

    Errors: LayerError where that of the variable would leave this computer unencrypted.
    """
    known = {**connection, "passfile": _NO_FILE}
    secret, bound = os.environ.get(PASSWORD), os.environ.get(HOST, "").strip().casefold()
    host = _host(connection).casefold()
    may_be = {host, _bracketed(host), place_of(connection).casefold()}
    if "password" in known or not secret or bound not in may_be:
        return known
    mode = connection.get("sslmode", "").casefold()
    if mode in _IN_THE_CLEAR and not _is_here(host):
        raise LayerError(
            say(
                "{place}：sslmode={mode} 不加密，环境变量 {variable} 中的密码不会这样发给别的电脑。"
                "请去掉 sslmode，或改为 require。",
                place=place_of(connection), mode=mode, variable=PASSWORD,
            )
        )
    return {**known, "password": secret}


def _host(connection: Mapping[str, str]) -> str:
    return connection.get("host") or "localhost"


def _bracketed(host: str) -> str:
    """Return a host as it stands before a port: a colon of IPv6 is none before a port."""
    return f"[{host}]" if ":" in host else host


def _is_here(host: str) -> bool:
    """Tell whether a host is this computer: by name, by number, or a socket in a folder."""
    if host == "localhost" or host.startswith(("/", "@")):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def without_variables() -> Iterator[None]:
    """Take the PG* variables out of the environment for the length of a block."""
    with _variables:
        kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("PG")}
        try:
            yield
        finally:
            os.environ.update(kept)
