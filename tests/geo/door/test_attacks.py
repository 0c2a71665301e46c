"""Files that attack: none reads another file, none asks a server, each gets one clear line."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bench.reliability.attacks import SECRET, Attack, attacks, write_canary
from geo.errors import PlanningError
from geo.ingest import Door

_ATTACKS = list(attacks(Path("/canary.geojson"), "http://127.0.0.1:1"))
# What only wants to become large may be an honest ledger all the same.
MAY_BE_READ = ("wide.csv", "quotes.csv", "digits.csv")


class _Server:
    """A server of this computer that remembers who asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append(self.path)
                self.send_error(404)

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()


@pytest.fixture(scope="module")
def server() -> Iterator[_Server]:
    found = _Server()
    yield found
    found.http.shutdown()
    found.http.server_close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, server: _Server) -> dict[int, Attack]:
    canary = write_canary(tmp_path_factory.mktemp("elsewhere"))
    address = f"http://127.0.0.1:{server.http.server_port}"
    return dict(enumerate(attacks(canary, address)))


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with Door() as opened:
        yield opened


@pytest.mark.parametrize(
    "number", range(len(_ATTACKS)), ids=[each.name for each in _ATTACKS]
)
def test_an_attack_is_refused_in_one_line_and_reaches_nothing(
    number: int, made: dict[int, Attack], door: Door, server: _Server, tmp_path: Path
) -> None:
    attack = made[number]
    file = tmp_path / attack.name
    file.write_bytes(attack.content)
    read, said = "", ""
    try:
        if attack.layer == "network":
            door.streets(file)
        else:
            read = door.layer(file, attack.layer).frame.to_csv()
    except PlanningError as refusal:
        said = str(refusal)
        assert attack.name in said
        assert all(len(line) < 500 for line in said.splitlines())
    else:
        assert attack.name in MAY_BE_READ
    assert SECRET not in read + said
    assert "意外结束" not in said
    assert server.asked == []
    # A pickle that was read would have written into the folder of the reading process.
    assert not list(Path(door._rooms.name).rglob(SECRET))  # noqa: SLF001


def test_the_canary_would_be_seen_if_it_were_read(tmp_path: Path, door: Door) -> None:
    read = door.layer(write_canary(tmp_path), "facilities").frame
    assert SECRET in read.to_csv()
