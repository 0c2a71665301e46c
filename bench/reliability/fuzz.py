"""The door under random damage: how often files end how, and whether anything is not foreseen."""

import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bench.reliability.damage import damaged
from geo.door.limits import Limits
from geo.errors import PlanningError
from geo.findings import errors_in
from geo.ingest import Door

LAYERS = ("facilities", "residential", "population", "boundaries", "candidates", "network")
# A seed larger than this is damaged too slowly to be worth it.
_LARGEST_SEED = 200_000
_LIMITS = Limits(wall_s=30, cpu_s=20)


@dataclass
class Fuzzed:
    """What came of it.

    ended
        read, read with errors, refused, broken (an exception nobody foresaw), died, too long.
    broken
        The damaged files that were not foreseen, with what happened.
    """

    executions: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[str, str, bytes]] = field(default_factory=list)
    slowest_s: float = 0.0
    seconds: float = 0.0


def seeds(folders: Iterable[Path]) -> list[Path]:
    """Return the files that are damaged: all small ones of some folders."""
    return sorted(
        file for folder in folders for file in folder.rglob("*")
        if file.is_file() and file.stat().st_size <= _LARGEST_SEED
        and file.suffix not in {".toml", ".md", ".py"} and file.name != "manifest.csv"
    )


def fuzz(
    files: list[Path], *, executions: int, seed: int,
    tell: Callable[[int], None] = lambda _done: None,
) -> Fuzzed:
    """Return what came of so many damaged files, each brought as a layer chosen at random."""
    chance = random.Random(seed)  # noqa: S311 - no secret depends on it
    found, began = Fuzzed(), time.perf_counter()
    contents = {file: file.read_bytes() for file in files}
    with tempfile.TemporaryDirectory() as folder, Door(_LIMITS) as door:
        for done in range(executions):
            file = chance.choice(files)
            content = damaged(contents[file], file.name, chance)
            brought = Path(folder) / f"a{''.join(file.suffixes[-2:])}"
            brought.write_bytes(content)
            _bring(door, brought, _layer_for(file, chance), found)
            tell(done + 1)
    found.executions, found.seconds = executions, time.perf_counter() - began
    return found


def _layer_for(file: Path, chance: random.Random) -> str:
    """Return as what a file is brought: mostly what it is, now and then anything."""
    if chance.random() < 0.1:  # noqa: PLR2004 - one in ten
        return chance.choice(LAYERS)
    named = [layer for layer in LAYERS if layer in file.name]
    if named or file.suffix in {".osm", ".graphml", ".pbf"} or file.name.startswith("net"):
        return (*named, "network")[0]
    return chance.choice(("facilities", "residential"))


def _bring(door: Door, file: Path, layer: str, found: Fuzzed) -> None:
    began = time.perf_counter()
    try:
        if layer == "network":
            findings = door.streets(file)[1]
        else:
            findings = list(door.layer(file, layer).findings)
        ended = "read with errors" if errors_in(findings) else "read"
        "\n".join(str(finding.line()) for finding in findings)
    except PlanningError as refusal:
        ended = _kind_of(door, str(refusal))
        if ended in {"broken", "died", "too long"}:
            found.broken.append((f"{layer} {file.name}", door.last_failure, file.read_bytes()))
    found.ended[ended] += 1
    found.slowest_s = max(found.slowest_s, time.perf_counter() - began)


def _kind_of(door: Door, said: str) -> str:
    if door.last_failure.startswith("broken"):
        return "broken"
    if door.last_failure:
        return "too long" if "超过" in said else "died"
    return "refused"
