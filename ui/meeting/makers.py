"""Who makes documents for all sessions: one order at a time, the others wait for their turn."""

import shutil
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from geo.language import say
from report.apart import Apart, make_apart
from report.ordering import Order

KEPT_MAX: Final = 4
_CLOSING_S: Final = 6.0  # so long a process may take to end before its folder goes
Key = tuple[str, ...]


@dataclass
class Makers:
    """Documents made, being made or waiting: the same order is made once.

    made
        The oldest first; of those that ended at most so many folders are kept.
    make
        What begins one: to be followed in a thread.
    """

    make: Callable[[Order, Path], Apart] = make_apart
    made: "OrderedDict[Key, Apart]" = field(default_factory=OrderedDict)
    _askers: dict[Key, set[str]] = field(default_factory=dict)
    _waiting: list[Apart] = field(default_factory=list)
    _working: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def order(self, key: Key, order: Order, *, asker: str) -> Apart:
        """Return what is made of an order; it waits for its turn where there is none yet."""
        with self._lock:
            known = self.made.get(key)
            if known is not None and not (known.refused or known.gone):
                self._askers[key].add(asker)
                self.made.move_to_end(key)
                return known
            if known is not None:
                self._drop(key)
            apart = self.make(order, Path(mkdtemp(prefix="carecircle-")) / "out")
            self.made[key] = apart
            self._askers[key] = {asker}
            self._waiting.append(apart)
            self._make_room()
            if not self._working:
                self._working = True
                threading.Thread(target=self._work, daemon=True).start()
            return apart

    def ahead(self, apart: Apart) -> int:
        """Return how many orders are made before one begins; 0 once it has begun."""
        with self._lock:
            return self._waiting.index(apart) + 1 if apart in self._waiting else 0

    def give_up(self, key: Key, *, asker: str) -> None:
        """Stop what somebody ordered, unless others wait for the same."""
        with self._lock:
            apart = self.made.get(key)
            if apart is None or apart.ended:
                return
            self._askers[key].discard(asker)
            if self._askers[key]:
                return
            apart.refused = (str(say("已取消。")),)  # whoever orders it anew gets another
            self._end(apart)

    def forget_all(self) -> None:
        """Stop everything and take every folder away."""
        with self._lock:
            going = [apart for apart in self.made.values() if not apart.ended]
            for apart in reversed(going):  # so that none begins meanwhile
                self._end(apart)
        for apart in going:
            apart.wait(_CLOSING_S)  # its folder cannot go while it writes there
        with self._lock:
            for key in list(self.made):
                self._drop(key)

    def _work(self) -> None:
        """Make what waits, in turn, until nothing does."""
        while (apart := self._next()) is not None:
            apart.follow()
            with self._lock:
                if apart.refused or apart not in self.made.values():
                    _clear(apart)
                self._make_room()

    def _next(self) -> Apart | None:
        with self._lock:
            self._working = bool(self._waiting)
            return self._waiting.pop(0) if self._waiting else None

    def _end(self, apart: Apart) -> None:
        apart.stop()
        if apart in self._waiting:
            self._waiting.remove(apart)
            apart.follow()  # ends at once: it never begins
            _clear(apart)

    def _make_room(self) -> None:
        """Forget the oldest of those that ended."""
        ended = [key for key, apart in self.made.items() if apart.ended]
        for key in ended[: max(0, len(ended) - KEPT_MAX)]:
            self._drop(key)

    def _drop(self, key: Key) -> None:
        apart = self.made.pop(key)
        del self._askers[key]
        if apart.ended:  # else whoever follows it clears up after it
            _clear(apart)


def _clear(apart: Apart) -> None:
    shutil.rmtree(apart.folder.parent, ignore_errors=True)
