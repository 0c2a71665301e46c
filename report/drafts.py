"""Files written aside before they take their places, so that nothing half written is ever seen.

A draft is locked while somebody writes there: one that is not locked was left by a program that
was killed.
"""

import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from types import FrameType
from typing import IO, Final

from geo.errors import PlanningError
from geo.language import say

NEW: Final = "new"
OLD: Final = "old"
_PREFIX: Final = ".part-"
_LOCK: Final = "lock"


@contextmanager
def drafting(folder: Path) -> Iterator[Path]:
    """Give a hidden folder in `folder` with one for what is new and one for what was there before.

    Errors: OSError where it cannot be made.
    """
    aside = Path(mkdtemp(prefix=_PREFIX, dir=folder))
    try:
        with (aside / _LOCK).open("wb") as lock:
            _take(lock)
            (aside / NEW).mkdir()
            (aside / OLD).mkdir()
            yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def left_behind(folder: Path) -> list[Path]:
    """Return the drafts in a folder whose writers were killed."""
    return [lock.parent for lock in sorted(folder.glob(f"{_PREFIX}*/{_LOCK}")) if _is_free(lock)]


def refuse_second(folder: Path, aside: Path) -> None:
    """Refuse to write into a folder where another program has a draft beside ours.

    Of two that move in at once neither would know the files of the other.

    Errors: PlanningError.
    """
    drafts = {lock.parent for lock in folder.glob(f"{_PREFIX}*/{_LOCK}")}
    others = drafts - {aside, *left_behind(folder)}
    if others:
        raise PlanningError(
            say(
                "{folder} 正由另一次运行写入，没有动它。请等那一次做完再试，或换一个文件夹；"
                "如果并没有别的程序在写，请删除其中的 {draft} 文件夹。",
                folder=str(folder), draft=min(others).name,
            )
        )  # fmt: skip


def take_away_left_behind(folder: Path) -> None:
    """Take away the drafts whose writers were killed."""
    for aside in left_behind(folder):
        shutil.rmtree(aside, ignore_errors=True)


def _is_free(lock: Path) -> bool:
    try:
        with lock.open("r+b") as file:
            return _take(file)
    except OSError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _take(lock: IO[bytes]) -> bool:
        """Hold a file until it is closed; return whether nobody else does."""
        with suppress(OSError):
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
            return True
        return False

else:
    import fcntl

    def _take(lock: IO[bytes]) -> bool:
        """Hold a file until it is closed; return whether nobody else does."""
        with suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False


@contextmanager
def tidy_when_terminated() -> Iterator[None]:
    """Let a program that is told to stop leave its blocks, so that drafts are taken away."""

    def leave(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
