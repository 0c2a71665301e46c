"""Which password is offered to which database.

A study file from elsewhere may name the host of an attacker. So PGPASSWORD, PGSERVICE, PGPASSFILE
and every other PG* variable, ~/.pgpass and service files are ignored: libpq would offer what they
hold to any host that asks. A password stands in the address, or in CARECIRCLE_DB_PASSWORD, which is
offered only to the host that CARECIRCLE_DB_HOST names: `host` or `host:port`.
"""

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

PASSWORD: Final = "CARECIRCLE_DB_PASSWORD"  # noqa: S105 - the name of a variable
HOST: Final = "CARECIRCLE_DB_HOST"
_PORT = "5432"
# A file that cannot be there, so that ~/.pgpass is not looked for.
_NO_FILE = os.path.join(os.devnull, "none")  # noqa: PTH118 - a text for libpq
_variables = threading.Lock()


def place_of(connection: Mapping[str, str]) -> str:
    """Return host:port of a database; without a host it is this computer."""
    return f"{connection.get('host') or 'localhost'}:{connection.get('port') or _PORT}"


def with_password(connection: Mapping[str, str]) -> dict[str, str]:
    """Return libpq's keywords with the password that may be offered, if there is one."""
    known = {**connection, "passfile": _NO_FILE}
    bound = os.environ.get(HOST, "").strip().casefold()
    host, place = (connection.get("host") or "localhost").casefold(), place_of(connection)
    if "password" not in known and bound and bound in {host, place.casefold()}:
        secret = os.environ.get(PASSWORD)
        return {**known, "password": secret} if secret else known
    return known


@contextmanager
def without_variables() -> Iterator[None]:
    """Take the PG* variables out of the environment for the length of a block."""
    with _variables:
        kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("PG")}
        try:
            yield
        finally:
            os.environ.update(kept)
