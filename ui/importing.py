"""Heavy libraries are imported by one thread at a time.

The server warms up while the first visitor's page already opens. Two threads that enter a ring of
modules at different ends see each other's half of it, and a library is broken for as long as the
server runs.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Final

_LOCK: Final = threading.RLock()


@contextmanager
def alone() -> Iterator[None]:
    """Let nobody else who asks here import meanwhile."""
    with _LOCK:
        yield


def view(name: str) -> ModuleType:
    """Return the module of a page."""
    with alone():
        return import_module(f"ui.views.{name}")
