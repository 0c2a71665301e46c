"""Bring a collection and the attacks through the door and print what came of them as JSON.

`python -m bench.reliability.run COLLECTION` is what is watched by `bench.reliability.traced`.
"""

import json
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bench.reliability.attacks import SECRET, attacks, write_canary
from bench.reliability.corpus import outcomes
from geo.errors import PlanningError
from geo.ingest import Door


@dataclass(frozen=True)
class Attacked:
    """What came of the attacks.

    leaked, failed
        Names of the files whose secret came back, and of those nobody foresaw.
    asked
        Requests that reached the server of this computer.
    """

    count: int
    refused: int
    leaked: tuple[str, ...]
    failed: tuple[str, ...]
    asked: tuple[str, ...]


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """Run a server of this computer; yields its address and the list of what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_what: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def attacked() -> Attacked:
    """Bring every attack through the door."""
    count, refused = 0, 0
    leaked, failed = [], []
    with tempfile.TemporaryDirectory() as folder, listening() as (server, asked), Door() as door:
        elsewhere, brought = Path(folder) / "elsewhere", Path(folder) / "brought"
        elsewhere.mkdir()
        brought.mkdir()
        for attack in attacks(write_canary(elsewhere), server):
            count += 1
            file = brought / attack.name
            file.write_bytes(attack.content)
            try:
                if attack.layer == "network":
                    said = str(door.streets(file)[0])
                else:
                    said = door.layer(file, attack.layer).frame.to_csv()
            except PlanningError as refusal:
                said = str(refusal)
                refused += 1
            if SECRET in said:
                leaked.append(attack.name)
            if door.last_failure.startswith(("broken", "died")):
                failed.append(f"{attack.name} {door.last_failure}")
            file.unlink()
    return Attacked(count, refused, tuple(leaked), tuple(failed), tuple(asked))


def main() -> None:
    """Print the outcomes of a collection and of the attacks."""
    collection = [asdict(each) for each in outcomes(Path(sys.argv[1]))] if sys.argv[1:] else []
    print(json.dumps({"collection": collection, "attacks": asdict(attacked())}))  # noqa: T201


if __name__ == "__main__":
    main()
