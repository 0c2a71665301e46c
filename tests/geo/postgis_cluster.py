"""A PostgreSQL of its own for the tests: a folder, a free port on loopback, and gone afterwards.

The server refuses to run as root, so where the tests do, it runs as `postgres`.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

OWNER, PASSWORD = "keeper", "s3cret-Wort"  # of a server that lives for seconds


@dataclass(frozen=True)
class Cluster:
    """A running server; its owner may do everything."""

    port: int

    def url(
        self, database: str = "postgres", *, user: str = OWNER, password: str = PASSWORD
    ) -> str:
        """Return the address of a database, with the password in it."""
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def run(self, *statements: str | sql.Composed, database: str = "postgres") -> None:
        """Run statements as the owner, each by itself."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


def binaries() -> Path | None:
    """Return the folder of initdb and pg_ctl; None where PostgreSQL is not installed."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    found = shutil.which("initdb")
    if versions:
        return versions[-1].parent
    return None if found is None else Path(found).resolve().parent


def has_postgis(folder: Path) -> bool:
    """Tell whether PostGIS is installed beside the server."""
    asked = subprocess.run(  # noqa: S603 - a program of the server's own folder
        [folder / "pg_config", "--sharedir"], capture_output=True, text=True, check=True
    )
    return (Path(asked.stdout.strip()) / "extension" / "postgis.control").is_file()


def _version(path: Path) -> float:
    name = path.parent.parent.name
    return float(name) if name.replace(".", "", 1).isdigit() else 0.0


@contextmanager
def running_cluster(folder: Path) -> Iterator[Cluster]:
    """Make a cluster, start it, and stop it and remove it when the block is left."""
    home = Path(tempfile.mkdtemp(prefix="carecircle-postgres-"))
    try:
        password = home / "password"
        password.write_text(PASSWORD)
        _give_away(home, password)
        _run(
            folder / "initdb", "-D", home / "data", "-U", OWNER, "--pwfile", password,
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync",
        )
        cluster = _started(folder, home)
        try:
            yield cluster
        finally:
            _run(folder / "pg_ctl", "-D", home / "data", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _started(folder: Path, home: Path) -> Cluster:
    """Start the server; another program may take the free port before it does."""
    for tries_left in (2, 1, 0):
        port = _free_port()
        settings = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' "
            "-c fsync=off -c shared_buffers=16MB -c max_connections=20"
        )
        start = (folder / "pg_ctl", "-D", home / "data", "-l", home / "log", "-w")
        try:
            _run(*start, "-o", settings, "start")
        except AssertionError:
            if not tries_left:
                raise
        else:
            return Cluster(port)
    raise AssertionError


def _account() -> str | None:
    """Return the account the server runs as; None: our own."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _give_away(*paths: Path) -> None:
    if (account := _account()) is not None:
        for path in paths:
            shutil.chown(path, account)


def _run(*command: str | Path) -> None:
    account = _account()
    given = {} if account is None else {
        "user": account, "group": pwd.getpwnam(account).pw_gid, "extra_groups": [],
    }
    # The server outlives pg_ctl and would hold a pipe open: what is said goes to a file.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(  # noqa: S603 - programs of the server's own folder
            [str(part) for part in command], stdout=said, stderr=said, stdin=subprocess.DEVNULL,
            cwd="/", check=False, **given,
        )
        said.seek(0)
        assert done.returncode == 0, said.read().decode(errors="replace")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
