"""A contender at work in its own process, held to a limit of time."""

import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import numpy as np
from numpy.typing import NDArray

from bench.contest import Task

ROOT = Path(__file__).resolve().parent.parent
LAST_WORDS = 300  # characters of what a failing contender said


class TooSlowError(Exception):
    """A contender did not answer within its limit."""


class GoneError(Exception):
    """A contender ended before it answered; the message is what it said last."""


class ContenderProcess:
    """One contender; leaving the block ends its process."""

    def __init__(self, module: str, name: str, task: Task) -> None:
        size = json.dumps(asdict(task.size))
        command = [sys.executable, "-m", "bench.worker", module, name, str(task.folder), size]
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed on leaving
        self._process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said,
            cwd=ROOT, text=True, encoding="utf-8",
        )  # fmt: skip
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def __enter__(self) -> Self:
        """Return the contender."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for pipe in (self._process.stdin, self._process.stdout, self._said):
            with suppress(OSError, AttributeError):  # what was still to be told to it is lost
                pipe.close()  # type: ignore[union-attr]

    def ready(self, *, within_s: float) -> dict[str, Any]:
        """Return what the contender tells when it has prepared."""
        return self._heard(within_s)

    def ask(self, word: str, *, within_s: float) -> dict[str, Any]:
        """Return the answer to a word.

        Errors: TooSlowError where it takes longer than `within_s`; GoneError where none comes.
        """
        assert self._process.stdin is not None  # noqa: S101 - opened above
        try:
            self._process.stdin.write(word + "\n")
            self._process.stdin.flush()
        except OSError:
            raise GoneError(self._last_words()) from None
        return self._heard(within_s)

    def answer(self, path: Path, *, within_s: float) -> Mapping[str, NDArray[Any]]:
        """Return the arrays of the last run."""
        self.ask(str(path), within_s=within_s)
        with np.load(path, allow_pickle=False) as saved:
            return dict(saved)

    def _heard(self, within_s: float) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=within_s)
        except queue.Empty:
            raise TooSlowError from None
        if line is None:
            raise GoneError(self._last_words())
        told: dict[str, Any] = json.loads(line)
        return told

    def _listen(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - opened above
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def _last_words(self) -> str:
        time.sleep(0.05)  # the last line may still be on its way
        self._said.seek(0)
        text = self._said.read().decode("utf-8", "replace").strip()
        return text.splitlines()[-1][:LAST_WORDS] if text else ""
