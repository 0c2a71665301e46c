"""No password of this computer's user is offered to a host that a study happens to name."""

import os
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo.databases.password import place_of, with_password, without_variables
from geo.databases.postgis import read_postgis
from geo.databases.session import Limits
from geo.errors import LayerError

SECRET = "Geheim-1"  # noqa: S105 - of no server
_SSL_REQUEST, _ASK_IN_PLAIN = 80877103, b"R" + struct.pack("!ii", 8, 3)


class Attacker:
    """A server that asks whoever comes for the password in plain text, and remembers it."""

    def __init__(self) -> None:
        self.heard = b""
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            with line:
                line.settimeout(5)
                try:
                    self._ask(line)
                except OSError:
                    continue

    def _ask(self, line: socket.socket) -> None:
        begun = line.recv(4096)
        while len(begun) == 8 and struct.unpack("!i", begun[4:])[0] in {_SSL_REQUEST, 80877104}:
            line.sendall(b"N")
            begun = line.recv(4096)
        line.sendall(_ASK_IN_PLAIN)
        self.heard += line.recv(4096)

    def end(self) -> None:
        """Ask nobody any more."""
        # Closing alone wakes nobody who waits for a caller: a caller who says nothing does.
        with socket.create_connection(("127.0.0.1", self.port)):
            self._server.close()
        self._thread.join(5)
        assert not self._thread.is_alive()


@pytest.fixture
def attacker() -> Iterator[Attacker]:
    found = Attacker()
    yield found
    found.end()


def asked(port: int) -> str:
    with pytest.raises(LayerError) as refusal:
        read_postgis(f"postgresql://li@127.0.0.1:{port}/care?table=t", limits=Limits(connect_s=5))
    return str(refusal.value)


def test_nothing_of_the_user_is_offered(
    attacker: Attacker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = tmp_path / ".pgpass"
    kept.write_text(f"*:*:*:*:{SECRET}\n")
    kept.chmod(0o600)
    services = tmp_path / "services"
    services.write_text(f"[s]\npassword={SECRET}\n")
    for name, value in (("PGPASSWORD", SECRET), ("PGPASSFILE", str(kept)), ("PGSERVICE", "s"),
                        ("PGSERVICEFILE", str(services)), ("HOME", str(tmp_path)),
                        ("CARECIRCLE_DB_PASSWORD", SECRET), ("CARECIRCLE_DB_HOST", "db.gov.cn")):
        monkeypatch.setenv(name, value)
    said = asked(attacker.port)
    assert "数据库要求密码" in said
    assert f"127.0.0.1:{attacker.port}" in said
    assert SECRET.encode() not in attacker.heard
    assert os.environ["PGPASSWORD"] == SECRET  # other programs still find theirs


def test_a_password_bound_to_the_host_is_offered(
    attacker: Attacker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARECIRCLE_DB_PASSWORD", SECRET)
    monkeypatch.setenv("CARECIRCLE_DB_HOST", f"127.0.0.1:{attacker.port}")
    assert SECRET not in asked(attacker.port)
    assert SECRET.encode() in attacker.heard


@pytest.mark.parametrize(
    ("bound", "host", "port", "offered"),
    [
        ("db.gov.cn", "db.gov.cn", "", True), ("DB.gov.cn", "db.gov.cn", "6000", True),
        ("db.gov.cn:5432", "db.gov.cn", "", True), ("db.gov.cn:5432", "db.gov.cn", "6000", False),
        ("db.gov.cn", "evil.db.gov.cn", "", False), ("db.gov.cn", "db.gov.cn,evil", "", False),
        ("", "db.gov.cn", "", False), ("localhost", "", "", True),
    ],
)
def test_the_binding_is_exact(
    monkeypatch: pytest.MonkeyPatch, bound: str, host: str, port: str, offered: bool  # noqa: FBT001 - a column of a table
) -> None:
    monkeypatch.setenv("CARECIRCLE_DB_PASSWORD", SECRET)
    monkeypatch.setenv("CARECIRCLE_DB_HOST", bound)
    connection = {key: value for key, value in (("host", host), ("port", port)) if value}
    assert ("password" in with_password(connection)) is offered


def test_a_password_of_the_address_stands_above(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARECIRCLE_DB_PASSWORD", SECRET)
    monkeypatch.setenv("CARECIRCLE_DB_HOST", "db")
    assert with_password({"host": "db", "password": "own"})["password"] == "own"  # noqa: S105
    assert place_of({"host": "db"}) == "db:5432"


def test_the_variables_come_back_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "elsewhere")
    with pytest.raises(KeyError), without_variables():
        os.environ["PGHOST"]  # what is not there raises
    assert os.environ["PGHOST"] == "elsewhere"


def test_a_line_that_fails_is_told_in_chinese() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert asked(port).split("。")[0].endswith("连不上数据库（连接被拒绝）")
