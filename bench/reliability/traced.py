"""What the system saw the reading process do: which files it opened, which addresses it asked.

A second way, independent of everything in the door: Linux's `strace`, where it is installed.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_OPENED = re.compile(r'^(?P<pid>\d+) open(?:at)?\([^"]*"(?P<path>[^"]+)"[^=]*= (?P<got>-?\d+)')
_ASKED = re.compile(r"^(?P<pid>\d+) connect\(\d+, \{sa_family=AF_INET6?, (?P<whom>[^}]+)\}")
# What belongs to the system and to Python; everything else is somebody's file.
_SYSTEM = (
    "/usr/", "/lib", "/bin/", "/etc/ld.so", "/etc/localtime", "/etc/ssl/", "/proc/", "/sys/",
    "/dev/",
)


@dataclass(frozen=True)
class Traced:
    """What was opened outside the input, and who was asked, by the reading process alone."""

    opened: tuple[str, ...]
    asked: tuple[str, ...]


def can_trace() -> bool:
    """Tell whether the system lets its calls be watched."""
    strace = shutil.which("strace")
    if strace is None:
        return False
    tried = subprocess.run([strace, "-o", "/dev/null", "true"], check=False, capture_output=True)  # noqa: S603
    return tried.returncode == 0


def traced(module: str, arguments: Sequence[str], inputs: Sequence[Path]) -> Traced:
    """Run a module of this project under strace and return what its reading processes did.

    inputs
        Folders the reading may open besides the system's and Python's own.
    """
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "calls"
        subprocess.run(  # noqa: S603 - our own module
            ["strace", "-f", "-s", "400", "-e", "trace=open,openat,connect,execve", "-o", str(log),  # noqa: S607
             sys.executable, "-m", module, *arguments],
            check=True, cwd=ROOT, capture_output=True,
        )
        lines = log.read_text("utf-8", errors="replace").splitlines()
    return _judged(lines, inputs)


def _libraries() -> set[str]:
    """Return the folders Python's libraries stand in, links followed."""
    folders = {Path(each) for each in sys.path if each}
    packages = {each for folder in folders if folder.is_dir() for each in folder.iterdir()}
    return {str(each.resolve()) for each in folders | packages} | {str(each) for each in folders}


def _judged(lines: Sequence[str], inputs: Sequence[Path]) -> Traced:
    # The reading processes are those that were started with the door's own words.
    readers = {line.split()[0] for line in lines if "execve(" in line and "attendant" in line}
    allowed = (
        *_SYSTEM, str(ROOT), sys.prefix, sys.base_prefix, *(str(each) for each in inputs),
        *_libraries(), f"{tempfile.gettempdir()}/carecircle-",
    )
    opened, asked = set(), set()
    for line in lines:
        if line.split(maxsplit=1)[0] not in readers:
            continue
        if (found := _OPENED.match(line)) and int(found["got"]) >= 0:
            path = found["path"]
            if path.startswith("/") and not path.startswith(allowed):
                opened.add(path)
        if found := _ASKED.match(line):
            asked.add(found["whom"])
    return Traced(tuple(sorted(opened)), tuple(sorted(asked)))
