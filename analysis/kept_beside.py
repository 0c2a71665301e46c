"""Files that the program keeps beside a study: NAME.places.toml and others, read and written.

Browser and terminal may write at once: who writes holds a lock from reading to writing, so that
neither loses what the other wrote.
"""

import datetime as dt
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from tempfile import mkstemp
from types import MappingProxyType
from typing import Any, Final
from uuid import uuid4

from analysis.toml_text import NotToml, read_toml_text, toml_string
from geo.errors import StudyError
from geo.language import Message, say
from geo.reasons import why

# How long a writer waits for another, and when a lock is what a program that died left behind:
# writing takes milliseconds.
_WAIT_S: Final = 3.0
_LEFT_BEHIND_S: Final = 60.0
_STEP_S: Final = 0.05
_NEW: Final = os.O_CREAT | os.O_EXCL | os.O_WRONLY

_CHECKS: Final[ContextVar[Mapping[Path, Callable[[], None]]]] = ContextVar(
    "checks before writing", default=MappingProxyType({})
)


def beside(study: Path, kind: str) -> Path:
    """Return where something of a study is kept: NAME.KIND.toml beside NAME.study.toml."""
    name = study.name.removesuffix(".toml").removesuffix(".study")
    return study.resolve().parent / f"{name}.{kind}.toml"


def read_beside(path: Path, what: Message) -> dict[str, Any]:
    """Return what a kept file says; nothing where there is none.

    what
        What it holds, as a planner calls it.

    Errors: StudyError with the reason.
    """
    try:
        return read_toml_text(path)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise StudyError(_unreadable(path, what, why(error))) from None
    except NotToml as fault:
        raise StudyError(_unreadable(path, what, fault.reason)) from None


def write_beside(path: Path, text: str) -> None:
    """Write a kept file, whole or not at all; without any text, take the file away.

    Errors: StudyError; the file is then as it was.
    """
    draft: Path | None = None
    try:
        if not text:
            path.unlink(missing_ok=True)
            return
        # A name of its own: nobody else writes into it, even without the lock.
        handle, name = mkstemp(prefix=f"{path.name}.", suffix=".part", dir=path.parent)
        draft = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())  # a name must not come to stand for what no disk holds yet
        draft.chmod(path.stat().st_mode if path.exists() else 0o644)
        draft.replace(path)
    except OSError as error:
        if draft is not None:
            draft.unlink(missing_ok=True)
        raise StudyError(_unwritable(path, error)) from None


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Hold the lock of a kept file, from before it is read until it is written.

    Errors: StudyError where another program holds it for seconds, or none can be made; what a check
    of `first_asking` raises.
    """
    lock, own = path.with_name(f"{path.name}.lock"), uuid4().hex
    end = time.monotonic() + _WAIT_S
    while not _made(lock, path, own):
        if _taken_away(lock):
            continue
        if time.monotonic() > end:
            raise StudyError(
                say(
                    "{file}：另一个程序正在写入，没有保存。请稍后再试；"
                    "若没有别的程序在用，请删去 {lock}。",
                    file=path.name, lock=lock.name,
                )
            )
        time.sleep(_STEP_S)
    try:
        check = _CHECKS.get().get(path)
        if check is not None:
            check()
        yield
    finally:
        with suppress(OSError):
            # Whoever wrote for so long that it was thought dead has lost the lock to another.
            if lock.read_text(encoding="utf-8") == own:
                lock.unlink()


@contextmanager
def first_asking(path: Path, check: Callable[[], None]) -> Iterator[None]:
    """Ask a check before the first writing of a file in this block, while its lock is held.

    So nobody can write between the check and the writing that rests on it.
    """
    def once() -> None:
        waiting.pop(path, None)  # what is written afterwards stands on our own writing
        check()

    waiting = {**_CHECKS.get(), path: once}
    token = _CHECKS.set(waiting)
    try:
        yield
    finally:
        _CHECKS.reset(token)


def toml_block(name: str, told: Mapping[str, Any]) -> str:
    """Return values as one `[[name]]` of a TOML file: texts, numbers, days, lists of texts."""
    lines = (f"{key} = {_value(value)}" for key, value in told.items())
    return "\n".join([f"[[{name}]]", *lines, ""])


def _value(value: Any) -> str:  # noqa: ANN401 - a text, a number, a day or a list
    if isinstance(value, str):
        return toml_string(value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _made(lock: Path, path: Path, own: str) -> bool:
    """Make a lock that says whose it is; return whether there was none."""
    try:
        handle = os.open(lock, _NEW)
    except FileExistsError:
        return False
    except OSError as error:
        # Windows denies a lock that is just being taken away.
        if isinstance(error, PermissionError) and lock.exists():
            return False
        raise StudyError(_unwritable(path, error)) from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(own)
    except OSError as error:
        with suppress(OSError):
            lock.unlink()
        raise StudyError(_unwritable(path, error)) from None
    return True


def _taken_away(lock: Path) -> bool:
    """Take a lock away that was left behind; return whether it is gone.

    One at a time, each looking anew: who looked before another took it away would take away the
    lock that has been made since.
    """
    if not _is_left_behind(lock):
        return False
    alone = lock.with_name(f"{lock.name}.old")
    try:
        os.close(os.open(alone, _NEW))
    except OSError:
        return False
    try:
        if not _is_left_behind(lock):
            return False
        lock.unlink()
    except OSError:
        return False
    finally:
        with suppress(OSError):
            alone.unlink()
    return True


def _is_left_behind(lock: Path) -> bool:
    """Return whether a lock is older than any writing takes, by the clock of the folder's disk.

    On a file server that clock may run minutes off our own: a file just made tells its time.
    """
    with suppress(OSError):
        made = lock.stat().st_mtime
        # Right by our own clock, or by one a little off: the folder need not be asked.
        if abs(time.time() - made) < _LEFT_BEHIND_S / 2:
            return False
        return _now_of(lock.parent) - made > _LEFT_BEHIND_S
    return False


def _now_of(folder: Path) -> float:
    """Return the time by the clock of a folder's disk. Errors: OSError."""
    handle, name = mkstemp(prefix=".time-", dir=folder)
    os.close(handle)
    try:
        return Path(name).stat().st_mtime
    finally:
        Path(name).unlink(missing_ok=True)


def _unreadable(path: Path, what: Message, reason: Message) -> Message:
    return say(
        "{file}：{what}无法读取（{reason}）。请改正或移走这个文件。",
        file=path.name, what=what, reason=reason,
    )


def _unwritable(path: Path, error: OSError) -> Message:
    return say("{file}：无法写入（{reason}）。", file=path.name, reason=why(error))
