"""The benchmark as a whole: one city, the rows asked for, and the file of results."""

import importlib
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from bench.contest import Contest
from bench.contests import MODULES
from bench.race import PEER_LIMIT_S, Tell, run_contest
from bench.result import Row
from bench.settled import SIZES
from bench.workspace import make_workspace
from geo.language import say

LIBRARIES: Final = (
    "carecircle", "numpy", "scipy", "numba", "pandas", "geopandas", "shapely", "pyproj", "osmium",
    "networkx", "osmnx", "pandana", "pyrosm", "spopt", "pulp",
)  # fmt: skip


@dataclass(frozen=True)
class Machine:
    """Where it was measured."""

    python: str
    system: str
    cpus: int
    libraries: Mapping[str, str]

    @classmethod
    def here(cls) -> "Machine":
        """Return this machine; libraries that are not installed are left out."""
        return cls(
            python=platform.python_version(),
            system=f"{platform.system()} {platform.machine()}",
            cpus=os.cpu_count() or 1,
            libraries={name: found for name in LIBRARIES if (found := _version(name))},
        )


def run_bench(
    *,
    size: str,
    only: Sequence[str] = (),
    tell: Tell,
    modules: Mapping[str, str] = MODULES,
    peer_limit_s: float = PEER_LIMIT_S,
) -> list[Row]:
    """Return the rows asked for, in the order of the table; all of them by default.

    modules
        Where each row is found.
    """
    chosen = [name for name in modules if not only or name in only]
    with _folder() as folder:
        tell(say("生成城市（规模 {size}）", size=size))
        task = make_workspace(folder, SIZES[size])
        return [
            run_contest(
                modules[name], _contest(modules[name]), task,
                size=size, tell=tell, peer_limit_s=peer_limit_s,
            )
            for name in chosen
        ]  # fmt: skip


def results(rows: Sequence[Row], *, size: str) -> dict[str, Any]:
    """Return what was measured and where, as plain values."""
    machine = Machine.here()
    return {
        "size": size,
        "city": vars(SIZES[size]),
        "python": machine.python,
        "system": machine.system,
        "cpus": machine.cpus,
        "libraries": dict(machine.libraries),
        "rows": [row.as_json() for row in rows],
    }


def write_json(values: Mapping[str, Any], path: Path) -> None:
    """Write plain values for people and programs to read."""
    text = json.dumps(values, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def _contest(module: str) -> Contest:
    contest: Contest = importlib.import_module(module).CONTEST
    return contest


@contextmanager
def _folder() -> Iterator[Path]:
    # On Windows a process that was just ended may still hold a file for a moment.
    with tempfile.TemporaryDirectory(
        prefix="carecircle-bench-", ignore_cleanup_errors=sys.platform == "win32"
    ) as name:
        yield Path(name)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
