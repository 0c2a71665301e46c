"""A small Overpass and Nominatim on loopback, for downloads without the internet."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

NODES = {
    1: (118.900, 42.270),
    2: (118.902, 42.270),
    3: (118.904, 42.270),
    4: (118.902, 42.272),
    5: (118.902, 42.268),
}
WAYS = (
    # A motor one-way street, walked both ways; drawn from east to west.
    (11, (3, 2, 1), {"highway": "residential", "name": "昭乌达路", "oneway": "yes"}),
    # A path walked one way only, as drawn: from node 4 to node 2.
    (12, (4, 2), {"highway": "footway", "oneway:foot": "yes"}),
    (13, (2, 5), {"highway": "service", "access": "private", "bridge": "yes", "layer": "1"}),
)


def elements() -> list[dict[str, Any]]:
    """Return the three streets as Overpass lists them."""
    nodes = [{"type": "node", "id": n, "lon": x, "lat": y} for n, (x, y) in NODES.items()]
    ways = [{"type": "way", "id": i, "nodes": [*refs], "tags": tags} for i, refs, tags in WAYS]
    return [*ways, *nodes]


def town() -> list[dict[str, Any]]:
    """Return one town, 0.004 degrees wide, as Nominatim describes it."""
    west, south, east, north = 118.900, 42.268, 118.904, 42.272
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return [
        {
            "lat": "42.270",
            "lon": "118.902",
            "importance": 0.5,
            "display_name": "红山区",
            "boundingbox": [str(side) for side in (south, north, west, east)],
            "geojson": {"type": "Polygon", "coordinates": [ring]},
        }
    ]


class OverpassStub(ThreadingHTTPServer):
    """Answers `/status`, `/search` and `/interpreter`, and remembers what was asked.

    answer, status
        What `/interpreter` gives.
    found
        What `/search` gives.
    silent_s
        How long every answer is held back.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.answer: bytes = json.dumps({"elements": elements()}).encode()
        self.status = 200
        self.found: list[dict[str, Any]] = town()
        self.silent_s = 0.0
        self.asked: list[str] = []

    def handle_error(self, *_: object) -> None:
        """Pass over callers that hang up early."""

    @property
    def url(self) -> str:
        """The address to give instead of the services on the internet."""
        return f"http://127.0.0.1:{self.server_port}"


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        stub = cast("OverpassStub", self.server)
        path = urlsplit(self.path)
        if path.path.endswith("/search"):
            stub.asked.append(parse_qs(path.query)["q"][0])
            self._give(200, json.dumps(stub.found).encode())
        else:
            time.sleep(stub.silent_s)
            self._give(200, b"OK")

    def do_POST(self) -> None:
        stub = cast("OverpassStub", self.server)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        stub.asked.append(parse_qs(body)["data"][0])
        self._give(stub.status, stub.answer)

    def _give(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def overpass_stub() -> Iterator[OverpassStub]:
    """Run the stub for the length of a block."""
    stub = OverpassStub()
    thread = threading.Thread(target=stub.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        stub.shutdown()
        stub.server_close()
        thread.join()
