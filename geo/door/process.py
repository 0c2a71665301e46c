"""The reading process seen from the one that asks: started, asked, waited for, ended."""

import contextlib
import json
import logging
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from geo.door.drivers import restricted
from geo.door.limits import MB, Limits

log = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parent.parent.parent
_START = (
    "import sys, json; sys.dont_write_bytecode = True; "
    "sys.path[:] = json.loads(sys.argv.pop(1)); "
    "from geo.door.attendant import main; main()"
)
# Loading the libraries may take this long on a slow disk.
_STARTING_S = 60
_LONGEST_ANSWER = 4 * MB


class ReadingProcess:
    """The reading process, from here: asked, waited for, and ended when it takes too long."""

    def __init__(self, limits: Limits, rooms: Path) -> None:
        import pyogrio  # noqa: PLC0415 - only for the names of its formats

        self._limits = limits
        self._first = True
        environment = restricted(dict(os.environ), pyogrio.list_drivers())
        paths = [str(_ROOT), *(each for each in sys.path if each)]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
            [sys.executable, "-I", "-c", _START, json.dumps(paths), json.dumps(asdict(limits)),
             str(rooms)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            cwd=rooms, env=environment, encoding="utf-8",
        )
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._listener = threading.Thread(
            target=_listen, args=(self._process.stdout, self._answers), daemon=True
        )
        self._listener.start()

    def alive(self) -> bool:
        """Tell whether the process still runs."""
        return self._process.poll() is None

    def ask(self, request: Mapping[str, object], path: Path) -> dict[str, Any]:
        """Return the answer to a request; the process is ended where none comes in time."""
        patience = self._limits.wall_s + (_STARTING_S if self._first else 0)
        self._first = False
        try:
            assert self._process.stdin is not None  # noqa: S101 - a pipe, as asked for above
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            line = self._answers.get(timeout=patience)
        except OSError:
            line = ""
        except queue.Empty:
            self.end()
            return {"late": True}
        try:
            answer = json.loads(line)
        except (ValueError, RecursionError):
            self.end()
            log.warning("%s: the reading process ended with %s", path.name,
                        self._process.returncode)
            return {"died": self._process.returncode}
        return answer if isinstance(answer, dict) else {"died": None}

    def end(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was still to be written is of no use
                    pipe.close()


def _listen(stream: IO[str] | None, answers: "queue.SimpleQueue[str]") -> None:
    while stream is not None:
        try:
            line = stream.readline(_LONGEST_ANSWER)
        except (OSError, ValueError):  # closed under the listener: the process was ended
            line = ""
        answers.put(line)
        if not line:
            return
